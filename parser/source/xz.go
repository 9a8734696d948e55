package source

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// The parts of an xz file, see "The .xz File Format", version 1.2.1
// (2024-04-08), section 2.
const (
	xzMagic       = "\xfd7zXZ\x00"
	xzFooterMagic = "YZ"
	xzHeaderSize  = 12 // of the stream's header, and of its footer
	xzLZMA2       = 0x21
)

// xzReader decompresses xz streams that stand behind one another. The LZMA2
// data inside the blocks are left to the package lzma; the frame around them
// is read here, because the reader that comes with that package takes a file
// that ends before a block's header for a complete one, and gives a block all
// the memory that its header asks for, up to 4 GiB.
type xzReader struct {
	b     *bufio.Reader
	n     int64     // bytes read of b
	flags [2]byte   // of the stream
	block io.Reader // content of the open block, nil between blocks
	sum   hash.Hash // of the open block, nil if it is not checked
	start int64     // n where the open block's data begin
	head  int64     // size of the open block's header

	packed, unpacked         int64 // sizes that its header states, -1 if it does not
	read                     int64 // bytes delivered of the open block
	blocks                   int64
	packedTotal, unpackTotal int64 // over all blocks, to hold against the index

	stream bool // a stream is open
	any    bool // there was a stream
	err    error
}

func newXZ(r io.Reader) *xzReader { return &xzReader{b: bufio.NewReaderSize(r, 64<<10)} }

var errXZ = errors.New("xz")

func badXZ(what string) error { return fmt.Errorf("%w: %s", errXZ, what) }

