package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"mgslog/analyze"
	"mgslog/parser"
	"mgslog/parser/source"
)

// Reading one period, such as a day, out of logs that go back much further. Which
// files have records of it is decided by what is in them: their first records,
// the last ones of plain files, and where the next file of the same log begins.
// Names decide only what belongs to a log, and in which order. Of a big plain file
// in the order of time only the period's part is read. Whatever is in doubt is
// read whole.

// logs are the files of a command's logs, looked at once, to be read period by
// period.
type logs struct {
	r     *reading // of all of them, which is never read
	files []*logFile
}

// logFile is one file of a log.
type logFile struct {
	in     *planned       // never read: each period has its own copy
	log    string         // path of the log that it is of
	byTime *source.ByTime // nil if the file cannot be searched
	// first is when its first record was, in Unix milliseconds, if it is dated;
	// for a file that can be searched, the earliest of those that were looked at.
	dated bool
	first int64
	// ended tells that the next file of the log begins at next, so that no record
	// is much later.
	ended bool
	next  int64

	used bool // it could be read only once, and was
}

// planLogs looks at the files of the logs that arguments stand for, or of those
// at their usual places, with all their rotations. The zone of the logs, by which
// a period is told, is that of its reading. Errors are those of plan.
func (f *readFlags) planLogs(ctx context.Context, sys *system, args []string) (*logs, error) {
	var members []source.Member
	r, err := f.planNamed(ctx, sys, args, "", func(sys *system, args []string) (named []source.Named, err error) {
		members, err = f.members(sys, args)
		for _, m := range members {
			named = append(named, m.Named)
		}
		return named, err
	})
	if err != nil {
		return nil, err
	}
	l := &logs{r: r}
	families := map[string][]*logFile{}
	for i, in := range r.inputs {
		file := &logFile{in: in, log: members[i].Log}
		if !in.unread() && in.opened == nil {
			file.date(ctx, r)
		}
		l.files = append(l.files, file)
		families[file.log] = append(families[file.log], file)
	}
	for _, files := range families {
		follow(files)
	}
	return l, nil
}

// members returns the files that the arguments stand for, or those of the logs at
// their usual places.
func (f *readFlags) members(sys *system, args []string) ([]source.Member, error) {
	if len(args) > 0 {
		if err := oneStdin(args); err != nil {
			return nil, err
		}
		return source.Families(args, f.recursive), nil
	}
	var found []source.Member
	for _, p := range defaultLogs {
		for _, m := range source.Families([]string{filepath.Join(sys.env("HOME"), p)}, false) {
			if info, err := os.Stat(m.Path); err == nil && info.Mode().IsRegular() {
				found = append(found, m)
			}
		}
	}
	if len(found) == 0 {
		return nil, errNoInput
	}
	return found, nil
}

// stampedLines is of how many records the beginnings are kept, and stampBytes how
// much of each: more than a stamp is long.
const stampedLines, stampBytes = 32, 64

// firstStamps returns the beginnings of the lines with which the first records of
// a sample begin, which is text with full stamps.
func firstStamps(sample []byte) []byte {
	var out []byte
	n := 0
	for at := range new(parser.Options).RecordTimes(sample) {
		line, _, _ := bytes.Cut(sample[at:], []byte{'\n'})
		out = append(append(out, line[:min(len(line), stampBytes)]...), '\n')
		if n++; n == stampedLines {
			break
		}
	}
	return out
}

// date finds out from the file's content when its records were. Nothing is known
// of files whose lines do not tell by themselves whether a record begins there;
// and of those that cannot be read, which reading will tell.
func (f *logFile) date(ctx context.Context, r *reading) {
	in, opt := f.in, r.options(f.in)
	var err error
	if in.info, err = os.Stat(in.Path); err != nil || !opt.Divisible() {
		return
	}
	if len(in.stamps) > 0 {
		f.first, f.dated = firstInOrder(&opt, in.stamps)
		return
	}
	src, err := source.Open(ctx, in.Path, nil)
	if err != nil {
		return
	}
	defer src.Close()
	if src.Decode(in.text); !src.Plain() {
		return
	}
	if b, err := source.NewByTime(src, src.Size, opt.RecordTimes); err == nil && b.Ordered {
		f.byTime, f.first, f.dated = b, b.First, true
	}
}

// firstInOrder returns the earliest time of records, false if there is none or
// they are out of order.
func firstInOrder(opt *parser.Options, records []byte) (first int64, ok bool) {
	var last int64
	for _, ms := range opt.RecordTimes(records) {
		switch {
		case !ok:
			first, last, ok = ms, ms, true
		case ms < last-source.Lateness.Milliseconds():
			return 0, false
		}
		first, last = min(first, ms), max(last, ms)
	}
	return first, ok
}

