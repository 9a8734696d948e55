package parser

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// item is all that a Decoder says of a record or a skipped line, as text, so
// that two runs can be compared.
func item(d *Decoder) string {
	if s := d.Skipped(); s != nil {
		return fmt.Sprintf("skipped %d @%d col %d %q: %v", s.Line, s.Offset, s.Column, s.Text, s.Err)
	}
	r := d.Record()
	var b strings.Builder
	fmt.Fprintf(&b, "%s line %d+%d @%d size %d time %d/%v code %s/%d by %s stress %v latency %d/%d cut %v odd %d\n", r.Format, r.Line,
		r.Lines, r.Offset, r.Size, r.Time, r.NoTime, r.Platform, r.Code, r.Evidence, r.Stress, r.LatencyMS, r.BackendMS, r.Cut, r.Irregular)
	for _, f := range [][]byte{
		r.TraceID, r.OperationType, r.AppID, r.WorkspaceID, r.ClientIP, r.UserID, r.DeviceID,
		r.ClientVersion, r.ClientOS, r.Level, r.Memo, r.Tips, r.Control, r.Head, r.Text,
	} {
		fmt.Fprintf(&b, " %q", f)
	}
	for _, e := range r.Exceptions {
		fmt.Fprintf(&b, "\n  %s: %s at %s", e.Class, e.Message, e.Frame)
	}
	return b.String()
}

// decodeChunks feeds data in pieces of the sizes that size gives and returns
// all items.
func decodeChunks(data []byte, opt Options, size func() int) []string {
	var items []string
	d := NewDecoder(opt)
	feedChunks(d, data, size, func() { items = append(items, item(d)) })
	return items
}

// feedChunks feeds data in pieces of the sizes that size gives and calls each
// with every item, before more is fed.
func feedChunks(d *Decoder, data []byte, size func() int, each func()) {
	for {
		for d.Next() {
			each()
		}
		if d.done {
			return
		}
		if len(data) == 0 {
			d.Finish()
			continue
		}
		n := copy(d.Buffer(), data[:min(len(data), max(1, size()))])
		d.Filled(n)
		data = data[n:]
	}
}

func whole() int { return 1 << 30 }

// testLogs returns the logs of testdata.
func testLogs(t testing.TB) map[string][]byte {
	t.Helper()
	logs := map[string][]byte{}
	for _, dir := range []string{"logs", "captures", "hostile", "generated", "demo"} {
		files, err := filepath.Glob("../testdata/" + dir + "/*")
		if err != nil || len(files) == 0 {
			t.Fatalf("no logs in %s: %v", dir, err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, ".jsonl") {
				continue
			}
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			logs[f] = data
		}
	}
	return logs
}

// TestChunks replays every log whole, in small and odd pieces and byte by
// byte: the items must be the same.
func TestChunks(t *testing.T) {
	for name, data := range testLogs(t) {
		data = data[:min(len(data), 100_000)]
		opt := Options{Lexicon: testLexicon(), Profile: Detect(data, name, testLexicon()), MaxRecord: 4096}
		want := decodeChunks(data, opt, whole)
		if len(data) > 0 && len(want) == 0 {
			t.Errorf("%s: no items", name)
		}
		for _, n := range []int{1, 2, 7, 4097} {
			if n < 7 && len(data) > 20_000 {
				continue
			}
			if got := decodeChunks(data, opt, func() int { return n }); !slices.Equal(got, want) {
				t.Errorf("%s: in pieces of %d: %s", name, n, firstDifference(got, want))
			}
		}
	}
}

func firstDifference(got, want []string) string {
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			g := "nothing"
			if i < len(got) {
				g = got[i]
			}
			return fmt.Sprintf("item %d is\n%s\nwant\n%s", i, g, want[i])
		}
	}
	return fmt.Sprintf("%d items, want %d", len(got), len(want))
}

