package report

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"plain", "com.example.order.query (61 ms)", "com.example.order.query (61 ms)"},
		{"Chinese", "网关\u3000超时，请稍候 “重试”", "网关\u3000超时，请稍候 “重试”"},
		{"accents", "e\u0301", "e\u0301"},
		{"clear the screen", "a\x1b[2Jb", `a\x1b[2Jb`},
		{"set the title", "\x1b]0;owned\x07", `\x1b]0;owned\x07`},
		{"C0", "\x00\x08\r\n\t\x7f", `\x00\x08\r\n\t\x7f`},
		{"C1 as UTF-8", "\u009b31m\u0085", `\u009b31m\u0085`},
		{"C1 as a byte", "\x9b31m", `\x9b31m`},
		{"bidi", "a\u202eb\u2066c\u200fd\u061ce", `a\u202eb\u2066c\u200fd\u061ce`},
		{"separators", "a\u2028b\u2029c\u00a0d", `a\u2028b\u2029c\u00a0d`},
		{"zero width", "a\u200bb\ufeffc\u2060d\u00ade", `a\u200bb\ufeffc\u2060d\u00ade`},
		{"fillers", "\u3164\u115f\uffa0\u2800", `\u3164\u115f\uffa0\u2800`},
		{"variation", "a\ufe0f\U000e0100", `a\ufe0f\U000e0100`},
		{"tags", "\U000e0041", `\U000e0041`},
		{"private use", "\ue000\U000f0000", `\ue000\U000f0000`},
		{"invalid", "a\xff\xc3(", `a\xff\xc3(`},
		{"a stack of marks", "a" + strings.Repeat("\u0300", 6), "a" + strings.Repeat("\u0300", 4) + `\u0300\u0300`},
		{"a mark first", "\u0300a", `\u0300a`},
		{"a real U+FFFD", "\ufffd", "\ufffd"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Printable(tc.in); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// checkPrintable says what must be true of everything that is printed.
func checkPrintable(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("not UTF-8: %q", s)
	}
	for _, r := range s {
		if unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Variation_Selector) {
			t.Errorf("%U in %q", r, s)
		}
	}
}

func FuzzPrintable(f *testing.F) {
	for _, s := range []string{"", "a\x1b[31m", "\u202e\u2028\u009b", "网关\xff", "e\u0301\u0301\u0301\u0301\u0301\u0301", "\U000e0041\ufe0f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Printable(s)
		checkPrintable(t, got)
		if again := Printable(got); again != got {
			t.Errorf("escaped again: %q becomes %q", got, again)
		}
		doc, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var want, have string
		safe := escapeJSON(doc)
		checkPrintable(t, string(safe))
		if err := json.Unmarshal(doc, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(safe, &have); err != nil || have != want {
			t.Errorf("JSON %s: got %q, %v, want %q", safe, have, err, want)
		}
	})
}
