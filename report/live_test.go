package report

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// liveRecords parses a log and returns copies of its records.
func liveRecords(t testing.TB, name, text string) []parser.Record {
	t.Helper()
	profile := parser.Detect([]byte(text), name, catalog.Lexicon())
	r := parser.NewReader(strings.NewReader(text), parser.Options{Profile: profile, Location: china, Lexicon: catalog.Lexicon()})
	var all []parser.Record
	for r.Scan() {
		if rec := r.Record(); rec != nil {
			all = append(all, cloneRecord(rec))
		}
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return all
}

var china = time.FixedZone("+08:00", 8*3600)

func cloneRecord(r *parser.Record) parser.Record {
	c := *r
	for _, s := range []*[]byte{
		&c.TraceID, &c.OperationType, &c.AppID, &c.WorkspaceID, &c.Level, &c.Memo, &c.Tips, &c.Control,
		&c.Message, &c.Host, &c.File, &c.Head, &c.Text,
	} {
		*s = bytes.Clone(*s)
	}
	c.Exceptions = nil
	for _, x := range r.Exceptions {
		c.Exceptions = append(c.Exceptions, parser.Exception{Class: bytes.Clone(x.Class), Message: bytes.Clone(x.Message), Frame: bytes.Clone(x.Frame)})
	}
	return c
}

// stack is a record of a gateway's error log of second n.
func stack(n int, code int, op string) string {
	return fmt.Sprintf("%s [HTTP-EXEC-%d] ERROR [%s] resultCode=%d, operationType=%s\n", stamp(n), n%9, traceID(n), code, op) +
		"com.alipay.gateway.GatewayException: remote call failed\n\tat com.alipay.gateway.Invoker.invoke(Invoker.java:42)\n" +
		"Caused by: java.net.SocketTimeoutException: Read timed out after 3000 ms\n\tat java.net.SocketInputStream.read(SocketInputStream.java:1)\n\t... 4 more\n"
}

// playLive plays a night's incident: what a Live shows of it.
func playLive(t testing.TB, opt LiveOptions) []byte {
	t.Helper()
	var digest, errs strings.Builder
	for n := range 400 {
		switch {
		case n == 3:
			digest.WriteString(call(n, "com.example.order.query", 4001, 3012))
		case n == 40:
			digest.WriteString(call(n, "com.example.user.login", 7003, 2))
		case n == 60:
			digest.WriteString(call(n, "com.example.user.login", 8002, 2))
		case n == 70:
			digest.WriteString(call(n, "alipay.client.getUnionResource.with.a.long.name.of.its.own", 4998, 2))
		case n >= 200:
			for range 5 {
				digest.WriteString(call(n, "com.example.order.query", 4001, 3000+n%40))
			}
		default:
			digest.WriteString(call(n, "com.example.order.query", 1000, 30))
		}
		if n%150 == 90 {
			errs.WriteString(stack(n, 6666, "com.example.order.submit"))
		}
		if n == 95 {
			errs.WriteString(stamp(n) + " [boot] ERROR cannot read the licence\njava.lang.IllegalStateException: no licence\n\tat com.example.Boot.run(Boot.java:9)\n")
		}
	}
	type read struct {
		in  LiveInput
		rec parser.Record
	}
	var all []read
	for _, rec := range liveRecords(t, "gateway-page-digest.log", digest.String()) {
		all = append(all, read{LiveInput{"digest", china}, rec})
	}
	i := 0
	for _, rec := range liveRecords(t, "gateway-error.log", errs.String()) {
		for i < len(all) && all[i].rec.Time <= rec.Time {
			i++
		}
		all = append(all[:i:i], append([]read{{LiveInput{"error", china}, rec}}, all[i:]...)...)
	}
	start := all[0].rec.Time
	l, roll := NewLive(opt), analyze.NewRolling(start-60_000)
	b := l.Notice(nil, LiveNotice{Kind: NoticeOpened, Path: "gateway-page-digest.log", File: "gateway-page-digest.log"}, start)
	b = l.Notice(b, LiveNotice{Kind: NoticeWaiting, Path: "gateway-error.log"}, start)
	now := start
	for _, x := range all {
		now = x.rec.Time + 60
		if at, ok := l.Due(); ok && at <= now {
			b = l.Flush(b, at)
		}
		roll.Add(&x.rec, now, false)
		if catalog.IsFailure(parser.Key{Platform: x.rec.Platform, Code: x.rec.Code}) || x.rec.Code == parser.NoCode {
			b = l.Record(b, x.in, &x.rec, now)
		}
	}
	b = l.FlushAll(b, now)
	for _, n := range []LiveNotice{
		{Kind: NoticeRotated, Path: "gateway-error.log", File: "gateway-error.log"},
		{Kind: NoticeTruncated, Path: "a.log", File: "a.log", From: 12345, To: -1},
		{Kind: NoticeTruncated, Path: "a.log", File: "a.log"},
		{Kind: NoticeRecovered, Path: "a.log", File: "a.log.1"},
		{Kind: NoticeGap, Path: "a.log", File: "a.log.1", From: 12345, To: 23456},
		{Kind: NoticeGap, Path: "a.log", File: "a.log.1", From: 12345, To: -1},
		{Kind: NoticeTrouble, Path: "a.log", File: "a.log", Err: errors.New("open a.log: permission denied")},
		{Kind: NoticeLate, Path: "a.log", File: "a.log", From: 3},
	} {
		b = l.Notice(b, n, now)
	}
	s := roll.Summary(now)
	b = l.Summary(b, s)
	b = append(b, "\nSTATUS\n"...)
	for _, line := range l.Status(s, opt.Width, 24) {
		b = append(append(b, line...), '\n')
	}
	return b
}

var escapes = regexp.MustCompile(`\x1b\[[\d;]*m`)

func TestLiveGolden(t *testing.T) {
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		for _, width := range []int{0, 20, 40, 80, 120, 200} {
			name := fmt.Sprintf("live.%s.%d.txt", lang, width)
			t.Run(name, func(t *testing.T) {
				out := playLive(t, LiveOptions{Lang: lang, Zone: china, TextOptions: TextOptions{Width: width}})
				golden(t, name, out)
				if width > 0 {
					checkWidth(t, string(out), width)
				}
				colored := playLive(t, LiveOptions{Lang: lang, Zone: china, TextOptions: TextOptions{Width: width, Color: true}})
				if text := escapes.ReplaceAll(colored, nil); !bytes.Equal(text, out) {
					t.Error("the text changes with colours")
				}
			})
		}
	}
}

