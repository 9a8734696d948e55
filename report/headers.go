package report

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// Responses explains responses one by one, in short, for people: the code, what
// the response says, who must act and what to do first.
type Responses struct {
	w   io.Writer
	b   builder
	opt CodesOptions
	n   int
}

// NewResponses returns a Responses that writes to w, one call for each record.
func NewResponses(w io.Writer, opt CodesOptions) *Responses {
	return &Responses{
		w: w, opt: opt,
		b: builder{opt: Options{Lang: opt.Lang}, msg: messagesFor(opt.Lang), loc: time.UTC},
	}
}

// Write explains one record of an input.
func (x *Responses) Write(in *analyze.Input, r *parser.Record) error {
	p, m := newPage(x.opt.TextOptions), x.b.msg
	if x.n++; x.n > 1 {
		p.WriteByte('\n')
	}
	place := fmt.Sprintf(m.respLine, comma(r.Line))
	if in.Path != "-" {
		place = in.Path + ":" + strconv.FormatInt(r.Line, 10)
	}
	place = fmt.Sprintf(m.parens, place)
	width := p.labelWidth(m.respOperation, m.respTrace, m.respTime, "Memo", "Tips", "Control", m.cause, m.acts, m.headFirst, m.respMore)
	field := func(label string, text []byte) {
		if len(text) > 0 {
			p.field(2, width, label, string(text))
		}
	}
	said := func() {
		field(m.respOperation, r.OperationType)
		if id, ok := parser.ParseTraceID(r.TraceID); ok {
			p.field(2, width, m.respTrace, string(r.TraceID)+fmt.Sprintf(m.parens, m.dimHost+" "+id.Host.String()))
		} else {
			field(m.respTrace, r.TraceID)
		}
		if !r.NoTime {
			p.field(2, width, m.respTime, time.UnixMilli(r.Time).In(zoneOr(in.Zone, time.UTC)).Format("2006-01-02 15:04:05.000 -07:00"))
		}
		field("Memo", r.Memo)
		field("Tips", r.Tips)
		field("Control", r.Control)
	}
	if r.Code == parser.NoCode {
		p.text(0, 2, m.respNone+place, p.yellow)
		field(m.respFirstLine, trimSpace(r.Head[:min(len(r.Head), sampleHead)]))
		said()
		p.text(2, 0, m.respNoneWhy, plain)
		return p.flush(x.w)
	}
	key := parser.Key{Platform: r.Platform, Code: r.Code}
	c := Code{
		Code: int32(r.Code), Platform: r.Platform.String(), Outcome: OutcomeError,
		Samples: []Sample{{TraceID: string(r.TraceID)}},
	}
	x.b.explain(&c, key)
	style := p.red
	switch {
	case catalog.IsSuccess(key):
		c.Outcome, style = OutcomeSuccess, p.green
	case catalog.Harmless(key):
		c.Outcome, style = OutcomeHarmless, p.yellow
	}
	title := x.b.label(&c)
	if c.Outcome == OutcomeHarmless {
		title += fmt.Sprintf(m.parens, m.noError)
	}
	p.text(0, 2, title+place, style)
	said()
	if c.Outcome == OutcomeSuccess {
		return p.flush(x.w)
	}
	p.field(2, width, m.cause, c.Cause)
	p.field(2, width, m.acts, m.actor(c.Acts, x.opt.Lang))
	if len(c.Remedy) > 0 {
		p.field(2, width, m.headFirst, c.Remedy[0])
	}
	if c.InCatalogue {
		p.field(2, width, m.respMore, "mgslog explain "+strconv.Itoa(int(r.Code)))
	}
	return p.flush(x.w)
}

// sampleHead is how many bytes of a first line are shown.
const sampleHead = 200
