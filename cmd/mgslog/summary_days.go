package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/cmd/mgslog/statedir"
)

// days gives the aggregates of days: from aggregate files that were named, from
// the logs, or from the state directory.
type days struct {
	f    *summaryFlags
	sys  *system
	args []string
	now  time.Time
	jobs int
	keys int // Config.MaxKeys

	retention time.Duration

	host  string
	path  string        // of the state directory
	state *statedir.Dir // nil if there is none yet
	// files are the aggregates by label, if the arguments are such files; else
	// nil.
	files map[string]*analyze.Saved
	logs  *logs // nil if the arguments are such files, or there are no logs
	loc   *time.Location

	period period
	head   *analyze.Head // of the period
	// fresh are the days that were read from logs, as they are to be kept.
	fresh map[string]freshDay
	// damaged are the days of the state that cannot be read, and why.
	damaged map[string]error
	noAcks  error // why what was acknowledged cannot be read, if so
}

// freshDay is an aggregate file that is yet to be kept.
type freshDay struct {
	file []byte
	head analyze.Head
}

// dayRead is what was found of a period.
type dayRead struct {
	period     period
	saved      *analyze.Saved
	beginsLate *time.Time // the logs begin in the period
	endsEarly  *time.Time // the logs end in the period
	stored     []string   // days that were taken from the state, since the logs do not have them
	missing    []string   // days of which nothing is known
	part       []string   // days, that are over, of which only a part is known
	outcome    error      // of reading, as reading.outcome gives it
	whole      bool       // the period is over, and the logs have all of it
	known      bool       // a log has records of the period, or before it
	later      bool       // a log begins behind the period
	ended      bool       // a log of all calls ended before the period
}

// minRetention is how long days must be kept, see baseline: a shorter time would
// have a run delete what the next one needs, and the days of other hosts too.
const minRetention = 29 * 24 * time.Hour

func (f *summaryFlags) days(cmd *cobra.Command, sys *system, args []string) (*days, error) {
	d := &days{f: f, sys: sys, args: args, now: sys.now(), host: f.save.name(sys), fresh: map[string]freshDay{}, damaged: map[string]error{}}
	var err error
	if d.keys, err = parseMemory(f.memory); err != nil {
		return nil, usage(fmt.Errorf("--max-memory: %w", err))
	}
	if d.path, err = stateDir(sys, f.state); err != nil {
		return nil, err
	}
	if d.retention, err = parseDuration(f.retention); err != nil || d.retention < minRetention {
		return nil, usage(fmt.Errorf("--retention: %w", cmp.Or(err, fmt.Errorf("%s: want at least 29d, as far back as days are compared with", f.retention))))
	}
	d.state, err = statedir.Open(d.path, false)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, exit{exitUsage, err}
	}
	if d.files, err = aggregates(args); err != nil {
		return nil, err
	}
	for _, path := range f.out {
		if d.files == nil {
			break // find looks at the logs
		}
		if err := notNamed("-o", path, args); err != nil {
			return nil, err
		}
	}
	d.jobs = f.jobs.start(sys, true)
	if err := d.find(cmd.Context()); err != nil {
		return nil, err
	}
	if d.period, err = parsePeriod(f.date, d.now, d.loc); err != nil {
		return nil, usage(fmt.Errorf("--date %w", err))
	}
	return d, nil
}

// find finds the logs, and the zone in which days are counted: that of the
// aggregates or of the logs; where there are none, that of the newest day in the
// state.
func (d *days) find(ctx context.Context) error {
	for _, s := range d.files { // all have one, or they could not be added up
		d.loc = s.Location()
	}
	if d.files != nil {
		return nil
	}
	var err error
	if d.logs, err = d.f.read.planLogs(ctx, d.sys, d.args); err == nil {
		d.loc = d.logs.zone()
		errs := []error{d.logs.r.notInput("--save", d.f.save.path)}
		for _, path := range d.f.out {
			errs = append(errs, d.logs.r.notInput("-o", path))
		}
		return errors.Join(errs...)
	}
	if !errors.Is(err, errNoInput) {
		return err
	}
	for _, day := range slices.Backward(d.onRecord()) {
		if s := d.stored(day); s != nil {
			d.loc = s.Location()
			return nil
		}
	}
	return err
}

// onRecord returns the days of the host that the state has, in their order.
func (d *days) onRecord() []string {
	if d.state == nil || d.files != nil {
		return nil // what the files are of need not be this host
	}
	days, _ := d.state.Days(d.host) // what else is there is told when it is written to
	return days
}

func (d *days) close() {
	if d.state != nil {
		d.state.Close()
	}
}

