package report

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"mgslog/analyze"
	"mgslog/parser"
)

// exported is a line of an export as encoding/json reads it.
type exported struct {
	Time          string              `json:"time"`
	Code          *int64              `json:"code"`
	Format        string              `json:"format"`
	File          string              `json:"file"`
	Input         string              `json:"input"`
	Line          int64               `json:"line"`
	Offset        int64               `json:"offset"`
	TraceID       string              `json:"trace_id"`
	OperationType string              `json:"operation_type"`
	UserID        string              `json:"user_id"`
	Host          string              `json:"host"`
	LatencyMS     *int64              `json:"latency_ms"`
	Memo          string              `json:"memo"`
	Exception     []map[string]string `json:"exception"`
	Message       string              `json:"message"`
	EventID       string              `json:"event_id"`
}

// sampleRecord is one with all that a digest has.
func sampleRecord() *parser.Record {
	text := "2026-11-20 02:13:05,123 - (/mgw.htm,response,Y,182ms,com.acme.pay.transfer,0a1d76671763576021000123456789)"
	return &parser.Record{
		Format: parser.GatewayDigest, Line: 7, Lines: 1, Offset: 4711, Text: []byte(text), Head: []byte(text[23:]),
		Time: time.Date(2026, 11, 20, 2, 13, 5, 123e6, time.UTC).UnixMilli(), Code: 4001, Evidence: parser.Evidence(1),
		TraceID: []byte("0a1d76671763576021000123456789"), OperationType: []byte("com.acme.pay.transfer"),
		AppID: []byte("84EFA9A301127"), WorkspaceID: []byte("default"), ClientIP: []byte("203.0.113.7"),
		UserID: []byte("yi6e9pYAn7i"), DeviceID: []byte("W0d4oQbTn0D2Jog9441rGDo0"), ClientVersion: []byte("10.1.60"),
		ClientOS: []byte("IOS"), LatencyMS: 182, BackendMS: 170,
	}
}

func TestEncoder(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	in := &analyze.Input{Path: "logs/\"a\".log", Zone: zone}
	r := sampleRecord()
	var e Encoder
	line := e.Append(nil, in, r)
	const want = `{"time":"2026-11-20T10:13:05.123+08:00","code":4001,"platform":"server","evidence":"position","side":"gateway",` +
		`"format":"gateway-page-digest","file":"logs/\"a\".log","line":7,"lines":1,"offset":4711,` +
		`"trace_id":"0a1d76671763576021000123456789","operation_type":"com.acme.pay.transfer","app_id":"84EFA9A301127",` +
		`"workspace_id":"default","client_ip":"203.0.113.7","user_id":"yi6e9pYAn7i","device_id":"W0d4oQbTn0D2Jog9441rGDo0",` +
		`"client_version":"10.1.60","client_os":"IOS","host":"10.29.118.103","latency_ms":182,"backend_ms":170,` +
		`"event_id":"%s"}` + "\n"
	if want := fmt.Sprintf(want, eventID(r)); string(line) != want {
		t.Errorf("%s\nwant\n%s", line, want)
	}
	// What was encoded before does not count, and what stands in b stays.
	other := sampleRecord()
	other.Time, other.Code, other.Line = -1, parser.NoCode, 8
	both := e.Append(line, &analyze.Input{Path: "b", Zone: time.UTC}, other)
	var fresh Encoder
	if want := fresh.Append(bytes.Clone(line), &analyze.Input{Path: "b", Zone: time.UTC}, other); !bytes.Equal(both, want) {
		t.Errorf("%s\nwant\n%s", both, want)
	}
	if !bytes.Contains(both, []byte(`"time":"1969-12-31T23:59:59.999Z","format"`)) {
		t.Errorf("%s", both)
	}
	if n := testing.AllocsPerRun(100, func() { both = e.Append(both[:0], in, r) }); n > 0 {
		t.Errorf("%v allocations a record", n)
	}
}

