package source

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// follow is a Follower under test with all that it has given out.
type follow struct {
	*Follower
	t       *testing.T
	now     time.Time
	out     strings.Builder
	notices []Notice
	opt     FollowOptions
	path    string
}

func newFollow(t *testing.T, path string, opt FollowOptions) *follow {
	f := &follow{t: t, now: time.Unix(1_790_000_000, 0), opt: opt, path: path}
	f.start(nil)
	t.Cleanup(func() { f.Close() })
	return f
}

// start begins, or begins anew, from a state.
func (f *follow) start(st *FileState) {
	f.opt.Notify = func(n Notice) { f.notices = append(f.notices, n) }
	f.Follower = NewFollower(f.path, f.opt)
	if st != nil {
		f.Resume(*st)
	}
}

// restart ends the Follower and goes on from its state, as it would be read from
// a file.
func (f *follow) restart() {
	f.t.Helper()
	b, err := json.Marshal(f.State())
	if err != nil {
		f.t.Fatal(err)
	}
	var st FileState
	if err := json.Unmarshal(b, &st); err != nil {
		f.t.Fatal(err)
	}
	f.Close()
	f.start(&st)
}

// step takes a Step and all that follow it at once, and commits what it gave.
func (f *follow) step() {
	f.t.Helper()
	f.now = f.now.Add(100 * time.Millisecond)
	for more := true; more; {
		var err error
		more, err = f.Step(f.now, 1<<20, func(p *Piece) error {
			f.out.Write(p.Text)
			if !p.End {
				f.Commit(p.Generation, p.Next)
			}
			return nil
		})
		if err != nil {
			f.t.Fatal(err)
		}
	}
}

// wait lets time pass in which nothing happens.
func (f *follow) wait(d time.Duration) {
	f.now = f.now.Add(d)
	f.step()
}

func (f *follow) want(want string) {
	f.t.Helper()
	if got := f.out.String(); got != want {
		f.t.Errorf("given out:\n%q\nwant:\n%q", got, want)
	}
	f.out.Reset()
}

