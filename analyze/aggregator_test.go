package analyze

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mgslog/parser"
)

// digestLine returns one line of a gateway digest.
func digestLine(t time.Time, op, app string, code, ms int, stress string) string {
	return fmt.Sprintf("%s - (/mgw.htm,response,%s,%dms,%s,-,%s,default,%d,-,1.0,-,-,dev,dev,dev,1.2.3.4,HTTP,JSON,2,24,%s,0a1d7667%d829820658,T,ANDROID,%d,4,2.0)\n",
		t.UTC().Format("2006-01-02 15:04:05,000"), map[bool]string{true: "Y", false: "N"}[code == 1000], ms, op, app, code, stress,
		t.UnixMilli()-int64(ms), ms/2)
}

// randomLog returns a digest log of n lines.
func randomLog(r *rand.Rand, n int, ops int, span time.Duration) string {
	var b strings.Builder
	start := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	codes := []int{1000, 1000, 1000, 1000, 4001, 4001, 7003, 6666, 8002, 5999}
	for i := range n {
		at := start.Add(time.Duration(int64(span)/int64(n)*int64(i)) + time.Duration(r.IntN(2000))*time.Millisecond)
		stress := "F"
		if r.IntN(50) == 0 {
			stress = "T"
		}
		b.WriteString(digestLine(at, fmt.Sprintf("com.acme.op%d.query", r.IntN(ops)), fmt.Sprintf("APP%d", r.IntN(3)),
			codes[r.IntN(len(codes))], r.IntN(5000), stress))
		if r.IntN(20) == 0 {
			fmt.Fprintf(&b, "%s ERROR uncoded\njava.lang.NullPointerException: x\n", at.Format("2006-01-02 15:04:05,000"))
		}
		if r.IntN(100) == 0 {
			b.WriteString("2026-11-20 00:00:00,000 - (/mgw.htm,resp\n")
		}
	}
	return b.String()
}

// addLog reads a log into a. Every 37th record loses its time. It returns how
// many of those have no code either.
func addLog(t testing.TB, a *Aggregator, name, log string) (undatedUncoded int64) {
	t.Helper()
	in := &Input{Path: name}
	a.AddInput(in)
	r := parser.NewReader(strings.NewReader(log), parser.Options{Profile: parser.Detect([]byte(log), name, nil)})
	for r.Scan() {
		if rec := r.Record(); rec != nil {
			if in.Records%37 == 36 {
				rec.NoTime = true
				if rec.Code == parser.NoCode {
					undatedUncoded++
				}
			}
			a.Add(rec)
		} else {
			a.AddSkipped(r.Skipped())
		}
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	in.Lines = r.Lines()
	return undatedUncoded
}

// TestMerge splits inputs at random over five aggregators and merges them:
// the summary must be that of one aggregator over all.
func TestMerge(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		span := []time.Duration{time.Minute, 3 * time.Hour, 40 * 24 * time.Hour}[seed%3]
		cfg := Config{Location: time.FixedZone("+08:00", 8*3600), Filter: Filter{IncludeStress: seed%2 == 0}}
		if seed%4 == 1 {
			cfg.Window = 7 * time.Minute
		}
		one := New(cfg)
		parts := make([]*Aggregator, 5)
		for i := range parts {
			parts[i] = New(cfg)
		}
		files := 0
		for i := range parts {
			for range r.IntN(4) {
				name := fmt.Sprintf("log%d", files)
				log := randomLog(r, 1+r.IntN(3000), 40, span)
				files++
				addLog(t, one, name, log)
				addLog(t, parts[i], name, log)
			}
		}
		merged := parts[0]
		for _, p := range parts[1:] {
			if err := merged.Merge(p); err != nil {
				t.Fatal(err)
			}
		}
		got, want := merged.Summary(), one.Summary()
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: merged\n%s\none\n%s", seed, describe(got), describe(want))
		}
		if again := merged.Summary(); !reflect.DeepEqual(got, again) {
			t.Fatalf("seed %d: a second summary differs", seed)
		}
	}
	if err := New(Config{}).Merge(New(Config{Window: time.Hour})); err != ErrConfig {
		t.Errorf("merging different configurations: %v", err)
	}
}

