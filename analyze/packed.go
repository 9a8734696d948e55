package analyze

import (
	"encoding/binary"
	"math"

	"mgslog/analyze/change"
)

// Numbers in an aggregate file are packed as varints (encoding/binary), most of
// which take one byte.

// packedInts is a list of numbers that are not negative.
type packedInts []byte

func (p *packedInts) add(n int64) { *p = binary.AppendUvarint(*p, uint64(n)) }

// next takes the first number off; false if there is none.
func (p *packedInts) next() (int64, bool) {
	n, size := binary.Uvarint(*p)
	if size <= 0 || n > math.MaxInt64 {
		return 0, false
	}
	*p = (*p)[size:]
	return int64(n), true
}

func (p *packedInts) next3() (a, b, c int64, ok bool) {
	a, okA := p.next()
	b, okB := p.next()
	c, okC := p.next()
	return a, b, c, okA && okB && okC
}

// addHours adds a mask of the hours that are not 0, and their numbers.
func (p *packedInts) addHours(hours *change.Hours) {
	var mask int64
	for i, n := range hours {
		if n != 0 {
			mask |= 1 << i
		}
	}
	p.add(mask)
	for _, n := range hours {
		if n != 0 {
			p.add(n)
		}
	}
}

func (p *packedInts) nextHours() (hours change.Hours, ok bool) {
	mask, ok := p.next()
	for i := range hours {
		if ok && mask&(1<<i) != 0 {
			hours[i], ok = p.next()
		}
	}
	return hours, ok && mask < 1<<len(hours)
}

// packedSeries is a series: for each window its start in milliseconds, as the
// difference to the one before (to 1970 for the first), and its number.
type packedSeries []byte

func packSeries(s *series) packedSeries {
	s.flush()
	var b []byte
	before := int64(0)
	for _, w := range s.counts {
		b = binary.AppendVarint(b, w.start-before)
		b = binary.AppendUvarint(b, uint64(w.n))
		before = w.start
	}
	return b
}

// unpack returns the windows; false if they are not in order.
func (p packedSeries) unpack() (counts []windowCount, ok bool) {
	before := int64(0)
	for len(p) > 0 {
		step, size := binary.Varint(p)
		if size <= 0 {
			return nil, false
		}
		n, more := binary.Uvarint(p[size:])
		if more <= 0 || n > math.MaxInt64 || len(counts) > 0 && (step <= 0 || before+step < before) {
			return nil, false
		}
		before += step
		counts = append(counts, windowCount{before, int64(n)})
		p = p[size+more:]
	}
	return counts, true
}

// packedTimes is durations: the longest total and back-end time, and for each
// bucket with records how many buckets it is behind the one before and how many
// total and back-end times it has. Nil stands for none at all.
type packedTimes []byte

func packTimes(d *durations) packedTimes {
	b := packedInts{}
	b.add(d.max.latency)
	b.add(d.max.backend)
	before := 0
	for i, n := range d.buckets {
		b.add(int64(i - before))
		b.add(n.latency)
		b.add(n.backend)
		before = i
	}
	return packedTimes(b)
}

// unpack fills d, which has counted nothing; false if p makes no sense.
func (p packedTimes) unpack(d *durations) bool {
	b := packedInts(p)
	var okL, okB bool
	d.max.latency, okL = b.next()
	d.max.backend, okB = b.next()
	if !okL || !okB {
		return false
	}
	at := int64(0)
	for len(b) > 0 {
		step, latency, backend, ok := b.next3()
		if !ok || step >= octaves*subSize || at+step >= octaves*subSize || max(latency, backend) > maxCount {
			return false
		}
		at += step
		d.addCount(int(at), bothTimes{latency, backend})
	}
	return true
}
