package change

import (
	"math"
	"testing"
)

// TestPredictive checks the tails against sums of the probabilities, and against
// the conditional test of Przyborowski and Wilenski, which they come near to
// without a swing.
func TestPredictive(t *testing.T) {
	t.Parallel()
	// exact sums the negative binomial distribution from its definition.
	exact := func(now int, mean, shape float64) float64 {
		lower := 0.0
		for k := range now + 1 {
			a, _ := math.Lgamma(shape + float64(k))
			b, _ := math.Lgamma(shape)
			c, _ := math.Lgamma(float64(k) + 1)
			p := math.Exp(a - b - c + shape*math.Log(shape/(mean+shape)) + float64(k)*math.Log(mean/(mean+shape)))
			if k == now { // counts in both tails
				return min(1, 2*min(lower+p, 1-lower))
			}
			lower += p
		}
		panic("not reached")
	}
	for _, tc := range []struct {
		now         int
		mean, shape float64
	}{
		{0, 0.5, 0.5},
		{3, 0.5, 0.5},
		{0, 50, 4},
		{10, 40.5, 40.5},
		{80, 40.5, 40.5},
		{80, 40.5, 12.3},
		{41, 40.5, 12.3},
		{1200, 1000, 60},
	} {
		got, want := predictive(float64(tc.now), tc.mean, tc.shape), exact(tc.now, tc.mean, tc.shape)
		if math.Abs(got-want) > 1e-9+1e-6*want {
			t.Errorf("%d of %v, shape %v: %v, want %v", tc.now, tc.mean, tc.shape, got, want)
		}
	}

	// 40 events on one day and 70 on the next: with equal exposures the second are
	// binomial, of 110.
	upper := 0.0
	for k := 70; k <= 110; k++ {
		a, _ := math.Lgamma(111)
		b, _ := math.Lgamma(float64(k) + 1)
		c, _ := math.Lgamma(float64(110-k) + 1)
		upper += math.Exp(a - b - c - 110*math.Ln2)
	}
	s := &series{y: []float64{70, 40}, e: []float64{1000, 1000}, clump: 1}
	s.test()
	if ratio := s.p / (2 * upper); ratio < 0.7 || ratio > 1.05 {
		t.Errorf("p = %v, by the conditional test %v", s.p, 2*upper)
	}
}

// TestSwing checks what widens the distribution, and that it does.
func TestSwing(t *testing.T) {
	t.Parallel()
	p := func(y []float64, tau2, clump float64) float64 {
		s := &series{y: y, e: []float64{100, 100, 100, 100}[:len(y)], tau2: tau2, clump: clump}
		s.test()
		return s.p
	}
	counts := []float64{80, 40, 40, 40}
	plain := p(counts, 0, 1)
	if swung := p(counts, 0.04, 1); swung < 10*plain {
		t.Errorf("with a swing of 20 %% %v, without %v", swung, plain)
	}
	if clumped := p(counts, 0, 4); clumped < 10*plain {
		t.Errorf("in clumps of 4 %v, one by one %v", clumped, plain)
	}
	if one := p(counts[:2], 0.04, 1); one < 2*p(counts, 0.04, 1) {
		t.Errorf("with one day before %v, with three %v", one, p(counts, 0.04, 1))
	}
}

// TestMoment checks the estimate of the swing by its mean over many series that
// have a known one.
func TestMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(21)
	for _, tc := range []struct{ cv, mean float64 }{{0, 50}, {0.1, 1000}, {0.2, 30}, {0.2, 1000}, {0.4, 300}} {
		const n = 3000
		sum, weights := 0.0, 0.0
		for range n {
			s := &series{y: make([]float64, 7), e: make([]float64, 7), clump: 1}
			for d := range s.y {
				s.e[d] = 1000 * float64(1+d%3)
				s.y[d] = float64(w.poisson(tc.mean * float64(1+d%3) * w.gamma(tc.cv)))
			}
			tau2, weight := s.moment(1, 0.2)
			sum += tau2
			weights += weight
		}
		if got := sum / n; math.Abs(got-tc.cv*tc.cv) > 0.002+0.07*tc.cv*tc.cv {
			t.Errorf("mean %v: tau² = %.4f, want %.4f", tc.mean, got, tc.cv*tc.cv)
		}
		if got := weights / n; got <= 0 || got > 5 {
			t.Errorf("mean %v: worth %.2f degrees of freedom of 5", tc.mean, got)
		}
	}
	for _, s := range []*series{
		{y: []float64{5, 5}, e: []float64{9, 9}, clump: 1},
		{y: []float64{5, 0, 0}, e: []float64{9, 9, 9}, clump: 1},
		{y: []float64{5, 7, 0}, e: []float64{9, 9, 0}, clump: 1},
	} {
		if tau2, weight := s.moment(1, 0.2); tau2 != 0 || weight != 0 {
			t.Errorf("%v has no variation to see, got %v, %v", s.y, tau2, weight)
		}
	}
}

