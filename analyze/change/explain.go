package change

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// One cause changes many counts: those of a code, of the code for each
// operationType that has it, for each host… What follows chooses the one that
// says it, and leaves out what follows from it.

const (
	most = 0.7 // of a difference: what has so much of it is where it comes from
	// farther is by how many standard deviations a share must exceed what chance
	// gives.
	farther = 2.5
	// differently is by how much more than the rest something must move to be
	// told apart from it.
	differently = 1.5
	// sameCalls is by how much two differences in numbers of calls may differ if
	// they are of the same calls.
	sameCalls = 0.2
	// fewOperations is how many operationTypes are named before "all" says it
	// better.
	fewOperations = 3
)

// direction is 1 for more, -1 for less.
type direction float64

var directions = [...]direction{1, -1}

// moved tells whether a series is found to have moved in the direction.
func (s *series) moved(dir direction) bool {
	return s != nil && s.found && s.excess()*float64(dir) > 0
}

// findings returns what to report of the tests, the most important first. The
// tests are in the order of measures and slices.
func (c *comparison) findings(tests []*series) []Finding {
	if !slices.ContainsFunc(tests, func(s *series) bool { return s.found }) {
		return nil
	}
	c.setChildren()
	byCode := map[string][]*series{}
	var codes []string
	var calls, times []*series
	for _, s := range tests {
		switch {
		case s.measure == Calls:
			calls = append(calls, s)
		case s.measure >= Total:
			times = append(times, s)
		default:
			if byCode[s.slice.Code] == nil {
				codes = append(codes, s.slice.Code)
			}
			byCode[s.slice.Code] = append(byCode[s.slice.Code], s)
		}
	}
	if all := c.index[key{Slice{}, Calls}]; all != nil && all.found && (all.kind() == Gone || all.kind() == New) {
		return []Finding{c.finding(all, c.mostly(all))} // nothing to compare otherwise
	}
	out := c.ofCalls(calls)
	for _, code := range codes {
		out = append(out, c.ofCode(byCode[code], calls)...)
	}
	out = append(out, c.ofTimes(times)...)
	slices.SortFunc(out, compareFindings)
	return out
}

// ofCalls reports numbers of calls. tests are those of all calls and of each
// value of the four dimensions.
func (c *comparison) ofCalls(tests []*series) []Finding {
	all := c.index[key{Slice{}, Calls}]
	if all == nil {
		return nil // hardly any calls
	}
	var out []Finding
	for _, dir := range directions {
		single := map[field][]*series{}
		explained := false // the movement of all calls
		for _, s := range tests {
			if s.fields == 0 || !s.moved(dir) {
				continue
			}
			// The calls but for this value, and how they moved in this direction. What
			// moved as they did, moved with them: if a host is silent, each
			// operationType has fewer calls.
			rest, expected := all.y[0]-s.y[0], all.expected()-s.expected()
			if !faster(s.y[0]*expected, s.expected()*rest, dir) {
				continue
			}
			single[s.fields] = append(single[s.fields], s)
			if !bigger(rest, expected, leastSwing) {
				explained = true
			}
		}
		if all.moved(dir) && !explained {
			out = append(out, c.finding(all, c.mostly(all)))
		}
		out = append(out, c.sameCause(single)...)
	}
	return out
}

// faster tells whether a is so much greater (or smaller) than b that it moved
// differently.
func faster(a, b float64, dir direction) bool {
	if dir < 0 {
		a, b = b, a
	}
	return a > differently*b
}

// sameCause reports the numbers of calls that moved in one direction, by
// dimension. Where the calls of two dimensions differ by the same number, they
// are the same calls, and the dimension with fewer values says it: an app that is
// gone, and not each of its operationTypes.
func (c *comparison) sameCause(single map[field][]*series) []Finding {
	order := slices.Clone(dimensions[:])
	slices.SortStableFunc(order, func(a, b field) int { return cmp.Compare(len(single[a]), len(single[b])) })
	type cause struct {
		series []*series
		excess float64
		mostly Slice
	}
	var causes []*cause
	for _, f := range order {
		next := &cause{series: single[f]}
		for _, s := range next.series {
			next.excess += math.Abs(s.excess())
		}
		same := slices.IndexFunc(causes, func(a *cause) bool {
			return math.Abs(a.excess-next.excess) <= max(sameCalls*a.excess, 3*math.Sqrt(a.excess))
		})
		switch {
		case len(next.series) == 0:
		case same < 0:
			causes = append(causes, next)
		case len(next.series) == 1 && len(causes[same].series) == 1:
			causes[same].mostly = causes[same].mostly.with(next.series[0].slice)
		}
	}
	var out []Finding
	for _, a := range causes {
		for _, s := range a.series {
			out = append(out, c.finding(s, a.mostly))
		}
	}
	return out
}

