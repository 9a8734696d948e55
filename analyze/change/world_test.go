package change

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
)

// sorted is a distribution of durations that keeps them all.
type sorted []int64

func (s sorted) Count() int64 { return int64(len(s)) }

func (s sorted) Above(ms int64) int64 {
	return int64(len(s) - sort.Search(len(s), func(i int) bool { return s[i] > ms }))
}

func (s sorted) Quantile(p float64) int64 {
	if len(s) == 0 {
		return 0
	}
	return s[max(0, int(math.Ceil(p*float64(len(s))))-1)]
}

// A world makes days of a gateway that are known to be alike, or differ by what
// is planted.
type world struct {
	rng      *rand.Rand
	calls    float64 // a day
	codes    []worldCode
	ops      []worldOp
	apps     []float64 // shares
	versions []float64
	hosts    []float64
	times    int // durations of an operationType at most

	swing   float64 // coefficient of variation of each code's rate between days
	traffic bool    // weekdays differ by ×0.6 to ×1.5
	clump   float64 // mean size of clumps of failures, in one hour of one client
	slow    float64 // coefficient of variation of the back ends' times between days
	errors  bool    // a log of failures only
}

type worldCode struct {
	name string
	mean float64 // failures a day
	op   int     // the only operationType that has it; -1: all
}

type worldOp struct {
	share   float64
	backend float64 // median, in milliseconds
}

// newWorld returns a world of 9 codes with 5 to 1,000 failures a day among
// 100,000 calls of 10 operationTypes, 2 apps, 4 versions and 3 hosts.
func newWorld(seed uint64) *world {
	w := &world{
		rng:      rand.New(rand.NewPCG(seed, 6)),
		calls:    100_000,
		apps:     []float64{0.8, 0.2},
		versions: []float64{0.6, 0.25, 0.1, 0.05},
		hosts:    []float64{0.34, 0.33, 0.33},
		times:    400,
	}
	for i, mean := range []float64{5, 8, 15, 40, 60, 100, 150, 300, 1000} {
		op := -1
		if i%3 == 2 {
			op = i
		}
		w.codes = append(w.codes, worldCode{strconv.Itoa(3000 + i), mean, op})
	}
	for i := range 10 {
		w.ops = append(w.ops, worldOp{math.Pow(0.6, float64(i)) / 2.485, 20 + 30*float64(i%4)})
	}
	return w
}

// A plant is what is different on a day.
type plant struct {
	code    string // whose mean is multiplied; a new one has mean failures
	times   float64
	mean    float64
	op      int // of failures: where; of calls and times: which
	version int // of failures: where
	gone    bool
	slower  float64
	host    int // that is silent
}

var nothing = plant{op: -1, version: -1, host: -1}

var curve = func() (c [24]float64) {
	sum := 0.0
	for h := range c {
		c[h] = 1 - 0.8*math.Cos(2*math.Pi*float64(h-3)/24)
		sum += c[h]
	}
	for h := range c {
		c[h] /= sum
	}
	return c
}()

// weekdays are the factors of traffic from Monday on.
var weekdays = [7]float64{1.5, 1.2, 1.1, 1, 1.1, 0.7, 0.6}

func (w *world) poisson(mean float64) int64 {
	if mean > 200 {
		return int64(max(0, math.Round(mean+math.Sqrt(mean)*w.rng.NormFloat64())))
	}
	n, p := int64(0), w.rng.ExpFloat64()
	for p < mean {
		n++
		p += w.rng.ExpFloat64()
	}
	return n
}

// gamma returns a factor with mean 1 (Marsaglia and Tsang, ACM TOMS 26, 2000).
func (w *world) gamma(cv float64) float64 {
	if cv == 0 {
		return 1
	}
	shape := 1 / (cv * cv)
	d := shape - 1.0/3
	for {
		x := w.rng.NormFloat64()
		v := math.Pow(1+x/math.Sqrt(9*d), 3)
		if v > 0 && math.Log(1-w.rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v / shape
		}
	}
}

func (w *world) pick(shares []float64) int {
	x := w.rng.Float64()
	for i, s := range shares {
		if x -= s; x < 0 {
			return i
		}
	}
	return len(shares) - 1
}