func describe(s *Summary) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%+v window %v %d windows\n", s.Totals, s.Window, len(s.Windows))
	for _, c := range s.Codes {
		fmt.Fprintf(&b, "%v %d %+v %v %v\n", c.Key, c.Count, c.Latency, c.Operations, c.Samples)
	}
	return b.String()
}

// TestTotals holds that the numbers of a summary add up.
func TestTotals(t *testing.T) {
	a := New(Config{})
	log := randomLog(rand.New(rand.NewPCG(7, 7)), 5000, 30, 5*time.Hour)
	undatedUncoded := addLog(t, a, "x", log)
	s := a.Summary()
	if lines := int64(strings.Count(log, "\n")); s.Inputs[0].Lines != lines {
		t.Errorf("%d lines, want %d", s.Inputs[0].Lines, lines)
	}
	tot := s.Totals
	if tot.Coded+tot.Uncoded != tot.Records || tot.Success+tot.Failures != tot.Coded ||
		tot.Records+tot.Stress+tot.Filtered != s.Inputs[0].Records || tot.Skipped != s.Inputs[0].Skipped ||
		tot.Stress == 0 || tot.Skipped == 0 || tot.Uncoded == 0 {
		t.Errorf("totals do not add up: %+v of %+v", tot, s.Inputs[0])
	}
	if tot.Undated == 0 || tot.Undated >= tot.Records/30 || undatedUncoded == 0 {
		t.Errorf("%d undated records, %d of them without a code", tot.Undated, undatedUncoded)
	}
	var codes, windows, uncoded, undated int64
	for _, c := range s.Codes {
		codes += c.Count
		undated += c.Undated
		if sum(c.Operations) != c.Count || sum(c.Apps) != c.Count || sum(c.Files) != c.Count {
			t.Errorf("%v: breakdowns do not add up to %d", c.Key, c.Count)
		}
		var evidence int64
		for _, n := range c.Evidence {
			evidence += n
		}
		if evidence != c.Count || c.First > c.Last || c.First < s.From || c.Last > s.To {
			t.Errorf("%v: evidence %d of %d, %d to %d", c.Key, evidence, c.Count, c.First, c.Last)
		}
	}
	for _, w := range s.Windows {
		n := w.Uncoded
		for _, k := range w.Counts {
			n += k
		}
		if n != w.Records {
			t.Errorf("window %d: %d of %d", w.Start, n, w.Records)
		}
		windows += w.Records
		uncoded += w.Uncoded
	}
	if codes != tot.Coded || windows+tot.Undated != tot.Records || uncoded+undatedUncoded != tot.Uncoded ||
		undated+undatedUncoded != tot.Undated {
		t.Errorf("%d coded, %d in windows, %d uncoded of %+v", codes, windows, uncoded, tot)
	}
	var sides int64
	for _, x := range s.Sides {
		sides += x.Count
	}
	if sides != tot.Failures {
		t.Errorf("sides have %d of %d failures", sides, tot.Failures)
	}
}

func sum(b Breakdown) int64 {
	n := b.None + b.Other
	for _, e := range b.Entries {
		n += e.Count
	}
	return n
}

