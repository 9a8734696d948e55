package analyze

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"mgslog/parser"
)

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestFloor holds the alignment of windows, on days that are not 24 hours
// long too.
func TestFloor(t *testing.T) {
	for _, c := range []struct {
		zone, at    string
		width       time.Duration
		start, next string
	}{
		{"Asia/Shanghai", "2026-11-20T02:13:05+08:00", 5 * time.Minute, "2026-11-20T02:10:00+08:00", "2026-11-20T02:15:00+08:00"},
		{"Asia/Shanghai", "2026-11-20T02:13:05+08:00", day, "2026-11-20T00:00:00+08:00", "2026-11-21T00:00:00+08:00"},
		{"Asia/Shanghai", "2026-11-20T02:13:05+08:00", 6 * time.Hour, "2026-11-20T00:00:00+08:00", "2026-11-20T06:00:00+08:00"},
		{"Asia/Kolkata", "2026-11-20T02:13:05+05:30", time.Hour, "2026-11-20T02:00:00+05:30", "2026-11-20T03:00:00+05:30"},
		{"America/New_York", "2026-03-08T12:00:00-04:00", day, "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00"}, // 23 hours
		{"America/New_York", "2026-11-01T12:00:00-05:00", day, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"}, // 25 hours
		{"America/New_York", "2026-11-01T01:30:00-04:00", time.Hour, "2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00"},
		{"America/New_York", "2026-11-01T01:30:00-05:00", time.Hour, "2026-11-01T01:00:00-05:00", "2026-11-01T02:00:00-05:00"},
		{"UTC", "1969-12-31T23:59:59Z", time.Minute, "1969-12-31T23:59:00Z", "1970-01-01T00:00:00Z"},
	} {
		loc := location(t, c.zone)
		at, _ := time.Parse(time.RFC3339, c.at)
		start := floor(at.UnixMilli(), c.width, loc)
		got := time.UnixMilli(start).In(loc).Format(time.RFC3339)
		after := time.UnixMilli(next(start, c.width, loc)).In(loc).Format(time.RFC3339)
		if got != c.start || after != c.next {
			t.Errorf("%s in %v: %s to %s, want %s to %s", c.at, c.width, got, after, c.start, c.next)
		}
	}
}

// TestFloorTiles holds that windows leave no gap and do not overlap, over a
// year with two turns of the clock.
func TestFloorTiles(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Asia/Shanghai", "Europe/Dublin"} {
		loc := location(t, zone)
		for _, w := range widths {
			if w < time.Minute || w > 7*day {
				continue
			}
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, loc).UnixMilli()
			end := time.Date(2027, 1, 1, 0, 0, 0, 0, loc).UnixMilli()
			step := max(w, 37*time.Minute)
			for ms := at; ms < end; ms += step.Milliseconds() {
				start := floor(ms, w, loc)
				after := next(start, w, loc)
				if start > ms || after <= ms || floor(start, w, loc) != start || floor(after, w, loc) != after || floor(after-1, w, loc) != start {
					t.Fatalf("%s, %v: %v is in %v to %v", zone, w, time.UnixMilli(ms).In(loc), time.UnixMilli(start).In(loc), time.UnixMilli(after).In(loc))
				}
			}
		}
	}
}

// TestWindowCount holds that a report has 24 to 60 windows whatever its span.
func TestWindowCount(t *testing.T) {
	for _, span := range []time.Duration{
		30 * time.Second, 61 * time.Second, 5 * time.Minute, 47 * time.Minute, time.Hour, 7 * time.Hour, day, 36 * time.Hour,
		3 * day, 10 * day, 31 * day, 100 * day, 366 * day, 1500 * day,
	} {
		a := New(Config{Location: time.FixedZone("+08:00", 8*3600)})
		a.AddInput(&Input{Path: "x"})
		const n = 5000
		start := time.Date(2026, 1, 1, 3, 4, 5, 0, time.UTC)
		rec := parser.Record{Code: 1000, Evidence: parser.ByPosition}
		for i := range n {
			rec.Time = start.Add(span / n * time.Duration(i)).UnixMilli()
			a.Add(&rec)
		}
		s := a.Summary()
		if got := len(s.Windows); got < 24 || got > 60 {
			t.Errorf("span %v: %d windows of %v", span, got, s.Window)
		}
	}
}

// TestStray holds that a few stamps far away do not spoil the windows.
func TestStray(t *testing.T) {
	a := New(Config{})
	a.AddInput(&Input{Path: "x"})
	rec := parser.Record{Code: 1000, Evidence: parser.ByPosition}
	for i := range 5000 {
		rec.Time = time.Date(2026, 11, 20, 0, 0, i, 0, time.UTC).UnixMilli()
		a.Add(&rec)
	}
	rec.Time = 0
	a.Add(&rec)
	s := a.Summary()
	if s.Window > 5*time.Minute || len(s.Windows) > 62 || s.From != 0 {
		t.Errorf("%d windows of %v from %d", len(s.Windows), s.Window, s.From)
	}
}

