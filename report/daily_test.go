package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/analyze/change"
	"mgslog/parser"
)

// sorted is a distribution as a sorted list.
type sorted []int64

func (d sorted) Count() int64 { return int64(len(d)) }

func (d sorted) Above(ms int64) (n int64) {
	for _, x := range d {
		if x > ms {
			n++
		}
	}
	return n
}

func (d sorted) Quantile(p float64) int64 {
	return d[max(int(math.Ceil(p*float64(len(d)))), 1)-1]
}

// spread returns durations from low on, each step longer than the one before.
func spread(low, step int64) sorted {
	d := make(sorted, 200)
	for i := range d {
		d[i] = low + int64(i)*step
	}
	return d
}

// aDay is the digest of 2026-11-20: a call every 20 s, now and then a failure.
// With bad, one operationType times out from 09:05 to 11:46, and requests without
// a valid signature come in the evening.
func aDay(bad bool) log {
	ops := []string{"com.example.order.query", "com.example.order.submit", "com.example.user.login"}
	return log{path: "gateway-page-digest.log", text: repeat(4320, func(i int) string {
		n := i*20 - 7200
		op, code, ms := ops[i%3], 1000, 20+i%60
		switch {
		case bad && n >= 25500 && n < 35200 && i%3 == 0:
			code, ms = 4001, 3000+i%40
		case bad && n > 60000 && i%40 == 1:
			code, ms = 7001, 2
		case i%311 == 0:
			code, ms = 4001, 3001
		case i%977 == 0:
			code, ms = 7014, 2
		case i%499 == 0:
			code, ms = 8002, 1
		}
		return call(n, op, code, ms)
	})}
}

// detailed gives a summary what only a summary of a day counts.
func detailed(s *analyze.Summary, low int64) *analyze.Summary {
	hours := change.Hours{}
	for i := range hours {
		hours[i] = 180
	}
	s.Detail = &analyze.Detail{
		Users: 5321, Devices: 4804, AffectedUsers: 31, AffectedDevices: 1209,
		Seen: analyze.Seen{Fingerprints: []string{"e1-3f2a9c0b1d22"}, Labels: []string{"java.lang.IllegalStateException at com.example.Pool.take"}},
		Span: change.Span{
			Days:   map[string]uint32{"2026-11-20": 1<<24 - 1},
			Counts: map[change.Slice]*change.Hours{{}: &hours},
			Times:  map[string]change.Times{"": {Total: spread(low, 3), Backend: spread(low-2, 3)}},
		},
	}
	return s
}

// before is a period of which only totals are known.
func before(label string, calls, failures int64) EarlierPeriod {
	s := detailed(&analyze.Summary{Totals: analyze.Totals{
		Records: calls, Coded: calls, Success: calls - failures, Failures: failures, Harmless: 2,
	}}, 20)
	return EarlierPeriod{label, s}
}

func dailyInput(lang catalog.Lang, s *analyze.Summary) DailyInput {
	from := time.Date(2026, 11, 20, 0, 0, 0, 0, china)
	return DailyInput{
		Lang: lang, Generator: "mgslog 0.1.0",
		Label: "2026-11-20", From: from, To: from.AddDate(0, 0, 1), Days: 1,
		Hosts: []string{"gw-1", "gw-2"}, Now: from.Add(30 * time.Hour).UTC(),
		Summary:  s,
		Earlier:  []EarlierPeriod{before("2026-11-19", 4410, 18), before("2026-11-13", 4250, 15)},
		Compared: []string{"2026-11-19", "2026-11-18", "2026-11-17", "2026-11-14", "2026-11-13"}, CommonHours: 24,
		FalseDiscoveryRate: 0.01, SeenDays: 40,
		Files: []string{"gateway-page-digest.log"},
	}
}

// findings are those of the bad day.
func findings() []change.Finding {
	return []change.Finding{
		{
			Kind: change.Up, Measure: change.Failures, Slice: change.Slice{Code: "4001"}, Now: 166, Expected: 13.4, Ratio: 12.4, Of: 4320,
			P: 1e-40, Q: 1e-38, Mostly: change.Slice{Operation: "com.example.order.query", Host: "gw-2"},
		},
		{Kind: change.New, Measure: change.Failures, Slice: change.Slice{Code: "7001"}, Now: 31, Ratio: math.Inf(1), Of: 4320, P: 1e-9, Q: 1e-7},
		{Kind: change.Gone, Measure: change.Calls, Slice: change.Slice{Operation: "com.example.coupon.list"}, Expected: 87.3, Of: 4320, P: 1e-9, Q: 1e-8},
		{
			Kind: change.Slower, Measure: change.Backend, Slice: change.Slice{Operation: "com.example.order.submit"},
			Now: 410, Expected: 72, Ratio: 5.7, Of: 1440, P95Before: 61, P95Now: 340, P: 1e-12, Q: 1e-10,
		},
		{Kind: change.Up, Measure: change.Failures, Slice: change.Slice{Code: "7014"}, Now: 40, Expected: 4, Ratio: 10, Of: 4320, P: 1e-9, Q: 1e-8},
		{
			Kind: change.Up, Measure: change.Failures, Slice: change.Slice{Code: "1001", Version: "10.2.30"},
			Now: 25, Expected: 8.2, Ratio: 3.05, Of: 900, P: 1e-4, Q: 1e-3,
		},
		{Kind: change.Down, Measure: change.Failures, Slice: change.Slice{Code: "3003"}, Now: 11, Expected: 44, Ratio: 0.25, Of: 4320, P: 1e-5, Q: 1e-4, Better: true},
		{
			Kind: change.Faster, Measure: change.Total, Now: 90, Expected: 216, Ratio: 0.42, Of: 4320, P95Before: 80, P95Now: 62, P: 1e-5, Q: 1e-4, Better: true,
			Mostly: change.Slice{App: "84EFA9A281942", Version: "10.2.31"},
		},
	}
}

// dailyFixtures are the days that every form is tested with.
func dailyFixtures(t testing.TB, lang catalog.Lang) map[string]DailyInput {
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 20, hour, minute, 0, 0, china) }
	quiet := dailyInput(lang, detailed(summarize(t, analyze.Config{Window: 15 * time.Minute}, aDay(false)), 20))

	bad := dailyInput(lang, detailed(summarize(t, analyze.Config{Window: 15 * time.Minute}, aDay(true)), 31))
	bad.Findings = findings()
	bad.FirstSeen = []FirstSeen{
		{FirstCode, "7001", "", 31},
		{FirstOperation, "com.example.coupon.all", "", 12},
		{FirstVersion, "10.2.31", "", 300},
		{FirstException, "e1-3f2a9c0b1d22", "java.lang.IllegalStateException at com.example.Pool.take", 7},
		{FirstException, "e1-77aa9c0b1d22", "java.net.ConnectException at com.example.Net.open", 3},
	}
	until := at(0, 0).AddDate(0, 0, 11)
	over := bad.Now.Add(-time.Second)
	bad.Acks = []Ack{
		{"7014", "old devices, ticket 4711", "li", at(9, 0).AddDate(0, 0, -9), &until},
		{"e1-3f2a9c0b1d22", "known leak", "wang", at(9, 0).AddDate(0, 0, -2), nil},
		{"4001", "this one is over", "li", at(9, 0).AddDate(0, 0, -9), &over},
		{"3000", "this one did not occur", "li", at(9, 0), nil},
	}
	bad.Summary.Detail.ClockSteps = []analyze.ClockStep{
		{Input: "gateway-page-digest.log", Host: "gw-2", Line: 1200, From: at(4, 40).UnixMilli(), To: at(4, 12).UnixMilli()},
	}
	bad.Summary.Detail.Span.Folded, bad.Summary.Detail.Span.Missed = []change.Slice{{Code: "x", App: "x"}}, 3
	bad.Summary.Detail.Seen.Cut = true

	missing := dailyInput(lang, detailed(summarize(t, analyze.Config{Window: 15 * time.Minute},
		aDay(false), log{path: "gateway-page-digest.log.1.gz", err: errors.New("unexpected EOF")}), 20))
	late, early := at(3, 17), at(21, 5)
	missing.Coverage = Coverage{
		NotOver: true, BeginsLate: &late, EndsEarly: &early, MissingHosts: []string{"gw-3"},
		MissingDays: []string{"2026-11-20"}, FromState: []string{"2026-11-20"},
		SilentHours: []string{"2026-11-20 00:00", "2026-11-20 01:00"}, Notes: []string{"1."},
	}
	missing.Now = at(22, 0)
	missing.Earlier[1].Summary = nil
	missing.Summary.Totals.Uncoded, missing.Summary.Totals.Undated = 7, 2

	errorLog := incident()[1]
	errorLog.text = strings.ReplaceAll(errorLog.text, "java.lang.IllegalStateException: pool is closed", "java.net.SocketTimeoutException: Read timed out")
	fail := dailyInput(lang, detailed(summarize(t, analyze.Config{Window: 15 * time.Minute}, errorLog), 20))
	fail.Summary.Detail.Users, fail.Summary.Detail.Devices, fail.Summary.Detail.Span.Times = 0, 0, nil
	fail.Earlier = []EarlierPeriod{{"2026-11-19", &analyze.Summary{Totals: analyze.Totals{Records: 40, Coded: 40, Failures: 40}}}, {"2026-11-13", nil}}
	fail.Hosts, fail.Compared = []string{"gw-1"}, fail.Compared[:1]
	fail.Coverage.SilentHours = []string{"2026-11-20 12:00"}

	week := dailyInput(lang, detailed(summarize(t, analyze.Config{Window: time.Hour}, aDay(true)), 20))
	week.Label, week.From, week.Days = "2026-W47", at(0, 0).AddDate(0, 0, -4), 7
	week.To = week.From.AddDate(0, 0, 7)
	week.Earlier = []EarlierPeriod{before("2026-W46", 28000, 90)}
	week.Compared, week.Findings, week.FindingsCut = []string{"2026-W46"}, findings()[:3], 2

	empty := dailyInput(lang, summarize(t, analyze.Config{}, log{path: "missing.log", err: errors.New("open missing.log: no such file or directory")}))
	empty.Hosts, empty.Compared = nil, nil

	return map[string]DailyInput{"quiet": quiet, "bad": bad, "missing": missing, "errors": fail, "week": week, "empty": empty}
}

