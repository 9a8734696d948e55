package parser

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// Beside frames, an error log has other texts that come again and again: heads say
// the same but for a thread and a trace id, and a stack trace has lines that name
// its exceptions, and lines that tell how many frames are left out. What such a
// text says to the evidence ladder is kept as runs of frames are, see knownRuns.
//
// Only what depends on the bytes of the text and on nothing of the record is kept.
// So a text is read by itself when it is learned, and one that might say something
// else behind or in front of others is left alone, see learn.

const (
	// textPlaces is how many places for texts a Decoder has, textWays how many texts
	// share one, textMax how many bytes one of them may have: 2.5 MiB in all at most,
	// but few are longer than 128 bytes. More texts are found again, but do not fit
	// into the processor's second cache, and take as long.
	textPlaces = 1024
	textWays   = 4
	textMax    = 512
	// textsSeen is for how many texts it is noted that they came, in 32 KiB.
	textsSeen = 1 << 14
)

// knownTexts are texts that a Decoder has seen.
type knownTexts struct {
	size   int // places; 0: nothing is kept
	places []textPlace
	seed   maphash.Seed
	// seen has a part of the hash of the last text for which that place was, and
	// whether it came twice.
	seen []uint16
	// spare is to be used for the next text; nil for none.
	spare *knownText
}

// textPlace has room for some texts. What comes again moves to the front, what is
// new takes the place of the last one: so texts that come but once put out each
// other. It takes one line of the processor's cache.
type textPlace struct {
	hashes [textWays]uint64     // of text and role
	texts  [textWays]*knownText // nil for a text that is none to be kept
}

// knownText is a text of which each byte has marks, and what it says.
type knownText struct {
	text []byte
	hash uint64 // of text and role
	role textRole

	kind     lineKind // of a line
	indented bool     // it is a line and begins with blanks
	other    answer   // whether it has one of the other words, see namesOther
	says     bool     // it names a code or a field, which may count elsewhere if it does not here

	named                   candidate
	class, message          shortSpan // of the exception that it names
	last                    bool      // that one names no other, see nested
	operationType, clientIP shortSpan // as its cells tell them, of a message
	fields                  [3]struct {
		field field
		value shortSpan // empty behind the last one
	}
}

// shortSpan is a part of a text of at most textMax bytes.
type shortSpan struct{ from, to uint16 }

// in returns the part of a text, nil if it is empty.
func (p shortSpan) in(text []byte) []byte {
	if p.to == 0 {
		return nil
	}
	return text[p.from:p.to]
}

// textRole is what a text is part of.
type textRole uint8

const (
	traceText   textRole = iota // a line behind the head
	leadText                    // the beginning of a head, which says nothing
	middleText                  // what follows in front of a trace id; it says nothing either
	messageText                 // the rest of the head
)

type lineKind uint8

const (
	headLine  lineKind = iota // no line of a stack trace but a part of a head
	moreLine                  // tells how many frames are left out
	causeLine                 // names a cause
	classLine                 // begins with an exception
)

type answer uint8

const (
	notAsked answer = iota
	no
	yes
)

// known returns a text as it is known, or as it is learned when it comes for the third
// time. It returns nil if it is neither.
func (l *ladder) known(role textRole, text []byte) *knownText {
	t := &l.texts
	if t.size == 0 || len(text) == 0 || len(text) > textMax {
		return nil
	}
	if t.places == nil {
		t.places, t.seed, t.seen = make([]textPlace, t.size), maphash.MakeSeed(), make([]uint16, textsSeen)
	}
	hash := maphash.Bytes(t.seed, text) + uint64(role)
	p := &t.places[hash%uint64(len(t.places))]
	for i := range p.hashes {
		if p.hashes[i] != hash {
			continue
		}
		k := p.texts[i]
		if k == nil {
			return nil
		}
		if k.role == role && bytes.Equal(k.text, text) {
			if i > 0 {
				p.hashes[i], p.hashes[i-1] = p.hashes[i-1], p.hashes[i]
				p.texts[i], p.texts[i-1] = p.texts[i-1], p.texts[i]
			}
			return k
		}
	}
	// What comes but once or twice is not worth a place.
	seen, once := &t.seen[hash>>32%textsSeen], uint16(hash>>48)&^1
	twice := once | 1
	switch *seen {
	case twice: // it is worth one
	case once:
		*seen = twice
		return nil
	default:
		*seen = once
		return nil
	}
	k := p.texts[textWays-1]
	if k == nil {
		k, t.spare = t.spare, nil
	}
	if k == nil {
		k = new(knownText)
	}
	if !l.learn(k, hash, role, text) {
		k, t.spare = nil, k
	}
	p.hashes[textWays-1], p.texts[textWays-1] = hash, k
	return k
}

