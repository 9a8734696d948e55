package change

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// The test of one series of counts.
//
// Let y_d be the events of the days before (d = 1…K), e_d what they were exposed
// to (calls, or hours), Y and E the sums, and y_0 and e_0 the same of now. If
// nothing but chance was at work and all days had one rate, y_0 would follow,
// given Y and with Jeffreys' prior for the rate, a negative binomial
// distribution with mean (Y+1/2)/E·e_0 and shape Y+1/2. Its tail is the Bayesian
// form of the conditional test of two Poisson rates: Przyborowski and Wilenski,
// Homogeneity of results in testing samples from Poisson series, Biometrika 31
// (1940).
//
// Rates swing from day to day by more than chance, and failures come in clumps,
// since clients try again. Both widen the distribution, as in the systems that
// watch counts of diseases: Farrington et al., A statistical algorithm for the
// early detection of outbreaks of infectious disease, JRSS A 159 (1996);
// Noufaily et al., An improved algorithm for outbreak detection in multiple
// surveillance systems, Statistics in Medicine 32 (2013). A swing with the
// coefficient of variation tau makes the shape
//
//	1 / (1/(Y+1/2) + tau²·(1 + Σe_d²/E²))
//
// where the sum is the part of the mean of the days before: they swing as well.
// Clumps of the effective size phi make phi events count as one (quasi-Poisson).

// predictive returns the two-sided probability of a count as far from mean as
// now, or farther, under a negative binomial distribution with that mean and
// shape. Counts need not be whole. Mean and shape are positive.
func predictive(now, mean, shape float64) float64 {
	upper := 1.0
	if now > 0 {
		upper = mathext.RegIncBeta(now, shape, mean/(mean+shape))
	}
	lower := mathext.RegIncBeta(shape, now+1, shape/(mean+shape))
	return min(1, 2*min(upper, lower))
}

// swing is what is assumed and found of the variation between days of one
// measure.
type swing struct {
	prior float64 // coefficient of variation, before anything is known
	floor float64 // the least that is believed, whatever the data say
}

// How much a measure swings from day to day. The numbers were chosen by
// simulation, see TestQuietDays.
var (
	swingOfRates  = swing{prior: 0.14, floor: 0.05}
	swingOfCounts = swing{prior: 0.4, floor: 0.25} // of failures, by the hour: of rates and of traffic
	swingOfCalls  = swing{prior: 0.3, floor: 0.2}  // traffic has weekends
	swingOfTimes  = swing{prior: 0.25, floor: 0.15}
)

const (
	// priorSeries is how many series of counts the prior of a swing weighs as
	// much as, in what all series together say of it.
	priorSeries = 6
	// pooledDays is how many days the swing of all series weighs as much as, in
	// what is assumed of one series.
	pooledDays = 4
	// greatestSwing bounds, as a multiple of the prior's square, what one series
	// says of the swing of all.
	greatestSwing = 4
)

// moment estimates tau² of a series by the method of moments (DerSimonian and
// Laird, Controlled Clinical Trials 7, 1986), from the days first, first+1, … of
// it. weight is how many degrees of freedom that is worth: few events tell
// little. The estimate may be negative, so that its mean is right.
func (s *series) moment(first int, prior float64) (tau2, weight float64) {
	var events, exposure, squares float64
	n := 0
	for d := first; d < len(s.y); d++ {
		if s.e[d] > 0 {
			n++
			events += s.y[d]
			exposure += s.e[d]
			squares += s.e[d] * s.e[d]
		}
	}
	if n < 2 || events == 0 {
		return 0, 0
	}
	rate := events / exposure
	var chi2 float64
	for d := first; d < len(s.y); d++ {
		if s.e[d] > 0 {
			diff := s.y[d] - rate*s.e[d]
			chi2 += diff * diff / (rate * s.e[d])
		}
	}
	df := float64(n - 1)
	information := rate / s.clump * (exposure - squares/exposure) // of tau², df times the mean count
	if information == 0 {
		return 0, 0
	}
	signal := information / df * prior * prior
	reliability := signal / (1 + signal)
	return (chi2/s.clump - df) / information, df * reliability * reliability
}

// setSwing sets tau of all the series, which have the same measure. pool says
// which of them tell the swing of all: those that do not count the same events.
func setSwing(all []*series, pool func(*series) bool, w swing) {
	type told struct{ sum, weight float64 }
	var total told
	tells := map[*series]told{}
	prior2 := w.prior * w.prior
	for _, s := range all {
		if !pool(s) {
			continue
		}
		// One day before has no variation. Then it is that against now, which
		// holds for all series but those that changed, and these are bounded. It does
		// not hold for numbers of calls, which all change at once.
		first := 1
		if s.days() < 2 && s.measure != Calls {
			first = 0
		}
		tau2, weight := s.moment(first, w.prior)
		t := told{weight * min(max(tau2, -prior2), greatestSwing*prior2), weight}
		total.sum += t.sum
		total.weight += t.weight
		if first == 0 {
			tells[s] = t
		}
	}
	for _, s := range all {
		// What changed must not excuse itself.
		t := tells[s]
		pooled := max(0, (priorSeries*prior2+total.sum-t.sum)/(priorSeries+total.weight-t.weight))
		own, weight := s.moment(1, w.prior)
		own = (pooledDays*pooled + weight*own) / (pooledDays + weight)
		s.tau2 = max(own, w.floor*w.floor)
	}
}