// rich is a day with more of everything than fits, in names of great length.
func rich(t testing.TB, lang catalog.Lang) DailyInput {
	in := dailyFixtures(t, lang)["bad"]
	long := strings.Repeat("com.example.a.very.long.name.", 40)
	in.Summary = detailed(summarize(t, analyze.Config{Window: 15 * time.Minute}, append(many(), aDay(true), broken()[0])...), 31)
	in.Summary.Totals.Coded, in.Summary.Totals.Records = 999_999_999, 987_654_321_098
	in.Earlier = []EarlierPeriod{before("2026-11-19", 999_999_999, 999_999_998), before("2026-11-13", 987_654_321_098, 999_999_998)}
	missing := dailyFixtures(t, lang)["missing"]
	in.Coverage = missing.Coverage
	in.Coverage.Notes = nil
	for i := range 40 {
		name := fmt.Sprintf("%d.%s", i, long)
		in.Hosts = append(in.Hosts, name)
		in.Coverage.Notes = append(in.Coverage.Notes, name)
		in.Coverage.MissingHosts = append(in.Coverage.MissingHosts, name)
		in.Coverage.SilentHours = append(in.Coverage.SilentHours, "2026-11-20 03:00")
		in.Findings = append(in.Findings, change.Finding{
			Kind: change.Kind(i % 6), Measure: change.Measure(i % 4), Slice: change.Slice{Operation: name, App: name, Version: name, Host: name},
			Mostly: change.Slice{Operation: name, Host: name}, Now: 1 << 40, Expected: 3, Ratio: 1e9, P95Before: 1, P95Now: 1 << 30,
		})
		for _, kind := range []string{FirstOperation, FirstVersion, FirstException} {
			in.FirstSeen = append(in.FirstSeen, FirstSeen{kind, name, name, 1})
		}
		in.FirstSeen = append(in.FirstSeen, FirstSeen{FirstCode, fmt.Sprint(5001 + i), "", 1})
		in.Acks = append(in.Acks, Ack{fmt.Sprint(6001 + i), name, name, in.Now, nil})
		in.Findings = append(in.Findings, change.Finding{Kind: change.Up, Measure: change.Failures, Slice: change.Slice{Code: fmt.Sprint(6001 + i)}})
		in.Summary.Detail.ClockSteps = append(in.Summary.Detail.ClockSteps, analyze.ClockStep{Input: name, Host: name})
	}
	return in
}

func TestDailyGolden(t *testing.T) {
	t.Parallel()
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		for name, in := range dailyFixtures(t, lang) {
			d := BuildDaily(in)
			for _, format := range DailyFormats() {
				if (name == "empty" || name == "missing" || name == "week" || lang == catalog.ZH) && (format == "json" || format == "html" && name != "bad") {
					continue // nothing that the others do not show
				}
				var out bytes.Buffer
				if err := d.Write(&out, format, TextOptions{}); err != nil {
					t.Fatal(err)
				}
				file := fmt.Sprintf("daily-%s.%s.%s", name, lang, map[string]string{"text": "80.txt", "json": "json", "html": "html", "short": "short.txt"}[format])
				golden(t, file, out.Bytes())
				if format == "text" {
					checkWidth(t, out.String(), 80)
				}
			}
		}
	}
}

// TestDailyLength wants at most 60 lines of 80 columns, whatever happened, and
// everything with verbose.
func TestDailyLength(t *testing.T) {
	t.Parallel()
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		ins := dailyFixtures(t, lang)
		ins["rich"] = rich(t, lang)
		lines := ins["quiet"] // many lines of few bytes
		for range 40 {
			lines.Findings = append(lines.Findings, change.Finding{Kind: change.Gone, Slice: change.Slice{Host: "a"}, Expected: 9})
		}
		ins["lines"] = lines
		for name, in := range ins {
			d := BuildDaily(in)
			for _, width := range []int{80, 120} {
				var out bytes.Buffer
				if err := d.Text(&out, TextOptions{Width: width}); err != nil {
					t.Fatal(err)
				}
				if n := bytes.Count(out.Bytes(), []byte{'\n'}); n > 60 {
					t.Errorf("%s.%s: %d lines of %d columns:\n%s", name, lang, n, width, out.String())
				}
				checkWidth(t, out.String(), width)
			}
			var short, all bytes.Buffer
			if err := errors.Join(d.Short(&short, strings.Repeat("/var/报告", 200)), d.Text(&all, TextOptions{Verbose: true})); err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(short.Bytes(), []byte{'\n'}); n > 15 || short.Len() > 1800 || !utf8.Valid(short.Bytes()) {
				t.Errorf("%s.%s: short form of %d lines, %d bytes:\n%s", name, lang, n, short.Len(), short.String())
			}
			checkWidth(t, all.String(), 80)
			if name == "rich" && bytes.Count(all.Bytes(), []byte{'\n'}) < 200 {
				t.Errorf("verbose has %d lines only", bytes.Count(all.Bytes(), []byte{'\n'}))
			}
		}
	}
}

