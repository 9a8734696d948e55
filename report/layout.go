package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/fatih/color"
	"github.com/rivo/uniseg"
	"github.com/rodaine/table"
)

// TextOptions say how text is laid out.
type TextOptions struct {
	Width int  // columns of the terminal; 0: 80
	Color bool // colours help the eye; nothing is said by colour alone
	// Verbose shows all errors in detail, all samples and all values.
	Verbose bool
	// WideAmbiguous tells that the terminal gives two columns to characters
	// of ambiguous width, as some do in Chinese locales.
	WideAmbiguous bool
}

const (
	defaultWidth = 80
	minWidth     = 40
	// maxProse is how long lines of prose get, however wide the terminal.
	maxProse = 100
)

// page collects the lines of a text. All that is put on it becomes Printable
// here, before colours are added, so that no caller can forget to.
type page struct {
	bytes.Buffer
	opt     TextOptions
	width   int
	columns displaywidth.Options

	bold, dim, red, yellow, green func(string) string
}

func newPage(opt TextOptions) *page {
	p := &page{opt: opt, width: opt.Width}
	if p.width == 0 {
		p.width = defaultWidth
	}
	p.width = max(p.width, minWidth)
	p.columns = displaywidth.Options{EastAsianWidth: opt.WideAmbiguous}
	style := func(attributes ...color.Attribute) func(string) string {
		c := color.New(attributes...)
		if opt.Color {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return func(s string) string { return c.Sprint(s) }
	}
	p.bold, p.dim = style(color.Bold), style(color.Faint)
	p.red, p.yellow, p.green = style(color.FgRed), style(color.FgYellow), style(color.FgGreen)
	return p
}

// flush writes the page.
func (p *page) flush(w io.Writer) error {
	_, err := w.Write(p.Bytes())
	return err
}

func (p *page) cells(s string) int { return p.columns.String(s) }

func (p *page) prose() int { return min(p.width, maxProse) }

// wrap breaks s where Unicode allows it, so that no line has more than width
// columns. Line ends in s are kept as line ends; a word that is too long is cut.
func (p *page) wrap(s string, width int) []string {
	var lines []string
	for part := range strings.SplitSeq(s, "\n") {
		lines = append(lines, p.wrapLine(Printable(part), max(width, 8))...)
	}
	return lines
}

func (p *page) wrapLine(s string, width int) []string {
	var lines []string
	line := ""
	add := func(piece string) {
		if line != "" && p.cells(strings.TrimRight(line+piece, " ")) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += piece
	}
	for s != "" {
		var word string
		word, s = p.word(s)
		if p.cells(strings.TrimRight(word, " ")) <= width {
			add(word)
			continue
		}
		// Too long for a line: break where a path or a name may be, and
		// anywhere if even that is too long.
		state := -1
		for word != "" {
			var piece string
			piece, word, _, state = uniseg.FirstLineSegmentInString(word, state)
			add(piece)
			for p.cells(strings.TrimRight(line, " ")) > width {
				head := p.head(line, width)
				lines = append(lines, head)
				line = line[len(head):]
			}
		}
	}
	return append(lines, strings.TrimRight(line, " "))
}

// word cuts s at the first place where Unicode allows a line to end and where
// it does no harm: behind a space or beside a wide character. A path, a name
// or a number with its punctuation stays whole.
func (p *page) word(s string) (word, rest string) {
	if n := asciiWord(s); n > 0 {
		return s[:n], s[n:]
	}
	return p.anyWord(s)
}

// asciiWord returns the length of s's first word with the spaces behind it, if it is
// printable ASCII up to a letter, a digit, a comma or a full stop, and the next begins
// with a letter or a digit; else 0. Between the two Unicode's rules (UAX #14, LB18)
// allow a line to end, and nearly all words are such; to apply all rules to them took a
// tenth of the time of a report.
func asciiWord(s string) int {
	n := strings.IndexByte(s, ' ')
	if n <= 0 || !isAlnum(s[n-1]) && s[n-1] != ',' && s[n-1] != '.' {
		return 0
	}
	for i := range n {
		if s[i] < '!' || s[i] > '~' {
			return 0
		}
	}
	next := n + len(s[n:]) - len(strings.TrimLeft(s[n:], " "))
	if next == len(s) || !isAlnum(s[next]) {
		return 0
	}
	return next
}

// anyWord is word for all words.
func (p *page) anyWord(s string) (word, rest string) {
	rest, state := s, -1
	for rest != "" {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		// By Unicode's rules a slash goes with what is in front of it, even
		// over a space; but " /etc" begins a path.
		if i := strings.Index(segment, " /"); i >= 0 {
			rest = segment[i+1:] + rest
			break
		}
		if rest == "" || strings.HasSuffix(segment, " ") {
			break
		}
		before, _ := utf8.DecodeLastRuneInString(segment)
		after, _ := utf8.DecodeRuneInString(rest)
		if p.columns.Rune(before) == 2 || p.columns.Rune(after) == 2 {
			break
		}
	}
	return s[:len(s)-len(rest)], rest
}

// chop cuts s every width columns, for text in which words mean nothing.
func (p *page) chop(s string, width int) []string {
	s = Printable(s)
	var lines []string
	for p.cells(s) > width {
		head := p.head(s, width)
		lines = append(lines, strings.TrimRight(head, " "))
		s = s[len(head):]
	}
	return append(lines, strings.TrimRight(s, " "))
}

// head returns as many characters of s as fit, at least one.
func (p *page) head(s string, width int) string {
	n := 0
	for g := p.columns.StringGraphemes(s); g.Next(); n += len(g.Value()) {
		if width -= g.Width(); width < 0 && n > 0 {
			break
		}
	}
	return s[:n]
}

// cut shortens s to width columns.
func (p *page) cut(s string, width int) string {
	s = Printable(s)
	if p.cells(s) <= width {
		return s
	}
	return p.head(s, width-3) + "..."
}

// blank ends a paragraph.
func (p *page) blank() {
	if p.Len() > 0 {
		p.WriteByte('\n')
	}
}

// heading begins a section; the note behind it is optional.
func (p *page) heading(title, note string) {
	p.blank()
	p.title(title, note)
}

// title writes a heading without the blank line in front of it.
func (p *page) title(title, note string) {
	p.WriteString(p.bold(title))
	if note != "" {
		p.WriteString("  " + p.dim(p.cut("("+note+")", p.width-p.cells(title)-2)))
	}
	p.WriteByte('\n')
}

// text writes prose with an indent, continued lines with hang more.
func (p *page) text(indent, hang int, s string, style func(string) string) {
	for i, line := range p.wrap(s, p.prose()-indent-hang) {
		in := indent
		if i > 0 {
			in += hang
		}
		p.WriteString(strings.Repeat(" ", in) + style(line) + "\n")
	}
}

func plain(s string) string { return s }

// field writes texts beside a label; each text begins a line.
func (p *page) field(indent, labelWidth int, label string, texts ...string) {
	for i, text := range texts {
		hang := 0
		if mark, _, ok := strings.Cut(text, " "); ok && isNumbering(mark) {
			hang = len(mark) + 1
		}
		column := indent + labelWidth + 2
		lines := p.wrap(text, p.prose()-column)
		if hang > 0 {
			lines = p.wrap(text[hang:], p.prose()-column-hang)
			lines[0] = text[:hang] + lines[0]
		}
		for j, line := range lines {
			switch {
			case i == 0 && j == 0:
				gap := strings.Repeat(" ", max(labelWidth-p.cells(label), 0)+2)
				p.WriteString(strings.Repeat(" ", indent) + p.dim(label) + gap + line + "\n")
			case j == 0 || hang == 0:
				p.WriteString(strings.Repeat(" ", column) + line + "\n")
			default:
				p.WriteString(strings.Repeat(" ", column+hang) + line + "\n")
			}
		}
	}
}

// isNumbering reports whether s is the number of a step, as numbered makes it.
func isNumbering(s string) bool {
	digits, ok := strings.CutSuffix(s, ".")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// numbered puts numbers before steps.
func numbered(steps []string) []string {
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = fmt.Sprintf("%d. %s", i+1, s)
	}
	return out
}

// labelWidth returns the width of the widest label.
func (p *page) labelWidth(labels ...string) int {
	w := 0
	for _, l := range labels {
		w = max(w, p.cells(l))
	}
	return w
}

// A column of a table.
type column struct {
	head  string
	right bool // numbers
	// flex marks the one column that is wrapped to what width is left.
	flex bool
}

// minFlex is how narrow the flexible column of a table gets.
const minFlex = 16

// rows writes a table with an indent of two. paint, unless nil, colours a first
// cell by its text.
func (p *page) rows(columns []column, rows [][]string, paint func(string) func(string) string) {
	const indent, gap = 2, 2
	widths := make([]int, len(columns))
	flex, fixed := -1, indent
	for i, c := range columns {
		widths[i] = p.cells(c.head)
		for _, row := range rows {
			row[i] = Printable(row[i])
			widths[i] = max(widths[i], p.cells(row[i]))
		}
		if c.flex {
			flex = i
		} else {
			fixed += widths[i]
		}
		if i > 0 {
			fixed += gap
		}
	}
	if flex >= 0 {
		widths[flex] = min(widths[flex], max(p.width-fixed, minFlex))
	}
	var out bytes.Buffer
	heads := make([]any, len(columns))
	for i, c := range columns {
		heads[i] = p.pad(c.head, widths[i], c.right)
	}
	t := table.New(heads...).WithPadding(gap).WithWidthFunc(p.cells).WithWriter(&out).
		WithHeaderFormatter(nil).WithFirstColumnFormatter(nil).WithPrintHeaders(true)
	if paint != nil {
		t.WithFirstColumnFormatter(func(format string, vals ...any) string {
			s := fmt.Sprintf(format, vals...)
			return paint(strings.TrimSpace(s))(s)
		})
	}
	for _, row := range rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			if i == flex {
				cell = strings.Join(p.wrap(cell, widths[i]), "\n")
			}
			cells[i] = p.pad(cell, widths[i], columns[i].right)
		}
		t.AddRow(cells...)
	}
	t.Print()
	first := true
	for line := range strings.Lines(out.String()) {
		line = strings.TrimRight(line, " \n")
		if first {
			line, first = p.dim(line), false
		}
		p.WriteString(strings.Repeat(" ", indent) + line + "\n")
	}
}

// pad puts a cell to the right of its column if asked to.
func (p *page) pad(s string, width int, right bool) string {
	if !right {
		return s
	}
	return strings.Repeat(" ", max(width-p.cells(s), 0)) + s
}

// blocks are the heights of a sparkline. Nothing has its own sign, of the same
// class of width as the blocks: rows stay aligned wherever that class is drawn
// two columns wide.
var blocks = []rune("▁▂▃▄▅▆▇█")

const noBlock = '·'

// spark draws counts as one line, scaled to the largest of them.
func spark(counts []int64) string {
	most := slices.Max(counts)
	line := make([]rune, len(counts))
	for i, c := range counts {
		line[i] = noBlock
		if c > 0 {
			line[i] = blocks[(c*int64(len(blocks))-1)/most]
		}
	}
	return string(line)
}

// byOutcome returns the style of the first column of rows that stand for codes:
// that of the outcome of the code in it.
func (p *page) byOutcome(outcomes map[string]string) func(code string) func(string) string {
	return func(code string) func(string) string {
		switch outcomes[code] {
		case OutcomeSuccess:
			return p.green
		case OutcomeHarmless:
			return p.yellow
		case OutcomeError:
			return p.red
		}
		return plain
	}
}
