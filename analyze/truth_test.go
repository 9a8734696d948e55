package analyze_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// truth is one line of a truth file: what the generator, or a careful reader,
// says of one record.
type truth struct {
	Line          int64  `json:"line"`
	Lines         int64  `json:"lines"`
	Code          *int32 `json:"code"`
	Evidence      string `json:"evidence"`
	Decoy         string `json:"decoy"`
	Skipped       bool   `json:"skipped"`
	Time          string `json:"time"`
	Undated       bool   `json:"undated"`
	Platform      string `json:"platform"`
	Memo          string `json:"memo"`
	Tips          string `json:"tips"`
	Control       string `json:"control"`
	TraceID       string `json:"trace_id"`
	OperationType string `json:"operation_type"`
	AppID         string `json:"app_id"`
	WorkspaceID   string `json:"workspace_id"`
	RootException string `json:"root_exception"`
	LatencyMS     *int64 `json:"latency_ms"`
	BackendMS     *int64 `json:"backend_ms"`
	Stress        bool   `json:"stress"`
}

// score counts how a parser did against the truth.
type score struct{ right, wrong, missed, records int }

func (s score) precision() float64 {
	return float64(s.right) / float64(max(1, s.right+s.wrong))
}

func (s score) recall() float64 {
	return float64(s.right) / float64(max(1, s.right+s.missed))
}

// scan reads a whole log as mgslog does and calls item for each item.
func scan(t testing.TB, name string, data []byte, item func(*parser.Record, *parser.SyntaxError)) {
	t.Helper()
	lexicon := catalog.Lexicon()
	profile := parser.Detect(data[:min(len(data), parser.SampleSize)], name, lexicon)
	loc := profile.Zone
	if loc == nil {
		loc = time.FixedZone("", 8*3600)
	}
	r := parser.NewReader(bytes.NewReader(data), parser.Options{
		Lexicon: lexicon, Profile: profile, Location: loc,
		Modified: time.Date(2020, 2, 1, 0, 0, 0, 0, loc), // of the captures that name no year
	})
	for r.Scan() {
		item(r.Record(), r.Skipped())
	}
	if r.Err() != nil {
		t.Fatalf("%s: %v", name, r.Err())
	}
}

// TestSamples holds that the public samples and the hostile logs come out as
// what is written beside them, record for record.
func TestSamples(t *testing.T) {
	n := 0
	for _, pattern := range []string{"logs/*.expected.jsonl", "captures/*.expected.jsonl", "hostile/*.truth.jsonl"} {
		files, err := filepath.Glob("../testdata/" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files for %s: %v", pattern, err)
		}
		for _, file := range files {
			log := strings.TrimSuffix(strings.TrimSuffix(file, ".expected.jsonl"), ".truth.jsonl") + ".log"
			s := compare(t, log, file, true)
			n += s.records
			if s.wrong+s.missed > 0 {
				t.Errorf("%s: %d codes wrong, %d missed", log, s.wrong, s.missed)
			}
		}
	}
	if n < 80 {
		t.Errorf("only %d records compared", n)
	}
}

// TestTruth measures the precision and recall of result codes over the
// generated logs, whose truth is known, and holds 99.9 % and 99 %.
func TestTruth(t *testing.T) {
	files, err := filepath.Glob("../testdata/generated/*.truth.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no truth files: %v", err)
	}
	var all score
	for _, file := range files {
		log := strings.TrimSuffix(file, ".truth.jsonl") + ".log"
		s := compare(t, log, file, false)
		t.Logf("%-24s precision %.4f recall %.4f of %d records", filepath.Base(log), s.precision(), s.recall(), s.records)
		all.right += s.right
		all.wrong += s.wrong
		all.missed += s.missed
		all.records += s.records
	}
	t.Logf("all: precision %.4f recall %.4f of %d records (%d right, %d wrong, %d missed)",
		all.precision(), all.recall(), all.records, all.right, all.wrong, all.missed)
	if all.right < 1000 {
		t.Errorf("only %d codes right: the test measures nothing", all.right)
	}
	if all.precision() < 0.999 || all.recall() < 0.99 {
		t.Errorf("precision %.4f, recall %.4f: want at least 0.999 and 0.99", all.precision(), all.recall())
	}
}

