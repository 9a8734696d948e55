package parser

import (
	"bytes"
	"unicode/utf8"
)

// Response headers reach a log in three ways: as HTTP writes them, a line
// each; as the Objective-C description of a dictionary, key = value; and as
// the Android client's HttpUrlHeader{headers=Name:value,Name:value,}. The
// evidence ladder finds the result code in all three. What follows finds the
// headers whose values need care: texts that are percent-encoded, times, and
// what a value that holds commas or semicolons is.

// headerDump is how the Android client's dump of headers begins.
var headerDump = []byte("HttpUrlHeader{headers=")

// eachHeader calls yield with the headers that stand in text.
func eachHeader(text []byte, yield func(name, value []byte)) {
	for len(text) > 0 {
		line := text[:lineEnd(text, 0)]
		text = text[min(len(text), len(line)+1):]
		if _, after, ok := bytes.Cut(line, headerDump); ok {
			dumpedHeaders(after, yield)
			continue
		}
		if name, ok := bytes.CutSuffix(bytes.TrimRight(line, " "), []byte("(")); ok { // a list of values
			if name, ok = bytes.CutSuffix(bytes.TrimRight(name, " "), []byte("=")); ok {
				value := text[:lineEnd(text, 0)]
				text = text[min(len(text), len(value)+1):]
				yield(bytes.Trim(name, " \""), bytes.Trim(value, " \","))
				continue
			}
		}
		if !dictHeaders(line, yield) {
			if name, value, ok := headerLine(line); ok {
				yield(name, value)
			}
		}
	}
}

// dumpedHeaders reads Name:value,Name:value,} where a comma parts headers only
// if a name and a colon follow it: the value of Date has one of its own.
func dumpedHeaders(b []byte, yield func(name, value []byte)) {
	if i := bytes.LastIndex(b, []byte(",}")); i >= 0 {
		b = b[:i]
	} else if i := bytes.IndexByte(b, '}'); i >= 0 {
		b = b[:i]
	}
	for len(b) > 0 {
		name, rest, ok := bytes.Cut(b, []byte{':'})
		if !ok {
			return
		}
		end := 0
		for end < len(rest) && (rest[end] != ',' || !headerFollows(rest[end+1:])) {
			end++
		}
		yield(bytes.TrimSpace(name), bytes.TrimSpace(rest[:end]))
		b = rest[min(len(rest), end+1):]
	}
}

// headerFollows reports whether b begins with the name of a header and a
// colon.
func headerFollows(b []byte) bool {
	n := nameLength(b)
	return n > 0 && n < len(b) && b[n] == ':'
}

// nameLength returns the length of the header's name at the start of b.
func nameLength(b []byte) int {
	n := 0
	for n < len(b) && n < 64 && (isWordByte(b[n]) || b[n] == '-') {
		n++
	}
	return n
}

// dictHeaders reads the pairs key = value; of one line of a dictionary. It
// reports false if the line has none.
func dictHeaders(line []byte, yield func(name, value []byte)) bool {
	found := false
	for {
		eq := bytes.Index(line, []byte(" = "))
		if eq < 0 {
			return found
		}
		name := bytes.TrimRight(line[:eq], " \"'")
		i := len(name)
		for i > 0 && isNameByte(name[i-1]) {
			i--
		}
		name = name[i:]
		rest := bytes.TrimLeft(line[eq+len(" = "):], " ")
		end := 0
		var value []byte
		if len(rest) > 0 && rest[0] == '"' {
			for end = 1; end < len(rest) && rest[end] != '"'; end++ {
				if rest[end] == '\\' {
					end++
				}
			}
			end = min(end, len(rest))
			value = rest[1:end]
		} else {
			for end < len(rest) && rest[end] != ';' {
				end++
			}
			value = bytes.TrimSpace(rest[:end])
		}
		if len(name) == 0 || bytes.IndexByte(rest[end:], ';') < 0 && found {
			return found
		}
		found = true
		yield(name, value)
		line = rest[end:]
	}
}

// headerLine reads one header as HTTP writes it, behind the marks of curl -v.
func headerLine(line []byte) (name, value []byte, ok bool) {
	line, _ = cutCurl(line)
	colon := len(line) > 0 && line[0] == ':' // :status, of HTTP/2
	if colon {
		line = line[1:]
	}
	n := nameLength(line)
	if n == 0 || n == len(line) || line[n] != ':' || !isLetter(line[0]) || bytes.HasPrefix(line[n:], []byte("://")) {
		return nil, nil, false
	}
	return line[:n], bytes.TrimSpace(line[n+1:]), true
}