// TestDailyColor wants the same text with and without colours, and with room for
// characters that some terminals draw wide.
func TestDailyColor(t *testing.T) {
	t.Parallel()
	wide := runewidth.Condition{EastAsianWidth: true, StrictEmojiNeutral: true}
	for name, in := range dailyFixtures(t, catalog.ZH) {
		d := BuildDaily(in)
		var plain, coloured, ambiguous bytes.Buffer
		if err := errors.Join(d.Text(&plain, TextOptions{}), d.Text(&coloured, TextOptions{Color: true}), d.Text(&ambiguous, TextOptions{WideAmbiguous: true})); err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`\x1b\[[\d;]*m`).ReplaceAllString(coloured.String(), "")
		if text != plain.String() || text == coloured.String() {
			t.Errorf("%s: the text changes with colours, or has none:\n%s", name, text)
		}
		for line := range strings.Lines(ambiguous.String()) {
			if w := wide.StringWidth(strings.TrimSuffix(line, "\n")); w > 80 {
				t.Errorf("%s: %d columns: %q", name, w, line)
			}
		}
	}
}

// TestDailyOrder wants the sections of the bad day in the order that readers
// know, in text and HTML, and none without content.
func TestDailyOrder(t *testing.T) {
	t.Parallel()
	order := []string{"CAUTION", "VERDICT", "TOTALS", "WHAT CHANGED", "SEEN FOR THE FIRST TIME", "WORST TIMES", "LATENCY", "WHOSE ERRORS", "REMEDIES", "COVERAGE", "NEXT"}
	for name, in := range dailyFixtures(t, catalog.EN) {
		var text, page bytes.Buffer
		d := BuildDaily(in)
		if err := errors.Join(d.Text(&text, TextOptions{Verbose: true}), d.HTML(&page, TextOptions{Verbose: true})); err != nil {
			t.Fatal(err)
		}
		heads := func(s string, find *regexp.Regexp) (got []string) {
			for _, m := range find.FindAllStringSubmatch(s, -1) {
				got = append(got, m[1])
			}
			return got
		}
		inText := heads(text.String(), regexp.MustCompile(`(?m)^([A-Z][A-Z ]+[A-Z])(?:  \(.*)?$`))
		inPage := heads(page.String(), regexp.MustCompile(`<h2[^>]*>([^<]*?) ?<`))
		if !slices.Equal(inText, inPage) {
			t.Errorf("%s: text has %q, HTML %q", name, inText, inPage)
		}
		places := make([]int, len(inText))
		for i, h := range inText {
			places[i] = slices.Index(order, h)
		}
		if !slices.IsSorted(places) || slices.Contains(places, -1) {
			t.Errorf("%s: sections %q", name, inText)
		}
		if name == "bad" && len(inText) != len(order)-1 || name == "missing" && inText[0] != "CAUTION" || name == "empty" && len(inText) > 4 {
			t.Errorf("%s: sections %q", name, inText)
		}
	}
}

