package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
)

// headSize is how many bytes of an input, decompressed, are compared first.
const headSize = 64 << 10

// head is the beginning of an input's content, by which Seen finds those that
// may be the same.
type head struct {
	sum [sha256.Size]byte
	n   int  // bytes, at most headSize
	all bool // there are no more
}

// newHead looks at the first bytes; all of them if the input ended with err.
func newHead(sample []byte, err error) head {
	n := min(len(sample), headSize)
	return head{sha256.Sum256(sample[:n]), n, n == len(sample) && err == io.EOF}
}

// Seen finds inputs with the same content. Its zero value has seen nothing.
type Seen struct {
	files  []seenFile
	byHead map[head][]int
}

type seenFile struct {
	name, compression string
	info              os.FileInfo
}

// DuplicateOf returns the name under which the content of an input has been
// seen before, and "" if it is new. The input's Sample must have been taken.
// Only regular files that are not empty are compared.
//
// Files are the same if they are one file (links), or if their contents are
// equal to the last byte, once decompressed; names and times do not count. To
// have the first 64 KiB in common is what leads to reading the rest, of both
// side by side and up to the first difference.
func (s *Seen) DuplicateOf(ctx context.Context, in *Input) string {
	if in.info == nil || in.head.n == 0 {
		return ""
	}
	for _, f := range s.files {
		if os.SameFile(f.info, in.info) {
			return f.name
		}
	}
	this := seenFile{in.Name, in.Compression, in.info}
	for _, i := range s.byHead[in.head] {
		if f := s.files[i]; in.head.all || same(ctx, f, this) {
			return f.name
		}
	}
	if s.byHead == nil {
		s.byHead = map[head][]int{}
	}
	s.byHead[in.head] = append(s.byHead[in.head], len(s.files))
	s.files = append(s.files, this)
	return ""
}

// same reports whether two files have the same content.
func same(ctx context.Context, x, y seenFile) bool {
	if x.compression == "" && y.compression == "" && x.info.Size() != y.info.Size() {
		return false
	}
	a, err := Open(ctx, x.name, nil)
	if err != nil {
		return false
	}
	defer a.Close()
	b, err := Open(ctx, y.name, nil)
	if err != nil {
		return false
	}
	defer b.Close()
	a.readAhead()
	b.readAhead()
	var p, q [headSize]byte
	for {
		n, errA := io.ReadFull(a.r, p[:])
		m, errB := io.ReadFull(b.r, q[:])
		if !bytes.Equal(p[:n], q[:m]) {
			return false
		}
		if errA != nil || errB != nil {
			return atEnd(errA) && atEnd(errB) || errors.Is(errA, ErrTruncated) && errors.Is(errB, ErrTruncated)
		}
	}
}

// atEnd reports whether ReadFull has met the end.
func atEnd(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }
