package parser

import (
	"bytes"
	"time"
)

// SampleSize is how many of an input's first bytes Detect should be given.
const SampleSize = 1 << 20

// Profile is what the first bytes of an input tell about the whole.
type Profile struct {
	Format Format // the commonest format of its records; Unknown if no line begins a record
	Host   Host   // where it was written, from its name or its format
	Binary bool   // it is not text

	Lines   int // lines looked at
	Records int // of them, those that begin a record
	Digests int // of them, those that are digest lines

	Prefixed bool // its lines carry the prefixes of grep, pssh or their like
	Traced   bool // most of its stamped records have a trace id
	// Stamps is the form of the stamps that its lines begin with.
	Stamps StampForm

	// Zone is the offset that the records' trace ids give to their stamps;
	// ZoneVotes is how many records it rests on, 0 if there is none.
	Zone      *time.Location
	ZoneVotes int
	// ZoneFrom and ZoneTo are when the first and the last of these trace ids
	// were made, in Unix milliseconds.
	ZoneFrom, ZoneTo int64
	// StampZone is the offset that the stamps themselves name, nil if any of
	// them names none; the first, if they name several.
	StampZone *time.Location

	// Layout is the site's own layout of which the input has records, nil if
	// none of those known fits.
	Layout *Layout

	slots [codeSlots]slot
}

// Absolute reports whether the input's times are instants by themselves, so
// that no zone is needed to read them.
func (p *Profile) Absolute() bool {
	return p.Format == Capture || p.Format == HAR || p.Stamps == Epoch || p.Stamps == HTTPDates
}

// slot counts the numbers of four digits in one of the brackets of the
// records' heads, to tell a column of codes from a column of thread ids.
type slot struct{ numbers, codes int }

// codeSlots is how many brackets of a head are looked at.
const codeSlots = 16

// codeSlot reports whether a number in the given bracket of a head may be a
// result code: unless the sample has shown that this bracket holds mostly
// other numbers, such as thread or process ids.
func (p *Profile) codeSlot(i int) bool {
	if i >= codeSlots {
		return false
	}
	s := p.slots[i]
	return s.codes*10 >= s.numbers*9
}

// Detect looks at the first bytes of an input. The name is only a hint: it
// tells the kind of host where the content does not. The sample's last line
// may be cut off; it is not looked at unless it is the only one.
//
// Of the layouts, the one is used of which the most lines begin a record. It
// need not be the commonest format: other records are read beside it.
func Detect(sample []byte, name string, lexicon *Lexicon, layouts ...*Layout) Profile {
	p := Profile{Host: hostOf(name)}
	if isHAR(sample) {
		p.Format, p.StampZone, p.Records = HAR, harZone(sample), 1
		p.Lines = bytes.Count(sample, []byte{'\n'})
		return p
	}
	if lexicon == nil {
		lexicon = &Lexicon{}
	}
	if i := bytes.LastIndexByte(sample, '\n'); i > 0 && len(sample) >= SampleSize {
		sample = sample[:i+1]
	}
	p.Layout = chooseLayout(sample, layouts)
	p.Prefixed = p.Layout == nil && prefixed(sample)
	p.Stamps = stampsOf(sample)
	var (
		votes ZoneVote
		count [NumFormats]int
		d     = NewDecoder(Options{
			Lexicon: lexicon, MaxRecord: 64 << 10, Location: time.UTC, Lean: true,
			Profile: Profile{Layout: p.Layout, Prefixed: p.Prefixed, Stamps: p.Stamps},
		})
		zoned, traced, android, xcode int
	)
	feed(d, sample, func() {
		r := d.Record()
		if r == nil {
			return
		}
		p.Records++
		count[r.Format]++
		if s := p.stampOf(r); s.zoned {
			if zoned++; zoned == 1 {
				p.StampZone = offsetZone(s.offset)
			}
		} else if ms, ok := traceMillis(r.TraceID); ok {
			if votes.Add(r.Time, ms); p.ZoneTo == 0 {
				p.ZoneFrom = ms
			}
			p.ZoneTo = ms
		}
		if r.Format == Stamped {
			if p.Stamps == Yearless || parseLogcat(r.Head).tag != nil {
				android++
			} else if parseConsole(bytes.TrimLeft(r.Head, " ")) != nil {
				xcode++
			}
		}
		if r.Format == Stamped || r.Format == OwnLayout {
			p.countSlots(r.Head, lexicon)
			if r.TraceID != nil {
				traced++
			}
		}
	})
	p.Lines = int(d.Lines())
	p.Digests = count[GatewayDigest] + count[SPIDigest]
	for _, f := range []Format{GatewayDigest, SPIDigest, OwnLayout, Stamped} {
		if count[f] > count[p.Format] {
			p.Format = f
		}
	}
	if p.Format == Stamped && p.Host == AnyHost {
		switch {
		case android*2 > count[Stamped]:
			p.Format = Logcat
		case xcode*2 > count[Stamped]:
			p.Format = IOSConsole
		}
	}
	if p.Host == AnyHost {
		p.detectCapture(sample, lexicon)
	}
	if p.Host == AnyHost {
		switch p.Format {
		case GatewayDigest:
			p.Host = GatewayHost
		case SPIDigest:
			p.Host = BusinessHost
		}
	}
	if zone, ok := votes.Zone(); ok {
		p.Zone, p.ZoneVotes = zone, votes.total
	}
	p.Traced = traced*2 > count[Stamped]+count[OwnLayout]
	if zoned < p.Records {
		p.StampZone = nil
	}
	p.Binary = p.Records == 0 && isBinary(sample)
	return p
}