// TestLineEnds replays logs with CRLF and without the last line end.
func TestLineEnds(t *testing.T) {
	strip := func(items []string) []string { // what line ends change: sizes and offsets
		out := make([]string, len(items))
		for i, s := range items {
			var keep []string
			for w := range strings.FieldsSeq(s) {
				if !strings.HasPrefix(w, "@") {
					keep = append(keep, w)
				}
			}
			out[i] = strings.Join(keep, " ")
		}
		return out
	}
	noSize := func(items []string) []string {
		out := strip(items)
		for i, s := range out {
			if _, rest, ok := strings.Cut(s, " size "); ok {
				_, rest, _ = strings.Cut(rest, " ")
				head, _, _ := strings.Cut(s, " size ")
				out[i] = head + " " + rest
			}
		}
		return out
	}
	n := 0
	for name, data := range testLogs(t) {
		if bytes.IndexByte(data, '\r') >= 0 || len(data) == 0 || bytes.IndexByte(data, 0) >= 0 {
			continue
		}
		n++
		opt := Options{Lexicon: testLexicon(), Profile: Detect(data, name, testLexicon())}
		want := noSize(decodeChunks(data, opt, whole))
		crlf := bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
		if got := noSize(decodeChunks(crlf, opt, whole)); !slices.Equal(got, want) {
			t.Errorf("%s: with CRLF: %s", name, firstDifference(got, want))
		}
		bare := bytes.TrimSuffix(data, []byte("\n"))
		if bytes.HasSuffix(bare, []byte("\n")) {
			continue // a blank last line more or less
		}
		if got := noSize(decodeChunks(bare, opt, whole)); !slices.Equal(got, want) {
			t.Errorf("%s: without the last line end: %s", name, firstDifference(got, want))
		}
	}
	if n < 10 {
		t.Errorf("only %d logs replayed", n)
	}
}