// aggregates loads the aggregate files that the arguments are, by their labels;
// nil if they are logs. Files of one label, of several hosts, are added up.
func aggregates(args []string) (map[string]*analyze.Saved, error) {
	var files map[string]*analyze.Saved
	for i, path := range args {
		is := kindOfFile(path) == aggregateFile
		if i > 0 && is != (files != nil) {
			return nil, usage(errors.New("aggregate files and logs do not go together"))
		}
		if !is {
			continue
		}
		s, err := loadAggregate(path)
		if err != nil {
			return nil, err
		}
		if files == nil {
			files = map[string]*analyze.Saved{}
		}
		label := s.Head.Label
		if files[label] == nil {
			files[label] = s
		} else if err := files[label].Merge(s); err != nil && !errors.Is(err, analyze.ErrMerged) {
			return nil, usage(fmt.Errorf("%s: %w", path, err))
		}
	}
	return files, nil
}

func loadAggregate(path string) (*analyze.Saved, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, usage(err)
	}
	defer file.Close()
	s, err := analyze.Load(file)
	if err != nil {
		return nil, usage(fmt.Errorf("%s: %w", path, err))
	}
	return s, nil
}

// stored returns a day of the state, nil if it does not have it. A file that
// cannot be read is noted, and as if it were not there.
func (d *days) stored(day string) *analyze.Saved {
	if d.state == nil || d.files != nil {
		return nil
	}
	file, err := d.state.Get(d.host, day)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var s *analyze.Saved
	if err == nil {
		s, err = analyze.Load(bytes.NewReader(file))
	}
	if err == nil {
		err = d.is(day, &s.Head)
	}
	if err != nil {
		d.damaged[day] = err
		return nil
	}
	return s
}

// is returns an error if a file of the state is not of this day and host.
func (d *days) is(day string, h *analyze.Head) error {
	if h.Host != d.host || h.Label != day {
		return fmt.Errorf("it is that of host %q, %q", h.Host, h.Label)
	}
	return nil
}

// unread returns the days of the state that cannot be read and were not read from
// the logs instead, and an error that names these and all else in it that cannot.
func (d *days) unread() ([]string, error) {
	var days []string
	var errs unreadFiles
	for _, day := range slices.Sorted(maps.Keys(d.damaged)) {
		if _, ok := d.fresh[day]; !ok {
			days = append(days, day)
			errs.add(fmt.Errorf("%s: the day %s of host %s: %w", d.path, day, d.host, d.damaged[day]))
		}
	}
	return days, errors.Join(d.noAcks, errs.err())
}

// target returns the period that was asked for.
func (d *days) target(ctx context.Context) (*dayRead, error) {
	x, err := d.of(ctx, d.period)
	if err == nil && x.saved == nil {
		err = exit{exitUsage, fmt.Errorf("nothing is known of %s: neither the logs nor the state have it", d.period.label)}
		if d.files != nil {
			err = usage(fmt.Errorf("no aggregate of %s among the files; they are of %s", d.period.label, d.labels()))
		}
	}
	return x, err
}

// labels says of which periods the files are.
func (d *days) labels() string {
	var labels []string
	for label := range d.files {
		labels = append(labels, cmp.Or(label, "no period, as analyze --save writes them"))
	}
	slices.Sort(labels)
	if len(labels) > maxUnread {
		labels = append(labels[:maxUnread], "...")
	}
	return strings.Join(labels, ", ")
}

// of returns a period; its saved is nil if nothing is known of it.
func (d *days) of(ctx context.Context, p period) (*dayRead, error) {
	switch {
	case d.files != nil:
		return d.fromFiles(p)
	case p.unit == unitDay:
		return d.day(ctx, p)
	}
	return d.several(ctx, p)
}

