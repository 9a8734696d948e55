package main

import (
	"fmt"
	"math"
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

// TestHost holds that a host's log has its trace ids only, and that hosts and
// days have different chances with one seed.
func TestHost(t *testing.T) {
	for _, kind := range []string{"digest", "error"} {
		seen := map[string]string{}
		for host := 1; host <= len(machines); host++ {
			for _, day := range []int{0, 1, 30} {
				cfg := defaults()
				cfg.kind, cfg.host, cfg.records, cfg.frames = kind, host, 300, 3
				cfg.start = cfg.start.AddDate(0, 0, day)
				_, facts := grow(t, cfg)
				m, calls := &machines[host-1], ""
				for _, f := range facts {
					if f.Trace != "" && (!strings.HasPrefix(f.Trace, m.hex) || !strings.HasSuffix(f.Trace, m.pid)) {
						t.Fatalf("%s of host %d: trace id %s", kind, host, f.Trace)
					}
					calls += f.Operation + " "
				}
				name := fmt.Sprintf("host %d, day %d", host, day)
				if other := seen[calls]; other != "" {
					t.Errorf("%s: %s has the calls of %s", kind, name, other)
				}
				seen[calls] = name
			}
		}
	}
}

// TestDaily counts the records of days that differ in length and traffic.
func TestDaily(t *testing.T) {
	count := func(start string, days int, weekend float64) float64 {
		cfg := defaults()
		at, err := time.ParseInLocation(time.DateOnly, start, newYork(t))
		if err != nil {
			t.Fatal(err)
		}
		cfg.start, cfg.daily, cfg.weekend, cfg.incidentFor = at, 1000, weekend, 0
		cfg.span = at.AddDate(0, 0, days).Sub(at)
		_, facts := grow(t, cfg)
		for _, f := range facts[1:] {
			if f.Time.Before(at.Add(-2*time.Second)) || !f.Time.Before(at.Add(cfg.span)) {
				t.Errorf("a record of %v in %d days from %s", f.Time, days, start)
			}
		}
		return float64(len(facts))
	}
	// A weekday's traffic from 02:00 to 03:00 and from 01:00 to 02:00.
	sum := 0.0
	for _, w := range hourly {
		sum += w
	}
	two := 1000 * (hourly[2] + hourly[3]) / 2 / sum
	one := 1000 * (hourly[1] + hourly[2]) / 2 / sum
	for _, tc := range []struct {
		name, start string
		days        int
		weekend     float64
		want        float64
	}{
		{"a weekday", "2026-03-04", 1, 1, 1000},
		{"a weekday, weekends are quiet", "2026-03-04", 1, 0.6, 1000},
		{"a Saturday", "2026-03-07", 1, 0.6, 600},
		{"a Sunday of 23 hours", "2026-03-08", 1, 1, 1000 - two},
		{"a Sunday of 25 hours", "2026-11-01", 1, 1, 1000 + one},
		{"a week", "2026-03-09", 7, 0.6, 6200},
		{"twelve weeks, in steps of an hour", "2026-06-01", 84, 0.5, 72_000},
	} {
		if got := count(tc.start, tc.days, tc.weekend); math.Abs(got-tc.want) > 1+tc.want/1000 {
			t.Errorf("%s: %v records, want %.0f", tc.name, got, tc.want)
		}
	}
}
