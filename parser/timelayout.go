package parser

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A timeLayout reads the time that a site's own layout has found in a line. It
// is written as Java's loggers write it (%d{yyyy-MM-dd HH:mm:ss,SSS}), because
// the logs are written by them and so the operator has it at hand, in the
// logger's own configuration:
//
//	yyyy yy           year; of two digits, that of 2000 to 2099
//	MM M MMM          month, in digits or as Jan, Feb, …
//	dd d              day of the month
//	HH H              hour, 0 to 23;  hh h with a: hour, 1 to 12, and AM or PM
//	mm m, ss s        minute, second
//	S to SSSSSSSSS    as many digits of the fraction
//	X Z               offset: Z, +08, +0800, +08:00
//	EEE               day of the week, not looked at
//	'text' and ''     text as it is, and a quote
//
// and log4j's names ISO8601, DATE, UNIX and UNIX_MILLIS. The empty layout
// stands for all the stamps that any log may begin with (see parseStamp).
type timeLayout struct {
	parts []timePart
	unix  int64 // how many units make a second, if the time is a number
	any   bool
}

type timePart struct {
	kind byte   // the letter; 0 for text
	n    int    // how often it is repeated
	text string // of kind 0
}

// Reasons for which a time layout is refused.
var (
	errTimeLetter = errors.New("unknown letter")
	errTimePart   = errors.New("a time needs year, month, day, hour and minute")
	errTimeQuote  = errors.New("a quote is not closed")
)

var timeNames = map[string]string{
	"ISO8601": "yyyy-MM-dd HH:mm:ss,SSS",
	"DATE":    "dd MMM yyyy HH:mm:ss,SSS",
}

// parseTimeLayout reads the description of a time.
func parseTimeLayout(text string) (timeLayout, error) {
	switch text {
	case "":
		return timeLayout{any: true}, nil
	case "UNIX":
		return timeLayout{unix: 1}, nil
	case "UNIX_MILLIS":
		return timeLayout{unix: 1000}, nil
	}
	if known, ok := timeNames[text]; ok {
		text = known
	}
	var t timeLayout
	var seen [128]bool
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '\'':
			n := strings.IndexByte(text[i+1:], '\'')
			if n < 0 {
				return t, errTimeQuote
			}
			quoted := text[i+1 : i+1+n]
			if n == 0 {
				quoted = "'"
			}
			t.parts = append(t.parts, timePart{text: quoted})
			i += n + 2
		case isLetter(c):
			j := i + 1
			for j < len(text) && text[j] == c {
				j++
			}
			p := timePart{kind: c, n: j - i}
			if c == 'u' {
				p.kind = 'y'
			}
			if c == 'Z' {
				p.kind = 'X'
			}
			if !p.known() {
				if c == 'z' {
					return t, fmt.Errorf("%w %q: names of zones (CST) mean several; give the zone of the layout instead", errTimeLetter, text[i:j])
				}
				return t, fmt.Errorf("%w: %q", errTimeLetter, text[i:j])
			}
			seen[p.kind] = true
			t.parts = append(t.parts, p)
			i = j
		default:
			t.parts = append(t.parts, timePart{text: text[i : i+1]})
			i++
		}
	}
	if !seen['y'] || !seen['M'] || !seen['d'] || !seen['m'] || !seen['H'] && !(seen['h'] && seen['a']) {
		return t, errTimePart
	}
	return t, nil
}

func (p timePart) known() bool {
	switch p.kind {
	case 'y':
		return p.n == 2 || p.n == 4
	case 'M':
		return p.n <= 3
	case 'd', 'H', 'h', 'm', 's':
		return p.n <= 2
	case 'S':
		return p.n <= 9
	case 'X':
		return p.n <= 3
	case 'E':
		return p.n == 3
	case 'a':
		return p.n == 1
	}
	return false
}

