//go:build unix

package source_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The lines of the storm are numbered. A block of eight events has eleven
// lines: the eighth event is of four, of which only the first has a stamp.
const (
	stormBlock = 11
	stormParts = 4
)

var (
	stormStart  = time.Date(2026, 11, 22, 2, 13, 8, 1e6, time.UTC)
	stormFiller = strings.Repeat("the_quick_brown_fox_jumps_over_the_lazy_dog_0123456789_", 200)
)

// stormEvent returns the place of a line in its event, from 1, and the number
// of the event's lines.
func stormEvent(seq int64) (part, parts int) {
	if at := int(seq % stormBlock); at >= stormBlock-stormParts {
		return at - (stormBlock - stormParts) + 1, stormParts
	}
	return 1, 1
}

// appendStormLine appends the line with that number and its line end. All of it
// follows from the number, so that a reader's line can be compared as a whole;
// the checksum is for who sees only a part of it.
func appendStormLine(b []byte, seq int64) []byte {
	part, parts := stormEvent(seq)
	if part == 1 {
		b = stormStart.Add(time.Duration(seq/5)*time.Millisecond).AppendFormat(b, "2006-01-02 15:04:05,000")
		b = append(b, " ERROR [t] "...)
	} else {
		b = append(b, "\tat storm "...)
	}
	// Lengths differ, and now and then a line is longer than a page: such a write
	// can be seen half done.
	length := 20 + int(seq*7919%180)
	if seq%997 == 0 {
		length = 9000
	}
	body := make([]byte, 0, 64+length)
	body = append(body, "seq="...)
	body = strconv.AppendInt(body, seq, 10)
	body = append(body, " part="...)
	body = strconv.AppendInt(body, int64(part), 10)
	body = append(body, '/')
	body = strconv.AppendInt(body, int64(parts), 10)
	id := len(body)
	body = append(body, ' ')
	body = append(body, stormFiller[seq%50:][:length]...)
	b = append(b, body[:id]...)
	b = fmt.Appendf(b, " crc=%08x", crc32.ChecksumIEEE(body))
	b = append(b, body[id:]...)
	return append(b, '\n')
}

// stormSeq returns the number of a line without its line end, false if it is
// not, to the byte, the line that the number stands for.
func stormSeq(line []byte, scratch *[]byte) (int64, bool) {
	_, rest, ok := bytes.Cut(line, []byte("seq="))
	digits, _, ok2 := bytes.Cut(rest, []byte(" "))
	seq, err := strconv.ParseInt(string(digits), 10, 64)
	if !ok || !ok2 || err != nil || seq < 0 {
		return 0, false
	}
	*scratch = appendStormLine((*scratch)[:0], seq)
	return seq, bytes.Equal(line, (*scratch)[:len(*scratch)-1])
}

// A stormManifest is what the writer says it did.
type stormManifest struct {
	Lines     int64   // numbered from 0
	Rotations int     // done
	Unread    []int64 // lines that were on no file any more and had not been delivered by then
}

// A stormCount is what became of the lines of a manifest.
type stormCount struct {
	Lines      int64
	Rotations  int
	Unread     int // what Unread names
	Lost       int // never delivered
	Avoidable  int // of these, what Unread does not name
	Doubled    int
	Corrupt    int
	Disordered int
	Misplaced  int // with another offset or number than the line before it tells
	Fragments  int // first parts of lines whose rest is on no file
	Repeats    int // delivered again after a kill since nothing had been saved after them
	Runs       int
	Notices    map[string]int
	Examples   []string // of what is wrong
}

// faults are those of a reader that must make none. Lines on no file any more
// cannot be asked of it.
func (c *stormCount) faults() int {
	return c.Avoidable + c.Doubled + c.Corrupt + c.Disordered + c.Misplaced + c.Notices["gap"]
}

func (c *stormCount) example(format string, args ...any) {
	if len(c.Examples) < 20 {
		c.Examples = append(c.Examples, fmt.Sprintf(format, args...))
	}
}

