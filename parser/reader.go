package parser

import (
	"io"
	"iter"
)

// Reader reads the records of one input from an io.Reader.
type Reader struct {
	*Decoder
	har   *harReader // of a HAR file; else nil
	src   io.Reader
	bytes int64
	err   error
}

// NewReader returns a Reader of r, which is read in pieces of at most the
// Decoder's buffer and never closed.
func NewReader(r io.Reader, opt Options) *Reader {
	x := &Reader{Decoder: NewDecoder(opt), src: r}
	if opt.Format == HAR || opt.Format == Unknown && opt.Profile.Format == HAR {
		x.har = newHAR(source{x}, x.Decoder)
	}
	return x
}

// Reset makes the Reader read src, another section of its input or of one that
// is read with the same options, before which stand so many lines and bytes. The
// input must be Divisible. Groups stay what they are, and all memory is used
// again.
func (r *Reader) Reset(src io.Reader, line, offset int64) {
	r.src, r.bytes, r.err = src, 0, nil
	r.Decoder.Reset(line, offset)
}

// readMost is how many bytes a Reader reads at a time: few enough that they are
// still in the processor's cache when they are looked at, with all that a Decoder
// keeps.
const readMost = 128 << 10

// maxEmptyReads bounds how often a source may return nothing without an error.
const maxEmptyReads = 100

// Scan advances to the next record or skipped line; see Record and Skipped.
// It returns false at the end of the input or at the first read error; what
// was read before the error is delivered first.
func (r *Reader) Scan() bool {
	if r.har != nil {
		return r.har.next()
	}
	empty := 0
	for {
		if r.Next() {
			return true
		}
		if r.done {
			return false
		}
		b := r.Buffer()
		n, err := source{r}.Read(b[:min(len(b), readMost)])
		r.Filled(n)
		if n > 0 {
			empty = 0
		} else if empty++; err == nil && empty == maxEmptyReads {
			err = io.ErrNoProgress
		}
		if err != nil {
			if err != io.EOF {
				r.err = err
			}
			r.Finish()
		}
	}
}

// Err returns the error that ended the input early, nil at its proper end.
func (r *Reader) Err() error {
	if r.har != nil && r.har.done {
		return r.har.err
	}
	return r.err
}

// Lines returns the number of lines read so far.
func (r *Reader) Lines() int64 {
	if r.har == nil {
		return r.Decoder.Lines()
	}
	n := r.har.line
	if r.har.done && r.har.err == nil && r.har.open {
		n++
	}
	return n
}

// source is the Reader's source, with its bytes counted.
type source struct{ *Reader }

func (s source) Read(p []byte) (int, error) {
	n, err := s.src.Read(p)
	s.bytes += int64(n)
	return n, err
}

// Bytes returns the number of bytes read so far.
func (r *Reader) Bytes() int64 { return r.bytes }

// Records returns the records alone, for callers who do not care for what was
// skipped. Check Err after the loop.
func (r *Reader) Records() iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		for r.Scan() {
			if rec := r.Record(); rec != nil && !yield(rec) {
				return
			}
		}
	}
}
