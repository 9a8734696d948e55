package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// How much the text shows unless it is to be verbose.
const (
	maxDetails = 10 // errors in detail; of the others, the cause and the first step
	maxFull    = 3  // of these, with all that was counted
	maxTop     = 3  // values of a dimension
	maxRows    = 10 // operationTypes, exceptions
	maxGaps    = 5
	maxLook    = 2 // places to look, of all but the first error
	sampleRows = 2 // lines of a sample's text
)

// Text writes the report for people to read.
func (r *Report) Text(w io.Writer, opt TextOptions) error {
	lang := catalog.EN
	if r.Language == catalog.ZH.String() {
		lang = catalog.ZH
	}
	t := textReport{page: newPage(opt), r: r, lang: lang, m: messagesFor(lang)}
	t.header()
	t.verdict()
	t.codes()
	t.details()
	t.shares()
	t.operations()
	t.uncoded()
	t.coverage()
	t.next()
	return t.flush(w)
}

// textReport is the work of one call of Text.
type textReport struct {
	*page
	r    *Report
	lang catalog.Lang
	m    *messages
}

// limit returns n, or no limit for a verbose report.
func (t *textReport) limit(n int) int {
	if t.opt.Verbose {
		return 1 << 30
	}
	return n
}

func (t *textReport) clock(x *time.Time) string { return t.at(x, clockLayout(t.r.From, t.r.To)) }

// at writes a time in the layout, or that there is none.
func (t *textReport) at(x *time.Time, layout string) string {
	if x == nil {
		return t.m.undated
	}
	return x.Format(layout)
}

// distinct returns the number of inputs without those that have the content of
// another.
func (t *textReport) distinct() int64 {
	n := int64(0)
	for i := range t.r.Inputs {
		if t.r.Inputs[i].DuplicateOf == "" {
			n++
		}
	}
	return n
}

func (t *textReport) header() {
	r, m := t.r, t.m
	var parts []string
	if r.Generator != "" {
		parts = append(parts, r.Generator)
	}
	parts = append(parts, count(r.Totals.Records, m.oneRecord, m.records), count(t.distinct(), m.oneFile, m.files))
	if r.From != nil {
		to := r.To.Format(time.DateTime)
		if r.From.Format(time.DateOnly) == r.To.Format(time.DateOnly) {
			to = r.To.Format(time.TimeOnly)
		}
		parts = append(parts, fmt.Sprintf(m.span, r.From.Format(time.DateTime), to))
	}
	t.text(0, 2, strings.Join(parts, m.comma), plain)
	if len(r.Filters) > 0 {
		t.text(0, 2, m.filters+m.colon+strings.Join(r.Filters, " "), plain)
	}
	if r.Strict {
		t.text(0, 2, m.strict, plain)
	}
	if r.From == nil {
		return
	}
	source := m.zoneMachine
	switch r.TimeZone.Source {
	case analyze.ZoneFromTraceIDs.String():
		source = fmt.Sprintf(m.zoneTrace, comma(int64(r.TimeZone.TraceIDs)))
	case analyze.ZoneFromFlag.String():
		source = m.zoneFlag
	case analyze.ZoneFromStamps.String():
		source = m.zoneStamp
	case analyze.ZoneFromLayout.String():
		source = m.zoneLayout
	case analyze.ZoneAbsolute.String():
		source = m.zoneAbsolute
	}
	t.text(0, 2, fmt.Sprintf(m.zoneFrom, r.TimeZone.Offset, source), t.dim)
}

func (t *textReport) verdict() {
	t.heading(t.m.headVerdict, "")
	style := t.bold
	switch t.r.Verdict.Kind {
	case VerdictSuccess, VerdictHarmless:
		style = t.green
	case VerdictEmpty, VerdictUncoded:
		style = t.yellow
	}
	t.text(2, 0, t.r.Verdict.Text, style)
	if t.r.Verdict.First != "" {
		t.text(2, 2, t.m.headFirst+t.m.colon+t.r.Verdict.First, plain)
	}
}

