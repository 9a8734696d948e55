package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"mgslog/parser"
)

// timedLog is a random log in about the order of time, from start on.
type timedLog struct {
	bytes.Buffer
	at     time.Time
	random *rand.Rand
	seq    int
}

func newTimedLog(seed uint64, start time.Time) *timedLog {
	return &timedLog{at: start, random: rand.New(rand.NewPCG(seed, 1))}
}

// record writes a record stamped late by so much.
func (l *timedLog) record(late time.Duration) {
	l.seq++
	fmt.Fprintf(l, "%s ERROR %d resultCode=4001\n", l.at.Add(-late).Format("2006-01-02 15:04:05,000"), l.seq)
}

// hours writes the records of some hours: single lines and stack traces, some of
// them late.
func (l *timedLog) hours(n int) {
	for end := l.at.Add(time.Duration(n) * time.Hour); l.at.Before(end); l.at = l.at.Add(time.Duration(l.random.IntN(90_000)) * time.Millisecond) {
		late := time.Duration(0)
		if l.random.IntN(10) == 0 {
			late = time.Duration(l.random.Int64N(int64(Lateness)))
		}
		l.record(late)
		if l.random.IntN(8) == 0 {
			for range l.random.IntN(30) {
				l.WriteString("\tat com.acme.Frame.call(Frame.java:12)\n")
			}
		}
	}
}

// text writes lines that begin no record.
func (l *timedLog) text(lines, width int) {
	for range lines {
		l.WriteString(strings.Repeat("x", width) + "\n")
	}
}

var timedOptions = parser.Options{Location: time.UTC}

