package analyze

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"mgslog/analyze/change"
	"mgslog/parser"
)

// saved returns what a has counted, written and read again.
func saved(t testing.TB, a *Aggregator, about About) *Saved {
	t.Helper()
	s, err := a.Saved(about)
	if err != nil {
		t.Fatal(err)
	}
	return reloaded(t, s)
}

func reloaded(t testing.TB, s *Saved) *Saved {
	t.Helper()
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	again, err := Load(&b)
	if err != nil {
		t.Fatal(err)
	}
	var c bytes.Buffer
	if err := again.Write(&c); err != nil {
		t.Fatal(err)
	}
	if c.String() != text {
		t.Fatal("what was loaded is written in another way")
	}
	return again
}

// plainSummary returns what of a summary must be equal after it was saved, as
// text: all but what differs only in how Go holds it.
func plainSummary(s *Summary) string {
	var b strings.Builder
	for i := range s.Inputs {
		fmt.Fprintf(&b, "%+v\n", saveInput(&s.Inputs[i]))
	}
	fmt.Fprintf(&b, "%+v %v %v %v %v\n", s.Totals, s.From, s.To, s.Window, s.WindowAsked)
	fmt.Fprintf(&b, "%+v\n%v\n%+v %+v\n%+v %+v %+v %+v\n", s.Windows, s.ExcessCodes, s.Uncoded, s.UncodedSamples, s.Operations.None, s.Apps, s.Workspaces, s.Hosts)
	for i := range s.Codes {
		c := s.Codes[i]
		latency, backend := c.Latency, c.Backend
		c.Latency, c.Backend = nil, nil
		fmt.Fprintf(&b, "%+v %+v %+v\n", c, value(latency), value(backend))
	}
	for _, o := range s.Operations.Entries {
		fmt.Fprintln(&b, o.Value, o.Count, o.Failures, o.Missed, value(o.Latency), value(o.Backend))
	}
	d := s.Detail
	fmt.Fprintf(&b, "%d %d %d %d %+v %+v %v %v\n", d.Users, d.Devices, d.AffectedUsers, d.AffectedDevices, d.Seen, d.ClockSteps, value(d.Latency), value(d.Backend))
	fmt.Fprintf(&b, "%v %v %v\n", d.Span.Days, d.Span.Folded, d.Span.Missed)
	for _, key := range sortedSlices(d.Span.Counts) {
		fmt.Fprintf(&b, "%+v %v\n", key, *d.Span.Counts[key])
	}
	for _, name := range append([]string{""}, d.Seen.Operations...) {
		for _, x := range []change.Durations{d.Span.Times[name].Total, d.Span.Times[name].Backend} {
			if x != nil {
				fmt.Fprintln(&b, name, x.Count(), x.Quantile(0.5), x.Quantile(0.95), x.Above(100), x.Above(1000))
			}
		}
	}
	return b.String()
}

func value(q *Quantiles) Quantiles {
	if q == nil {
		return Quantiles{}
	}
	return *q
}

func sortedSlices(counts map[change.Slice]*change.Hours) []change.Slice {
	var keys []change.Slice
	for key := range counts {
		keys = append(keys, key)
	}
	for i := range keys {
		for j := i; j > 0 && compareSlices(keys[j], keys[j-1]) < 0; j-- {
			keys[j], keys[j-1] = keys[j-1], keys[j]
		}
	}
	return keys
}

