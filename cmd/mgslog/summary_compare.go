package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"math/bits"
	"slices"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/analyze/change"
	"mgslog/report"
)

// What a summary says of a period beside those before it.

// baseline are the earlier periods to compare with: of a day the seven days
// before and the same weekday of the three weeks before those, of a week or a
// month the three before.
func (d *days) baseline(p period) (earlier []period) {
	if p.unit != unitDay {
		for range 3 {
			p = p.before()
			earlier = append(earlier, p)
		}
		return earlier
	}
	week := p
	for p = p.before(); len(earlier) < 7; p = p.before() {
		earlier = append(earlier, p)
	}
	for i := range 4 {
		next, ok := week.weekBefore()
		if !ok {
			break
		}
		if week = next; i > 0 {
			earlier = append(earlier, week)
		}
	}
	return earlier
}

// earlier returns an earlier period: from the files, from the state, or, if that
// is wanted, from the logs; nil if nothing is known of it.
func (d *days) earlier(ctx context.Context, p period, fromLogs bool) (*analyze.Saved, error) {
	if d.files != nil {
		if x, err := d.fromFiles(p); err == nil && len(x.missing) == 0 {
			return x.saved, nil
		}
		return nil, nil
	}
	if p.unit != unitDay {
		return d.earlierDays(p), nil
	}
	s := d.comparable(p.label)
	if s != nil && s.Head.Whole || !fromLogs || d.logs == nil {
		return s, nil
	}
	x, err := d.read(ctx, p)
	if err != nil {
		return nil, err
	}
	if x.saved == nil || x.saved.Head.Totals.Records == 0 && !x.whole || s != nil && s.Head.Totals.Records > x.saved.Head.Totals.Records {
		return s, nil
	}
	return x.saved, nil
}

// comparable returns a day of the state, nil if it does not have it or has it of
// other logs than the period.
func (d *days) comparable(day string) *analyze.Saved {
	if s := d.stored(day); s != nil && alike(&s.Head, d.head) {
		return s
	}
	return nil
}

// alike reports whether two days are of the same logs: the failures of an error
// log are no share of a digest's calls. Logs whose names are all others, as where
// each day's has a name of its own, are the same if their format is.
func alike(a, b *analyze.Head) bool {
	x, y := logsOf(a), logsOf(b)
	common := slices.ContainsFunc(x, func(log string) bool { return slices.Contains(y, log) })
	return slices.Equal(x, y) || !common && a.Format == b.Format
}

// logsOf returns the names of the logs that an aggregate is of, sorted.
func logsOf(h *analyze.Head) []string {
	var logs []string
	for _, p := range h.Parts {
		logs = append(logs, p.Logs...)
	}
	slices.Sort(logs)
	return slices.Compact(logs)
}

// earlierDays puts an earlier week or month together from the days in the state;
// nil if one is missing, or they cannot be added up.
func (d *days) earlierDays(p period) *analyze.Saved {
	x := &dayRead{period: p}
	for _, label := range p.days() {
		if s := d.comparable(label); s == nil || x.add(label, s) != nil {
			return nil
		}
	}
	return x.saved
}

// compare makes what a summary says of the period, and of what came before.
func (d *days) compare(ctx context.Context, x *dayRead, lang catalog.Lang) (*report.DailyInput, error) {
	p := x.period
	d.head = &x.saved.Head
	in := &report.DailyInput{
		Lang: lang, Generator: generator(), Label: p.label, From: p.from, To: p.to, Days: len(p.days()), Now: d.now,
		Summary: x.saved.Summary(),
		Coverage: report.Coverage{
			NotOver: d.now.Before(p.to), BeginsLate: x.beginsLate, EndsEarly: x.endsEarly, MissingDays: x.missing, PartDays: x.part, FromState: x.stored,
		},
		Files: d.args, Flags: d.f.read.reading(),
	}
	for _, part := range x.saved.Head.Parts {
		if !slices.Contains(in.Hosts, part.Host) {
			in.Hosts = append(in.Hosts, part.Host)
		}
	}
	slices.Sort(in.Hosts)
	var (
		spans []*change.Span
		names []string
		heads []*analyze.Head
	)
	for i, q := range d.baseline(p) {
		asked := i == 0 || p.unit == unitDay && i == 6 // the totals are set against these
		s, err := d.earlier(ctx, q, asked)
		if err != nil {
			return nil, err
		}
		var summary *analyze.Summary
		if s != nil {
			d.sys.limitMemory(memoryCompare, someGarbage)
			summary = s.Summary()
			spans, names = append(spans, &summary.Detail.Span), append(names, q.label)
			head := s.Head // alone, without what was counted
			heads = append(heads, &head)
		}
		if asked {
			in.Earlier = append(in.Earlier, report.EarlierPeriod{Label: q.label, Summary: summary})
		}
	}
	found := change.Compare(&in.Summary.Detail.Span, spans, change.Options{})
	in.Findings, in.FindingsCut, in.CommonHours = found.Findings, found.Cut, bits.OnesCount32(found.Hours)
	in.FalseDiscoveryRate = change.DefaultQ
	for _, i := range found.Compared {
		in.Compared = append(in.Compared, names[i])
		d.silence(in, spans[i], i == found.Compared[0])
	}
	d.firstSeen(in, heads)
	in.Coverage.UnreadDays, _ = d.unread()
	d.acks(in)
	return in, nil
}

