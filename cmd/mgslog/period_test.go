package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestPeriods holds what a period is, the one before it, and the same weekday a
// week before.
func TestPeriods(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 17, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		text, zone             string
		label, from, to        string
		days                   int
		first, last            string
		before, beforeFrom, ww string
	}{
		{"today", "Asia/Shanghai", "2026-11-23", "2026-11-23T00:00:00+08:00", "2026-11-24T00:00:00+08:00", 1, "2026-11-23", "2026-11-23", "2026-11-22", "2026-11-22T00:00:00+08:00", "2026-11-16"},
		{"yesterday", "America/New_York", "2026-11-21", "2026-11-21T00:00:00-05:00", "2026-11-22T00:00:00-05:00", 1, "2026-11-21", "2026-11-21", "2026-11-20", "2026-11-20T00:00:00-05:00", "2026-11-14"},
		{"2026-11-01", "America/New_York", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 1, "2026-11-01", "2026-11-01", "2026-10-31", "2026-10-31T00:00:00-04:00", "2026-10-25"}, // 25 hours
		{"2026-03-08", "America/New_York", "2026-03-08", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", 1, "2026-03-08", "2026-03-08", "2026-03-07", "2026-03-07T00:00:00-05:00", "2026-03-01"}, // 23 hours
		{"2026-03-09", "America/New_York", "2026-03-09", "2026-03-09T00:00:00-04:00", "2026-03-10T00:00:00-04:00", 1, "2026-03-09", "2026-03-09", "2026-03-08", "2026-03-08T00:00:00-05:00", "2026-03-02"},
		{"2026-03-08", "America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00", 1, "2026-03-08", "2026-03-08", "2026-03-07", "2026-03-07T00:00:00-05:00", "2026-03-01"}, // no 00:00
		{"2026-11-01", "America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 1, "2026-11-01", "2026-11-01", "2026-10-31", "2026-10-31T00:00:00-04:00", "2026-10-25"}, // 00:00 twice
		{"2011-12-31", "Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00", 1, "2011-12-31", "2011-12-31", "2011-12-29", "2011-12-29T00:00:00-10:00", "2011-12-24"},   // behind a day left out
		{"2026-W47", "Asia/Shanghai", "2026-W47", "2026-11-16T00:00:00+08:00", "2026-11-23T00:00:00+08:00", 7, "2026-11-16", "2026-11-22", "2026-W46", "2026-11-09T00:00:00+08:00", ""},                  //
		{"2026-W01", "UTC", "2026-W01", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z", 7, "2025-12-29", "2026-01-04", "2025-W52", "2025-12-22T00:00:00Z", ""},                                           //
		{"2020-W53", "UTC", "2020-W53", "2020-12-28T00:00:00Z", "2021-01-04T00:00:00Z", 7, "2020-12-28", "2021-01-03", "2020-W52", "2020-12-21T00:00:00Z", ""},                                           //
		{"2026-W44", "America/New_York", "2026-W44", "2026-10-26T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 7, "2026-10-26", "2026-11-01", "2026-W43", "2026-10-19T00:00:00-04:00", ""},               //
		{"2026-11", "America/New_York", "2026-11", "2026-11-01T00:00:00-04:00", "2026-12-01T00:00:00-05:00", 30, "2026-11-01", "2026-11-30", "2026-10", "2026-10-01T00:00:00-04:00", ""},                 //
		{"2024-02", "UTC", "2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", 29, "2024-02-01", "2024-02-29", "2024-01", "2024-01-01T00:00:00Z", ""},                                             //
		{"2026-01", "UTC", "2026-01", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", 31, "2026-01-01", "2026-01-31", "2025-12", "2025-12-01T00:00:00Z", ""},                                             //
		{"2024-02-29", "UTC", "2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z", 1, "2024-02-29", "2024-02-29", "2024-02-28", "2024-02-28T00:00:00Z", "2024-02-22"},                           //
		{"2011-12", "Pacific/Apia", "2011-12", "2011-12-01T00:00:00-10:00", "2012-01-01T00:00:00+14:00", 31, "2011-12-01", "2011-12-31", "2011-11", "2011-11-01T00:00:00-10:00", ""},                     //
	} {
		loc := zoneOf(t, c.zone)
		p, err := parsePeriod(c.text, now, loc)
		if err != nil {
			t.Errorf("%s in %s: %v", c.text, c.zone, err)
			continue
		}
		days := p.days()
		if p.label != c.label || p.from.Format(time.RFC3339) != c.from || p.to.Format(time.RFC3339) != c.to ||
			len(days) != c.days || days[0] != c.first || days[len(days)-1] != c.last {
			t.Errorf("%s in %s: %s from %s to %s, days %v", c.text, c.zone, p.label, p.from.Format(time.RFC3339), p.to.Format(time.RFC3339), days)
		}
		if b := p.before(); b.label != c.before || b.from.Format(time.RFC3339) != c.beforeFrom || !b.to.Equal(p.from) {
			t.Errorf("%s in %s: before it %s from %v to %v", c.text, c.zone, b.label, b.from, b.to)
		}
		if w, ok := p.weekBefore(); w.label != c.ww || ok != (c.ww != "") {
			t.Errorf("%s in %s: a week before it %s, %v", c.text, c.zone, w.label, ok)
		}
	}
}

// TestDayLengths holds the lengths of the days on which clocks are turned.
func TestDayLengths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day, zone string
		hours     float64
	}{
		{"2026-11-01", "America/New_York", 25},
		{"2026-03-08", "America/New_York", 23},
		{"2026-11-02", "America/New_York", 24},
		{"2026-10-25", "Atlantic/Azores", 25},
		{"2026-03-29", "Atlantic/Azores", 23},
		{"2026-10-04", "Australia/Lord_Howe", 23.5},
	} {
		p, err := parsePeriod(c.day, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), zoneOf(t, c.zone))
		if err != nil || p.to.Sub(p.from).Hours() != c.hours {
			t.Errorf("%s in %s has %v hours, want %v (%v)", c.day, c.zone, p.to.Sub(p.from).Hours(), c.hours, err)
		}
	}
}

// TestMidnights holds for each day of some years, in zones that turn their
// clocks at midnight, twice a year or by days, that a day begins at the first
// moment that has its date.
func TestMidnights(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"UTC", "Asia/Shanghai", "America/New_York", "America/Havana", "Asia/Beirut", "Atlantic/Azores", "Africa/Cairo",
		"America/Sao_Paulo", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Etc/GMT+12", "Etc/GMT-14",
	} {
		loc := zoneOf(t, name)
		for day := civil(2010, 1, 1); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
			y, m, d := day.Date()
			at, label := midnight(y, m, d, loc), day.Format(dayLayout)
			if got := at.Format(dayLayout); got < label {
				t.Errorf("%s begins at %v", label, at)
			}
			// Before it no moment of the two days before has the date.
			for back := time.Nanosecond; back < 48*time.Hour; back += 30 * time.Minute {
				if got := at.Add(-back).Format(dayLayout); got >= label {
					t.Errorf("%s begins at %v, %v behind the date %s", label, at, back, got)
					break
				}
			}
		}
	}
}

