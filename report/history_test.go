package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

var (
	code1000 = parser.Key{Code: 1000}
	code4001 = parser.Key{Code: 4001}
	code7003 = parser.Key{Code: 7003}
	code8002 = parser.Key{Code: 8002}
	android2 = parser.Key{Platform: parser.Android, Code: 2}
)

// month returns days of two hosts with all that may be special of a day.
func month(days int, lang catalog.Lang) *HistoryInput {
	in := &HistoryInput{Lang: lang, Generator: "mgslog test"}
	first := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 1-days)
	for i := range days {
		d := DayOnRecord{Date: first.AddDate(0, 0, i).Format(time.DateOnly), Hosts: []string{"gw-1", "gw-2"}, Whole: true}
		switch {
		case i%10 == 4, i%10 == 5 && i > 10:
			d.Hosts = nil
		case i%10 == 7:
			d.Hosts = d.Hosts[:1]
		case i%10 == 9 && i < days-1:
			d.Whole = false
		}
		if len(d.Hosts) > 0 {
			d.Codes = map[parser.Key]int64{
				code1000: 1_200_000 + int64(i)*10_000, code8002: 30, code4001: int64(i * i),
			}
			if i == days-1 {
				d.Codes[android2] = 12
			} else {
				d.Codes[code7003] = 3
			}
			for _, n := range d.Codes {
				d.Calls += n
			}
			d.Failures = d.Calls - d.Codes[code1000] - d.Codes[code8002]
		}
		in.Days = append(in.Days, d)
	}
	return in
}

// hostileHistory returns days with names that would drive a terminal.
func hostileHistory(lang catalog.Lang) *HistoryInput {
	in := month(3, lang)
	in.Generator = "mgslog \x1b[2J"
	in.Days[0].Hosts = []string{"\x1b]0;x\a"}
	return in
}

func TestHistoryGolden(t *testing.T) {
	t.Parallel()
	none := month(3, catalog.EN)
	for i := range none.Days {
		none.Days[i].Hosts = nil
	}
	for name, in := range map[string]*HistoryInput{
		"month": month(30, catalog.EN), "year": month(400, catalog.EN), "week": month(7, catalog.EN),
		"day": month(1, catalog.EN), "none": none, "hostile": hostileHistory(catalog.EN),
	} {
		for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
			in.Lang = lang
			h := BuildHistory(in)
			for _, width := range []int{80, 120} {
				var out bytes.Buffer
				if err := h.Text(&out, TextOptions{Width: width}); err != nil {
					t.Fatal(err)
				}
				golden(t, fmt.Sprintf("history-%s.%s.%d.txt", name, lang, width), out.Bytes())
				checkWidth(t, out.String(), width)
				for line := range strings.Lines(out.String()) {
					checkPrintable(t, strings.TrimSuffix(line, "\n"))
				}
			}
			if err := h.Text(failing{}, TextOptions{}); !errors.Is(err, errFull) {
				t.Errorf("a writer that fails: %v", err)
			}
		}
	}
}

// TestHistoryWide holds that rows fit where the blocks of a sparkline take two
// columns.
func TestHistoryWide(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	opt := TextOptions{Width: 80, WideAmbiguous: true}
	if err := BuildHistory(month(30, catalog.ZH)).Text(&out, opt); err != nil {
		t.Fatal(err)
	}
	p := newPage(opt)
	for line := range strings.Lines(out.String()) {
		if w := p.cells(strings.TrimSuffix(line, "\n")); w > 80 {
			t.Errorf("%d columns: %s", w, line)
		}
	}
}

// TestHistoryChange holds what the last day is compared with.
func TestHistoryChange(t *testing.T) {
	t.Parallel()
	both, one := []string{"a", "b"}, []string{"a"}
	day := func(hosts []string, whole bool, n int64) DayOnRecord {
		return DayOnRecord{Date: "2026-11-20", Hosts: hosts, Whole: whole, Calls: n}
	}
	for _, tc := range []struct {
		name    string
		days    []DayOnRecord
		earlier int
		text    string
	}{
		{"the same", []DayOnRecord{day(one, true, 1000), day(one, true, 1001)}, 1, "0%"},
		{"more", []DayOnRecord{day(one, true, 8), day(one, true, 12), day(one, true, 15)}, 2, "+50%"},
		{"less", []DayOnRecord{day(one, true, 10), day(one, true, 4)}, 1, "-60%"},
		{"nearly all gone", []DayOnRecord{day(one, true, 1000), day(one, true, 1)}, 1, "-100%"},
		{"twice", []DayOnRecord{day(one, true, 10), day(one, true, 20)}, 1, "×2.0"},
		{"much more", []DayOnRecord{day(one, true, 1), day(one, true, 12345)}, 1, "×12,345"},
		{"new", []DayOnRecord{day(one, true, 0), day(one, true, 1)}, 1, "new"},
		{"gone", []DayOnRecord{day(one, true, 1), day(one, true, 0)}, 1, "gone"},
		{"none at all", []DayOnRecord{day(one, true, 0), day(one, true, 0)}, 1, "-"},
		{"the first day", []DayOnRecord{day(one, true, 5)}, 0, "-"},
		{"the days before are not on record", []DayOnRecord{day(nil, true, 0), day(one, true, 5)}, 0, "-"},
		{"behind it nothing is", []DayOnRecord{day(one, true, 10), day(one, true, 5), day(nil, true, 0)}, 1, "-50%"},
		{"the last is not whole", []DayOnRecord{day(one, true, 10), day(one, false, 5)}, 0, "-"},
		{"one before is not whole", []DayOnRecord{day(one, false, 1), day(one, true, 10), day(one, true, 5)}, 1, "-50%"},
		{"a host is missing", []DayOnRecord{day(both, true, 10), day(one, true, 5)}, 0, "-"},
		{"a host has come", []DayOnRecord{day(one, true, 10), day(both, true, 50), day(both, true, 25)}, 1, "-50%"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := BuildHistory(&HistoryInput{Days: tc.days})
			x := historyText{h: h, m: stateMessagesFor(catalog.EN)}
			if got := x.change(&h.Calls); got != tc.text || h.EarlierDays != tc.earlier {
				t.Errorf("%s against %d days, want %s against %d", got, h.EarlierDays, tc.text, tc.earlier)
			}
		})
	}
}