// ofCode reports the failures with one code. tests are those of the code, calls
// those of all numbers of calls.
func (c *comparison) ofCode(tests, calls []*series) []Finding {
	var out []Finding
	for _, dir := range directions {
		var code *series
		pairs := map[field][]*series{}
		var quads []*series
		for _, s := range tests {
			if !s.moved(dir) || c.mixed(s, calls) {
				continue
			}
			switch s.family {
			case ofCodes:
				code = s
			case ofPairs:
				f := s.fields &^ fCode
				pairs[f] = append(pairs[f], s)
			default:
				quads = append(quads, s)
			}
		}
		if code != nil {
			out = append(out, c.finding(code, c.mostly(code)))
			continue
		}
		if f := widest(pairs); f != 0 {
			for _, s := range pairs[f] {
				out = append(out, c.finding(s, c.mostly(s)))
			}
			continue
		}
		for _, s := range quads {
			out = append(out, c.finding(s, Slice{}))
		}
	}
	return out
}

// widest returns the dimension that says the most with the fewest values: of
// those that have most of the difference, the one with the fewest values.
func widest(pairs map[field][]*series) field {
	var sums [fAll + 1]float64
	greatest := 0.0
	for _, f := range dimensions {
		for _, s := range pairs[f] {
			sums[f] += math.Abs(s.excess())
		}
		greatest = max(greatest, sums[f])
	}
	var best field
	for _, f := range dimensions {
		if sums[f] == 0 || sums[f] < most*greatest {
			continue
		}
		n, least := len(pairs[f]), len(pairs[best])
		if best == 0 || n < least || n == least && sums[f] > sums[best] {
			best = f
		}
	}
	return best
}

// mixed tells whether failures moved only because calls did, by another finding:
// a code that only one operationType has is gone with the operationType. It
// takes each part of the failures at its own rate (direct standardisation).
func (c *comparison) mixed(s *series, calls []*series) bool {
	events, exposure, _ := s.before()
	for _, f := range dimensions {
		if s.fields&f != 0 || !slices.ContainsFunc(calls, func(s *series) bool { return s.fields == f && s.found }) {
			continue
		}
		expected := s.expected()
		for _, part := range c.parts(s, f) {
			was, _, _ := part.before()
			expected += part.expected() - was/exposure*s.e[0]
		}
		least := leastRatio
		if c.perHour {
			least = leastSwing
		}
		if events > 0 && !bigger(s.y[0], max(expected, 0), least) {
			return true
		}
	}
	return false
}

// parts returns the series that s is made of, by the values of a dimension that
// it does not have: calls by the value, a code by the code and the value, and
// those by the code and all four fields.
func (c *comparison) parts(s *series, f field) []*series {
	return c.children[branch{s.slice, f}]
}

// branch names the parts of a slice that tell a field which it leaves open.
type branch struct {
	slice Slice
	field field
}

// setChildren notes of which others each series is a part, in the order of all.
func (c *comparison) setChildren() {
	c.children = map[branch][]*series{}
	for _, s := range c.all {
		switch {
		case s.measure >= Total || s.fields == 0 || s.fields == fCode:
		case s.fields == fAll:
			// A quad is a part of four pairs, and tells three fields of each.
			for _, of := range dimensions {
				for _, f := range dimensions {
					if f != of {
						k := branch{s.slice.only(fCode | of), f}
						c.children[k] = append(c.children[k], s)
					}
				}
			}
		default:
			k := branch{s.slice.only(fCode), s.fields &^ fCode}
			c.children[k] = append(c.children[k], s)
		}
	}
}

// mostly returns the values that have most of the difference of s, in the fields
// that s leaves open. A value that has most of the calls as well says nothing,
// unless it has more of the difference than chance gives it.
func (c *comparison) mostly(s *series) Slice {
	var where Slice
	excess := s.excess()
	for _, f := range dimensions {
		if s.fields&f != 0 || c.single&f != 0 {
			continue
		}
		byValue := map[Slice]float64{}
		var value Slice // with the most of the difference
		for _, part := range c.parts(s, f) {
			v := part.slice.only(f)
			byValue[v] += part.excess() / excess
			if byValue[v] > byValue[value] {
				value = v
			}
		}
		share := min(1, byValue[value])
		usual := c.shareOf(value)
		if share >= most && usual < 1 && share-usual >= farther*math.Sqrt(usual*(1-usual)/math.Abs(excess)) {
			where = where.with(value)
		}
	}
	return where
}

