package analyze

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// rollingStart is when the tests begin, 02:13:05 in China.
const rollingStart = 1_763_575_985_000

func liveRecord(code parser.Code, at int64) *parser.Record {
	return &parser.Record{Code: code, Time: at}
}

// counted is a record as the reference remembers it.
type counted struct {
	key    parser.Key
	at     int64 // when it counts
	bucket bool  // counts in a bucket, too
}

// reference counts what Rolling promises, from a list of all records.
type reference struct{ all []counted }

func (ref *reference) add(rec *parser.Record, now int64, backlog bool) {
	within := !rec.NoTime && rec.Time <= now && bucketNumber(now)-bucketNumber(rec.Time) < ringBuckets
	x := counted{key: parser.Key{Platform: rec.Platform, Code: rec.Code}, at: now, bucket: within || !backlog}
	if within || backlog && !rec.NoTime && rec.Time <= now {
		x.at = rec.Time
	}
	ref.all = append(ref.all, x)
}

// count tells what is known of a key at now.
func (ref *reference) count(key parser.Key, now int64) RollingKey {
	k := RollingKey{Key: key}
	taken := map[int64]int64{} // which bucket a place of the ring was last given to
	for _, x := range ref.all {
		if x.key == key && x.bucket {
			n := bucketNumber(x.at)
			taken[n%ringBuckets] = n
		}
	}
	// A bucket that lost its place and got it back begins anew.
	lastOther := map[int64]int{}
	for i, x := range ref.all {
		if n := bucketNumber(x.at); x.key == key && x.bucket && taken[n%ringBuckets] != n {
			lastOther[n%ringBuckets] = i
		}
	}
	for i, x := range ref.all {
		if x.key != key {
			continue
		}
		if k.Total == 0 || x.at < k.First {
			k.First = x.at
		}
		if k.Total == 0 || x.at > k.Last {
			k.Last = x.at
		}
		k.Total++
		n := bucketNumber(x.at)
		since, lost := lastOther[n%ringBuckets]
		if !x.bucket || taken[n%ringBuckets] != n || lost && i < since {
			continue
		}
		ago := bucketNumber(now) - n
		if ago < 0 || ago >= ringBuckets {
			continue
		}
		k.Last15++
		k.Series[RollingColumns-1-ago*RollingColumns/ringBuckets]++
		if ago < 60 {
			k.Last5++
		}
		if ago < 12 {
			k.Last1++
		}
	}
	return k
}

// TestRollingCounts holds the counts against those of a list, with a clock that
// jumps.
func TestRollingCounts(t *testing.T) {
	codes := []parser.Key{
		{Code: 1000}, {Code: parser.NoCode}, {Code: 4001}, {Code: 7003}, {Code: 0, Platform: parser.Android}, {Code: 1000, Platform: parser.IOS},
	}
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 2))
		now := int64(rollingStart)
		r, ref := NewRolling(now), &reference{}
		for step := range 600 {
			switch rng.IntN(40) {
			case 0:
				now += rng.Int64N(3_600_000)
			case 1:
				now -= rng.Int64N(3_600_000)
			case 2:
				now += rng.Int64N(600_000) - 300_000
			default:
				now += rng.Int64N(4000)
			}
			key := codes[rng.IntN(len(codes))]
			rec := &parser.Record{Platform: key.Platform, Code: key.Code, Time: now - rng.Int64N(3000)}
			switch rng.IntN(12) {
			case 0:
				rec.Time = now - rng.Int64N(2_000_000)
			case 1:
				rec.Time = now + rng.Int64N(2_000_000)
			case 2:
				rec.NoTime = true
			}
			backlog := rng.IntN(3) == 0
			r.Add(rec, now, backlog)
			ref.add(rec, now, backlog)
			if step%7 != 0 {
				continue
			}
			s := r.Summary(now)
			got := append(slices.Clone(s.Keys), s.Success, s.Uncoded)
			var all RollingCount
			for _, k := range got {
				want := ref.count(k.Key, now)
				k.Onset = 0
				if k != want {
					t.Fatalf("seed %d, step %d: got %+v, want %+v", seed, step, k, want)
				}
				all.Add(k.RollingCount)
			}
			if s.Records != all || s.Records.Total != int64(step+1) {
				t.Fatalf("seed %d, step %d: %+v records of %d", seed, step, s.Records, step+1)
			}
			if s.Observed > now || bucketNumber(now)-bucketNumber(s.Observed) >= ringBuckets {
				t.Fatalf("observed from %d on at %d", s.Observed, now)
			}
		}
	}
}

