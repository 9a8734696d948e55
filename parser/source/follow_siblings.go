package source

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fingerprint stands for some bytes of a file.
type fingerprint struct {
	Length int    `json:"length"`
	SHA256 string `json:"sha256,omitempty"` // hexadecimal
}

func printOf(b []byte) fingerprint {
	if len(b) == 0 {
		return fingerprint{}
	}
	sum := sha256.Sum256(b)
	return fingerprint{len(b), hex.EncodeToString(sum[:])}
}

// before reports whether these bytes stand before an offset.
func (p fingerprint) before(f io.ReaderAt, offset int64) bool {
	if int64(p.Length) > offset || p.Length > printSize {
		return false
	}
	b := make([]byte, p.Length)
	n, _ := f.ReadAt(b, offset-int64(len(b)))
	return n == len(b) && printOf(b) == p
}

// goOn makes a generation that was just opened go on where another was left, if
// its content is the same.
func (g *generation) goOn(off int64, window fingerprint) bool {
	return window.before(g.f, off) && g.place(off, -1)
}

// births tells which files were met by when they were born: all that were born
// before a time, and, of those that were born at that time, which clocks of file
// systems tick in milliseconds, some.
type births struct {
	After int64      `json:"born"` // Unix nanoseconds
	Tied  []identity `json:"files,omitempty"`
}

// maxTied bounds the files of one tick.
const maxTied = 1 << 10

// note adds a file.
func (b *births) note(g *generation) {
	if g == nil {
		return
	}
	switch at := g.born(); {
	case at > b.After:
		b.After, b.Tied = at, []identity{g.id}
	case at == b.After && len(b.Tied) < maxTied:
		b.Tied = append(b.Tied, g.id)
	}
}

// isNew reports whether a file is younger than those, and none of them.
func (b *births) isNew(g *generation) bool {
	at := g.born()
	return at > b.After || at == b.After && !slices.Contains(b.Tied, g.id)
}

// rotationsOf returns the names of what rotation has made of a path's file and
// left beside it, the path's own among them; of a symbolic link, beside what it
// leads to as well.
func rotationsOf(path string) []string {
	var names []string
	places := []string{path}
	if target, err := filepath.EvalSymlinks(path); err == nil && filepath.Dir(target) != filepath.Dir(path) {
		places = append(places, target)
	}
	for _, place := range places {
		dir, base := filepath.Split(place)
		if dir == "" {
			dir = "."
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if e.Type()&(fs.ModeDir|fs.ModeNamedPipe|fs.ModeSocket|fs.ModeDevice) == 0 && sameLog(base, e.Name()) {
				names = append(names, filepath.Join(dir, e.Name()))
			}
		}
	}
	return names
}

// sameLog reports whether a file's name is that of a rotation of the log that
// has the name base.
func sameLog(base, name string) bool {
	if r := rotationOf(name); r.log == rotationOf(base).log {
		return true
	}
	tail, found := strings.CutPrefix(unpacked(name), base)
	if !found || tail == "" {
		return found
	}
	var r rotation
	return numbered().MatchString(tail) || strings.ContainsRune("-_.", rune(tail[0])) && r.date(tail[1:])
}

// list gives the names of rotations of the path's file to look, which reports
// whether it has found something new, until there is nothing new: one may be
// renamed while the names are read.
func (f *Follower) list(look func(name string) bool) {
	for pass := range 10 {
		before, _ := os.Stat(filepath.Dir(f.path))
		found := false
		for _, name := range rotationsOf(f.path) {
			if name != f.path && look(name) {
				found = true
			}
		}
		after, _ := os.Stat(filepath.Dir(f.path))
		if pass > 0 && !found && before != nil && after != nil && before.ModTime().Equal(after.ModTime()) {
			return
		}
	}
}

// siblings opens the rotations of the path's file that are no archives, oldest
// first. Those that are held, and the path's own, are not among them.
func (f *Follower) siblings() []*generation {
	var found []*generation
	own, _ := os.Stat(f.path)
	f.list(func(name string) bool {
		if rotationOf(filepath.Base(name)).packed {
			return false
		}
		g, err := f.open(name)
		if err != nil {
			return false
		}
		same := func(h *generation) bool { return h.info != nil && os.SameFile(h.info, g.info) }
		if own != nil && os.SameFile(own, g.info) || slices.ContainsFunc(found, same) || slices.ContainsFunc(f.gens, same) {
			g.f.Close()
			return false
		}
		found = append(found, g)
		return true
	})
	sortFiles(found, func(g *generation) os.FileInfo { return g.info }, (*generation).born)
	return found
}

