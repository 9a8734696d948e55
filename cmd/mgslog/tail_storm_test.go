//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The storm of parser/source, with the program as the reader: its writer writes
// and rotates a log, "mgslog tail" follows it and is killed again and again, and
// each record must come, whole, in its place, and once if those with an
// event_id that was seen are dropped.

// tailStorm is what the writer is told; see parser/source/storm_test.go.
type tailStorm struct {
	Role      string
	Case      string
	Dir       string
	Parent    int
	Rotations int
	Every     [2]time.Duration
	Late      [2]time.Duration
	Chain     int
	Rate      int
	Poll      time.Duration
}

func TestTailStorm(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	writer := filepath.Join(t.TempDir(), "storm")
	if out, err := exec.Command("go", "test", "-buildvcs=false", "-c", "-o", writer, "../../parser/source").CombinedOutput(); err != nil {
		t.Fatalf("the writer is not built: %v\n%s", err, out)
	}
	var wg sync.WaitGroup
	for _, c := range []struct {
		name, what string
		every      [2]time.Duration
	}{
		{"a", "renamed", [2]time.Duration{20 * time.Millisecond, 60 * time.Millisecond}},
		{"c", "copied and truncated", [2]time.Duration{20 * time.Millisecond, 60 * time.Millisecond}},
		{"x", "renamed at high speed", [2]time.Duration{3 * time.Millisecond, 20 * time.Millisecond}},
	} {
		wg.Go(func() {
			t.Run(c.what, func(t *testing.T) {
				s := &tailStorm{
					Role: "writer", Case: c.name, Dir: t.ArtifactDir(), Parent: os.Getpid(),
					Rotations: 200, Every: c.every, Chain: 1000, Rate: 5000, // none is deleted
				}
				s.run(t, writer)
			})
		})
	}
	wg.Wait()
}

func (s *tailStorm) log() string    { return filepath.Join(s.Dir, "logs", "gateway-error.log") }
func (s *tailStorm) output() string { return filepath.Join(s.Dir, "output") } // where the writer looks what has come

func (s *tailStorm) run(t *testing.T, writer string) {
	if err := os.Mkdir(filepath.Dir(s.log()), 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // or it hangs
	defer cancel()
	role, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, writer)
	cmd.Env = append(os.Environ(), "MGSLOG_STORM_ROLE="+string(role))
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- cmd.Wait() }()

	runs := 0
	for done := false; !done; runs++ {
		tail, exited, err := s.tail(ctx)
		if err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-exited:
			t.Fatalf("mgslog ended by itself: %v", err)
		case err := <-written:
			if err != nil {
				t.Fatalf("writer: %v\n%s", err, said.String())
			}
			done = true
		case <-time.After(200*time.Millisecond + rand.N(1500*time.Millisecond)): // it saves each second
			tail.Process.Kill()
			<-exited
			continue
		}
		// The last run ends as a user ends it.
		s.awaitLast(ctx, t)
		tail.Process.Signal(syscall.SIGTERM)
		var exit *exec.ExitError
		if err := <-exited; !errors.As(err, &exit) || exit.ExitCode() != exitTerminated {
			t.Errorf("terminated, mgslog ended with %v", err)
		}
	}
	s.check(t, runs)
}

// tail starts the program, which goes on where the one before it was killed.
func (s *tailStorm) tail(ctx context.Context) (*exec.Cmd, <-chan error, error) {
	out, err := os.OpenFile(s.output(), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, nil, err
	}
	defer out.Close()
	data, err := io.ReadAll(out)
	if err != nil {
		return nil, nil, err
	}
	// The half of a line that a kill leaves is none.
	whole := int64(bytes.LastIndexByte(data, '\n') + 1)
	if err := out.Truncate(whole); err != nil {
		return nil, nil, err
	}
	if _, err := out.Seek(whole, io.SeekStart); err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, "mgslog", "tail", "-f", "-n", "all", "--all",
		"--state", filepath.Join(s.Dir, "state.json"), "--output", "json", s.log())
	cmd.Stdout = out
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	exited := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		if err != nil {
			err = fmt.Errorf("%w\n%s", err, said.String())
		}
		exited <- err
	}()
	return cmd, exited, nil
}

