package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sync/atomic"
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
	// Text is how its bytes are read as text, once Sample has found it out.
	Text Text

	file   *os.File
	cancel context.CancelCauseFunc // ends a read that waits for a pipe
	info   os.FileInfo             // of a regular file
	head   head                    // what Sample has read
	raw    *counter
	ahead  *ahead    // of an archive; else nil
	r      io.Reader // its content, decompressed
	text   decoded   // the same as text, nil before it is read
	sample []byte    // what Sample has read, as far as Read has not given it
	err    error     // how the input ended while Sample read it
}

// Open opens the file of the given name, or stdin for Stdin. A gzip, zstd,
// bzip2 or xz archive is told by its first bytes, never by its name, and
// decompressed, all its members, frames or streams. A file that grows is read
// to the end that it has when reading gets there. The caller closes the Input.
// When ctx ends, so does reading, with its cause as the error, even of a pipe to
// which nobody writes.
//
// Of an archive, Read begins a goroutine that decompresses ahead, up to 1 MiB;
// Close ends it. Sample alone begins none.
func Open(ctx context.Context, name string, stdin io.Reader) (*Input, error) {
	in := &Input{Name: name}
	ctx, in.cancel = context.WithCancelCause(ctx)
	src, err := in.open(ctx, stdin)
	if err != nil {
		in.cancel(os.ErrClosed)
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
	var path *os.PathError
	switch {
	case errors.As(err, &path):
		return nil, &os.PathError{Op: "open", Path: in.Name, Err: path.Err}
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
			return fmt.Errorf("%s: %s archive: not supported, decompress it first (%s FILE | mgslog … -)", in.Name, a.name, a.tool)
		}
		r, err := a.open(b)
		if err != nil {
			return &os.PathError{Op: "read", Path: in.Name, Err: archiveError(unexpected(err))}
		}
		in.ahead = newAhead(r)
		in.r = content{in.ahead}
		return nil
	}
	in.r = content{b}
	return nil
}

// At returns up to n bytes of a plain file from offset on, beginning with a
// whole line.
func At(name string, offset int64, n int) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, n)
	n, err = f.ReadAt(b, offset)
	if err != nil && err != io.EOF {
		return nil, err
	}
	_, rest, _ := bytes.Cut(b[:n], []byte{'\n'})
	return rest, nil
}

// Plain reports whether the input is a file whose bytes are its text, so that it
// can be read from any line on: no archive, no pipe, not UTF-16.
func (in *Input) Plain() bool {
	return in.file != nil && in.Compression == "" && in.Text.Charset != UTF16LE && in.Text.Charset != UTF16BE
}

// ReadAt reads a Plain file's bytes as they are, beside Read.
func (in *Input) ReadAt(p []byte, off int64) (int, error) { return in.file.ReadAt(p, off) }

// Extends reports whether the input is the file that info has described before,
// and no shorter than it was then.
func (in *Input) Extends(info os.FileInfo) bool {
	return in.info != nil && os.SameFile(in.info, info) && in.Size >= info.Size()
}

// Limit has Read give the bytes of a Plain file from one place to another only;
// to < 0 stands for the file's end. It is called before Read, and instead of
// Sample.
func (in *Input) Limit(ctx context.Context, from, to int64) {
	s := in.Section(ctx, from, to)
	in.raw, in.r = s.raw, s.r
}

// Cuts returns the places at which a part of a Plain file, from one place to
// another, may be cut into sections of about the given size, in their order,
// without those of its beginning and its end; to < 0 stands for the file's end.
// next is given some of the text, from the beginning of a line on, and
// returns where in it a section may begin, -1 for nowhere. Where there is no
// such place within a section, there is no cut. There is none, either, in what
// is not Plain.
func (in *Input) Cuts(from, to, size int64, next func([]byte) int) []int64 {
	if !in.Plain() {
		return nil
	}
	if to < 0 {
		to = in.Size
	}
	var cuts []int64
	b := make([]byte, maxPiece)
	for from += size; from < to; from += size {
		for at := from - 1; at < min(from+size, to); {
			n, err := in.file.ReadAt(b, at)
			_, text, found := bytes.Cut(b[:n], []byte{'\n'})
			if k := next(text); found && k >= 0 {
				if cut := at + int64(n-len(text)+k); cut < to && (len(cuts) == 0 || cut > cuts[len(cuts)-1]) {
					cuts = append(cuts, cut)
				}
				break
			}
			if err != nil {
				break
			}
			// On with the last line, which may have been cut off.
			if last := bytes.LastIndexByte(b[:n], '\n'); last > 0 {
				n = last
			}
			at += int64(n)
		}
	}
	return cuts
}

