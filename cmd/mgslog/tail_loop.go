package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
	"mgslog/parser/source"
	"mgslog/report"
)

const (
	// stepBytes is how much of a log is read before the others have their turn.
	stepBytes = 1 << 20
	// maxTailed is how many logs are shown at once.
	maxTailed = 1000
	// maxCollected is how many records of all logs are put in order at the
	// beginning.
	maxCollected = 10_000
	// expandEach is how often new logs are looked for in directories, statusEach
	// how often the status is made anew, and quietFor how long a log does not
	// grow before the bell is to tell when it does.
	expandEach = time.Second
	statusEach = time.Second
	quietFor   = time.Second
	// saveEach is how often the state is saved, and saveFolded the same where
	// that ends the counting of bursts.
	saveEach   = time.Second
	saveFolded = 5 * time.Second
	// lastWait is for how long an output that takes nothing is waited for when a
	// signal ends the program.
	lastWait = 2 * time.Second
)

// tailer is one run of mgslog tail. All of it is done by one goroutine, but for
// the reading of streams and the writing of what is shown.
type tailer struct {
	sys   *system
	flags *tailFlags
	r     *reading
	args  []string

	records int // to begin with, of each log; allRecords for all
	until   analyze.CodeSet
	json    bool

	logs    []*tailedLog
	chunks  chan chunk
	buf     []byte         // of all followers
	groups  *parser.Groups // of all logs
	bell    *source.Bell
	rolling *analyze.Rolling
	live    *report.Live
	enc     report.Encoder
	out     *pump
	screen  *screen // nil if it is no terminal

	state *source.State // as it was loaded; nil without a state file

	collecting bool // the records of the beginning are kept, to be put in order
	collected  []collectedRecord

	started, expanded, shown, saved, summed time.Time
	reached                                 bool // a code of until has come
	gaps                                    int
}

// collectedRecord is a record of the beginning.
type collectedRecord struct {
	log *tailedLog
	rec parser.Record
}

// newTailer checks the flags and prepares a run.
func newTailer(cmd *cobra.Command, sys *system, flags *tailFlags, args []string) (*tailer, error) {
	records, until, err := flags.check()
	if err != nil {
		return nil, err
	}
	lang, err := language(cmd, sys)
	if err != nil {
		return nil, err
	}
	colored, err := color(cmd, sys, false)
	if err != nil {
		return nil, err
	}
	r, err := flags.prepare(sys)
	if err != nil {
		return nil, err
	}
	r.zone = sys.local
	if flags.zone != "" {
		if r.zone, err = parseZone(flags.zone, sys.local); err != nil {
			return nil, usage(fmt.Errorf("--tz %w", err))
		}
	}
	if err := flags.filter(r); err != nil {
		return nil, err
	}
	named, err := flags.named(sys, args)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		for _, n := range named {
			args = append(args, n.Path)
		}
	}
	t := &tailer{
		sys: sys, flags: flags, r: r, args: args, records: records, until: until,
		json: flags.output == "json", chunks: make(chan chunk), buf: make([]byte, source.BufferSize), groups: parser.NewGroups(),
		started: sys.now(),
	}
	terminal := sys.stdoutWidth > 0 && sys.env("TERM") != "dumb"
	t.live = report.NewLive(report.LiveOptions{
		Lang: lang, Zone: r.zone,
		TextOptions: report.TextOptions{Width: sys.stdoutWidth, Color: colored, Verbose: flags.verbose},
	})
	if terminal && flags.follow && !t.json {
		t.screen = newScreen(sys.stdout, sys.stdoutSize)
	}
	t.rolling = analyze.NewRolling(t.started.UnixMilli())
	return t, nil
}

