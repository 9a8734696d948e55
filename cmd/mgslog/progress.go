package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"mgslog/parser/source"
)

// progressAfter is how long a job runs before its progress is shown.
const progressAfter = 500 * time.Millisecond

// progress shows on a terminal how much of the inputs has been read.
type progress struct {
	sys   *system
	total int64 // bytes on disk, -1 if an input's size is not known
	done  int64 // of the inputs read to their end
	start time.Time
	bar   *progressbar.ProgressBar
}

// newProgress returns nil where nobody looks: if standard error is no
// terminal.
func newProgress(sys *system, inputs []*planned) *progress {
	if sys.stderrWidth == 0 || sys.env("TERM") == "dumb" {
		return nil
	}
	p := &progress{sys: sys, start: sys.now()}
	for _, in := range inputs {
		if in.DuplicateOf != "" {
			continue
		}
		if in.size == 0 {
			p.total = -1
			break
		}
		p.total += in.size
	}
	return p
}

// reader returns a reader of r that shows how much of src has been read.
func (p *progress) reader(r io.Reader, src *source.Input) io.Reader {
	p.done += src.Size
	return &progressReader{p, r, src, p.done - src.Size}
}

type progressReader struct {
	p    *progress
	r    io.Reader
	src  *source.Input
	base int64
}

func (r *progressReader) Read(b []byte) (int, error) {
	r.p.show(r.base + r.src.Consumed())
	return r.r.Read(b)
}

func (p *progress) show(n int64) {
	if p.bar == nil {
		if p.sys.now().Sub(p.start) < progressAfter {
			return
		}
		p.bar = progressbar.NewOptions64(p.total,
			progressbar.OptionSetWriter(p.sys.stderr), progressbar.OptionSetWidth(30),
			// The bar begins in the middle of the work, so it knows no rate.
			progressbar.OptionSetElapsedTime(false), progressbar.OptionSetPredictTime(false),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetDescription("reading"))
	}
	p.bar.Set64(n) //nolint:errcheck // a bar that cannot be drawn is no reason to stop
}

// finish removes the bar.
func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Clear() //nolint:errcheck // as above
	}
}