// TestCounterBounds holds what a Counter promises beyond its bound: memory,
// totals, and that each true count is within the stated error.
func TestCounterBounds(t *testing.T) {
	const max = 100
	shared := &budget{left: 1000, folding: func() {}}
	c := newCounter(max, shared)
	truth := map[string]int64{}
	r := rand.New(rand.NewPCG(1, 2))
	z := rand.NewZipf(r, 1.3, 1, 1<<20)
	const n = 200_000
	for range n {
		key := fmt.Sprint("op", z.Uint64())
		truth[key]++
		c.add([]byte(key), 1)
		if len(c.order) > max {
			t.Fatalf("%d keys", len(c.order))
		}
	}
	b := c.breakdown(max)
	if b.Folded == 0 || sum(b) != n {
		t.Errorf("folded %d, sum %d", b.Folded, sum(b))
	}
	listed := map[string]bool{}
	for _, e := range b.Entries {
		listed[e.Value] = true
		if true_ := truth[e.Value]; true_ < e.Count || true_ > e.Count+e.Missed {
			t.Errorf("%s: %d, stated %d to %d", e.Value, true_, e.Count, e.Count+e.Missed)
		}
	}
	for key, n := range truth {
		if !listed[key] && n > b.Missed {
			t.Errorf("%s is not listed with %d, at most %d are said to be missed", key, n, b.Missed)
		}
	}
	heaviest := slices.SortedFunc(maps.Keys(truth), func(a, b string) int { return cmp.Compare(truth[b], truth[a]) })
	for i, key := range heaviest[:5] {
		if b.Entries[i].Value != key || b.Entries[i].Missed != 0 {
			t.Errorf("heavy hitter %d is %+v, want %s with %d", i, b.Entries[i], key, truth[key])
		}
	}
	if shared.left != 1000-len(c.order) {
		t.Errorf("budget %d with %d keys", shared.left, len(c.order))
	}
}

// TestMergedBounds holds the same for merged counters.
func TestMergedBounds(t *testing.T) {
	truth := map[string]int64{}
	r := rand.New(rand.NewPCG(3, 4))
	z := rand.NewZipf(r, 1.2, 1, 1<<16)
	var all *Counter
	for range 6 {
		c := newCounter(50, &budget{left: 10_000, folding: func() {}})
		for range 20_000 {
			key := fmt.Sprint("op", z.Uint64())
			truth[key]++
			c.add([]byte(key), 0)
		}
		if all == nil {
			all = c
		} else {
			all.merge(c)
		}
	}
	b := all.breakdown(50)
	if sum(b) != 120_000 {
		t.Errorf("sum %d", sum(b))
	}
	for _, e := range b.Entries {
		if n := truth[e.Value]; n < e.Count || n > e.Count+e.Missed {
			t.Errorf("%s: %d, stated %d to %d", e.Value, n, e.Count, e.Count+e.Missed)
		}
		delete(truth, e.Value)
	}
	for key, n := range truth {
		if n > b.Missed {
			t.Errorf("%s is not listed with %d, at most %d are said to be missed", key, n, b.Missed)
		}
	}
}

// TestQuantiles holds the stated error of quantiles, also of durations that were
// merged from parts and whose counts have gone beyond 32 bits.
func TestQuantiles(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{1, 2, 10, 999, 20_000} {
		var parts [3]durations
		var values []int64
		for range n {
			v := int64(r.ExpFloat64() * 700)
			values = append(values, v)
			parts[r.IntN(3)].add(v, 2*v)
		}
		parts[0].add(-1, -1)
		d := &parts[0]
		d.merge(&parts[1])
		d.merge(&parts[2])
		d.merge(nil)
		slices.Sort(values)
		latency, backend := d.quantiles()
		for factor, q := range map[int64]*Quantiles{1: latency, 2: backend} {
			if q.Count != int64(n) || q.Max != factor*values[n-1] {
				t.Errorf("%d values: %+v", n, q)
			}
			for percent, got := range map[int]int64{50: q.P50, 95: q.P95, 99: q.P99} {
				want := factor * values[(n*percent+99)/100-1]
				if d := float64(got - want); d > float64(want)/128+0.5 || d < -float64(want)/128-0.5 {
					t.Errorf("%d values: p%d is %d, want %d", n, percent, got, want)
				}
			}
		}
	}
	for v := int64(0); v < 1<<31; v = v*5/4 + 1 {
		if i := bucketOf(v); i < 0 || bucketOf(bucketMiddle(i)) != i {
			t.Errorf("%d: bucket %d has the middle %d", v, i, bucketMiddle(i))
		}
	}
	var d durations
	d.add(1<<60, -1)
	if l, b := d.quantiles(); l.Count != 1 || l.Max != 1<<60 || b != nil {
		t.Errorf("a huge duration: %+v, %+v", l, b)
	}
	if l, b := (*durations)(nil).quantiles(); l != nil || b != nil {
		t.Error("quantiles of nothing")
	}
}

