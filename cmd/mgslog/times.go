package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// parseDuration reads a duration as time.ParseDuration does, and days and
// weeks: 90s, 5m, 1h30m, 1d, 2w.
func parseDuration(text string) (time.Duration, error) {
	unit := time.Duration(0)
	switch {
	case strings.HasSuffix(text, "d"):
		unit = 24 * time.Hour
	case strings.HasSuffix(text, "w"):
		unit = 7 * 24 * time.Hour
	}
	if unit > 0 {
		n, err := strconv.ParseUint(text[:len(text)-1], 10, 16)
		if err != nil {
			return 0, fmt.Errorf("%q is no duration: want 30s, 5m, 2h, 1d or 1w", text)
		}
		return time.Duration(n) * unit, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no duration: want 30s, 5m, 2h, 1d or 1w", text)
	}
	return d, nil
}

// moments are the forms of a point in time, most exact first.
var moments = []string{
	"2006-01-02 15:04:05.000", "2006-01-02T15:04:05.000", "2006-01-02 15:04:05", "2006-01-02T15:04:05",
	"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02",
}

// parseMoment reads a point in time: an absolute one, in zone loc unless it
// names an offset; a time of today; today, yesterday, now; or a duration back
// from now.
func parseMoment(text string, now time.Time, loc *time.Location) (time.Time, error) {
	now = now.In(loc)
	midnight := func(days int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, 0, 0, 0, 0, loc)
	}
	switch text {
	case "now":
		return now, nil
	case "today":
		return midnight(0), nil
	case "yesterday":
		return midnight(-1), nil
	}
	clean := strings.Replace(text, ",", ".", 1) // as the logs write it
	if t, err := time.Parse(time.RFC3339, clean); err == nil {
		return t, nil
	}
	for _, layout := range moments {
		if t, err := time.ParseInLocation(layout, clean, loc); err == nil {
			return t, nil
		}
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.Parse(layout, clean); err == nil {
			return midnight(0).Add(t.Sub(t.Truncate(24 * time.Hour))), nil
		}
	}
	if d, err := parseDuration(text); err == nil {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("%q is no time: want 2026-11-20, \"2026-11-20 02:13\", 02:13, 2h (ago), today or yesterday", text)
}

var offsetForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$`) })

// parseZone reads a time zone: an offset such as +08:00, or a name of the zone
// database.
func parseZone(text string, local *time.Location) (*time.Location, error) {
	if m := offsetForm().FindStringSubmatch(text); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		if hours > 14 || minutes > 59 {
			return nil, fmt.Errorf("%q is no offset of a time zone", text)
		}
		seconds := hours*3600 + minutes*60
		if m[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone(fmt.Sprintf("%s%02d:%02d", m[1], hours, minutes), seconds), nil
	}
	if strings.EqualFold(text, "local") {
		return local, nil
	}
	loc, err := time.LoadLocation(text)
	if err != nil || text == "" {
		return nil, fmt.Errorf("%q is no time zone: want +08:00, UTC, local or a name such as Asia/Shanghai", text)
	}
	return loc, nil
}
