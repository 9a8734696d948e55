package analyze

import (
	"math"
	"math/bits"
	"slices"

	"mgslog/analyze/change"
)

// durations counts the total and the back-end times of records, in
// milliseconds, in buckets whose width grows with the value: every power of two
// is cut into 64, so that a quantile is off by at most 1/128 of its value
// (0.8 %), and by nothing below 128 ms. Durations merge exactly.
//
// It is the log-linear scheme of HdrHistogram with the arithmetic that this
// job needs and no more. A library was measured instead and costs 4 to 10
// times as much an addition (DDSketch, HdrHistogram-go), which is a tenth of
// the whole pass over a digest log.
//
// The time of an addition is that of fetching memory. Hence both times, which
// are mostly near to each other, are counted side by side and in 16 bits, and
// only the powers of two that occur take memory.
type durations struct {
	max     bothTimes
	full    map[int]bothTimes // how often the count of a bucket has come to 2^16 and begun anew
	octaves [octaves]*[subSize]bucket
}

// bucket is how many records have a time in the bucket's range, beside those in
// durations.full.
type bucket struct{ latency, backend uint16 }

// bothTimes is a number for each of the two times.
type bothTimes struct{ latency, backend int64 }

const (
	subBits = 6 // 64 buckets a power of two
	subSize = 1 << subBits
	// maxValue is the longest duration told apart, some 24 days.
	maxValue = 1<<31 - 1
	octaves  = 31 - subBits + 1
)

// bucketOf returns the index of the bucket of v, which is not negative.
func bucketOf(v int64) int {
	if v < 2*subSize {
		return int(v)
	}
	shift := bits.Len64(uint64(min(v, maxValue))) - 1 - subBits
	return shift*subSize + int(min(v, maxValue)>>shift)
}

// bucketMiddle returns the value that stands for bucket i.
func bucketMiddle(i int) int64 {
	if i < 2*subSize {
		return int64(i)
	}
	shift := i/subSize - 1
	low := int64(i-shift*subSize) << shift
	return low + (int64(1)<<shift)/2
}

// add counts the times of one record. Negative ones are not known and not
// counted.
func (d *durations) add(latency, backend int64) { addTimes(d, nil, latency, backend) }

// addTimes counts the times of one record in d and, unless it is nil, in e.
func addTimes(d, e *durations, latency, backend int64) {
	if latency >= 0 {
		i := bucketOf(latency)
		d.addLatency(i, latency)
		if e != nil {
			e.addLatency(i, latency)
		}
	}
	if backend >= 0 {
		i := bucketOf(backend)
		d.addBackend(i, backend)
		if e != nil {
			e.addBackend(i, backend)
		}
	}
}

// addLatency counts the time v, whose bucket has the index i.
func (d *durations) addLatency(i int, v int64) {
	b := d.bucket(i)
	if b.latency++; b.latency == 0 {
		d.carry(i, bothTimes{latency: 1})
	}
	d.max.latency = max(d.max.latency, v)
}

// addBackend counts the time v, whose bucket has the index i.
func (d *durations) addBackend(i int, v int64) {
	b := d.bucket(i)
	if b.backend++; b.backend == 0 {
		d.carry(i, bothTimes{backend: 1})
	}
	d.max.backend = max(d.max.backend, v)
}

// bucket returns the bucket of index i.
func (d *durations) bucket(i int) *bucket {
	o := &d.octaves[i>>subBits]
	if *o == nil {
		*o = new([subSize]bucket)
	}
	return &(*o)[i&(subSize-1)]
}

// carry notes that counts of bucket i have come to 2^16 so many times.
func (d *durations) carry(i int, times bothTimes) {
	if d.full == nil {
		d.full = map[int]bothTimes{}
	}
	x := d.full[i]
	d.full[i] = bothTimes{x.latency + times.latency, x.backend + times.backend}
}

