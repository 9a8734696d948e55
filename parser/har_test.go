package parser

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// harItems reads a HAR file and returns all that it gives, and its error.
func harItems(src io.Reader) (items []string, r *Reader) {
	r = NewReader(src, Options{Format: HAR, Lexicon: testLexicon(), MaxRecord: 64 << 10})
	for r.Scan() {
		items = append(items, item(r.Decoder))
	}
	return items, r
}

func harEntry(headers, content string) string {
	return `{"startedDateTime":"2020-08-11T12:50:08.123+08:00","time":61,"request":{"method":"POST","url":"https://gw/mgw.htm","headers":[]},` +
		`"response":{"status":200,"headers":[` + headers + `],"content":` + content + `}}`
}

const harHead = `{"log":{"version":"1.2","creator":{},"entries":[`

func TestHAR(t *testing.T) {
	coded := harEntry(`{"name":"Result-Status","value":"7014"}`, "{}")
	for _, c := range []struct {
		name, text string
		codes      []Code
		skipped    int
		err        error
	}{
		{"empty list", harHead + `]}}`, nil, 0, nil},
		{"one", harHead + coded + `]}}`, []Code{7014}, 0, nil},
		{"byte-order mark", "\ufeff" + harHead + coded + `]}}`, []Code{7014}, 0, nil},
		{"entries last", `{"log":{"pages":[{"x":[[{}],"]"]}],"entries":[` + coded + `]}}`, []Code{7014}, 0, nil},
		{"keys escaped", strings.Replace(harHead+coded+`]}}`, "Result-Status", `\u0052esult-Status`, 1), []Code{7014}, 0, nil},
		{"body", harHead + harEntry("", `{"text":"{\"resultStatus\":1002}"}`) + `]}}`, []Code{1002}, 0, nil},
		{"header before body", harHead + harEntry(`{"name":"result-status","value":"7014"}`, `{"text":"{\"resultStatus\":1002}"}`) + `]}}`, []Code{7014}, 0, nil},
		{"base64", harHead + harEntry("", `{"encoding":"base64","text":"eyJyZXN1bHRTdGF0dXMiOjMwMDJ9"}`) + `]}}`, []Code{3002}, 0, nil},
		{"base64 that is none", harHead + harEntry("", `{"encoding":"base64","text":"!"}`) + `]}}`, []Code{NoCode}, 0, nil},
		{"nulls", harHead + `{"startedDateTime":null,"time":null,"request":null,"response":null},` + coded + `]}}`, []Code{7014}, 1, nil},
		{"other types", harHead + `{"startedDateTime":1,"time":"x","request":[1],"response":{"headers":{"a":1},"status":"x","content":[]}},` + coded + `]}}`, []Code{7014}, 1, nil},
		{"a header over two lines", harHead + harEntry(`{"name":"X\nResult-Status","value":"4001\nResult-Status: 4002"},{"name":"Result-Status","value":"7014"}`, "{}") + `]}}`, []Code{7014}, 0, nil},
		{"no log", `{"x":1}`, nil, 0, nil},
		{"entries of another kind", `{"log":{"entries":{}}}`, nil, 0, ErrJSON},
		{"cut in an entry", harHead + coded + `,` + coded[:len(coded)/2], []Code{7014}, 0, ErrJSON},
		{"cut in a string", harHead + coded + `,{"startedDateTime":"20`, []Code{7014}, 0, ErrJSON},
		{"broken", harHead + coded + `,{"a" 1}]}}`, []Code{7014}, 0, ErrJSON},
		{"broken list", harHead + coded + `;` + coded, []Code{7014}, 0, ErrJSON},
		{"deep", harHead + `{"x":` + strings.Repeat(`[`, 1_000_000) + strings.Repeat(`]`, 1_000_000) + `},` + coded + `]}}`, []Code{7014}, 1, nil},
	} {
		r := NewReader(strings.NewReader(c.text), Options{Format: HAR, Lexicon: testLexicon()})
		var codes []Code
		skipped := 0
		for r.Scan() {
			if rec := r.Record(); rec != nil {
				codes = append(codes, rec.Code)
				if !rec.NoTime && rec.Time != time.Date(2020, 8, 11, 4, 50, 8, 123e6, time.UTC).UnixMilli() || rec.LatencyMS != 61 {
					t.Errorf("%s: time %d, latency %d", c.name, rec.Time, rec.LatencyMS)
				}
			} else if skipped++; !errors.Is(r.Skipped(), ErrNotMGS) {
				t.Errorf("%s: %v", c.name, r.Skipped())
			}
		}
		if !slices.Equal(codes, c.codes) || skipped != c.skipped || !errors.Is(r.Err(), c.err) || (r.Err() == nil) != (c.err == nil) {
			t.Errorf("%s: codes %v, want %v; %d skipped, want %d; %v, want %v", c.name, codes, c.codes, skipped, c.skipped, r.Err(), c.err)
		}
		if c.err == nil && r.Bytes() != int64(len(c.text)) {
			t.Errorf("%s: %d bytes of %d", c.name, r.Bytes(), len(c.text))
		}
	}
	broken := errors.New("disk gone")
	items, r := harItems(io.MultiReader(strings.NewReader(harHead+coded+","), iotest.ErrReader(broken)))
	if len(items) != 1 || !errors.Is(r.Err(), broken) {
		t.Errorf("a read error: %d items, %v", len(items), r.Err())
	}
}