// cutCurl removes the mark that curl -v puts before a line and returns it: '<'
// before what was received, '>' before what was sent, '*' before what curl
// says itself, '{' and '}' before numbers of bytes; 0 if there is none.
func cutCurl(line []byte) (rest []byte, mark byte) {
	if len(line) == 1 && (line[0] == '<' || line[0] == '>') {
		return nil, line[0]
	}
	if len(line) > 1 && line[1] == ' ' {
		switch line[0] {
		case '<', '>', '*':
			return line[2:], line[0]
		case '{', '}':
			if bytes.HasPrefix(line[2:], []byte("[")) && bytes.HasSuffix(line, []byte("bytes data]")) {
				return line[2:], line[0]
			}
		}
	}
	return line, 0
}

// headers fills in what the headers in text say better than the ladder, the
// code too if it is strict, and returns the time at which the answer was sent, if they tell it.
func (l *ladder) headers(r *Record, text []byte, strict bool) (ms int64, ok bool) {
	stated := false
	var sent, server int64
	var hasDate, hasServer bool
	eachHeader(text, func(name, value []byte) {
		var fold [40]byte
		switch string(appendName(fold[:0], name)) {
		case "resultstatus":
			// The header itself goes before a value that quotes one.
			if code, ok := parseCode(value); ok && !stated && strict && bytes.IndexByte(name, '-') > 0 && code >= 1000 && code < 9000 {
				r.Platform, r.Code, r.Evidence, stated = Server, code, ByField, true
			}
		case "mgwtraceid", "xmgwtraceid":
			if r.TraceID == nil && len(value) > 0 {
				r.TraceID = value
			}
		case "memo", "resultmemo":
			r.Memo = l.plain(&l.memoText, value)
		case "tips", "resulttips":
			r.Tips = l.plain(&l.tipsText, value)
		case "memotips": // as some pages print the two
			r.Memo = l.plain(&l.memoText, value)
		case "control":
			r.Control = l.plain(&l.controlText, value)
		case "servertime":
			if t, n, known := epoch(value); known && n == len(value) {
				server, hasServer = t, true
			}
		case "date":
			if t, _, known := httpDate(value); known {
				sent, hasDate = t, true
			}
		}
	})
	if r.Control == nil {
		r.Control = l.plain(&l.controlText, jsonMember(text, "control"))
	}
	if r.Code != 1002 && len(r.Control) > 0 && r.Control[0] != '{' {
		r.Control = nil // a header of that name, but not the gateway's
	}
	if hasServer {
		return server, true
	}
	return sent, hasDate
}

// jsonMember returns the value of a member of the JSON in text: a string
// without its quotes, or an object.
func jsonMember(text []byte, name string) []byte {
	i := bytes.Index(text, []byte(`"`+name+`"`))
	if i < 0 {
		return nil
	}
	b := bytes.TrimLeft(text[i+len(name)+2:], " \t")
	if len(b) == 0 || b[0] != ':' {
		return nil
	}
	b = bytes.TrimLeft(b[1:], " \t")
	if len(b) == 0 {
		return nil
	}
	switch b[0] {
	case '"':
		for n := 1; n < len(b) && n < maxObject; n++ {
			if b[n] == '\\' {
				n++
			} else if b[n] == '"' {
				return b[1:n]
			}
		}
	case '{':
		depth := 0
		for n := 0; n < len(b) && n < maxObject; n++ {
			switch b[n] {
			case '{':
				depth++
			case '}':
				if depth--; depth == 0 {
					return b[:n+1]
				}
			}
		}
	}
	return nil
}

// plain undoes the percent-encoding of a text once, as the client does: with +
// for a blank. What cannot be decoded, or gives no UTF-8, stays as it is; so
// does a text that is not encoded. The result is in *buf or in text.
func (l *ladder) plain(buf *[]byte, text []byte) []byte {
	percent, plus, word := false, false, true
	for i, c := range text {
		percent = percent || c == '%'
		plus = plus || c == '+'
		word = word && c < 0x80 && c != ' '
		if c == '\\' && i+1 < len(text) && text[i+1]|0x20 == 'u' {
			*buf = appendUnescaped((*buf)[:0], text)
			return *buf
		}
	}
	if !percent && (!plus || !word) {
		return text
	}
	out := (*buf)[:0]
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '+' && word: // beside blanks, it is itself
			out = append(out, ' ')
		case c != '%':
			out = append(out, c)
		case i+2 < len(text) && hexDigit(text[i+1]) >= 0 && hexDigit(text[i+2]) >= 0:
			out = append(out, byte(hexDigit(text[i+1])<<4|hexDigit(text[i+2])))
			i += 2
		default:
			return text
		}
	}
	if !utf8.Valid(out) {
		return text
	}
	*buf = out
	return out
}

func hexDigit(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
