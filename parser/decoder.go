package parser

import (
	"bytes"
	"time"
)

// Bounds of a Decoder.
const (
	// DefaultMaxRecord is how many bytes of a record's text are kept.
	DefaultMaxRecord = 256 << 10
	// readSize is how many bytes a Decoder takes at a time at least.
	readSize = 256 << 10
	// syntaxText is how many bytes of a skipped line are kept.
	syntaxText = 256
)

// Options say how a Decoder reads. The zero value reads any format with
// stamps in UTC and without knowledge of codes.
type Options struct {
	// Format, unless Unknown, is the only format that is read; lines of
	// another are skipped with ErrFormat.
	Format Format
	// Profile is what Detect found in the input's first bytes.
	Profile Profile
	// Location is the zone of the stamps that name none; nil means UTC.
	Location *time.Location
	// Lexicon is what the evidence ladder knows of codes; nil means nothing.
	Lexicon *Lexicon
	// Strict turns the ladder's last rung off: no code is inferred from an
	// exception.
	Strict bool
	// Modified is when the input was last written to. It gives the year to
	// stamps that have none; without it, such records have no time.
	Modified time.Time
	// Line and Offset are how many lines and bytes of the input stand before
	// what is read, where that is a section of it.
	Line, Offset int64
	// Lean leaves ClientVersion, ClientOS, UserID, DeviceID, ClientIP, Level and
	// the Frame of an Exception empty where they cost time, for a caller who does
	// not look at them.
	Lean bool
	// Buffer is how many bytes of memory a Decoder takes for its input at
	// first: for one of many that have little to read at a time. It takes more
	// when they are needed, and remembers nothing of what it has read, which would
	// take up to 5 MiB. 0 means all that it may take, at once.
	Buffer int
	// Groups are shared by Decoders of one goroutine, to save memory; nil means
	// that the Decoder has its own.
	Groups *Groups
	// MaxRecord bounds the bytes kept of a record, and of a line; 0 means
	// DefaultMaxRecord.
	MaxRecord int
}

// Decoder turns the bytes of one input into records. It is fed with
// Buffer and Filled, and asked with Next; Finish ends the input.
//
// A record starts at a line that begins with a time stamp and runs to the
// next one, except that a digest's record is one line, and that of a site's own
// layout begins where the layout says. Lines that are part of
// no record come out as SyntaxErrors, so that every line of the input is
// accounted for. The result does not depend on how the input is cut into
// reads. Memory is bounded: buffers for one read and two records.
type Decoder struct {
	opt    Options
	split  splitter
	clock  clock
	ladder ladder
	runs   knownRuns
	done   bool // no more bytes will come

	line     line // the line at hand, delivered by split and not yet used
	haveLine bool
	own      assembly  // of lines that name no origin
	at       *assembly // of the line at hand
	out      *Record   // the current item, if it is a record
	origins  *origins  // nil unless lines have prefixes

	bad    SyntaxError
	fields [digestFields][]byte
	fast   *fastDigest // nil until there is a digest line for it
	inFast bool        // the last item was a digest line, so the next one may be read by fast
	site   site

	capture *capture // of a Capture; else nil
	merge   *merger  // of a client's log; else nil

	// plainLines says that a line can only begin a record by its stamp, and
	// has nothing that is cut off it.
	plainLines bool
}

// assembly is a record in the making. There is one for each origin whose lines
// are interleaved in the input.
type assembly struct {
	rec  Record
	open bool   // rec is a stamped record whose end is not yet seen
	text []byte // of the open record, unless it is lent
	// lent is the open record's text where it stands in the splitter's
	// buffer, as long as all of it stands there as it does in the record; else
	// nil. So most records are never copied.
	lent []byte
	runs []run // parts of the record, which are frames of a stack trace

	headStart, headEnd int   // of the record's text
	groups             []int // of a record of a site's own layout
}

