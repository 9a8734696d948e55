package parser

import "time"

// A stamp is the time that a log line begins with, as written: date and time
// of day without a zone, unless the line names one.
type stamp struct {
	year, month, day     int
	hour, minute, second int
	nanos                int
	zoned                bool // the line itself names its offset
	offset               int  // seconds east of UTC, if zoned
	n                    int  // bytes of the line that the stamp takes
}

// Years that a log can have been written in. Others (the zero time 0001-01-01,
// "valid until 9999-12-31") are data.
const firstYear, lastYear = 1970, 2099

// stampMin is the length of the shortest stamp, "2026-11-20 02:13:05".
const stampMin = len("2026-11-20 02:13:05")

// parseStamp reads the time stamp at the very start of line. It takes
//
//	2026-11-20 02:13:05,123   log4j's ISO8601, the shape that MGS documents
//	2026-11-20T02:13:05.123Z  ISO 8601 and RFC 3339, with or without offset
//	2026/11/20 02:13:05       with any number of fraction digits, or none
//
// each also inside square brackets. A stamp whose fields are out of range
// (month 13, 30 February, 24:00, the year 9999) is none.
func parseStamp(line []byte) (s stamp, ok bool) {
	b := line
	bracket := len(b) > 0 && b[0] == '['
	if bracket {
		b = b[1:]
	}
	if len(b) < stampMin || !stampShape(b) {
		return s, false
	}
	s.year = digits2(b)*100 + digits2(b[2:])
	s.month, s.day = digits2(b[5:]), digits2(b[8:])
	s.hour, s.minute, s.second = digits2(b[11:]), digits2(b[14:]), digits2(b[17:])
	if s.year < firstYear || s.year > lastYear || s.month < 1 || s.month > 12 || s.day < 1 || s.day > daysIn(s.month, s.year) ||
		s.hour > 23 || s.minute > 59 || s.second > 59 {
		return s, false
	}
	i := stampMin
	if i+1 < len(b) && (b[i] == ',' || b[i] == '.') && isDigit(b[i+1]) {
		i++
		scale := int(1e9)
		for ; i < len(b) && isDigit(b[i]); i++ {
			scale /= 10
			s.nanos += int(b[i]-'0') * scale
		}
	} else if i < len(b) && isDigit(b[i]) {
		return s, false // a longer number, not a second
	}
	i += s.parseOffset(b[i:])
	if bracket {
		if i >= len(b) || b[i] != ']' {
			return s, false
		}
		i += 2
	}
	s.n = i
	return s, true
}

// parseOffset reads an offset right behind the seconds, Z, +08:00, +0800, or
// the same after one space, and returns its length, 0 if there is none.
func (s *stamp) parseOffset(b []byte) int {
	i := 0
	if len(b) > 0 && b[0] == ' ' && offsetFollows(b[1:]) {
		i = 1
	}
	if i >= len(b) {
		return 0
	}
	switch b[i] {
	case 'Z':
		if i+1 < len(b) && isWordByte(b[i+1]) {
			return 0
		}
		s.zoned = true
		return i + 1
	case '+', '-':
		d := b[i+1:]
		colon := len(d) >= 5 && d[2] == ':'
		n := 4
		if colon {
			n = 5
		}
		if len(d) < n || !isDigit(d[0]) || !isDigit(d[1]) || !isDigit(d[n-2]) || !isDigit(d[n-1]) ||
			len(d) > n && isWordByte(d[n]) {
			return 0
		}
		h, m := digits2(d), digits2(d[n-2:])
		if h > 14 || m > 59 {
			return 0
		}
		s.zoned, s.offset = true, h*3600+m*60
		if b[i] == '-' {
			s.offset = -s.offset
		}
		return i + 1 + n
	}
	return 0
}

// offsetFollows reports whether b may begin with an offset, +0800.
func offsetFollows(b []byte) bool {
	return len(b) > 1 && (b[0] == '+' || b[0] == '-') && isDigit(b[1])
}

// stampShape reports whether b has digits and separators where a stamp has
// them. b must hold stampMin bytes.
func stampShape(b []byte) bool {
	_ = b[stampMin-1]
	return isDigit(b[0]) && isDigit(b[1]) && isDigit(b[2]) && isDigit(b[3]) &&
		(b[4] == '-' || b[4] == '/') && isDigit(b[5]) && isDigit(b[6]) && b[7] == b[4] &&
		isDigit(b[8]) && isDigit(b[9]) && (b[10] == ' ' || b[10] == 'T') &&
		isDigit(b[11]) && isDigit(b[12]) && b[13] == ':' && isDigit(b[14]) && isDigit(b[15]) &&
		b[16] == ':' && isDigit(b[17]) && isDigit(b[18])
}

// daysIn returns the length of a month of the Gregorian calendar.
func daysIn(month, year int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func digits2(b []byte) int { return int(b[0]-'0')*10 + int(b[1]-'0') }

func isDigit(c byte) bool { return c-'0' <= 9 }

// isWordByte reports whether c can be part of a word or number in ASCII.
func isWordByte(c byte) bool { return wordBytes[c] }

var wordBytes = func() (is [256]bool) {
	for i := range is {
		c := byte(i)
		is[c] = isDigit(c) || isLetter(c) || c == '_'
	}
	return is
}()

// clock turns stamps into instants. Lines of one second share all but their
// fraction, so the last second's instant is kept.
type clock struct {
	loc      *time.Location
	form     StampForm      // other stamps that the input is known to have
	modified time.Time      // when the input was last written to
	noYear   bool           // the last stamp named no year
	last     [stampMin]byte // the date and time of day of the last stamp without offset
	base     int64          // its instant, Unix milliseconds
}

// instant reads the stamp at the start of line and returns the instant in
// Unix milliseconds and the length of the stamp.
//
// Where the zone's clock is turned back, the hour that occurs twice is taken
// as the first; a stamp inside the hour that is left out, as if the clock had
// not been turned (see time.Date).
func (c *clock) instant(line []byte) (ms int64, n int, ok bool) {
	if c.form == FullStamps && (len(line) == 0 || !isDigit(line[0]) && line[0] != '[') {
		return 0, 0, false // most lines of a stack trace
	}
	// The common case: same second as the last line, three digits of
	// fraction behind a comma, no offset.
	const full = stampMin + len(",123")
	if len(line) > full && [stampMin]byte(line[:stampMin]) == c.last && line[stampMin] == ',' &&
		isDigit(line[stampMin+1]) && isDigit(line[stampMin+2]) && isDigit(line[stampMin+3]) &&
		line[full] == ' ' && !offsetFollows(line[full+1:]) {
		f := line[stampMin+1:]
		return c.base + int64(f[0]-'0')*100 + int64(digits2(f[1:])), full, true
	}
	s, ok := parseStamp(line)
	if !ok {
		if c.form != FullStamps {
			return c.other(line)
		}
		return 0, 0, false
	}
	c.noYear = false
	loc := c.loc
	if s.zoned {
		loc = time.UTC
	}
	plain := !s.zoned && line[0] != '['
	var base int64
	const minute = len("2026-11-20 02:13:")
	if plain && [minute]byte(line) == [minute]byte(c.last[:]) {
		// No clock has been turned within a minute since 1972.
		base = c.base + int64(s.second-digits2(c.last[minute:]))*1000
	} else {
		t := time.Date(s.year, time.Month(s.month), s.day, s.hour, s.minute, s.second, 0, loc)
		base = t.UnixMilli() - int64(s.offset)*1000
	}
	if plain {
		c.last, c.base = [stampMin]byte(line), base
	}
	return base + int64(s.nanos/1e6), s.n, true
}
