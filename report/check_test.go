package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// covered reads a log as mgslog check does.
func covered(t *testing.T, l log, layouts ...*parser.Layout) *analyze.Coverage {
	t.Helper()
	profile := parser.Detect([]byte(l.text), l.path, catalog.Lexicon(), layouts...)
	in := &analyze.Input{
		Path: l.path, Format: profile.Format, Encoding: l.encoding, Invalid: l.invalid, Recoded: l.recoded, Err: l.err, Zone: time.FixedZone("+08:00", 8*3600), ZoneSource: l.zone,
	}
	if profile.Format == parser.OwnLayout {
		in.Layout = profile.Layout.Name()
	}
	if profile.ZoneVotes > 0 {
		in.ZoneSource, in.ZoneVotes = analyze.ZoneFromTraceIDs, profile.ZoneVotes
	}
	c := analyze.NewCoverage(in, layouts)
	r := parser.NewReader(strings.NewReader(l.text), parser.Options{Profile: profile, Location: in.Zone, Lexicon: catalog.Lexicon()})
	for r.Scan() {
		if rec := r.Record(); rec != nil {
			c.Add(rec)
		} else {
			c.AddSkipped(r.Skipped())
		}
	}
	in.Bytes, in.Lines, in.NULs = r.Bytes(), r.Lines(), r.NULs()
	return c
}

// checked is the fixture: a digest with broken lines, a log of a site's own
// layout with lines that nearly fit, an error log, a log in another shape, and
// inputs that cannot be read.
func checked(t *testing.T, lang catalog.Lang) *Check {
	t.Helper()
	acme, err := parser.NewLayout(parser.LayoutSpec{
		Name: "acme", Pattern: `(?P<level>[A-Z]+)\|(?P<time>[^|]+)\|(?P<code>\d*)\|(?P<message>.*)`, TimeLayout: "dd/MMM/yyyy HH:mm:ss",
	})
	if err != nil {
		t.Fatal(err)
	}
	whole := call(1, "com.acme.pay.query", 4001, 3005)
	var digest strings.Builder
	for n := range 200 {
		digest.WriteString(call(n, "com.acme.pay.query", 1000, 61))
	}
	digest.WriteString("\n" + strings.Join(strings.Split(whole, ",")[:6], ",") + "\n" + strings.Join(strings.Split(whole, ",")[:14], ",") + "\n")
	digest.WriteString(strings.Replace(whole, "3005ms", "slow", 1) + strings.Replace(whole, "2026-11-20", "2026-11-31", 1))
	archive := covered(t, log{path: "old.log.zip", err: errors.New("old.log.zip: zip archive: not supported")})
	garbled := covered(t, log{path: "garbled.log", text: call(1, "com.acme.pay.query", 4001, 3005), encoding: "utf-8", invalid: 2})
	chinese := covered(t, log{path: "chinese.log", text: call(1, "com.acme.pay.query", 4001, 3005), encoding: "gb18030", invalid: 1, recoded: 1})
	const line = "ERROR|20/Nov/2026 02:13:05|4001|x\n"
	return BuildCheck([]*analyze.Coverage{
		covered(t, log{path: "gateway-page-digest.log", text: digest.String()}),
		covered(t, log{path: "acme.log", text: line + "ERROR|20/Nov/2026 02:13:06|7003|\xd5\xe2\n" +
			"ERROR|20-Nov-2026 02:13:06|7003|\x1b[2J\nERROR|20/Nov/2026 02:13:07|none|y\n2026-11-20 02:13:08 resultCode=1000\n"}, acme),
		covered(t, log{path: "gateway-error.log", zone: analyze.ZoneFromFlag, text: stamp(1) + " ERROR [" + traceID(1) + "] resultCode=4001\n\tat a.b.C.d(C.java:1)\n" +
			stamp(2) + " ERROR call to com.acme.pay.query\njava.net.UnknownHostException: a.acme\n" + stamp(3) + " INFO done\n20/Nov/2026 02:13:05 WARN\n"}),
		covered(t, log{path: "-", text: "host1: 2026-11-20 02:13:05,123 ERROR\n<13>Nov 20 02:13:05 app: x\nprose\n"}),
		archive, garbled, chinese,
		covered(t, log{path: "empty.log"}),
	}, []CheckedLayout{
		{Path: "acme.yaml", Name: "acme", OK: true, Samples: []CheckedSample{{Line: 6, Text: line, OK: true, Fields: []CheckedField{
			{8, "trace_id", "t1", "t1", true}, {9, "time", "2026-11-20 02:13:05", "2026-11-20T02:13:05.000Z", true},
		}}}},
		{Path: "bad.yaml", Name: "bad", Errors: []string{}, Samples: []CheckedSample{
			{Line: 6, Text: line, Fields: []CheckedField{{8, "latency_ms", "4002", "4001", false}}},
			{Line: 9, Text: "a\nb\x1b", Problem: "it does not fit: …"},
		}},
		{Path: "none.yaml", Errors: []string{"none.yaml:1: not YAML"}},
	}, CheckOptions{Lang: lang, Generator: "mgslog", Layouts: []string{"acme.yaml"}})
}

func TestCheckGolden(t *testing.T) {
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		c := checked(t, lang)
		var out bytes.Buffer
		if err := c.Text(&out, TextOptions{}); err != nil {
			t.Fatal(err)
		}
		golden(t, "check."+lang.String()+".80.txt", out.Bytes())
		checkWidth(t, out.String(), 80)
		for line := range strings.Lines(out.String()) {
			checkPrintable(t, strings.TrimSuffix(line, "\n"))
		}
	}
	var out bytes.Buffer
	if err := checked(t, catalog.EN).JSON(&out); err != nil {
		t.Fatal(err)
	}
	golden(t, "check.json", out.Bytes())
	checkPrintable(t, strings.ReplaceAll(out.String(), "\n", ""))
	var got Check
	dec := json.NewDecoder(&out)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil || got.Schema != CheckSchemaName {
		t.Errorf("%v, schema %q", err, got.Schema)
	}
	out.Reset()
	if err := BuildCheck(nil, nil, CheckOptions{}).JSON(&out); err != nil || strings.Contains(out.String(), "null") {
		t.Errorf("%v: %s", err, out.String())
	}
	if err := checked(t, catalog.EN).Text(fullDisk{}, TextOptions{}); err == nil {
		t.Error("a writer that fails gives no error")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("full") }
