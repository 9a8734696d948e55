package parser

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// Nearly all lines of a gateway digest have the documented shape, and nearly
// all repeat the operationType, appId, workspaceId and code of a line before.
// Such lines are read here with the least work; every other line is left, with
// nothing taken of it, to the Decoder's way for all lines, which is the
// reference that FuzzDigest holds this one to. It is tried only behind a digest
// line.
//
// A line is read from both of its ends. The fields from the operationType to
// the code are hashed on the way to the comma behind them and looked up as one
// text; of those in the middle only the number of commas matters, unless their
// values are wanted; the last seven are found from the line's end.

// GroupLimit bounds the numbers of groups in use at a time, see Record.Group.
const GroupLimit = 1 << 14

const (
	groupFields = gwCode - gwOperationType + 1
	// maxGroupKey is how long the text of these fields may be.
	maxGroupKey = 512
	// groupSlots is how many places the table of groups has: twice as many as it
	// needs, so that whether a group is found does not depend on the hash.
	groupSlots = 2 * GroupLimit
	// recentSize is the length of the beginnings by which recent groups are
	// remembered.
	recentSize  = 32
	recentSlots = 1 << 11

	// tailSize is how many bytes before the closing parenthesis are searched
	// for the commas of the last seven fields.
	tailSize     = 64
	tailFields   = gwFields - gwStress
	middleFields = gwStress - gwCode - 1
)

// fastDigest is what is kept from one digest line to the next.
type fastDigest struct {
	rec Record
	// The last second at which a line was written, as the words of its stamp at
	// the places of secondWords, and as Unix milliseconds.
	words  [3]uint64
	second int64
	lead   []byte // from behind digestOpen to the result: "/mgw.htm,response,"

	*Groups

	fields [digestFields][]byte // of the line's middle
}

// Groups are the combinations of operationType, appId, workspaceId and code that
// digest lines have had, at most GroupLimit at a time, and their numbers, which
// are those of Record.Group.
type Groups struct {
	slots  []uint16               // by hash: 1 + the index in groups
	recent [recentSlots][2]uint16 // by a text's beginning: 1 + the indices of the last two groups with it
	groups []digestGroup
	first  uint64 // number of groups[0]
	seed   uint64
}

// NewGroups returns Groups without any.
func NewGroups() *Groups {
	return &Groups{slots: make([]uint16, groupSlots), first: GroupLimit, seed: rand.Uint64()}
}

// renew forgets all groups. Their numbers do not come again.
func (g *Groups) renew() {
	clear(g.slots)
	clear(g.recent[:])
	g.groups = g.groups[:0]
	g.first += GroupLimit
}

// digestGroup is what lines with the same text from operationType to code have
// in common. It is small, since many are in use by turns.
type digestGroup struct {
	key  []byte // with the comma behind the code
	code Code
	// from and to are where operationType, appId and workspaceId are in key.
	from, to [3]uint16
}

// field returns the ith of operationType, appId and workspaceId, nil for none.
func (g *digestGroup) field(i int) []byte {
	if g.from[i] == g.to[i] {
		return nil
	}
	return g.key[g.from[i]:g.to[i]:g.to[i]]
}

