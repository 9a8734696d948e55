package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the files that loggen has made under testdata")

const testdata = "../../testdata"

// A sample is a log kept in the repository.
type sample struct {
	dir, name string // of the log, without .log
	config    config
	noTruth   bool // the truth is not worth its size
}

// samples returns the logs that TestGenerated keeps up to date: one for every
// layout of every kind, and the demonstration.
func samples() []sample {
	var all []sample
	for i, k := range kinds() {
		for j := range k.layouts {
			c := defaults()
			c.kind, c.layout = k.name, j+1
			c.seed = uint64(100*(i+1) + j + 1)
			c.records, c.frames = 120, 6
			c.boost = 8
			switch k.name {
			case "digest", "spi-digest":
				c.records, c.bad = 160, 0.02
			default:
				c.orphans = 3 * (j % 2)
			}
			all = append(all, sample{dir: "generated", name: fmt.Sprintf("%s-%02d", k.name, j+1), config: c})
		}
	}
	mixed := defaults()
	mixed.kind, mixed.layout, mixed.seed, mixed.records, mixed.frames = "error", 0, 1000, 140, 5
	all = append(all, sample{dir: "generated", name: "error-mixed", config: mixed})
	grep := defaults()
	grep.kind, grep.layout, grep.seed, grep.records, grep.frames, grep.prefix = "error", 1, 1001, 60, 5, "gateway-error.log:"
	all = append(all, sample{dir: "generated", name: "error-grep", config: grep})

	night := defaults()
	night.start = night.start.Add(90 * time.Minute)
	night.span = 2 * time.Hour
	night.seed = 20260304
	digest := night
	digest.kind, digest.records = "digest", 2000
	failures := night
	failures.kind, failures.layout, failures.records, failures.frames, failures.seed = "error", 9, 300, 12, 5
	failures.steady, failures.boost = true, 3
	return append(all,
		sample{dir: "demo", name: "gateway-page-digest", config: digest, noTruth: true},
		sample{dir: "demo", name: "gateway-error", config: failures},
	)
}

// TestGenerated makes the committed logs again and compares them byte by
// byte, so that log, truth and generator cannot drift apart.
func TestGenerated(t *testing.T) {
	var names []string
	for _, s := range samples() {
		var log, facts bytes.Buffer
		if err := generate(s.config, &log, &facts); err != nil {
			t.Fatal(err)
		}
		if log.Len() > 150_000 && s.dir == "generated" {
			t.Errorf("%s is %d bytes, too large to keep", s.name, log.Len())
		}
		compare(t, filepath.Join(s.dir, s.name+".log"), log.Bytes())
		if !s.noTruth {
			compare(t, filepath.Join(s.dir, s.name+".truth.jsonl"), facts.Bytes())
		}
		if s.dir == "generated" {
			names = append(names, s.name)
		}
	}
	strays(t, "generated", names)
}

// TestHostile does the same for the hostile logs.
func TestHostile(t *testing.T) {
	dir := t.TempDir()
	if err := writeHostile(dir); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(testdata, "hostile", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, h := range hostileFiles {
		names = append(names, h.name)
		if !bytes.Contains(readme, []byte("| `"+h.name+".log` |")) {
			t.Errorf("testdata/hostile/README.md does not say what %s.log is for", h.name)
		}
		log, err := os.ReadFile(filepath.Join(dir, h.name+".log"))
		if err != nil {
			t.Fatal(err)
		}
		if _, facts := h.make(); facts != nil {
			total := 0
			for _, f := range facts {
				total += f.lines
			}
			if n := lines(log); n != total {
				t.Errorf("%s.log has %d lines, its truth %d", h.name, n, total)
			}
		}
		if h.large {
			continue
		}
		compare(t, filepath.Join("hostile", h.name+".log"), log)
		if f := h.facts(); f != nil {
			compare(t, filepath.Join("hostile", h.name+".truth.jsonl"), f)
		}
	}
	strays(t, "hostile", names)
}

// TestPublicSamples checks that what is expected of each public sample covers
// its lines, and that README.md tells where each is from.
func TestPublicSamples(t *testing.T) {
	var logs []string
	for _, dir := range []string{"logs", "captures"} {
		files, err := filepath.Glob(filepath.Join(testdata, dir, "*.log"))
		if err != nil || len(files) == 0 {
			t.Fatal("no samples", dir, err)
		}
		logs = append(logs, files...)
	}
	readme, err := os.ReadFile(filepath.Join(testdata, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range logs {
		log, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(strings.TrimSuffix(name, ".log") + ".expected.jsonl")
		if err != nil {
			t.Error(err)
			continue
		}
		next, last := 1, 0
		for text := range strings.Lines(string(want)) {
			var f struct {
				fact
				Undated             bool
				Platform            string
				Memo, Tips, Control string
			}
			dec := json.NewDecoder(strings.NewReader(text))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&f); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			// In a client's log, a record may have lines of several places.
			if f.Line <= last || f.Line > next {
				t.Errorf("%s: a record begins at line %d, behind one at %d, want at most %d", name, f.Line, last, next)
			}
			last = f.Line
			if f.Skipped {
				f.Lines = 1
			}
			next += f.Lines
		}
		if n := lines(log); next-1 != n {
			t.Errorf("%s has %d lines, %d are expected", name, n, next-1)
		}
		if base := filepath.Base(name); !bytes.Contains(readme, []byte("`"+base+"`")) {
			t.Errorf("testdata/README.md does not tell where %s is from", base)
		}
	}
}

// lines counts the lines of a log; the last may lack its newline.
func lines(log []byte) int {
	n := bytes.Count(log, []byte("\n"))
	if len(log) > 0 && log[len(log)-1] != '\n' {
		n++
	}
	return n
}

// compare compares a file under testdata with what it should hold.
func compare(t *testing.T, name string, want []byte) {
	t.Helper()
	path := filepath.Join(testdata, name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, want, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v (run the test with -update)", err)
		return
	}
	if !bytes.Equal(got, want) {
		t.Errorf("testdata/%s is not what loggen makes (run the test with -update and look at the difference)", name)
	}
}

// strays reports files that nothing makes any more.
func strays(t *testing.T, dir string, names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(testdata, dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".log"), ".truth.jsonl")
		if name != "README.md" && !slices.Contains(names, name) {
			t.Errorf("testdata/%s/%s is made by nothing", dir, e.Name())
		}
	}
}
