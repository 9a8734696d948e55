package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"mgslog/analyze/catalog"
)

// How many characters of a name from a log go into a sentence, and of a text
// into a list.
const (
	maxPhrase = 60
	maxItem   = 160
)

// phrase shortens a name from a log, so that no sentence is drowned in it.
func phrase(s string) string { return clip(s, maxPhrase) }

// clip makes s Printable and shortens it to n characters.
func clip(s string, n int) string {
	s = Printable(s[:min(len(s), n*utf8.UTFMax)])
	if r := []rune(s); len(r) > n {
		return string(r[:n-3]) + "..."
	}
	return s
}

// verdict says in a few sentences what the reader must know first, and the
// subject of a mail in a few words.
func (b *dailyBuilder) verdict() {
	d, m := b.d, b.m
	v, now := &d.Verdict, &d.Totals[0]
	v.Acts = []string{}
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	var worse, better []string
	for i := range d.Changes {
		switch x := &d.Changes[i]; {
		case x.worse():
			worse = append(worse, m.changeShort(x))
			b.blame(x.Acts)
		case x.Better && x.Acknowledged == "":
			better = append(better, m.changeShort(x))
		}
	}
	var first []string
	for _, f := range b.newCodes() {
		// A code that is told as new already is not told twice.
		if !slices.ContainsFunc(d.Changes, func(x Change) bool { return x.worse() && x.Of.Code == f.Value }) {
			first = append(first, f.Label)
			b.blame(b.codeNamed(f.Value).Acts)
		}
	}
	var clocks []string // that were set
	for _, s := range d.Coverage.ClockSteps {
		if name := phrase(cmp.Or(s.Host, s.Input)); !slices.Contains(clocks, name) {
			clocks = append(clocks, name)
		}
	}
	word := ""
	switch {
	case now.Records == 0:
		v.Kind, word = VerdictEmpty, m.wordEmpty
		say(m.isEmpty, b.in.Label)
	case now.Calls == 0:
		v.Kind, word = VerdictUncoded, m.wordUncompared
		say(m.verdictUncoded, comma(d.Coverage.Uncoded))
	case len(worse)+len(first)+len(clocks) > 0:
		v.Kind, word = VerdictWorse, m.wordWorse
		if len(worse) > 0 {
			say(m.isWorse, b.few(worse))
		}
		if len(first) > 0 {
			say(m.isFirst, b.few(first))
		}
		if len(v.Acts) > 0 {
			say(m.verdictActs, m.actors(v.Acts, b.in.Lang))
		}
		if len(clocks) > 0 {
			say(m.isClock, b.few(clocks))
		}
	case len(b.in.Compared) == 0:
		v.Kind, word = VerdictUncompared, m.wordUncompared
		say("%s", m.isUncompared)
	case len(better) > 0:
		v.Kind, word = VerdictBetter, m.wordBetter
		say(m.isBetter, b.few(better))
	default:
		v.Kind, word = VerdictQuiet, m.wordQuiet
		say("%s", m.isQuiet)
	}
	if now.Calls > 0 {
		said = append(said, m.rates(d.Totals, b.only))
	}
	v.Text = strings.Join(said, m.sentenceGap)
	if len(worse) > 0 {
		word = worse[0]
	}
	d.Subject = fmt.Sprintf(m.subject, b.in.Label, b.hosts(2), word)
}

// hosts names the hosts of the summary, n of them at most.
func (b *dailyBuilder) hosts(n int) string { return b.m.hostNames(b.d.Hosts, n) }

func (m *dailyMessages) hostNames(hosts []string, n int) string {
	short := make([]string, len(hosts))
	for i, h := range hosts {
		short[i] = phrase(h)
	}
	switch len(hosts) {
	case 0:
		return m.noHost
	case 1:
		return fmt.Sprintf(m.oneHost, short[0])
	}
	return fmt.Sprintf(m.moreHosts, strings.Join(some(m, short, n), m.and), comma(int64(len(hosts))))
}

// few lists the first of many.
func (b *dailyBuilder) few(names []string) string {
	shown := names[:min(len(names), maxVerdictNames)]
	out := strings.Join(shown, b.m.semicolon)
	if rest := len(names) - len(shown); rest > 0 {
		out += b.m.semicolon + fmt.Sprintf(b.m.andMore, comma(int64(rest)))
	}
	return out
}

// blame notes who must act on what is new or worse.
func (b *dailyBuilder) blame(acts string) {
	v := &b.d.Verdict
	if acts != "" && acts != actorUnknown && acts != catalog.Nobody.String() && !slices.Contains(v.Acts, acts) {
		v.Acts = append(v.Acts, acts)
	}
}

func (m *dailyMessages) actors(names []string, lang catalog.Lang) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = m.actor(name, lang)
	}
	return strings.Join(out, m.and)
}

