package catalog_test

import (
	"strings"
	"testing"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// TestSamples parses the sample of each entry: it must be one record and give
// the entry's code, on explicit evidence.
func TestSamples(t *testing.T) {
	n := 0
	for e := range catalog.All() {
		n++
		profile := parser.Detect([]byte(e.Sample), "", catalog.Lexicon())
		r := parser.NewReader(strings.NewReader(e.Sample), parser.Options{Lexicon: catalog.Lexicon(), Profile: profile, Strict: true})
		records := 0
		for r.Scan() {
			rec := r.Record()
			if rec == nil {
				t.Errorf("%v: %v\n%s", e.Key(), r.Skipped(), e.Sample)
				continue
			}
			records++
			key := parser.Key{Platform: rec.Platform, Code: rec.Code}
			got, ok := catalog.Lookup(key)
			if !ok || got.Key() != e.Key() {
				t.Errorf("%v %s: its sample gives %v by %q\n%s", e.Key(), e.Constant, key, rec.Evidence, e.Sample)
			}
		}
		if records != 1 {
			t.Errorf("%v: its sample is %d records", e.Key(), records)
		}
	}
	if n < 100 {
		t.Errorf("only %d entries", n)
	}
}
