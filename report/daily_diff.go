package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/analyze/change"
	"mgslog/parser"
)

// DiffInput is what a comparison of two summaries is made of.
type DiffInput struct {
	Lang      catalog.Lang
	Generator string
	// A and B are what is compared, A being the earlier or the usual one. Either
	// Summary may lack its Detail, and may know no more than totals by code; none
	// is nil.
	A, B EarlierPeriod
	// Findings are what changed from A to B. They are told only if both have a
	// Detail.
	CommonHours        int
	Findings           []change.Finding
	FindingsCut        int
	FalseDiscoveryRate float64
}

// BuildDiff decides what the comparison says. It keeps no reference to in.
func BuildDiff(in DiffInput) *Diff {
	a, s := in.A.Summary, in.B.Summary
	b := newDailyBuilder(in.Lang, in.Generator, s, nil, nil)
	b.in.Lang = in.Lang
	b.only = failuresOnly(s, []EarlierPeriod{in.A}) && failuresOnly(a, nil)
	d := &Diff{
		Schema: DiffSchemaName, Generator: in.Generator, Language: in.Lang.String(),
		FailuresOnly: b.only, Tested: a.Detail != nil && s.Detail != nil,
		Totals:  []PeriodTotals{totalsOf(in.A.Label, a, b.only), totalsOf(in.B.Label, s, b.only)},
		Changes: []Change{}, Comparison: b.comparison(nil, 0, 0, 0),
		Latency: b.latency(in.B.Label, []EarlierPeriod{in.A}),
		Codes:   b.pairs(in),
	}
	if d.Tested {
		d.Changes = b.changes(in.Findings)
		d.Comparison = b.comparison([]string{in.A.Label}, in.CommonHours, in.FalseDiscoveryRate, in.FindingsCut)
	}
	b.d = &Daily{Totals: []PeriodTotals{d.Totals[1], d.Totals[0]}, Changes: d.Changes}
	b.in.Label, b.in.Compared = in.B.Label, d.Comparison.With
	if d.Tested {
		b.verdict()
		d.Verdict = b.d.Verdict
		return d
	}
	d.Verdict = SummaryVerdict{VerdictUncompared, b.m.untested, []string{}}
	if s.Totals.Coded > 0 {
		d.Verdict.Text += b.m.sentenceGap + b.m.rates(b.d.Totals, b.only)
	}
	return d
}

// pairs returns the codes of both, those whose number differs most first.
func (b *dailyBuilder) pairs(in DiffInput) []CodePair {
	out := []CodePair{}
	place := map[parser.Key]int{} // in out
	add := func(key parser.Key, a, n int64) {
		i, ok := place[key]
		if !ok {
			i = len(out)
			place[key] = i
			name := key.String()
			out = append(out, CodePair{Key: name, Title: b.codeNamed(name).Title, Outcome: outcomeOf(key)})
		}
		out[i].A += a
		out[i].B += n
	}
	for _, c := range in.A.Summary.Codes {
		add(c.Key, c.Count, 0)
	}
	for _, c := range in.B.Summary.Codes {
		add(c.Key, 0, c.Count)
	}
	apart := func(x CodePair) int64 { return max(x.A-x.B, x.B-x.A) }
	slices.SortStableFunc(out, func(x, y CodePair) int {
		return cmp.Or(cmp.Compare(apart(y), apart(x)), cmp.Compare(x.Key, y.Key))
	})
	return out
}

func outcomeOf(key parser.Key) string {
	switch {
	case catalog.IsSuccess(key):
		return OutcomeSuccess
	case catalog.Harmless(key):
		return OutcomeHarmless
	}
	return OutcomeError
}

// Write writes the comparison in one of the Formats.
func (d *Diff) Write(w io.Writer, format string, opt TextOptions) error {
	return writeAs(w, d, format, opt)
}

// JSON writes the comparison in the form that DiffSchema describes.
func (d *Diff) JSON(w io.Writer) error { return writeJSON(w, d) }

// Text writes the comparison for people to read.
func (d *Diff) Text(w io.Writer, opt TextOptions) error {
	return writeText(w, opt, d.document, d.Language)
}

// document returns what the comparison says, in its order.
func (d *Diff) document(n brevity) document {
	w := newWriter(d.Language, n)
	m := w.m
	a, b := &d.Totals[0], &d.Totals[1]
	w.add("", "", 0, part{text: fmt.Sprintf(m.diffOf, clip(a.Label, maxItem), clip(b.Label, maxItem), d.Generator), style: styleDim})
	w.verdict(&d.Verdict)
	now, before := *b, *a
	now.Label, before.Label = m.colB, m.colA
	g, note := w.totalsGrid([]PeriodTotals{now, before}, d.FailuresOnly, true)
	g.columns[1], g.columns[2] = g.columns[2], g.columns[1]
	for _, row := range g.rows {
		row[1], row[2] = row[2], row[1]
	}
	w.addTotals(g, note, d.FailuresOnly)
	how := d.Comparison
	how.With = slices.Clone(how.With)
	for i := range how.With {
		how.With[i] = m.colA
	}
	w.changes(d.Changes, nil, &how, func(t time.Time) string { return t.Format("2006-01-02 15:04") })
	w.pairs(d.Codes)
	latency := slices.Clone(d.Latency)
	if len(latency) > 1 {
		latency[1].Label = m.colA
	}
	w.latency(latency)
	return w.doc
}

// pairs writes the codes whose numbers differ most.
func (w *writer) pairs(codes []CodePair) {
	m := w.m
	g := grid{
		columns: []column{
			{head: m.colCode},
			{head: m.colA, right: true},
			{head: m.colB, right: true},
			{head: m.colChange, right: true},
			{head: m.colMeaning, flex: true},
		},
		joins: make([]bool, 5),
	}
	shown := codes[:min(len(codes), 3*w.n.changes)]
	for _, c := range shown {
		g.rows = append(g.rows, []string{c.Key, comma(c.A), comma(c.B), relative(float64(c.B), float64(c.A)), c.Title})
	}
	w.add(m.headCodes, "", 1, w.rest([]part{{table: &g}}, len(codes)-len(shown))...)
}