// TestManyTimes holds that counts beyond 16 bits are right.
func TestManyTimes(t *testing.T) {
	var sum durations
	var latencies, backends int64
	for part := range 3 {
		var d durations
		for i := range 150_000 {
			backend := int64(7 + i%2)
			if i%5 == part {
				backend = -1
			} else if backend == 7 {
				backends++
			}
			d.add(7, backend)
			latencies++
		}
		sum.merge(&d)
	}
	l, b := sum.quantiles()
	if l.Count != latencies || l.P50 != 7 || l.Max != 7 {
		t.Errorf("total: %+v, want %d", l, latencies)
	}
	if b.Count != 360_000 || b.P95 != 8 || b.P50 != 7 || 2*backends != b.Count {
		t.Errorf("back end: %+v, %d of 7 ms", b, backends)
	}
}

// TestKnownCodes holds that codes of the catalogue are told apart however many
// unknown ones came before them.
func TestKnownCodes(t *testing.T) {
	a := New(Config{})
	a.AddInput(&Input{Path: "x"})
	rec := parser.Record{Evidence: parser.ByPosition}
	for i := range 400 {
		rec.Code = parser.Code(20_000 + i)
		a.Add(&rec)
	}
	for range 100 {
		rec.Code = 1000
		a.Add(&rec)
		rec.Code = 4001
		a.Add(&rec)
	}
	s := a.Summary()
	if s.Totals.Success != 100 || s.Codes[0].Count != 100 || s.Codes[1].Count != 100 || s.ExcessCodes != 400-maxUnknown {
		t.Errorf("%+v, excess %d", s.Totals, s.ExcessCodes)
	}
}

// TestManyCells holds the bound of counts by window and code.
func TestManyCells(t *testing.T) {
	a := New(Config{Window: time.Second})
	a.AddInput(&Input{Path: "x"})
	rec := parser.Record{Evidence: parser.ByPosition}
	for i := range 10_000 {
		for _, code := range []parser.Code{1000, 1001, 1002, 1005, 2000, 3000, 3001, 3002, 3003, 4001, 4002, 4003, 5000, 6000, 6001, 6002, 7000, 7001} {
			rec.Time, rec.Code = int64(i)*1000, code
			a.Add(&rec)
		}
	}
	s := a.Summary()
	cells := 0
	for _, w := range s.Windows {
		cells += len(w.Counts)
		if w.Records%18 != 0 {
			t.Errorf("window %d has %d records", w.Start, w.Records)
		}
	}
	if s.WindowAsked != time.Second || s.Window != 5*time.Second || cells > maxCells || len(s.Windows) != 2000 {
		t.Errorf("asked %v, is %v, %d windows, %d cells", s.WindowAsked, s.Window, len(s.Windows), cells)
	}
}

// TestHostileKeys holds the bounds of everything against an input of ever new
// keys, codes and times.
func TestHostileKeys(t *testing.T) {
	a := New(Config{MaxKeys: 200})
	a.AddInput(&Input{Path: "x"})
	r := rand.New(rand.NewPCG(9, 9))
	rec := parser.Record{Format: parser.GatewayDigest, Lines: 1}
	for i := range 300_000 {
		rec.OperationType = fmt.Appendf(rec.OperationType[:0], "op%d%s", i, strings.Repeat("x", r.IntN(500)))
		rec.AppID = rec.OperationType
		rec.Code = parser.Code(r.IntN(10_000))
		rec.Evidence = parser.ByPosition
		rec.LatencyMS = r.Int64N(1 << 40)
		rec.Time = r.Int64N(253402300799000)
		a.Add(&rec)
	}
	keys, cells := 0, 0
	for _, c := range a.codes {
		keys += len(c.operations.order) + len(c.apps.order) + len(c.workspaces.order) + len(c.hosts.order)
		cells += len(c.series.counts)
	}
	if a.unknown > maxUnknown || keys > 200*totalKeys || len(a.line.starts) > maxWindows || cells > maxCells+1000 || a.operations.timed > maxTimed {
		t.Errorf("%d codes, %d keys, %d windows, %d cells, %d measured", len(a.codes), keys, len(a.line.starts), cells, a.operations.timed)
	}
	s := a.Summary()
	if s.Totals.Records != 300_000 || s.ExcessCodes == 0 || s.Operations.Folded == 0 {
		t.Errorf("%+v, excess %d, folded %d", s.Totals, s.ExcessCodes, s.Operations.Folded)
	}
	n := s.ExcessCodes
	for _, c := range s.Codes {
		n += c.Count
	}
	if n != s.Totals.Coded || sum(s.Operations)+s.ExcessCodes != s.Totals.Coded {
		t.Errorf("%d of %d coded, operations %d", n, s.Totals.Coded, sum(s.Operations))
	}
}

