package aggfile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Bounds of the parts before they are compressed, in bytes. A day of a busy
// gateway is below 1 MB.
const (
	MaxHead = 16 << 20
	MaxBody = 64 << 20
)

// What may be wrong with a file, to be found out with errors.Is. The errors
// returned say more.
var (
	ErrForeign   = errors.New("not an aggregate file of mgslog")
	ErrTruncated = errors.New("truncated")
	ErrDamaged   = errors.New("damaged")
	ErrNewer     = errors.New("written by a later version of mgslog")
	// ErrLimit is for what is larger than the bounds of this package.
	ErrLimit = errors.New("too large")
)

const (
	magic   = "mgslog-aggregate "
	version = 1
	// maxLine is how long the first line may be. Version 1 stays below it.
	maxLine = 512
	// window is how far back, in bytes, compression looks for the same text.
	window = 1 << 20
)

// A part is what the first line says of the head or the body.
type part struct {
	stored, length int // of what is stored, and of what it decompresses to
	sum            [sha256.Size]byte
}

// firstLine is the first line of a file.
type firstLine struct{ head, body part }

func (l firstLine) String() string {
	return fmt.Sprintf("%s%d head %d %d %x body %d %d %x\n", magic, version,
		l.head.stored, l.head.length, l.head.sum, l.body.stored, l.body.length, l.body.sum)
}

// Is reports whether a file that begins with these bytes is an aggregate file,
// of whatever version.
func Is(prefix []byte) bool { return bytes.HasPrefix(prefix, []byte(magic)) }

// Write writes a file with these parts. Parts beyond the bounds are ErrLimit,
// with nothing written; other errors are those of w.
func Write(w io.Writer, head, body []byte) error {
	if len(head) > MaxHead || len(body) > MaxBody {
		return fmt.Errorf("%w: an aggregate with a head of %d bytes and a body of %d; at most %d and %d can be kept", ErrLimit, len(head), len(body), MaxHead, MaxBody)
	}
	// One goroutine, so that the same input gives the same bytes. The window
	// takes memory: the default takes 16 MiB, for parts that have a tenth of it.
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithZeroFrames(true), zstd.WithEncoderLevel(zstd.SpeedBetterCompression),
		zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return err
	}
	defer enc.Close()
	var (
		l      firstLine
		stored [2][]byte
	)
	for i, p := range []struct {
		data []byte
		part *part
	}{{head, &l.head}, {body, &l.body}} {
		stored[i] = enc.EncodeAll(p.data, nil)
		*p.part = part{len(stored[i]), len(p.data), sha256.Sum256(stored[i])}
	}
	for _, b := range [][]byte{[]byte(l.String()), stored[0], stored[1]} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// Read reads a file to its end and returns its parts. Errors are those of r
// and of this package; there is no part of a file that is not whole.
func Read(r io.Reader) (head, body []byte, err error) {
	f := newFile(r)
	l, err := f.firstLine()
	if err != nil {
		return nil, nil, err
	}
	if head, err = f.part("head", l.head); err != nil {
		return nil, nil, err
	}
	if body, err = f.part("body", l.body); err != nil {
		return nil, nil, err
	}
	if _, err := f.r.ReadByte(); err == nil {
		return nil, nil, fmt.Errorf("%w: something follows after the %d bytes that its first line states", ErrDamaged, f.total)
	} else if !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	return head, body, nil
}

// ReadHead reads the head of a file, and from r no more than the head and a
// few KiB. What is behind the head is not checked.
func ReadHead(r io.Reader) (head []byte, err error) {
	f := newFile(r)
	l, err := f.firstLine()
	if err != nil {
		return nil, err
	}
	return f.part("head", l.head)
}

// A file is one that is being read.
type file struct {
	r           *bufio.Reader
	done, total int // bytes of the file: read so far, and all that it should have
}

func newFile(r io.Reader) *file { return &file{r: bufio.NewReader(r)} }

// firstLine reads the first line. The buffer of the reader is longer than any.
func (f *file) firstLine() (firstLine, error) {
	start, err := f.r.Peek(len(magic))
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return firstLine{}, err
	case len(start) == 0:
		return firstLine{}, fmt.Errorf("%w: the file is empty", ErrTruncated)
	case len(start) < len(magic) && strings.HasPrefix(magic, string(start)):
		return firstLine{}, fmt.Errorf("%w: %d bytes, and not even its first line is whole", ErrTruncated, len(start))
	case !Is(start):
		return firstLine{}, ErrForeign
	}
	line, err := f.r.Peek(maxLine)
	if err != nil && !errors.Is(err, io.EOF) {
		return firstLine{}, err
	}
	end := bytes.IndexByte(line, '\n')
	if end < 0 {
		end = len(line)
		if end < maxLine {
			return firstLine{}, fmt.Errorf("%w: %d bytes, and not even its first line is whole", ErrTruncated, end)
		}
	}
	l, err := parseFirstLine(string(line[:end]))
	if err != nil {
		return l, err
	}
	f.done, _ = f.r.Discard(end + 1)
	f.total = f.done + l.head.stored + l.body.stored
	return l, nil
}

// parseFirstLine takes the line apart. It has one form only: what String writes.
func parseFirstLine(line string) (l firstLine, err error) {
	words := strings.Split(line, " ")
	if v, err := strconv.Atoi(words[1]); err == nil && v > version {
		return l, newer(v)
	}
	damaged := fmt.Errorf("%w: its first line is not understood", ErrDamaged)
	if len(words) != 10 {
		return l, damaged
	}
	for i, p := range []*part{&l.head, &l.body} {
		field := words[3+4*i:]
		var err1, err2, err3 error
		p.stored, err1 = strconv.Atoi(field[0])
		p.length, err2 = strconv.Atoi(field[1])
		var sum []byte
		sum, err3 = hex.DecodeString(field[2])
		if copy(p.sum[:], sum); errors.Join(err1, err2, err3) != nil {
			return l, damaged
		}
	}
	if l.String() != line+"\n" || !l.head.within(MaxHead) || !l.body.within(MaxBody) {
		return l, damaged
	}
	return l, nil
}

func newer(v int) error {
	return fmt.Errorf("%w: format %d, this one reads %d", ErrNewer, v, version)
}

// within reports whether a part may be what Write makes of at most limit bytes.
// Zstandard makes nothing longer by more than three bytes in a block of 128 KiB
// and its header; this is generous.
func (p part) within(limit int) bool {
	return p.length >= 0 && p.length <= limit && p.stored > 0 && p.stored <= p.length+p.length/1024+64
}

// part reads a part. It takes memory for what there is, and at most for what
// the first line states.
func (f *file) part(name string, p part) ([]byte, error) {
	stored, err := io.ReadAll(io.LimitReader(f.r, int64(p.stored)))
	f.done += len(stored)
	if err != nil {
		return nil, err
	}
	if len(stored) < p.stored {
		return nil, fmt.Errorf("%w: %d of %d bytes", ErrTruncated, f.done, f.total)
	}
	if sha256.Sum256(stored) != p.sum {
		return nil, fmt.Errorf("%w: the checksum of its %s does not fit", ErrDamaged, name)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxMemory(MaxBody))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	data, err := dec.DecodeAll(stored, make([]byte, 0, p.length))
	if err == nil && len(data) != p.length {
		err = fmt.Errorf("%d bytes instead of %d", len(data), p.length)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: its %s does not decompress: %w", ErrDamaged, name, err)
	}
	return data, nil
}
