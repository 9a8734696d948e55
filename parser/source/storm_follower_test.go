//go:build unix

package source_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mgslog/parser/source"
)

// How a reader's process ends.
const (
	stormFinished = 0
	stormStopped  = 3 // by SIGTERM
	stormDied     = 4 // the library gave up
)

// stormQuiet is for how long a reader waits for lines that do not come any more.
const stormQuiet = 5 * time.Second

// stormOutput is what a reader has delivered.
type stormOutput struct {
	*stormConfig
	file  *os.File
	buf   []byte
	last  int64 // the highest number, plus one
	news  time.Time
	lines int64 // of the manifest, -1 before it is there
}

// openStormOutput opens the output to append to it. A process that was killed
// may have left the half of a line.
func openStormOutput(cfg *stormConfig) (*stormOutput, error) {
	file, err := os.OpenFile(cfg.output(), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	end := int64(bytes.LastIndexByte(data, '\n') + 1)
	if err := file.Truncate(end); err != nil {
		return nil, err
	}
	if _, err := file.Seek(end, io.SeekStart); err != nil {
		return nil, err
	}
	o := &stormOutput{stormConfig: cfg, file: file, news: time.Now(), lines: -1}
	if i := bytes.LastIndex(data, []byte(" seq=")); i >= 0 {
		o.mark(data[i:])
	}
	o.note("run")
	return o, o.flush()
}

// mark notes the number of a line.
func (o *stormOutput) mark(line []byte) {
	_, rest, _ := bytes.Cut(line, []byte("seq="))
	digits, _, _ := bytes.Cut(rest, []byte(" "))
	if seq, err := strconv.ParseInt(string(digits), 10, 64); err == nil {
		o.last = max(o.last, seq+1)
	}
}

// line adds a line, without its line end.
func (o *stormOutput) line(generation uint64, offset, number int64, flag byte, line []byte) {
	o.buf = strconv.AppendUint(o.buf, generation, 10)
	o.buf = append(o.buf, ' ')
	o.buf = strconv.AppendInt(o.buf, offset, 10)
	o.buf = append(o.buf, ' ')
	o.buf = strconv.AppendInt(o.buf, number, 10)
	o.buf = append(o.buf, ' ', flag, ' ')
	o.buf = append(o.buf, line...)
	o.buf = append(o.buf, '\n')
	o.mark(line)
}

func (o *stormOutput) note(format string, args ...any) {
	note := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ")
	o.buf = append(append(append(o.buf, "# "...), note...), '\n')
}

func (o *stormOutput) flush() error {
	if len(o.buf) == 0 {
		return nil
	}
	o.news = time.Now()
	_, err := o.file.Write(o.buf)
	o.buf = o.buf[:0]
	return err
}

// done tells that the writer has ended and all has come, or nothing comes any
// more, or that nobody is left who would want it. It is asked after each look.
func (o *stormOutput) done() bool {
	if o.lines < 0 {
		if m, err := readStormManifest(o.manifest()); err == nil {
			o.lines = m.Lines
			o.news = time.Now()
		}
		return os.Getppid() != o.Parent
	}
	if o.last >= o.lines {
		return time.Since(o.news) > stormQuiet/10 // something may come twice
	}
	return time.Since(o.news) > stormQuiet
}

// followStorm is the process of the Follower as a program uses it: what is
// delivered is written out, then the state is saved. It looks at each tick, and
// where there is a bell, when that rings.
func followStorm(cfg *stormConfig, bell *source.Bell) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	unlock, err := source.LockState(cfg.state())
	if err != nil {
		return err
	}
	defer unlock()
	state, err := source.LoadState(cfg.state())
	if err != nil {
		return err
	}
	out, err := openStormOutput(cfg)
	if err != nil {
		return err
	}
	kinds := map[source.NoticeKind]string{
		source.Waiting: "waiting", source.Opened: "opened", source.Rotated: "rotated", source.Truncated: "truncated",
		source.Recovered: "recovered", source.Gap: "gap", source.Trouble: "trouble",
	}
	f := source.NewFollower(cfg.path(), source.FollowOptions{
		Notify: func(n source.Notice) { out.note("notice %s %s %d %d %v", kinds[n.Kind], n.File, n.From, n.To, n.Err) },
	})
	defer f.Close()
	st, resumed := state.Of(cfg.path())
	if resumed {
		f.Resume(st)
	}
	unsaved := false
	save := func() error {
		if err := out.flush(); err != nil {
			return err
		}
		st := source.State{Files: []source.FileState{f.State()}}
		if err := st.Save(cfg.state()); err != nil {
			return err
		}
		out.note("saved")
		unsaved = false
		return out.flush()
	}
	deliver := func(p *source.Piece) error {
		flag := byte('-')
		switch {
		case p.Unterminated:
			flag = 'u'
		case p.Cut:
			flag = 'c'
		}
		offset, number := p.Offset, p.Lines+1
		for line := range bytes.Lines(p.Text) {
			out.line(p.Generation, offset, number, flag, bytes.TrimSuffix(line, []byte("\n")))
			offset += int64(len(line))
			if number > 0 {
				number++
			}
		}
		f.Commit(p.Generation, p.Next)
		unsaved = unsaved || len(p.Text) > 0
		return nil
	}
	if !resumed {
		// Before anything is delivered, or a kill would leave it without a place
		// from which to go on.
		f.Hold(time.Now())
		if err := save(); err != nil {
			return err
		}
	}
	tick := time.NewTicker(cfg.Poll)
	saved := time.Now()
	var ring <-chan struct{}
	if bell != nil {
		ring = bell.Ring()
		defer bell.Forget(f)
	}
	for {
		if cfg.Blocked && time.Now().UnixMilli()%1000 < 400 {
			f.Hold(time.Now())
			select {
			case <-tick.C:
			case <-ring:
			}
			continue
		}
		for more := true; more; {
			if more, err = f.Step(time.Now(), 1<<20, deliver); err != nil {
				return err
			}
			if err := out.flush(); err != nil {
				return err
			}
		}
		// Not after each look: what is delivered after the last save is what a
		// kill repeats, and there must be some.
		if unsaved && time.Since(saved) > 2*cfg.Poll {
			if err := save(); err != nil {
				return err
			}
			saved = time.Now()
		}
		if out.done() {
			return save()
		}
		if bell != nil {
			bell.Watch(f)
		}
		select {
		case <-stop:
			if err := save(); err != nil {
				return err
			}
			os.Exit(stormStopped)
		case <-tick.C:
		case <-ring:
		}
	}
}

