package change

import (
	"math/bits"
	"slices"
)

// slowShare is the share of the calls before that count as slow.
const slowShare = 0.05

// addTimes makes the series of the calls that are longer than the 95th
// percentile before.
func (c *comparison) addTimes() {
	similar := func(d int) bool {
		hours := coveredHours(c.spans[d])
		return float64(bits.OnesCount32(c.hours)) >= leastCover*float64(bits.OnesCount32(hours))
	}
	if !similar(0) {
		return
	}
	for d := 1; d < len(c.spans); d++ {
		if similar(d) {
			c.timeDays = append(c.timeDays, d)
		}
	}
	for op := range c.spans[0].Times {
		for _, m := range [...]Measure{Total, Backend} {
			of := []Durations{c.durations(0, op, m)}
			for _, d := range c.timeDays {
				of = append(of, c.durations(d, op, m))
			}
			if s := slow(of); s != nil {
				s.slice.Operation, s.measure = op, m
				s.fields = s.slice.fields()
				c.index[key{s.slice, m}] = s
			}
		}
	}
}

// durations returns the durations of an operationType, nil if there are none.
func (c *comparison) durations(d int, op string, m Measure) Durations {
	t := c.spans[d].Times[op]
	of := t.Total
	if m == Backend {
		of = t.Backend
	}
	if of == nil || of.Count() <= 0 {
		return nil
	}
	return of
}

// slow counts the durations that are longer than the 95th percentile before, of
// now (index 0) and of each day before. It returns nil if there are not enough.
func slow(of []Durations) *series {
	before := slices.DeleteFunc(slices.Clone(of[1:]), func(t Durations) bool { return t == nil })
	if of[0] == nil || len(before) == 0 {
		return nil
	}
	s := &series{family: ofTimes, y: make([]float64, len(of)), e: make([]float64, len(of)), clump: 1}
	s.p95Before, s.p95Now = percentile(before), of[0].Quantile(1-slowShare)
	total := 0.0
	for d, t := range of {
		if t != nil {
			s.y[d], s.e[d] = float64(min(max(0, t.Above(s.p95Before)), t.Count())), float64(t.Count())
			total += s.y[d]
		}
	}
	s.of = of[0].Count()
	if total < leastEvents {
		return nil
	}
	return s
}

// percentile returns the 95th percentile of several distributions together, in
// milliseconds: the least duration that not more than 5 % of all are longer than.
// It lies between the percentiles of the parts.
func percentile(of []Durations) int64 {
	var count int64
	var low, high int64
	for i, t := range of {
		count += t.Count()
		q := t.Quantile(1 - slowShare)
		if i == 0 {
			low, high = q, q
		}
		low, high = min(low, q), max(high, q)
	}
	for low < high {
		middle := low + (high-low)/2
		var above int64
		for _, t := range of {
			above += t.Above(middle)
		}
		if float64(above) > slowShare*float64(count) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}
