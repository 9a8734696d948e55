package change

import (
	"cmp"
	"math/bits"
	"slices"
)

// field is a set of fields of a Slice, and with that a kind of Slice.
type field uint8

const (
	fCode field = 1 << iota
	fOperation
	fApp
	fVersion
	fHost

	fAll = fCode | fOperation | fApp | fVersion | fHost
)

// dimensions are the fields by which calls are told apart, in the order in which
// a cause is named that is the same in several: an operationType that is the
// only one of its app is named as operationType.
var dimensions = [...]field{fOperation, fHost, fApp, fVersion}

// fields returns which fields of the slice are set.
func (s Slice) fields() field {
	var f field
	for i, v := range [...]string{s.Code, s.Operation, s.App, s.Version, s.Host} {
		if v != "" {
			f |= 1 << i
		}
	}
	return f
}

// only returns the slice with the fields f alone.
func (s Slice) only(f field) Slice {
	var t Slice
	if f&fCode != 0 {
		t.Code = s.Code
	}
	if f&fOperation != 0 {
		t.Operation = s.Operation
	}
	if f&fApp != 0 {
		t.App = s.App
	}
	if f&fVersion != 0 {
		t.Version = s.Version
	}
	if f&fHost != 0 {
		t.Host = s.Host
	}
	return t
}

// with returns the slice with the fields of t added that are set there.
func (s Slice) with(t Slice) Slice {
	return Slice{
		Code:      cmp.Or(s.Code, t.Code),
		Operation: cmp.Or(s.Operation, t.Operation),
		App:       cmp.Or(s.App, t.App),
		Version:   cmp.Or(s.Version, t.Version),
		Host:      cmp.Or(s.Host, t.Host),
	}
}

func compareSlices(a, b Slice) int {
	return cmp.Or(
		cmp.Compare(a.Code, b.Code), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.App, b.App),
		cmp.Compare(a.Version, b.Version), cmp.Compare(a.Host, b.Host),
	)
}

// A family is a set of tests that shares a part of the false discoveries.
type family uint8

const (
	ofCodes family = iota
	ofCalls
	ofTimes
	ofPairs // a code and one field more
	ofQuads // a code and all four
	families
)

// familyShare is the part of the false discoveries that each family may make:
// the greater, the more a reader wants to know. The sum does not matter.
var familyShare = [families]float64{ofCodes: 6, ofCalls: 4, ofTimes: 4, ofPairs: 3, ofQuads: 1}

// A series is what one test is about: the counts of a slice, now and in the days
// before.
type series struct {
	slice   Slice
	fields  field
	measure Measure
	family  family
	perHour bool // exposures are hours, not calls

	// Index 0 is now, the others are the days compared with. A day with an
	// exposure of 0 does not take part, and y is 0 in it.
	y, e []float64
	// Of failures: the counts by hour, and what they are exposed to in each; nil
	// if unknown.
	hours, shape []*Hours
	of           int64 // calls that could have been counted, now

	p95Before, p95Now int64 // of times, in milliseconds

	clump float64 // events that count as one
	tau2  float64 // square of the coefficient of variation between days
	p, q  float64

	found bool // significant, and great enough to report
}

// before returns the sums over the days before of the events, the exposures and
// the squares of the exposures.
func (s *series) before() (events, exposure, squares float64) {
	for d := 1; d < len(s.y); d++ {
		events += s.y[d]
		exposure += s.e[d]
		squares += s.e[d] * s.e[d]
	}
	return events, exposure, squares
}

// days returns how many days before take part.
func (s *series) days() int {
	n := 0
	for _, e := range s.e[1:] {
		if e > 0 {
			n++
		}
	}
	return n
}

// expected returns how many events now would have if nothing had changed.
func (s *series) expected() float64 {
	events, exposure, _ := s.before()
	if exposure == 0 {
		return 0
	}
	return events / exposure * s.e[0]
}

// excess returns how many more events there are than expected, less than 0 if
// there are fewer.
func (s *series) excess() float64 { return s.y[0] - s.expected() }