// followByName is a reader that does what seems enough: it reads what is new in
// the file of the name, and begins anew when that is another file or is shorter.
// It shows that the storm finds what goes wrong so.
func followByName(cfg *stormConfig) error {
	out, err := openStormOutput(cfg)
	if err != nil {
		return err
	}
	var (
		file   *os.File
		info   os.FileInfo
		off    int64
		rest   []byte
		number uint64
	)
	tick := time.NewTicker(cfg.Poll)
	for ; !out.done(); <-tick.C {
		now, err := os.Stat(cfg.path())
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if file == nil || !os.SameFile(info, now) || now.Size() < off {
			if file != nil {
				file.Close()
			}
			if file, err = os.Open(cfg.path()); err != nil {
				file = nil
				continue
			}
			if info, err = file.Stat(); err != nil {
				return err
			}
			off, rest = 0, nil
			number++
		}
		data, err := io.ReadAll(io.NewSectionReader(file, off, 1<<30))
		if err != nil {
			return err
		}
		off += int64(len(data))
		rest = append(rest, data...)
		end := bytes.LastIndexByte(rest, '\n') + 1
		at := off - int64(len(rest))
		for line := range bytes.Lines(rest[:end]) {
			out.line(number, at, 0, '-', bytes.TrimSuffix(line, []byte("\n")))
			at += int64(len(line))
		}
		rest = rest[end:]
		if err := out.flush(); err != nil {
			return err
		}
	}
	return nil
}
