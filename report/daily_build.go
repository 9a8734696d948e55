package report

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/analyze/change"
	"mgslog/parser"
)

// Bounds of what a Daily holds, whatever was handed in.
const (
	maxWorst        = 3   // stretches of time
	maxLeading      = 2   // codes of one
	maxRemedies     = 5   // codes with their remedy
	maxNamed        = 200 // changes, names seen for the first time, acknowledgements
	maxClockSteps   = 50
	maxVerdictNames = 2 // changes that the verdict names
)

// BuildDaily decides what the summary says. It keeps no reference to in.
func BuildDaily(in DailyInput) *Daily {
	b := newDailyBuilder(in.Lang, in.Generator, in.Summary, in.Files, in.Flags)
	b.in = in
	d := &Daily{
		Schema: DailySchemaName, Generator: in.Generator, Language: in.Lang.String(),
		Period: Period{in.Label, in.From, in.To, in.Days, in.From.Format("-07:00")},
		Made:   in.Now.In(in.From.Location()), Hosts: list(slices.Clone(in.Hosts)),
		Comparison: b.comparison(in.Compared, in.CommonHours, in.FalseDiscoveryRate, in.FindingsCut+max(len(in.Findings)-maxNamed, 0)),
		SeenDays:   in.SeenDays,
	}
	b.d = d
	b.only = failuresOnly(in.Summary, in.Earlier)
	d.FailuresOnly = b.only
	b.acks()
	d.Changes = b.changes(in.Findings)
	d.Totals = append(d.Totals, totalsOf(in.Label, in.Summary, b.only))
	for _, e := range in.Earlier {
		d.Totals = append(d.Totals, totalsOf(e.Label, e.Summary, b.only))
	}
	b.firstSeen()
	b.acknowledged()
	b.worst()
	d.Latency = b.latency(in.Label, in.Earlier)
	d.ByActor, d.BySide = b.jobs()
	b.remedies()
	b.coverage()
	b.problems()
	b.attention()
	b.verdict()
	b.next()
	return d
}

// dailyBuilder is the work of one BuildDaily or BuildDiff.
type dailyBuilder struct {
	builder
	in    DailyInput
	d     *Daily
	m     *dailyMessages
	codes map[string]*Code // of the report on the period, by key
	only  bool             // the logs hold failures only
	acked map[string]Ack   // those that are not over, by key
}

// newDailyBuilder makes the report on s, from which a summary takes what it
// says of codes.
func newDailyBuilder(lang catalog.Lang, generator string, s *analyze.Summary, files, flags []string) *dailyBuilder {
	opt := Options{Lang: lang, Generator: generator, Files: files, Flags: flags}
	b := &dailyBuilder{
		builder: builder{s: s, opt: opt, msg: messagesFor(lang), loc: s.Location, r: Build(s, opt)},
		m:       dailyMessagesFor(lang), codes: map[string]*Code{},
	}
	if b.loc == nil {
		b.loc = time.UTC
	}
	for i := range b.r.Codes {
		b.codes[b.r.Codes[i].Key] = &b.r.Codes[i]
	}
	return b
}

// failuresOnly reports whether logs hold failures only, as error logs do: neither
// now nor before are more than 2 % of the calls successes, which package change
// demands as well before it looks at rates, and no input is of a format that has
// a line for every call. (A day on which every call fails is another thing.)
func failuresOnly(s *analyze.Summary, earlier []EarlierPeriod) bool {
	succeeds := func(s *analyze.Summary) bool { return s.Totals.Success*50 > s.Totals.Coded }
	if succeeds(s) {
		return false
	}
	for i := range s.Inputs {
		if n := &s.Inputs[i].Formats; n[parser.GatewayDigest]+n[parser.SPIDigest] > 0 {
			return false
		}
	}
	return !slices.ContainsFunc(earlier, func(e EarlierPeriod) bool { return e.Summary != nil && succeeds(e.Summary) })
}