type tailStormManifest struct {
	Lines  int64
	Unread []int64
}

func (s *tailStorm) manifest(t *testing.T) (m tailStormManifest) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.Dir, "manifest.json"))
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// tailStormFirst returns the number of the first line of the event that a line
// belongs to, and how many lines the event has.
func tailStormFirst(seq int64) (first, lines int64) {
	const block, multi = 11, 4
	if at := seq % block; at >= block-multi {
		return seq - at + block - multi, multi
	}
	return seq, 1
}

// awaitLast waits until the last event is in the output.
func (s *tailStorm) awaitLast(ctx context.Context, t *testing.T) {
	t.Helper()
	first, _ := tailStormFirst(s.manifest(t).Lines - 1)
	last := fmt.Appendf(nil, " seq=%d ", first)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		data, err := os.ReadFile(s.output())
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data[max(len(data)-64<<10, 0):], last) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Errorf("the last event, %s, has not come", last)
			return
		}
	}
}

var tailStormMessage = regexp.MustCompile(`^ERROR \[t\] (seq=([0-9]+) part=1/([0-9])) crc=([0-9a-f]{8})( .*)$`)

// check compares what came with what was written.
func (s *tailStorm) check(t *testing.T, runs int) {
	out, err := os.Open(s.output())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	m := s.manifest(t)
	c := checkTailStorm(out, m)
	t.Logf("%d events in %d lines, %d runs: %d lost, %d lines on no file, %d repeats after kills",
		c.events, m.Lines, runs, c.lost, len(m.Unread), c.repeats)
	if len(c.faults) > 0 {
		t.Errorf("%d faults, such as\n%s", len(c.faults), strings.Join(c.faults[:min(len(c.faults), 20)], "\n"))
	}
}

type tailStormCheck struct {
	events, lost, repeats int
	faults                []string
}

func checkTailStorm(out io.Reader, m tailStormManifest) (c tailStormCheck) {
	fault := func(format string, args ...any) { c.faults = append(c.faults, fmt.Sprintf(format, args...)) }
	unread := map[int64]bool{}
	for _, seq := range m.Unread {
		unread[seq] = true
	}
	// An event is in doubt of which a line was on no file any more, or the line
	// behind it, since what follows that then seems to be of this event.
	doubtful := func(first, lines int64) bool {
		for seq := first; seq <= first+lines; seq++ {
			if unread[seq] {
				return true
			}
		}
		return false
	}
	var (
		ids  = map[string]string{} // to messages
		seen = map[int64]bool{}
		last = int64(-1)
		rows = bufio.NewReader(out)
	)
	for n := 1; ; n++ {
		row, err := rows.ReadBytes('\n')
		if err == io.EOF && len(row) == 0 {
			break
		}
		var r struct {
			Lines   int64
			Message string
			Cut     bool
			ID      string `json:"event_id"`
		}
		if err == nil {
			err = json.Unmarshal(row, &r)
		}
		if err != nil || r.ID == "" {
			fault("line %d: no record: %v: %.200q", n, err, row)
			continue
		}
		if message, ok := ids[r.ID]; ok {
			c.repeats++
			if message != r.Message {
				fault("line %d: event_id %s is that of another record: %.200q and %.200q", n, r.ID, message, r.Message)
			}
			continue
		}
		ids[r.ID] = r.Message
		p := tailStormMessage.FindStringSubmatch(r.Message)
		if p == nil && r.Cut {
			continue // it is counted as lost
		}
		if p == nil {
			fault("line %d: no event of the storm: %.200q", n, r.Message)
			continue
		}
		seq, err := strconv.ParseInt(p[2], 10, 64)
		first, lines := tailStormFirst(seq)
		if err != nil || seq != first || seq >= m.Lines || p[3] != strconv.FormatInt(lines, 10) {
			fault("line %d: no event of the storm: %.200q", n, r.Message)
			continue
		}
		// A long line is cut in the output.
		if sum := fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(p[1]+p[5]))); sum != p[4] && len(r.Message) < 4000 {
			if r.Cut && doubtful(first, lines) {
				continue // the copy ends within its line, and says so
			}
			fault("line %d: corrupt: %.200q", n, r.Message)
		}
		if r.Lines != lines && !doubtful(first, lines) {
			fault("line %d: event %d has %d lines, not %d", n, seq, r.Lines, lines)
		}
		if seen[seq] {
			fault("line %d: event %d doubled, after %d", n, seq, last)
			continue
		}
		seen[seq] = true
		if seq < last {
			fault("line %d: event %d after %d", n, seq, last)
		}
		last = max(last, seq)
	}
	for seq := int64(0); seq < m.Lines; c.events++ {
		first, lines := tailStormFirst(seq)
		if !seen[first] {
			c.lost++
			if !doubtful(first, lines) {
				fault("event %d lost", first)
			}
		}
		seq = first + lines
	}
	return c
}

