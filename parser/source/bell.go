package source

import (
	"fmt"
	"os"

	"github.com/hpcloud/tail/watch"
	"gopkg.in/tomb.v1"
)

// A Bell rings when a file changes, so that a Follower need not wait for its next
// look. Nothing depends on it: what it misses, the poll finds.
//
// It is [watch.InotifyFileWatcher], of the path of the open descriptor
// (/proc/self/fd/N): so it watches the file that is read whatever has its name,
// and its stat, of which the package ends the process when it fails, cannot
// fail. Where there is no such path, as outside Linux, and where the system has
// no more watches to give, there is no bell.
//
// It rings once for each file and then lets go of it, until it is told to watch
// the file again: one wake-up for each line of a busy log costs ten times what
// looking ten times a second does.
type Bell struct {
	ring    chan struct{}
	watched map[*Follower]watched
}

// watched is one file that is watched.
type watched struct {
	file *os.File
	tomb *tomb.Tomb
}

// NewBell returns a Bell that watches nothing yet.
func NewBell() *Bell {
	b := &Bell{ring: make(chan struct{}, 1)}
	if canWatch() {
		watch.Cleanup("") // it makes the package begin, so that Events can be asked
		b.watched = map[*Follower]watched{}
	}
	return b
}

// Ring is sent to when a watched file has changed.
func (b *Bell) Ring() <-chan struct{} { return b.ring }

// Watch has the bell ring at the next change of the file that a Follower reads,
// and reports whether it will.
func (b *Bell) Watch(f *Follower) bool {
	if b.watched == nil {
		return false
	}
	file := f.Descriptor()
	old, found := b.watched[f]
	if found && old.file == file && old.tomb.Err() == tomb.ErrStillAlive {
		return true
	}
	if found {
		old.tomb.Kill(nil)
		delete(b.watched, f)
	}
	if file == nil {
		return false
	}
	path := fmt.Sprintf("/proc/self/fd/%d", file.Fd())
	if watch.Events(path) != nil {
		return false // the package is still about to let go of it, and would of this too
	}
	t := new(tomb.Tomb)
	changes, err := watch.NewInotifyFileWatcher(path).ChangeEvents(t, 0)
	if err != nil {
		return false
	}
	b.watched[f] = watched{file, t}
	go func() {
		select {
		case <-changes.Modified:
		case <-changes.Truncated:
		case <-changes.Deleted:
		case <-t.Dying():
			return
		}
		t.Kill(nil)
		select {
		case b.ring <- struct{}{}:
		default: // it rings already
		}
	}()
	return true
}

// Forget has the bell let go of a Follower's file. It is called before the
// Follower is closed.
func (b *Bell) Forget(f *Follower) {
	if w, found := b.watched[f]; found {
		w.tomb.Kill(nil)
		delete(b.watched, f)
	}
}