// kinds returns what was told, and forgets it.
func (f *follow) kinds() []NoticeKind {
	var kinds []NoticeKind
	for _, n := range f.notices {
		kinds = append(kinds, n.Kind)
	}
	f.notices = nil
	return kinds
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = f.WriteString(text)
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// writer is a program that writes a log, with the numbers of its lines, and
// rotates it. What it has written is what a Follower must give out.
type logWriter struct {
	t       *testing.T
	path    string
	f       *os.File
	n       int
	partial string // the rest of a line that it has begun
	rnd     *rand.Rand
	wrote   strings.Builder
	keep    int
}

func (w *logWriter) open() {
	f, err := os.OpenFile(w.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	must(w.t, err)
	w.f = f
}

func (w *logWriter) line() string {
	w.n++
	return fmt.Sprintf("2026-11-22 02:13:%02d,%03d %d %s\n", w.n/1000%60, w.n%1000, w.n, strings.Repeat("x", w.rnd.IntN(300)))
}

func (w *logWriter) put(f *os.File, s string) {
	if _, err := f.WriteString(s); err != nil {
		w.t.Fatal(err)
	}
	w.wrote.WriteString(s)
}

// lines writes some lines; sometimes the last one is not finished.
func (w *logWriter) lines(partial bool) {
	if w.partial != "" {
		w.put(w.f, w.partial)
		w.partial = ""
	}
	for range w.rnd.IntN(40) {
		w.put(w.f, w.line())
	}
	if partial && w.rnd.IntN(3) == 0 {
		l := w.line()
		k := 1 + w.rnd.IntN(len(l)-1)
		w.put(w.f, l[:k])
		w.partial = l[k:]
	}
}

// shift renames .1 to .2 and so on, packed or not, and drops the last.
func (w *logWriter) shift() {
	for i := w.keep; i > 0; i-- {
		for _, packed := range []string{"", ".gz"} {
			from := fmt.Sprintf("%s.%d%s", w.path, i, packed)
			if i == w.keep {
				os.Remove(from)
			} else {
				os.Rename(from, fmt.Sprintf("%s.%d%s", w.path, i+1, packed))
			}
		}
	}
}

func (w *logWriter) rename() {
	if w.partial != "" { // a writer finishes its line before it goes on elsewhere
		w.put(w.f, w.partial)
		w.partial = ""
	}
	w.f.Close()
	w.shift()
	must(w.t, os.Rename(w.path, w.path+".1"))
	w.open()
}

func (w *logWriter) copytruncate() {
	if w.partial != "" {
		w.put(w.f, w.partial)
		w.partial = ""
	}
	w.shift()
	b, err := os.ReadFile(w.path)
	must(w.t, err)
	must(w.t, os.WriteFile(w.path+".1", b, 0o644))
	must(w.t, os.Truncate(w.path, 0))
}

// deleteCreate removes the log and makes another; the old one has no name.
func (w *logWriter) deleteCreate() {
	if w.partial != "" {
		w.put(w.f, w.partial)
		w.partial = ""
	}
	w.f.Close()
	must(w.t, os.Remove(w.path))
	w.open()
}

// compress packs what was rotated away before the last time.
func (w *logWriter) compress() {
	for i := 2; i <= w.keep; i++ {
		name := fmt.Sprintf("%s.%d", w.path, i)
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		info, err := os.Stat(name)
		must(w.t, err)
		var z bytes.Buffer
		zw := gzip.NewWriter(&z)
		zw.Write(b)
		zw.Close()
		must(w.t, os.WriteFile(name+".gz", z.Bytes(), 0o644))
		must(w.t, os.Chtimes(name+".gz", info.ModTime(), info.ModTime())) // as gzip does
		must(w.t, os.Remove(name))
	}
}

// TestFollowerModel lets a writer and a Follower do what they may in any order:
// what is given out is what was written, each byte once and in its order.
func TestFollowerModel(t *testing.T) {
	rotations := map[string]func(*logWriter){
		"rename": (*logWriter).rename, "copytruncate": (*logWriter).copytruncate, "delete": (*logWriter).deleteCreate,
	}
	for _, tc := range []struct {
		rotation           string
		restarts, compress bool
	}{
		{"rename", false, false},
		{"rename", false, true},
		{"rename", true, false},
		{"rename", true, true},
		{"copytruncate", false, false},
		{"copytruncate", true, false},
		{"copytruncate", true, true},
		{"delete", false, false},
	} {
		t.Run(fmt.Sprintf("%s restarts=%t compress=%t", tc.rotation, tc.restarts, tc.compress), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(20) {
				rnd := rand.New(rand.NewPCG(seed, 7))
				w := &logWriter{t: t, path: filepath.Join(t.TempDir(), "gateway-error.log"), rnd: rnd, keep: 60}
				w.open()
				f := newFollow(t, w.path, FollowOptions{Grace: time.Second})
				f.step()
				var did []string
				note := func(s string) { did = append(did, s) }
				for range 200 {
					switch k := rnd.IntN(12); {
					case k < 6:
						note("write")
						w.lines(true)
					case k < 9:
						note("step")
						f.step()
					case k < 10:
						if tc.rotation == "delete" {
							f.step() // a file that nobody holds is gone
						}
						note(tc.rotation)
						rotations[tc.rotation](w)
						if tc.rotation == "delete" {
							f.step()
						}
					case k < 11 && tc.restarts:
						note("restart")
						f.restart()
						if tc.compress && rnd.IntN(2) == 0 {
							note("compress")
							w.compress()
						}
					case k < 12:
						note("wait")
						f.wait(2 * time.Second)
						if tc.compress && !tc.restarts {
							note("compress")
							w.compress()
						}
					}
				}
				w.put(w.f, w.partial)
				f.step()
				w.f.Close()
				got, want := f.out.String(), w.wrote.String()
				if got != want {
					i := 0
					for i < min(len(got), len(want)) && got[i] == want[i] {
						i++
					}
					t.Fatalf("seed %d: %d bytes given out, %d written; they differ at %d:\n%.120q\nwant\n%.120q\n%v\n%v",
						seed, len(got), len(want), i, got[i:], want[i:], f.notices, did)
				}
				// Of a file that was empty and is gone nobody knows that nothing is
				// missing.
				if slices.ContainsFunc(f.notices, func(n Notice) bool { return n.Kind == Gap && n.From > 0 }) {
					t.Fatalf("seed %d: a gap was told, but nothing is missing:\n%v\n%v", seed, f.notices, did)
				}
				f.Close()
			}
		})
	}
}

// open returns what a path's Follower gives out when something was done to the
// path: the cases of mtail's tests.
func TestFollower(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "gateway-error.log")
	reset := func() *follow {
		must(t, os.RemoveAll(dir))
		must(t, os.Mkdir(dir, 0o755))
		appendTo(t, log, "one\n")
		f := newFollow(t, log, FollowOptions{Grace: time.Second})
		f.step()
		f.want("one\n")
		return f
	}

	t.Run("many lines in one write", func(t *testing.T) {
		f := reset()
		text := strings.Repeat("a line of some length\n", 100_000)
		appendTo(t, log, text)
		f.step()
		f.want(text)
	})
	t.Run("a line in pieces", func(t *testing.T) {
		f := reset()
		appendTo(t, log, "tw")
		f.step()
		f.want("")
		appendTo(t, log, "o\nthree")
		f.step()
		f.want("two\n")
		appendTo(t, log, "\n")
		f.step()
		f.want("three\n")
	})
	t.Run("copied and truncated twice in a tick of the clock", func(t *testing.T) {
		f := reset()
		tick := time.Unix(1_790_000_001, 0)
		must(t, os.WriteFile(log+".1", []byte("one\n"), 0o644))
		must(t, os.Truncate(log, 0))
		must(t, os.Chtimes(log, tick, tick))
		f.step()
		f.want("")
		appendTo(t, log, "two\n")
		must(t, os.Rename(log+".1", log+".2"))
		must(t, os.WriteFile(log+".1", []byte("two\n"), 0o644))
		must(t, os.Truncate(log, 0))
		appendTo(t, log, "three\n")
		must(t, os.Chtimes(log, tick, tick))
		f.step()
		f.want("two\nthree\n")
	})
	t.Run("a file that comes later", func(t *testing.T) {
		must(t, os.RemoveAll(dir))
		must(t, os.Mkdir(dir, 0o755))
		appendTo(t, log+".1", "old\n")
		f := newFollow(t, log, FollowOptions{})
		f.step()
		f.step()
		if k := f.kinds(); !slices.Equal(k, []NoticeKind{Waiting}) {
			t.Errorf("told %v", k)
		}
		appendTo(t, log, "one\n")
		f.step()
		f.want("one\n") // and not what had been rotated away before
		if k := f.kinds(); !slices.Equal(k, []NoticeKind{Opened}) {
			t.Errorf("told %v", k)
		}
	})
	t.Run("renamed and written on", func(t *testing.T) {
		f := reset()
		must(t, os.Rename(log, log+".1"))
		appendTo(t, log+".1", "two\n")
		appendTo(t, log, "three\n")
		f.step()
		f.want("two\nthree\n")
		appendTo(t, log+".1", "late\nand cut")
		f.step()
		f.want("late\n")
		f.wait(2 * time.Second)
		f.want("and cut\n") // given up
		appendTo(t, log+".1", " off\n")
		f.step()
		f.want("")
		must(t, os.Rename(log, log+".2"))
		appendTo(t, log, "four\n")
		f.step()
		f.want("four\n")
	})
	t.Run("deleted", func(t *testing.T) {
		f := reset()
		w, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0)
		must(t, err)
		defer w.Close()
		must(t, os.Remove(log))
		f.step()
		w.WriteString("two\n")
		f.wait(time.Hour) // whoever has the file open may write to it
		f.want("two\n")
		appendTo(t, log, "three\n")
		f.step()
		f.want("three\n")
	})
	for _, tc := range []struct {
		name string
		put  func()
	}{
		{
			"a directory in its place",
			func() { must(t, os.Mkdir(log, 0o755)) },
		},
		{
			"links that lead to each other",
			func() {
				must(t, os.Symlink(log+".x", log))
				must(t, os.Symlink(log, log+".x"))
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := reset()
			f.kinds()
			must(t, os.Remove(log))
			tc.put()
			f.step()
			f.step()
			if k := f.kinds(); !slices.Equal(k, []NoticeKind{Trouble}) {
				t.Errorf("told %v", k)
			}
			must(t, os.Remove(log))
			appendTo(t, log, "two\n")
			f.step()
			f.want("two\n")
		})
	}
	t.Run("a pipe in its place", func(t *testing.T) {
		f := reset()
		f.kinds()
		must(t, os.Remove(log))
		must(t, mkfifo(log))
		f.step() // which must not wait for a writer
		if k := f.kinds(); !slices.Equal(k, []NoticeKind{Trouble}) {
			t.Errorf("told %v", k)
		}
	})
	t.Run("a link that leads elsewhere", func(t *testing.T) {
		f := reset()
		must(t, os.Rename(log, filepath.Join(dir, "a")))
		must(t, os.Symlink("a", log))
		f.step()
		f.want("")
		appendTo(t, filepath.Join(dir, "a"), "two\n")
		appendTo(t, filepath.Join(dir, "b"), "three\n")
		must(t, os.Remove(log))
		must(t, os.Symlink("b", log))
		f.step()
		f.want("two\nthree\n")
	})
	t.Run("not permitted, then permitted", func(t *testing.T) {
		f := reset()
		step := f.step
		if os.Geteuid() == 0 { // who may read everything
			must(t, os.Chmod(filepath.Dir(dir), 0o755))
			step = func() {
				runtime.LockOSThread() // whose user it is
				defer runtime.UnlockOSThread()
				must(t, syscall.Setfsuid(65534))
				defer syscall.Setfsuid(0)
				f.step()
			}
		}
		f.kinds()
		must(t, os.Rename(log, log+".1"))
		appendTo(t, log, "two\n")
		must(t, os.Chmod(log, 0))
		step()
		step()
		f.want("")
		if k := f.kinds(); !slices.Equal(k, []NoticeKind{Trouble}) {
			t.Errorf("told %v", k)
		}
		must(t, os.Chmod(log, 0o644))
		step()
		f.want("two\n")
	})
	t.Run("truncated", func(t *testing.T) {
		f := reset()
		f.kinds()
		must(t, os.Truncate(log, 0))
		f.step()
		appendTo(t, log, "two\n")
		f.step()
		f.want("two\n")
		appendTo(t, log, "beginning of a li")
		f.step()
		must(t, os.Truncate(log, 0))
		appendTo(t, log, "longer than what was there before\n")
		f.step()
		f.want("longer than what was there before\n")
		var gap *Notice
		for i, n := range f.notices {
			if n.Kind == Gap {
				gap = &f.notices[i]
			}
		}
		if gap == nil || gap.From != 4 || gap.To != 21 {
			t.Errorf("the lost beginning of a line is told as %+v", gap)
		}
	})
	t.Run("a long line", func(t *testing.T) {
		must(t, os.RemoveAll(dir))
		must(t, os.Mkdir(dir, 0o755))
		appendTo(t, log, strings.Repeat("x", 3<<20)+"\ntwo\n")
		f := newFollow(t, log, FollowOptions{MaxLine: 100})
		f.step()
		f.want(strings.Repeat("x", 100) + "\ntwo\n")
	})
	t.Run("zeros of a writer that does not append", func(t *testing.T) {
		f := reset()
		w, err := os.OpenFile(log, os.O_WRONLY, 0)
		must(t, err)
		defer w.Close()
		must(t, os.Truncate(log, 0))
		w.WriteAt([]byte("two\n"), 1<<30)
		f.step()
		f.want("two\n")
		w.WriteAt([]byte("three\n"), 1<<30+4)
		f.step()
		f.want("three\n")
	})
	t.Run("nobody takes it", func(t *testing.T) {
		f := reset()
		for i := range 5 { // each file is gone before it is read
			must(t, os.Remove(log))
			appendTo(t, log, fmt.Sprintf("%d\n", i))
			f.Hold(f.now)
		}
		f.step()
		f.want("0\n1\n2\n3\n4\n")
	})
	t.Run("more files than may be held", func(t *testing.T) {
		f := reset()
		f.Follower.opt.MaxHeld = 3
		var want strings.Builder
		for i := range 9 {
			must(t, os.Rename(log, fmt.Sprintf("%s.%d", log, 9-i)))
			line := fmt.Sprintf("a line of the file with the number %d\n", i)
			appendTo(t, log, line)
			want.WriteString(line)
			f.Hold(f.now)
		}
		for range 5 {
			f.wait(2 * time.Second)
		}
		f.want(want.String())
	})
}

