package deliver

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// made is when the messages of the tests were made.
var made = time.Date(2026, 11, 21, 6, 17, 0, 0, time.FixedZone("CST", 8*3600))

// daily is a message as a summary makes it.
func daily() Message {
	return Message{
		Subject: "网关 11-20：4001 新增，失败率 1.2%",
		Text:    "4001 ×312\n.\nFrom the gateway: <b>bold</b> & co\n",
		HTML:    "<!doctype html>\n<p>4001 ×312 &amp; co</p>\n" + strings.Repeat("长", 2000) + "\n",
		Short:   "失败 312（昨日 20）\n4001 NEW\n",
		Cut:     "（已截断）",
		Date:    made,
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		limit      int
		note, want string
	}{
		{"fits", "ab\ncd", 5, "~", "ab\ncd"},
		{"behind a line", "abc\ndef\nghi\n", 10, "~", "abc\ndef\n~"},
		{"in a long line", "a\nbcdefghijkl", 10, "~", "a\nbcdefg\n~"},
		{"between characters", "失败失败失败", 10, "~", "失败\n~"},
		{"without a note", "失败失败", 10, "", "失败失"},
		{"no line, no character", "失", 2, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, short := cut(tc.text, tc.limit, tc.note)
			if got != tc.want || short != (tc.text != tc.want) {
				t.Errorf("%q, %v, want %q", got, short, tc.want)
			}
		})
	}
}

func FuzzCut(f *testing.F) {
	f.Add("abc\ndef\nghi", 8, "~")
	f.Add("失败\n失败", 9, "…")
	f.Fuzz(func(t *testing.T, s string, limit int, note string) {
		if !utf8.ValidString(s) || limit < len(note)+1 || limit > 1<<20 {
			t.Skip()
		}
		got, short := cut(s, limit, note)
		if len(got) > limit || !strings.HasSuffix(got, note) && short {
			t.Fatalf("%q of %q: limit %d, note %q", got, s, limit, note)
		}
		if head := strings.TrimSuffix(got, "\n"+note); short && note != "" && (!strings.HasPrefix(s, head) || !utf8.ValidString(head)) {
			t.Fatalf("%q is no beginning of %q", head, s)
		}
	})
}

// TestBounded holds that nothing in a message drives what shows it, and that
// all of it has a bound.
func TestBounded(t *testing.T) {
	t.Parallel()
	m := Message{
		Subject: "a\r\nBcc: x@example.com\x1b[2J " + strings.Repeat("长", 400),
		Short:   "one\r\n\x1b]0;title\x07two\u202e\xff\n" + strings.Repeat("line\n", 1<<13),
		Text:    strings.Repeat("line\n", 1<<18),
		HTML:    strings.Repeat("<p>", 4<<20),
	}
	b := m.bounded()
	if strings.ContainsAny(b.Subject, "\r\n\x1b") || len(b.Subject) > maxSubject {
		t.Errorf("subject %q", b.Subject)
	}
	if !strings.HasPrefix(b.Short, "one\n"+`\x1b]0;title\x07two\u202e\xff`+"\n") || len(b.Short) > maxShort || !strings.HasSuffix(b.Short, "\n"+cutEnglish) {
		t.Errorf("short form: %q … %q", b.Short[:40], b.Short[len(b.Short)-80:])
	}
	if len(b.Text) > maxText || !strings.HasSuffix(b.Text, "\n"+cutEnglish) || b.HTML != "" {
		t.Errorf("text of %d bytes, HTML of %d", len(b.Text), len(b.HTML))
	}
	if again := b.bounded(); again != b {
		t.Error("a second time makes another message of it")
	}
}

func TestID(t *testing.T) {
	t.Parallel()
	m := daily()
	if m.id() != daily().id() || len(m.id()) != 32 {
		t.Errorf("%s and %s for the same message", m.id(), daily().id())
	}
	for name, change := range map[string]func(*Message){
		"text": func(m *Message) { m.Text += "." },
		"date": func(m *Message) { m.Date = m.Date.Add(1) },
		"where one ends": func(m *Message) {
			m.Subject, m.Short = m.Subject+m.Short, ""
		},
	} {
		o := daily()
		change(&o)
		if o.id() == m.id() {
			t.Errorf("%s: the same id for another message", name)
		}
	}
}
