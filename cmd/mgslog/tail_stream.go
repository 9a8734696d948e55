package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"time"

	"mgslog/parser"
	"mgslog/parser/source"
)

// tailedStream is what comes from standard input or a named pipe. A goroutine
// reads a chunk of it, and the next when that was taken.
type tailedStream struct {
	l      *tailedLog
	taken  chan struct{}
	finite bool // its last records are those to begin with, when it has ended
	ended  bool
	rest   []byte // the beginning of a line whose end has not come yet
}

// chunk is what was read of a stream at a time.
type chunk struct {
	s    *tailedStream
	text []byte
	err  error // with which the stream has ended; io.EOF at its proper end
}

// streamSize is how much of a stream is read at a time.
const streamSize = 64 << 10

// read reads the stream until it ends. A named pipe that is followed does not:
// it is opened for writing too, so that it neither ends when one writer goes, nor
// loses what the next one writes at that moment.
func (s *tailedStream) read(ctx context.Context, chunks chan<- chunk) {
	r, path := s.l.t.r, s.l.in.Path
	name, from := path, r.sys.stdin
	if !s.finite && path != source.Stdin {
		if f, err := os.OpenFile(path, os.O_RDWR, 0); err == nil {
			defer f.Close()
			name, from = source.Stdin, f
		}
	}
	send := func(c chunk) bool {
		select {
		case chunks <- c:
		case <-ctx.Done():
			return false
		}
		select {
		case <-s.taken:
			return true
		case <-ctx.Done():
			return false
		}
	}
	in, err := source.Open(ctx, name, from)
	if err == nil {
		defer in.Close()
		in.Decode(r.text)
	}
	b := make([]byte, streamSize)
	for err == nil {
		var n int
		if n, err = in.Read(b); n > 0 && !send(chunk{s: s, text: b[:n]}) {
			return
		}
	}
	send(chunk{s: s, err: err})
}

// take takes a chunk.
func (s *tailedStream) take(c chunk, now time.Time) {
	l := s.l
	if c.err != nil {
		s.ended = true
		if c.err != io.EOF {
			l.in.Err = c.err
		}
		s.feed(s.rest, now)
		for _, g := range l.gens {
			g.dec.Finish()
			l.take(g, now)
		}
		l.gens = nil
		if s.finite && l.t.flags.follow {
			l.t.emitCollected(now)
		}
	} else {
		s.rest = append(s.rest, c.text...)
		end := bytes.LastIndexByte(s.rest, '\n') + 1
		if len(s.rest)-end > source.DefaultMaxLine {
			end = len(s.rest)
		}
		s.feed(s.rest[:end], now)
		s.rest = append(s.rest[:0], s.rest[end:]...)
	}
	s.taken <- struct{}{}
}

// feed gives whole lines to the Decoder, or a part of one that is too long.
func (s *tailedStream) feed(text []byte, now time.Time) {
	l := s.l
	if len(text) == 0 {
		return
	}
	if len(l.first) < sampleEnough {
		l.first = append(l.first, text...)
	}
	if l.text == nil {
		l.recognise(text)
	}
	if l.unfit != nil {
		return
	}
	if len(l.gens) == 0 {
		l.gens = []*tailedGen{{dec: parser.NewDecoder(l.opt)}}
	}
	g := l.gens[0]
	g.fed = now
	g.end += int64(len(text))
	l.push(g, text, now)
}

// isStream reports whether a path is read as a stream: standard input, a named
// pipe, or an archive, which does not grow.
func isStream(path string) bool {
	return path == source.Stdin || isPipe(path) || source.IsArchive(path)
}

func isPipe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}
