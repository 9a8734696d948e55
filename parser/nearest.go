package parser

import (
	"bytes"
	"errors"
	"regexp"
	"sync"
)

// Reasons for which a line is near a format and not of it.
var (
	ErrStampNone    = errors.New("no time stamp")
	ErrStampShape   = errors.New("a time stamp of another shape")
	ErrStampRange   = errors.New("a time that does not exist")
	ErrStampInside  = errors.New("the time stamp is not at the beginning")
	ErrFieldMissing = errors.New("a field is missing")
	ErrFieldOdd     = errors.New("a field has another shape")
	ErrFieldExtra   = errors.New("more fields than documented")
	ErrPattern      = errors.New("does not fit the layout's pattern")
	ErrTimeLayout   = errors.New("does not fit the layout's time_layout")
)

// Near says which format a line comes nearest to and where it leaves it.
type Near struct {
	Format Format // Unknown if it comes near none
	Layout string // the name of the layout, if Format is OwnLayout
	Why    error  // one of the reasons above; nil for a line that is of the format
	Column int    // 1-based byte of the line
	Value  string // what stands there, shortened
	Want   string // what should: an example of it, or a piece of the layout's pattern

	// Of digests: the documented name of the field and its 1-based place,
	// how many fields there are and how many are documented. Of layouts: the
	// pieces of the pattern that fit, and all of them. Field is "time" where
	// a layout's time cannot be read.
	Field             string
	Place             int
	Fields, FieldsAll int
}

// nearValue is how many bytes are kept of what stands where a line leaves its
// format.
const nearValue = 40

// digestField is the documented name of a digest's field, and what it looks
// like where that can be told.
type digestField struct {
	name string
	like string // an example
	ok   func([]byte) bool
}

func likeResult(b []byte) bool { return len(b) == 1 && (b[0] == 'Y' || b[0] == 'N') }
func likeCode(b []byte) bool   { _, ok := parseCode(b); return ok || value(b) == nil }
func likeMillis(b []byte) bool { _, ok := parseMillis(b); return ok || value(b) == nil }
func likeNumber(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) {
			return value(b) == nil
		}
	}
	return true
}

// gatewayFields and spiFields are the fields in their documented order, see
// format_gateway_digest.go and format_spi_digest.go.
var gatewayFields = [gwFields]digestField{
	{name: "request address"},
	{name: "response"},
	{"result", "Y, N", likeResult},
	{"elapsed", "61ms", likeMillis},
	{name: "operationType"},
	{name: "system name"},
	{name: "appId"},
	{name: "workspaceId"},
	{"result code", "4001", likeCode},
	{name: "productId"},
	{name: "productVersion"},
	{name: "channel"},
	{name: "userId"},
	{name: "deviceId"},
	{name: "UUID"},
	{name: "trackId"},
	{name: "client IP"},
	{name: "network protocol"},
	{name: "data protocol"},
	{"request bytes", "512", likeNumber},
	{"response bytes", "512", likeNumber},
	{"stress flag", "T, F", isFlag},
	{name: "trace id"},
	{name: "component flag"},
	{name: "client OS"},
	{"back-end ms", "61", likeMillis},
	{name: "IP version"},
	{name: "RPC version"},
}

var spiFieldsKnown = [spiFields]digestField{
	{name: "operationType"},
	{name: "productId"},
	{name: "productVersion"},
	{"elapsed", "61ms", likeMillis},
	{"result", "Y, N", likeResult},
	{"result code", "4001", likeCode},
	{name: "uniqueId"},
}

// Nearest tells which format a line comes nearest to, and what keeps it from
// being of it. It is meant for single lines that are to be explained, and
// takes its time.
func Nearest(line []byte, layouts []*Layout) Near {
	line = line[:min(len(line), layoutLine)]
	if near, ok := nearestDigest(line); ok {
		return near
	}
	best := Near{}
	for _, l := range layouts {
		near := NearestLayout(line, l)
		if best.Format == Unknown || near.Fields*best.FieldsAll > best.Fields*near.FieldsAll {
			best = near
		}
	}
	if stamped := nearestStamp(line); best.Format == Unknown || best.Fields*2 < best.FieldsAll {
		return stamped
	}
	return best
}

// NearestLayout tells where a line leaves a layout.
func NearestLayout(line []byte, l *Layout) Near {
	fit, of, column, part := l.explain(line)
	near := Near{Format: OwnLayout, Layout: l.Name(), Fields: fit, FieldsAll: of, Column: column, Value: excerpt(line, column), Want: part}
	switch part {
	case "":
	case "time":
		near.Why, near.Field, near.Want = ErrTimeLayout, "time", l.spec.TimeLayout
		near.Fields = max(near.Fields-1, 0)
		if groups := l.re.FindSubmatchIndex(line); groups != nil {
			from, to := l.timeAt(groups)
			near.Value = string(line[from:min(to, from+nearValue)])
		}
		if near.Want == "" {
			near.Want = stampExample
		}
	default:
		near.Why = ErrPattern
	}
	return near
}

// excerpt returns the beginning of what stands at a column of a line.
func excerpt(line []byte, column int) string {
	rest := line[min(column-1, len(line)):]
	return string(rest[:min(len(rest), nearValue)])
}

