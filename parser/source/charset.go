package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Charset is a character encoding.
type Charset uint8

// The encodings that are read. Auto means that an input's beginning decides.
const (
	Auto Charset = iota
	UTF8
	GB18030
	GBK
	UTF16LE
	UTF16BE
	UTF16 // as its byte-order mark or its zeros say: UTF16LE or UTF16BE
)

var charsetNames = [...]string{"auto", "utf-8", "gb18030", "gbk", "utf-16le", "utf-16be", "utf-16"}

// String returns the name that a user gives to the encoding.
func (c Charset) String() string { return charsetNames[c] }

// Charsets returns the names of all encodings.
func Charsets() []string { return charsetNames[:] }

// ParseCharset returns the encoding of a name.
func ParseCharset(name string) (Charset, error) {
	for i, n := range charsetNames {
		if strings.EqualFold(n, name) {
			return Charset(i), nil
		}
	}
	return Auto, fmt.Errorf("%q: want one of %s", name, strings.Join(charsetNames[:], ", "))
}

// Text tells how the bytes of an input are read as text.
type Text struct {
	Charset Charset
	// Mixed tells that Charset has been recognised and not asked for: a line
	// that cannot be of it is read as the other, UTF-8 or GB18030, if it can
	// be of that.
	Mixed bool
}

// recognise finds out the encoding of an input from its first bytes, or what
// of a choice of the user's they leave open. The last line is not looked at if
// it may be cut.
//
// It is UTF-16 if it begins with a byte-order mark of that. It is GB18030 if
// more lines are no UTF-8 than are, and these lines together are Chinese text as
// GB18030. So a file of valid UTF-8 is never taken for it.
func recognise(t Text, sample []byte, whole bool) Text {
	if t.Charset == UTF16 || t.Charset == Auto {
		switch {
		case bytes.HasPrefix(sample, []byte("\xff\xfe")):
			return Text{Charset: UTF16LE}
		case bytes.HasPrefix(sample, []byte("\xfe\xff")):
			return Text{Charset: UTF16BE}
		}
	}
	switch t.Charset {
	case Auto:
	case UTF16:
		return Text{Charset: byZeros(sample)}
	default:
		return t
	}
	if !whole {
		sample = sample[:bytes.LastIndexByte(sample, '\n')+1]
	}
	var wide, others int // lines
	var all gbCount      // of the others
	for len(sample) > 0 {
		sample = sample[firstHigh(sample):]
		end := bytes.IndexByte(sample, '\n')
		if end < 0 {
			end = len(sample)
		}
		line := sample[:end]
		sample = sample[end:]
		if len(line) == 0 {
			continue
		}
		if sequences, invalid := countUTF8(line); sequences >= invalid {
			if sequences > 0 {
				wide++
			}
			continue
		}
		others++
		g := countGB(line)
		all.common += g.common
		all.han += g.han
		all.bad += g.bad
	}
	if others > wide && all.chinese() {
		return Text{GB18030, true}
	}
	return Text{UTF8, true}
}

// byZeros tells the byte order of UTF-16 from where the zeros of its ASCII
// characters stand.
func byZeros(sample []byte) Charset {
	var zeros [2]int
	for i, c := range sample {
		if c == 0 {
			zeros[i&1]++
		}
	}
	if zeros[0] > zeros[1] {
		return UTF16BE
	}
	return UTF16LE
}

// choose tells whether a line that is not pure ASCII is UTF-8 or GB18030, in an
// input of which most is usual. Damage does not change what it is: a program
// that cuts a text to a number of bytes also cuts a character.
func choose(usual Charset, line []byte) Charset {
	if utf8.Valid(line) {
		// Two bytes of UTF-8, Latin or Greek letters, may be one of
		// GB18030; three in a row that fit are none by chance.
		if usual == GB18030 && narrow(line) {
			if g := countGB(line); g.bad == 0 && g.common > 0 {
				return GB18030
			}
		}
		return UTF8
	}
	sequences, invalid := countUTF8(line)
	if usual == GB18030 {
		invalid = 2*invalid + 1 // one in a few words of it may fit by chance
	}
	if sequences >= invalid {
		return UTF8
	}
	g := countGB(line)
	if g.chinese() || usual == GB18030 && g.bad*8 <= g.common {
		return GB18030
	}
	return UTF8
}

// narrow reports whether valid UTF-8 has no character of more than two bytes.
func narrow(line []byte) bool {
	for _, c := range line {
		if c >= 0xE0 {
			return false
		}
	}
	return true
}

// countUTF8 counts the valid sequences of three and more bytes, which Chinese
// text consists of, and the bytes that are part of no valid one.
func countUTF8(line []byte) (sequences, invalid int) {
	for i := 0; i < len(line); {
		if line[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && n == 1 {
			invalid++
		} else if n >= 3 {
			sequences++
		}
		i += n
	}
	return sequences, invalid
}

// gbCount is what a line holds if it is read as GB18030.
type gbCount struct {
	common int // characters of the first level of GB 2312: 3755 that make up nearly all of Chinese text
	han    int // characters that are no symbols
	bad    int // bytes that are part of no character
}

// chinese reports whether what was counted is Chinese text, with hardly any
// damage.
func (g gbCount) chinese() bool {
	return g.common >= 2 && g.common*5 >= g.han*3 && g.bad*8 <= g.common
}

// countGB counts by the bytes alone. In text that is not GB18030 few of the
// pairs are common characters: among those that Latin text gives, since a
// letter stands behind an accented one; and among those of UTF-8, since two of
// three begin with E4 to E9 or with 80 to AF.
func countGB(line []byte) gbCount {
	var g gbCount
	for i := 0; i < len(line); {
		a := line[i]
		if a < 0x80 {
			i++
			continue
		}
		var b byte
		if i+1 < len(line) {
			b = line[i+1]
		}
		switch {
		case a == 0x80 || a == 0xFF:
			g.bad++
			i++
		case b >= 0x40 && b != 0x7F && b != 0xFF:
			switch {
			case a >= 0xB0 && a <= 0xD7 && b >= 0xA1:
				g.common++
				g.han++
			case a < 0xA1 || a > 0xA9 || b < 0xA1: // not among the symbols
				g.han++
			}
			i += 2
		case b >= '0' && b <= '9' && i+3 < len(line) && line[i+2] > 0x80 && line[i+2] < 0xFF && line[i+3] >= '0' && line[i+3] <= '9':
			g.han++
			i += 4
		default:
			g.bad++
			i++
		}
	}
	return g
}

// firstHigh returns the place of the first byte that is not ASCII, len(b) if
// there is none. Nearly all input goes through it, so it takes 64 bytes at a
// time.
func firstHigh(b []byte) int {
	const high = 0x8080808080808080
	n := 0
	for len(b)-n >= 64 {
		w := b[n : n+64 : n+64]
		if (binary.LittleEndian.Uint64(w)|binary.LittleEndian.Uint64(w[8:])|
			binary.LittleEndian.Uint64(w[16:])|binary.LittleEndian.Uint64(w[24:])|
			binary.LittleEndian.Uint64(w[32:])|binary.LittleEndian.Uint64(w[40:])|
			binary.LittleEndian.Uint64(w[48:])|binary.LittleEndian.Uint64(w[56:]))&high != 0 {
			break
		}
		n += 64
	}
	for n < len(b) && b[n] < utf8.RuneSelf {
		n++
	}
	return n
}
