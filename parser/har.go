package parser

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) is what browsers,
// Charles and Fiddler export: one JSON document with an entry for each
// exchange. It may have gigabytes, most of them bodies, so it is read by a
// scanner of our own that never holds more than one entry, and of a body no
// more than a record may have; encoding/json holds each string whole.
//
// An entry is put into the words of HTTP and read as a capture is.

// Errors of a HAR file.
var (
	// ErrNotMGS is the reason for which an entry is skipped.
	ErrNotMGS = errors.New("exchange that is not the gateway's")
	// ErrJSON ends the reading of a file that is no valid JSON. What
	// stands before has been delivered.
	ErrJSON = errors.New("not valid JSON")
)

// harReader reads the entries of a HAR file.
type harReader struct {
	d   *Decoder // for its ladder and its item
	in  *bufio.Reader
	buf []byte // of strings

	offset, line int64 // bytes read, and line ends among them
	open         bool  // the last line has no end yet
	peeked       bool
	c            byte
	started      bool
	done         bool
	err          error

	ask, answer, body []byte
}

func newHAR(src io.Reader, d *Decoder) *harReader {
	return &harReader{d: d, in: bufio.NewReaderSize(src, 64<<10)}
}

// isHAR reports whether a sample is the beginning of a HAR file.
func isHAR(sample []byte) bool {
	b := bytes.TrimLeft(bytes.TrimPrefix(sample[:min(len(sample), 64<<10)], []byte("\ufeff")), " \t\r\n")
	if len(b) == 0 || b[0] != '{' {
		return false
	}
	b = bytes.TrimLeft(b[1:], " \t\r\n")
	return bytes.HasPrefix(b, []byte(`"log"`)) && (bytes.Contains(b, []byte(`"entries"`)) || bytes.Contains(b, []byte(`"creator"`)))
}

// harZone returns the offset that the first entry's time names, nil if none
// does.
func harZone(sample []byte) *time.Location {
	const name = `"startedDateTime"`
	_, after, ok := bytes.Cut(sample, []byte(name))
	if !ok {
		return nil
	}
	v := bytes.TrimLeft(after, ": \t\r\n\"")
	if s, ok := parseStamp(v); ok && s.zoned {
		return offsetZone(s.offset)
	}
	return nil
}

// next advances to the next entry.
func (h *harReader) next() bool {
	d := h.d
	d.out = nil
	if h.done {
		return false
	}
	if !h.started {
		h.started = true
		if !h.entries() {
			return h.end()
		}
	} else if c, ok := h.peek(); ok && c == ',' {
		h.take()
	}
	c, ok := h.peek()
	if !ok || c != '{' {
		if ok && c != ']' {
			h.fail()
		}
		return h.end()
	}
	at, line := h.offset-1, h.line // behind the brace that was peeked
	if !h.entry() {
		return h.end()
	}
	r := &d.at.rec
	r.Line, r.Lines, r.Offset, r.Size = line+1, h.line-line+1, at, h.offset-at
	d.out = r
	if r.Code == NoCode && !h.gateway() {
		d.out = nil
		d.bad = SyntaxError{
			Line: r.Line, Offset: r.Offset, Column: 1, Format: HAR,
			Text: h.ask[:min(lineEnd(h.ask, 0), syntaxText)], Err: ErrNotMGS,
		}
	}
	return true
}

// end ends the reading. What stands behind the entries is read to its end, for
// the errors of the source.
func (h *harReader) end() bool {
	h.done = true
	for h.err == nil {
		if _, ok := h.byte(); !ok {
			break
		}
	}
	if h.err == io.EOF {
		h.err = nil
	}
	return false
}

// gateway reports whether the entry at hand went to the gateway.
func (h *harReader) gateway() bool {
	first := h.ask[:lineEnd(h.ask, 0)]
	if bytes.Contains(first, []byte("/mgw.htm")) {
		return true
	}
	found := false
	eachHeader(h.ask, func(name, _ []byte) {
		var fold [40]byte
		found = found || string(appendName(fold[:0], name)) == "operationtype"
	})
	return found
}

