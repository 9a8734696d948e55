package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// maxPiece is how much of a line's end is looked at as a whole, from its first
// byte that is not ASCII on. Of a longer line each piece is looked at by
// itself.
const maxPiece = 64 << 10

// decoded gives the text of an input as UTF-8.
type decoded interface {
	io.Reader
	// counts returns how many bytes were of no character, and how many lines
	// were not in the input's encoding but in another.
	counts() (invalid, recoded int64)
}

// decode returns a reader of the text of r.
func decode(r io.Reader, t Text) decoded {
	switch t.Charset {
	case UTF16LE:
		return &utf16Reader{src: r, order: binary.LittleEndian}
	case UTF16BE:
		return &utf16Reader{src: r, order: binary.BigEndian}
	}
	return &lineReader{src: r, text: t}
}

// lineReader decodes an encoding of which ASCII is a part, line by line, since
// a line is what is written at once: the file of a program that was started
// again with another encoding changes between two lines.
//
// What is ASCII, or UTF-8 where that is expected, is read into the caller's
// memory and left as it is. Only the end of a read, from the first byte on that
// is not ASCII in a line whose end has not yet come, is kept back, to be looked
// at together with the rest. So the result does not depend on how the input is
// cut into reads.
type lineReader struct {
	src  io.Reader
	text Text

	raw     []byte // read and not yet looked at are raw[from:]
	from    int
	scanned int    // of these, known to hold no line end
	out     []byte // to be delivered
	decoded []byte // memory of out

	decoder   transform.Transformer
	decoderOf encoding.Encoding

	err     error // to be delivered behind raw and out
	empty   int   // reads that gave nothing, one after the other
	invalid int64
	recoded int64
}

func (l *lineReader) counts() (int64, int64) { return l.invalid, l.recoded }

func (l *lineReader) Read(p []byte) (int, error) {
	for {
		if len(l.out) > 0 {
			n := copy(p, l.out)
			l.out = l.out[n:]
			return n, nil
		}
		rest := l.raw[l.from:]
		switch {
		case len(rest) == 0 && l.err != nil:
			return 0, l.err
		case len(rest) == 0:
			n, err := l.src.Read(p)
			l.err = err
			n = l.pass(p[:n])
			if len(l.raw) == 0 {
				return n, err
			}
			if n > 0 {
				return n, nil
			}
		case len(rest) >= maxPiece || l.err != nil || bytes.IndexByte(rest[l.scanned:], '\n') >= 0:
			l.take()
		default:
			l.scanned = len(rest)
			l.more()
		}
	}
}

// begin takes b for the first that was read of the source, with err behind it.
// It returns as much of b as is text, in its memory, which is then the caller's.
func (l *lineReader) begin(b []byte, err error) []byte {
	l.err = err
	return b[:l.pass(b)]
}

// pass returns how much of b can go to the caller as it is, and keeps the rest
// back.
func (l *lineReader) pass(b []byte) int {
	l.raw, l.from, l.scanned = l.raw[:0], 0, 0
	first := firstHigh(b)
	if first == len(b) {
		return first
	}
	end := first // of what can go
	if l.text.Charset == UTF8 {
		last := bytes.LastIndexByte(b, '\n') + 1
		if last > first && utf8.Valid(b[first:last]) {
			end = last + firstHigh(b[last:])
		}
	}
	l.raw = append(l.raw, b[end:]...)
	return end
}

// more reads on behind what is kept back.
func (l *lineReader) more() {
	if n := len(l.raw) - l.from; cap(l.raw) < rawSize {
		l.raw, l.from = append(make([]byte, 0, rawSize), l.raw[l.from:]...), 0
	} else if cap(l.raw)-len(l.raw) < maxPiece {
		l.raw, l.from = l.raw[:copy(l.raw[:n], l.raw[l.from:])], 0
	}
	n := len(l.raw)
	k, err := l.src.Read(l.raw[n:cap(l.raw)])
	l.raw, l.err = l.raw[:n+k], err
	if k > 0 {
		l.empty = 0
	} else if l.empty++; err == nil && l.empty == maxEmptyReads {
		l.err = io.ErrNoProgress
	}
}

// rawSize is how much of what is not ASCII is read at a time at most.
const rawSize = 2 * maxPiece

// maxEmptyReads bounds how often a source may return nothing without an error.
const maxEmptyReads = 100