// compare holds a log's records against its truth. A field that the truth
// has and the parser does not find is an error only if strict; one that the
// parser finds and that is another's is always.
func compare(t *testing.T, log, truthFile string, strict bool) score {
	t.Helper()
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	want := readTruth(t, truthFile)
	var s score
	seen := 0
	scan(t, log, data, func(r *parser.Record, bad *parser.SyntaxError) {
		line := int64(0)
		if r != nil {
			line = r.Line
		} else {
			line = bad.Line
		}
		w, ok := want[line]
		if !ok {
			t.Errorf("%s:%d: an item that the truth does not know", log, line)
			return
		}
		seen++
		s.records++
		if r == nil || w.Skipped {
			if (r == nil) != w.Skipped {
				t.Errorf("%s:%d: skipped %v, want %v", log, line, r == nil, w.Skipped)
			}
			return
		}
		if r.Lines != w.Lines {
			t.Errorf("%s:%d: %d lines, want %d", log, line, r.Lines, w.Lines)
		}
		got, wanted := int32(r.Code), int32(-1)
		if w.Code != nil {
			wanted = *w.Code
		}
		switch {
		case got == wanted && got != -1:
			s.right++
			if r.Evidence.String() != w.Evidence {
				t.Logf("%s:%d: %d by %s, the truth says %s", log, line, got, r.Evidence, w.Evidence)
			}
		case got == wanted:
		default:
			if got != -1 {
				s.wrong++
			}
			if wanted != -1 {
				s.missed++
			}
			t.Logf("%s:%d: got %d by %q, want %d by %q (decoy %q)\n%.700s", log, line, got, r.Evidence, wanted, w.Evidence, w.Decoy, r.Text)
		}
		field := func(name, got, want string) {
			if got != want && (strict || got != "") {
				t.Errorf("%s:%d: %s %q, want %q", log, line, name, got, want)
			}
		}
		if strict {
			for _, f := range []struct{ name, got, want string }{
				{"memo", string(r.Memo), w.Memo}, {"tips", string(r.Tips), w.Tips}, {"control", string(r.Control), w.Control},
			} {
				if f.got != f.want && (f.want != "" || r.Format.Client()) {
					t.Errorf("%s:%d: %s %q, want %q", log, line, f.name, f.got, f.want)
				}
			}
			if w.Platform != "" && w.Platform != r.Platform.String() {
				t.Errorf("%s:%d: platform %s, want %s", log, line, r.Platform, w.Platform)
			}
			if r.NoTime != w.Undated {
				t.Errorf("%s:%d: undated %v, want %v", log, line, r.NoTime, w.Undated)
			}
		}
		root := ""
		if e := r.Root(); e != nil {
			root = string(e.Class)
		}
		field("trace id", string(r.TraceID), w.TraceID)
		field("operationType", string(r.OperationType), w.OperationType)
		field("appId", string(r.AppID), w.AppID)
		field("workspaceId", string(r.WorkspaceID), w.WorkspaceID)
		field("root exception", root, w.RootException)
		if w.LatencyMS != nil && r.LatencyMS != *w.LatencyMS || w.BackendMS != nil && r.BackendMS != *w.BackendMS {
			t.Errorf("%s:%d: %d and %d ms, want %v and %v", log, line, r.LatencyMS, r.BackendMS, *w.LatencyMS, w.BackendMS)
		}
		if w.Time != "" {
			if at, err := time.Parse(time.RFC3339Nano, w.Time); err != nil || at.UnixMilli() != r.Time {
				t.Errorf("%s:%d: time %s, want %s (%v)", log, line, time.UnixMilli(r.Time).UTC(), w.Time, err)
			}
		}
		if w.Stress != r.Stress {
			t.Errorf("%s:%d: stress %v, want %v", log, line, r.Stress, w.Stress)
		}
	})
	if seen != len(want) {
		t.Errorf("%s: %d items, the truth has %d", log, seen, len(want))
	}
	return s
}

func readTruth(t *testing.T, file string) map[int64]truth {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := map[int64]truth{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var w truth
		if err := json.Unmarshal(sc.Bytes(), &w); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", file, err))
		}
		want[w.Line] = w
	}
	return want
}