// digestFast reads the next line, if it is a digest line of the usual shape,
// and makes it the current item. Otherwise it reports false and leaves the line
// where it is.
func (d *Decoder) digestFast() bool {
	q, s := d.fast, &d.split
	b := s.buf[s.r:s.w]
	end := bytes.IndexByte(b, '\n')
	if s.scanned != 0 || end <= usualStart || end > s.max || b[end-1] != ')' {
		return false
	}
	line := b[:end]
	ms, ok := q.instant(line)
	if !ok {
		if ms, ok = q.learnSecond(line, &d.clock); !ok {
			return false
		}
	}
	text := line[usualStart : end-1] // between the parentheses
	if (len(q.lead) == 0 || !bytes.HasPrefix(text, q.lead)) && !q.learnLead(text) {
		return false
	}
	i := len(q.lead)
	if len(text) < i+2+8 || text[i] != 'Y' && text[i] != 'N' || text[i+1] != ',' {
		return false
	}
	success := text[i]
	elapsed, i := elapsedAt(text, i+2)
	if i < 0 {
		return false
	}
	tail := len(text) - tailSize
	if tail < i+recentSize {
		return false
	}
	g := q.group(text[i:])
	if g < 0 {
		return false
	}
	group := &q.groups[g]
	i += len(group.key)
	if tail < i {
		return false
	}
	t := (*[tailSize]byte)(text[tail:])
	var c [tailFields]int // where the commas are before the last fields
	commas := commaMask(t)
	for k := range c {
		if commas == 0 {
			return false
		}
		c[k] = bits.Len64(commas) - 1
		commas &^= 1 << (c[k] & 63)
	}
	middle := text[i : tail+c[6]]
	rec := &q.rec
	if d.opt.Lean {
		if bytes.Count(middle, []byte{','}) != middleFields-1 {
			return false
		}
	} else {
		if splitDigest(middle, &q.fields) != middleFields {
			return false
		}
		f := q.fields[:middleFields]
		rec.ClientVersion = value(f[gwProductVersion-gwProductID])
		rec.UserID, rec.DeviceID = value(f[gwUserID-gwProductID]), value(f[gwDeviceID-gwProductID])
		rec.ClientIP, rec.ClientOS = value(f[gwClientIP-gwProductID]), value(t[c[3]+1:c[2]])
	}
	rec.BackendMS = millisBefore(t, c[2]+1, c[1])
	rec.TraceID = value(t[c[5]+1 : c[4]])
	rec.Stress = c[5]-c[6] == 2 && t[c[6]+1] == 'T'
	rec.Line, rec.Offset, rec.Size = s.lines+1, s.offset, int64(end+1)
	rec.Time, rec.NoTime, rec.Success, rec.LatencyMS = ms, d.clock.undated(), success, elapsed
	rec.Text, rec.Head = line, line[usualStamp:]
	rec.Group, rec.Code = q.first+uint64(g), group.code
	rec.OperationType, rec.AppID, rec.WorkspaceID = group.field(0), group.field(1), group.field(2)
	s.r += end + 1
	s.offset += rec.Size
	s.lines++
	d.out = rec
	return true
}

// newFastDigest returns a fastDigest with the groups given, or without any for
// nil.
func newFastDigest(groups *Groups) *fastDigest {
	if groups == nil {
		groups = NewGroups()
	}
	return &fastDigest{rec: Record{Lines: 1, Format: GatewayDigest, Evidence: ByPosition}, Groups: groups}
}

// usualStart is how most digest lines begin, and usualStamp its stamp.
const (
	usualStart = len("2026-11-20 02:13:05,123 - (")
	usualStamp = len("2026-11-20 02:13:05,123")
)

// secondOf returns the three words that hold the first stampMin bytes of a
// line, date and time of day. The last two overlap.
func secondOf(line []byte) [3]uint64 {
	return [3]uint64{
		binary.LittleEndian.Uint64(line), binary.LittleEndian.Uint64(line[8:]),
		binary.LittleEndian.Uint64(line[stampMin-8:]),
	}
}

// instant reads the usual start of a line, if it is of the same second as the
// one before. It returns the instant in Unix milliseconds.
func (q *fastDigest) instant(line []byte) (ms int64, ok bool) {
	if len(line) < usualStart {
		return 0, false
	}
	// ",123 - (": all but the digits is always the same.
	const digits, rest = 0x00000000_ffffff00, 0x28202d20_0000002c
	w := binary.LittleEndian.Uint64(line[stampMin:])
	if w&^digits != rest || secondOf(line) != q.words || !isDigit(byte(w>>8)) || !isDigit(byte(w>>16)) || !isDigit(byte(w>>24)) {
		return 0, false
	}
	return q.second + int64(w>>8&0xf)*100 + int64(w>>16&0xf)*10 + int64(w>>24&0xf), true
}

// learnSecond does the same for a line of another second.
func (q *fastDigest) learnSecond(line []byte, c *clock) (ms int64, ok bool) {
	ms, n, ok := c.instant(line)
	if !ok || n != usualStamp || line[stampMin] != ',' || !bytes.HasPrefix(line[n:], []byte(digestOpen)) {
		return 0, false
	}
	q.words = secondOf(line)
	q.second = ms - int64(line[stampMin+1]-'0')*100 - int64(digits2(line[stampMin+2:]))
	return ms, true
}

// learnLead takes the beginning of another line for the one to be expected.
func (q *fastDigest) learnLead(text []byte) bool {
	n := 0
	for range gwResult {
		k := bytes.IndexByte(text[n:], ',')
		if k < 0 {
			return false
		}
		n += k + 1
	}
	q.lead = append(q.lead[:0], text[:n]...)
	return true
}

