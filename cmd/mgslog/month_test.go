package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/change"
	"mgslog/report"
)

// The proof of the daily summary: a month of the logs of three gateway hosts,
// made by loggen, quiet but for five planted changes. Each morning every host
// sums up the day before, and so is the fleet, of what the hosts have saved. Each
// planted change must be found and named, and on quiet days hardly anything.

const (
	monthDays  = 31
	monthHosts = 3
	// monthDaily is how many records a host writes on a weekday.
	monthDaily = 25_000
	// monthNoise is the coefficient of variation of each code's chance from day
	// to day. The more of it, the greater a change must be to be told from it.
	monthNoise = "0.1"
)

// month is a month of logs, a file a day and host.
type month struct {
	dir   string
	start time.Time // midnight in the log's zone
}

// plantedChange is a change that lasts some hours of one day.
type plantedChange struct {
	name        string
	day         int    // 0 is the first
	host        int    // from 1; 0: all
	from, until string // as 15:04; 24:00 is midnight
	plant       string // for loggen
	kind, key   string // of the report.Reason that must be given
}

var plantedChanges = []plantedChange{
	{"a new code", 9, 0, "10:30", "24:00", "new,code=7016,share=0.002", report.ChangeNew, "7016"},
	{"a code twice as often", 15, 0, "00:00", "24:00", "rate,code=4002,by=2", report.ChangeUp, "4002"},
	{"an operationType is gone", 18, 0, "00:00", "24:00", "gone,op=com.demo.bank.loan.query", report.ChangeGone, "com.demo.bank.loan.query"},
	{"a slow back end", 23, 0, "08:00", "24:00", "slow,by=3,op=com.demo.bank.card.query", report.ChangeSlower, "com.demo.bank.card.query"},
	{"a clock set back", 26, 2, "11:00", "15:00", "clock,by=-10m", report.AttentionClock, "10.28.253.64"},
}

// planted returns the change of a day that a host, or for 0 the fleet, has to
// find; nil if there is none.
func planted(host, day int) *plantedChange {
	for i := range plantedChanges {
		if p := &plantedChanges[i]; p.day == day && (p.host == 0 || host == 0 || p.host == host) {
			return p
		}
	}
	return nil
}

func (m *month) day(n int) time.Time { return m.start.AddDate(0, 0, n) }

func (m *month) date(n int) string { return m.day(n).Format(time.DateOnly) }

// moment is a time of a day as loggen reads it.
func (m *month) moment(day int, clock string) string {
	if clock == "24:00" {
		day, clock = day+1, "00:00"
	}
	return m.date(day) + " " + clock
}

func hostName(host int) string { return fmt.Sprintf("gw%d", host) }

// logs is the directory of a host's logs.
func (m *month) logs(host int) string { return filepath.Join(m.dir, "logs", hostName(host)) }

// saved is where a host's aggregate of a day is; host 0 is the fleet.
func (m *month) saved(host, day int) string {
	return filepath.Join(m.dir, "saved", m.date(day)+"-"+hostName(host)+".mgslog")
}

// makeMonth makes the logs of March 2026 in New York, where clocks are turned on
// the 8th.
func makeMonth(t *testing.T) *month {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	m := &month{dir: t.TempDir(), start: time.Date(2026, time.March, 1, 0, 0, 0, 0, zone)}
	loggen := filepath.Join(m.dir, "loggen")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", loggen, "../loggen").CombinedOutput(); err != nil {
		t.Fatalf("loggen is not built: %v\n%s", err, out)
	}
	if err := os.Mkdir(filepath.Join(m.dir, "saved"), 0o755); err != nil {
		t.Fatal(err)
	}
	eachAtOnce(monthHosts*monthDays, func(i int) {
		host, day := 1+i/monthDays, i%monthDays
		if err := os.MkdirAll(m.logs(host), 0o755); err != nil {
			t.Error(err)
		}
		args := []string{
			"--kind", "digest", "--host", strconv.Itoa(host), "--seed", "6", "--incident-span", "0",
			"--start", m.day(day).Format(time.DateTime), "--zone", zone.String(), "--days", "1",
			"--daily", strconv.Itoa(monthDaily), "--weekend", "0.6", "--noise", monthNoise,
			"--out", filepath.Join(m.logs(host), "gateway-page-digest.log."+m.date(day)),
		}
		if p := planted(host, day); p != nil {
			args = append(args, "--plant", p.plant+",from="+m.moment(day, p.from)+",until="+m.moment(day, p.until))
		}
		if out, err := exec.Command(loggen, args...).CombinedOutput(); err != nil {
			t.Errorf("loggen %q: %v\n%s", args, err, out)
		}
	})
	if t.Failed() {
		t.FailNow()
	}
	return m
}