// NewDecoder returns a Decoder at the beginning of an input.
func NewDecoder(opt Options) *Decoder {
	if opt.MaxRecord <= 0 {
		opt.MaxRecord = DefaultMaxRecord
	}
	if l := opt.Profile.Layout; l != nil && opt.Location == nil {
		opt.Location = l.Zone()
	}
	if opt.Location == nil {
		opt.Location = time.UTC
	}
	if opt.Lexicon == nil {
		opt.Lexicon = &Lexicon{}
	}
	d := &Decoder{
		opt:    opt,
		split:  newSplitter(opt.MaxRecord, readSize, opt.Buffer),
		clock:  clock{loc: opt.Location, form: opt.Profile.Stamps, modified: opt.Modified},
		ladder: newLadder(opt),
		runs:   knownRuns{size: runSlots},
	}
	if opt.Buffer > 0 {
		d.runs.size, d.ladder.texts.size = 0, 0
	}
	d.split.lines, d.split.offset = opt.Line, opt.Offset
	d.at = &d.own
	if opt.Profile.Prefixed {
		d.origins = newOrigins()
	}
	if opt.Format == Unknown || opt.Format == OwnLayout {
		d.site = site{layout: opt.Profile.Layout, loc: opt.Location}
	}
	d.client()
	d.ladder.lean = opt.Lean && d.merge == nil // what is merged is compared first
	d.plainLines = d.origins == nil && d.site.layout == nil && d.capture == nil
	return d
}

// Reset takes the Decoder to the beginning of another section, before which
// stand so many lines and bytes. The input must be Divisible.
func (d *Decoder) Reset(line, offset int64) {
	s := &d.split
	*s = splitter{buf: s.buf, max: s.max, limit: s.limit, lines: line, offset: offset}
	d.done, d.haveLine, d.inFast, d.out = false, false, false, nil
	d.own.open = false
}

// RenewGroups makes the Decoder number groups anew, as if it had read nothing, so
// that what a caller does with the numbers depends on nothing that was read
// before. The numbers so far do not come again. The OperationType, AppID and
// WorkspaceID of Records with a Group must not be used any more, as their memory is
// used again.
func (d *Decoder) RenewGroups() {
	if d.fast != nil {
		texts := d.fast.texts[:0]
		d.fast.renew()
		d.fast.texts = texts
	}
}

// Buffer returns space for the next bytes of the input. It is never empty
// when Next has returned false. It invalidates the last record.
func (d *Decoder) Buffer() []byte {
	d.own.keep()
	return d.split.free()
}

// Filled announces that the first n bytes of Buffer now hold input.
func (d *Decoder) Filled(n int) { d.split.fill(n) }

// Finish announces that no more bytes will come: what is left is complete.
func (d *Decoder) Finish() { d.done = true }

// At tells which line and which byte of the input come next, where something was
// left out of it or was longer there. All lines that it was fed must be complete
// and Next must have returned false.
func (d *Decoder) At(line, offset int64) { d.split.lines, d.split.offset = line, offset }

// Pending returns where the first line stands that is part of a record which is
// not complete. It reports false if there is none. Of formats of which several
// records are put together at a time the offset is negative: it is not known.
func (d *Decoder) Pending() (offset int64, open bool) {
	switch {
	case d.origins != nil || d.merge != nil || d.capture != nil:
		return -1, true
	case d.own.open:
		return d.own.rec.Offset, true
	}
	return 0, false
}

// Lines returns the number of lines read so far, those before a section too.
func (d *Decoder) Lines() int64 { return d.split.lines }

// NULs returns the number of NUL bytes dropped at line starts so far.
func (d *Decoder) NULs() int64 { return d.split.nuls }

// Next advances to the next record or skipped line. It returns false when it
// needs more bytes, or at the end after Finish.
func (d *Decoder) Next() bool {
	if d.merge != nil {
		return d.merge.next(d)
	}
	return d.next()
}

