package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"
	"time"

	"mgslog/parser"
	"mgslog/parser/source"
	"mgslog/report"
)

const (
	// tailBuffer is how much memory a Decoder of one of more than fewLogs takes at
	// first. That of one of a few takes all that makes it faster, some 4 MiB.
	tailBuffer = 8 << 10
	fewLogs    = 2
	// sampleEnough is how long a log must be for its format to be settled; a
	// shorter one is looked at again when it has doubled.
	sampleEnough = 64 << 10
	// lastBytes bounds how far back the last records are looked for.
	lastBytes = 64 << 20
)

// tailedLog is one log that is shown: a path that is followed, or a stream.
type tailedLog struct {
	t    *tailer
	in   *planned
	name string // by which its lines are marked

	follower *source.Follower // nil of a stream
	stream   *tailedStream    // nil of a path

	text    *source.LineDecoder // nil before it is known what the log is
	unfit   error               // why it cannot be shown
	opt     parser.Options
	sampled int64  // bytes of the sample by which it is known
	first   []byte // of a stream, as much as makes a sample
	gens    []*tailedGen
	caught  bool  // it has been read to its end once
	late    int64 // lines that came for records which had been shown, and were not told yet
}

// tailedGen is the reading of one life of a log's file.
type tailedGen struct {
	n    uint64
	dec  *parser.Decoder
	fed  time.Time // when it was last given lines
	end  int64     // offset behind these
	idle bool      // its last record was taken for complete because nothing came
	// fresh tells that it was given lines since its records were last taken for
	// complete.
	fresh bool
	cut   bool // its last line is not whole: what follows is that line's record
	// before is the generation whose open record this one has gone on with,
	// until that is complete; nothing of this one is committed before.
	before *tailedGen
}

// step reads what is new.
func (l *tailedLog) step(now time.Time, budget int) (more bool, err error) {
	more, err = l.follower.Step(now, budget, func(p *source.Piece) error { return l.piece(p, now) })
	if !more {
		l.caught = true
		l.t.bellFor(l, now)
	}
	return more, err
}

// piece takes some lines of the log's file.
func (l *tailedLog) piece(p *source.Piece, now time.Time) error {
	if p.End {
		if i := l.gen(p.Generation); i >= 0 {
			l.complete(l.gens[i], now)
			l.gens = slices.DeleteFunc(l.gens, func(g *tailedGen) bool { return g.n == p.Generation })
		}
		return nil
	}
	if l.text == nil {
		l.recognise(p.Text)
	}
	if l.unfit != nil {
		return nil
	}
	lines := p.Lines
	if lines < 0 {
		lines = parser.UnknownLine
	}
	text, offset := p.Text, p.Offset
	i := l.gen(p.Generation)
	if i < 0 {
		i = len(l.gens)
		// What a file begins with belongs to the record that was open at the end
		// of the one before, up to the first line that begins one.
		g := &tailedGen{n: p.Generation, dec: parser.NewDecoder(l.opt), idle: offset > 0 || i > 0}
		l.gens = append(l.gens, g)
		if i > 0 && l.opt.Divisible() {
			if _, open := l.gens[i-1].dec.Pending(); open {
				g.before = l.gens[i-1]
			}
		}
	}
	g := l.gens[i]
	g.fed, g.end = now, p.Next
	if b := g.before; b != nil {
		lead := parser.NextRecord(text)
		if lead < 0 {
			lead = len(text)
		}
		if lead > 0 {
			l.feed(b, text[:lead], b.end, parser.UnknownLine, now)
			b.fed = now
		}
		if lead == len(text) {
			return nil
		}
		// Who begins a record in this file has written the last one in that, unless
		// it ends in half a line.
		g.before = nil
		if lead > 0 || !l.follower.Unfinished(b.n) {
			l.complete(b, now)
			lines += int64(bytes.Count(text[:lead], []byte{'\n'}))
			text, offset = text[lead:], offset+int64(lead)
		}
	}
	l.feed(g, text, offset, lines, now)
	if p.Cut && p.Unterminated {
		g.cut = true
		l.complete(g, now)
		return nil
	}
	if at, open := g.dec.Pending(); !open {
		l.follower.Commit(g.n, g.end)
	} else if at >= 0 {
		l.follower.Commit(g.n, at)
	}
	return nil
}

// gen returns the place of a generation, -1 if it has given nothing yet.
func (l *tailedLog) gen(n uint64) int {
	return slices.IndexFunc(l.gens, func(g *tailedGen) bool { return g.n == n })
}

