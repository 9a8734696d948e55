package analyze

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"mgslog/parser"
)

// TestBriefs counts logs by Add alone and by AddBriefs where there are Briefs, and
// holds that the summaries are the same.
func TestBriefs(t *testing.T) {
	for seed := range uint64(15) {
		r := rand.New(rand.NewPCG(seed, 2))
		span := []time.Duration{time.Minute, 3 * time.Hour, 40 * 24 * time.Hour}[seed%3]
		cfg := Config{Location: time.FixedZone("+08:00", 8*3600), Filter: Filter{IncludeStress: seed%2 == 0}}
		start := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
		switch seed / 3 % 5 {
		case 1:
			cfg.Window = 7 * time.Minute
		case 2:
			cfg.MaxKeys = 20 // keys are folded, and what is remembered is forgotten
		case 3:
			cfg.Filter.HasSince, cfg.Filter.Since = true, start.Add(span/3).UnixMilli()
			cfg.Filter.HasUntil, cfg.Filter.Until = true, start.Add(span/2).UnixMilli()
		case 4:
			cfg.Filter.Codes, _ = ParseCodes([]string{"!1000"})
			cfg.Filter.Apps = []string{"APP[01]"}
		}
		one, brief := New(cfg), New(cfg)
		told := 0
		for range 3 {
			log := randomLog(r, 1+r.IntN(3000), 40, span)
			opt := parser.Options{Lean: true, Profile: parser.Detect([]byte(log), "x", nil)}
			source := []ZoneSource{ZoneFromMachine, ZoneFromTraceIDs}[seed%2]
			one.AddInput(&Input{Path: "x", ZoneSource: source, Zone: cfg.Location})
			brief.AddInput(&Input{Path: "x", ZoneSource: source, Zone: cfg.Location})
			for x := parser.NewReader(strings.NewReader(log), opt); x.Scan(); {
				addItem(one, x)
			}
			for x := parser.NewReader(strings.NewReader(log), opt); ; {
				briefs := x.Briefs(1 + r.IntN(200))
				brief.AddBriefs(briefs, x.BriefRecord)
				told += len(briefs)
				if !x.Scan() {
					break
				}
				addItem(brief, x)
			}
		}
		if told == 0 {
			t.Fatalf("seed %d: nothing is told in brief", seed)
		}
		if got, want := brief.Summary(), one.Summary(); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: in brief\n%s\none by one\n%s", seed, describe(got), describe(want))
		}
	}
}

// TestBriefsOfManyHosts holds that no record is lost where a host takes the place of
// another key in the midst of Briefs, so that what is remembered is forgotten.
func TestBriefsOfManyHosts(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 2))
	cfg := Config{Location: time.UTC, MaxKeys: 20}
	var b strings.Builder
	start := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for i := range 5000 {
		line := digestLine(start.Add(time.Duration(i)*time.Second), fmt.Sprint("op", r.IntN(3)), "APP", []int{1000, 1000, 4001}[r.IntN(3)], r.IntN(5000), "F")
		b.WriteString(strings.Replace(line, ",0a1d7667", fmt.Sprintf(",0a0000%02x", r.IntN(100)), 1))
	}
	opt := parser.Options{Lean: true, Profile: parser.Detect([]byte(b.String()), "x", nil)}
	one, brief := New(cfg), New(cfg)
	one.AddInput(&Input{Path: "x"})
	brief.AddInput(&Input{Path: "x"})
	for x := parser.NewReader(strings.NewReader(b.String()), opt); x.Scan(); {
		addItem(one, x)
	}
	for x := parser.NewReader(strings.NewReader(b.String()), opt); ; {
		brief.AddBriefs(x.Briefs(parser.MaxBriefs), x.BriefRecord)
		if !x.Scan() {
			break
		}
		addItem(brief, x)
	}
	want, got := one.Summary(), brief.Summary()
	if want.Hosts.Folded == 0 || want.Totals.Records != 5000 {
		t.Fatalf("%d records, %d hosts folded", want.Totals.Records, want.Hosts.Folded)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("in brief\n%s\none by one\n%s", describe(got), describe(want))
	}
}

// addItem counts the current item of a Reader.
func addItem(a *Aggregator, r *parser.Reader) {
	if rec := r.Record(); rec != nil {
		a.Add(rec)
	} else {
		a.AddSkipped(r.Skipped())
	}
}

// TestMeasure holds that times that wait in a group are counted as they are, the
// longest and those that are not known too, and that a group is what a processor
// fetches at a time.
func TestMeasure(t *testing.T) {
	var code codeCount
	var operation, want durations
	g := group{code: &code, times: &operation}
	for _, latency := range []int64{0, 1, 127, 128, 2047, 2048, noShort - 1, noShort, noShort + 1, math.MaxInt32} {
		for _, backend := range []int64{-1, 0, 5, 2048, noShort - 1, noShort, math.MaxInt32} {
			for range 3 {
				g.measure(latency, backend)
				want.add(latency, backend)
			}
		}
	}
	g.addTimes()
	for what, got := range map[string]*durations{"code": &code.times, "operationType": &operation} {
		if !bytes.Equal(packTimes(got), packTimes(&want)) {
			t.Errorf("%s: other times", what)
		}
	}
	if n := reflect.TypeFor[group]().Size(); n != 64 {
		t.Errorf("a group takes %d bytes", n)
	}
}