// learn makes k a text, if that is one to be kept.
func (l *ladder) learn(k *knownText, hash uint64, role textRole, text []byte) bool {
	n := knownText{text: k.text, hash: hash, role: role}
	var e Exception
	if role == traceText {
		var ok bool
		if e, ok = n.traceLine(text); !ok {
			return false
		}
	}
	if !l.marks.read(text) || bytes.IndexByte(text, '%') >= 0 {
		return false
	}
	if n.kind != moreLine {
		s := &l.alone
		s.begin(l, text, s.links[:0])
		s.lineTo = len(text)
		if role == traceText {
			s.headFrom = -1
			s.add(e.Class, e.Message)
		}
		s.markedWords(l.marks, 0, 0, len(text))
		if !n.take(s) || role != traceText && !n.takeHead(s) {
			return false
		}
		if len(s.links) > 0 {
			e = s.links[0]
			_, leads := nested(e.Message)
			n.class, n.message, n.last = spanIn(text, e.Class), spanIn(text, e.Message), !leads
		}
	}
	if len(text) > cap(n.text) {
		n.text = make([]byte, 0, (len(text)+63)&^63) // room for most that follow
	}
	n.text = append(n.text[:0], text...)
	*k = n
	return true
}

// traceLine takes what kind of line a text is, and returns the exception that it
// names. It reports false if it is of none.
func (n *knownText) traceLine(text []byte) (e Exception, ok bool) {
	trimmed := trimIndent(text)
	n.indented = len(trimmed) != len(text)
	switch {
	case isMore(trimmed):
		n.kind = moreLine
		return e, true
	case bytes.HasPrefix(trimmed, []byte(causedBy)):
		n.kind = causeLine
		e = exceptionAt(trimmed[len(causedBy):])
	case exceptionClass(text) != nil:
		n.kind = classLine
		e = exceptionAt(text)
	}
	return e, len(e.Class) > 0
}

// take takes what a text says that was read by itself. It reports false if that may
// depend on what else is in a record.
func (n *knownText) take(s *scan) bool {
	if s.traceID != nil || s.sensitive || s.bodyEnd > 0 || s.payment || s.exception.ok || s.constant.ok || s.guard.ok {
		return false
	}
	n.named, n.says = s.named, s.said
	kept := 0
	for f, value := range s.fields {
		if value == nil {
			continue
		}
		if kept == len(n.fields) {
			return false
		}
		n.fields[kept].field, n.fields[kept].value = field(f), spanIn(s.text, value)
		kept++
	}
	return true
}

// takeHead is take for what a text says as part of a head. Its words have been
// looked at last.
func (n *knownText) takeHead(s *scan) bool {
	text := s.text
	isTag := func(w span) bool { return string(text[w.from:w.to]) == requestTag }
	if slices.ContainsFunc(s.l.words, isTag) && maybeTag(text, requestTag) {
		return false
	}
	var told Record
	markedCells(s.l.marks, text, &told, true)
	n.operationType, n.clientIP = spanIn(text, told.OperationType), spanIn(text, told.ClientIP)
	if n.role == messageText {
		return true
	}
	silent := !n.says && len(s.links) == 0 && told.OperationType == nil && told.ClientIP == nil && !namesOther(text)
	return silent && quiet(text) && (n.role != leadText || leads(text))
}

// quiet reports whether a text has nothing that matters to a name behind it in
// the same line: see foreign, codeKey, isPayment and inURL.
func quiet(text []byte) bool {
	for _, c := range text {
		if !isNameByte(c) && bytes.IndexByte([]byte(" []():,|#@*"), c) < 0 {
			return false
		}
	}
	return !bytes.Contains(text, []byte("SecException")) && !mentionsPayment(text)
}

// leads reports whether a text begins as most heads do, with a blank and the
// record's level.
func leads(text []byte) bool {
	if len(text) == 0 || text[0] != ' ' {
		return false
	}
	level, _, blank := bytes.Cut(text[1:], []byte{' '})
	return blank && levels[string(level)] != ""
}

// spanIn returns where a part of b stands in it.
func spanIn(b, part []byte) shortSpan {
	if len(part) == 0 {
		return shortSpan{}
	}
	from := uint16(cap(b) - cap(part))
	return shortSpan{from, from + uint16(len(part))}
}

// mayRepeat reports whether a line behind a head may be one that is kept: not if it
// is indented as a frame is and begins in another way.
func mayRepeat(line []byte) bool {
	trimmed := trimIndent(line)
	return len(trimmed) > 0 && (len(trimmed) == len(line) || trimmed[0] == causedBy[0] || trimmed[0] == '.')
}