func TestDailyVerdict(t *testing.T) {
	t.Parallel()
	fixtures := dailyFixtures(t, catalog.EN)
	finding := findings()
	step := fixtures["bad"].Summary.Detail.ClockSteps
	for _, row := range []struct {
		name, of string
		change   func(*DailyInput)
		kind     string
		reasons  string // kind:key
	}{
		{"quiet", "quiet", nil, VerdictQuiet, ""},
		{"nothing to compare with", "quiet", func(in *DailyInput) { in.Compared = nil }, VerdictUncompared, ""},
		{"better only", "quiet", func(in *DailyInput) { in.Findings = finding[6:] }, VerdictBetter, ""},
		{"acknowledged only", "quiet", func(in *DailyInput) {
			in.Findings, in.Acks = finding[4:5], fixtures["bad"].Acks
		}, VerdictQuiet, ""},
		{"acknowledged to this second", "quiet", func(in *DailyInput) {
			in.Findings, in.Acks = finding[:1], []Ack{{Key: "4001", Until: &in.Now}}
		}, VerdictQuiet, ""},
		{"acknowledgement over", "quiet", func(in *DailyInput) {
			in.Findings, in.Acks = finding[:1], fixtures["bad"].Acks
		}, VerdictWorse, "up:4001"},
		{"a new code", "quiet", func(in *DailyInput) {
			in.FirstSeen = []FirstSeen{{FirstCode, "7014", "", 10}}
		}, VerdictWorse, "first-seen:7014"},
		{"a rare new code", "quiet", func(in *DailyInput) {
			in.FirstSeen = []FirstSeen{{FirstCode, "7014", "", 9}}
		}, VerdictQuiet, ""},
		{"a new code of a week, one day on record", "quiet", func(in *DailyInput) {
			in.FirstSeen, in.SeenDays, in.Days = []FirstSeen{{FirstCode, "7014", "", 69}}, 1, 7
		}, VerdictQuiet, ""},
		{"one that is too often for that", "quiet", func(in *DailyInput) {
			in.FirstSeen, in.SeenDays, in.Days = []FirstSeen{{FirstCode, "7014", "", 70}}, 1, 7
		}, VerdictWorse, "first-seen:7014"},
		{"a new code that is known", "quiet", func(in *DailyInput) {
			in.FirstSeen, in.Acks = []FirstSeen{{FirstCode, "7014", "", 10}}, fixtures["bad"].Acks
		}, VerdictQuiet, ""},
		{"a new code that is harmless", "quiet", func(in *DailyInput) {
			in.FirstSeen = []FirstSeen{{FirstCode, "8002", "", 90}, {FirstCode, "1000", "", 90}}
		}, VerdictQuiet, ""},
		{"no day on record", "quiet", func(in *DailyInput) {
			in.FirstSeen, in.SeenDays = []FirstSeen{{FirstCode, "7014", "", 10}}, 0
		}, VerdictQuiet, ""},
		{"a new version is nobody's job", "quiet", func(in *DailyInput) {
			in.FirstSeen = []FirstSeen{{FirstVersion, "10.2.31", "", 4}}
		}, VerdictQuiet, ""},
		{"clock", "quiet", func(in *DailyInput) {
			s := *in.Summary
			x := *s.Detail
			x.ClockSteps = step
			s.Detail, in.Summary = &x, &s
		}, VerdictWorse, "clock:gw-2"},
		{"bad", "bad", nil, VerdictWorse, "up:4001 new:7001 gone:com.example.coupon.list slower:com.example.order.submit up:1001 first-seen:7001 clock:gw-2"},
		{"missing", "missing", nil, VerdictQuiet, "coverage:missing-days coverage:begins-late coverage:missing-hosts coverage:input-error coverage:silent-hours"},
		{"a part of a day", "quiet", func(in *DailyInput) { in.Coverage.PartDays = []string{in.Label} }, VerdictQuiet, "coverage:part-days"},
		{"a damaged state", "quiet", func(in *DailyInput) { in.Coverage.UnreadDays = []string{in.Label} }, VerdictQuiet, "coverage:unread-days"},
		{"ends early", "quiet", func(in *DailyInput) { in.Coverage.EndsEarly = &in.From }, VerdictQuiet, "coverage:ends-early"},
		{"silent by chance", "quiet", func(in *DailyInput) {
			in.Coverage.SilentHours = []string{"2026-11-20 03:00"}
			in.Earlier = []EarlierPeriod{{"2026-11-19", nil}, in.Earlier[1]}
			x := detailed(&analyze.Summary{}, 20)
			x.Detail.Span.Counts[change.Slice{}][3] = 7
			in.Earlier[1].Summary = x
		}, VerdictQuiet, ""},
		{"errors", "errors", nil, VerdictQuiet, ""},
		{"empty", "empty", nil, VerdictEmpty, "empty: coverage:input-error"},
		{"all fail", "quiet", func(in *DailyInput) {
			in.Summary = summarize(t, analyze.Config{}, log{path: "gateway-page-digest.log", text: call(1, "a", 4001, 1)})
			in.Earlier = nil
		}, VerdictQuiet, ""},
	} {
		in := fixtures[row.of]
		if row.change != nil {
			row.change(&in)
		}
		d := BuildDaily(in)
		var reasons []string
		for _, r := range d.Attention {
			if r.Text == "" {
				t.Errorf("%s: %s:%s has no text", row.name, r.Kind, r.Key)
			}
			reasons = append(reasons, r.Kind+":"+r.Key)
		}
		if got := strings.Join(reasons, " "); d.Verdict.Kind != row.kind || got != row.reasons {
			t.Errorf("%s: %s, %s\nwant %s, %s\n%s", row.name, d.Verdict.Kind, got, row.kind, row.reasons, d.Verdict.Text)
		}
		if only := d.FailuresOnly; only != (row.of == "errors") {
			t.Errorf("%s: failures only: %v", row.name, only)
		}
		var text bytes.Buffer
		if err := d.Text(&text, TextOptions{}); err != nil {
			t.Fatal(err)
		}
		if d.FailuresOnly && regexp.MustCompile(`failure rate|100% of`).Match(text.Bytes()) {
			t.Errorf("%s: a rate of failures only:\n%s", row.name, text.String())
		}
	}
}

