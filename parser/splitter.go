package parser

import "bytes"

// splitter cuts bytes into lines. Bytes are read into free() and announced
// with fill. Its memory is its buffer: of a line longer than max bytes the
// first max are kept and the rest is counted and dropped.
type splitter struct {
	buf     []byte
	r, w    int // buf[r:w] is unread
	scanned int // bytes of buf[r:w] known to hold no line end
	max     int
	limit   int // bytes to which buf grows

	offset  int64 // input bytes before buf[r]
	lines   int64 // lines delivered
	dropped int64 // bytes dropped from the line at buf[r] so far
	nuls    int64 // NUL bytes dropped at line starts, in all
}

// line is one line of the input, without its line end.
type line struct {
	text   []byte // valid until the splitter is filled again
	n      int64  // 1-based
	offset int64  // input bytes before it
	size   int64  // input bytes that it takes, line end included
	cut    bool   // text is not the whole line
}

// newSplitter returns a splitter that keeps at most max bytes of a line, with
// room for buffer bytes more. Only the first bytes of its memory are taken at
// once, if that is not 0.
func newSplitter(max, buffer, first int) splitter {
	limit := buffer + max
	if first <= 0 || first > limit {
		first = limit
	}
	return splitter{buf: make([]byte, first), max: max, limit: limit}
}

// free returns space for the next bytes of the input; it is never empty once
// next has reported that it needs more. It invalidates the lines delivered.
//
// The space mostly begins at a multiple of 64 bytes, since a file's bytes are copied
// fast to there, see source.Input.Section.
func (s *splitter) free() []byte {
	if left := s.w - s.r; s.r > 0 {
		to := 0
		if left < len(s.buf)/2 {
			to = -left & 63
		}
		s.w = to + copy(s.buf[to:], s.buf[s.r:s.w])
		s.r = to
	}
	if s.w == len(s.buf) && s.w < s.limit {
		s.buf = append(make([]byte, 0, min(2*s.w, s.limit)), s.buf...)
		s.buf = s.buf[:cap(s.buf)]
	}
	return s.buf[s.w:]
}

// rest returns what is unread, from the start of a line; nothing if a part of
// the line has been dropped already.
func (s *splitter) rest() []byte {
	if s.dropped > 0 {
		return nil
	}
	return s.buf[s.r:s.w]
}

// begun reports whether what is unread is but the beginning of a line, and a short
// one, at which nobody has looked.
func (s *splitter) begun() bool {
	const short = 4 << 10
	rest := s.rest()
	return s.scanned == 0 && len(rest) < min(short, s.max) && bytes.IndexByte(rest, '\n') < 0
}

// at returns where in buf a part of a delivered line begins.
func (s *splitter) at(text []byte) int {
	// A slice ends its capacity where the one does that it was cut from.
	return cap(s.buf) - cap(text)
}

// fill announces that n bytes of free() now hold input.
func (s *splitter) fill(n int) { s.w += n }

// next makes l the next line. Without one it reports false: more bytes are
// needed. With last set, no more will come, and what is left is a line.
func (s *splitter) next(l *line, last bool) bool {
	// NUL bytes at a line's start are what copytruncate leaves behind: the
	// writer goes on at its old offset in a file that was cut to nothing.
	if s.scanned == 0 && s.r < s.w && s.buf[s.r] == 0 {
		rest := bytes.TrimLeft(s.buf[s.r:s.w], "\x00")
		n := s.w - s.r - len(rest)
		s.r += n
		s.offset += int64(n)
		s.nuls += int64(n)
	}
	i := bytes.IndexByte(s.buf[s.r+s.scanned:s.w], '\n')
	if i < 0 {
		s.scanned = s.w - s.r
		if !last || s.scanned == 0 {
			if s.scanned > s.max {
				s.dropped += int64(s.scanned - s.max)
				s.w -= s.scanned - s.max
				s.scanned = s.max
			}
			return false
		}
		s.take(l, s.scanned, 0)
		return true
	}
	s.take(l, s.scanned+i, 1)
	return true
}

// take makes l the line of the n bytes at buf[r], whose line end has eol bytes.
func (s *splitter) take(l *line, n, eol int) {
	text := s.buf[s.r : s.r+n]
	size := int64(n+eol) + s.dropped
	l.n, l.offset, l.size, l.cut = s.lines+1, s.offset, size, s.dropped > 0 || n > s.max
	if n > s.max {
		text = text[:s.max]
	}
	if !l.cut {
		text = trimCR(text)
	}
	l.text = text
	s.r += n + eol
	s.offset += size
	s.lines++
	s.scanned, s.dropped = 0, 0
}

// takeRun makes l the next n bytes, which hold that many complete lines
// without carriage returns, as if they were one line; n is what the last takes
// with its line end. The line's number is that of the last.
func (s *splitter) takeRun(l *line, n int, lines int64) {
	s.lines += lines - 1
	s.take(l, n-1, 1)
}
