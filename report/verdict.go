package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// verdict says in a few sentences what the operator must know first. Every
// sentence is true by itself, as it may be pasted into a chat.
func (b *builder) verdict() {
	t, v, m := &b.r.Totals, &b.r.Verdict, b.msg
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	failed := t.Errors // by the documents' rule: every code but 1000
	switch {
	case t.Records == 0:
		v.Kind = VerdictEmpty
		say("%s", m.verdictEmpty)
		if left := t.Filtered + t.Stress; left > 0 {
			say(m.verdictEmptyWhy, comma(left))
			if from, to, ok := b.span(); ok {
				say(m.verdictSpan, from.Format(time.DateTime), to.Format(time.DateTime))
			}
		}
		if t.Skipped > 0 {
			say(m.verdictNoRecord, comma(t.Skipped))
		}
	case t.Coded == 0:
		v.Kind = VerdictUncoded
		say(m.verdictUncoded, comma(t.Uncoded))
		if len(b.r.Uncoded) > 0 {
			say(m.verdictTopRoot, b.r.Uncoded[0].Exception, comma(b.r.Uncoded[0].Count))
		}
	case t.Errors == 0:
		v.Kind = VerdictSuccess
		say(m.verdictSuccess, comma(t.Success))
	case t.Errors == t.Harmless:
		v.Kind = VerdictHarmless
		var names []string
		for i := range b.r.Codes {
			if c := &b.r.Codes[i]; c.Outcome == OutcomeHarmless {
				names = append(names, b.label(c))
			}
		}
		say(m.verdictHarmless, comma(t.Harmless), strings.Join(names, m.comma))
	default:
		v.Kind = VerdictErrors
		switch {
		case t.Coded == 1: // said with the code
		case failed == t.Coded:
			say(m.verdictAll, comma(failed))
		default:
			say(m.verdictRate, percent(share(failed, t.Coded)), comma(failed), comma(t.Coded))
		}
		if top := b.topError(); top != nil {
			b.blame(top, failed, say)
		}
		if t.Harmless > 0 {
			say(m.verdictOfWhich, comma(failed), comma(t.Harmless))
		}
	}
	if t.Uncoded > t.Coded && t.Coded > 0 || t.Uncoded > 0 && (v.Kind == VerdictSuccess || v.Kind == VerdictHarmless) {
		say(m.verdictAlso, comma(t.Uncoded))
	}
	if n := b.failedInputs(); n > 0 {
		say(m.verdictPartial, count(n, m.oneFile, m.files))
	}
	v.Text = strings.Join(said, m.sentenceGap)
}

// blame says what is known of the commonest error.
func (b *builder) blame(top *Code, failed int64, say func(string, ...any)) {
	v, m := &b.r.Verdict, b.msg
	v.Key, v.Share, v.Since, v.Acts = top.Key, top.ShareOfErrors, top.Onset, top.Acts
	v.Inferred = top.Evidence.Cause > 0
	if len(top.Remedy) > 0 {
		v.First = top.Remedy[0]
	}
	since := m.verdictNoTime
	switch {
	case top.First == nil:
	case b.over(top):
		since = fmt.Sprintf(m.verdictOver, b.clock(*top.Onset), b.clock(*top.Last))
	case top.Onset.After(*top.First):
		since = fmt.Sprintf(m.verdictRise, b.clock(*top.Onset), b.clock(*top.First))
	default:
		since = fmt.Sprintf(m.verdictSince, b.clock(*top.First))
	}
	switch {
	case b.r.Totals.Coded == 1:
		say("%s", fmt.Sprintf(m.verdictSingle, b.label(top))+since)
	case top.Count == failed:
		say("%s", fmt.Sprintf(m.verdictOnly, b.label(top))+since)
	case top.Count*2 > failed:
		say("%s", fmt.Sprintf(m.verdictMost, b.label(top), comma(top.Count), percent(top.ShareOfErrors))+since)
	default:
		say("%s", fmt.Sprintf(m.verdictLead, b.label(top), comma(top.Count), percent(top.ShareOfErrors))+since)
	}
	b.concentration(top, say)
	switch top.Acts {
	case actorUnknown:
		say("%s", m.verdictUnknown)
	case catalog.Nobody.String():
		say("%s", m.verdictNobody)
	default:
		say(m.verdictActs, m.actor(top.Acts, b.opt.Lang))
	}
	if top.Evidence.Cause == top.Count {
		say(m.verdictInferredAll, comma(top.Count))
	} else if v.Inferred {
		say(m.verdictInferred, comma(top.Evidence.Cause), comma(top.Count))
	}
}

// over reports whether the log goes on for a while after the last record of a
// code: for a tenth of its span and two windows.
func (b *builder) over(c *Code) bool {
	rest := b.r.To.Sub(*c.Last)
	return rest > b.r.To.Sub(*b.r.From)/10 && rest > 2*time.Duration(b.r.WindowSeconds)*time.Second
}