// hostileRecords are by someone who would like to write to the terminal.
func hostileRecords() []parser.Record {
	evil := []byte(wipe + reverse + "\u009b31m\u2028\x00\x9b\xff\r\n\t")
	base := parser.Record{
		Code: 4001, Time: 1_795_111_200_000, LatencyMS: -1, BackendMS: -1, Format: parser.Stamped,
		TraceID: evil, OperationType: evil, Level: evil, Memo: evil, Tips: evil, Message: evil, Host: evil, File: evil,
		Head: evil, Text: bytes.Repeat(append(evil, '\n'), 300),
		Exceptions: []parser.Exception{{Class: evil, Message: evil, Frame: evil}},
	}
	plain := base
	plain.Exceptions, plain.Code = nil, parser.NoCode
	noMessage := plain
	noMessage.Message, noMessage.Code, noMessage.Platform = nil, 3, parser.IOS
	undated := noMessage
	undated.NoTime, undated.Head = true, nil
	return []parser.Record{base, plain, noMessage, undated}
}

func TestLiveHostile(t *testing.T) {
	evil := "a" + wipe + reverse + "\x9b\xff\n"
	for _, width := range []int{0, 1, 7, 20, 80, 200} {
		for _, color := range []bool{false, true} {
			l := NewLive(LiveOptions{TextOptions: TextOptions{Width: width, Color: color, Verbose: true}})
			roll := analyze.NewRolling(0)
			var b []byte
			for range 5 {
				for _, r := range hostileRecords() {
					roll.Add(&r, r.Time, false)
					b = l.Record(b, LiveInput{Name: evil, Zone: china}, &r, r.Time)
				}
			}
			b = l.FlushAll(b, 1_795_111_205_000)
			for kind := NoticeWaiting; kind <= NoticeLate; kind++ {
				b = l.Notice(b, LiveNotice{Kind: kind, Path: evil, File: evil, Err: errors.New(evil)}, 0)
			}
			s := roll.Summary(1_795_111_205_000)
			b = l.Summary(b, s)
			b = append(b, strings.Join(l.Status(s, width, 24), "\n")...)
			if bytes.Contains(b, []byte("\x1b")) != color {
				t.Errorf("width %d: escape sequences, although colour is %v", width, color)
			}
			for line := range strings.Lines(string(escapes.ReplaceAll(b, nil))) {
				checkPrintable(t, strings.TrimSuffix(line, "\n"))
			}
		}
	}
}