// codes writes the table of codes.
func (t *textReport) codes() {
	r, m := t.r, t.m
	if len(r.Codes) == 0 {
		return
	}
	n, slots := t.sparkWindows(), t.slots()
	note := ""
	if n > 0 {
		note = fmt.Sprintf(m.windowsOf, m.duration(r.WindowSeconds*n)) + m.comma + m.perRow
	}
	t.heading(m.headCodes, note)
	columns := []column{
		{head: m.colCode},
		{head: m.colCount, right: true},
		{head: m.colShare, right: true},
		{head: m.colFirst},
		{head: m.colLast},
	}
	if n > 0 {
		columns = append(columns, column{head: m.colTime})
	}
	columns = append(columns, column{head: m.colMeaning, flex: true})
	layout := time.TimeOnly
	if full := clockLayout(r.From, r.To); full != layout {
		layout = strings.TrimSuffix(full, ":05")
	}
	var rows [][]string
	outcomes := map[string]string{}
	for i := range r.Codes {
		c := &r.Codes[i]
		code := strconv.Itoa(int(c.Code))
		outcomes[code] = c.Outcome
		row := []string{code, comma(c.Count), percent(c.Share), t.at(c.First, layout), t.at(c.Last, layout)}
		if n > 0 {
			row = append(row, spark(t.series(c.Key, slots, n)))
		}
		rows = append(rows, append(row, t.meaning(c)))
	}
	t.rows(columns, rows, t.byOutcome(outcomes))
	for i := range r.Codes {
		if c := &r.Codes[i]; c.Outcome == OutcomeSuccess {
			for _, line := range t.took(c) {
				t.text(2, 2, strconv.Itoa(int(c.Code))+" "+line, t.dim)
			}
		}
	}
}

// meaning returns the title of a code and what must be said with it.
func (t *textReport) meaning(c *Code) string {
	var marks []string
	if p := t.m.platform(c.Platform); c.Platform != parser.Server.String() {
		marks = append(marks, p)
	}
	if c.Outcome == OutcomeHarmless {
		marks = append(marks, t.m.noError)
	}
	if c.InCatalogue && !c.Documented {
		marks = append(marks, t.m.notDocumented)
	}
	switch n := c.Evidence.Cause; n {
	case 0:
	case c.Count:
		marks = append(marks, t.m.inferred)
	default:
		marks = append(marks, fmt.Sprintf(t.m.inferredSome, comma(n)))
	}
	if len(marks) == 0 {
		return c.Title
	}
	return c.Title + t.paren(strings.Join(marks, t.m.comma))
}

func (t *textReport) paren(s string) string { return fmt.Sprintf(t.m.parens, s) }

// slots returns how many windows there are from the first to the last one,
// silent ones included.
func (t *textReport) slots() int64 {
	w := t.r.Windows
	if len(w) == 0 || t.r.WindowSeconds <= 0 {
		return 0
	}
	return t.slot(w[len(w)-1].Start) + 1
}

// slot returns the number of the window that starts at start. (A day may have
// 23 or 25 hours, so it is rounded.)
func (t *textReport) slot(start time.Time) int64 {
	width := t.r.WindowSeconds
	return (start.Unix() - t.r.Windows[0].Start.Unix() + width/2) / width
}

// sparkWindows returns how many windows one column of the sparklines stands
// for, 0 if there is nothing to draw.
func (t *textReport) sparkWindows() int64 {
	n := int64(12)
	switch {
	case t.width >= 120:
		n = 40
	case t.width >= 100:
		n = 24
	case t.width < 65:
		return 0
	case t.width < 78:
		n = 6
	}
	if t.opt.WideAmbiguous {
		n /= 2
	}
	slots := t.slots()
	if slots < 2 {
		return 0
	}
	return (slots + n - 1) / n
}

// series returns the counts of a code, per windows in each. (Windows without
// records are not listed, and their number has no bound.)
func (t *textReport) series(key string, slots, per int64) []int64 {
	counts := make([]int64, (slots+per-1)/per)
	for i := range t.r.Windows {
		w := &t.r.Windows[i]
		counts[t.slot(w.Start)/per] += w.Counts[key]
	}
	return counts
}

