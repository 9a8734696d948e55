package parser

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Nine of ten lines of an error log are frames of stack traces, and a frame
// says nothing but that the trace goes on. What follows takes the lines of a
// trace together: they are not cut apart, not looked at for a stamp, and not
// read word by word.
//
// It is a short cut and no more: what it does not take, because it is no
// frame, because it is odd, or because its end has not been read yet, goes the
// way of every line. FuzzShortCuts holds the two ways equal. (For runs that come
// again there is a shorter cut still, see knownRuns.)

// run is a stretch of a record's text, whole lines, that are frames.
type run struct {
	from, to int
	// known says that there is no backslash in it, and other then whether one of
	// the frames is in one of the other packages, see otherFrame.
	known, other bool
}

// frames adds the frames that come next in the input to the open record.
func (d *Decoder) frames() {
	a := d.at
	b := d.split.rest()
	// A record that is full is cut line by line, see extend.
	b = b[:max(0, min(len(b), d.opt.MaxRecord-len(a.whole())-1))]
	r, lines := d.runs.read(b)
	if lines == 0 {
		return
	}
	from := len(a.whole()) + 1
	d.split.takeRun(&d.line, r.to, lines)
	d.extend()
	a.rec.Lines += lines - 1
	r.from, r.to = from, len(a.whole())
	a.runs = append(a.runs, r)
}

// frameRun returns the length of the frames that b begins with, at most so many,
// their line ends included, and how many they are.
func frameRun(b []byte, most int64) (n int, lines int64) {
	for lines < most {
		k := frameLine(b[n:])
		if k == 0 {
			break
		}
		n += k
		lines++
	}
	return n, lines
}

// frameLine returns the length of the line that b begins with, its line end
// included, if it is a frame as isFrame knows it, indented by one tab; else, or
// if it is an odd one, 0.
func frameLine(b []byte) int {
	const indent, name = "\tat ", 8
	if len(b) < len(indent)+name || string(b[:len(indent)]) != indent || !isLetter(b[len(indent)]) {
		return 0
	}
	// A dot belongs to it, mostly soon: java., com.acme.
	i := len(indent)
	if equal(binary.LittleEndian.Uint64(b[i:]), '.'*everyByte) == 0 && !dotted(b[i:]) {
		return 0
	}
	i = openParen(b, i)
	if i == 0 {
		return 0
	}
	n := bytes.IndexByte(b[i:], '\n')
	if n <= 0 || b[i+n-1] == '\r' {
		return 0
	}
	return i + n + 1
}

// dotted reports whether there is a dot in front of the parenthesis of a frame,
// "a.b(" without its "at ".
func dotted(b []byte) bool {
	dot := bytes.IndexByte(b[:min(len(b), maxBack)], '.')
	return dot >= 0 && bytes.IndexByte(b[:dot], '(') < 0
}

// openParen returns where the first parenthesis in b[i:] stands, 0 if a blank or
// a control character is before it, or the end.
func openParen(b []byte, i int) int {
	const above = ('(' + 1) * everyByte
	for len(b)-i >= 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		// The bytes up to '(' have their top bits set: the first one for
		// certain, those behind it perhaps by its borrow.
		low := (w - above) &^ w & everyHigh
		if low == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(low) / 8
		switch c := b[i]; {
		case c == '(':
			return i
		case c <= ' ':
			return 0
		}
		i++ // '$' of an inner class
	}
	return 0
}
