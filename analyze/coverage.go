package analyze

import (
	"bytes"
	"errors"
	"slices"

	"mgslog/parser"
)

// Bounds of a Coverage.
const (
	// maxMisread is how many lines are kept that were not understood, of
	// those skipped and of those read all the same.
	maxMisread = 5
	// maxLookedAt is how many lines inside of records are looked at, to see
	// whether they are records of their own. Looking is slow.
	maxLookedAt = 2000
	// misreadText is how many bytes are kept of such a line.
	misreadText = 256
)

// Coverage counts how much of one input was understood, and how: what mgslog
// check tells. It counts in its Input what an Aggregator counts there, and
// knows no filter.
type Coverage struct {
	*Input
	RecordLines int64 // lines that are part of records
	Blank       int64 // of the skipped lines, the blank ones
	Separators  int64 // of the skipped lines, those that grep or pssh has put there
	Known       int64 // records with a code that they state, or with a trace id
	Evidence    [parser.NumEvidences]int64
	// ByFormat counts records by the name of their format, in the order in
	// which they were first seen.
	ByFormat []FormatCount
	// Misread are the first lines that were not understood, in their order.
	Misread []Misread
	// Doubtful are the first lines that were read and may have been misread:
	// digest lines of too few or too many fields, and lines inside of records
	// that look as if they began one.
	Doubtful []Misread
	// Doubts is how many such lines there are, where all were looked at.
	Doubts int64

	layouts []*parser.Layout
	looked  int
}

// FormatCount is the records of one format.
type FormatCount struct {
	Name    string
	Records int64
}

// Misread is a line that was not understood, or not for sure.
type Misread struct {
	Line   int64
	Offset int64 // bytes of the input before the line, -1 if that is not known
	Text   string
	Reason error // why it was skipped, nil if it was not
	Near   parser.Near
}

// NewCoverage returns a Coverage that has counted nothing. The layouts are
// those that a line may come near to.
func NewCoverage(in *Input, layouts []*parser.Layout) *Coverage {
	return &Coverage{Input: in, layouts: layouts}
}

// Add counts a record. It keeps no reference to r.
func (c *Coverage) Add(r *parser.Record) {
	_, made, traced := parser.SplitTraceID(r.TraceID)
	c.count(r, made, traced)
	c.RecordLines += r.Lines
	c.Evidence[r.Evidence]++
	if traced || r.Code != parser.NoCode && r.Evidence != parser.ByCause {
		c.Known++
	}
	c.format(r.FormatName())
	if r.Irregular != 0 {
		c.doubt(r.Text, r.Line, r.Offset)
	}
	if r.Lines > 1 && c.looked < maxLookedAt {
		c.inside(r)
	}
}

func (c *Coverage) format(name string) {
	i := slices.IndexFunc(c.ByFormat, func(f FormatCount) bool { return f.Name == name })
	if i < 0 {
		i = len(c.ByFormat)
		c.ByFormat = append(c.ByFormat, FormatCount{Name: name})
	}
	c.ByFormat[i].Records++
}

// inside looks at the lines of a record behind its first for such as look like
// the beginning of a record.
func (c *Coverage) inside(r *parser.Record) {
	// With LF, a record's size is that of its text and one line end.
	eol := int64(1)
	if int64(len(r.Text))+2 <= r.Size {
		eol = 2
	}
	n, offset := r.Line, r.Offset
	text := r.Text
	for more := true; more && c.looked < maxLookedAt; n++ {
		var line []byte
		line, text, more = bytes.Cut(text, []byte{'\n'})
		if n > r.Line {
			c.looked++
			if begins(parser.Nearest(line, c.layouts)) {
				at := offset
				if r.Cut {
					at = -1
				}
				c.doubt(line, n, at)
			}
		}
		offset += int64(len(line)) + eol
	}
}

// begins reports whether a line looks like the beginning of a record that is
// written a little otherwise: a layout of which more than half fits, a time
// stamp of another shape, a digest.
func begins(n parser.Near) bool {
	switch {
	case n.Why == nil:
		return false
	case n.Format == parser.OwnLayout:
		return true
	case n.Format == parser.Stamped:
		return n.Column <= len("[2026-11-20 02:13:05") && n.Why == parser.ErrStampRange || n.Column <= 2 && n.Why == parser.ErrStampShape
	}
	return n.Format != parser.Unknown
}

func (c *Coverage) doubt(line []byte, n, offset int64) {
	c.Doubts++
	if len(c.Doubtful) < maxMisread {
		c.Doubtful = append(c.Doubtful, Misread{n, offset, short(line), nil, parser.Nearest(line, c.layouts)})
	}
}

// AddSkipped counts a line that is part of no record.
func (c *Coverage) AddSkipped(e *parser.SyntaxError) {
	c.Skipped++
	if e.Err == parser.ErrBlank {
		c.Blank++
		return
	}
	if errors.Is(e.Err, parser.ErrSeparator) {
		c.Separators++
		return
	}
	if len(c.Misread) < maxMisread {
		c.Misread = append(c.Misread, Misread{e.Line, e.Offset, short(e.Whole), e.Err, parser.Nearest(e.Whole, c.layouts)})
	}
}

func short(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	return string(line[:min(len(line), misreadText)])
}