// TestFollowerGap has files vanish while nobody looks.
func TestFollowerGap(t *testing.T) {
	log := filepath.Join(t.TempDir(), "gateway-error.log")
	appendTo(t, log, "one\n")
	f := newFollow(t, log, FollowOptions{})
	f.step()
	f.want("one\n")
	b, err := json.Marshal(f.State())
	must(t, err)
	f.Close()
	f.notices = nil
	appendTo(t, log, "lost\n")
	must(t, os.Remove(log))
	appendTo(t, log, "two\n")
	var st FileState
	must(t, json.Unmarshal(b, &st))
	f.start(&st)
	f.step()
	f.want("two\n")
	if len(f.notices) == 0 || f.notices[0].Kind != Gap || f.notices[0].From != 4 || f.notices[0].To != -1 {
		t.Errorf("told %+v, want a gap from byte 4", f.notices)
	}
}

// TestState has state files that are none.
func TestState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	st, err := LoadState(path)
	if err != nil || len(st.Files) != 0 {
		t.Fatalf("a state file that does not exist is %+v, %v", st, err)
	}
	f := newFollow(t, filepath.Join(t.TempDir(), "x.log"), FollowOptions{})
	f.step()
	must(t, (&State{Files: []FileState{f.State()}}).Save(path))
	if st, err = LoadState(path); err != nil || len(st.Files) != 1 {
		t.Fatalf("what was saved is %+v, %v", st, err)
	}
	good, err := os.ReadFile(path)
	must(t, err)
	for _, bad := range []string{
		"", "{", string(good[:len(good)/2]), "{}", `{"version":2}`, string(good) + "x",
		`{"version":1,"other":1}`,
		`{"version":1,"files":[{"path":"x","known":{"born":0},"generations":[{"device":1,"inode":1,"offset":-1}]}]}`,
		`{"version":1,"files":[{"path":"x","known":{"born":0},"generations":[{"device":1,"inode":1,"offset":5,"window":{"length":6}}]}]}`,
	} {
		must(t, os.WriteFile(path, []byte(bad), 0o600))
		if _, err := LoadState(path); err == nil {
			t.Errorf("%.60q was read as a state", bad)
		}
	}

	unlock, err := LockState(path)
	must(t, err)
	if _, err := LockState(path); !errors.Is(err, ErrLocked) {
		t.Errorf("a second lock: %v", err)
	}
	unlock()
	unlock, err = LockState(path)
	must(t, err)
	unlock()
}

// TestBell has the bell ring for what happens to the file that is read.
func TestBell(t *testing.T) {
	if !canWatch() {
		t.Skip("this system has no means to watch files")
	}
	log := filepath.Join(t.TempDir(), "gateway-error.log")
	appendTo(t, log, "one\n")
	f := newFollow(t, log, FollowOptions{})
	f.step()
	b := NewBell()
	for _, do := range []func(){
		func() { appendTo(t, log, "two\n") },
		func() { must(t, os.Truncate(log, 0)) },
		func() { must(t, os.Rename(log, log+".1")) },
		func() { appendTo(t, log+".1", "three\n") },
	} {
		for !b.Watch(f.Follower) {
			runtime.Gosched() // until the last watch is gone
		}
		do()
		<-b.Ring() // the test's time limit tells if it does not
		select {   // what else the change has made it ring for
		case <-b.Ring():
		default:
		}
	}
	b.Forget(f.Follower)
}
