package source

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"math"
	"time"
)

// Lateness is by how much a record may be stamped earlier than one that stands
// in front of it, in a file that is taken to be in the order of time: threads
// that write when a long call is over, and clocks that are set a little.
const Lateness = 15 * time.Minute

// Bounds of what ByTime reads.
const (
	// pieceSize is how many bytes are looked at in one place.
	pieceSize = 8 << 10
	// spreadPlaces is at how many places, evenly over the file, it is looked
	// whether its records are in order.
	spreadPlaces = 128
	// mostUndated is how many bytes without the beginning of a record are read
	// in one place: as many as are kept of a record.
	mostUndated = 256 << 10
	// closer is by which part of its distance from the end of a span a place
	// that is checked is apart from the next.
	closer = 32
	// mostLooked is how many bytes NewByTime reads in all, and Span.
	mostLooked = 6 << 20
)

// Times returns where in a text, which begins with a line and has only whole
// ones, records begin, and when each of these was, in Unix milliseconds.
type Times func(text []byte) iter.Seq2[int, int64]

// ByTime knows where in a Plain file the records of a time stand, as far as that
// can be told without reading it, but for a few megabytes. It belongs to one
// goroutine.
//
// That the records are in order is checked at places spread over the whole file
// and, closer and closer to them, around the two places that Span finds. A clock
// that was set back for a stretch between all these places remains unseen.
type ByTime struct {
	size, piece int64
	times       Times
	places      []place // in the order of the file
	left        int64   // bytes that may still be read

	// Ordered tells that the file's records are in the order of time, as far as
	// it was looked at, but for Lateness; false if nothing is known.
	Ordered bool
	// First and Last are the times of the first and the last of the records
	// that were looked at, in Unix milliseconds, if the file is Ordered.
	First, Last int64
}

// noTime is before all records.
const noTime = math.MinInt64 / 2

// place is what stands in one place of a file.
type place struct {
	at, end  int64 // where the first record begins, and where the text ends that was looked at
	time     int64 // of that record
	min, max int64 // times of all records that begin here
	ordered  bool  // they are in order, but for Lateness
}

// NewByTime looks at the places of a file that has size bytes. An error is that
// of r.
func NewByTime(r io.ReaderAt, size int64, times Times) (*ByTime, error) {
	return newByTime(r, size, times, pieceSize)
}

func newByTime(r io.ReaderAt, size int64, times Times, piece int64) (*ByTime, error) {
	b := &ByTime{size: size, times: times, piece: piece, left: mostLooked, First: -noTime}
	n := max(min(size/piece, spreadPlaces), 1)
	last := int64(noTime) // the latest record so far
	add := func(p place, found bool, err error) (ordered bool) {
		if err != nil || found && !p.follows(last) {
			return false
		}
		if found {
			b.places = append(b.places, p)
			last = max(last, p.max)
			b.First = min(b.First, p.min)
		}
		return true
	}
	seen := int64(0) // bytes up to which the file was looked at, in places
	for i := range n {
		if i*(size/n) < seen {
			continue
		}
		p, found, err := b.look(r, i*(size/n), size)
		if !add(p, found, err) {
			return b, notDoubt(err)
		}
		seen = p.end
	}
	p, found, err := b.end(r, seen)
	if !add(p, found, err) {
		return b, notDoubt(err)
	}
	b.Last, b.Ordered = last, len(b.places) > 0
	return b, nil
}

// follows reports whether a place's records are in order behind those before
// it, of which the latest is given.
func (p place) follows(last int64) bool {
	return p.ordered && p.min >= last-Lateness.Milliseconds()
}

// Span returns which bytes are to be read for all records from since on and
// before until, in Unix milliseconds: whole records from one place to another.
// There may be others among them. to is -1 for the end of the file, also when it
// grows. Where nothing has to be read, both are 0; where the order of the
// records is in doubt, that is the whole file. An error is that of r.
func (b *ByTime) Span(r io.ReaderAt, since, until int64) (from, to int64, err error) {
	late := Lateness.Milliseconds()
	switch {
	case !b.Ordered:
		return 0, -1, nil
	case b.First >= until+late || b.Last < since-late:
		return 0, 0, nil
	case b.size <= spreadPlaces*b.piece:
		return 0, -1, nil
	}
	b.left = mostLooked
	// Twice the lateness: then a record in front of the span that is only late
	// differs from one that shows that the clock was set back.
	from, _, err = b.bisect(r, since-2*late)
	if err == nil {
		_, to, err = b.bisect(r, until+2*late)
	}
	if err == nil {
		err = b.check(r, from, to, since-late, until+late)
	}
	if err != nil {
		return 0, -1, notDoubt(err)
	}
	return from, to, nil
}