// entries goes to the first element of log.entries.
func (h *harReader) entries() bool {
	found := false
	h.object(func(key []byte) bool {
		if string(key) != "log" {
			return h.skip()
		}
		h.object(func(key []byte) bool {
			if string(key) != "entries" {
				return h.skip()
			}
			if c, ok := h.peek(); !ok || c != '[' {
				return h.fail()
			}
			h.take()
			found = true
			return false
		})
		return false
	})
	return found
}

// entry reads one entry into the record.
func (h *harReader) entry() bool {
	d := h.d
	limit := d.opt.MaxRecord
	h.ask, h.answer, h.body = h.ask[:0], h.answer[:0], h.body[:0]
	var started int64
	dated, cut := false, false
	latency := int64(-1)
	ok := h.object(func(key []byte) bool {
		switch string(key) {
		case "startedDateTime":
			text, _, ok := h.text(64)
			if t, err := time.Parse(time.RFC3339Nano, string(text)); err == nil {
				started, dated = t.UnixMilli(), true
			}
			return ok
		case "time":
			f, ok := h.number()
			if ok && f >= 0 && f < 1e12 {
				latency = int64(math.Round(f))
			}
			return ok
		case "request":
			return h.message(&h.ask, limit/2, true, &cut)
		case "response":
			return h.message(&h.answer, limit/2, false, &cut)
		}
		return h.skip()
	})
	if !ok {
		return false
	}
	d.at.rec = Record{Format: HAR, Code: NoCode, LatencyMS: latency, BackendMS: -1, Cut: cut, Exceptions: d.at.rec.Exceptions[:0]}
	r := &d.at.rec
	if len(h.ask) > 0 && h.ask[len(h.ask)-1] != '\n' {
		h.ask = append(h.ask, '\n')
	}
	d.at.text = append(append(d.at.text[:0], h.ask...), h.answer...)
	answer := d.at.text[len(h.ask):]
	d.ladder.exchange(r, d.at.text[:len(h.ask)], answer, true)
	sent, ok := d.ladder.headers(r, answer, true)
	switch {
	case dated:
		r.Time = started
	case ok:
		r.Time = sent
	default:
		r.NoTime = true
	}
	r.Head, r.Text = answer[:lineEnd(answer, 0)], d.at.text
	return true
}

// message reads a request or a response and puts it into the words of HTTP.
func (h *harReader) message(out *[]byte, limit int, request bool, cut *bool) bool {
	var head [4][]byte // method or version, URL or status, version or reason
	var fields []byte
	h.body = h.body[:0]
	set := func(i int) bool {
		text, _, ok := h.text(2048)
		head[i] = bytes.Clone(text)
		return ok
	}
	ok := h.object(func(key []byte) bool {
		switch string(key) {
		case "method":
			return set(0)
		case "url":
			return set(1)
		case "httpVersion":
			return set(2)
		case "status":
			f, ok := h.number()
			head[1] = strconv.AppendInt(nil, int64(f), 10)
			return ok
		case "statusText":
			return set(3)
		case "headers":
			return h.array(func() bool {
				var name, value []byte
				ok := h.object(func(key []byte) bool {
					switch string(key) {
					case "name":
						text, _, ok := h.text(256)
						name = bytes.Clone(text)
						return ok
					case "value":
						text, _, ok := h.text(8 << 10)
						value = bytes.Clone(text)
						return ok
					}
					return h.skip()
				})
				if ok && isHeaderName(name) && len(fields)+len(name)+len(value) < limit/2 {
					fields = append(append(fields, oneLine(name)...), ": "...)
					fields = append(append(fields, oneLine(value)...), '\n')
				}
				return ok
			})
		case "postData", "content":
			encoded := false
			ok := h.object(func(key []byte) bool {
				switch string(key) {
				case "text":
					text, long, ok := h.text(limit / 2)
					*cut = *cut || long && !request
					h.body = append(h.body[:0], text...)
					return ok
				case "encoding":
					text, _, ok := h.text(32)
					encoded = string(text) == "base64"
					return ok
				}
				return h.skip()
			})
			if encoded {
				n, _ := base64.StdEncoding.Decode(h.body, h.body)
				h.body = h.body[:n]
			}
			return ok
		}
		return h.skip()
	})
	b := (*out)[:0]
	version := head[2]
	if !bytes.HasPrefix(version, []byte("HTTP/")) { // "h2", "http/2.0", ""
		version = []byte("HTTP/1.1")
	}
	if request {
		b = fmt.Appendf(b, "%s %s %s\n", oneLine(head[0]), oneLine(head[1]), version)
	} else {
		b = fmt.Appendf(b, "%s %s %s\n", version, head[1], oneLine(head[3]))
	}
	b = append(b, fields...)
	if len(h.body) > 0 {
		b = append(append(b, '\n'), h.body...)
	}
	if len(b) > limit {
		b, *cut = b[:limit], true
	}
	*out = b
	return ok
}

