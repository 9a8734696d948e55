package parser

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// bars is the layout of a made-up log whose records do not begin with a stamp.
var bars = LayoutSpec{
	Name:       "acme-bars",
	Pattern:    `(?P<level>[A-Z]+)\|(?P<time>[^|]+)\|(?P<trace_id>[^|]*)\|(?P<operation_type>[^|]*)\|(?P<code>[^|]*)\|(?P<latency_ms>[^|]*)\|(?P<message>.*)`,
	TimeLayout: "dd/MMM/yyyy HH:mm:ss.SSS",
	Zone:       time.FixedZone("+08:00", 8*3600),
}

func mustLayout(t testing.TB, spec LayoutSpec) *Layout {
	t.Helper()
	l, err := NewLayout(spec)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLayout reads lines by a layout of their own: what it names by place,
// everything else by evidence, and what is not of it as ever.
func TestLayout(t *testing.T) {
	const head = "ERROR|20/Nov/2026 02:13:05.123|"
	l := mustLayout(t, bars)
	oneLine := bars
	oneLine.OneLine = true
	noCode := LayoutSpec{Name: "no-code", Pattern: `<(?P<time>\d+)> (?P<message>.*)`, TimeLayout: "UNIX_MILLIS"}
	for _, c := range []struct {
		name, log string
		layout    *Layout
		format    Format
		want      []string
	}{
		{"by position", head + "t1|com.acme.pay.query|4001|61ms|it failed\n", l, Unknown, []string{
			"acme-bars 1+1 2026-11-19T18:13:05.123Z 4001 position t1 com.acme.pay.query 61 ERROR it failed",
		}},
		{"an empty code is left to the ladder", head + "||-|| resultCode=7014\ncom.acme.X: y\n", l, Unknown, []string{
			"acme-bars 1+2 2026-11-19T18:13:05.123Z 7014 field   -1 ERROR resultCode=7014",
		}},
		{"the code's place goes before what the text says", head + "||1000|| resultCode=7014\n", l, Unknown, []string{
			"acme-bars 1+1 2026-11-19T18:13:05.123Z 1000 position   -1 ERROR resultCode=7014",
		}},
		{"lines of one record", head + "|||| a\n\tat b.c.D.e(D.java:1)\n\n" + head + "||4002||b", l, Unknown, []string{
			"acme-bars 1+3 2026-11-19T18:13:05.123Z -1    -1 ERROR a",
			"acme-bars 4+1 2026-11-19T18:13:05.123Z 4002 position   -1 ERROR b",
		}},
		{"records of one line", head + "||4002||b\nmore\n", mustLayout(t, oneLine), Unknown, []string{
			"acme-bars 1+1 2026-11-19T18:13:05.123Z 4002 position   -1 ERROR b",
			"2: line does not fit the layout",
		}},
		{"other records beside it", head + "||4002||b\n" + at + "WARN resultCode=1002\n" + digest2021 + "\n", l, Unknown, []string{
			"acme-bars 1+1 2026-11-19T18:13:05.123Z 4002 position   -1 ERROR b",
			"stamped 2+1 2026-11-19T18:13:05.123Z 1002 field   -1 WARN ",
			"gateway-page-digest 3+1 2020-06-03T06:14:08.001Z 1000 position 0a1d76671591164847940829820658 alipay.mcdp.space.initSpaceInfo 61  ",
		}},
		{"asked for, it is the only one", "x\n" + head + "||4002||b\n" + at + "WARN\n", l, OwnLayout, []string{
			"1: line does not fit the layout",
			"acme-bars 2+2 2026-11-19T18:13:05.123Z 4002 position   -1 ERROR b",
		}},
		{"another format asked for", head + "||4002||b\n" + at + "WARN\n", l, Stamped, []string{
			"1: line before the first record, no time stamp at its start",
			"stamped 2+1 2026-11-19T18:13:05.123Z -1    -1 WARN ",
		}},
		{"a time that is none", "ERROR|31/Nov/2026 02:13:05.123|||4001||x\n" + head + "||4002||b", l, Unknown, []string{
			"1: line does not fit the layout",
			"acme-bars 2+1 2026-11-19T18:13:05.123Z 4002 position   -1 ERROR b",
		}},
		{"no place for the code", "<1763575985123> ERROR [4001] call\n", mustLayout(t, noCode), Unknown, []string{
			"no-code 1+1 2025-11-19T18:13:05.123Z 4001 bracket   -1 ERROR ERROR [4001] call",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			profile := Detect([]byte(c.log), "", testLexicon(), c.layout)
			if profile.Layout != c.layout {
				t.Fatal("the layout is not recognised")
			}
			if c.format == Stamped {
				profile.Format = Stamped
			}
			zone := time.FixedZone("", 8*3600)
			opt := Options{Lexicon: testLexicon(), Profile: profile, Format: c.format, Location: zone}
			for _, size := range []int{1, 7, 1 << 20} {
				d := NewDecoder(opt)
				var got []string
				for rest := []byte(c.log); ; {
					for d.Next() {
						got = append(got, brief(d))
					}
					if d.done {
						break
					}
					n := copy(d.Buffer(), rest[:min(len(rest), size)])
					d.Filled(n)
					if rest = rest[n:]; len(rest) == 0 {
						d.Finish()
					}
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("in pieces of %d:\n%s\nwant\n%s", size, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
				}
			}
		})
	}
}

func brief(d *Decoder) string {
	if s := d.Skipped(); s != nil {
		return fmt.Sprintf("%d: %v", s.Line, s.Err)
	}
	r := d.Record()
	return fmt.Sprintf("%s %d+%d %s %d %s %s %s %d %s %s", r.FormatName(), r.Line, r.Lines, time.UnixMilli(r.Time).UTC().Format(time.RFC3339Nano),
		r.Code, r.Evidence, r.TraceID, r.OperationType, r.LatencyMS, r.Level, r.Message)
}

// TestLayoutZone holds that a layout's own zone is used where none is given,
// and that trace ids tell one all the same.
func TestLayoutZone(t *testing.T) {
	l := mustLayout(t, bars)
	log := "ERROR|03/Jun/2020 14:14:08.001|0a1d76671591164847940829820658||4001||\n"
	p := Detect([]byte(log), "", nil, l)
	if p.ZoneVotes != 1 || p.StampZone != nil || p.Format != OwnLayout {
		t.Errorf("%d votes, stamps in %v, format %s", p.ZoneVotes, p.StampZone, p.Format)
	}
	if r := decodeOne(t, log, Options{Profile: p}); time.UnixMilli(r.Time).UTC().Hour() != 6 {
		t.Errorf("%v", time.UnixMilli(r.Time).UTC())
	}
}

// TestChooseLayout holds that the layout of most lines is taken, and that a
// digest is left to its documented format.
func TestChooseLayout(t *testing.T) {
	greedy := mustLayout(t, LayoutSpec{Name: "greedy", Pattern: `(?P<time>\S+ \S+) .*`})
	l := mustLayout(t, bars)
	log := strings.Repeat("ERROR|20/Nov/2026 02:13:05.123|||4001||\n", 2) + at + "x\n"
	if p := Detect([]byte(log), "", nil, greedy, l); p.Layout != l {
		t.Error("not the one of most lines")
	}
	if p := Detect([]byte(digest2021+"\n"), "", nil, greedy); p.Format != GatewayDigest {
		t.Errorf("a digest is taken for %s", p.Format)
	}
	if p := Detect([]byte("nothing\n"), "", nil, l); p.Layout != nil {
		t.Error("a layout for nothing")
	}
}

func TestNewLayoutRefuses(t *testing.T) {
	for _, c := range []struct {
		change func(*LayoutSpec)
		part   string
		want   string
	}{
		{func(s *LayoutSpec) { s.Name = "" }, "name", "want a word"},
		{func(s *LayoutSpec) { s.Name = "Stamped log" }, "name", "want a word"},
		{func(s *LayoutSpec) { s.Name = "monitor" }, "name", "something else"},
		{func(s *LayoutSpec) { s.Name = "auto" }, "name", "something else"},
		{func(s *LayoutSpec) { s.Pattern = "(" }, "pattern", "missing closing )"},
		{func(s *LayoutSpec) { s.Pattern = "(?P<code>.)" }, "pattern", "no group is named time"},
		{func(s *LayoutSpec) { s.Pattern = "(?P<time>.)(?P<cod>.)" }, "pattern", `group "cod" is no field; the fields are time, code`},
		{func(s *LayoutSpec) { s.Pattern = "(?P<time>.)(?=x)" }, "pattern", "invalid or unsupported"},
		{func(s *LayoutSpec) { s.Pattern = `(?P<time>.)` + strings.Repeat(`(\w{30}){30}`, 6) }, "pattern", "too large"},
		{func(s *LayoutSpec) { s.TimeLayout = "HH:mm:ss" }, "time_layout", "needs year"},
		{func(s *LayoutSpec) { s.TimeLayout = "yyyy-MM-dd HH:mm z" }, "time_layout", "zone"},
		{func(s *LayoutSpec) { s.TimeLayout = "yyyy-MM-dd'T" }, "time_layout", "quote"},
		{func(s *LayoutSpec) { s.TimeLayout = "yyyyy-MM-dd HH:mm" }, "time_layout", "yyyyy"},
		{func(s *LayoutSpec) { s.TimeLayout = "yyyy-MM-dd hh:mm" }, "time_layout", "needs"},
	} {
		spec := bars
		c.change(&spec)
		_, err := NewLayout(spec)
		var bad *LayoutError
		if !errors.As(err, &bad) || bad.Part != c.part || !strings.Contains(bad.Error(), c.want) {
			t.Errorf("%+v: %v, want %s: … %s", spec, err, c.part, c.want)
		}
	}
}

func TestTimeLayouts(t *testing.T) {
	for _, c := range []struct{ layout, text, want string }{
		{"", "2026-11-20 02:13:05,123", "2026-11-20T02:13:05.123Z"},
		{"", "2026-11-20T02:13:05+08:00", "2026-11-19T18:13:05Z"},
		{"", "[2026-11-20 02:13:05]", "2026-11-20T02:13:05Z"},
		{"", "2026-11-20 02:13:05 x", ""},
		{"ISO8601", "2026-11-20 02:13:05,123", "2026-11-20T02:13:05.123Z"},
		{"ISO8601", "2026-11-20 02:13:05.123", ""},
		{"DATE", "20 Nov 2026 02:13:05,123", "2026-11-20T02:13:05.123Z"},
		{"UNIX", "1763575985", "2025-11-19T18:13:05Z"},
		{"UNIX", "1763575985.5", "2025-11-19T18:13:05.5Z"},
		{"UNIX", "17635", ""},
		{"UNIX_MILLIS", "1763575985123", "2025-11-19T18:13:05.123Z"},
		{"UNIX_MILLIS", "1763575985", ""},
		{"dd/MMM/yyyy:HH:mm:ss Z", "20/Nov/2026:02:13:05 +0800", "2026-11-19T18:13:05Z"},
		{"dd/MMM/yyyy:HH:mm:ss Z", "20/Nov/2026:02:13:05", ""},
		{"yyyyMMdd HHmmssSSS", "20261120 021305123", "2026-11-20T02:13:05.123Z"},
		{"yy.M.d H:m", "26.1.2 3:4", "2026-01-02T03:04:00Z"},
		{"EEE, d MMM yyyy h:mm:ss a", "Fri, 20 Nov 2026 2:13:05 PM", "2026-11-20T14:13:05Z"},
		{"yyyy-MM-dd hh:mm a", "2026-11-20 12:13 am", "2026-11-20T00:13:00Z"},
		{"yyyy-MM-dd hh:mm a", "2026-11-20 13:13 am", ""},
		{"yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX", "2026-11-20T02:13:05.123456-05:30", "2026-11-20T07:43:05.123Z"},
		{"yyyy-MM-dd'T'HH:mm:ssX", "2026-11-20T02:13:05+08", "2026-11-19T18:13:05Z"},
		{"yyyy-MM-dd'T'HH:mm:ssX", "2026-11-20T02:13:05Z", "2026-11-20T02:13:05Z"},
		{"yyyy'年'M'月'd'日' HH:mm:ss", "2026年2月3日 02:13:05", "2026-02-03T02:13:05Z"},
		{"yyyy ''MM dd HH:mm", "2026 '11 20 02:13", "2026-11-20T02:13:00Z"},
		{"yyyy-MM-dd HH:mm", "2026-02-30 02:13", ""},
		{"yyyy-MM-dd HH:mm", "2026-02-28 24:13", ""},
		{"yyyy-MM-dd HH:mm", "2026-02-28 23:1", ""},
	} {
		layout, err := parseTimeLayout(c.layout)
		if err != nil {
			t.Errorf("%q: %v", c.layout, err)
			continue
		}
		got := ""
		if s, _, ok := layout.parse([]byte(c.text)); ok {
			got = time.UnixMilli(s.unixMilli(time.UTC)).UTC().Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%q by %q is %q, want %q", c.text, c.layout, got, c.want)
		}
	}
}

// TestOpening holds that what is looked at before a pattern is never says no
// where the pattern says yes.
func TestOpening(t *testing.T) {
	for _, c := range []struct {
		pattern, line string
		places        int
	}{
		{`(?P<time>\d{4}-\d\d-\d\d) `, "2026-11-20 x", 11},
		{`^\[(?P<time>\d+)\]`, "[1]", 3},
		{`(?i)kelvin (?P<time>\d)`, "\u212aelvin 1", 1},
		{`(?i)KELVIN (?P<time>\d)`, "kelvin 1", 1},
		{`(a|bc|)(?P<time>\d)`, "1", 1},
		{`(a|bc|)(?P<time>\d)`, "bc1", 1},
		{`(?P<time>.)`, "\xff", 1},
		{`日(?P<time>.)`, "日x", 1},
		{`\b(?P<time>x*)`, "", 0},
		{`(?P<time>x|y){30}`, strings.Repeat("xy", 15), openingSize},
	} {
		l := mustLayout(t, LayoutSpec{Name: "x", Pattern: c.pattern})
		if len(l.opening) != c.places {
			t.Errorf("%s: %d places, want %d", c.pattern, len(l.opening), c.places)
		}
		if l.re.MatchString(c.line) != (l.match([]byte(c.line)) != nil) {
			t.Errorf("%s: %q fits the pattern and not its opening", c.pattern, c.line)
		}
	}
}

func FuzzOpening(f *testing.F) {
	f.Add(`(?i)k\d+(?P<time>.)`, "K1x")
	f.Add(`(a|bc|)(?P<time>\d)`, "bc1")
	f.Add(`(?P<time>\pL[^x]\x{e9})`, "äaé")
	f.Fuzz(func(t *testing.T, pattern, line string) {
		if len(pattern) > 200 {
			return
		}
		l, err := NewLayout(LayoutSpec{Name: "x", Pattern: pattern})
		if err != nil {
			return
		}
		line = line[:min(len(line), layoutLine)]
		if l.re.MatchString(line) && l.match([]byte(line)) == nil {
			t.Errorf("%q fits %q and not its opening", line, pattern)
		}
		l.explain([]byte(line))
	})
}

func TestExplain(t *testing.T) {
	l := mustLayout(t, bars)
	for _, c := range []struct {
		line   string
		column int
		part   string
	}{
		{"ERROR|20/Nov/2026 02:13:05.123|||4001||x", 41, ""},
		{"ERROR|20/Foo/2026 02:13:05.123|||4001||x", 10, "time"},
		{"ERROR|20/Nov/2026 02:13:05.123|a|b", 35, `\|`},
		{"error|", 1, `(?P<level>[A-Z]+)`},
		{"", 1, `(?P<level>[A-Z]+)`},
	} {
		if _, _, column, part := l.explain([]byte(c.line)); column != c.column || part != c.part {
			t.Errorf("%q leaves the layout at column %d, %q, want %d, %q", c.line, column, part, c.column, c.part)
		}
	}
}

// BenchmarkLayout reads lines of a layout, lines of another log while a layout
// is in use, and digest lines beside it.
func BenchmarkLayout(b *testing.B) {
	l := mustLayout(b, bars)
	for _, c := range []struct{ name, text string }{
		{"its-own", "ERROR|20/Nov/2026 02:13:05.123|" + trace + "|com.acme.pay.query|4001|61ms|no answer from the business system\n"},
		{"stamped", at + "ERROR [" + trace + "] resultCode=4001, operationType=com.acme.pay.query\n"},
		{"digest", digest2021 + "\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := NewReader(&repeated{text: []byte(strings.Repeat(c.text, 200))}, Options{Lexicon: testLexicon(), Profile: Profile{Layout: l}})
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				r.Scan()
			}
		})
	}
}
