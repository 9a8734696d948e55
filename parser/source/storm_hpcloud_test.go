//go:build unix

package source_test

import (
	"os"
	"time"

	"github.com/hpcloud/tail"
)

// followHpcloud is the process of github.com/hpcloud/tail as the reader, so that
// its figures come from the same run as ours.
func followHpcloud(cfg *stormConfig, poll bool) error {
	out, err := openStormOutput(cfg)
	if err != nil {
		return err
	}
	t, err := tail.TailFile(cfg.path(), tail.Config{Follow: true, ReOpen: true, Poll: poll, Logger: tail.DiscardingLogger})
	if err != nil {
		return err
	}
	tick := time.NewTicker(10 * time.Millisecond)
	for {
		select {
		case line, ok := <-t.Lines:
			if !ok {
				if err := out.flush(); err != nil {
					return err
				}
				os.Exit(stormDied)
			}
			// It does not tell where the line stood.
			out.line(0, 0, 0, '-', []byte(line.Text))
			if len(out.buf) < 64<<10 {
				continue
			}
		case <-tick.C:
			if out.done() {
				// Not t.Stop, which may wait for ever.
				return out.flush()
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
	}
}
