package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"mgslog/analyze/catalog"
)

// A document is what a summary says, in its order, for people. Text and HTML
// are made of the same one, so that both say the same.
type document []section

// A section has a heading, unless title is empty.
type section struct {
	title, note string
	parts       []part
	// spare tells that the section may be left out of a text that would be too
	// long: the greater, the sooner. 0 is never left out.
	spare int
}

// A part is one of: a paragraph, labelled texts, a table, a command.
type part struct {
	text  string // paragraph
	style style
	items []item
	table *grid
	shell *Command
}

// An item is a label and its texts, each of which begins a line.
type item struct {
	label string
	style style // of the label
	texts []string
	line  bool // in a text, one line is enough: what is longer is cut
}

// A grid is a table. A column that joins stands in one cell with the column in
// front of it where space is scarce.
type grid struct {
	columns []column
	joins   []bool
	rows    [][]string
}

// style is how a text looks; nothing is said by it alone.
type style int

const (
	stylePlain style = iota
	styleDim
	styleBold
	styleGood
	styleWarn
	styleBad
)

// brevity is how much a document shows of each list.
type brevity struct {
	problems, changes, acks, names, windows, remedies, steps, warnings int

	dense bool // no blank lines in front of headings
}

// brevities are tried in this order, until the text is short enough.
var brevities = []brevity{
	{problems: 8, changes: 10, acks: 3, names: 5, windows: 3, remedies: 3, steps: 2, warnings: 5},
	{problems: 6, changes: 6, acks: 2, names: 3, windows: 2, remedies: 2, steps: 1, warnings: 3},
	{problems: 6, changes: 6, acks: 2, names: 3, windows: 2, remedies: 2, steps: 1, warnings: 3, dense: true},
	{problems: 4, changes: 4, acks: 1, names: 2, windows: 1, remedies: 1, steps: 1, warnings: 1, dense: true},
}

const unlimited = 1 << 30

var everything = brevity{
	problems: unlimited, changes: unlimited, acks: unlimited, names: unlimited,
	windows: unlimited, remedies: unlimited, steps: unlimited, warnings: unlimited,
}

// stepsUnchanged is how many steps are shown for codes that are as they were: one, if
// not all.
func (n *brevity) stepsUnchanged() int {
	if n.steps == unlimited {
		return unlimited
	}
	return 1
}

// writer makes a document of a Daily or a Diff.
type writer struct {
	m    *dailyMessages
	lang catalog.Lang
	n    brevity
	doc  document
	told []*Change // the changes that the document shows
}

func newWriter(language string, n brevity) *writer {
	lang := catalog.EN
	if language == catalog.ZH.String() {
		lang = catalog.ZH
	}
	return &writer{m: dailyMessagesFor(lang), lang: lang, n: n}
}

// add adds a section, unless it has no content.
func (w *writer) add(title, note string, spare int, parts ...part) {
	var kept []part
	for _, p := range parts {
		if p.text != "" || len(p.items) > 0 || p.table != nil && len(p.table.rows) > 0 || p.shell != nil {
			kept = append(kept, p)
		}
	}
	if len(kept) > 0 {
		w.doc = append(w.doc, section{title, note, kept, spare})
	}
}

// rest adds to lines how many more there are.
func (w *writer) rest(parts []part, more int) []part {
	if more > 0 {
		parts = append(parts, part{text: fmt.Sprintf(w.m.otherText, comma(int64(more))), style: styleDim})
	}
	return parts
}

// document returns what the summary says, in its order.
func (d *Daily) document(n brevity) document {
	w := newWriter(d.Language, n)
	w.header(d)
	w.problems(d)
	w.verdict(&d.Verdict)
	w.totals(d.Totals, d.FailuresOnly, d.whole())
	w.changes(d.Changes, d.Acknowledged, &d.Comparison, w.clock(d))
	w.firstSeen(d)
	w.worst(d)
	w.latency(d.Latency)
	w.jobs(d)
	w.remedies(d)
	w.coverage(d)
	w.next(d.Next)
	return w.doc
}

// whole reports whether the period is over and no part of it is missing, so
// that its counts can be set against those of others.
func (d *Daily) whole() bool {
	c := &d.Coverage
	return !c.NotOver && c.BeginsLate == nil && c.EndsEarly == nil && len(c.MissingDays) == 0 && len(c.MissingHosts) == 0 &&
		!slices.ContainsFunc(d.Problems, func(p Problem) bool { return p.Kind == ProblemPartDays || p.Kind == ProblemInput })
}