// missingCalls is how many calls an hour or a host must have had before for its
// silence to be told.
const missingCalls = 20

// silence notes the hours and the hosts that have no record in a single day, and
// had some in an earlier one; those stay that every earlier one has.
func (d *days) silence(in *report.DailyInput, before *change.Span, first bool) {
	if in.Days != 1 {
		return
	}
	now := &in.Summary.Detail.Span
	var hours, hosts []string
	all := before.Counts[change.Slice{}]
	for hour := range 24 {
		begins := time.Date(in.From.Year(), in.From.Month(), in.From.Day(), hour, 0, 0, 0, in.From.Location())
		if begins.Hour() == hour && begins.Add(time.Hour).Before(in.Now) &&
			now.Days[in.Label]&(1<<hour) == 0 && all != nil && all[hour] >= missingCalls {
			hours = append(hours, begins.Format("2006-01-02 15:04"))
		}
	}
	for of, n := range before.Counts {
		if of.Host != "" && of == (change.Slice{Host: of.Host}) && n.Total() >= missingCalls && now.Counts[of].Total() == 0 {
			hosts = append(hosts, of.Host)
		}
	}
	slices.Sort(hosts)
	c := &in.Coverage
	if !first {
		hours = slices.DeleteFunc(c.SilentHours, func(x string) bool { return !slices.Contains(hours, x) })
		hosts = slices.DeleteFunc(c.MissingHosts, func(x string) bool { return !slices.Contains(hosts, x) })
	}
	c.SilentHours, c.MissingHosts = hours, hosts
}

// firstSeen notes the names that no earlier day on record has. heads are those of
// earlier days that need not be in the state.
func (d *days) firstSeen(in *report.DailyInput, heads []*analyze.Head) {
	first := in.From.Format(dayLayout)
	known := map[string]bool{}
	days := map[string]bool{}
	cut := in.Summary.Detail.Seen.Cut
	note := func(h *analyze.Head) {
		s := &h.Seen
		for kind, names := range map[string][]string{"code": s.Codes, "operation_type": s.Operations, "client_version": s.Versions, "exception": s.Fingerprints} {
			for _, name := range names {
				known[kind+" "+name] = true
			}
		}
		for day := range h.Days {
			days[day] = true
		}
		cut = cut || s.Cut
	}
	for _, h := range heads {
		note(h)
	}
	for _, s := range d.files {
		if h := &s.Head; len(h.Days) > 0 && slices.Max(slices.Collect(maps.Keys(h.Days))) < first {
			note(h)
		}
	}
	for _, day := range d.onRecord() {
		if day >= first || days[day] {
			continue
		}
		if h := d.readHead(day); h != nil && alike(h, d.head) {
			note(h)
		}
	}
	if in.SeenDays = len(days); in.SeenDays == 0 {
		return
	}
	if cut {
		in.Coverage.NamesCut = true
	}
	add := func(kind, name, label string, count int64) {
		if !known[kind+" "+name] && (kind == "code" || !cut) {
			in.FirstSeen = append(in.FirstSeen, report.FirstSeen{Kind: kind, Value: name, Label: label, Count: count})
		}
	}
	s := in.Summary
	for i := range s.Codes {
		if c := &s.Codes[i]; c.Failure && !catalog.Harmless(c.Key) {
			add("code", c.Key.String(), "", c.Count)
		}
	}
	counts := s.Detail.Span.Counts
	for _, name := range s.Detail.Seen.Operations {
		add("operation_type", name, "", counts[change.Slice{Operation: name}].Total())
	}
	for _, name := range s.Detail.Seen.Versions {
		add("client_version", name, "", counts[change.Slice{Version: name}].Total())
	}
	for i, name := range s.Detail.Seen.Fingerprints {
		add("exception", name, s.Detail.Seen.Labels[i], s.Detail.Seen.Counts[i])
	}
}

// readHead reads the head of a day in the state. One that cannot be read is noted,
// and nil.
func (d *days) readHead(day string) *analyze.Head {
	file, err := d.state.Open(d.host, day)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a run that is at work has removed it meanwhile
	}
	var h *analyze.Head
	if err == nil {
		defer file.Close()
		h, err = analyze.ReadHead(file)
	}
	if err == nil {
		err = d.is(day, h)
	}
	if err != nil {
		d.damaged[day] = err
		return nil
	}
	return h
}

// acks adds what somebody has looked at. If it cannot be read, that is noted, and
// all is told.
func (d *days) acks(in *report.DailyInput) {
	if d.state == nil {
		return
	}
	acks, err := d.state.Acks()
	d.noAcks = err
	for _, a := range acks {
		in.Acks = append(in.Acks, report.Ack{Key: a.Key, Note: a.Note, By: a.By, At: a.At.In(d.loc), Until: a.Until})
	}
}
