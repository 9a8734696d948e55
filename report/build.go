package report

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// Options are what Build must know beyond what was counted.
type Options struct {
	Lang      catalog.Lang
	Generator string   // name and version of the program, "mgslog 0.1.0"
	Filters   []string // the filter in the user's own terms, one flag or so an item
	Strict    bool     // no code was inferred
	// Files are the inputs as the user named them, for the suggested
	// commands.
	Files []string
	// Flags are those that tell how to read them, and Layouts the files of
	// layouts that the user named, for the same commands.
	Flags, Layouts []string
}

// Build decides what the report says. It keeps no reference to s.
func Build(s *analyze.Summary, opt Options) *Report {
	b := builder{s: s, opt: opt, msg: messagesFor(opt.Lang), loc: s.Location}
	if b.loc == nil {
		b.loc = time.UTC
	}
	r := &Report{
		Schema: SchemaName, Generator: opt.Generator, Language: opt.Lang.String(),
		WindowSeconds: int64(s.Window / time.Second), WindowAskedSeconds: int64(s.WindowAsked / time.Second),
		Filters: list(slices.Clone(opt.Filters)), Strict: opt.Strict,
		UncodedRest: rest(s.Uncoded), UncodedSamples: b.samples(s.UncodedSamples),
	}
	if s.Totals.Records > s.Totals.Undated {
		r.From, r.To = b.time(s.From), b.time(s.To)
	}
	b.r = r
	b.inputs()
	b.zone()
	b.totals()
	b.windows()
	for i := range s.Codes {
		r.Codes = append(r.Codes, b.code(&s.Codes[i]))
	}
	r.Codes = list(r.Codes)
	b.shares()
	r.Breakdowns = Breakdowns{
		OperationType: measured(s.Operations), AppID: breakdown(s.Apps),
		WorkspaceID: breakdown(s.Workspaces), Host: breakdown(s.Hosts),
	}
	r.Uncoded = []Uncoded{}
	for _, e := range s.Uncoded.Entries {
		r.Uncoded = append(r.Uncoded, Uncoded{e.Value, e.Count, e.Missed})
	}
	b.gaps()
	b.warnings()
	b.verdict()
	b.next()
	return r
}

// builder is the work of one Build.
type builder struct {
	s   *analyze.Summary
	opt Options
	msg *messages
	loc *time.Location
	r   *Report
}

// list returns s, or an empty list instead of nil, which JSON would show as
// null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (b *builder) at(ms int64) time.Time { return time.UnixMilli(ms).In(b.loc) }

func (b *builder) time(ms int64) *time.Time {
	t := b.at(ms)
	return &t
}