// TestTailStormCheck holds that each kind of fault is found.
func TestTailStormCheck(t *testing.T) {
	row := func(id int, seq, lines int64) string {
		body := fmt.Sprintf("seq=%d part=1/%d", seq, lines)
		sum := crc32.ChecksumIEEE([]byte(body + " filler"))
		return fmt.Sprintf(`{"lines":%d,"message":"ERROR [t] %s crc=%08x filler","event_id":"%d"}`, lines, body, sum, id)
	}
	// 16 events of 22 lines.
	plain := func() (rows []string) {
		for seq := int64(0); seq < 22; {
			first, lines := tailStormFirst(seq)
			rows = append(rows, row(len(rows), first, lines))
			seq = first + lines
		}
		return rows
	}
	for _, c := range []struct {
		name   string
		edit   func(rows []string) []string
		unread []int64
		faults int
	}{
		{"nothing wrong", func(rows []string) []string { return rows }, nil, 0},
		{"repeats", func(rows []string) []string { return append(rows, rows[3:]...) }, nil, 0},
		{"one lost", func(rows []string) []string { return slices.Delete(rows, 3, 4) }, nil, 1},
		{"the last lost", func(rows []string) []string { return rows[:15] }, nil, 1},
		{"one lost that was on no file", func(rows []string) []string { return slices.Delete(rows, 3, 4) }, []int64{3}, 0},
		{"one doubled under another event_id", func(rows []string) []string { return append(rows, row(99, 3, 1)) }, nil, 1},
		{"an event_id twice", func(rows []string) []string { return slices.Replace(rows, 3, 4, row(2, 3, 1)) }, nil, 2},
		{"no event_id", func(rows []string) []string { return append(rows, `{"lines":1,"message":"x"}`) }, nil, 1},
		{"two swapped", func(rows []string) []string { return slices.Replace(rows, 3, 5, rows[4], rows[3]) }, nil, 1},
		{"corrupt", func(rows []string) []string {
			return slices.Replace(rows, 3, 4, strings.Replace(rows[3], "filler", "filter", 1))
		}, nil, 1},
		{"half a record", func(rows []string) []string {
			return slices.Replace(rows, 7, 8, strings.Replace(rows[7], `"lines":4`, `"lines":2`, 1))
		}, nil, 1},
		{"half a record, since the rest was on no file", func(rows []string) []string {
			return slices.Replace(rows, 7, 8, strings.Replace(rows[7], `"lines":4`, `"lines":2`, 1))
		}, []int64{9, 10}, 0},
		{"a record of continuation lines", func(rows []string) []string {
			return append(rows, `{"lines":1,"message":"\tat storm seq=8 part=2/4 crc=00000000 filler","event_id":"99"}`)
		}, nil, 1},
		{"half a line", func(rows []string) []string { return append(rows, rows[3][:20]) }, nil, 1},
		{"one that was never written", func(rows []string) []string { return append(rows, row(99, 22, 1)) }, nil, 1},
	} {
		got := checkTailStorm(strings.NewReader(strings.Join(c.edit(plain()), "\n")+"\n"), tailStormManifest{Lines: 22, Unread: c.unread})
		if len(got.faults) != c.faults || got.events != 16 {
			t.Errorf("%s: %d events, faults %q, want %d", c.name, got.events, got.faults, c.faults)
		}
	}
}
