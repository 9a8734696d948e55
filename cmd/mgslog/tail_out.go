package main

import (
	"io"

	"mgslog/parser/source"
)

// maxQueued is how many bytes wait for an output that takes none before nothing
// more is read.
const maxQueued = 256 << 10

// pump writes to an output that may block, so that who feeds it need not wait:
// he looks for rotated logs meanwhile, and hears signals. All but the writing
// itself is done by one goroutine, that of the feeder.
type pump struct {
	work chan batch
	done chan error // a batch was written, or not
	busy bool
	sent batch // being written, if busy

	next batch // being filled
	err  error // the first one; then nothing more is written
}

// batch is what is written at a time.
type batch struct {
	lines  []byte
	status []string // of a screen, to stand below the lines
	shown  bool     // there is a status, which may have no lines
	// state is saved when the batch is written: how far the logs were read
	// when the last of some of its lines was made.
	state *source.State
}

// newPump returns a pump to a screen, if there is one, else to w.
func newPump(w io.Writer, s *screen) *pump {
	p := &pump{work: make(chan batch, 1), done: make(chan error, 1)}
	go func() {
		var status []string
		for b := range p.work {
			if b.shown {
				status = b.status
			}
			var err error
			switch {
			case s != nil:
				err = s.Print(b.lines, status)
			case len(b.lines) > 0:
				_, err = w.Write(b.lines)
			}
			p.done <- err
		}
	}()
	return p
}

// full reports whether enough waits to be written.
func (p *pump) full() bool { return len(p.next.lines) >= maxQueued }

// empty reports whether all was written.
func (p *pump) empty() bool {
	return !p.busy && len(p.next.lines) == 0 && !p.next.shown && p.next.state == nil
}

// push writes what waits, if nothing is being written.
func (p *pump) push() {
	if p.busy || p.empty() {
		return
	}
	if p.err != nil {
		p.next = batch{lines: p.next.lines[:0]}
		return
	}
	lines := p.sent.lines[:0]
	p.sent, p.next = p.next, batch{lines: lines}
	p.busy = true
	p.work <- p.sent
}

// wrote takes what done has given. It returns the state to be saved, if any.
func (p *pump) wrote(err error) *source.State {
	p.busy = false
	if p.err == nil {
		p.err = err
	}
	if p.err != nil {
		return nil
	}
	return p.sent.state
}

// close ends the pump's goroutine when that has written.
func (p *pump) close() { close(p.work) }