// TestSuggestedZone holds that trace ids which contradict an assumed zone are
// heard.
func TestSuggestedZone(t *testing.T) {
	for source, want := range map[ZoneSource]string{ZoneFromMachine: "+08:00", ZoneFromFlag: "none"} {
		a := New(Config{})
		a.AddInput(&Input{Path: "x", Zone: time.UTC, ZoneSource: source})
		rec := parser.Record{Code: 4001, Evidence: parser.ByField}
		for i := range 20 {
			made := time.Date(2026, 11, 20, 2, 0, i, 0, time.UTC)
			rec.TraceID = fmt.Appendf(nil, "0a1d7667%d829820658", made.UnixMilli())
			rec.Time = made.Add(8*time.Hour + 50*time.Millisecond).UnixMilli() // a stamp of +08:00, read as UTC
			a.Add(&rec)
		}
		in := a.Summary().Inputs[0]
		got := "none"
		if in.Suggested != nil {
			got = in.Suggested.String()
		}
		if got != want || in.Disagree != 20 {
			t.Errorf("zone from %s: suggested %s, want %s; %d disagree", source, got, want, in.Disagree)
		}
	}
}

// TestUndated holds that records without a time are counted, are in no window
// and in no span, and are left out where a time is asked for.
func TestUndated(t *testing.T) {
	rec := func(time int64, noTime bool) *parser.Record {
		return &parser.Record{Lines: 1, Format: parser.Stamped, Time: time, NoTime: noTime, Code: 4001, Evidence: parser.ByField, LatencyMS: -1, BackendMS: -1}
	}
	all, late, parts := New(Config{}), New(Config{Filter: Filter{HasSince: true, Since: 2000}}), []*Aggregator{New(Config{}), New(Config{})}
	for _, a := range append([]*Aggregator{all, late}, parts...) {
		a.AddInput(&Input{Path: "x"})
	}
	for i, r := range []*parser.Record{rec(0, true), rec(5000, false), rec(0, true), rec(3000, false), rec(9, true)} {
		all.Add(r)
		late.Add(r)
		parts[min(1, i/4)].Add(r) // the second has nothing but an undated one
	}
	if err := parts[0].Merge(parts[1]); err != nil {
		t.Fatal(err)
	}
	for i, a := range []*Aggregator{all, parts[0]} {
		s := a.Summary()
		c := s.Codes[0]
		if s.Totals.Records != 5 || s.Totals.Undated != 3 || s.From != 3000 || s.To != 5000 || c.Count != 5 || c.Undated != 3 ||
			c.First != 3000 || c.Last != 5000 || !c.Samples[0].NoTime || c.Samples[1].NoTime || len(s.Windows) != 2 {
			t.Errorf("%d: %+v", i, s)
		}
	}
	if in := all.Summary().Inputs[0]; in.Undated != 3 || in.First != 3000 || in.Last != 5000 || in.Backwards != 1 {
		t.Errorf("input %+v", in)
	}
	if s := late.Summary(); s.Totals.Records != 2 || s.Totals.Filtered != 3 || s.Totals.UndatedFiltered != 3 || s.Totals.Undated != 0 {
		t.Errorf("with a limit of time: %+v", s.Totals)
	}
}
