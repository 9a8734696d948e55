package source

import (
	"context"
	"io"
)

// pipeRead is how many bytes are read from a pipe at a time.
const pipeRead = 64 << 10

// regular reads a regular file until the context ends. Its reads do not block
// for long, so that looking before each is enough.
type regular struct {
	ctx context.Context
	r   io.Reader
}

func (f *regular) Read(p []byte) (int, error) {
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	return f.r.Read(p)
}

// pipe reads what may block for ever, a pipe or a terminal, until the context
// ends: opening and reading are left to goroutines, and one that never comes
// back is left behind with its buffer.
type pipe struct {
	ctx  context.Context
	open func() (io.Reader, error)
	r    io.Reader
	buf  []byte
	rest []byte // of buf, not yet delivered
	err  error  // to be delivered behind rest
}

type result struct {
	r   io.Reader
	n   int
	err error
}

func (p *pipe) Read(b []byte) (int, error) {
	if len(p.rest) == 0 && p.err == nil {
		p.fill()
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	if n == 0 {
		return 0, p.err
	}
	return n, nil
}

func (p *pipe) fill() {
	if p.ctx.Err() != nil {
		p.err = context.Cause(p.ctx)
		return
	}
	if p.buf == nil {
		p.buf = make([]byte, pipeRead)
	}
	done := make(chan result, 1)
	go func(r io.Reader, buf []byte) {
		var err error
		if r == nil {
			if r, err = p.open(); err != nil {
				done <- result{err: err}
				return
			}
		}
		n, err := r.Read(buf)
		done <- result{r, n, err}
	}(p.r, p.buf)
	select {
	case got := <-done:
		p.r, p.rest, p.err = got.r, p.buf[:got.n], got.err
	case <-p.ctx.Done():
		p.buf, p.err = nil, context.Cause(p.ctx)
	}
}
