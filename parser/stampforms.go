package parser

import (
	"bytes"
	"time"
)

// StampForm is a form of time stamp at the start of a line that is looked for
// only where an input is known to have it: unlike the full stamps, these also
// stand at the start of lines that begin no record.
type StampForm uint8

// The forms.
const (
	FullStamps StampForm = iota // those of parseStamp, which are always looked for
	Yearless                    // 01-20 11:35:20.776, as logcat prints it
	Epoch                       // 1597121408902 or 1597121408, milliseconds or seconds since 1970
	HTTPDates                   // Tue, 11 Aug 2020 04:50:08 GMT
)

// stampForms are the forms beside the full stamps.
var stampForms = [...]StampForm{Yearless, Epoch, HTTPDates}

// undated reports whether the last stamp tells no instant: it names no year,
// and nothing else does.
func (c *clock) undated() bool { return c.noYear && c.modified.IsZero() }

// other reads a stamp of the clock's form at the start of line.
func (c *clock) other(line []byte) (ms int64, n int, ok bool) {
	b := line
	bracket := len(b) > 0 && b[0] == '['
	if bracket {
		b = b[1:]
	}
	switch c.form {
	case Yearless:
		ms, n, ok = c.yearless(b)
		c.noYear, c.last = true, [stampMin]byte{}
	case Epoch:
		ms, n, ok = epoch(b)
	case HTTPDates:
		ms, n, ok = httpDate(b)
	}
	if !ok {
		return 0, 0, false
	}
	if bracket {
		if n >= len(b) || b[n] != ']' {
			return 0, 0, false
		}
		return ms, n + 2, true
	}
	if n < len(b) && isWordByte(b[n]) {
		return 0, 0, false
	}
	return ms, n, true
}

// yearless reads 01-20 11:35:20.776. The year is the latest in which the
// stamp is not later than a day after the input was last written to, so that
// what December wrote is last year's in a file of January.
func (c *clock) yearless(b []byte) (ms int64, n int, ok bool) {
	const short = len("01-20 11:35:20")
	if len(b) < short || b[2] != '-' && b[2] != '/' || b[5] != ' ' || b[8] != ':' || b[11] != ':' {
		return 0, 0, false
	}
	for _, i := range [...]int{0, 1, 3, 4, 6, 7, 9, 10, 12, 13} {
		if !isDigit(b[i]) {
			return 0, 0, false
		}
	}
	month, day := digits2(b), digits2(b[3:])
	hour, minute, second := digits2(b[6:]), digits2(b[9:]), digits2(b[12:])
	if month < 1 || month > 12 || day < 1 || day > daysIn(month, 2000) || hour > 23 || minute > 59 || second > 59 {
		return 0, 0, false
	}
	n = short
	nanos, scale := 0, int(1e9)
	if n+1 < len(b) && (b[n] == '.' || b[n] == ',') && isDigit(b[n+1]) {
		for n++; n < len(b) && isDigit(b[n]); n++ {
			scale /= 10
			nanos += int(b[n]-'0') * scale
		}
	}
	latest := c.modified
	if latest.IsZero() {
		latest = time.Unix(0, 0) // no year is known; the time of day is
	}
	latest = latest.Add(24 * time.Hour).In(c.loc)
	for year := latest.Year(); ; year-- {
		if day > daysIn(month, year) {
			continue // 29 February: of the last leap year
		}
		if t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, c.loc); !t.After(latest) {
			return t.UnixMilli(), n, true
		}
	}
}

// The instants that a number at the start of a line may stand for, in seconds:
// from 2001, when they came to have ten digits, to 2100.
const (
	epochFirst = 1_000_000_000
	epochLast  = 4_102_444_800
)

// epoch reads seconds, with or without a fraction, or milliseconds since 1970.
func epoch(b []byte) (ms int64, n int, ok bool) {
	for n < len(b) && n < 14 && isDigit(b[n]) {
		ms = ms*10 + int64(b[n]-'0')
		n++
	}
	switch n {
	case 10:
		ms *= 1000
		if n+1 < len(b) && b[n] == '.' && isDigit(b[n+1]) {
			scale := int64(1000)
			for n++; n < len(b) && isDigit(b[n]); n++ {
				scale /= 10
				ms += int64(b[n]-'0') * scale
			}
		}
	case 13:
	default:
		return 0, 0, false
	}
	return ms, n, ms >= epochFirst*1000 && ms < epochLast*1000
}

// httpDate reads the date of an HTTP header (RFC 9110, 5.6.7) in the form that
// is sent today: Tue, 11 Aug 2020 04:50:08 GMT.
func httpDate(b []byte) (ms int64, n int, ok bool) {
	n = len(time.RFC1123)
	if len(b) < n || b[3] != ',' || !bytes.HasSuffix(b[:n], []byte("GMT")) && !bytes.HasSuffix(b[:n], []byte("UTC")) {
		return 0, 0, false
	}
	t, err := time.Parse(time.RFC1123, string(b[:n-3])+"UTC")
	return t.UnixMilli(), n, err == nil
}