// take makes the next text of what was kept back: a line or more, a piece of
// one, or all if no more will come.
func (l *lineReader) take() {
	l.scanned = 0
	b := l.raw[l.from:]
	// As much as is valid goes as it is.
	if l.text.Charset == UTF8 {
		last := bytes.LastIndexByte(b, '\n') + 1
		if last > 0 && utf8.Valid(b[:last]) {
			l.out = b[:last]
			l.from += last
			return
		}
	}
	l.decoded = l.decoded[:0]
	for len(b) > 0 {
		i := firstHigh(b)
		l.decoded = append(l.decoded, b[:i]...)
		b = b[i:]
		end := bytes.IndexByte(b[:min(len(b), maxPiece)], '\n')
		switch {
		case end >= 0:
		case len(b) >= maxPiece:
			end = pieceEnd(b[:maxPiece])
		case l.err != nil:
			end = len(b)
		}
		if end < 0 {
			break
		}
		l.piece(b[:end])
		b = b[end:]
	}
	l.out = l.decoded
	l.from = len(l.raw) - len(b)
}

// pieceEnd returns where to cut a line that is too long: behind a byte that is
// part of no longer character, in UTF-8 or in GB18030.
func pieceEnd(b []byte) int {
	for i := len(b) - 1; i > len(b)/2; i-- {
		if b[i] < '0' {
			return i + 1
		}
	}
	return len(b)
}

var errNoText = errors.New("no text")

// piece decodes a line, from its first byte on that is not ASCII.
func (l *lineReader) piece(b []byte) {
	set := l.text.Charset
	if l.text.Mixed && len(b) > 0 {
		if set = choose(set, b); set != l.text.Charset {
			l.recoded++
		}
	}
	switch set {
	case GB18030:
		l.convert(simplifiedchinese.GB18030, b)
	case GBK:
		l.convert(simplifiedchinese.GBK, b)
	default:
		l.repair(b)
	}
}

func (l *lineReader) convert(e encoding.Encoding, b []byte) {
	if l.decoder == nil || l.decoderOf != e {
		l.decoder, l.decoderOf = e.NewDecoder().Transformer, e
	}
	d := l.decoder
	d.Reset()
	from := len(l.decoded)
	for {
		l.decoded = grow(l.decoded, 2*len(b)+16)
		n, k, err := d.Transform(l.decoded[len(l.decoded):cap(l.decoded)], b, true)
		l.decoded, b = l.decoded[:len(l.decoded)+n], b[k:]
		if err == nil {
			break
		}
		if err != transform.ErrShortDst {
			panic(errNoText) // these decoders replace what is invalid
		}
	}
	l.invalid += int64(bytes.Count(l.decoded[from:], []byte("\ufffd")))
}

func grow(b []byte, n int) []byte {
	if cap(b)-len(b) >= n {
		return b
	}
	return append(make([]byte, 0, 2*cap(b)+n), b...)
}

// repair puts U+FFFD for each byte that is no UTF-8.
func (l *lineReader) repair(b []byte) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			l.invalid++
		}
		l.decoded = utf8.AppendRune(l.decoded, r)
		b = b[n:]
	}
}

// utf16Reader decodes UTF-16. A byte-order mark stays.
type utf16Reader struct {
	src     io.Reader
	order   binary.ByteOrder
	raw     []byte // read and not yet decoded: less than a character
	out     []byte
	decoded []byte // memory of out
	err     error
	invalid int64
}

func (u *utf16Reader) counts() (int64, int64) { return u.invalid, 0 }

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		if u.raw == nil {
			u.raw = make([]byte, 0, maxPiece)
		}
		n, err := u.src.Read(u.raw[len(u.raw):cap(u.raw)])
		u.raw, u.err = u.raw[:len(u.raw)+n], err
		u.decode()
		if n == 0 && err == nil {
			return 0, nil
		}
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// decode decodes what is read, but for the beginning of a character of which
// the rest may come.
func (u *utf16Reader) decode() {
	b, out := u.raw, u.decoded[:0]
	for len(b) >= 2 {
		r := rune(u.order.Uint16(b))
		if utf16.IsSurrogate(r) {
			if len(b) < 4 && u.err == nil {
				break
			}
			pair := utf8.RuneError
			if len(b) >= 4 {
				pair = utf16.DecodeRune(r, rune(u.order.Uint16(b[2:])))
			}
			if r = pair; r == utf8.RuneError {
				u.invalid += 2
			} else {
				b = b[2:]
			}
		}
		out = utf8.AppendRune(out, r)
		b = b[2:]
	}
	if len(b) > 0 && u.err != nil { // half a character
		out = utf8.AppendRune(out, utf8.RuneError)
		u.invalid += int64(len(b))
		b = nil
	}
	u.raw = u.raw[:copy(u.raw, b)]
	u.decoded, u.out = out, out
}
