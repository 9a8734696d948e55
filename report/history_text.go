package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"mgslog/analyze/catalog"
)

const (
	// maxHistory is how many codes the text shows unless it is to be verbose, and
	// maxDayNotes how many stretches of days a remark names.
	maxHistory  = 30
	maxDayNotes = 5
	// minSpark is how narrow a sparkline gets, however wide the numbers.
	minSpark = 8
)

// noRecord stands in a sparkline for what is not on record. It is of the same
// class of width as the blocks.
const noRecord = '▒'

// Text writes the history for people to read.
func (h *History) Text(w io.Writer, opt TextOptions) error {
	lang := catalog.EN
	if h.Language == catalog.ZH.String() {
		lang = catalog.ZH
	}
	m := stateMessagesFor(lang)
	t := historyText{page: newPage(opt), h: h, m: m}
	head := []string{fmt.Sprintf(m.span, h.From, h.To), count(int64(len(h.Hosts)), m.oneHost, m.hosts)}
	if h.Generator != "" {
		head = append([]string{h.Generator}, head...)
	}
	t.text(0, 2, strings.Join(head, m.comma), plain)
	t.gaps()
	if h.LastDay != nil {
		t.table()
	}
	return t.flush(w)
}

// historyText is the work of one call of Text.
type historyText struct {
	*page
	h *History
	m *stateMessages
}

// gaps says which days are not on record, or not as a whole.
func (t *historyText) gaps() {
	h, m := t.h, t.m
	known := 0
	for _, d := range h.Days {
		if len(d.Hosts) > 0 {
			known++
		}
	}
	if known == len(h.Days) {
		t.text(0, 2, m.allRecorded, plain)
	} else {
		t.text(0, 2, fmt.Sprintf(m.recorded, comma(int64(known)), comma(int64(len(h.Days))))+
			t.days(func(d *HistoryDay) (string, bool) { return "", len(d.Hosts) == 0 }), t.yellow)
	}
	for _, note := range []struct {
		text string
		of   func(*HistoryDay) (string, bool)
	}{
		{m.notWhole, func(d *HistoryDay) (string, bool) { return "", len(d.Hosts) > 0 && !d.Whole }},
		{m.fewHosts, func(d *HistoryDay) (string, bool) {
			n := len(d.Hosts)
			return fmt.Sprintf(m.someHosts, comma(int64(n)), comma(int64(len(h.Hosts)))), n > 0 && n < len(h.Hosts)
		}},
	} {
		if days := t.days(note.of); days != "" {
			t.text(0, 2, note.text+days, t.yellow)
		}
	}
}

// days lists the stretches of days for which of returns true and, behind each,
// what it says of them.
func (t *historyText) days(of func(*HistoryDay) (string, bool)) string {
	var parts []string
	days, more := t.h.Days, 0
	for i := 0; i < len(days); {
		from := i
		said, is := of(&days[from])
		for i++; i < len(days); i++ {
			if s, ok := of(&days[i]); s != said || ok != is {
				break
			}
		}
		switch {
		case !is:
		case len(parts) == maxDayNotes:
			more += i - from
		case i-from == 1:
			parts = append(parts, days[from].Date+said)
		default:
			parts = append(parts, fmt.Sprintf(t.m.span, days[from].Date, days[i-1].Date)+said)
		}
	}
	if more > 0 {
		parts = append(parts, fmt.Sprintf(t.m.moreDays, comma(int64(more))))
	}
	return strings.Join(parts, t.m.listComma)
}

