package analyze

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math/bits"
	"slices"
	"time"

	"github.com/axiomhq/hyperloglog"

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
)

// detail counts what only a summary of a day needs, beside an Aggregator.
type detail struct {
	loc *time.Location

	users, devices distinct

	// The hour at hand and the one before it, and the days with their hours.
	hour, before hourOfDay
	days         map[string]uint32

	kinds [1 << dimensions]kindCount
	memo  sliceMemo

	fingerprints *Counter
	labels       map[string]string
	prints       printMemo

	clock clock
	steps []ClockStep
}

// hourOfDay is the hour [from, to), in Unix milliseconds, with its place in the
// day.
type hourOfDay struct {
	from, to int64
	hour     int
}

func (h *hourOfDay) has(ms int64) bool { return ms >= h.from && ms < h.to }

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

// kindCount is the Slices of one kind, and what was left out of them.
type kindCount struct {
	order  []*sliceCount // in the order in which they came
	index  sliceIndex    // of order
	folded bool
	missed int64
}

// sliceCount is the count of one Slice.
type sliceCount struct {
	key   change.Slice
	hours change.Hours
}

func newDetail(loc *time.Location) *detail {
	return &detail{
		loc: loc, users: newDistinct(), devices: newDistinct(), days: map[string]uint32{},
		fingerprints: newCounter(maxFingerprints, &budget{left: maxFingerprints + 1, folding: func() {}}), labels: map[string]string{},
	}
}

// sketches returns all sketches in a fixed order.
func (d *detail) sketches() [4]*hyperloglog.Sketch {
	return [...]*hyperloglog.Sketch{d.users.all, d.devices.all, d.users.affected, d.devices.affected}
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
	if root := r.Root(); root != nil {
		d.addFingerprint(r, root)
	}
}

// forgetLabels forgets what fingerprints stand for that are no longer counted.
func (d *detail) forgetLabels() {
	maps.DeleteFunc(d.labels, func(print, _ string) bool { return d.fingerprints.find(print) == nil })
}

// add counts a record with a code. host is that of its trace id, if it is
// traced.
func (d *detail) add(r *parser.Record, c *codeCount, host uint32, traced bool) {
	d.users.add(r.UserID, c.harmful)
	d.devices.add(r.DeviceID, c.harmful)
	if r.NoTime {
		return
	}
	if !d.hour.has(r.Time) {
		d.findHour(r.Time)
	}
	d.addSlices(r, c, host, traced)
}

// findHour makes the hour of the instant ms the one at hand. Around the full
// hour, and where the logs of several threads or hosts are mixed, two alternate.
func (d *detail) findHour(ms int64) {
	if d.hour, d.before = d.before, d.hour; d.hour.has(ms) {
		return
	}
	at := time.UnixMilli(ms).In(d.loc)
	from := floor(ms, time.Hour, d.loc)
	d.hour = hourOfDay{from, from + time.Hour.Milliseconds(), at.Hour()}
	d.days[at.Format(time.DateOnly)] |= 1 << d.hour.hour
}

// cut cuts what is longer than a key may be.
func cut[T string | []byte](s T) T { return s[:min(len(s), maxKeyLen)] }

// slice returns the count of a Slice, which is its own until d.memo.version
// changes.
func (d *detail) slice(key change.Slice) *sliceCount {
	k := &d.kinds[kindOf(&key)]
	if x := k.find(&key); x != nil {
		return x
	}
	x := &sliceCount{key: key}
	d.put(x)
	return x
}

// find returns the count of a Slice of the kind, nil if it has none.
func (k *kindCount) find(key *change.Slice) *sliceCount { return k.index.find(k.order, key) }

// put takes in a Slice that is not counted yet.
func (d *detail) put(x *sliceCount) {
	kind := kindOf(&x.key)
	k := &d.kinds[kind]
	if len(k.order) >= maxSlices {
		k.fold()
		if kind != ofAll { // those are not remembered
			d.memo.version++
		}
	}
	k.order = append(k.order, x)
	k.index.add(k.order)
}