// next is Next, without putting together the lines that print one failure.
func (d *Decoder) next() bool {
	if d.capture != nil {
		return d.nextCapture()
	}
	d.out = nil
	if d.inFast {
		if d.digestFast() {
			return true
		}
		if !d.done && d.split.begun() {
			return false
		}
		d.inFast = false
	}
	for {
		if !d.haveLine {
			if !d.fetch() {
				return d.done && d.endAny()
			}
			if d.origins != nil && !d.cutPrefix() {
				d.haveLine = false
				if psshFailed(d.line.text) {
					return d.skip(ErrHostFailed, 1)
				}
				return d.skip(ErrSeparator, 1)
			}
		}
		ms, n, stamped := d.clock.instant(d.line.text)
		if d.site.layout != nil {
			if d.siteLine(n, stamped) {
				if d.end(d.at) {
					return true
				}
				d.haveLine = false
				d.startOfSite()
				if d.site.layout.spec.OneLine {
					return d.end(d.at)
				}
				continue
			}
			stamped = stamped && d.opt.Format != OwnLayout
		}
		if !stamped {
			d.haveLine = false
			if d.at.open {
				d.extend()
				if d.plainLines {
					d.frames()
				}
				continue
			}
			return d.skip(d.orphan(), 1)
		}
		if d.at.open && d.continues(n) {
			d.haveLine = false
			d.extend()
			continue
		}
		if d.end(d.at) {
			return true // the line at hand starts the next one
		}
		d.haveLine = false
		rec := d.start(ms)
		if bytes.HasPrefix(d.line.text[n:], []byte(digestOpen)) && (d.opt.Format == Unknown || d.opt.Format.Digest()) {
			if d.digest(d.line.text[n+len(digestOpen):], rec) {
				rec.Text, rec.Head = d.line.text, d.line.text[n:]
				if d.opt.Format != Unknown && d.opt.Format != rec.Format {
					return d.skip(ErrFormat, 1)
				}
				d.out = rec
				d.startFast()
				return true
			}
			if d.digestsOnly() {
				return d.skip(ErrDigest, n+len(digestOpen)+1)
			}
		}
		// The same, cut off so early that its mark is not complete.
		if d.digestsOnly() && bytes.HasPrefix([]byte(digestOpen), d.line.text[n:]) {
			return d.skip(ErrDigest, n+1)
		}
		if d.opt.Format.Digest() {
			return d.skip(ErrDigest, n+1)
		}
		rec.Format = d.stampedFormat()
		d.opened(n)
	}
}

// opened keeps the line at hand as the first of a record of which more may
// follow. Its head begins at its nth byte.
func (d *Decoder) opened(n int) {
	a := d.at
	a.lent = d.line.text
	if !d.plainLines {
		a.keep()
	}
	a.runs = a.runs[:0]
	a.headStart, a.headEnd = n, len(d.line.text)
	a.open = true
}

// keep copies a text that is lent.
func (a *assembly) keep() {
	if a.lent != nil {
		a.text, a.lent = append(a.text[:0], a.lent...), nil
	}
}

// whole returns the text of the open record so far.
func (a *assembly) whole() []byte {
	if a.lent != nil {
		return a.lent
	}
	return a.text
}

// siteLine reports whether the line at hand begins a record of the site's own
// layout. What is a digest line, by its n bytes of stamp and what follows them,
// is left to the documented format, unless the user has named the layout.
func (d *Decoder) siteLine(n int, stamped bool) bool {
	if stamped && d.opt.Format != OwnLayout && bytes.HasPrefix(d.line.text[n:], []byte(digestOpen)) {
		return false
	}
	return d.site.try(&d.line)
}

// startOfSite begins a record of the site's own layout at the line at hand.
func (d *Decoder) startOfSite() {
	rec := d.start(d.site.ms)
	rec.Format, rec.Layout = OwnLayout, d.site.layout.spec.Name
	d.at.groups = append(d.at.groups[:0], d.site.groups...)
	d.opened(d.site.after)
}

// Record returns the current record, nil if the current item is a skipped
// line. It is the Decoder's and valid until the next call of Next or Buffer.
func (d *Decoder) Record() *Record {
	if d.merge != nil {
		return d.merge.record(d)
	}
	return d.out
}

// Skipped returns the current skipped line, nil if the current item is a
// record. It is valid like a record.
func (d *Decoder) Skipped() *SyntaxError {
	if d.merge != nil {
		return d.merge.skipped(d)
	}
	if d.out != nil {
		return nil
	}
	return &d.bad
}

// fetch makes the next line the line at hand. It reports false if that takes
// more bytes.
func (d *Decoder) fetch() bool {
	if d.haveLine = d.split.next(&d.line, d.done); d.haveLine && d.line.n == 1 {
		d.line.text = bytes.TrimPrefix(d.line.text, []byte("\ufeff"))
	}
	return d.haveLine
}

// start begins a record at the line at hand.
func (d *Decoder) start(ms int64) *Record {
	rec := &d.at.rec
	exceptions := rec.Exceptions[:0]
	*rec = Record{} // in place: with values, it would be built aside and copied, which takes much longer
	rec.Line, rec.Lines, rec.Offset, rec.Size, rec.Cut = d.line.n, 1, d.line.offset, d.line.size, d.line.cut
	rec.Time, rec.NoTime, rec.Code, rec.LatencyMS, rec.BackendMS = ms, d.clock.undated(), NoCode, -1, -1
	rec.Exceptions = exceptions
	if d.origins != nil {
		rec.Host, rec.File = d.origins.last.host, d.origins.last.file
		if level, ok := levels[string(d.origins.level)]; ok {
			rec.Level = []byte(level)
		}
	}
	return rec
}

