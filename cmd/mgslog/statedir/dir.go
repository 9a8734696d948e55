// Package statedir keeps what mgslog remembers from day to day: one aggregate
// file a day and host, and the list of known noise.
//
// # Layout
//
//	DIR/acks.json                         known noise, see Ack
//	DIR/lock                              locked (flock) while a run writes
//	DIR/days/HOST/2026-11-20.mgslog       the aggregate of a day and host
//	DIR/.2026-11-20.mgslog1234, .acks.json1234   left over by a run that was killed
//
// What an aggregate file holds is the caller's matter; to this package it is
// bytes. A day is a date, 2006-01-02, in whatever zone the caller counts in.
// HOST is the host's name with each byte other than a-z, 0-9, "-", "_" and "."
// as %xx, and likewise a "." or "-" at its beginning and a "." at its end; the
// empty name is "%". So no name leads out of the directory, and two names
// never meet, even where the file system does not tell case.
//
// acks.json is UTF-8 JSON: {"schema": "mgslog/acks/v1", "acks": [...]}, each
// with key, note, by, at, and until (null: for good), the times in RFC 3339.
//
// # What is held
//
// A file is replaced whole or not at all: it is written under another name,
// brought to the disk, renamed, and the directory is brought to the disk too. If
// the run is killed or the disk is full, the old file stays. What such a run has
// left over is removed when the next one writes a file.
//
// Only the run that holds the Lock writes. Readers need no lock.
//
// A file whose name or kind does not belong here is an error that names it
// (ErrForeign); it is neither read, replaced nor deleted.
//
// # Whose it is
//
// Directories have mode 0700 and files 0600: which operations of an app fail
// for whom is nobody else's business. Hence a directory that its group or
// others may write to is refused. It could not be shared anyway, and whoever
// can write to it could hide failures by an Ack. One in which nobody can replace
// what is another's, such as a file system that was just mounted (mode 1777), will
// do, if what is in it is its owner's. A directory of another user is
// refused for writing: root's files in it, say from sudo mgslog ack, could not
// be read by the one whose cron job needs them.
package statedir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"
)

const (
	daysName = "days"
	suffix   = ".mgslog"

	dirMode  = 0o700
	fileMode = 0o600

	// maxFile bounds an aggregate file, in bytes. A day of a busy gateway is
	// below 1 MB.
	maxFile = 64 << 20
	// maxEntries bounds the hosts, the days of one host, and what else may be
	// in a directory that is listed.
	maxEntries = 20_000
	// maxErrors is how many foreign files one listing names.
	maxErrors = 5
)

var (
	// ErrForeign is why a file was not touched: it is not one of this package,
	// or no file at all.
	ErrForeign = errors.New("does not belong to the state of mgslog")
	// ErrUnlocked is why nothing was written: the caller does not hold the lock.
	ErrUnlocked = errors.New("the state directory is not locked by this run")
)

// Dir is a state directory that is open. It is not for use by several
// goroutines at once.
type Dir struct {
	path string
	root *os.Root
	lock *flock.Flock // nil if it is not held
}

// A Day is one file of the directory.
type Day struct {
	Host string
	Day  string // 2006-01-02
}

// Open opens the state directory at path. With create it may be written to; it
// is made, with those above it, if it does not exist. Without create that is an
// error with fs.ErrNotExist.
func Open(path string, create bool) (*Dir, error) {
	if path == "" {
		return nil, errors.New("no state directory is named")
	}
	if create {
		if err := makeDir(filepath.Clean(path)); err != nil {
			return nil, fmt.Errorf("%s: %w", path, bare(err))
		}
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, bare(err))
	}
	info, err := root.Stat(".")
	if err == nil {
		err = trusted(info, create)
	}
	for _, name := range []string{daysName, acksName, lockName} {
		if of, e := root.Lstat(name); err == nil && e == nil && owner(of) != owner(info) {
			err = fmt.Errorf("%s in it: %w: it is another user's", name, ErrForeign)
		}
	}
	if err != nil {
		root.Close()
		return nil, fmt.Errorf("%s: %w", path, bare(err))
	}
	return &Dir{path: path, root: root}, nil
}

// trusted returns why a directory with this status is not used, if it is not.
func trusted(info fs.FileInfo, write bool) error {
	if mode := info.Mode().Perm(); mode&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return fmt.Errorf("others may write to this directory (mode %04o); a state directory is for one user: chmod 700", mode)
	}
	if uid, me := owner(info), os.Geteuid(); write && uid != me {
		return fmt.Errorf("this directory belongs to the user with id %d, this run to %d; its files would be of no use to that user: run as that user, or name another state directory", uid, me)
	}
	return nil
}

