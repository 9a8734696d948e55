package parser

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// TraceID is a trace id taken apart.
//
// Its layout is SOFATracer's, modelled on EagleEye: 8 hexadecimal digits of
// the IPv4 address of the generating host, 13 digits of Unix milliseconds, a
// 4-digit sequence from 1000 to 9000, and the process id (documented as 5
// digits; 1 to 7 are seen). The uniqueId of the SPI digest has the same layout.
// Source: help page 151840 of the vendor, and the ids in its samples.
type TraceID struct {
	Host   netip.Addr
	Millis int64 // Unix milliseconds at which the id was made
	Seq    int
	PID    int
}

// Time returns the moment at which the id was made.
func (t TraceID) Time() time.Time { return time.UnixMilli(t.Millis).UTC() }

const (
	traceIDMin = 8 + 13 + 4 + 1
	traceIDMax = 8 + 13 + 4 + 7
)

// ParseTraceID takes a trace id apart. It refuses anything that does not have
// the layout, or whose time is not between 2001 and 2033 (13 digits that
// begin with 1).
func ParseTraceID(b []byte) (TraceID, bool) {
	host, ms, ok := SplitTraceID(b)
	if !ok {
		return TraceID{}, false
	}
	t := TraceID{Host: TraceHost(host), Millis: ms, Seq: digits2(b[21:])*100 + digits2(b[23:])}
	for _, c := range b[25:] {
		t.PID = t.PID*10 + int(c-'0')
	}
	return t, true
}

// SplitTraceID is ParseTraceID for those who count: it returns only the host,
// for TraceHost, and the Unix milliseconds.
func SplitTraceID(b []byte) (host uint32, ms int64, ok bool) {
	hex, ms, ok := traceParts(b)
	if !ok {
		return 0, 0, false
	}
	if host, ok = parseHex(hex); !ok {
		return 0, 0, false
	}
	return host, ms, true
}

// traceParts is SplitTraceID but for the host, of which it returns the eight
// characters. It does not look whether they are hexadecimal digits.
func traceParts(b []byte) (host uint64, ms int64, ok bool) {
	if len(b) < traceIDMin || len(b) > traceIDMax {
		return 0, 0, false
	}
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
	begin, ok := traceBegin(at(8))
	if !ok {
		return 0, 0, false
	}
	// The last word overlaps the one before where the length asks for it.
	if ms, ok = traceEnd(begin, at(16), at(len(b)-8)); !ok {
		return 0, 0, false
	}
	return at(0), ms, true
}

// traceBegin returns the time of a trace id up to 100 seconds, in Unix
// milliseconds, given the word behind the host's.
func traceBegin(w uint64) (ms int64, ok bool) {
	return int64(parseDigits(w) * 1e5), byte(w) == '1' && notDigits(w) == 0
}

// traceEnd returns its time, given the next word, which begins with five digits more,
// and the last eight characters.
func traceEnd(begin int64, w, last uint64) (ms int64, ok bool) {
	return begin + int64(joinDigits((w^'0'*everyByte)<<24)), notDigits(w)|notDigits(last) == 0
}

// TraceHost returns the address of a host as SplitTraceID gives it.
func TraceHost(host uint32) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(host >> 24), byte(host >> 16), byte(host >> 8), byte(host)})
}

// traceMillis returns the time in a trace id, if b is one.
func traceMillis(b []byte) (int64, bool) {
	_, ms, ok := SplitTraceID(b)
	return ms, ok
}

// findTraceID returns the first word of b that is a trace id, nil if there is
// none.
func findTraceID(b []byte) []byte {
	for i := 0; i+traceIDMin <= len(b); {
		// From where the shortest id would end, back: what parts words there
		// spares looking at all before it.
		k := i + traceIDMin - 1
		for k >= i && isWordByte(b[k]) {
			k--
		}
		if k >= i {
			i = k + 1
			continue
		}
		j := i + traceIDMin
		for j < len(b) && isWordByte(b[j]) {
			j++
		}
		if _, ok := traceMillis(b[i:j]); ok {
			return b[i:j]
		}
		i = j + 1
	}
	return nil
}

// A ZoneVote infers the zone of a log's stamps from its trace ids: an id
// holds the instant at which a call began, the stamp of the same record the
// local time at which it was logged, so their difference is the zone's offset
// plus a moment.
type ZoneVote struct {
	votes [zoneSteps]int
	total int
}

const (
	zoneStep  = 15 * 60 * 1000 // offsets in use are multiples of 15 minutes
	zoneFirst = -12 * 4        // UTC-12:00
	zoneSteps = 26*4 + 1       // to UTC+14:00
	// A record may be logged up to zoneLate after its trace id was made,
	// and zoneEarly before, where the clocks of two hosts differ.
	zoneLate  = 10 * 60 * 1000
	zoneEarly = 60 * 1000
)

// Add counts one record: its stamp read as if it were UTC, and the time of
// its trace id, both in Unix milliseconds.
func (v *ZoneVote) Add(wall, id int64) {
	d := wall - id + zoneEarly
	step := d / zoneStep
	if d < 0 {
		step = (d - zoneStep + 1) / zoneStep
	}
	i := step - zoneFirst
	if i < 0 || i >= zoneSteps || d-step*zoneStep > zoneLate+zoneEarly || !isOffset(int(step)) {
		return // an id of another time, quoted in the record
	}
	v.votes[i]++
	v.total++
}

// Merge counts what b has counted.
func (v *ZoneVote) Merge(b *ZoneVote) {
	for i, n := range b.votes {
		v.votes[i] += n
	}
	v.total += b.total
}

// isOffset reports whether some place on earth has an offset of that many
// quarters of an hour: full hours, and some halves and quarters in between.
func isOffset(quarters int) bool {
	switch quarters {
	case -38, -14, 14, 18, 22, 26, 38, 42, 23, 35, 51, 55: // -9:30 … +10:30; +5:45, +8:45, +12:45, +13:45
		return true
	}
	return quarters%4 == 0
}

// Zone returns the offset on which at least two thirds of the records agree.
func (v *ZoneVote) Zone() (loc *time.Location, ok bool) {
	best := 0
	for i, n := range v.votes {
		if n > v.votes[best] {
			best = i
		}
	}
	if v.total == 0 || v.votes[best]*3 < v.total*2 {
		return nil, false
	}
	return offsetZone((best + zoneFirst) * zoneStep / 1000), true
}

// offsetZone returns a zone of a fixed offset, named as RFC 3339 writes it.
func offsetZone(seconds int) *time.Location {
	if seconds == 0 {
		return time.UTC
	}
	name := time.Unix(0, 0).In(time.FixedZone("", seconds)).Format("-07:00")
	return time.FixedZone(name, seconds)
}

// Timely reports whether a record's instant fits the time in its trace id, both
// in Unix milliseconds.
func Timely(record, id int64) bool {
	d := record - id
	return d >= -zoneEarly && d <= zoneLate
}

// trimCR removes the carriage return that a CRLF line end leaves.
func trimCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}
