package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"
)

// stateVersion is that of the state file's form.
const stateVersion = 1

// maxState bounds the size of a state file that is read.
const maxState = 64 << 20

// State is what a state file holds: how far the files of some paths have been
// delivered.
type State struct {
	Version int         `json:"version"`
	Saved   time.Time   `json:"saved"`
	Files   []FileState `json:"files"`
}

// FileState is how far the files of one path have been delivered.
type FileState struct {
	Path string `json:"path"`
	// Known are the youngest files that were met, and Modified is when one of
	// them was last written to as far as was seen, in Unix nanoseconds.
	Known       births            `json:"known"`
	Modified    int64             `json:"modified,omitempty"`
	Generations []GenerationState `json:"generations"`
}

// GenerationState is how far one file has been delivered, in the order in which
// the files were read.
type GenerationState struct {
	identity
	Offset int64       `json:"offset"` // delivered are the bytes before it
	Lines  int64       `json:"lines"`  // in these bytes, -1 if that is not known
	Window fingerprint `json:"window"` // of the bytes before Offset
	Head   fingerprint `json:"head"`   // of the file's first bytes
	// Done tells that the file had been rotated away, read to its end and
	// closed.
	Done bool `json:"done,omitempty"`
	// Ended tells that the file had been rotated away and delivered to its end; it
	// was open yet for what might come late.
	Ended bool `json:"ended,omitempty"`
}

// State returns how far the Follower's files have been committed. The prints are
// those of what was read, not of what the files hold now: they may have been
// truncated meanwhile.
func (f *Follower) State() FileState {
	if f.resume != nil {
		return *f.resume
	}
	st := FileState{Path: f.path, Known: f.known}
	for _, p := range f.past {
		st.Generations = append(st.Generations, GenerationState{identity: p.id, Offset: p.off, Lines: -1, Window: p.window, Head: p.head, Done: true})
	}
	for _, g := range f.gens {
		if _, gone := g.f.(nothing); gone {
			continue
		}
		c := g.committed
		st.Generations = append(st.Generations, GenerationState{identity: g.id, Offset: c.off, Lines: c.lines, Window: printOf(c.window), Head: printOf(g.head), Ended: g != f.at && c.off == g.size})
		if !g.written.IsZero() {
			st.Modified = max(st.Modified, g.written.UnixNano())
		}
	}
	return st
}

// Resume has the first Step go on where the state ends, instead of at Begin. What
// cannot be found any more is told as a Gap.
func (f *Follower) Resume(st FileState) { f.resume = &st }

// restore finds the files of the state, each by what it is and by the bytes
// before the offset; else the copy or the archive that was made of it.
func (f *Follower) restore(now time.Time) {
	st := f.resume
	f.known = st.Known
	found := time.Unix(0, st.Modified) // when the last one that was found was written to
	for _, e := range st.Generations {
		if e.Done {
			f.past = append(f.past, pastFile{e.identity, e.Offset, e.Window, e.Head})
		}
	}
	for _, e := range st.Generations {
		if e.Done {
			continue
		}
		g := f.same(e)
		if g == nil {
			g = f.copyOf(e.Offset, e.Window, e.Head)
			if g == nil && e.Offset == 0 && f.addArchives(&found, now) {
				continue // of it nothing had been read, so nothing tells which it is
			}
			if g == nil {
				if !e.Ended && !f.copiedBefore(e.Offset, e.Head) {
					f.opt.Notify(Notice{Kind: Gap, Path: f.path, File: f.path, From: e.Offset, To: -1})
				}
				f.past = append(f.past, pastFile{off: e.Offset, window: e.Window, head: e.Head})
				continue
			}
			g.place(e.Offset, e.Lines)
			g.fixed = true
			f.past = append(f.past, pastFile{off: e.Offset, window: e.Window, head: e.Head}) // or it is found again
			f.opt.Notify(Notice{Kind: Recovered, Path: f.path, File: g.name})
			f.add(g, now)
			if own, err := f.open(f.path); err == nil {
				if own.id == e.identity { // copytruncate: there may be more copies
					f.insertCopies(len(f.gens), g, own, now)
				}
				own.f.Close()
			}
		} else {
			if e.Offset == 0 { // it may have had other lives
				f.addArchives(&found, now)
			}
			g.place(e.Offset, e.Lines)
			f.add(g, now)
		}
		if g.name != f.path { // which may have been written to since
			found = g.modified()
		}
	}
	for _, s := range f.siblings() { // what came late to a file that was done
		if known := f.pastOf(s.id); known != nil && s.info.Size() > known.off && s.goOn(known.off, known.window) {
			f.insert(0, s, now)
			continue
		}
		s.f.Close()
	}
	f.resumed = found
}

// addArchives adds what archivesAfter finds, and reports whether that is
// anything. The time moves on to that of the last one.
func (f *Follower) addArchives(modified *time.Time, now time.Time) bool {
	archives := f.archivesAfter(*modified, nil)
	for _, g := range archives {
		f.add(g, now)
		*modified = g.modified()
		f.opt.Notify(Notice{Kind: Recovered, Path: f.path, File: g.name})
	}
	return len(archives) > 0
}

// same opens the file of a state, if it is there under any of its names and still
// has the bytes before the offset.
func (f *Follower) same(e GenerationState) *generation {
	var out *generation
	candidates := f.siblings()
	if own, err := f.open(f.path); err == nil {
		candidates = append(candidates, own)
	}
	for _, s := range candidates {
		if out == nil && s.id == e.identity && e.Window.before(s.f, e.Offset) {
			out = s
			continue
		}
		s.f.Close()
	}
	return out
}

// LoadState reads a state file. One that does not exist is an empty State; one
// that cannot be understood is an error, since to begin anew would repeat or lose
// records.
func LoadState(path string) (*State, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &State{Version: stateVersion}, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxState {
		return nil, fmt.Errorf("%s: not a state file of mgslog tail", path)
	}
	var st State
	b, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&st); err != nil || dec.More() {
		return nil, fmt.Errorf("%s: not a state file of mgslog tail, or damaged: %w", path, err)
	}
	if st.Version != stateVersion {
		return nil, fmt.Errorf("%s: state of version %d, this program knows version %d", path, st.Version, stateVersion)
	}
	for _, f := range st.Files {
		for _, g := range f.Generations {
			if g.Offset < 0 || g.Window.Length < 0 || g.Window.Length > printSize || int64(g.Window.Length) > g.Offset ||
				g.Head.Length < 0 || g.Head.Length > printSize {
				return nil, fmt.Errorf("%s: state of %s is damaged", path, f.Path)
			}
		}
	}
	return &st, nil
}

// Of returns the state of a path, if there is one.
func (s *State) Of(path string) (FileState, bool) {
	i := slices.IndexFunc(s.Files, func(f FileState) bool { return f.Path == path })
	if i < 0 {
		return FileState{}, false
	}
	return s.Files[i], true
}

// Save replaces the state file by this state: all of it or nothing, also if the
// machine fails.
func (s *State) Save(path string) error {
	s.Version = stateVersion
	b, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, append(b, '\n'), 0o600)
}

// ErrLocked is why a state file cannot be used: another run has it.
var ErrLocked = errors.New("in use by another run of mgslog tail")

// LockState takes a state file for this process, until unlock is called or the
// process ends. The lock is on a file beside it, as the state file is replaced.
func LockState(path string) (unlock func(), err error) {
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !got {
		return nil, fmt.Errorf("%s: %w", path, ErrLocked)
	}
	return func() { lock.Close() }, nil
}
