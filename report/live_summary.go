package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"mgslog/analyze"
)

const (
	// liveRows is how many codes a summary lists.
	liveRows = 20
	// StatusLines is how many lines a status has at most.
	StatusLines = 10
)

// Summary shows what has been counted: the failures by code, most frequent
// first, then the successes and the records without a code.
func (l *Live) Summary(b []byte, s *analyze.RollingSummary) []byte {
	m := l.m
	b = append(b, '\n')
	l.p.heading(m.headLive, fmt.Sprintf(m.runSince, l.moment(s.Since, s.Now), m.duration(max(s.Now-s.Since, 0)/1000)))
	l.p.text(2, 2, l.totals(s), plain)
	if l.p.width < minWidth {
		return l.narrowSummary(l.take(b), s)
	}
	columns := []column{{head: m.colCode}, {head: m.colCount, right: true}, {head: m.lastMinute, right: true}}
	last5, last15, rate := l.p.width >= 50, l.p.width >= 60, l.p.width >= 100
	trend := 0 // columns
	switch {
	case l.p.width >= 130:
		trend = analyze.RollingColumns
	case l.p.width >= 80:
		trend = analyze.RollingColumns / 2
	}
	if l.opt.WideAmbiguous {
		trend /= 2
	}
	if last5 {
		columns = append(columns, column{head: m.last5, right: true})
	}
	if last15 {
		columns = append(columns, column{head: m.last15, right: true})
	}
	if rate {
		columns = append(columns, column{head: m.perMinute, right: true})
	}
	if trend > 0 {
		columns = append(columns, column{head: m.trend})
	}
	columns = append(columns, column{head: m.colMeaning, flex: true})
	var rows [][]string
	paints := map[string]func(string) string{}
	add := func(code, meaning string, k *analyze.RollingKey, paint func(string) string) {
		row := []string{code, comma(k.Total), comma(k.Last1)}
		if last5 {
			row = append(row, comma(k.Last5))
		}
		if last15 {
			row = append(row, comma(k.Last15))
		}
		if rate {
			row = append(row, perMinute(k, s))
		}
		if trend > 0 {
			row = append(row, spark(columnsOf(k, trend)))
		}
		if k.Onset != 0 {
			meaning += m.comma + fmt.Sprintf(m.rising, l.moment(k.Onset, s.Now))
		}
		paints[code] = paint
		rows = append(rows, append(row, meaning))
	}
	shown := min(len(s.Keys), liveRows)
	for i := range s.Keys[:shown] {
		k := &s.Keys[i]
		add(strconv.Itoa(int(k.Key.Code)), l.title(k.Key), k, l.paint(k.Key))
	}
	if rest, name := l.others(s, s.Keys[shown:]); rest.Total > 0 {
		add("+", name, &rest, l.p.red)
	}
	if k := &s.Success; k.Total > 0 {
		add(strconv.Itoa(int(k.Key.Code)), l.title(k.Key), k, l.p.green)
	}
	if k := &s.Uncoded; k.Total > 0 {
		add("-", m.respNone, k, plain)
	}
	if len(rows) > 0 {
		l.p.rows(columns, rows, func(code string) func(string) string {
			if paint := paints[code]; paint != nil {
				return paint
			}
			return plain // the head, or a row that goes on
		})
	}
	return l.take(b)
}

// others puts codes that are not shown together, with those that are not told
// apart.
func (l *Live) others(s *analyze.RollingSummary, keys []analyze.RollingKey) (sum analyze.RollingKey, name string) {
	sum.RollingCount = s.Other
	for i := range keys {
		sum.Add(keys[i].RollingCount)
		for j, n := range keys[i].Series {
			sum.Series[j] += n
		}
	}
	if s.Other.Total > 0 {
		return sum, l.m.excess
	}
	return sum, count(int64(len(keys)), l.m.oneOther, l.m.others)
}

// narrowSummary shows the codes where there is no room for a table.
func (l *Live) narrowSummary(b []byte, s *analyze.RollingSummary) []byte {
	st := l.statusFor(s, l.p.width)
	b = append(append(b, st.header()...), '\n')
	for i := range s.Keys[:min(len(s.Keys), liveRows)] {
		k := &s.Keys[i]
		b = append(append(b, st.row(strconv.Itoa(int(k.Key.Code)), l.title(k.Key), k, l.paint(k.Key))...), '\n')
	}
	return b
}

// totals tells of all records together.
func (l *Live) totals(s *analyze.RollingSummary) string {
	records := count(s.Records.Total, l.m.oneRecord, l.m.records)
	if s.Failures.Total == 0 {
		return records + l.m.comma + l.m.noFailure
	}
	return records + l.m.comma + count(s.Failures.Total, l.m.oneFailure, l.m.failures)
}

// moment writes a time as briefly as another allows that is not far away.
func (l *Live) moment(ms, now int64) string {
	t, to := time.UnixMilli(ms).In(l.zone), time.UnixMilli(now).In(l.zone)
	return t.Format(clockLayout(&t, &to))
}

// perMinute writes the rate of the last 5 minutes, or since counting began if
// that is less.
func perMinute(k *analyze.RollingKey, s *analyze.RollingSummary) string {
	minutes := float64(min(max(s.Now-s.Observed, 60_000), 300_000)) / 60_000
	rate := float64(k.Last5) / minutes
	if rate == 0 || rate >= 100 {
		return comma(int64(rate + 0.5))
	}
	return strconv.FormatFloat(rate, 'f', 1, 64)
}