// clock returns how times within the period are written.
func (w *writer) clock(d *Daily) func(time.Time) string {
	layout := "15:04"
	if d.Period.Days > 1 {
		layout = "01-02 15:04"
	}
	return func(t time.Time) string { return t.Format(layout) }
}

func (w *writer) header(d *Daily) {
	label := d.Period.Label
	if d.Period.Days > 1 {
		last := d.Period.To.Add(-time.Second)
		label = fmt.Sprintf(w.m.dailyDays, label, d.Period.From.Format(time.DateOnly), last.Format(time.DateOnly), comma(int64(d.Period.Days)))
	}
	hosts := w.m.hostNames(d.Hosts, 3)
	w.add("", "", 0, part{
		text: fmt.Sprintf(w.m.daily, label, d.Period.Offset, hosts, d.Generator), style: styleDim,
	})
}

func (w *writer) problems(d *Daily) {
	var parts []part
	shown := d.Problems[:min(len(d.Problems), w.n.problems)]
	for _, p := range shown {
		parts = append(parts, part{text: "- " + clip(p.Text, maxItem), style: styleWarn})
	}
	w.add(w.m.headProblems, "", 0, w.rest(parts, len(d.Problems)-len(shown))...)
}

func (w *writer) verdict(v *SummaryVerdict) {
	s := styleBold
	switch v.Kind {
	case VerdictQuiet, VerdictBetter:
		s = styleGood
	case VerdictEmpty, VerdictUncoded, VerdictUncompared:
		s = styleWarn
	}
	w.add(w.m.headVerdict, "", 0, part{text: v.Text, style: s})
}

// totals writes the table of totals, a column for each period. Without whole,
// the first is a part of its period, and counts cannot be compared.
func (w *writer) totals(totals []PeriodTotals, only, whole bool) {
	g, note := w.totalsGrid(totals, only, whole)
	w.addTotals(g, note, only)
}

func (w *writer) addTotals(g *grid, note string, only bool) {
	parts := []part{{table: g}}
	if only && len(g.rows) > 0 {
		parts = append(parts, part{text: w.m.failuresOnly, style: styleDim})
	}
	w.add(w.m.headTotals, note, 0, parts...)
}

// totalsGrid returns the table of totals, and notes on it.
func (w *writer) totalsGrid(totals []PeriodTotals, only, whole bool) (g *grid, note string) {
	m := w.m
	g = &grid{columns: []column{{head: ""}, {head: phrase(totals[0].Label), right: true}}, joins: []bool{false, false}}
	for _, t := range totals[1:] {
		g.columns = append(g.columns, column{head: phrase(t.Label), right: true})
		g.joins = append(g.joins, false)
		if t.Known {
			g.columns = append(g.columns, column{head: m.colChange, right: true})
			g.joins = append(g.joins, true)
		}
	}
	estimated := false
	row := func(name string, rate, optional bool, value func(*PeriodTotals) *float64, write func(float64) string) {
		cells := []string{name}
		now, told := value(&totals[0]), false
		for i := range totals {
			t := &totals[i]
			x := value(t)
			switch {
			case x != nil:
				cells = append(cells, write(*x))
				told = told || !optional || *x != 0
			case i > 0 && !t.Known:
				cells = append(cells, m.notOnRecord)
			default:
				cells = append(cells, "-")
			}
			if i > 0 && t.Known {
				switch {
				case x == nil || now == nil || !whole && !rate:
					cells = append(cells, "-")
				default:
					cells = append(cells, relative(*now, *x))
				}
			}
		}
		if told {
			g.rows = append(g.rows, cells)
			estimated = estimated || strings.Contains(strings.Join(cells[1:], ""), "~")
		}
	}
	counted := func(of func(*PeriodTotals) int64) func(*PeriodTotals) *float64 {
		return func(t *PeriodTotals) *float64 {
			if !t.Known {
				return nil
			}
			f := float64(of(t))
			return &f
		}
	}
	estimate := func(of func(*PeriodTotals) *int64) func(*PeriodTotals) *float64 {
		return func(t *PeriodTotals) *float64 {
			if of(t) == nil {
				return nil
			}
			f := float64(*of(t))
			return &f
		}
	}
	if !only {
		row(m.rowCalls, false, false, counted(func(t *PeriodTotals) int64 { return t.Calls }), numberText)
	}
	row(m.rowFailures, false, false, counted(func(t *PeriodTotals) int64 { return t.Failures }), numberText)
	row(m.rowRate, true, false, func(t *PeriodTotals) *float64 { return t.FailureRate }, rateText)
	row(m.rowHarmless, false, true, counted(func(t *PeriodTotals) int64 { return t.Harmless }), numberText)
	row(m.rowUsers, false, true, estimate(func(t *PeriodTotals) *int64 { return t.AffectedUsers }), estimateText)
	row(m.rowDevices, false, true, estimate(func(t *PeriodTotals) *int64 { return t.AffectedDevices }), estimateText)
	var notes []string
	if estimated {
		notes = append(notes, m.estimates)
	}
	if !whole && len(totals) > 1 {
		notes = append(notes, m.incomplete)
	}
	return g, strings.Join(notes, m.semicolon)
}

