package parser

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Nearly all lines of a gateway digest have the documented shape, and nearly
// all repeat the operationType, appId, workspaceId and code of a line before.
// Such lines are read here with the least work; every other line is left, with
// nothing taken of it, to the Decoder's way for all lines, which is the
// reference that FuzzDigestFast holds this one to. It is tried only behind a digest
// line.
//
// A line is read from both of its ends. The fields from the operationType to
// the code are hashed on the way to the comma behind them and looked up as one
// text; of those in the middle only the number of commas matters, unless their
// values are wanted; the last seven are found from the line's end.
//
// What a line says goes into a Brief first, from which a Record is made for those
// who ask for Records. Who only counts asks for many Briefs at once.

// GroupLimit bounds the numbers of groups in use at a time, see Record.Group.
const GroupLimit = 1 << 13

const (
	groupFields = gwCode - gwOperationType + 1
	// maxGroupKey is how long the text of these fields may be.
	maxGroupKey = 512
	// groupSlots is how many places the table of groups has: twice as many as it
	// needs, so that whether a group is found does not depend on the hash.
	groupSlots = 2 * GroupLimit
	// usualKey is the length of all but the longest of these texts.
	usualKey = 96
	// recentSize is the length of the beginnings by which recent groups are
	// remembered.
	recentSize  = 32
	recentSlots = 1 << 11

	// tailSize is how many bytes before the closing parenthesis are searched
	// for the commas of the last seven fields.
	tailSize     = 71
	tailFields   = gwFields - gwStress
	middleFields = gwStress - gwCode - 1

	// leadSize is how long the text from the stamp's end to the result may be.
	leadSize = 32
	// shortest is how long a line is at least that is read here: so long that
	// what is looked at before its end is known is within it.
	shortest = usualStart + leadSize + len("Y,1234567890 ms,") + usualKey

	// MaxBriefs is how many Briefs there are at a time at most: the lines of that
	// many stay in the processor's nearest cache while they are read.
	MaxBriefs = 32
)

// Brief is what it takes to count a record of a gateway digest that has a time and
// a Group.
type Brief struct {
	Time      int64  // as of Record
	Made      int64  // when its trace id was made, in Unix milliseconds, if Traced
	Group     uint64 // as of Record
	LatencyMS int32  // as of Record
	BackendMS int32  // as of Record
	Host      uint32 // that made its trace id, for TraceHost, if Traced
	Traced    bool   // the trace id is one that SplitTraceID can read
	Stress    bool   // as of Record
	success   byte   // as of Record
}

// fastDigest is what is kept from one digest line to the next.
type fastDigest struct {
	rec    Record
	second [3]uint64 // of the last line, see secondOf
	base   int64     // the same in Unix milliseconds
	// What is expected from behind digestOpen to the result, "/mgw.htm,response,",
	// as words of which the mask leaves out what is behind it.
	lead     [leadSize / 8]uint64
	leadMask [leadSize / 8]uint64
	leadLen  uint
	hosts    [1 << traceHostBits]traceHost // by a hash of their digits
	begin    uint64                        // of the last trace id that was read in a tail, see traceBegin
	beginMS  int64                         // what it says
	// The commas in the last word of the last line, and where the last two are in its
	// tail, the very last first.
	lastCommas uint64
	last       [2]int

	*Groups

	fields [digestFields][]byte // of the line's middle

	// The lines read last.
	briefs      [MaxBriefs]Brief
	lines       [MaxBriefs]digestLine
	from        int   // where they begin in the splitter's buffer
	firstLine   int64 // the number of the first
	firstOffset int64 // bytes of input before it
	ahead       int   // how many to try next time
}

// digestLine is where the parts of a line are, as places in what was read.
type digestLine struct {
	from, to int               // the line, without its line end
	middle   int               // behind the code's comma
	group    int               // index of the group
	c        [tailFields]uint8 // where the commas before the last fields are in the tail, the last one first
}

// tail returns where the last tailSize bytes of the line begin that stand before
// its closing parenthesis.
func (l *digestLine) tail() int { return l.to - 1 - tailSize }