// A reader's output has a line for each line that it delivered,
//
//	GENERATION OFFSET NUMBER FLAG LINE
//
// with the flag "u" for an unterminated line, "c" for one that was cut, and "-",
// generation 0 being that of a reader that does not tell places, and lines that
// begin with "#": "# run" begins a process, "# saved" says that
// what this process has delivered will not come again, "# notice KIND …" passes on what
// the reader was told.

// checkStorm compares a reader's output with the manifest.
func checkStorm(out io.Reader, m *stormManifest) (*stormCount, error) {
	c := &stormCount{Lines: m.Lines, Rotations: m.Rotations, Unread: len(m.Unread), Notices: map[string]int{}}
	unread := make(map[int64]bool, len(m.Unread))
	for _, seq := range m.Unread {
		unread[seq] = true
	}
	type place struct{ offset, number int64 }
	var (
		seen    = make([]bool, m.Lines)
		last    = int64(-1)
		next    = map[uint64]place{}   // by generation, in this run
		unsaved = map[int64]struct{}{} // delivered since the last save
		again   = map[int64]struct{}{} // may be delivered again in this run
		scratch []byte
	)
	r := bufio.NewReaderSize(out, 64<<10)
	for n := 1; ; n++ {
		row, err := r.ReadBytes('\n')
		if err == io.EOF && len(row) == 0 {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("output line %d: %w", n, err)
		}
		row = row[:len(row)-1]
		if note, ok := bytes.CutPrefix(row, []byte("# ")); ok {
			switch what, rest, _ := strings.Cut(string(note), " "); what {
			case "run":
				c.Runs++
				clear(next)
				again = maps.Clone(unsaved)
			case "saved":
				unsaved = maps.Clone(again) // what has not come again yet is not in it
			case "notice":
				kind, _, _ := strings.Cut(rest, " ")
				c.Notices[kind]++
				if kind == "gap" || kind == "trouble" {
					c.example("output line %d: %s", n, rest)
				}
			default:
				return nil, fmt.Errorf("output line %d: %q", n, row)
			}
			continue
		}
		f := bytes.SplitN(row, []byte(" "), 5)
		if len(f) < 5 {
			return nil, fmt.Errorf("output line %d: %q", n, row)
		}
		generation, err1 := strconv.ParseUint(string(f[0]), 10, 64)
		offset, err2 := strconv.ParseInt(string(f[1]), 10, 64)
		number, err3 := strconv.ParseInt(string(f[2]), 10, 64)
		if err1 != nil || err2 != nil || err3 != nil {
			return nil, fmt.Errorf("output line %d: %q", n, row)
		}
		flag, line := string(f[3]), f[4]

		if p, ok := next[generation]; ok && generation > 0 && (p.offset != offset || p.number != 0 && number != 0 && p.number != number) {
			c.Misplaced++
			c.example("output line %d: line %d of generation %d at %d, not %d at %d", n, number, generation, offset, p.number, p.offset)
		}
		p := place{offset: offset + int64(len(line)) + 1}
		if flag == "u" {
			p.offset-- // the line end is not its file's
		}
		if number != 0 {
			p.number = number + 1
		}
		next[generation] = p

		seq, ok := stormSeq(line, &scratch)
		if !ok && flag == "u" && slices.ContainsFunc(m.Unread, func(seq int64) bool {
			scratch = appendStormLine(scratch[:0], seq)
			return bytes.HasPrefix(scratch, line)
		}) {
			c.Fragments++
			continue
		}
		if !ok || seq >= m.Lines {
			c.Corrupt++
			c.example("output line %d: corrupt, flag %s: %.200q", n, flag, line)
			continue
		}
		if _, ok := again[seq]; ok {
			c.Repeats++
			delete(again, seq)
			unsaved[seq] = struct{}{}
			continue
		}
		unsaved[seq] = struct{}{}
		if seen[seq] {
			c.Doubled++
			c.example("output line %d: seq %d doubled, after %d", n, seq, last)
			continue
		}
		seen[seq] = true
		if seq < last {
			c.Disordered++
			c.example("output line %d: seq %d after %d", n, seq, last)
		}
		last = max(last, seq)
	}
	first := int64(-1)
	for seq := range m.Lines + 1 {
		if seq < m.Lines && !seen[seq] {
			c.Lost++
			if !unread[seq] {
				c.Avoidable++
				if first < 0 {
					first = seq
				}
			}
			continue
		}
		if first >= 0 {
			c.example("lost from seq %d to before %d", first, seq)
			first = -1
		}
	}
	return c, nil
}

