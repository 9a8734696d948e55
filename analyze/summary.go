package analyze

import (
	"maps"
	"slices"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/analyze/change"
	"mgslog/parser"
)

// topKeys is how many keys of a breakdown a Summary lists.
const topKeys = 20

// Summary is what an Aggregator has counted, as plain data of its own. All
// times are Unix milliseconds, all lists in a fixed order.
type Summary struct {
	Location *time.Location // zone in which the windows are aligned
	Inputs   []Input
	Totals   Totals
	From, To int64 // first and last dated record counted; both 0 if there is none

	Window      time.Duration // width of the windows
	WindowAsked time.Duration // width asked for, if it had to be widened; else 0
	Windows     []Window      // those with records, in order of time

	Codes       []CodeSummary // most frequent first
	ExcessCodes int64         // records of codes beyond the bound of different codes

	Uncoded        Breakdown // uncoded records by the class of the root exception
	UncodedSamples []Sample

	Operations, Apps, Workspaces, Hosts Breakdown // coded records
	Sides, Actors                       []Share   // failures by side, and by who must act

	// Detail is what only an Aggregator with Config.Detail counts; else nil.
	Detail *Detail
}

// Detail is what a summary of a day says and compares beyond a report.
type Detail struct {
	// Numbers of distinct values among the coded calls, and among those that
	// failed in fact (not harmlessly): estimates with a standard error of 0.8 %,
	// exact while there are few. Zero where no record names any.
	Users, Devices                 int64
	AffectedUsers, AffectedDevices int64
	Latency, Backend               *Quantiles // of all coded calls; nil if the records do not say
	Seen                           Seen
	Span                           change.Span
	ClockSteps                     []ClockStep
}

// Seen are the names that occurred, sorted. A list that had to be cut ends the
// claim that what is not in it did not occur: Cut tells so.
type Seen struct {
	Codes        []string // as reports name them: 4001, android:2
	Operations   []string
	Versions     []string // of clients
	Fingerprints []string // of exceptions
	// Labels say what a fingerprint stands for, in its order: the class of the
	// root cause and the method that threw it. Counts are the records with it.
	Labels []string
	Counts []int64
	Cut    bool
}

// ClockStep is a place where a log's clock was set: for a while all records are
// before those in front of them, or the stamps begin to contradict the trace
// ids.
type ClockStep struct {
	Input string // path
	Host  string // of the trace id of the record behind it; "" if it has none
	Line  int64  // of the first record behind it; below 1 if it is not known
	From  int64  // time of the latest record before, Unix milliseconds
	To    int64  // time of the record behind
}

// Window counts the records of one time window, [Start, Start+width).
type Window struct {
	Start   int64
	Records int64
	Uncoded int64
	Counts  map[parser.Key]int64
}

// Share is a number of failures under a name.
type Share struct {
	Name  string
	Count int64
}

// CodeSummary is what was counted of one code.
type CodeSummary struct {
	Key         parser.Key
	Failure     bool
	Count       int64
	Undated     int64 // of Count: records without a time
	First, Last int64 // of the others; both 0 if there are none
	Evidence    map[parser.Evidence]int64

	Operations, Apps, Workspaces, Hosts, Files Breakdown
	Exceptions                                 Breakdown  // by the class of the root exception
	Latency, Backend                           *Quantiles // nil if the records do not say
	Samples                                    []Sample   // the first ones
}

// Summary returns what has been counted so far. The Aggregator may go on.
func (a *Aggregator) Summary() *Summary {
	a.forget()
	a.settle()
	s := &Summary{
		Location: a.cfg.Location, Totals: a.totals, ExcessCodes: a.excess,
		Uncoded: a.uncodedRoots.breakdown(topKeys), UncodedSamples: slices.Clone(a.uncodedKept),
		Operations: a.operations.breakdown(topKeys), Apps: a.apps.breakdown(topKeys),
		Workspaces: a.workspaces.breakdown(topKeys), Hosts: a.hosts.breakdown(topKeys),
	}
	for _, in := range a.inputs {
		in.suggest()
		s.Inputs = append(s.Inputs, *in)
	}
	s.Window = a.line.chooseWidth(a.all.counts)
	if a.line.fixed && s.Window != a.line.asked {
		s.WindowAsked = a.line.asked
	}
	windows := map[int64]*Window{}
	at := func(start int64) *Window {
		start = floor(start, s.Window, a.line.loc)
		w := windows[start]
		if w == nil {
			w = &Window{Start: start, Counts: map[parser.Key]int64{}}
			windows[start] = w
		}
		return w
	}
	for _, w := range a.all.counts {
		at(w.start).Records += w.n
	}
	for _, w := range a.uncoded.counts {
		at(w.start).Uncoded += w.n
	}
	sides, actors := map[catalog.Side]int64{}, map[catalog.Actor]int64{}
	var unassigned int64 // of codes that the catalogue does not know
	for _, c := range a.sortedCodes() {
		for _, w := range c.series.counts {
			at(w.start).Counts[c.key] += w.n
		}
		s.Codes = append(s.Codes, c.summary())
		if c.failure == 0 {
			continue
		}
		sides[catalog.SideOf(c.key)] += c.count
		if actor, ok := catalog.ActorOf(c.key); ok {
			actors[actor] += c.count
		} else {
			unassigned += c.count
		}
		if catalog.Harmless(c.key) {
			s.Totals.Harmless += c.count
		}
	}
	for _, side := range []catalog.Side{catalog.Gateway, catalog.Service, catalog.Client, catalog.SideUnknown} {
		if n := sides[side]; n > 0 {
			s.Sides = append(s.Sides, Share{side.String(), n})
		}
	}
	for _, actor := range catalog.Actors() {
		if n := actors[actor]; n > 0 {
			s.Actors = append(s.Actors, Share{actor.String(), n})
		}
	}
	if unassigned > 0 {
		s.Actors = append(s.Actors, Share{"unknown", unassigned})
	}
	for _, start := range slices.Sorted(maps.Keys(windows)) {
		s.Windows = append(s.Windows, *windows[start])
	}
	s.From, s.To = a.first, a.lastTime
	s.Detail = a.detailSummary()
	return s
}

// settle brings everything that is counted by time to its final width.
func (a *Aggregator) settle() {
	all := []*series{&a.all, &a.uncoded}
	for _, c := range a.codes {
		all = append(all, &c.series)
	}
	a.line.settle(all)
}

func (c *codeCount) summary() CodeSummary {
	s := CodeSummary{
		Key: c.key, Failure: c.failure == 1, Count: c.count, Undated: c.undated, First: c.first, Last: c.last,
		Evidence:   map[parser.Evidence]int64{},
		Operations: c.operations.breakdown(topKeys), Apps: c.apps.breakdown(topKeys),
		Workspaces: c.workspaces.breakdown(topKeys), Hosts: c.hosts.breakdown(topKeys),
		Files: c.files.breakdown(topKeys), Exceptions: c.roots.breakdown(topKeys),
		Samples: slices.Clone(c.samples),
	}
	s.Latency, s.Backend = c.times.quantiles()
	for e, n := range c.evidence {
		if n > 0 {
			s.Evidence[parser.Evidence(e)] = n
		}
	}
	return s
}