// eachAtOnce calls f with each of 0 to n-1, as many at a time as there are
// processors.
func eachAtOnce(n int, f func(i int)) {
	var (
		wg   sync.WaitGroup
		next atomic.Int64
	)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wg.Wait()
}

// mgslog runs one command line at six in the morning behind the given day, on a
// machine in the log's zone, and returns what it prints.
func (m *month) mgslog(t *testing.T, day int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), &system{
		args: args, stdin: strings.NewReader(""), stdout: &out, stderr: &errs, env: func(string) string { return "" },
		now: func() time.Time { return m.day(day + 1).Add(6 * time.Hour) }, local: m.start.Location(),
		host: func() string { return "" }, section: 1 << 20, limitMemory: func(int64, int) {},
	})
	if code != exitDone {
		t.Errorf("mgslog %q: exit %d\n%s", args, code, errs.String())
	}
	return out.String()
}

// summary sums up a period that ends with a day: of a host's logs, or, for host 0,
// of the fleet's aggregates so far.
func (m *month) summary(t *testing.T, host, day int, date string, more ...string) *report.Daily {
	t.Helper()
	args := append([]string{
		"summary", "--date", date, "--output", "json",
		"--host", hostName(host), "--state-dir", filepath.Join(m.dir, "state", hostName(host)),
	}, more...)
	if host > 0 {
		args = append(args, m.logs(host))
	} else {
		for d := range day + 1 {
			args = append(args, m.saved(0, d))
		}
	}
	d := &report.Daily{}
	if err := json.Unmarshal([]byte(m.mgslog(t, day, args...)), d); err != nil {
		t.Errorf("the summary of %s: %v", date, err)
	}
	return d
}

func TestMonth(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a month of logs twice")
	}
	t.Parallel()
	m := makeMonth(t)
	// By host, 0 for the fleet, and day.
	var dailies [1 + monthHosts][monthDays]*report.Daily
	eachAtOnce(monthHosts, func(i int) {
		for day := range monthDays {
			dailies[1+i][day] = m.summary(t, 1+i, day, m.date(day), "--save", m.saved(1+i, day))
		}
	})
	eachAtOnce(monthDays, func(day int) {
		m.mgslog(t, day, "merge", "-o", m.saved(0, day), m.saved(1, day), m.saved(2, day), m.saved(3, day))
	})
	eachAtOnce(monthDays, func(day int) {
		dailies[0][day] = m.summary(t, 0, day, m.date(day))
	})
	if t.Failed() {
		t.FailNow()
	}
	t.Run("found", func(t *testing.T) { m.found(t, &dailies) })
	t.Run("sums", m.sums)
}

