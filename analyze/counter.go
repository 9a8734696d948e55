package analyze

import (
	"cmp"
	"slices"
)

// Bounds of counting by key. Together they keep an Aggregator's memory flat.
const (
	// DefaultMaxKeys is how many keys one breakdown counts exactly.
	DefaultMaxKeys = 10_000
	// totalKeys is how many keys all breakdowns of an Aggregator hold
	// together, as a multiple of one's bound.
	totalKeys = 5
	// maxKeyLen is how many bytes of a key are kept.
	maxKeyLen = 200
)

// budget is the number of keys that the counters sharing it may still add.
type budget struct{ left int }

// Counter counts records by a key: exactly while its keys fit its bound, and
// beyond that its heavy hitters. When the bound is reached, the lighter half
// of the keys is folded into "other"; a key that comes back afterwards has
// lost at most what it had, which Missed bounds. So each count is a lower
// limit, count+missed an upper one, and the counts and other always add up to
// the number of records.
type Counter struct {
	cells  map[string]*cell
	max    int
	shared *budget

	none   tally // records that do not say
	other  tally // folded keys
	missed int64 // the most that any folded key may have had
	folded int   // keys folded, with repeats
}

// cell is the count of one key.
type cell struct {
	key    string
	tally  tally
	missed int64 // what the key may have had before it came (back) here

	latency, backend *Histogram // nil unless the counter measures
}

// tally counts records and, of them, failures.
type tally struct{ records, failures int64 }

func (t *tally) add(failures, n int64) {
	t.records += n
	t.failures += failures
}

// newCounter returns a Counter of at most max keys that draws on shared.
func newCounter(max int, shared *budget) *Counter {
	return &Counter{cells: map[string]*cell{}, max: max, shared: shared}
}

// add counts one record under key, which it copies; an empty key counts as
// none. It returns the key's cell, nil for none.
func (c *Counter) add(key []byte, failure int64) *cell {
	if len(key) == 0 {
		c.none.add(failure, 1)
		return nil
	}
	x := c.cells[string(key)]
	if x == nil {
		x = c.insert(string(key[:min(len(key), maxKeyLen)]))
	}
	x.tally.add(failure, 1)
	return x
}

// insert returns the cell of key, which may be new.
func (c *Counter) insert(key string) *cell {
	if x := c.cells[key]; x != nil { // a key that was too long and is cut
		return x
	}
	if len(c.cells) >= c.max || c.shared.left <= 0 {
		c.fold()
	}
	x := &cell{key: key, missed: c.missed}
	c.cells[key] = x
	c.shared.left--
	return x
}

// fold moves the lighter half of the keys into other.
func (c *Counter) fold() {
	cells := c.sorted()
	keep := len(cells) / 2
	for _, x := range cells[keep:] {
		c.other.add(x.tally.failures, x.tally.records)
		c.missed = max(c.missed, x.tally.records+x.missed)
		delete(c.cells, x.key)
		c.folded++
		c.shared.left++
	}
}

// sorted returns the cells, heaviest first.
func (c *Counter) sorted() []*cell {
	cells := make([]*cell, 0, len(c.cells))
	for _, x := range c.cells {
		cells = append(cells, x)
	}
	slices.SortFunc(cells, func(a, b *cell) int {
		return cmp.Or(cmp.Compare(b.tally.records, a.tally.records), cmp.Compare(a.key, b.key))
	})
	return cells
}

// merge adds what b has counted.
func (c *Counter) merge(b *Counter) {
	c.none.add(b.none.failures, b.none.records)
	c.other.add(b.other.failures, b.other.records)
	for key, x := range c.cells {
		if b.cells[key] == nil {
			x.missed += b.missed
		}
	}
	missed := c.missed
	for _, y := range b.sorted() {
		x := c.cells[y.key]
		if x == nil {
			x = c.insert(y.key)
			x.missed = max(x.missed, missed)
		}
		x.tally.add(y.tally.failures, y.tally.records)
		x.missed += y.missed
		x.latency = mergeHistograms(x.latency, y.latency)
		x.backend = mergeHistograms(x.backend, y.backend)
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

// breakdown returns the heaviest limit keys; the rest is not other: its sum
// is what is left.
func (c *Counter) breakdown(limit int) Breakdown {
	if c == nil {
		return Breakdown{}
	}
	b := Breakdown{None: c.none.records, Other: c.other.records, Folded: c.folded, Missed: c.missed}
	for i, x := range c.sorted() {
		if i >= limit {
			b.Other += x.tally.records
			continue
		}
		b.Entries = append(b.Entries, BreakdownEntry{
			Value: x.key, Count: x.tally.records, Failures: x.tally.failures, Missed: x.missed,
			Latency: x.latency.quantiles(), Backend: x.backend.quantiles(),
		})
	}
	return b
}