// makeDir makes the directory and those above it, and brings their names to the
// disk.
func makeDir(path string) error {
	err := os.Mkdir(path, dirMode)
	if parent := filepath.Dir(path); errors.Is(err, fs.ErrNotExist) && parent != path {
		if err := makeDir(parent); err != nil {
			return err
		}
		err = os.Mkdir(path, dirMode)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil // or it is a file, and cannot be opened as a directory
	}
	if err != nil {
		return err
	}
	parent, err := os.Open(filepath.Dir(path))
	if errors.Is(err, fs.ErrPermission) {
		return nil // one may make a directory where one may not look
	}
	if err != nil {
		return err
	}
	defer parent.Close()
	return syncDir(parent)
}

// Close closes the directory and gives up its lock.
func (d *Dir) Close() error {
	d.unlock()
	return d.root.Close()
}

// Path returns the path as it was given to Open.
func (d *Dir) Path() string { return d.path }

// named puts the name of a file, as the user knows it, in front of an error.
func (d *Dir) named(name string, err error) error {
	return fmt.Errorf("%s: %w", filepath.Join(d.path, filepath.FromSlash(name)), bare(err))
}

// bare returns an error without the name of the system call and of the
// temporary file.
func bare(err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	if e := (*os.LinkError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}

// checkDay returns an error if day is no date.
func checkDay(day string) error {
	if t, err := time.Parse(time.DateOnly, day); err != nil || t.Format(time.DateOnly) != day {
		return fmt.Errorf("%q is no day: want 2006-01-02", day)
	}
	return nil
}

// dayFile returns the name of a file in the directory.
func dayFile(host, day string) (string, error) {
	dir, err := encodeHost(host)
	if err == nil {
		err = checkDay(day)
	}
	return path.Join(daysName, dir, day+suffix), err
}

// Put makes data the aggregate of a day and host, in place of the one that there
// may be. An error wraps that of the system, such as syscall.ENOSPC; then the
// file is whole, and as it was unless it is only the directory that was not
// brought to the disk. The directory must be locked.
func (d *Dir) Put(host, day string, data []byte) error {
	name, err := dayFile(host, day)
	if err != nil {
		return err
	}
	if len(data) > maxFile {
		return d.named(name, fmt.Errorf("an aggregate of %d bytes, more than %d", len(data), maxFile))
	}
	if d.lock == nil {
		return d.named(name, ErrUnlocked)
	}
	for _, dir := range []string{daysName, path.Dir(name)} {
		if err := d.mkdir(dir); err != nil {
			return d.named(dir, err)
		}
	}
	return d.replace(name, data)
}

// mkdir makes a directory in the state directory, if there is none.
func (d *Dir) mkdir(name string) error {
	switch info, err := d.root.Lstat(name); {
	case err == nil && !info.IsDir():
		return ErrForeign
	case err == nil || !errors.Is(err, fs.ErrNotExist):
		return err
	}
	parent := path.Dir(name)
	if siblings, err := d.list(parent); err != nil {
		return err
	} else if len(siblings) >= maxEntries {
		return fmt.Errorf("there are %d hosts already", len(siblings))
	}
	if err := d.root.Mkdir(name, dirMode); err != nil {
		return err
	}
	return d.sync(parent)
}

// replace makes data the content of a file, all of it or nothing. The temporary
// file is one of the state directory itself, where sweep finds it.
func (d *Dir) replace(name string, data []byte) error {
	if err := d.sweep(); err != nil {
		return err
	}
	if info, err := d.root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return d.named(name, ErrForeign)
	}
	f, err := renameio.NewPendingFile(name, renameio.WithRoot(d.root), renameio.WithStaticPermissions(fileMode))
	if err != nil {
		return d.named(name, err)
	}
	defer f.Cleanup() // what cannot be removed now is swept later
	if _, err := f.Write(data); err != nil {
		return d.named(name, err)
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return d.named(name, err)
	}
	if err := d.sync(path.Dir(name)); err != nil {
		return d.named(path.Dir(name), err)
	}
	return nil
}