// found prints what the summaries have found, and holds that it is what was
// planted.
func (m *month) found(t *testing.T, dailies *[1 + monthHosts][monthDays]*report.Daily) {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	name := func(host int) string {
		if host == 0 {
			return "fleet"
		}
		return hostName(host)
	}
	fmt.Fprintln(w, "\nDAY\tPLANTED\tIN\tFOUND\tAS")
	for i := range plantedChanges {
		p := &plantedChanges[i]
		for host := range dailies {
			if planted(host, p.day) == nil {
				continue
			}
			found := "NO"
			var as []string
			for _, r := range dailies[host][p.day].Attention {
				if r.Kind == p.kind && r.Key == p.key {
					found = "yes"
				}
				as = append(as, strings.ReplaceAll(r.Text, m.dir+string(filepath.Separator), ""))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", m.date(p.day), p.name, name(host), found, strings.Join(as, " | "))
			if host == 0 && found == "NO" {
				t.Errorf("%s: %s is not found", m.date(p.day), p.name)
			}
		}
	}
	fmt.Fprintln(w, "\nIN\tQUIET DAYS\tFALSE ALARMS\tWHAT")
	for host := range dailies {
		quiet, alarmed, alarms := 0, 0, 0
		var what []string
		for day, d := range dailies[host] {
			if day == 0 || planted(host, day) != nil { // on the first there is nothing to compare with
				continue
			}
			quiet++
			for _, r := range d.Attention {
				alarms++
				what = append(what, m.date(day)+": "+r.Text)
			}
			alarmed += min(1, len(d.Attention))
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\n", name(host), quiet, alarms, strings.Join(what, " | "))
		if alarmed > 1 {
			t.Errorf("%s has alarms on %d of %d quiet days, want at most 1", name(host), alarmed, quiet)
		}
	}
	w.Flush()
	t.Log(table.String())
	for _, d := range dailies[0][1:] {
		if len(d.Problems) > 0 || len(d.Hosts) != monthHosts {
			t.Errorf("%s: of hosts %q, with problems %+v", d.Period.Label, d.Hosts, d.Problems)
		}
	}
}

// sums holds that the days of all hosts, added up, are what one run over the
// whole month counts.
func (m *month) sums(t *testing.T) {
	parts := []string{"merge", "-o", filepath.Join(m.dir, "merged.mgslog")}
	for day := range monthDays {
		parts = append(parts, m.saved(0, day))
	}
	m.mgslog(t, monthDays-1, parts...)
	// The logs have some lines that were written late, of the day before the first.
	m.mgslog(t, monthDays-1, "analyze", "--since", m.date(0), "--until", m.date(monthDays), "--save", filepath.Join(m.dir, "whole.mgslog"),
		"-o", filepath.Join(m.dir, "whole.txt"), m.logs(1), m.logs(2), m.logs(3))
	got, want := m.load(t, "merged.mgslog"), m.load(t, "whole.mgslog")
	if want.Totals.Records < monthHosts*monthDays*monthDaily/2 {
		t.Fatalf("the whole month has %d records", want.Totals.Records)
	}
	// Kinds of slices of which there are too many in a month are counted for the
	// heaviest only, which the days may take for others than the month does.
	folded := slices.Concat(got.Detail.Span.Folded, want.Detail.Span.Folded)
	a, b := exact(got, folded), exact(want, folded)
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("the days make\n%s\nthe month has\n%s", a[i], b[i])
		}
	}
	if len(a) != len(b) {
		t.Fatalf("the days make %d counts, the month has %d", len(a), len(b))
	}
	t.Logf("%d records, %d lines of counts are the same; folded: %+v", want.Totals.Records, len(b), folded)
	estimates := func(s *analyze.Summary) []int64 {
		d := s.Detail
		return []int64{
			d.Users, d.Devices, d.AffectedUsers, d.AffectedDevices,
			d.Latency.P50, d.Latency.P95, d.Latency.P99, d.Backend.P50, d.Backend.P95, d.Backend.P99,
		}
	}
	// Of two estimates each may be off: by three standard errors, or by a bucket.
	for i, x := range estimates(got) {
		if y := estimates(want)[i]; math.Abs(float64(x-y)) > 0.034*float64(y) {
			t.Errorf("estimate %d is %d of the days, %d of the month", i, x, y)
		}
	}
	d := m.summary(t, 0, monthDays-1, m.start.Format("2006-01"))
	if len(d.Totals) == 0 || d.Totals[0].Records != want.Totals.Records || d.Period.Days != monthDays {
		t.Errorf("the summary of the month has totals %+v, want %d records", d.Totals, want.Totals.Records)
	}
}

func (m *month) load(t *testing.T, name string) *analyze.Summary {
	t.Helper()
	s, err := loadAggregate(filepath.Join(m.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return s.Summary()
}

// exact lists the counts that are no estimates; of slices, those of kinds that are
// not folded.
func exact(s *analyze.Summary, folded []change.Slice) (lines []string) {
	add := func(format string, values ...any) { lines = append(lines, fmt.Sprintf(format, values...)) }
	totals := s.Totals
	totals.Filtered, totals.UndatedFiltered = 0, 0 // what was left out differs
	add("%+v from %d to %d", totals, s.From, s.To)
	for i := range s.Codes {
		c := &s.Codes[i]
		add("code %v: %d from %d to %d, %v", c.Key, c.Count, c.First, c.Last, c.Evidence)
		add("latency of %v: %d, at most %d", c.Key, c.Latency.Count, c.Latency.Max)
	}
	for name, b := range map[string]analyze.Breakdown{"operation": s.Operations, "app": s.Apps, "workspace": s.Workspaces, "host": s.Hosts} {
		for _, e := range b.Entries {
			add("%s %s: %d, of which %d failed", name, e.Value, e.Count, e.Failures)
		}
		add("no %s: %d, folded %d", name, b.None, b.Folded)
	}
	for _, w := range s.Windows {
		add("window %d of %v: %d, %v", w.Start, s.Window, w.Records, w.Counts)
	}
	kind := func(of change.Slice) (k [5]bool) {
		for i, field := range []string{of.Code, of.Operation, of.App, of.Version, of.Host} {
			k[i] = field != ""
		}
		return k
	}
	for of, hours := range s.Detail.Span.Counts {
		if !slices.ContainsFunc(folded, func(f change.Slice) bool { return kind(f) == kind(of) }) {
			add("%+v: %v", of, *hours)
		}
	}
	for day, mask := range s.Detail.Span.Days {
		add("%s: %024b", day, mask)
	}
	slices.Sort(lines)
	return lines
}