// fromFiles returns a period out of the aggregate files: the one with its label,
// or those of its days added up.
func (d *days) fromFiles(p period) (*dayRead, error) {
	x := &dayRead{period: p}
	if s := d.files[p.label]; s != nil {
		x.saved, x.whole, x.part = s, s.Head.Whole, d.part(p, s)
		return x, nil
	}
	if p.unit == unitDay {
		return x, nil
	}
	x.whole = true
	for _, q := range d.begun(p) {
		s := d.files[q.label]
		x.part = append(x.part, d.part(q, s)...)
		if err := x.add(q.label, s); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// part returns the label of a period that is over and of which s, unless it is
// nil, has only a part; else none.
func (d *days) part(p period, s *analyze.Saved) []string {
	if s == nil || s.Head.Whole || d.now.Before(p.to) {
		return nil
	}
	return []string{p.label}
}

// begun returns the days of a period that have begun.
func (d *days) begun(p period) []period {
	var days []period
	for _, label := range p.days() {
		if q, err := parsePeriod(label, d.now, d.loc); err == nil {
			days = append(days, q)
		}
	}
	return days
}

// add adds a day to a period; nil if nothing is known of it.
func (x *dayRead) add(day string, s *analyze.Saved) error {
	switch {
	case s == nil:
		x.missing = append(x.missing, day)
		x.whole = false
		return nil
	case x.saved == nil:
		x.saved = s
	default:
		if err := x.saved.Merge(s); err != nil {
			return exit{exitUsage, fmt.Errorf("%s cannot be added to the days before: %w", day, err)}
		}
	}
	x.saved.Head.Label = x.period.label
	x.whole = x.whole && s.Head.Whole
	return nil
}

// day returns a day: what the logs have of it, or the state, if that has more.
func (d *days) day(ctx context.Context, p period) (*dayRead, error) {
	x, err := d.read(ctx, p)
	if err != nil || d.f.replace {
		return x, err
	}
	if x.saved != nil && x.saved.Head.Totals.Records > 0 {
		return x, nil
	}
	if s := d.stored(p.label); s != nil && s.Head.Totals.Records > 0 {
		if exitCode(x.outcome) == exitUsage {
			x.outcome = exit{exitPartial, x.outcome}
		}
		return &dayRead{period: p, saved: s, stored: []string{p.label}, outcome: x.outcome, whole: s.Head.Whole, part: d.part(p, s)}, nil
	}
	if exitCode(x.outcome) == exitUsage {
		return nil, x.outcome // nothing could be read
	}
	return x, nil
}

// several puts a week or a month together from its days: what the state has of
// them whole, else what the logs have.
func (d *days) several(ctx context.Context, p period) (*dayRead, error) {
	out := &dayRead{period: p, whole: true}
	for _, q := range d.begun(p) {
		s := d.stored(q.label)
		if s == nil || !s.Head.Whole {
			x, err := d.day(ctx, q)
			if err != nil {
				return nil, err
			}
			if s = x.saved; len(x.missing) > 0 {
				s = nil
			}
			if x.beginsLate != nil || x.endsEarly != nil && !d.now.Before(q.to) {
				x.part = []string{q.label}
			}
			out.part = append(out.part, x.part...)
			out.outcome = cmp.Or(out.outcome, x.outcome)
		}
		if err := out.add(q.label, s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// read reads a day from the logs. Its saved is nil if there are no logs, or none
// that could have had a record of it.
func (d *days) read(ctx context.Context, p period) (*dayRead, error) {
	x := &dayRead{period: p}
	if d.logs == nil {
		return x, nil
	}
	r := d.logs.period(ctx, p.from, p.to)
	r.progress = newProgress(d.sys, r.inputs)
	agg := analyze.New(analyze.Config{Location: d.loc, Filter: r.filter, MaxKeys: d.keys, Detail: true})
	x.outcome = r.outcome(r.aggregate(ctx, agg, d.jobs))
	if code := exitCode(x.outcome); code >= exitInterrupted {
		return nil, exit{code, fmt.Errorf("%w; nothing is written", x.outcome)}
	}
	logs := r.covered()
	x.judge(logs, minTime(p.to, d.now))
	over := !d.now.Before(p.to)
	x.whole = over && x.known && !x.later && !x.ended && x.beginsLate == nil && x.endsEarly == nil && x.outcome == nil
	about := analyze.About{Generator: generator(), Host: d.host, Label: p.label, Whole: x.whole}
	for _, c := range logs {
		about.Logs = append(about.Logs, filepath.Base(c.log))
	}
	s, err := agg.Saved(about)
	if err != nil {
		return nil, exit{exitOutput, err}
	}
	x.saved = s
	if s.Head.Totals.Records == 0 && !x.whole {
		x.missing = []string{p.label}
		return x, nil
	}
	if over && x.ended {
		x.part = []string{p.label}
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		return nil, exit{exitOutput, err}
	}
	d.fresh[p.label] = freshDay{file.Bytes(), s.Head}
	return x, nil
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// How it is told whether a log that has no record at an edge of the day lacks
// some or was only quiet: it lacks some if so many would be expected there by
// its mean rate, and the edge is so long.
const (
	edgeRecords = 20
	edgeMillis  = int64(30 * time.Minute / time.Millisecond)
)

// judge finds out whether the logs begin or end within the period, of which
// until is the end or now, and whether any of them has something of it.
func (x *dayRead) judge(logs []covered, until time.Time) {
	from, to := x.period.from.UnixMilli(), until.UnixMilli()
	for i := range logs {
		c := &logs[i]
		x.known = x.known || c.before || c.records > 0
		if c.records == 0 {
			x.later = x.later || !c.before && c.behind
			x.ended = x.ended || c.digest && c.before && !c.behind
			continue
		}
		lacks := func(silent int64) bool {
			rest := max(to-from-silent, 1)
			return silent > edgeMillis && float64(c.records)/float64(rest)*float64(silent) > edgeRecords
		}
		if !c.before && lacks(c.first-from) {
			x.beginsLate = later(x.beginsLate, time.UnixMilli(c.first).In(x.period.from.Location()))
		}
		if !c.behind && lacks(to-c.last) {
			end := time.UnixMilli(c.last).In(x.period.from.Location())
			if x.endsEarly == nil || end.Before(*x.endsEarly) {
				x.endsEarly = &end
			}
		}
	}
}

func later(a *time.Time, b time.Time) *time.Time {
	if a != nil && a.After(b) {
		return a
	}
	return &b
}