// fold leaves out the lighter half of the Slices; of those equally heavy, the
// last ones to come.
func (k *kindCount) fold() {
	weights := make([]int64, len(k.order))
	for i, x := range k.order {
		weights[i] = x.hours.Total()
	}
	limit, equal := lighterHalf(weights)
	k.order = slices.DeleteFunc(k.order, func(x *sliceCount) bool {
		n := x.hours.Total()
		if n == limit && equal > 0 {
			equal--
			return false
		}
		return n <= limit
	})
	k.index.build(k.order)
	k.folded, k.missed = true, max(k.missed, limit)
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

// sorted returns all Slices in their order.
func (d *detail) sorted() []*sliceCount {
	var all []*sliceCount
	for kind := range d.kinds {
		all = append(all, d.kinds[kind].order...)
	}
	slices.SortFunc(all, func(a, b *sliceCount) int { return compareSlices(a.key, b.key) })
	return all
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
		k, from := &d.kinds[kind], &b.kinds[kind]
		k.folded = k.folded || from.folded
		k.missed += from.missed
		for _, y := range from.order {
			x := k.find(&y.key)
			if x == nil {
				d.put(y)
				continue
			}
			for i, n := range y.hours {
				x.hours[i] += n
			}
		}
	}
	d.fingerprints.merge(b.fingerprints)
	maps.Copy(d.labels, b.labels)
	d.forgetLabels()
	d.steps = append(d.steps, b.steps[:min(len(b.steps), maxClockSteps-len(d.steps))]...)
}

// span returns what is compared, but for the times.
func (d *detail) span() change.Span {
	all := d.sorted()
	s := change.Span{Days: maps.Clone(d.days), Counts: make(map[change.Slice]*change.Hours, len(all)), Times: map[string]change.Times{}}
	hours := make([]change.Hours, len(all))
	for i, x := range all {
		hours[i] = x.hours
		s.Counts[x.key] = &hours[i]
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
	out := &Detail{
		Users: int64(d.users.all.Estimate()), Devices: int64(d.devices.all.Estimate()),
		AffectedUsers: int64(d.users.affected.Estimate()), AffectedDevices: int64(d.devices.affected.Estimate()),
		Seen: a.seen(), Span: d.span(), ClockSteps: slices.Clone(d.steps),
	}
	all := &durations{}
	for _, c := range a.codes {
		all.merge(&c.times)
	}
	out.Latency, out.Backend = all.quantiles()
	out.Span.Times[""] = all.times()
	for _, x := range a.operations.order {
		if times := a.operations.times[x]; times != nil {
			out.Span.Times[x.key] = times.times()
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
	for _, x := range d.kinds[ofVersion].order {
		s.Versions = append(s.Versions, x.key.Version)
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
		s.Counts = append(s.Counts, d.fingerprints.find(print).tally.records)
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
	text := appendChain(nil, r, root)
	return fingerprintOf(text), labelOf(root)
}

// appendChain appends what a fingerprint is the hash of.
func appendChain(text []byte, r *parser.Record, root *parser.Exception) []byte {
	for i := range r.Exceptions {
		text = append(append(text, r.Exceptions[i].Class...), '\n')
	}
	for _, c := range methodOf(root) {
		if c < '0' || c > '9' {
			text = append(text, c)
		}
	}
	return text
}

func methodOf(root *parser.Exception) []byte {
	method, _, _ := bytes.Cut(root.Frame, []byte{'('})
	return method
}

func fingerprintOf(text []byte) string {
	hash := sha256.Sum256(text)
	return FingerprintVersion + "-" + hex.EncodeToString(hash[:6])
}

func labelOf(root *parser.Exception) string {
	label := string(root.Class)
	if method := methodOf(root); len(method) > 0 {
		label += " @ " + string(method)
	}
	return cut(label)
}
