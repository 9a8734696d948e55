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
	UTF16  bool   // it begins with a byte-order mark of UTF-16

	Lines   int // lines looked at
	Records int // of them, those that begin a record
	Digests int // of them, those that are digest lines

	Traced bool // most of its stamped records have a trace id
	// Zone is the offset that the records' trace ids give to their stamps;
	// ZoneVotes is how many records it rests on, 0 if there is none.
	Zone      *time.Location
	ZoneVotes int
	// StampZone is the offset that the stamps themselves name, nil if any of
	// them names none; the first, if they name several.
	StampZone *time.Location

	slots [codeSlots]slot
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
func Detect(sample []byte, name string, lexicon *Lexicon) Profile {
	p := Profile{Host: hostOf(name)}
	if bytes.HasPrefix(sample, []byte{0xFF, 0xFE}) || bytes.HasPrefix(sample, []byte{0xFE, 0xFF}) {
		p.UTF16 = true
		return p
	}
	if lexicon == nil {
		lexicon = &Lexicon{}
	}
	if i := bytes.LastIndexByte(sample, '\n'); i > 0 && len(sample) >= SampleSize {
		sample = sample[:i+1]
	}
	var (
		votes         ZoneVote
		count         [Stamped + 1]int
		d             = NewDecoder(Options{Lexicon: lexicon, MaxRecord: 64 << 10})
		zoned, traced int
	)
	feed(d, sample, func() {
		r := d.Record()
		if r == nil {
			return
		}
		p.Records++
		count[r.Format]++
		if s, _ := parseStamp(r.Text); s.zoned {
			if zoned++; zoned == 1 {
				p.StampZone = offsetZone(s.offset)
			}
		} else if ms, ok := traceMillis(r.TraceID); ok {
			votes.Add(r.Time, ms)
		}
		if r.Format == Stamped {
			p.countSlots(r.Head, lexicon)
			if r.TraceID != nil {
				traced++
			}
		}
	})
	p.Lines = int(d.Lines())
	p.Digests = count[GatewayDigest] + count[SPIDigest]
	for _, f := range []Format{GatewayDigest, SPIDigest, Stamped} {
		if count[f] > count[p.Format] {
			p.Format = f
		}
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
	p.Traced = traced*2 > count[Stamped]
	if zoned < p.Records {
		p.StampZone = nil
	}
	p.Binary = p.Records == 0 && isBinary(sample)
	return p
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