// totalsOf returns the totals of a period, of which s is nil where nothing is
// known.
func totalsOf(label string, s *analyze.Summary, only bool) PeriodTotals {
	if s == nil {
		return PeriodTotals{Label: label}
	}
	t := PeriodTotals{
		Label: label, Known: true, Records: s.Totals.Records, Calls: s.Totals.Coded,
		Failures: s.Totals.Failures - s.Totals.Harmless, Harmless: s.Totals.Harmless,
	}
	if !only && t.Calls > 0 {
		rate := share(t.Failures, t.Calls)
		t.FailureRate = &rate
	}
	if x := s.Detail; x != nil {
		if x.Users > 0 {
			t.Users, t.AffectedUsers = &x.Users, &x.AffectedUsers
		}
		if x.Devices > 0 {
			t.Devices, t.AffectedDevices = &x.Devices, &x.AffectedDevices
		}
	}
	for _, p := range []**int64{&t.Users, &t.Devices, &t.AffectedUsers, &t.AffectedDevices} {
		if *p != nil {
			n := **p
			*p = &n
		}
	}
	return t
}

func (b *dailyBuilder) comparison(with []string, hours int, rate float64, cut int) Comparison {
	c := Comparison{With: list(slices.Sorted(slices.Values(with))), CommonHours: hours, FalseDiscoveryRate: rate, Cut: cut}
	if len(with) == 0 {
		return c
	}
	c.Method = b.m.method
	if rate > 0 {
		c.Method += b.m.comma + fmt.Sprintf(b.m.methodRate, strconv.FormatFloat(rate*100, 'g', 3, 64)+"%")
	}
	return c
}

// codeNamed returns what is known of a code by its name in reports, whether it
// occurred or not; nil if it is no such name.
func (b *dailyBuilder) codeNamed(name string) *Code {
	if c := b.codes[name]; c != nil {
		return c
	}
	key, ok := keyNamed(name)
	if !ok {
		return nil
	}
	c := &Code{Code: int32(key.Code), Platform: key.Platform.String(), Key: name}
	b.explain(c, key)
	return c
}

// keyNamed is the inverse of keyName.
func keyNamed(name string) (parser.Key, bool) {
	platform, number, ok := strings.Cut(name, ":")
	if !ok {
		platform, number = parser.Server.String(), name
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil {
		return parser.Key{}, false
	}
	for _, p := range parser.Platforms() {
		if p.String() == platform {
			return parser.Key{Platform: p, Code: parser.Code(n)}, true
		}
	}
	return parser.Key{}, false
}

// titleOf returns a code's number and title, or the name itself if it is none.
func (b *dailyBuilder) titleOf(name string) string {
	if c := b.codeNamed(name); c != nil {
		return b.label(c)
	}
	return name
}

// acks keeps the acknowledgements that are not over.
func (b *dailyBuilder) acks() {
	b.acked = map[string]Ack{}
	for _, a := range b.in.Acks {
		if a.Until == nil || !b.in.Now.After(*a.Until) {
			b.acked[a.Key] = a
		}
	}
}

var changeKinds = map[change.Kind]string{
	change.New: ChangeNew, change.Gone: ChangeGone, change.Up: ChangeUp,
	change.Down: ChangeDown, change.Slower: ChangeSlower, change.Faster: ChangeFaster,
}

var changeMeasures = map[change.Measure]string{
	change.Calls: MeasureCalls, change.Failures: MeasureFailures, change.Total: MeasureTotal, change.Backend: MeasureBackend,
}

// changes takes over findings in their order, which is that of importance.
func (b *dailyBuilder) changes(findings []change.Finding) []Change {
	out := []Change{}
	for _, f := range findings[:min(len(findings), maxNamed)] {
		x := Change{
			Kind: changeKinds[f.Kind], Measure: changeMeasures[f.Measure], Of: Slice(f.Slice), Mostly: Slice(f.Mostly),
			Now: f.Now, Expected: finite(f.Expected), Calls: f.Of, P: finite(f.P), Q: finite(f.Q), Better: f.Better,
		}
		if !math.IsInf(f.Ratio, 0) && !math.IsNaN(f.Ratio) {
			x.Ratio = &f.Ratio
		}
		if f.Measure == change.Total || f.Measure == change.Backend {
			x.P95 = &P95Change{f.P95Before, f.P95Now}
		}
		if c := b.codeNamed(f.Slice.Code); c != nil {
			x.Title, x.Acts = b.label(c), c.Acts
			// The onset is that of all records with the code. It says nothing of
			// a part of them, nor when something ended.
			if f.Slice == (change.Slice{Code: f.Slice.Code}) && (f.Kind == change.New || f.Kind == change.Up) {
				x.Since = c.Onset
			}
		}
		if _, ok := b.acked[f.Slice.Code]; ok {
			x.Acknowledged = f.Slice.Code
		}
		out = append(out, x)
	}
	return out
}

// finite returns f, or 0 for what JSON has no notation for.
func finite(f float64) float64 {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return 0
	}
	return f
}

