package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// CheckSchemaName is the name of the JSON contract of Check, see SchemaName.
const CheckSchemaName = "mgslog/check/v1"

// Check tells how well inputs are understood, and how layouts fare on their
// samples. Times are in the input's own zone.
type Check struct {
	Schema    string          `json:"schema"`
	Generator string          `json:"generator"`
	Language  string          `json:"language"`
	Inputs    []CheckedInput  `json:"inputs"`
	Layouts   []CheckedLayout `json:"layouts"`
}

// Degrees of certainty that an input is of the format named.
const (
	Certain  = "certain"
	Probable = "probable"
	Doubtful = "doubtful"
	NotKnown = "none"
)

// CheckedInput is one input: what it was taken for, and what was not
// understood of it.
type CheckedInput struct {
	Path          string        `json:"path"`
	Error         *string       `json:"error"`
	Format        string        `json:"format"`
	Confidence    string        `json:"confidence"`
	ByFormat      []FormatCount `json:"records_by_format"`
	Compression   string        `json:"compression"`
	Encoding      string        `json:"encoding"`
	Bytes         int64         `json:"bytes"`
	Lines         int64         `json:"lines"`
	RecordLines   int64         `json:"record_lines"`
	Blank         int64         `json:"blank_lines"`     // outside of records
	Separators    int64         `json:"separator_lines"` // put there by grep or pssh
	Misread       int64         `json:"misread_lines"`   // part of no record, and neither of these
	Doubts        int64         `json:"doubtful_lines"`
	Records       int64         `json:"records"`
	Coded         int64         `json:"coded"`
	Uncoded       int64         `json:"uncoded"`
	Known         int64         `json:"known"`         // records that state a code, or have a trace id
	Invalid       int64         `json:"invalid_bytes"` // shown as U+FFFD
	Recoded       int64         `json:"recoded_lines"` // in another encoding than the rest
	FieldsMissing int64         `json:"fields_missing"`
	FieldsExtra   int64         `json:"fields_extra"`
	Cut           int64         `json:"cut_records"`
	Evidence      Evidence      `json:"evidence"`
	Offset        string        `json:"offset"`
	OffsetSource  string        `json:"offset_source"`
	TraceIDs      int           `json:"trace_ids"` // that speak for the offset
	From          *time.Time    `json:"from"`
	To            *time.Time    `json:"to"`

	FirstMisread  []MisreadLine `json:"first_misread"`
	FirstDoubtful []MisreadLine `json:"first_doubtful"`
	Try           []Command     `json:"try"`
}

// FormatCount is the records of one format.
type FormatCount struct {
	Format  string `json:"format"`
	Records int64  `json:"records"`
}

// MisreadLine is a line that was not understood, or not for sure.
type MisreadLine struct {
	Line    int64    `json:"line"`
	Offset  int64    `json:"offset"` // bytes before the line, -1 if that is not known
	Column  int      `json:"column"` // at which the line leaves the nearest format
	Reason  string   `json:"reason"` // why it is part of no record; "" if it is
	Text    string   `json:"text"`
	Nearest *Nearest `json:"nearest"` // null if no format is near
}

// Nearest is the format that a line comes nearest to, and what broke.
type Nearest struct {
	Format  string `json:"format"`
	Problem string `json:"problem"` // in words
	Field   string `json:"field"`   // the name of the first field that is missing or odd
	Place   int    `json:"place"`   // its place, from 1 on; 0 if it has none
	Fields  int    `json:"fields"`  // a digest's fields, a pattern's pieces that fit
	Of      int    `json:"of"`      // how many there should be
	Value   string `json:"value"`
	Want    string `json:"want"`
}

// CheckedLayout is a layout file and what its samples yield.
type CheckedLayout struct {
	Path    string          `json:"path"`
	Name    string          `json:"name"`
	OK      bool            `json:"ok"`
	Errors  []string        `json:"errors"`
	Samples []CheckedSample `json:"samples"`
}

// CheckedSample is one sample of a layout file.
type CheckedSample struct {
	Line    int            `json:"line"` // of the file
	Text    string         `json:"text"`
	OK      bool           `json:"ok"`
	Problem string         `json:"problem"` // why it is not one record; "" if it is
	Fields  []CheckedField `json:"fields"`
}

// CheckedField is one field of a sample.
type CheckedField struct {
	Line  int    `json:"line"` // of the file
	Field string `json:"field"`
	Want  string `json:"want"`
	Got   string `json:"got"`
	OK    bool   `json:"ok"`
}

