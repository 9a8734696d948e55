package analyze

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"maps"
	"math/bits"
	"slices"
	"time"

	"github.com/axiomhq/hyperloglog"

	"mgslog/analyze/catalog"
	"mgslog/analyze/change"
	"mgslog/parser"
)

// Bounds of what a Detail counts. Beyond them the lightest are left out, which
// Span.Folded and Seen.Cut tell.
const (
	// maxSlices is how many Slices of one kind are counted: such as name the
	// same dimensions.
	maxSlices = 8_000
	// maxNames is how many names of a kind Seen holds.
	maxNames = 2_000
	// maxFingerprints is how many fingerprints of exceptions are counted.
	maxFingerprints = 2_000
	// maxClockSteps is how many are kept.
	maxClockSteps = 20
	// sliceSlots is how many combinations are remembered, see detail.slots.
	sliceSlots = 1 << 13
)

// detail counts what only a summary of a day needs, beside an Aggregator.
type detail struct {
	loc *time.Location

	users, devices, affectedUsers, affectedDevices *hyperloglog.Sketch

	// The hour at hand, [from, to), with its place in the day.
	from, to int64
	hour     int
	days     map[string]uint32

	// Most records are like one before: of the same code, operationType, app,
	// version and host, in the same hour. They are counted in a slot, whose
	// number is brought to all Slices that it belongs to when the slot is needed
	// for another combination.
	slots  []sliceSlot // sliceSlots of them, nil before the first record
	seed   maphash.Seed
	slices map[change.Slice]*change.Hours
	kinds  [1 << dimensions]kindCount

	fingerprints *Counter
	labels       map[string]string

	clock clock
	steps []ClockStep
}

// sliceSlot is a number of records of one combination.
type sliceSlot struct {
	code                  parser.Key
	failed                bool
	hour                  int
	operation, app, versn string
	host                  string
	n                     int64
}

// The dimensions of a Slice, as bits of its kind.
const (
	ofCode = 1 << iota
	ofOperation
	ofApp
	ofVersion
	ofHost
	dimensions = iota
	ofAll      = 1<<dimensions - 1
)

// kindCount is how many Slices of a kind there are, and what was left out.
type kindCount struct {
	n      int
	folded bool
	missed int64
}

func newDetail(loc *time.Location) *detail {
	return &detail{
		loc: loc, users: hyperloglog.New14(), devices: hyperloglog.New14(),
		affectedUsers: hyperloglog.New14(), affectedDevices: hyperloglog.New14(),
		days: map[string]uint32{}, seed: maphash.MakeSeed(), slices: map[change.Slice]*change.Hours{},
		fingerprints: newCounter(maxFingerprints, &budget{maxFingerprints + 1, func() {}}), labels: map[string]string{},
	}
}

// sketches returns all sketches in a fixed order.
func (d *detail) sketches() [4]*hyperloglog.Sketch {
	return [...]*hyperloglog.Sketch{d.users, d.devices, d.affectedUsers, d.affectedDevices}
}

// fields returns the fields of a Slice in the order of the bits of its kind.
func fields(s *change.Slice) [dimensions]*string {
	return [...]*string{&s.Code, &s.Operation, &s.App, &s.Version, &s.Host}
}

// kindOf returns which fields of a Slice are set.
func kindOf(s *change.Slice) (kind int) {
	for i, field := range fields(s) {
		if *field != "" {
			kind |= 1 << i
		}
	}
	return kind
}

// isKind reports whether Slices of a kind are counted: those with nothing set,
// with one field, with the code and one other, with all.
func isKind(kind int) bool {
	return kind == ofAll || bits.OnesCount(uint(kind&^ofCode)) <= 1
}

// look looks at a record of an input, with a code or without: at its time and at
// its exceptions. Its trace id was made at made on host, if it is traced.
func (d *detail) look(in *Input, r *parser.Record, host uint32, made int64, traced bool) {
	if len(r.Host)+len(r.File) == 0 && !r.NoTime { // else neighbours need not be of one log
		if step, found := d.clock.add(r.Line, r.Time, made, traced); found {
			d.step(in, step)
			if n := len(d.steps) - 1; traced && d.steps[n].Line == step.line {
				d.steps[n].Host = parser.TraceHost(host).String()
			}
		}
	}
	print, label := Fingerprint(r)
	if print == "" {
		return
	}
	x := d.fingerprints.at([]byte(print))
	if x.tally.add(0, 1); x.tally.records == 1 {
		d.labels[print] = label
		if len(d.labels) > 2*maxFingerprints {
			d.forgetLabels()
		}
	}
}

// forgetLabels forgets what fingerprints stand for that are no longer counted.
func (d *detail) forgetLabels() {
	maps.DeleteFunc(d.labels, func(print, _ string) bool { return d.fingerprints.cells[print] == nil })
}