// firstDifference returns the first lines in which two texts differ.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n got %.1500s\nwant %.1500s", i, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// TestSavedMerge saves parts, loads and merges them: the summary must be that of
// one Aggregator over all.
func TestSavedMerge(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 7))
		span := []time.Duration{time.Minute, 3 * time.Hour, 40 * 24 * time.Hour}[seed%3]
		cfg := Config{Location: time.FixedZone("+08:00", 8*3600), Detail: true}
		if seed%4 == 1 {
			cfg.Window = 7 * time.Minute
		}
		one := New(cfg)
		parts := make([]*Aggregator, 4)
		files := 0
		for i := range parts {
			parts[i] = New(cfg)
			for range 1 + r.IntN(3) {
				name := fmt.Sprintf("log%d", files)
				log := randomLog(r, 1+r.IntN(2000), 40, span)
				files++
				addLog(t, one, name, log)
				addLog(t, parts[i], name, log)
			}
		}
		var merged *Saved
		for i, p := range parts {
			s := saved(t, p, About{Host: fmt.Sprintf("gw%d", i), Label: "2026-11-20", Whole: i != 2})
			if merged == nil {
				merged = s
			} else if err := merged.Merge(s); err != nil {
				t.Fatal(err)
			}
			merged = reloaded(t, merged)
		}
		// The inputs of several hosts have these before their paths.
		got, want := regexp.MustCompile(`Path:gw\d:`).ReplaceAllString(plainSummary(merged.Summary()), "Path:"), plainSummary(one.Summary())
		if got != want {
			t.Fatalf("seed %d: %s", seed, firstDifference(got, want))
		}
		h := merged.Head
		if len(h.Parts) != len(parts) || h.Host != "" || h.Label != "2026-11-20" || h.Whole || h.Totals != merged.Summary().Totals {
			t.Fatalf("head of the whole: %+v", h)
		}
	}
}

