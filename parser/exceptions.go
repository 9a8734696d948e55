package parser

import "bytes"

// maxChain bounds the links kept of a chain of exceptions; the last place is
// the root's.
const maxChain = 16

// traceLine looks whether the line text[from:to] belongs to a stack trace and
// notes what it says of the chain of exceptions. It reports true for a line
// that says nothing of the record itself: a frame, "... 12 more", what was
// suppressed.
func (s *scan) traceLine(from, to int) bool {
	line := s.text[from:to]
	trimmed := trimIndent(line)
	first := byte(0) // spares most lines the look at the rest
	if len(trimmed) > 0 {
		first = trimmed[0]
	}
	switch {
	case first == 'a' && isFrame(trimmed):
		if n := len(s.links); n > 0 && !s.suppressed && !s.l.lean && s.links[n-1].Frame == nil {
			s.links[n-1].Frame = bytes.TrimRight(trimmed[len("at "):], " \t")
		}
		return true
	case first == '.' && isMore(trimmed):
		return true
	case first == 'S' && bytes.HasPrefix(trimmed, []byte("Suppressed: ")):
		s.suppressed = true
		return true
	case first == 'C' && bytes.HasPrefix(trimmed, []byte(causedBy)):
		if s.suppressed && len(trimmed) != len(line) {
			return true // the cause of what was suppressed
		}
		s.suppressed = false
		s.link(trimmed[len(causedBy):], true)
		return false
	}
	if !s.linkFrom && from > 0 && exceptionClass(line) != nil {
		// The trace starts here; what the head named was its announcement.
		s.links = s.links[:0]
		s.linkFrom = true
		s.link(line, true)
	}
	return false
}

// announced notes the first exception that the line text[from:to] names, where
// the chain has none yet.
func (s *scan) announced(from, to int) {
	if len(s.links) == 0 {
		line := s.text[from:to]
		if at := findException(line); at >= 0 {
			s.link(line[at:], false)
		}
	}
}

// trimIndent removes blanks from the start of a line, and tabs as a JSON
// string has them.
func trimIndent(line []byte) []byte {
	i := 0
	for i < len(line) {
		switch {
		case line[i] == ' ' || line[i] == '\t':
			i++
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == 't':
			i += 2
		default:
			return line[i:]
		}
	}
	return line[i:]
}

// link adds the exception at the start of b to the chain.
func (s *scan) link(b []byte, certain bool) {
	if e := exceptionAt(b); len(e.Class) > 0 && (certain || namesException(e.Class)) {
		s.add(e.Class, e.Message)
	}
}

// exceptionAt returns what is at the start of b as an exception: its class, and
// its message up to the end of the line.
func exceptionAt(b []byte) Exception {
	n := 0
	for n < len(b) && (isWordByte(b[n]) || b[n] == '.' || b[n] == '$') {
		n++
	}
	e := Exception{Class: bytes.TrimRight(b[:n], ".")}
	if rest := b[n:]; bytes.HasPrefix(rest, []byte(":")) {
		e.Message = bytes.TrimSpace(rest[1:])
	}
	return e
}

// add adds an exception to the chain.
func (s *scan) add(class, message []byte) {
	if len(s.links) == maxChain {
		s.links = s.links[:maxChain-1]
	}
	s.links = append(s.links, Exception{})
	e := &s.links[len(s.links)-1] // in place, see Decoder.start
	e.Class, e.Message = class, message
	s.last = false
}

// chain returns the exceptions found. Where the trace ends without a cause but
// the last message tells one, that one is the root.
func (s *scan) chain() []Exception {
	for n := len(s.links); n > 0 && n < maxChain && !s.last; n++ {
		e, ok := nested(s.links[n-1].Message)
		if !ok {
			break
		}
		s.add(e.Class, e.Message)
	}
	return s.links
}

// nested returns the exception that a message tells as the cause: as Spring writes
// it ("nested exception is …"), or as an exception that was made from another one
// repeats it ("InvokeException: java.net.ConnectException: refused").
func nested(message []byte) (e Exception, ok bool) {
	const nested = "nested exception is "
	if bytes.Contains(message, []byte(nested)) { // few; forward is faster than back
		message = message[bytes.LastIndex(message, []byte(nested))+len(nested):]
	}
	e = exceptionAt(message)
	return e, namesException(e.Class)
}

const causedBy = "Caused by: "

// isMore reports whether a line, without its indentation, tells how many frames
// are left out: ... 12 more.
func isMore(line []byte) bool {
	return bytes.HasPrefix(line, []byte("... ")) && (bytes.HasSuffix(line, []byte(" more")) || bytes.Contains(line, []byte("common frames")))
}

// isFrame reports whether a line, without its indentation, is a frame of a
// stack trace: at com.acme.Foo.bar(Foo.java:12).
func isFrame(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("at ")) || len(line) < len("at a.b(") {
		return false
	}
	c := line[len("at ")]
	if !isLetter(c) && c != '$' && c != '_' {
		return false
	}
	open := bytes.IndexByte(line, '(')
	return open > 0 && bytes.IndexByte(line[3:open], ' ') < 0 && bytes.IndexByte(line[:open], '.') > 0
}

// exceptionClass returns the class at the very start of a line that begins a
// stack trace, nil if it does not look like one.
func exceptionClass(line []byte) []byte {
	const thread = "Exception in thread \""
	if len(line) > 0 && line[0] == 'E' && bytes.HasPrefix(line, []byte(thread)) {
		if i := bytes.Index(line[len(thread):], []byte("\" ")); i >= 0 {
			line = line[len(thread)+i+2:]
		}
	}
	n := 0
	for n < len(line) && (isWordByte(line[n]) || line[n] == '.' || line[n] == '$') {
		n++
	}
	if !namesException(line[:n]) || n < len(line) && line[n] != ':' && line[n] != ' ' {
		return nil
	}
	return line[:n]
}

// namesException reports whether a word is the full name of an exception
// class: with a package, and named as one.
func namesException(class []byte) bool {
	dot := bytes.IndexByte(class, '.')
	if dot <= 0 || dot == len(class)-1 {
		return false
	}
	for _, suffix := range [...]string{"Exception", "Error", "Throwable", "Failure", "Fault"} {
		if bytes.HasSuffix(class, []byte(suffix)) {
			return true
		}
	}
	return false
}

// findException returns where the first full name of an exception class
// starts in the first 4 KiB of line, -1 if there is none.
func findException(line []byte) int {
	line = line[:min(len(line), 4096)]
	start := 0 // behind the last class that was none
	for from := 0; from < len(line); {
		i := bytes.IndexByte(line[from:], 'E')
		if i < 0 {
			return -1
		}
		k := from + i + 1
		switch rest := line[k:]; {
		case bytes.HasPrefix(rest, []byte("xception")):
			k += len("xception")
		case bytes.HasPrefix(rest, []byte("rror")):
			k += len("rror")
		default:
			from = k
			continue
		}
		if k == len(line) || !isWordByte(line[k]) && (line[k] != '.' || k+1 == len(line) || !isWordByte(line[k+1])) {
			i := k
			for i > start && (isWordByte(line[i-1]) || line[i-1] == '.' || line[i-1] == '$') {
				i--
			}
			if namesException(line[i:k]) {
				return i
			}
		}
		from, start = k, k
	}
	return -1
}
