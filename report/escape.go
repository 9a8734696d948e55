package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks may follow one another. More are not a
// script that people write but a column of marks over the neighbouring lines.
const maxMarks = 4

// Printable returns s such that it cannot drive a terminal: all that moves the
// cursor, changes colours or reorders text is written as a visible escape, in
// Go's notation (\x1b, \u202e). That is C0 and C1 controls, DEL, line ends,
// tabs and the separators U+2028 and U+2029, bidirectional controls and all
// other format characters, private and unassigned characters, characters that
// are there and not seen, and bytes that are no UTF-8.
//
// A backslash is left as it is, so that paths stay readable; what looks like
// an escape may have stood in the log as such.
func Printable(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
			marks = 0
		case unicode.Is(unicode.M, r):
			marks++
			if marks > maxMarks || b.Len() == 0 || unseen(r) {
				writeEscape(&b, r)
			} else {
				b.WriteRune(r)
			}
		case shown(r):
			b.WriteRune(r)
			marks = 0
		default:
			writeEscape(&b, r)
			marks = 0
		}
		i += n
	}
	return b.String()
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// shown reports whether r is a character that a terminal puts down as a glyph
// or as blank space, and nothing else. (U+3000 is the space of Chinese text.)
func shown(r rune) bool { return (unicode.IsPrint(r) || r == '\u3000') && !unseen(r) }

// unseen reports whether r, although a letter, mark or symbol by its category,
// leaves no trace: fillers, joiners and variation selectors.
func unseen(r rune) bool {
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) ||
		unicode.Is(unicode.Variation_Selector, r) || r == '\u2800'
}

func writeEscape(b *strings.Builder, r rune) {
	switch {
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case r < utf8.RuneSelf:
		fmt.Fprintf(b, `\x%02x`, r)
	case r <= 0xFFFF:
		fmt.Fprintf(b, `\u%04x`, r)
	default:
		fmt.Fprintf(b, `\U%08x`, r)
	}
}

// escapeJSON writes the characters that Printable would not show as they are
// in JSON's notation, so that a report on a terminal is harmless in this form
// too. Outside strings JSON holds only ASCII and line ends.
func escapeJSON(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for i := 0; i < len(doc); {
		if c := doc[i]; c < utf8.RuneSelf && c != 0x7F {
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(doc[i:])
		switch {
		case shown(r) || unicode.Is(unicode.M, r) && !unseen(r):
			out = append(out, doc[i:i+n]...)
		case r <= 0xFFFF:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			high, low := (r-0x10000)>>10+0xD800, (r-0x10000)&0x3FF+0xDC00
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
		i += n
	}
	return out
}
