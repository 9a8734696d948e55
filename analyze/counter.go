package analyze

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
)

// Bounds of counting by key. Together they keep an Aggregator's memory flat.
const (
	// DefaultMaxKeys is how many keys one breakdown counts exactly.
	DefaultMaxKeys = 10_000
	// totalKeys is how many keys all breakdowns of an Aggregator hold
	// together, as a multiple of one's bound.
	totalKeys = 4
	// savedKeys is totalKeys for what was saved, by earlier versions too.
	savedKeys = 5
	// keyBytes is the most memory that a key takes: itself, its counts and its
	// place in a map.
	keyBytes = 400
	// maxTimed is how many keys of a breakdown have quantiles of their own.
	maxTimed = 1000
	// maxKeyLen is how many bytes of a key are kept.
	maxKeyLen = 200
)

// MaxKeys returns the Config.MaxKeys with which all keys together take no more
// than so many bytes, at least 1.
func MaxKeys(bytes uint64) int {
	return int(max(1, min(bytes/(keyBytes*totalKeys), math.MaxInt32)))
}

// DefaultMemory is how many bytes the keys take at most with DefaultMaxKeys.
const DefaultMemory = DefaultMaxKeys * totalKeys * keyBytes

// budget is the number of keys that the counters sharing it may still add, and
// what they hold ready for these.
type budget struct {
	left int
	// folding is called before cells are taken out of a counter: whoever holds
	// a cell must bring it up to date and forget it.
	folding func()

	// cells and times are of keys that are gone, to be used again. A log in
	// which no key comes twice takes a new one for each record.
	cells []*cell
	times []*durations

	weights []int64 // for fold, to be used again
}

// cellsAtOnce is how many cells are allocated at a time, since none is ever given
// back: as many as fill what Go allocates for them, 480 bytes.
const cellsAtOnce = 12

// cell returns a cell for key.
func (b *budget) cell(key string) *cell {
	b.left--
	if len(b.cells) == 0 {
		more := make([]cell, cellsAtOnce)
		for i := range more {
			b.cells = append(b.cells, &more[i])
		}
	}
	n := len(b.cells) - 1
	x := b.cells[n]
	b.cells = b.cells[:n]
	x.key = key
	return x
}

// free takes a cell back.
func (b *budget) free(x *cell) {
	b.left++
	*x = cell{}
	b.cells = append(b.cells, x)
}

// durations returns times that have counted nothing.
func (b *budget) durations() *durations {
	n := len(b.times) - 1
	if n < 0 {
		return &durations{}
	}
	d := b.times[n]
	b.times = b.times[:n]
	return d
}

// Counter counts records by a key: exactly while its keys fit its bound, and
// beyond that its heavy hitters. When the bound is reached, the lighter half
// of the keys is folded into "other"; a key that comes back afterwards has
// lost at most what it had, which Missed bounds. So each count is a lower
// limit, count+missed an upper one, and the counts and other always add up to
// the number of records.
type Counter struct {
	order  []*cell // in the order in which they came
	places places  // of order
	seed   maphash.Seed
	max    int
	shared *budget

	none   cell  // records that do not say
	other  tally // folded keys
	missed int64 // the most that any folded key may have had
	folded int   // keys folded, with repeats
	// Few keys of few counters have times, so that they are not in the cells.
	times map[*cell]*durations
	timed int // keys that were given times, at most maxTimed

	maxTimed int
}

// cell is the count of one key.
type cell struct {
	key    string
	tally  tally
	missed int64 // what the key may have had before it came (back) here
}

// tally counts records and, of them, failures.
type tally struct{ records, failures int64 }

func (t *tally) add(failures, n int64) {
	t.records += n
	t.failures += failures
}

// newCounter returns a Counter of at most max keys that draws on shared.
func newCounter(max int, shared *budget) *Counter {
	return &Counter{seed: maphash.MakeSeed(), max: max, shared: shared, maxTimed: maxTimed}
}

// add counts one record under key.
func (c *Counter) add(key []byte, failure int64) { c.at(key).tally.add(failure, 1) }

