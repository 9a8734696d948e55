package report

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// ExportHelp says what the lines of an export hold.
const ExportHelp = `Members, in this order; one that the record does not say is left out:
  time            RFC 3339 with milliseconds and the offset of the log's zone;
                  absent if the record has none
  code            result code, an integer; absent if the record names none
  platform        whose number it is: server, android, ios, security-guard
  evidence        what the code rests on: position, field, exception, constant,
                  memo, bracket, or cause (inferred)
  side            gateway, service, client or unknown
  format, file    format of the record, or the name of its layout; its file, as a
                  prefix of grep's tells, or else its input as named or found
  input           the input, if file comes from a prefix
  line, lines     1-based number of its first line, if it is known, and how many it
                  has
  offset          bytes before it in its input (decompressed, in UTF-8)
  trace_id, operation_type, app_id, workspace_id, client_ip, user_id,
  device_id, client_version, client_os
  host            host that a prefix of pssh, kubectl or the like tells, or else the
                  address of the host that made the trace id
  latency_ms, backend_ms
  level           severity
  memo, tips      the texts of Memo and Tips, percent-decoded once; as written
                  where that fails
  control         the header Control (1002), likewise
  stress          true for stress-test traffic
  exception       chain of exceptions, outermost first: {"class","message","frame"}
  message         first line without its stamp, at most 4096 bytes
  cut             true if the record is longer than the limit and was cut
  event_id        the same for the same record in every run`

// exportMessage is how many bytes of a record's first line are exported.
const exportMessage = 4096

// Exporter writes records as lines of JSON.
type Exporter struct {
	enc  Encoder
	w    io.Writer
	line []byte
}

// NewExporter returns an Exporter that writes to w, one call for each record.
func NewExporter(w io.Writer) *Exporter { return &Exporter{w: w} }

// Write writes one record of an input.
func (e *Exporter) Write(in *analyze.Input, r *parser.Record) error {
	e.line = e.enc.Append(e.line[:0], in, r)
	_, err := e.w.Write(e.line)
	return err
}

// Encoder makes lines of JSON from records. It allocates nothing per record, and
// a line does not depend on those before it: of several, each encodes a part of
// the records, in its own goroutine. The zero value is ready.
type Encoder struct {
	timed  bool
	second int64 // the second whose time is in stamp, if timed
	stamp  []byte
	offset []byte // the zone's offset in that second
	zone   *time.Location

	path   string // an input's
	quoted []byte // the same as JSON

	hash xxhash.Digest // for eventID
}

// Append appends the line of one record of an input to b, and returns b.
func (e *Encoder) Append(b []byte, in *analyze.Input, r *parser.Record) []byte {
	b = append(b, '{')
	if !r.NoTime {
		b = append(b, `"time":"`...)
		b = e.time(b, r.Time, in.Zone)
		b = append(b, '"', ',')
	}
	if r.Code != parser.NoCode {
		key := parser.Key{Platform: r.Platform, Code: r.Code}
		b = append(b, `"code":`...)
		b = strconv.AppendInt(b, int64(r.Code), 10)
		b = append(b, `,"platform":"`...)
		b = append(b, r.Platform.String()...)
		b = append(b, `","evidence":"`...)
		b = append(b, r.Evidence.String()...)
		b = append(b, `","side":"`...)
		b = append(b, catalog.SideOf(key).String()...)
		b = append(b, '"', ',')
	}
	b = append(b, `"format":"`...)
	b = append(b, r.FormatName()...)
	b = append(b, `","file":`...)
	if len(r.File) > 0 {
		b = appendString(b, r.File)
		if in.Path != "" {
			b = e.input(append(b, `,"input":`...), in.Path)
		}
	} else {
		b = e.input(b, in.Path)
	}
	if r.Line > 0 {
		b = append(b, `,"line":`...)
		b = strconv.AppendInt(b, r.Line, 10)
	}
	b = append(b, `,"lines":`...)
	b = strconv.AppendInt(b, r.Lines, 10)
	b = append(b, `,"offset":`...)
	b = strconv.AppendInt(b, r.Offset, 10)
	b = appendMember(b, `,"trace_id":`, r.TraceID)
	b = appendMember(b, `,"operation_type":`, r.OperationType)
	b = appendMember(b, `,"app_id":`, r.AppID)
	b = appendMember(b, `,"workspace_id":`, r.WorkspaceID)
	b = appendMember(b, `,"client_ip":`, r.ClientIP)
	b = appendMember(b, `,"user_id":`, r.UserID)
	b = appendMember(b, `,"device_id":`, r.DeviceID)
	b = appendMember(b, `,"client_version":`, r.ClientVersion)
	b = appendMember(b, `,"client_os":`, r.ClientOS)
	if len(r.Host) > 0 {
		b = appendMember(b, `,"host":`, r.Host)
	} else if id, ok := parser.ParseTraceID(r.TraceID); ok {
		b = append(b, `,"host":"`...)
		b = id.Host.AppendTo(b)
		b = append(b, '"')
	}
	if r.LatencyMS >= 0 {
		b = append(b, `,"latency_ms":`...)
		b = strconv.AppendInt(b, r.LatencyMS, 10)
	}
	if r.BackendMS >= 0 {
		b = append(b, `,"backend_ms":`...)
		b = strconv.AppendInt(b, r.BackendMS, 10)
	}
	b = appendMember(b, `,"level":`, r.Level)
	b = appendMember(b, `,"memo":`, r.Memo)
	b = appendMember(b, `,"tips":`, r.Tips)
	b = appendMember(b, `,"control":`, r.Control)
	if r.Stress {
		b = append(b, `,"stress":true`...)
	}
	for i := range r.Exceptions {
		x := &r.Exceptions[i]
		if i == 0 {
			b = append(b, `,"exception":[`...)
		} else {
			b = append(b, ',')
		}
		b = append(b, `{"class":`...)
		b = appendString(b, x.Class)
		b = appendMember(b, `,"message":`, x.Message[:min(len(x.Message), exportMessage)])
		b = appendMember(b, `,"frame":`, x.Frame[:min(len(x.Frame), exportMessage)])
		b = append(b, '}')
	}
	if len(r.Exceptions) > 0 {
		b = append(b, ']')
	}
	switch {
	case len(r.Message) > 0:
		b = appendMember(b, `,"message":`, trimSpace(r.Message[:min(len(r.Message), exportMessage)]))
	case !r.Format.Digest():
		b = appendMember(b, `,"message":`, trimSpace(r.Head[:min(len(r.Head), exportMessage)]))
	}
	if r.Cut {
		b = append(b, `,"cut":true`...)
	}
	b = append(b, `,"event_id":"`...)
	b = e.eventID(b, r)
	b = append(b, '"', '}', '\n')
	return b
}

