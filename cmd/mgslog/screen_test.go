package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hinshun/vt10x"
)

// emulator is a terminal, with the line discipline in front of it.
type emulator struct {
	vt10x.Terminal
	writes int
}

func newEmulator(width, height int) *emulator {
	return &emulator{Terminal: vt10x.New(vt10x.WithSize(width, height))}
}

func (e *emulator) Write(b []byte) (int, error) {
	e.writes++
	if _, err := e.Terminal.Write(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// rows returns what is on the screen, without trailing blanks.
func (e *emulator) rows() []string {
	width, height := e.Size()
	var rows []string
	for y := range height {
		var row strings.Builder
		for x := range width {
			if c := e.Cell(x, y).Char; c >= ' ' {
				row.WriteRune(c)
			} else {
				row.WriteByte(' ')
			}
		}
		rows = append(rows, strings.TrimRight(row.String(), " "))
	}
	return rows
}

// TestScreenFrames draws frames on terminals of many sizes and looks at what is
// on them: the last lines that were printed, wrapped by the terminal, the
// status, and nothing else.
func TestScreenFrames(t *testing.T) {
	for width := 1; width <= 200; width++ {
		height := 1 + width%30
		rng := rand.New(rand.NewPCG(uint64(width), 1))
		vt := newEmulator(width, height)
		s := newScreen(vt, vt.Size)
		var printed []string // rows
		scrolled := 0        // of these, rows that have left the screen
		for frame := range 25 {
			var lines []byte
			for range rng.IntN(4) {
				line := fmt.Sprintf("%d:%s", frame, strings.Repeat("x", rng.IntN(width+30)))
				lines = append(append(lines, line...), '\n')
				for len(line) > width {
					printed, line = append(printed, line[:width]), line[width:]
				}
				printed = append(printed, line)
			}
			var status []string
			for i := range rng.IntN(12) {
				status = append(status, strings.Repeat(string(rune('a'+(frame+i)%26)), 1+rng.IntN(width)))
			}
			before := vt.writes
			if err := s.Print(lines, status); err != nil {
				t.Fatal(err)
			}
			if vt.writes > before+1 {
				t.Fatalf("%dx%d: %d writes for a frame", width, height, vt.writes-before)
			}
			status = status[:min(len(status), height-1)]
			checkScreen(t, vt, printed, status, &scrolled)
		}
		if err := s.Clear(); err != nil {
			t.Fatal(err)
		}
		checkScreen(t, vt, printed, nil, &scrolled)
	}
}

// checkScreen wants the end of what was printed and the status below it, and
// the cursor where the status begins. What has scrolled away does not come back.
func checkScreen(t *testing.T, vt *emulator, printed, status []string, scrolled *int) {
	t.Helper()
	width, height := vt.Size()
	want := append(append([]string(nil), printed...), status...)
	if len(status) == 0 {
		want = append(want, "") // where the cursor is
	}
	*scrolled = max(*scrolled, len(want)-height)
	want = want[*scrolled:]
	at := len(want) - max(len(status), 1)
	got := vt.rows()
	want = append(want, make([]string, height-len(want))...)
	if !slices.Equal(got, want) {
		t.Fatalf("%dx%d: got\n%s\nwant\n%s", width, height, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if c := vt.Cursor(); c.X != 0 || c.Y != at {
		t.Fatalf("%dx%d: cursor at %d,%d, want 0,%d", width, height, c.X, c.Y, at)
	}
	if !vt.CursorVisible() || vt.Mode()&vt10x.ModeWrap == 0 {
		t.Fatalf("%dx%d: cursor visible %v, wrapping %v", width, height, vt.CursorVisible(), vt.Mode()&vt10x.ModeWrap != 0)
	}
}

// TestScreenResize changes the size between the frames, and between a frame's
// question for the size and its Write.
func TestScreenResize(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 2))
		resize := func(vt *emulator) { vt.Resize(1+rng.IntN(200), 1+rng.IntN(40)) }
		vt := newEmulator(80, 24)
		late := false
		s := newScreen(vt, func() (int, int) {
			width, height := vt.Size()
			if late {
				resize(vt)
			}
			return width, height
		})
		for frame := range 40 {
			late = rng.IntN(4) == 0
			if rng.IntN(2) == 0 {
				resize(vt)
			}
			width, height := vt.Size()
			var status []string
			for i := range 1 + rng.IntN(10) {
				status = append(status, fit(fmt.Sprintf("status %d.%d %s", frame, i, strings.Repeat("s", width)), width))
			}
			if err := s.Print(fmt.Appendf(nil, "line %d\n", frame), status); err != nil {
				t.Fatal(err)
			}
			if width2, height2 := vt.Size(); late && (width2 != width || height2 < height) {
				continue // the next frame repairs it
			}
			status = status[:min(len(status), height-1)]
			c := vt.Cursor()
			if c.X != 0 {
				t.Fatalf("seed %d, frame %d: cursor at column %d", seed, frame, c.X)
			}
			rows := vt.rows()
			for i, row := range rows {
				if at := i - c.Y; at >= 0 && at < len(status) {
					if row != status[at] {
						t.Fatalf("seed %d, frame %d, %dx%d: row %d is %q, want %q", seed, frame, width, height, i, row, status[at])
					}
				} else if strings.HasPrefix(row, "st") {
					t.Fatalf("seed %d, frame %d, %dx%d: an old status in row %d:\n%s", seed, frame, width, height, i, strings.Join(rows, "\n"))
				}
			}
			if above := c.Y - 1; above >= 0 && width >= 10 && rows[above] != fmt.Sprintf("line %d", frame) {
				t.Fatalf("seed %d, frame %d: %q above the status", seed, frame, rows[above])
			}
		}
		if err := s.Clear(); err != nil {
			t.Fatal(err)
		}
		if rows := vt.rows(); strings.Contains(strings.Join(rows[vt.Cursor().Y:], ""), "s") || vt.Cursor().X != 0 {
			t.Fatalf("seed %d: not clear:\n%s", seed, strings.Join(rows, "\n"))
		}
	}
}

func fit(s string, width int) string { return strings.TrimRight(s[:min(len(s), width)], " ") }

// TestScreenBytes holds what is written to the byte, and that it is no more than
// needed.
func TestScreenBytes(t *testing.T) {
	var out bytes.Buffer
	width := 80
	s := newScreen(&out, func() (int, int) { return width, 24 })
	for _, tc := range []struct {
		name, lines string
		status      []string
		want        string
	}{
		{"nothing", "", nil, ""},
		{"lines alone", "a\nb\n", nil, "a\nb\n"},
		{"a status", "", []string{"s", "t", "u"}, "\x1b[?7ls\nt\nu\r\x1b[2A\x1b[?7h"},
		{"the same", "", []string{"s", "t", "u"}, ""},
		{"lines above it", "c\n", []string{"s"}, "\r\x1b[Jc\n\x1b[?7ls\r\x1b[?7h"},
		{"a line without its end", "d", []string{"s"}, "\r\x1b[Jd\n\x1b[?7ls\r\x1b[?7h"},
		{"no status", "", nil, "\r\x1b[J"},
	} {
		out.Reset()
		if err := s.Print([]byte(tc.lines), tc.status); err != nil || out.String() != tc.want {
			t.Errorf("%s: got %q, %v, want %q", tc.name, out.String(), err, tc.want)
		}
	}
	out.Reset()
	if err := s.Clear(); err != nil || out.Len() > 0 {
		t.Errorf("clear without a status: %q, %v", out.String(), err)
	}
	if err := s.Print(nil, []string{"s"}); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	width = 40
	if err := s.Print(nil, []string{"s"}); err != nil || out.Len() == 0 {
		t.Errorf("nothing is drawn in a new size: %v", err)
	}
	full := newScreen(brokenTerminal{}, func() (int, int) { return 0, 0 })
	if full.Print([]byte("x\n"), []string{"s"}) == nil || full.Clear() == nil {
		t.Error("no error from a terminal that is gone")
	}
}

type brokenTerminal struct{}

func (brokenTerminal) Write([]byte) (int, error) { return 0, errors.New("input/output error") }