// at returns the cell of key, which it copies; of an empty key, that of none.
// The cell is the key's until budget.folding is called.
func (c *Counter) at(key []byte) *cell {
	if len(key) == 0 {
		return &c.none
	}
	hash := maphash.Bytes(c.seed, key)
	x := findKey(c, hash, key)
	if x == nil {
		x = c.insert(string(cut(key)))
	}
	return x
}

// of returns the cell of key as at does, and shares its text.
func (c *Counter) of(key string) *cell {
	if key == "" {
		return &c.none
	}
	x := c.find(key)
	if x == nil {
		x = c.insert(key)
	}
	return x
}

// find returns the cell of a key, nil if it has none.
func (c *Counter) find(key string) *cell { return findKey(c, maphash.String(c.seed, key), key) }

// findKey returns the cell of a key that has that hash, nil if it has none.
func findKey[T string | []byte](c *Counter, hash uint64, key T) *cell {
	if len(c.order) == 0 {
		return nil
	}
	for n, place := c.places.next(hash, hash); n >= 0; n, place = c.places.next(hash, place) {
		if x := c.order[n]; x.key == string(key) {
			return x
		}
	}
	return nil
}

// insert returns the cell of key, which may be new.
func (c *Counter) insert(key string) *cell {
	if x := c.find(key); x != nil { // a key that was too long and is cut
		return x
	}
	if c.full() {
		c.shared.folding() // which may be to count records of this very key
		if x := c.find(key); x != nil {
			return x
		}
		if c.full() {
			c.fold()
		}
	}
	x := c.shared.cell(key)
	x.missed = c.missed
	c.append(x)
	return x
}

// full reports whether there is no room for another key.
func (c *Counter) full() bool { return len(c.order) >= c.max || c.shared.left <= 0 }

// append takes in a cell whose key has none yet.
func (c *Counter) append(x *cell) {
	c.order = append(c.order, x)
	if c.places.full(len(c.order)) {
		c.index()
		return
	}
	c.places.put(maphash.String(c.seed, x.key), len(c.order)-1)
}

// index makes the places of all cells anew.
func (c *Counter) index() {
	c.places = c.places.cleared(len(c.order))
	for n, x := range c.order {
		c.places.put(maphash.String(c.seed, x.key), n)
	}
}

// timesOf returns the times of a key's cell, nil for none and if too many keys
// have times already: these are for the first keys that ask.
func (c *Counter) timesOf(x *cell) *durations {
	times := c.times[x]
	if times == nil && x != &c.none && c.timed < c.maxTimed {
		c.timed++
		times = c.shared.durations()
		c.measure(x, times)
	}
	return times
}

// measure gives a cell times.
func (c *Counter) measure(x *cell, times *durations) {
	if c.times == nil {
		c.times = map[*cell]*durations{}
	}
	c.times[x] = times
}

// measures reports whether a key has times.
func (c *Counter) measures(key []byte) bool {
	key = cut(key)
	x := findKey(c, maphash.Bytes(c.seed, key), key)
	return x != nil && c.times[x] != nil
}

// empty makes the Counter one that has counted nothing. Nobody may hold a cell of
// it. Its memory is used again, unless --max-memory let it grow beyond the usual.
func (c *Counter) empty() {
	for _, times := range c.times {
		if len(c.shared.times) < maxSpare {
			times.empty()
			c.shared.times = append(c.shared.times, times)
		}
	}
	clear(c.times)
	for _, x := range c.order {
		c.shared.free(x)
	}
	clear(c.order)
	kept := Counter{seed: c.seed, max: c.max, shared: c.shared, times: c.times, maxTimed: c.maxTimed}
	if len(c.order) <= DefaultMaxKeys {
		kept.order, kept.places = c.order[:0], c.places.cleared(len(c.order))
	}
	*c = kept
}

// maxSpare is how many times of keys that are gone are used again: the next may be
// another counter's.
const maxSpare = 512

