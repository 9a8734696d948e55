package source

import (
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is the largest window, the part of its output that a decompressor
// must remember, that an archive may ask for. What xz -9 and zstd --long make
// stays below it.
const maxWindow = 128 << 20

// Errors of archives.
var (
	// ErrTruncated ends a compressed input that stops in the middle. What
	// it holds has been read.
	ErrTruncated = errors.New("truncated archive")
	// ErrCorrupt ends a compressed input that cannot be decompressed
	// further. What stands before the damage has been read.
	ErrCorrupt = errors.New("damaged archive")
	// ErrWindow is for an archive that can only be read with more memory
	// than is given to one input.
	ErrWindow = fmt.Errorf("archive with a window of more than %d MiB: decompress it first", maxWindow>>20)
)

// archive is a kind of compression.
type archive struct {
	name string
	is   func(start []byte) bool
	// open returns the decompressed content of all streams (members, frames)
	// that stand behind one another. Nil: not read, tool is.
	open func(io.Reader) (io.Reader, error)
	tool string // the command that writes such an archive's content
}

// archiveMagic is how many bytes the kinds of compression are told by.
const archiveMagic = 10

var archives = []archive{
	{"gzip", begins("\x1f\x8b"), func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }, ""},
	{"zstd", isZstd, openZstd, ""},
	{"bzip2", isBzip2, func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }, ""},
	{"xz", begins(xzMagic), func(r io.Reader) (io.Reader, error) { return newXZ(r), nil }, ""},
	{"zip", begins("PK\x03\x04"), nil, "unzip -p"},
	{"lz4", begins("\x04\x22\x4d\x18"), nil, "lz4 -dc"},
	{"7z", begins("7z\xbc\xaf\x27\x1c"), nil, "7z x -so"},
}

func begins(magic string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(magic)) }
}

// isZstd reports whether a frame of zstd begins here, or one that is to be
// skipped, with which pzstd begins.
func isZstd(b []byte) bool {
	return begins("\x28\xb5\x2f\xfd")(b) || len(b) >= 4 && b[0]&0xF0 == 0x50 && begins("\x2a\x4d\x18")(b[1:])
}

// isBzip2 looks at the first block's mark too: BZh alone may be text.
func isBzip2(b []byte) bool {
	if len(b) < 4 || !begins("BZh")(b) || b[3] < '1' || b[3] > '9' {
		return false
	}
	b = b[4:]
	for _, block := range []string{"1AY&SY", "\x17\x72\x45\x38\x50\x90"} {
		if n := min(len(b), len(block)); string(b[:n]) == block[:n] {
			return true
		}
	}
	return false
}

// openZstd decompresses in the goroutine that reads, so that an input that is
// left early leaves nothing behind.
func openZstd(r io.Reader) (io.Reader, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return d, nil
}

// archiveError names what is wrong with an archive. What is wrong with the
// disk, and the end of the context, stay what they are.
func archiveError(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	var read *readError
	switch {
	case errors.As(err, &read):
		return read.error
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, ErrWindow):
		return ErrWindow
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}

// readError is an error that came from below a decompressor.
type readError struct{ error }

func (e *readError) Unwrap() error { return e.error }

// marked makes the errors of reading known above a decompressor.
type marked struct{ r io.Reader }

func (m marked) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if err != nil && err != io.EOF {
		err = &readError{err}
	}
	return n, err
}

// IsArchive reports whether a file is an archive, by its first bytes.
func IsArchive(path string) bool {
	f, err := openNow(path)
	if err != nil {
		return false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return false
	}
	b := make([]byte, archiveMagic)
	n, _ := f.ReadAt(b, 0)
	return slices.ContainsFunc(archives, func(a archive) bool { return a.is(b[:n]) })
}