// eventID computes the identifier in the straight way.
func eventID(r *parser.Record) string {
	first, _, _ := bytes.Cut(r.Text[:min(len(r.Text), 512)], []byte("\n"))
	return fmt.Sprintf("%016x", xxhash.Sum64(binary.LittleEndian.AppendUint64(bytes.Clone(first), uint64(r.Offset))))
}

// valid returns s as JSON carries it: U+FFFD for each byte that is no UTF-8.
func valid(s []byte) string {
	var b strings.Builder
	for _, r := range string(s) {
		b.WriteRune(r)
	}
	return b.String()
}

// FuzzEncoder holds that encoding/json reads from a line what the record held,
// and that nothing in it moves a terminal's cursor.
func FuzzEncoder(f *testing.F) {
	f.Add([]byte("plain text"), int64(1763576021000), int64(4711))
	f.Add([]byte("a \"quoted\" \\ back\tslash\r\n\x00\x1b[2J\x7f"), int64(-1), int64(0))
	f.Add([]byte("国\u202e\u2028\u0085\ufeff \ufffd \xff\xfe \xe5\x9b 👍"), int64(999), int64(1)<<40)
	f.Add([]byte("12345678\"1234567\x7f123456\xc3\xa9"), int64(1e12), int64(255))
	var e Encoder
	f.Fuzz(func(t *testing.T, text []byte, ms, offset int64) {
		if ms < -1e13 || ms > 1e14 || offset < 0 { // years of more than four digits are none of a log
			t.Skip()
		}
		in := &analyze.Input{Path: string(text), Zone: time.UTC}
		r := sampleRecord()
		r.Time, r.Offset, r.Text, r.OperationType, r.UserID, r.Memo = ms, offset, text, text, text, text
		r.Exceptions = []parser.Exception{{Class: text, Message: text, Frame: text}}
		line := e.Append(nil, in, r)
		var got exported
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		want := valid(text)
		for _, s := range []string{got.File, got.OperationType, got.UserID, got.Memo, got.Exception[0]["class"]} {
			if s != want {
				t.Errorf("%q came back as %q", want, s)
			}
		}
		at, err := time.Parse(time.RFC3339Nano, got.Time)
		if err != nil || at.UnixMilli() != ms {
			t.Errorf("%d is %q, %v", ms, got.Time, err)
		}
		if got.EventID != eventID(r) || got.Offset != offset || got.Line != r.Line {
			t.Errorf("event %s of %d, want %s", got.EventID, got.Offset, eventID(r))
		}
		if !utf8.Valid(line) {
			t.Errorf("%q is no UTF-8", line)
		}
		for _, c := range string(line[:len(line)-1]) {
			if c < ' ' || c == 0x7F || c >= 0x80 && unprintable(c) {
				t.Errorf("%q holds %U", line, c)
			}
		}
		// Byte by byte, without eight at a time, it is the same.
		if a, b := appendString(nil, text), slowString(text); !bytes.Equal(a, b) {
			t.Errorf("%q is %s, want %s", text, a, b)
		}
	})
}

// slowString is appendString, one character after the other.
func slowString(s []byte) []byte {
	b := []byte{'"'}
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case strings.ContainsRune("\n\r\t", r):
			b = append(b, '\\', map[rune]byte{'\n': 'n', '\r': 'r', '\t': 't'}[r])
		case r < ' ' || r == 0x7F || r >= 0x80 && unprintable(r):
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = utf8.AppendRune(b, r)
		}
		s = s[n:]
	}
	return append(b, '"')
}

// BenchmarkEncoder encodes one record of a digest and counts its text.
func BenchmarkEncoder(b *testing.B) {
	in := &analyze.Input{Path: "logs/gateway/gateway-page-digest.log", Zone: time.FixedZone("", 8*3600)}
	r := sampleRecord()
	var e Encoder
	var line []byte
	b.SetBytes(int64(len(r.Text)))
	b.ReportAllocs()
	for b.Loop() {
		r.Time++
		line = e.Append(line[:0], in, r)
	}
}