// recordsOf returns the records of a text from since on and before until, each
// with all its lines.
func recordsOf(t *testing.T, text []byte, since, until int64) []string {
	t.Helper()
	var out []string
	r := parser.NewReader(bytes.NewReader(text), timedOptions)
	for rec := range r.Records() {
		if rec.Time >= since && rec.Time < until {
			out = append(out, string(rec.Text))
		}
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return out
}

// counted counts the bytes that are read.
type counted struct {
	r io.ReaderAt
	n int64
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(p, off)
	c.n += int64(n)
	return n, err
}

// checkSpan holds that the bytes of a span have all records of a period, and
// returns them.
func checkSpan(t *testing.T, text []byte, piece int64, since, until time.Time) (from, to int64) {
	t.Helper()
	r := bytes.NewReader(text)
	b, err := newByTime(r, r.Size(), timedOptions.RecordTimes, piece)
	if err != nil {
		t.Fatal(err)
	}
	from, to, err = b.Span(r, since.UnixMilli(), until.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	end := to
	if end < 0 {
		end = r.Size()
	}
	want := recordsOf(t, text, since.UnixMilli(), until.UnixMilli())
	if got := recordsOf(t, text[from:end], since.UnixMilli(), until.UnixMilli()); !slices.Equal(got, want) {
		t.Errorf("from %v to %v: bytes %d to %d of %d have %d records, want %d", since, until, from, to, r.Size(), len(got), len(want))
	}
	return from, to
}

// TestSpanProperty holds over random logs and periods that nothing is missing
// from a span, and that most spans are short.
func TestSpanProperty(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	narrowed := 0
	const logs = 24
	for seed := range uint64(logs) {
		l := newTimedLog(seed, start)
		l.text(int(seed%3), 40) // what is left of the file before it
		for l.Len() < 300_000 {
			l.hours(1 + l.random.IntN(30))
			switch l.random.IntN(12) {
			case 0:
				l.at = l.at.Add(time.Duration(l.random.IntN(30)) * time.Hour) // nothing was written
			case 1:
				l.text(1+l.random.IntN(50), 60)
			case 2:
				l.text(1, 3000)
			case 3:
				l.WriteString("\n\n\x00\x00\x00")
			}
		}
		if seed%2 == 0 {
			l.WriteString(l.at.Format("2006-01-02 15:04:05,000") + " the end") // no line end
		}
		for range 10 {
			since := start.Add(time.Duration(l.random.Int64N(int64(l.at.Sub(start)) + int64(48*time.Hour)))).Add(-24 * time.Hour)
			until := since.Add(time.Duration(l.random.Int64N(int64(48 * time.Hour))))
			from, to := checkSpan(t, l.Bytes(), 512, since, until)
			if to < 0 {
				to = int64(l.Len())
			}
			if to-from < int64(l.Len())*2/3 {
				narrowed++
			}
		}
	}
	if narrowed < logs*10/2 {
		t.Errorf("only %d of %d spans are short", narrowed, logs*10)
	}
}

// TestSpanInDoubt holds that files whose order is in doubt are read whole, and
// what is read of others.
func TestSpanInDoubt(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	for _, c := range []struct {
		name string
		make func(*timedLog)
		want string // whole, part, none
	}{
		{"in order", func(l *timedLog) { l.hours(20 * 24) }, "part"},
		{"another time", func(l *timedLog) { l.at = day(20); l.hours(20 * 24) }, "none"},
		{"a time before", func(l *timedLog) { l.at = day(-30); l.hours(20 * 24) }, "none"},
		{"set back by days", func(l *timedLog) { l.hours(12 * 24); l.at = day(5); l.hours(8 * 24) }, "whole"},
		{"set back elsewhere", func(l *timedLog) { l.hours(16 * 24); l.at = day(9); l.hours(8 * 24) }, "whole"},
		{"set back into it", func(l *timedLog) { l.at = day(20); l.hours(2 * 24); l.at = day(6); l.hours(8 * 24) }, "whole"},
		{"set back at the end", func(l *timedLog) { l.hours(20 * 24); l.at = day(7); l.hours(1) }, "whole"},
		{"two logs behind one another", func(l *timedLog) { l.hours(10 * 24); l.at = start; l.hours(10 * 24) }, "whole"},
		{"newest first", func(l *timedLog) {
			l.hours(20 * 24)
			lines := strings.SplitAfter(l.String(), "\n")
			slices.Reverse(lines)
			l.Reset()
			l.WriteString(strings.Join(lines, ""))
		}, "whole"},
		{"a long undated stretch", func(l *timedLog) { l.hours(10 * 24); l.text(20_000, 100); l.hours(10 * 24) }, "whole"},
		{"a very long line", func(l *timedLog) { l.hours(10 * 24); l.text(1, 2_000_000); l.hours(10 * 24) }, "whole"},
		{"no time at all", func(l *timedLog) { l.text(20_000, 50) }, "whole"},
		{"no line end", func(l *timedLog) { l.WriteString(strings.Repeat("x", 1_000_000)) }, "whole"},
		{"nothing", func(*timedLog) {}, "whole"},
		{"undated at the beginning", func(l *timedLog) { l.text(10_000, 100); l.hours(20 * 24) }, "whole"},
		{"undated at the end", func(l *timedLog) { l.hours(20 * 24); l.text(10_000, 100) }, "whole"},
		{"a few lines", func(l *timedLog) { l.at = day(7); l.record(0) }, "whole"},
		{"the last line of all", func(l *timedLog) {
			l.at = day(-20)
			l.hours(20 * 24)
			l.WriteString(day(7).Format("2006-01-02 15:04:05,000") + " it has no line end")
		}, "part"},
	} {
		l := newTimedLog(7, start)
		c.make(l)
		from, to := checkSpan(t, l.Bytes(), 512, day(7), day(8))
		got := "part"
		switch {
		case from == 0 && to == -1:
			got = "whole"
		case from == to:
			got = "none"
		case to-from > int64(l.Len())/2:
			got = "too much"
		}
		if got != c.want {
			t.Errorf("%s: %s (%d to %d of %d), want %s", c.name, got, from, to, l.Len(), c.want)
		}
	}
}

// TestSpanSetBack holds that no record is lost where the clock is set back over
// the beginning or the end of a period, however far it was behind it and however
// far it is set back, so that the log goes over that moment twice.
func TestSpanSetBack(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	since, until := start.AddDate(0, 0, 7), start.AddDate(0, 0, 8)
	part := 0
	for _, at := range []time.Time{since, until} {
		for _, behind := range []time.Duration{10 * time.Minute, 3 * time.Hour, 10 * time.Hour} {
			for _, back := range []time.Duration{20 * time.Minute, time.Hour, 2 * time.Hour, 5 * time.Hour, 12 * time.Hour, 30 * time.Hour} {
				l := newTimedLog(uint64(behind+back), start)
				for l.at.Before(at.Add(behind)) {
					l.hours(1)
				}
				l.at = at.Add(-back)
				l.hours(6 * 24)
				if from, to := checkSpan(t, l.Bytes(), 512, since, until); from > 0 || to >= 0 {
					part++
				}
			}
		}
	}
	t.Logf("%d of %d are read in part", part, 2*3*6)
}

// TestSpanBounds holds how much is read of a big file: little of one in order,
// and not much more of others.
func TestSpanBounds(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for name, filler := range map[string]int{"short records": 300, "long records": 100_000, "very long records": 240_000} {
		var log bytes.Buffer
		for at := start; log.Len() < 64<<20; at = at.Add(time.Duration(filler) * 20 * time.Millisecond) {
			fmt.Fprintf(&log, "%s %s\n", at.Format("2006-01-02 15:04:05,000"), strings.Repeat("x", filler))
		}
		text := log.Bytes()
		r := &counted{r: bytes.NewReader(text)}
		b, err := NewByTime(r, int64(len(text)), timedOptions.RecordTimes)
		if err != nil {
			t.Fatal(err)
		}
		from, to, err := b.Span(r, start.Add(12*time.Hour).UnixMilli(), start.Add(13*time.Hour).UnixMilli())
		if err != nil || r.n > 2*mostLooked {
			t.Errorf("%s: %d bytes are read, %v", name, r.n, err)
		}
		if whole := to < 0; whole != (filler > 1000) {
			t.Errorf("%s: from %d to %d", name, from, to)
		}
		t.Logf("%s: %d bytes looked at, %d to %d", name, r.n, from, to)
	}
}

// unreadable fails from a place on.
type unreadable struct {
	r  io.ReaderAt
	at int64
}

var errUnreadable = errors.New("bad sector")

func (u unreadable) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > u.at {
		return 0, errUnreadable
	}
	return u.r.ReadAt(p, off)
}

func TestSpanUnreadable(t *testing.T) {
	t.Parallel()
	l := newTimedLog(1, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	l.hours(48)
	r := bytes.NewReader(l.Bytes())
	if _, err := newByTime(unreadable{r, r.Size() / 2}, r.Size(), timedOptions.RecordTimes, 512); err != errUnreadable {
		t.Error(err)
	}
	b, err := newByTime(r, r.Size(), timedOptions.RecordTimes, 512)
	if err != nil {
		t.Fatal(err)
	}
	if from, to, err := b.Span(unreadable{r, 0}, l.at.Add(-5*time.Hour).UnixMilli(), l.at.UnixMilli()); err != errUnreadable || from != 0 || to != -1 {
		t.Error(from, to, err)
	}
}

// FuzzSpan holds of any text that looking at it ends, and that a span is part of
// it.
func FuzzSpan(f *testing.F) {
	l := newTimedLog(1, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	l.hours(3)
	f.Add(l.Bytes(), int64(1772323200000), int64(3600_000), uint8(0))
	f.Add([]byte("2026-03-01 00:00:00 x"), int64(0), int64(1)<<60, uint8(3))
	f.Fuzz(func(t *testing.T, text []byte, since, length int64, piece uint8) {
		if since < -1<<50 || since > 1<<50 || length < 0 || length > 1<<50 {
			return
		}
		r := bytes.NewReader(text)
		b, err := newByTime(r, r.Size(), timedOptions.RecordTimes, int64(piece)+64)
		if err != nil {
			t.Fatal(err)
		}
		from, to, err := b.Span(r, since, since+length)
		if err != nil || from < 0 || to != -1 && (to < from || to > r.Size()) || from > r.Size() {
			t.Error(from, to, err)
		}
		if !b.Ordered && (from != 0 || to != -1) {
			t.Error("a part of a file out of order", from, to)
		}
	})
}