// feed gives lines to a Decoder, and takes the records that are complete.
func (l *tailedLog) feed(g *tailedGen, text []byte, offset, lines int64, now time.Time) {
	if l.text.Plain(text) {
		g.dec.At(lines, offset)
		l.push(g, text, now)
		return
	}
	for line := range bytes.Lines(text) {
		g.dec.At(lines, offset)
		l.push(g, l.text.Line(line), now)
		offset += int64(len(line))
		lines++
	}
}

func (l *tailedLog) push(g *tailedGen, text []byte, now time.Time) {
	g.fresh = true
	for len(text) > 0 {
		n := copy(g.dec.Buffer(), text)
		g.dec.Filled(n)
		text = text[n:]
		l.take(g, now)
	}
}

// take takes the records and skipped lines that a Decoder has.
func (l *tailedLog) take(g *tailedGen, now time.Time) {
	for g.dec.Next() {
		if rec := g.dec.Record(); rec != nil {
			g.idle = false
			rec.Cut = rec.Cut || g.cut
			l.in.Records++
			l.t.record(l, rec, now)
			continue
		}
		switch s := g.dec.Skipped(); {
		case g.idle && (errors.Is(s.Err, parser.ErrOrphan) || errors.Is(s.Err, parser.ErrBlank)):
			l.late++
		default:
			l.in.Skipped++
			if l.in.Skipped == 1 {
				place := fmt.Sprintf("%s:%d", l.in.Path, s.Line)
				if s.Line < 1 {
					place = fmt.Sprintf("%s: byte %d", l.in.Path, s.Offset)
				}
				l.t.note(fmt.Sprintf("%s: %v", place, s.Err))
			}
		}
	}
}

// complete takes the open record of a generation for complete.
func (l *tailedLog) complete(g *tailedGen, now time.Time) {
	if _, open := g.dec.Pending(); !open || !g.fresh {
		return
	}
	g.fresh = false
	g.dec.Finish()
	l.take(g, now)
	lines := g.dec.Lines() // of a stream; those of a file come with its pieces
	if l.opt.Divisible() {
		g.dec.Reset(lines, g.end)
	} else {
		g.dec = parser.NewDecoder(l.opt)
		g.dec.At(lines, g.end)
	}
	g.idle = true
	if l.follower == nil {
		return
	}
	l.follower.Commit(g.n, g.end)
	for _, h := range l.gens {
		if h.before == g {
			h.before = nil
			l.follower.Commit(h.n, h.end)
		}
	}
}

// settle completes the records whose log has not grown for the idle time.
func (l *tailedLog) settle(now time.Time, idle time.Duration) {
	for _, g := range l.gens {
		if now.Sub(g.fed) >= idle {
			l.complete(g, now)
		}
	}
	l.again()
}

// recognise finds out what the log is, by its beginning, or by what came first if
// there is no file to look at.
func (l *tailedLog) recognise(first []byte) {
	sample := l.sample()
	if len(sample) == 0 {
		sample = first
		l.in.text = source.Text{Charset: l.t.r.text.Charset}
	}
	l.sampled = int64(len(sample))
	l.t.r.recognise(l.in, sample)
	l.unfit = nil
	switch {
	case l.in.text.Charset == source.UTF16LE || l.in.text.Charset == source.UTF16BE:
		l.unfit = fmt.Errorf("%s: a file in UTF-16 is not shown line by line; see mgslog analyze", l.in.Path)
	case l.in.Format == parser.HAR:
		l.unfit = fmt.Errorf("%s: a HAR file is not shown line by line; see mgslog analyze", l.in.Path)
	case l.in.profile.Binary:
		l.unfit = fmt.Errorf("%s: binary file: no log", l.in.Path)
	}
	if l.unfit != nil {
		l.t.note(l.unfit.Error())
	} else if l.in.Format == parser.Unknown && l.sampled > 0 && !l.t.flags.follow { // what is followed may have records yet
		l.t.note(l.in.Path + ": format not recognised; see mgslog check")
	}
	l.t.r.chooseZones(l.t.flags.zone) // newTailer has read the flag
	l.in.written = l.t.sys.now()
	l.opt = l.t.r.options(l.in)
	l.opt.Lean, l.opt.Groups = !l.t.json, l.t.groups
	if len(l.t.logs) > fewLogs {
		l.opt.Buffer = tailBuffer
	}
	l.text = source.NewLineDecoder(l.in.text)
}