// details explains the errors one by one.
func (t *textReport) details() {
	m := t.m
	var failed []*Code
	for i := range t.r.Codes {
		if c := &t.r.Codes[i]; c.Outcome == OutcomeError || t.opt.Verbose && c.Outcome == OutcomeHarmless {
			failed = append(failed, c)
		}
	}
	if len(failed) == 0 {
		return
	}
	t.heading(m.headFailures, "")
	shown := min(len(failed), t.limit(maxDetails))
	for i, c := range failed[:shown] {
		if i > 0 {
			t.blank()
		}
		t.detail(c, i)
	}
	if rest := failed[shown:]; len(rest) > 0 {
		t.blank()
		t.text(2, 0, fmt.Sprintf(m.moreCodes, comma(int64(len(rest)))), plain)
		width := t.labelWidth(m.cause, m.remedy, m.acts)
		for _, c := range rest {
			t.text(2, 2, strconv.Itoa(int(c.Code))+" "+t.meaning(c)+m.comma+comma(c.Count), t.bold)
			t.field(4, width, m.cause, c.Cause)
			t.field(4, width, m.remedy, c.Remedy[:min(len(c.Remedy), 1)]...)
			t.field(4, width, m.acts, m.actor(c.Acts, t.lang))
		}
	}
}

// detail explains one code; those down the list are told in fewer words.
func (t *textReport) detail(c *Code, rank int) {
	m := t.m
	facts := []string{comma(c.Count)}
	if c.Outcome == OutcomeError {
		facts = append(facts, fmt.Sprintf(m.ofErrors, percent(c.ShareOfErrors)))
	}
	facts = append(facts, m.side(c.Side))
	if c.First == nil {
		facts = append(facts, m.undated)
	} else if c.Onset != nil && c.Onset.After(*c.First) {
		facts = append(facts, fmt.Sprintf(m.onset, t.clock(c.Onset)))
	}
	t.text(2, 2, strconv.Itoa(int(c.Code))+" "+t.meaning(c), t.bold)
	t.text(2, 2, strings.Join(facts, m.comma), t.dim)

	width := t.labelWidth(m.cause, m.remedy, m.acts, m.look, m.notes, m.top, m.evidence, m.took, m.seen)
	field := func(label string, texts ...string) { t.field(4, width, label, texts...) }
	field(m.cause, c.Cause)
	field(m.remedy, numbered(c.Remedy)...)
	field(m.acts, m.actor(c.Acts, t.lang))
	if rank >= t.limit(maxFull) {
		top := t.top(c)
		field(m.top, top[:min(len(top), 2)]...)
		field(m.evidence, t.evidence(c))
		for _, s := range c.Samples[:min(len(c.Samples), 1)] {
			field(m.seen, t.place(s))
		}
		return
	}
	look := c.Look
	if rank > 0 {
		look = look[:min(len(look), t.limit(maxLook))]
	}
	field(m.look, look...)
	if t.opt.Verbose {
		field(m.notes, c.Notes...)
	}
	field(m.top, t.top(c)...)
	field(m.evidence, t.evidence(c))
	field(m.took, t.took(c)...)
	samples := 1
	if rank == 0 {
		samples = 2
	}
	t.samples(width, c.Samples, t.limit(samples))
}