// nearestDigest holds a line with the mark of a digest against both digests.
func nearestDigest(line []byte) (Near, bool) {
	at := bytes.Index(line, []byte("- ("))
	if at < 0 || at > 64 {
		return Near{}, false
	}
	from := at + len("- (")
	body := line[from:]
	if i := bytes.LastIndexByte(body, ')'); i >= 0 {
		body = body[:i]
	}
	gw := nearestFields(body, gatewayFields[:])
	spi := nearestFields(body, spiFieldsKnown[:])
	// An SPI digest has few fields; a gateway's that is cut off has Y or N
	// in its third, where the other has a version.
	near, format := gw, GatewayDigest
	if spi.shaped > gw.shaped || spi.shaped == gw.shaped && gw.n <= spiFields {
		near, format = spi, SPIDigest
	}
	if near.shaped == 0 {
		return Near{}, false
	}
	near.Format = format
	near.Fields = near.n
	if near.Why != nil {
		near.Column += from
	}
	s, stamped := parseStamp(line)
	switch {
	case !stamped:
		stamp := nearestStamp(line)
		near.Why, near.Column, near.Value, near.Want, near.Field, near.Place = stamp.Why, stamp.Column, stamp.Value, stamp.Want, "time", 0
	case !bytes.HasPrefix(line[s.n:], []byte(digestOpen)):
		near.Why, near.Column, near.Value, near.Want, near.Field, near.Place = ErrFieldOdd, s.n+1, excerpt(line, s.n+1), digestOpen, "time", 0
	}
	return near.Near, true
}

// fieldsNear is what holding a digest against its fields gives.
type fieldsNear struct {
	Near
	n      int // fields there
	shaped int // of those with a known shape, how many have it
}

// nearestFields finds the first field that is missing or odd.
func nearestFields(body []byte, known []digestField) (near fieldsNear) {
	near.FieldsAll = len(known)
	column := 1
	for more := true; more; near.n++ {
		var field []byte
		field, body, more = bytes.Cut(body, []byte{','})
		switch {
		case near.n >= len(known):
			if near.Why == nil {
				near.Why, near.Column, near.Place = ErrFieldExtra, column, near.n+1
			}
		case known[near.n].ok == nil:
		case known[near.n].ok(field):
			near.shaped++
		case near.Why == nil:
			near.Why, near.Column, near.Place = ErrFieldOdd, column, near.n+1
			near.Field, near.Want, near.Value = known[near.n].name, known[near.n].like, string(field[:min(len(field), nearValue)])
		}
		column += len(field) + 1
	}
	if near.Why == nil && near.n < len(known) {
		near.Why, near.Column, near.Place = ErrFieldMissing, column-1, near.n+1
		near.Field, near.Want = known[near.n].name, known[near.n].like
	}
	return near
}

// stampExample is what a stamp should look like.
const stampExample = "2026-11-20 02:13:05,123"

// otherStamps are shapes of times that no format of ours begins with.
var otherStamps = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:` +
		`\d{2}[-/]\d{2} \d{2}:\d{2}:\d{2}` + // no year: logcat
		`|\d{2}/[A-Z][a-z]{2}/\d{4}[: ]\d{2}:\d{2}:\d{2}` + // a web server's
		`|(?:[A-Z][a-z]{2},? )?\d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2}` +
		`|[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d{2}:\d{2}:\d{2}` + // syslog
		`|\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2}[ T_]?\d{1,2}:?\d{2}:?\d{2}` +
		`|\d{4}年\d{1,2}月\d{1,2}日 ?\d{1,2}:\d{2}:\d{2}` +
		`|1[0-9]{9}(?:[0-9]{3})?\b` + // seconds or milliseconds since 1970
		`|\d{2}:\d{2}:\d{2}(?:[.,]\d+)?` + // no date
		`)`)
})

// nearestStamp tells why a line does not begin with a time stamp.
func nearestStamp(line []byte) Near {
	near := Near{Format: Stamped, Column: 1, Want: stampExample}
	s, ok := parseStamp(line)
	b, shift := line, 0
	if len(b) > 0 && b[0] == '[' {
		b, shift = b[1:], 1
	}
	switch {
	case ok:
		near.Column, near.Want = s.n+1, ""
		return near
	case len(b) >= stampMin && stampShape(b):
		near.Why, near.Column, near.Value = ErrStampRange, shift+outOfRange(b), string(b[:stampMin])
		return near
	default:
		head := line[:min(len(line), 512)]
		// Behind something else, in the right shape?
		for i := 1; i+stampMin <= len(head); i++ {
			if isDigit(head[i]) && !isWordByte(head[i-1]) {
				if s, ok := parseStamp(head[i:]); ok {
					near.Why, near.Column = ErrStampInside, i+1
					near.Value = string(bytes.TrimSpace(head[i : i+s.n]))
					return near
				}
			}
		}
		if at := otherStamps().FindIndex(head); at != nil {
			near.Why, near.Column = ErrStampShape, at[0]+1
			near.Value = string(head[at[0]:at[1]])
			return near
		}
		near.Format, near.Why = Unknown, ErrStampNone
	}
	near.Value = excerpt(line, near.Column)
	return near
}

// outOfRange returns the 1-based column of the part of a stamp that is out of
// range, or behind which something makes it none.
func outOfRange(b []byte) int {
	month, day, hour, minute, second := digits2(b[5:]), digits2(b[8:]), digits2(b[11:]), digits2(b[14:]), digits2(b[17:])
	switch {
	case month < 1 || month > 12:
		return 6
	case day < 1 || day > daysIn(month, digits2(b)*100+digits2(b[2:])):
		return 9
	case hour > 23:
		return 12
	case minute > 59:
		return 15
	case second > 59:
		return 18
	}
	return stampMin + 1
}
