//go:build unix

package source_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mgslog/parser/source"
)

// The storm is the proof that a Follower loses nothing and repeats nothing: a
// writer in a process of its own writes numbered lines and rotates the log in
// every way that is known, a reader in another process delivers them to a file,
// and what is in that file is compared with what was written.
//
// go test takes some 200 rotations of each case; "make storm" takes a thousand,
// at the pace of real programs, and beside the Follower the readers that do not
// pass, and prints the table of all.

// stormVariable names the variable that tells a process its role.
const stormVariable = "MGSLOG_STORM_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(stormVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	cfg := new(stormConfig)
	err := json.Unmarshal([]byte(role), cfg)
	if err == nil {
		err = cfg.run()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s, case %s: %v\n", cfg.Role, cfg.Case, err)
		os.Exit(1)
	}
}

// stormConfig is what a process of a storm is told.
type stormConfig struct {
	Role      string
	Case      string
	Dir       string
	Parent    int // a process that is left alone ends
	Rotations int
	Every     [2]time.Duration // between two rotations
	Late      [2]time.Duration // for which the old file is written, or nothing is
	Chain     int              // rotated files that are kept
	Rate      int              // lines a second
	Poll      time.Duration
	Saved     bool // the writer waits for what the reader has saved, which a kill cannot take back
	Archived  bool // rotated files are compressed, but for the last one
	Blocked   bool // nobody takes now and then what the reader would deliver
}

func (c *stormConfig) path() string     { return filepath.Join(c.Dir, "logs", "gateway-error.log") }
func (c *stormConfig) output() string   { return filepath.Join(c.Dir, "output") }
func (c *stormConfig) state() string    { return filepath.Join(c.Dir, "state.json") }
func (c *stormConfig) manifest() string { return filepath.Join(c.Dir, "manifest.json") }

func (c *stormConfig) run() error {
	switch c.Role {
	case "writer":
		return writeStorm(c)
	case "mgslog":
		return followStorm(c, nil)
	case "mgslog with bell":
		return followStorm(c, source.NewBell())
	case "by name":
		return followByName(c)
	case "hpcloud inotify", "hpcloud poll":
		return followHpcloud(c, c.Role == "hpcloud poll")
	}
	return errors.New("no such role")
}

// A stormCase is a way of rotating, and of ending the reader.
type stormCase struct {
	name string // of its first letter: see writeStorm
	what string
}

var stormCases = []stormCase{
	{"a", "rename and create"},
	{"b", "rename, and the old file is written on"},
	{"c", "copytruncate under writes"},
	{"d", "delete and create"},
	{"e", "rename, and no file for a while"},
	{"f", "half a line, and its rest later"},
	{"g", "truncated, and at once longer than before"},
	{"h", "half a line, a rename, and its rest"},
	{"x", "rename and create every 3-20 ms"},
	{"a, blocked", "the same, and now and then nobody takes the lines"},
	{"c, blocked", "the same, and now and then nobody takes the lines"},
	{"a, stopped", "the same, and the reader stopped and started again"},
	{"c, stopped", "the same, and the reader stopped and started again"},
	{"a, killed", "the same, and the reader killed and started again"},
	{"c, killed", "the same, and the reader killed and started again"},
	{"x, killed", "the same, and the reader killed and started again"},
	{"a, archived, stopped", "the same, and rotated files are compressed"},
	{"a, archived, killed", "the same, and rotated files are compressed"},
	{"c, archived, killed", "the same, and copies are compressed"},
}

// end is the signal by which the reader is ended again and again, 0 for none.
func (c stormCase) end() syscall.Signal {
	switch {
	case strings.HasSuffix(c.name, "stopped"):
		return syscall.SIGTERM
	case strings.HasSuffix(c.name, "killed"):
		return syscall.SIGKILL
	}
	return 0
}

// A stormRow is a case with a reader, and what came of it.
type stormRow struct {
	stormCase
	reader string
	count  *stormCount
	spent  time.Duration // of processors, by the reader
	died   int
	err    error
}

// ours reports whether the reader must make no fault.
func (row *stormRow) ours() bool { return strings.HasPrefix(row.reader, "mgslog") }

