package analyze

import (
	"bytes"
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

// records returns an endless Reader of a text and an Aggregator for it.
func records(text []byte) (*parser.Reader, *Aggregator) {
	a := New(Config{Filter: Filter{IncludeStress: true}})
	a.AddInput(&Input{Path: "x"})
	lexicon := catalog.Lexicon()
	return parser.NewReader(&endless{text: text}, parser.Options{
		Lean: true, Lexicon: lexicon, Profile: parser.Detect(text, "", lexicon),
	}), a
}

// TestAllocations holds that reading and counting a record allocates nothing on
// the digest path, and no more than twice on the error path, once the keys are
// known.
func TestAllocations(t *testing.T) {
	for name, text := range benchLogs() {
		r, a := records(text)
		next := func() {
			if !r.Scan() || r.Record() == nil {
				t.Fatalf("%s: no record", name)
			}
			a.Add(r.Record())
		}
		for range 60_000 {
			next()
		}
		limit := 0.0
		if name == "error" {
			limit = 2
		}
		if n := testing.AllocsPerRun(30_000, next); n > limit {
			t.Errorf("%s: %v allocations per record", name, n)
		}
	}
}

// BenchmarkAnalyze measures reading and counting together.
func BenchmarkAnalyze(b *testing.B) {
	for name, text := range benchLogs() {
		b.Run(name, func(b *testing.B) {
			r, a := records(text)
			b.ReportAllocs()
			for b.Loop() {
				r.Scan()
				a.Add(r.Record())
			}
			b.SetBytes(r.Bytes() / int64(b.N))
		})
	}
}

// BenchmarkAdd measures counting alone.
func BenchmarkAdd(b *testing.B) {
	for name, text := range benchLogs() {
		b.Run(name, func(b *testing.B) {
			r, a := records(text)
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
	_, a := records(text)
	in := a.inputs[0]
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		b.StopTimer()
		s := a.Section(in)
		r, _ := records(text)
		for range 30_000 {
			r.Scan()
			s.Add(r.Record())
		}
		b.StartTimer()
		a.Continue(s)
	}
}