// numberText writes a number, from a thousand millions on in millions, so that the
// table has room for it.
func numberText(f float64) string {
	if f >= 1e9 {
		return comma(int64(math.Round(f/1e6))) + "M"
	}
	return comma(int64(f))
}

// estimateText marks a number of distinct values as an estimate, from where
// its standard error of 0.8 % may be one.
func estimateText(f float64) string {
	if f < 100 {
		return numberText(f)
	}
	return "~" + numberText(f)
}

// changes writes what changed, by kind, and what is known noise. Of too many,
// those for the worse and the most important are kept.
func (w *writer) changes(changes []Change, acks []Acknowledged, how *Comparison, clock func(time.Time) string) {
	m := w.m
	var told []*Change
	for _, better := range []bool{false, true} {
		for i := range changes {
			if x := &changes[i]; x.Acknowledged == "" && x.Better == better {
				told = append(told, x)
			}
		}
	}
	shown := told[:min(len(told), w.n.changes)]
	w.told = shown
	var parts []part
	var items []item
	for _, kind := range []string{ChangeNew, ChangeGone, ChangeUp, ChangeDown, ChangeSlower, ChangeFaster} {
		for _, x := range shown {
			if x.Kind == kind {
				items = append(items, w.change(x, clock))
			}
		}
	}
	parts = append(parts, part{items: items})
	parts = w.rest(parts, len(told)-len(shown)+how.Cut)
	if len(told) == 0 && len(how.With) > 0 {
		parts = append(parts, part{text: m.nothing})
	}
	parts = append(parts, part{items: w.known(acks, clock)})
	parts = w.rest(parts, len(acks)-w.n.acks)
	if n := len(how.With); n > 0 {
		text := fmt.Sprintf(m.comparedWith, strings.Join(how.With, m.and), comma(int64(how.CommonHours)))
		if n > 3 {
			text = fmt.Sprintf(m.comparedMany, comma(int64(n)), how.With[0], how.With[n-1], comma(int64(how.CommonHours)))
		}
		parts = append(parts, part{text: text + m.sentenceGap + how.Method + m.stop, style: styleDim})
	}
	w.add(m.headChanges, "", 0, parts...)
}

// change is one change as an item: what and how much, where, since when, and
// whose job.
func (w *writer) change(x *Change, clock func(time.Time) string) item {
	m := w.m
	var facts []string
	if x.P95 != nil {
		facts = append(facts, fmt.Sprintf(m.longer, comma(x.Now), comma(x.Calls), expected(x.Expected)))
	}
	if x.Since != nil {
		facts = append(facts, fmt.Sprintf(m.since, clock(*x.Since)))
	}
	if where := m.slice(x.Mostly); where != "" {
		facts = append(facts, fmt.Sprintf(m.mostly, where))
	}
	if x.Acts != "" {
		facts = append(facts, fmt.Sprintf(m.job, m.actor(x.Acts, w.lang)))
	}
	text := m.changeOf(x) + m.colon + strings.Join(append([]string{m.changeCounts(x)}, facts...), m.semicolon)
	s := styleBad
	if x.Better {
		s = styleGood
	}
	return item{label: m.changeLabel(x), style: s, texts: []string{text}}
}