// rates says how many calls failed, and how many did before.
func (m *dailyMessages) rates(totals []PeriodTotals, only bool) string {
	now := &totals[0]
	var before *PeriodTotals
	if i := slices.IndexFunc(totals[1:], func(t PeriodTotals) bool { return t.Known }); i >= 0 {
		before = &totals[1+i]
	}
	switch {
	case only && before != nil:
		return fmt.Sprintf(m.isCountWas, comma(now.Failures), phrase(before.Label), comma(before.Failures))
	case only:
		return fmt.Sprintf(m.isCount, comma(now.Failures))
	case before != nil && before.FailureRate != nil:
		return fmt.Sprintf(m.isRateWas, rateText(*now.FailureRate), comma(now.Calls), phrase(before.Label), rateText(*before.FailureRate))
	}
	return fmt.Sprintf(m.isRate, rateText(*now.FailureRate), comma(now.Calls))
}

// changeShort says in a few words what changed.
func (m *dailyMessages) changeShort(x *Change) string {
	return m.changeLabel(x) + " " + m.changeOf(x) + m.paren(m.changeCounts(x))
}

// change says in one line all that is known of a change but who must act.
func (m *dailyMessages) change(x *Change) string {
	parts := []string{m.changeLabel(x) + " " + m.changeOf(x) + m.colon + m.changeCounts(x)}
	if where := m.slice(x.Mostly); where != "" {
		parts = append(parts, fmt.Sprintf(m.mostly, where))
	}
	return strings.Join(parts, m.comma)
}

// changeLabel returns the kind of a change, with its factor.
func (m *dailyMessages) changeLabel(x *Change) string {
	label := ""
	switch x.Kind {
	case ChangeNew:
		return m.isNew
	case ChangeGone:
		return m.isGone
	case ChangeUp:
		label = m.isUp
	case ChangeDown:
		label = m.isDown
	case ChangeSlower:
		return m.isSlower
	case ChangeFaster:
		return m.isFaster
	}
	if x.Ratio == nil {
		return label
	}
	return label + " ×" + factor(*x.Ratio)
}

// factor writes a ratio with two digits.
func factor(f float64) string {
	switch {
	case f >= 10:
		return comma(int64(math.Round(f)))
	case f >= 1:
		return strconv.FormatFloat(f, 'f', 1, 64)
	case f < 0.01:
		return "<0.01"
	}
	return strconv.FormatFloat(f, 'f', 2, 64)
}

// changeOf names what changed.
func (m *dailyMessages) changeOf(x *Change) string {
	where := m.slice(x.Of)
	switch {
	case x.Title != "" && where != "":
		return x.Title + m.paren(where)
	case x.Title != "":
		return x.Title
	case x.Of.Code != "" && where != "":
		return phrase(x.Of.Code) + m.paren(where)
	case x.Of.Code != "":
		return phrase(x.Of.Code)
	}
	if x.Measure == MeasureCalls && where != "" {
		return fmt.Sprintf(m.callsOf, where)
	}
	if where == "" {
		where = m.allCalls
	}
	switch x.Measure {
	case MeasureTotal:
		return fmt.Sprintf(m.timeOf, where)
	case MeasureBackend:
		return fmt.Sprintf(m.backendOf, where)
	}
	return where
}

// slice names the fields of a slice but the code.
func (m *dailyMessages) slice(s Slice) string {
	var parts []string
	for _, d := range []struct{ name, value string }{
		{m.dimOperation, s.Operation}, {m.dimApp, s.App}, {m.dimVersion, s.Version}, {m.dimHost, s.Host},
	} {
		if d.value != "" {
			parts = append(parts, d.name+" "+phrase(d.value))
		}
	}
	return strings.Join(parts, m.comma)
}

// changeCounts tells what was counted and what was expected.
func (m *dailyMessages) changeCounts(x *Change) string {
	switch {
	case x.P95 != nil:
		return fmt.Sprintf(m.p95Was, comma(x.P95.Now), comma(x.P95.Before))
	case x.Kind == ChangeNew:
		return fmt.Sprintf(m.countNew, comma(x.Now))
	case x.Kind == ChangeGone:
		return fmt.Sprintf(m.countGone, expected(x.Expected))
	}
	return fmt.Sprintf(m.countChanged, comma(x.Now), expected(x.Expected))
}

// expected writes an expectation, which is seldom whole.
func expected(f float64) string {
	if f < 10 {
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return comma(int64(math.Round(f)))
}

// rateText writes a fraction in percent, with two digits behind the point where
// it is small: failure rates mostly are. What is not nothing is never written
// as 0%, and what is not all never as 100%.
func rateText(f float64) string {
	p := f * 100
	switch {
	case p == 0 || p == 100:
		return fmt.Sprintf("%.0f%%", p)
	case p < 0.005:
		return "<0.01%"
	case p < 9.995:
		return fmt.Sprintf("%.2f%%", p)
	case p > 99.9:
		return ">99.9%"
	}
	return fmt.Sprintf("%.1f%%", p)
}

// relative writes how much now is more or less than before, in percent; a
// factor where it is more than tenfold.
func relative(now, before float64) string {
	switch {
	case before == 0 && now == 0:
		return "0%"
	case before == 0:
		return "-"
	case now >= before*11:
		return "×" + factor(now/before)
	}
	p := (now/before - 1) * 100
	switch {
	case math.Abs(p) < 0.05:
		return "0%"
	case math.Abs(p) < 10:
		return fmt.Sprintf("%+.1f%%", p)
	}
	return fmt.Sprintf("%+.0f%%", p)
}