func (t *historyText) table() {
	h, m := t.h, t.m
	type line struct {
		name, title, outcome string
		*HistorySeries
	}
	lines := []line{{m.calls, "", "", &h.Calls}, {m.failed, "", OutcomeError, &h.Failures}}
	shown := len(h.Codes)
	if !t.opt.Verbose {
		shown = min(shown, maxHistory)
	}
	for i := range h.Codes[:shown] {
		c := &h.Codes[i]
		lines = append(lines, line{c.Key, c.Title, c.Outcome, &c.HistorySeries})
	}

	lastDay := *h.LastDay
	columns := []column{
		{head: m.colCode},
		{head: m.total, right: true},
		{head: m.perDay, right: true},
		{head: lastDay[len("2006-"):], right: true},
		{head: m.change, right: true},
		{head: m.colTime},
	}
	rows := make([][]string, len(lines))
	outcomes := map[string]string{}
	for i, l := range lines {
		outcomes[l.name] = l.outcome
		rows[i] = []string{l.name, short(float64(l.Total)), perDay(*l.Mean), short(float64(*l.Last)), t.change(l.HistorySeries)}
	}

	// The sparkline gets what width the numbers leave, the meaning what both leave.
	left := t.width - 2
	for i := range columns[:len(columns)-1] {
		w := t.cells(columns[i].head)
		for _, row := range rows {
			w = max(w, t.cells(row[i]))
		}
		left -= w + 2
	}
	cell := t.cells(string(noRecord))
	per := 1 // days of one column
	for (len(h.Days)+per-1)/per > max(left/cell, minSpark) {
		per++
	}
	left -= max((len(h.Days)+per-1)/per*cell, t.cells(m.colTime)) + 2
	if left >= minFlex {
		columns = append(columns, column{head: m.colMeaning, flex: true})
	}
	for i, l := range lines {
		rows[i] = append(rows[i], sparkKnown(l.Counts, per))
		if left >= minFlex {
			rows[i] = append(rows[i], l.title)
		}
	}
	t.blank()
	t.rows(columns, rows, t.byOutcome(outcomes))
	if more := len(h.Codes) - shown; more > 0 {
		t.text(2, 0, fmt.Sprintf(m.moreHistory, comma(int64(more))), t.dim)
	}
	t.blank()
	legend := []string{fmt.Sprintf(m.windowsOf, m.duration(int64(per)*86400)), m.perRow, fmt.Sprintf(m.signs, string(noBlock), string(noRecord))}
	t.text(2, 0, strings.Join(legend, m.comma), t.dim)
	if h.EarlierDays > 0 {
		t.text(2, 0, fmt.Sprintf(m.changeOf, lastDay, comma(int64(h.EarlierDays))), t.dim)
	} else {
		t.text(2, 0, fmt.Sprintf(m.changeNone, lastDay), t.dim)
	}
}

// change writes how the last day differs from the days before it.
func (t *historyText) change(s *HistorySeries) string {
	switch {
	case s.Earlier == nil, *s.Earlier == 0 && *s.Last == 0:
		return "-"
	case *s.Earlier == 0:
		return t.m.isNew
	case *s.Last == 0:
		return t.m.isGone
	case *s.Change >= 1:
		return "×" + perDay(*s.Change+1)
	}
	p := math.Round(*s.Change * 100)
	if p == 0 {
		return "0%"
	}
	return fmt.Sprintf("%+.0f%%", p)
}

// short writes a number in at most seven columns, up to ten thousand millions.
func short(x float64) string {
	switch m := x / 1e6; {
	case x < 999_999.5:
		return comma(int64(math.Round(x)))
	case m < 99.95:
		return strconv.FormatFloat(m, 'f', 1, 64) + "M"
	default:
		return comma(int64(math.Round(m))) + "M"
	}
}

// perDay writes a mean: with a decimal as long as that says something.
func perDay(x float64) string {
	if x != 0 && x < 9.95 {
		return strconv.FormatFloat(max(x, 0.1), 'f', 1, 64)
	}
	return short(x)
}

// sparkKnown draws counts as one line, per of them in a column: the mean of those
// that are known, or the sign that none is.
func sparkKnown(counts []*int64, per int) string {
	var means []int64
	var unknown []bool
	for part := range slices.Chunk(counts, per) {
		sum, n := int64(0), int64(0)
		for _, c := range part {
			if c != nil {
				sum += *c
				n++
			}
		}
		unknown = append(unknown, n == 0)
		n = max(n, 1)
		means = append(means, (sum+n-1)/n) // something is never drawn as nothing
	}
	line := []rune(spark(means))
	for i := range line {
		if unknown[i] {
			line[i] = noRecord
		}
	}
	return string(line)
}