// top writes the commonest values of each dimension, a line for each.
func (t *textReport) top(c *Code) []string {
	m := t.m
	var lines, same []string
	for _, d := range []struct {
		name   string
		values []Value
		rest   Rest
	}{
		{m.dimOperation, c.Top.OperationType, c.TopRest.OperationType},
		{m.dimHost, c.Top.Host, c.TopRest.Host},
		{m.dimApp, c.Top.AppID, c.TopRest.AppID},
		{m.dimWorkspace, c.Top.WorkspaceID, c.TopRest.WorkspaceID},
		{m.dimException, c.Top.Exception, c.TopRest.Exception},
		{m.dimFile, c.Top.File, c.TopRest.File},
	} {
		one := d.name == m.dimFile && len(t.r.Inputs) < 2
		if len(d.values) == 0 || one {
			continue
		}
		if v := d.values[0]; v.Count == c.Count && d.rest.Exact {
			same = append(same, d.name+" "+t.cut(v.Value, t.prose()-30))
			continue
		}
		var parts []string
		shown := min(len(d.values), t.limit(maxTop))
		for _, v := range d.values[:shown] {
			parts = append(parts, t.cut(v.Value, t.prose()-20)+" "+comma(v.Count))
		}
		others := d.rest.Other
		for _, v := range d.values[shown:] {
			others += v.Count
		}
		if others > 0 {
			parts = append(parts, fmt.Sprintf(m.restOther, comma(others)))
		}
		if d.rest.None > 0 && d.name != m.dimException {
			parts = append(parts, fmt.Sprintf(m.restNone, comma(d.rest.None)))
		}
		line := d.name + m.colon + strings.Join(parts, m.comma)
		if !d.rest.Exact {
			line += t.paren(fmt.Sprintf(m.atLeast, comma(d.rest.Missed)))
		}
		lines = append(lines, line)
	}
	if len(same) > 0 {
		lines = append([]string{fmt.Sprintf(m.topAll, strings.Join(same, m.comma))}, lines...)
	}
	return lines
}

func (t *textReport) evidence(c *Code) string {
	return strings.Join(t.m.rungs(&c.Evidence), t.m.comma)
}

// rungs tells what codes rest on.
func (m *messages) rungs(n *Evidence) []string {
	var parts []string
	for _, e := range []struct {
		n    int64
		text string
	}{
		{n.Position, m.evPosition},
		{n.Field, m.evField},
		{n.Exception, m.evException},
		{n.Constant, m.evConstant},
		{n.Memo, m.evMemo},
		{n.Bracket, m.evBracket},
		{n.Cause, m.evCause},
	} {
		if e.n > 0 {
			parts = append(parts, fmt.Sprintf(e.text, comma(e.n)))
		}
	}
	return parts
}

func (t *textReport) took(c *Code) []string {
	var lines []string
	line := func(label string, q *Quantiles) {
		if q != nil {
			lines = append(lines, label+t.quantiles(q))
		}
	}
	line(t.m.tookTotal+t.m.colon, c.Latency)
	line(t.m.tookBackend+t.m.colon, c.Backend)
	return lines
}

func (t *textReport) quantiles(q *Quantiles) string {
	return fmt.Sprintf(t.m.quantiles, comma(q.P50), comma(q.P95), comma(q.P99), comma(q.Max))
}

// place tells where a sample is, when it was, and its trace id.
func (t *textReport) place(s Sample) string {
	place := s.File
	if s.Line > 0 {
		place += ":" + strconv.FormatInt(s.Line, 10)
	}
	place += "  " + t.at(s.Time, clockLayout(t.r.From, t.r.To)+".000")
	if s.TraceID != "" {
		place += "  " + s.TraceID
	}
	if s.Evidence == parser.ByCause.String() {
		place += " " + t.paren(t.m.inferred)
	}
	return place
}

// samples writes records with their places.
func (t *textReport) samples(labelWidth int, samples []Sample, limit int) {
	column := 4 + labelWidth + 2
	for i, s := range samples[:min(len(samples), limit)] {
		label := ""
		if i == 0 {
			label = t.m.seen
		}
		t.field(4, labelWidth, label, t.place(s))
		for part := range strings.SplitSeq(s.Text, "\n") {
			lines := t.chop(part, t.width-column-2)
			if len(lines) > sampleRows && !t.opt.Verbose {
				lines = lines[:sampleRows]
				lines[sampleRows-1] = t.head(lines[sampleRows-1], t.width-column-5) + "..."
			}
			for _, line := range lines {
				t.WriteString(strings.Repeat(" ", column+2) + t.dim(line) + "\n")
			}
		}
	}
}

