package analyze

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Counting by time. While the span of a log is not known, records are counted
// in windows of a fine resolution that is coarsened when there are too many of
// them; at the end the windows of the report are put together from these.

const (
	// maxWindows is how many windows with records are told apart while
	// the width is chosen from the data.
	maxWindows = 2048
	// maxFixedWindows is the same for a width that the user has set.
	maxFixedWindows = 20_000
	// maxCells is how many pairs of a window and a code are counted.
	maxCells = 150_000
	// A report's width is chosen so that its span has this many windows.
	fewestWindows, mostWindows = 24, 60
)

const day = 24 * time.Hour

// resolutions are the widths of counting, each a multiple of the one before.
var resolutions = []time.Duration{
	time.Second, 5 * time.Second, time.Minute, 5 * time.Minute, time.Hour, day, 28 * day, 364 * day, 3640 * day,
}

// widths are the widths that a report may choose.
var widths = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 4 * day, 7 * day, 14 * day, 28 * day, 56 * day, 91 * day, 182 * day, 364 * day, 728 * day, 1820 * day, 3640 * day,
}

// floor returns the start of the window of the given width in which the
// instant ms lies, both in Unix milliseconds. Windows are aligned to the clock
// of loc: days begin at its midnight, hours at its full hours. Where the clock
// is turned, a day has 23 or 25 hours.
func floor(ms int64, width time.Duration, loc *time.Location) int64 {
	_, offset := time.UnixMilli(ms).In(loc).Zone()
	wall := ms + int64(offset)*1000
	w := width.Milliseconds()
	into := wall % w
	if into < 0 {
		into += w
	}
	if width <= time.Hour {
		return ms - into
	}
	start := time.UnixMilli(wall - into).UTC()
	t := time.Date(start.Year(), start.Month(), start.Day(), start.Hour(), start.Minute(), start.Second(), start.Nanosecond(), loc)
	if t.Hour() != start.Hour() || t.Minute() != start.Minute() {
		// The clock leaves that time out: the window starts where it jumps.
		if from, to := t.ZoneBounds(); t.Hour()*60+t.Minute() < start.Hour()*60+start.Minute() {
			t = to
		} else {
			t = from
		}
	}
	return t.UnixMilli()
}

// next returns the start of the window behind the one that starts at ms.
func next(ms int64, width time.Duration, loc *time.Location) int64 {
	// Two hours more than the width are inside the next window, or beyond
	// its start, wherever the clock is turned.
	n := floor(ms+width.Milliseconds(), width, loc)
	if n <= ms {
		n = floor(ms+width.Milliseconds()+2*time.Hour.Milliseconds(), width, loc)
	}
	return n
}

// timeline tells in which window an instant lies and how many windows there
// are. It is shared by all series of an Aggregator.
type timeline struct {
	loc    *time.Location
	width  time.Duration
	first  time.Duration // width to begin with
	fixed  bool          // the width is the user's
	asked  time.Duration
	starts []int64 // of the windows that have records, in the order of time

	from, to int64 // the window at hand, [from, to)
	even     evenClock
	version  int // changes with the width
	cells    int // counts that the series hold, at this width
}

func newTimeline(width time.Duration, loc *time.Location) *timeline {
	t := &timeline{loc: loc, width: width, fixed: width > 0, asked: width}
	if !t.fixed {
		t.width = resolutions[0]
	}
	t.first = t.width
	return t
}

// window returns the start of the window of the instant ms.
func (t *timeline) window(ms int64) int64 {
	if ms >= t.from && ms < t.to {
		return t.from
	}
	if t.cells > maxCells {
		t.setWidth(wider(t.width))
	}
	t.find(ms)
	if t.addStart(t.from) && len(t.starts) > t.limit() {
		t.coarsen(t.limit())
		return t.window(ms)
	}
	return t.from
}

// limit returns how many windows with records may be told apart.
func (t *timeline) limit() int {
	if t.fixed {
		return maxFixedWindows
	}
	return maxWindows
}

// addStart takes in the start of a window, and reports whether it is new.
func (t *timeline) addStart(start int64) bool {
	i := len(t.starts)
	if i > 0 && t.starts[i-1] >= start { // it is not the latest
		var found bool
		if i, found = slices.BinarySearch(t.starts, start); found {
			return false
		}
	}
	t.starts = slices.Insert(t.starts, i, start)
	return true
}

// find makes the window of the instant ms the one at hand.
func (t *timeline) find(ms int64) {
	// Between two turns of the clock, windows of up to an hour are a matter of
	// arithmetic.
	offset := t.even.offset(t.loc, ms)
	if w := t.width.Milliseconds(); t.width <= time.Hour && ms+offset >= 0 {
		t.from = ms - (ms+offset)%w
		t.to = t.from + w
		if t.from >= t.even.from && t.to < t.even.to {
			return
		}
	}
	t.from = floor(ms, t.width, t.loc)
	t.to = next(t.from, t.width, t.loc)
}

// evenClock is a span between two turns of a zone's clock: the one of the last
// instant asked for.
type evenClock struct {
	loc      *time.Location
	from, to int64 // Unix milliseconds, [from, to)
	east     int64 // milliseconds east of UTC
}

// offset returns by how many milliseconds the clock of loc is before UTC at an
// instant in Unix milliseconds.
func (e *evenClock) offset(loc *time.Location, ms int64) int64 {
	if ms >= e.from && ms < e.to && e.loc == loc {
		return e.east
	}
	at := time.UnixMilli(ms).In(loc)
	_, seconds := at.Zone()
	*e = evenClock{loc, math.MinInt64, math.MaxInt64, int64(seconds) * 1000}
	from, to := at.ZoneBounds()
	if !from.IsZero() {
		e.from = from.UnixMilli()
	}
	if !to.IsZero() {
		e.to = to.UnixMilli()
	}
	return e.east
}

