package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// periodUnit is what a period has the length of.
type periodUnit int

const (
	unitDay   periodUnit = iota
	unitWeek             // of ISO 8601, from Monday on
	unitMonth            // of the Gregorian calendar
)

// period is a day, a week or a month in one time zone.
type period struct {
	unit     periodUnit
	label    string    // 2026-11-20, 2026-W47, 2026-11
	from, to time.Time // from its first midnight to that behind it, which is not part of it
}

// Years that a period may be in: those of the stamps in logs, see the parser.
const firstYear, lastYear = 1970, 2099

// dayLayout is how a day is written.
const dayLayout = time.DateOnly

// periodForm matches a month, a day and a week, each with its year.
var periodForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{4})-(?:W(\d{2})|(\d{2})(?:-(\d{2}))?)$`)
})

// errPeriodForm is for what is no period.
var errPeriodForm = errors.New("want yesterday, today, a day (2026-11-20), a week (2026-W47) or a month (2026-11)")

// parsePeriod reads a period in zone loc: today, yesterday, a day, a week or a
// month. It refuses one that is in no calendar, and one that begins behind now;
// one that is not over by then is none of its errors.
func parsePeriod(text string, now time.Time, loc *time.Location) (period, error) {
	p, err := calendarPeriod(text, now.In(loc), loc)
	if err != nil {
		return period{}, fmt.Errorf("%q: %w", text, err)
	}
	if p.from.After(now) {
		return period{}, fmt.Errorf("%q has not begun: it is %s", text, now.In(loc).Format("2006-01-02 15:04 -07:00"))
	}
	return p, nil
}

func calendarPeriod(text string, now time.Time, loc *time.Location) (period, error) {
	switch text {
	case "today":
		return dayPeriod(now.Year(), now.Month(), now.Day(), loc)
	case "yesterday":
		return dayPeriod(now.Year(), now.Month(), now.Day()-1, loc)
	}
	m := periodForm().FindStringSubmatch(text)
	if m == nil {
		return period{}, errPeriodForm
	}
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // as many digits as the form allows, or none
		return n
	}
	year, week, month, day := number(m[1]), number(m[2]), number(m[3]), number(m[4])
	if year < firstYear || year > lastYear {
		return period{}, fmt.Errorf("no year from %d to %d", firstYear, lastYear)
	}
	switch {
	case m[2] != "":
		if p := weekPeriod(year, week, loc); p.label == text {
			return p, nil
		}
		return period{}, fmt.Errorf("the year %d has no week %d", year, week)
	case month < 1 || month > 12:
		return period{}, fmt.Errorf("there is no month %d", month)
	case m[4] == "":
		return monthPeriod(year, time.Month(month), loc), nil
	}
	if t := civil(year, time.Month(month), day); t.Day() != day || day == 0 {
		return period{}, fmt.Errorf("%s %d has no day %d", time.Month(month), year, day)
	}
	return dayPeriod(year, time.Month(month), day, loc)
}

// dayPeriod returns a day, which may be counted beyond the ends of its month. It
// refuses one that a zone has left out, as Samoa has 2011-12-30.
func dayPeriod(year int, month time.Month, day int, loc *time.Location) (period, error) {
	p := period{
		unit: unitDay, label: civil(year, month, day).Format(dayLayout),
		from: midnight(year, month, day, loc), to: midnight(year, month, day+1, loc),
	}
	if !p.from.Before(p.to) {
		return period{}, fmt.Errorf("there was no such day in the time zone %s", loc)
	}
	return p, nil
}

// weekPeriod returns a week of ISO 8601: the first of a year is that with its
// fourth of January. A week that the year has not comes out as one of another.
func weekPeriod(year, week int, loc *time.Location) period {
	jan4 := civil(year, time.January, 4)
	monday := 4 - (int(jan4.Weekday())+6)%7 + 7*(week-1)
	y, w := civil(year, time.January, monday).ISOWeek()
	return period{
		unit: unitWeek, label: fmt.Sprintf("%04d-W%02d", y, w),
		from: midnight(year, time.January, monday, loc), to: midnight(year, time.January, monday+7, loc),
	}
}

func monthPeriod(year int, month time.Month, loc *time.Location) period {
	return period{
		unit: unitMonth, label: civil(year, month, 1).Format("2006-01"),
		from: midnight(year, month, 1, loc), to: midnight(year, month+1, 1, loc),
	}
}

// days returns the days of the period, as 2006-01-02.
func (p period) days() []string {
	// Counted in UTC, where each has 24 hours. The last is that of the moment
	// before the end: a zone may leave out the day behind it.
	y, m, d := p.from.Date()
	last := p.to.Add(-time.Nanosecond).Format(dayLayout)
	var days []string
	for label := ""; label < last; d++ {
		label = civil(y, m, d).Format(dayLayout)
		days = append(days, label)
	}
	return days
}

// before returns the day, week or month that ends where the period begins.
func (p period) before() period {
	loc := p.from.Location()
	last := p.from.Add(-time.Nanosecond)
	year, month, day := last.Date()
	switch p.unit {
	case unitMonth:
		return monthPeriod(year, month, loc)
	case unitWeek:
		iso, week := civil(year, month, day).ISOWeek()
		return weekPeriod(iso, week, loc)
	}
	before, _ := dayPeriod(year, month, day, loc) // a moment of it is known
	return before
}

// weekBefore returns the same weekday of the week before. It reports false for
// what is no day, and where the zone had no such day.
func (p period) weekBefore() (period, bool) {
	if p.unit != unitDay {
		return period{}, false
	}
	year, month, day := p.from.Date()
	before, err := dayPeriod(year, month, day-7, p.from.Location())
	return before, err == nil
}

// civil returns a day of the calendar, in no zone: at noon in UTC.
func civil(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

// midnight returns when a day begins in loc: the first moment at which the
// clock shows that day or a later one. Where the clock is turned at midnight
// that is 01:00, or the first of two times at which it shows 00:00; which of
// them time.Date returns is left open by its description.
func midnight(year int, month time.Month, day int, loc *time.Location) time.Time {
	want := civil(year, month, day).Format(dayLayout)
	// No offset from UTC is as large as a day, so that the day has not begun a
	// day and a half before its noon in UTC, and has half a day behind that.
	from := civil(year, month, day).Add(-36 * time.Hour).In(loc)
	for {
		_, turn := from.ZoneBounds() // the clock runs evenly up to there
		_, offset := from.Zone()
		begins := time.Date(year, month, day, 0, 0, 0, 0, time.FixedZone("", offset)).In(loc)
		if turn.IsZero() || begins.Before(turn) {
			if begins.Before(from) {
				return from // the clock was turned over midnight
			}
			return begins
		}
		if from = turn; from.Format(dayLayout) >= want {
			return from
		}
	}
}
