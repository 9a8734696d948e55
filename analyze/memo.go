package analyze

import (
	"hash/maphash"
	"math"
	"slices"

	"mgslog/parser"
)

// Most records of a digest are like one before: of the same code,
// operationType, appId and workspaceId, which parser.Record.Group tells, and of
// the same code and host. What is counted of such a record is looked up once and
// remembered, so that a record is added to a number at hand instead of eight
// counters of keys. The numbers are brought to the counters before anyone reads
// these or takes cells out of them, see Aggregator.forget; those of a section to
// the counters of the whole.

// memo is what an Aggregator remembers of the records of the input at hand.
type memo struct {
	version uint32  // changes when all is forgotten
	groups  []group // by Group%GroupLimit, as far as there have been any
	epoch   uint64  // Group/GroupLimit of the records that groups are of
	single  group   // of a record without a Group
	keys    [keySlots]keyMemo
	seed    maphash.Seed
	hosts   [hostSlots]hostMemo
	text    []byte // a host's address, written out

	pendingGroups []pendingGroup
	pendingHosts  []pendingHost
}

// pendingGroup is a group with records that are yet to be counted by
// operationType, appId and workspaceId.
type pendingGroup struct {
	group                     *group
	operation, app, workspace []byte
}

// settle counts the records in a, and none of them any longer in the group.
func (p *pendingGroup) settle(a *Aggregator) {
	c, n := a.code(p.group.code.key), p.group.n
	p.group.n = 0
	if c == nil {
		return // there are too many codes, and the records are in excess
	}
	a.addKeys(c, n, p.operation, p.app, p.workspace)
}

// addKeys counts n records of a code by operationType, appId and workspaceId. It
// returns the cells, which may have been taken out of their counters since.
func (a *Aggregator) addKeys(c *codeCount, n int64, operation, app, workspace []byte) (cells [6]*cell) {
	for i, by := range [...]struct {
		all, code *Counter
		key       []byte
	}{
		{a.operations, c.operations, operation},
		{a.apps, c.apps, app},
		{a.workspaces, c.workspaces, workspace},
	} {
		x := by.all.at(by.key)
		x.tally.add(c.failure*n, n)
		y := by.code.of(x.key)
		y.tally.add(c.failure*n, n)
		cells[2*i], cells[2*i+1] = x, y
	}
	return cells
}

// pendingHost is a number of records of a host that are yet to be added to
// cells.
type pendingHost struct {
	n       *int64
	failure int64    // 1 if they are failures
	cells   [2]*cell // of all records and of the code's
}

// settle brings the records to their cells.
func (p *pendingHost) settle() {
	for _, x := range p.cells {
		x.tally.add(p.failure**p.n, *p.n)
	}
	*p.n = 0
}

// forget brings all records to their counters and remembers nothing of them.
func (a *Aggregator) forget() { a.hand(a) }

// hand brings all records to their counters, those by Group to the counters of
// to, and remembers nothing of them.
func (a *Aggregator) hand(to *Aggregator) {
	for i := range a.memo.pendingHosts {
		a.memo.pendingHosts[i].settle()
	}
	a.memo.pendingHosts = a.memo.pendingHosts[:0]
	a.memo.version++
	// Counting them may be to forget, once more: they are taken out before.
	groups := a.memo.pendingGroups
	a.memo.pendingGroups = nil
	for i := range groups { // before any key is taken out of its counter
		groups[i].group.addTimes()
	}
	for i := range groups {
		groups[i].settle(to)
	}
	clear(groups) // they hold on to texts
	a.memo.pendingGroups = groups[:0]
}

// group is what is remembered of a parser.Record.Group. Many are in use by turns,
// so it is as large as what a processor fetches at a time, 64 bytes.
type group struct {
	version  uint32     // of the memo; with another one, the rest means nothing
	chosen   bool       // its records pass the filter, times and stress tests aside
	resolved bool       // code is set
	timed    bool       // times is set
	brief    bool       // Briefs tell all that is counted of its next records
	n        int64      // records that are yet to be added to cells
	code     *codeCount // nil if there are too many codes
	times    *durations // of the operationType; nil if it has none
	// Times of records that are yet to be added to those of the code and of the
	// operationType. That is to wait for memory, for several no longer than for one.
	pending [7]shortTimes
	held    uint32 // how many of them there are
}

// shortTimes are the total and the back-end time of a record in milliseconds.
type shortTimes struct{ latency, backend uint16 }

// noShort stands for a back-end time that is not known. Times from here on are
// not short.
const noShort = math.MaxUint16

// measure adds the times of a record of which both are those of code and
// operationType.
func (g *group) measure(latency, backend int64) {
	if latency >= noShort || backend >= noShort {
		addTimes(&g.code.times, g.times, latency, backend)
		return
	}
	if g.held == uint32(len(g.pending)) {
		g.addTimes()
	}
	g.pending[g.held] = shortTimes{uint16(latency), uint16(backend)} // of -1, noShort
	g.held++
}

// addTimes adds the pending times to those of code and operationType.
func (g *group) addTimes() {
	for _, t := range g.pending[:g.held] {
		backend := int64(t.backend)
		if t.backend == noShort {
			backend = -1
		}
		addTimes(&g.code.times, g.times, int64(t.latency), backend)
	}
	g.held = 0
}