func (b *dailyBuilder) firstSeen() {
	b.d.FirstSeen = []FirstSeenName{}
	if b.in.SeenDays == 0 {
		return
	}
	for _, f := range b.in.FirstSeen[:min(len(b.in.FirstSeen), maxNamed)] {
		x := FirstSeenName{Kind: f.Kind, Value: f.Value, Label: f.Label, Count: f.Count}
		if f.Kind == FirstCode {
			x.Label = b.titleOf(f.Value)
		}
		_, known := b.acked[f.Value]
		x.Acknowledged = known && (f.Kind == FirstCode || f.Kind == FirstException)
		b.d.FirstSeen = append(b.d.FirstSeen, x)
	}
}

// acknowledged lists the known noise that occurred, or that would have been told.
func (b *dailyBuilder) acknowledged() {
	b.d.Acknowledged = []Acknowledged{}
	for _, a := range b.in.Acks {
		if _, ok := b.acked[a.Key]; !ok || len(b.d.Acknowledged) == maxNamed {
			continue
		}
		x := Acknowledged{Key: a.Key, Title: b.titleOf(a.Key), By: a.By, At: a.At, Until: a.Until, Note: a.Note}
		occurred := false
		for i := range b.d.Changes {
			if b.d.Changes[i].Acknowledged == a.Key {
				x.Changes++
			}
		}
		if c := b.codes[a.Key]; c != nil {
			x.Count, occurred = c.Count, true
		}
		if s := b.s.Detail; s != nil {
			if i, ok := slices.BinarySearch(s.Seen.Fingerprints, a.Key); ok {
				occurred = true
				if i < len(s.Seen.Labels) {
					x.Title = s.Seen.Labels[i] + fmt.Sprintf(b.msg.parens, a.Key)
				}
			}
		}
		for _, f := range b.d.FirstSeen {
			if f.Acknowledged && f.Value == a.Key {
				x.Count = f.Count
			}
		}
		if occurred || x.Changes > 0 {
			b.d.Acknowledged = append(b.d.Acknowledged, x)
		}
	}
}

// A window is bad if it has minBad failures and so many more than the period's
// average that chance alone would do it once in 30,000 windows: four standard
// deviations of a Poisson variable.
const (
	minBad = 5
	badSD  = 4
)

