//go:build linux

package statedir

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// child is the environment variable that makes the test binary one of the
// children below, with its arguments.
const child = "STATEDIR_TEST_CHILD"

func TestMain(m *testing.M) {
	name := os.Getenv(child)
	if name == "" {
		os.Exit(m.Run())
	}
	if err := children[name](os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// children are what runs in a process of its own. Each prints a line for a step
// that is done.
var children = map[string]func(args []string) error{
	// put PATH FIRST puts one state after another, from the number FIRST on,
	// until it is killed.
	"put": func(args []string) error {
		d, err := locked(args[0], 0)
		if err != nil {
			return err
		}
		first, err := strconv.ParseUint(args[1], 10, 64)
		if err != nil {
			return err
		}
		for n := first; ; n++ {
			if err := d.Put("gw", "2026-11-20", payload(n)); err != nil {
				return err
			}
			if err := d.SetAck(Ack{Key: "4001", Note: fmt.Sprint(n), By: "b", At: noon}); err != nil {
				return err
			}
			if _, err := fmt.Println(n); err != nil {
				return err
			}
		}
	},
	// hold PATH holds the lock until it is killed.
	"hold": func(args []string) error {
		d, err := locked(args[0], 0)
		if err != nil {
			return err
		}
		defer d.Close()
		fmt.Println("held")
		_, err = io.Copy(io.Discard, os.Stdin)
		return err
	},
	// add PATH NAME N adds N acks and days of its own, with the lock for each.
	"add": func(args []string) error {
		count, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		for i := range count {
			d, err := locked(args[0], time.Minute)
			if err != nil {
				return err
			}
			key := args[1] + "-" + strconv.Itoa(i)
			day := noon.AddDate(0, 0, i).Format(time.DateOnly)
			err = errors.Join(d.SetAck(Ack{Key: key, Note: "n", By: "b", At: noon}), d.Put(args[1], day, []byte(key)), d.Close())
			if err != nil {
				return err
			}
		}
		return nil
	},
	// tmpfs PATH fills a small file system of its own at PATH.
	"tmpfs": func(args []string) error {
		if err := syscall.Mount("tmpfs", args[0], "tmpfs", 0, "size=256k,mode=700"); err != nil {
			return err
		}
		return fill(args[0], syscall.ENOSPC)
	},
	// limit PATH fills PATH with files as long as the process may write.
	"limit": func(args []string) error {
		limit := syscall.Rlimit{Cur: 64 << 10, Max: 64 << 10}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
		return fill(args[0], syscall.EFBIG)
	},
}

// start returns a child that has been told to run, its input and its output.
func start(t *testing.T, name string, args ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), child+"="+name)
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil { // closed when we end, so that none is left
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

// locked opens a directory and takes its lock.
func locked(path string, wait time.Duration) (*Dir, error) {
	d, err := Open(path, true)
	if err != nil {
		return nil, err
	}
	_, err = d.Lock(context.Background(), wait, noon)
	return d, err
}

// payload returns a file with a number, of a length of its own, that whole tells
// whole.
func payload(n uint64) []byte {
	data := binary.BigEndian.AppendUint64(nil, n)
	data = append(data, bytes.Repeat([]byte{byte(n)}, 200_000+int(n*7919%50_000))...)
	sum := sha256.Sum256(data)
	return append(data, sum[:]...)
}

// whole returns the number of a payload if all of it is there.
func whole(data []byte) (uint64, error) {
	if len(data) < sha256.Size+8 {
		return 0, fmt.Errorf("%d bytes", len(data))
	}
	text, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if want := sha256.Sum256(text); !bytes.Equal(sum, want[:]) {
		return 0, errors.New("not what was written")
	}
	return binary.BigEndian.Uint64(text), nil
}

// TestKilled kills a run in the midst of its writing, again and again: what it
// said that it has written is there, or what came next, whole. A next run takes
// the lock, and what was left over does not pile up.
func TestKilled(t *testing.T) {
	t.Parallel()
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	path := filepath.Join(t.TempDir(), "state")
	next, torn := uint64(1), 0
	for round := range rounds {
		cmd, out := start(t, "put", path, fmt.Sprint(next))
		said := next - 1
		for range 1 + round%3 {
			if !out.Scan() {
				t.Fatal("the run ended", out.Err())
			}
			n, err := strconv.ParseUint(out.Text(), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			said = n
		}
		<-time.After(time.Duration(rand.IntN(3_000)) * time.Microsecond) // anywhere in its writing
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() { // what it said meanwhile
			n, err := strconv.ParseUint(out.Text(), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			said = n
		}
		_ = cmd.Wait()

		d, err := Open(path, false)
		if err != nil {
			t.Fatal(err)
		}
		data, err := d.Get("gw", "2026-11-20")
		if err != nil {
			t.Fatal(err)
		}
		n, err := whole(data)
		if err != nil || n != said && n != said+1 {
			t.Fatalf("round %d: %d is there, after %d: %v", round, n, said, err)
		}
		acks, err := d.Acks()
		if err != nil || len(acks) != 1 || acks[0].Note != fmt.Sprint(said) && acks[0].Note != fmt.Sprint(said+1) {
			t.Fatalf("round %d: acks %+v, after %d: %v", round, acks, said, err)
		}
		if days, err := d.Days("gw"); err != nil || len(days) != 1 {
			t.Fatalf("round %d: %q, %v", round, days, err)
		}
		entries, err := d.list(".")
		if err != nil || len(entries) > 4 { // days, lock, acks.json, and one that is left over
			t.Fatalf("round %d: %v, %v", round, entries, err)
		}
		torn += max(len(entries)-3, 0)
		next = n + 1
		d.Close()
	}
	t.Logf("%d of %d runs were killed with a file half written", torn, rounds)
	if torn == 0 && !testing.Short() {
		t.Error("no run was killed in the midst of a file: the test does not see what it is for")
	}
	d, err := locked(path, 0)
	if err == nil {
		err = d.Put("gw", "2026-11-20", nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if entries, err := d.list("."); err != nil || len(entries) != 3 {
		t.Errorf("left over: %v, %v", entries, err)
	}
}

// fill puts ever longer files into a directory until that fails with the error
// that is wanted, and checks that all that was there still is.
func fill(path string, want error) error {
	d, err := locked(filepath.Join(path, "state"), 0)
	if err != nil {
		return err
	}
	day := func(i int) string { return noon.AddDate(0, 0, i).Format(time.DateOnly) }
	old := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 4<<10) }
	ack := Ack{Key: "4001", Note: "n", By: "b", At: noon}
	const days = 5
	for i := range days {
		if err := d.Put("gw", day(i), old(i)); err != nil {
			return err
		}
	}
	if err := d.SetAck(ack); err != nil {
		return err
	}
	for round := range 10 {
		err := d.Put("gw", day(round%days), make([]byte, 1<<20))
		if !errors.Is(err, want) || !strings.Contains(err.Error(), day(round%days)+suffix+": "+want.Error()) {
			return fmt.Errorf("a file that does not fit: %v", err)
		}
	}
	// With not a byte left, if it is the file system that is full.
	if errors.Is(want, syscall.ENOSPC) {
		rest, err := os.Create(filepath.Join(path, "rest"))
		if err != nil {
			return err
		}
		if _, err := io.CopyN(rest, zero{}, 1<<20); !errors.Is(err, want) {
			return fmt.Errorf("the file system is not full: %v", err)
		}
		ack.Note = strings.Repeat("n", maxAckNote)
		for _, err := range []error{d.Put("gw", day(0), []byte("x")), d.SetAck(ack), d.Put("new", day(0), []byte("x"))} {
			if !errors.Is(err, want) {
				return fmt.Errorf("on a full disk: %v", err)
			}
		}
		// The next run gets its lock, and learns the same.
		if err := d.Close(); err != nil {
			return err
		}
		if d, err = locked(filepath.Join(path, "state"), 0); err != nil {
			return err
		}
	}
	for i := range days {
		if data, err := d.Get("gw", day(i)); err != nil || !bytes.Equal(data, old(i)) {
			return fmt.Errorf("day %d is not what it was: %d bytes, %v", i, len(data), err)
		}
	}
	if acks, err := d.Acks(); err != nil || len(acks) != 1 || acks[0].Note != "n" {
		return fmt.Errorf("the acks are not what they were: %v, %v", acks, err)
	}
	entries, err := d.list(".")
	if err != nil || len(entries) != 3 {
		return fmt.Errorf("left over: %v, %v", entries, err)
	}
	if _, err := d.Prune("2030-01-01"); err != nil { // making room is possible
		return err
	}
	return d.Close()
}

type zero struct{}

func (zero) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestFull holds that a disk that is full leaves the state as it was. One is a
// small file system; where the test may not mount one, not even as root of a name
// space of its own, it is said, and the other has to do: a limit for the length
// of files.
func TestFull(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, attr := range map[string]*syscall.SysProcAttr{
		"limit": {},
		"tmpfs": {
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(exe, t.TempDir())
			cmd.Env = append(os.Environ(), child+"="+name)
			cmd.SysProcAttr = attr
			out, err := cmd.CombinedOutput()
			if name == "tmpfs" && (cmd.Process == nil || strings.TrimSpace(string(out)) == syscall.EPERM.Error()) {
				t.Skipf("no file system may be mounted here: %v", err)
			}
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// TestTogether holds that runs at the same time lose nothing of each other.
func TestTogether(t *testing.T) {
	t.Parallel()
	const each = 20
	path := filepath.Join(t.TempDir(), "state")
	runs := []string{"a", "b", "c"}
	var wg sync.WaitGroup
	for _, name := range runs {
		cmd, _ := start(t, "add", path, name, fmt.Sprint(each))
		wg.Go(func() {
			if err := cmd.Wait(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	wg.Wait()
	d, err := Open(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if acks, err := d.Acks(); err != nil || len(acks) != each*len(runs) {
		t.Errorf("%d acks, %v", len(acks), err)
	}
	for _, name := range runs {
		if days, err := d.Days(name); err != nil || len(days) != each {
			t.Errorf("%s: %d days, %v", name, len(days), err)
		}
	}
}

// TestLocked holds that a run that finds the lock held says by whom, and that it
// gets the lock of one that was killed.
func TestLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	cmd, out := start(t, "hold", path)
	if !out.Scan() {
		t.Fatal("the run ended", out.Err())
	}
	for _, wait := range []time.Duration{0, lockPoll + lockPoll/2} {
		d, err := locked(path, wait)
		want := fmt.Sprintf("%s: in use by another run of mgslog: process %d, since %s", path, cmd.Process.Pid, noon.Format(time.RFC3339))
		if !errors.Is(err, ErrLocked) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		if err := d.Put("h", "2026-11-20", nil); !errors.Is(err, ErrUnlocked) {
			t.Errorf("written all the same: %v", err)
		}
		d.Close()
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	d, err := locked(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Put("h", "2026-11-20", nil); err != nil {
		t.Error(err)
	}
}