// shownOf counts the records that lines tell of.
func shownOf(t *testing.T, b []byte) (n int64) {
	t.Helper()
	for line := range strings.Lines(string(b)) {
		if !strings.Contains(line, "com.example.") && !strings.Contains(line, "(various)") {
			continue // a date, an explanation
		}
		if _, more, ok := strings.Cut(line, "×"); ok {
			var digits int64
			for _, c := range more {
				if c >= '0' && c <= '9' {
					digits = digits*10 + int64(c-'0')
				} else if c != ',' {
					break
				}
			}
			n += digits
			continue
		}
		n++
	}
	return n
}

// TestLiveFoldsAll holds that every record is shown or counted, once, whatever
// the clock does, and that what is due comes in time.
func TestLiveFoldsAll(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 5))
		l := NewLive(LiveOptions{})
		now, sent := int64(1_795_111_200_000), int64(0)
		var b []byte
		for range 5000 {
			switch rng.IntN(200) {
			case 0:
				now += rng.Int64N(120_000)
			case 1:
				now -= rng.Int64N(120_000)
			default:
				now += rng.Int64N(100)
			}
			if rng.IntN(3) == 0 {
				b = l.Flush(b, now)
				if at, ok := l.Due(); ok && (at <= now || at > now+foldLongest) {
					t.Fatalf("seed %d: due in %d ms", seed, at-now)
				}
			}
			r := parser.Record{
				Code: parser.Code(4001 + rng.IntN(1+int(seed*3))), Time: now, NoTime: rng.IntN(50) == 0, LatencyMS: -1,
				OperationType: fmt.Appendf(nil, "com.example.op%d", int(rng.ExpFloat64()*float64(seed*10))),
			}
			b = l.Record(b, LiveInput{}, &r, now)
			sent++
			if len(l.open) > maxFolds || len(l.open) != len(l.folds) || len(l.kinds) > len(l.open) {
				t.Fatalf("%d folds, %d in order, of %d codes", len(l.folds), len(l.open), len(l.kinds))
			}
		}
		b = l.FlushAll(b, now)
		if _, ok := l.Due(); ok || len(l.open)+len(l.folds)+len(l.kinds) > 0 {
			t.Errorf("seed %d: something is left", seed)
		}
		if got := shownOf(t, b); got != sent {
			t.Errorf("seed %d: %d records shown of %d", seed, got, sent)
		}
	}
}

func TestLiveFold(t *testing.T) {
	l := NewLive(LiveOptions{})
	at := int64(1_795_111_200_000)
	r := parser.Record{Code: 4001, LatencyMS: -1, OperationType: []byte("com.example.a")}
	send := func(now int64, n int) (b []byte) {
		for range n {
			r.Time = now
			b = l.Record(b, LiveInput{Zone: china}, &r, now)
		}
		return b
	}
	want := func(got []byte, lines ...string) {
		t.Helper()
		var have []string
		for line := range strings.Lines(string(got)) {
			if strings.Contains(line, "4001 ") && !strings.HasPrefix(line, " ") {
				have = append(have, strings.Join(strings.Fields(line), " "))
			}
		}
		if !slices.Equal(have, lines) {
			t.Errorf("got %q, want %q", have, lines)
		}
	}
	one := "02:00:00.000 4001 Service request timeout business system com.example.a -"
	want(send(at, 10), one, one, one)
	if due, ok := l.Due(); !ok || due != at+5000 {
		t.Errorf("due at %d, %v", due-at, ok)
	}
	want(l.Flush(nil, at+4999))
	want(send(at+4999, 2))
	want(l.Flush(nil, at+5000), "02:00:04.999 4001 Service request timeout business system com.example.a ×9 more in 5 s")
	// The storm goes on, and is told of less often.
	want(send(at+6000, 4))
	want(l.Flush(nil, at+14_999))
	want(l.Flush(nil, at+15_000), "02:00:06.000 4001 Service request timeout business system com.example.a ×4 more in 10 s")
	if _, ok := l.Due(); ok {
		t.Error("something is due, and nothing was counted")
	}
	// It is over: the next record is shown for itself.
	want(l.Flush(nil, at+40_000))
	want(send(at+41_000, 1), "02:00:41.000 4001 Service request timeout business system com.example.a -")
	// A record shows what is due of its kind first.
	want(send(at+41_000, 4), "02:00:41.000 4001 Service request timeout business system com.example.a -", "02:00:41.000 4001 Service request timeout business system com.example.a -")
	want(send(at+47_000, 1), "02:00:41.000 4001 Service request timeout business system com.example.a ×2 more in 6 s")
	// The end comes before the window is over; what was counted spans hours of
	// the log.
	send(at+7_200_000, 1)
	want(l.FlushAll(nil, at+48_000), "04:00:00.000 4001 Service request timeout business system com.example.a ×1 more in 1 s")
	send(at, 5)
	r.Time = at + 7_200_000
	l.Record(nil, LiveInput{Zone: china}, &r, at)
	want(l.FlushAll(nil, at+100), "04:00:00.000 4001 Service request timeout business system com.example.a ×3 more, 02:00:00 to 04:00:00")
}

