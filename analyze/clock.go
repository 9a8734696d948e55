package analyze

import "mgslog/parser"

// Finding out that a log's clock was set.
//
// A log is nearly in the order of time: some records are written late, one by
// one. When the clock is set back, all records are before those in front of
// them, until the old time is reached again. When its zone is changed, the
// stamps begin to contradict the trace ids, which hold an absolute time, or
// cease to. Either is told from so many records in a row that single stray ones
// cannot be meant. A clock that is set forward leaves a gap and no other trace.

const (
	// stepRecords is how many records in a row make a step.
	stepRecords = 50
	// A step back is from a minute, below which several threads may write out
	// of order, to 14 hours, as zones are; more is another log behind the first.
	minStep, maxStep = 60_000, 14 * 3600_000
)

// clock looks for steps in the records of one input, in their order.
type clock struct {
	n      int64 // records
	latest int64 // time of the latest record of the stretch
	back   run   // records that are before it
	odd    run   // traced records that are timely where those before were not, or the other way round
	traced bool  // timely means something
	timely bool
	last   int64 // n at the last step
	// first is the first stepRecords records; votes, how many more of them are
	// timely than not.
	first run
	votes int
}

// run is so many records in a row.
type run struct {
	n      int
	line   int64 // of the first
	from   int64 // the latest time before it
	to     int64 // its own
	latest int64 // of all of them
}

func (x *run) add(line, before, at int64) {
	if x.n == 0 {
		*x = run{line: line, from: before, to: at, latest: at}
	}
	x.n++
	x.latest = max(x.latest, at)
}

// add looks at the next record, whose trace id was made at made if it is traced.
// It returns a step that this record completes.
func (c *clock) add(line, at, made int64, traced bool) (step run, found bool) {
	timely := traced && parser.Timely(at, made)
	if c.n == 0 {
		c.latest = at
	}
	if c.n < stepRecords {
		c.first.add(line, at, at)
		if timely {
			c.votes++
		} else if traced {
			c.votes--
		}
	}
	c.n++
	before := c.latest
	if isStep(c.latest, at) {
		c.back.add(line, c.latest, at)
	} else {
		c.back.n = 0
		c.latest = max(c.latest, at)
	}
	switch {
	case !traced:
	case !c.traced:
		c.traced, c.timely = true, timely
	case timely == c.timely:
		c.odd.n = 0
	default:
		c.odd.add(line, before, at)
	}
	switch stepRecords {
	case c.back.n:
		step = c.back
	case c.odd.n:
		step = c.odd
		c.timely = !c.timely
	default:
		return run{}, false
	}
	found = c.last == 0 || c.n-c.last > 2*stepRecords // else it is the step told last, seen in the other way
	c.latest, c.last, c.back.n, c.odd.n = step.latest, c.n, 0, 0
	return step, found
}

// isStep reports whether a record at the instant at is behind the latest one by
// as much as a clock is set back.
func isStep(latest, at int64) bool { return at < latest-minStep && at > latest-maxStep }

// follow goes on with what b has found in the section behind. It returns a step
// at the place where the two meet. Lines of b are counted from the line behind
// lines.
func (c *clock) follow(b clock, lines int64) (step run, found bool) {
	if c.n == 0 || b.n == 0 {
		if b.n > 0 {
			*c = b
		}
		return run{}, false
	}
	step = run{line: b.first.line + lines, from: c.latest, to: b.first.to}
	if c.back.n > 0 { // it began before the place
		step.line, step.to = c.back.line, c.back.to
	}
	found = b.n >= stepRecords && (isStep(c.latest, b.first.latest) || c.traced && b.traced && c.timely == (b.votes < 0))
	if !found && b.last == 0 {
		b.latest = max(b.latest, c.latest)
	}
	b.first, b.votes, b.n = c.first, c.votes, b.n+c.n
	if b.last > 0 || found {
		b.last += c.n
	}
	*c = b
	return step, found
}
