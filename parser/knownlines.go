package parser

import (
	"bytes"
	"hash/maphash"
)

// Beside frames, a stack trace has lines that name its exceptions, and lines that
// tell how many frames are left out. They come again and again, too, and of most
// of them no word says anything to the evidence ladder. What these lines are is
// kept as runs of frames are, see knownRuns.
//
// Only what depends on the bytes of the line and on nothing of the record is
// kept: see learn.

const (
	// lineSlots is how many lines a Decoder keeps, lineMax how many bytes one of
	// them may have: 1 MiB in all at most.
	lineSlots = 2048
	lineMax   = 512
)

// knownLines are lines of stack traces that a Decoder has seen, one in each
// place.
type knownLines struct {
	size   int // places; 0: nothing is kept
	places []knownLine
	seed   maphash.Seed
}

// knownLine is a line of a stack trace that is no frame and not the first line
// of its record. It has only bytes of which there are marks, and no word of it
// says anything but for the exception that it names.
type knownLine struct {
	text           []byte
	hash, asked    uint64    // of text; as in a knownRun
	class, message shortSpan // of the exception, in text
	kind           lineKind
	indented       bool
	other          bool // it has one of the other words, see namesOther
}

// shortSpan is a part of a line of at most lineMax bytes.
type shortSpan struct{ from, to uint16 }

type lineKind uint8

const (
	moreLine  lineKind = iota // tells how many frames are left out
	causeLine                 // names a cause
	classLine                 // begins with an exception
)

// find returns the place of a line, and whether the line is there. If it is not,
// but was the last one to be looked for there, it is to be learned; else there is
// no place for it.
func (k *knownLines) find(line []byte) (at *knownLine, found bool) {
	if k.size == 0 || len(line) == 0 || len(line) > lineMax {
		return nil, false
	}
	if k.places == nil {
		k.places, k.seed = make([]knownLine, k.size), maphash.MakeSeed()
	}
	hash := maphash.Bytes(k.seed, line)
	at = &k.places[hash%uint64(len(k.places))]
	if at.hash == hash && bytes.Equal(at.text, line) {
		return at, true
	}
	if at.asked != hash {
		at.asked = hash
		return nil, false
	}
	return at, false
}

// learn puts the line text[from:to] into the place that find has given for it, if
// it is one to be kept. It has just been read, and has only bytes of which there
// are marks; words tells whether its words were looked at.
func (s *scan) learn(at *knownLine, from, to int, words bool) {
	line := s.text[from:to]
	trimmed := trimIndent(line)
	k := knownLine{text: at.text, hash: at.asked, asked: at.asked}
	var e Exception
	switch {
	case isMore(trimmed):
		k.kind = moreLine
	case !words || s.said || s.request || from < s.bodyEnd || mayHoldID(line) || bytes.Contains(line, []byte("%E")):
		// A word says something, or might in another record.
		return
	case bytes.HasPrefix(trimmed, []byte(causedBy)):
		k.kind, k.indented = causeLine, len(trimmed) != len(line)
		e = exceptionAt(trimmed[len(causedBy):])
	case exceptionClass(line) != nil:
		k.kind = classLine
		e = exceptionAt(line)
	default:
		return
	}
	if k.kind != moreLine && len(e.Class) == 0 {
		return
	}
	k.class, k.message = spanIn(line, e.Class), spanIn(line, e.Message)
	k.other = namesOther(line)
	k.text = append(k.text[:0], line...)
	*at = k
}

// spanIn returns where a part of b stands in it.
func spanIn(b, part []byte) shortSpan {
	if len(part) == 0 {
		return shortSpan{}
	}
	from := uint16(cap(b) - cap(part))
	return shortSpan{from, from + uint16(len(part))}
}

// mayHoldID reports whether a line has as many digits in a row as a trace id.
func mayHoldID(line []byte) bool {
	digits := 0
	for _, c := range line {
		if !isDigit(c) {
			digits = 0
		} else if digits++; digits == traceIDMin-8 {
			return true
		}
	}
	return false
}

// readKnown reads the line text[from:to], which is known, as wholeLine would.
func (s *scan) readKnown(k *knownLine, from, to int) {
	s.lineTo = to
	switch k.kind {
	case moreLine:
		return
	case causeLine:
		if s.suppressed && k.indented {
			return // the cause of what was suppressed
		}
		s.suppressed = false
		s.add(k.exception(s.text[from:to]))
	case classLine:
		if !s.linkFrom {
			s.links, s.linkFrom = s.links[:0], true
			s.add(k.exception(s.text[from:to]))
		}
	}
	s.plainLine(from, to)
	if n := len(s.plain); n > 0 && s.plain[n-1].span == (span{from, to}) {
		s.plain[n-1].known, s.plain[n-1].other = true, k.other
	}
}

// exception returns the exception that a line names which is the known one.
func (k *knownLine) exception(line []byte) Exception {
	e := Exception{Class: line[k.class.from:k.class.to]}
	if k.message.to > 0 {
		e.Message = line[k.message.from:k.message.to]
	}
	return e
}