// run shows the logs until they end, or it is ended.
func (t *tailer) run(ctx context.Context) error {
	if t.flags.state != "" {
		unlock, err := source.LockState(t.flags.state)
		if err != nil {
			return usage(err)
		}
		defer unlock()
		if t.state, err = source.LoadState(t.flags.state); err != nil {
			return usage(err)
		}
	}
	t.sys.limitMemory(memoryTail, someGarbage)
	signals, stop := t.sys.notify(sigSummary, sigReopen, sigPipe, sigResize)
	defer stop()
	ticks, stopTicks := t.sys.tick(t.flags.poll)
	defer stopTicks()
	if t.flags.follow {
		t.bell = source.NewBell()
	}
	t.out = newPump(t.sys.stdout, t.screen)
	defer t.out.close()
	streams, stopStreams := context.WithCancel(ctx)
	defer stopStreams()
	defer func() {
		for _, l := range t.logs {
			if l.follower != nil {
				l.follower.Close()
			}
		}
	}()
	t.expand(streams, t.sys.now())
	// Where each log begins is kept before the first record is shown: a run that
	// is killed before it has saved anything else goes on from there.
	if t.flags.state != "" {
		for _, l := range t.logs {
			if l.follower != nil {
				l.follower.Hold(t.sys.now())
			}
		}
		if err := t.saveState(t.stateNow(t.sys.now())); err != nil {
			return err
		}
	}
	// Records of the beginning come in the order of their times, if they are few.
	t.collecting = t.records != allRecords && t.records*len(t.logs) <= maxCollected && (t.state == nil || len(t.state.Files) == 0)
	for {
		now := t.sys.now()
		more, err := t.look(streams, now)
		if err != nil {
			return t.end(now, err)
		}
		if t.over(now, more) {
			return t.end(now, nil)
		}
		t.chores(now)
		t.out.push()
		chunks := t.chunks
		if t.out.full() {
			chunks, more = nil, false
		}
		wait := ticks
		if more {
			wait = ready
		}
		select {
		case <-ctx.Done():
			return t.end(now, context.Cause(ctx))
		case s := <-signals:
			t.signal(s, now)
		case err := <-t.out.done:
			if err := t.wrote(err); err != nil {
				return t.end(now, err)
			}
		case c := <-chunks:
			c.s.take(c, now)
		case <-t.ring():
		case <-wait:
		}
	}
}

// ready is a channel that never makes wait.
var ready = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

// ring returns the bell's channel, nil without a bell.
func (t *tailer) ring() <-chan struct{} {
	if t.bell == nil {
		return nil
	}
	return t.bell.Ring()
}

// look reads what is new in all logs, or, if the output takes none, looks after
// their files alone. It reports whether there is more.
func (t *tailer) look(ctx context.Context, now time.Time) (more bool, err error) {
	if t.flags.follow && now.Sub(t.expanded) >= expandEach {
		t.expand(ctx, now)
	}
	for _, l := range t.logs {
		if l.follower == nil {
			l.settle(now, t.flags.idle)
			continue
		}
		if t.out.full() {
			l.follower.Hold(now)
			continue
		}
		m, err := l.step(now, stepBytes)
		if err != nil {
			return false, err
		}
		more = more || m
		l.settle(now, t.flags.idle)
	}
	if t.collecting && !more {
		t.emitCollected(now)
	}
	return more, nil
}

// expand looks for logs that are not shown yet.
func (t *tailer) expand(ctx context.Context, now time.Time) {
	t.expanded = now
	for _, n := range source.Active(t.args, t.flags.recursive) {
		known := slices.ContainsFunc(t.logs, func(l *tailedLog) bool { return l.in.Path == n.Path })
		if known {
			continue
		}
		if len(t.logs) == maxTailed {
			t.note(fmt.Sprintf("%s: not shown: there are %d logs already", n.Path, maxTailed))
			return
		}
		t.add(ctx, n.Path)
	}
	names := shortNames(t.logs)
	for i, l := range t.logs {
		l.name = names[i]
	}
}

// add begins to show a log.
func (t *tailer) add(ctx context.Context, path string) {
	l := &tailedLog{t: t, in: &planned{Input: analyze.Input{Path: path}}}
	t.r.inputs = append(t.r.inputs, l.in)
	t.logs = append(t.logs, l)
	if isStream(path) {
		live := path == source.Stdin || isPipe(path)
		l.stream = &tailedStream{l: l, taken: make(chan struct{}), finite: !live || !t.flags.follow}
		l.caught = !l.stream.finite
		go l.stream.read(ctx, t.chunks)
		return
	}
	opt := source.FollowOptions{Grace: t.flags.grace, Notify: l.notice}
	if t.expanded.Sub(t.started) < expandEach { // a log that comes later is shown from its beginning
		opt.Begin = l.begin
	}
	l.follower = source.NewFollower(path, opt)
	l.follower.Buffer(t.buf)
	if t.state != nil {
		if st, found := t.state.Of(absolute(path)); found {
			l.follower.Resume(st)
		}
	}
}

// absolute returns a path by which a log is known in a state file.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// shortNames returns the shortest ends of the logs' paths that differ, nothing for
// a log alone.
func shortNames(logs []*tailedLog) []string {
	names := make([]string, len(logs))
	if len(logs) < 2 {
		return names
	}
	for depth := 1; depth < 32; depth++ {
		seen := map[string]int{}
		for i, l := range logs {
			parts := strings.Split(filepath.ToSlash(filepath.Clean(l.in.Path)), "/")
			names[i] = strings.Join(parts[max(len(parts)-depth, 0):], "/")
			seen[names[i]]++
		}
		if len(seen) == len(logs) {
			break
		}
	}
	return names
}

// shows reports whether a record is shown.
func (t *tailer) shows(r *parser.Record) bool { return t.r.filter.Match(r) && t.tells(r) }

// tells reports whether a record that passes the filter is shown: any, or one that
// tells of a failure.
func (t *tailer) tells(r *parser.Record) bool {
	if t.flags.all {
		return true
	}
	if r.Code != parser.NoCode {
		return !catalog.IsSuccess(parser.Key{Platform: r.Platform, Code: r.Code})
	}
	switch string(r.Level) {
	case "INFO", "DEBUG", "TRACE":
		return len(r.Exceptions) > 0
	}
	return true
}

// record takes a record.
func (t *tailer) record(l *tailedLog, r *parser.Record, now time.Time) {
	if t.collecting && l.follower != nil || l.stream != nil && l.stream.finite {
		t.collect(l, r)
		return
	}
	t.emit(l, r, now)
}

// collect keeps a record of the beginning until those of all logs are there.
func (t *tailer) collect(l *tailedLog, r *parser.Record) {
	if !t.shows(r) {
		return
	}
	if l.stream != nil && t.records == allRecords {
		t.emit(l, r, t.sys.now())
		return
	}
	t.collected = append(t.collected, collectedRecord{l, r.Clone()})
	if l.stream != nil && len(t.collected) > t.records {
		t.collected = slices.Delete(t.collected, 0, 1)
	}
}

// emitCollected shows the records of the beginning.
func (t *tailer) emitCollected(now time.Time) {
	t.collecting = false
	slices.SortStableFunc(t.collected, func(a, b collectedRecord) int { return cmp.Compare(a.rec.Time, b.rec.Time) })
	for i := range t.collected {
		t.emit(t.collected[i].log, &t.collected[i].rec, now)
	}
	t.collected = nil
}

// emit counts a record and shows it.
func (t *tailer) emit(l *tailedLog, r *parser.Record, now time.Time) {
	if !t.r.filter.Match(r) {
		return
	}
	t.rolling.Add(r, now.UnixMilli(), !l.caught)
	if len(t.flags.until) > 0 && t.until.Match(r.Code) {
		t.reached = true
	}
	if !t.tells(r) {
		return
	}
	if t.json {
		t.out.next.lines = t.enc.Append(t.out.next.lines, &l.in.Input, r)
	} else {
		t.out.next.lines = t.live.Record(t.out.next.lines, report.LiveInput{Name: l.name, Zone: l.in.Zone}, r, now.UnixMilli())
	}
}

// notice shows what has happened to a file.
func (t *tailer) notice(n report.LiveNotice) {
	now := t.sys.now().UnixMilli()
	if t.json {
		t.sys.stderr.Write(t.live.Notice(nil, n, now)) // there is nowhere else to say it
		return
	}
	t.out.next.lines = t.live.Notice(t.out.next.lines, n, now)
}