// known is what was acknowledged, with who, when and why.
func (w *writer) known(acks []Acknowledged, clock func(time.Time) string) []item {
	m := w.m
	var items []item
	for _, a := range acks[:min(len(acks), w.n.acks)] {
		by := fmt.Sprintf(m.ackBy, phrase(a.By), a.At.Format(time.DateOnly))
		if a.Until != nil {
			by += m.comma + fmt.Sprintf(m.ackUntil, a.Until.Format(time.DateOnly))
		}
		facts := clip(a.Title, maxItem)
		if a.Count > 0 {
			facts += m.comma + count(a.Count, m.oneRecord, m.records)
		}
		items = append(items, item{label: m.ack, style: styleDim, texts: []string{facts + m.paren(by) + m.colon + clip(a.Note, maxItem)}})
	}
	return items
}

// firstSeen lists the names that no day on record has, unless they were told as
// new.
func (w *writer) firstSeen(d *Daily) {
	m := w.m
	var items []item
	for _, kind := range []struct{ kind, label string }{
		{FirstCode, m.firstCodes}, {FirstOperation, m.dimOperation}, {FirstVersion, m.firstVersions}, {FirstException, m.firstExceptions},
	} {
		var names []string
		for _, f := range d.FirstSeen {
			if f.Kind != kind.kind || f.Acknowledged || w.toldNew(f) {
				continue
			}
			name := phrase(f.Value)
			switch f.Kind {
			case FirstCode:
				name = phrase(f.Label)
			case FirstException:
				name = phrase(f.Label) + m.paren(phrase(f.Value))
			}
			names = append(names, name+" "+comma(f.Count))
		}
		if len(names) > 0 {
			items = append(items, item{label: kind.label, texts: []string{strings.Join(some(m, names, w.n.names), m.and)}})
		}
	}
	w.add(m.headFirstSeen, fmt.Sprintf(m.seenDays, comma(int64(d.SeenDays))), 2, part{items: items})
}

// toldNew reports whether a change says that the name is new.
func (w *writer) toldNew(f FirstSeenName) bool {
	return slices.ContainsFunc(w.told, func(x *Change) bool {
		return x.Kind == ChangeNew && (x.Of == Slice{Code: f.Value} && f.Kind == FirstCode ||
			x.Of == Slice{Operation: f.Value} && f.Kind == FirstOperation ||
			x.Of == Slice{Version: f.Value} && f.Kind == FirstVersion)
	})
}

func (w *writer) worst(d *Daily) {
	m := w.m
	clock := w.clock(d)
	var items []item
	for _, x := range d.WorstWindows[:min(len(d.WorstWindows), w.n.windows)] {
		text := fmt.Sprintf(m.failedOnly, comma(x.Failures))
		if x.Rate != nil {
			text = fmt.Sprintf(m.failed, comma(x.Failures), comma(x.Calls), rateText(*x.Rate))
		}
		var codes []string
		for _, c := range x.Codes {
			if c.Onset == nil {
				codes = append(codes, c.Title+" "+comma(c.Count))
				continue
			}
			codes = append(codes, fmt.Sprintf(m.leading, c.Title, comma(c.Count), clock(*c.Onset)))
		}
		if len(codes) > 0 {
			text += m.colon + strings.Join(codes, m.semicolon)
		}
		end := clock(x.To)
		if x.To.Format(time.DateOnly) == x.From.Format(time.DateOnly) {
			end = x.To.Format("15:04")
		}
		items = append(items, item{label: clock(x.From) + "-" + end, texts: []string{text}})
	}
	w.add(m.headWorst, "", 4, part{items: items})
}

func (w *writer) latency(periods []PeriodLatency) {
	if len(periods) == 0 {
		return
	}
	m := w.m
	g := grid{columns: []column{{head: ""}}, joins: []bool{false}}
	before, note := PeriodLatency{}, m.milliseconds
	if len(periods) > 1 && (periods[1].Total != nil || periods[1].Backend != nil) {
		before = periods[1]
		note = fmt.Sprintf(m.latencyNote, before.Label)
	}
	for _, name := range []string{"p50", "p95", "p99"} {
		g.columns = append(g.columns, column{head: name, right: true}, column{head: "", right: true})
		g.joins = append(g.joins, false, true)
	}
	row := func(name string, now, before *Percentiles) {
		if now == nil {
			return
		}
		cells := []string{name}
		old := [3]int64{}
		if before != nil {
			old = [3]int64{before.P50, before.P95, before.P99}
		}
		for i, v := range []int64{now.P50, now.P95, now.P99} {
			moved := ""
			if before != nil {
				moved = "(" + relative(float64(v), float64(old[i])) + ")"
			}
			cells = append(cells, comma(v), moved)
		}
		g.rows = append(g.rows, cells)
	}
	row(m.tookTotal, periods[0].Total, before.Total)
	row(m.tookBackend, periods[0].Backend, before.Backend)
	w.add(m.headLatency, note, 6, part{table: &g})
}