// lineTail is these bytes and the parenthesis.
type lineTail [tailSize + 1]byte

// word returns the eight bytes from i on. The mask, which changes nothing for what
// may be asked for, tells the compiler so.
func (t *lineTail) word(i int) uint64 { return binary.LittleEndian.Uint64(t[i&(tailSize-8):]) }

// Groups are the combinations of operationType, appId, workspaceId and code that
// digest lines have had, at most GroupLimit at a time, and their numbers, which
// are those of Record.Group.
type Groups struct {
	slots  []uint16               // by hash: 1 + the index of a group
	recent [recentSlots][2]uint16 // by a text's beginning: 1 + the indices of the last two groups with it
	keys   []groupKey
	groups []digestGroup // of the same indices as keys
	// texts holds the keys, near to each other since many are in use by turns, and
	// zeros behind the last. What is in it never changes.
	texts []byte
	first uint64 // number of the first group
	seed  uint64
}

// NewGroups returns Groups without any.
func NewGroups() *Groups {
	return &Groups{slots: make([]uint16, groupSlots), first: GroupLimit, seed: rand.Uint64()}
}

// renew forgets all groups. Their numbers do not come again.
func (g *Groups) renew() {
	clear(g.slots)
	clear(g.recent[:])
	g.keys, g.groups, g.texts = g.keys[:0], g.groups[:0], nil
	g.first += GroupLimit
}

// groupKey is where the text is in Groups.texts that lines of a group have from
// operationType to code, with the comma behind it.
type groupKey struct{ at, size uint32 }

// digestGroup is what else lines of a group have in common.
type digestGroup struct {
	code   Code
	fields [3]keyPart // operationType, appId and workspaceId
}

// keyPart is where a field is in a group's key; of size 0, nowhere.
type keyPart struct{ at, size uint16 }

// key returns the text of the group of index i.
func (g *Groups) key(i int) []byte { return g.text(g.keys[i]) }

func (g *Groups) text(k groupKey) []byte { return g.texts[k.at : k.at+k.size : k.at+k.size] }

// field returns the ith of operationType, appId and workspaceId of a group, nil
// for none.
func (g *Groups) field(group, i int) []byte {
	f := g.groups[group].fields[i]
	if f.size == 0 {
		return nil
	}
	return g.text(groupKey{g.keys[group].at + uint32(f.at), uint32(f.size)})
}

// begins returns how long the key of the group of index i is, if it stands in b at
// at, with at least usualKey bytes from there on, else 0. It compares as many bytes of each, so
// that it takes as long for each.
func (g *Groups) begins(b []byte, at, i int) int {
	k := g.keys[i]
	if k.size > usualKey {
		if !bytes.HasPrefix(b[at:], g.text(k)) {
			return 0
		}
		return int(k.size)
	}
	x, y, mask := (*[usualKey]byte)(b[at:]), (*[usualKey]byte)(g.texts[k.at:]), (*[usualKey]byte)(keyMask[usualKey-k.size:])
	differ := func(i int) uint64 {
		return (binary.LittleEndian.Uint64(x[i:]) ^ binary.LittleEndian.Uint64(y[i:])) & binary.LittleEndian.Uint64(mask[i:])
	}
	if differ(0)|differ(8)|differ(16)|differ(24)|differ(32)|differ(40)|
		differ(48)|differ(56)|differ(64)|differ(72)|differ(80)|differ(88) != 0 {
		return 0
	}
	return int(k.size)
}

// keyMask is usualKey bytes of ones and as many of zeros.
var keyMask = [2 * usualKey]byte(bytes.Join([][]byte{bytes.Repeat([]byte{0xff}, usualKey), make([]byte, usualKey)}, nil))

// digestFast reads the next line, if it is a digest line of the usual shape,
// and makes it the current item. Otherwise it reports false and leaves the line
// where it is.
func (d *Decoder) digestFast() bool {
	if d.readDigests(1) == 0 {
		return false
	}
	d.out = d.BriefRecord(0)
	return true
}

