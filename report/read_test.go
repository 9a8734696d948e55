package report

import (
	"bytes"
	"strings"
	"testing"

	"mgslog/analyze/catalog"
)

// TestRead reads the reports that are written, and refuses others.
func TestRead(t *testing.T) {
	t.Parallel()
	for name, fixture := range fixtures(t) {
		r := Build(fixture, options(name, fixture, catalog.EN))
		var b bytes.Buffer
		if err := r.JSON(&b); err != nil {
			t.Fatal(err)
		}
		if !Is(b.Bytes()) {
			t.Errorf("%s: not taken for a report", name)
		}
		s, err := Read(&b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s.Totals.Records != r.Totals.Records || s.Totals.Failures != r.Totals.Errors || len(s.Codes) != len(r.Codes) {
			t.Errorf("%s: totals %+v, %d codes", name, s.Totals, len(s.Codes))
		}
		for i, c := range s.Codes {
			if want := r.Codes[i]; c.Key.String() != want.Key || c.Count != want.Count || c.Failure != (want.Outcome != OutcomeSuccess) {
				t.Errorf("%s: code %+v, want %s %d %s", name, c, want.Key, want.Count, want.Outcome)
			}
		}
	}
	for text, want := range map[string]string{
		`{"schema":"mgslog/report/v2"}`:                                      `its schema is "mgslog/report/v2"`,
		`{"schema":"mgslog/summary/v1","totals":[]}`:                         `its schema is "mgslog/summary/v1"`,
		`{"schema":"mgslog/report/v1","totals":{"records":1`:                 "not a whole report",
		`{"schema":"mgslog/report/v1","totals":{"errors":1}}`:                "make no sense",
		`{"schema":"mgslog/report/v1","codes":[{"platform":"x","key":"k"}]}`: `code "k"`,
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if Is([]byte("2026-11-20 ")) || Is([]byte(`{"schema":"other/v1"`)) {
		t.Error("something else is taken for a report")
	}
}
