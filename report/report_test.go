package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
)

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z%]`)

// TestMessages wants every message in both languages, with the same verbs.
func TestMessages(t *testing.T) {
	verbs := func(s string) []string {
		v := verb.FindAllString(s, -1)
		slices.Sort(v)
		return slices.Compact(v)
	}
	for name, text := range allMessages() {
		if name == "sentenceGap" {
			continue // Chinese has none
		}
		if text.en == "" || text.zh == "" {
			t.Errorf("%s: %q, %q", name, text.en, text.zh)
		}
		if !slices.Equal(verbs(text.en), verbs(text.zh)) {
			t.Errorf("%s: verbs differ: %q, %q", name, text.en, text.zh)
		}
	}
}

// allMessages returns the words of all reports by their names.
func allMessages() map[string]struct{ en, zh string } {
	all := map[string]struct{ en, zh string }{}
	for _, pair := range [][2]reflect.Value{
		{reflect.ValueOf(messagesEN), reflect.ValueOf(messagesZH)},
		{reflect.ValueOf(checkMessagesEN), reflect.ValueOf(checkMessagesZH)},
		{reflect.ValueOf(liveMessagesEN), reflect.ValueOf(liveMessagesZH)},
		{reflect.ValueOf(dailyMessagesEN), reflect.ValueOf(dailyMessagesZH)},
		{reflect.ValueOf(stateMessagesEN), reflect.ValueOf(stateMessagesZH)},
	} {
		for i := range pair[0].NumField() {
			if f := pair[0].Type().Field(i); f.Type.Kind() == reflect.String {
				all[f.Name] = struct{ en, zh string }{pair[0].Field(i).String(), pair[1].Field(i).String()}
			}
		}
	}
	return all
}

// names are words that are the same in Chinese.
var names = regexp.MustCompile(`(?i)\b(operationType|appId|workspaceId|TraceId|Memo|Tips|NUL|RPC|SDK|MGS|Android|iOS|p50|p95|p99|ms|mgslog explain CODE|mgslog check --help|verbose|tz|grep|pssh|Farrington|Benjamini|Hochberg)\b`)

// TestChinese wants no English in the report's own Chinese words, neither in
// the table of messages nor in what is printed.
func TestChinese(t *testing.T) {
	word := regexp.MustCompile(`[A-Za-z]{2,}`)
	var english []string
	for name, message := range allMessages() {
		text := names.ReplaceAllString(verb.ReplaceAllString(message.zh, ""), "")
		if w := word.FindString(text); w != "" {
			t.Errorf("%s: %q in %q", name, w, message.zh)
		}
		for _, part := range verb.Split(names.ReplaceAllString(message.en, "%s"), -1) {
			if part = strings.Trim(part, " .,:;()-"); word.MatchString(part) && len(part) > 3 {
				english = append(english, regexp.QuoteMeta(part))
			}
		}
	}
	untranslated := regexp.MustCompile(`(?m)(^|[ （：，])(` + strings.Join(english, "|") + `)($|[ ）：，])`)
	files, err := filepath.Glob("testdata/golden/*.zh.*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	// What the logs of the fixtures and the titles of sources say.
	data := regexp.MustCompile(`call failed|read \\x1b|client SDK|Android client|iOS client|/com\.example\.app|no licence|server logs|unknown|no such file or directory|result code reference|Security Guard failed|to gateway management|getent hosts|Gateway result codes`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range untranslated.FindAllString(data.ReplaceAllString(string(text), ""), -1) {
			t.Errorf("%s: %q", file, found)
		}
	}
}

// TestTextAgreesWithJSON reads the table of codes back.
func TestTextAgreesWithJSON(t *testing.T) {
	row := regexp.MustCompile(`(?m)^  (\d+) +([\d,]+) +([<>\d.]+)% +(\d\d:\d\d:\d\d|undated|无时间) +(\d\d:\d\d:\d\d|undated|无时间)`)
	for name, s := range fixtures(t) {
		for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
			r := Build(s, options(name, s, lang))
			var text, doc bytes.Buffer
			if err := errors.Join(r.Text(&text, TextOptions{}), r.JSON(&doc)); err != nil {
				t.Fatal(err)
			}
			var got Report
			if err := json.Unmarshal(doc.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			rows := row.FindAllStringSubmatch(text.String(), -1)
			if len(rows) != len(got.Codes) {
				t.Errorf("%s: %d rows, %d codes", name, len(rows), len(got.Codes))
				continue
			}
			for i, c := range got.Codes {
				count, err := strconv.ParseInt(strings.ReplaceAll(rows[i][2], ",", ""), 10, 64)
				if err != nil || rows[i][1] != strconv.Itoa(int(c.Code)) || count != c.Count ||
					rows[i][3]+"%" != percent(c.Share) ||
					rows[i][4] != clockOf(c.First, lang) || rows[i][5] != clockOf(c.Last, lang) {
					t.Errorf("%s: text %q, JSON %+v", name, rows[i], c)
				}
			}
		}
	}
}

// clockOf is how a time of day is written.
func clockOf(t *time.Time, lang catalog.Lang) string {
	if t == nil {
		return messagesFor(lang).undated
	}
	return t.Format(time.TimeOnly)
}

// TestSums holds a report against itself.
func TestSums(t *testing.T) {
	for name, s := range fixtures(t) {
		r := Build(s, options(name, s, catalog.EN))
		if r.Totals.Coded+r.Totals.Uncoded != r.Totals.Records || r.Totals.Success+r.Totals.Errors != r.Totals.Coded {
			t.Errorf("%s: totals %+v", name, r.Totals)
		}
		windows := map[string]int64{}
		for _, w := range r.Windows {
			for key, n := range w.Counts {
				windows[key] += n
			}
		}
		sum := r.Totals.BeyondBound
		for _, c := range r.Codes {
			sum += c.Count
			if windows[c.Key]+c.Undated != c.Count {
				t.Errorf("%s: %s counts %d, its windows %d, undated %d", name, c.Key, c.Count, windows[c.Key], c.Undated)
			}
			if c.Undated == c.Count {
				if c.First != nil || c.Last != nil || c.Onset != nil {
					t.Errorf("%s: %s has a time and no record with one", name, c.Key)
				}
				continue
			}
			if c.Outcome == OutcomeError && c.Onset.Before(*c.First) || c.First.After(*c.Last) {
				t.Errorf("%s: %s: first %v, onset %v, last %v", name, c.Key, c.First, c.Onset, c.Last)
			}
		}
		if sum != r.Totals.Coded {
			t.Errorf("%s: the codes sum to %d of %d", name, sum, r.Totals.Coded)
		}
	}
}

// TestSamePlaceTwice keeps the platforms of one number apart.
func TestSamePlaceTwice(t *testing.T) {
	s := summarize(t, analyze.Config{}, client()...)
	r := Build(s, Options{})
	var keys []string
	for _, c := range r.Codes {
		keys = append(keys, c.Key)
	}
	if want := []string{"7014", "security-guard:121", "android:3"}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	if r.Windows[0].Counts["android:3"] == 0 {
		t.Errorf("windows: %v", r.Windows[0].Counts)
	}
}

// TestHostileEverywhere puts hostile text into every string of a report.
func TestHostileEverywhere(t *testing.T) {
	s := summarize(t, analyze.Config{}, incident()...)
	r := Build(s, options("incident", s, catalog.EN))
	poison(reflect.ValueOf(r).Elem())
	for _, color := range []bool{false, true} {
		var out bytes.Buffer
		if err := r.Text(&out, TextOptions{Verbose: true, Color: color}); err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`\x1b\[\d+m`).ReplaceAllString(out.String(), "")
		if !strings.Contains(text, `\x1b[2J`) {
			t.Fatal("nothing was poisoned")
		}
		if strings.Contains(out.String(), "\x1b") != color {
			t.Errorf("escape sequences, although colour is %v", color)
		}
		for line := range strings.Lines(text) {
			checkPrintable(t, strings.TrimSuffix(line, "\n"))
		}
	}
	var out bytes.Buffer
	if err := r.JSON(&out); err != nil {
		t.Fatal(err)
	}
	checkPrintable(t, strings.ReplaceAll(out.String(), "\n", ""))
}

func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + wipe + reverse + "\u2028\x9b\xff")
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for _, field := range v.Fields() {
			poison(field)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	}
}

// TestColor wants the same text with and without colours.
func TestColor(t *testing.T) {
	for name, s := range fixtures(t) {
		var plain, coloured bytes.Buffer
		r := Build(s, options(name, s, catalog.EN))
		if err := errors.Join(r.Text(&plain, TextOptions{}), r.Text(&coloured, TextOptions{Color: true})); err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`\x1b\[[\d;]*m`).ReplaceAllString(coloured.String(), "")
		if text != plain.String() {
			t.Errorf("%s: the text changes with colours:\n%s", name, text)
		}
		if text == coloured.String() {
			t.Errorf("%s: no colours", name)
		}
	}
}

// TestWidths lays every fixture out in many widths.
func TestWidths(t *testing.T) {
	for name, s := range fixtures(t) {
		for width := 70; width <= 200; width += 13 {
			for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
				var out bytes.Buffer
				if err := Build(s, options(name, s, lang)).Text(&out, TextOptions{Width: width, Verbose: width%2 == 0}); err != nil {
					t.Fatal(err)
				}
				checkWidth(t, out.String(), width)
			}
		}
	}
}

// TestWideAmbiguous wants the text to fit where ambiguous characters are wide.
func TestWideAmbiguous(t *testing.T) {
	cond := runewidth.Condition{EastAsianWidth: true, StrictEmojiNeutral: true}
	for name, s := range fixtures(t) {
		var out bytes.Buffer
		if err := Build(s, options(name, s, catalog.ZH)).Text(&out, TextOptions{WideAmbiguous: true}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if w := cond.StringWidth(strings.TrimSuffix(line, "\n")); w > 80 {
				t.Errorf("%s: %d columns: %q", name, w, line)
			}
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("one two three", 10)
	f.Add("网关超时，请 /home/admin 稍候再试。\x1b[2J", 12)
	f.Add(strings.Repeat("a", 99)+"👨‍👩‍👧 e\u0301", 8)
	p := newPage(TextOptions{})
	f.Add("a\n\u0652", 8) // Printable escapes a mark that has nothing in front of it
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = max(width%120, 8)
		squeeze := strings.NewReplacer(" ", "", "\n", "")
		check := func(what string, lines []string, want string) {
			for _, line := range lines {
				if w := p.cells(line); w > width {
					t.Errorf("%s: %d columns, want at most %d: %q", what, w, width, line)
				}
			}
			if got := squeeze.Replace(strings.Join(lines, "")); got != squeeze.Replace(want) {
				t.Errorf("%s: %q lost something of %q", what, got, want)
			}
		}
		var want strings.Builder
		for part := range strings.SplitSeq(s, "\n") {
			want.WriteString(Printable(part))
		}
		check("wrap", p.wrap(s, width), want.String())
		s = strings.ReplaceAll(s, "\n", "")
		check("chop", p.chop(s, width), Printable(s))
	})
}

// FuzzWord holds that plain words are cut off as Unicode's rules say.
func FuzzWord(f *testing.F) {
	for _, s := range []string{"one two", "a, b", "end. Next", "(a b", "a )b", "a  9", "a /b c", "a\tb c", "x 网", "网x a", "e\u0301 a", `"a b`, "a: b", "a "} {
		f.Add(s)
	}
	p := newPage(TextOptions{})
	f.Fuzz(func(t *testing.T, s string) {
		s = Printable(s)
		got, rest := p.word(s)
		want, _ := p.anyWord(s)
		if got != want || got+rest != s {
			t.Errorf("%q begins with %q and goes on %q, want %q first", s, got, rest, want)
		}
	})
}

// TestTraceIDInSteps wants steps that can be followed as they stand.
func TestTraceIDInSteps(t *testing.T) {
	s := summarize(t, analyze.Config{}, log{path: "gateway-page-digest.log", text: call(1, "com.example.a", 4002, 9)})
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		steps := strings.Join(Build(s, Options{Lang: lang}).Codes[0].Remedy, "\n")
		if !strings.Contains(steps, "grep -A 50 "+traceID(1)) || strings.Contains(steps, "TRACE-ID") || strings.Contains(steps, "<TraceId>") {
			t.Errorf("steps: %s", steps)
		}
	}
}