// note says something on standard error, or above the status if there is one.
func (t *tailer) note(text string) {
	text = "mgslog: note: " + report.Printable(text) + "\n"
	if t.screen != nil {
		t.out.next.lines = append(t.out.next.lines, text...)
		return
	}
	io.WriteString(t.sys.stderr, text) // there is nowhere else to say it
}

// bellFor has the bell watch a log that has been quiet.
func (t *tailer) bellFor(l *tailedLog, now time.Time) {
	if t.bell == nil {
		return
	}
	for _, g := range l.gens {
		if now.Sub(g.fed) < quietFor {
			return
		}
	}
	t.bell.Watch(l.follower)
}

// over reports whether the run ends by itself.
func (t *tailer) over(now time.Time, more bool) bool {
	if t.reached || t.flags.lasting > 0 && now.Sub(t.started) >= t.flags.lasting {
		return true
	}
	streams := slices.ContainsFunc(t.logs, func(l *tailedLog) bool { return l.stream != nil && !l.stream.ended })
	if streams || more || t.out.full() {
		return false
	}
	if !t.flags.follow {
		return true
	}
	return !slices.ContainsFunc(t.logs, func(l *tailedLog) bool { return l.follower != nil }) && len(t.logs) > 0 && !t.patterns()
}

// patterns reports whether more logs may come.
func (t *tailer) patterns() bool {
	return slices.ContainsFunc(t.args, func(arg string) bool {
		info, err := os.Stat(arg)
		return err == nil && info.IsDir() || err != nil && source.IsPattern(arg)
	})
}

// chores does what is due at a time.
func (t *tailer) chores(now time.Time) {
	ms := now.UnixMilli()
	for _, l := range t.logs {
		l.tellLate()
	}
	if at, ok := t.live.Due(); ok && at <= ms {
		t.out.next.lines = t.live.Flush(t.out.next.lines, ms)
	}
	if t.flags.summary > 0 && now.Sub(cmp.Or(t.summed, t.started)) >= t.flags.summary {
		t.summed = now
		t.summarise(now)
	}
	if t.screen != nil && now.Sub(t.shown) >= statusEach {
		t.showStatus(now)
	}
	each := saveEach
	if !t.json {
		each = saveFolded
	}
	if t.flags.state != "" && now.Sub(t.saved) >= each && !t.collecting {
		t.save(now)
	}
}

// showStatus makes the status anew.
func (t *tailer) showStatus(now time.Time) {
	t.shown = now
	width, height := t.sys.stdoutSize()
	t.live.Resize(width)
	t.out.next.status, t.out.next.shown = t.live.Status(t.rolling.Summary(now.UnixMilli()), width, height), true
}

// summarise prints the summary: on standard error beside records that are JSON.
func (t *tailer) summarise(now time.Time) {
	s := t.rolling.Summary(now.UnixMilli())
	if t.json {
		t.sys.stderr.Write(t.live.Summary(nil, s)) // there is nowhere else to say it
		return
	}
	t.out.next.lines = t.live.Summary(t.out.next.lines, s)
}

// signal does what a signal asks for.
func (t *tailer) signal(s os.Signal, now time.Time) {
	switch s {
	case sigSummary:
		t.out.next.lines = t.live.FlushAll(t.out.next.lines, now.UnixMilli())
		t.summarise(now)
	case sigReopen:
		t.expanded = time.Time{}
		for _, l := range t.logs {
			if l.follower != nil {
				l.follower.Reopen()
			}
		}
	case sigResize:
		if t.screen != nil {
			t.showStatus(now)
		}
	}
}

// save has the state saved as it is now when all lines up to here are written.
// For that, no record may be counted that is not shown yet.
func (t *tailer) save(now time.Time) {
	t.saved = now
	t.out.next.lines = t.live.FlushAll(t.out.next.lines, now.UnixMilli())
	t.out.next.state = t.stateNow(now)
}