// add counts a record with a code. host is that of its trace id, if it is
// traced.
func (d *detail) add(r *parser.Record, c *codeCount, host uint32, traced bool) {
	failed := c.failure == 1 && !catalog.Harmless(c.key)
	for _, id := range [...]struct {
		value         []byte
		all, affected *hyperloglog.Sketch
	}{
		{r.UserID, d.users, d.affectedUsers},
		{r.DeviceID, d.devices, d.affectedDevices},
	} {
		if len(id.value) > 0 {
			id.all.Insert(id.value)
			if failed {
				id.affected.Insert(id.value)
			}
		}
	}
	if r.NoTime {
		return
	}
	if r.Time < d.from || r.Time >= d.to {
		d.findHour(r.Time)
	}
	var text [64]byte
	name := r.Host
	if len(name) == 0 && traced {
		name = parser.TraceHost(host).AppendTo(text[:0])
	}
	if d.slots == nil {
		d.slots = make([]sliceSlot, sliceSlots)
	}
	hash := maphash.Bytes(d.seed, r.OperationType)*31 + maphash.Bytes(d.seed, r.ClientVersion)
	hash = hash*31 + maphash.Bytes(d.seed, name) + uint64(c.key.Code)
	s := &d.slots[hash%sliceSlots]
	if s.code != c.key || s.hour != d.hour || s.operation != string(r.OperationType) || s.app != string(r.AppID) ||
		s.versn != string(r.ClientVersion) || s.host != string(name) {
		d.flush(s)
		*s = sliceSlot{
			code: c.key, failed: failed, hour: d.hour,
			operation: string(r.OperationType), app: string(r.AppID), versn: string(r.ClientVersion), host: string(name),
		}
	}
	s.n++
}

// findHour makes the hour of the instant ms the one at hand.
func (d *detail) findHour(ms int64) {
	d.from = floor(ms, time.Hour, d.loc)
	d.to = d.from + time.Hour.Milliseconds()
	at := time.UnixMilli(ms).In(d.loc)
	d.hour = at.Hour()
	d.days[at.Format(time.DateOnly)] |= 1 << d.hour
}

// flush brings a slot's number to the Slices.
func (d *detail) flush(s *sliceSlot) {
	if s.n == 0 {
		return
	}
	operation, app, version, host := cut(s.operation), cut(s.app), cut(s.versn), cut(s.host)
	for i, key := range [...]change.Slice{
		{},
		{Operation: operation},
		{App: app},
		{Version: version},
		{Host: host},
	} {
		if i == 0 || key != (change.Slice{}) { // else the records do not name it
			d.count(key, s)
		}
	}
	if s.failed {
		code := s.code.String()
		d.count(change.Slice{Code: code}, s)
		for _, key := range [...]change.Slice{
			{Code: code, Operation: operation},
			{Code: code, App: app},
			{Code: code, Version: version},
			{Code: code, Host: host},
			{Code: code, Operation: operation, App: app, Version: version, Host: host},
		} {
			if kind := kindOf(&key); kind != ofCode && isKind(kind) {
				d.count(key, s)
			}
		}
	}
	s.n = 0
}

// cut cuts what is longer than a key may be.
func cut(s string) string { return s[:min(len(s), maxKeyLen)] }

// count adds a slot's number to a Slice.
func (d *detail) count(key change.Slice, s *sliceSlot) {
	hours := d.slices[key]
	if hours == nil {
		hours = d.insert(key)
	}
	hours[s.hour] += s.n
}

// insert makes room for a Slice.
func (d *detail) insert(key change.Slice) *change.Hours {
	kind := kindOf(&key)
	if d.kinds[kind].n >= maxSlices {
		d.fold(kind)
	}
	hours := &change.Hours{}
	d.slices[key] = hours
	d.kinds[kind].n++
	return hours
}

// fold leaves out the lighter half of the Slices of a kind.
func (d *detail) fold(kind int) {
	type weighed struct {
		key change.Slice
		n   int64
	}
	var all []weighed
	for key, hours := range d.slices {
		if kindOf(&key) == kind {
			all = append(all, weighed{key, calls(hours)})
		}
	}
	slices.SortFunc(all, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.n, a.n), compareSlices(a.key, b.key))
	})
	k := &d.kinds[kind]
	for _, w := range all[len(all)/2:] {
		delete(d.slices, w.key)
		k.n--
		k.missed = max(k.missed, w.n)
	}
	k.folded = true
}

func calls(hours *change.Hours) (n int64) {
	for _, x := range hours {
		n += x
	}
	return n
}

func compareSlices(a, b change.Slice) int {
	x, y := fields(&a), fields(&b)
	for i := range x {
		if c := cmp.Compare(*x[i], *y[i]); c != 0 {
			return c
		}
	}
	return 0
}

// settle brings all slots to the Slices.
func (d *detail) settle() {
	for i := range d.slots {
		d.flush(&d.slots[i])
	}
}

// follow goes on with b, a section of the input behind what was counted so far.
func (d *detail) follow(in *Input, b *detail) {
	for i := range b.steps {
		b.steps[i].Line += in.Lines
	}
	if step, found := d.clock.follow(b.clock, in.Lines); found {
		d.step(in, step)
	}
}

// step notes that an input's clock was set.
func (d *detail) step(in *Input, s run) {
	if len(d.steps) < maxClockSteps {
		d.steps = append(d.steps, ClockStep{Input: in.Path, Line: s.line, From: s.from, To: s.to})
	}
}

