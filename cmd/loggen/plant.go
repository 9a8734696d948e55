package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A plant is a change that is put into a log for its reader to find.
//
//	new,code=7016,share=0.01,from=…    that share of the calls ends with a code that had not been there
//	rate,code=4002,by=2,from=…         a code's chance, multiplied
//	gone,op=OPERATIONTYPE,from=…       nobody calls it any more
//	slow,op=OPERATIONTYPE,by=4,from=…  its time in the business system, multiplied
//	clock,by=-10m,from=…               the host's clock is set: stamps and trace ids move
//	zone,to=+00:00,from=…              the host's zone is changed: its stamps move, its trace ids do not
//
// It lasts from a minute, as 2006-01-02 15:04 in the log's zone, to the end of
// the log, or with until= to that minute. With op=, new and rate hold for calls
// of one operationType only.
type plant struct {
	kind        string
	from, until int64 // Unix milliseconds, half-open
	code        int
	op          *operation // nil: all
	share       float64
	by          float64
	shift       int64 // milliseconds
	zone        *time.Location
}

// plantKeys are the keys of each kind that must be there, besides from.
var plantKeys = map[string][]string{
	"new":   {"code", "share"},
	"rate":  {"code", "by"},
	"gone":  {"op"},
	"slow":  {"op", "by"},
	"clock": {"by"},
	"zone":  {"to"},
}

// maxPlants bounds the plants of a log, well below the number of operations.
const maxPlants = 100

// parsePlant reads the text of a --plant, its times in the given zone.
func parsePlant(text string, zone *time.Location) (plant, error) {
	kind, rest, _ := strings.Cut(text, ",")
	need, ok := plantKeys[kind]
	if !ok {
		return plant{}, fmt.Errorf("want one of %s first", strings.Join(slices.Sorted(maps.Keys(plantKeys)), ", "))
	}
	p := plant{kind: kind, until: math.MaxInt64}
	missing := append([]string{"from"}, need...)
	given := map[string]bool{}
	for field := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(field, "=")
		optional := key == "until" || key == "op" && (kind == "new" || kind == "rate")
		if i := slices.Index(missing, key); i >= 0 {
			missing = slices.Delete(missing, i, i+1)
		} else if !optional || given[key] {
			return plant{}, fmt.Errorf("%q is not for %s, or is there twice", key, kind)
		}
		given[key] = true
		if err := p.set(key, value, zone); err != nil {
			return plant{}, fmt.Errorf("%s: %w", key, err)
		}
	}
	if len(missing) > 0 {
		return plant{}, fmt.Errorf("%s needs %s=", kind, strings.Join(missing, "= and "))
	}
	if p.from >= p.until {
		return plant{}, errors.New("it ends before it begins")
	}
	known := p.code != 0 && (p.code == 1000 || slices.ContainsFunc(failures, func(w weighted) bool { return w.code == p.code }))
	switch {
	case kind == "new" && known:
		return plant{}, fmt.Errorf("code %d is there already, use rate", p.code)
	case kind == "rate" && (!known || p.code == 1000):
		return plant{}, fmt.Errorf("code %d is no failure that the log has", p.code)
	}
	return p, nil
}