// worst finds the stretches of bad windows, those with the highest failure rate
// first; where rates are not known, those with the most failures in a window.
func (b *dailyBuilder) worst() {
	b.d.WorstWindows = []WorstWindow{}
	now := &b.d.Totals[0]
	width := b.s.Window
	if width <= 0 {
		return
	}
	perWindow := float64(now.Failures) * width.Seconds() / max(b.in.To.Sub(b.in.From).Seconds(), 1)
	var counts []map[parser.Key]int64 // of each stretch
	for i := range b.s.Windows {
		w := &b.s.Windows[i]
		calls, failures := w.Records-w.Uncoded, int64(0)
		for k, n := range w.Counts {
			if catalog.IsFailure(k) && !catalog.Harmless(k) {
				failures += n
			}
		}
		expected := perWindow
		if now.FailureRate != nil {
			expected = *now.FailureRate * float64(calls)
		}
		if failures < minBad || float64(failures) <= expected+badSD*math.Sqrt(expected) {
			continue
		}
		from := b.at(w.Start)
		if n := len(counts); n > 0 && b.d.WorstWindows[n-1].To.Equal(from) {
			last := &b.d.WorstWindows[n-1]
			last.To, last.Calls, last.Failures = from.Add(width), last.Calls+calls, last.Failures+failures
			for k, c := range w.Counts {
				counts[n-1][k] += c
			}
			continue
		}
		counts = append(counts, maps.Clone(w.Counts))
		b.d.WorstWindows = append(b.d.WorstWindows, WorstWindow{From: from, To: from.Add(width), Calls: calls, Failures: failures})
	}
	for i := range b.d.WorstWindows {
		w := &b.d.WorstWindows[i]
		if now.FailureRate != nil {
			rate := share(w.Failures, w.Calls)
			w.Rate = &rate
		}
		w.Codes = b.leading(counts[i], w.Failures)
	}
	density := func(w WorstWindow) float64 {
		if w.Rate != nil {
			return *w.Rate
		}
		return float64(w.Failures) / w.To.Sub(w.From).Seconds()
	}
	slices.SortStableFunc(b.d.WorstWindows, func(x, y WorstWindow) int {
		return cmp.Or(cmp.Compare(density(y), density(x)), cmp.Compare(y.Failures, x.Failures))
	})
	b.d.WorstWindows = b.d.WorstWindows[:min(len(b.d.WorstWindows), maxWorst)]
}

// leading returns the commonest failures among counts: those that have a tenth
// of all.
func (b *dailyBuilder) leading(counts map[parser.Key]int64, failures int64) []LeadingCode {
	out := []LeadingCode{}
	for k, n := range counts {
		if c := b.codes[k.String()]; c != nil && c.Outcome == OutcomeError && n*10 >= failures {
			out = append(out, LeadingCode{c.Key, b.label(c), n, c.Onset})
		}
	}
	slices.SortFunc(out, func(x, y LeadingCode) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Key, y.Key))
	})
	return out[:min(len(out), maxLeading)]
}

// latency returns the durations of the period and of the one before it.
func (b *dailyBuilder) latency(label string, earlier []EarlierPeriod) []PeriodLatency {
	out := []PeriodLatency{latencyOf(label, b.s)}
	if len(earlier) > 0 {
		out = append(out, latencyOf(earlier[0].Label, earlier[0].Summary))
	}
	if now := out[0]; now.Total == nil && now.Backend == nil {
		return []PeriodLatency{}
	}
	return out
}

func latencyOf(label string, s *analyze.Summary) PeriodLatency {
	x := PeriodLatency{Label: label}
	if s != nil && s.Detail != nil {
		t := s.Detail.Span.Times[""]
		x.Total, x.Backend = percentiles(t.Total), percentiles(t.Backend)
	}
	return x
}

func percentiles(d change.Durations) *Percentiles {
	if d == nil || d.Count() == 0 {
		return nil
	}
	return &Percentiles{d.Count(), d.Quantile(0.5), d.Quantile(0.95), d.Quantile(0.99)}
}

