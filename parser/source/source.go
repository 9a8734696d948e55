// Package source turns what the user named into bytes: files, standard input,
// compressed or not. It is the only room that knows where bytes come from.
package source

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Stdin is the name under which standard input is read.
const Stdin = "-"

// ErrDirectory is what Open gives for a directory.
var ErrDirectory = errors.New("is a directory")

// Input is one opened input.
type Input struct {
	Name string
	// Compression is "gzip", "zstd", "bzip2" or "xz" for a compressed input,
	// "" for a plain one.
	Compression string
	// Size is the length of the file as it lies on disk when opened, 0 if
	// it is not a regular file.
	Size int64
	// Rewindable tells that the input can be opened again from its start.
	Rewindable bool

	file   *os.File
	info   os.FileInfo // of a regular file
	head   head        // what Sample has read
	raw    *counter
	r      io.Reader
	sample []byte // what Sample has read, as far as Read has not given it
	err    error  // how the input ended while Sample read it
}

// Open opens the file of the given name, or stdin for Stdin. A gzip, zstd,
// bzip2 or xz archive is told by its first bytes, never by its name, and
// decompressed, all its members, frames or streams. A file that grows is read
// to the end that it has when reading gets there. The caller closes the Input.
// When ctx ends, so does reading, with its cause as the error, even of a pipe to
// which nobody writes.
func Open(ctx context.Context, name string, stdin io.Reader) (*Input, error) {
	in := &Input{Name: name}
	src, err := in.open(ctx, stdin)
	if err != nil {
		return nil, err
	}
	in.raw = &counter{r: src}
	if err := in.decompress(); err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

func (in *Input) open(ctx context.Context, stdin io.Reader) (io.Reader, error) {
	if in.Name == Stdin {
		return &pipe{ctx: ctx, r: stdin}, nil
	}
	info, err := os.Stat(in.Name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, &os.PathError{Op: "read", Path: in.Name, Err: ErrDirectory}
	case !info.Mode().IsRegular():
		return &pipe{ctx: ctx, open: func() (io.Reader, error) { return os.Open(in.Name) }}, nil
	}
	f, err := os.Open(in.Name)
	if err != nil {
		return nil, err
	}
	in.file, in.info, in.Size, in.Rewindable = f, info, info.Size(), true
	return &regular{ctx, f}, nil
}

// decompress looks at the first bytes and sets up what reads them.
func (in *Input) decompress() error {
	b := bufio.NewReaderSize(marked{in.raw}, 64<<10)
	start, err := b.Peek(archiveMagic)
	if err != nil && err != io.EOF {
		return archiveError(err)
	}
	for _, a := range archives {
		if !a.is(start) {
			continue
		}
		in.Compression = a.name
		if a.open == nil {
			return fmt.Errorf("%s: %s archive: not supported, decompress it first (un%s -p %s | mgslog … -)", in.Name, a.name, a.name, in.Name)
		}
		if in.r, err = a.open(b); err != nil {
			return &os.PathError{Op: "read", Path: in.Name, Err: archiveError(unexpected(err))}
		}
		return nil
	}
	in.r = b
	return nil
}

// Sample reads up to n bytes of the input's start and returns them; Read then
// begins with the same bytes. It is called once, before Read.
func (in *Input) Sample(n int) []byte {
	in.sample = make([]byte, 0, min(int64(n), max(in.Size, 64<<10)+1))
	for len(in.sample) < n && in.err == nil {
		if len(in.sample) == cap(in.sample) {
			in.sample = append(in.sample, 0)[:len(in.sample)]
		}
		var k int
		k, in.err = in.read(in.sample[len(in.sample):min(cap(in.sample), n)])
		in.sample = in.sample[:len(in.sample)+k]
	}
	in.head = newHead(in.sample, in.err)
	return in.sample
}

// Read reads the input, decompressed.
func (in *Input) Read(p []byte) (int, error) {
	if len(in.sample) > 0 {
		n := copy(p, in.sample)
		if in.sample = in.sample[n:]; len(in.sample) == 0 {
			in.sample = nil // give its memory back
		}
		return n, nil
	}
	if in.err != nil {
		return 0, in.err
	}
	return in.read(p)
}

func (in *Input) read(p []byte) (int, error) {
	n, err := in.r.Read(p)
	return n, archiveError(err)
}

// Consumed returns how many bytes of the file as it lies on disk have been
// read, for a display of progress.
func (in *Input) Consumed() int64 { return in.raw.n }

// Close closes the file. Standard input and pipes stay open: a read of them
// may still be under way.
func (in *Input) Close() error {
	if in.file == nil {
		return nil
	}
	return in.file.Close()
}

// counter counts the bytes read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