func readStormManifest(path string) (*stormManifest, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m := new(stormManifest)
	return m, json.Unmarshal(data, m)
}

// TestStormCheck holds that the checker finds each kind of fault, and that what
// is none is not counted as one.
func TestStormCheck(t *testing.T) {
	const lines = 200
	line := func(seq int64) string { return strings.TrimSuffix(string(appendStormLine(nil, seq)), "\n") }
	// plain is the output of a faultless reader, as rows; generations of 50 lines.
	plain := func() []string {
		rows := []string{"# run"}
		offset := 0
		for seq := range int64(lines) {
			if seq%50 == 0 {
				offset = 0
			}
			rows = append(rows, fmt.Sprintf("%d %d %d - %s", seq/50+1, offset, seq%50+1, line(seq)))
			offset += len(line(seq)) + 1
		}
		return rows
	}
	anywhere := plain()
	// Without places, which edits of the rows would upset.
	for i, row := range anywhere {
		if f := strings.SplitN(row, " ", 5); len(f) == 5 && f[0] != "#" {
			anywhere[i] = "0 0 0 - " + f[4]
		}
	}
	check := func(name string, rows []string, unread []int64, want stormCount) {
		t.Helper()
		got, err := checkStorm(strings.NewReader(strings.Join(rows, "\n")+"\n"), &stormManifest{Lines: lines, Unread: unread})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if bad := got.faults(); (bad == 0) != (len(got.Examples) == 0) {
			t.Errorf("%s: %d faults, and examples %q", name, bad, got.Examples)
		}
		want.Lines, want.Unread = lines, len(unread)
		if want.Runs == 0 {
			want.Runs = 1
		}
		got.Examples, want.Examples = nil, nil
		if want.Notices == nil {
			want.Notices = map[string]int{}
		}
		if fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, *got, want)
		}
	}
	// row returns the index of a line's row.
	row := func(seq int) int { return seq + 1 }
	edit := func(f func(rows []string) []string) []string { return f(slices.Clone(anywhere)) }
	again := func(seq int64) string { return "0 0 0 - " + line(seq) }

	check("nothing wrong", plain(), nil, stormCount{})
	check("no places", anywhere, nil, stormCount{})
	check("one lost", edit(func(rows []string) []string { return slices.Delete(rows, row(70), row(71)) }), nil, stormCount{Lost: 1, Avoidable: 1})
	check("the last lost", edit(func(rows []string) []string { return rows[:row(199)] }), nil, stormCount{Lost: 1, Avoidable: 1})
	check("one lost that was on no file, another that was",
		edit(func(rows []string) []string { return slices.Delete(rows, row(70), row(72)) }), []int64{70, 90},
		stormCount{Lost: 2, Avoidable: 1})
	check("all lost", []string{"# run"}, nil, stormCount{Lost: lines, Avoidable: lines})
	check("one doubled", edit(func(rows []string) []string { return slices.Insert(rows, row(9), again(3)) }), nil, stormCount{Doubled: 1})
	check("one doubled at once", edit(func(rows []string) []string { return slices.Insert(rows, row(3), again(3)) }), nil, stormCount{Doubled: 1})
	check("two swapped", edit(func(rows []string) []string {
		rows[row(7)], rows[row(8)] = rows[row(8)], rows[row(7)]
		return rows
	}), nil, stormCount{Disordered: 1})
	check("one byte changed", edit(func(rows []string) []string {
		rows[row(5)] = strings.Replace(rows[row(5)], "fox", "fix", 1)
		return rows
	}), nil, stormCount{Corrupt: 1, Lost: 1, Avoidable: 1})
	check("one cut", edit(func(rows []string) []string {
		rows[row(5)] = rows[row(5)][:len(rows[row(5)])-1]
		return rows
	}), nil, stormCount{Corrupt: 1, Lost: 1, Avoidable: 1})
	check("two in one", edit(func(rows []string) []string {
		rows[row(5)] += line(6)
		return slices.Delete(rows, row(6), row(7))
	}), nil, stormCount{Corrupt: 1, Lost: 2, Avoidable: 2})
	check("one that was never written", append(slices.Clone(anywhere), again(lines)), nil, stormCount{Corrupt: 1})
	unfinished := edit(func(rows []string) []string {
		rows[row(5)] = "0 0 0 u " + line(5)[:50]
		return rows
	})
	check("a fragment of a line on no file", unfinished, []int64{5}, stormCount{Fragments: 1, Lost: 1})
	check("a fragment of a line on file", unfinished, []int64{6}, stormCount{Corrupt: 1, Lost: 1, Avoidable: 1})
	check("another offset", func() []string {
		rows := plain()
		rows[row(20)] = "1 77 21 - " + line(20)
		return rows
	}(), nil, stormCount{Misplaced: 2})
	check("another number", func() []string {
		rows := plain()
		rows[row(20)] = strings.Replace(rows[row(20)], " 21 - ", " 22 - ", 1)
		return rows
	}(), nil, stormCount{Misplaced: 2})
	check("a gap told of", slices.Insert(slices.Clone(anywhere), row(9), "# notice gap x"), nil, stormCount{Notices: map[string]int{"gap": 1}})

	// Runs: lines 0 to 99, saved after the first 50, then again from `from`.
	runs := func(from int) []string {
		rows := slices.Clone(anywhere[:row(100)])
		rows = slices.Insert(rows, row(50), "# saved")
		return append(append(rows, "# run"), anywhere[row(from):]...)
	}
	check("repeats after a kill", runs(50), nil, stormCount{Repeats: 50, Runs: 2})
	check("fewer repeats than there may be", runs(80), nil, stormCount{Repeats: 20, Runs: 2})
	check("no repeats", runs(100), nil, stormCount{Runs: 2})
	check("a repeat of what was saved", runs(49), nil, stormCount{Repeats: 50, Doubled: 1, Runs: 2})
	check("a loss over a kill", runs(101), nil, stormCount{Lost: 1, Avoidable: 1, Runs: 2})
	check("killed twice", append(append(slices.Clone(anywhere[:row(100)]), "# run"), append(slices.Clone(anywhere[row(0):row(70)]),
		slices.Concat([]string{"# run"}, anywhere[row(0):])...)...), nil, stormCount{Repeats: 170, Runs: 3})
	check("saved between the repeats, and killed again", append(slices.Insert(runs(50)[:row(100)+2+20], row(100)+2+20, "# saved", "# run"), anywhere[row(70):]...),
		nil, stormCount{Repeats: 50, Runs: 3})
	check("repeated twice in one run", append(runs(50), again(60)), nil, stormCount{Repeats: 50, Doubled: 1, Runs: 2})

	// And any of them, anywhere.
	rng := rand.New(rand.NewPCG(5, 8))
	for range 200 {
		seq := rng.IntN(lines)
		rows := slices.Clone(anywhere)
		b := []byte(rows[row(seq)])
		at := len(b) - 1 - rng.IntN(len(line(int64(seq))))
		b[at] ^= 1 << rng.IntN(3)
		if b[at] == '\n' {
			continue
		}
		rows[row(seq)] = string(b)
		got, err := checkStorm(strings.NewReader(strings.Join(rows, "\n")+"\n"), &stormManifest{Lines: lines})
		if err != nil || got.faults() == 0 {
			t.Errorf("byte %d of seq %d changed, and nothing found: %v", at, seq, err)
		}
	}
	for _, bad := range []string{"1 0 0 -", "x 0 0 - " + line(0), "# what", "1 0 0 - " + line(0)[:9]} {
		if c, err := checkStorm(strings.NewReader(bad), &stormManifest{Lines: 1}); err == nil {
			t.Errorf("%q passes for output: %+v", bad, c)
		}
	}
}