func (t *textReport) shares() {
	r, m := t.r, t.m
	if r.Totals.Errors == r.Totals.Harmless {
		return
	}
	t.heading(m.headShares, "")
	var actors, sides []string
	for _, x := range r.ByActor {
		actors = append(actors, m.actor(x.Acts, t.lang)+" "+comma(x.Count)+t.paren(percent(x.Share)))
	}
	for _, x := range r.BySide {
		sides = append(sides, m.side(x.Side)+" "+comma(x.Count)+t.paren(percent(x.Share)))
	}
	width := t.labelWidth(m.colActor, m.colSide)
	t.field(2, width, m.colActor, strings.Join(actors, m.comma))
	t.field(2, width, m.colSide, strings.Join(sides, m.comma))
}

// operations writes the table of operationTypes, unless the details have said
// it all.
func (t *textReport) operations() {
	r, m := t.r, t.m
	values := r.Breakdowns.OperationType.Values
	measured := slices.ContainsFunc(values, func(v Measured) bool { return v.Latency != nil })
	if len(values) == 0 || !measured && len(r.Codes) < 2 {
		return
	}
	note := ""
	columns := []column{
		{head: m.colOperation, flex: true},
		{head: m.colRecords, right: true},
		{head: m.colErrors, right: true},
	}
	wide := t.width >= 100 || !measured
	if wide {
		columns = append(columns, column{head: m.colShare, right: true})
	}
	if measured {
		note = m.msUnits
		columns = append(columns, column{head: "p50", right: true}, column{head: "p95", right: true},
			column{head: "p99", right: true}, column{head: m.colBackend, right: true})
	}
	t.heading(m.headOperations, note)
	shown := min(len(values), t.limit(maxRows))
	var rows [][]string
	for _, v := range values[:shown] {
		row := []string{v.Value, comma(v.Count), comma(v.Errors)}
		if wide {
			row = append(row, percent(share(v.Errors, v.Count)))
		}
		if measured {
			times := []string{"-", "-", "-", "-"}
			if q := v.Latency; q != nil {
				times[0], times[1], times[2] = comma(q.P50), comma(q.P95), comma(q.P99)
			}
			if q := v.Backend; q != nil {
				times[3] = comma(q.P95)
			}
			row = append(row, times...)
		}
		rows = append(rows, row)
	}
	t.rows(columns, rows, nil)
	var hidden int64
	for _, v := range values[shown:] {
		hidden += v.Count
	}
	t.rest(hidden, r.Breakdowns.OperationType.Rest)
}

// rest says what a table does not show; hidden is the number of records in
// rows that were left out.
func (t *textReport) rest(hidden int64, rest Rest) {
	m := t.m
	var parts []string
	if others := hidden + rest.Other; others > 0 {
		parts = append(parts, fmt.Sprintf(m.restOther, comma(others)))
	}
	if rest.None > 0 {
		parts = append(parts, fmt.Sprintf(m.restNone, comma(rest.None)))
	}
	if !rest.Exact {
		parts = append(parts, fmt.Sprintf(m.atLeast, comma(rest.Missed)))
	}
	if len(parts) > 0 {
		t.text(2, 0, strings.Join(parts, m.comma), t.dim)
	}
}

func (t *textReport) uncoded() {
	r, m := t.r, t.m
	if r.Totals.Uncoded == 0 {
		return
	}
	t.heading(m.headUncoded, comma(r.Totals.Uncoded))
	var rows [][]string
	shown := min(len(r.Uncoded), t.limit(maxRows))
	for _, u := range r.Uncoded[:shown] {
		rows = append(rows, []string{comma(u.Count), u.Exception})
	}
	rest := r.UncodedRest
	if rest.None > 0 {
		rows = append(rows, []string{comma(rest.None), m.noException})
		rest.None = 0
	}
	t.rows([]column{{head: m.colCount, right: true}, {head: m.colException, flex: true}}, rows, nil)
	var hidden int64
	for _, u := range r.Uncoded[shown:] {
		hidden += u.Count
	}
	t.rest(hidden, rest)
	t.samples(t.labelWidth(m.seen), r.UncodedSamples, t.limit(1))
}

