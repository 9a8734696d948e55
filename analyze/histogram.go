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
// are mostly near to each other, are counted side by side and in 8 bits, and only
// the powers of two that occur take memory.
type durations struct {
	max     bothTimes
	octaves [octaves]*[subSize]bucket
	full    *[octaves]*[subSize]carries // nil where there are none
}

// bucket is how many records have a time in the bucket's range, but for carries.
type bucket struct{ latency, backend uint8 }

// carries is how often the counts of a bucket have come to 2^8 and begun anew.
// With up to maxCount records they stay in range, and when 16 such are added up.
type carries struct{ latency, backend uint32 }

// maxCount is how many records a bucket may have, some 7e10.
const maxCount = 1<<36 - 1

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
	if v < int64(len(usualBuckets)) {
		return int(usualBuckets[v])
	}
	return findBucket(v)
}

// findBucket is bucketOf without a table.
func findBucket(v int64) int {
	v = min(v, maxValue)
	shift := bits.Len64(uint64(v)>>subBits|1) - 1
	return shift*subSize + int(v>>shift)
}

// usualBuckets are the buckets of most durations.
var usualBuckets = func() (of [2048]uint16) {
	for v := range of {
		of[v] = uint16(findBucket(int64(v)))
	}
	return of
}()

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
		d.carries(i).latency++
	}
	if v > d.max.latency {
		d.max.latency = v
	}
}

// addBackend counts the time v, whose bucket has the index i.
func (d *durations) addBackend(i int, v int64) {
	b := d.bucket(i)
	if b.backend++; b.backend == 0 {
		d.carries(i).backend++
	}
	if v > d.max.backend {
		d.max.backend = v
	}
}

// bucket returns the bucket of index i.
func (d *durations) bucket(i int) *bucket {
	o := &d.octaves[i>>subBits]
	if *o == nil {
		*o = new([subSize]bucket)
	}
	return &(*o)[i&(subSize-1)]
}

// carries returns those of the bucket of index i.
func (d *durations) carries(i int) *carries {
	if d.full == nil {
		d.full = new([octaves]*[subSize]carries)
	}
	o := &d.full[i>>subBits]
	if *o == nil {
		*o = new([subSize]carries)
	}
	return &(*o)[i&(subSize-1)]
}

// count returns what is counted in the bucket of index i, of whose octave there
// is something.
func (d *durations) count(i int) bothTimes {
	x := d.octaves[i>>subBits][i&(subSize-1)]
	n := bothTimes{int64(x.latency), int64(x.backend)}
	if full := d.fullOf(i >> subBits); full != nil {
		full := full[i&(subSize-1)]
		n.latency += int64(full.latency) << 8
		n.backend += int64(full.backend) << 8
	}
	return n
}

// fullOf returns the carries of an octave, nil for none.
func (d *durations) fullOf(octave int) *[subSize]carries {
	if d.full == nil {
		return nil
	}
	return d.full[octave]
}

// addCount counts n times in the bucket of index i.
func (d *durations) addCount(i int, n bothTimes) {
	x := d.bucket(i)
	latency, backend := int64(x.latency)+n.latency, int64(x.backend)+n.backend
	*x = bucket{uint8(latency), uint8(backend)}
	if (latency|backend)>>8 != 0 {
		full := d.carries(i)
		full.latency += uint32(latency >> 8)
		full.backend += uint32(backend >> 8)
	}
}

// merge adds what b has counted; b may be nil.
func (d *durations) merge(b *durations) {
	if b == nil {
		return
	}
	d.max = bothTimes{max(d.max.latency, b.max.latency), max(d.max.backend, b.max.backend)}
	for o, from := range b.octaves {
		switch to := d.octaves[o]; {
		case from == nil:
		case to == nil:
			all := *from
			d.octaves[o] = &all
			d.mergeCarries(o, b.fullOf(o))
		default:
			for k, y := range from {
				if y == (bucket{}) {
					continue
				}
				x := &to[k]
				sum := bucket{x.latency + y.latency, x.backend + y.backend}
				if sum.latency < y.latency {
					d.carries(o<<subBits|k).latency++
				}
				if sum.backend < y.backend {
					d.carries(o<<subBits|k).backend++
				}
				*x = sum
			}
			d.mergeCarries(o, b.fullOf(o))
		}
	}
}

// mergeCarries adds the carries of an octave; from may be nil.
func (d *durations) mergeCarries(octave int, from *[subSize]carries) {
	if from == nil {
		return
	}
	for k, y := range from {
		full := d.carries(octave<<subBits | k)
		full.latency += y.latency
		full.backend += y.backend
	}
}

// empty makes d one that has counted nothing. It keeps its memory, since times
// that come next are mostly of the same powers of two.
func (d *durations) empty() {
	for _, o := range d.octaves {
		if o != nil {
			clear(o[:])
		}
	}
	*d = durations{octaves: d.octaves}
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
		for k := range from {
			i := o<<subBits | k
			if n := d.count(i); n != (bothTimes{}) && !yield(i, n) {
				return
			}
		}
	}
}

// distributions returns copies of the total and of the back-end times.
func (d *durations) distributions() (latency, backend *distribution) {
	size := 0
	for range d.buckets {
		size++
	}
	latency, backend = newDistribution(size, d.max.latency), newDistribution(size, d.max.backend)
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

// newDistribution returns a distribution with room for so many buckets.
func newDistribution(buckets int, longest int64) *distribution {
	return &distribution{bucket: make([]int32, 0, buckets), upTo: make([]int64, 0, buckets), longest: longest}
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
