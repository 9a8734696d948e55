package parser

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// combination is what records of one Group have in common.
type combination struct {
	platform                  Platform
	code                      Code
	evidence                  Evidence
	operationType, app, space string
}

// checkFast holds that digestFast, Briefs and the way for all lines read the same.
// It returns how many lines digestFast has read.
func checkFast(t *testing.T, data []byte, opt Options) (fast int) {
	t.Helper()
	plain, quick, brief := NewDecoder(opt), NewDecoder(opt), inBrief{t: t, Decoder: NewDecoder(opt)}
	all := []*Decoder{plain, quick, brief.Decoder}
	var groups [2]map[uint64]combination
	rest := data
	for {
		plain.inFast = false
		more := plain.Next()
		if got := quick.Next(); got != more {
			t.Fatalf("%q: an item: %v, want %v", data, got, more)
		}
		if got := brief.Next(); got != more {
			t.Fatalf("%q: an item in brief: %v, want %v", data, got, more)
		}
		if more {
			want := snapshot(plain)
			for i, got := range []Record{snapshot(quick), brief.now} {
				if got.Group != 0 {
					if i == 0 {
						fast++
					}
					if groups[i] == nil {
						groups[i] = map[uint64]combination{}
					}
					c := combination{got.Platform, got.Code, got.Evidence, string(got.OperationType), string(got.AppID), string(got.WorkspaceID)}
					if known, ok := groups[i][got.Group]; ok && known != c {
						t.Fatalf("group %d: %v and %v", got.Group, known, c)
					}
					groups[i][got.Group] = c
					got.Group = 0
				}
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("%d: %q:\n%+v, want\n%+v", i, got.Text, got, want)
				}
			}
			continue
		}
		for _, d := range all[1:] {
			if plain.Lines() != d.Lines() || plain.NULs() != d.NULs() {
				t.Fatalf("%d lines and %d NULs, want %d and %d", d.Lines(), d.NULs(), plain.Lines(), plain.NULs())
			}
		}
		if plain.done {
			return fast
		}
		n := min(len(rest), 5000)
		for _, d := range all {
			n = min(n, len(d.Buffer()))
		}
		for _, d := range all {
			d.Filled(copy(d.Buffer(), rest[:n]))
		}
		if rest = rest[n:]; len(rest) == 0 {
			for _, d := range all {
				d.Finish()
			}
		}
	}
}

// inBrief reads by Briefs what can be read by them, some at a time, and else as
// Next does.
type inBrief struct {
	*Decoder
	t     *testing.T
	list  []Brief
	at    int
	limit int
	now   Record
}

func (b *inBrief) Next() bool {
	if b.at == len(b.list) {
		b.limit = b.limit%50 + 7
		b.list, b.at = b.Briefs(b.limit), 0
	}
	if b.at == len(b.list) {
		if !b.Decoder.Next() {
			return false
		}
		b.now = snapshot(b.Decoder)
		return true
	}
	r, x := *b.BriefRecord(b.at), b.list[b.at]
	b.at++
	host, made, traced := SplitTraceID(r.TraceID)
	if want := (Brief{r.Time, made, r.Group, int32(r.LatencyMS), int32(r.BackendMS), host, traced, r.Stress, r.Success}); x != want {
		b.t.Fatalf("%q: %+v, want %+v", r.Text, x, want)
	}
	b.now = r
	return true
}

// snapshot returns the current item as a record; of a skipped line, its place
// and its reason.
func snapshot(d *Decoder) Record {
	if s := d.Skipped(); s != nil {
		return Record{Line: s.Line, Offset: s.Offset, Lines: int64(s.Column), Text: s.Whole, Layout: fmt.Sprint(s.Err)}
	}
	r := *d.Record()
	r.Exceptions = slices.Clip(append([]Exception(nil), r.Exceptions...))
	return r
}