// extend adds the line at hand to the open record of its origin.
func (d *Decoder) extend() {
	a := d.at
	a.rec.Lines++
	a.rec.Size += d.line.size
	a.rec.Cut = a.rec.Cut || d.line.cut
	room := d.opt.MaxRecord - len(a.whole()) - 1
	if room < len(d.line.text) {
		a.rec.Cut = true
		if room <= 0 {
			return
		}
	}
	if a.lent != nil {
		// The line goes on where the text ends unless something between
		// them was dropped: a carriage return, a stamp, NUL bytes.
		if end := len(a.lent) + 1; room >= len(d.line.text) && d.split.at(d.line.text) == d.split.at(a.lent)+end {
			a.lent = a.lent[:end+len(d.line.text)]
			return
		}
		a.keep()
	}
	a.text = append(a.text, '\n')
	a.text = append(a.text, d.line.text[:min(room, len(d.line.text))]...)
}

// end completes the open record of a, if there is one, and makes it the
// current item.
func (d *Decoder) end(a *assembly) bool {
	if !a.open {
		return false
	}
	a.open = false
	text := a.whole()
	a.rec.Text, a.rec.Head = text, text[a.headStart:a.headEnd]
	d.ladder.frames = a.runs
	d.ladder.read(&a.rec)
	if a.rec.Format == OwnLayout {
		d.site.fill(&a.rec, a.groups)
	}
	d.out = &a.rec
	return true
}

// endAny completes an open record, the one that began first.
func (d *Decoder) endAny() bool {
	if d.origins != nil {
		if a := d.origins.oldest(); a != nil && (!d.own.open || a.rec.Line < d.own.rec.Line) {
			return d.end(a)
		}
	}
	return d.end(&d.own)
}

// digest reads the fields of a digest line, what follows digestOpen, into rec.
func (d *Decoder) digest(b []byte, rec *Record) bool {
	closed := len(b) > 0 && b[len(b)-1] == ')'
	if closed {
		b = b[:len(b)-1]
	} else if i := bytes.LastIndexByte(b, ')'); i >= 0 {
		b, closed = b[:i], true
	}
	n := splitDigest(b, &d.fields)
	if !closed {
		n-- // the line was cut off inside its last field
	}
	if !gatewayDigest(&d.fields, n, rec) && !spiDigest(&d.fields, n, rec) {
		return false
	}
	if d.opt.Lean {
		rec.ClientVersion, rec.ClientOS, rec.UserID, rec.DeviceID, rec.ClientIP = nil, nil, nil, nil, nil
	}
	return true
}

// startFast has the next line read by digestFast, if it can be a line of its
// kind.
func (d *Decoder) startFast() {
	if d.out.Format != GatewayDigest || !d.plainLines || d.merge != nil {
		return
	}
	if d.fast == nil {
		d.fast = newFastDigest(d.opt.Groups)
	}
	d.inFast = true
}

// skip makes the line at hand the current item, as one that is no record.
func (d *Decoder) skip(why error, column int) bool {
	if d.line.cut && why != ErrFormat {
		why = ErrTooLong
	}
	d.out = nil
	d.bad = SyntaxError{
		Line: d.line.n, Offset: d.line.offset, Column: column,
		Format: d.opt.Profile.Format, Text: d.line.text[:min(len(d.line.text), syntaxText)], Whole: d.line.text, Err: why,
	}
	return true
}

// digestsOnly reports whether the input is a digest log, so that a line that
// begins like a digest and is none is a broken one.
func (d *Decoder) digestsOnly() bool {
	f := d.opt.Profile.Format
	return d.opt.Format == Unknown && (f == GatewayDigest || f == SPIDigest)
}

// orphan tells why a line without a stamp is part of no record.
func (d *Decoder) orphan() error {
	if len(bytes.TrimSpace(d.line.text)) == 0 {
		return ErrBlank
	}
	if d.digestsOnly() {
		return ErrDigest
	}
	if d.site.layout != nil && (d.opt.Format == OwnLayout || d.opt.Profile.Format == OwnLayout) {
		return ErrLayout
	}
	return ErrOrphan
}
