package report

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// CodesOptions say how entries of the catalogue are written.
type CodesOptions struct {
	Lang catalog.Lang
	TextOptions
}

// CodeList is the JSON form of entries of the catalogue, schema
// CodesSchemaName.
type CodeList struct {
	Schema   string      `json:"schema"`
	Language string      `json:"language"`
	Codes    []CodeEntry `json:"codes"`
	// Unknown are the numbers asked for that the catalogue does not hold.
	Unknown []UnknownCode `json:"unknown"`
}

// UnknownCode is a number that the catalogue does not hold.
type UnknownCode struct {
	Code    int32  `json:"code"`
	Implied string `json:"implied"` // what its range implies
}

// CodeEntry is one entry of the catalogue in one language.
type CodeEntry struct {
	Code       int32       `json:"code"`
	Platform   string      `json:"platform"`
	Key        string      `json:"key"`
	Ranges     []CodeRange `json:"ranges"` // of an entry for ranges of codes; else empty
	Side       string      `json:"side"`
	Outcome    string      `json:"outcome"`
	Protocols  []string    `json:"protocols"`
	Constant   string      `json:"constant"`
	Title      string      `json:"title"`
	Documented bool        `json:"documented"`
	Cause      string      `json:"cause"`
	Remedy     []string    `json:"remedy"`
	Acts       string      `json:"acts"`
	Look       []string    `json:"look"`
	Notes      []string    `json:"notes"`
	Prompt     string      `json:"prompt"`
	Memos      []CodeMemo  `json:"memos"`
	Sample     string      `json:"sample"`
	Sources    []Source    `json:"sources"`
}

// CodeRange is a closed range of codes.
type CodeRange struct {
	First int32 `json:"first"`
	Last  int32 `json:"last"`
}

// CodeMemo is a text known to come with one code.
type CodeMemo struct {
	Text      string `json:"text"`
	NamedOnly bool   `json:"named_only"` // as the value of a memo or tips field only
}

func codeEntry(e *catalog.Entry, lang catalog.Lang) CodeEntry {
	x := CodeEntry{
		Code: int32(e.Code), Platform: e.Platform.String(), Key: e.Key().String(), Ranges: []CodeRange{},
		Side: e.Side.String(), Outcome: OutcomeError,
		Protocols: list(slices.Clone(e.Protocols)), Constant: e.Constant,
		Title: e.Title.In(lang), Documented: e.Documented,
		Cause: e.Cause.In(lang), Remedy: texts(e.Remedy, lang), Acts: e.Acts.String(),
		Look: texts(e.Look, lang), Notes: texts(e.Notes, lang), Prompt: e.Prompt.In(lang),
		Memos: []CodeMemo{}, Sample: e.Sample, Sources: sources(e.Sources, messagesFor(lang)),
	}
	switch {
	case catalog.IsSuccess(e.Key()):
		x.Outcome = OutcomeSuccess
	case catalog.Harmless(e.Key()):
		x.Outcome = OutcomeHarmless
	}
	for _, r := range e.Ranges {
		x.Ranges = append(x.Ranges, CodeRange{int32(r.First), int32(r.Last)})
	}
	for _, m := range e.Memos {
		x.Memos = append(x.Memos, CodeMemo(m))
	}
	return x
}

// name returns the code of an entry, or its ranges.
func (x *CodeEntry) name() string {
	if len(x.Ranges) == 0 {
		return strconv.Itoa(int(x.Code))
	}
	var parts []string
	for _, r := range x.Ranges {
		parts = append(parts, fmt.Sprintf("%d-%d", r.First, r.Last))
	}
	return strings.Join(parts, ", ")
}

// ExplainJSON writes entries of the catalogue as data, and what can be said of
// numbers that it does not hold.
func ExplainJSON(w io.Writer, entries iter.Seq[catalog.Entry], unknown []parser.Code, lang catalog.Lang) error {
	out := CodeList{Schema: CodesSchemaName, Language: lang.String(), Codes: []CodeEntry{}, Unknown: []UnknownCode{}}
	for e := range entries {
		out.Codes = append(out.Codes, codeEntry(&e, lang))
	}
	for _, code := range unknown {
		out.Unknown = append(out.Unknown, UnknownCode{int32(code), catalog.Implied(code).In(lang)})
	}
	return writeJSON(w, out)
}