func TestWriteFormats(t *testing.T) {
	r := Build(summarize(t, analyze.Config{}), Options{})
	for _, format := range Formats() {
		var out bytes.Buffer
		if err := r.Write(&out, format, TextOptions{}); err != nil || out.Len() == 0 {
			t.Errorf("%s: %v, %d bytes", format, err, out.Len())
		}
	}
	if err := r.Write(&bytes.Buffer{}, "pdf", TextOptions{}); !errors.Is(err, ErrFormat) {
		t.Errorf("pdf: %v, want %v", err, ErrFormat)
	}
}

// failing is a writer that fails.
type failing struct{}

var errFull = errors.New("no space left")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestWriteError(t *testing.T) {
	r := Build(summarize(t, analyze.Config{}), Options{})
	entries := slices.Values(catalog.Find("4001"))
	for what, err := range map[string]error{
		"text": r.Text(failing{}, TextOptions{}), "JSON": r.JSON(failing{}),
		"explain": Explain(failing{}, entries, nil, CodesOptions{}), "codes": Codes(failing{}, entries, CodesOptions{}),
		"explain as JSON": ExplainJSON(failing{}, entries, nil, catalog.EN),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v, want %v", what, err, errFull)
		}
	}
}

func TestShellWord(t *testing.T) {
	for _, tc := range []struct {
		in, want string
		ok       bool
	}{
		{"gateway-error.log", "gateway-error.log", true},
		{"/home/admin/logs/a b.log", "'/home/admin/logs/a b.log'", true},
		{"it's", `'it'\''s'`, true},
		{"$(reboot)", "'$(reboot)'", true},
		{"日志.log", "'日志.log'", true},
		{"-rf", "", false},
		{"a\nb", "", false},
		{"\u202egpj", "", false},
		{"", "", false},
	} {
		if got, ok := shellWord(tc.in); got != tc.want || ok != tc.ok {
			t.Errorf("%q: %q, %v, want %q, %v", tc.in, got, ok, tc.want, tc.ok)
		}
	}
}