// bisect returns where a record before the time begins, 0 if there is none, and
// where one of that time or behind it does, -1 if there is none. Little more than
// a piece lies between them.
func (b *ByTime) bisect(r io.ReaderAt, time int64) (below, above int64, err error) {
	above = -1
	hi := b.size
	for _, p := range b.places {
		if p.time >= time {
			above, hi = p.at, p.at
			break
		}
		below = p.at
	}
	for hi-below > b.piece {
		mid := below + (hi-below)/2
		p, found, err := b.look(r, mid, hi)
		switch {
		case err != nil:
			return 0, 0, err
		case !found:
			hi = mid
		case p.time < time:
			below = p.at
		default:
			above, hi = p.at, mid
		}
	}
	return below, above, nil
}

// check looks whether all records before from are before since, and all from to
// on not before until: at the places that are known, and at others the closer
// to one another the nearer they are to from and to.
func (b *ByTime) check(r io.ReaderAt, from, to, since, until int64) error {
	before := func(p place) bool { return p.max < since }
	behind := func(p place) bool { return p.min >= until }
	if to >= 0 && to < from {
		return errDisorder
	}
	for _, p := range b.places {
		if p.end <= from && !before(p) || to >= 0 && p.at >= to && !behind(p) {
			return errDisorder
		}
	}
	check := func(at, end int64, right func(place) bool) error {
		p, found, err := b.look(r, at, end)
		if err == nil && found && !right(p) {
			err = errDisorder
		}
		return err
	}
	for d := b.piece; d < from+b.piece; d += max(b.piece, d/closer) {
		if err := check(max(from-d, 0), from, before); err != nil {
			return err
		}
	}
	for d := int64(0); to >= 0 && to+d < b.size; d += max(b.piece, d/closer) {
		if err := check(to+d, b.size, behind); err != nil {
			return err
		}
	}
	return nil
}

// Reasons for which a whole file is read.
var (
	errUndated  = errors.New("too much text in which no record begins")
	errDisorder = errors.New("records out of order")
)

// notDoubt returns err unless it is one of the reasons.
func notDoubt(err error) error {
	if err == errUndated || err == errDisorder {
		return nil
	}
	return err
}

// look looks at the records that begin in a place, from the first line at or
// behind at on and before end. It reads on until there is one.
func (b *ByTime) look(r io.ReaderAt, at, end int64) (place, bool, error) {
	// The byte before tells whether a line begins at the place itself.
	from := max(at-1, 0)
	for n := b.piece; ; n = min(4*n, mostUndated) {
		text, err := b.text(r, from, min(from+n, end))
		if err != nil {
			return place{}, false, err
		}
		p, found := b.placeOf(text, from, at > 0)
		switch {
		case found || from+n >= end:
			return p, found, nil
		case n >= mostUndated:
			return place{}, false, errUndated
		}
	}
}

// end looks at the last records of the file, none of those that begin before a
// place.
func (b *ByTime) end(r io.ReaderAt, at int64) (place, bool, error) {
	for n := b.piece; ; n = min(4*n, mostUndated) {
		from := max(b.size-n, at)
		text, err := b.text(r, from, b.size)
		if err != nil {
			return place{}, false, err
		}
		p, found := b.placeOf(text, from, from > 0)
		switch {
		case found || from == at:
			return p, found, nil
		case n >= mostUndated:
			return place{}, false, errUndated
		}
	}
}

// text returns a part of the file. The line at its end is whole if it is that
// of the file.
func (b *ByTime) text(r io.ReaderAt, from, to int64) ([]byte, error) {
	size := max(to-from, 0)
	if b.left -= size; b.left < 0 {
		return nil, errUndated
	}
	text := make([]byte, size, size+1)
	n, err := r.ReadAt(text, from)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if text = text[:n]; from+int64(n) >= b.size {
		text = append(text, '\n')
	}
	return text, nil
}

// placeOf returns what of the file's records a text tells that stands at from. If
// it is cut, its first line is not a whole one.
func (b *ByTime) placeOf(text []byte, from int64, cut bool) (place, bool) {
	if cut {
		n := bytes.IndexByte(text, '\n') + 1
		if n == 0 {
			return place{}, false
		}
		text, from = text[n:], from+int64(n)
	}
	p := place{end: from + int64(len(text)), ordered: true}
	found := false
	for at, ms := range b.times(text) {
		if !found {
			found, p.at, p.time, p.min, p.max = true, from+int64(at), ms, ms, ms
		}
		p.ordered = p.ordered && ms >= p.max-Lateness.Milliseconds()
		p.min, p.max = min(p.min, ms), max(p.max, ms)
	}
	return p, found
}