// TestDailyOfLogs makes a summary of logs from their lines on: of a bad day that
// is compared with a quiet one.
func TestDailyOfLogs(t *testing.T) {
	t.Parallel()
	cfg := analyze.Config{Window: 15 * time.Minute, Detail: true}
	quiet, bad := summarize(t, cfg, aDay(false)), summarize(t, cfg, aDay(true))
	result := change.Compare(&bad.Detail.Span, []*change.Span{&quiet.Detail.Span}, change.Options{})
	in := dailyInput(catalog.EN, bad)
	in.Earlier, in.Compared = []EarlierPeriod{{"2026-11-19", quiet}}, []string{"2026-11-19"}
	in.Findings = result.Findings
	d := BuildDaily(in)
	var text bytes.Buffer
	if err := d.Text(&text, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"UP ×13  4001 Service request timeout: 175, 14 expected; since 09:00; mostly",
		"NEW     7001 Insufficient parameters for signature verification: 24, none",
		"p50 ",
		"devices affected",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if l := d.Latency; len(l) != 2 || l[0].Total.Count != d.Totals[0].Calls || l[0].Backend.P50 > l[0].Total.P50 {
		t.Errorf("latency %+v", l)
	}
}

// TestDailyHostile puts hostile text into every string of a summary, and looks
// at every form of it.
func TestDailyHostile(t *testing.T) {
	t.Parallel()
	const markup = `<script>alert(1)</script><img src=x onerror=y>"'` + "`{{.}}"
	for _, in := range []DailyInput{dailyFixtures(t, catalog.EN)["bad"], dailyFixtures(t, catalog.ZH)["missing"]} {
		in.Hosts = []string{markup + wipe + reverse}
		in.FirstSeen = append(in.FirstSeen, FirstSeen{FirstOperation, markup + wipe + reverse + "\r\n", "", 1})
		in.Findings = append([]change.Finding{{Kind: change.Gone, Slice: change.Slice{Operation: markup + wipe + reverse, Host: markup}}}, in.Findings...)
		d := BuildDaily(in)
		poison(reflect.ValueOf(d).Elem())
		for _, verbose := range []bool{false, true} {
			for _, format := range DailyFormats() {
				var out bytes.Buffer
				if err := d.Write(&out, format, TextOptions{Verbose: verbose}); err != nil {
					t.Fatal(err)
				}
				for line := range strings.Lines(out.String()) {
					checkPrintable(t, strings.TrimSuffix(line, "\n"))
				}
				if format != "json" && !strings.Contains(out.String(), `\x1b[2J`) || format == "json" && !strings.Contains(out.String(), `\u001b[2J`) {
					t.Errorf("%s: nothing was poisoned:\n%s", format, out.String())
				}
				if format == "html" {
					checkPage(t, out.String())
				}
			}
		}
	}
}

// checkPage wants a page of the template's elements alone, which fetches and
// runs nothing.
func checkPage(t *testing.T, page string) {
	t.Helper()
	tag := regexp.MustCompile(`<[^>]*>`)
	known := regexp.MustCompile(`^<(!DOCTYPE html|/?(html|head|title|body|div|h2|span|p|table|tr|th|td|b|br|pre)|meta charset="utf-8"|meta name="viewport" content="[a-z0-9=, -]*"|html lang="(en|zh|)"|(body|div|h2|span|p|table|tr|th|td|pre)( (align="(left|right)"|valign="(top|bottom)"|cellspacing="0"|cellpadding="0"|style="[A-Za-z0-9 :;#%,.'-]*"))+)>$`)
	for _, x := range tag.FindAllString(page, -1) {
		if !known.MatchString(x) {
			t.Errorf("element %s", x)
		}
	}
	if rest := tag.ReplaceAllString(page, ""); strings.ContainsAny(rest, "<>") {
		t.Error("brackets outside of elements")
	}
	if bad := regexp.MustCompile(`(?i)url\(|ZgotmplZ|@import|javascript:`).FindString(page); bad != "" {
		t.Errorf("%q in the page", bad)
	}
}

func TestCheckPage(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"<script>", `<p onclick="x">`, `<img src="x">`, `<p style="color:red" onload=x>`, "a < b", "url(x)"} {
		var inner testing.T
		checkPage(&inner, bad)
		if !inner.Failed() {
			t.Errorf("%s passes", bad)
		}
	}
}

// dailyDocs returns the JSON form of every fixture in both languages.
func dailyDocs(t *testing.T) map[string][]byte {
	t.Helper()
	docs := map[string][]byte{}
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		ins := dailyFixtures(t, lang)
		ins["rich"] = rich(t, lang)
		for name, in := range ins {
			var out bytes.Buffer
			if err := BuildDaily(in).JSON(&out); err != nil {
				t.Fatal(err)
			}
			docs[name+"."+lang.String()] = out.Bytes()
		}
	}
	return docs
}

