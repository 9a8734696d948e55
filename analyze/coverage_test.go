package analyze

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"mgslog/parser"
)

func cover(t *testing.T, log string, opt parser.Options, layouts ...*parser.Layout) *Coverage {
	t.Helper()
	opt.Profile = parser.Detect([]byte(log), "", opt.Lexicon, layouts...)
	c := NewCoverage(&Input{Format: opt.Profile.Format}, layouts)
	r := parser.NewReader(strings.NewReader(log), opt)
	for r.Scan() {
		if rec := r.Record(); rec != nil {
			c.Add(rec)
		} else {
			c.AddSkipped(r.Skipped())
		}
	}
	c.Lines = r.Lines()
	if c.RecordLines+c.Skipped != c.Lines {
		t.Errorf("%d lines in records and %d others of %d", c.RecordLines, c.Skipped, c.Lines)
	}
	return c
}

func TestCoverage(t *testing.T) {
	const at = "2026-11-20 02:13:05,123 "
	for _, eol := range []string{"\n", "\r\n"} {
		log := strings.ReplaceAll("prose\n\n"+at+"ERROR resultCode=4001\n\tat a.b.C.d(C.java:1)\n20/Nov/2026 02:13:05 x\n"+
			at+"INFO [0a1d76671591164847940829820658] 这\n"+at+"INFO \xd5\xe2\nlast 2026-11-20 02:13:05\n", "\n", eol)
		c := cover(t, log, parser.Options{})
		if c.Records != 3 || c.RecordLines != 6 || c.Blank != 1 || c.Skipped != 2 || c.Known != 2 || c.Doubts != 1 {
			t.Errorf("%+v", c)
		}
		if c.Evidence[parser.ByField] != 1 || c.Evidence[parser.NoEvidence] != 2 || len(c.ByFormat) != 1 || c.ByFormat[0] != (FormatCount{"stamped", 3}) {
			t.Errorf("%v, %v", c.Evidence, c.ByFormat)
		}
		if m := c.Misread; len(m) != 1 || m[0].Line != 1 || m[0].Offset != 0 || !errors.Is(m[0].Reason, parser.ErrOrphan) || m[0].Text != "prose" {
			t.Errorf("%+v", m)
		}
		m := c.Doubtful
		if len(m) != 1 || m[0].Line != 5 || m[0].Reason != nil || m[0].Near.Why != parser.ErrStampShape ||
			!strings.HasPrefix(log[m[0].Offset:], "20/Nov/2026") {
			t.Errorf("%+v", m)
		}
	}
}

// TestCoverageBounds holds that of many lines the first are kept, and all are
// counted.
func TestCoverageBounds(t *testing.T) {
	var log strings.Builder
	for n := range 3 * maxLookedAt {
		fmt.Fprintf(&log, "2026-11-20 02:13:05,123 - (/mgw.htm,response,Y,61ms,com.acme.a.b,-,A,default,1000,x%d,%s)\n", n, strings.Repeat("y", misreadText))
	}
	c := cover(t, strings.Repeat("prose\n", 100)+log.String(), parser.Options{})
	if c.Doubts != 3*maxLookedAt || len(c.Doubtful) != maxMisread || len(c.Misread) != maxMisread || c.Skipped != 100 {
		t.Errorf("%d doubts, %d kept, %d misread", c.Doubts, len(c.Doubtful), len(c.Misread))
	}
	if m := c.Doubtful[0]; m.Near.Fields != 11 || len(m.Text) != misreadText {
		t.Errorf("%+v", m)
	}
	c = cover(t, "2026-11-20 02:13:05,123 x\n"+strings.Repeat("20/Nov/2026 02:13:05 x\n", 2*maxLookedAt), parser.Options{})
	if c.Doubts != maxLookedAt || len(c.Doubtful) != maxMisread {
		t.Errorf("%d doubts, %d kept", c.Doubts, len(c.Doubtful))
	}
}
