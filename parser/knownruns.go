package parser

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
)

// A program fails in few places, so the stack traces of its log are much the
// same: the frames that come next have mostly come before, in the same order.
// Such runs are kept and found by their first line. Then there is nothing to do
// but to compare, which takes a fraction of the time.
//
// What is taken from here has been compared byte for byte, up to the end of a
// line; the hash only tells where to look. FuzzShortCuts holds that what is known
// changes nothing.

const (
	// runSlots is how many runs a Decoder keeps, runMax how many bytes of one:
	// 2 MiB in all at most. The rest of a longer one is kept as another.
	runSlots = 1024
	runMax   = 2 << 10
)

// knownRuns are runs of frames that a Decoder has seen, one in each place.
type knownRuns struct {
	size   int // places; 0: nothing is kept
	places []knownRun
	seed   maphash.Seed
}

// knownRun is a run of lines as frameLine knows them, without a backslash.
type knownRun struct {
	text []byte
	ends []uint16 // behind each of its lines
	// other is where the first frame stands that is in one of the other
	// packages, see otherFrame.
	other int
	// asked is the hash of the line that was looked for last and was not here.
	// Looked for once more, it gets the place: what comes but once, as frames
	// with numbers that change, puts nothing out.
	asked uint64
	// next is the run that followed when this one came last, nil if none did. It is
	// tried first, which spares a look-up.
	next *knownRun
}

// place returns the place of a run that begins with the first line of b, and the
// line's hash; nil if that is no frame or nothing is kept.
func (k *knownRuns) place(b []byte) (*knownRun, uint64) {
	if k.size == 0 || !bytes.HasPrefix(b, []byte("\tat ")) {
		return nil, 0
	}
	if k.places == nil {
		k.places, k.seed = make([]knownRun, k.size), maphash.MakeSeed()
	}
	hash := maphash.Bytes(k.seed, b[:bytes.IndexByte(b, '\n')+1])
	return &k.places[hash%uint64(len(k.places))], hash
}

// read returns the frames that b begins with, their line ends included, and how
// many they are.
func (k *knownRuns) read(b []byte) (r run, lines int64) {
	r.known = true
	var learn *knownRun // the run from there on
	from := 0
	// Each time that nothing is found, twice as many lines are read one by one:
	// in a trace of which nothing is known, little is asked in vain.
	var before *knownRun // the one that ends here
	for step := int64(1); ; {
		rest := b[r.to:]
		if before != nil && before.next != nil {
			if n, l := before.next.match(rest); n > 0 {
				before = before.next
				r.to += n
				lines += l
				r.other = r.other || before.other < n
				continue
			}
		}
		at, hash := k.place(rest)
		if at != nil {
			if n, l := at.match(rest); n > 0 {
				if before != nil {
					before.next = at
				}
				before = at
				r.to += n
				lines += l
				r.other = r.other || at.other < n
				continue
			}
			if learn == nil && at.asked == hash {
				learn, from = at, r.to
			}
			at.asked = hash
		}
		before = nil
		n, l := frameRun(rest, step)
		r.to += n
		lines += l
		r.known = r.known && n == 0
		if l < step {
			break
		}
		step *= 2
	}
	if learn != nil {
		learn.keep(b[from:r.to])
	}
	return r, lines
}

// match returns how many bytes of b, and how many lines, are the same as in the
// run.
func (r *knownRun) match(b []byte) (n int, lines int64) {
	if len(r.text) <= len(b) && bytes.Equal(r.text, b[:len(r.text)]) { // mostly
		return len(r.text), int64(len(r.ends))
	}
	n = commonPrefix(r.text, b)
	whole, _ := slices.BinarySearch(r.ends, uint16(n+1))
	if whole == 0 {
		return 0, 0
	}
	return int(r.ends[whole-1]), int64(whole)
}

// keep puts a run of frames into the place.
func (r *knownRun) keep(run []byte) {
	if len(run) > runMax {
		run = run[:bytes.LastIndexByte(run[:runMax], '\n')+1]
	}
	if bytes.IndexByte(run, '\\') >= 0 { // perhaps an escapedFrame
		return
	}
	r.text, r.ends = append(r.text[:0], run...), r.ends[:0]
	for i, c := range run {
		if c == '\n' {
			r.ends = append(r.ends, uint16(i+1))
		}
	}
	r.other = otherFrame(run)
}

// commonPrefix returns how many bytes a and b have in common at their beginning.
func commonPrefix(a, b []byte) int {
	size := min(len(a), len(b))
	a, b = a[:size], b[:size]
	n := 0
	for size-n >= 256 && bytes.Equal(a[n:n+256], b[n:n+256]) {
		n += 256
	}
	for size-n >= 32 && [32]byte(a[n:]) == [32]byte(b[n:]) {
		n += 32
	}
	for size-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
		n += 8
	}
	for n < size && a[n] == b[n] {
		n++
	}
	return n
}