// CheckOptions say how a Check is built.
type CheckOptions struct {
	Lang      catalog.Lang
	Generator string
	Format    string // the one asked for, "" if none was
	// Flags are those that tell how to read the inputs, and Layouts the files
	// of layouts that the user named, for the suggested commands.
	Flags, Layouts []string
}

// BuildCheck decides what a Check says.
func BuildCheck(inputs []*analyze.Coverage, layouts []CheckedLayout, opt CheckOptions) *Check {
	c := &Check{
		Schema: CheckSchemaName, Generator: opt.Generator, Language: opt.Lang.String(),
		Inputs: []CheckedInput{}, Layouts: []CheckedLayout{},
	}
	m := checkMessagesFor(opt.Lang)
	for _, in := range inputs {
		c.Inputs = append(c.Inputs, checkInput(in, m, &opt))
	}
	for _, l := range layouts {
		l.Errors, l.Samples = list(l.Errors), list(l.Samples)
		for i := range l.Samples {
			l.Samples[i].Fields = list(l.Samples[i].Fields)
		}
		c.Layouts = append(c.Layouts, l)
	}
	return c
}

func checkInput(in *analyze.Coverage, m *checkMessages, opt *CheckOptions) CheckedInput {
	x := CheckedInput{
		Path: in.Path, Format: in.FormatName(), Confidence: confidence(in), ByFormat: []FormatCount{},
		Compression: in.Compressed, Encoding: in.Encoding, Bytes: in.Bytes, Lines: in.Lines, RecordLines: in.RecordLines,
		Blank: in.Blank, Separators: in.Separators, Misread: in.Skipped - in.Blank - in.Separators, Doubts: in.Doubts,
		Records: in.Records, Coded: in.Coded, Uncoded: in.Uncoded, Known: in.Known, Invalid: in.Invalid, Recoded: in.Recoded,
		FieldsMissing: in.FieldsMissing, FieldsExtra: in.FieldsExtra, Cut: in.Cut,
		Evidence: evidenceOf(func(e parser.Evidence) int64 { return in.Evidence[e] }),
		TraceIDs: in.ZoneVotes, FirstMisread: []MisreadLine{}, FirstDoubtful: []MisreadLine{},
	}
	if in.Err != nil {
		text := in.Err.Error()
		x.Error = &text
	}
	for _, f := range in.ByFormat {
		x.ByFormat = append(x.ByFormat, FormatCount{f.Name, f.Records})
	}
	if in.Records > 0 {
		zone := zoneOr(in.Zone, time.UTC)
		from, to := time.UnixMilli(in.First).In(zone), time.UnixMilli(in.Last).In(zone)
		x.From, x.To = &from, &to
		x.Offset, x.OffsetSource = offset(in.First, zone), in.ZoneSource.String()
	}
	for _, l := range in.Misread {
		x.FirstMisread = append(x.FirstMisread, misread(&l, m))
	}
	for _, l := range in.Doubtful {
		x.FirstDoubtful = append(x.FirstDoubtful, misread(&l, m))
	}
	x.Try = try(in, &x, m, opt)
	return x
}

// confidence tells how sure it is that an input is of its format. Where fields
// have places, the places are the proof. Any log has records that begin with a
// time stamp; that it is a gateway's is shown by codes that it states and by
// trace ids.
func confidence(in *analyze.Coverage) string {
	if in.Records == 0 {
		return NotKnown
	}
	understood := share(in.RecordLines-in.Doubts, in.RecordLines+in.Skipped-in.Blank-in.Separators)
	proof := share(in.Known, in.Records)
	if in.Format != parser.Stamped {
		proof = share(in.Formats[in.Format], in.Records)
		understood = min(understood, proof)
	}
	switch {
	case understood >= 0.99 && proof >= 0.5:
		return Certain
	case understood >= 0.9 && proof > 0:
		return Probable
	}
	return Doubtful
}

func misread(l *analyze.Misread, m *checkMessages) MisreadLine {
	x := MisreadLine{Line: l.Line, Offset: l.Offset, Column: max(l.Near.Column, 1), Text: l.Text}
	if l.Reason != nil {
		x.Reason = m.reason(l.Reason)
	}
	if n := &l.Near; n.Why != nil {
		format := n.Format.String()
		if n.Layout != "" {
			format = n.Layout
		}
		x.Nearest = &Nearest{
			Format: format, Problem: m.problem(n, format), Field: n.Field, Place: n.Place,
			Fields: n.Fields, Of: n.FieldsAll, Value: n.Value, Want: n.Want,
		}
	}
	return x
}

