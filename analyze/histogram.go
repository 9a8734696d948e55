package analyze

import "math/bits"

// Histogram counts durations in milliseconds in buckets whose width grows with
// the value: every power of two is cut into 64, so that a quantile is off by
// at most 1/128 of its value (0.8 %), and by nothing below 128 ms. Histograms
// merge exactly.
//
// It is the log-linear scheme of HdrHistogram with the arithmetic that this
// job needs and no more. A library was measured instead and costs 4 to 10
// times as much an addition (DDSketch, HdrHistogram-go), which is a tenth of
// the whole pass over a digest log.
type Histogram struct {
	counts []int64
	n      int64
	max    int64
}

const (
	subBits = 6 // 64 buckets a power of two
	subSize = 1 << subBits
	// maxValue is the longest duration told apart, some 24 days.
	maxValue = 1<<31 - 1
)

// bucket returns the index of the bucket of v.
func bucket(v int64) int {
	if v < 2*subSize {
		return int(v)
	}
	shift := bits.Len64(uint64(v)) - 1 - subBits
	return shift*subSize + int(v>>shift)
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

// add counts one duration; negative ones are not known and not counted.
func (h *Histogram) add(v int64) {
	if v < 0 {
		return
	}
	h.max = max(h.max, v)
	i := bucket(min(v, maxValue))
	if i >= len(h.counts) {
		h.counts = append(h.counts, make([]int64, i/subSize*subSize+subSize-len(h.counts))...)
	}
	h.counts[i]++
	h.n++
}

// mergeHistograms adds b to a and returns a, or a copy of b if a is nil.
func mergeHistograms(a, b *Histogram) *Histogram {
	if b == nil {
		return a
	}
	if a == nil {
		a = &Histogram{}
	}
	if len(b.counts) > len(a.counts) {
		a.counts = append(a.counts, make([]int64, len(b.counts)-len(a.counts))...)
	}
	for i, n := range b.counts {
		a.counts[i] += n
	}
	a.n += b.n
	a.max = max(a.max, b.max)
	return a
}

// Quantiles are the p50, p95 and p99 of durations in milliseconds, each off
// by at most 0.8 % of its value, and their exact maximum.
type Quantiles struct {
	Count              int64
	P50, P95, P99, Max int64
}

// quantiles returns nil if nothing was counted.
func (h *Histogram) quantiles() *Quantiles {
	if h == nil || h.n == 0 {
		return nil
	}
	return &Quantiles{Count: h.n, P50: h.quantile(50), P95: h.quantile(95), P99: h.quantile(99), Max: h.max}
}

// quantile returns the smallest value that at least percent of the values do
// not exceed (the nearest rank).
func (h *Histogram) quantile(percent int64) int64 {
	rank := (h.n*percent + 99) / 100
	for i, n := range h.counts {
		if rank -= n; rank <= 0 {
			return min(bucketMiddle(i), h.max)
		}
	}
	return h.max
}
