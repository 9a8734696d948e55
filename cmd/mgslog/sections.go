package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/parser"
	"mgslog/parser/source"
)

// Reading by several goroutines, the jobs. A big file is read in sections, each
// of which begins with a record and is counted by itself; what was counted is
// then put together in the order of the inputs. Where the sections begin depends
// on the file alone and never on the number of jobs, and so does the report.

// A section is at least sectionSize bytes long, and a file has no more than
// mostSections of them, unless they would be longer than longestSection. To put
// a section's counts to the others takes as long as to read some hundred
// kilobytes.
const (
	sectionSize    = 16 << 20
	longestSection = 256 << 20
	mostSections   = 4
)

// jobs is how many goroutines read, as a flag; 0 stands for one a core.
type jobs uint

func jobsFlag(cmd *cobra.Command, n *jobs) {
	cmd.Flags().UintVar((*uint)(n), "jobs", 0, "how many parts of the inputs to read at a time; the output does not depend on it (default: one for each core)")
}

// start returns how many jobs there are, and makes the process ready for them.
// detail tells whether they count with Config.Detail.
func (n jobs) start(sys *system, detail bool) int {
	if n == 0 {
		n = jobs(runtime.GOMAXPROCS(0))
	}
	limit, garbage := memoryFor(int(n)), allGarbage
	if detail {
		limit, garbage = limit+memoryDetail+memoryDetailJob*int64(max(n, 2)-2), someGarbage
	}
	sys.limitMemory(limit, garbage)
	return int(n)
}

// memoryFor returns memoryLimit for so many jobs.
func memoryFor(jobs int) int64 { return memoryLimit + memoryPerJob*int64(max(jobs, 2)-2) }

// part is what one job reads at a time: an input, or a section of one.
type part struct {
	n        int // counted from 0
	in       *planned
	from, to int64         // of a section; to < 0: to the end of the file
	src      *source.Input // the file of a section, nil if the part is not one
	first    bool          // of its input
	last     bool
}

// parts hands out all parts of the inputs, in their order.
type parts struct {
	r   *reading
	ctx context.Context

	mu   sync.Mutex
	n    int // parts handed out
	next int // the next input
	cuts []int64
	cur  part // the section handed out last, if there are more
}

// take returns the next part; false if there is none or the context has ended.
func (p *parts) take() (part, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		return part{}, false
	}
	if p.cur.in == nil {
		if p.next == len(p.r.inputs) {
			return part{}, false
		}
		in := p.r.inputs[p.next]
		p.next++
		p.cur = part{in: in, first: true, from: in.from}
		if !in.unread() {
			p.cur.src, p.cuts = p.r.sections(p.ctx, in)
		}
	} else {
		p.cur.first, p.cur.from = false, p.cur.to
	}
	p.cur.to = p.cur.in.end()
	if p.cur.last = len(p.cuts) == 0; !p.cur.last {
		p.cur.to, p.cuts = p.cuts[0], p.cuts[1:]
	}
	p.cur.n = p.n
	p.n++
	taken := p.cur
	if taken.last {
		p.cur = part{}
	}
	return taken, true
}

// sections opens an input and returns where it is cut, if it can be.
func (r *reading) sections(ctx context.Context, in *planned) (*source.Input, []int64) {
	size := min(max(in.length()/mostSections, r.sys.section), longestSection)
	opt := r.options(in)
	if in.opened != nil || in.length() < 2*size || !opt.Divisible() {
		return nil, nil
	}
	src, err := r.open(ctx, in)
	if err != nil {
		return nil, nil // it is opened once more, and the error told
	}
	cuts := src.Cuts(in.from, in.end(), size, parser.NextRecord)
	if len(cuts) == 0 {
		src.Close()
		return nil, nil
	}
	return src, cuts
}

// turns lets one goroutine after the other do what must be done in order.
type turns struct {
	mu   sync.Mutex
	cond *sync.Cond
	now  int
}

func newTurns() *turns {
	t := &turns{}
	t.cond = sync.NewCond(&t.mu)
	return t
}

// wait returns when it is the nth turn, counted from 0.
func (t *turns) wait(n int) {
	t.mu.Lock()
	for t.now < n {
		t.cond.Wait()
	}
	t.mu.Unlock()
}

// end ends the turn at hand.
func (t *turns) end() {
	t.mu.Lock()
	t.now++
	t.mu.Unlock()
	t.cond.Broadcast()
}