// span returns the first and the last time in the inputs, whatever was counted.
func (b *builder) span() (from, to time.Time, ok bool) {
	for i := range b.s.Inputs {
		in := &b.s.Inputs[i]
		if in.Records == 0 {
			continue
		}
		first, last := time.UnixMilli(in.First).In(b.loc), time.UnixMilli(in.Last).In(b.loc)
		if !ok || first.Before(from) {
			from = first
		}
		if !ok || last.After(to) {
			to = last
		}
		ok = true
	}
	return from, to, ok
}

// concentration names the operationType, and the host, that has most of a code's
// records, if others could have had them.
func (b *builder) concentration(c *Code, say func(string, ...any)) {
	if v := c.Top.OperationType; len(v) > 0 && v[0].Count*2 > c.Count && c.Count > 4 && len(b.r.Breakdowns.OperationType.Values) > 1 {
		say(b.msg.verdictWhere, b.msg.dimOperation, v[0].Value, comma(v[0].Count))
	}
	if v := c.Top.Host; len(v) > 0 && v[0].Count*4 > c.Count*3 && c.Count > 4 && len(b.r.Breakdowns.Host.Values) > 1 {
		say(b.msg.verdictWhere, b.msg.dimHost, v[0].Value, comma(v[0].Count))
	}
}

// topError returns the commonest code that is an error in fact.
func (b *builder) topError() *Code {
	for i := range b.r.Codes {
		if c := &b.r.Codes[i]; c.Outcome == OutcomeError {
			return c
		}
	}
	return nil
}

func (b *builder) failedInputs() int64 {
	var n int64
	for i := range b.r.Inputs {
		if b.r.Inputs[i].Error != nil {
			n++
		}
	}
	return n
}

// label returns a code with its title.
func (b *builder) label(c *Code) string {
	code := strconv.Itoa(int(c.Code))
	switch {
	case !c.InCatalogue:
		return code + fmt.Sprintf(b.msg.parens, c.Title)
	case c.Platform != parser.Server.String():
		return code + " " + c.Title + fmt.Sprintf(b.msg.parens, b.msg.platform(c.Platform))
	}
	return code + " " + c.Title
}

func (b *builder) clock(t time.Time) string { return t.Format(clockLayout(b.r.From, b.r.To)) }

// clockLayout returns the layout of times between from and to: no more of the
// date than is needed to tell them apart.
func clockLayout(from, to *time.Time) string {
	switch {
	case from == nil || to == nil || from.Year() != to.Year():
		return time.DateTime
	case from.YearDay() != to.YearDay():
		return "01-02 15:04:05"
	}
	return time.TimeOnly
}

// comma writes a number for people.
func comma(n int64) string { return humanize.Comma(n) }

// count writes a counted noun: one of them, or a number in many.
func count(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, comma(n))
}

// percent writes a fraction in percent with three digits at most. What is not
// nothing is never written as 0%, and what is not all never as 100%.
func percent(f float64) string {
	p := f * 100
	switch {
	case p == 0 || p == 100:
		return fmt.Sprintf("%.0f%%", p)
	case p < 0.1:
		return "<0.1%"
	case p > 99.9:
		return ">99.9%"
	}
	return fmt.Sprintf("%.1f%%", math.Round(p*10)/10)
}

// duration writes a number of seconds in the largest unit that leaves no
// remainder, or in two.
func (m *messages) duration(seconds int64) string {
	units := []struct {
		seconds int64
		text    string
	}{{86400, m.days}, {3600, m.hours}, {60, m.minutes}, {1, m.seconds}}
	for i, u := range units {
		if seconds < u.seconds && u.seconds > 1 {
			continue
		}
		out := fmt.Sprintf(u.text, comma(seconds/u.seconds))
		if left := seconds % u.seconds; left > 0 && i+1 < len(units) && left >= units[i+1].seconds {
			out += " " + fmt.Sprintf(units[i+1].text, comma(left/units[i+1].seconds))
		}
		return out
	}
	return ""
}

func (m *messages) actor(name string, lang catalog.Lang) string {
	for _, a := range catalog.Actors() {
		if a.String() == name {
			return a.Text().In(lang)
		}
	}
	return m.actorUnknown
}

func (m *messages) side(name string) string {
	switch name {
	case catalog.Gateway.String():
		return m.sideGateway
	case catalog.Service.String():
		return m.sideService
	case catalog.Client.String():
		return m.sideClient
	}
	return m.sideUnknown
}

func (m *messages) platform(name string) string {
	switch name {
	case parser.Server.String():
		return m.platServer
	case parser.Android.String():
		return m.platAndroid
	case parser.IOS.String():
		return m.platIOS
	case parser.SecurityGuard.String():
		return m.platGuard
	}
	return m.unknown
}