// isHeaderName reports whether a name is one that a header can have.
func isHeaderName(name []byte) bool {
	name = bytes.TrimPrefix(name, []byte{':'})
	return len(name) > 0 && nameLength(name) == len(name)
}

// oneLine replaces line ends, which no header has.
func oneLine(b []byte) []byte {
	for i, c := range b {
		if c == '\n' || c == '\r' {
			b[i] = ' '
		}
	}
	return b
}

// The scanner. Its methods report false at the end of the input or at what is
// no JSON; err says which.

func (h *harReader) byte() (byte, bool) {
	c, err := h.in.ReadByte()
	if err != nil {
		if h.err == nil {
			h.err = err
		}
		return 0, false
	}
	h.offset++
	h.open = c != '\n'
	if !h.open {
		h.line++
	}
	return c, true
}

// peek returns the next byte that is no blank.
func (h *harReader) peek() (byte, bool) {
	for !h.peeked {
		c, ok := h.byte()
		if !ok {
			if h.err == io.EOF {
				h.err = fmt.Errorf("%w: it ends at byte %d: %w", ErrJSON, h.offset, io.ErrUnexpectedEOF)
			}
			return 0, false
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' && (c < 0x80 || h.offset > 3) { // a byte-order mark
			h.c, h.peeked = c, true
		}
	}
	return h.c, true
}

func (h *harReader) take() { h.peeked = false }

// raw returns the next byte of a string.
func (h *harReader) raw() (byte, bool) {
	c, ok := h.byte()
	if !ok && h.err == io.EOF {
		h.err = fmt.Errorf("%w: it ends at byte %d: %w", ErrJSON, h.offset, io.ErrUnexpectedEOF)
	}
	return c, ok
}

func (h *harReader) fail() bool {
	if h.err == nil {
		h.err = fmt.Errorf("%w at byte %d", ErrJSON, h.offset)
	}
	return false
}

// object calls member for each member of the object that follows, which must
// read its value. It reports false as soon as member does.
func (h *harReader) object(member func(key []byte) bool) bool {
	c, ok := h.peek()
	if !ok {
		return false
	}
	if c != '{' {
		return h.skip() // null, or something else than the format says
	}
	h.take()
	for first := true; ; first = false {
		if more, ok := h.more('}', first); !more {
			return ok
		}
		if c, ok := h.peek(); !ok || c != '"' {
			return ok && h.fail()
		}
		text, _, ok := h.text(64)
		if !ok {
			return false
		}
		var room [64]byte
		key := append(room[:0], text...)
		if c, ok := h.peek(); !ok || c != ':' {
			return ok && h.fail()
		}
		h.take()
		if !member(key) {
			return false
		}
	}
}