// aggregate reads all inputs with so many jobs and counts them in agg. Like
// read, it notes in the inputs what goes wrong with them and returns the
// context's error.
func (r *reading) aggregate(ctx context.Context, agg *analyze.Aggregator, jobs int) error {
	if r.progress != nil {
		defer r.progress.finish()
	}
	p := &parts{r: r, ctx: ctx}
	order := newTurns()
	many := sync.OnceFunc(func() { r.sys.limitMemory(memoryFor(jobs)+memoryMany, allGarbage) })
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(func() {
			var c counting
			for {
				part, ok := p.take()
				if !ok {
					return
				}
				c = counting{r: r, all: agg, part: part, order: order, many: many, reader: c.readerOf(part.in), used: cmp.Or(c.section, c.used)}
				c.run(ctx)
			}
		})
	}
	wait.Wait()
	if ctx.Err() == nil {
		return nil
	}
	if in := p.cur.in; in != nil && in.Err == nil {
		in.Err = fmt.Errorf("%s: %w", in.Path, context.Cause(ctx))
	}
	for _, rest := range r.inputs[p.next:] {
		rest.Err = context.Cause(ctx)
		agg.AddInput(&rest.Input)
	}
	return context.Cause(ctx)
}

// counting is the work on one part.
type counting struct {
	r     *reading
	all   *analyze.Aggregator // of all inputs; only in turn
	part  part
	order *turns
	many  func() // is called when a section takes much memory

	section *analyze.Aggregator // of this part
	used    *analyze.Aggregator // of a part before; nil if there is none
	inTurn  bool

	reader *parser.Reader // of the part's input, nil if none has read it yet
}

// readerOf returns the reader that has read another section of the input, if
// that was the last thing done.
func (c *counting) readerOf(in *planned) *parser.Reader {
	if c.part.in != in {
		return nil
	}
	return c.reader
}

func (c *counting) run(ctx context.Context) {
	in := c.part.in
	var got piece
	skip := c.part.first && in.unread() // what others find out later is theirs
	if !skip {
		got = c.read(ctx)
	}
	c.turn()
	if !skip && in.Err == nil { // nothing counts behind an error
		if c.section != nil {
			c.all.Continue(c.section)
		}
		in.took(got)
	}
	if c.part.last && !skip {
		c.r.recognised(in)
		if c.part.src != nil {
			c.part.src.Close()
		}
	}
	c.order.end()
}

// turn waits until all parts before this one have been counted.
func (c *counting) turn() {
	if c.inTurn {
		return
	}
	c.order.wait(c.part.n)
	c.inTurn = true
	if c.part.first {
		c.all.AddInput(&c.part.in.Input)
	}
}

// read reads the part.
func (c *counting) read(ctx context.Context) piece {
	in, src := c.part.in, c.part.src
	if src != nil {
		src = src.Section(ctx, c.part.from, c.part.to)
	} else {
		var err error
		if src, err = c.r.open(ctx, in); err != nil {
			return piece{unopened: err}
		}
		defer src.Close()
	}
	if text := c.r.shown(src); c.reader != nil {
		c.reader.Reset(text, in.line(), 0)
		c.reader.RenewGroups() // when counts are handed on depends on them
	} else {
		c.reader = parser.NewReader(text, c.r.options(in))
	}
	c.section = c.all.Section(&in.Input, c.used)
	within := c.count()
	got := in.pieceOf(c.reader, src)
	got.within = within
	return got
}

// count counts what the reader reads, in the section.
func (c *counting) count() (within extent) {
	period := c.r.filter.HasSince && c.r.filter.HasUntil
	for left := analyze.SectionRecords; ; {
		briefs := c.reader.Briefs(left)
		c.section.AddBriefs(briefs, c.reader.BriefRecord)
		if period {
			for i := range briefs {
				within.count(&c.r.filter, briefs[i].Time)
			}
		}
		left -= len(briefs)
		if len(briefs) < parser.MaxBriefs && left > 0 { // else there may be more of them
			if !c.reader.Scan() {
				return within
			}
			rec := c.reader.Record()
			if rec == nil {
				c.section.AddSkipped(c.reader.Skipped())
				continue
			}
			if period && !rec.NoTime {
				within.count(&c.r.filter, rec.Time)
			}
			c.section.Add(rec)
			left--
		}
		if left == 0 {
			left = analyze.SectionRecords
			c.relieve()
		}
	}
}

// relieve hands on what was counted of the part, if it is much.
func (c *counting) relieve() {
	if !c.section.Full() {
		if c.section.Many() {
			c.many()
		}
		return
	}
	c.turn()
	if c.part.in.Err == nil {
		c.all.Continue(c.section)
	}
	c.section = c.all.Rest(&c.part.in.Input, c.section)
	c.reader.RenewGroups() // else their texts are kept of twice as many keys
}