// merge adds what b has counted behind d.
func (d *detail) merge(b *detail) {
	d.settle()
	b.settle()
	from := b.sketches()
	for i, s := range d.sketches() {
		if err := s.Merge(from[i]); err != nil {
			panic(err) // it is of another precision, which none has
		}
	}
	for day, mask := range b.days {
		d.days[day] |= mask
	}
	for kind := range b.kinds {
		d.kinds[kind].folded = d.kinds[kind].folded || b.kinds[kind].folded
		d.kinds[kind].missed += b.kinds[kind].missed
	}
	for _, key := range slices.SortedFunc(maps.Keys(b.slices), compareSlices) { // what is folded depends on the order
		hours := d.slices[key]
		if hours == nil {
			hours = d.insert(key)
		}
		for i, n := range b.slices[key] {
			hours[i] += n
		}
	}
	d.fingerprints.merge(b.fingerprints)
	maps.Copy(d.labels, b.labels)
	d.forgetLabels()
	d.steps = append(d.steps, b.steps[:min(len(b.steps), maxClockSteps-len(d.steps))]...)
}

// span returns what is compared, but for the times, once all is settled.
func (d *detail) span() change.Span {
	s := change.Span{Days: maps.Clone(d.days), Counts: make(map[change.Slice]*change.Hours, len(d.slices)), Times: map[string]change.Times{}}
	for key, hours := range d.slices {
		copied := *hours
		s.Counts[key] = &copied
	}
	for kind, k := range d.kinds {
		if !k.folded {
			continue
		}
		var of change.Slice
		for i, field := range fields(&of) {
			if kind&(1<<i) != 0 {
				*field = "*"
			}
		}
		s.Folded = append(s.Folded, of)
		s.Missed = max(s.Missed, k.missed)
	}
	return s
}

// detailSummary returns the Detail of all that was counted; nil if none was.
func (a *Aggregator) detailSummary() *Detail {
	d := a.detail
	if d == nil {
		return nil
	}
	d.settle()
	out := &Detail{
		Users: int64(d.users.Estimate()), Devices: int64(d.devices.Estimate()),
		AffectedUsers: int64(d.affectedUsers.Estimate()), AffectedDevices: int64(d.affectedDevices.Estimate()),
		Seen: a.seen(), Span: d.span(), ClockSteps: slices.Clone(d.steps),
	}
	all := &durations{}
	for _, c := range a.codes {
		all.merge(&c.times)
	}
	out.Latency, out.Backend = all.quantiles()
	out.Span.Times[""] = all.times()
	for _, x := range a.operations.order {
		if x.times != nil {
			out.Span.Times[x.key] = x.times.times()
		}
	}
	return out
}

// seen returns the names that occurred.
func (a *Aggregator) seen() Seen {
	d := a.detail
	s := Seen{Cut: a.excess > 0 || a.operations.folded > 0 || d.fingerprints.folded > 0 || d.kinds[ofVersion].folded}
	for key := range a.codes {
		s.Codes = append(s.Codes, key.String())
	}
	for _, x := range a.operations.order {
		s.Operations = append(s.Operations, x.key)
	}
	for key := range d.slices {
		if kindOf(&key) == ofVersion {
			s.Versions = append(s.Versions, key.Version)
		}
	}
	for _, x := range d.fingerprints.order {
		s.Fingerprints = append(s.Fingerprints, x.key)
	}
	for _, names := range []*[]string{&s.Codes, &s.Operations, &s.Versions, &s.Fingerprints} {
		slices.Sort(*names)
		if len(*names) > maxNames {
			*names, s.Cut = (*names)[:maxNames], true
		}
	}
	for _, print := range s.Fingerprints {
		s.Labels = append(s.Labels, d.labels[print])
		s.Counts = append(s.Counts, d.fingerprints.cells[print].tally.records)
	}
	return s
}

// FingerprintVersion is in front of each fingerprint. It changes when the same
// exception gets another fingerprint than before.
const FingerprintVersion = "e1"

// Fingerprint returns what the exceptions of a record have in common with those
// of other records of the same cause, and what to call it; "" if the record has
// none. It is a hash of the classes of the chain, outermost first, and of the
// method that threw the root cause. Messages and line numbers, which differ from
// call to call and from release to release, do not count, nor do the numbers in
// the names of generated classes and methods ($Proxy12, lambda$run$3).
func Fingerprint(r *parser.Record) (print, label string) {
	root := r.Root()
	if root == nil {
		return "", ""
	}
	var text []byte
	for i := range r.Exceptions {
		text = append(append(text, r.Exceptions[i].Class...), '\n')
	}
	method, _, _ := bytes.Cut(root.Frame, []byte{'('})
	for _, c := range method {
		if c < '0' || c > '9' {
			text = append(text, c)
		}
	}
	hash := sha256.Sum256(text)
	label = string(root.Class)
	if len(method) > 0 {
		label += " @ " + string(method)
	}
	return FingerprintVersion + "-" + hex.EncodeToString(hash[:6]), cut(label)
}
