package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// archives opens the archives beside the path that are not read already, in the
// order in which their content was last written to, which compressing keeps. One
// that is being made is none yet: the file that it is made of is still there.
func (f *Follower) archives() []*generation {
	var found []*generation
	f.list(func(name string) bool {
		if !rotationOf(filepath.Base(name)).packed {
			return false
		}
		if _, err := os.Lstat(unpacked(name)); err == nil {
			return false
		}
		file, err := openNow(name)
		if err != nil {
			return false
		}
		info, err := file.Stat()
		same := func(g *generation) bool {
			s, ok := g.f.(*stream)
			return ok && os.SameFile(s.info, info)
		}
		if err != nil || !info.Mode().IsRegular() || slices.ContainsFunc(found, same) || slices.ContainsFunc(f.gens, same) {
			file.Close()
			return false
		}
		found = append(found, &generation{f: &stream{name: name, file: file, info: info}, name: name, fixed: true})
		return true
	})
	sortFiles(found, func(g *generation) os.FileInfo { return g.f.(*stream).info },
		func(g *generation) int64 { return g.modified().UnixNano() })
	return found
}

// modified returns when the content of a file, or that of an archive, was last
// written to.
func (g *generation) modified() time.Time {
	if s, ok := g.f.(*stream); ok {
		return s.info.ModTime()
	}
	if file, ok := g.f.(*os.File); ok {
		if info, err := file.Stat(); err == nil {
			return info.ModTime()
		}
	}
	return time.Time{}
}

// archiveOf finds the archive beside the path that has, decompressed, the given
// bytes at its beginning and before off.
func (f *Follower) archiveOf(off int64, window, head fingerprint) *generation {
	var out *generation
	for _, g := range f.archives() {
		if s := g.f.(*stream); out == nil && s.starts(head) && s.skip(off-int64(window.Length)) && window.before(s, off) {
			out = g
			continue
		}
		g.f.Close()
	}
	return out
}

// archivesAfter returns the archives whose content was written to after a time, or
// at it: of files that were rotated away and compressed before they were seen.
// Those of plain, which were opened before, are not among them: files become
// archives while they are looked for, so plain ones are looked for first.
func (f *Follower) archivesAfter(modified time.Time, plain []*generation) []*generation {
	var out []*generation
	for _, g := range f.archives() {
		s := g.f.(*stream)
		seen := g.modified().Before(modified) || f.isCopy(g)
		for _, p := range slices.Concat(plain, f.gens) {
			if file, ok := p.f.(*os.File); ok && !seen {
				head, other := headOf(s), headOf(file)
				seen = sameHead(head, other) || bytes.Equal(head, other)
			}
		}
		if seen || s.err != nil && !errors.Is(s.err, io.EOF) {
			g.f.Close()
			continue
		}
		s.rewind()
		out = append(out, g)
	}
	return out
}

// stream reads an archive as a file: forward only, so each ReadAt begins where
// the last one did or behind it. It is opened at the first.
type stream struct {
	name string
	file *os.File // held, since names are given to others as files are rotated
	info os.FileInfo
	in   *Input
	buf  []byte // what was read, from the last offset asked for on
	end  int64  // offset behind buf
	err  error  // how reading has ended
}

// ReadAt reads at most BufferSize bytes.
func (s *stream) ReadAt(p []byte, off int64) (int, error) {
	if !s.skip(off) {
		return 0, s.err
	}
	for len(s.buf) < len(p) && s.err == nil {
		s.more(len(p) - len(s.buf))
	}
	n := copy(p, s.buf)
	if n < len(p) {
		return n, s.err
	}
	return n, nil
}

// skip goes on to an offset, and reports whether it was reached.
func (s *stream) skip(off int64) bool {
	for {
		start := s.end - int64(len(s.buf))
		if off < start {
			s.err = errors.New("BUG: archive read backwards")
			return false
		}
		drop := min(off-start, int64(len(s.buf)))
		s.buf = append(s.buf[:0], s.buf[drop:]...)
		switch {
		case start+drop == off:
			return true
		case s.err != nil:
			return false
		}
		s.more(int(min(off-s.end, stepSize)))
	}
}

// more reads up to n bytes more.
func (s *stream) more(n int) {
	if s.in == nil {
		s.in = &Input{Name: s.name}
		var ctx context.Context
		ctx, s.in.cancel = context.WithCancelCause(context.Background())
		s.in.raw = &counter{r: &regular{ctx, io.NewSectionReader(s.file, 0, math.MaxInt64)}}
		if s.err = s.in.decompress(); s.err != nil {
			return
		}
	}
	s.buf = slices.Grow(s.buf, n)
	var k int
	k, s.err = io.ReadAtLeast(s.in.r, s.buf[len(s.buf):len(s.buf)+n], 1)
	s.buf, s.end = s.buf[:len(s.buf)+k], s.end+int64(k)
}

// starts reports whether the archive begins with the given bytes.
func (s *stream) starts(head fingerprint) bool {
	b := make([]byte, head.Length)
	n, _ := s.ReadAt(b, 0)
	return n == len(b) && printOf(b) == head
}

// rewind has the archive read anew.
func (s *stream) rewind() {
	s.stop()
	*s = stream{name: s.name, file: s.file, info: s.info}
}

func (s *stream) stop() {
	if s.in != nil {
		s.in.Close()
	}
}

// Close closes the archive.
func (s *stream) Close() error {
	s.stop()
	return s.file.Close()
}