// set reads the value of one key.
func (p *plant) set(key, value string, zone *time.Location) error {
	number := func(most float64) (float64, error) {
		x, err := strconv.ParseFloat(value, 64)
		if err != nil || !(x >= 0 && x <= most) {
			return 0, fmt.Errorf("%q: want a number from 0 to %v", value, most)
		}
		return x, nil
	}
	var err error
	switch key {
	case "from", "until":
		at, err := time.ParseInLocation("2006-01-02 15:04", value, zone)
		if err != nil {
			return fmt.Errorf("%q: want a form like 2006-01-02 15:04", value)
		}
		if key == "from" {
			p.from = at.UnixMilli()
		} else {
			p.until = at.UnixMilli()
		}
	case "code":
		if p.code, err = strconv.Atoi(value); err != nil || p.code < 1000 || p.code > 9999 {
			return fmt.Errorf("%q: want four digits", value)
		}
	case "op":
		i := slices.IndexFunc(operations, func(o operation) bool { return o.name == value })
		if i < 0 {
			return fmt.Errorf("%q: no such operationType", value)
		}
		p.op = &operations[i]
	case "share":
		p.share, err = number(1)
	case "by":
		if p.kind != "clock" {
			p.by, err = number(1000)
			break
		}
		d, err := time.ParseDuration(value)
		if err != nil || d.Abs() > 10*365*24*time.Hour {
			return fmt.Errorf("%q: want a form like -10m or 8h", value)
		}
		p.shift = d.Milliseconds()
	case "to":
		p.zone, err = parseZone(value)
	}
	return err
}

// active yields the plants of a kind that are on at the instant ms and hold for
// calls of op.
func (c *config) active(kind string, ms int64, op *operation) func(func(*plant) bool) {
	return func(yield func(*plant) bool) {
		for i := range c.plants {
			p := &c.plants[i]
			if p.kind == kind && p.from <= ms && ms < p.until && (p.op == nil || p.op == op) && !yield(p) {
				return
			}
		}
	}
}

// shift returns by how many milliseconds the host's clock is wrong at the instant
// ms.
func (c *config) shift(ms int64) int64 {
	var sum int64
	for p := range c.active("clock", ms, nil) {
		sum += p.shift
	}
	return sum
}

// zone returns the zone of the host at the instant ms: the last that was set.
func (c *config) zone(ms int64) *time.Location {
	zone := c.start.Location()
	for p := range c.active("zone", ms, nil) {
		zone = p.zone
	}
	return zone
}

// call returns the operation that is called in place of op at the instant ms: op
// itself, unless it is gone. Then salt picks another, in the usual proportions.
func (c *config) call(op *operation, ms int64, salt uint64) *operation {
	for {
		gone := false
		for range c.active("gone", ms, op) {
			gone = true
		}
		if !gone {
			return op
		}
		salt = mix(salt)
		op = &operations[zipf[salt&(1<<14-1)]]
	}
}

// slowness returns by what the time of op in the business system is multiplied
// at the instant ms.
func (c *config) slowness(op *operation, ms int64) float64 {
	by := 1.0
	for p := range c.active("slow", ms, op) {
		by *= p.by
	}
	return by
}

// A swing is how the chance of each failure differs from day to day: by a factor
// that is log-normal with mean 1 and the coefficient of variation --noise, as rates of
// failures in the field are more uneven than chance alone makes them. It follows
// from seed, code and day, so that all hosts of a fleet have the same.
type swing struct {
	cfg      *config
	from, to int64           // of the day whose factors are known, Unix milliseconds, half-open
	factors  map[int]float64 // by code, of that day
}

// factor returns the factor of a code on the day of the instant ms.
func (s *swing) factor(code int, ms int64) float64 {
	if s.cfg.noise == 0 {
		return 1
	}
	if ms < s.from || ms >= s.to {
		y, m, d := s.cfg.local(ms).Date()
		zone := s.cfg.start.Location()
		s.from, s.to = time.Date(y, m, d, 0, 0, 0, 0, zone).UnixMilli(), time.Date(y, m, d+1, 0, 0, 0, 0, zone).UnixMilli()
		s.factors = map[int]float64{}
	}
	f, ok := s.factors[code]
	if !ok {
		variance := math.Log1p(s.cfg.noise * s.cfg.noise) // of the logarithm
		r := rand.New(rand.NewPCG(s.cfg.seed, mix(uint64(s.from)^uint64(code)<<48)))
		f = math.Exp(math.Sqrt(variance)*r.NormFloat64() - variance/2)
		s.factors[code] = f
	}
	return f
}
