package source

import (
	"bytes"
	"unicode/utf8"
)

// LineDecoder turns whole lines into UTF-8, for a reader who must know where in
// the file each line stands.
type LineDecoder struct{ l lineReader }

// NewLineDecoder returns a LineDecoder of an encoding of which ASCII is a part.
func NewLineDecoder(t Text) *LineDecoder {
	if t.Charset == Auto {
		t = Text{UTF8, true}
	}
	return &LineDecoder{lineReader{text: t}}
}

// Plain reports whether lines are UTF-8 as they are.
func (d *LineDecoder) Plain(b []byte) bool {
	first := firstHigh(b)
	return first == len(b) || d.l.text.Charset == UTF8 && utf8.Valid(b[first:])
}

// Line returns a line, of which b has the line end too, in UTF-8. It is valid
// until the next call.
func (d *LineDecoder) Line(b []byte) []byte {
	l := &d.l
	b, ended := bytes.CutSuffix(b, []byte{'\n'})
	first := firstHigh(b)
	l.decoded = append(l.decoded[:0], b[:first]...)
	if first < len(b) {
		l.piece(b[first:])
	}
	if ended {
		l.decoded = append(l.decoded, '\n')
	}
	return l.decoded
}