// TestLiveOutage has a code come with many operationTypes at once.
func TestLiveOutage(t *testing.T) {
	l := NewLive(LiveOptions{Zone: china})
	at := int64(1_795_111_200_000)
	var b []byte
	for i := range 100_000 {
		now := at + int64(i)/10
		b = l.Flush(b, now)
		b = l.Record(b, LiveInput{}, &parser.Record{Code: 4002, Time: now, LatencyMS: -1, OperationType: fmt.Appendf(nil, "com.example.op%d", i%700)}, now)
	}
	b = l.FlushAll(b, at+10_000)
	if got := shownOf(t, b); got != 100_000 {
		t.Errorf("%d records shown", got)
	}
	if n := bytes.Count(b, []byte("\n")); n > 80 {
		t.Errorf("%d lines:\n%s", n, b)
	}
}

// TestLiveVerbose wants the whole record, within bounds, each time.
func TestLiveVerbose(t *testing.T) {
	l := NewLive(LiveOptions{Zone: china, TextOptions: TextOptions{Verbose: true, Width: 100}})
	rec := liveRecords(t, "gateway-error.log", stack(1, 6666, "com.example.a"))[0]
	for range 2 {
		out := string(l.Record(nil, LiveInput{}, &rec, rec.Time))
		for _, want := range []string{"    Cause  The business system", "    Do     1. ", "    Who    business system\n", "    com.alipay.gateway.GatewayException: remote call failed\n        at com", "    \t... 4 more"} {
			if !strings.Contains(out, strings.ReplaceAll(want, "\t", "    ")) {
				t.Errorf("no %q in\n%s", want, out)
			}
		}
	}
	for name, text := range map[string]string{
		"many lines": strings.Repeat("x\n", 10_000), "a long line": strings.Repeat("y", 1_000_000), "long lines": strings.Repeat(strings.Repeat("z", 5000)+"\n", 100),
		"blank lines": strings.Repeat("\n", 5000) + "x",
	} {
		rec.OperationType, rec.Text = []byte(name), []byte(text)
		out := l.Record(nil, LiveInput{}, &rec, rec.Time)
		if n := bytes.Count(out, []byte("\n")); n > maxText+40 || !bytes.Contains(out, []byte("(")) {
			t.Errorf("%s: %d lines", name, n)
		}
		checkWidth(t, string(out), 100)
	}
}