// Explain writes all that the catalogue says of some codes, for people, and
// then what can be said of numbers that it does not hold.
func Explain(w io.Writer, entries iter.Seq[catalog.Entry], unknown []parser.Code, opt CodesOptions) error {
	p, m := newPage(opt.TextOptions), messagesFor(opt.Lang)
	for e := range entries {
		p.blank()
		p.entry(codeEntry(&e, opt.Lang), m, opt.Lang)
	}
	for _, code := range unknown {
		p.blank()
		p.text(0, 2, fmt.Sprintf(m.entryUnknown, strconv.Itoa(int(code))), p.bold)
		p.text(2, 0, catalog.Implied(code).In(opt.Lang), plain)
	}
	return p.flush(w)
}

func (p *page) entry(x CodeEntry, m *messages, lang catalog.Lang) {
	var marks []string
	if x.Platform != parser.Server.String() {
		marks = append(marks, m.platform(x.Platform))
	}
	if x.Outcome == OutcomeHarmless {
		marks = append(marks, m.noError)
	}
	if !x.Documented {
		marks = append(marks, m.notDocumented)
	}
	title := x.name() + " " + x.Title
	if len(marks) > 0 {
		title += fmt.Sprintf(m.parens, strings.Join(marks, m.comma))
	}
	p.text(0, 2, title, p.bold)
	facts := []string{m.side(x.Side)}
	if x.Constant != "" {
		facts = append(facts, x.Constant)
	}
	if len(x.Protocols) > 0 {
		facts = append(facts, strings.Join(x.Protocols, "/"))
	}
	p.text(0, 2, strings.Join(facts, m.comma), p.dim)

	width := p.labelWidth(m.cause, m.remedy, m.acts, m.look, m.notes, m.prompt, m.memos, m.sampleRecord, m.sources)
	field := func(label string, texts ...string) { p.field(2, width, label, texts...) }
	field(m.cause, x.Cause)
	field(m.remedy, numbered(x.Remedy)...)
	field(m.acts, m.actor(x.Acts, lang))
	field(m.look, x.Look...)
	field(m.notes, x.Notes...)
	if x.Prompt != "" {
		field(m.prompt, x.Prompt)
	}
	var memos []string
	for _, memo := range x.Memos {
		text := memo.Text
		if memo.NamedOnly {
			text += fmt.Sprintf(m.parens, m.namedOnly)
		}
		memos = append(memos, text)
	}
	field(m.memos, memos...)
	if x.Sample != "" {
		var lines []string
		for line := range strings.SplitSeq(strings.ReplaceAll(x.Sample, "\t", "    "), "\n") {
			lines = append(lines, p.chop(line, p.prose()-width-4)...)
		}
		field(m.sampleRecord, lines...)
	}
	var from []string
	for _, s := range x.Sources {
		text := s.Title
		if s.Page != "" {
			text += m.comma + s.Page
		}
		from = append(from, text+m.comma+s.Date)
	}
	field(m.sources, from...)
}

// Codes writes a list of entries, for people.
func Codes(w io.Writer, entries iter.Seq[catalog.Entry], opt CodesOptions) error {
	p, m := newPage(opt.TextOptions), messagesFor(opt.Lang)
	var rows [][]string
	for e := range entries {
		x := codeEntry(&e, opt.Lang)
		title := x.Title
		if !x.Documented {
			title += " *"
		}
		side := m.side(x.Side)
		if x.Platform != parser.Server.String() {
			side = m.platform(x.Platform)
		}
		for name := range strings.SplitSeq(x.name(), ", ") { // a row for each range
			rows = append(rows, []string{name, side, m.actor(x.Acts, opt.Lang), title})
		}
	}
	p.rows([]column{
		{head: m.colCode}, {head: m.colSide}, {head: m.colActor}, {head: m.colMeaning, flex: true},
	}, rows, nil)
	p.blank()
	p.text(2, 0, m.listFoot, p.dim)
	return p.flush(w)
}