// merge adds what b has counted; b may be nil.
func (d *durations) merge(b *durations) {
	if b == nil {
		return
	}
	for o, from := range b.octaves {
		if from == nil {
			continue
		}
		for k, y := range from {
			if y == (bucket{}) {
				continue
			}
			i := o<<subBits | k
			x := d.bucket(i)
			latency, backend := int64(x.latency)+int64(y.latency), int64(x.backend)+int64(y.backend)
			*x = bucket{uint16(latency), uint16(backend)}
			if full := (bothTimes{latency >> 16, backend >> 16}); full != (bothTimes{}) {
				d.carry(i, full)
			}
		}
	}
	for i, times := range b.full {
		d.carry(i, times)
	}
	d.max = bothTimes{max(d.max.latency, b.max.latency), max(d.max.backend, b.max.backend)}
}

// Quantiles are the p50, p95 and p99 of durations in milliseconds, each off
// by at most 0.8 % of its value, and their exact maximum.
type Quantiles struct {
	Count              int64
	P50, P95, P99, Max int64
}

// quantiles returns those of the total and of the back-end times, nil where
// there are none.
func (d *durations) quantiles() (latency, backend *Quantiles) {
	if d == nil {
		return nil, nil
	}
	l, b := d.distributions()
	return l.quantiles(), b.quantiles()
}

// times returns a copy as plain data, nil for a time that was not measured.
func (d *durations) times() (t change.Times) {
	l, b := d.distributions()
	if l.total > 0 { // an interface with a nil pointer would not be nil
		t.Total = l
	}
	if b.total > 0 {
		t.Backend = b
	}
	return t
}

// buckets yields the index and the counts of each bucket that is not empty, in
// their order.
func (d *durations) buckets(yield func(int, bothTimes) bool) {
	for o, from := range d.octaves {
		if from == nil {
			continue
		}
		for k, x := range from {
			i := o<<subBits | k
			full := d.full[i]
			n := bothTimes{int64(x.latency) + full.latency<<16, int64(x.backend) + full.backend<<16}
			if n != (bothTimes{}) && !yield(i, n) {
				return
			}
		}
	}
}

// distributions returns copies of the total and of the back-end times.
func (d *durations) distributions() (latency, backend *distribution) {
	latency, backend = &distribution{longest: d.max.latency}, &distribution{longest: d.max.backend}
	for i, n := range d.buckets {
		latency.add(i, n.latency)
		backend.add(i, n.backend)
	}
	return latency, backend
}

// distribution is one of both times, for change.Durations: the buckets that are
// not empty, with how many durations are in them and in all below.
type distribution struct {
	bucket  []int32
	upTo    []int64
	total   int64
	longest int64
}

func (d *distribution) add(i int, n int64) {
	if n > 0 {
		d.total += n
		d.bucket, d.upTo = append(d.bucket, int32(i)), append(d.upTo, d.total)
	}
}

// Count returns how many durations there are.
func (d *distribution) Count() int64 { return d.total }

// Above returns how many are in buckets above that of ms.
func (d *distribution) Above(ms int64) int64 {
	i, _ := slices.BinarySearch(d.bucket, int32(bucketOf(max(ms, 0)))+1)
	if i == 0 {
		return d.total
	}
	return d.total - d.upTo[i-1]
}

// Quantile returns the duration that a share p of all do not exceed.
func (d *distribution) Quantile(p float64) int64 {
	return d.rank(max(int64(math.Ceil(p*float64(d.total))), 1))
}

// rank returns the nth of the durations, counted from 1 for the shortest. There
// is one.
func (d *distribution) rank(n int64) int64 {
	i, _ := slices.BinarySearch(d.upTo, n)
	return min(bucketMiddle(int(d.bucket[min(i, len(d.bucket)-1)])), d.longest)
}

// quantiles returns the smallest values that at least so many percent of all do
// not exceed (the nearest rank), nil if there is no duration.
func (d *distribution) quantiles() *Quantiles {
	if d.total == 0 {
		return nil
	}
	at := func(percent int64) int64 { return d.rank((d.total*percent + 99) / 100) }
	return &Quantiles{Count: d.total, P50: at(50), P95: at(95), P99: at(99), Max: d.longest}
}