// spellings are digest lines of all editions, each followed by two of its kind
// that differ in what is counted.
func spellings() string {
	var b strings.Builder
	for _, line := range []string{
		digest2021,
		strings.Replace(digest2021, "61ms", "61 ms", 1),
		strings.Replace(digest2021, "61ms", "61", 1),
		strings.Replace(digest2021, "61ms", "-", 1),
		strings.Replace(digest2021, "61ms", "1234567ms", 1),
		strings.Replace(digest2021, "223.104.210.136", "223.104.XXX.XXX", 1),
		strings.Replace(digest2021, ",84EFA9A281942,default,", ",-,,", 1),
		strings.Replace(digest2021, "alipay.mcdp.space.initSpaceInfo", strings.Repeat("a.b", 300), 1),
		strings.Replace(digest2021, "alipay.mcdp.space.initSpaceInfo", "a,b", 1),
		strings.Replace(digest2021, ",JSON,", ",JSON,x,", 1),
		strings.Replace(digest2021, ",JSON,", ",", 1),
		strings.Replace(digest2021, ",1000,", ",-,", 1),
		strings.Replace(digest2021, ",61,4,2.0)", ",-,4,2.0)\r", 1),
		strings.Replace(digest2021, "ANDROID", strings.Repeat("ANDROID", 20), 1),
		strings.Replace(digest2021, "2.0)", "2.0.0.0.0.0)", 1),
	} {
		b.WriteString(line + "\n")
		b.WriteString(strings.NewReplacer(",008", ",119", "61", "7").Replace(line) + "\n")
		b.WriteString(strings.NewReplacer(":08,", ":09,", ",Y,", ",N,", ",1000,", ",4001,").Replace(line) + "\n")
	}
	return b.String()
}

// TestDigestFast changes each byte of a digest line to others that mean
// something there, and holds both ways equal.
func TestDigestFast(t *testing.T) {
	for i, opt := range []Options{{}, {Lean: true}, {Format: GatewayDigest}, {Format: SPIDigest}, {MaxRecord: 100}} {
		n := checkFast(t, []byte(strings.Repeat(spellings(), 3)), opt)
		if usual := opt.Format != SPIDigest && opt.MaxRecord == 0; usual && n < 40 || !usual && n > 0 {
			t.Errorf("options %d: %d lines read the fast way", i, n)
		}
	}
	var data []byte
	for i := range digest2021 {
		for _, c := range []byte(",-() :.Tx19\x00\xff\r\n") {
			line := []byte(digest2021)
			line[i] = c
			data = append(data, bytes.Join([][]byte{[]byte(digest2021), line, line, []byte(digest2021), nil}, []byte("\n"))...)
		}
	}
	for _, lean := range []bool{true, false} {
		if n := checkFast(t, data, Options{Lean: lean}); n < 8000 {
			t.Errorf("%d lines read the fast way", n)
		}
	}
}

// TestDigestGroups holds that groups are told apart where there are more than
// are remembered, and that only the last of them come again.
func TestDigestGroups(t *testing.T) {
	var b bytes.Buffer
	for i := range 2*GroupLimit + 100 {
		for range 2 {
			b.WriteString(strings.Replace(digest2021, "initSpaceInfo", fmt.Sprint("x", i), 1) + "\n")
		}
	}
	if n := checkFast(t, b.Bytes(), Options{}); n < 3*GroupLimit {
		t.Errorf("%d lines read the fast way", n)
	}
	last := uint64(0)
	d := NewDecoder(Options{})
	feed(d, b.Bytes(), func() {
		g := d.Record().Group
		if g == 0 {
			return
		}
		if g/GroupLimit < last/GroupLimit {
			t.Fatalf("group %d behind %d", g, last)
		}
		last = g
	})
	if last/GroupLimit != 3 {
		t.Errorf("the last group is %d", last)
	}
}

// FuzzDigestFast holds both ways equal on anything.
func FuzzDigestFast(f *testing.F) {
	for line := range strings.Lines(spellings()) {
		f.Add([]byte(line), true)
		f.Add([]byte(line+line), false)
	}
	f.Add([]byte(spellings()), true)
	f.Fuzz(func(t *testing.T, data []byte, lean bool) {
		first := append([]byte(digest2021+"\n"), data...)
		checkFast(t, append(first, data...), Options{Lean: lean, MaxRecord: 4096})
	})
}