// elapsedAt reads the elapsed time at b[i:], "61ms,", "61 ms," or "61,", and
// returns it with the place behind its comma, -1 if it is written otherwise.
func elapsedAt(b []byte, i int) (ms int64, next int) {
	// The usual form, of up to five digits, in one word: the digits are moved
	// to its end, and zeros to its beginning.
	w := binary.LittleEndian.Uint64(b[i:])
	if m := equal(w, 'm'*everyByte); m != 0 {
		bit := bits.TrailingZeros64(m) - 7 // where "ms," begins
		const msComma = 'm' | 's'<<8 | ','<<16
		if v := w<<(64-bit) | '0'*everyByte>>bit; bit > 0 && w>>bit&0xffffff == msComma && allDigits(v) {
			return int64(parseDigits(v)), i + bit/8 + len("ms,")
		}
	}
	from := i
	for i < len(b) && isDigit(b[i]) {
		ms = ms*10 + int64(b[i]-'0')
		i++
	}
	if i == from || i > from+15 {
		return 0, -1
	}
	if i < len(b) && b[i] == ' ' {
		i++
	}
	if i+1 < len(b) && b[i] == 'm' && b[i+1] == 's' {
		i += 2
	} else if b[i-1] == ' ' {
		return 0, -1
	}
	if i >= len(b) || b[i] != ',' {
		return 0, -1
	}
	return ms, i + 1
}

// millisBefore reads the milliseconds in t[from:to], -1 if there are none.
func millisBefore(t *[tailSize]byte, from, to int) int64 {
	// The usual form, a number of up to eight digits, in the word that ends with
	// them; zeros take the place of what is before.
	if n := to - from; n > 0 && n <= 8 && to >= 8 {
		before := uint64(1)<<(64-8*n) - 1
		w := binary.LittleEndian.Uint64(t[to-8:])
		if w = w&^before | '0'*everyByte&before; allDigits(w) {
			return int64(parseDigits(w))
		}
	}
	if v, ok := parseMillis(t[from:to]); ok {
		return v
	}
	return -1
}

// commaMask returns a word whose bit i tells whether t[i] is a comma.
func commaMask(t *[tailSize]byte) uint64 {
	// The multiplication gathers the eight high bits in the highest byte.
	const gather = 0x0002040810204081
	var mask uint64
	for k := 0; k < tailSize; k += 8 {
		mask |= equal(binary.LittleEndian.Uint64(t[k:]), ','*everyByte) * gather >> 56 << k
	}
	return mask
}

// group returns the index of the group to which a line belongs, given the line
// from its operationType on, at least recentSize bytes. It returns -1 if what
// stands there is not what these fields usually hold.
//
// Most lines belong to one of the last two groups that began in the same way: the
// calls of an operationType that succeeded, and those that failed. That is found
// out without looking for the end of the fields.
func (q *fastDigest) group(b []byte) int {
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
	_ = b[recentSize-1]
	begin := word(0)*0x9e3779b97f4a7c15 + word(8)*0xc2b2ae3d27d4eb4f + word(16)*0x165667b19e3779f9 + word(24)*0xd6e8feb86659fd93
	recent := &q.recent[begin>>(64-11)]
	if g := int(recent[0]) - 1; g >= 0 && bytes.HasPrefix(b, q.groups[g].key) {
		return g
	}
	recent[0], recent[1] = recent[1], recent[0]
	if g := int(recent[0]) - 1; g >= 0 && bytes.HasPrefix(b, q.groups[g].key) {
		return g
	}
	length, hash := q.hash(b)
	if length < 0 {
		return -1
	}
	g := q.find(b[:length], hash)
	recent[0] = uint16(g + 1)
	return g
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

// find returns the index of the group with the given text, which may be new; -1
// if the text is not what these fields usually hold.
func (q *fastDigest) find(key []byte, hash uint64) int {
	// At most half of the slots are taken, so that there is a free one soon.
	for k := hash; ; k++ {
		slot := &q.slots[k%groupSlots]
		if *slot == 0 {
			return q.add(key, slot)
		}
		if g := int(*slot - 1); bytes.Equal(q.groups[g].key, key) {
			return g
		}
	}
}

// add makes a new group and puts it into the slot. When there are too many, it
// forgets those before.
func (q *fastDigest) add(key []byte, slot *uint16) int {
	g := digestGroup{key: bytes.Clone(key)}
	var fields [groupFields][]byte
	ends := 0
	for i := range fields {
		n := bytes.IndexByte(key[ends:], ',')
		fields[i] = key[ends : ends+n]
		ends += n + 1
		for k, field := range [...]int{gwOperationType, gwAppID, gwWorkspaceID} {
			if i == field-gwOperationType && value(fields[i]) != nil {
				g.from[k], g.to[k] = uint16(ends-1-n), uint16(ends-1)
			}
		}
	}
	var ok bool
	if g.code, ok = parseCode(fields[gwCode-gwOperationType]); !ok {
		return -1
	}
	if len(q.groups) == GroupLimit {
		q.renew()
	}
	q.groups = append(q.groups, g)
	*slot = uint16(len(q.groups))
	return len(q.groups) - 1
}