func TestPeriodsRefused(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 17, 30, 0, 0, time.UTC)
	for _, c := range []struct{ text, zone, want string }{
		{"", "UTC", "want yesterday"},
		{"tomorrow", "UTC", "want yesterday"},
		{"2026", "UTC", "want yesterday"},
		{"2026-11-2", "UTC", "want yesterday"},
		{"2026-W4", "UTC", "want yesterday"},
		{"2026-w47", "UTC", "want yesterday"},
		{"2026-11-20T00:00", "UTC", "want yesterday"},
		{"2026-11-20\n", "UTC", "want yesterday"},
		{"\x1b[2J", "UTC", `"\x1b[2J"`},
		{"2026-02-29", "UTC", "February 2026 has no day 29"},
		{"2026-11-31", "UTC", "no day 31"},
		{"2026-11-00", "UTC", "no day 0"},
		{"2026-13", "UTC", "no month 13"},
		{"2026-00-10", "UTC", "no month 0"},
		{"2025-W53", "UTC", "2025 has no week 53"},
		{"2026-W54", "UTC", "no week 54"},
		{"2026-W00", "UTC", "no week 0"},
		{"2026-W99", "UTC", "no week 99"},
		{"1969-12-31", "UTC", "from 1970"},
		{"2100-01", "UTC", "to 2099"},
		{"2011-12-30", "Pacific/Apia", "no such day in the time zone Pacific/Apia"},
		{"2026-11-23", "UTC", "has not begun: it is 2026-11-22 17:30 +00:00"},
		{"2026-W48", "UTC", "has not begun"},
		{"2026-12", "UTC", "has not begun"},
	} {
		p, err := parsePeriod(c.text, now, zoneOf(t, c.zone))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("%q: %v, %v, want %q", c.text, p, err, c.want)
		}
	}
}

// FuzzPeriod holds of any text that it is refused or stands for a period whose
// days are those in it, and whose neighbour meets it.
func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"today", "2026-11-20", "2026-W47", "2026-11", "2011-12-30", "2026-W53"} {
		f.Add(s, uint8(0))
	}
	names := []string{"UTC", "America/New_York", "Pacific/Apia", "America/Havana"}
	f.Fuzz(func(t *testing.T, text string, zone uint8) {
		p, err := parsePeriod(text, time.Date(2099, 12, 31, 23, 0, 0, 0, time.UTC), zoneOf(t, names[int(zone)%len(names)]))
		if err != nil {
			return
		}
		days := p.days()
		if !slices.IsSorted(days) || days[0] != p.from.Format(dayLayout) || !p.from.Before(p.to) {
			t.Errorf("%q: %v %v", text, p, days)
		}
		if b := p.before(); !b.to.Equal(p.from) || !b.from.Before(b.to) {
			t.Errorf("%q: %v behind %v", text, p, b)
		}
	})
}