// ratio returns the events now for each one that is expected.
func (s *series) ratio() float64 { return s.y[0] / s.expected() }

// kind returns what happened, if the difference is not by chance.
func (s *series) kind() Kind {
	expected := s.expected()
	switch {
	case s.measure >= Total && s.y[0] > expected:
		return Slower
	case s.measure >= Total:
		return Faster
	case expected == 0:
		return New
	case s.y[0] == 0:
		return Gone
	case s.y[0] > expected:
		return Up
	default:
		return Down
	}
}

// What a difference must at least be to be told.
const (
	leastEvents   = 10  // now or expected, and their difference
	leastRatio    = 1.5 // of shares, upwards or downwards
	leastSwing    = 2   // of numbers by the hour, since traffic swings, of shares of slow calls, and where calls are not counted (callsOf)
	leastP95Ratio = 1.2
	leastP95      = 2 // milliseconds, so that rounding is no finding
)

// great tells whether the difference is worth a line, chance or not.
func (s *series) great() bool {
	expected := s.expected()
	least := leastRatio
	if s.perHour || s.measure >= Total || s.fields == fAll {
		least = leastSwing
	}
	return bigger(s.y[0], expected, least) && (s.measure < Total || s.p95Moved())
}

// bigger tells whether one of two numbers of events is greater than the other by
// the ratio least and by enough events.
func bigger(a, b, least float64) bool {
	return max(a, b) >= leastEvents && max(a, b)-min(a, b) >= leastEvents && max(a, b) >= least*min(a, b)
}

// p95Moved tells whether the 95th percentile moved far enough, in the direction
// of the share of slow calls.
func (s *series) p95Moved() bool {
	from, to := s.p95Before, s.p95Now
	if s.y[0] < s.expected() {
		from, to = to, from
	}
	return to-from >= leastP95 && float64(to) >= leastP95Ratio*float64(from)
}

// A comparison is what Compare works with.
type comparison struct {
	spans   []*Span // now, and the days compared with in an order of their own
	hours   uint32  // those that are compared
	perHour bool    // there are no successes to set failures against
	folded  [][fAll + 1]bool

	rows   map[Slice]int // the index in counts of each slice
	counts [][]*Hours    // by slice and day; nil where there is none
	single field         // dimensions in which all calls have the same value

	index    map[key]*series      // tested or not
	all      []*series            // the same, in the order of measures and slices
	children map[branch][]*series // see parts
	timeDays []int                // the spans before whose durations are compared
}

// key names a series.
type key struct {
	slice   Slice
	measure Measure
}

// at returns the count of an hour. One below 0, which no log gives, is none.
func (h *Hours) at(hour int) float64 { return float64(max(0, h[hour])) }

// sum returns the count of a slice on a day, over the hours that are compared.
func (c *comparison) sum(d int, s Slice) float64 {
	if i, ok := c.rows[s]; ok {
		return c.total(c.counts[i][d])
	}
	return 0
}

// hoursBy returns the counts of a slice by day and hour.
func (c *comparison) hoursBy(s Slice) []*Hours {
	if i, ok := c.rows[s]; ok {
		return c.counts[i]
	}
	return make([]*Hours, len(c.spans))
}

// total returns the sum over the hours that are compared, 0 for nil.
func (c *comparison) total(h *Hours) float64 {
	if h == nil {
		return 0
	}
	n := 0.0
	for mask := c.hours; mask != 0; mask &= mask - 1 {
		n += h.at(bits.TrailingZeros32(mask))
	}
	return n
}

// hoursOf returns how many hours of a span are compared: more than 24 for a span
// of several days.
func (c *comparison) hoursOf(d int) float64 {
	n := 0
	for _, mask := range c.spans[d].Days {
		n += bits.OnesCount32(mask & c.hours)
	}
	return float64(n)
}