// TestSavedInputs merges two days of one log and then those of another host: the
// inputs stay apart by log and host, and samples name theirs.
func TestSavedInputs(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	day := func(host, label string, logs ...string) *Saved {
		a := New(Config{Detail: true, Samples: 100})
		for _, log := range logs {
			addLog(t, a, log, randomLog(r, 25, 4, time.Hour))
		}
		s, err := a.Saved(About{Host: host, Label: label})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	back := func(s *Saved) (n int64) {
		for _, in := range s.Summary().Inputs {
			n += in.Backwards
		}
		return n
	}
	sum := day("gw1", "2026-11-19", "a.log", "b.log")
	steps := back(sum)
	for _, s := range []*Saved{
		day("gw1", "2026-11-20", "b.log", "c.log"), day("gw2", "2026-11-20", "b.log"), day("gw2", "2026-11-21", "b.log", "a.log"),
	} {
		steps += back(s)
		if err := sum.Merge(s); err != nil {
			t.Fatal(err)
		}
	}
	if n := back(sum); n != steps {
		t.Errorf("%d times backwards, %d within a reading", n, steps)
	}
	s := sum.Summary()
	var paths []string
	records := map[string]int64{}
	for _, in := range s.Inputs {
		paths = append(paths, in.Path)
		records[in.Path] = in.Records
	}
	if want := []string{"gw1:a.log", "gw1:b.log", "gw1:c.log", "gw2:b.log", "gw2:a.log"}; !reflect.DeepEqual(paths, want) {
		t.Errorf("inputs %q, want %q", paths, want)
	}
	coded := map[string]int{}
	for i := range s.Codes {
		for _, x := range s.Codes[i].Samples {
			coded[paths[x.Input]]++
		}
	}
	for i := range s.Inputs {
		// Of each code so many samples are kept that none is left out; stress
		// tests have none.
		if in := &s.Inputs[i]; coded[in.Path] == 0 || int64(coded[in.Path]) > in.Coded || coded[in.Path] < int(in.Coded)*8/10 {
			t.Errorf("%s: %d samples of %d records", in.Path, coded[in.Path], in.Coded)
		}
	}
}

// TestSavedTwice checks that nothing is added twice.
func TestSavedTwice(t *testing.T) {
	t.Parallel()
	day := func(host, label, log string) *Saved {
		a := New(Config{Detail: true})
		addLog(t, a, "gateway-page-digest.log", log)
		return saved(t, a, About{Host: host, Label: label})
	}
	r := rand.New(rand.NewPCG(3, 3))
	first, second, third := randomLog(r, 50, 4, time.Hour), randomLog(r, 60, 4, time.Hour), randomLog(r, 70, 4, time.Hour)
	a := day("gw1", "2026-11-20", first)
	if err := a.Merge(day("gw2", "2026-11-20", second)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		b    *Saved
		want error
	}{
		{"the same", day("gw1", "2026-11-20", first), ErrMerged},
		{"the other", day("gw2", "2026-11-20", second), ErrMerged},
		{"the day with more", day("gw1", "2026-11-20", first+second), ErrOverlap},
		{"all and more", func() *Saved {
			b := day("gw2", "2026-11-20", second)
			if err := b.Merge(day("gw3", "2026-11-20", third)); err != nil {
				t.Fatal(err)
			}
			return b
		}(), ErrOverlap},
		{"another day", day("gw1", "2026-11-21", third), nil},
		{"a day without a record", day("gw1", "2026-11-22", ""), nil},
		{"that day of another host", day("gw2", "2026-11-22", ""), nil},
		{"another day without one", day("gw1", "2026-11-23", ""), nil},
		{"the same without one", day("gw1", "2026-11-22", ""), ErrMerged},
	} {
		before := a.Head.Totals
		if err := a.Merge(tt.b); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if tt.want != nil && a.Head.Totals != before {
			t.Errorf("%s: counted all the same", tt.name)
		}
	}
}

// TestSavedZones checks that days of different clocks are not added up.
func TestSavedZones(t *testing.T) {
	t.Parallel()
	at := func(loc *time.Location) *Saved {
		a := New(Config{Location: loc, Detail: true})
		addLog(t, a, "a.log", randomLog(rand.New(rand.NewPCG(uint64(len(loc.String())), 3)), 50, 4, time.Hour))
		return saved(t, a, About{Host: loc.String()})
	}
	a := at(location(t, "Asia/Shanghai"))
	if err := a.Merge(at(time.FixedZone("+08:00", 8*3600))); err != nil {
		t.Errorf("zones with the same clock: %v", err)
	}
	if err := a.Merge(at(time.UTC)); !errors.Is(err, ErrZones) {
		t.Errorf("zones with different clocks: %v", err)
	}
	if got := a.Head.Zone; got != "Asia/Shanghai" {
		t.Errorf("zone %s", got)
	}
}

// TestDetail counts a small log by hand.
func TestDetail(t *testing.T) {
	t.Parallel()
	loc := location(t, "America/New_York")
	at := func(s string) time.Time {
		x, err := time.ParseInLocation(time.DateTime, s, loc)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	line := func(at time.Time, op, app, version string, code int, user, device string) string {
		return fmt.Sprintf("%s - (/mgw.htm,response,%s,10ms,%s,-,%s,default,%d,-,%s,-,%s,%s,uu,uu,1.2.3.4,HTTP,JSON,2,24,F,0a1d7667%d829820658,T,ANDROID,%d,4,2.0)\n",
			at.UTC().Format("2006-01-02 15:04:05,000"), "Y", op, app, code, version, user, device, at.UnixMilli(), 5)
	}
	day := at("2026-11-01 00:30:00")
	log := line(day, "op.a", "APP", "1.0", 1000, "u1", "d1") +
		line(day.Add(time.Hour), "op.a", "APP", "1.0", 4001, "u1", "d1") + // 01:30
		line(day.Add(2*time.Hour), "op.a", "APP", "1.0", 4001, "u2", "d2") + // 01:30 once more
		line(day.Add(3*time.Hour), "op.b", "-", "-", 8002, "u3", "-") // 02:30, harmless
	a := New(Config{Location: loc, Detail: true})
	addLog(t, a, "a.log", log)
	d := a.Summary().Detail
	if d.Users != 3 || d.Devices != 2 || d.AffectedUsers != 2 || d.AffectedDevices != 2 {
		t.Errorf("users and devices: %+v", d)
	}
	if want := map[string]uint32{"2026-11-01": 0b111}; !reflect.DeepEqual(d.Span.Days, want) {
		t.Errorf("days %v", d.Span.Days)
	}
	host := "10.29.118.103"
	want := map[change.Slice]change.Hours{
		{}:                                {1, 2, 1},
		{Operation: "op.a"}:               {1, 2},
		{Operation: "op.b"}:               {0, 0, 1},
		{App: "APP"}:                      {1, 2},
		{Version: "1.0"}:                  {1, 2},
		{Host: host}:                      {1, 2, 1},
		{Code: "4001"}:                    {0, 2},
		{Code: "4001", Operation: "op.a"}: {0, 2},
		{Code: "4001", App: "APP"}:        {0, 2},
		{Code: "4001", Version: "1.0"}:    {0, 2},
		{Code: "4001", Host: host}:        {0, 2},
		{Code: "4001", Operation: "op.a", App: "APP", Version: "1.0", Host: host}: {0, 2},
	}
	for key, hours := range want {
		if got := d.Span.Counts[key]; got == nil || *got != hours {
			t.Errorf("%+v: %v, want %v", key, got, hours)
		}
	}
	if len(d.Span.Counts) != len(want) {
		t.Errorf("%d slices, want %d: %v", len(d.Span.Counts), len(want), d.Span.Counts)
	}
	if got := d.Seen; !reflect.DeepEqual(got.Codes, []string{"1000", "4001", "8002"}) || !reflect.DeepEqual(got.Operations, []string{"op.a", "op.b"}) ||
		!reflect.DeepEqual(got.Versions, []string{"1.0"}) || got.Cut {
		t.Errorf("seen %+v", got)
	}
}

// TestDetailBounds fills one kind of slices beyond its bound.
func TestDetailBounds(t *testing.T) {
	t.Parallel()
	d := newDetail(time.UTC)
	const n = 3 * maxSlices
	for i := range n {
		for range 1 + i%7 {
			d.add(&parser.Record{OperationType: fmt.Append(nil, "op", i), ClientVersion: []byte("1")}, &codeCount{}, 0, false)
		}
		for range 10 {
			d.add(&parser.Record{OperationType: []byte("often"), ClientVersion: []byte("1")}, &codeCount{}, 0, false)
		}
	}
	span := d.span()
	if k := d.kinds[ofOperation]; len(k.order) > maxSlices || !k.folded {
		t.Errorf("%d slices, folded: %v", len(k.order), k.folded)
	}
	if got := span.Counts[change.Slice{Operation: "often"}].Total(); got != 10*n {
		t.Errorf("the commonest is counted %d times", got)
	}
	if len(span.Folded) != 1 || span.Folded[0] != (change.Slice{Operation: "*"}) || span.Missed == 0 {
		t.Errorf("folded %+v, missed %d", span.Folded, span.Missed)
	}
}

// TestClockSteps sets the clocks of logs, which are read whole and in sections.
func TestClockSteps(t *testing.T) {
	t.Parallel()
	const second = 1000
	type rec struct{ at, made int64 }
	stretch := func(from, shift, zone int64, n int) (out []rec) {
		for i := range n {
			at := from + int64(i)*second
			out = append(out, rec{at + shift + zone, at + shift})
		}
		return out
	}
	late := func(recs []rec) []rec {
		for i := range recs {
			if i%20 == 10 {
				recs[i].at -= 300 * second
				recs[i].made -= 300 * second
			}
		}
		return recs
	}
	const start = 1_795_000_000_000
	join := func(parts ...[]rec) (out []rec) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	tests := []struct {
		name string
		log  []rec
		want []int64 // lines
	}{
		{"steady", stretch(start, 0, 0, 1000), nil},
		{"late lines", late(stretch(start, 0, 0, 1000)), nil},
		{"back by 10 minutes", join(stretch(start, 0, 0, 500), stretch(start+500*second, -600*second, 0, 1500)), []int64{501}},
		{"back among late lines", late(join(stretch(start, 0, 0, 495), stretch(start+500*second, -600*second, 0, 1500))), []int64{496}},
		{"zone set from +08:00 to UTC", join(stretch(start, 0, 0, 500), stretch(start+500*second, 0, -8*3600*second, 500)), []int64{501}},
		{"zone set forward and back", join(stretch(start, 0, 0, 400), stretch(start+400*second, 0, 3600*second, 400), stretch(start+800*second, 0, 0, 400)), []int64{401, 801}},
		{"the day before behind the day", join(stretch(start, 0, 0, 500), stretch(start-86400*second, 0, 0, 500)), nil},
		{"a clock set forward", join(stretch(start, 0, 0, 500), stretch(start+500*second, 600*second, 0, 500)), nil},
	}
	for _, tt := range tests {
		for _, section := range []int{0, 100, 250, 333} {
			var c, whole clock
			var got []int64
			note := func(s run, found bool) {
				if found {
					got = append(got, s.line)
					if span := s.to - s.from; section == 0 && span > -minStep && span < minStep {
						t.Errorf("%s: a step by %d ms", tt.name, span)
					}
				}
			}
			lines := int64(0)
			for i, r := range tt.log {
				if section > 0 && i > 0 && i%section == 0 {
					s, found := whole.follow(c, lines)
					note(s, found)
					c, lines = clock{}, int64(i)
				}
				s, found := c.add(int64(i+1)-lines, r.at, r.made, true)
				s.line += lines
				note(s, found)
			}
			s, found := whole.follow(c, lines)
			note(s, found)
			if section == 0 && !reflect.DeepEqual(got, tt.want) || len(got) != len(tt.want) {
				t.Errorf("%s, sections of %d records: steps at lines %v, want %v", tt.name, section, got, tt.want)
			}
		}
	}
}

// TestFingerprint tells exceptions apart and takes those together that differ in
// what changes from call to call.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	of := func(pairs ...string) *parser.Record {
		r := &parser.Record{}
		for i := 0; i < len(pairs); i += 2 {
			r.Exceptions = append(r.Exceptions, parser.Exception{Class: []byte(pairs[i]), Message: []byte("m" + pairs[i+1]), Frame: []byte(pairs[i+1])})
		}
		return r
	}
	base, label := Fingerprint(of("a.Outer", "a.B.c(B.java:1)", "x.Inner", "com.sun.proxy.$Proxy12.get(Unknown Source)"))
	if label != "x.Inner @ com.sun.proxy.$Proxy12.get" || !strings.HasPrefix(base, "e1-") || len(base) != len("e1-")+12 {
		t.Errorf("fingerprint %q, label %q", base, label)
	}
	for _, tt := range []struct {
		r    *parser.Record
		same bool
	}{
		{of("a.Outer", "a.Other.d(O.java:9)", "x.Inner", "com.sun.proxy.$Proxy7.get(Unknown Source)"), true},
		{of("a.Outer", "a.B.c(B.java:1)", "x.Inner", "com.sun.proxy.$Proxy12.put(Unknown Source)"), false},
		{of("a.Outer", "a.B.c(B.java:1)", "x.Other", "com.sun.proxy.$Proxy12.get(Unknown Source)"), false},
		{of("x.Inner", "com.sun.proxy.$Proxy12.get(Unknown Source)"), false},
	} {
		if got, _ := Fingerprint(tt.r); (got == base) != tt.same {
			t.Errorf("%s: same as %s is %v", got, base, !tt.same)
		}
	}
	if got, _ := Fingerprint(&parser.Record{}); got != "" {
		t.Errorf("fingerprint of no exception: %s", got)
	}
}

