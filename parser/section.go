package parser

import (
	"bytes"
	"iter"
	"time"
)

// Divisible reports whether an input that is read with these options may be cut
// into sections that are read by themselves, each but the first beginning with
// a line of which NextRecord says that a record begins there. The records are
// then the same as if the input had been read in one.
//
// It may not where what a line is depends on lines before it: where origins are
// interleaved, where a client prints one failure on several lines, in captures,
// in HAR files, and in layouts of one's own.
func (o *Options) Divisible() bool {
	p := &o.Profile
	return !p.Prefixed && p.Layout == nil && p.Stamps == FullStamps && lineByLine(p.Format) && lineByLine(o.Format)
}

// lineByLine reports whether each line of a format tells by itself whether a
// record begins with it.
func lineByLine(f Format) bool {
	return f == Unknown || f == Stamped || f.Digest()
}

// NextRecord returns where the first line of b stands of which it is certain
// that a record begins with it: one with a stamp. b begins with a line; its last
// one does not count, as it may be cut off. It returns -1 if there is no such
// line.
func NextRecord(b []byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(b[at:], '\n')
		if n < 0 {
			return -1
		}
		if _, ok := parseStamp(trimCR(b[at : at+n])); ok {
			return at
		}
		at += n + 1
	}
}

// LastRecord is NextRecord for the last such line.
func LastRecord(b []byte) int {
	end := bytes.LastIndexByte(b, '\n')
	for end > 0 {
		at := bytes.LastIndexByte(b[:end], '\n') + 1
		if _, ok := parseStamp(trimCR(b[at:end])); ok {
			return at
		}
		end = at - 1
	}
	return -1
}

// RecordTimes returns where the lines of b stand of which NextRecord says that a
// record begins with them, and when these records were, in Unix milliseconds. It
// is for inputs that are Divisible.
func (o *Options) RecordTimes(b []byte) iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		c := clock{loc: o.Location}
		if c.loc == nil {
			c.loc = time.UTC
		}
		for at := 0; ; {
			n := bytes.IndexByte(b[at:], '\n')
			if n < 0 {
				return
			}
			if ms, _, ok := c.instant(trimCR(b[at : at+n])); ok && !yield(at, ms) {
				return
			}
			at += n + 1
		}
	}
}