// Briefs reads the next lines, at most limit and MaxBriefs, as far as Briefs tell
// all of them that a caller who reads with Options.Lean can want for counting. It
// returns nothing where Next must be called. They are the Decoder's and valid
// until its next call, except of BriefRecord.
func (d *Decoder) Briefs(limit int) []Brief {
	if !d.inFast || !d.opt.Lean || d.clock.undated() {
		return nil
	}
	q := d.fast
	n := d.readDigests(min(limit, q.ahead))
	// What was looked at behind a line that is none of the usual shape is looked at
	// again. So where these are many, fewer are tried.
	q.ahead = min(2*n+1, MaxBriefs)
	return q.briefs[:n]
}

// readDigests reads the next lines that are complete and of the usual shape, at
// most limit and MaxBriefs. It returns how many.
//
// It does so in two steps, each for all lines: while a processor waits for what
// one instruction needs, it goes on with those that come next, and these are the
// same step for the next line rather than another that has to wait as well.
func (d *Decoder) readDigests(limit int) int {
	q, s := d.fast, &d.split
	if s.scanned != 0 {
		return 0
	}
	b := s.buf[s.r:s.w]
	lines := q.lines[:min(limit, MaxBriefs)]
	lines = lines[:q.heads(b, lines, &d.clock, s.max)]
	lines = lines[:q.tails(b, lines)]
	n := len(lines)
	if n == 0 {
		return 0
	}
	q.from, q.firstLine, q.firstOffset = s.r, s.lines+1, s.offset
	size := lines[n-1].to + 1
	s.r += size
	s.offset += int64(size)
	s.lines += int64(n)
	return n
}

// heads reads the next lines up to their codes, and finds their ends, up to the
// first that is not complete or not of the usual shape. It returns how many.
func (q *fastDigest) heads(b []byte, lines []digestLine, clock *clock, most int) int {
	// ",123 - (": all but the digits is always the same.
	const digits, rest = 0x00000000_ffffff00, 0x28202d20_0000002c
	from := 0
	for k := range lines {
		l, x := &lines[k], &q.briefs[k]
		if len(b)-from < shortest {
			return k
		}
		// What is known to be there is within the line, since there is no line end
		// in it.
		w := (*[shortest]byte)(b[from:])
		fraction := binary.LittleEndian.Uint64(w[stampMin:])
		if fraction&^digits != rest || notDigits(fraction&digits|'0'*everyByte&^digits) != 0 ||
			secondOf(w) != q.second && !q.learnSecond(b[from:], clock) || !q.leads(w) && !q.learnLead(w) {
			return k
		}
		x.Time = q.base + int64(fraction>>8&0xf)*100 + int64(fraction>>16&0xf)*10 + int64(fraction>>24&0xf)
		i := usualStart + int(q.leadLen&(2*leadSize-1)) // the mask tells the compiler its bound
		// The line's end, here and not where all in front of it has been read: the next
		// line is begun with while this one still waits for its group.
		end := bytes.IndexByte(b[from+i:], '\n')
		to := from + i + end
		result := binary.LittleEndian.Uint16(w[i:])
		ms, n := elapsedAt((*[16]byte)(w[i+2:]))
		if result != 'Y'|','<<8 && result != 'N'|','<<8 || n == 0 {
			return k
		}
		x.success = byte(result)
		x.LatencyMS = ms
		i += from + 2 + n
		g, size := q.group(b, i, k == 0)
		if g < 0 {
			return k
		}
		x.Group = q.first + uint64(g)
		i += size
		if end < 0 || to-i <= tailSize || to-from > most {
			return k
		}
		l.from, l.middle, l.to, l.group = from, i, to, g
		from = l.to + 1
	}
	return len(lines)
}

