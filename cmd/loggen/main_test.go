package main

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fact is a line of a truth file, read back.
type fact struct {
	Line, Lines int
	Skipped     bool
	Time        time.Time
	Code        *int
	Evidence    string
	Decoy       string
	Trace       string `json:"trace_id"`
	Operation   string `json:"operation_type"`
	App         string `json:"app_id"`
	Workspace   string `json:"workspace_id"`
	Root        string `json:"root_exception"`
	Latency     *int   `json:"latency_ms"`
	Backend     *int   `json:"backend_ms"`
	Stress      bool
}

// grow generates a log and returns it with its truth.
func grow(t testing.TB, cfg config) (string, []fact) {
	t.Helper()
	var log, facts bytes.Buffer
	if err := generate(cfg, &log, &facts); err != nil {
		t.Fatal(err)
	}
	var all []fact
	dec := json.NewDecoder(&facts)
	dec.DisallowUnknownFields()
	for {
		var f fact
		if err := dec.Decode(&f); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if f.Skipped {
			f.Lines = 1
		}
		all = append(all, f)
	}
	return log.String(), all
}

// every runs f for each layout of each kind.
func every(t *testing.T, f func(t *testing.T, cfg config, log string, facts []fact)) {
	for _, k := range kinds() {
		for i := range k.layouts {
			cfg := defaults()
			cfg.kind, cfg.layout, cfg.records, cfg.seed, cfg.frames = k.name, i+1, 400, uint64(i), 8
			t.Run(k.name+"/"+strconv.Itoa(i+1), func(t *testing.T) {
				log, facts := grow(t, cfg)
				f(t, cfg, log, facts)
			})
		}
	}
}

// records cuts a log into its records by the truth about them.
func records(log string, facts []fact) []string {
	all := strings.SplitAfter(log, "\n")
	var recs []string
	for _, f := range facts {
		recs = append(recs, strings.Join(all[f.Line-1:f.Line-1+f.Lines], ""))
	}
	return recs
}

func TestSameSeedSameBytes(t *testing.T) {
	every(t, func(t *testing.T, cfg config, log string, facts []fact) {
		again, _ := grow(t, cfg)
		if again != log {
			t.Error("two runs with one seed differ")
		}
		cfg.seed++
		if other, _ := grow(t, cfg); other == log {
			t.Error("two seeds give the same log")
		}
	})
}

func TestTruthCoversTheLog(t *testing.T) {
	every(t, func(t *testing.T, cfg config, log string, facts []fact) {
		line := 1
		for _, f := range facts {
			if f.Line != line {
				t.Fatalf("a record begins at line %d, want %d", f.Line, line)
			}
			line += f.Lines
		}
		if n := strings.Count(log, "\n"); line-1 != n {
			t.Errorf("the truth covers %d lines of %d", line-1, n)
		}
	})
}