// TestRollingWrap counts one record a second for an hour.
func TestRollingWrap(t *testing.T) {
	r := NewRolling(rollingStart)
	for i := range int64(3600) {
		r.Add(liveRecord(4001, rollingStart+i*1000), rollingStart+i*1000, false)
	}
	k := r.Summary(rollingStart + 3_599_999).Keys[0]
	if k.RollingCount != (RollingCount{3600, 60, 300, 900}) || k.First != rollingStart || k.Last != rollingStart+3_599_000 {
		t.Errorf("got %+v", k)
	}
	for i, n := range k.Series {
		if n != 30 {
			t.Errorf("column %d: %d", i, n)
		}
	}
	if k := r.Summary(rollingStart + 3_600_000 + 900_000).Keys[0]; k.RollingCount != (RollingCount{Total: 3600}) {
		t.Errorf("15 minutes later: %+v", k)
	}
}

func TestRollingOrder(t *testing.T) {
	r := NewRolling(rollingStart)
	old := int64(rollingStart - 600_000)
	for _, x := range []struct {
		code parser.Code
		at   int64
		n    int
	}{{7003, rollingStart, 2}, {4001, rollingStart, 2}, {6666, old, 9}, {4001, old, 1}, {3001, rollingStart, 2}, {1000, rollingStart, 50}} {
		for range x.n {
			r.Add(liveRecord(x.code, x.at), rollingStart, true)
		}
	}
	s := r.Summary(rollingStart)
	var got []parser.Code
	for _, k := range s.Keys {
		got = append(got, k.Key.Code)
	}
	if want := []parser.Code{4001, 3001, 7003, 6666}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !catalog.IsSuccess(s.Success.Key) || s.Success.Total != 50 || s.Failures.Total != 16 || s.Observed != old {
		t.Errorf("got %+v", s)
	}
}

// TestRollingBound fills it with more codes than it tells apart.
func TestRollingBound(t *testing.T) {
	r := NewRolling(rollingStart)
	for range 2 {
		for code := range parser.Code(MaxRollingKeys + 50) {
			r.Add(liveRecord(2000+code, rollingStart), rollingStart, false)
		}
		r.Add(liveRecord(1000, rollingStart), rollingStart, false)
		r.Add(liveRecord(parser.NoCode, rollingStart), rollingStart, false)
	}
	s := r.Summary(rollingStart)
	if len(s.Keys) != MaxRollingKeys || s.Other != (RollingCount{100, 100, 100, 100}) ||
		s.Failures.Last5 != 2*(MaxRollingKeys+50) || s.Records.Last1 != 2*(MaxRollingKeys+52) || s.Success.Total != 2 || s.Uncoded.Total != 2 {
		t.Errorf("%d keys, other %+v, failures %+v, all %+v", len(s.Keys), s.Other, s.Failures, s.Records)
	}
}

// arrivals adds records that come at random, perMinute on average.
func arrivals(r *Rolling, rng *rand.Rand, from, to int64, perMinute float64) {
	for at := float64(from); ; {
		at += rng.ExpFloat64() * 60_000 / perMinute
		if int64(at) >= to {
			return
		}
		r.Add(liveRecord(4001, int64(at)), int64(at), false)
	}
}