// jobs shares the failures in fact out among those who must act on them, and by
// the sides on which they arise.
func (b *dailyBuilder) jobs() (actors []ActorShare, sides []SideShare) {
	actors, sides = []ActorShare{}, []SideShare{}
	total := b.s.Totals.Failures - b.s.Totals.Harmless
	for i := range b.r.Codes {
		c := &b.r.Codes[i]
		if c.Outcome != OutcomeError {
			continue
		}
		at := slices.IndexFunc(actors, func(x ActorShare) bool { return x.Acts == c.Acts })
		if at < 0 {
			at = len(actors)
			actors = append(actors, ActorShare{Acts: c.Acts})
		}
		actors[at].Count += c.Count
		at = slices.IndexFunc(sides, func(x SideShare) bool { return x.Side == c.Side })
		if at < 0 {
			at = len(sides)
			sides = append(sides, SideShare{Side: c.Side})
		}
		sides[at].Count += c.Count
	}
	for i := range actors {
		actors[i].Share = share(actors[i].Count, total)
	}
	for i := range sides {
		sides[i].Share = share(sides[i].Count, total)
	}
	slices.SortStableFunc(actors, func(x, y ActorShare) int { return cmp.Compare(y.Count, x.Count) })
	slices.SortStableFunc(sides, func(x, y SideShare) int { return cmp.Compare(y.Count, x.Count) })
	return actors, sides
}

// remedies takes the codes that became worse first, then the commonest.
func (b *dailyBuilder) remedies() {
	b.d.Remedies = []RemedyOf{}
	add := func(c *Code, changed bool) {
		_, known := b.acked[c.Key]
		if known || c.Outcome != OutcomeError || len(b.d.Remedies) == maxRemedies ||
			slices.ContainsFunc(b.d.Remedies, func(x RemedyOf) bool { return x.Key == c.Key }) {
			return
		}
		b.d.Remedies = append(b.d.Remedies, RemedyOf{c.Key, b.label(c), c.Count, changed, c.Cause, c.Acts, c.Remedy})
	}
	for i := range b.d.Changes {
		if x := &b.d.Changes[i]; x.worse() && b.codes[x.Of.Code] != nil {
			add(b.codes[x.Of.Code], true)
		}
	}
	for _, x := range b.newCodes() {
		if b.codes[x.Value] != nil {
			add(b.codes[x.Value], true)
		}
	}
	for i := range b.r.Codes {
		add(&b.r.Codes[i], false)
	}
}

// worse reports whether a change is one that somebody must see.
func (x *Change) worse() bool { return !x.Better && x.Acknowledged == "" }

func (b *dailyBuilder) coverage() {
	in, c := &b.in, &b.d.Coverage
	t := &b.s.Totals
	*c = SummaryCoverage{
		Files: b.files(), Records: t.Records, Uncoded: t.Uncoded, Undated: t.Undated, Skipped: t.Skipped,
		BeginsLate: in.Coverage.BeginsLate, EndsEarly: in.Coverage.EndsEarly, NotOver: in.Coverage.NotOver,
		MissingDays: list(slices.Clone(in.Coverage.MissingDays)), MissingHosts: list(slices.Clone(in.Coverage.MissingHosts)),
		FromState: list(slices.Clone(in.Coverage.FromState)), SilentHours: list(slices.Clone(in.Coverage.SilentHours)),
		ClockSteps: []ClockStep{}, Warnings: []Warning{},
	}
	for _, w := range b.r.Warnings {
		switch w.Kind {
		case WarnInput, WarnOverlap: // a Problem
		case WarnFiltered, WarnWindow: // the summary's own doing
		case WarnBackwards:
			// Threads of one host log a little out of order on any day.
			if w.Count*100 >= t.Records {
				c.Warnings = append(c.Warnings, w)
			}
		default:
			c.Warnings = append(c.Warnings, w)
		}
	}
	x := b.s.Detail
	if x == nil {
		return
	}
	if len(x.Span.Folded) > 0 {
		c.Warnings = append(c.Warnings, Warning{WarnFolded, "", x.Span.Missed, fmt.Sprintf(b.m.foldedSlices, comma(x.Span.Missed))})
	}
	if x.Seen.Cut || b.in.Coverage.NamesCut {
		c.Warnings = append(c.Warnings, Warning{WarnFolded, "", 0, b.m.seenCut})
	}
	for _, s := range x.ClockSteps[:min(len(x.ClockSteps), maxClockSteps)] {
		step := ClockStep{Input: s.Input, Host: s.Host, Line: max(s.Line, 0), From: b.at(s.From), To: b.at(s.To)}
		place := s.Input
		if step.Line > 0 {
			place += ":" + strconv.FormatInt(step.Line, 10)
		}
		layout := time.TimeOnly
		if step.From.Format(time.DateOnly) != step.To.Format(time.DateOnly) || b.in.Days > 1 {
			layout = time.DateTime
		}
		step.Text = fmt.Sprintf(b.m.clockStep, cmp.Or(s.Host, s.Input), step.From.Format(layout), step.To.Format(layout), place)
		c.ClockSteps = append(c.ClockSteps, step)
	}
}