// sample returns the beginning of the log's file, nothing if it has none.
func (l *tailedLog) sample() []byte {
	if l.follower == nil {
		return nil
	}
	if info, err := os.Stat(l.in.Path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	src, err := source.Open(context.Background(), l.in.Path, nil)
	if err != nil {
		return nil
	}
	defer src.Close()
	src.Decode(l.t.r.text)
	sample := src.Sample(parser.SampleSize)
	l.in.text, l.in.size = src.Text, src.Size
	return sample
}

// again looks anew what the log is when there is more of it to tell by, and no
// record is open.
func (l *tailedLog) again() {
	if l.text == nil || l.sampled >= sampleEnough || len(l.gens) == 0 || l.gens[len(l.gens)-1].end < 2*l.sampled {
		return
	}
	for _, g := range l.gens {
		if _, open := g.dec.Pending(); open && g.fresh {
			return
		}
	}
	l.recognise(l.first)
	for _, g := range l.gens {
		lines := g.dec.Lines()
		g.dec = parser.NewDecoder(l.opt)
		g.dec.At(lines, g.end)
	}
}

// begin finds where the last records begin that are to be shown.
func (l *tailedLog) begin(f io.ReaderAt, size int64) (offset, lines int64, err error) {
	n := l.t.records
	if n == allRecords {
		return 0, 0, nil
	}
	end := size
	b := make([]byte, 64<<10)
	for end > 0 && l.t.flags.follow { // behind the last line that is complete
		k, err := f.ReadAt(b[:min(end, int64(len(b)))], end-min(end, int64(len(b))))
		if err != nil && err != io.EOF {
			return 0, 0, err
		}
		if i := bytes.LastIndexByte(b[:k], '\n'); i >= 0 {
			end -= int64(k - i - 1)
			break
		}
		end -= int64(k)
	}
	if n == 0 || end == 0 {
		return end, -1, nil
	}
	if l.recognise(nil); l.unfit != nil {
		return end, -1, nil
	}
	return l.lastRecords(f, end, n)
}

// lastRecords returns where the nth last of the records that are shown begins. It
// reads ever longer ends of the file until there are as many, up to lastBytes.
func (l *tailedLog) lastRecords(f io.ReaderAt, end int64, n int) (offset, lines int64, err error) {
	for size := int64(64 << 10); ; size *= 4 {
		from := max(end-min(size, lastBytes), 0)
		var last []int64 // a ring of the offsets of the last n
		count := 0
		opt := l.opt
		opt.Line, opt.Offset, opt.Buffer = parser.UnknownLine, from, 0
		r := parser.NewReader(io.NewSectionReader(f, from, end-from), opt)
		for r.Scan() {
			rec := r.Record()
			// The first line may be cut off, and the record with it.
			if rec == nil || rec.Offset == from && from > 0 || !l.t.shows(rec) {
				continue
			}
			if len(last) < n {
				last = append(last, rec.Offset)
			} else {
				last[count%n] = rec.Offset
			}
			count++
		}
		switch all := from == 0 || size >= lastBytes; {
		case r.Err() != nil:
			return 0, 0, r.Err()
		case count >= n:
			return last[count%n], -1, nil
		case all && count > 0:
			return last[0], -1, nil
		case all:
			return end, -1, nil
		}
	}
}

// noticeKinds are the report's names of what a Follower tells.
var noticeKinds = [...]report.NoticeKind{
	source.Waiting: report.NoticeWaiting, source.Opened: report.NoticeOpened, source.Rotated: report.NoticeRotated,
	source.Truncated: report.NoticeTruncated, source.Recovered: report.NoticeRecovered, source.Gap: report.NoticeGap,
	source.Trouble: report.NoticeTrouble,
}

// notice shows what has happened to the log's files.
func (l *tailedLog) notice(n source.Notice) {
	switch n.Kind {
	case source.Gap:
		l.t.gaps++
	case source.Trouble:
		l.in.Err = n.Err
	case source.Waiting:
		if l.in.Err = nil; !l.t.flags.follow {
			l.in.Err = &os.PathError{Op: "open", Path: n.Path, Err: syscall.ENOENT}
		}
	default:
		l.in.Err = nil
	}
	if n.Kind == source.Opened || l.in.Err != nil && !l.t.flags.follow {
		return // what everybody expects, or the outcome will tell
	}
	l.t.notice(report.LiveNotice{Kind: noticeKinds[n.Kind], Path: n.Path, File: n.File, From: n.From, To: n.To, Err: n.Err})
}

// tellLate shows how many lines came late.
func (l *tailedLog) tellLate() {
	if l.late > 0 {
		l.t.notice(report.LiveNotice{Kind: report.NoticeLate, Path: l.in.Path, File: l.in.Path, From: l.late})
		l.late = 0
	}
}