// stateNow returns how far the logs have been read, and those of former runs that
// are not among them.
func (t *tailer) stateNow(now time.Time) *source.State {
	st := &source.State{Saved: now}
	for _, l := range t.logs {
		if l.follower != nil {
			f := l.follower.State()
			f.Path = absolute(f.Path)
			st.Files = append(st.Files, f)
		}
	}
	if t.state != nil {
		for _, f := range t.state.Files {
			if !slices.ContainsFunc(st.Files, func(g source.FileState) bool { return g.Path == f.Path }) {
				st.Files = append(st.Files, f)
			}
		}
	}
	return st
}

// wrote takes what the pump says of a batch, and saves the state that was to be
// saved when this is written.
func (t *tailer) wrote(err error) error {
	st := t.out.wrote(err)
	switch err := t.out.err; {
	case err != nil:
		return written(err)
	case st == nil:
		return nil
	}
	return t.saveState(st)
}

func (t *tailer) saveState(st *source.State) error {
	if err := st.Save(t.flags.state); err != nil {
		return exit{exitOutput, fmt.Errorf("the state was not saved: %w", err)}
	}
	return nil
}

// end shows what is left, and returns with what the run ends.
func (t *tailer) end(now time.Time, why error) error {
	var stopped interrupted
	signalled := errors.As(why, &stopped)
	if t.out.err == nil {
		if !t.flags.follow {
			if err := t.finish(now); err != nil && why == nil {
				why = err
			}
		}
		if t.flags.state == "" { // else the next run shows them
			for _, l := range t.logs {
				for _, g := range l.gens {
					l.complete(g, now)
				}
			}
		}
		t.emitCollected(now)
		for _, l := range t.logs {
			l.tellLate()
			if l.in.Skipped > 1 {
				t.note(fmt.Sprintf("%s: %d lines are part of no record", l.in.Path, l.in.Skipped))
			}
		}
		t.out.next.lines = t.live.FlushAll(t.out.next.lines, now.UnixMilli())
		if t.flags.state != "" {
			t.save(now)
		}
		if t.flags.follow && (signalled || why == nil) {
			t.summarise(now)
		}
		if t.screen != nil {
			t.out.next.status, t.out.next.shown = nil, true
		}
		if err := t.drain(signalled); why == nil || signalled && err != nil {
			why = err
			signalled = signalled && err == nil
		}
	}
	switch {
	case errors.Is(why, syscall.EPIPE):
		return nil // who read has seen enough
	case signalled:
		return exit{interruptCode(stopped.signal), nil}
	case why != nil:
		return why
	}
	return t.outcome()
}

// finish takes the last lines that have no line end.
func (t *tailer) finish(now time.Time) error {
	for _, l := range t.logs {
		if l.follower == nil {
			continue
		}
		if err := l.follower.Finish(func(p *source.Piece) error { return l.piece(p, now) }); err != nil {
			return err
		}
	}
	return nil
}

// drain waits until all is written; if a signal has ended the run, not for long.
func (t *tailer) drain(signalled bool) error {
	var limit <-chan time.Time
	if signalled {
		var stop func()
		limit, stop = t.sys.tick(lastWait)
		defer stop()
	}
	for t.out.push(); !t.out.empty(); t.out.push() {
		select {
		case err := <-t.out.done:
			if err := t.wrote(err); err != nil {
				return err
			}
		case <-limit:
			return exit{exitOutput, errors.New("the output takes nothing; what was not written is lost, or, with --state, comes again")}
		}
	}
	return nil
}

// outcome returns what the end of a run stands for.
func (t *tailer) outcome() error {
	var failed []error
	read := false
	for _, l := range t.logs {
		switch {
		case l.unfit != nil:
			failed = append(failed, l.unfit)
		case l.in.Err != nil:
			failed = append(failed, l.in.Err)
		default:
			read = true
		}
	}
	switch {
	case !read:
		return exit{exitUsage, errors.Join(append(failed, errNothing)...)}
	case t.gaps > 0:
		failed = append(failed, errors.New("something was lost, see above"))
	case len(t.flags.until) > 0 && !t.reached:
		return exit{exitCondition, nil}
	}
	if len(failed) > 0 {
		return exit{exitPartial, errors.Join(failed...)}
	}
	return nil
}