// tails reads the last fields of the lines, up to the first that is not of the usual
// shape. It returns how many.
func (q *fastDigest) tails(b []byte, lines []digestLine) int {
	for k := range lines {
		l, x := &lines[k], &q.briefs[k]
		line := b[:l.to]
		t := (*lineTail)(line[len(line)-len(lineTail{}):])
		if t[tailSize] != ')' || !q.usualTail(t, &l.c, x) && !q.tail(t, &l.c, x) ||
			bytes.Count(b[l.middle:l.tail()+int(l.c[6])], []byte{','}) != middleFields-1 {
			return k
		}
	}
	return len(lines)
}

// usualTail is tail for what is usual, "F,0a02d81a177255359994335474443,F,ANDROID,56,4,2.0":
// flags of one character, a trace id of the known layout, a back-end time of up
// to seven digits, and two short fields. It looks for the commas where they must be
// then. It reports false for all else.
func (q *fastDigest) usualTail(t *lineTail, c *[tailFields]uint8, x *Brief) bool {
	// Words are turned round, so that the last character comes first.
	commas := equal(bits.ReverseBytes64(t.word(tailSize-8)), ','*everyByte)
	if commas != q.lastCommas || commas == 0 {
		if commas&(commas-1) == 0 {
			return false
		}
		q.lastCommas = commas
		q.last[0], q.last[1] = tailSize-1-firstByte(commas), tailSize-1-firstByte(commas&(commas-1))
	}
	c1 := q.last[1]
	w := bits.ReverseBytes64(t.word(c1 - 8))
	others := notDigits(w)
	c2 := c1 - 1 - firstByte(others) // where the digits begin
	before := equal(bits.ReverseBytes64(t.word(c2-8)), ','*everyByte)
	c3 := c2 - 1 - firstByte(before)
	// The comma before the shortest to the longest trace id. There is none in what
	// splitTraceID takes for an id.
	id := c3 - 2 - traceIDMax
	front := equal(bits.ReverseBytes64(t.word(id-1)), ','*everyByte)
	c5 := id + 6 - firstByte(front)
	// Both flags are a comma and a character that is none, in the last two bytes.
	flag, stress := t.word(c3-8)>>48, t.word(c5-8)>>48
	if before == 0 || front == 0 || c1-c2 < 2 || t[c2] != ',' || byte(flag) != ',' || byte(stress) != ',' || flag>>8 == ',' || stress>>8 == ',' {
		return false
	}
	c[0], c[1], c[2], c[3], c[4], c[5], c[6] = uint8(q.last[0]), uint8(c1), uint8(c2), uint8(c3), uint8(c3-2), uint8(c5), uint8(c5-2)
	w = (w ^ '0'*everyByte) & (others&-others>>7 - 1)
	x.BackendMS = int32(joinDigits(bits.ReverseBytes64(w)))
	x.Stress = stress>>8 == 'T'
	return q.traced(t, c5+1, c3-2, x)
}

// tail reads the last fields of a line of any shape. It reports false if they are
// not all in t, or if the back-end time is too long.
func (q *fastDigest) tail(t *lineTail, c *[tailFields]uint8, x *Brief) bool {
	to := tailSize
	for k := range c {
		if to = bytes.LastIndexByte(t[:to], ','); to < 0 {
			return false
		}
		c[k] = uint8(to)
	}
	backend := int64(-1)
	if v, ok := parseMillis(t[c[2]+1 : c[1]]); ok {
		backend = v
	}
	x.BackendMS = int32(backend)
	x.Host, x.Made, x.Traced = q.splitTraceID(t[c[5]+1 : c[4]])
	x.Stress = c[5]-c[6] == 2 && t[c[6]+1] == 'T'
	return backend <= math.MaxInt32
}