// parse reads b, all of it. It returns how far it came.
func (t *timeLayout) parse(b []byte) (s stamp, at int, ok bool) {
	switch {
	case t.any:
		s, ok = parseStamp(b)
		return s, s.n, ok && s.n == len(b)
	case t.unix > 0:
		return t.parseUnix(b)
	}
	hour12, afternoon := -1, false
	for _, p := range t.parts {
		n := 0
		switch p.kind {
		case 0:
			if bytes.HasPrefix(b[at:], []byte(p.text)) {
				n = len(p.text)
			}
		case 'y':
			s.year, n = number(b[at:], p.n, p.n)
			if p.n == 2 {
				s.year += 2000
			}
		case 'M':
			if p.n == 3 {
				s.month, n = monthName(b[at:])
			} else {
				s.month, n = number(b[at:], p.n, 2)
			}
		case 'd':
			s.day, n = number(b[at:], p.n, 2)
		case 'H':
			s.hour, n = number(b[at:], p.n, 2)
		case 'h':
			hour12, n = number(b[at:], p.n, 2)
		case 'm':
			s.minute, n = number(b[at:], p.n, 2)
		case 's':
			s.second, n = number(b[at:], p.n, 2)
		case 'S':
			s.nanos, n = number(b[at:], p.n, p.n)
			for i := p.n; i < 9; i++ {
				s.nanos *= 10
			}
		case 'X':
			n = s.parseOffset(b[at:])
			if n == 0 || b[at] == ' ' {
				n = s.shortOffset(b[at:])
			}
		case 'E':
			if len(b)-at >= 3 && isLetter(b[at]) && isLetter(b[at+1]) && isLetter(b[at+2]) {
				n = 3
			}
		case 'a':
			if len(b)-at >= 2 && b[at+1]|0x20 == 'm' && (b[at]|0x20 == 'a' || b[at]|0x20 == 'p') {
				afternoon, n = b[at]|0x20 == 'p', 2
			}
		}
		if n == 0 {
			return s, at, false
		}
		at += n
	}
	if hour12 >= 0 {
		if hour12 < 1 || hour12 > 12 {
			return s, at, false
		}
		if s.hour = hour12 % 12; afternoon {
			s.hour += 12
		}
	}
	return s, at, at == len(b) && s.month >= 1 && s.month <= 12 && s.day >= 1 && s.day <= daysIn(s.month, s.year) &&
		s.hour <= 23 && s.minute <= 59 && s.second <= 59
}

// parseUnix reads a number of units since 1970, with a fraction or without.
func (t *timeLayout) parseUnix(b []byte) (s stamp, at int, ok bool) {
	var n int64
	for at < len(b) && isDigit(b[at]) && at < 15 {
		n = n*10 + int64(b[at]-'0')
		at++
	}
	// A number of fewer digits is none of this century.
	if at < 9 || t.unix == 1 && at > 10 || t.unix == 1000 && at < 12 {
		return s, 0, false
	}
	nanos := n % t.unix * (1e9 / t.unix)
	end := at
	if t.unix == 1 && at+1 < len(b) && b[at] == '.' {
		end++
		for scale := int64(1e8); end < len(b) && isDigit(b[end]); end++ {
			nanos += int64(b[end]-'0') * scale
			scale /= 10
		}
	}
	x := time.Unix(n/t.unix, nanos).UTC()
	s = stamp{
		year: x.Year(), month: int(x.Month()), day: x.Day(), hour: x.Hour(), minute: x.Minute(), second: x.Second(),
		nanos: x.Nanosecond(), zoned: true,
	}
	return s, end, end == len(b)
}

// number reads a number of low to high digits and returns how many it has, 0
// if there are fewer.
func number(b []byte, low, high int) (v, n int) {
	for n < len(b) && n < high && isDigit(b[n]) {
		v = v*10 + int(b[n]-'0')
		n++
	}
	if n < low {
		return 0, 0
	}
	return v, n
}

var monthNames = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

func monthName(b []byte) (month, n int) {
	for i, name := range monthNames {
		if bytes.HasPrefix(b, []byte(name)) {
			return i + 1, len(name)
		}
	}
	return 0, 0
}

// shortOffset reads an offset of hours only, +08.
func (s *stamp) shortOffset(b []byte) int {
	if len(b) < 3 || b[0] != '+' && b[0] != '-' || !isDigit(b[1]) || !isDigit(b[2]) || digits2(b[1:]) > 14 {
		return 0
	}
	s.zoned, s.offset = true, digits2(b[1:])*3600
	if b[0] == '-' {
		s.offset = -s.offset
	}
	return 3
}

// unixMilli returns the instant of the stamp, in loc unless it names its
// offset.
func (s *stamp) unixMilli(loc *time.Location) int64 {
	if s.zoned {
		loc = time.UTC
	}
	t := time.Date(s.year, time.Month(s.month), s.day, s.hour, s.minute, s.second, s.nanos, loc)
	return t.UnixMilli() - int64(s.offset)*1000
}
