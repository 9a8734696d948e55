package source

import (
	"io"
	"os"
	"sync"
)

// Bounds of reading ahead: an archive has at most aheadBuffers × aheadSize
// bytes that are decompressed and not yet read.
const (
	aheadBuffers = 4
	aheadSize    = 256 << 10
)

// ahead reads r in a goroutine of its own, once start has been called, and
// before that in the goroutine of its reader, so that a sample costs no more
// than its bytes. Bytes and error are the same either way.
//
// Decompressing takes about as long as parsing: side by side, both take as long
// as the slower of them.
type ahead struct {
	r io.Reader

	full chan piece    // read, in their order; nil before start
	free chan []byte   // to be filled again
	stop chan struct{} // closed: nobody reads any more
	once sync.Once     // closes stop

	now  []byte // the piece at hand
	rest []byte // of it, not yet delivered
	err  error  // to be delivered behind rest
}

// piece is what was read into one buffer, and the error that stands behind it.
type piece struct {
	b   []byte
	err error
}

func newAhead(r io.Reader) *ahead { return &ahead{r: r, stop: make(chan struct{})} }

// start begins to read ahead. It is called in the goroutine that reads, and may
// be called again.
func (a *ahead) start() {
	if a.full != nil {
		return
	}
	a.full = make(chan piece, aheadBuffers)
	a.free = make(chan []byte, aheadBuffers)
	go a.run()
}

// run fills buffers until r ends or close is called, and closes full.
func (a *ahead) run() {
	defer close(a.full)
	for made := 0; ; {
		b, fresh := a.buffer(made < aheadBuffers)
		if b == nil {
			return
		}
		if fresh {
			made++
		}
		n, err := a.fill(b)
		a.full <- piece{b[:n], err} // never blocks: there are no more buffers than places
		if err != nil {
			return
		}
	}
}

// buffer returns one that has been read, or else a fresh one if there may be
// another: a small archive needs no more than one. Without either it waits, and
// returns nil once close is called.
func (a *ahead) buffer(more bool) (b []byte, fresh bool) {
	select {
	case b = <-a.free:
		return b, false
	default:
	}
	if more {
		return make([]byte, aheadSize), true
	}
	select {
	case b = <-a.free:
	case <-a.stop:
	}
	return b, false
}

// fill reads until b is full, r ends, or r has nothing to give. Between two
// reads it looks whether anybody still wants them.
func (a *ahead) fill(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		select {
		case <-a.stop:
			return n, os.ErrClosed
		default:
		}
		var k int
		k, err = a.r.Read(b[n:])
		if n += k; k == 0 {
			break
		}
	}
	return n, err
}

func (a *ahead) Read(p []byte) (int, error) {
	if a.full == nil {
		return a.r.Read(p)
	}
	if len(a.rest) == 0 && a.err == nil {
		a.next()
	}
	if len(a.rest) == 0 {
		return 0, a.err
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// next waits for the next piece, and gives the last one's buffer back.
func (a *ahead) next() {
	if a.now != nil {
		a.free <- a.now[:cap(a.now)] // never blocks, as above
	}
	p, ok := <-a.full
	if !ok { // after close
		p.err = os.ErrClosed
	}
	a.now, a.rest, a.err = p.b, p.b, p.err
}

// close ends reading ahead, waits for its end and lets its memory go. A read
// of r that waits for more must have been ended before. It may be called again,
// but not during a Read.
func (a *ahead) close() {
	a.once.Do(func() { close(a.stop) })
	a.now, a.rest, a.err = nil, nil, os.ErrClosed
	if a.full == nil {
		return
	}
	for range a.full { // until run has closed it
	}
	a.free = nil
}
