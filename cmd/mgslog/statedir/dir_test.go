package statedir

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// open returns a state directory that is locked, and its path.
func open(t *testing.T) (*Dir, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state")
	d, err := Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Lock(t.Context(), 0, noon); err != nil {
		t.Fatal(err)
	}
	return d, path
}

func TestPutAndGet(t *testing.T) {
	t.Parallel()
	d, path := open(t)
	if _, err := d.Get("gw-1", "2026-11-20"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
	if hosts, err := d.Hosts(); err != nil || len(hosts) > 0 {
		t.Errorf("hosts of nothing: %q, %v", hosts, err)
	}
	hosts := []string{"", "..", ".", "a/b", "A", "a", "ä", "网关-1", "-rf", "gw.", "gw", "a%2fb", "%", "x\x00y", strings.Repeat("h", maxHost)}
	for i, host := range hosts {
		for _, day := range []string{"2026-11-20", "2026-11-21"} {
			for _, data := range []string{"an older one, which is longer", host + day} { // replaced
				if err := d.Put(host, day, []byte(data)); err != nil {
					t.Fatalf("host %d: %v", i, err)
				}
			}
		}
	}
	for _, host := range hosts {
		days, err := d.Days(host)
		if err != nil || !slices.Equal(days, []string{"2026-11-20", "2026-11-21"}) {
			t.Errorf("days of %q: %q, %v", host, days, err)
		}
		for _, day := range days {
			if data, err := d.Get(host, day); err != nil || string(data) != host+day {
				t.Errorf("%q, %s: %q, %v", host, day, data, err)
			}
			r, err := d.Open(host, day)
			if err != nil {
				t.Fatal(err)
			}
			if data, err := io.ReadAll(r); err != nil || string(data) != host+day {
				t.Errorf("%q, %s, opened: %q, %v", host, day, data, err)
			}
			r.Close()
		}
	}
	slices.Sort(hosts)
	if got, err := d.Hosts(); err != nil || !slices.Equal(got, hosts) {
		t.Errorf("hosts %q, %v", got, err)
	}

	// Nothing is outside, nothing is left over, and nobody else may look.
	above, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(above) != 1 {
		t.Errorf("beside the state: %v, %v", above, err)
	}
	top, err := os.ReadDir(path)
	if err != nil || len(top) != 2 {
		t.Errorf("in the state: %v, %v", top, err)
	}
	err = filepath.WalkDir(path, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[e.IsDir()]; info.Mode().Perm() != want {
			t.Errorf("%s: mode %v", name, info.Mode())
		}
		if strings.ToLower(name[len(path):]) != name[len(path):] {
			t.Errorf("%s: its case matters", name)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	put := func(host, day string, n int) error { return d.Put(host, day, make([]byte, n)) }
	for name, err := range map[string]error{
		"a host that is too long": put(strings.Repeat("h", maxHost+1), "2026-11-20", 1),
		"capitals that are":       put(strings.Repeat("H", maxHost/3+1), "2026-11-20", 1),
		"no day":                  put("h", "", 1),
		"a path for a day":        put("h", "../2026-11-20", 1),
		"a 30th of February":      put("h", "2026-02-30", 1),
		"a day in short":          put("h", "2026-2-3", 1),
		"an aggregate too long":   put("h", "2026-11-20", maxFile+1),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if hosts, err := d.Hosts(); err != nil || len(hosts) > 0 {
		t.Errorf("something was written: %q, %v", hosts, err)
	}
	if _, err := Open("", true); err == nil {
		t.Error("no path: no error")
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none"), false); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}

// TestUnlocked holds that nothing is written without the lock, nor with one that
// was given up.
func TestUnlocked(t *testing.T) {
	t.Parallel()
	d, path := open(t)
	ack := Ack{Key: "4001", Note: "n", By: "b", At: noon}
	if err := errors.Join(d.Put("h", "2026-11-20", nil), d.SetAck(ack)); err != nil {
		t.Fatal(err)
	}
	d.unlock()
	d.unlock()
	_, pruned := d.Prune("2026-12-01")
	for name, err := range map[string]error{
		"put": d.Put("h", "2026-11-20", []byte("x")), "prune": pruned, "ack": d.SetAck(ack), "unack": d.RemoveAck("4001"),
	} {
		if !errors.Is(err, ErrUnlocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(path, lockName)); err != nil || len(text) > 0 {
		t.Errorf("the lock file says %q of a run that is over (%v)", text, err)
	}
}

// TestForeign holds that what is not of the state is named, and left as it is.
func TestForeign(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file string // with a / behind it: a directory
		do   func(*Dir) error
	}{
		"a file among the hosts":    {"days/notes", hosts},
		"a host not encoded so":     {"days/GW/", hosts},
		"a host with bad escapes":   {"days/%4/", hosts},
		"a needless escape":         {"days/%61/", hosts},
		"a file among the days":     {"days/h/notes.txt", days},
		"a directory among days":    {"days/h/2026-11-20.mgslog/", days},
		"a day that is none":        {"days/h/2026-02-30.mgslog", days},
		"a directory for an old":    {"days/h/2026-11-20.mgslog/", func(d *Dir) error { return d.Put("h", "2026-11-20", nil) }},
		"a directory to read":       {"days/h/2026-11-20.mgslog/", func(d *Dir) error { _, err := d.Get("h", "2026-11-20"); return err }},
		"a file for a host":         {"days/h", func(d *Dir) error { return d.Put("h", "2026-11-20", nil) }},
		"a file for the days":       {"days", func(d *Dir) error { return d.Put("h", "2026-11-20", nil) }},
		"a directory for the acks":  {"acks.json/", func(d *Dir) error { return d.SetAck(Ack{Key: "1", Note: "n", By: "b", At: noon}) }},
		"among the days, to prune":  {"days/h/notes.txt", prune},
		"among the hosts, to prune": {"days/notes", prune},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, path := open(t)
			file, isDir := strings.CutSuffix(tc.file, "/")
			full := filepath.Join(path, file)
			if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
				t.Fatal(err)
			}
			var err error
			if isDir {
				err = os.Mkdir(full, 0o700)
			} else {
				err = os.WriteFile(full, []byte("kept"), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := tc.do(d); !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), full) {
				t.Errorf("%v", err)
			}
			if info, err := os.Lstat(full); err != nil || info.IsDir() != isDir {
				t.Errorf("it is gone: %v", err)
			}
		})
	}

	// The rest is there beside the error.
	d, path := open(t)
	if err := d.Put("h", "2026-11-20", nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"days/x y", "days/h/core"} {
		if err := os.WriteFile(filepath.Join(path, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := d.Hosts(); err == nil || !slices.Equal(got, []string{"h"}) {
		t.Errorf("hosts %q, %v", got, err)
	}
	if got, err := d.Days("h"); err == nil || !slices.Equal(got, []string{"2026-11-20"}) {
		t.Errorf("days %q, %v", got, err)
	}
}

func hosts(d *Dir) error { _, err := d.Hosts(); return err }
func days(d *Dir) error  { _, err := d.Days("h"); return err }
func prune(d *Dir) error { _, err := d.Prune("2026-11-20"); return err }

// TestPipe holds that a pipe under the name of a file keeps nobody waiting, and
// that a link leads nowhere else.
func TestPipe(t *testing.T) {
	t.Parallel()
	d, path := open(t)
	if err := d.Put("h", "2026-11-20", nil); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	host := filepath.Join(path, "days", "h")
	if err := errors.Join(
		syscall.Mkfifo(filepath.Join(host, "2026-11-21.mgslog"), 0o600),
		os.Symlink(secret, filepath.Join(host, "2026-11-22.mgslog")),
		os.Symlink(filepath.Dir(secret), filepath.Join(path, "days", "out")),
		syscall.Mkfifo(filepath.Join(path, acksName), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2026-11-21", "2026-11-22"} {
		if _, err := d.Get("h", day); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: %v", day, err)
		}
	}
	if err := d.Put("out", "2026-11-20", nil); err == nil {
		t.Error("written to where a link leads")
	}
	if _, err := d.Acks(); !errors.Is(err, ErrForeign) {
		t.Errorf("acks from a pipe: %v", err)
	}
}

func TestPrune(t *testing.T) {
	t.Parallel()
	d, path := open(t)
	for _, f := range []Day{{"a", "2025-10-01"}, {"a", "2025-10-17"}, {"a", "2026-11-20"}, {"b", "2025-10-16"}, {"c", "2026-11-20"}} {
		if err := d.Put(f.Host, f.Day, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	removed, err := d.Prune("2025-10-17")
	if want := []Day{{"a", "2025-10-01"}, {"b", "2025-10-16"}}; err != nil || !slices.Equal(removed, want) {
		t.Errorf("removed %v, %v", removed, err)
	}
	if hosts, err := d.Hosts(); err != nil || !slices.Equal(hosts, []string{"a", "c"}) {
		t.Errorf("hosts left %q, %v", hosts, err)
	}
	if days, err := d.Days("a"); err != nil || !slices.Equal(days, []string{"2025-10-17", "2026-11-20"}) {
		t.Errorf("days left %q, %v", days, err)
	}
	if removed, err := d.Prune("tomorrow"); err == nil || len(removed) > 0 {
		t.Errorf("before no day: %v, %v", removed, err)
	}
	// What is foreign stays, and the rest goes.
	notes := filepath.Join(path, "days", "a", "notes")
	if err := os.WriteFile(notes, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	removed, err = d.Prune("2027-01-01")
	if !errors.Is(err, ErrForeign) || len(removed) != 3 {
		t.Errorf("beside a foreign file: %v, %v", removed, err)
	}
	if _, err := os.Stat(notes); err != nil {
		t.Error(err)
	}
}

// TestTrusted holds whose directories are refused.
func TestTrusted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		mode fs.FileMode
		ok   bool
	}{{0o700, true}, {0o755, true}, {0o775, false}, {0o757, false}, {0o777, false}, {0o777 | fs.ModeSticky, true}} {
		path := filepath.Join(t.TempDir(), "state")
		if err := errors.Join(os.Mkdir(path, 0o700), os.Chmod(path, tc.mode)); err != nil {
			t.Fatal(err)
		}
		for _, create := range []bool{false, true} {
			d, err := Open(path, create)
			if (err == nil) != tc.ok {
				t.Errorf("mode %o, create %v: %v", tc.mode, create, err)
			}
			if err == nil {
				d.Close()
			}
		}
	}
	if os.Geteuid() == 0 { // who else may give a file away
		path := t.TempDir()
		foreign := filepath.Join(path, acksName)
		if err := errors.Join(os.Chmod(path, 0o777|fs.ModeSticky), os.WriteFile(foreign, nil, 0o600), os.Chown(foreign, 1, 1)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, true); !errors.Is(err, ErrForeign) {
			t.Errorf("another user's acks.json: %v", err)
		}
	}
	info := status{uid: uint32(os.Geteuid()) + 1}
	if trusted(info, true) == nil || trusted(info, false) != nil {
		t.Errorf("of another user: %v to write, %v to read", trusted(info, true), trusted(info, false))
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below")} {
		if _, err := Open(path, true); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// status is that of a directory with mode 0700.
type status struct {
	fs.FileInfo
	uid uint32
}

func (status) Mode() fs.FileMode { return fs.ModeDir | 0o700 }
func (s status) Sys() any        { return &syscall.Stat_t{Uid: s.uid} }

// TestSweep holds that the temporary files of runs that were killed go, and
// nothing else does.
func TestSweep(t *testing.T) {
	t.Parallel()
	d, path := open(t)
	gone := []string{".2026-11-20.mgslog123", ".acks.json9223372036854775807"}
	kept := []string{".2026-11-20.mgslog", ".acks.json12x", "2026-11-20.mgslog1", ".bashrc", "tail.state"}
	for _, name := range slices.Concat(gone, kept) {
		if err := os.WriteFile(filepath.Join(path, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Put("h", "2026-11-20", nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range gone {
		if _, err := os.Stat(filepath.Join(path, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", name, err)
		}
	}
	for _, name := range kept {
		if _, err := os.Stat(filepath.Join(path, name)); err != nil {
			t.Errorf("%s is gone: %v", name, err)
		}
	}
}

// TestLockCancelled holds that a run that waits for the lock can be interrupted.
func TestLockCancelled(t *testing.T) {
	t.Parallel()
	_, path := open(t)
	other, err := Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	why := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := other.Lock(ctx, time.Hour, noon); !errors.Is(err, why) || errors.Is(err, ErrLocked) {
		t.Errorf("interrupted: %v", err)
	}
	// What the lock file says may be anything.
	for _, text := range []string{"", "{", `{"pid":-1}`, "\x1b]0;x\a", strings.Repeat("9", 1<<20)} {
		if err := os.WriteFile(filepath.Join(path, lockName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := other.Lock(t.Context(), 0, noon); !errors.Is(err, ErrLocked) || err.Error() != path+": "+ErrLocked.Error() {
			t.Errorf("lock file %.20q: %v", text, err)
		}
	}
}

// FuzzHost holds that names of hosts neither meet nor leave the directory.
func FuzzHost(f *testing.F) {
	for _, name := range []string{"", ".", "..", "a/b", "A", "%", "%2e", "gw-1.example.com", "网关", "-", "a."} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if dir, err := encodeHost(name); err == nil {
			if back, ok := decodeHost(dir); !ok || back != name {
				t.Errorf("%q is %q, and back %q, %v", name, dir, back, ok)
			}
			if len(dir) > maxHost || !filepath.IsLocal(dir) || dir == "." || strings.ContainsAny(dir, `/\:`) || strings.ToLower(dir) != dir {
				t.Errorf("%q is %q", name, dir)
			}
		}
		if host, ok := decodeHost(name); ok {
			if dir, err := encodeHost(host); err != nil || dir != name {
				t.Errorf("%q is that of %q, which is %q, %v", name, host, dir, err)
			}
		}
	})
}