// day makes the day with that number.
func (w *world) day(number int, p plant) *Span {
	span := &Span{
		Days:   map[string]uint32{fmt.Sprintf("day %04d", number): 1<<24 - 1},
		Counts: map[Slice]*Hours{},
		Times:  map[string]Times{},
	}
	count := func(s Slice, hour int, n int64) {
		if n == 0 {
			return
		}
		h := span.Counts[s]
		if h == nil {
			h = new(Hours)
			span.Counts[s] = h
		}
		h[hour] += n
	}
	traffic := w.gamma(0.05)
	if w.traffic {
		traffic *= weekdays[number%7]
	}
	hosts := slices.Clone(w.hosts)
	if p.host >= 0 {
		hosts[p.host] = 0
	}
	shares := make([]float64, len(w.ops))
	for i, op := range w.ops {
		shares[i] = op.share
		if p.gone && i == p.op {
			shares[i] = 0
		}
	}
	apps := []string{"A1", "A2"}
	all := make([]int64, len(w.ops))
	for h, part := range curve {
		mean := w.calls * traffic * part
		if w.errors {
			continue
		}
		for i, share := range shares {
			n := w.poisson(mean * share)
			all[i] += n
			count(Slice{}, h, n)
			count(Slice{Operation: "op" + strconv.Itoa(i)}, h, n)
		}
		for i, share := range w.apps {
			count(Slice{App: apps[i]}, h, w.poisson(mean*share))
		}
		for i, share := range w.versions {
			count(Slice{Version: "v" + strconv.Itoa(i)}, h, w.poisson(mean*share))
		}
		for i, share := range hosts {
			count(Slice{Host: "h" + strconv.Itoa(i)}, h, w.poisson(mean*share))
		}
	}
	codes := w.codes
	if p.mean > 0 {
		codes = append(slices.Clone(codes), worldCode{p.code, p.mean, p.op})
	}
	for _, c := range codes {
		factor := 1.0
		if p.times > 0 && c.name == p.code {
			factor = p.times
		}
		left := w.poisson(c.mean * traffic * w.gamma(w.swing) / max(w.clump, 1) * max(factor, 1))
		for ; left > 0; left-- {
			size := int64(1)
			for w.clump > 1 && w.rng.Float64() > 1/w.clump {
				size++
			}
			h := w.pick(curve[:])
			op := c.op
			if op < 0 {
				op = w.pick(shares)
			}
			version := w.pick(w.versions)
			// A rise that one value has is made by dropping the rest of it elsewhere.
			if factor > 1 && w.rng.Float64() > 1/factor {
				if p.version >= 0 && version != p.version || p.op >= 0 && op != p.op {
					continue
				}
			} else if factor < 1 && w.rng.Float64() > factor {
				continue
			}
			host := w.pick(hosts)
			if shares[op] == 0 || hosts[host] == 0 {
				continue
			}
			s := Slice{c.name, "op" + strconv.Itoa(op), apps[w.pick(w.apps)], "v" + strconv.Itoa(version), "h" + strconv.Itoa(host)}
			count(s, h, size)
			count(s.only(fCode), h, size)
			for _, f := range dimensions {
				count(s.only(fCode|f), h, size)
				if w.errors {
					count(s.only(f), h, size)
				}
			}
			if w.errors {
				count(Slice{}, h, size)
			}
		}
	}
	var total, backend sorted
	for i, op := range w.ops {
		n := min(int(all[i]), w.times)
		if n == 0 {
			continue
		}
		median := op.backend * w.gamma(w.slow)
		if i == p.op && p.slower > 0 {
			median *= p.slower
		}
		var t, b sorted
		for range n {
			ms := median * math.Exp(0.6*w.rng.NormFloat64())
			b = append(b, int64(ms))
			t = append(t, int64(ms+5*math.Exp(0.3*w.rng.NormFloat64())))
		}
		total, backend = append(total, t...), append(backend, b...)
		slices.Sort(t)
		slices.Sort(b)
		span.Times["op"+strconv.Itoa(i)] = Times{t, b}
	}
	if len(total) > 0 {
		slices.Sort(total)
		slices.Sort(backend)
		span.Times[""] = Times{total, backend}
	}
	return span
}

// days makes n days that are alike, the first with the number from.
func (w *world) days(from, n int) []*Span {
	var all []*Span
	for i := range n {
		all = append(all, w.day(from+i, nothing))
	}
	return all
}
