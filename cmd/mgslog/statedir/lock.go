package statedir

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const lockName = "lock"

// lockPoll is how often a lock that is held is tried again.
const lockPoll = 50 * time.Millisecond

// maxHolder bounds what is read of who holds the lock, in bytes.
const maxHolder = 512

// ErrLocked is why nothing could be written: another run holds the lock.
var ErrLocked = errors.New("in use by another run of mgslog")

// holder is what the lock file says of the run that holds the lock.
type holder struct {
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
}

// Lock takes the directory for this run, until unlock is called, the directory
// is closed or the process ends in whatever way. If another run has it, Lock
// waits for it at most as long as wait, or until ctx is cancelled. The error then
// is ErrLocked and says who holds it since when, or the cause of ctx. now is
// what other runs are told.
func (d *Dir) Lock(ctx context.Context, wait time.Duration, now time.Time) (unlock func(), err error) {
	if info, err := d.root.Lstat(lockName); err == nil && !info.Mode().IsRegular() {
		return nil, d.named(lockName, ErrForeign)
	}
	lock := flock.New(filepath.Join(d.path, lockName), flock.SetPermissions(fileMode))
	got, err := lock.TryLock()
	if err == nil && !got {
		waiting, cancel := context.WithTimeout(ctx, wait)
		defer cancel()
		got, err = lock.TryLockContext(waiting, lockPoll)
		if !got && waiting.Err() != nil {
			err = context.Cause(ctx) // nil if it is only that the time is over
		}
	}
	if err != nil {
		return nil, d.named(lockName, err)
	}
	if !got {
		return nil, fmt.Errorf("%s: %w%s", d.path, ErrLocked, d.holder())
	}
	d.lock = lock
	// On a full disk others are not told who holds the lock. It is held all the
	// same.
	if text, err := json.Marshal(holder{PID: os.Getpid(), Since: now}); err == nil {
		_ = d.root.WriteFile(lockName, append(text, '\n'), fileMode)
	}
	return d.unlock, nil
}

// unlock gives up the lock, if it is held.
func (d *Dir) unlock() {
	if d.lock == nil {
		return
	}
	_ = d.root.WriteFile(lockName, nil, fileMode) // or the next run is told of one that is over
	d.lock.Close()
	d.lock = nil
}

// holder returns what is known of the run that holds the lock, in words; "" if
// that is nothing.
func (d *Dir) holder() string {
	var h holder
	text, err := d.read(lockName, maxHolder)
	if errors.Is(err, fs.ErrNotExist) || err == nil && json.Unmarshal(text, &h) != nil || h.PID <= 0 {
		return ""
	}
	return fmt.Sprintf(": process %d, since %s", h.PID, h.Since.Format(time.RFC3339))
}