// follow notes of the files of one log, which stand in the order of their names,
// where the next one begins. If their first records are in another order, the
// clock was set back or the names do not tell, and nothing is known of files that
// cannot be searched.
func follow(files []*logFile) {
	files = slices.DeleteFunc(slices.Clone(files), func(f *logFile) bool { return !f.dated })
	ordered := true
	for i := range max(len(files), 1) - 1 {
		ordered = ordered && files[i].first <= files[i+1].first+source.Lateness.Milliseconds()
	}
	for i, f := range files {
		switch {
		case !ordered && f.byTime == nil:
			f.dated = false
		case ordered && i+1 < len(files):
			f.ended, f.next = true, files[i+1].first
		}
	}
}

// part returns which bytes of the file are to be read for a period, in Unix
// milliseconds, as planned has them; false if none are.
func (f *logFile) part(ctx context.Context, since, until int64) (from, to int64, read bool) {
	late := source.Lateness.Milliseconds()
	switch {
	case f.byTime != nil:
		src, err := source.Open(ctx, f.in.Path, nil)
		if err != nil {
			return 0, 0, true // reading will tell
		}
		defer src.Close()
		if !src.Extends(f.in.info) {
			return 0, 0, true // likewise
		}
		from, to, err := f.byTime.Span(src, since, until)
		if err != nil || to < 0 {
			return from, 0, true
		}
		return from, to, from < to
	case f.dated && (f.first >= until+late || f.ended && f.next < since-late):
		return 0, 0, false
	}
	return 0, 0, true
}

// zone returns the zone of the logs.
func (l *logs) zone() *time.Location { return l.r.zone }

// period returns what is to be read for the records from a time on and before
// another. It may be called for one period after the other, or for several
// before they are read; but what is no file, such as standard input, can be read
// only once and is part of the first.
//
// Its filter lets pass what the flags ask for and is within the period.
func (l *logs) period(ctx context.Context, from, to time.Time) *reading {
	r := *l.r
	r.inputs, r.progress = nil, nil
	r.filter.Since, r.filter.HasSince = from.UnixMilli(), true
	r.filter.Until, r.filter.HasUntil = to.UnixMilli(), true
	r.cover = nil
	read := map[string]bool{}
	for _, f := range l.files {
		in := *f.in
		c := coveredFile{file: f, in: &in}
		switch {
		case in.DuplicateOf != "":
			c.read = read[in.DuplicateOf]
		case in.opened != nil:
			c.read, f.in.opened, f.used = !f.used, nil, true
		case f.used:
		case in.Err != nil:
			c.read = true
		default:
			in.from, in.to, c.read = f.part(ctx, r.filter.Since, r.filter.Until)
		}
		if c.read {
			read[in.Path] = true
			r.inputs = append(r.inputs, c.in)
		}
		r.cover = append(r.cover, c)
	}
	return &r
}

// extent counts the dated records of a period, whatever else a filter asks for.
type extent struct {
	records     int64
	first, last int64 // Unix milliseconds, if there are any
}

// count counts a record of the given time that is within the filter's period.
func (w *extent) count(f *analyze.Filter, ms int64) {
	if ms >= f.Since && ms < f.Until {
		w.add(extent{1, ms, ms})
	}
}

func (w *extent) add(b extent) {
	switch {
	case b.records == 0:
		return
	case w.records == 0:
		*w = b
		return
	}
	w.records += b.records
	w.first, w.last = min(w.first, b.first), max(w.last, b.last)
}

// coveredFile is what a period has of a file.
type coveredFile struct {
	file *logFile
	in   *planned // in the reading of the period, if it is read
	read bool
}

// covered tells how much of a period a log has.
type covered struct {
	log     string   // its path while it is being written
	read    []string // its files that were read, or tried to
	leftOut []string // those that have nothing of the period
	failed  bool     // a file of it was not read, or not to its end
	digest  bool     // it has a line for every call
	// before and behind tell that a dated record before the period was seen, and
	// one at its end or behind it: that the log goes back so far, and goes on.
	before, behind bool
	extent
}

// covered tells of each log, in their order, how much it has of the period, once
// that has been read by aggregate.
func (r *reading) covered() []covered {
	var out []covered
	for _, c := range r.cover {
		i := slices.IndexFunc(out, func(x covered) bool { return x.log == c.file.log })
		if i < 0 {
			i = len(out)
			out = append(out, covered{log: c.file.log})
		}
		x, f := &out[i], c.file
		x.digest = x.digest || f.in.Format.Digest()
		if c.in.DuplicateOf != "" {
			continue // its content is that of another
		}
		since, until := r.filter.Since, r.filter.Until
		if f.dated {
			x.before = x.before || f.first < since
			x.behind = x.behind || f.first >= until || f.byTime != nil && f.byTime.Last >= until
		}
		if !c.read {
			x.leftOut = append(x.leftOut, c.in.Path)
			continue
		}
		x.read = append(x.read, c.in.Path)
		x.failed = x.failed || c.in.Err != nil
		if c.in.Records > c.in.Undated {
			x.before = x.before || c.in.First < since
			x.behind = x.behind || c.in.Last >= until
		}
		x.extent.add(c.in.within)
	}
	return out
}
