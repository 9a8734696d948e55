package change

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// allDay covers every hour of the day.
const allDay = 1<<24 - 1

// flat returns a span of one day with the calls spread evenly over all hours, as
// far as they can be.
func flat(day string, counts map[Slice]int64) *Span {
	span := &Span{Days: map[string]uint32{day: allDay}, Counts: map[Slice]*Hours{}}
	for s, n := range counts {
		var h Hours
		for i := range h {
			h[i] = n*int64(i+1)/24 - n*int64(i)/24
		}
		span.Counts[s] = &h
	}
	return span
}

// traffic is calls and failures of one day, as counts of the Slices that a Span
// has.
type traffic map[Slice]int64

// calls adds calls that name all four fields.
func (t traffic) calls(n int64, op, app, version, host string) traffic {
	s := Slice{Operation: op, App: app, Version: version, Host: host}
	t[Slice{}] += n
	for _, f := range dimensions {
		t[s.only(f)] += n
	}
	return t
}

// failures adds failures; the calls have been added.
func (t traffic) failures(n int64, code, op, app, version, host string) traffic {
	s := Slice{code, op, app, version, host}
	t[s] += n
	t[s.only(fCode)] += n
	for _, f := range dimensions {
		t[s.only(fCode|f)] += n
	}
	return t
}

var (
	operations = []string{"pay", "login", "list", "quote"}
	versions   = []string{"9.0", "9.1", "9.2"}
	gateways   = []string{"gw1", "gw2"}
)

// appOf is the app of an operationType: "admin" has one of its own.
func appOf(op string) string {
	if op == "quote" {
		return "B"
	}
	return "A"
}

// usual adds calls and failures of a usual day for each combination of fields,
// as scale says for calls and rate for failures of the codes 3001, 4001, 5001.
func usual(scale, rate func(Slice) float64) traffic {
	t := traffic{}
	for _, op := range operations {
		for _, v := range versions {
			for _, host := range gateways {
				at := Slice{Operation: op, App: appOf(op), Version: v, Host: host}
				n := 6000 * scale(at)
				t.calls(int64(n), op, appOf(op), v, host)
				for _, code := range []string{"3001", "4001", "5001"} {
					at.Code = code
					if code == "5001" && op != "pay" {
						continue // a code of one operationType
					}
					t.failures(int64(n*0.01*rate(at)), code, op, appOf(op), v, host)
				}
			}
		}
	}
	return t
}

func one(Slice) float64 { return 1 }

// where returns a factor for the slices that agree with at, and 1 for others.
func where(at Slice, factor float64) func(Slice) float64 {
	return func(s Slice) float64 {
		if s.only(at.fields()) == at {
			return factor
		}
		return 1
	}
}

// usualDays returns n usual days.
func usualDays(n int) []*Span {
	var days []*Span
	for i := range n {
		days = append(days, flat(fmt.Sprintf("2026-11-%02d", 10+i), usual(one, one)))
	}
	return days
}

func (k Kind) word() string {
	return [...]string{"new", "gone", "up", "down", "slower", "faster"}[k]
}

// brief is a finding in one line, for tables: what, where, by how much.
func (f Finding) brief() string {
	name := func(s Slice) string {
		return strings.Join(slices.DeleteFunc([]string{s.Code, s.Operation, s.App, s.Version, s.Host}, func(v string) bool { return v == "" }), "/")
	}
	line := fmt.Sprintf("%s %s %q ×%.2g", [...]string{"calls", "failures", "total", "backend"}[f.Measure], f.Kind.word(), name(f.Slice), f.Ratio)
	if m := name(f.Mostly); m != "" {
		line += " mostly " + m
	}
	if f.Better {
		line += " better"
	}
	return line
}

func briefs(found []Finding) []string {
	var lines []string
	for _, f := range found {
		lines = append(lines, f.brief())
	}
	return lines
}