// fold moves the lighter half of the keys into other; of those equally heavy,
// the last ones to come. Nobody may hold a cell.
func (c *Counter) fold() {
	weights := c.shared.weights[:0]
	for _, x := range c.order {
		weights = append(weights, x.tally.records)
	}
	c.shared.weights = weights
	limit, equal := lighterHalf(weights)
	kept := c.order[:0]
	for _, x := range c.order {
		if x.tally.records > limit || x.tally.records == limit && equal > 0 {
			if x.tally.records == limit {
				equal--
			}
			kept = append(kept, x)
			continue
		}
		c.other.add(x.tally.failures, x.tally.records)
		c.missed = max(c.missed, x.tally.records+x.missed)
		c.folded++
		delete(c.times, x)
		c.shared.free(x)
	}
	clear(c.order[len(kept):])
	if c.order = kept; cap(kept) > 8*len(kept) {
		c.order = slices.Clone(kept)
	}
	c.index()
}

// lighterHalf returns the weight below which all belong to the lighter half, and
// how many of those that weigh as much do not. It sorts weights.
func lighterHalf(weights []int64) (limit int64, equal int) {
	slices.Sort(weights)
	lighter := len(weights) - len(weights)/2
	if lighter > 0 {
		limit = weights[lighter-1]
		upTo, _ := slices.BinarySearch(weights, limit+1)
		equal = upTo - lighter
	}
	return limit, equal
}

// heaviest returns the limit heaviest cells, at least one, heaviest first.
func (c *Counter) heaviest(limit int) []*cell {
	var top []*cell
	for _, x := range c.order {
		if len(top) == limit {
			if byWeight(top[limit-1], x) < 0 {
				continue
			}
			top = top[:limit-1]
		}
		i, _ := slices.BinarySearchFunc(top, x, byWeight)
		top = slices.Insert(top, i, x)
	}
	return top
}

// byWeight puts the heavier of two cells first; of those equally heavy, the one whose
// key is.
func byWeight(a, b *cell) int {
	if a.tally.records != b.tally.records {
		return cmp.Compare(b.tally.records, a.tally.records)
	}
	return cmp.Compare(a.key, b.key)
}

// merge adds what b has counted.
func (c *Counter) merge(b *Counter) {
	c.none.tally.add(b.none.tally.failures, b.none.tally.records)
	c.other.add(b.other.failures, b.other.records)
	if b.missed > 0 {
		for _, x := range c.order {
			if b.find(x.key) == nil {
				x.missed += b.missed
			}
		}
	}
	missed := c.missed
	for _, y := range b.order {
		x := c.find(y.key)
		if x == nil {
			x = c.insert(y.key)
			x.missed = max(x.missed, missed)
		}
		x.tally.add(y.tally.failures, y.tally.records)
		x.missed += y.missed
		if from := b.times[y]; from != nil {
			if times := c.timesOf(x); times != nil {
				times.merge(from)
			}
		}
	}
	c.missed += b.missed
	c.folded += b.folded
}

// Breakdown is the content of a Counter, heaviest key first.
type Breakdown struct {
	Entries []BreakdownEntry
	None    int64 // records that do not name a key
	Other   int64 // records of keys that were folded together
	Folded  int   // how often a key was folded; 0 means that all counts are exact
	Missed  int64 // the most that a key not listed may have had
}

// BreakdownEntry is one key of a Breakdown. Its true count is between Count
// and Count+Missed.
type BreakdownEntry struct {
	Value    string
	Count    int64
	Failures int64
	Missed   int64
	Latency  *Quantiles // total milliseconds, nil if not measured
	Backend  *Quantiles // milliseconds in the business system, nil if not measured
}

// breakdown returns the heaviest limit keys, at least one; the rest is in Other too.
func (c *Counter) breakdown(limit int) Breakdown {
	if c == nil {
		return Breakdown{}
	}
	b := Breakdown{None: c.none.tally.records, Other: c.other.records, Folded: c.folded, Missed: c.missed}
	for _, x := range c.order {
		b.Other += x.tally.records
	}
	for _, x := range c.heaviest(limit) {
		b.Other -= x.tally.records
		e := BreakdownEntry{Value: x.key, Count: x.tally.records, Failures: x.tally.failures, Missed: x.missed}
		e.Latency, e.Backend = c.times[x].quantiles()
		b.Entries = append(b.Entries, e)
	}
	return b
}