// try suggests what to do, what goes wrong first before what comes of it.
func try(in *analyze.Coverage, x *CheckedInput, m *checkMessages, opt *CheckOptions) []Command {
	out := []Command{}
	file, ok := shellWord(in.Path)
	if !ok || in.Path == "-" {
		file = "FILE"
	}
	add := func(why, format string, args ...any) { out = append(out, Command{fmt.Sprintf(format, args...), why}) }
	if x.Invalid > 0 && in.Encoding != "" {
		other := "gb18030"
		if in.Encoding == other {
			other = plainText
		}
		add(fmt.Sprintf(m.tryEncoding, comma(x.Invalid), in.Encoding), "mgslog check --encoding %s %s", other, file)
	}
	sure := x.Confidence == Certain || x.Confidence == Probable
	if opt.Format != "" && !sure {
		add(m.tryAuto, "mgslog check %s", file)
	}
	seen := map[string]bool{}
	for _, l := range append(in.Misread[:len(in.Misread):len(in.Misread)], in.Doubtful...) {
		switch n := &l.Near; {
		case n.Layout != "" && n.Why != nil && !seen[n.Layout]:
			seen[n.Layout] = true
			add(fmt.Sprintf(m.tryFix, n.Layout), "mgslog check --layout %s.yaml", n.Layout)
		case n.Why == parser.ErrStampInside || n.Why == parser.ErrStampShape || in.Records == 0 && in.Lines > 0:
			if !seen[""] && len(seen) == 0 {
				seen[""] = true
				add(m.tryLayout, "mgslog check --layout LAYOUT.yaml %s", file)
			}
		}
	}
	if in.Records == 0 {
		return out
	}
	flags := strings.Join(append(readingFlags(opt.Flags, opt.Layouts), ""), " ")
	if in.ZoneSource == analyze.ZoneFromMachine {
		add(fmt.Sprintf(m.tryZone, x.Offset), "mgslog analyze --tz +08:00 %s%s", flags, file)
	}
	if in.Uncoded > 0 {
		add(m.tryUncoded, "mgslog export %s%s | jq -c 'select(.code == null)'", flags, file)
	}
	add(m.tryAnalyze, "mgslog analyze %s%s", flags, file)
	return out
}

// JSON writes the check as data.
func (c *Check) JSON(w io.Writer) error { return writeJSON(w, c) }

// Text writes the check for people to read.
func (c *Check) Text(w io.Writer, opt TextOptions) error {
	lang := catalog.EN
	if c.Language == catalog.ZH.String() {
		lang = catalog.ZH
	}
	t := checkText{page: newPage(opt), m: checkMessagesFor(lang)}
	for i := range c.Layouts {
		t.layout(&c.Layouts[i])
	}
	for i := range c.Inputs {
		t.input(&c.Inputs[i])
	}
	return t.flush(w)
}

// checkText is the work of one call of Text.
type checkText struct {
	*page
	m *checkMessages
}

func (t *checkText) input(x *CheckedInput) {
	m := t.m
	t.blank()
	t.text(0, 2, x.Path, t.bold)
	width := t.labelWidth(m.format, m.lines, m.kept, m.times, m.misread, m.doubtful, m.try, m.failed)
	field := func(label string, texts ...string) { t.field(2, width, label, texts...) }
	if x.Error != nil && x.Misread == 0 { // else the format says it
		field(m.failed, *x.Error)
	}
	if x.Lines == 0 && x.Error == nil {
		field(m.lines, m.empty)
	}
	if x.Lines > 0 {
		field(m.format, t.format(x)...)
		parts := []string{comma(x.Lines)}
		for _, p := range []struct {
			n    int64
			text string
		}{
			{x.RecordLines, m.linesIn},
			{x.Blank, m.linesBlank},
			{x.Separators, m.linesSeparators},
			{x.Misread, m.linesMisread},
			{x.Doubts, m.linesDoubtful},
		} {
			if p.n > 0 {
				parts = append(parts, fmt.Sprintf(p.text, comma(p.n)))
			}
		}
		field(m.lines, strings.Join(parts, m.comma))
	}
	if x.Records > 0 {
		head := comma(x.Records) + m.comma + fmt.Sprintf(m.coded, comma(x.Coded))
		if x.Uncoded > 0 {
			head += m.comma + fmt.Sprintf(m.uncoded, comma(x.Uncoded))
		}
		field(m.kept, append([]string{head}, m.rungs(&x.Evidence)...)...)
		from, to := x.From.Format(time.DateTime), x.To.Format(time.DateTime)
		field(m.times, fmt.Sprintf(m.span, from, to)+m.comma+t.zone(x))
	}
	t.misread(m.misread, width, x.FirstMisread)
	t.misread(m.doubtful, width, x.FirstDoubtful)
	for i, c := range x.Try {
		if i == 0 {
			t.text(2, 0, m.try+m.colon, t.dim)
		}
		t.command(c.Command)
		t.text(6, 2, "# "+c.Why, t.dim)
	}
}

