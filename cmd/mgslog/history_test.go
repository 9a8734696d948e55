package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mgslog/analyze"
	"mgslog/cmd/mgslog/statedir"
	"mgslog/parser"
	"mgslog/report"
)

// aggregate returns what was counted of a made-up log with so many records of
// each code.
func aggregate(t testing.TB, counts map[parser.Code]int) *analyze.Saved {
	t.Helper()
	a := analyze.New(analyze.Config{Location: time.UTC, Detail: true})
	in := &analyze.Input{Path: "gateway-error.log", Format: parser.Stamped, Zone: time.UTC}
	a.AddInput(in)
	r := rand.New(rand.NewPCG(1, 2))
	for _, code := range []parser.Code{1000, 4001, 7003, 8002} {
		for i := range counts[code] {
			rec := parser.Record{
				Code: code, Line: int64(i + 1), Lines: 1, Time: int64(r.IntN(86_400_000)),
				OperationType: fmt.Appendf(nil, "com.example.operation%d", r.IntN(200)),
			}
			a.Add(&rec)
		}
	}
	saved, err := a.Saved(analyze.About{Generator: "test", Whole: true})
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// record puts an aggregate into a state directory as that of a day and host.
func record(t testing.TB, d *statedir.Dir, s *analyze.Saved, host, day string) {
	t.Helper()
	s.Head.Host, s.Head.Label = host, day
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	if err := d.Put(host, day, file.Bytes()); err != nil {
		t.Fatal(err)
	}
}

// lockedState returns a state directory to be filled.
func lockedState(t testing.TB) *statedir.Dir {
	t.Helper()
	d, err := statedir.Open(filepath.Join(t.TempDir(), "mgslog"), true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Lock(t.Context(), 0, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestHistory(t *testing.T) {
	t.Parallel()
	d := lockedState(t)
	for host, each := range map[string]int{"gw-1": 1, "gw-2": 10} {
		for _, day := range []string{"2026-10-01", "2026-11-16", "2026-11-17", "2026-11-19"} {
			if host == "gw-2" && day == "2026-11-16" {
				continue
			}
			s := aggregate(t, map[parser.Code]int{1000: 20 * each, 4001: 3 * each, 8002: each})
			s.Head.Whole = day != "2026-11-16"
			record(t, d, s, host, day)
		}
	}
	env := map[string]string{"XDG_STATE_HOME": filepath.Dir(d.Path())}
	read := func(args ...string) (h report.History) {
		t.Helper()
		code, stdout, stderr := command(t, t.Context(), nil, env, append([]string{"history", "--output", "json"}, args...)...)
		if err := json.Unmarshal([]byte(stdout), &h); code != exitDone || err != nil || stderr != "" {
			t.Fatalf("%q: exit %d, %v\n%s", args, code, err, stderr)
		}
		return h
	}
	counts := func(s report.HistorySeries) (text string) {
		for _, n := range s.Counts {
			if n == nil {
				text += " -"
			} else {
				text += fmt.Sprint(" ", *n)
			}
		}
		return text
	}

	h := read("--days", "5")
	if h.From != "2026-11-15" || h.To != "2026-11-19" || !slices.Equal(h.Hosts, []string{"gw-1", "gw-2"}) || h.EarlierDays != 1 ||
		counts(h.Calls) != " - 24 264 - 264" || counts(h.Failures) != " - 3 33 - 33" || len(h.Codes) != 3 || counts(h.Codes[1].HistorySeries) != " - 3 33 - 33" ||
		h.Days[1].Whole || !h.Days[2].Whole || len(h.Days[3].Hosts) > 0 {
		t.Errorf("%+v", h)
	}
	h = read("--days", "5", "--host", "gw-2", "--code", "4001,5xxx")
	if !slices.Equal(h.Hosts, []string{"gw-2"}) || counts(h.Calls) != " - - 240 - 240" || len(h.Codes) != 1 || counts(h.Codes[0].HistorySeries) != " - - 30 - 30" {
		t.Errorf("of one host: %+v", h)
	}
	h = read("--days", "2", "--until", "2026-10-02")
	if h.From != "2026-10-01" || counts(h.Calls) != " 264 -" || *h.LastDay != "2026-10-01" {
		t.Errorf("until: %+v", h)
	}
	if h = read(); len(h.Days) != 30 || h.To != "2026-11-19" {
		t.Errorf("as it is: %d days to %s", len(h.Days), h.To)
	}
	// Today counts once it is on record.
	record(t, d, aggregate(t, map[parser.Code]int{1000: 1}), "gw-1", "2026-11-20")
	if h = read("--days", "1"); h.To != "2026-11-20" || counts(h.Calls) != " 1" {
		t.Errorf("today: %+v", h)
	}
	code, stdout, stderr := command(t, t.Context(), nil, env, "history", "--lang", "zh")
	if code != exitDone || !strings.Contains(stdout, "▒") || !strings.Contains(stdout, "失败") || stderr != "" {
		t.Errorf("text: exit %d, %s%s", code, stdout, stderr)
	}

	for _, args := range [][]string{
		{"--days", "0"},
		{"--days", "100000"},
		{"--until", "yesterday"},
		{"--code", "abc"},
		{"--host", "gw-3"},
		{"--output", "xml"},
		{"--until", "2020-01-01"},
		{"--state-dir", filepath.Join(d.Path(), "none")},
		{"x"},
	} {
		code, stdout, stderr := command(t, t.Context(), nil, env, append([]string{"history"}, args...)...)
		if code != exitUsage || stdout != "" || stderr == "" {
			t.Errorf("%q: exit %d, %s%s", args, code, stdout, stderr)
		}
	}
	if code, _, stderr := command(t, t.Context(), nil, nil, "history"); code != exitUsage || !strings.Contains(stderr, "--state-dir") {
		t.Errorf("no home: exit %d, %s", code, stderr)
	}
}

// TestHistoryDamaged holds that files that cannot be read are named, and are not
// taken for days without a call.
func TestHistoryDamaged(t *testing.T) {
	t.Parallel()
	d := lockedState(t)
	s := aggregate(t, map[parser.Code]int{1000: 5})
	for _, day := range []string{"2026-11-15", "2026-11-16", "2026-11-17", "2026-11-18"} {
		record(t, d, s, "gw-1", day)
	}
	file := func(day string) string { return filepath.Join(d.Path(), "days", "gw-1", day+".mgslog") }
	whole, err := os.ReadFile(file("2026-11-16"))
	if err != nil {
		t.Fatal(err)
	}
	bad := bytes.Clone(whole)
	bad[bytes.IndexByte(bad, '\n')+8] ^= 1
	for day, data := range map[string][]byte{
		"2026-11-15": bad,
		"2026-11-16": whole[:200],
		"2026-11-17": whole, // that of another day
		"2026-11-19": []byte("foreign"),
		"notes":      nil,
	} {
		if err := os.WriteFile(file(day), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, stdout, stderr := command(t, t.Context(), nil, nil, "history", "--state-dir", d.Path(), "--days", "5", "--output", "json")
	var h report.History
	if err := json.Unmarshal([]byte(stdout), &h); err != nil || code != exitPartial {
		t.Fatalf("exit %d, %v\n%s", code, err, stderr)
	}
	for i, n := range h.Calls.Counts {
		if (n != nil) != (h.Days[i].Date == "2026-11-18") {
			t.Errorf("%s is on record: %v", h.Days[i].Date, n != nil)
		}
	}
	for _, want := range []string{
		file("2026-11-15") + ": damaged: the checksum of its head", file("2026-11-16") + ": ", file("2026-11-17") + `: it is that of host "gw-1", "2026-11-16"`,
		file("2026-11-19") + ": ", file("notes") + ": does not belong",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("not said: %s\n%s", want, stderr)
		}
	}
	if strings.Count(stderr, "\n") != 5 {
		t.Errorf("%s", stderr)
	}
}

// BenchmarkHistory reads 400 days of three hosts.
func BenchmarkHistory(b *testing.B) {
	d := lockedState(b)
	s := aggregate(b, map[parser.Code]int{1000: 20_000, 4001: 300, 7003: 100, 8002: 20})
	last := time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)
	for i := range 400 {
		for _, host := range []string{"gw-1", "gw-2", "gw-3"} {
			record(b, d, s, host, last.AddDate(0, 0, -i).Format(time.DateOnly))
		}
	}
	data, err := d.Get("gw-1", "2026-11-19")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(data)), "B/file")
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		code := run(b.Context(), &system{
			args: []string{"history", "--days", "400", "--state-dir", d.Path()}, stdout: &out, stderr: &out,
			env: func(string) string { return "" }, now: func() time.Time { return last }, local: time.UTC,
		})
		if code != exitDone {
			b.Fatal(out.String())
		}
	}
}