// readKnown reads the line text[from:to] behind the head, which is known, as
// wholeLine would.
func (s *scan) readKnown(k *knownText, from, to int) {
	s.lineTo = to
	line := s.text[from:to]
	switch k.kind {
	case moreLine:
		return
	case causeLine:
		if s.suppressed && k.indented {
			return // the cause of what was suppressed
		}
		s.suppressed = false
		s.addKnown(k, line)
	case classLine:
		if !s.linkFrom {
			s.links, s.linkFrom = s.links[:0], true
			s.addKnown(k, line)
		}
	}
	s.say(k, line)
	s.knownLine(k, from, to)
}

// knownHead reads the head text[from:to], as wholeLine would, if it is known but
// for its trace id, or its beginning is. It reports false if it is not.
func (s *scan) knownHead(from, to int) bool {
	l := s.l
	head := s.text[from:to]
	if len(head) > maxCells {
		return false
	}
	// Most heads have a level and a thread, then a logger and a trace id.
	end := bytes.IndexByte(head, ']') + 1
	if end == 0 || l.known(leadText, unnumbered(head[:end])) == nil {
		return false
	}
	message := head[end:]
	var id []byte
	if open := bytes.IndexByte(message, '['); open >= 0 {
		inside := message[open+1:]
		n := bytes.IndexByte(inside[:min(len(inside), traceIDMax+1)], ']')
		if n >= traceIDMin {
			if _, ok := traceMillis(inside[:n]); ok {
				if l.known(middleText, message[:open+1]) == nil {
					return false
				}
				id, message = inside[:n], inside[n+1:]
			}
		}
	}
	k := l.known(messageText, message)
	if k == nil {
		return s.newMessage(to-len(message), from, to, id)
	}
	s.lineTo = to
	s.traceID = id
	if k.class.to > 0 {
		s.addKnown(k, message)
	}
	s.say(k, message)
	s.headKnown = true
	s.cellsTell[0], s.cellsTell[1] = k.operationType.in(message), k.clientIP.in(message)
	s.knownLine(k, from, to)
	return true
}

// newMessage reads the head text[from:to], as wholeLine would, of which what stands in
// front of at is known and says nothing but a trace id. It reports false if the rest
// has to be read byte by byte.
func (s *scan) newMessage(at, from, to int, id []byte) bool {
	if s.headMarked = s.l.head.read(s.text[at:to]); !s.headMarked {
		return false
	}
	s.lineTo, s.traceID, s.cellsFrom = to, id, at-from
	s.markedWords(s.l.head, at, from, to)
	s.plainLine(from, to)
	return true
}

// unnumbered returns the beginning of a head without the number of its thread, in
// front of the bracket at its end: [MgsBizThread-24]. A few digits behind a "-" are
// no part of a name, of a constant, of a trace id, nor of what a cell tells.
func unnumbered(lead []byte) []byte {
	const most = 6
	end := len(lead) - 1
	n := 0
	for n <= most && n < end && isDigit(lead[end-1-n]) {
		n++
	}
	if n == 0 || n > most || n == end || lead[end-1-n] != '-' {
		return lead
	}
	return lead[:end-n]
}

// say takes the code and the fields that a text names which is the known one.
func (s *scan) say(k *knownText, text []byte) {
	if !k.says {
		return
	}
	if k.named.ok && !s.request {
		s.named.offer(k.named.key, k.named.strength)
	}
	for i := range k.fields {
		f := &k.fields[i]
		if f.value.to == 0 {
			return
		}
		if s.fields[f.field] == nil || s.inBody[f.field] {
			s.fields[f.field], s.inBody[f.field] = f.value.in(text), false
		}
	}
}

// knownLine is plainLine for a line of which k is what may have other words.
func (s *scan) knownLine(k *knownText, from, to int) {
	s.plainLine(from, to)
	if n := len(s.plain); n > 0 && s.plain[n-1].span == (span{from, to}) {
		s.plain[n-1].known, s.plain[n-1].hash = k, k.hash
	}
}

// namesOther is namesOther for a text that is known. It is worked out when it is
// asked for.
func (k *knownText) namesOther() bool {
	if k.other == notAsked {
		k.other = no
		if namesOther(k.text) {
			k.other = yes
		}
	}
	return k.other == yes
}

// addKnown adds the exception that a text names which is the known one.
func (s *scan) addKnown(k *knownText, text []byte) {
	s.add(k.class.in(text), k.message.in(text))
	s.last = k.last
}