// TestOneCause plants one cause, or two, into a usual day, and wants one finding
// for each.
func TestOneCause(t *testing.T) {
	t.Parallel()
	withNew := func(n int64, op string) traffic {
		all := usual(one, one)
		for i := range n {
			all.failures(1, "7777", op, appOf(op), versions[i%3], gateways[i%2])
		}
		return all
	}
	for _, tc := range []struct {
		name string
		now  traffic
		want []string
	}{
		{"nothing", usual(one, one), nil},
		{"twice the calls of everything", usual(func(Slice) float64 { return 1.9 }, one), nil},
		{"a code rose", usual(one, where(Slice{Code: "3001"}, 3)), []string{`failures up "3001" ×3`}},
		{"a code rose for one operationType", usual(one, where(Slice{Code: "3001", Operation: "list"}, 6)), []string{`failures up "3001" ×2.2 mostly list/A`}},
		{"a code rose on one host", usual(one, where(Slice{Code: "3001", Host: "gw2"}, 5)), []string{`failures up "3001" ×3 mostly gw2`}},
		{
			"a code rose for one version on one host", usual(one, where(Slice{Code: "3001", Version: "9.2", Host: "gw1"}, 9)),
			[]string{`failures up "3001" ×2.3 mostly 9.2/gw1`},
		},
		{
			"a code rose for one version, and is flat in all", usual(one, func(s Slice) float64 {
				if s.Code == "3001" && s.Version == "9.2" {
					return 2.2
				}
				return 1
			}), []string{`failures up "3001/9.2" ×2.2`},
		},
		{
			"a code rose for one version and fell for another", usual(one, func(s Slice) float64 {
				switch s.with(Slice{Version: s.Version}) {
				case s.with(Slice{}):
					if s.Code == "3001" {
						return map[string]float64{"9.0": 1, "9.1": 0.2, "9.2": 2.2}[s.Version]
					}
				}
				return 1
			}), []string{`failures up "3001/9.2" ×2.2`, `failures down "3001/9.1" ×0.2 better`},
		},
		{"a code is gone", usual(one, where(Slice{Code: "4001"}, 0)), []string{`failures gone "4001" ×0 better`}},
		{"a new code", withNew(40, "pay"), []string{`failures new "7777" ×+Inf mostly pay/A`}},
		{"a new code, too few", withNew(9, "pay"), nil},
		{"two codes rose", usual(one, func(s Slice) float64 {
			return map[string]float64{"3001": 2, "4001": 3, "5001": 1}[s.Code]
		}), []string{`failures up "4001" ×3`, `failures up "3001" ×2`}},
		{
			"an operationType is gone, with its code", usual(where(Slice{Operation: "pay"}, 0), one),
			[]string{`calls gone "pay" ×0`},
		},
		{
			"an app is gone that has one operationType", usual(where(Slice{Operation: "quote"}, 0), one),
			[]string{`calls gone "quote" ×0 mostly B`},
		},
		{
			"an app is gone that has three", usual(where(Slice{App: "A"}, 0), one),
			[]string{`calls gone "A" ×0`},
		},
		{"a host is silent", usual(where(Slice{Host: "gw1"}, 0), one), []string{`calls gone "gw1" ×0`}},
		{"a host gets few calls", usual(where(Slice{Host: "gw1"}, 0.1), one), []string{`calls down "gw1" ×0.1`}},
		{
			"a host is silent and a code rose", usual(where(Slice{Host: "gw1"}, 0), where(Slice{Code: "3001"}, 4)),
			[]string{`calls gone "gw1" ×0`, `failures up "3001" ×4`},
		},
		{
			"ten times the calls of one operationType", usual(where(Slice{Operation: "pay"}, 10), one),
			[]string{`calls up "pay" ×10 mostly A`},
		},
		{"no calls", traffic{}, []string{`calls gone "" ×0`}},
		{"few calls", usual(func(Slice) float64 { return 0.05 }, one), []string{`calls down "" ×0.05`}},
	} {
		for _, before := range []int{1, 6} {
			t.Run(fmt.Sprintf("%s, %d before", tc.name, before), func(t *testing.T) {
				t.Parallel()
				res := Compare(flat("2026-11-20", tc.now), usualDays(before), Options{})
				if got := briefs(res.Findings); !slices.Equal(got, tc.want) {
					t.Errorf("got  %q\nwant %q", got, tc.want)
				}
				for _, f := range res.Findings {
					if f.P < 0 || f.P > 1 || f.Q < 0 || f.Q > 0.01 || math.IsNaN(f.Ratio) || f.Now < 0 {
						t.Errorf("not possible: %+v", f)
					}
				}
			})
		}
	}
}

