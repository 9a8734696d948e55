//go:build unix

package source_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mgslog/parser/source"
)

// A foundLog is a followed log in a directory of its own. What the storm found
// by chance is done to it here step by step; where it takes something that
// happens while a Step looks, that is done in what the Step calls.
type foundLog struct {
	t       *testing.T
	path    string
	opt     source.FollowOptions
	f       *source.Follower
	now     time.Time
	got     []string
	notices []source.Notice
	// next is done once, when a notice of that kind is given, or at the first
	// piece.
	onNotice map[source.NoticeKind]func()
	onPiece  func()
}

func newFoundLog(t *testing.T, opt source.FollowOptions) *foundLog {
	l := &foundLog{
		t: t, path: filepath.Join(t.TempDir(), "app.log"), opt: opt, now: time.Unix(1_790_000_000, 0),
		onNotice: map[source.NoticeKind]func(){},
	}
	l.start()
	t.Cleanup(func() { l.f.Close() })
	return l
}

func (l *foundLog) start() {
	opt := l.opt
	opt.Notify = func(n source.Notice) {
		l.notices = append(l.notices, n)
		if do := l.onNotice[n.Kind]; do != nil {
			delete(l.onNotice, n.Kind)
			do()
		}
	}
	l.f = source.NewFollower(l.path, opt)
}

// restart goes on from the state, as it is read from a file.
func (l *foundLog) restart(meanwhile func()) {
	l.t.Helper()
	b, err := json.Marshal(l.f.State())
	l.check(err)
	var st source.FileState
	l.check(json.Unmarshal(b, &st))
	l.f.Close()
	meanwhile()
	l.start()
	l.f.Resume(st)
}

func (l *foundLog) check(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *foundLog) step() {
	l.t.Helper()
	for more := true; more; {
		var err error
		more, err = l.f.Step(l.now, 1<<20, func(p *source.Piece) error {
			for line := range bytes.Lines(p.Text) {
				name, _, _ := strings.Cut(string(line), " ")
				if want := foundLine(name); string(line) != want {
					l.t.Errorf("a line of generation %d is %q, want %q", p.Generation, line, want)
				}
				l.got = append(l.got, name)
			}
			l.f.Commit(p.Generation, p.Next)
			if do := l.onPiece; do != nil {
				l.onPiece = nil
				do()
			}
			return nil
		})
		l.check(err)
	}
	l.now = l.now.Add(100 * time.Millisecond)
}

// foundLine is a line with that name. It is so long that files that begin with
// two are known by their beginnings.
func foundLine(name string) string { return name + " " + strings.Repeat(name, 50) + "\n" }

func (l *foundLog) name(suffix string) string { return l.path + suffix }

