package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// newYork has days of 23 and of 25 hours.
func newYork(t testing.TB) *time.Location {
	t.Helper()
	z, err := parseZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestNamedZone holds that stamps are those of a clock on the wall, also where
// clocks are turned, and that the truth tells the two hours of one name apart.
func TestNamedZone(t *testing.T) {
	for _, tc := range []struct {
		day   string
		hours time.Duration
		none  string // the hour that no stamp has
		both  string // the hour that comes twice
	}{
		{day: "2026-03-07", hours: 24},
		{day: "2026-03-08", hours: 23, none: " 02:"},
		{day: "2026-11-01", hours: 25, both: " 01:"},
	} {
		cfg := defaults()
		start, err := time.ParseInLocation(time.DateOnly, tc.day, newYork(t))
		if err != nil {
			t.Fatal(err)
		}
		cfg.start, cfg.span, cfg.records = start, tc.hours*time.Hour, 5000
		log, facts := grow(t, cfg)
		zones := map[string]bool{}
		for i, rec := range records(log, facts) {
			at := facts[i].Time
			if at.Before(start) {
				continue // a late line of the day before
			}
			if !strings.HasPrefix(rec, tc.day) {
				t.Fatalf("%s: %q", tc.day, rec[:23])
			}
			if got, want := rec[:19], at.In(start.Location()).Format(time.DateTime); got != want {
				t.Errorf("stamp %s, want %s", got, want)
			}
			if tc.none != "" && strings.HasPrefix(rec[10:], tc.none) {
				t.Errorf("an hour that is not there: %q", rec[:23])
			}
			if tc.both != "" && strings.HasPrefix(rec[10:], tc.both) {
				_, offset := at.Zone()
				zones[time.Duration(offset*1e9).String()] = true
			}
		}
		if last := facts[len(facts)-1].Time; last.Before(start.AddDate(0, 0, 1).Add(-10 * time.Minute)) {
			t.Errorf("%s ends %v", tc.day, last)
		}
		if tc.both != "" && (!zones["-4h0m0s"] || !zones["-5h0m0s"]) {
			t.Errorf("the hour that comes twice has offsets %v", zones)
		}
	}
}

// TestOffsetIsNotAZone holds that an offset is one all the year round, whatever
// zone the machine is in.
func TestOffsetIsNotAZone(t *testing.T) {
	for _, text := range []string{"-05:00", "-04:00", "+00:00", "+08:00"} {
		z, err := parseZone(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, month := range []time.Month{time.January, time.July} {
			if got := time.Date(2026, month, 1, 0, 0, 0, 0, z).Format("-07:00"); got != text {
				t.Errorf("%s is %s in %v", text, got, month)
			}
		}
	}
	if i := slices.IndexFunc([]string{"", "Local", "CST", "../etc/passwd", "+25:00"}, func(text string) bool {
		_, err := parseZone(text)
		return err == nil
	}); i >= 0 {
		t.Errorf("bad zone %d is taken", i)
	}
}
