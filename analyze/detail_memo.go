package analyze

import (
	"bytes"
	"hash/maphash"
	"math/bits"

	"github.com/axiomhq/hyperloglog"

	"mgslog/analyze/change"
	"mgslog/parser"
)

// Most records name what records before them named. Where a record is counted
// under one of its names is looked up once and remembered: under operationType
// and appId by Record.Group, under others by the name. Only the Slice that a
// failure has with all of its names is looked up each time; few of these come
// again.

// nameSlots and traceSlots are how many names of a dimension are remembered, and
// how many hosts of trace ids.
const (
	nameSlots  = 1 << 10
	traceSlots = 1 << 8
)

// sliceMemo is what a detail remembers. With another version, the rest means
// nothing.
type sliceMemo struct {
	version uint32
	epoch   uint64 // Group/GroupLimit of the records that groups are of
	seed    maphash.Seed
	all     *sliceCount             // of all calls
	groups  []groupSlices           // by Group%GroupLimit; nil before the first record with a Group
	names   [dimensions][]nameSlice // by a hash; each nil before the first record without a Group that has such a name
	hosts   []hostSlices            // by a hash; nil before the first record with a trace id
	text    []byte                  // a host's address, written out
}

// slicePair is where a record is counted under one of its names; all nil if it
// does not have it.
type slicePair struct {
	calls    *sliceCount // whatever their code
	failures *sliceCount // of the record's code; nil if that means none
}

func (p slicePair) add(hour int) {
	if p.calls != nil {
		p.calls.hours[hour]++
	}
	if p.failures != nil {
		p.failures.hours[hour]++
	}
}

// groupSlices is what is remembered of a parser.Record.Group.
type groupSlices struct {
	version        uint32
	operation, app slicePair
}

// nameSlice is what is remembered of a name that came with a code.
type nameSlice struct {
	version uint32
	code    *codeCount
	name    string
	slicePair
}

// hostSlices is what is remembered of a host that made trace ids of records of a
// code.
type hostSlices struct {
	version uint32
	host    uint32 // as parser.SplitTraceID gives it
	code    *codeCount
	slicePair
}

// forget remembers nothing of what was counted.
func (d *detail) forget() { d.memo.version++ }

// addSlices counts a record, in the hour at hand, in the Slices that it belongs
// to.
func (d *detail) addSlices(r *parser.Record, c *codeCount, host uint32, traced bool) {
	m := &d.memo
	if m.all == nil {
		m.all = d.slice(change.Slice{})
		m.seed = maphash.MakeSeed()
		m.version++ // what is zero is of no version
	}
	hour := d.hour.hour
	m.all.hours[hour]++
	// Each is counted before the next is looked up, which may be to take out
	// what is remembered.
	operation, app := d.groupOf(r, c)
	operation.add(hour)
	app.add(hour)
	version := d.named(ofVersion, r.ClientVersion, c)
	version.add(hour)
	var at slicePair
	if len(r.Host) == 0 && traced {
		at = d.tracedTo(host, c)
	} else {
		at = d.named(ofHost, r.Host, c)
	}
	at.add(hour)
	if !c.harmful {
		return
	}
	code := d.codeSlice(c)
	code.hours[hour]++
	if operation.calls != nil && app.calls != nil && version.calls != nil && at.calls != nil {
		d.slice(change.Slice{
			Code: code.key.Code, Operation: operation.calls.key.Operation, App: app.calls.key.App,
			Version: version.calls.key.Version, Host: at.calls.key.Host,
		}).hours[hour]++
	}
}

// pair looks up where records of a code with one name are counted.
func (d *detail) pair(key change.Slice, c *codeCount) slicePair {
	p := slicePair{calls: d.slice(key)}
	if c.harmful {
		key = p.calls.key // its texts are those that are held already
		key.Code = d.codeSlice(c).key.Code
		p.failures = d.slice(key)
	}
	return p
}

// codeSlice returns the count of the failures of a code.
func (d *detail) codeSlice(c *codeCount) *sliceCount {
	if c.slice == nil || c.sliceOf != d.memo.version {
		c.slice = d.slice(change.Slice{Code: c.key.String()})
		c.sliceOf = d.memo.version
	}
	return c.slice
}

// groupOf returns where a record is counted under its operationType and its
// appId.
func (d *detail) groupOf(r *parser.Record, c *codeCount) (operation, app slicePair) {
	if r.Group == 0 {
		operation = d.named(ofOperation, r.OperationType, c)
		return operation, d.named(ofApp, r.AppID, c)
	}
	m := &d.memo
	if epoch := r.Group / parser.GroupLimit; epoch != m.epoch {
		d.forget()
		m.epoch = epoch
	}
	if m.groups == nil {
		m.groups = make([]groupSlices, parser.GroupLimit)
	}
	g := &m.groups[r.Group%parser.GroupLimit]
	if g.version != m.version {
		g.operation, g.app = slicePair{}, slicePair{}
		if len(r.OperationType) > 0 {
			g.operation = d.pair(change.Slice{Operation: string(cut(r.OperationType))}, c)
		}
		if len(r.AppID) > 0 {
			g.app = d.pair(change.Slice{App: string(cut(r.AppID))}, c)
		}
		g.version = m.version
	}
	return g.operation, g.app
}