func TestDailySchema(t *testing.T) {
	t.Parallel()
	docs := dailyDocs(t)
	schema := compile(t, DailySchema())
	for name, doc := range docs {
		if err := schema.Validate(decode(t, doc)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	checkDescribes(t, DailySchema(), docs)
	for what, spoil := range map[string]func(map[string]any){
		"a key too many":        func(m map[string]any) { m["x"] = 1 },
		"a key too few":         func(m map[string]any) { delete(m, "attention") },
		"null for a list":       func(m map[string]any) { m["changes"] = nil },
		"an unknown kind":       func(m map[string]any) { m["changes"].([]any)[0].(map[string]any)["kind"] = "odd" },
		"a rate of 80":          func(m map[string]any) { m["totals"].([]any)[0].(map[string]any)["failure_rate"] = 80 },
		"another's schema":      func(m map[string]any) { m["schema"] = "mgslog/summary/v2" },
		"a time without offset": func(m map[string]any) { m["made"] = "2026-11-20T02:00:00" },
	} {
		m := decode(t, docs["bad.en"]).(map[string]any)
		spoil(m)
		if schema.Validate(m) == nil {
			t.Errorf("valid with %s", what)
		}
	}
}

// TestDailyAgrees holds a summary against itself and against what it was made
// of.
func TestDailyAgrees(t *testing.T) {
	t.Parallel()
	for name, in := range dailyFixtures(t, catalog.EN) {
		d := BuildDaily(in)
		now := d.Totals[0]
		var actors, sides int64
		for _, x := range d.ByActor {
			actors += x.Count
		}
		for _, x := range d.BySide {
			sides += x.Count
		}
		if actors != now.Failures || sides != now.Failures {
			t.Errorf("%s: %d by actor, %d by side, %d failures", name, actors, sides, now.Failures)
		}
		for _, w := range d.WorstWindows {
			if !w.From.Before(w.To) || w.From.Before(d.Period.From) || w.To.After(d.Period.To) || w.Failures > w.Calls {
				t.Errorf("%s: %+v", name, w)
			}
		}
		if got := len(d.WorstWindows) > 0; got != (name == "bad" || name == "week") && name != "errors" {
			t.Errorf("%s: worst windows %+v", name, d.WorstWindows)
		}
		if len(d.Changes) != len(in.Findings) {
			t.Errorf("%s: %d changes of %d", name, len(d.Changes), len(in.Findings))
		}
	}
	w := BuildDaily(dailyFixtures(t, catalog.EN)["bad"]).WorstWindows[0]
	if w.From.Format(time.TimeOnly) != "09:00:00" || w.To.Format(time.TimeOnly) != "11:45:00" || w.Codes[0].Key != "4001" ||
		w.Codes[0].Onset.Format(time.TimeOnly) != "09:00:00" {
		t.Errorf("worst window %v to %v, %+v", w.From, w.To, w.Codes)
	}
}

// TestDailyCoverage wants one file for all days of a log, and no word of records
// that are a little out of order.
func TestDailyCoverage(t *testing.T) {
	t.Parallel()
	in := dailyFixtures(t, catalog.EN)["quiet"]
	in.Summary.Inputs = append(in.Summary.Inputs, in.Summary.Inputs[0], analyze.Input{Path: "b", DuplicateOf: "a"})
	for _, row := range []struct {
		backwards int64
		want      []string
	}{
		{10, []string{WarnDuplicate}},
		{50, []string{WarnBackwards, WarnDuplicate}},
	} {
		in.Summary.Inputs[0].Backwards = row.backwards
		c := BuildDaily(in).Coverage
		var kinds []string
		for _, w := range c.Warnings {
			kinds = append(kinds, w.Kind)
		}
		if c.Files != 1 || !slices.Equal(kinds, row.want) {
			t.Errorf("%d backwards: %d files, warnings %v", row.backwards, c.Files, kinds)
		}
	}
}

// TestDailyWrite wants errors of the format and of the writer.
func TestDailyWrite(t *testing.T) {
	t.Parallel()
	d := BuildDaily(dailyFixtures(t, catalog.EN)["quiet"])
	diff := diffOf(t, catalog.EN, true)
	if err := d.Write(&bytes.Buffer{}, "pdf", TextOptions{}); !errors.Is(err, ErrFormat) {
		t.Error(err)
	}
	for _, format := range DailyFormats() {
		if err := d.Write(failing{}, format, TextOptions{}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", format, err)
		}
	}
	for _, format := range Formats() {
		if err := diff.Write(failing{}, format, TextOptions{}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestDailyNumbers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ got, want string }{
		{rateText(0), "0%"},
		{rateText(0.00001), "<0.01%"},
		{rateText(0.0031), "0.31%"},
		{rateText(0.09994), "9.99%"},
		{rateText(0.09996), "10.0%"},
		{rateText(0.9995), ">99.9%"},
		{rateText(1), "100%"},
		{relative(5, 0), "-"},
		{relative(0, 0), "0%"},
		{relative(103, 100), "+3.0%"},
		{relative(50, 100), "-50%"},
		{relative(1234, 1), "×1,234"},
		{relative(100000, 100001), "0%"},
		{factor(12.4), "12"},
		{factor(3.05), "3.0"},
		{factor(0.25), "0.25"},
		{factor(0.001), "<0.01"},
		{expected(3.04), "3.0"},
		{expected(1234.5), "1,235"},
		{numberText(999_999_999), "999,999,999"},
		{numberText(1_234_567_890), "1,235M"},
		{estimateText(99), "99"},
		{estimateText(1209), "~1,209"},
		{phrase(strings.Repeat("长", 99)), strings.Repeat("长", 57) + "..."},
		{clipBytes("网关超时", 8), "网..."},
	} {
		if row.got != row.want {
			t.Errorf("%q, want %q", row.got, row.want)
		}
	}
	ordered := eachKindFirst([]Warning{{Kind: "a"}, {Kind: "a", Count: 1}, {Kind: "b"}, {Kind: "a", Count: 2}})
	if want := []Warning{{Kind: "a"}, {Kind: "b"}, {Kind: "a", Count: 1}, {Kind: "a", Count: 2}}; !slices.Equal(ordered, want) {
		t.Errorf("warnings %v", ordered)
	}
	for _, name := range []string{"4001", "android:2", "security-guard:121"} {
		if key, ok := keyNamed(name); !ok || key.String() != name {
			t.Errorf("%s: %v, %v", name, key, ok)
		}
	}
	for _, name := range []string{"", "x", "android:", "sun:1", "99999999999"} {
		if key, ok := keyNamed(name); ok {
			t.Errorf("%q is %v", name, key)
		}
	}
}

// diffOf compares a quiet day with a bad one; without detail, only totals by
// code are known of the quiet one.
func diffOf(t testing.TB, lang catalog.Lang, detail bool) *Diff {
	ins := dailyFixtures(t, lang)
	a := ins["quiet"].Summary
	if !detail {
		a = &analyze.Summary{Totals: a.Totals}
		for _, c := range ins["quiet"].Summary.Codes {
			a.Codes = append(a.Codes, analyze.CodeSummary{Key: c.Key, Count: c.Count, Failure: c.Failure})
		}
		a.Codes = append(a.Codes, analyze.CodeSummary{Key: parser.Key{Platform: parser.Android, Code: 3}, Count: 12, Failure: true})
	}
	return BuildDiff(DiffInput{
		Lang: lang, Generator: "mgslog 0.1.0", A: EarlierPeriod{"monday.mgslog", a}, B: EarlierPeriod{"tuesday.mgslog", ins["bad"].Summary},
		CommonHours: 24, Findings: findings(), FindingsCut: 2, FalseDiscoveryRate: 0.01,
	})
}

func TestDiffGolden(t *testing.T) {
	t.Parallel()
	schema := compile(t, DiffSchema())
	docs := map[string][]byte{}
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		for _, detail := range []bool{true, false} {
			d := diffOf(t, lang, detail)
			var text, doc bytes.Buffer
			if err := errors.Join(d.Write(&text, "text", TextOptions{}), d.Write(&doc, "json", TextOptions{})); err != nil {
				t.Fatal(err)
			}
			name := map[bool]string{true: "diff", false: "diff-totals"}[detail]
			golden(t, fmt.Sprintf("%s.%s.80.txt", name, lang), text.Bytes())
			checkWidth(t, text.String(), 80)
			docs[name+lang.String()] = doc.Bytes()
			if err := schema.Validate(decode(t, doc.Bytes())); err != nil {
				t.Error(err)
			}
			var back Diff
			if err := json.Unmarshal(doc.Bytes(), &back); err != nil || back.Tested != detail || len(back.Changes) > 0 != detail {
				t.Errorf("%v: tested %v, %d changes", err, back.Tested, len(back.Changes))
			}
		}
	}
	golden(t, "diff.json", docs["diffen"])
	// A log of failures only, against itself.
	fail := EarlierPeriod{"a", dailyFixtures(t, catalog.EN)["errors"].Summary}
	var doc bytes.Buffer
	if err := BuildDiff(DiffInput{A: fail, B: fail}).JSON(&doc); err != nil {
		t.Fatal(err)
	}
	docs["failures"] = doc.Bytes()
	checkDescribes(t, DiffSchema(), docs, "#/$defs/Change.acknowledged") // diff knows no acknowledgements
	d := diffOf(t, catalog.EN, true)
	poison(reflect.ValueOf(d).Elem())
	for _, format := range Formats() {
		var out bytes.Buffer
		if err := d.Write(&out, format, TextOptions{Verbose: true}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			checkPrintable(t, strings.TrimSuffix(line, "\n"))
		}
	}
}

// FuzzDaily puts any text where names from logs and from users stand.
func FuzzDaily(f *testing.F) {
	f.Add("com.example.a", "gw-1", "note")
	f.Add(wipe+reverse, "\xff\u2028", "<b>&amp;")
	f.Add(strings.Repeat("长", 90), strings.Repeat("e\u0301\u0301\u0301\u0301\u0301", 40), " 1. \n2. ")
	base := dailyFixtures(f, catalog.ZH)["bad"]
	f.Fuzz(func(t *testing.T, a, b, c string) {
		in := base
		in.Hosts = []string{a, b}
		in.Coverage.Notes = []string{a, b, c}
		in.Findings = []change.Finding{{Slice: change.Slice{Code: a, Operation: b, Host: c}, Mostly: change.Slice{App: a, Version: c}}}
		in.FirstSeen = []FirstSeen{{FirstCode, a, b, 1}, {FirstException, b, c, 1}, {FirstOperation, c, a, 1}}
		in.Acks = []Ack{{Key: a, Note: b, By: c, At: in.Now}}
		d := BuildDaily(in)
		for _, format := range DailyFormats() {
			var out bytes.Buffer
			if err := d.Write(&out, format, TextOptions{}); err != nil {
				t.Fatal(err)
			}
			checkPrintable(t, strings.ReplaceAll(out.String(), "\n", ""))
			lines := bytes.Count(out.Bytes(), []byte{'\n'})
			switch format {
			case "text":
				if lines > maxLines {
					t.Errorf("%d lines", lines)
				}
			case "short":
				if lines > maxShortLines || out.Len() > maxShortBytes {
					t.Errorf("short form of %d lines, %d bytes", lines, out.Len())
				}
			case "html":
				checkPage(t, out.String())
			}
		}
	})
}