func (t *checkText) format(x *CheckedInput) []string {
	m := t.m
	sure := map[string]string{Certain: m.certain, Probable: m.probable, Doubtful: m.isDoubtful, NotKnown: m.notKnown}[x.Confidence]
	if x.Confidence == NotKnown {
		return []string{sure}
	}
	head := x.Format + m.comma + sure + m.colon + fmt.Sprintf(m.understood, percent(share(x.RecordLines, x.RecordLines+x.Misread)))
	if x.Format == parser.Stamped.String() {
		head += m.comma + fmt.Sprintf(m.known, percent(share(x.Known, x.Records)))
	}
	if x.Compression != "" {
		head += m.comma + x.Compression
	}
	if x.Encoding != "" && x.Encoding != plainText {
		head += m.comma + x.Encoding
	}
	texts := []string{head}
	if len(x.ByFormat) > 1 {
		var parts []string
		for _, f := range x.ByFormat {
			parts = append(parts, f.Format+" "+comma(f.Records))
		}
		texts = append(texts, m.mixed+m.colon+strings.Join(parts, m.comma))
	}
	return texts
}

func (t *checkText) zone(x *CheckedInput) string {
	m := t.m
	source := m.zoneMachine
	switch x.OffsetSource {
	case analyze.ZoneFromTraceIDs.String():
		source = fmt.Sprintf(m.zoneTrace, comma(int64(x.TraceIDs)))
	case analyze.ZoneFromFlag.String():
		source = m.zoneFlag
	case analyze.ZoneFromStamps.String():
		source = m.zoneStamp
	case analyze.ZoneFromLayout.String():
		source = m.zoneLayout
	case analyze.ZoneFromOthers.String():
		source = m.zoneOthers
	}
	return x.Offset + t.paren(source)
}

func (t *checkText) paren(s string) string { return fmt.Sprintf(t.m.parens, s) }

func (t *checkText) misread(label string, width int, lines []MisreadLine) {
	m := t.m
	for i, l := range lines {
		if i > 0 {
			label = ""
		}
		place := fmt.Sprintf(m.place, comma(l.Line), comma(int64(l.Column)))
		if l.Offset >= 0 {
			place = fmt.Sprintf(m.placeByte, comma(l.Line), comma(int64(l.Column)), comma(l.Offset+int64(l.Column)-1))
		}
		texts := []string{place}
		if l.Reason != "" {
			texts[0] += m.colon + l.Reason
		}
		if l.Nearest != nil {
			texts = append(texts, l.Nearest.Problem)
		}
		t.field(2, width, label, texts...)
		t.text(2+width+4, 0, t.cut(l.Text, t.prose()-width-6), t.dim)
	}
}

// layout writes what came of a layout's samples.
func (t *checkText) layout(l *CheckedLayout) {
	m := t.m
	t.blank()
	name := l.Path
	if l.Name != "" {
		name += m.colon + l.Name
	}
	state, style := m.ok, t.green
	if !l.OK {
		state, style = m.refused, t.red
	}
	t.text(0, 2, name, t.bold)
	t.text(2, 2, state, style)
	for _, e := range l.Errors {
		t.text(2, 2, "- "+e, plain)
	}
	for i, s := range l.Samples {
		mark := m.ok
		if !s.OK {
			mark = m.refused
		}
		t.text(2, 2, fmt.Sprintf(m.sample, comma(int64(i+1)), comma(int64(s.Line)), mark), plain)
		for line := range strings.SplitSeq(s.Text, "\n") {
			if strings.TrimSpace(line) == "" {
				t.WriteByte('\n')
				continue
			}
			t.text(4, 0, t.cut(line, t.prose()-4), t.dim)
		}
		if s.Problem != "" {
			t.text(4, 2, s.Problem, t.red)
			continue
		}
		width := 0
		for _, f := range s.Fields {
			width = max(width, t.cells(f.Field))
		}
		for _, f := range s.Fields {
			text := f.Got
			if !f.OK {
				text = fmt.Sprintf(m.wrong, f.Got, f.Want)
			}
			t.field(4, width, f.Field, text)
		}
	}
}