var stampText = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3}`)

func TestRecordsBeginWithTheirStamp(t *testing.T) {
	every(t, func(t *testing.T, cfg config, log string, facts []fact) {
		end := cfg.start.Add(cfg.span)
		late := 0
		var newest time.Time
		for i, rec := range records(log, facts) {
			f := facts[i]
			text := stampText.FindString(rec)
			want := f.Time.Format("2006-01-02 15:04:05.000")
			if strings.Replace(text, ",", ".", 1) != want {
				t.Fatalf("line %d: stamp %q, want %s", f.Line, text, want)
			}
			if f.Time.Before(cfg.start.Add(-2*time.Second)) || f.Time.After(end) {
				t.Errorf("line %d: %v is outside the span", f.Line, f.Time)
			}
			if f.Time.Before(newest) {
				late++
				if newest.Sub(f.Time) > 2*time.Second {
					t.Errorf("line %d is %v late", f.Line, newest.Sub(f.Time))
				}
			} else {
				newest = f.Time
			}
			for l := range strings.Lines(rec[1:]) {
				if l != rec[1:] && stampText.MatchString(l) {
					t.Errorf("line %d: a later line begins with a stamp: %q", f.Line, l)
				}
			}
		}
		if late > len(facts)/20 {
			t.Errorf("%d of %d records are late", late, len(facts))
		}
	})
}

var traceShape = regexp.MustCompile(`^([0-9a-f]{8})(1\d{12})(\d{4})(\d{4,5})$`)

func TestTraceIDsDecode(t *testing.T) {
	every(t, func(t *testing.T, cfg config, log string, facts []fact) {
		seen := 0
		for i, rec := range records(log, facts) {
			f := facts[i]
			if f.Trace == "" {
				continue
			}
			seen++
			m := traceShape.FindStringSubmatch(f.Trace)
			if m == nil || !strings.Contains(rec, f.Trace) {
				t.Fatalf("line %d: trace id %q", f.Line, f.Trace)
			}
			ms, _ := strconv.ParseInt(m[2], 10, 64)
			age := f.Time.UnixMilli() - ms
			if f.Latency != nil && cfg.kind == "digest" && age != int64(*f.Latency) {
				t.Errorf("line %d: the trace is %d ms old, the call took %d", f.Line, age, *f.Latency)
			}
			if age < 0 || age > 10_000 {
				t.Errorf("line %d: the trace is %d ms older than the stamp", f.Line, age)
			}
			if n, _ := strconv.Atoi(m[3]); n < 1000 || n > 9000 {
				t.Errorf("line %d: sequence %d", f.Line, n)
			}
		}
		if seen == 0 {
			t.Error("no trace ids")
		}
	})
}

// TestTextShowsTheTruth checks that what the truth claims stands in the text.
func TestTextShowsTheTruth(t *testing.T) {
	every(t, func(t *testing.T, cfg config, log string, facts []fact) {
		for i, rec := range records(log, facts) {
			f := facts[i]
			for _, text := range []string{f.Operation, f.App, f.Workspace, f.Root} {
				if !strings.Contains(rec, text) {
					t.Errorf("line %d does not show %q:\n%s", f.Line, text, rec)
				}
			}
			if (f.Code == nil) != (f.Evidence == "") {
				t.Errorf("line %d: code and evidence disagree", f.Line)
			}
			if f.Code == nil {
				continue
			}
			code := strconv.Itoa(*f.Code)
			head, _, _ := strings.Cut(rec, "\n")
			shown := true
			switch f.Evidence {
			case "position", byField:
				shown = strings.Contains(rec, code)
			case byException:
				shown = strings.Contains(rec, "PCException: ["+code+"]") || strings.Contains(rec, "RpcException["+code+"]") ||
					strings.Contains(rec, "RpcException[code="+code+",")
			case byConstant:
				shown = strings.Contains(rec, constants[*f.Code])
			case byMemo:
				shown = slices.ContainsFunc(memos[*f.Code], func(m string) bool {
					return strings.Contains(rec, m) || strings.Contains(rec, percent(m, "%20")) || strings.Contains(rec, percent(m, "+"))
				})
			case byBracket:
				shown = strings.Contains(head, "["+code+"]")
			case byCause:
				shown = f.Root != "" && (*f.Code >= 4001 && *f.Code <= 4003) && cfg.kind != "monitor"
			default:
				t.Errorf("line %d: evidence %q", f.Line, f.Evidence)
			}
			if !shown {
				t.Errorf("line %d does not give %s by %s:\n%s", f.Line, code, f.Evidence, rec)
			}
		}
	})
}

// TestWeakEvidenceStandsAlone checks that a record whose code rests on a weak
// rung names no code by a stronger one.
func TestWeakEvidenceStandsAlone(t *testing.T) {
	exception := regexp.MustCompile(`RPCException: \[|RpcException\[`)
	every(t, func(t *testing.T, cfg config, log string, facts []fact) {
		for i, rec := range records(log, facts) {
			f := facts[i]
			if f.Evidence == "position" || f.Evidence == byField || f.Evidence == byException {
				continue
			}
			if exception.MatchString(rec) {
				t.Errorf("line %d: an exception states a code, the truth is %q:\n%s", f.Line, f.Evidence, rec)
			}
			if f.Evidence == byConstant || f.Decoy == "constant-part" {
				continue
			}
			for _, c := range constants {
				if strings.Contains(rec, c) {
					t.Errorf("line %d: %s states a code, the truth is %q:\n%s", f.Line, c, f.Evidence, rec)
				}
			}
		}
	})
}

func TestEverythingOccurs(t *testing.T) {
	rungs, kindsSeen, codes := map[string]bool{}, map[string]bool{}, map[int]bool{}
	stress, orphan := false, false
	for _, k := range kinds() {
		cfg := defaults()
		cfg.kind, cfg.layout, cfg.records, cfg.frames, cfg.orphans = k.name, 0, 6000, 4, 2
		if k.name == "digest" {
			cfg.records = 100_000
		}
		_, facts := grow(t, cfg)
		own := map[int]bool{}
		for _, f := range facts {
			rungs[f.Evidence] = true
			kindsSeen[f.Decoy] = true
			stress = stress || f.Stress
			orphan = orphan || f.Skipped
			if f.Code != nil {
				codes[*f.Code] = true
				own[*f.Code] = true
			}
		}
		if k.name == "digest" || k.name == "error" {
			for _, c := range serverCodes {
				if !own[c] && (c != 1000 || k.name == "digest") {
					t.Errorf("%s: no record has code %d", k.name, c)
				}
			}
		}
	}
	for _, want := range []string{"", "position", byField, byException, byConstant, byMemo, byBracket, byCause} {
		if !rungs[want] {
			t.Errorf("no record rests on %q", want)
		}
	}
	for _, want := range decoyKinds() {
		if !kindsSeen[want] {
			t.Errorf("no record has the decoy %q", want)
		}
		delete(kindsSeen, want)
	}
	delete(kindsSeen, "")
	for k := range kindsSeen {
		t.Errorf("decoy %q is not in the list", k)
	}
	if !stress || !orphan {
		t.Error("no stress test or no orphaned line")
	}
}

// TestLayoutsDiffer writes one event by every layout and compares the texts
// with their values taken out.
func TestLayoutsDiffer(t *testing.T) {
	value := regexp.MustCompile(`[0-9a-zA-Z\p{Han}]+`)
	for _, k := range kinds() {
		seen := map[string]int{}
		for i := range k.layouts {
			cfg := defaults()
			cfg.kind, cfg.layout, cfg.records, cfg.steady, cfg.seed = k.name, i+1, 1, true, 3
			log, _ := grow(t, cfg)
			log = strings.ReplaceAll(log, "XXX", "...")
			shape := value.ReplaceAllString(log, "x")
			if j, ok := seen[shape]; ok {
				t.Errorf("%s: layouts %d and %d write the same", k.name, j, i+1)
			}
			seen[shape] = i + 1
		}
	}
}

// TestTraces holds that with --traces every failure has a stack trace, of as many
// frames on the mean as --frames asks for.
func TestTraces(t *testing.T) {
	for _, frames := range []int{20, 45, 80} {
		cfg := defaults()
		cfg.kind, cfg.records, cfg.steady, cfg.traces, cfg.frames = "error", 4000, true, true, frames
		log, facts := grow(t, cfg)
		traces, all := 0, 0
		for i, rec := range records(log, facts) {
			n := strings.Count(rec, "\n\tat ")
			if level := strings.Fields(rec)[2]; level == "ERROR" && n == 0 || level == "INFO" && n > 0 {
				t.Errorf("line %d: %d frames in\n%s", facts[i].Line, n, rec)
			}
			if n > 0 {
				traces++
				all += n
			}
		}
		if mean := float64(all) / float64(traces); mean < 0.9*float64(frames) || mean > 1.1*float64(frames) {
			t.Errorf("--frames %d gives %.1f", frames, mean)
		}
	}
}

func TestDigestLine(t *testing.T) {
	for layout := 1; layout <= 3; layout++ {
		cfg := defaults()
		cfg.layout, cfg.records = layout, 20_000
		log, facts := grow(t, cfg)
		bad := 0
		for i, rec := range records(log, facts) {
			f := facts[i]
			body := strings.TrimSuffix(rec[len("2026-03-04 00:00:00,000 - ("):], ")\n")
			fields := strings.Split(body, ",")
			if len(fields) != 28 {
				t.Fatalf("line %d has %d fields", f.Line, len(fields))
			}
			code, _ := strconv.Atoi(fields[8])
			ms, _ := strconv.Atoi(strings.TrimRight(fields[3], " ms"))
			if code != *f.Code || ms != *f.Latency || fields[22] != f.Trace || fields[4] != f.Operation {
				t.Errorf("line %d: %s does not match its truth %+v", f.Line, rec, f)
			}
			if (fields[2] == "Y") != (code == 1000) {
				t.Errorf("line %d: result %s with code %d", f.Line, fields[2], code)
			}
			if f.Backend != nil && (*f.Backend > ms || fields[25] != strconv.Itoa(*f.Backend)) {
				t.Errorf("line %d: backend %d of %d ms", f.Line, *f.Backend, ms)
			}
			if code == 4001 && (ms < 3000 || ms > 3100) {
				t.Errorf("line %d: a time-out after %d ms", f.Line, ms)
			}
			if spaced := strings.HasSuffix(fields[3], " ms"); spaced != (layout == 2) {
				t.Errorf("line %d: elapsed %q in layout %d", f.Line, fields[3], layout)
			}
			if masked := strings.Contains(fields[16], "XXX"); masked != (layout > 1) {
				t.Errorf("line %d: address %q in layout %d", f.Line, fields[16], layout)
			}
			if code != 1000 {
				bad++
			}
		}
		if share := float64(bad) / 20_000; share < 0.02 || share > 0.04 {
			t.Errorf("%.1f %% of the calls fail, want about 3", share*100)
		}
		if mean := len(log) / 20_000; mean < 290 || mean > 335 {
			t.Errorf("a line has %d bytes on the mean", mean)
		}
	}
}

func TestDigestIncidents(t *testing.T) {
	cfg := defaults()
	cfg.records = 100_000
	_, facts := grow(t, cfg)
	in, out := 0, 0
	for _, f := range facts {
		if *f.Code == 4001 && f.Operation == operations[victim].name {
			if cfg.inIncident(f.Time.UnixMilli()) {
				in++
			} else {
				out++
			}
		}
	}
	if in < 50 || in < 3*out {
		t.Errorf("%d time-outs of the victim in the incident, %d outside it", in, out)
	}
}

func TestDistinct(t *testing.T) {
	for layout := range 4 {
		cfg := defaults()
		// All at once, so that the time tells hardly any two trace ids apart.
		cfg.layout, cfg.records, cfg.span, cfg.distinct = layout, 20_000, time.Millisecond, true
		log, facts := grow(t, cfg)
		seen := map[string]bool{}
		for i, rec := range records(log, facts) {
			f := facts[i]
			fields := strings.Split(rec, ",")[1:] // the first comma is the time stamp's
			if len(fields) != 28 || fields[4] != f.Operation || fields[22] != f.Trace {
				t.Fatalf("line %d: %s does not match its truth %+v", f.Line, rec, f)
			}
			if m := traceShape.FindStringSubmatch(f.Trace); m == nil || m[3] < "1000" || m[3] > "9000" {
				t.Fatalf("line %d: trace id %q", f.Line, f.Trace)
			}
			for _, text := range []string{"op " + fields[4], "user " + fields[12], "trace " + fields[22]} {
				if seen[text] {
					t.Fatalf("line %d: %s again", f.Line, text)
				}
				seen[text] = true
			}
		}
	}
}

func TestBadDigestLines(t *testing.T) {
	for _, kind := range []string{"digest", "spi-digest"} {
		cfg := defaults()
		cfg.kind, cfg.bad, cfg.records = kind, 0.05, 2000
		log, facts := grow(t, cfg)
		skipped := 0
		for i, rec := range records(log, facts) {
			if !facts[i].Skipped {
				continue
			}
			skipped++
			if n := strings.Count(rec, ","); stampText.MatchString(rec) && n > 8 {
				t.Errorf("line %d is broken behind its code: %q", facts[i].Line, rec)
			}
		}
		if skipped < 50 || skipped > 200 {
			t.Errorf("%s: %d of 2000 lines are broken", kind, skipped)
		}
	}
}

func TestBytesAndPrefix(t *testing.T) {
	for _, k := range kinds() {
		cfg := defaults()
		cfg.kind, cfg.bytes, cfg.prefix, cfg.frames = k.name, 100_000, "host1: ", 5
		log, facts := grow(t, cfg)
		if len(log) < 100_000 || len(log) > 110_000 {
			t.Errorf("%s: %d bytes, want about 100000", k.name, len(log))
		}
		for l := range strings.Lines(log) {
			if !strings.HasPrefix(l, "host1: ") {
				t.Fatalf("%s: no prefix before %q", k.name, l)
			}
		}
		first, last := facts[0].Time, facts[len(facts)-1].Time
		if last.Sub(first) < 18*time.Hour {
			t.Errorf("%s: the log spans %v only", k.name, last.Sub(first))
		}
	}
}

func TestZone(t *testing.T) {
	dir := t.TempDir()
	log, facts := filepath.Join(dir, "log"), filepath.Join(dir, "truth")
	var stderr bytes.Buffer
	status := run([]string{"--records", "5", "--zone", "-03:30", "--start", "2024-02-29 23:59:00", "--span", "2m", "--out", log, "--truth", facts}, io.Discard, &stderr)
	if status != 0 {
		t.Fatal(stderr.String())
	}
	got, err := os.ReadFile(facts)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), `"time":"2024-02-29T23:59:`) || !strings.Contains(string(got), `-03:30"`) {
		t.Errorf("truth:\n%s", got)
	}
}

func TestFlags(t *testing.T) {
	for _, args := range [][]string{
		{"--kind", "nothing"},
		{"--layout", "99"},
		{"--bytes", "1TB"},
		{"--bytes", "-1"},
		{"--zone", "CST"},
		{"--start", "today"},
		{"--incident", "noon"},
		{"--span", "0s"},
		{"--frames", "0"},
		{"--kind", "error", "--distinct"},
		{"--kind", "monitor", "--traces"},
		{"--host", "7"},
		{"--host", "-1"},
		{"--kind", "default", "--host", "1"},
		{"--daily", "-1"},
		{"--daily", "10", "--bytes", "1MB"},
		{"--weekend", "0"},
		{"--weekend", "NaN"},
		{"--days", "-1"},
		{"--days", "99999"},
		{"stray"},
		{"--kind", "hostile"},
		{"--out", "/nonexistent/x"},
	} {
		var stderr bytes.Buffer
		if status := run(append(args, "--records", "1"), io.Discard, &stderr); status == 0 || stderr.Len() == 0 {
			t.Errorf("loggen %v: status %d, %q", args, status, stderr.String())
		}
	}
	var stdout bytes.Buffer
	if status := run([]string{"--list"}, &stdout, io.Discard); status != 0 || strings.Count(stdout.String(), "\n") < 30 {
		t.Errorf("--list: status %d\n%s", status, stdout.String())
	}
}

// TestIndependent keeps the generator apart from what it measures.
func TestIndependent(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if strings.HasPrefix(i.Path.Value, `"mgslog`) {
				t.Errorf("%s imports %s", name, i.Path.Value)
			}
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	for _, k := range kinds() {
		b.Run(k.name, func(b *testing.B) {
			cfg := defaults()
			cfg.kind, cfg.layout, cfg.bytes = k.name, 1, 64<<20
			b.SetBytes(cfg.bytes)
			for b.Loop() {
				if err := generate(cfg, io.Discard, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