// Section returns the bytes of a plain file from one place to another as an
// Input of its own, for another goroutine; to < 0 stands for the file's end. The
// Input whose section it is must stay open; the section need not be closed.
func (in *Input) Section(ctx context.Context, from, to int64) *Input {
	if to < 0 {
		to = math.MaxInt64
	}
	s := &Input{Name: in.Name, Text: in.Text, cancel: func(error) {}}
	s.raw = &counter{r: &regular{ctx, &paged{io.NewSectionReader(in.file, from, to-from), -from & (pageSize - 1)}}}
	s.r = s.raw
	return s
}

// pageSize is that of memory, on most machines.
const pageSize = 4096

// paged reads what begins so many bytes before a page does, so that all reads but the
// first begin with one. So it depends on where they go to alone whether the kernel
// copies fast: it takes three times as long where that is 1 to 31 bytes further into
// its page than what is read is into its own (measured on Zen 3; the processor mistakes
// the one for the other).
type paged struct {
	r      io.Reader
	before int64
}

func (p *paged) Read(b []byte) (int, error) {
	if p.before > 0 {
		b = b[:min(int64(len(b)), p.before)]
	}
	n, err := p.r.Read(b)
	p.before -= int64(n)
	return n, err
}

// SameFile reports whether two names are of one file.
func SameFile(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(x, y)
}

// content gives the errors of reading their names.
type content struct{ r io.Reader }

func (c content) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	return n, archiveError(err)
}

// Decode sets how the bytes of the input are read as text; without it, Sample
// finds it out, and Read alone takes the input for UTF-8. It is called before
// both.
func (in *Input) Decode(t Text) { in.Text = t }

// Bytes returns the input decompressed, and not as text: for what is none. It is
// used instead of Sample and Read.
func (in *Input) Bytes() io.Reader { return in.r }

// Sample reads up to n bytes of the input's start, as text in UTF-8, and returns
// them; Read then begins with the same bytes. It is called once, before Read.
func (in *Input) Sample(n int) []byte {
	size := int(min(int64(n), max(in.Size, 64<<10)+1))
	raw, err := fill(in.r, make([]byte, 0, size), n)
	in.head = newHead(raw, err)
	in.Text = recognise(in.Text, raw, err == io.EOF)
	var text []byte
	switch t := decode(in.r, in.Text).(type) {
	case *lineReader: // most of raw is text as it is
		text, in.text = t.begin(raw, err), t
	default:
		in.text = decode(&prefixed{raw, err, in.r}, in.Text)
		text = make([]byte, 0, min(n, len(raw)+1))
	}
	in.sample, in.err = fill(in.text, text, n)
	return in.sample
}

// fill appends to b what r gives, until it has n bytes or r ends.
func fill(r io.Reader, b []byte, n int) ([]byte, error) {
	var err error
	for len(b) < n && err == nil {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		var k int
		k, err = r.Read(b[len(b):min(cap(b), n)])
		b = b[:len(b)+k]
	}
	return b, err
}

// prefixed gives what has been read of r before r.
type prefixed struct {
	b   []byte
	err error // with which r has ended
	r   io.Reader
}

func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.b) > 0 {
		n := copy(b, p.b)
		if p.b = p.b[n:]; len(p.b) == 0 {
			p.b = nil // give its memory back
		}
		return n, nil
	}
	if p.err != nil {
		return 0, p.err
	}
	return p.r.Read(b)
}

// Read reads the input, decompressed and as text in UTF-8. Line ends stay where
// they are.
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
	in.readAhead()
	if in.text == nil {
		if in.Text.Charset == Auto {
			in.Text = Text{UTF8, true}
		}
		in.text = decode(in.r, in.Text)
	}
	return in.text.Read(p)
}

// readAhead lets an archive be decompressed in a goroutine of its own from here
// on.
func (in *Input) readAhead() {
	if in.ahead != nil {
		in.ahead.start()
	}
}

// Invalid returns how many bytes have been read that are part of no character
// in the input's encoding. U+FFFD stands for them in the text.
func (in *Input) Invalid() int64 {
	if in.text == nil {
		return 0
	}
	n, _ := in.text.counts()
	return n
}

// Recoded returns how many lines have been read in another encoding than that
// of the input.
func (in *Input) Recoded() int64 {
	if in.text == nil {
		return 0
	}
	_, n := in.text.counts()
	return n
}

// Consumed returns how many bytes of the file as it lies on disk have been
// read, for a display of progress: those read ahead too. Any goroutine may ask.
func (in *Input) Consumed() int64 { return in.raw.n.Load() }

// Close closes the file, and ends what reads it ahead. Standard input and pipes
// stay open: a read of them may still be under way. It is not called during a
// Read or a Sample.
func (in *Input) Close() error {
	in.cancel(os.ErrClosed)
	if in.ahead != nil {
		in.ahead.close()
	}
	if in.file == nil {
		return nil
	}
	return in.file.Close()
}

// counter counts the bytes read through it. Others may look at n meanwhile.
type counter struct {
	r io.Reader
	n atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