// sortFiles sorts files by a time, in Unix nanoseconds, and those of the same time
// by what their names tell of their age.
func sortFiles(found []*generation, info func(*generation) os.FileInfo, at func(*generation) int64) {
	var names []rotated
	for _, g := range found {
		names = append(names, file(g.name, info(g)))
	}
	names = oldestFirst(names)
	age := func(g *generation) int {
		return slices.IndexFunc(names, func(r rotated) bool { return r.path == g.name })
	}
	slices.SortFunc(found, func(x, y *generation) int {
		return cmp.Or(cmp.Compare(at(x), at(y)), cmp.Compare(age(x), age(y)))
	})
}

// between opens the files that came after the last one that is known and before
// the one that the path has now: they were rotated away before they were seen,
// and some may be archives by now. A file that was read to its end and has grown
// since is among them.
func (f *Follower) between(path *generation) []*generation {
	var out []*generation
	since := f.resumed
	if since.IsZero() {
		since = f.retired
		for _, g := range f.gens {
			if g.written.After(since) {
				since = g.written
			}
		}
		if !since.IsZero() {
			since = since.Add(1)
		}
	}
	for _, s := range f.siblings() {
		if known := f.pastOf(s.id); known != nil {
			if s.info.Size() > known.off && s.goOn(known.off, known.window) {
				out = append(out, s)
				continue
			}
		} else if s.id != path.id && f.known.isNew(s) && s.born() <= path.born() && !f.isCopy(s) {
			out = append(out, s)
			continue
		}
		s.f.Close()
	}
	if since.IsZero() {
		return out
	}
	return append(f.archivesAfter(since, append(out, path)), out...)
}

// copyOf opens the file beside the path that has the given bytes before off and
// at its beginning: a copy, or, of several, the longest. Plain files are
// preferred to archives, which must be decompressed up to there.
func (f *Follower) copyOf(off int64, window, head fingerprint) *generation {
	if window.Length == 0 {
		return nil
	}
	var best *generation
	for _, s := range f.siblings() {
		if f.pastOf(s.id) != nil || s.info.Size() < off || !window.before(s.f, off) ||
			best != nil && best.info.Size() >= s.info.Size() {
			s.f.Close()
			continue
		}
		if best != nil {
			best.f.Close()
		}
		best = s
	}
	if best == nil {
		best = f.archiveOf(off, window, head)
	}
	return best
}

// copiedBefore reports whether there is a copy of a file, or an archive of one,
// that was made before all was written to it that was read, so that the copy has
// nothing that is new.
func (f *Follower) copiedBefore(off int64, head fingerprint) bool {
	if head.Length < minHead {
		return false
	}
	found := false
	for _, s := range f.siblings() {
		if s.info.Size() < off && head.before(s.f, int64(head.Length)) {
			f.known.note(s)
			found = true
		}
		s.f.Close()
	}
	// Plain files become archives while they are looked for, so these come last.
	for _, a := range f.archives() {
		s := a.f.(*stream)
		found = found || s.starts(head) && !s.skip(off) && errors.Is(s.err, io.EOF)
		s.Close()
	}
	return found
}

// copiesAfter opens the copies of the path's file that were made after those
// that are known: of lives of g's file that were not seen, up to the life that
// begins with now. Its own copy, which may be there or in the making, ends them:
// what was copied later is of later lives.
func (f *Follower) copiesAfter(known births, g *generation, now []byte) []*generation {
	var out []*generation
	own := false
	for _, s := range f.siblings() { // oldest first
		if !own && known.isNew(s) && s.id != g.id && f.pastOf(s.id) == nil && !f.isCopy(s) {
			head := headOf(s.f)
			own = len(head) > 0 && (bytes.HasPrefix(now, head) || sameHead(now, head))
			if len(head) > 0 && !own {
				out = append(out, s)
				continue
			}
		}
		s.f.Close()
	}
	return out
}

func headOf(f io.ReaderAt) []byte {
	b := make([]byte, printSize)
	n, _ := f.ReadAt(b, 0)
	return b[:n]
}

// sameHead reports whether one file is the beginning of another, as far as their
// heads go.
func sameHead(x, y []byte) bool {
	n := min(len(x), len(y), printSize)
	return n >= minHead && bytes.Equal(x[:n], y[:n])
}

// minHead is how many bytes two files must at least have in common at their
// beginning for one to be taken for a copy of the other.
const minHead = 64

// isCopy reports whether a file that was found beside the path begins like one
// that is known. Two logs do not: their first lines have their time.
func (f *Follower) isCopy(s *generation) bool {
	b := headOf(s.f)
	is := func(p fingerprint) bool {
		return p.Length >= minHead && p.Length <= len(b) && printOf(b[:p.Length]) == p
	}
	return slices.ContainsFunc(f.gens, func(g *generation) bool { return sameHead(g.head, b) }) ||
		slices.ContainsFunc(f.past, func(p pastFile) bool { return is(p.head) }) ||
		f.resume != nil && slices.ContainsFunc(f.resume.Generations, func(g GenerationState) bool { return is(g.Head) })
}