// input appends the path of an input.
func (e *Encoder) input(b []byte, path string) []byte {
	if e.quoted == nil || path != e.path {
		e.path, e.quoted = path, appendString(e.quoted[:0], []byte(path))
	}
	return append(b, e.quoted...)
}

// time appends an instant in RFC 3339 with milliseconds.
func (e *Encoder) time(b []byte, ms int64, zone *time.Location) []byte {
	second := ms / 1000
	if ms%1000 < 0 {
		second--
	}
	if !e.timed || second != e.second || zone != e.zone {
		t := time.Unix(second, 0).In(zone)
		e.timed, e.second, e.zone = true, second, zone
		e.stamp = t.AppendFormat(e.stamp[:0], "2006-01-02T15:04:05.")
		e.offset = t.AppendFormat(e.offset[:0], "Z07:00")
	}
	milli := ms - second*1000
	b = append(b, e.stamp...)
	b = append(b, byte('0'+milli/100), byte('0'+milli/10%10), byte('0'+milli%10))
	return append(b, e.offset...)
}

// eventID appends an identifier of the record that is the same in every run: a hash
// (XXH64) of its first line and its offset, so that it neither depends on the file's
// name, which rotation changes, nor is the same for equal lines of one file.
func (e *Encoder) eventID(b []byte, r *parser.Record) []byte {
	text := r.Text[:min(len(r.Text), 512)]
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	var offset, id [8]byte
	binary.LittleEndian.PutUint64(offset[:], uint64(r.Offset))
	e.hash.Reset()
	e.hash.Write(text)
	e.hash.Write(offset[:])
	binary.BigEndian.PutUint64(id[:], e.hash.Sum64())
	return hex.AppendEncode(b, id[:])
}

const hexDigits = "0123456789abcdef"

// appendMember appends a member whose name is given with its punctuation, if
// the value is not empty.
func appendMember(b []byte, name string, value []byte) []byte {
	if len(value) == 0 {
		return b
	}
	return appendString(append(b, name...), value)
}

// appendString appends s as a JSON string (RFC 8259). Bytes that are not
// UTF-8 become U+FFFD; control characters, C1 and the characters that change
// the direction of writing are escaped, so that the line can be looked at on
// a terminal.
func appendString(b, s []byte) []byte {
	n := plainLength(s)
	b = append(b, '"')
	b = append(b, s[:n]...)
	if n < len(s) {
		b = appendEscaped(b, s[n:])
	}
	return append(b, '"')
}

// plainLength returns how many bytes at the start of s stand for themselves in JSON:
// ASCII without controls, the quotation mark and the backslash. Nearly all
// values are that as a whole, so it takes eight bytes at a time.
func plainLength(s []byte) int {
	const (
		ones = 0x0101010101010101
		high = 0x80 * ones
	)
	n := 0
	for ; len(s)-n >= 8; n += 8 {
		w := binary.LittleEndian.Uint64(s[n:])
		// The high bit of a byte becomes set where it is below a space, one
		// of the two characters, DEL, or not ASCII. A carry or borrow comes
		// only from such a byte.
		other := ((w ^ '"'*ones) - ones) | ((w ^ '\\'*ones) - ones)
		if (w|(w+ones)|(w-' '*ones)|other)&high != 0 {
			break
		}
	}
	for n < len(s) && s[n] >= ' ' && s[n] < 0x7F && s[n] != '"' && s[n] != '\\' {
		n++
	}
	return n
}

// appendEscaped appends s as the inside of a JSON string.
func appendEscaped(b, s []byte) []byte {
	for len(s) > 0 {
		n := plainLength(s)
		b, s = append(b, s[:n]...), s[n:]
		if len(s) == 0 {
			break
		}
		c := s[0]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(s)
			switch {
			case r == utf8.RuneError && size == 1:
				b = append(b, "\ufffd"...)
			case unprintable(r):
				b = append(b, '\\', 'u', hexDigits[r>>12&0xF], hexDigits[r>>8&0xF], hexDigits[r>>4&0xF], hexDigits[r&0xF])
			default:
				b = append(b, s[:size]...)
			}
			s = s[size:]
			continue
		}
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
		}
		s = s[1:]
	}
	return b
}

// unprintable reports whether a character, of the basic plane, must not reach
// a terminal as it is: C1 controls, line separators, marks of direction.
func unprintable(r rune) bool {
	return r >= 0x80 && r < 0xA0 || r >= 0x200B && r <= 0x200F || r >= 0x2028 && r <= 0x202E ||
		r >= 0x2060 && r <= 0x206F || r == 0xFEFF || r == 0x061C
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