func TestHistoryNumbers(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{
		0: "0", 0.001: "0.1", 9.94: "9.9", 9.96: "10", 12.5: "13", 999_999.4: "999,999", 999_999.5: "1.0M",
		99_940_000: "99.9M", 99_960_000: "100M", 9_999_000_000: "9,999M",
	} {
		if got := perDay(x); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
}

func TestHistorySpark(t *testing.T) {
	t.Parallel()
	const gap = -1
	for _, tc := range []struct {
		counts []int64
		per    int
		want   string
	}{
		{[]int64{0, 1, gap, 8}, 1, "·▁▒█"},
		{[]int64{gap, gap}, 1, "▒▒"},
		{[]int64{0, 0, 0}, 1, "···"},
		{[]int64{gap, 4, gap, gap, 8, 8, 0, 1, 0}, 2, "▄▒█▁·"},
	} {
		var counts []*int64
		for _, n := range tc.counts {
			if n == gap {
				counts = append(counts, nil)
			} else {
				counts = append(counts, &n)
			}
		}
		if got := sparkKnown(counts, tc.per); got != tc.want {
			t.Errorf("%v by %d: %s, want %s", tc.counts, tc.per, got, tc.want)
		}
	}
}

func TestHistoryCodes(t *testing.T) {
	t.Parallel()
	for list, want := range map[string][]string{
		"":          {"1000", "4001", "8002", "7003", "android:2"},
		"4001,7xxx": {"4001", "7003"},
		"!1000":     {"4001", "8002", "7003", "android:2"},
		"5000":      nil,
	} {
		in := month(30, catalog.EN)
		if list != "" {
			codes, err := analyze.ParseCodes(strings.Split(list, ","))
			if err != nil {
				t.Fatal(err)
			}
			in.Codes = codes
		}
		var got []string
		for _, c := range BuildHistory(in).Codes {
			got = append(got, c.Key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
	// Many codes: the text is short unless it is to be verbose.
	in := month(2, catalog.EN)
	for code := range parser.Code(100) {
		in.Days[0].Codes[parser.Key{Code: 5000 + code}] = 1
	}
	for verbose, want := range map[bool]int{false: 29, true: 104} {
		var out bytes.Buffer
		if err := BuildHistory(in).Text(&out, TextOptions{Verbose: verbose}); err != nil {
			t.Fatal(err)
		}
		rows := 0
		for line := range strings.Lines(out.String()) {
			if len(line) > 2 && line[:2] == "  " && line[2] >= '0' && line[2] <= '9' {
				rows++
			}
		}
		if rows != want || strings.Contains(out.String(), "Codes not shown: 75") == verbose {
			t.Errorf("verbose %v: %d codes, want %d\n%s", verbose, rows, want, out.String())
		}
	}
}

func TestHistorySchema(t *testing.T) {
	t.Parallel()
	schema := compile(t, HistorySchema())
	none := month(2, catalog.EN)
	none.Days[0].Hosts, none.Days[1].Hosts = nil, nil
	docs := map[string][]byte{}
	for name, in := range map[string]*HistoryInput{
		"none": none, "hostile": hostileHistory(catalog.ZH), "day": month(1, catalog.EN), "month": month(30, catalog.EN),
	} {
		var out bytes.Buffer
		if err := BuildHistory(in).JSON(&out); err != nil {
			t.Fatal(err)
		}
		text := out.Bytes()
		docs[name] = text
		if err := schema.Validate(decode(t, text)); err != nil {
			t.Error(err)
		}
		checkPrintable(t, strings.ReplaceAll(string(text), "\n", ""))
	}
	checkDescribes(t, HistorySchema(), docs)
	text := docs["month"]
	golden(t, "history-month.json", text)
	var got History
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil || len(got.Days) != 30 || len(got.Codes) != 5 || got.Codes[1].Counts[4] != nil {
		t.Errorf("read back: %v", err)
	}
	// It can fail.
	for what, change := range map[string]func(map[string]any){
		"a key too many": func(m map[string]any) { m["x"] = 1 },
		"a key too few":  func(m map[string]any) { delete(m, "days") },
		"a time":         func(m map[string]any) { m["from"] = "2026-11-20T00:00:00Z" },
		"null for a sum": func(m map[string]any) { m["calls"].(map[string]any)["total"] = nil },
		"no such host":   func(m map[string]any) { m["days"].([]any)[0].(map[string]any)["hosts"] = nil },
	} {
		m := decode(t, text).(map[string]any)
		change(m)
		if schema.Validate(m) == nil {
			t.Errorf("valid with %s", what)
		}
	}
}