// TestStorm holds that the Follower loses and repeats nothing, whatever is done
// to its file.
func TestStorm(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	rotations, err := strconv.Atoi(os.Getenv("MGSLOG_STORM"))
	full := err == nil && rotations > 0
	readers := []string{"mgslog", "mgslog with bell"}
	if full {
		readers = append(readers, "hpcloud inotify", "hpcloud poll", "by name")
	}
	var rows []*stormRow
	for _, c := range stormCases {
		for _, reader := range readers {
			if reader == "mgslog" || len(c.name) == 1 && (full || strings.Contains("ac", c.name)) {
				rows = append(rows, &stormRow{stormCase: c, reader: reader})
			}
		}
	}
	ctx := t.Context()
	if deadline, ok := t.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-10*time.Second))
		defer cancel()
	}
	var wg sync.WaitGroup
	places := make(chan struct{}, 4)
	for _, row := range rows {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			t.Run(row.name+"/"+row.reader, func(t *testing.T) {
				cfg := row.config(t.ArtifactDir()) // kept with -artifacts
				if full {
					row.slow(cfg, rotations)
				}
				row.err = row.run(ctx, cfg)
				row.judge(t)
			})
		})
	}
	wg.Wait()
	t.Log("\n" + stormTable(rows, readers))
}

// config is that of the quick storm: ten times as fast as programs rotate.
func (row *stormRow) config(dir string) *stormConfig {
	cfg := &stormConfig{
		Saved: row.end() == syscall.SIGKILL, Archived: strings.Contains(row.name, "archived"), Blocked: strings.Contains(row.name, "blocked"),
		Case: row.name[:1], Dir: dir, Parent: os.Getpid(), Rotations: 200, Rate: 5000, Chain: 30, Poll: 20 * time.Millisecond,
		Every: [2]time.Duration{20 * time.Millisecond, 60 * time.Millisecond},
		Late:  [2]time.Duration{10 * time.Millisecond, 60 * time.Millisecond},
	}
	switch cfg.Case {
	case "b", "e", "f", "h": // which wait as well
		cfg.Every = [2]time.Duration{10 * time.Millisecond, 30 * time.Millisecond}
	case "x": // many rotations between two looks
		cfg.Every = [2]time.Duration{3 * time.Millisecond, 20 * time.Millisecond}
		cfg.Chain, cfg.Poll = 60, 100*time.Millisecond
	}
	return cfg
}

// slow makes it the storm of the table.
func (row *stormRow) slow(cfg *stormConfig, rotations int) {
	cfg.Rotations, cfg.Poll = rotations, 100*time.Millisecond
	if cfg.Case != "x" {
		cfg.Every = [2]time.Duration{100 * time.Millisecond, 300 * time.Millisecond}
		cfg.Late = [2]time.Duration{50 * time.Millisecond, 200 * time.Millisecond}
	}
}

// run runs the writer and the reader to their ends, and compares.
func (row *stormRow) run(ctx context.Context, cfg *stormConfig) error {
	if err := os.Mkdir(filepath.Dir(cfg.path()), 0o755); err != nil {
		return err
	}
	written := make(chan struct{})
	read := make(chan error, 1)
	go func() { read <- row.read(ctx, cfg, written) }()
	_, err := cfg.process(ctx, "writer", new(ending))
	close(written)
	if err := errors.Join(err, <-read); err != nil {
		return err
	}
	m, err := readStormManifest(cfg.manifest())
	if err != nil {
		return err
	}
	out, err := os.Open(cfg.output())
	if err != nil {
		return err
	}
	defer out.Close()
	row.count, err = checkStorm(out, m)
	return err
}

// read runs the reader, again and again where it is ended, until it finds that
// all has come.
func (row *stormRow) read(ctx context.Context, cfg *stormConfig, written <-chan struct{}) error {
	end := &ending{signal: row.end(), within: 500 * time.Millisecond, written: written}
	for {
		before, _ := os.ReadFile(cfg.state())
		state, err := cfg.process(ctx, row.reader, end)
		if after, _ := os.ReadFile(cfg.state()); bytes.Equal(before, after) {
			end.within *= 2 // on a slow machine it would never come further
		}
		if state != nil {
			row.spent += state.UserTime() + state.SystemTime()
		}
		var exit *exec.ExitError
		switch {
		case err == nil:
			return nil
		case ctx.Err() == nil && row.end() != 0 && errors.As(err, &exit) && (exit.ExitCode() == stormStopped || !exit.Exited()):
			// Ended by the signal.
		case ctx.Err() == nil && !row.ours():
			row.died++ // for good: there is no place from which it could go on
			return nil
		default:
			return err
		}
	}
}

