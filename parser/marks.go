package parser

import (
	"encoding/binary"
	"math/bits"
)

// Reading a line byte by byte costs more for finding where its words end than
// for anything that is done with them. So what kind of byte stands where is
// noted first, without a branch, as one bit for each byte; the ends of words
// and cells are then taken from the bits.

// The kinds of bytes. A byte may be of several.
const (
	nameMark = iota // isNameByte
	cellMark        // cellEnds
	joinMark        // of isNameByte, what is neither a letter nor a digit nor a dot
	dotMark         // dots and colons
	noMark          // what needs to be read byte by byte, see marks
)

// byteMarks has the kinds of every byte, each as the lowest of eight bits.
var byteMarks = func() (kinds [256]uint64) {
	for i := range kinds {
		c := byte(i)
		for kind, is := range [...]bool{
			nameMark: isNameByte(c),
			cellMark: cellEnds[c] != 0,
			joinMark: isNameByte(c) && !isLetter(c) && !isDigit(c) && c != '.',
			dotMark:  c == '.' || c == ':',
			noMark:   c >= 0x80 || c == '\\' || c == '\r' || c == '\v' || c == '\f',
		} {
			if is {
				kinds[c] |= 1 << (8 * kind)
			}
		}
	}
	return kinds
}()

// marks are the kinds of the bytes of one line: of every 64, one word for each
// kind, with a bit for each byte, the first byte the lowest bit.
type marks [][noMark]uint64

// read notes the kinds of the bytes of line. It reports false, and the marks
// mean nothing, if the line has a byte that is not ASCII, a backslash, which
// may begin an escape, or white space other than blanks and tabs.
func (m *marks) read(line []byte) bool {
	*m = (*m)[:0]
	for len(line) >= 64 {
		if !m.add((*[64]byte)(line)) {
			return false
		}
		line = line[64:]
	}
	if len(line) == 0 {
		return true
	}
	var rest [64]byte // NUL bytes are of no kind
	copy(rest[:], line)
	return m.add(&rest)
}

// add notes the kinds of the next 64 bytes.
func (m *marks) add(b *[64]byte) bool {
	var names, cells, joins, dots, all uint64
	k := &byteMarks
	for i := 0; i < 64; i += 8 {
		w := k[b[i]] | k[b[i+1]]<<1 | k[b[i+2]]<<2 | k[b[i+3]]<<3 | k[b[i+4]]<<4 | k[b[i+5]]<<5 | k[b[i+6]]<<6 | k[b[i+7]]<<7
		names |= (w & 0xff) << i
		cells |= (w >> (8 * cellMark) & 0xff) << i
		joins |= (w >> (8 * joinMark) & 0xff) << i
		dots |= (w >> (8 * dotMark) & 0xff) << i
		all |= w
	}
	*m = append(*m, [noMark]uint64{nameMark: names, cellMark: cells, joinMark: joins, dotMark: dots})
	return all>>(8*noMark) == 0
}

// next returns the place of the first byte of the kind in line[i:end], end if
// there is none.
func (m marks) next(kind, i, end int) int {
	for i < end {
		if w := m[i/64][kind] >> (i % 64); w != 0 {
			return min(i+bits.TrailingZeros64(w), end)
		}
		i = (i/64 + 1) * 64
	}
	return end
}

// last returns the place of the last byte of the kind in line[:end], -1 if there
// is none.
func (m marks) last(kind, end int) int {
	for end > 0 {
		k := (end - 1) / 64
		if w := m[k][kind] << (63 - (end-1)%64); w != 0 {
			return end - 1 - bits.LeadingZeros64(w)
		}
		end = k * 64
	}
	return -1
}

// tails tells by the last eight bytes of a word whether it may be one of a set:
// a bit for each hash of such bytes. In them, letters have no case, "-" and "_"
// are left out, and what stands in front of a dot is not looked at.
type tails struct {
	set [1 << tailBits / 64]uint64
	// exceptions is set if any exception may be in the set. Else it is none but
	// rpcexception, though they all end in the same way.
	exceptions bool
}

const tailBits = 14

