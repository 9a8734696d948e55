package parser

// Text is looked at eight bytes at a time, in a word whose lowest byte is the
// first one.

// Words of eight equal bytes.
const (
	everyByte = 0x0101010101010101
	everyHigh = 0x80 * everyByte
	everyLow  = 0x7f * everyByte
)

// equal returns a word in which the bytes that are equal in a and b have their
// high bit set, and nothing else is.
//
// The usual test for bytes of zero, (x-0x01…)&^x&0x80…, borrows from the
// neighbour and takes the "-" in ",-," for a comma; this one does not.
func equal(a, b uint64) uint64 {
	x := a ^ b
	return ^((x&everyLow + everyLow) | x | everyLow)
}

// Eight characters of text, the first one in the lowest byte of a word, are
// read without a loop: the sums and products below stay within each byte, or
// within the wider numbers that two, four and eight digits make together.

// notDigits returns a word in which the bytes that are no decimal digits have
// their high bit set, and nothing else is.
func notDigits(w uint64) uint64 {
	const more = (0x80 - 10) * everyByte // from 10 on, what a digit stands for has the high bit with this
	x := w ^ '0'*everyByte
	return (x&everyLow + more | x) & everyHigh
}

// firstByte returns the index of the first byte whose high bit is set in m, which
// has no other bits set. There must be one.
//
// It does without the instruction that counts zeros, which many processors take
// long for.
func firstByte(m uint64) int {
	const indices = 0x0001020304050607
	return int(m & -m >> 7 * indices >> 56)
}

// parseDigits returns the number that eight decimal digits make.
func parseDigits(w uint64) uint64 { return joinDigits(w - '0'*everyByte) }

// joinDigits is parseDigits for digits of which each byte holds the value.
func joinDigits(w uint64) uint64 {
	const pairs = 0x000000ff000000ff
	w = w*10 + w>>8 // in every second byte, the number of two digits
	return (w&pairs*(100+1000000<<32) + w>>16&pairs*(1+10000<<32)) >> 32
}

// parseHex returns the number that eight hexadecimal digits make, in upper or
// lower case.
func parseHex(w uint64) (uint32, bool) {
	letters := w >> 6 & everyByte
	w |= letters << 5 // to lower case
	v := w&(0x0f*everyByte) + letters*9
	// A digit is at most 9, a letter 10 to 15, and what they are made from is
	// what is there.
	if w&everyHigh != 0 || ((v+6*everyByte)^letters<<4|v)&(0xf0*everyByte) != 0 || v+'0'*everyByte+letters*('a'-'0'-10) != w {
		return 0, false
	}
	v = (v<<4 | v>>8) & 0x00ff00ff00ff00ff
	return uint32(v)<<24 | uint32(v>>16)<<16&0xff0000 | uint32(v>>32)<<8&0xff00 | uint32(v>>48)&0xff, true
}