func share(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

func (b *builder) inputs() {
	b.r.Inputs = []Input{}
	for i := range b.s.Inputs {
		in := &b.s.Inputs[i]
		x := Input{
			Path: in.Path, Format: in.FormatName(), Compression: in.Compressed, Encoding: in.Encoding,
			Bytes: in.Bytes, Lines: in.Lines,
			Records: in.Records, Coded: in.Coded, Uncoded: in.Uncoded, Skipped: in.Skipped,
			DuplicateOf:  in.DuplicateOf,
			OffsetSource: in.ZoneSource.String(),
			FirstSkipped: []SkippedLine{},
			Cut:          in.Cut, FieldsMissing: in.FieldsMissing, FieldsExtra: in.FieldsExtra,
			NULs: in.NULs, Invalid: in.Invalid, Recoded: in.Recoded,
			Disagree: in.Disagree, Backwards: in.Backwards, Undated: in.Undated,
		}
		if in.Err != nil {
			text := in.Err.Error()
			x.Error = &text
			b.r.Partial = true
		}
		x.Offset = offset(in.First, zoneOr(in.Zone, b.loc))
		if in.Records > in.Undated {
			x.From, x.To = b.time(in.First), b.time(in.Last)
		}
		for _, l := range in.SkippedLines {
			x.FirstSkipped = append(x.FirstSkipped, SkippedLine{max(l.Line, 0), l.Column, b.msg.reason(l.Reason), l.Text})
		}
		b.r.Inputs = append(b.r.Inputs, x)
	}
}

// evidenceOf returns counts by the rung of the ladder.
func evidenceOf(n func(parser.Evidence) int64) Evidence {
	return Evidence{
		Position: n(parser.ByPosition), Field: n(parser.ByField), Exception: n(parser.ByException),
		Constant: n(parser.ByConstant), Memo: n(parser.ByMemo), Bracket: n(parser.ByBracket), Cause: n(parser.ByCause),
	}
}

func zoneOr(zone, or *time.Location) *time.Location {
	if zone == nil {
		return or
	}
	return zone
}

// offset returns the zone's offset at an instant, as RFC 3339 writes it.
func offset(ms int64, zone *time.Location) string {
	return time.UnixMilli(ms).In(zone).Format("-07:00")
}

// reason tells why a line was skipped.
func (m *messages) reason(err error) string {
	switch {
	case errors.Is(err, parser.ErrBlank):
		return m.skipBlank
	case errors.Is(err, parser.ErrHostFailed):
		return m.skipHostFailed
	case errors.Is(err, parser.ErrSeparator):
		return m.skipSeparator
	case errors.Is(err, parser.ErrOrphan):
		return m.skipOrphan
	case errors.Is(err, parser.ErrDigest):
		return m.skipDigest
	case errors.Is(err, parser.ErrFormat):
		return m.skipFormat
	case errors.Is(err, parser.ErrLayout):
		return m.skipLayout
	case errors.Is(err, parser.ErrTooLong):
		return m.skipTooLong
	case errors.Is(err, parser.ErrOutside):
		return m.skipOutside
	case errors.Is(err, parser.ErrNotMGS):
		return m.skipNotMGS
	case err == nil:
		return ""
	}
	return err.Error()
}

// zone tells where the report's zone comes from: from what the inputs in that
// zone rest on, the one with the most records deciding.
func (b *builder) zone() {
	z := TimeZone{Offset: offset(b.s.From, b.loc), Name: b.loc.String(), Source: analyze.ZoneFromMachine.String()}
	most := int64(-1)
	for i := range b.s.Inputs {
		in := &b.s.Inputs[i]
		if offset(b.s.From, zoneOr(in.Zone, b.loc)) != z.Offset {
			continue
		}
		if in.Records > most {
			most = in.Records
			z.Source = in.ZoneSource.String()
		}
		if in.ZoneSource == analyze.ZoneFromTraceIDs {
			z.TraceIDs += in.ZoneVotes
		}
	}
	if z.Source != analyze.ZoneFromTraceIDs.String() {
		z.TraceIDs = 0
	}
	b.r.TimeZone = z
}

func (b *builder) totals() {
	t := &b.s.Totals
	b.r.Totals = Totals{
		Records: t.Records, Coded: t.Coded, Uncoded: t.Uncoded,
		Success: t.Success, Errors: t.Failures, Harmless: t.Harmless, BeyondBound: b.s.ExcessCodes,
		Stress: t.Stress, StressErrors: t.StressFailures, Undated: t.Undated,
		Filtered: t.Filtered, FilteredNone: t.UndatedFiltered, Skipped: t.Skipped,
	}
	for i := range b.s.Codes {
		b.r.Totals.Inferred += b.s.Codes[i].Evidence[parser.ByCause]
	}
}

func (b *builder) windows() {
	b.r.Windows = []Window{}
	for i := range b.s.Windows {
		w := &b.s.Windows[i]
		counts := make(map[string]int64, len(w.Counts))
		for k, n := range w.Counts {
			counts[k.String()] = n
		}
		b.r.Windows = append(b.r.Windows, Window{b.at(w.Start), w.Records, w.Uncoded, counts})
	}
}

// code joins what was counted of a code with what the catalogue says of it.
func (b *builder) code(c *analyze.CodeSummary) Code {
	x := Code{
		Code: int32(c.Key.Code), Platform: c.Key.Platform.String(), Key: c.Key.String(),
		Outcome: OutcomeSuccess,
		Count:   c.Count, Share: share(c.Count, b.s.Totals.Coded), Undated: c.Undated,
		Evidence: evidenceOf(func(e parser.Evidence) int64 { return c.Evidence[e] }),
		Latency:  quantiles(c.Latency), Backend: quantiles(c.Backend),
		Samples: b.samples(c.Samples),
	}
	dated := c.Count > c.Undated
	if dated {
		x.First, x.Last = b.time(c.First), b.time(c.Last)
	}
	switch {
	case catalog.Harmless(c.Key):
		x.Outcome = OutcomeHarmless
	case c.Failure:
		x.Outcome = OutcomeError
		x.ShareOfErrors = share(c.Count, b.s.Totals.Failures)
		if dated {
			x.Onset = b.time(b.onset(c))
		}
	}
	x.Top.OperationType, x.TopRest.OperationType = values(c.Operations)
	x.Top.AppID, x.TopRest.AppID = values(c.Apps)
	x.Top.WorkspaceID, x.TopRest.WorkspaceID = values(c.Workspaces)
	x.Top.Host, x.TopRest.Host = values(c.Hosts)
	x.Top.File, x.TopRest.File = values(c.Files)
	x.Top.Exception, x.TopRest.Exception = values(c.Exceptions)
	b.explain(&x, c.Key)
	return x
}

// explain fills in what the catalogue says.
func (b *builder) explain(x *Code, key parser.Key) {
	lang := b.opt.Lang
	x.Side = catalog.SideOf(key).String()
	x.Sources, x.Remedy, x.Look, x.Notes = []Source{}, []string{}, []string{}, []string{}
	e, ok := catalog.Lookup(key)
	if !ok {
		x.Title, x.Cause, x.Acts = b.msg.notInCatalogue, catalog.Implied(key.Code).In(lang), actorUnknown
		return
	}
	x.InCatalogue, x.Documented, x.Constant = true, e.Documented, e.Constant
	x.Title, x.Cause, x.Acts = e.Title.In(lang), e.Cause.In(lang), e.Acts.String()
	x.Remedy, x.Look, x.Notes = texts(e.Remedy, lang), texts(e.Look, lang), texts(e.Notes, lang)
	x.Sources = sources(e.Sources, b.msg)
	// The steps that want a trace id get a real one.
	for _, s := range x.Samples {
		if _, ok := parser.ParseTraceID([]byte(s.TraceID)); ok {
			id := strings.NewReplacer("TRACE-ID", s.TraceID, "<TraceId>", s.TraceID)
			for i, step := range x.Remedy {
				x.Remedy[i] = id.Replace(step)
			}
			break
		}
	}
}

// actorUnknown is the actor of codes that have no entry.
const actorUnknown = "unknown"

func texts(in []catalog.Text, lang catalog.Lang) []string {
	out := []string{}
	for _, t := range in {
		out = append(out, t.In(lang))
	}
	return out
}

func sources(in []catalog.Source, m *messages) []Source {
	out := []Source{}
	for _, s := range in {
		s.Date = strings.ReplaceAll(strings.ReplaceAll(s.Date, "undated", m.sourceUndated), "read ", m.readOn)
		out = append(out, Source(s))
	}
	return out
}

// onset returns when a code began to come in numbers: the start of the first
// window that has at least a quarter of the code's busiest one, or the code's
// first record if that is in this window.
func (b *builder) onset(c *analyze.CodeSummary) int64 {
	var most int64
	for i := range b.s.Windows {
		most = max(most, b.s.Windows[i].Counts[c.Key])
	}
	for i := range b.s.Windows {
		if w := &b.s.Windows[i]; most > 0 && w.Counts[c.Key]*4 >= most {
			return max(w.Start, c.First)
		}
	}
	return c.First
}

func quantiles(q *analyze.Quantiles) *Quantiles {
	if q == nil {
		return nil
	}
	return &Quantiles{q.Count, q.P50, q.P95, q.P99, q.Max}
}

func p99(q *Quantiles) int64 {
	if q == nil {
		return -1
	}
	return q.P99
}

func values(in analyze.Breakdown) ([]Value, Rest) {
	out := []Value{}
	for _, e := range in.Entries {
		out = append(out, Value{e.Value, e.Count, e.Missed})
	}
	return out, rest(in)
}

func rest(in analyze.Breakdown) Rest {
	return Rest{None: in.None, Other: in.Other, Missed: in.Missed, Exact: in.Folded == 0}
}

func breakdown(in analyze.Breakdown) Breakdown {
	out := Breakdown{Values: []Counted{}, Rest: rest(in)}
	for _, e := range in.Entries {
		out.Values = append(out.Values, Counted{e.Value, e.Count, e.Failures, e.Missed})
	}
	return out
}

// measured puts those that fail most first, then the slowest: that is what
// this list is looked at for.
func measured(in analyze.Breakdown) MeasuredBreakdown {
	out := MeasuredBreakdown{Values: []Measured{}, Rest: rest(in)}
	for _, e := range in.Entries {
		out.Values = append(out.Values, Measured{
			Counted{e.Value, e.Count, e.Failures, e.Missed}, quantiles(e.Latency), quantiles(e.Backend),
		})
	}
	slices.SortStableFunc(out.Values, func(x, y Measured) int {
		return cmp.Or(cmp.Compare(y.Errors, x.Errors), cmp.Compare(p99(y.Latency), p99(x.Latency)))
	})
	return out
}

func (b *builder) samples(in []analyze.Sample) []Sample {
	out := []Sample{}
	for _, s := range in {
		x := Sample{
			Line: max(s.Line, 0), Evidence: s.Evidence.String(),
			TraceID: s.TraceID, Operation: s.Operation, Text: s.Text,
		}
		if !s.NoTime {
			x.Time = b.time(s.Time)
		}
		if s.Input < len(b.s.Inputs) {
			x.File = b.s.Inputs[s.Input].Path
		}
		out = append(out, x)
	}
	return out
}

func (b *builder) shares() {
	b.r.BySide, b.r.ByActor = []SideShare{}, []ActorShare{}
	for _, x := range b.s.Sides {
		b.r.BySide = append(b.r.BySide, SideShare{x.Name, x.Count, share(x.Count, b.s.Totals.Failures)})
	}
	for _, x := range b.s.Actors {
		b.r.ByActor = append(b.r.ByActor, ActorShare{x.Name, x.Count, share(x.Count, b.s.Totals.Failures)})
	}
	slices.SortStableFunc(b.r.BySide, func(x, y SideShare) int { return cmp.Compare(y.Count, x.Count) })
	slices.SortStableFunc(b.r.ByActor, func(x, y ActorShare) int { return cmp.Compare(y.Count, x.Count) })
}

// gapWeight is how many records a silent stretch should have had to be called
// a gap. Where records come one by one, the chance of such a stretch is less
// than e^-8, one in three thousand.
const gapWeight = 8

// minGap is how long, in milliseconds, a silent stretch must be to be told.
const minGap = 60_000

// gaps finds stretches of windows without records that are too long to be
// chance. A log of bursts is silent most of the time and so has none, unless
// there are at most three.
//
// The ends are those of windows: the last record before a gap may be up to a
// window earlier, and the first one after it up to a window later.
func (b *builder) gaps() {
	b.r.Gaps = []Gap{}
	w := b.s.Windows
	if len(w) < 2 || b.s.Window <= 0 {
		return
	}
	width := b.s.Window.Milliseconds()
	perWindow := float64(b.s.Totals.Records-b.s.Totals.Undated) / float64(len(w))
	for i := 1; i < len(w); i++ {
		// A day may have 23 or 25 hours, so this is rounded.
		silent := (w[i].Start-w[i-1].Start+width/2)/width - 1
		if silent > 0 && silent*width >= minGap && perWindow*float64(silent) >= gapWeight {
			from, to := b.at(w[i-1].Start+width), b.at(w[i].Start)
			b.r.Gaps = append(b.r.Gaps, Gap{from, to, int64(to.Sub(from) / time.Second)})
		}
	}
	span := (w[len(w)-1].Start-w[0].Start)/width + 1
	if len(b.r.Gaps) > 3 && int64(len(w))*2 < span {
		b.r.Gaps = []Gap{}
	}
}