func (x *xzReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for x.err == nil {
		var n int
		switch {
		case x.block != nil:
			n, x.err = x.readBlock(p)
		case x.stream:
			x.err = x.nextBlock()
		default:
			x.err = x.nextStream()
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, x.err
}

// bytes reads n bytes, all or ErrUnexpectedEOF.
func (x *xzReader) bytes(n int) ([]byte, error) {
	b := make([]byte, n)
	k, err := io.ReadFull(x.b, b)
	x.n += int64(k)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// ReadByte lets lzma read of x.b no more than it needs.
func (x *xzReader) ReadByte() (byte, error) {
	c, err := x.b.ReadByte()
	if err == nil {
		x.n++
	}
	return c, err
}

// blockData is what lzma reads.
type blockData struct{ *xzReader }

func (d blockData) Read(p []byte) (int, error) {
	n, err := d.b.Read(p)
	d.n += int64(n)
	return n, err
}

// nextStream begins the next stream. It returns io.EOF at the end of the
// file; zeros by fours may stand there, and between streams.
func (x *xzReader) nextStream() error {
	for x.any {
		pad, err := x.b.Peek(4)
		if len(pad) == 0 && err != nil {
			return err // io.EOF: the proper end
		}
		if pad[0] != 0 {
			break
		}
		if !allZero(pad) {
			return badXZ("what stands behind a stream is no padding")
		}
		if len(pad) < 4 {
			return io.ErrUnexpectedEOF
		}
		if _, err := x.b.Discard(4); err != nil {
			return err
		}
		x.n += 4
	}
	head, err := x.bytes(xzHeaderSize)
	if err != nil {
		return err
	}
	copy(x.flags[:], head[6:8])
	switch {
	case string(head[:6]) != xzMagic:
		return badXZ("what stands behind a stream is none")
	case crc32.ChecksumIEEE(head[6:8]) != binary.LittleEndian.Uint32(head[8:]):
		return badXZ("checksum of the stream's header")
	case x.flags[0] != 0 || x.flags[1]&0xF0 != 0:
		return badXZ("flags of the stream's header")
	}
	if _, _, err := newCheck(x.flags[1]); err != nil {
		return err
	}
	x.stream, x.any = true, true
	x.blocks, x.packedTotal, x.unpackTotal = 0, 0, 0
	return nil
}

// newCheck returns the sum that a block of a stream has behind its data, nil
// if it has none, and its size.
func newCheck(kind byte) (hash.Hash, int, error) {
	switch kind {
	case 0:
		return nil, 0, nil
	case 1:
		return crc32.NewIEEE(), 4, nil
	case 4:
		return crc64.New(crc64.MakeTable(crc64.ECMA)), 8, nil
	case 10:
		return sha256.New(), 32, nil
	}
	return nil, 0, badXZ(fmt.Sprintf("unknown kind of checksum %d", kind))
}

// nextBlock begins the next block, or ends the stream.
func (x *xzReader) nextBlock() error {
	size, err := x.bytes(1)
	if err != nil {
		return err
	}
	if size[0] == 0 {
		return x.endStream()
	}
	rest, err := x.bytes((int(size[0])+1)*4 - 1)
	if err != nil {
		return err
	}
	head := append(size, rest...)
	body := head[:len(head)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(head[len(body):]) {
		return badXZ("checksum of a block's header")
	}
	window, err := x.blockHeader(body[1:])
	if err != nil {
		return err
	}
	if window > maxWindow {
		return ErrWindow
	}
	x.head, x.start, x.read = int64(len(head)), x.n, 0
	if x.sum, _, err = newCheck(x.flags[1]); err != nil {
		return err
	}
	r, err := lzma.Reader2Config{DictCap: int(max(window, lzma.MinDictCap))}.NewReader2(blockData{x})
	if err != nil {
		return err
	}
	x.block = r
	return nil
}

// blockHeader reads a block's header, from its flags to its padding, and
// returns the window that it asks for.
func (x *xzReader) blockHeader(b []byte) (int64, error) {
	flags := b[0]
	r := bytes.NewReader(b[1:])
	x.packed, x.unpacked = -1, -1
	for _, f := range []struct {
		bit byte
		to  *int64
	}{{0x40, &x.packed}, {0x80, &x.unpacked}} {
		if flags&f.bit == 0 {
			continue
		}
		v, err := binary.ReadUvarint(r)
		if err != nil || v > 1<<62 {
			return 0, badXZ("sizes in a block's header")
		}
		*f.to = int64(v)
	}
	if flags&0x3F != 0 {
		return 0, badXZ("a block with filters other than LZMA2, which are not supported")
	}
	filter, err := binary.ReadUvarint(r)
	if err == nil && filter != xzLZMA2 {
		return 0, badXZ(fmt.Sprintf("a block with the filter %#x, which is not supported", filter))
	}
	var props [2]byte
	if _, e := io.ReadFull(r, props[:]); err != nil || e != nil || props[0] != 1 {
		return 0, badXZ("filter in a block's header")
	}
	window, err := lzma.DecodeDictCap(props[1])
	if err != nil {
		return 0, badXZ("window in a block's header")
	}
	if !allZero(b[len(b)-r.Len():]) {
		return 0, badXZ("padding in a block's header")
	}
	return window, nil
}

// readBlock reads of the open block, and what stands behind it.
func (x *xzReader) readBlock(p []byte) (int, error) {
	n, err := x.block.Read(p)
	x.read += int64(n)
	if x.sum != nil {
		x.sum.Write(p[:n])
	}
	if err != io.EOF {
		return n, err
	}
	x.block = nil
	packed := x.n - x.start
	if x.packed >= 0 && x.packed != packed || x.unpacked >= 0 && x.unpacked != x.read {
		return n, badXZ("a block is not as long as its header says")
	}
	pad, err := x.bytes(int(-packed & 3))
	if err != nil {
		return n, err
	}
	if !allZero(pad) {
		return n, badXZ("padding of a block")
	}
	_, size, err := newCheck(x.flags[1])
	if err != nil {
		return n, err
	}
	want, err := x.bytes(size)
	if err != nil {
		return n, err
	}
	if x.sum != nil && !sameSum(x.sum, want) {
		return n, badXZ("checksum of a block")
	}
	x.blocks++
	x.packedTotal += x.head + packed + int64(size)
	x.unpackTotal += x.read
	return n, nil
}

// sameSum compares; xz writes the short sums with their last byte first.
func sameSum(h hash.Hash, want []byte) bool {
	switch h := h.(type) {
	case hash.Hash32:
		return h.Sum32() == binary.LittleEndian.Uint32(want)
	case hash.Hash64:
		return h.Sum64() == binary.LittleEndian.Uint64(want)
	}
	return bytes.Equal(h.Sum(nil), want)
}

// endStream reads the index, whose mark has been read, and the footer. Of the
// index, the number of blocks and the sums of their sizes are checked.
func (x *xzReader) endStream() error {
	start := x.n - 1
	sum := crc32.NewIEEE()
	sum.Write([]byte{0})
	in := summed{x, sum}
	count, err := binary.ReadUvarint(in)
	if err != nil {
		return unexpected(err)
	}
	if int64(count) != x.blocks {
		return badXZ("number of blocks in the index")
	}
	var packed, unpacked int64
	for range count {
		p, err := binary.ReadUvarint(in)
		if err != nil {
			return unexpected(err)
		}
		u, err := binary.ReadUvarint(in)
		if err != nil {
			return unexpected(err)
		}
		packed += int64(p)
		unpacked += int64(u)
	}
	if packed != x.packedTotal || unpacked != x.unpackTotal {
		return badXZ("sizes in the index")
	}
	for (x.n-start)&3 != 0 {
		if c, err := in.ReadByte(); err != nil {
			return unexpected(err)
		} else if c != 0 {
			return badXZ("padding of the index")
		}
	}
	want, err := x.bytes(4)
	if err != nil {
		return err
	}
	if !sameSum(sum, want) {
		return badXZ("checksum of the index")
	}
	size := x.n - start
	foot, err := x.bytes(xzHeaderSize)
	if err != nil {
		return err
	}
	switch {
	case string(foot[10:]) != xzFooterMagic,
		crc32.ChecksumIEEE(foot[4:10]) != binary.LittleEndian.Uint32(foot),
		(int64(binary.LittleEndian.Uint32(foot[4:]))+1)*4 != size,
		!bytes.Equal(foot[8:10], x.flags[:]):
		return badXZ("footer of a stream")
	}
	x.stream = false
	return nil
}

// summed reads bytes and adds them to a sum.
type summed struct {
	x   *xzReader
	sum hash.Hash
}

func (s summed) ReadByte() (byte, error) {
	c, err := s.x.ReadByte()
	if err == nil {
		s.sum.Write([]byte{c})
	}
	return c, err
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
