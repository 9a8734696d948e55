package report

import (
	"io"
	"strconv"
	"time"
	"unicode/utf8"

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
  line, lines     1-based number of its first line, and how many it has
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

// Exporter writes records as lines of JSON. It builds each line in a buffer of
// its own and allocates nothing per record.
type Exporter struct {
	w      io.Writer
	line   []byte
	second int64 // the second whose time is in stamp
	stamp  []byte
	offset []byte // the zone's offset in that second
	zone   *time.Location
}

// NewExporter returns an Exporter that writes to w, one call for each record.
func NewExporter(w io.Writer) *Exporter { return &Exporter{w: w, second: -1 << 62} }

// Write writes one record of an input.
func (e *Exporter) Write(in *analyze.Input, r *parser.Record) error {
	b := append(e.line[:0], '{')
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
		b = appendMember(b, `,"input":`, []byte(in.Path))
	} else {
		b = appendString(b, []byte(in.Path))
	}
	b = append(b, `,"line":`...)
	b = strconv.AppendInt(b, r.Line, 10)
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
	b = appendEventID(b, r)
	b = append(b, '"', '}', '\n')
	e.line = b
	_, err := e.w.Write(b)
	return err
}

// time appends an instant in RFC 3339 with milliseconds.
func (e *Exporter) time(b []byte, ms int64, zone *time.Location) []byte {
	second := ms / 1000
	if ms%1000 < 0 {
		second--
	}
	if second != e.second || zone != e.zone {
		t := time.Unix(second, 0).In(zone)
		e.second, e.zone = second, zone
		e.stamp = t.AppendFormat(e.stamp[:0], "2006-01-02T15:04:05.")
		e.offset = t.AppendFormat(e.offset[:0], "Z07:00")
	}
	milli := ms - second*1000
	b = append(b, e.stamp...)
	b = append(b, byte('0'+milli/100), byte('0'+milli/10%10), byte('0'+milli%10))
	return append(b, e.offset...)
}

// appendEventID appends an identifier of the record that is the same in every
// run: a hash (FNV-1a, 64 bits) of its first line and its offset, so that it
// neither depends on the file's name, which rotation changes, nor is the same
// for equal lines of one file.
func appendEventID(b []byte, r *parser.Record) []byte {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	text := r.Text
	for _, c := range text[:min(len(text), 512)] {
		if c == '\n' {
			break
		}
		h = (h ^ uint64(c)) * prime
	}
	for n := uint64(r.Offset); n > 0; n >>= 8 {
		h = (h ^ n&0xFF) * prime
	}
	const hex = "0123456789abcdef"
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, hex[h>>shift&0xF])
	}
	return b
}

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
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7F && c != '"' && c != '\\' {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(s[i:])
			if (r != utf8.RuneError || size > 1) && !unprintable(r) {
				i += size
				continue
			}
			b = append(b, s[from:i]...)
			if r == utf8.RuneError && size == 1 {
				b = append(b, "\ufffd"...)
			} else {
				b = append(b, '\\', 'u', hex[r>>12&0xF], hex[r>>8&0xF], hex[r>>4&0xF], hex[r&0xF])
			}
			i += size
			from = i
			continue
		}
		b = append(b, s[from:i]...)
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
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		}
		i++
		from = i
	}
	b = append(b, s[from:]...)
	return append(b, '"')
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