// lognormal is a distribution of durations with that median, in milliseconds,
// and a 95th percentile of 2.7 times the median.
func lognormal(n int, median float64) sorted {
	s := make(sorted, n)
	for i := range s {
		p := (float64(i) + 0.5) / float64(n)
		s[i] = int64(math.Round(median * math.Exp(0.6*math.Sqrt2*math.Erfinv(2*p-1))))
	}
	return s
}

// TestTimes plants changes of durations.
func TestTimes(t *testing.T) {
	t.Parallel()
	// times returns a span with durations: of the total and of the back end, for
	// each operationType and for all.
	times := func(day string, n func(op string) int, total, backend func(op string) float64) *Span {
		span := flat(day, usual(one, one))
		span.Times = map[string]Times{}
		var allTotal, allBackend sorted
		for i, op := range operations {
			t := lognormal(n(op), float64(60+40*i)*total(op))
			b := lognormal(n(op), float64(40+40*i)*backend(op))
			span.Times[op] = Times{t, b}
			allTotal, allBackend = append(allTotal, t...), append(allBackend, b...)
		}
		slices.Sort(allTotal)
		slices.Sort(allBackend)
		span.Times[""] = Times{allTotal, allBackend}
		return span
	}
	many := func(string) int { return 1000 }
	same := func(string) float64 { return 1 }
	only := func(op string, factor float64) func(string) float64 {
		return func(s string) float64 {
			if s == op {
				return factor
			}
			return 1
		}
	}
	all := func(factor float64) func(string) float64 { return func(string) float64 { return factor } }
	for _, tc := range []struct {
		name           string
		n              func(string) int
		total, backend func(string) float64
		want           []string
	}{
		{"nothing", many, same, same, nil},
		{"a little slower", many, all(1.15), all(1.15), nil},
		{"the back end of one", many, only("pay", 2), only("pay", 2), []string{`backend slower "pay" ×6.2`}},
		{"the back end of the one that takes most time", many, only("quote", 2.2), only("quote", 2.2), []string{`backend slower "quote" ×7.4`}},
		{"not the back end", many, only("list", 2), same, []string{`total slower "list" ×6.2`}},
		{"all, on the way", many, all(2.2), same, []string{`total slower "" ×6.1`}},
		{"all, in the back ends", many, all(2.2), all(2.2), []string{`backend slower "" ×5.8`}},
		{"one is faster", many, only("quote", 0.4), only("quote", 0.4), []string{`backend faster "quote" ×0.02 better`}},
		{"more calls of one that takes long", func(op string) int {
			if op == "quote" {
				return 20_000
			}
			return 1000
		}, same, same, nil},
		{"few calls", func(string) int { return 9 }, all(1.5), all(1.5), nil},
	} {
		for _, before := range []int{1, 6} {
			t.Run(fmt.Sprintf("%s, %d before", tc.name, before), func(t *testing.T) {
				t.Parallel()
				var days []*Span
				for i := range before {
					days = append(days, times(fmt.Sprintf("2026-11-%02d", 10+i), many, same, same))
				}
				now := times("2026-11-20", tc.n, tc.total, tc.backend)
				res := Compare(now, days, Options{})
				if got := briefs(res.Findings); !slices.Equal(got, tc.want) {
					t.Errorf("got  %q\nwant %q", got, tc.want)
				}
				for _, f := range res.Findings {
					if f.P95Before <= 0 || f.P95Now <= 0 || (f.P95Now > f.P95Before) != (f.Kind == Slower) {
						t.Errorf("95th percentiles %d ms before, %d ms now", f.P95Before, f.P95Now)
					}
				}
				if res.Times != before {
					t.Errorf("durations compared with %d days, want %d", res.Times, before)
				}

				// A day of which only the morning is known has other durations.
				now.Days["2026-11-20"] = 1<<12 - 1
				if res := Compare(now, days, Options{}); res.Times != 0 {
					t.Errorf("durations of a morning compared with %d whole days", res.Times)
				}
				now.Days["2026-11-20"] = allDay
				for i, span := range days {
					span.Days[fmt.Sprintf("2026-11-%02d", 10+i)] = 1<<12 - 1
				}
				if res := Compare(now, days, Options{}); res.Times != 0 || !res.Partial {
					t.Errorf("durations of a whole day compared with %d mornings", res.Times)
				}
			})
		}
	}
}