// files counts the inputs. (Of a log of several days there is one a day where
// days were added up.)
func (b *dailyBuilder) files() int64 {
	paths := map[string]bool{}
	for i := range b.s.Inputs {
		if in := &b.s.Inputs[i]; in.DuplicateOf == "" {
			paths[in.Path] = true
		}
	}
	return int64(len(paths))
}

// problems says what is wrong with the numbers.
func (b *dailyBuilder) problems() {
	b.d.Problems = []Problem{}
	add := func(kind, format string, args ...any) {
		b.d.Problems = append(b.d.Problems, Problem{kind, fmt.Sprintf(format, args...)})
	}
	m, c := b.m, &b.in.Coverage
	names := func(kind, format string, values []string) {
		if len(values) > 0 {
			add(kind, format, strings.Join(some(m, values, maxListed), m.and))
		}
	}
	when := func(t time.Time) string { return t.In(b.in.From.Location()).Format("2006-01-02 15:04") }
	if c.NotOver {
		add(ProblemNotOver, m.notOver, when(b.in.Now))
	}
	names(ProblemMissingDays, m.missingDays, c.MissingDays)
	names(ProblemPartDays, m.partDays, c.PartDays)
	if c.BeginsLate != nil {
		add(ProblemBeginsLate, m.beginsLate, when(*c.BeginsLate))
	}
	if c.EndsEarly != nil {
		add(ProblemEndsEarly, m.endsEarly, when(*c.EndsEarly))
	}
	names(ProblemMissingHosts, m.missingHosts, c.MissingHosts)
	for i := range b.r.Inputs {
		if in := &b.r.Inputs[i]; in.Error != nil {
			add(ProblemInput, m.inputError, in.Path, *in.Error)
		}
	}
	if slices.ContainsFunc(b.r.Warnings, func(w Warning) bool { return w.Kind == WarnOverlap }) {
		add(ProblemTwice, "%s", m.countedTwice)
	}
	for _, note := range c.Notes {
		add(ProblemNote, "%s", note)
	}
	names(ProblemUnreadDays, m.unreadDays, c.UnreadDays)
	names(ProblemFromState, m.fromState, c.FromState)
}

// maxListed is how many names a sentence lists.
const maxListed = 8

// some returns the first n of values, and how many more there are.
func some(m *dailyMessages, values []string, n int) []string {
	if len(values) <= n {
		return values
	}
	return append(slices.Clone(values[:n]), fmt.Sprintf(m.other, comma(int64(len(values)-n))))
}