// named returns where a record of a code is counted under its name in one
// dimension.
func (d *detail) named(dimension int, name []byte, c *codeCount) slicePair {
	if len(name) == 0 {
		return slicePair{}
	}
	m := &d.memo
	name = cut(name)
	slots := &m.names[bits.TrailingZeros(uint(dimension))]
	if *slots == nil {
		*slots = make([]nameSlice, nameSlots)
	}
	s := &(*slots)[(maphash.Bytes(m.seed, name)^uint64(c.key.Code))%nameSlots]
	if s.version != m.version || s.code != c || s.name != string(name) {
		var key change.Slice
		field := fields(&key)[bits.TrailingZeros(uint(dimension))]
		*field = string(name)
		pair := d.pair(key, c)
		*s = nameSlice{m.version, c, *fields(&pair.calls.key)[bits.TrailingZeros(uint(dimension))], pair}
	}
	return s.slicePair
}

// tracedTo returns where a record of a code is counted under the host that made
// its trace id.
func (d *detail) tracedTo(host uint32, c *codeCount) slicePair {
	m := &d.memo
	if m.hosts == nil {
		m.hosts = make([]hostSlices, traceSlots)
	}
	s := &m.hosts[(host^uint32(c.key.Code)*0x9e3779b1)*0x85ebca6b>>24]
	if s.version != m.version || s.code != c || s.host != host {
		m.text = parser.TraceHost(host).AppendTo(m.text[:0])
		pair := d.pair(change.Slice{Host: string(m.text)}, c)
		*s = hostSlices{m.version, host, c, pair}
	}
	return s.slicePair
}

// distinct estimates how many distinct values records have, and records that
// failed. A sketch is slow for the first some thousand values and fast beyond,
// and most values come again and again: which of those first ones it has is
// remembered.
type distinct struct {
	all, affected *hyperloglog.Sketch

	seed maphash.Seed
	// known holds hashes of the values in the sketches, at most half full: with
	// the lowest bit set, the value is in both. Nil once there are too many.
	known []uint64
	n     int
}

// With maxDistinct values, each of three bytes, a sketch takes more room than
// its 2^14 registers do, and becomes these.
const maxDistinct = 6000

func newDistinct() distinct {
	return distinct{all: hyperloglog.New14(), affected: hyperloglog.New14(), seed: maphash.MakeSeed(), known: make([]uint64, 64)}
}

// add counts a value, unless it is empty.
func (x *distinct) add(value []byte, failed bool) {
	if len(value) == 0 {
		return
	}
	known, affected := x.mark(value, failed)
	if !known {
		x.all.Insert(value)
	}
	if failed && !affected {
		x.affected.Insert(value)
	}
}

// mark reports what is known of a value, and remembers it.
func (x *distinct) mark(value []byte, failed bool) (known, affected bool) {
	if x.known == nil {
		return false, false
	}
	hash := maphash.Bytes(x.seed, value)&^1 | 2 // 0 is a free place
	at := place(x.known, hash)
	old := x.known[at]
	if failed {
		x.known[at] |= hash | 1
	} else {
		x.known[at] |= hash
	}
	if old == 0 {
		if x.n++; 2*x.n > len(x.known) {
			x.grow()
		}
	}
	return old != 0, old&1 != 0
}

// place returns where a hash stands, or is to stand.
func place(known []uint64, hash uint64) uint64 {
	mask := uint64(len(known) - 1)
	i := hash >> 8 & mask
	for known[i] != 0 && known[i]&^1 != hash {
		i = (i + 1) & mask
	}
	return i
}

// grow makes room for more values, or gives up remembering them.
func (x *distinct) grow() {
	if x.n > maxDistinct {
		x.known = nil
		return
	}
	old := x.known
	x.known = make([]uint64, 2*len(old))
	for _, hash := range old {
		if hash != 0 {
			x.known[place(x.known, hash&^1)] = hash
		}
	}
}

// printSlots is how many chains of exceptions are remembered, and maxChain how
// long the text of one may be.
const (
	printSlots = 256
	maxChain   = 2048
)

// printMemo remembers the fingerprints of chains of exceptions, by a hash of
// their text.
type printMemo struct {
	seed  maphash.Seed
	slots []knownPrint // nil before the first
	text  []byte
}

type knownPrint struct{ chain, print []byte }

// addFingerprint counts the exceptions of a record, of which root is the cause.
func (d *detail) addFingerprint(r *parser.Record, root *parser.Exception) {
	m := &d.prints
	if m.slots == nil {
		m.slots, m.seed = make([]knownPrint, printSlots), maphash.MakeSeed()
	}
	m.text = appendChain(m.text[:0], r, root)
	s := &m.slots[maphash.Bytes(m.seed, m.text)%printSlots]
	known := *s
	if !bytes.Equal(known.chain, m.text) || known.print == nil {
		known = knownPrint{print: []byte(fingerprintOf(m.text))}
		if len(m.text) <= maxChain {
			known.chain = bytes.Clone(m.text)
			*s = known
		}
	}
	x := d.fingerprints.at(known.print)
	if x.tally.add(0, 1); x.tally.records == 1 {
		d.labels[x.key] = labelOf(root)
		if len(d.labels) > 2*maxFingerprints {
			d.forgetLabels()
		}
	}
}