// TestClumps checks the size of clumps against their known size: that of a clump
// as an event sees it, which is 2m-1 if clumps are geometric with mean m.
func TestClumps(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		mean      float64
		days      int
		low, high float64
	}{{1, 1, 1, 1.3}, {1, 6, 1, 1.15}, {4, 1, 5, 11}, {4, 6, 5, 9}} {
		w := newWorld(22)
		w.times = 0
		w.clump = tc.mean
		var all []*series
		for i := range 5 {
			s := &series{family: ofCodes, slice: Slice{Code: w.codes[i+3].name}}
			for d := range tc.days + 1 {
				span := w.day(d, nothing)
				s.hours = append(s.hours, span.Counts[s.slice])
				s.shape = append(s.shape, span.Counts[Slice{}])
				s.y, s.e = append(s.y, 100), append(s.e, 100)
			}
			all = append(all, s)
		}
		setClumps(all, func(*series) bool { return true }, allDay)
		sum := 0.0
		for _, s := range all {
			sum += s.clump / float64(len(all))
		}
		if sum < tc.low || sum > tc.high {
			t.Errorf("clumps of %v, %d days: %.2f events count as one, want %v to %v", tc.mean, tc.days, sum, tc.low, tc.high)
		}
	}

	// What fails every night at two is no clump, once that is known.
	var night, flat Hours
	night[2] = 500
	for h := range flat {
		flat[h] = 1000
	}
	s := &series{family: ofCodes}
	for range 5 {
		s.hours, s.shape = append(s.hours, &night), append(s.shape, &flat)
		s.y, s.e = append(s.y, 500), append(s.e, 24000)
	}
	setClumps([]*series{s}, func(*series) bool { return true }, allDay)
	if s.clump != 1 {
		t.Errorf("every night: %.2f events count as one, want 1", s.clump)
	}
}

// TestFalseDiscovery checks the procedure against a table of it by hand.
func TestFalseDiscovery(t *testing.T) {
	t.Parallel()
	// One family: q is the least of p·m/rank from here on.
	var all []*series
	for _, p := range []float64{0.03, 0.001, 0.5, 0.02, 0.04} {
		all = append(all, &series{p: p})
	}
	falseDiscovery(all)
	for i, want := range []float64{0.05, 0.005, 0.5, 0.05, 0.05} {
		if math.Abs(all[i].q-want) > 1e-12 {
			t.Errorf("p = %v: q = %v, want %v", all[i].p, all[i].q, want)
		}
	}

	// A thousand combinations cost a code no more than their share.
	all = []*series{{p: 0.0005, family: ofCodes}}
	for range 1000 {
		all = append(all, &series{p: 0.9, family: ofQuads})
	}
	falseDiscovery(all)
	if want := 0.0005 * (familyShare[ofCodes] + familyShare[ofQuads]) / familyShare[ofCodes]; math.Abs(all[0].q-want) > 1e-12 {
		t.Errorf("q = %v, want %v", all[0].q, want)
	}
}

// TestOwnSwing checks that with one day before, what changed does not count as
// swing for itself, but does for the others.
func TestOwnSwing(t *testing.T) {
	t.Parallel()
	var all []*series
	for _, now := range []float64{1000, 1000, 1000, 3000} {
		all = append(all, &series{measure: Failures, y: []float64{now, 1000}, e: []float64{1, 1}, clump: 1})
	}
	setSwing(all, func(*series) bool { return true }, swingOfRates)
	if own, others := all[3].tau2, all[0].tau2; own >= others {
		t.Errorf("tau² of what changed is %.4f, of the others %.4f", own, others)
	}
}
