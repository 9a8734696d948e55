package parser

import (
	"fmt"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	l := mustLayout(t, bars)
	fields := strings.Split(digest2021, ",")
	cut := func(n int) string { return strings.Join(fields[:n+1], ",") } // the stamp has a comma, too
	for _, c := range []struct{ name, line, want string }{
		{"a digest", digest2021, "gateway-page-digest <nil>"},
		{"an SPI digest", spi2023, "page-digest <nil>"},
		{"a stamped line", at + "x", "stamped <nil>"},
		{"a line of the layout", "ERROR|20/Nov/2026 02:13:05.123|||4001||x", "layout <nil>"},
		{"14 of 28 fields", cut(14), fmt.Sprintf("gateway-page-digest a field is missing @%d 15 UUID 14/28", len(cut(14))+1)},
		{"14 of 28 fields, closed", cut(14) + ")", fmt.Sprintf("gateway-page-digest a field is missing @%d 15 UUID 14/28", len(cut(14))+1)},
		{"a field too many", strings.TrimSuffix(digest2021, ")") + ",x)", fmt.Sprintf("gateway-page-digest more fields than documented @%d 29  29/28", len(digest2021)+1)},
		{"a result that is none", strings.Replace(digest2021, ",Y,", ",OK,", 1), `gateway-page-digest a field has another shape @46 3 result 28/28 "OK" like "Y, N"`},
		{"no such day", strings.Replace(digest2021, "2020-06-03", "2020-06-31", 1), `gateway-page-digest a time that does not exist @9 0 time 28/28 "2020-06-31 14:14:08" like "2026-11-20 02:13:05,123"`},
		{"grep's file name", "gateway-page-digest.log:" + digest2021, `gateway-page-digest the time stamp is not at the beginning @25 0 time 28/28 "2020-06-03 14:14:08,001" like "2026-11-20 02:13:05,123"`},
		{"half of an SPI digest", "2026-11-20 02:13:05,123 - (com.acme.a.b,app,1.0,5ms,Y", `page-digest a field is missing @54 6 result code 5/7 like "4001"`},
		{"parentheses in prose", "see - (a, b)", "unknown no time stamp @1"},
		{"no such hour", "2026-11-20 25:13:05 x", `stamped a time that does not exist @12 "2026-11-20 25:13:05" like "2026-11-20 02:13:05,123"`},
		{"a longer number", "2026-11-20 02:13:051 x", `stamped a time that does not exist @20 "2026-11-20 02:13:05" like "2026-11-20 02:13:05,123"`},
		{"logcat", "11-20 02:13:05.123 E/x", `stamped a time stamp of another shape @1 "11-20 02:13:05" like "2026-11-20 02:13:05,123"`},
		{"a web server", `1.2.3.4 - - [20/Nov/2026:02:13:05 +0800] "GET`, `stamped a time stamp of another shape @14 "20/Nov/2026:02:13:05" like "2026-11-20 02:13:05,123"`},
		{"milliseconds", `{"ts":1763575985123}`, `stamped a time stamp of another shape @7 "1763575985123" like "2026-11-20 02:13:05,123"`},
		{"Chinese", "2026年11月20日 02:13:05", `stamped a time stamp of another shape @1 "2026年11月20日 02:13:05" like "2026-11-20 02:13:05,123"`},
		{"prose", "Nothing here", "unknown no time stamp @1"},
		{"nothing", "", "unknown no time stamp @1"},
		{"a layout's time", "ERROR|20/Nov 02:13|||4001||x", `layout does not fit the layout's time_layout @13 0 time 12/13 "20/Nov 02:13" like "dd/MMM/yyyy HH:mm:ss.SSS"`},
		{"a layout's pattern", "ERROR|20/Nov/2026 02:13:05.123|||4001||", "layout <nil>"},
		{"a layout's end", "ERROR|20/Nov/2026 02:13:05.123|||4001", `layout does not fit the layout's pattern @38 0  9/13 like "\\|"`},
	} {
		n := Nearest([]byte(c.line), []*Layout{l})
		got := fmt.Sprintf("%s %v", n.Format, n.Why)
		if n.Why != nil {
			got += fmt.Sprintf(" @%d", n.Column)
			if n.FieldsAll > 0 {
				got += fmt.Sprintf(" %d %s %d/%d", n.Place, n.Field, n.Fields, n.FieldsAll)
			}
			if n.Want != "" && n.Format != Unknown {
				if n.Value != "" {
					got += fmt.Sprintf(" %q", n.Value)
				}
				got += fmt.Sprintf(" like %q", n.Want)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

// FuzzNearest holds that a line that is of a format is said to be, that a line
// that is not leaves it at a column that there is, and that nothing panics.
func FuzzNearest(f *testing.F) {
	f.Add(digest2021)
	f.Add(spi2023)
	f.Add("2026-11-20 25:13:05 x")
	f.Add("ERROR|20/Foo/2026 02:13:05.123|||4001||x")
	l := mustLayout(f, bars)
	f.Fuzz(func(t *testing.T, line string) {
		line = line[:min(len(line), layoutLine)]
		n := Nearest([]byte(line), []*Layout{l})
		if n.Column < 1 && n.Why != nil || n.Column > len(line)+1 {
			t.Errorf("column %d of %q", n.Column, line)
		}
		if n.Format == OwnLayout && (n.Why == nil) != l.begins([]byte(line)) {
			t.Errorf("%q: %v", line, n.Why)
		}
	})
}
