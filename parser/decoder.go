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
	// MaxRecord bounds the bytes kept of a record, and of a line; 0 means
	// DefaultMaxRecord.
	MaxRecord int
}

// Decoder turns the bytes of one input into records. It is fed with
// Buffer and Filled, and asked with Next; Finish ends the input.
//
// A record starts at a line that begins with a time stamp and runs to the
// next one, except that a digest's record is one line. Lines that are part of
// no record come out as SyntaxErrors, so that every line of the input is
// accounted for. The result does not depend on how the input is cut into
// reads. Memory is bounded: buffers for one read and two records.
type Decoder struct {
	opt    Options
	split  splitter
	clock  clock
	ladder ladder
	done   bool // no more bytes will come

	line     line // the line at hand, delivered by split and not yet used
	haveLine bool
	open     bool   // rec is a stamped record whose end is not yet seen
	text     []byte // of the open record; its head is text[headStart:headEnd]

	headStart, headEnd int

	capture *capture // of a Capture; else nil
	merge   *merger  // of a client's log; else nil

	rec    Record
	bad    SyntaxError
	isBad  bool
	fields [digestFields][]byte
}

// NewDecoder returns a Decoder at the beginning of an input.
func NewDecoder(opt Options) *Decoder {
	if opt.MaxRecord <= 0 {
		opt.MaxRecord = DefaultMaxRecord
	}
	if opt.Location == nil {
		opt.Location = time.UTC
	}
	if opt.Lexicon == nil {
		opt.Lexicon = &Lexicon{}
	}
	d := &Decoder{
		opt:    opt,
		split:  newSplitter(opt.MaxRecord, readSize),
		clock:  clock{loc: opt.Location, form: opt.Profile.Stamps, modified: opt.Modified},
		ladder: newLadder(opt),
	}
	d.client()
	return d
}

// Buffer returns space for the next bytes of the input. It is never empty
// when Next has returned false. It invalidates the last record.
func (d *Decoder) Buffer() []byte { return d.split.free() }

// Filled announces that the first n bytes of Buffer now hold input.
func (d *Decoder) Filled(n int) { d.split.fill(n) }

// Finish announces that no more bytes will come: what is left is complete.
func (d *Decoder) Finish() { d.done = true }

// Lines returns the number of lines read so far.
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
	d.isBad = false
	for {
		if !d.haveLine {
			if !d.fetch() {
				return d.done && d.endRecord()
			}
		}
		ms, n, stamped := d.clock.instant(d.line.text)
		if !stamped {
			d.haveLine = false
			if d.open {
				d.extend()
				continue
			}
			return d.skip(d.orphan(), 1)
		}
		if d.open && d.continues(n) {
			d.haveLine = false
			d.extend()
			continue
		}
		if d.endRecord() {
			return true // the line at hand starts the next one
		}
		d.haveLine = false
		d.start(ms)
		if bytes.HasPrefix(d.line.text[n:], []byte(digestOpen)) && (d.opt.Format == Unknown || d.opt.Format.Digest()) {
			if d.digest(d.line.text[n+len(digestOpen):]) {
				d.rec.Text, d.rec.Head = d.line.text, d.line.text[n:]
				if d.opt.Format != Unknown && d.opt.Format != d.rec.Format {
					return d.skip(ErrFormat, 1)
				}
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
		d.rec.Format = d.stampedFormat()
		d.text = append(d.text[:0], d.line.text...)
		d.headStart, d.headEnd = n, len(d.text)
		d.open = true
	}
}

// Record returns the current record, nil if the current item is a skipped
// line. It is the Decoder's and valid until the next call of Next or Buffer.
func (d *Decoder) Record() *Record {
	if d.merge != nil {
		return d.merge.record(d)
	}
	if d.isBad {
		return nil
	}
	return &d.rec
}

// Skipped returns the current skipped line, nil if the current item is a
// record. It is valid like a record.
func (d *Decoder) Skipped() *SyntaxError {
	if d.merge != nil {
		return d.merge.skipped(d)
	}
	if !d.isBad {
		return nil
	}
	return &d.bad
}

// fetch makes the next line the line at hand. It reports false if that takes
// more bytes.
func (d *Decoder) fetch() bool {
	if d.line, d.haveLine = d.split.next(d.done); d.haveLine && d.line.n == 1 {
		d.line.text = bytes.TrimPrefix(d.line.text, []byte("\ufeff"))
	}
	return d.haveLine
}

// start begins a record at the line at hand.
func (d *Decoder) start(ms int64) {
	d.rec = Record{
		Line: d.line.n, Lines: 1, Offset: d.line.offset, Size: d.line.size, Cut: d.line.cut,
		Time: ms, NoTime: d.clock.undated(), Code: NoCode, LatencyMS: -1, BackendMS: -1,
		Exceptions: d.rec.Exceptions[:0],
	}
}

// extend adds the line at hand to the open record.
func (d *Decoder) extend() {
	d.rec.Lines++
	d.rec.Size += d.line.size
	d.rec.Cut = d.rec.Cut || d.line.cut
	room := d.opt.MaxRecord - len(d.text) - 1
	if room < len(d.line.text) {
		d.rec.Cut = true
		if room <= 0 {
			return
		}
	}
	d.text = append(d.text, '\n')
	d.text = append(d.text, d.line.text[:min(room, len(d.line.text))]...)
}

// endRecord completes the open record, if there is one.
func (d *Decoder) endRecord() bool {
	if !d.open {
		return false
	}
	d.open = false
	d.rec.Text, d.rec.Head = d.text, d.text[d.headStart:d.headEnd]
	d.ladder.read(&d.rec)
	return true
}

// digest reads the fields of a digest line, what follows digestOpen.
func (d *Decoder) digest(b []byte) bool {
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
	return gatewayDigest(&d.fields, n, &d.rec) || spiDigest(&d.fields, n, &d.rec)
}

// skip makes the line at hand the current item, as one that is no record.
func (d *Decoder) skip(why error, column int) bool {
	if d.line.cut && why != ErrFormat {
		why = ErrTooLong
	}
	d.isBad = true
	d.bad = SyntaxError{
		Line: d.line.n, Offset: d.line.offset, Column: column,
		Format: d.opt.Profile.Format, Text: d.line.text[:min(len(d.line.text), syntaxText)], Err: why,
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
	return ErrOrphan
}