// FuzzDecodeBody reads bodies that nobody has written: an error or an aggregate
// that can be summed up, merged and written.
func FuzzDecodeBody(f *testing.F) {
	a := New(Config{Detail: true})
	addLog(f, a, "a.log", randomLog(rand.New(rand.NewPCG(1, 1)), 20, 3, time.Hour))
	s, err := a.Saved(About{Host: "gw1"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.body)
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := decodeBody(text)
		if err != nil {
			return
		}
		x := &Saved{agg: a}
		if err := x.encode(); err != nil {
			t.Fatal(err)
		}
		whole := &Saved{agg: New(Config{Detail: true})}
		_ = whole.Merge(x) // of another zone, or with windows of the user's
		if err := whole.encode(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestSavedDistinct counts more users than are counted exactly, in parts that
// have many of them in common: the sum is as far off as one count over all.
func TestSavedDistinct(t *testing.T) {
	t.Parallel()
	const parts, users, common = 4, 30_000, 10_000
	one := New(Config{Detail: true})
	one.AddInput(&Input{Path: "a.log"})
	var sum *Saved
	for part := range parts {
		a := New(Config{Detail: true})
		a.AddInput(&Input{Path: "a.log"})
		for i := range users {
			rec := parser.Record{
				Code: 4001, Time: 1_795_000_000_000 + int64(i), Evidence: parser.ByPosition, LatencyMS: -1, BackendMS: -1,
				UserID: fmt.Append(nil, "user", part*(users-common)+i),
			}
			if i%3 == 0 {
				rec.Code = 1000
			}
			a.Add(&rec)
			one.Add(&rec)
		}
		s := saved(t, a, About{Host: "gw1", Label: fmt.Sprint("2026-11-1", part)})
		if sum == nil {
			sum = s
		} else if err := sum.Merge(s); err != nil {
			t.Fatal(err)
		}
	}
	got, want := reloaded(t, sum).Summary().Detail, one.Summary().Detail
	if got.Users != want.Users || got.AffectedUsers != want.AffectedUsers {
		t.Errorf("%d users, %d affected; of one count %d and %d", got.Users, got.AffectedUsers, want.Users, want.AffectedUsers)
	}
	// Three standard errors.
	if exact := float64(users + (parts-1)*(users-common)); math.Abs(float64(got.Users)-exact) > 0.024*exact {
		t.Errorf("%d users, in fact %.0f", got.Users, exact)
	}
}

// TestLoadManyKeys loads as many keys as earlier versions kept, which is more than
// are kept now.
func TestLoadManyKeys(t *testing.T) {
	t.Parallel()
	a := New(Config{Detail: true})
	a.budget.left = DefaultMaxKeys * savedKeys
	a.AddInput(&Input{Path: "a.log"})
	const records = 8000
	for i := range records {
		key := fmt.Append(nil, "key", i)
		a.Add(&parser.Record{
			Code: 1000, Time: 1_795_000_000_000 + int64(i), Evidence: parser.ByPosition, LatencyMS: -1, BackendMS: -1,
			OperationType: key, AppID: key, WorkspaceID: key,
		})
	}
	if kept := DefaultMaxKeys*savedKeys - a.budget.left; kept <= DefaultMaxKeys*totalKeys {
		t.Fatalf("only %d keys", kept)
	}
	got := saved(t, a, About{Host: "gw1", Label: "2026-11-22"}).Summary()
	if by := got.Workspaces; by.Folded != 0 || by.Other+int64(len(by.Entries)) != records {
		t.Errorf("%d workspaces and %d others, %d folded", len(by.Entries), by.Other, by.Folded)
	}
}

// TestLoadOld loads a file that the first version has written. It is never
// written anew: what people have kept must be read by all later versions.
func TestLoadOld(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/v1.mgslog")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	got := s.Summary()
	if s.Head.Host != "gw1" || s.Head.Format != "stamped" || len(s.Head.Parts) != 1 || got.Totals != s.Head.Totals ||
		got.Totals.Records != 300 || got.Totals.Failures != 282 || len(got.Codes) != 24 || len(got.Detail.Seen.Fingerprints) != 18 {
		t.Errorf("%+v, %+v, %d codes, %d fingerprints", s.Head.Brief, got.Totals, len(got.Codes), len(got.Detail.Seen.Fingerprints))
	}
	if err := reloaded(t, s).Merge(saved(t, New(Config{Detail: true}), About{Host: "gw2"})); err != nil {
		t.Error(err)
	}
}
