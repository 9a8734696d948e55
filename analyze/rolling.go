package analyze

import (
	"cmp"
	"math"
	"slices"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// The ring of a Rolling and its bounds.
const (
	// RollingBucket is the width of a bucket of the ring in milliseconds. The
	// last minute, 5 and 15 minutes are so many whole buckets, the one at hand
	// included: they reach back up to a bucket less than their names say.
	RollingBucket = 5000
	// RollingColumns is how many columns RollingKey.Series has.
	RollingColumns = 30
	// MaxRollingKeys is how many failing codes are counted one by one.
	MaxRollingKeys = 1000

	minute      = 60_000 / RollingBucket // in buckets
	ringBuckets = 15 * minute
)

// Rolling counts live records by code: since it began, and over the last
// minutes. It belongs to one goroutine and has no clock of its own: the time,
// in Unix milliseconds, is handed in, and may jump in either direction. Then
// the totals stay exact, and what a bucket of the ring has counted counts for
// as long as that bucket is within the last 15 minutes and no other bucket has
// come 15 minutes (or a multiple) away from it.
//
// Its memory is bounded: some 3 KB for each code, of which there are
// MaxRollingKeys; further ones are counted together.
type Rolling struct {
	since    int64 // when it began
	observed int64 // since, or the time of the earliest record of the backlog in a bucket

	success, uncoded, other *rollingCount
	failing                 map[parser.Key]*rollingCount
	recent                  [recentKeys]*rollingCount // of failing, by a hash of the key
}

// recentKeys is how many codes are found again without a map.
const recentKeys = 64

// rollingCount is what is counted of one code.
type rollingCount struct {
	key         parser.Key
	total       int64
	first, last int64 // if total > 0
	ring        [ringBuckets]rollingBucket

	// The onset found last, 0 if none, and the rate before it, in records a
	// millisecond.
	onset int64
	calm  float64
}

// rollingBucket is a number of records within RollingBucket milliseconds.
type rollingBucket struct {
	number int64 // of the bucket since 1970
	n      int64
}

// NewRolling returns a Rolling that begins to count at now.
func NewRolling(now int64) *Rolling {
	return &Rolling{
		since: now, observed: now,
		success: &rollingCount{key: parser.Key{Platform: parser.Server, Code: 1000}},
		uncoded: &rollingCount{key: parser.Key{Platform: parser.Server, Code: parser.NoCode}},
		other:   &rollingCount{}, failing: map[parser.Key]*rollingCount{},
	}
}

// Add counts a record that was read at now, in the buckets at its own time if
// this lies within the last 15 minutes. With another time or none, a live
// record counts at now; one of a backlog, which is read to catch up, counts in
// the totals alone.
func (r *Rolling) Add(rec *parser.Record, now int64, backlog bool) {
	c := r.count(parser.Key{Platform: rec.Platform, Code: rec.Code})
	at, timely := now, !backlog
	if !rec.NoTime && rec.Time <= now {
		switch {
		case bucketNumber(rec.Time) > bucketNumber(now)-ringBuckets:
			at, timely = rec.Time, true
		case backlog:
			at = rec.Time
		}
	}
	widen(&c.first, &c.last, c.total > 0, at, at)
	c.total++
	if !timely {
		return
	}
	if backlog { // whose records follow each other without a gap
		r.observed = min(r.observed, at)
	}
	number := bucketNumber(at)
	b := &c.ring[uint64(number)%ringBuckets]
	if b.number != number {
		*b = rollingBucket{number: number}
	}
	b.n++
}

// bucketNumber returns the number of the bucket that holds the time ms.
func bucketNumber(ms int64) int64 {
	n := ms / RollingBucket
	if ms%RollingBucket < 0 {
		n--
	}
	return n
}

// count returns the count of a code.
func (r *Rolling) count(key parser.Key) *rollingCount {
	if catalog.IsSuccess(key) {
		return r.success
	}
	if key.Code == parser.NoCode {
		return r.uncoded
	}
	recent := &r.recent[(uint32(key.Code)+uint32(key.Platform)<<24)*0x9e3779b1>>(32-6)]
	if c := *recent; c != nil && c.key == key {
		return c
	}
	c := r.failing[key]
	if c == nil {
		if len(r.failing) == MaxRollingKeys {
			return r.other
		}
		c = &rollingCount{key: key}
		r.failing[key] = c
	}
	*recent = c
	return c
}

// RollingSummary is what a Rolling has counted at a moment, as plain data of
// its own. All times are Unix milliseconds.
type RollingSummary struct {
	Since, Now int64
	// Observed is from when on the buckets are complete: Since, or the time of
	// the earliest record of the backlog; at most 15 minutes before Now. What
	// came in the last 15 minutes came between it and Now.
	Observed          int64
	Records, Failures RollingCount
	// Keys are the codes that mean a failure and have come, most frequent
	// first: by the last 5 minutes, then in total, then by platform and code.
	Keys []RollingKey
	// Other are the failures whose codes were too many to be told apart; they
	// are in Failures.
	Other            RollingCount
	Success, Uncoded RollingKey // Total may be 0
}

// RollingCount is a number of records since the start, and of these in the
// last minutes, see RollingBucket.
type RollingCount struct{ Total, Last1, Last5, Last15 int64 }

// Add adds the counts of d.
func (c *RollingCount) Add(d RollingCount) {
	c.Total += d.Total
	c.Last1 += d.Last1
	c.Last5 += d.Last5
	c.Last15 += d.Last15
}

// RollingKey is what was counted of one code.
type RollingKey struct {
	Key parser.Key
	RollingCount
	// Series is Last15 cut into equal columns, oldest first.
	Series      [RollingColumns]int64
	First, Last int64 // times of the records; both 0 if there are none
	// Onset is when the records began to come at least twice as often, to
	// within a bucket; 0 if they did not, or have become fewer since. See
	// rollingCount.findOnset.
	Onset int64
}

// Summary returns what has been counted. An onset is told as long as it lasts,
// if Summary is called at least every 15 minutes: this is how far back it is
// looked for.
func (r *Rolling) Summary(now int64) *RollingSummary {
	s := &RollingSummary{
		Since: r.since, Now: now,
		Observed: min(now, max(r.observed, (bucketNumber(now)-ringBuckets+1)*RollingBucket)),
		Success:  r.success.summary(now), Uncoded: r.uncoded.summary(now), Other: r.other.summary(now).RollingCount,
	}
	for _, c := range r.failing {
		k := c.summary(now)
		c.findOnset(s.Observed, now)
		k.Onset = c.onset
		s.Keys = append(s.Keys, k)
		s.Failures.Add(k.RollingCount)
	}
	slices.SortFunc(s.Keys, func(a, b RollingKey) int {
		return cmp.Or(cmp.Compare(b.Last5, a.Last5), cmp.Compare(b.Total, a.Total),
			cmp.Compare(a.Key.Platform, b.Key.Platform), cmp.Compare(a.Key.Code, b.Key.Code))
	})
	s.Failures.Add(s.Other)
	s.Records = s.Failures
	s.Records.Add(s.Success.RollingCount)
	s.Records.Add(s.Uncoded.RollingCount)
	return s
}

// at returns how many records the bucket of that number holds.
func (c *rollingCount) at(number int64) int64 {
	if b := &c.ring[uint64(number)%ringBuckets]; b.number == number {
		return b.n
	}
	return 0
}

func (c *rollingCount) summary(now int64) RollingKey {
	k := RollingKey{Key: c.key, RollingCount: RollingCount{Total: c.total}, First: c.first, Last: c.last}
	last := bucketNumber(now)
	for i := range int64(ringBuckets) { // buckets ago
		n := c.at(last - i)
		if i < minute {
			k.Last1 += n
		}
		if i < 5*minute {
			k.Last5 += n
		}
		k.Last15 += n
		k.Series[RollingColumns-1-i/(ringBuckets/RollingColumns)] += n
	}
	return k
}

// onsetEvidence is the least log-likelihood ratio at which a change of rate is
// believed. In steady noise it finds none in some 24,000 looks, half a minute
// apart (TestRollingOnsetNoise); with 8 it finds one in 60.
const onsetEvidence = 12

// findOnset sets c.onset to the likeliest moment at which the records' rate
// changed once, between the times from and now: the maximum of the likelihood
// over all boundaries of buckets, the records taken for a Poisson process with
// one rate before the boundary and another behind it (Hinkley 1970, Biometrika
// 57, 1-17; for the Poisson and its likelihood ratio Worsley 1986, Biometrika
// 73, 91-104). It is believed if the logarithm of its likelihood, over that of
// one rate for all, is at least onsetEvidence, and the rate at least doubled.
//
// An onset that was found holds until a fall is found, or the rate since is no
// longer double that before it: the ring forgets the calm before it in time, and
// then nothing is left there to compare with.
func (c *rollingCount) findOnset(from, now int64) {
	now++ // a record may be of this millisecond
	first, last := bucketNumber(from), bucketNumber(now)
	sum, length := c.between(from, now), float64(now-from)
	if sum == 0 {
		c.onset = 0
		return
	}
	var (
		best, calm, risen float64
		onset             int64
		before            int64
	)
	for i := first; i < last; i++ {
		before += c.at(i)
		edge := (i + 1) * RollingBucket
		calmFor, restFor := float64(edge-from), float64(now-edge)
		if restFor <= 0 {
			break
		}
		a, b := float64(before), float64(sum-before)
		ratio := xlogx(a, a/calmFor) + xlogx(b, b/restFor) - xlogx(float64(sum), float64(sum)/length)
		if ratio > best {
			best, calm, risen, onset = ratio, a/calmFor, b/restFor, edge
		}
	}
	since := max(c.onset, from)
	switch believed := best >= onsetEvidence; {
	case believed && risen >= 2*calm:
		c.onset, c.calm = onset, calm
	case believed && risen < calm, float64(c.between(since, now)) < 2*c.calm*float64(now-since):
		c.onset = 0
	}
}

// between returns how many records the buckets hold from that of a time to that
// of another.
func (c *rollingCount) between(from, to int64) int64 {
	var n int64
	for i := bucketNumber(from); i <= bucketNumber(to); i++ {
		n += c.at(i)
	}
	return n
}

// xlogx returns n log(rate), 0 for none.
func xlogx(n, rate float64) float64 {
	if n == 0 {
		return 0
	}
	return n * math.Log(rate)
}