// silent reports whether hours without a record need a person: if one of them
// had so many calls before that chance does not explain none. (Failures may
// well not occur for an hour.)
func (b *dailyBuilder) silent() bool {
	if b.only {
		return false
	}
	for _, hour := range b.in.Coverage.SilentHours {
		at, err := time.Parse("2006-01-02 15:04", hour)
		if err != nil {
			continue
		}
		for _, e := range b.in.Earlier {
			if e.Summary == nil || e.Summary.Detail == nil {
				continue
			}
			span := &e.Summary.Detail.Span
			if n := span.Counts[change.Slice{}]; n != nil && n[at.Hour()] >= gapWeight*int64(max(len(span.Days), 1)) {
				return true
			}
		}
	}
	return false
}

// attention lists why a person must look.
func (b *dailyBuilder) attention() {
	d := b.d
	d.Attention = []Reason{}
	add := func(kind, key string, count int64, text string) {
		d.Attention = append(d.Attention, Reason{kind, key, count, text})
	}
	// A log of failures alone may well have had none.
	if d.Totals[0].Records == 0 && (!b.only || len(b.in.Coverage.MissingDays) > 0) {
		add(AttentionEmpty, "", 0, fmt.Sprintf(b.m.isEmpty, b.in.Label))
	}
	for i := range d.Changes {
		x := &d.Changes[i]
		if x.worse() {
			key := cmp.Or(x.Of.Code, x.Of.Operation, x.Of.App, x.Of.Version, x.Of.Host)
			add(x.Kind, key, x.Now, b.m.change(x))
		}
	}
	for _, f := range b.newCodes() {
		add(AttentionFirstSeen, f.Value, f.Count, f.Label)
	}
	for _, c := range d.Coverage.ClockSteps {
		add(AttentionClock, cmp.Or(c.Host, c.Input), 0, c.Text)
	}
	for _, p := range d.Problems {
		switch p.Kind {
		case ProblemNotOver, ProblemFromState, ProblemTwice, ProblemNote: // as asked for, or as every day
		case ProblemEndsEarly:
			if !b.in.Coverage.NotOver {
				add(AttentionCoverage, p.Kind, 0, p.Text)
			}
		default:
			add(AttentionCoverage, p.Kind, 0, p.Text)
		}
	}
	if b.silent() {
		hours := b.in.Coverage.SilentHours
		add(AttentionCoverage, ProblemSilentHours, int64(len(hours)), fmt.Sprintf(b.m.silentHours, strings.Join(some(b.m, hours, maxListed), b.m.and)))
	}
}

// firstSeenWeight is how many failures a code that is seen for the first time
// must have to need a person: a rare one comes up by itself some day.
const firstSeenWeight = 10

// newCodes returns the failures that are seen for the first time, often, and not
// known. Often is so often that some would have been expected in the days on
// record, of which a week may have fewer than days of its own.
func (b *dailyBuilder) newCodes() []FirstSeenName {
	var out []FirstSeenName
	of := int64(max(b.in.Days, 1))
	days := min(int64(b.in.SeenDays), of)
	for _, f := range b.d.FirstSeen {
		key, ok := keyNamed(f.Value)
		if f.Kind == FirstCode && f.Count*days >= firstSeenWeight*of && !f.Acknowledged && ok && catalog.IsFailure(key) && !catalog.Harmless(key) {
			out = append(out, f)
		}
	}
	return out
}

// next suggests a command for the code whose remedy stands first.
func (b *dailyBuilder) next() {
	b.d.Next = []Command{}
	if len(b.d.Remedies) == 0 || len(b.in.Coverage.FromState) > 0 {
		return
	}
	c := b.codes[b.d.Remedies[0].Key]
	code := strconv.Itoa(int(c.Code))
	words := []string{"mgslog analyze --code " + code}
	if c.Platform != parser.Server.String() {
		words = append(words, "--side "+c.Platform)
	}
	words = append(words, "--since "+b.in.From.Format(time.RFC3339), "--until "+b.in.To.Format(time.RFC3339), b.logArgs())
	b.d.Next = append(b.d.Next, Command{strings.Join(words, " "), fmt.Sprintf(b.m.nextAnalyze, code)})
}