// BriefRecord returns the ith of the last Briefs as a Record, which is valid
// until the next call of the Decoder.
func (d *Decoder) BriefRecord(i int) *Record {
	q := d.fast
	rec, x, l := &q.rec, &q.briefs[i], &q.lines[i]
	b, c, g := d.split.buf[q.from:], &l.c, l.group
	t := b[l.tail() : l.to-1]
	if !d.opt.Lean {
		splitDigest(b[l.middle:l.tail()+int(c[6])], &q.fields)
		f := q.fields[:middleFields]
		rec.ClientVersion = value(f[gwProductVersion-gwProductID])
		rec.UserID, rec.DeviceID = value(f[gwUserID-gwProductID]), value(f[gwDeviceID-gwProductID])
		rec.ClientIP, rec.ClientOS = value(f[gwClientIP-gwProductID]), value(t[c[3]+1:c[2]])
	}
	rec.Line, rec.Offset, rec.Size = q.firstLine+int64(i), q.firstOffset+int64(l.from), int64(l.to+1-l.from)
	rec.Time, rec.NoTime, rec.Success = x.Time, d.clock.undated(), x.success
	rec.LatencyMS, rec.BackendMS = int64(x.LatencyMS), int64(x.BackendMS)
	rec.TraceID, rec.Stress = value(t[c[5]+1:c[4]]), x.Stress
	rec.Text = b[l.from:l.to]
	rec.Head = rec.Text[usualStamp:]
	rec.Group, rec.Code = x.Group, q.groups[g].code
	rec.OperationType, rec.AppID, rec.WorkspaceID = q.field(g, 0), q.field(g, 1), q.field(g, 2)
	return rec
}

// newFastDigest returns a fastDigest with the groups given, or without any for
// nil.
func newFastDigest(groups *Groups) *fastDigest {
	if groups == nil {
		groups = NewGroups()
	}
	return &fastDigest{rec: Record{Lines: 1, Format: GatewayDigest, Evidence: ByPosition}, Groups: groups, ahead: MaxBriefs}
}

// usualStart is how most digest lines begin, and usualStamp its stamp.
const (
	usualStart = len("2026-11-20 02:13:05,123 - (")
	usualStamp = len("2026-11-20 02:13:05,123")
)

// secondOf returns three words that hold date and time of day of a line. The last
// two overlap.
func secondOf(start *[shortest]byte) [3]uint64 {
	return [3]uint64{
		binary.LittleEndian.Uint64(start[:]), binary.LittleEndian.Uint64(start[8:]),
		binary.LittleEndian.Uint64(start[stampMin-8:]),
	}
}

// learnSecond makes the second of a line, of which fraction and what follows it are
// usual, the one that is expected next.
func (q *fastDigest) learnSecond(line []byte, c *clock) bool {
	ms, n, ok := c.instant(line)
	if !ok || n != usualStamp {
		return false
	}
	q.second = secondOf((*[shortest]byte)(line))
	q.base = ms - int64(line[stampMin+1]-'0')*100 - int64(digits2(line[stampMin+2:]))
	return true
}

// leads reports whether the line goes on behind its usual start as the last one
// did, up to its result.
func (q *fastDigest) leads(start *[shortest]byte) bool {
	differ := func(k int) uint64 {
		return (binary.LittleEndian.Uint64(start[usualStart+8*k:]) ^ q.lead[k]) & q.leadMask[k]
	}
	return differ(0)|differ(1)|differ(2)|differ(3) == 0 && q.leadLen > 0
}

// learnLead takes what another line has up to its result for what is to be
// expected. It reports false if that is too long.
func (q *fastDigest) learnLead(start *[shortest]byte) bool {
	w := start[usualStart : usualStart+leadSize]
	n := 0
	for range gwResult {
		k := bytes.IndexByte(w[n:], ',')
		if k < 0 {
			return false
		}
		n += k + 1
	}
	if bytes.IndexByte(w[:n], '\n') >= 0 {
		return false
	}
	q.leadLen = uint(n)
	for k := range q.lead {
		q.lead[k] = binary.LittleEndian.Uint64(w[8*k:])
		q.leadMask[k] = lowBytes(min(max(n-8*k, 0), 8))
	}
	return true
}

// lowBytes returns a word whose first n bytes, 0 to 8, have all bits set.
func lowBytes(n int) uint64 { return 1<<(8*n) - 1 }