// stampOf reads the stamp of a record again.
func (p *Profile) stampOf(r *Record) stamp {
	if r.Format != OwnLayout {
		s, _ := parseStamp(r.Text)
		return s
	}
	line, _, _ := bytes.Cut(r.Text, []byte{'\n'})
	if groups := p.Layout.match(line); groups != nil {
		s, _ := p.Layout.stampOf(line, groups)
		return s
	}
	return stamp{}
}

// stampsOf returns the form of the stamps that most lines begin with. A full
// stamp anywhere outweighs the others.
func stampsOf(sample []byte) StampForm {
	const enough = 64 << 10
	sample = sample[:min(len(sample), enough)]
	var counts [HTTPDates + 1]int
	clocks := make([]clock, len(counts))
	for _, f := range stampForms {
		clocks[f] = clock{loc: time.UTC, form: f}
	}
	lines := 0
	for len(sample) > 0 {
		line := sample[:lineEnd(sample, 0)]
		sample = sample[min(len(sample), len(line)+1):]
		if len(bytes.TrimSpace(line)) > 0 {
			lines++
		}
		if _, ok := parseStamp(line); ok {
			counts[FullStamps]++
			continue
		}
		for _, f := range stampForms {
			if _, _, ok := clocks[f].other(line); ok {
				counts[f]++
			}
		}
	}
	best := FullStamps
	for _, f := range stampForms {
		if counts[f] > counts[best] {
			best = f
		}
	}
	return best
}

// detectCapture finds out whether the sample is a capture: responses, dumps
// and a client's lines that stand outside of stamped records, and more of them
// than there are stamped records.
func (p *Profile) detectCapture(sample []byte, lexicon *Lexicon) {
	if p.Digests > 0 || p.Records > 0 && firstStamped(sample, p.Stamps) {
		return
	}
	d := NewDecoder(Options{Format: Capture, Lexicon: lexicon, MaxRecord: 64 << 10, Profile: Profile{Stamps: p.Stamps}})
	n, coded := 0, 0
	feed(d, sample, func() {
		if r := d.Record(); r != nil {
			n++
			if r.Code != NoCode {
				coded++
			}
		}
	})
	if n > 0 && (p.Records == 0 && (coded > 0 || bytes.Contains(sample, []byte("HTTP/"))) || p.Records > 0 && coded >= p.Records) {
		p.Format, p.Records = Capture, n
	}
}

// firstStamped reports whether the first line that is not blank begins with a
// stamp.
func firstStamped(sample []byte, form StampForm) bool {
	c := clock{loc: time.UTC, form: form}
	for len(sample) > 0 {
		line := sample[:lineEnd(sample, 0)]
		sample = sample[min(len(sample), len(line)+1):]
		if len(bytes.TrimSpace(line)) > 0 {
			_, _, ok := c.instant(bytes.TrimPrefix(line, []byte("\ufeff")))
			return ok
		}
	}
	return false
}

// feed gives all of b to d and calls item for each of its items.
func feed(d *Decoder, b []byte, item func()) {
	for {
		for d.Next() {
			item()
		}
		if d.done {
			return
		}
		n := copy(d.Buffer(), b)
		d.Filled(n)
		if b = b[n:]; len(b) == 0 {
			d.Finish()
		}
	}
}

// countSlots counts what stands in the brackets of a head.
func (p *Profile) countSlots(head []byte, lexicon *Lexicon) {
	for i := range p.slots {
		open := bytes.IndexByte(head, '[')
		if open < 0 {
			return
		}
		n := bytes.IndexByte(head[open:], ']')
		if n < 0 {
			return
		}
		content := bytes.TrimSpace(head[open+1 : open+n])
		if code, ok := parseCode(content); ok && len(content) == 4 {
			p.slots[i].numbers++
			if lexicon.Documented[Key{Server, code}] {
				p.slots[i].codes++
			}
		}
		head = head[open+n+1:]
	}
}

// isBinary reports whether b is not text: more than a tenth of it are control
// characters. U+FFFD counts for the one byte that it probably stands for.
func isBinary(b []byte) bool {
	control := 0
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b && c != '\f' {
			control++
		}
	}
	return control*10 > len(b)-2*bytes.Count(b, []byte("\ufffd"))
}