// coverage tells what was read and what was not.
func (t *textReport) coverage() {
	r, m := t.r, t.m
	t.heading(m.headCoverage, "")
	if len(r.Inputs) > 0 {
		columns := []column{
			{head: m.colFile, flex: true},
			{head: m.colFormat},
			{head: m.colLines, right: true},
			{head: m.colRecords, right: true},
			{head: m.colSkipped, right: true},
		}
		wide := t.width >= 110
		if wide {
			columns = append(columns, column{head: m.colCoded, right: true}, column{head: m.colSpan})
		}
		var rows [][]string
		for i := range r.Inputs {
			in := &r.Inputs[i]
			format := in.Format
			if in.Compression != "" {
				format += "/" + in.Compression
			}
			if in.Encoding != "" && in.Encoding != plainText {
				format += "/" + in.Encoding
			}
			row := []string{in.Path, format, comma(in.Lines), comma(in.Records), comma(in.Skipped)}
			if wide {
				span := "-"
				if in.From != nil {
					span = fmt.Sprintf(m.span, t.clock(in.From), t.clock(in.To))
				}
				row = append(row, comma(in.Coded), span)
			}
			rows = append(rows, row)
		}
		t.rows(columns, rows, nil)
	}
	t.warnings()
	if len(r.Warnings) == 0 && r.Totals.Records > 0 {
		t.text(2, 0, m.complete, plain)
	}
}

func (t *textReport) warnings() {
	r, m := t.r, t.m
	for _, w := range r.Warnings {
		text := Printable(w.Text)
		if w.Input != "" && len(r.Inputs) > 1 {
			text = Printable(w.Input) + m.colon + text
		}
		t.text(2, 2, "- "+text, t.yellow)
		switch w.Kind {
		case WarnSkipped:
			for i := range r.Inputs {
				if in := &r.Inputs[i]; in.Path == w.Input {
					t.skipped(in)
					break
				}
			}
		case WarnGaps:
			t.gaps()
		}
	}
}

func (t *textReport) skipped(in *Input) {
	const shown = 3
	for _, l := range in.FirstSkipped[:min(len(in.FirstSkipped), t.limit(shown))] {
		place := l.Reason
		if l.Line > 0 {
			place = fmt.Sprintf(t.m.skippedAt, comma(l.Line), comma(int64(l.Column)), l.Reason)
		}
		t.text(6, 2, place, plain)
		if strings.TrimSpace(l.Text) != "" {
			t.text(8, 0, t.cut(l.Text, t.prose()-8), t.dim)
		}
	}
}

// gaps lists the longest gaps in the order of time.
func (t *textReport) gaps() {
	gaps := slices.Clone(t.r.Gaps)
	slices.SortStableFunc(gaps, func(a, b Gap) int { return cmp.Compare(b.Seconds, a.Seconds) })
	gaps = gaps[:min(len(gaps), t.limit(maxGaps))]
	slices.SortFunc(gaps, func(a, b Gap) int { return a.From.Compare(b.From) })
	for _, g := range gaps {
		t.text(6, 2, fmt.Sprintf(t.m.gap, t.clock(&g.From), t.clock(&g.To), t.m.duration(g.Seconds)), plain)
	}
}

func (t *textReport) next() {
	if len(t.r.Next) == 0 {
		return
	}
	t.heading(t.m.headNext, "")
	for _, c := range t.r.Next {
		t.command(c.Command)
		t.text(6, 2, "# "+c.Why, t.dim)
	}
}

// command writes a command such that it can be copied whole: it is broken
// between words only, as a shell allows. A word that is too long stays whole.
func (p *page) command(s string) {
	line := "  "
	for i, word := range shellWords(Printable(s)) {
		if i > 0 && p.cells(line)+1+p.cells(word)+2 > p.width {
			p.WriteString(line + " \\\n")
			line = "     "
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	p.WriteString(line + "\n")
}

// shellWords cuts a command at the spaces outside its quotes, and leaves a flag
// and its value together.
func shellWords(s string) []string {
	var words []string
	quoted, from := false, 0
	for i := range len(s) {
		flag := strings.HasPrefix(s[from:i], "-") && !strings.Contains(s[from:i], " ")
		switch {
		case s[i] == '\'':
			quoted = !quoted
		case s[i] == ' ' && !quoted && !flag:
			words = append(words, s[from:i])
			from = i + 1
		}
	}
	return append(words, s[from:])
}