// columnsOf returns a series in n columns, which divides RollingColumns, or as
// many as it comes to.
func columnsOf(k *analyze.RollingKey, n int) []int64 {
	per := (len(k.Series) + n - 1) / n
	out := make([]int64, (len(k.Series)+per-1)/per)
	for i, c := range k.Series {
		out[len(out)-1-(len(k.Series)-1-i)/per] += c
	}
	return out
}

// Status returns what has been counted as lines of at most width columns, no
// more of them than a third of height or StatusLines: the codes that came within
// the last 15 minutes. A height of 0 is not known and taken for 24. The lines
// have no line ends.
func (l *Live) Status(s *analyze.RollingSummary, width, height int) []string {
	if height <= 0 {
		height = 24
	}
	height = min(height/3, StatusLines)
	if width <= 0 || height == 0 {
		return nil
	}
	var shown, rest []analyze.RollingKey
	for _, k := range s.Keys {
		if k.Last15 > 0 {
			shown = append(shown, k)
		} else {
			rest = append(rest, k)
		}
	}
	if room := height - 1; len(shown) > room {
		room = min(max(room-1, 1), room) // the last line is for the others
		shown, rest = shown[:room], append(shown[room:], rest...)
	}
	st := l.statusFor(s, width)
	lines := []string{st.header()}
	for i := range shown {
		k := &shown[i]
		lines = append(lines, st.row(strconv.Itoa(int(k.Key.Code)), l.title(k.Key), k, l.paint(k.Key)))
	}
	if sum, name := l.others(s, rest); sum.Total > 0 && len(lines) < height {
		lines = append(lines, st.row("+", name, &sum, plain))
	}
	return lines
}

// status lays out the lines of one Status.
type status struct {
	*Live
	s      *analyze.RollingSummary
	width  int
	counts int  // how many of the counts there is room for
	digits int  // columns of a count
	trend  int  // columns of a sparkline, 0 for none
	titles bool // there is room for words
}

// statusFor chooses what there is room for. What is rising is told by the count
// of the last 5 minutes, which is the last to go.
func (l *Live) statusFor(s *analyze.RollingSummary, width int) *status {
	st := &status{Live: l, s: s, width: width, counts: 1, digits: 6, titles: width >= 24}
	switch {
	case width >= 150:
		st.counts, st.digits, st.trend = 3, 7, analyze.RollingColumns
	case width >= 100:
		st.counts, st.digits, st.trend = 3, 7, analyze.RollingColumns/2
	case width >= 60:
		st.counts, st.digits = 3, 7
	case width >= 45:
		st.counts = 2
	}
	if l.opt.WideAmbiguous {
		st.trend /= 2
	}
	return st
}

func (st *status) header() string {
	line := st.lay(st.m.colCode, [...]string{st.m.lastMinute, st.m.last5, st.m.last15}, st.m.trend,
		st.moment(st.s.Now, st.s.Now)+" "+st.totals(st.s))
	return st.p.bold(line)
}

// row returns the line of a code, or of several.
func (st *status) row(code, title string, k *analyze.RollingKey, paint func(string) string) string {
	trend := ""
	if st.trend > 0 {
		trend = spark(columnsOf(k, st.trend))
	}
	if k.Onset != 0 { // which says more than the end of the title
		since := fmt.Sprintf(st.m.rising, st.moment(k.Onset, st.s.Now))
		if room := st.room() - st.p.cells(st.m.comma+since); room >= 12 {
			since = st.p.fit(title, room) + st.m.comma + since
		}
		title = since
	}
	line := st.lay(code, [...]string{brief(k.Last1), brief(k.Last5), brief(k.Last15)}, trend, title)
	if rest, ok := strings.CutPrefix(line, code); ok {
		return paint(code) + rest
	}
	return line
}

const statusCode = 6 // columns of a code, and of its heading

// room is how many columns there are for words.
func (st *status) room() int {
	room := st.width - statusCode - st.counts*(st.digits+1) - 2
	if st.trend > 0 {
		room -= st.trendWidth() + 2
	}
	return room
}

func (st *status) trendWidth() int {
	return max(st.p.cells(strings.Repeat(string(noBlock), len(columnsOf(&analyze.RollingKey{}, st.trend)))), st.p.cells(st.m.trend))
}

// lay puts the columns of a line side by side and cuts it.
func (st *status) lay(code string, counts [3]string, trend, text string) string {
	var b strings.Builder
	b.WriteString(code + strings.Repeat(" ", max(statusCode-st.p.cells(code), 0)))
	chosen := counts[:]
	if st.counts < len(counts) {
		chosen = counts[2-st.counts : 2]
	}
	for _, c := range chosen {
		b.WriteString(st.p.pad(c, st.digits+1, true))
	}
	if st.trend > 0 {
		b.WriteString("  " + trend + strings.Repeat(" ", max(st.trendWidth()-st.p.cells(trend), 0)))
	}
	if st.titles {
		b.WriteString("  " + st.p.fit(text, st.room()))
	}
	return strings.TrimRight(st.p.fit(b.String(), st.width), " ")
}

// brief writes a number in at most 6 columns.
func brief(n int64) string {
	switch {
	case n < 100_000:
		return comma(n)
	case n < 10_000_000:
		return strconv.FormatInt(n/1000, 10) + "k"
	}
	return strconv.FormatInt(n/1_000_000, 10) + "M"
}