// TestLiveStatus wants a status that fits, in every size.
func TestLiveStatus(t *testing.T) {
	at := int64(1_795_111_200_000)
	roll := analyze.NewRolling(at - 3_600_000)
	for i := range int64(900) {
		for code := range i / 60 {
			roll.Add(&parser.Record{Code: parser.Code(4001 + code), Time: at + i*1000}, at+i*1000, false)
		}
	}
	now := at + 900_000
	sums := map[string]*analyze.RollingSummary{"nothing": analyze.NewRolling(at).Summary(now), "many": roll.Summary(now)}
	roll.Add(&parser.Record{Code: 7014, Time: now - 3_000_000}, now, true)
	sums["one more"] = roll.Summary(now)
	for name, s := range sums {
		for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
			for _, wide := range []bool{false, true} {
				cond := runewidth.Condition{StrictEmojiNeutral: true, EastAsianWidth: wide}
				for width := -1; width <= 200; width++ {
					l := NewLive(LiveOptions{Lang: lang, Zone: china, TextOptions: TextOptions{Width: max(width, 0), Color: true, WideAmbiguous: wide}})
					for _, height := range []int{0, 1, 3, 5, 6, 7, 24, 100} {
						lines := l.Status(s, width, height)
						limit := min(height/3, StatusLines)
						if height == 0 {
							limit = 24 / 3
						}
						if len(lines) > limit || (width > 0 && limit > 0) != (len(lines) > 0) {
							t.Errorf("%s, %dx%d: %d lines", name, width, height, len(lines))
						}
						for _, line := range lines {
							if w := cond.StringWidth(escapes.ReplaceAllString(line, "")); w > width {
								t.Fatalf("%s, %v, %dx%d: %d columns: %q", name, lang, width, height, w, line)
							}
						}
					}
				}
			}
		}
	}
}

// TestLiveLines wants every line of a record to fit.
func TestLiveLines(t *testing.T) {
	rec := liveRecords(t, "gateway-error.log", stack(1, 6666, "com.example.网关.超时.query"))[0]
	rec.Exceptions[1].Message = []byte("读取超时，请稍候 e\u0301 重试")
	for width := 1; width <= 200; width++ {
		for _, name := range []string{"", "host-7/网关-error.log"} {
			for _, wide := range []bool{false, true} {
				cond := runewidth.Condition{StrictEmojiNeutral: true, EastAsianWidth: wide}
				l := NewLive(LiveOptions{Zone: china, TextOptions: TextOptions{Width: width, WideAmbiguous: wide}})
				l.code(&rec).explained = true
				var b []byte
				for range 9 {
					b = l.Record(b, LiveInput{name, china}, &rec, rec.Time)
				}
				b = l.FlushAll(b, rec.Time)
				for line := range strings.Lines(string(b)) {
					if w := cond.StringWidth(strings.TrimSuffix(line, "\n")); w > width {
						t.Errorf("%d columns, want at most %d: %q", w, width, line)
					}
				}
			}
		}
	}
}

func FuzzLive(f *testing.F) {
	f.Add("com.example.a", "0a1d76671795111203062100320658", "java.net.SocketTimeoutException", "Read timed out", "digest", 80)
	f.Add("op"+wipe, "\x00\x9b", "a.b\u202e", reverse+"\xff", "网关\u200b", 20)
	f.Add(strings.Repeat("é\u0301", 300), "", "", "", "", 1)
	f.Fuzz(func(t *testing.T, op, trace, class, message, name string, width int) {
		width = (width%200 + 200) % 200
		l := NewLive(LiveOptions{TextOptions: TextOptions{Width: width}})
		r := parser.Record{
			Code: 4001, LatencyMS: -1, OperationType: []byte(op), TraceID: []byte(trace), Text: []byte(message),
			Exceptions: []parser.Exception{{Class: []byte(class), Message: []byte(message)}},
		}
		l.code(&r).explained = true
		var b []byte
		for range 5 {
			b = l.Record(b, LiveInput{Name: name}, &r, 0)
		}
		b = l.FlushAll(b, 0)
		if n := bytes.Count(b, []byte("\n")); n != 1+foldShown+1 {
			t.Errorf("%d lines: %q", n, b)
		}
		for line := range strings.Lines(string(b)) {
			line = strings.TrimSuffix(line, "\n")
			checkPrintable(t, line)
			if w := l.p.cells(line); width > 0 && w > width {
				t.Errorf("%d columns, want at most %d: %q", w, width, line)
			}
		}
	})
}

func BenchmarkLive(b *testing.B) {
	rec := liveRecords(b, "gateway-error.log", stack(1, 6666, "com.example.order.query"))[0]
	for _, shown := range []bool{false, true} {
		b.Run(fmt.Sprintf("shown=%v", shown), func(b *testing.B) {
			l := NewLive(LiveOptions{Zone: china, TextOptions: TextOptions{Width: 200, Color: true}})
			var out []byte
			now := rec.Time
			b.ReportAllocs()
			for b.Loop() {
				out = l.Record(out[:0], LiveInput{"error", china}, &rec, now)
				if shown {
					l.FlushAll(nil, now)
				}
			}
		})
	}
}
