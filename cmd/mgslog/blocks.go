package main

import (
	"bytes"
	"context"
	"io"
	"sync"

	"mgslog/parser"
	"mgslog/report"
)

// Exporting by several jobs. One after the other, they take the next block of
// the input's text, which begins with a record; each makes the lines of its
// records, and these are written in the order of the blocks. A block's number of
// lines is counted when it is taken, so its records know their places.

const (
	// blocksOfSection is how many blocks are as long as the shortest section: a
	// block has 1 MiB.
	blocksOfSection = 16
	// longestBlock bounds the text that is searched for the beginning of a
	// record, in blocks. An input in which there is none so far is read on by
	// one job.
	longestBlock = 4
)

// export writes the records of all inputs that pass the filter to w, with so
// many jobs. Its error is that of writing, or the context's.
func (r *reading) export(ctx context.Context, w io.Writer, jobs int) error {
	one := &exporter{filter: &r.filter, out: report.NewExporter(w)}
	return r.readWith(ctx, one.input, func(in *planned) error {
		size := r.sys.section / blocksOfSection
		if opt := r.options(in); jobs == 1 || in.opened != nil || in.length() <= size || !opt.Divisible() {
			return r.readOne(ctx, in, one)
		}
		return r.exportBlocks(ctx, in, w, jobs, int(size))
	})
}

// exportBlocks exports one input.
func (r *reading) exportBlocks(ctx context.Context, in *planned, w io.Writer, jobs, size int) error {
	src, err := r.open(ctx, in)
	if err != nil {
		in.Err = err
		return nil
	}
	defer src.Close()
	b := &blocks{text: r.shown(src), size: size, line: in.line(), offset: in.from}
	x := &blockExport{r: r, in: in, w: w, blocks: b, order: newTurns()}
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(x.job)
	}
	wait.Wait()
	got := x.got
	got.invalid, got.recoded = src.Invalid(), src.Recoded()
	in.took(got)
	r.recognised(in)
	if x.err != nil {
		return x.err
	}
	return context.Cause(ctx)
}

// blockExport is what the jobs of one input share.
type blockExport struct {
	r      *reading
	in     *planned
	blocks *blocks
	order  *turns

	// In turn:
	w   io.Writer
	got piece
	err error // of writing
}

// job exports blocks until there are no more.
func (x *blockExport) job() {
	e := &blockExporter{x: x}
	for {
		block, ok := x.blocks.take()
		if !ok {
			return
		}
		e.export(block)
	}
}

// blockExporter is one job's own.
type blockExporter struct {
	x      *blockExport
	enc    report.Encoder
	reader *parser.Reader
	lines  []byte
}

func (e *blockExporter) export(b block) {
	x := e.x
	var text io.Reader = bytes.NewReader(b.text)
	if b.more != nil {
		// All that is left may be much: it is written as it is read.
		text = io.MultiReader(text, b.more)
		x.order.wait(b.n)
	}
	if e.reader == nil {
		e.reader = parser.NewReader(nil, x.r.options(x.in))
	}
	reader := e.reader
	reader.Reset(text, b.line, b.offset)
	e.lines = e.lines[:0]
	var records, skipped int64
	for reader.Scan() {
		rec := reader.Record()
		if rec == nil {
			skipped++
			continue
		}
		if records++; x.r.filter.Match(rec) {
			e.lines = e.enc.Append(e.lines, &x.in.Input, rec)
		}
		if b.more != nil && len(e.lines) >= x.blocks.size {
			if e.write(); x.err != nil {
				break
			}
		}
	}
	x.order.wait(b.n)
	e.write()
	x.in.Records += records
	x.in.Skipped += skipped
	x.got.bytes += reader.Bytes()
	x.got.lines += reader.Lines() - b.line
	x.got.nuls += reader.NULs()
	if x.got.err = b.err; b.more != nil {
		x.got.err = reader.Err()
	}
	if x.err != nil {
		x.blocks.stop()
	}
	x.order.end()
	x.blocks.give(b.text)
}

// write writes the lines, in turn.
func (e *blockExporter) write() {
	if x := e.x; x.err == nil && len(e.lines) > 0 {
		_, err := x.w.Write(e.lines)
		x.err = written(err)
	}
	e.lines = e.lines[:0]
}

// block is a part of an input's text that begins with a record, or with the
// input.
type block struct {
	n            int // counted from 0
	text         []byte
	line, offset int64     // lines and bytes before it
	err          error     // with which the input ends behind it
	more         io.Reader // all that is left of the input behind text; nil for a whole block
}

// blocks hands out an input's blocks.
type blocks struct {
	mu           sync.Mutex
	text         io.Reader
	size         int    // bytes of a block
	rest         []byte // read behind the last block
	n            int
	line, offset int64
	done         bool
	free         [][]byte
}

// take returns the next block, false if there is none.
func (b *blocks) take() (block, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return block{}, false
	}
	text := append(b.buffer(), b.rest...)
	next := block{n: b.n, line: b.line, offset: b.offset}
	for cut := 0; cut <= 0 && !b.done; {
		var err error
		text, err = fill(b.text, text, len(text)+b.size)
		switch cut = parser.LastRecord(text); {
		case err != nil:
			b.done, next.text = true, text
			if err != io.EOF {
				next.err = err
			}
		case cut > 0:
			next.text, b.rest = text[:cut], append(b.rest[:0], text[cut:]...)
		case len(text) >= longestBlock*b.size:
			b.done, next.text, next.more = true, text, b.text
		}
	}
	b.n++
	b.line += int64(bytes.Count(next.text, []byte{'\n'}))
	b.offset += int64(len(next.text))
	return next, true
}

// fill appends to text what r gives, until it has n bytes or r ends.
func fill(r io.Reader, text []byte, n int) ([]byte, error) {
	if cap(text) < n {
		text = append(make([]byte, 0, n), text...)
	}
	k, err := io.ReadFull(r, text[len(text):n])
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return text[:len(text)+k], err
}

// buffer returns empty memory for a block.
func (b *blocks) buffer() []byte {
	if n := len(b.free); n > 0 {
		free := b.free[n-1]
		b.free = b.free[:n-1]
		return free[:0]
	}
	return nil
}

// give gives the memory of a block back.
func (b *blocks) give(text []byte) {
	b.mu.Lock()
	b.free = append(b.free, text)
	b.mu.Unlock()
}

// stop ends handing out.
func (b *blocks) stop() {
	b.mu.Lock()
	b.done = true
	b.mu.Unlock()
}
