package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sync"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// outputStart is how what mgslog prints as JSON begins.
var outputStart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*\{\s*"schema"\s*:\s*"mgslog/`) })

// Is reports whether a file that begins with these bytes is an output of mgslog
// in JSON: a report, which Read reads, or another one, which it refuses.
func Is(prefix []byte) bool { return outputStart().Match(prefix) }

// maxReport is the length of a report in JSON, in bytes, beyond which it is not
// read.
const maxReport = 64 << 20

// Read reads a report in JSON, and returns the totals and the codes that it has;
// it has no more of what a Summary has in a form that could be counted with.
func Read(r io.Reader) (*analyze.Summary, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxReport {
		return nil, fmt.Errorf("a report of more than %d bytes", maxReport)
	}
	var start struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(text, &start); err != nil {
		return nil, fmt.Errorf("not a whole report: %w", err)
	}
	if start.Schema != SchemaName {
		return nil, fmt.Errorf("its schema is %q; what can be read is a report of mgslog analyze or merge, %q", start.Schema, SchemaName)
	}
	var in Report
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, fmt.Errorf("not a report: %w", err)
	}
	t := &in.Totals
	s := &analyze.Summary{
		Totals: analyze.Totals{
			Records: t.Records, Coded: t.Coded, Uncoded: t.Uncoded, Success: t.Success, Failures: t.Errors, Harmless: t.Harmless,
			Stress: t.Stress, StressFailures: t.StressErrors, Undated: t.Undated, Filtered: t.Filtered,
			UndatedFiltered: t.FilteredNone, Skipped: t.Skipped,
		},
		ExcessCodes: t.BeyondBound,
	}
	if t.Records < 0 || t.Coded < 0 || t.Errors < 0 || t.Errors > t.Coded {
		return nil, errors.New("totals that make no sense")
	}
	for i := range in.Codes {
		c := &in.Codes[i]
		platform := slices.IndexFunc(parser.Platforms(), func(p parser.Platform) bool { return p.String() == c.Platform })
		if platform < 0 || c.Code < 0 || c.Count < 0 {
			return nil, fmt.Errorf("code %q makes no sense", c.Key)
		}
		key := parser.Key{Platform: parser.Platforms()[platform], Code: parser.Code(c.Code)}
		s.Codes = append(s.Codes, analyze.CodeSummary{Key: key, Failure: catalog.IsFailure(key), Count: c.Count})
	}
	return s, nil
}