// TestHARSample reads the HAR file of testdata, whole and byte by byte.
func TestHARSample(t *testing.T) {
	text, err := os.ReadFile("../testdata/captures/browser.har")
	if err != nil {
		t.Fatal(err)
	}
	if p := Detect(text, "x", testLexicon()); p.Format != HAR || p.StampZone == nil || p.StampZone.String() != "+08:00" {
		t.Errorf("detected %v, zone %v", p.Format, p.StampZone)
	}
	var got []string
	r := NewReader(bytes.NewReader(text), Options{Format: HAR, Lexicon: testLexicon()})
	lines := bytes.Split(text, []byte{'\n'})
	for r.Scan() {
		if s := r.Skipped(); s != nil {
			got = append(got, fmt.Sprintf("skipped %s", s.Text))
			continue
		}
		rec := r.Record()
		got = append(got, fmt.Sprintf("%d %s %s %s", rec.Code, rec.OperationType, rec.AppID, rec.Memo))
		if text[rec.Offset] != '{' || !bytes.HasSuffix(bytes.TrimSuffix(text[:rec.Offset+rec.Size], []byte(",")), []byte("}")) ||
			string(bytes.TrimSpace(lines[rec.Line-1])) != "{" {
			t.Errorf("a record at line %d, byte %d, of %d bytes", rec.Line, rec.Offset, rec.Size)
		}
	}
	want := []string{
		"7014 com.example.order.query 84EFA9A281942 验签", "1000 com.example.order.query 84EFA9A281942 ",
		"skipped GET https://www.example.com/a.js HTTP/2", "1002 com.example.pay 84EFA9A281942 ", "-1 com.example.lost 84EFA9A281942 ",
	}
	if !slices.Equal(got, want) || r.Err() != nil || r.Lines() != int64(len(lines)-1) {
		t.Errorf("%q, want %q; %v, %d lines", got, want, r.Err(), r.Lines())
	}
	whole, _ := harItems(bytes.NewReader(text))
	single, _ := harItems(iotest.OneByteReader(bytes.NewReader(text)))
	if !slices.Equal(whole, single) {
		t.Errorf("byte by byte: %s", firstDifference(single, whole))
	}
}

// TestHARBounds holds that a body of any size takes bounded memory and costs
// no record.
func TestHARBounds(t *testing.T) {
	entry := harEntry(`{"name":"Result-Status","value":"7014"}`, `{"text":"`)
	before, after, _ := strings.Cut(entry, `{"text":"`)
	body := &repeated{text: bytes.Repeat([]byte("x\\n\u4e2d"), 1000)}
	const size = 32 << 20
	src := io.MultiReader(strings.NewReader(harHead+before+`{"text":"`), io.LimitReader(body, size/6000*6000), strings.NewReader(`"}`+after+`]}}`))
	r := NewReader(src, Options{Format: HAR, Lexicon: testLexicon()})
	var start, mem runtime.MemStats
	runtime.ReadMemStats(&start)
	n := 0
	for r.Scan() {
		if rec := r.Record(); rec == nil || rec.Code != 7014 || !rec.Cut || len(rec.Text) > DefaultMaxRecord {
			t.Errorf("record %+v", rec)
		}
		n++
	}
	runtime.ReadMemStats(&mem)
	if took := mem.TotalAlloc - start.TotalAlloc; n != 1 || r.Err() != nil || took > 8<<20 {
		t.Errorf("%d records, %v, %d bytes allocated", n, r.Err(), took)
	}
}

func FuzzHAR(f *testing.F) {
	text, err := os.ReadFile("../testdata/captures/browser.har")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(harHead + harEntry(`{"name":"Result-Status","value":"7014"}`, `{"text":"\ud83d\ude00\ud83d"}`) + `]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, r := harItems(bytes.NewReader(data))
		single, _ := harItems(iotest.OneByteReader(bytes.NewReader(data)))
		if !slices.Equal(whole, single) {
			t.Fatalf("byte by byte: %s", firstDifference(single, whole))
		}
		if r.Bytes() != int64(len(data)) && r.Err() == nil {
			t.Fatalf("%d of %d bytes read without an error", r.Bytes(), len(data))
		}
	})
}