// settle brings all series to one width at which their counts fit the bound.
func (t *timeline) settle(all []*series) {
	for {
		t.cells = 0
		for _, s := range all {
			s.sync(t)
			t.cells += len(s.counts)
		}
		if t.cells <= maxCells {
			return
		}
		t.setWidth(wider(t.width))
	}
}

// coarsen widens the windows until there are at most limit.
func (t *timeline) coarsen(limit int) {
	for len(t.starts) > limit {
		wider := wider(t.width)
		if wider == t.width {
			return
		}
		t.setWidth(wider)
	}
}

// wider returns the next resolution that is a multiple of width, or the
// double of a width that has none.
func wider(width time.Duration) time.Duration {
	for _, r := range resolutions {
		if r > width && r%width == 0 {
			return r
		}
	}
	return 2 * width
}

func (t *timeline) setWidth(width time.Duration) {
	t.width = width
	t.version++
	t.from, t.to = 0, 0
	t.cells = 0 // counted anew as the series follow
	narrow := t.starts
	t.starts = narrow[:0]
	for _, s := range narrow { // no more than have been read
		t.addStart(floor(s, width, t.loc))
	}
}

// empty makes the timeline one that knows of no window. Its memory is used
// again.
func (t *timeline) empty() {
	*t = timeline{loc: t.loc, width: t.first, first: t.first, fixed: t.fixed, asked: t.asked, starts: t.starts[:0]}
}

// merge adds the windows of b, so that both have the same width.
func (t *timeline) merge(b *timeline) {
	for t.width < b.width {
		w := min(wider(t.width), b.width)
		t.setWidth(w)
	}
	for _, s := range b.starts {
		t.addStart(floor(s, t.width, t.loc))
	}
	t.coarsen(t.limit())
}

// series counts records by window.
type series struct {
	counts  []windowCount // in the order of time
	version int

	start, n int64 // the window at hand and what it has beyond counts
}

// windowCount is the number of records in the window that begins at start.
type windowCount struct{ start, n int64 }

// empty makes the series one that has counted nothing. Its memory is used again.
func (s *series) empty() { *s = series{counts: s.counts[:0]} }

// add counts n records in the window that starts at start.
func (s *series) add(t *timeline, start, n int64) {
	if s.start == start && s.version == t.version {
		s.n += n
		return
	}
	held := len(s.counts)
	if s.version != t.version {
		held = 0
	}
	s.sync(t)
	t.cells += len(s.counts) - held
	s.start, s.n = start, n
}

// flush puts the window at hand into counts.
func (s *series) flush() {
	if s.n > 0 {
		s.put(s.start, s.n)
		s.n = 0
	}
}

// put adds n records to the window that starts at start, which is mostly one of
// the last.
func (s *series) put(start, n int64) {
	i := len(s.counts)
	for ; i > 0 && i > len(s.counts)-4 && s.counts[i-1].start > start; i-- {
	}
	if i > 0 && s.counts[i-1].start > start {
		i, _ = slices.BinarySearchFunc(s.counts, start+1, func(w windowCount, at int64) int { return cmp.Compare(w.start, at) })
	}
	if i > 0 && s.counts[i-1].start == start {
		s.counts[i-1].n += n
		return
	}
	if n := len(s.counts); n == cap(s.counts) {
		s.counts = slices.Grow(s.counts, n+1) // by quarters, it would leave more behind
	}
	s.counts = slices.Insert(s.counts, i, windowCount{start, n})
}

// sync puts the window at hand into counts and brings these to the timeline's
// width.
func (s *series) sync(t *timeline) {
	s.flush()
	if s.version == t.version {
		return
	}
	s.version = t.version
	narrow := s.counts
	s.counts = narrow[:0]
	for _, w := range narrow { // no more windows than have been read
		s.put(floor(w.start, t.width, t.loc), w.n)
	}
}

// merge adds what b has counted; both timelines are at their final width.
func (s *series) merge(t *timeline, b *series) {
	s.sync(t)
	b.flush()
	for _, w := range b.counts {
		s.put(floor(w.start, t.width, t.loc), w.n)
	}
}

// chooseWidth returns the width at which the windows in starts make a report
// of 24 to 60 windows, or the width of counting if that is the user's. A few
// stray stamps far outside the rest do not stretch it: if the middle 99.8 % of
// the records' span is less than a tenth of the whole, the width is chosen for
// that.
func (t *timeline) chooseWidth(counts []windowCount) time.Duration {
	if t.fixed || len(counts) == 0 {
		return t.width
	}
	first, last := core(counts)
	for _, w := range widths {
		if w < t.width || w%t.width != 0 {
			continue
		}
		n := 1
		for s := floor(first, w, t.loc); n <= mostWindows; n++ {
			if s = next(s, w, t.loc); s > last {
				break
			}
		}
		if n <= mostWindows {
			return w
		}
	}
	return widths[len(widths)-1]
}

// core returns the first and last window of the bulk of the records.
func core(counts []windowCount) (first, last int64) {
	var total int64
	for _, w := range counts {
		total += w.n
	}
	edge := total / 1000
	if total >= 50 {
		edge = max(edge, 1) // a single stray one
	}
	i, j := 0, len(counts)-1
	for sum := counts[i].n; sum <= edge && i < j; sum += counts[i].n {
		i++
	}
	for sum := counts[j].n; sum <= edge && j > i; sum += counts[j].n {
		j--
	}
	if whole := counts[len(counts)-1].start - counts[0].start; (counts[j].start-counts[i].start)*10 < whole {
		return counts[i].start, counts[j].start
	}
	return counts[0].start, counts[len(counts)-1].start
}