// splitTraceID is SplitTraceID. There are few hosts, so their addresses are
// remembered.
func (q *fastDigest) splitTraceID(b []byte) (host uint32, ms int64, ok bool) {
	hex, ms, ok := traceParts(b)
	if !ok {
		return 0, 0, false
	}
	if host, ok = q.hostOf(hex); !ok {
		return 0, 0, false
	}
	return host, ms, true
}

// traced reads the trace id that stands in t, within the first word that word knows,
// into x. The time up to 100 seconds is mostly that of the line before.
func (q *fastDigest) traced(t *lineTail, from, to int, x *Brief) bool {
	if begin := t.word(from + 8); begin != q.begin {
		ms, ok := traceBegin(begin)
		if !ok {
			return false
		}
		q.begin, q.beginMS = begin, ms
	}
	ms, ok := traceEnd(q.beginMS, t.word(from+16), t.word(to-8))
	if !ok || to-from < traceIDMin || to-from > traceIDMax {
		return false
	}
	x.Made = ms
	x.Host, x.Traced = q.hostOf(t.word(from))
	return x.Traced
}

// hostOf returns the address that eight hexadecimal digits tell; false if they are
// none.
func (q *fastDigest) hostOf(hex uint64) (host uint32, ok bool) {
	known := &q.hosts[hex*0x9e3779b97f4a7c15>>(64-traceHostBits)]
	if known.hex != hex || hex == 0 {
		if host, ok = parseHex(hex); !ok {
			return 0, false
		}
		*known = traceHost{hex, host}
	}
	return known.host, true
}

const traceHostBits = 6

// traceHost is the address of a host, as eight hexadecimal digits and as a
// number.
type traceHost struct {
	hex  uint64
	host uint32
}

// elapsedAt reads the elapsed time that b begins with, "61ms,", "61 ms," or "61,".
// It returns its length with the comma, 0 if it is written otherwise or too long.
func elapsedAt(b *[16]byte) (ms int32, n int) {
	// The usual form, of up to five digits, is in one word: the digits are moved to
	// its end, and zeros to its beginning.
	const msComma = 'm' | 's'<<8 | ','<<16
	w := binary.LittleEndian.Uint64(b[:])
	bit := firstByte(notDigits(w)) << 3 // where "ms," begins
	if w>>bit&0xffffff != msComma || bit == 0 {
		return otherElapsed(b[:])
	}
	return int32(joinDigits((w ^ '0'*everyByte) << (64 - bit))), bit>>3 + len("ms,")
}

// otherElapsed is elapsedAt for all forms.
func otherElapsed(b []byte) (ms int32, n int) {
	v := int64(0)
	for n < 10 && isDigit(b[n]) {
		v = v*10 + int64(b[n]-'0')
		n++
	}
	if n == 0 || v > math.MaxInt32 {
		return 0, 0
	}
	for _, end := range []string{",", "ms,", " ms,"} {
		if bytes.HasPrefix(b[n:], []byte(end)) {
			return int32(v), n + len(end)
		}
	}
	return 0, 0
}

// group returns the index of the group to which a line belongs, whose operationType
// begins at at and is followed by at least usualKey bytes, and how many of these tell
// the group. It may be a new one. It returns -1 if what stands there is not what these fields usually hold, or if
// there are too many groups and they may not be renewed.
//
// Most lines belong to one of the last two groups that began in the same way: the
// calls of an operationType that succeeded, and those that failed. That is found
// out without looking for the end of the fields.
func (q *fastDigest) group(b []byte, at int, renewable bool) (i, size int) {
	recent := q.beginning((*[recentSize]byte)(b[at:]))
	if i = int(recent[0]) - 1; i >= 0 {
		if size = q.begins(b, at, i); size > 0 {
			return i, size
		}
	}
	recent[0], recent[1] = recent[1], recent[0]
	if i = int(recent[0]) - 1; i >= 0 {
		if size = q.begins(b, at, i); size > 0 {
			return i, size
		}
	}
	if i = q.otherGroup(b[at:], renewable); i < 0 {
		return -1, 0
	}
	recent[0] = uint16(i + 1)
	return i, int(q.keys[i].size)
}