// shareOf returns which share of the calls a value has, now or before, whichever
// is more.
func (c *comparison) shareOf(value Slice) float64 {
	var part, all [2]float64
	for d := range c.spans {
		part[min(d, 1)] += c.sum(d, value)
		all[min(d, 1)] += c.sum(d, Slice{})
	}
	share := 0.0
	for i := range all {
		if all[i] > 0 {
			share = max(share, part[i]/all[i])
		}
	}
	return min(1, share)
}

// ofTimes reports durations.
func (c *comparison) ofTimes(tests []*series) []Finding {
	var out []Finding
	for _, dir := range directions {
		moved := func(op string, m Measure) *series {
			if s := c.index[key{Slice{Operation: op}, m}]; s.moved(dir) {
				return s
			}
			return nil
		}
		// The back end's time is a part of the total, and where it is slower, it is
		// the cause.
		cause := func(op string) *series { return cmp.Or(moved(op, Backend), moved(op, Total)) }
		var operations []*series
		for _, s := range tests {
			if op := s.slice.Operation; op != "" && cause(op) == s {
				operations = append(operations, s)
			}
		}
		all := cause("")
		if all != nil {
			by := c.slowBy(all)
			switch parts := by.of(operations); {
			case !bigger(by.now, by.expected, leastSwing):
				all = nil // slow operationTypes have a greater share of the calls, none is slower
			case len(operations) <= fewOperations && parts*float64(dir) >= most*(by.now-by.expected)*float64(dir):
				all = nil
			default:
				operations = slices.DeleteFunc(operations, func(s *series) bool {
					return s.measure == all.measure || s.measure == Total
				})
			}
		}
		if all != nil {
			out = append(out, c.finding(all, Slice{}))
		}
		for _, s := range operations {
			out = append(out, c.finding(s, Slice{}))
		}
	}
	return out
}

// slowCalls are calls that are longer than the 95th percentile of all before.
type slowCalls struct {
	now      float64
	expected float64            // if each operationType had the share that it had before
	excess   map[string]float64 // by operationType
}

// of returns how many more there are of some operationTypes than expected.
func (by slowCalls) of(operations []*series) float64 {
	sum := 0.0
	for _, s := range operations {
		sum += by.excess[s.slice.Operation]
	}
	return sum
}

// slowBy tells which operationTypes the slow calls are of. What is new is
// expected to be as it is.
func (c *comparison) slowBy(all *series) slowCalls {
	by := slowCalls{excess: map[string]float64{}}
	for _, op := range slices.Sorted(maps.Keys(c.spans[0].Times)) {
		now := c.durations(0, op, all.measure)
		if op == "" || now == nil {
			continue
		}
		var above, count float64
		for _, d := range c.timeDays {
			if t := c.durations(d, op, all.measure); t != nil {
				above += float64(t.Above(all.p95Before))
				count += float64(t.Count())
			}
		}
		slow := float64(now.Above(all.p95Before))
		expected := slow
		if count > 0 {
			expected = above / count * float64(now.Count())
		}
		by.now += slow
		by.expected += expected
		by.excess[op] = slow - expected
	}
	if by.now == 0 { // nothing is known by operationType
		by.now, by.expected = all.y[0], all.expected()
	}
	return by
}

// finding returns a series as what is reported of it.
func (c *comparison) finding(s *series, mostly Slice) Finding {
	f := Finding{
		Kind: s.kind(), Measure: s.measure, Slice: s.slice,
		Now: int64(math.Round(s.y[0])), Expected: s.expected(), Ratio: s.ratio(), Of: s.of,
		P95Before: s.p95Before, P95Now: s.p95Now,
		P: s.p, Q: s.q, Mostly: mostly,
	}
	f.Better = f.Kind == Faster || f.Measure == Failures && (f.Kind == Down || f.Kind == Gone)
	return f
}

// compareFindings puts first what the reader should see first: what fell silent,
// failures, what is slower, other numbers of calls, and then what is better; of
// each the greatest difference.
func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.rank(), b.rank()),
		-cmp.Compare(math.Abs(float64(a.Now)-a.Expected), math.Abs(float64(b.Now)-b.Expected)),
		cmp.Compare(a.Measure, b.Measure),
		compareSlices(a.Slice, b.Slice),
	)
}

func (f Finding) rank() int {
	silent := f.Slice.fields()&^(fOperation|fHost) == 0
	switch {
	case f.Better:
		return 4
	case f.Measure == Calls && f.Kind == Gone && silent:
		return 0
	case f.Measure == Failures:
		return 1
	case f.Measure == Calls:
		return 3
	default:
		return 2
	}
}
