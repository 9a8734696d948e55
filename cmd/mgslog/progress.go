package main

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"mgslog/parser/source"
)

// progressAfter is how long a job runs before its progress is shown.
const progressAfter = 500 * time.Millisecond

// progress shows on a terminal how much of the inputs has been read. Several
// goroutines may read.
type progress struct {
	sys   *system
	total int64 // bytes on disk, -1 if an input's size is not known
	start time.Time
	done  atomic.Int64 // bytes read

	mu  sync.Mutex
	bar *progressbar.ProgressBar
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
		p.total += in.length()
	}
	return p
}

// reader returns a reader of src that shows how much has been read.
func (p *progress) reader(src *source.Input) io.Reader { return &progressReader{p: p, src: src} }

type progressReader struct {
	p    *progress
	src  *source.Input
	seen int64 // of src, that is in done
}

func (r *progressReader) Read(b []byte) (int, error) {
	n := r.src.Consumed()
	r.p.show(r.p.done.Add(n - r.seen))
	r.seen = n
	return r.src.Read(b)
}

func (p *progress) show(n int64) {
	if !p.mu.TryLock() {
		return // another goroutine shows nearly the same
	}
	defer p.mu.Unlock()
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
	p.bar.Set64(n) // a bar that cannot be drawn is no reason to stop
}

// finish removes the bar.
func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Clear() // as above
	}
}