// array calls element for each element of the array that follows.
func (h *harReader) array(element func() bool) bool {
	c, ok := h.peek()
	if !ok || c != '[' {
		return ok && h.skip()
	}
	h.take()
	for first := true; ; first = false {
		if more, ok := h.more(']', first); !more {
			return ok
		}
		if !element() {
			return false
		}
	}
}

// more takes what stands before the next item of an object or array, or the
// byte that ends it. There is no more at the end, where it is ok, and where the
// input is at fault.
func (h *harReader) more(end byte, first bool) (more, ok bool) {
	c, ok := h.peek()
	switch {
	case !ok:
		return false, false
	case c == end:
		h.take()
		return false, true
	case c == ',' && !first:
		h.take()
	case !first:
		return false, h.fail()
	}
	return true, true
}

// text reads the string that follows and returns its first limit bytes, which
// are valid until the next call. Another value is skipped.
func (h *harReader) text(limit int) (text []byte, cut, ok bool) {
	c, ok := h.peek()
	if !ok || c != '"' {
		return nil, false, ok && h.skip()
	}
	h.take()
	h.buf = h.buf[:0]
	high := rune(0) // the first half of a pair of surrogates
	for {
		c, ok := h.raw()
		if !ok {
			return nil, false, false
		}
		if c == '"' {
			return h.buf, cut, true
		}
		if c == '\\' {
			if c, ok = h.raw(); !ok {
				return nil, false, false
			}
			switch c {
			case 'n':
				c = '\n'
			case 't':
				c = '\t'
			case 'r':
				c = '\r'
			case 'b', 'f':
				c = ' '
			case 'u':
				var n rune
				for range 4 {
					d, ok := h.raw()
					if !ok || hexDigit(d) < 0 {
						return nil, false, ok && h.fail()
					}
					n = n<<4 | rune(hexDigit(d))
				}
				if high != 0 {
					n, high = utf16.DecodeRune(high, n), 0
				} else if utf16.IsSurrogate(n) && n < 0xDC00 {
					high = n
					continue
				}
				if len(h.buf)+utf8.UTFMax > limit {
					cut = true
				} else {
					h.buf = utf8.AppendRune(h.buf, n)
				}
				continue
			}
		}
		high = 0
		if len(h.buf) < limit {
			h.buf = append(h.buf, c)
		} else {
			cut = true
		}
	}
}

// number reads the number that follows.
func (h *harReader) number() (float64, bool) {
	c, ok := h.peek()
	if !ok || c != '-' && !isDigit(c) {
		return -1, ok && h.skip()
	}
	var digits [32]byte
	b := append(digits[:0], c)
	h.take()
	for {
		c, ok := h.raw()
		if !ok {
			return 0, false
		}
		if !isDigit(c) && c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-' {
			if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
				h.c, h.peeked = c, true
			}
			break
		}
		if len(b) < len(digits) {
			b = append(b, c)
		}
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, h.fail()
	}
	return f, true
}

// skip reads over the value that follows, whatever its size and depth.
func (h *harReader) skip() bool {
	depth := 0
	for {
		c, ok := h.peek()
		if !ok {
			return false
		}
		switch {
		case c == '"':
			if _, _, ok := h.text(0); !ok {
				return false
			}
		case c == '{' || c == '[':
			h.take()
			depth++
			continue
		case c == '}' || c == ']':
			if depth == 0 {
				return h.fail()
			}
			h.take()
			depth--
		case c == ',' || c == ':':
			if depth == 0 {
				return h.fail()
			}
			h.take()
			continue
		default: // a number, true, false, null
			h.take()
			for {
				c, ok := h.raw()
				if !ok {
					return false
				}
				if !isWordByte(c) && c != '.' && c != '+' && c != '-' {
					if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
						h.c, h.peeked = c, true
					}
					break
				}
			}
		}
		if depth == 0 {
			return true
		}
	}
}