// TestReaderErrors holds that what was read before an error is delivered and
// that the error is reported.
func TestReaderErrors(t *testing.T) {
	broken := errors.New("disk gone")
	log := at + "ERROR resultCode=4001\n" + at + "ERROR resultCode=7003"
	r := NewReader(io.MultiReader(strings.NewReader(log), iotest.ErrReader(broken)), Options{Lexicon: testLexicon()})
	var codes []Code
	for rec := range r.Records() {
		codes = append(codes, rec.Code)
	}
	if !slices.Equal(codes, []Code{4001, 7003}) || !errors.Is(r.Err(), broken) {
		t.Errorf("codes %v, error %v", codes, r.Err())
	}
	r = NewReader(iotest.OneByteReader(strings.NewReader(log)), Options{Lexicon: testLexicon()})
	for r.Scan() {
	}
	if r.Err() != nil || r.Bytes() != int64(len(log)) || r.Lines() != 2 {
		t.Errorf("error %v, %d bytes, %d lines", r.Err(), r.Bytes(), r.Lines())
	}
	r = NewReader(stuck{}, Options{})
	for r.Scan() {
	}
	if !errors.Is(r.Err(), io.ErrNoProgress) {
		t.Errorf("a source that gives nothing: %v", r.Err())
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// TestAssembly holds which lines make a record.
func TestAssembly(t *testing.T) {
	digest := at + "- (/mgw.htm,response,Y,61ms,a.b.c,-,APP,default,1000,-,-,-,-,d,d,d,1.2.3.4,HTTP,JSON,2,2406,F," + trace + ",T,ANDROID,61,4,2.0)"
	spi := at + "- (a.b.c,P,1.0,36ms,Y,1000," + trace + ")"
	for _, c := range []struct {
		name, text string
		want       []string // "kind first+lines"
	}{
		{"empty", "", nil},
		{"one line, no line end", at + "x", []string{"stamped 1+1"}},
		{"trace", at + "x\n\tat a.b\n\nCaused by: c\n\t... 12 more\n" + at + "y\n", []string{"stamped 1+5", "stamped 6+1"}},
		{"starts inside a record", "\tat a.b\n\n" + at + "x\n", []string{"skipped 1", "skipped 2", "stamped 3+1"}},
		{"byte-order mark", "\ufeff" + at + "x\n", []string{"stamped 1+1"}},
		{"nuls before a record", "\x00\x00\x00" + at + "x\n\x00\x00" + at + "y\n", []string{"stamped 1+1", "stamped 2+1"}},
		{
			"stamps of all shapes", "2026-11-20 02:13:05 x\n2026-11-20T02:13:05.123456Z x\n[2026-11-20 02:13:05,123] x\n2026/11/20 02:13:05.1+08:00 x\n2026-11-20 02:13:05.123456+0800 x\n",
			[]string{"stamped 1+1", "stamped 2+1", "stamped 3+1", "stamped 4+1", "stamped 5+1"},
		},
		{
			"no stamps", "2026-13-20 02:13:05 x\n2026-02-30 02:13:05 x\n2026-11-20 24:00:00 x\n2026-11-20 02:13:050 x\n",
			[]string{"skipped 1", "skipped 2", "skipped 3", "skipped 4"},
		},
		{
			"digests and others mixed", digest + "\n" + spi + "\n" + at + "x\n\tat a\n" + digest + "\nstray\n",
			[]string{"gateway-page-digest 1+1", "page-digest 2+1", "stamped 3+2", "gateway-page-digest 5+1", "skipped 6"},
		},
	} {
		var got []string
		d := NewDecoder(Options{})
		feed(d, []byte(c.text), func() {
			if s := d.Skipped(); s != nil {
				got = append(got, fmt.Sprintf("skipped %d", s.Line))
			} else {
				got = append(got, fmt.Sprintf("%s %d+%d", d.Record().Format, d.Record().Line, d.Record().Lines))
			}
		})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestBounds holds that lines and records of any length take bounded memory,
// are cut where that is stated, and lose nothing of the count.
func TestBounds(t *testing.T) {
	const limit = 1000
	long := at + "resultCode=4001 " + strings.Repeat("x", 5_000_000) + "\n"
	many := at + "resultCode=7003\n" + strings.Repeat("\tat com.acme.Foo.bar(Foo.java:12)\n", 100_000)
	nuls := strings.Repeat("\x00", 3_000_000) + at + "resultCode=1002\n"
	text := long + many + nuls + at + "resultCode=1000\n"
	d := NewDecoder(Options{Lexicon: testLexicon(), MaxRecord: limit})
	var codes []Code
	var lines, size int64
	feed(d, []byte(text), func() {
		r := d.Record()
		codes = append(codes, r.Code)
		lines += r.Lines
		size += r.Size
		if len(r.Text) > limit || r.Cut != (r.Code == 4001 || r.Code == 7003) {
			t.Errorf("code %d: %d bytes kept, cut %v", r.Code, len(r.Text), r.Cut)
		}
	})
	if want := []Code{4001, 7003, 1002, 1000}; !slices.Equal(codes, want) {
		t.Errorf("codes %v, want %v", codes, want)
	}
	if lines != 100_004 || size+d.NULs() != int64(len(text)) || d.NULs() != 3_000_000 {
		t.Errorf("%d lines, %d bytes, %d NULs of %d bytes", lines, size, d.NULs(), len(text))
	}
	if n := cap(d.split.buf) + cap(d.own.text); n > readSize+4*limit {
		t.Errorf("%d bytes of buffers", n)
	}
}

// checkAccount holds what every input must satisfy: each line is in exactly
// one item, in order, and pieces change nothing.
func checkAccount(t *testing.T, data []byte, opt Options, pieces uint64) {
	t.Helper()
	d := NewDecoder(opt)
	if d.merge != nil {
		checkMerged(t, data, opt)
		checkPieces(t, data, opt, pieces)
		return
	}
	next := int64(1)
	feed(d, data, func() {
		if s := d.Skipped(); s != nil {
			if s.Line != next || s.Err == nil || s.Column < 1 {
				t.Fatalf("skipped line %d column %d %v, want line %d", s.Line, s.Column, s.Err, next)
			}
			next++
			return
		}
		r := d.Record()
		if r.Line != next || r.Lines < 1 || len(r.Text) > opt.MaxRecord && opt.MaxRecord > 0 {
			t.Fatalf("record at line %d with %d lines, %d bytes; want line %d", r.Line, r.Lines, len(r.Text), next)
		}
		if (r.Code == NoCode) != (r.Evidence == NoEvidence) || r.Code < NoCode {
			t.Fatalf("code %d by %q", r.Code, r.Evidence)
		}
		next += r.Lines
	})
	if next != d.Lines()+1 {
		t.Fatalf("items up to line %d, %d lines", next-1, d.Lines())
	}
	checkPieces(t, data, opt, pieces)
}

// checkPieces holds that pieces change nothing.
func checkPieces(t *testing.T, data []byte, opt Options, pieces uint64) {
	t.Helper()
	want := decodeChunks(data, opt, whole)
	state := pieces
	got := decodeChunks(data, opt, func() int {
		state = state*6364136223846793005 + 1442695040888963407
		return int(state>>33)%40 + 1
	})
	if !slices.Equal(got, want) {
		t.Fatalf("in pieces: %s", firstDifference(got, want))
	}
}

// checkMerged holds the same for a client's log, where a record may have lines
// of several places: items begin in order, and their lines are all lines.
func checkMerged(t *testing.T, data []byte, opt Options) {
	t.Helper()
	last, lines := int64(0), int64(0)
	d := NewDecoder(opt)
	feed(d, data, func() {
		at := int64(0)
		if s := d.Skipped(); s != nil {
			if at = s.Line; s.Err == nil || s.Column < 1 {
				t.Fatalf("skipped line %d column %d %v", s.Line, s.Column, s.Err)
			}
			lines++
		} else {
			r := d.Record()
			if at = r.Line; r.Lines < 1 || len(r.Text) > opt.MaxRecord && opt.MaxRecord > 0 {
				t.Fatalf("record at line %d with %d lines, %d bytes", r.Line, r.Lines, len(r.Text))
			}
			if (r.Code == NoCode) != (r.Evidence == NoEvidence) || r.Code < NoCode {
				t.Fatalf("code %d by %q", r.Code, r.Evidence)
			}
			lines += r.Lines
		}
		if at <= last {
			t.Fatalf("an item at line %d behind one at line %d", at, last)
		}
		last = at
	})
	if lines != d.Lines() {
		t.Fatalf("items of %d lines, %d lines", lines, d.Lines())
	}
}

// seed adds the beginnings of the test logs to a fuzz target's corpus.
func seed(f *testing.F, want func(name string) bool) {
	n := 0
	for name, data := range testLogs(f) {
		if want(name) {
			f.Add(data[:min(len(data), 3000)], uint64(n))
			n++
		}
	}
	if n == 0 {
		f.Fatal("no seeds")
	}
}

func FuzzGatewayDigest(f *testing.F) { fuzzFormat(f, "gateway-page-digest", GatewayDigest) }
func FuzzSPIDigest(f *testing.F)     { fuzzFormat(f, "spi", SPIDigest) }
func FuzzStamped(f *testing.F)       { fuzzFormat(f, "", Stamped) }
func FuzzAuto(f *testing.F)          { fuzzFormat(f, "", Unknown) }

func FuzzCapture(f *testing.F)    { fuzzFormat(f, "", Capture) }
func FuzzLogcat(f *testing.F)     { fuzzFormat(f, "log", Logcat) }
func FuzzIOSConsole(f *testing.F) { fuzzFormat(f, "ios", IOSConsole) }

func fuzzFormat(f *testing.F, part string, format Format) {
	seed(f, func(name string) bool { return strings.Contains(name, part) })
	f.Fuzz(func(t *testing.T, data []byte, pieces uint64) {
		opt := Options{Format: format, Lexicon: testLexicon(), MaxRecord: 2000}
		if pieces%2 == 0 {
			opt.Modified = time.Unix(int64(pieces%2e9), 0)
		}
		if format == Unknown {
			opt.Profile = Detect(data, "", testLexicon())
		}
		checkAccount(t, data, opt, pieces)
	})
}

// TestFree holds that what is read next is put at a multiple of 64 bytes, where there
// is room, and that nothing of what is there is lost.
func TestFree(t *testing.T) {
	s := newSplitter(1<<10, 1<<10, 0)
	var got []byte
	want := bytes.Repeat([]byte("0123456789\n"), 5000)
	for rest := want; ; {
		free := s.free()
		if place := cap(s.buf) - cap(free); place%64 != 0 && place < len(s.buf)/2 {
			t.Fatalf("%d bytes go to %d", len(free), place)
		}
		n := copy(free[:min(len(free), 1000)], rest)
		rest = rest[n:]
		s.fill(n)
		for l := (line{}); s.next(&l, len(rest) == 0); {
			got = append(append(got, l.text...), '\n')
		}
		if len(rest) == 0 {
			break
		}
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d are left, or others", len(got), len(want))
	}
}
