package parser

import (
	"bytes"
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
	var rest [64]byte // NUL bytes are of no kind: the last name ends in front of them
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
// a bit for each hash of such bytes. In them, "-" and "_" are left out, and what
// stands in front of a dot is not looked at. Letters have no case but in constants
// that end with a capital: else all exceptions would look like
// SERVER_BIZEXCEPTION.
type tails struct {
	set [1 << tailBits / 64]uint64
}

const tailBits = 15

// newTails returns the tails of the words that are looked up: names, constants,
// and those of exceptionWord but for rpcexception, which ends as all exceptions
// do.
func newTails(constants map[string]Key) *tails {
	t := &tails{}
	for name := range names {
		t.add(joinedTail([]byte(name)) | tailCase)
	}
	for prefix := range ownPrefixes {
		for _, suffix := range compoundSuffixes {
			t.add(joinedTail([]byte(prefix+suffix)) | tailCase)
		}
	}
	t.addConstant("SG")
	for word := range constants {
		t.addConstant(word)
	}
	return t
}

func (t *tails) addConstant(word string) {
	tail := joinedTail([]byte(word))
	if !endsCapital(tail) {
		tail |= tailCase
	}
	t.add(tail)
}

func (t *tails) add(tail uint64) {
	hash := tailHash(tail)
	t.set[hash/64] |= 1 << (hash % 64)
}

// has reports whether a word with that tail may be in the set.
func (t *tails) has(tail uint64) bool {
	return t.hasBit(tailHash(tail|tailCase)) || endsCapital(tail) && t.hasBit(tailHash(tail))
}

func (t *tails) hasBit(hash uint64) bool { return t.set[hash/64]>>(hash%64)&1 != 0 }

func tailHash(tail uint64) uint64 { return tail * 0x9e3779b97f4a7c15 >> (64 - tailBits) }

// endsCapital reports whether the last character of a tail is a capital letter, or
// one of a few that are no letters.
func endsCapital(tail uint64) bool { return tail>>56&0x60 == 0x40 }

// tailCase makes the letters of a tail small. It is set in bytes that are not
// there, too.
const tailCase = ' ' * everyByte

// The tails of the names of exceptions, and the ends of those of errors, in small
// letters.
var (
	exceptionTail = joinedTail([]byte("xception")) | tailCase
	errorTail     = joinedTail([]byte("rror"))>>32 | tailCase>>32
)

// joinedTail returns the tail of a word, in its own letters, with the last one in
// the highest byte.
func joinedTail(word []byte) uint64 {
	w, n := uint64(0), 0
	for i := len(word) - 1; i >= 0 && n < 8 && word[i] != '.'; i-- {
		if c := word[i]; c != '-' && c != '_' {
			w |= uint64(c) << (56 - 8*n)
			n++
		}
	}
	return w
}

// plainTail is joinedTail for the word text[i:j] of letters, digits and dots, which
// does not end with a dot and has eight bytes of text in front of its end.
func plainTail(text []byte, i, j int) uint64 {
	w := binary.LittleEndian.Uint64(text[j-8:])
	w &= ^uint64(0) << (8 * max(8-(j-i), 0) % 64) // of what is in the word
	// Of these, only a dot has neither the bit of 0x40 nor that of 0x10.
	dots := ^(w<<1 | w<<3) & everyHigh
	return w & (^uint64(0) << ((64 - bits.LeadingZeros64(dots)) % 64))
}

// markedWords is plainWords for the line text[from:to], of which there are marks from
// at on; what is in front of that has no words that say something. It also does what
// else depends on the words: it looks for a trace id and a tag in the head, and for the
// name of an exception.
func (s *scan) markedWords(m marks, at, from, to int) {
	t := s.text
	words, thrown := s.countingWords(m, at, from == s.headFrom)
	if from == s.headFrom {
		for _, w := range words {
			if string(t[w.from:w.to]) == requestTag {
				s.request = hasTag(t[from:to], requestTag)
				break
			}
		}
	}
	if thrown {
		s.announced(from, to)
	}
	previous := noBody
	end := at // of the word before
	for _, w := range words {
		if previous != noBody && !blank(t[end:w.from]) {
			previous = noBody
		}
		end = w.to
		if isLetter(t[w.from]) {
			previous = s.word(w.from, w.to, from, to, previous)
		} else {
			previous = s.plainWords(w.from, w.to, from, to, previous)
		}
	}
}

// countingWords returns those words of a line that may say something, and
// whether one of them all may be the name of an exception. A trace id is taken
// from the words of a head. The marks are those of what begins at from.
func (s *scan) countingWords(m marks, from int, head bool) (words []span, thrown bool) {
	t, tails := s.text, s.l.tails
	words = s.l.words[:0]
	start := -1         // of the word at hand
	inside := uint64(0) // 1 if the block before ends inside of a word
	joined := uint64(0) // not 0 if there is a joinMark in the word so far
	for k := range m {
		names, joins := m[k][nameMark], m[k][joinMark]
		edges := names ^ (names<<1 | inside)
		inside = names >> 63
		for ; edges != 0; edges &= edges - 1 {
			at := bits.TrailingZeros64(edges)
			before := uint64(1)<<at - 1
			at += from + k*64
			if start < 0 {
				start, joined = at, 0
				joins &^= before
				continue
			}
			i := start
			start = -1
			if at-i >= traceIDMin && s.traceID == nil {
				if head {
					s.traceID = findTraceID(t[i:at])
				} else if t[i+8] == '1' || !isLetter(t[i]) {
					words = append(words, span{i, at})
					thrown = true
					continue
				}
			}
			if at == i+1 {
				continue
			}
			if joined |= joins & before; joined != 0 || t[at-1] == '.' || at < 8 {
				if s.joinedCounts(i, at) {
					words = append(words, span{i, at})
				}
				thrown = thrown || bytes.IndexByte(t[i:at], '.') >= 0
				continue
			}
			tail := plainTail(t, i, at)
			counts := tails.has(tail)
			switch folded := tail | tailCase; {
			case folded == exceptionTail:
				const rpc = len("rpcexception")
				counts = counts || at-i >= rpc && t[at-rpc+2]|0x20 == 'c'
				thrown = true
			case folded>>32 == errorTail:
				thrown = true
			}
			if counts {
				words = append(words, span{i, at})
			}
		}
		joined |= joins
	}
	s.l.words = words
	return words, thrown
}

// joinedCounts reports whether the word text[i:j], which has a "-", "_" or "$",
// may say something.
func (s *scan) joinedCounts(i, j int) bool {
	t := s.text
	for j > i && (t[j-1] == '.' || t[j-1] == '-') { // as word does
		j--
	}
	// What says something may begin behind a "-" or "$", of which what is in front
	// of that is no part.
	return j > i && (!isLetter(t[i]) || s.l.tails.has(joinedTail(t[i:j])))
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
