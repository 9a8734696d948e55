package change

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
)

// Options are how to compare. The zero value is the usual way.
type Options struct {
	// Q is the false discovery rate: the share of the findings that may be
	// chance. 0 is DefaultQ.
	Q float64
	// Max is how many findings are returned at most. 0 is 50.
	Max int
}

// DefaultQ is the false discovery rate unless another one is asked for.
const DefaultQ = 0.01

// Result is what a comparison gives.
type Result struct {
	Findings []Finding // the most important first
	Cut      int       // findings beyond Options.Max, the least important
	Tests    int       // how many tests the false discovery rate is over

	// Compared are the indices of the spans that now was compared with, rising;
	// none if no span has an hour of the day in common with now.
	Compared []int
	// Hours are the hours of the day that were compared, as in Span.Days.
	Hours uint32
	// Partial tells that no span has 80 % of the hours of now, and that the one
	// was taken that has the most.
	Partial bool
	// PerHour tells that failures were compared by the hour and not by the call,
	// since the logs have hardly any calls that succeeded.
	PerHour bool
	// Times is with how many of the spans durations were compared: those that
	// have hardly any other hours, since durations are not told apart by hour.
	Times int
}

const (
	leastCover   = 0.8  // of the hours of now, that a span must have
	leastSuccess = 0.02 // of the calls, below which rates of failures mean nothing
)

// Compare tells what is different in now. It compares with all of before that
// cover the same hours of the day, in whatever order they are given, and looks
// at numbers of calls and at shares of failures and of slow calls. What differs
// by more than chance and the usual swing between days explain is found at the
// false discovery rate of opt, over all tests. What has one cause is one finding,
// of the coarsest slice that tells it.
//
// Numbers of calls are compared by the hour and are told if they came, went,
// doubled or halved; failures by the call, if their share rose or fell by half.
// Neither is told of fewer than 10 calls. Spans are not changed or kept.
func Compare(now *Span, before []*Span, opt Options) Result {
	opt.Q = cmp.Or(opt.Q, DefaultQ)
	opt.Max = cmp.Or(opt.Max, 50)
	var res Result
	res.Compared, res.Hours, res.Partial = comparable(now, before)
	if len(res.Compared) == 0 {
		return res
	}
	c := comparison{spans: []*Span{now}, hours: res.Hours, index: map[key]*series{}}
	for _, i := range res.Compared {
		c.spans = append(c.spans, before[i])
	}
	// The order of the days must not show in the last digits of a sum.
	slices.SortStableFunc(c.spans[1:], compareSpans)
	c.folded = make([][fAll + 1]bool, len(c.spans))
	for d, span := range c.spans {
		for _, kind := range span.Folded {
			c.folded[d][kind.fields()] = true
		}
	}
	c.gather()
	c.perHour = c.noSuccess()
	res.PerHour = c.perHour
	for s, i := range c.rows {
		c.add(s, c.counts[i])
	}
	c.addTimes()
	res.Times = len(c.timeDays)

	// In the order of slices, so that sums are the same each time.
	c.all = slices.SortedFunc(maps.Values(c.index), func(a, b *series) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure), compareSlices(a.slice, b.slice))
	})
	tests := slices.DeleteFunc(slices.Clone(c.all), func(s *series) bool { return !c.tested(s) })
	res.Tests = len(tests)
	c.test(tests)
	falseDiscovery(tests)
	for _, s := range tests {
		s.found = s.q <= opt.Q && s.great()
		if s.measure == Calls && c.perHour && s.kind() != New && s.kind() != Gone {
			s.found = false // said by code
		}
	}
	res.Findings = c.findings(tests)
	if cut := len(res.Findings) - opt.Max; cut > 0 {
		res.Findings, res.Cut = res.Findings[:opt.Max], cut
	}
	return res
}

