//go:build unix

package source_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"
)

// stormWriter writes the log of a storm, one event in one write(2) or in
// several, and rotates it. One goroutine writes, so that there is an order of
// all lines; copytruncate runs beside it in another, as it does in life.
type stormWriter struct {
	*stormConfig
	tick  *time.Ticker
	log   *os.File
	next  int64 // number of the next line
	life  int64 // number of the first line of the file that is written
	size  int64 // of that file
	chain []int64
	acks  stormAcks
	kept  []int64 // numbers of the lines that a copy holds, under copytruncate
	m     stormManifest
	buf   []byte
	ends  []int // of the lines in buf
}

// writeStorm is the writer's process.
func writeStorm(cfg *stormConfig) error {
	w := &stormWriter{
		stormConfig: cfg,
		tick:        time.NewTicker(time.Millisecond),
		acks:        stormAcks{path: cfg.output(), saved: cfg.Saved},
	}
	rotate := map[string]func() error{
		"a": w.renameCreate, "b": w.renameLate, "d": w.deleteCreate, "e": w.renamePause,
		"f": w.partial, "g": w.truncate, "h": w.partialRename, "x": w.renameCreate,
	}[cfg.Case]
	if err := w.open(); err != nil {
		return err
	}
	// What was there before the follower came is not what the storm is about.
	if err := w.putEvent(); err != nil {
		return err
	}
	w.acks.await(0)
	var err error
	if cfg.Case == "c" {
		err = w.besideCopytruncate()
	} else {
		for w.m.Rotations < cfg.Rotations && err == nil {
			if err = w.write(w.between(cfg.Every)); err == nil {
				err = rotate()
			}
			w.m.Rotations++
		}
	}
	if err != nil {
		return err
	}
	if err := w.write(w.between(cfg.Every)); err != nil {
		return err
	}
	if cfg.Case == "c" {
		if err := w.unread(); err != nil {
			return err
		}
	}
	w.m.Lines = w.next
	data, err := json.Marshal(&w.m)
	if err != nil {
		return err
	}
	if err := os.WriteFile(cfg.manifest()+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(cfg.manifest()+".new", cfg.manifest())
}

// open opens the log as a logger does.
func (w *stormWriter) open() error {
	file, err := os.OpenFile(w.path(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if w.log != nil {
		if err := w.log.Close(); err != nil {
			return err
		}
	}
	w.log, w.life, w.size = file, w.next, 0
	return nil
}

func (w *stormWriter) between(span [2]time.Duration) time.Duration {
	return span[0] + rand.N(span[1]-span[0]+1)
}

func (w *stormWriter) put(b []byte) error {
	n, err := w.log.Write(b)
	w.size += int64(n)
	return err
}

// event makes the next event in buf.
func (w *stormWriter) event() {
	w.buf, w.ends = w.buf[:0], w.ends[:0]
	_, parts := stormEvent(w.next)
	for range parts {
		w.buf = appendStormLine(w.buf, w.next)
		w.ends = append(w.ends, len(w.buf))
		w.next++
	}
}

// putEvent writes the next event, half of those of several lines in pieces.
func (w *stormWriter) putEvent() error {
	w.event()
	if len(w.ends) == 1 || rand.IntN(2) == 0 {
		return w.put(w.buf)
	}
	cuts := w.ends
	if w.Case != "c" && rand.IntN(2) == 0 {
		// Not under copytruncate, which would tear a line so that neither half
		// could be told from a line.
		cuts = []int{rand.IntN(len(w.buf)), rand.IntN(len(w.buf)), len(w.buf)}
		slices.Sort(cuts)
	}
	from := 0
	for _, to := range cuts {
		if err := w.put(w.buf[from:to]); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// write writes events for a while, at the rate of the storm.
func (w *stormWriter) write(d time.Duration) error {
	begin, first := time.Now(), w.next
	for {
		spent := time.Since(begin)
		due := first + int64(min(spent, d).Seconds()*float64(w.Rate))
		for w.next <= due { // one at least
			if err := w.putEvent(); err != nil {
				return err
			}
		}
		if spent >= d {
			return nil
		}
		<-w.tick.C
	}
}

func pause(d time.Duration) { <-time.After(d) }

// shift makes room for a file of which seq is the last line: .1 becomes .2 and
// so on, and the oldest is deleted. That waits until the follower has read it and
// more: what is deleted before it was looked at is lost to any follower, and how
// long files are kept is not what the storm is about.
func (w *stormWriter) shift(seq int64) error {
	if len(w.chain) == w.Chain {
		w.acks.await(w.chain[len(w.chain)-1] + 1)
		w.chain = w.chain[:len(w.chain)-1]
	}
	for i := len(w.chain); i > 0; i-- {
		if i == 1 && w.Archived {
			if err := archive(w.copy(1), w.path()+".2"); err != nil {
				return err
			}
			continue
		}
		if err := os.Rename(w.copy(i), w.copy(i+1)); err != nil {
			return err
		}
	}
	w.chain = slices.Insert(w.chain, 0, seq)
	return nil
}

func (w *stormWriter) copy(i int) string {
	name := w.path() + "." + strconv.Itoa(i)
	if w.Archived && i > 1 {
		name += ".gz"
	}
	return name
}

// archive compresses as logrotate does: under the new name, which the file has
// until the archive is complete.
func archive(from, name string) error {
	if err := os.Rename(from, name); err != nil {
		return err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	out, err := os.Create(name + ".gz")
	if err != nil {
		return err
	}
	z := gzip.NewWriter(out)
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := errors.Join(z.Close(), out.Close(), os.Chtimes(name+".gz", info.ModTime(), info.ModTime())); err != nil {
		return err
	}
	return os.Remove(name)
}

func (w *stormWriter) rename() error {
	if err := w.shift(w.next - 1); err != nil {
		return err
	}
	return os.Rename(w.path(), w.copy(1))
}

// create makes the new file as logrotate does, for a writer that has the old
// one still open.
func (w *stormWriter) create() error { return os.WriteFile(w.path(), nil, 0o644) }

// renameCreate is case a, and x when it is fast.
func (w *stormWriter) renameCreate() error {
	if err := w.rename(); err != nil {
		return err
	}
	return w.open()
}

// renameLate is case b: the old file is written for a while yet, in half of the
// cases while there is a new one.
func (w *stormWriter) renameLate() error {
	if err := w.rename(); err != nil {
		return err
	}
	if rand.IntN(2) == 0 {
		if err := w.create(); err != nil {
			return err
		}
	}
	if err := w.write(w.between(w.Late)); err != nil {
		return err
	}
	w.chain[0] = w.next - 1
	return w.open()
}

// deleteCreate is case d. A file that no follower has opened is lost with its
// name, so the deletion waits until something of it was delivered.
func (w *stormWriter) deleteCreate() error {
	w.acks.await(w.life)
	if err := os.Remove(w.path()); err != nil {
		return err
	}
	return w.open()
}

// renamePause is case e.
func (w *stormWriter) renamePause() error {
	if err := w.rename(); err != nil {
		return err
	}
	pause(w.between(w.Late))
	return w.open()
}

// partial is case f, and with a rename before the rest case h.
func (w *stormWriter) partial() error { return w.partially(func() error { return nil }) }

func (w *stormWriter) partialRename() error {
	create := rand.IntN(2) == 0
	err := w.partially(func() error {
		err := w.rename()
		if err == nil && create {
			err = w.create()
		}
		return err
	})
	if err != nil {
		return err
	}
	return w.open()
}

func (w *stormWriter) partially(meanwhile func() error) error {
	w.event()
	cut := 1 + rand.IntN(len(w.buf)-1)
	if err := w.put(w.buf[:cut]); err != nil {
		return err
	}
	if err := meanwhile(); err != nil {
		return err
	}
	pause(w.between(w.Late))
	return w.put(w.buf[cut:])
}

// truncate is case g: what stood in the file is gone, so first the follower is
// given the time to read it, as much as it wants; then the file grows at once
// past its old size, so that its size tells nothing. Each fourth time it does
// not, or the files would grow without end.
func (w *stormWriter) truncate() error {
	w.acks.await(w.next - 1)
	for seq := max(w.life, w.acks.seen()+1); seq < w.next; seq++ {
		w.m.Unread = append(w.m.Unread, seq)
	}
	old := w.size
	if err := w.log.Truncate(0); err != nil {
		return err
	}
	w.life, w.size = w.next, 0
	if w.m.Rotations%4 == 3 {
		return nil
	}
	if rand.IntN(2) == 0 {
		for w.size <= old {
			if err := w.putEvent(); err != nil {
				return err
			}
		}
		return nil
	}
	// Or in one write, so that nobody can see it small.
	var all []byte
	for int64(len(all)) <= old {
		w.event()
		all = append(all, w.buf...)
	}
	return w.put(all)
}

// besideCopytruncate is case c: writing goes on while another goroutine copies
// and truncates, and a line that comes between the last read of the copy and the
// truncation is on no file any more. What the copies hold is noted, for unread.
func (w *stormWriter) besideCopytruncate() error {
	done := make(chan error, 1)
	go func() {
		var err error
		for w.m.Rotations < w.Rotations && err == nil {
			pause(w.between(w.Every))
			err = w.copytruncate()
			w.m.Rotations++
		}
		done <- err
	}()
	for {
		select {
		case err := <-done:
			return err
		default:
		}
		if err := w.write(10 * time.Millisecond); err != nil {
			return err
		}
	}
}

func (w *stormWriter) copytruncate() error {
	last := int64(-1)
	if len(w.kept) > 0 {
		last = w.kept[len(w.kept)-1]
	}
	if err := w.shift(last); err != nil {
		return err
	}
	data, err := copyFile(w.path(), w.copy(1))
	if err != nil {
		return err
	}
	if err := os.Truncate(w.path(), 0); err != nil {
		return err
	}
	w.keep(data)
	if len(w.kept) > 0 {
		w.chain[0] = w.kept[len(w.kept)-1]
	}
	return nil
}

// copyFile copies as logrotate does, and returns what it copied.
func copyFile(from, to string) ([]byte, error) {
	in, err := os.Open(from)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		err = fmt.Errorf("a copy in the way: %w", err)
	}
	if err != nil {
		return nil, err
	}
	var data []byte
	for b := make([]byte, 8<<10); ; {
		n, err := in.Read(b)
		if n > 0 {
			if _, err := out.Write(b[:n]); err != nil {
				return nil, err
			}
			data = append(data, b[:n]...)
		}
		if err == io.EOF {
			return data, out.Close()
		}
		if err != nil {
			return nil, err
		}
	}
}

// keep notes the whole lines of a copy, or of the file at last.
func (w *stormWriter) keep(data []byte) {
	var scratch []byte
	for line := range bytes.Lines(data) {
		if line[len(line)-1] != '\n' {
			continue
		}
		if seq, ok := stormSeq(line[:len(line)-1], &scratch); ok {
			w.kept = append(w.kept, seq)
		}
	}
}

// unread notes the lines that neither a copy nor the file has.
func (w *stormWriter) unread() error {
	data, err := os.ReadFile(w.path())
	if err != nil {
		return err
	}
	w.keep(data)
	next := int64(0)
	for _, seq := range append(w.kept, w.next) {
		for ; next < seq; next++ {
			w.m.Unread = append(w.m.Unread, next)
		}
		next = seq + 1
	}
	return nil
}

// stormAcks tells the writer, from the follower's output, how far it has read.
type stormAcks struct {
	path  string
	saved bool // only what the follower has saved counts
	file  *os.File
	off   int64 // behind the last whole line that was read; the rest may be cut off after a kill
	last  int64 // the highest number, plus one
	dead  bool  // it has not read for so long that it is not waited for any more
}

// stormPatience is how long a follower is waited for that reads nothing. One
// that works is never so slow.
const stormPatience = 20 * time.Second

// seen returns the highest number in the output, -1 before there is one.
func (a *stormAcks) seen() int64 {
	if a.file == nil {
		var err error
		if a.file, err = os.Open(a.path); err != nil {
			return -1
		}
	}
	for b := make([]byte, 256<<10); ; {
		n, _ := a.file.ReadAt(b, a.off)
		end := bytes.LastIndexByte(b[:n], '\n') + 1
		if a.saved {
			end = bytes.LastIndex(b[:n], []byte("\n# saved\n")) + 1
		}
		if end == 0 && n == len(b) {
			b = make([]byte, 2*len(b))
			continue
		}
		if end == 0 {
			return a.last - 1
		}
		a.off += int64(end)
		if at := bytes.LastIndex(b[:end], []byte(" seq=")); at >= 0 {
			digits, _, _ := bytes.Cut(b[at+len(" seq="):end], []byte(" "))
			if seq, err := strconv.ParseInt(string(digits), 10, 64); err == nil {
				a.last = max(a.last, seq+1)
			}
		}
	}
}

// await waits until a line with that number or a higher one was delivered.
func (a *stormAcks) await(seq int64) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for begin := time.Now(); !a.dead && a.seen() < seq; <-tick.C {
		a.dead = time.Since(begin) > stormPatience
	}
}
