package analyze

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// endless is an input that never ends: a text again and again.
type endless struct{ text, rest []byte }

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		e.rest = e.text
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

const errorRecord = "2026-11-20 02:13:05,123 ERROR [0a1d76671763575985000829820658] resultCode=4001, operationType=com.acme.pay.query\n" +
	"com.acme.GwException: x\n\tat com.acme.A.b(A.java:1)\nCaused by: java.net.SocketTimeoutException: Read timed out\n\t... 4 more\n"

// benchLogs are the texts on which counting is measured: digest lines of 400
// operationTypes and some codes over three hours, and records of an error log.
func benchLogs() map[string][]byte {
	digest := []byte(randomLog(rand.New(rand.NewPCG(1, 1)), 30_000, 400, 3*time.Hour))
	lines := bytes.SplitAfter(digest, []byte("\n"))
	digest = nil
	for _, l := range lines {
		if bytes.HasSuffix(l, []byte(")\n")) {
			digest = append(digest, l...)
		}
	}
	return map[string][]byte{"digest": digest, "error": []byte(strings.Repeat(errorRecord, 1000))}
}

// records returns an endless Reader of a text and an Aggregator for it, with
// Config.Detail or without.
func records(text []byte, detail bool) (*parser.Reader, *Aggregator) {
	a := New(Config{Filter: Filter{IncludeStress: true}, Detail: detail})
	a.AddInput(&Input{Path: "x"})
	lexicon := catalog.Lexicon()
	return parser.NewReader(&endless{text: text}, parser.Options{
		Lean: !detail, Lexicon: lexicon, Profile: parser.Detect(text, "", lexicon),
	}), a
}

// countNext counts the next records of r, some in brief if that is possible and
// else one.
func countNext(t testing.TB, r *parser.Reader, a *Aggregator) {
	briefs := r.Briefs(parser.MaxBriefs)
	a.AddBriefs(briefs, r.BriefRecord)
	if len(briefs) > 0 {
		return
	}
	if !r.Scan() || r.Record() == nil {
		t.Fatal("no record")
	}
	a.Add(r.Record())
}

// TestAllocations holds that reading and counting a record allocates nothing on
// the digest path, and no more than twice on the error path, once the keys are
// known.
func TestAllocations(t *testing.T) {
	for name, text := range benchLogs() {
		for _, detail := range []bool{false, true} {
			r, a := records(text, detail)
			next := func() { countNext(t, r, a) }
			warm, runs := 60_000, 30_000
			if name == "digest" && !detail { // many records each
				warm, runs = 3_000, 1_000
			}
			for range warm {
				next()
			}
			limit := 0.0
			if name == "error" {
				limit = 2
			}
			if n := testing.AllocsPerRun(runs, next); n > limit {
				t.Errorf("%s, detail %v: %v allocations per record", name, detail, n)
			}
		}
	}
}

// BenchmarkAnalyze measures reading and counting together. An operation is a
// record, or as many as are told in brief at a time.
func BenchmarkAnalyze(b *testing.B) {
	for name, text := range benchLogs() {
		for _, detail := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/detail=%v", name, detail), func(b *testing.B) {
				r, a := records(text, detail)
				b.ReportAllocs()
				for b.Loop() {
					countNext(b, r, a)
				}
				b.SetBytes(r.Bytes() / int64(b.N))
			})
		}
	}
}

// BenchmarkAdd measures counting alone.
func BenchmarkAdd(b *testing.B) {
	for name, text := range benchLogs() {
		b.Run(name, func(b *testing.B) {
			r, a := records(text, false)
			var all []parser.Record
			var size int64
			d := parser.NewDecoder(parser.Options{Lean: true, Lexicon: catalog.Lexicon(), MaxRecord: 2 * len(text)})
			d.Filled(copy(d.Buffer(), text[:min(len(text), 256<<10)]))
			for d.Next() && len(all) < 500 {
				rec := *d.Record()
				if rec.Format == parser.Stamped { // in memory that is used again
					rec.TraceID, rec.OperationType = bytes.Clone(rec.TraceID), bytes.Clone(rec.OperationType)
					rec.Exceptions = []parser.Exception{{Class: []byte("java.net.SocketTimeoutException")}}
				}
				all = append(all, rec)
				size += rec.Size
			}
			r.Scan()
			b.ReportAllocs()
			b.SetBytes(size / int64(len(all)))
			for i := 0; b.Loop(); i++ {
				a.Add(&all[i%len(all)])
			}
		})
	}
}

// BenchmarkContinue measures putting the counts of a section to the others; its
// bytes are those of the section.
func BenchmarkContinue(b *testing.B) {
	text := benchLogs()["digest"]
	_, a := records(text, false)
	in := a.inputs[0]
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	var s *Aggregator
	for b.Loop() {
		b.StopTimer()
		s = a.Section(in, s)
		r, _ := records(text, false)
		for range 30_000 {
			r.Scan()
			s.Add(r.Record())
		}
		b.StartTimer()
		a.Continue(s)
	}
}

// benchSaved returns a day of 30,000 calls, as it is kept, of a host.
func benchSaved(b *testing.B, host int) []byte {
	b.Helper()
	a := New(Config{Detail: true})
	log := randomLog(rand.New(rand.NewPCG(uint64(host), 1)), 30_000, 400, 24*time.Hour)
	addLog(b, a, "gateway-page-digest.log", log)
	s, err := a.Saved(About{Host: fmt.Sprint("gw", host), Label: "2026-11-20"})
	if err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

func load(b *testing.B, file []byte) *Saved {
	s, err := Load(bytes.NewReader(file))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkSave measures writing an aggregate, BenchmarkLoad reading one,
// BenchmarkReadBrief reading its beginning, and BenchmarkMerge adding one to another;
// bytes are those of the file.
func BenchmarkSave(b *testing.B) {
	file := benchSaved(b, 1)
	s := load(b, file)
	b.ReportAllocs()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		s.body = nil
		if err := s.Write(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	file := benchSaved(b, 1)
	b.ReportAllocs()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		load(b, file)
	}
}

func BenchmarkReadBrief(b *testing.B) {
	file := benchSaved(b, 1)
	b.ReportAllocs()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := ReadBrief(bytes.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMerge(b *testing.B) {
	one, other := benchSaved(b, 1), benchSaved(b, 2)
	b.ReportAllocs()
	b.SetBytes(int64(len(other)))
	for b.Loop() {
		b.StopTimer()
		x, y := load(b, one), load(b, other)
		b.StartTimer()
		if err := x.Merge(y); err != nil {
			b.Fatal(err)
		}
	}
}