// gather notes what the spans count, by slice, and finds in which dimensions all
// calls have the same value, which then tells nothing.
func (c *comparison) gather() {
	c.rows = make(map[Slice]int, len(c.spans[0].Counts))
	values := map[field][]Slice{}
	for d, span := range c.spans {
		for s, h := range span.Counts {
			i, ok := c.rows[s]
			if !ok {
				i = len(c.counts)
				c.rows[s] = i
				c.counts = append(c.counts, make([]*Hours, len(c.spans)))
				if f := s.fields(); slices.Contains(dimensions[:], f) {
					values[f] = append(values[f], s)
				}
			}
			c.counts[i][d] = h
		}
	}
	for _, f := range dimensions {
		if len(values[f]) == 1 && c.same(values[f][0], Slice{}) {
			c.single |= f
		}
	}
}

// same tells whether two slices count the same calls.
func (c *comparison) same(a, b Slice) bool {
	for d := range c.spans {
		if c.sum(d, a) != c.sum(d, b) {
			return false
		}
	}
	return true
}

// callsOf returns how many calls could have had the code of a slice, 0 if that
// is not known. Calls are not counted by several fields at once: their number is
// taken as if host and version were independent of the operationType, which is
// off by a factor that is the same every day, and as if the operationType had one
// app.
func (c *comparison) callsOf(d int, s Slice) float64 {
	all := c.sum(d, Slice{})
	if all == 0 {
		return 0
	}
	calls := all
	for _, f := range dimensions {
		if s.fields()&f != 0 && (f != fApp || s.Operation == "") {
			calls *= c.sum(d, s.only(f)) / all
		}
	}
	return calls
}

// add makes the series of a slice, if it has enough events to be tested.
func (c *comparison) add(slice Slice, hours []*Hours) {
	f := slice.fields()
	s := &series{slice: slice, fields: f, measure: Failures, perHour: true, clump: 1}
	switch {
	case f&fCode == 0 && bits.OnesCount8(uint8(f)) <= 1:
		s.measure, s.family = Calls, ofCalls
	case f == fCode:
		s.family = ofCodes
	case f == fAll:
		s.family = ofQuads
	case bits.OnesCount8(uint8(f)) == 2 && f&fCode != 0:
		s.family = ofPairs
	default:
		return // no slice that Span has
	}
	total := 0.0
	for _, h := range hours {
		total += c.total(h)
	}
	// A slice with so few events in all days together can never be reported, however
	// they are spread. To leave it out depends on the sum alone, on which the test
	// is conditional, and hence does not favour any outcome.
	if total < leastEvents {
		return
	}
	n := len(c.spans)
	s.y, s.e = make([]float64, n), make([]float64, n)
	for d, h := range hours {
		s.y[d] = c.total(h)
	}
	if s.measure == Failures {
		s.perHour = c.perHour
		s.hours = hours
		switch {
		case c.perHour || f == fAll:
			s.shape = c.hoursBy(Slice{})
		default:
			s.shape = c.hoursBy(slice.only(fAll &^ fCode))
		}
	}
	for d := range c.spans {
		switch {
		case !s.perHour:
			s.e[d] = c.callsOf(d, slice)
		case s.measure == Failures && f&fHost != 0 && c.sum(d, slice.only(fHost)) == 0:
			// A host that has no record at all had no failures to record.
		default:
			s.e[d] = c.hoursOf(d)
		}
		if s.e[d] == 0 {
			s.y[d] = 0
		}
	}
	c.fill(s)
	s.of = int64(c.sum(0, slice.only(f&^fCode)))
	if f == fAll {
		s.of = int64(c.sum(0, slice.only(fOperation)))
	}
	c.index[key{slice, s.measure}] = s
}

// fill gives a slice that a span may have left out, since it keeps the heaviest
// of its kind only, the count that makes the least difference.
func (c *comparison) fill(s *series) {
	missing := func(d int) bool {
		return c.folded[d][s.fields] && c.spans[d].Counts[s.slice] == nil && s.e[d] > 0
	}
	missed := func(d int) float64 { return float64(c.spans[d].Missed) }
	if missing(0) {
		s.y[0] = min(missed(0), s.expected())
		return
	}
	for d := 1; d < len(s.y); d++ {
		if missing(d) {
			s.y[d] = min(missed(d), s.y[0]/max(s.e[0], 1)*s.e[d])
		}
	}
}