func TestRollingOnset(t *testing.T) {
	const minute = 60_000
	for _, tc := range []struct{ before, after float64 }{{0, 12}, {1, 12}, {6, 30}, {20, 60}, {600, 1500}} {
		t.Run(fmt.Sprintf("%v to %v", tc.before, tc.after), func(t *testing.T) {
			for seed := range uint64(20) {
				rng := rand.New(rand.NewPCG(seed, 3))
				r := NewRolling(rollingStart)
				rise := rollingStart + 7*minute + rng.Int64N(minute)
				if tc.before > 0 {
					arrivals(r, rng, rollingStart, rise, tc.before)
				}
				arrivals(r, rng, rise, rise+5*minute, tc.after)
				k := r.Summary(rise + 5*minute).Keys[0]
				// The estimate is off by some gaps between records.
				if off := k.Onset - rise; off < -30_000 || off > 30_000 {
					t.Errorf("seed %d: onset %d ms from the rise", seed, off)
				}
				// It is told while it lasts, longer than the ring.
				found := k.Onset
				for at := rise + 5*minute; at < rise+25*minute; at += minute {
					arrivals(r, rng, at, at+minute, tc.after)
					k = r.Summary(at + minute).Keys[0]
				}
				if off := k.Onset - found; off < -minute || off > minute {
					t.Errorf("seed %d: after 25 minutes the onset is %d, was %d", seed, k.Onset, found)
				}
				// And no longer when it is over.
				end := rise + 25*minute
				if tc.before > 0 {
					arrivals(r, rng, end, end+6*minute, tc.before)
				}
				if k = r.Summary(end + 6*minute).Keys[0]; k.Onset != 0 {
					t.Errorf("seed %d: it is over, and still the onset is %d", seed, k.Onset)
				}
			}
		})
	}
}

// TestRollingOnsetNoise looks at steady noise.
func TestRollingOnsetNoise(t *testing.T) {
	for _, perMinute := range []float64{0.5, 2, 10, 60, 600} {
		found, looks := 0, 0
		for seed := range uint64(40) {
			rng := rand.New(rand.NewPCG(seed, uint64(perMinute*2)))
			r := NewRolling(rollingStart)
			for at := int64(rollingStart); at < rollingStart+60*60_000; at += 30_000 {
				arrivals(r, rng, at, at+30_000, perMinute)
				for _, k := range r.Summary(at + 30_000).Keys {
					looks++
					if k.Onset != 0 {
						found++
					}
				}
			}
		}
		if found > 0 {
			t.Errorf("%v a minute: an onset in %d of %d looks", perMinute, found, looks)
		}
	}
}

func TestRollingAllocations(t *testing.T) {
	r := NewRolling(rollingStart)
	recs := rollingRecords()
	i := 0
	next := func() {
		r.Add(&recs[i%len(recs)], rollingStart+int64(i), false)
		i++
	}
	for range recs {
		next()
	}
	if n := testing.AllocsPerRun(10_000, next); n > 0 {
		t.Errorf("%v allocations a record", n)
	}
}

// rollingRecords are mostly successes, and failures of a dozen codes.
func rollingRecords() []parser.Record {
	rng := rand.New(rand.NewPCG(4, 4))
	failing := []parser.Code{4001, 4002, 4003, 6666, 7003, 7014, 3001, 2000, 1001, 1002, 8002, parser.NoCode}
	var recs []parser.Record
	for i := range 1024 {
		rec := parser.Record{Code: 1000, Time: rollingStart + int64(i)}
		if rng.IntN(10) == 0 {
			rec.Code = failing[rng.IntN(len(failing))]
		}
		recs = append(recs, rec)
	}
	return recs
}

func BenchmarkRolling(b *testing.B) {
	b.Run("add", func(b *testing.B) {
		r := NewRolling(rollingStart)
		recs := rollingRecords()
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			r.Add(&recs[i%len(recs)], rollingStart+2000, false)
		}
	})
	b.Run("summary", func(b *testing.B) {
		r := NewRolling(rollingStart)
		recs := rollingRecords()
		for i := range int64(900) {
			for j := range recs[:100] {
				r.Add(&recs[j], rollingStart+i*1000, false)
			}
		}
		b.ReportAllocs()
		for b.Loop() {
			r.Summary(rollingStart + 900_000)
		}
	})
}