func TestPercent(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0%", 1: "100%", 0.5: "50.0%", 0.0004: "<0.1%", 0.001: "0.1%", 0.99996: ">99.9%", 0.333333: "33.3%",
	} {
		if got := percent(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for seconds, want := range map[int64]string{
		0: "0 s", 59: "59 s", 60: "1 min", 90: "1 min 30 s", 3600: "1 h", 5400: "1 h 30 min", 86400: "1 d", 90000: "1 d 1 h", 3601: "1 h",
	} {
		if got := messagesEN.duration(seconds); got != want {
			t.Errorf("%d: %q, want %q", seconds, got, want)
		}
	}
}

func TestSpark(t *testing.T) {
	for _, tc := range []struct {
		counts []int64
		want   string
	}{
		{[]int64{0, 0}, "··"},
		{[]int64{1}, "█"},
		{[]int64{0, 1, 4, 8}, "·▁▄█"},
		{[]int64{1, 1000}, "▁█"},
	} {
		if got := spark(tc.counts); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.counts, got, tc.want)
		}
	}
}

func TestWrap(t *testing.T) {
	p := newPage(TextOptions{})
	for _, tc := range []struct {
		in    string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 10, []string{"one two", "three"}},
		{"see /etc/hosts", 10, []string{"see", "/etc/hosts"}},
		{"网关超时，请稍候再试。", 12, []string{"网关超时，请", "稍候再试。"}},
		{"网关超时错误，请稍候", 12, []string{"网关超时错", "误，请稍候"}},
		{"~/logs/gateway/gateway-error.log", 16, []string{"~/logs/gateway/", "gateway-", "error.log"}},
		{"aaaaaaaaaaaaaaaaaaaa", 8, []string{"aaaaaaaa", "aaaaaaaa", "aaaa"}},
		{"a\x1bb", 10, []string{`a\x1bb`}},
		{"a\nb", 10, []string{"a", "b"}},
	} {
		if got := p.wrap(tc.in, tc.width); !slices.Equal(got, tc.want) {
			t.Errorf("%q in %d: %q, want %q", tc.in, tc.width, got, tc.want)
		}
	}
}

// TestGaps tells a silence from chance.
func TestGaps(t *testing.T) {
	minute := func(records ...int64) *analyze.Summary {
		s := &analyze.Summary{Window: time.Minute}
		for i, n := range records {
			if n > 0 {
				s.Windows = append(s.Windows, analyze.Window{Start: int64(i) * 60_000, Records: n})
				s.Totals.Records += n
			}
		}
		return s
	}
	for _, tc := range []struct {
		name    string
		records []int64
		want    string
	}{
		{"none", []int64{9, 9, 9}, ""},
		{"one window of a busy log", []int64{9, 0, 9}, "1 2"},
		{"one window of a quiet log", []int64{2, 0, 2, 0, 1}, ""},
		{"a long silence of a quiet log", []int64{2, 0, 0, 0, 0, 2}, "1 5"},
		{"bursts", []int64{99, 0, 0, 99, 0, 0, 99, 0, 0, 99, 0, 0, 99}, ""},
		{"one record", []int64{1}, ""},
	} {
		var got []string
		for _, g := range Build(minute(tc.records...), Options{}).Gaps {
			got = append(got, fmt.Sprint(g.From.Unix()/60, g.To.Unix()/60))
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, s, tc.want)
		}
	}
}
