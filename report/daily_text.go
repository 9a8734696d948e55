package report

import (
	"bytes"
	_ "embed" // the schemas
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed schema/summary.v1.json
var dailySchema []byte

//go:embed schema/diff.v1.json
var diffSchema []byte

// DailySchema returns the JSON Schema (2020-12) of a summary's JSON form.
func DailySchema() []byte { return slices.Clone(dailySchema) }

// DiffSchema returns the JSON Schema (2020-12) of a comparison's JSON form.
func DiffSchema() []byte { return slices.Clone(diffSchema) }

// maxLines is how many lines the text of a summary has, unless it is verbose
// or narrower than 80 columns.
const maxLines = 60

// DailyFormats lists the names of the outputs that Daily.Write knows.
func DailyFormats() []string { return []string{"text", "json", "html", "short"} }

// Write writes the summary in one of the DailyFormats.
func (d *Daily) Write(w io.Writer, format string, opt TextOptions) error {
	switch format {
	case "html":
		return d.HTML(w, opt)
	case "short":
		return d.Short(w, "")
	}
	return writeAs(w, d, format, opt)
}

// JSON writes the summary in the form that DailySchema describes.
func (d *Daily) JSON(w io.Writer) error { return writeJSON(w, d) }

// Text writes the summary for people to read: not more than maxLines lines,
// unless it is verbose.
func (d *Daily) Text(w io.Writer, opt TextOptions) error {
	return writeText(w, opt, d.document, d.Language)
}

// writeText writes a document at the greatest length that is short enough.
func writeText(w io.Writer, opt TextOptions, document func(brevity) document, language string) error {
	if opt.Verbose {
		return laidOut(document(everything), opt, false).flush(w)
	}
	var p *page
	for _, n := range brevities {
		if p = laidOut(document(n), opt, n.dense); p.lines() <= maxLines {
			return p.flush(w)
		}
	}
	m := newWriter(language, brevity{}).m
	doc := document(brevities[len(brevities)-1])
	var out []string
	for p.lines() > maxLines {
		at := -1
		for i := range doc {
			if doc[i].spare > 0 && (at < 0 || doc[i].spare > doc[at].spare) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		out = append(out, doc[at].title)
		doc = slices.Delete(doc, at, at+1)
		p = laidOut(doc, opt, true)
		p.text(0, 2, fmt.Sprintf(m.leftOut, strings.Join(out, m.and)), p.dim)
	}
	return p.flush(w)
}

// lines returns how many lines are on the page.
func (p *page) lines() int { return bytes.Count(p.Bytes(), []byte{'\n'}) }

// laidOut puts a document on a page, dense without blank lines.
func laidOut(doc document, opt TextOptions, dense bool) *page {
	p := newPage(opt)
	paint := map[style]func(string) string{
		stylePlain: plain, styleDim: p.dim, styleBold: p.bold, styleGood: p.green, styleWarn: p.yellow, styleBad: p.red,
	}
	for _, s := range doc {
		indent := 0
		if s.title != "" {
			if dense {
				p.title(s.title, s.note)
			} else {
				p.heading(s.title, s.note)
			}
			indent = 2
		}
		for _, x := range s.parts {
			switch {
			case x.table != nil:
				p.rows(x.table.columns, x.table.rows, nil)
			case x.shell != nil:
				p.command(x.shell.Command)
				p.text(6, 2, "# "+x.shell.Why, p.dim)
			case x.items != nil:
				p.items(indent, x.items)
			default:
				p.text(indent, 2, x.text, paint[x.style])
			}
		}
	}
	return p
}

// items writes labels and their texts.
func (p *page) items(indent int, items []item) {
	width := 0
	for _, x := range items {
		width = max(width, p.cells(x.label))
	}
	for _, x := range items {
		texts := x.texts
		if x.line {
			texts = []string{p.cut(texts[0], p.prose()-indent-width-2)}
		}
		p.field(indent, width, x.label, texts...)
	}
}

// CutNote returns the line with which a form of the summary ends that a
// receiver's limit has cut, in its language.
func (d *Daily) CutNote() string { return newWriter(d.Language, brevities[0]).m.cut }

// Bounds of the short form: what a chat window shows at once, and what the
// strictest of the usual receivers takes.
const (
	maxShortLines = 15
	maxShortBytes = 1800
	maxShortLine  = 400 // bytes of one line
)

// Short writes the summary for a chat: plain text without markup, at most 15
// lines and 1,800 bytes of UTF-8. It ends with where the whole report is,
// unless that is empty.
func (d *Daily) Short(w io.Writer, whole string) error {
	x := newWriter(d.Language, brevities[0])
	m := x.m
	first := []string{d.Period.Label + m.comma + m.hostNames(d.Hosts, 3), d.Verdict.Text}
	var last, lines []string
	if whole != "" {
		last = append(last, fmt.Sprintf(m.whole, whole))
	}
	for _, p := range d.Problems {
		lines = append(lines, fmt.Sprintf(m.caution, p.Text))
	}
	clock := x.clock(d)
	for i := range d.Changes {
		if c := &d.Changes[i]; c.worse() {
			it := x.change(c, clock)
			lines = append(lines, it.label+" "+strings.Join(it.texts, m.comma))
		}
	}
	for _, s := range d.Coverage.ClockSteps {
		lines = append(lines, s.Text)
	}
	bytes := 0
	for _, part := range [][]string{first, last, lines} {
		for i := range part {
			part[i] = clipBytes(Printable(part[i]), maxShortLine)
		}
	}
	for _, line := range append(slices.Clone(first), last...) {
		bytes += len(line) + 1
	}
	n := 0
	for n < len(lines) && len(first)+n+1+len(last) < maxShortLines && bytes+len(lines[n])+1 <= maxShortBytes-reserve {
		bytes += len(lines[n]) + 1
		n++
	}
	out := append(first, lines[:n]...)
	if rest := len(lines) - n; rest > 0 {
		out = append(out, fmt.Sprintf(m.otherText, comma(int64(rest))))
	}
	_, err := io.WriteString(w, strings.Join(append(out, last...), "\n")+"\n")
	return err
}

// reserve is how many bytes the line takes that says how many more there are.
const reserve = 60

// clipBytes shortens s to n bytes, between characters.
func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("...")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "..."
}