// test sets p of the series. It has a day before with an exposure.
func (s *series) test() {
	events, exposure, squares := s.before()
	y := events/s.clump + 0.5
	shape := 1 / (1/y + s.tau2*(1+squares/(exposure*exposure)))
	s.p = predictive(s.y[0]/s.clump, y/exposure*s.e[0], shape)
}

// falseDiscovery sets q of all series: the least false discovery rate at which
// each is found. It is the procedure of Benjamini and Hochberg, Controlling the
// false discovery rate, JRSS B 57 (1995), with weights as in Genovese, Roeder and
// Wasserman, False discovery control with p-value weighting, Biometrika 93
// (2006): each family has its share of all, however many tests it consists of.
// Otherwise the thousands of combinations would drown the few codes.
func falseDiscovery(all []*series) {
	var sizes [families]float64
	for _, s := range all {
		sizes[s.family]++
	}
	var shares float64
	for f, n := range sizes {
		if n > 0 {
			shares += familyShare[f]
		}
	}
	for _, s := range all {
		s.q = s.p * sizes[s.family] * shares / familyShare[s.family]
	}
	order := slices.SortedFunc(slices.Values(all), func(a, b *series) int { return cmp.Compare(a.q, b.q) })
	least := 1.0
	for i := len(order) - 1; i >= 0; i-- {
		least = min(least, order[i].q/float64(i+1))
		order[i].q = least
	}
}

// clumpsOf estimates how many events make a clump, from the hours of the days
// before: Pearson's statistic of the counts by hour, against what they would be if
// the day's events were spread like the exposure of its hours, by its degrees of
// freedom. weight is how many of these that is worth. From three days on, an hour may have its own rate: what
// fails every night at two is no clump.
func (s *series) clumpsOf(mask uint32) (size, weight float64) {
	var chi2, df, total float64
	var flat [24]float64
	for h := range flat {
		flat[h] = 1
	}
	rates, factor := flat, 1.0
	if k := s.days(); k >= 3 {
		for h := range rates {
			var y, e float64
			for d := 1; d < len(s.y); d++ {
				if s.hours[d] != nil && s.shape[d] != nil {
					y += s.hours[d].at(h)
					e += s.shape[d].at(h)
				}
			}
			rates[h] = y / max(e, 1)
		}
		factor = float64(k-1) / float64(k)
	}
	// A code has few events by all four fields, and one client that tries again and
	// again must not be a finding: there the hours of now count as well.
	first := 1
	if s.family != ofCodes {
		first = 0
	}
	for d := first; d < len(s.y); d++ {
		if s.hours[d] == nil || s.shape[d] == nil {
			continue
		}
		rates, factor := rates, factor
		if d == 0 { // what changed must not set its own pattern
			rates, factor = flat, 1
		}
		var events, exposure float64
		for h := range rates {
			if mask>>h&1 != 0 {
				events += s.hours[d].at(h)
				exposure += rates[h] * s.shape[d].at(h)
			}
		}
		if events == 0 || exposure == 0 {
			continue
		}
		n := 0.0
		for h := range rates {
			if e := events * rates[h] * s.shape[d].at(h) / exposure; mask>>h&1 != 0 && e > 0 {
				diff := s.hours[d].at(h) - e
				chi2 += diff * diff / e
				n++
			}
		}
		df += (n - 1) * factor
		total += events
	}
	if df <= 0 || total <= 1 {
		return 1, 0
	}
	// A single event is no clump and no proof that there are none; n events tell of
	// n-1 whether they come with others.
	return chi2 / df, df * (total - 1) / (df + total - 1)
}

const (
	priorHours = 8  // degrees of freedom that the usual clump weighs as much as
	clumpBasis = 20 // events that a code must have to tell the usual clump
	clumpCodes = 3  // codes that must tell it
)

// setClumps sets the size of the clumps of all series, which count failures. pool
// is as of setSwing: their median is the usual size, for those that have too few
// events to tell their own.
func setClumps(all []*series, pool func(*series) bool, mask uint32) {
	type told struct{ size, weight float64 }
	tells := make([]told, len(all))
	var sizes []float64
	for i, s := range all {
		t := &tells[i]
		t.size, t.weight = s.clumpsOf(mask)
		if events, _, _ := s.before(); pool(s) && events >= clumpBasis && t.weight > 0 {
			sizes = append(sizes, t.size)
		}
	}
	usual := 1.0
	if len(sizes) >= clumpCodes {
		slices.Sort(sizes)
		usual = max(1, sizes[len(sizes)/2])
	}
	for i, s := range all {
		t := tells[i]
		s.clump = max(1, (priorHours*usual+t.weight*t.size)/(priorHours+t.weight))
	}
}
