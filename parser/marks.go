package parser

import "math/bits"

// Reading a line byte by byte costs more for finding where its words end than
// for anything that is done with them. So what kind of byte stands where is
// noted first, without a branch, as one bit for each byte; the ends of words
// and cells are then taken from the bits.

// The kinds of bytes. A byte may be of several.
const (
	nameMark  = iota // isNameByte
	cellMark         // cellEnds
	jointMark        // of isNameByte, what is neither a letter nor a digit
	dotMark          // dots and colons
	noMark           // what needs to be read byte by byte, see marks
)

// byteMarks has the kinds of every byte, each as the lowest of eight bits.
var byteMarks = func() (kinds [256]uint64) {
	for i := range kinds {
		c := byte(i)
		for kind, is := range [...]bool{
			nameMark:  isNameByte(c),
			cellMark:  cellEnds[c] != 0,
			jointMark: isNameByte(c) && !isLetter(c) && !isDigit(c),
			dotMark:   c == '.' || c == ':',
			noMark:    c >= 0x80 || c == '\\' || c == '\r' || c == '\v' || c == '\f',
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
	var names, cells, joints, dots, all uint64
	k := &byteMarks
	for i := 0; i < 64; i += 8 {
		w := k[b[i]] | k[b[i+1]]<<1 | k[b[i+2]]<<2 | k[b[i+3]]<<3 | k[b[i+4]]<<4 | k[b[i+5]]<<5 | k[b[i+6]]<<6 | k[b[i+7]]<<7
		names |= (w & 0xff) << i
		cells |= (w >> (8 * cellMark) & 0xff) << i
		joints |= (w >> (8 * jointMark) & 0xff) << i
		dots |= (w >> (8 * dotMark) & 0xff) << i
		all |= w
	}
	*m = append(*m, [noMark]uint64{nameMark: names, cellMark: cells, jointMark: joints, dotMark: dots})
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

// tails tells by the last three bytes of a word whether it may be one of a set
// of words: a bit for every three, in which letters have no case, and bytes
// that have no tailCode are all the same.
type tails [1 << 15 / 64]uint64

// tailCodes are the values of the bytes in an index of tails.
var tailCodes = func() (codes [256]uint16) {
	for i := range codes {
		switch c := byte(i); {
		case isLetter(c):
			codes[c] = uint16(c|0x20-'a') + 1
		case isDigit(c):
			codes[c] = tailDigit
		case c == '-' || c == '_':
			codes[c] = tailJoin
		case c == '.':
			codes[c] = tailDot
		}
	}
	return codes
}()

const (
	tailDigit = 27
	tailJoin  = 28 // appendName leaves these out
	tailDot   = 29
)

// tailOf returns the index of the three last bytes of a word. One of less bytes
// has blanks before them.
func tailOf(a, b, c byte) uint16 { return tailCodes[a]<<10 | tailCodes[b]<<5 | tailCodes[c] }

// has reports whether a word with that tail may be in the set.
func (t *tails) has(tail uint16) bool { return t[tail/64]>>(tail%64)&1 != 0 }

func (t *tails) set(a, b, c uint16) {
	tail := a<<10 | b<<5 | c
	t[tail/64] |= 1 << (tail % 64)
}

// codesOf returns the codes of the three last bytes of a word.
func codesOf(word string) (a, b, c uint16) {
	word = "   " + word
	n := len(word)
	return tailCodes[word[n-3]], tailCodes[word[n-2]], tailCodes[word[n-1]]
}

// add puts a word into the set, as it is written. It may be the end of a dotted
// name.
func (t *tails) add(word string) {
	a, b, c := codesOf(word)
	t.set(a, b, c)
	if len(word) == 2 {
		t.set(tailDot, b, c)
	}
}

// addName puts a word into the set that may have "-" and "_" at any place.
func (t *tails) addName(word string) {
	const j = tailJoin
	t.add(word)
	_, b, c := codesOf(word)
	t.set(j, b, c)
	t.set(b, j, c)
	t.set(j, j, c)
}

// nameTails are the tails of the names that word looks up.
var nameTails = func() (t tails) {
	for name := range names {
		t.addName(name)
	}
	// A dot or a dash that ends a word is taken off first.
	for a := range uint16(32) {
		for b := range uint16(32) {
			t.set(a, b, tailDot)
			t.set(a, b, tailJoin)
		}
	}
	return t
}()

// newLoneTails returns the tails of the words that count whatever follows them:
// the constants, and those that exceptionWord looks for.
func newLoneTails(constants map[string]Key) (t tails) {
	for word := range constants {
		t.add(word)
	}
	t.add("rpcexception")
	t.add("SG")
	return t
}

// markedWords is plainWords for the line text[from:to], of which there are
// marks.
func (s *scan) markedWords(m marks, from, to int) {
	t, lone := s.text, &s.l.loneTails
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
			if n := at - start; n >= 3 && n < traceIDMin && isLetter(t[start]) {
				// What name finds for most words, at once.
				tail := tailOf(t[at-3], t[at-2], t[at-1])
				if !nameTails.has(tail) && !lone.has(tail) {
					previous, start = noBody, -1
					continue
				}
			}
			if previous != noBody && !blank(t[end:start]) {
				previous = noBody
			}
			previous = s.name(m, start, at, from, to, previous)
			start, end = -1, at
		}
	}
	if start >= 0 {
		if previous != noBody && !blank(t[end:start]) {
			previous = noBody
		}
		s.name(m, start, to, from, to, previous)
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

// name looks at text[i:j], a run of bytes that names are made of. Most are
// words that mean nothing, which their last letters tell.
func (s *scan) name(m marks, i, j, from, to int, previous bodyKind) bodyKind {
	t := s.text
	n := j - i
	simple := m.next(jointMark, i-from, j-from) == j-from // letters and digits
	identifier := n >= traceIDMin && n <= traceIDMax && t[i+8] == '1' && s.traceID == nil
	if !isLetter(t[i]) {
		if simple && !identifier {
			return noBody // a number
		}
		return s.plainWords(i, j, from, to, previous)
	}
	a, b, c := byte(' '), byte(' '), t[j-1]
	if n >= 3 {
		a, b = t[j-3], t[j-2]
	} else if n == 2 {
		b = t[j-2]
	}
	tail := tailOf(a, b, c)
	switch {
	case identifier, c == '.', c == '-':
	case nameTails.has(tail) && (!simple || mayBeName(t[i], n)) && valueMayFollow(t[j:to]):
	case s.l.loneTails.has(tail) && (n >= constantMin || c == 'G'): // a constant, or SG
	default:
		return noBody
	}
	return s.word(i, j, from, to, previous)
}