// TestWidened holds that a width that gives too many windows is widened, and
// that this is said.
func TestWidened(t *testing.T) {
	a := New(Config{Window: time.Second})
	a.AddInput(&Input{Path: "x"})
	rec := parser.Record{Code: 1000, Evidence: parser.ByPosition}
	for i := range maxFixedWindows + 1 {
		rec.Time = int64(i) * 1000
		a.Add(&rec)
	}
	s := a.Summary()
	if s.WindowAsked != time.Second || s.Window <= time.Second || len(s.Windows) > maxFixedWindows {
		t.Errorf("asked %v, is %v with %d windows", s.WindowAsked, s.Window, len(s.Windows))
	}
}

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		list []string
		in   []parser.Code
		out  []parser.Code
	}{
		{nil, []parser.Code{1000, 4001, parser.NoCode}, nil},
		{[]string{"4001", "7xxx"}, []parser.Code{4001, 7000, 7999}, []parser.Code{1000, 4002, 8000, parser.NoCode}},
		{[]string{"!1000"}, []parser.Code{0, 4001}, []parser.Code{1000, parser.NoCode}},
		{[]string{"6000-6007", "!6004"}, []parser.Code{6000, 6007}, []parser.Code{6004, 6008}},
		{[]string{"700X"}, []parser.Code{7000, 7009}, []parser.Code{7010}},
	} {
		set, err := ParseCodes(c.list)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range c.in {
			if !set.Match(code) {
				t.Errorf("%v does not hold %d", c.list, code)
			}
		}
		for _, code := range c.out {
			if set.Match(code) {
				t.Errorf("%v holds %d", c.list, code)
			}
		}
	}
	for _, bad := range []string{"", "!", "abc", "4001ms", "7-6", "-1", "1-2-3", "99999999999"} {
		if _, err := ParseCodes([]string{bad}); err == nil {
			t.Errorf("%q is taken for codes", bad)
		}
	}
}

func TestConditions(t *testing.T) {
	a := New(Config{})
	a.AddInput(&Input{Path: "x", Lines: 200})
	rec := parser.Record{Evidence: parser.ByPosition}
	for i := range 100 {
		rec.Code = 1000
		if i < 10 {
			rec.Code = 4001
		}
		a.Add(&rec)
	}
	rec.Code = parser.NoCode
	a.Add(&rec)
	s := a.Summary()
	s.Totals.Skipped = 2
	for text, want := range map[string]bool{
		"errors>5%": true, "errors>10%": false, "errors>=10%": true, "4001>=10": true, "4001>10": false, "4xxx=10": true,
		"uncoded>0": true, "skipped>=1%": true, "skipped>1%": false, "records<101": false, "records<=101": true, " 7003 != 0 ": false,
		"errors > 9.9 %": true,
	} {
		c, err := ParseCondition(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if value, met := c.Met(s); met != want {
			t.Errorf("%q: %v with %v", text, met, value)
		}
	}
	if c, _ := ParseCondition("errors>5%"); fmt.Sprint(c) != "errors>5%" {
		t.Errorf("printed as %v", c)
	}
	if _, met := mustCondition(t, "errors>0%").Met(New(Config{}).Summary()); met {
		t.Error("a percentage of nothing is more than 0")
	}
	for _, bad := range []string{"", "errors", "errors>", "errors>5%%", "foo>5", "records>5%", "4001>=x", "errors=>5"} {
		if _, err := ParseCondition(bad); err == nil {
			t.Errorf("%q is taken for a condition", bad)
		}
	}
}

func mustCondition(t *testing.T, text string) Condition {
	t.Helper()
	c, err := ParseCondition(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestFind holds the arithmetic for windows equal to the calendar's, also where
// the clock is turned.
func TestFind(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for _, name := range []string{"UTC", "Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns"} {
		loc := location(t, name)
		for _, width := range []time.Duration{time.Second, 7 * time.Second, time.Minute, 5 * time.Minute, 45 * time.Minute, time.Hour, 24 * time.Hour} {
			line := newTimeline(width, loc)
			turn := time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC)
			for range 2000 {
				at := turn.Add(time.Duration(r.Int64N(int64(60 * 24 * time.Hour)))).UnixMilli()
				if r.IntN(20) == 0 {
					at -= int64(r.IntN(3)) * 25 * 365 * 24 * 3600 * 1000 // before 1970, too
				}
				line.find(at)
				if from := floor(at, width, loc); line.from != from || line.to != next(from, width, loc) {
					t.Fatalf("%s, %v: %v is in %d to %d, want from %d", name, width, time.UnixMilli(at).In(loc), line.from, line.to, from)
				}
			}
		}
	}
}
