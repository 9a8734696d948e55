package analyze

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// TestUsedSection holds that a section's Aggregator made of a used one counts as
// a new one does, whatever that has counted before.
func TestUsedSection(t *testing.T) {
	t.Parallel()
	summary := func(again bool) *Summary {
		all := New(Config{MaxKeys: 200, Filter: Filter{IncludeStress: true}})
		in := &Input{Path: "x.log"}
		all.AddInput(in)
		var used *Aggregator
		for n := range 12 {
			// Fewer and other operationTypes and codes from one to the next, and
			// longer spans.
			r := rand.New(rand.NewPCG(uint64(n), 1))
			log := randomLog(r, 3000, 40+(n*37)%300, time.Duration(1+n%5)*3*time.Hour)
			if n%3 == 1 {
				log = errorRecord + "2026-11-20 02:13:05,123 ERROR resultCode=" + fmt.Sprint(5000+n) + "\nno record\n" + log
			}
			s := all.Section(in, used)
			if n%4 == 3 {
				s = all.Rest(in, used)
			}
			d := parser.NewReader(bytes.NewReader([]byte(log)), parser.Options{Lean: true, Lexicon: catalog.Lexicon(), Profile: parser.Detect([]byte(log), "", catalog.Lexicon())})
			for d.Scan() {
				if rec := d.Record(); rec != nil {
					s.Add(rec)
				} else {
					s.AddSkipped(d.Skipped())
				}
			}
			if n == 7 { // as behind an error: it is not counted
				if again {
					used = s
				}
				continue
			}
			all.Continue(s)
			in.Lines += d.Lines()
			if again {
				used = s
			}
		}
		return all.Summary()
	}
	want, got := summary(false), summary(true)
	if want.Totals.Records < 10_000 || len(want.Codes) < 5 || want.Operations.Folded == 0 {
		t.Fatalf("%+v, %d codes, %+v", want.Totals, len(want.Codes), want.Operations)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("another summary:\n%+v\nwant\n%+v", got, want)
	}
}

// TestFull holds that a section is handed on before it has too many keys, but not
// while they come again and are not too many.
func TestFull(t *testing.T) {
	t.Parallel()
	one := func(int) int { return 1 }
	for _, c := range []struct {
		name       string
		operation  func(i int) int // of the ith record
		app        func(i int) int
		rest       bool // the section is one of Rest
		from, upTo int  // records with which it is full; 0: never
	}{
		{"no key comes again", func(i int) int { return i }, one, false, 1500, 2500},
		{"no key comes again, in Rest", func(i int) int { return i }, one, true, 1000, 2000},
		{"few keys", func(i int) int { return i % 500 }, one, false, 0, 0},
		{"few keys, in Rest", func(i int) int { return i % 500 }, one, true, 0, 0},
		{"more operationTypes than have times", func(i int) int { return i % 1200 }, one, false, 0, 0},
		{"more than a section gives times", func(i int) int { return i / 8 }, one, false, 8 * sectionTimed, 8*sectionTimed + 1000},
		{"apps come once", func(i int) int { return i % 100 }, func(i int) int { return i }, false, 4000, 5000},
		{"apps come again", one, func(i int) int { return i / 8 }, false, 0, 0},
		{"too many apps", one, func(i int) int { return i / 4 }, false, 78_000, 81_000},
	} {
		all := New(Config{})
		in := &Input{Path: "x.log"}
		all.AddInput(in)
		if c.rest {
			for i := range maxTimed {
				all.operations.timesOf(all.operations.at(fmt.Append(nil, "first", i)))
			}
		}
		s := all.Section(in, nil)
		if c.rest {
			s = all.Rest(in, nil)
		}
		full := 0
		for i := 0; i < 100_000 && full == 0; i++ {
			if i%SectionRecords == 0 && s.Full() {
				full = i
			}
			s.Add(&parser.Record{
				Code: 1000, Time: 1_795_000_000_000 + int64(i), Evidence: parser.ByPosition, LatencyMS: 5, BackendMS: -1,
				OperationType: fmt.Append(nil, "op", c.operation(i)), AppID: fmt.Append(nil, "app", c.app(i)),
			})
		}
		if full < c.from || full > c.upTo {
			t.Errorf("%s: full with %d records, want %d to %d", c.name, full, c.from, c.upTo)
		}
	}
}

// TestPlaces holds places to a list, also where many hashes are alike.
func TestPlaces(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for _, alike := range []uint64{0, 0xffff_ffff, 0xffff_ffff_ffff_fff0, 0xffff_ffff_ffff_ffff} {
		var hashes []uint64
		var p places
		for n := range 1000 {
			hashes = append(hashes, r.Uint64()&^alike)
			if p.full(len(hashes)) {
				p = p.cleared(len(hashes))
				for i, h := range hashes {
					p.put(h, i)
				}
			} else {
				p.put(hashes[n], n)
			}
			if n%100 != 0 {
				continue
			}
			for i, h := range hashes {
				at, place := p.next(h, h)
				for at >= 0 && at != i {
					at, place = p.next(h, place)
				}
				if at != i {
					t.Fatalf("%d of %d, alike %x: not found", i, len(hashes), alike)
				}
			}
		}
		if n := len(p.cleared(3)); n > 64 {
			t.Errorf("%d places are kept for 3", n)
		}
	}
}