func (l *foundLog) append(suffix string, names ...string) {
	l.t.Helper()
	file, err := os.OpenFile(l.name(suffix), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	l.check(err)
	for _, name := range names {
		_, err := file.WriteString(foundLine(name))
		l.check(err)
	}
	l.check(file.Close())
}

// rotate renames the log, those before it, and begins another with the lines.
func (l *foundLog) rotate(names ...string) {
	l.t.Helper()
	l.shift()
	l.check(os.Rename(l.path, l.name(".1")))
	l.append("", names...)
}

func (l *foundLog) shift() {
	l.t.Helper()
	n := 1
	for ; ; n++ {
		if _, err := os.Stat(l.name(fmt.Sprintf(".%d", n))); err != nil {
			break
		}
	}
	for ; n > 1; n-- {
		l.check(os.Rename(l.name(fmt.Sprintf(".%d", n-1)), l.name(fmt.Sprintf(".%d", n))))
	}
}

// copytruncate copies the log, empties it, and writes the lines to it.
func (l *foundLog) copytruncate(names ...string) {
	l.t.Helper()
	l.shift()
	data, err := os.ReadFile(l.path)
	l.check(err)
	l.check(os.WriteFile(l.name(".1"), data, 0o644))
	l.check(os.Truncate(l.path, 0))
	l.append("", names...)
}

// want says which lines there must be, in their order, since the last time.
func (l *foundLog) want(names ...string) {
	l.t.Helper()
	if !slices.Equal(l.got, names) {
		l.t.Errorf("got %q, want %q", l.got, names)
	}
	l.got = nil
}

func (l *foundLog) wantNoGap() {
	l.t.Helper()
	for _, n := range l.notices {
		if n.Kind == source.Gap {
			l.t.Errorf("a gap is told of: %+v", n)
		}
	}
}

// TestManyHeld holds that what comes is read, however many files are held: those
// that were read to their end make room before their time.
func TestManyHeld(t *testing.T) {
	l := newFoundLog(t, source.FollowOptions{MaxHeld: 4, Grace: time.Hour})
	l.append("", "a0")
	l.step()
	l.want("a0")
	for i := range 20 {
		name := fmt.Sprintf("b%d", i)
		l.rotate(name)
		l.step()
		l.want(name)
	}
	// And more of them at once.
	var names []string
	for i := range 20 {
		name := fmt.Sprintf("c%d", i)
		l.rotate(name)
		names = append(names, name)
	}
	for range 10 {
		l.step()
	}
	l.want(names...)
}

// TestRenamedWhileLooked holds that files which came after the one that was just
// opened are not taken for copies of it, nor read before it, however often the
// log is renamed meanwhile.
func TestRenamedWhileLooked(t *testing.T) {
	for _, times := range []int{1, 2, 8, 20} {
		for _, each := range []int{1, 3} {
			l := newFoundLog(t, source.FollowOptions{})
			l.append("", "a")
			l.step()
			want := []string{"a", "b"}
			var rotate func()
			rotate = func() {
				for range each {
					name := fmt.Sprintf("c%d", len(want))
					l.rotate(name)
					want = append(want, name)
				}
				if len(want) < 2+times*each {
					l.onNotice[source.Rotated] = rotate
				}
			}
			l.onNotice[source.Rotated] = rotate
			l.rotate("b")
			for range 5 {
				l.step()
			}
			l.append("", "d")
			l.step()
			l.want(append(want, "d")...)
		}
	}
}

// TestTruncatedBeforeRead holds that a life of the file is not missed that
// ended between the look at what is beside it and the first read of it, nor
// another one that ended while what was missed is read.
func TestTruncatedBeforeRead(t *testing.T) {
	for _, times := range []int{1, 2, 5} {
		for _, each := range []int{1, 2, 5} {
			l := newFoundLog(t, source.FollowOptions{})
			l.append("", "a1", "a2")
			l.step()
			l.rotate("b1", "b2")
			l.append(".1", "a3") // whose delivery is when the file is truncated
			want := []string{"a1", "a2", "a3", "b1", "b2"}
			n := 0
			var truncate func()
			truncate = func() {
				for range each {
					n++
					names := []string{fmt.Sprintf("c%d", n), fmt.Sprintf("d%d", n)}
					l.copytruncate(names...)
					want = append(want, names...)
				}
				if n < times*each {
					l.onPiece = truncate
				}
			}
			l.onPiece = truncate
			for range 5 {
				l.step()
			}
			l.want(want...)
			l.wantNoGap()
		}
	}
}

// TestTruncatedAfterResume holds the same when the first of the lives ended while
// nobody looked.
func TestTruncatedAfterResume(t *testing.T) {
	for _, more := range []int{1, 2, 5} {
		l := newFoundLog(t, source.FollowOptions{})
		l.append("", "a1", "a2")
		l.step()
		l.rotate()
		l.step() // of the new file, which is empty, nothing tells
		l.restart(func() {
			l.append("", "b1", "b2")
			l.copytruncate("c1", "c2")
		})
		want := []string{"a1", "a2", "b1", "b2", "c1", "c2"}
		l.onPiece = func() {
			for i := range more {
				names := []string{fmt.Sprintf("d%d", i), fmt.Sprintf("e%d", i)}
				l.copytruncate(names...)
				want = append(want, names...)
			}
		}
		for range 3 {
			l.step()
		}
		l.want(want...)
		l.wantNoGap()
	}
}

// TestShortCopy holds that what was read after the copy was made and before the
// file was truncated is not read again, nor told of as a gap, and that what comes
// behind is found: there is no copy that has it all. While nobody looks, the copy
// may become an archive.
func TestShortCopy(t *testing.T) {
	for _, c := range []struct{ restart, archived bool }{{}, {restart: true}, {restart: true, archived: true}} {
		l := newFoundLog(t, source.FollowOptions{})
		a := strings.Repeat("a", 50) // more than what tells one file from another
		l.append("", a, "b", "c")
		l.step()
		l.append(".1", a, "b") // the copy, and then c came
		meanwhile := func() {
			l.check(os.Truncate(l.path, 0))
			l.append("", "d", "e")
			if c.archived {
				l.check(archive(l.name(".1"), l.name(".2")))
			}
			l.copytruncate("f", "g")
		}
		if c.restart {
			l.restart(meanwhile)
		} else {
			meanwhile()
		}
		l.step()
		l.step()
		l.append("", "h")
		l.step()
		l.want(a, "b", "c", "d", "e", "f", "g", "h")
		l.wantNoGap()
	}
}

// TestNoCopy holds that a gap is told of where nothing that is left beside the
// file has what it held: an archive of another file does not, nor one that is
// damaged.
func TestNoCopy(t *testing.T) {
	a := strings.Repeat("a", 50)
	for _, damaged := range []bool{false, true} {
		l := newFoundLog(t, source.FollowOptions{})
		l.append("", a, "b", "c")
		l.step()
		l.want(a, "b", "c")
		l.restart(func() {
			l.check(os.Truncate(l.path, 0))
			l.append("", "d")
			if damaged {
				l.append(".1", a, "b")
				l.check(archive(l.name(".1"), l.name(".2")))
				data, err := os.ReadFile(l.name(".2.gz"))
				l.check(err)
				l.check(os.WriteFile(l.name(".2.gz"), data[:len(data)-9], 0o644))
			} else {
				l.append(".1", strings.Repeat("z", 50), "b")
				l.check(archive(l.name(".1"), l.name(".2")))
				l.check(os.Chtimes(l.name(".2.gz"), time.Unix(0, 0), time.Unix(0, 0)))
			}
		})
		l.step()
		l.want("d")
		if !slices.ContainsFunc(l.notices, func(n source.Notice) bool { return n.Kind == source.Gap }) {
			t.Errorf("damaged %t: no gap is told of: %+v", damaged, l.notices)
		}
	}
}

// TestArchivesAfterResume holds that archives which were made while nobody looked
// are found, also when the path has no file at the first look.
func TestArchivesAfterResume(t *testing.T) {
	for _, absent := range []bool{false, true} {
		l := newFoundLog(t, source.FollowOptions{})
		l.append("", "aa")
		l.step()
		l.restart(func() {
			later := time.Now()
			for i, name := range []string{"bb", "cc", "dd"} {
				l.append("", name)
				// Files of one moment have no order.
				later = later.Add(time.Second)
				l.check(os.Chtimes(l.path, later, later))
				l.check(archive(l.path, l.name(fmt.Sprintf(".%d", 3-i))))
				l.append("")
			}
			if absent {
				l.check(os.Remove(l.path))
			}
		})
		l.step()
		l.append("", "ee")
		l.step()
		l.step()
		l.want("aa", "bb", "cc", "dd", "ee")
		l.wantNoGap()
	}
}

// TestCopyBegun holds that a copy which was seen while it was made is still the
// copy when it is done.
func TestCopyBegun(t *testing.T) {
	for _, begun := range []int{0, 1, 2} {
		l := newFoundLog(t, source.FollowOptions{})
		l.append("")
		l.step()
		l.append("", "a", "b")
		l.append(".1", []string{"a", "b"}[:begun]...)
		l.step()
		l.append("", "c")
		l.append(".1", []string{"a", "b", "c"}[begun:]...)
		l.check(os.Truncate(l.path, 0))
		l.append("", "d")
		l.step()
		l.want("a", "b", "c", "d")
		l.wantNoGap()
	}
}

// TestCopyFoundLate holds that a copy of what was read, found after the file was
// seen to be truncated, is not read again.
func TestCopyFoundLate(t *testing.T) {
	l := newFoundLog(t, source.FollowOptions{})
	l.append("", "a", "b")
	l.step()
	l.check(os.Truncate(l.path, 0))
	l.step()
	l.append(".1", "a", "b")
	l.append("", "c")
	l.step()
	l.step()
	l.want("a", "b", "c")
}

// TestDeletedAfterRead holds that no gap is told of when a file is gone which
// had been read to its end when the state was saved, its successor too.
func TestDeletedAfterRead(t *testing.T) {
	l := newFoundLog(t, source.FollowOptions{})
	l.append("", "a")
	l.step()
	l.rotate("b")
	l.step()
	l.restart(func() {
		l.check(os.Remove(l.name(".1")))
		l.append("", "c")
	})
	l.step()
	l.want("a", "b", "c")
	l.wantNoGap()
}
