package change

import (
	"fmt"
	"slices"
	"testing"
)

// quietWorlds are worlds in which nothing changes, but for what is usual.
var quietWorlds = []struct {
	name string
	set  func(*world)
}{
	{"chance alone", func(*world) {}},
	{"rates swing by 10 %", func(w *world) { w.swing, w.slow = 0.1, 0.03 }},
	{"rates swing by 20 %", func(w *world) { w.swing, w.slow = 0.2, 0.05 }},
	{"weekdays, rates swing by 15 %", func(w *world) { w.swing, w.traffic, w.slow = 0.15, true, 0.05 }},
	{"clumps of 4, rates swing by 10 %", func(w *world) { w.clump, w.swing, w.slow = 4, 0.1, 0.03 }},
	{"failures only, weekdays, rates swing by 15 %", func(w *world) { w.errors, w.traffic, w.swing = true, true, 0.15 }},
}

// TestQuietDays counts the findings on days on which nothing changed: at most
// one day in 30 may have any.
func TestQuietDays(t *testing.T) {
	t.Parallel()
	const days = 150
	for i, tc := range quietWorlds {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(uint64(i + 1))
			tc.set(w)
			all := w.days(0, days+6)
			for _, before := range []int{1, 6} {
				alarms, findings := 0, 0
				for d := 6; d < len(all); d++ {
					res := Compare(all[d], all[d-before:d], Options{})
					if len(res.Compared) != before || res.Tests < 50 {
						t.Fatalf("compared with %d days in %d tests", len(res.Compared), res.Tests)
					}
					if len(res.Findings) > 0 {
						alarms++
						findings += len(res.Findings)
						if alarms <= 5 {
							t.Logf("%+v", res.Findings)
						}
					}
				}
				t.Logf("%s: %d before: %d of %d days have a false alarm, %d findings", tc.name, before, alarms, days, findings)
				if alarms*30 > days {
					t.Errorf("%d before: more than one day in 30", before)
				}
			}
		})
	}
}

// TestPower plants changes of known sizes into quiet days and counts how many
// are found as what they are. It prints at what size, and wants 95 % of them where
// nothing but chance is at work.
func TestPower(t *testing.T) {
	t.Parallel()
	const trials = 20
	code := func(kind Kind) func(Finding) bool {
		return func(f Finding) bool { return f.Kind == kind && f.Measure == Failures && f.Slice.Code == "P" }
	}
	more := func(factor float64) func(*world, float64) plant {
		return func(w *world, size float64) plant {
			w.codes = append(w.codes, worldCode{"P", size, -1})
			return plant{code: "P", times: factor, op: -1, version: -1, host: -1}
		}
	}
	for _, tc := range []struct {
		name   string
		sizes  []float64
		plant  func(w *world, size float64) plant
		want   func(Finding) bool
		times  bool       // durations are of interest
		enough [2]float64 // the size of which 95 % are found with 1 and with 6 days before; 0: none of these
	}{
		{"a code doubled, failures a day", []float64{40, 80, 300}, more(2), code(Up), false, [2]float64{300, 80}},
		{"a code with three times the failures", []float64{20, 40, 80, 300}, more(3), code(Up), false, [2]float64{300, 40}},
		{"a new code, failures a day", []float64{12, 15, 20, 30}, func(_ *world, size float64) plant {
			return plant{code: "P", mean: size, op: -1, version: -1, host: -1}
		}, code(New), false, [2]float64{30, 20}},
		{"an operationType gone, calls a day", []float64{20, 30, 40, 50}, func(w *world, size float64) plant {
			w.ops = append(w.ops, worldOp{size / w.calls, 50})
			return plant{gone: true, op: len(w.ops) - 1, version: -1, host: -1}
		}, func(f Finding) bool { return f.Kind == Gone && f.Measure == Calls && f.Slice.Operation == "op10" }, false, [2]float64{50, 30}},
		{"a back end twice as slow, calls a day", []float64{50, 100, 200, 400}, func(w *world, size float64) plant {
			w.ops = append(w.ops, worldOp{size / w.calls, 50})
			return plant{slower: 2, op: len(w.ops) - 1, version: -1, host: -1}
		}, func(f Finding) bool { return f.Kind == Slower && f.Slice.Operation == "op10" }, true, [2]float64{400, 200}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, q := range quietWorlds[:2] {
				for b, before := range []int{1, 6} {
					line, lines := "", 0
					for i, size := range tc.sizes {
						found := 0
						for trial := range trials {
							w := newWorld(uint64(1000*i + trial))
							w.codes = w.codes[:7] // those with many failures take long to make
							if !tc.times {
								w.times = 0
							}
							q.set(w)
							p := tc.plant(w, size)
							days := w.days(0, before)
							findings := Compare(w.day(before, p), days, Options{}).Findings
							if slices.ContainsFunc(findings, tc.want) {
								found++
							}
							lines += len(findings)
						}
						line += fmt.Sprintf(" %.0f: %d %%,", size, found*100/trials)
						if q.name == quietWorlds[0].name && size == tc.enough[b] && found*100 < 95*trials {
							t.Errorf("%d before: %d of %d found of the size %.0f", before, found, trials, size)
						}
					}
					t.Logf("%s, %d before: found%s %d findings for %d plants", q.name, before, line, lines, trials*len(tc.sizes))
					if float64(lines) > 1.1*float64(trials*len(tc.sizes)) {
						t.Errorf("%s, %d before: %d findings for %d plants", q.name, before, lines, trials*len(tc.sizes))
					}
				}
			}
		})
	}
}