// TestHours checks which spans and hours are compared.
func TestHours(t *testing.T) {
	t.Parallel()
	const morning, evening = 1<<12 - 1, allDay &^ (1<<12 - 1)
	span := func(days ...uint32) *Span {
		s := flat("", usual(one, one))
		s.Days = map[string]uint32{}
		for i, mask := range days {
			s.Days[fmt.Sprintf("2026-11-%02d", i+1)] = mask
		}
		return s
	}
	for _, tc := range []struct {
		name     string
		now      *Span
		before   []*Span
		compared []int
		hours    uint32
		partial  bool
	}{
		{"none before", span(allDay), nil, nil, 0, false},
		{"whole days", span(allDay), []*Span{span(allDay), span(allDay)}, []int{0, 1}, allDay, false},
		{"a day that is not over", span(morning), []*Span{span(allDay)}, []int{0}, morning, false},
		{"one that lacks an hour", span(allDay), []*Span{span(allDay), span(allDay &^ 1)}, []int{0, 1}, allDay &^ 1, false},
		{"one that lacks too many", span(allDay), []*Span{span(evening), span(allDay)}, []int{1}, allDay, false},
		{
			"three that lack others", span(allDay),
			[]*Span{span(allDay &^ 7), span(allDay &^ (7 << 3)), span(allDay)},
			[]int{1, 2},
			allDay &^ (7 << 3), false,
		},
		{"half at most", span(allDay), []*Span{span(7), span(evening)}, []int{1}, evening, true},
		{"no hour in common", span(morning), []*Span{span(evening)}, nil, 0, false},
		{"empty", span(), []*Span{span(allDay)}, nil, 0, false},
		{"an empty one before", span(allDay), []*Span{span()}, nil, 0, false},
		{"hours of most days", span(allDay, allDay, morning), []*Span{span(allDay, morning, morning)}, []int{0}, morning, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			res := Compare(tc.now, tc.before, Options{})
			if !slices.Equal(res.Compared, tc.compared) || res.Hours != tc.hours || res.Partial != tc.partial {
				t.Errorf("compared with %v, hours %024b, partial %v, want %v, %024b, %v",
					res.Compared, res.Hours, res.Partial, tc.compared, tc.hours, tc.partial)
			}
		})
	}

	// The afternoon has not come yet, and is not missed: half of the calls, of the
	// same hours.
	now := flat("2026-11-20", usual(where(Slice{Operation: "pay"}, 0), one))
	now.Days["2026-11-20"] = morning
	for _, h := range now.Counts {
		clear(h[12:])
	}
	res := Compare(now, usualDays(6), Options{})
	if got, want := briefs(res.Findings), []string{`calls gone "pay" ×0`}; !slices.Equal(got, want) {
		t.Errorf("a morning: got %q, want %q", got, want)
	}
	if len(res.Findings) == 1 && res.Findings[0].Expected != 18000 {
		t.Errorf("a morning: %v calls were expected, want half of those of a day", res.Findings[0].Expected)
	}

	// A week has seven times the calls of a day.
	week := usual(one, where(Slice{Code: "3001"}, 3))
	for s := range week {
		week[s] *= 7
	}
	now = flat("", week)
	now.Days = map[string]uint32{}
	for i := range 7 {
		now.Days[fmt.Sprintf("2026-11-%02d", i+20)] = allDay
	}
	res = Compare(now, usualDays(6), Options{})
	if got, want := briefs(res.Findings), []string{`failures up "3001" ×3`}; !slices.Equal(got, want) {
		t.Errorf("a week: got %q, want %q", got, want)
	}
}