// temporary matches the names that renameio gives to files before they have
// their own: a dot in front, a number behind.
var temporary = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\.(\d{4}-\d{2}-\d{2}` + regexp.QuoteMeta(suffix) + `|` + regexp.QuoteMeta(acksName) + `)\d+$`)
})

// sweep removes the temporary files of runs that were killed. No other run is
// writing one: the lock is held.
func (d *Dir) sweep() error {
	entries, err := d.list(".")
	if err != nil {
		return d.named(".", err)
	}
	for _, e := range entries {
		if !temporary().MatchString(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		if err := d.root.Remove(e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return d.named(e.Name(), err)
		}
	}
	return nil
}

// sync brings the names in a directory to the disk.
func (d *Dir) sync(name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return syncDir(f)
}

// list returns what is in a directory, sorted by name.
func (d *Dir) list(name string) ([]fs.DirEntry, error) {
	f, err := d.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(maxEntries + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(entries) > maxEntries {
		return nil, fmt.Errorf("more than %d files", maxEntries)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// Get returns the aggregate of a day and host. If there is none, the error is
// fs.ErrNotExist.
func (d *Dir) Get(host, day string) ([]byte, error) {
	name, err := dayFile(host, day)
	if err != nil {
		return nil, err
	}
	return d.read(name, maxFile)
}

// Open opens the aggregate of a day and host, for a reader that wants only its
// beginning; its Name is that for messages. If there is none, the error is
// fs.ErrNotExist.
func (d *Dir) Open(host, day string) (*os.File, error) {
	name, err := dayFile(host, day)
	if err != nil {
		return nil, err
	}
	f, err := d.open(name)
	if err != nil {
		return nil, d.named(name, err)
	}
	return f, nil
}

// open opens a file that must be a regular one: a pipe would keep us waiting.
func (d *Dir) open(name string) (*os.File, error) {
	info, err := d.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, ErrForeign
	}
	return d.root.Open(name)
}

// read returns what is in a file of at most limit bytes.
func (d *Dir) read(name string, limit int64) ([]byte, error) {
	f, err := d.open(name)
	if err != nil {
		return nil, d.named(name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%w: longer than %d bytes", ErrForeign, limit)
	}
	if err != nil {
		return nil, d.named(name, err)
	}
	return data, nil
}

// Hosts returns the names of the hosts that have a directory, sorted. Foreign
// files among them are an error, beside which the hosts are returned.
func (d *Dir) Hosts() ([]string, error) {
	var hosts []string
	err := d.each(daysName, func(e fs.DirEntry) bool {
		host, ok := decodeHost(e.Name())
		if ok && e.IsDir() {
			hosts = append(hosts, host)
			return true
		}
		return false
	})
	slices.Sort(hosts)
	return hosts, err
}

// Days returns the days of a host, in order. Foreign files among them are an
// error, beside which the days are returned.
func (d *Dir) Days(host string) ([]string, error) {
	dir, err := encodeHost(host)
	if err != nil {
		return nil, err
	}
	var days []string
	err = d.each(path.Join(daysName, dir), func(e fs.DirEntry) bool {
		day, ok := strings.CutSuffix(e.Name(), suffix)
		if ok && e.Type().IsRegular() && checkDay(day) == nil {
			days = append(days, day)
			return true
		}
		return false
	})
	return days, err
}

// each calls own with what is in a directory, which need not exist, and returns
// an error that names those of which own says that they do not belong there.
func (d *Dir) each(dir string, own func(fs.DirEntry) bool) error {
	entries, err := d.list(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return d.named(dir, err)
	}
	var foreign []error
	for _, e := range entries {
		if !own(e) && len(foreign) < maxErrors {
			foreign = append(foreign, d.named(path.Join(dir, e.Name()), ErrForeign))
		}
	}
	return errors.Join(foreign...)
}

// Prune removes the files of the days before the given one, for all hosts, and
// the directories of hosts that have none left. It returns what it removed.
// Foreign files stay where they are; they are part of the error. The directory
// must be locked.
func (d *Dir) Prune(before string) (removed []Day, err error) {
	if err := checkDay(before); err != nil {
		return nil, err
	}
	if d.lock == nil {
		return nil, d.named(daysName, ErrUnlocked)
	}
	hosts, err := d.Hosts()
	errs := []error{err}
	for _, host := range hosts {
		days, err := d.Days(host)
		if err != nil && len(errs) < maxErrors {
			errs = append(errs, err)
		}
		left := len(days)
		for _, day := range days {
			if day >= before {
				break
			}
			name, err := dayFile(host, day)
			if err == nil {
				err = d.root.Remove(name)
			}
			if err != nil {
				return removed, errors.Join(append(errs, d.named(name, err))...)
			}
			removed = append(removed, Day{Host: host, Day: day})
			left--
		}
		if dir, e := encodeHost(host); left == 0 && err == nil && e == nil {
			if err := d.root.Remove(path.Join(daysName, dir)); err != nil {
				errs = append(errs, d.named(path.Join(daysName, dir), err))
			}
		}
	}
	return removed, errors.Join(errs...)
}