// An ending is how a process is ended: by a signal, if there is one, after a
// moment, but not any more when all is written.
type ending struct {
	signal  syscall.Signal
	within  time.Duration
	written <-chan struct{}
}

// process runs this program in a role. What it says on standard error is part of
// the error.
func (cfg *stormConfig) process(ctx context.Context, role string, end *ending) (*os.ProcessState, error) {
	own := *cfg
	own.Role = role
	data, err := json.Marshal(own)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), stormVariable+"="+string(data))
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	exited := make(chan struct{})
	var wg sync.WaitGroup
	if end.signal != 0 {
		wg.Go(func() {
			select {
			case <-time.After(100*time.Millisecond + rand.N(end.within)):
				cmd.Process.Signal(end.signal)
			case <-end.written:
			case <-exited:
			}
		})
	}
	err = cmd.Wait()
	close(exited)
	wg.Wait()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", role, err, said.String())
	}
	return cmd.ProcessState, err
}

// judge fails the test where our reader has faults.
func (row *stormRow) judge(t *testing.T) {
	if row.err != nil {
		t.Error(row.err)
		return
	}
	c := row.count
	t.Logf("%d lines, %d rotations, %d runs: lost %d (unread and on no file: %d), doubled %d, corrupt %d, out of order %d, misplaced %d, repeats after kills %d, fragments %d; told: %v",
		c.Lines, c.Rotations, c.Runs, c.Lost, c.Unread, c.Doubled, c.Corrupt, c.Disordered, c.Misplaced, c.Repeats, c.Fragments, c.Notices)
	if !row.ours() {
		return
	}
	if c.faults() > 0 {
		t.Errorf("lost although on file: %d, doubled %d, corrupt %d, out of order %d, misplaced %d, gaps told %d\n%s",
			c.Avoidable, c.Doubled, c.Corrupt, c.Disordered, c.Misplaced, c.Notices["gap"], strings.Join(c.Examples, "\n"))
	}
	if row.end() != syscall.SIGKILL && c.Repeats > 0 {
		t.Errorf("%d lines were repeated, and nothing was killed", c.Repeats)
	}
}

// stormTable is the table of the package documentation.
func stormTable(rows []*stormRow, readers []string) string {
	var b strings.Builder
	b.WriteString("| case | rotations |")
	for _, reader := range readers {
		b.WriteString(" " + reader + " |")
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(readers)) + "\n")
	for _, c := range stormCases {
		var cells []string
		rotations := 0
		for _, reader := range readers {
			i := slices.IndexFunc(rows, func(row *stormRow) bool { return row.stormCase == c && row.reader == reader })
			if i < 0 {
				cells = append(cells, "")
				continue
			}
			cells = append(cells, rows[i].cell())
			if rows[i].count != nil {
				rotations = rows[i].count.Rotations
			}
		}
		fmt.Fprintf(&b, "| %s: %s | %d | %s |\n", c.name, c.what, rotations, strings.Join(cells, " | "))
	}
	return b.String()
}

// cell is lost/doubled lines, and what else there is to say.
func (row *stormRow) cell() string {
	c := row.count
	switch {
	case row.err != nil:
		return "failed"
	case c == nil:
		return "" // was not asked for
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d/%d", c.Lost, c.Doubled)
	for _, more := range []struct {
		n    int
		what string
	}{
		{c.Unread, "U"}, {c.Corrupt, "corrupt "}, {c.Disordered, "out of order "}, {c.Repeats, "repeats "}, {row.died, "died "},
	} {
		if more.n > 0 {
			fmt.Fprintf(&b, ", %s%d", more.what, more.n)
		}
	}
	fmt.Fprintf(&b, " of %d, %.1f µs", c.Lines, float64(row.spent.Microseconds())/float64(max(c.Lines, 1)))
	return b.String()
}