// test sets p of all series.
func (c *comparison) test(all []*series) {
	of := func(low, high Measure) []*series {
		var some []*series
		for _, s := range all {
			if low <= s.measure && s.measure <= high {
				some = append(some, s)
			}
		}
		return some
	}
	// Those that do not count the same events as each other.
	coarse := func(s *series) bool { return s.family == ofCodes }
	failures := of(Failures, Failures)
	setClumps(failures, coarse, c.hours)
	w := swingOfRates
	if c.perHour {
		w = swingOfCounts
	}
	setSwing(failures, coarse, w)
	setSwing(of(Calls, Calls), func(s *series) bool { return s.fields == fOperation }, swingOfCalls)
	setSwing(of(Total, Backend), func(s *series) bool { return s.slice.Operation != "" && s.measure == Backend }, swingOfTimes)
	for _, s := range all {
		s.test()
	}
}

// tested tells whether a series can be tested, and is not the copy of another.
func (c *comparison) tested(s *series) bool {
	others := 0 // dimensions of the slice that tell something
	for _, f := range dimensions {
		if s.fields&f != 0 && c.single&f == 0 {
			others++
		}
	}
	switch {
	case s.e[0] == 0 || s.days() == 0:
		return false
	case s.fields == fAll:
		return others > 1 // else it is a pair, or the code
	case s.fields&^fCode != 0 && others == 0:
		return false
	case s.measure == Calls && c.perHour:
		// The calls are failures, which are looked at by code. But a source that
		// falls silent does so for more than lack of failures.
		return s.fields == 0 || s.fields == fHost
	}
	return true
}

// comparable chooses the spans to compare with, and the hours: those of now that
// all of the chosen have too. Spans with the most hours come first, and one that
// would leave less than 80 % of the hours of now is left out.
func comparable(now *Span, before []*Span) (chosen []int, hours uint32, partial bool) {
	covered := coveredHours(now)
	enough := func(mask uint32) bool {
		return mask != 0 && float64(bits.OnesCount32(mask)) >= leastCover*float64(bits.OnesCount32(covered))
	}
	order := make([]int, len(before))
	masks := make([]uint32, len(before))
	for i, span := range before {
		order[i] = i
		masks[i] = coveredHours(span) & covered
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(
			-cmp.Compare(bits.OnesCount32(masks[i]), bits.OnesCount32(masks[j])),
			-compareSpans(before[i], before[j]),
			cmp.Compare(masks[i], masks[j]),
		)
	})
	hours = covered
	for _, i := range order {
		if enough(hours & masks[i]) {
			hours &= masks[i]
			chosen = append(chosen, i)
		}
	}
	if len(chosen) > 0 {
		slices.Sort(chosen)
		return chosen, hours, false
	}
	if len(order) > 0 && masks[order[0]] != 0 {
		return order[:1], masks[order[0]], true
	}
	return nil, 0, false
}

// coveredHours returns the hours of the day that most days of a span cover.
func coveredHours(span *Span) uint32 {
	var hours uint32
	for h := range 24 {
		n := 0
		for _, mask := range span.Days {
			n += int(mask >> h & 1)
		}
		if 2*n > len(span.Days) {
			hours |= 1 << h
		}
	}
	return hours
}

// compareSpans orders spans by their days, and those of the same days by their
// calls.
func compareSpans(a, b *Span) int {
	days := func(s *Span) []string { return slices.Sorted(maps.Keys(s.Days)) }
	calls := func(s *Span) Hours {
		if h := s.Counts[Slice{}]; h != nil {
			return *h
		}
		return Hours{}
	}
	callsOfA, callsOfB := calls(a), calls(b)
	return cmp.Or(slices.Compare(days(a), days(b)), slices.Compare(callsOfA[:], callsOfB[:]))
}

// noSuccess tells whether, now or before, hardly any call succeeded, as in logs
// that hold failures only. An outage of everything looks the same; it shows in
// the number of failures by the hour as well.
func (c *comparison) noSuccess() bool {
	var calls, failures [2]float64
	for d := range c.spans {
		calls[min(d, 1)] += c.sum(d, Slice{})
	}
	for s, i := range c.rows {
		if s.fields() == fCode {
			for d, h := range c.counts[i] {
				failures[min(d, 1)] += c.total(h)
			}
		}
	}
	few := func(i int) bool { return calls[i] > 0 && calls[i]-failures[i] < leastSuccess*calls[i] }
	return few(0) || few(1)
}
