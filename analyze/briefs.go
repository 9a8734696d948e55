package analyze

import "mgslog/parser"

// Most records of a digest are told in brief, and what is counted of such a
// record is mostly what was counted of the one before: the same code in the same
// window. Stretches of these are counted as one; only what differs from record to
// record is looked at in each.

// AddBriefs counts records of the input announced last, as Add counts them, at most
// parser.MaxBriefs. whole returns the ith as a Record, for those of which a Brief
// does not tell enough. The Aggregator must not be one with Config.Detail.
func (a *Aggregator) AddBriefs(briefs []parser.Brief, whole func(i int) *parser.Record) {
	if len(briefs) == 0 {
		return
	}
	a.inputs[len(a.inputs)-1].countBriefs(briefs)
	f := &a.cfg.Filter
	var now stretch
	var room [parser.MaxBriefs]*group
	groups := room[:len(briefs)]
	a.recall(groups, briefs)
	for i := range briefs {
		b, g := &briefs[i], groups[i]
		if g != nil && g.version != a.memo.version {
			g = nil // forgotten since: a host may have taken another key's place
		}
		drop := f.outside(b.Time) || g != nil && !g.chosen
		asked := !drop && (g == nil || !g.brief && !a.enough(g))
		if drop || asked || b.Stress && !f.IncludeStress {
			switch {
			case drop:
				a.totals.Filtered++
			case asked:
				a.addStretch(&now)
				a.count(whole(i), b.Host, b.Made, b.Traced)
				a.recall(groups[i+1:], briefs[i+1:])
			default:
				a.totals.Stress++
				a.totals.StressFailures += g.code.failure
			}
			continue
		}
		if g.code != now.code || b.Time < a.line.from || b.Time >= a.line.to {
			a.addStretch(&now)
			a.line.window(b.Time)
			now.code, now.first, now.last = g.code, b.Time, b.Time
		}
		now.n++
		now.first, now.last = min(now.first, b.Time), max(now.last, b.Time)
		g.n++
		g.measure(int64(b.LatencyMS), int64(b.BackendMS))
		a.addHost(g.code, nil, b.Host, b.Traced)
	}
	a.addStretch(&now)
}

// stretch is a number of records of one code in one window, one behind the other,
// that are yet to be counted.
type stretch struct {
	code        *codeCount
	n           int64
	first, last int64 // Unix milliseconds
}

// addStretch counts the records of r, and makes it empty.
func (a *Aggregator) addStretch(r *stretch) {
	c, n := r.code, r.n
	if n == 0 {
		return
	}
	widen(&a.first, &a.lastTime, a.dated() > 0, r.first, r.last)
	start := a.line.window(r.first)
	a.all.add(a.line, start, n)
	a.totals.Records += n
	a.totals.Coded += n
	a.totals.Failures += c.failure * n
	a.totals.Success += (1 - c.failure) * n
	widen(&c.first, &c.last, c.dated() > 0, r.first, r.last)
	c.series.add(a.line, start, n)
	c.count += n
	c.evidence[parser.ByPosition] += n
	a.fileOf(c).tally.add(c.failure*n, n)
	*r = stretch{}
}

// recall looks up what is known of the Groups of Briefs: of all at once, since memory
// is waited for, for several no longer than for one.
func (a *Aggregator) recall(groups []*group, briefs []parser.Brief) {
	for i := range briefs {
		groups[i] = a.known(briefs[i].Group)
	}
}

// known returns what is remembered of a Group, nil if it is nothing.
func (a *Aggregator) known(of uint64) *group {
	i := int(of % parser.GroupLimit)
	if of/parser.GroupLimit != a.memo.epoch || i >= len(a.memo.groups) {
		return nil
	}
	g := &a.memo.groups[i]
	if g.version != a.memo.version {
		return nil
	}
	return g
}

// enough reports whether Briefs tell all that is counted of the group's next
// records, and remembers it if they do.
func (a *Aggregator) enough(g *group) bool {
	g.brief = g.code != nil && g.timed && len(g.code.samples) >= a.cfg.Samples
	return g.brief
}

// countBriefs is count for records that are told in brief.
func (in *Input) countBriefs(briefs []parser.Brief) {
	n := int64(len(briefs))
	in.Formats[parser.GatewayDigest] += n
	in.Coded += n
	voting := in.voting()
	known := in.Records > in.Undated
	first, last, previous := in.First, in.Last, in.previous
	if !known {
		first, last, previous = briefs[0].Time, briefs[0].Time, briefs[0].Time
		in.opening = first
	}
	for i := range briefs {
		b := &briefs[i]
		if b.Time < previous {
			in.Backwards++
		}
		previous = b.Time
		first, last = min(first, b.Time), max(last, b.Time)
		if !b.Traced {
			continue
		}
		if !parser.Timely(b.Time, b.Made) {
			in.Disagree++
		}
		if voting {
			in.votes.Add(b.Time+in.even.offset(in.zone(), b.Time), b.Made)
		}
	}
	in.Records += n
	in.First, in.Last, in.previous = first, last, previous
}