// TestFailuresOnly compares logs without calls that succeeded.
func TestFailuresOnly(t *testing.T) {
	t.Parallel()
	// failures returns the failures of a usual day, which are all the calls.
	failures := func(rate func(Slice) float64) traffic {
		all := traffic{}
		for s, n := range usual(one, rate) {
			if s.Code == "" {
				continue
			}
			all[s] = n
			if dims := s.fields() &^ fCode; dims != fAll&^fCode {
				all[s.only(dims)] += n
			}
		}
		return all
	}
	var before []*Span
	for i := range 6 {
		before = append(before, flat(fmt.Sprintf("2026-11-%02d", 10+i), failures(one)))
	}
	for _, tc := range []struct {
		name string
		rate func(Slice) float64
		want []string
	}{
		{"nothing", one, nil},
		{"a code rose", where(Slice{Code: "3001"}, 5), []string{`failures up "3001" ×5`}},
		{"half more of everything", func(Slice) float64 { return 1.5 }, nil},
		{"a code is gone", where(Slice{Code: "3001"}, 0), []string{`failures gone "3001" ×0 better`}},
		{"a host is silent", where(Slice{Host: "gw1"}, 0), []string{`calls gone "gw1" ×0`}},
		{
			"none of one operationType", where(Slice{Operation: "pay"}, 0),
			[]string{`failures gone "3001/pay" ×0 mostly A better`, `failures gone "4001/pay" ×0 mostly A better`, `failures gone "5001" ×0 mostly pay/A better`},
		},
		{"none", func(Slice) float64 { return 0 }, []string{`calls gone "" ×0`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			res := Compare(flat("2026-11-20", failures(tc.rate)), before, Options{})
			if got := briefs(res.Findings); !slices.Equal(got, tc.want) {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
			if !res.PerHour {
				t.Error("compared by calls that are not there")
			}
		})
	}
	if Compare(flat("2026-11-20", usual(one, one)), usualDays(1), Options{}).PerHour {
		t.Error("compared by the hour, though there are calls")
	}
}

// TestFolded checks that what was left out, to keep the heaviest only, is not
// taken for gone or new.
func TestFolded(t *testing.T) {
	t.Parallel()
	pair := Slice{Code: "7777", Version: "9.0"}
	with := func(n int64) traffic {
		all := usual(one, one)
		if n > 0 {
			all[pair] = n
		}
		return all
	}
	fold := func(day string, counts traffic) *Span {
		span := flat(day, counts)
		span.Folded = []Slice{{Code: "*", Version: "*"}}
		span.Missed = 100
		return span
	}
	const day, earlier = "2026-11-20", "2026-11-19"
	for _, tc := range []struct {
		name        string
		now, before *Span
		want        []string
	}{
		{"gone", flat(day, with(0)), flat(earlier, with(90)), []string{`failures gone "7777/9.0" ×0 better`}},
		{"left out now", fold(day, with(0)), flat(earlier, with(90)), nil},
		{"new", flat(day, with(90)), flat(earlier, with(0)), []string{`failures new "7777/9.0" ×+Inf`}},
		{"left out before", flat(day, with(90)), fold(earlier, with(0)), nil},
		{"too many to have been left out", flat(day, with(9000)), fold(earlier, with(0)), []string{`failures up "7777/9.0" ×90`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			res := Compare(tc.now, []*Span{tc.before}, Options{})
			if got := briefs(res.Findings); !slices.Equal(got, tc.want) {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

// TestMax checks what is cut, and the order of what is not.
func TestMax(t *testing.T) {
	t.Parallel()
	now := usual(where(Slice{Host: "gw2"}, 0), where(Slice{Code: "4001"}, 0))
	for i := range 9 {
		now.failures(int64(20+10*i), fmt.Sprintf("77%02d", i), "login", "A", "9.0", "gw1")
	}
	all := Compare(flat("2026-11-20", now), usualDays(2), Options{})
	if len(all.Findings) != 11 || all.Cut != 0 {
		t.Fatalf("%d findings, %d cut: %q", len(all.Findings), all.Cut, briefs(all.Findings))
	}
	if first, last := all.Findings[0], all.Findings[10]; first.Measure != Calls || all.Findings[1].Now != 100 || !last.Better {
		t.Errorf("not the most important first: %q", briefs(all.Findings))
	}
	some := Compare(flat("2026-11-20", now), usualDays(2), Options{Max: 4})
	if !slices.Equal(some.Findings, all.Findings[:4]) || some.Cut != 7 {
		t.Errorf("%d findings, %d cut, want the first 4 of the others, 7 cut", len(some.Findings), some.Cut)
	}
}

// TestTests checks what is a test: not what can never be reported, and nothing
// twice.
func TestTests(t *testing.T) {
	t.Parallel()
	tests := func(counts traffic) int {
		return Compare(flat("2026-11-20", counts), []*Span{flat("2026-11-19", counts)}, Options{}).Tests
	}
	for _, tc := range []struct {
		name   string
		counts traffic
		want   int
	}{
		{"none", traffic{}, 0},
		{"calls", traffic{}.calls(1000, "pay", "A", "9.0", "gw1"), 1},
		{"a code", traffic{}.calls(1000, "pay", "A", "9.0", "gw1").failures(5, "3001", "pay", "A", "9.0", "gw1"), 2},
		{"too few", traffic{}.calls(1000, "pay", "A", "9.0", "gw1").failures(4, "3001", "pay", "A", "9.0", "gw1"), 1},
		{
			"two hosts", traffic{}.calls(500, "pay", "A", "9.0", "gw1").calls(500, "pay", "A", "9.0", "gw2").
				failures(5, "3001", "pay", "A", "9.0", "gw1").failures(5, "3001", "pay", "A", "9.0", "gw2"), 6,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := tests(tc.counts); got != tc.want {
				t.Errorf("%d tests, want %d", got, tc.want)
			}
		})
	}
}

// TestBigger checks what is too small to tell.
func TestBigger(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b, least float64
		want        bool
	}{
		{10, 0, 1.5, true},
		{9, 0, 1.5, false},
		{0, 10, 1.5, true},
		{15, 6, 1.5, false},
		{16, 6, 1.5, true},
		{149, 100, 1.5, false},
		{100, 150, 1.5, true},
		{100, 150, 2, false},
		{0, 0, 2, false},
	} {
		if got := bigger(tc.a, tc.b, tc.least); got != tc.want {
			t.Errorf("%v against %v, at least ×%v: %v", tc.a, tc.b, tc.least, got)
		}
	}
}

// TestWidest checks which dimension tells where a code moved.
func TestWidest(t *testing.T) {
	t.Parallel()
	moved := func(excess ...float64) (all []*series) {
		for _, n := range excess {
			all = append(all, &series{y: []float64{100 + n, 100}, e: []float64{1, 1}})
		}
		return all
	}
	for _, tc := range []struct {
		name  string
		pairs map[field][]*series
		want  field
	}{
		{"none", nil, 0},
		{"one value", map[field][]*series{fVersion: moved(100), fHost: moved(60, 40)}, fVersion},
		{"one value that has little of it", map[field][]*series{fVersion: moved(50), fHost: moved(60, 40)}, fHost},
		{"the same twice", map[field][]*series{fOperation: moved(100), fApp: moved(100)}, fOperation},
		{"less", map[field][]*series{fOperation: moved(-20), fApp: moved(-50, -40)}, fApp},
	} {
		if got := widest(tc.pairs); got != tc.want {
			t.Errorf("%s: %05b, want %05b", tc.name, got, tc.want)
		}
	}
}

// TestPercentile checks the 95th percentile of several days together.
func TestPercentile(t *testing.T) {
	t.Parallel()
	numbers := func(from, to int64) (s sorted) {
		for i := from; i <= to; i++ {
			s = append(s, i)
		}
		return s
	}
	for _, tc := range []struct {
		name string
		of   []Durations
		want int64
	}{
		{"one day", []Durations{numbers(1, 100)}, 95},
		{"two days", []Durations{numbers(1, 100), numbers(101, 200)}, 190},
		{"a day with few", []Durations{numbers(1, 1000), numbers(5000, 5009)}, 960},
		{"all the same", []Durations{sorted{7, 7, 7}, sorted{7}}, 7},
	} {
		if got := percentile(tc.of); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}