// beginning returns the groups that began like w last.
func (q *fastDigest) beginning(w *[recentSize]byte) *[2]uint16 {
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(w[i:]) }
	begin := word(0)*0x9e3779b97f4a7c15 + word(8)*0xc2b2ae3d27d4eb4f + word(16)*0x165667b19e3779f9 + word(24)*0xd6e8feb86659fd93
	return &q.recent[begin>>(64-11)]
}

// otherGroup is group for a group that is not recent.
func (q *fastDigest) otherGroup(b []byte, renewable bool) int {
	b = b[:max(bytes.IndexByte(b, '\n'), 0)]
	length, hash := q.hash(b)
	if length < 0 {
		return -1
	}
	return q.find(b[:length], hash, renewable)
}

// hash returns the length of the text at the start of b up to and with its
// fifth comma, and a hash of it; -1 if it is too long or too near to b's end.
//
// It multiplies as wyhash does; the seed is another in each run, so that nobody
// can write lines that all have the same.
func (q *fastDigest) hash(b []byte) (length int, hash uint64) {
	const multiplier = 0xa0761d6478bd642f
	hash = q.seed
	left := groupFields
	for i := 0; i+8 <= len(b) && i < maxGroupKey; i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		m := equal(w, ','*everyByte)
		n := bits.OnesCount64(m)
		if n < left {
			left -= n
			high, low := bits.Mul64(hash^w, multiplier)
			hash = high ^ low
			continue
		}
		for ; left > 1; left-- {
			m &= m - 1
		}
		// The bytes up to the comma, whose high bit is the lowest in m.
		bit := bits.TrailingZeros64(m)
		w &= 1<<bit<<1 - 1
		high, low := bits.Mul64(hash^w, multiplier)
		return i + bit/8 + 1, high ^ low
	}
	return -1, 0
}

// find returns the index of the group with the given text, or -1, as otherGroup
// does.
func (q *fastDigest) find(key []byte, hash uint64, renewable bool) int {
	// At most half of the slots are taken, so that there is a free one soon.
	for k := hash; ; k++ {
		slot := &q.slots[k%groupSlots]
		if *slot == 0 {
			if len(q.groups) < GroupLimit || renewable {
				return q.add(key, slot)
			}
			return -1
		}
		if g := int(*slot - 1); bytes.Equal(q.key(g), key) {
			return g
		}
	}
}

// add makes a new group and puts it into the slot. When there are too many, it
// forgets those before.
func (q *fastDigest) add(key []byte, slot *uint16) int {
	var fields [groupFields]keyPart
	ends := 0
	for i := range fields {
		n := bytes.IndexByte(key[ends:], ',')
		fields[i] = keyPart{uint16(ends), uint16(n)}
		ends += n + 1
	}
	code := fields[gwCode-gwOperationType]
	c, ok := parseCode(key[code.at : code.at+code.size])
	if !ok {
		return -1
	}
	if len(q.groups) == GroupLimit {
		q.renew()
	}
	g := digestGroup{code: c}
	for i, field := range [...]int{gwOperationType, gwAppID, gwWorkspaceID} {
		if f := fields[field-gwOperationType]; value(key[f.at:f.at+f.size]) != nil {
			g.fields[i] = f
		}
	}
	// Twice the memory when there is not enough: grown by quarters, as append does, it
	// would leave five times as much behind as there is in the end.
	at := max(len(q.texts)-usualKey, 0)
	if n := len(key) + usualKey; cap(q.texts)-at < n {
		q.texts = slices.Grow(q.texts[:at], max(n, at))
	}
	if n := len(q.groups); n == cap(q.groups) {
		q.keys, q.groups = slices.Grow(q.keys, n+1), slices.Grow(q.groups, n+1)
	}
	q.texts = append(append(q.texts[:at], key...), make([]byte, usualKey)...)
	q.keys = append(q.keys, groupKey{uint32(at), uint32(len(key))})
	q.groups = append(q.groups, g)
	*slot = uint16(len(q.groups))
	return len(q.groups) - 1
}