// group returns what is remembered of the record's Group.
func (a *Aggregator) group(r *parser.Record) *group {
	g := &a.memo.single
	if r.Group != 0 {
		if epoch := r.Group / parser.GroupLimit; epoch != a.memo.epoch {
			a.forget()
			a.memo.epoch = epoch
		}
		i := int(r.Group % parser.GroupLimit)
		if a.memo.groups == nil {
			a.memo.groups = make([]group, 0, parser.GroupLimit)
		}
		// They come one after the other. So memory is written before it is read: the
		// other way, the kernel maps a page twice, and stops the other cores for it.
		for i >= len(a.memo.groups) {
			a.memo.groups = append(a.memo.groups, group{})
		}
		if g = &a.memo.groups[i]; g.version == a.memo.version {
			return g
		}
	}
	*g = group{version: a.memo.version, chosen: a.cfg.Filter.chosen(r)}
	return g
}

// resolve looks up the code of the group's records, and has them counted by what
// else they have in common.
func (a *Aggregator) resolve(g *group, r *parser.Record) {
	g.code, g.resolved = a.code(parser.Key{Platform: r.Platform, Code: r.Code}), true
	if g.code != nil && r.Group != 0 {
		if n := len(a.memo.pendingGroups); n == cap(a.memo.pendingGroups) {
			a.memo.pendingGroups = slices.Grow(a.memo.pendingGroups, n+1) // by quarters, it would leave more behind
		}
		a.memo.pendingGroups = append(a.memo.pendingGroups, pendingGroup{g, r.OperationType, r.AppID, r.WorkspaceID})
	}
}

// keySlots is how many combinations of a code, an operationType, an appId and a
// workspaceId are remembered of records without a Group.
const keySlots = 1024

// keyMemo is what is remembered of such a combination: the cells of its keys,
// which also tell the keys.
type keyMemo struct {
	version uint32 // of the memo; with another one, the rest means nothing
	code    *codeCount
	cells   [6]*cell // as addKeys returns them
}

// addSingle counts a record without a Group by operationType, appId and
// workspaceId.
func (a *Aggregator) addSingle(c *codeCount, r *parser.Record) {
	hash := maphash.Bytes(a.memo.seed, r.OperationType) ^ uint64(c.key.Code)
	m := &a.memo.keys[hash%keySlots]
	if m.version == a.memo.version && m.code == c && string(r.OperationType) == m.cells[0].key &&
		string(r.AppID) == m.cells[2].key && string(r.WorkspaceID) == m.cells[4].key {
		for _, x := range m.cells {
			x.tally.add(c.failure, 1)
		}
		return
	}
	version := a.memo.version
	cells := a.addKeys(c, 1, r.OperationType, r.AppID, r.WorkspaceID)
	if version == a.memo.version { // else some of them may be gone
		*m = keyMemo{version, c, cells}
	}
}

// measure adds the record's durations to its code's and its operationType's.
func (a *Aggregator) measure(g *group, r *parser.Record) {
	if r.LatencyMS < 0 {
		g.code.times.add(-1, r.BackendMS)
		return
	}
	if !g.timed {
		g.timed, g.times = true, a.timesOf(r.OperationType)
	}
	// Not g.measure: timesOf may have been to forget, and then nobody looks any more
	// for what waits in g.
	addTimes(&g.code.times, g.times, r.LatencyMS, r.BackendMS)
}

// timesOf returns the times of an operationType, nil if it has none.
func (a *Aggregator) timesOf(operation []byte) *durations {
	if a.measured != nil && !a.measured.measures(operation) {
		return nil
	}
	return a.operations.timesOf(a.operations.at(operation))
}

// hostSlots is how many pairs of a code and a host are remembered.
const hostSlots = 256

// hostMemo is what is remembered of the records of a code whose trace id was
// made by a host.
type hostMemo struct {
	version uint32     // of the memo; with another one, the rest means nothing
	host    uint32     // as parser.SplitTraceID gives it
	code    *codeCount // of the records
	n       int64      // records that are yet to be added to cells
	pending int        // index of their memo.pendingHosts
}

// addHost counts the record's host: what a prefix of its line says, else the
// host that made its trace id, which is the gateway host that took the call;
// none if there is no id of the known layout.
func (a *Aggregator) addHost(c *codeCount, named []byte, host uint32, traced bool) {
	if len(named) > 0 || !traced {
		a.hosts.add(named, c.failure)
		c.hosts.add(named, c.failure)
		return
	}
	m := &a.memo.hosts[(host^uint32(c.key.Code)*0x9e3779b1)*0x85ebca6b>>24]
	if m.version != a.memo.version || m.code != c || m.host != host {
		a.resolveHost(m, c, host)
	}
	m.n++
}

// resolveHost makes m remember a host of the records of a code.
func (a *Aggregator) resolveHost(m *hostMemo, c *codeCount, host uint32) {
	a.memo.text = parser.TraceHost(host).AppendTo(a.memo.text[:0])
	p := pendingHost{&m.n, c.failure, [2]*cell{a.hosts.at(a.memo.text), c.hosts.at(a.memo.text)}}
	if m.version == a.memo.version { // it makes room for this one
		a.memo.pendingHosts[m.pending].settle()
		a.memo.pendingHosts[m.pending] = p
	} else {
		m.pending = len(a.memo.pendingHosts)
		a.memo.pendingHosts = append(a.memo.pendingHosts, p)
	}
	m.version, m.code, m.host = a.memo.version, c, host
}