// newTails returns the tails of the words that are looked up: names, constants,
// and those of exceptionWord.
func newTails(constants map[string]Key) *tails {
	t := &tails{}
	for name := range names {
		t.add(name)
	}
	for prefix := range ownPrefixes {
		for _, suffix := range compoundSuffixes {
			t.add(prefix + suffix)
		}
	}
	for word := range constants {
		t.add(word)
	}
	t.exceptions = t.has(exceptionTail)
	t.add("rpcexception")
	t.add("SG")
	return t
}

func (t *tails) has(tail uint64) bool {
	hash := tailHash(tail)
	return t.set[hash/64]>>(hash%64)&1 != 0
}

func (t *tails) add(word string) {
	hash := tailHash(joinedTail([]byte(word)))
	t.set[hash/64] |= 1 << (hash % 64)
}

func tailHash(tail uint64) uint64 { return tail * 0x9e3779b97f4a7c15 >> (64 - tailBits) }

// tailCase makes the letters of a tail small. It is set in bytes that are not
// there, too.
const tailCase = ' ' * everyByte

// exceptionTail is the tail of the names of most exceptions.
var exceptionTail = joinedTail([]byte("rpcexception"))

// joinedTail returns the tail of a word.
func joinedTail(word []byte) uint64 {
	w, n := uint64(0), 0
	for i := len(word) - 1; i >= 0 && n < 8 && word[i] != '.'; i-- {
		if c := word[i]; c != '-' && c != '_' {
			w |= uint64(c) << (56 - 8*n)
			n++
		}
	}
	return w>>(8*(8-n)) | tailCase
}

// plainTail is joinedTail for the word text[i:j], which has no "-" and no "_" and
// eight bytes of text in front of its end.
func plainTail(text []byte, i, j int) uint64 {
	w := binary.LittleEndian.Uint64(text[j-8:])
	if n := j - i; n < 8 {
		w >>= 8 * (8 - n)
	}
	if dots := equal(w, '.'*everyByte); dots != 0 {
		w >>= 64 - bits.LeadingZeros64(dots)
	}
	return w | tailCase
}

// mayCount reports whether the run text[i:j] of bytes that names are made of may
// hold a word that says something. Few do. It is part of a line of which there
// are marks, those of text[from:].
func (s *scan) mayCount(m marks, i, j, from int) bool {
	t := s.text
	n := j - i
	if n == 1 {
		return false
	}
	if i < 8 || n >= traceIDMin && s.traceID == nil && (t[i+8] == '1' || !isLetter(t[i])) {
		return true
	}
	for j > i+1 && (t[j-1] == '.' || t[j-1] == '-') { // as word does
		j--
	}
	if m.next(joinMark, i-from, j-from) < j-from {
		// A word may begin behind a "-" or "$", of which what is in front of
		// that is no part.
		return !isLetter(t[i]) || s.l.tails.has(joinedTail(t[i:j]))
	}
	tail := plainTail(t, i, j)
	if tail == exceptionTail && !s.l.tails.exceptions {
		const rpc, shared = len("rpcexception"), len("xception")
		return j-i >= rpc && t[j-shared-2]|0x20 == 'c'
	}
	return s.l.tails.has(tail)
}

// markedWords is plainWords for the line text[from:to], of which there are
// marks.
func (s *scan) markedWords(m marks, from, to int) {
	t := s.text
	previous := noBody
	start, end := -1, from // of the name at hand; of the one before it
	inside := uint64(0)    // 1 if the block before ends inside of a name
	for k := range m {
		names := m[k][nameMark]
		edges := names ^ (names<<1 | inside)
		inside = names >> 63
		for ; edges != 0; edges &= edges - 1 {
			at := from + k*64 + bits.TrailingZeros64(edges)
			if start < 0 {
				start = at
				continue
			}
			if !s.mayCount(m, start, at, from) {
				previous, start = noBody, -1
				continue
			}
			if previous != noBody && !blank(t[end:start]) {
				previous = noBody
			}
			previous = s.plainWords(start, at, from, to, previous)
			start, end = -1, at
		}
	}
	if start >= 0 && s.mayCount(m, start, to, from) {
		if previous != noBody && !blank(t[end:start]) {
			previous = noBody
		}
		s.plainWords(start, to, from, to, previous)
	}
}

// blank reports whether b is nothing but blanks.
func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' {
			return false
		}
	}
	return true
}