func (w *writer) jobs(d *Daily) {
	m := w.m
	var actors, sides []string
	for _, x := range d.ByActor {
		actors = append(actors, m.actor(x.Acts, w.lang)+" "+comma(x.Count)+m.paren(percent(x.Share)))
	}
	for _, x := range d.BySide {
		sides = append(sides, m.side(x.Side)+" "+comma(x.Count)+m.paren(percent(x.Share)))
	}
	if len(actors) == 0 {
		return
	}
	w.add(m.headShares, "", 7, part{items: []item{
		{label: m.colActor, texts: []string{strings.Join(actors, m.and)}},
		{label: m.colSide, texts: []string{strings.Join(sides, m.and)}},
	}})
}

func (w *writer) remedies(d *Daily) {
	m := w.m
	var parts []part
	known := false
	for _, r := range d.Remedies[:min(len(d.Remedies), w.n.remedies)] {
		steps := r.Remedy[:min(len(r.Remedy), w.n.steps)]
		if !r.Changed {
			steps = steps[:min(len(steps), w.n.stepsUnchanged())]
		}
		known = known || len(r.Remedy) > len(steps)
		parts = append(parts, part{text: r.Title + m.comma + count(r.Count, m.oneRecord, m.records) + m.semicolon + fmt.Sprintf(m.job, m.actor(r.Acts, w.lang)), style: styleBold})
		items := []item{{label: m.cause, texts: []string{r.Cause}, line: true}}
		if len(steps) > 0 {
			items = append(items, item{label: m.remedy, texts: numbered(steps)})
		}
		parts = append(parts, part{items: items})
	}
	note := ""
	if known {
		note = m.remedyMore
	}
	w.add(m.headRemedies, note, 3, parts...)
}

func (w *writer) coverage(d *Daily) {
	m, c := w.m, &d.Coverage
	facts := []string{fmt.Sprintf(m.covered, count(c.Files, m.oneFile, m.files), count(c.Records, m.oneRecord, m.records))}
	for _, x := range []struct {
		n    int64
		text string
	}{{c.Uncoded, m.uncodedCount}, {c.Undated, m.undatedCount}, {c.Skipped, m.skippedCount}} {
		if x.n > 0 {
			facts = append(facts, fmt.Sprintf(x.text, comma(x.n)))
		}
	}
	parts := []part{{text: strings.Join(facts, m.comma)}}
	if len(c.SilentHours) > 0 {
		parts = append(parts, part{text: "- " + fmt.Sprintf(m.silentHours, strings.Join(some(m, c.SilentHours, w.n.names), m.and)), style: styleWarn})
	}
	steps := c.ClockSteps[:min(len(c.ClockSteps), w.n.warnings)]
	for _, s := range steps {
		parts = append(parts, part{text: "- " + clip(s.Text, maxItem), style: styleWarn})
	}
	warnings := eachKindFirst(c.Warnings)
	warnings = warnings[:min(len(warnings), w.n.warnings)]
	for _, x := range warnings {
		text := x.Text
		if x.Input != "" && c.Files > 1 {
			text = phrase(x.Input) + m.colon + text
		}
		parts = append(parts, part{text: "- " + clip(text, maxItem), style: styleDim})
	}
	parts = w.rest(parts, len(c.ClockSteps)-len(steps)+len(c.Warnings)-len(warnings))
	w.add(m.headCoverage, "", 1, parts...)
}

// eachKindFirst puts the first warning of each kind in front of the others.
func eachKindFirst(warnings []Warning) []Warning {
	var first, others []Warning
	for _, x := range warnings {
		if slices.ContainsFunc(first, func(y Warning) bool { return y.Kind == x.Kind }) {
			others = append(others, x)
		} else {
			first = append(first, x)
		}
	}
	return append(first, others...)
}

func (w *writer) next(commands []Command) {
	var parts []part
	for i := range commands {
		parts = append(parts, part{shell: &commands[i]})
	}
	w.add(w.m.headNext, "", 8, parts...)
}
