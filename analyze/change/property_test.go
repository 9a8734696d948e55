package change

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"
)

// TestOrder checks that the order of the spans before does not matter, nor that
// of maps.
func TestOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(11)
	w.swing, w.clump, w.slow = 0.2, 2, 0.1
	before := w.days(0, 6)
	before[2].Days["day 0002"] = allDay &^ 0x7000 // is left out, or takes hours from the others
	before[4].Days["day 0004"] = 0xff
	now := w.day(6, plant{code: "3007", times: 3, op: 0, version: -1, host: 1, slower: 2})
	want := Compare(now, before, Options{Q: 0.2})
	if len(want.Findings) < 3 || len(want.Compared) != 5 {
		t.Fatalf("%d findings, compared with %v: nothing to see the order by", len(want.Findings), want.Compared)
	}
	for range 20 {
		order := w.rng.Perm(len(before))
		var shuffled []*Span
		for _, i := range order {
			shuffled = append(shuffled, before[i])
		}
		got := Compare(now, shuffled, Options{Q: 0.2})
		var compared []int
		for _, i := range got.Compared {
			compared = append(compared, order[i])
		}
		slices.Sort(compared)
		if !slices.Equal(compared, want.Compared) {
			t.Errorf("in the order %v: compared with %v, want %v", order, compared, want.Compared)
		}
		got.Compared = want.Compared
		if !reflect.DeepEqual(got, want) {
			t.Errorf("in the order %v:\n%+v\nwant\n%+v", order, got, want)
		}
	}
}

// TestScale checks that rates do not depend on the traffic: with 1.8 times the
// calls, and the failures that go with them, nothing is found, and with 5 times
// only numbers of calls.
func TestScale(t *testing.T) {
	t.Parallel()
	w := newWorld(12)
	before := w.days(0, 6)
	for _, factor := range []float64{0.3, 0.6, 1.8, 5} {
		w.calls *= factor
		for i := range w.codes {
			w.codes[i].mean *= factor
		}
		now := w.day(6, nothing)
		w.calls /= factor
		for i := range w.codes {
			w.codes[i].mean /= factor
		}
		for _, f := range Compare(now, before, Options{}).Findings {
			if f.Measure != Calls {
				t.Errorf("%.1f times the traffic: %s", factor, f.brief())
			} else if factor > 0.5 && factor < 2 {
				t.Errorf("%.1f times the traffic is within the usual: %s", factor, f.brief())
			}
		}
	}
}

// TestUnchanged checks that the spans are left as they are.
func TestUnchanged(t *testing.T) {
	t.Parallel()
	span := func() *Span { return flat("2026-11-20", usual(where(Slice{Code: "3001"}, 3), one)) }
	now, before := span(), usualDays(2)
	Compare(now, before, Options{})
	if !reflect.DeepEqual(now, span()) || !reflect.DeepEqual(before, usualDays(2)) {
		t.Error("a span was changed")
	}
}

// FuzzCompare builds spans of any numbers, also of such as no log gives. There
// is no panic, what is found is possible, and the order does not matter.
func FuzzCompare(f *testing.F) {
	f.Add([]byte("\x03\xff\xff\xff0123456789abcdefghijklmnopqrstuvwxyz"), int64(1))
	f.Add([]byte("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), int64(1)<<40)
	f.Add([]byte{2, 255, 255, 255, 31, 200, 0, 9, 1, 250, 31, 0, 3, 1, 1, 0, 255}, int64(math.MaxInt64))
	f.Add([]byte{2, 255, 255, 255, 31, 200, 0, 9, 1, 250, 31, 0, 3, 1, 1, 0, 255}, int64(math.MinInt64))
	f.Fuzz(func(t *testing.T, data []byte, scale int64) {
		next := func() byte {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return b
		}
		value := func(set bool, name string) string {
			if !set {
				return ""
			}
			return name + string('0'+next()%2)
		}
		var spans []*Span
		for i := range 2 + int(next()%4) {
			span := &Span{Days: map[string]uint32{}, Counts: map[Slice]*Hours{}, Times: map[string]Times{}, Missed: int64(next())}
			span.Days[fmt.Sprint(i)] = uint32(next())<<16 | uint32(next())<<8 | uint32(next())
			for range next() % 32 {
				kind := field(next())
				s := Slice{
					value(kind&fCode != 0, "c"), value(kind&fOperation != 0, "o"), value(kind&fApp != 0, "a"),
					value(kind&fVersion != 0, "v"), value(kind&fHost != 0, "h"),
				}
				h := new(Hours)
				for range next() % 8 {
					h[next()%24] += int64(next()) * scale
				}
				span.Counts[s] = h
				if kind&64 != 0 {
					span.Folded = append(span.Folded, s)
				}
				if kind&128 != 0 {
					span.Times[s.Operation] = Times{Total: sorted{int64(next()), int64(next()) + 255}, Backend: odd{int64(next()) * scale}}
				}
			}
			spans = append(spans, span)
		}
		opt := Options{Q: float64(next()) / 255, Max: 1 + int(next())}
		res := Compare(spans[0], spans[1:], opt)
		for _, f := range res.Findings {
			if !(f.P >= 0 && f.P <= 1 && f.Q >= 0 && f.Q <= 1) || math.IsNaN(f.Ratio) || math.IsNaN(f.Expected) {
				t.Errorf("not possible: %+v", f)
			}
		}
		if len(res.Findings) > opt.Max {
			t.Errorf("%d findings, want %d at most", len(res.Findings), opt.Max)
		}
		for i, span := range spans { // other maps, in another order
			other := *span
			other.Counts = maps.Clone(span.Counts)
			spans[i] = &other
		}
		if again := Compare(spans[0], spans[1:], opt); !reflect.DeepEqual(again, res) {
			t.Errorf("%+v\nthe second time\n%+v", again, res)
		}
	})
}

// odd is a distribution that contradicts itself.
type odd struct{ n int64 }

func (o odd) Count() int64           { return o.n }
func (o odd) Above(ms int64) int64   { return o.n - ms }
func (o odd) Quantile(float64) int64 { return -o.n }

// BenchmarkCompare compares a busy gateway's day with ten: 20,000 slices.
func BenchmarkCompare(b *testing.B) {
	w := newWorld(13)
	w.times = 100
	w.versions = nil
	for range 40 {
		w.versions = append(w.versions, 1.0/40)
	}
	w.hosts = []float64{0.25, 0.25, 0.25, 0.25}
	for i := range 30 {
		w.codes = append(w.codes, worldCode{fmt.Sprint(6000 + i), 1500, -1})
	}
	before := w.days(0, 10)
	now := w.day(10, plant{code: "3007", times: 3, op: -1, version: -1, host: 1})
	slices := 0
	for _, span := range before {
		slices = max(slices, len(span.Counts))
	}
	b.ReportAllocs()
	for b.Loop() {
		if res := Compare(now, before, Options{}); len(res.Findings) == 0 {
			b.Fatal("nothing found")
		}
	}
	b.ReportMetric(float64(slices), "slices/day")
}
