package change

import (
	"fmt"
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
	const days = 300
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
// are found, as what they are and with not more than one line beside them.
func TestPower(t *testing.T) {
	t.Parallel()
	const trials = 40
	code := func(kind Kind) func(Finding) bool {
		return func(f Finding) bool { return f.Kind == kind && f.Measure == Failures && f.Slice.Code == "P" }
	}
	for _, tc := range []struct {
		name  string
		sizes []float64
		make  func(w *world, size float64) plant
		want  func(Finding) bool
		times bool
	}{
		{
			"code doubled, failures a day",
			[]float64{40, 60, 80, 120, 300, 1000},
			func(w *world, size float64) plant {
				w.codes = append(w.codes, worldCode{"P", size, -1})
				return plant{code: "P", times: 2, op: -1, version: -1, host: -1}
			},
			code(Up), false,
		},
		{
			"new code, failures a day",
			[]float64{12, 15, 20, 30},
			func(_ *world, size float64) plant { return plant{code: "P", mean: size, op: -1, version: -1, host: -1} },
			code(New), false,
		},
		{
			"operationType gone, calls a day",
			[]float64{20, 30, 40, 50, 70},
			func(w *world, size float64) plant {
				w.ops = append(w.ops, worldOp{size / w.calls, 50})
				return plant{gone: true, op: len(w.ops) - 1, version: -1, host: -1}
			},
			func(f Finding) bool { return f.Kind == Gone && f.Measure == Calls && f.Slice.Operation == "op10" }, false,
		},
		{
			"back end twice as slow, calls a day",
			[]float64{50, 100, 200, 400},
			func(w *world, size float64) plant {
				w.ops = append(w.ops, worldOp{size / w.calls, 50})
				return plant{slower: 2, op: len(w.ops) - 1, version: -1, host: -1}
			},
			func(f Finding) bool { return f.Kind == Slower && f.Slice.Operation == "op10" }, true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, q := range quietWorlds[:4] {
				for _, before := range []int{1, 6} {
					line := ""
					for i, size := range tc.sizes {
						found, others := 0, 0
						for trial := range trials {
							w := newWorld(uint64(1000*i + trial))
							w.codes = w.codes[:7] // those with many failures take long to make
							if !tc.times {
								w.times = 0
							}
							q.set(w)
							p := tc.make(w, size)
							days := w.days(0, before)
							res := Compare(w.day(before, p), days, Options{})
							for _, f := range res.Findings {
								if tc.want(f) {
									found++
								} else {
									others++
								}
							}
						}
						line += fmt.Sprintf(" %.0f: %d%%(+%d)", size, found*100/trials, others)
					}
					t.Logf("%s, %d before:%s", q.name, before, line)
				}
			}
		})
	}
}
