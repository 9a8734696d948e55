package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"time"
)

// Bounds of a Follower.
const (
	// printSize is how many bytes are compared to tell that a file is still
	// the one that was read.
	printSize = 1 << 10
	// stepSize is how many bytes are read at a time.
	stepSize = 512 << 10
	// DefaultMaxLine is how many bytes of a line are given out: one more than a
	// Decoder keeps, so that it sees that the line was cut.
	DefaultMaxLine = 256<<10 + 1
	// DefaultGrace is how long a file that was rotated away is kept open after
	// it last grew.
	DefaultGrace = 30 * time.Second
	// DefaultMaxHeld is how many files of one path are held open.
	DefaultMaxHeld = 64
	// maxPast is how many files that were read to their end are remembered.
	maxPast = 16
)

// FollowOptions say how a path is followed. The zero value has the defaults.
type FollowOptions struct {
	MaxLine int           // bytes of a line that are given out; at most half of what is read at a time
	Grace   time.Duration // for which a file that was rotated away is kept open after it last grew
	MaxHeld int           // files that are held open, at least 2
	// Begin tells where to begin in the file that is there at the first Step,
	// the start of a line, and how many lines stand before, -1 if that is not
	// known. Without it, files are read from their beginning.
	Begin func(f io.ReaderAt, size int64) (offset, lines int64, err error)
	// Notify is told what happens to the files.
	Notify func(Notice)
}

// NoticeKind is what has happened to a file.
type NoticeKind uint8

// The kinds of notices.
const (
	Waiting   NoticeKind = iota // there is no file of this name; it is waited for
	Opened                      // the file is read from here on
	Rotated                     // another file has the name now
	Truncated                   // the file was cut, and is read from its beginning
	Recovered                   // what the name's file had held was found in File, and is read there
	Gap                         // bytes From to To of a file are lost
	Trouble                     // Err keeps the file from being read; it is tried again
)

// Notice tells what has happened.
type Notice struct {
	Kind NoticeKind
	Path string // that is followed
	File string // that it is about: Path, or a file beside it
	From int64  // first byte of a Gap; of what is Truncated, up to where it had been read
	To   int64  // byte behind the Gap, -1 if that is not known
	Err  error  // of Trouble
}

// Piece is a run of complete lines of one generation.
type Piece struct {
	// Generation numbers the life of a file: from 1 on, in the order in which
	// they were met. A file that is truncated begins another one.
	Generation uint64
	Offset     int64 // in the file, of the first byte of Text
	Next       int64 // in the file, behind what Text stands for: what comes next is there
	Lines      int64 // of the file that stand before Text, -1 if that is not known
	// Text is lines, each with its line end. It is the Follower's and valid
	// until the function that it is given to returns.
	Text []byte
	// Cut tells that Text is one line of which the end was dropped, or is not in
	// the copy that was made of the file before it was truncated.
	Cut bool
	// Unterminated tells that Text is the last line of its file, and that the
	// file has no line end behind it.
	Unterminated bool
	// End tells that no more comes of this generation; then there is no Text.
	End bool
}

// Follower reads what is written to the file of one path, each line once,
// while the file is rotated, truncated, deleted or replaced. Nothing is decided
// by events: each Step looks at what is there. It is used by one goroutine and
// has no clock.
//
// The files of a path are its generations. Each is held by its descriptor, so a
// file that is renamed or deleted is read to its end, which may be written long
// after its successor has come. A Step compares the bytes before the place at
// which it goes on with what was read there; if they differ, or are not there,
// the file was truncated, and what it held is looked for in the copies beside
// it.
type Follower struct {
	path string
	opt  FollowOptions

	gens    []*generation // in the order in which they are read
	at      *generation   // of the path, nil if the path has no file
	past    []pastFile    // read to the end and closed, oldest first
	last    uint64        // number of the last generation
	known   births        // of the files that were met
	begun   bool          // there has been a Step
	crowded bool          // there are files that were not opened, since too many are held
	resume  *FileState    // where to go on, before the first Step
	// resumed is when the last file that was found again was written to: until
	// the path has a file again, there may be archives that are younger.
	resumed time.Time
	copied  time.Time // when the last copy that is known was written
	retired time.Time // when the last file that was closed was written
	ailing  string    // the trouble that was told last
	buf     []byte    // of all followers of a goroutine: see read

	piece *Piece // that is being given out
	giver *generation
}

// generation is one life of a file.
type generation struct {
	n    uint64
	f    contents
	info os.FileInfo // nil of what is no file of its own
	id   identity
	name string // under which it was found

	off      int64  // of what is to be given out next: the beginning of a line
	lines    int64  // before off, -1 if not known
	window   []byte // the bytes before off, up to printSize
	head     []byte // the file's first bytes, up to printSize, as far as they were read
	skipping bool   // a line was cut: the rest of it is dropped
	fixed    bool   // it does not grow: a copy

	limit int64     // how far it is read in this Step
	size  int64     // that it was last seen to have
	grown time.Time // when that was
	seen  int64     // behind the last byte that was read, given out or not

	written, looked time.Time // of which change its copies were last looked for
	// began is what the file began with then: there may be several changes in one
	// tick of the clock by which a file system dates them.
	began []byte

	committed mark
}

// contents is where a generation's bytes are.
type contents interface {
	io.ReaderAt
	io.Closer
}

// mark is a place up to which all was delivered.
type mark struct {
	off, lines int64
	window     []byte
}

// pastFile is what is remembered of a file that was read to its end.
type pastFile struct {
	id     identity
	off    int64
	window fingerprint
	head   fingerprint
}

// identity tells a file from all others on a machine. Inodes are used again;
// that the birth differs tells it.
type identity struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
	Born   int64  `json:"born,omitempty"` // Unix nanoseconds, 0 where the system does not say
}

// NewFollower returns a Follower of a path. The file need not exist.
func NewFollower(path string, opt FollowOptions) *Follower {
	if opt.MaxLine <= 0 || opt.MaxLine > stepSize/2 {
		opt.MaxLine = DefaultMaxLine
	}
	if opt.Grace <= 0 {
		opt.Grace = DefaultGrace
	}
	if opt.MaxHeld < 2 {
		opt.MaxHeld = DefaultMaxHeld
	}
	if opt.Notify == nil {
		opt.Notify = func(Notice) {}
	}
	return &Follower{path: path, opt: opt}
}

// Buffer has the Follower read into b, which several that are stepped in turn
// may share. It has at least BufferSize bytes.
func (f *Follower) Buffer(b []byte) { f.buf = b }

// BufferSize is how long the buffer of a Follower is.
const BufferSize = printSize + stepSize

// Step looks once for what is new and gives it to fn, whole lines, the oldest
// generation first; about budget bytes of it, and reports whether there is
// more. An error is that of fn, and ends the Step; the piece it was given then
// counts as not given out.
//
// One writer's lines come in the order in which they were written: the sizes of
// the generations are taken from the youngest to the oldest and then read from
// the oldest to the youngest, so whatever was written before a byte that is
// read was there when the sizes were taken.
func (f *Follower) Step(now time.Time, budget int, fn func(*Piece) error) (more bool, err error) {
	if f.buf == nil {
		f.buf = make([]byte, BufferSize)
	}
	f.crowded = false
	f.Hold(now)
	for again := true; again; {
		again = false
		for _, g := range slices.Backward(f.gens) {
			g.measure(now)
		}
		for i := 0; i < len(f.gens); i++ {
			g := f.gens[i]
			cut, older, err := f.read(g, &budget, fn)
			if err != nil {
				return false, err
			}
			if cut {
				f.truncated(g)
			}
			if cut || older {
				again = true
				break
			}
			if budget <= 0 && g.off < g.limit {
				return true, nil
			}
		}
	}
	if f.at != nil {
		f.resumed = time.Time{}
	}
	held := len(f.gens)
	err = f.retire(now, fn)
	return f.crowded && len(f.gens) < held, err
}

// Hold looks for files that have come, and opens them, without reading: for as
// long as nobody takes what is read.
func (f *Follower) Hold(now time.Time) {
	if !f.begun {
		f.begun = true
		f.begin(now)
	}
	f.discover(now)
}

// Unfinished reports whether a generation has the beginning of a line whose end
// has not come yet.
func (f *Follower) Unfinished(gen uint64) bool {
	i := slices.IndexFunc(f.gens, func(g *generation) bool { return g.n == gen })
	return i >= 0 && f.gens[i].seen > f.gens[i].off
}

// Descriptor returns the file of the path, nil if there is none.
func (f *Follower) Descriptor() *os.File {
	if f.at == nil {
		return nil
	}
	file, _ := f.at.f.(*os.File)
	return file
}

// Reopen has trouble that persists told again.
func (f *Follower) Reopen() { f.ailing = "" }

// Close closes all files.
func (f *Follower) Close() {
	for _, g := range f.gens {
		g.f.Close()
	}
	f.gens, f.at = nil, nil
}

// begin opens the file that is there at first, or those of the state.
func (f *Follower) begin(now time.Time) {
	if f.resume != nil {
		f.restore(now)
		f.resume = nil
		return
	}
	g, err := f.open(f.path)
	// What is beside it now is older, and not asked for.
	for _, s := range f.siblings() {
		f.known.note(s)
		s.f.Close()
	}
	if err != nil {
		return // discover will tell
	}
	if f.opt.Begin != nil {
		size := g.info.Size()
		off, lines, err := f.opt.Begin(g.f, size)
		if err != nil {
			f.opt.Notify(Notice{Kind: Trouble, Path: f.path, File: f.path, Err: err})
		} else if !g.place(off, lines) {
			f.opt.Notify(Notice{Kind: Gap, Path: f.path, File: f.path, From: 0, To: off})
		}
	}
	f.add(g, now)
	f.at = g
	f.opt.Notify(Notice{Kind: Opened, Path: f.path, File: f.path})
}

// place makes a generation that was just opened go on at an offset.
func (g *generation) place(off, lines int64) bool {
	b := make([]byte, min(off, printSize))
	if n, _ := g.f.ReadAt(b, off-int64(len(b))); n < len(b) {
		return false
	}
	g.off, g.lines, g.window = off, lines, b
	// A file that is gone on with in the middle of a line: one that was cut.
	g.skipping = off > 0 && b[len(b)-1] != '\n' && b[len(b)-1] != 0
	if _, plain := g.f.(*os.File); plain {
		head := make([]byte, min(off, printSize))
		if n, _ := g.f.ReadAt(head, 0); n == len(head) {
			g.head = head
		}
	}
	g.committed = mark{off, lines, slices.Clone(b)}
	return true
}

// open opens a file as a generation, from its beginning on.
func (f *Follower) open(name string) (*generation, error) {
	file, err := openNow(name)
	if err != nil {
		return nil, err
	}
	g := &generation{f: file, name: name}
	if g.info, err = file.Stat(); err == nil {
		switch mode := g.info.Mode(); {
		case mode.IsDir():
			err = &os.PathError{Op: "read", Path: name, Err: ErrDirectory}
		case !mode.IsRegular():
			err = &os.PathError{Op: "read", Path: name, Err: errNoFile}
		default:
			g.size = g.info.Size()
			g.id, err = identify(file)
		}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return g, nil
}

// born returns when the file was made, by which files of one path are put in
// order. Where the system does not say, the time of its last change stands for
// it.
func (g *generation) born() int64 {
	switch {
	case g.id.Born != 0:
		return g.id.Born
	case g.info != nil:
		return g.info.ModTime().UnixNano()
	}
	return 0
}

var errNoFile = errors.New("is no regular file any more")

// add makes a generation the last one.
func (f *Follower) add(g *generation, now time.Time) {
	f.insert(len(f.gens), g, now)
}

func (f *Follower) insert(at int, g *generation, now time.Time) {
	f.last++
	g.n, g.grown = f.last, now
	f.gens = slices.Insert(f.gens, at, g)
	f.known.note(g)
}

// discover looks which file the path has.
func (f *Follower) discover(now time.Time) {
	for range 8 { // it may change again meanwhile; what comes later is for the next Step
		info, err := os.Stat(f.path)
		if err != nil {
			f.at = nil
			f.trouble(err)
			return
		}
		if f.at != nil && os.SameFile(info, f.at.info) {
			f.ailing = ""
			return
		}
		if i := slices.IndexFunc(f.gens, func(g *generation) bool { return g.info != nil && os.SameFile(info, g.info) }); i >= 0 {
			f.at = f.gens[i] // it was renamed back
			continue
		}
		if len(f.gens) >= f.opt.MaxHeld {
			f.crowded = true
			return // what comes meanwhile is found beside the path, if it is still there then
		}
		g, err := f.open(f.path) // before its siblings are looked at: whatever is older is there then
		if err != nil {
			f.at = nil
			f.trouble(err)
			return
		}
		if !os.SameFile(info, g.info) {
			g.f.Close()
			continue
		}
		rotated := f.at != nil || len(f.gens) > 0
		for _, s := range f.between(g) {
			if len(f.gens) >= f.opt.MaxHeld {
				s.f.Close()
				continue
			}
			f.add(s, now)
			f.opt.Notify(Notice{Kind: Recovered, Path: f.path, File: s.name})
		}
		if len(f.gens) >= f.opt.MaxHeld {
			g.f.Close() // the rest when some have been read
			f.crowded = true
			return
		}
		if known := f.pastOf(g.id); known != nil && !g.goOn(known.off, known.window) {
			// The file's name was given back to it, and its content is another.
			f.opt.Notify(Notice{Kind: Truncated, Path: f.path, File: f.path})
		}
		f.add(g, now)
		f.at, f.ailing = g, ""
		kind := Opened
		if rotated {
			kind = Rotated
		}
		f.opt.Notify(Notice{Kind: kind, Path: f.path, File: f.path})
	}
}

// trouble tells why the path cannot be read, once.
func (f *Follower) trouble(err error) {
	n := Notice{Kind: Trouble, Path: f.path, File: f.path, Err: err}
	if errors.Is(err, fs.ErrNotExist) {
		n.Kind, n.Err = Waiting, nil
		if len(f.gens) > 0 {
			return // between two files, or deleted: what is held is read on
		}
	}
	if told := fmt.Sprint(n.Kind, err); f.ailing != told {
		f.ailing = told
		f.opt.Notify(n)
	}
}

// measure notes how far a generation can be read.
func (g *generation) measure(now time.Time) {
	file, ok := g.f.(*os.File)
	if !ok {
		g.limit = math.MaxInt64 // an archive: its end shows when it is read
		return
	}
	info, err := file.Stat()
	if err != nil {
		g.limit = g.off // the read that compares will tell
		return
	}
	g.limit, g.written = info.Size(), info.ModTime()
	if g.limit != g.size {
		g.size, g.grown = g.limit, now
	}
}

// read gives out what a generation has up to its limit, and reports whether it
// was cut. Each read begins with the window, and so proves that the file is
// still the one whose lines were given out, also when there is nothing new.
func (f *Follower) read(g *generation, budget *int, fn func(*Piece) error) (cut, older bool, err error) {
	for {
		w := len(g.window)
		b := f.buf[:w+int(min(max(g.limit-g.off, 0), stepSize))]
		n, err := g.f.ReadAt(b, g.off-int64(w))
		if err != nil && err != io.EOF {
			g.limit = g.off
			f.trouble(err)
			return false, false, nil
		}
		if n < w || !bytes.Equal(b[:w], g.window) {
			return true, false, nil
		}
		if n < len(b) {
			g.limit = g.off + int64(n-w) // an archive's end, or it was cut just now
		}
		data := b[w:n]
		g.seen = max(g.seen, g.off+int64(len(data)))
		if g.off == 0 && f.unseenLives(g, data) {
			return false, true, nil
		}
		if len(data) == 0 {
			return false, false, nil
		}
		*budget -= len(data)
		took, err := f.give(g, data, fn)
		if err != nil {
			return false, false, err
		}
		if took == 0 || *budget <= 0 {
			return false, false, nil
		}
	}
}

// give gives out the lines of data, which stands at the generation's offset, and
// returns how many bytes of it were taken: not an incomplete line at its end.
func (f *Follower) give(g *generation, data []byte, fn func(*Piece) error) (took int, err error) {
	if g.skipping {
		end := bytes.IndexByte(data, '\n') + 1
		if end == 0 {
			g.advance(data, 0)
			return len(data), nil
		}
		g.skipping = false
		g.advance(data[:end], 0)
		return end, nil
	}
	if data[0] == 0 { // what copytruncate leaves behind of a writer that does not append
		if at := g.dataAt(g.off); at > g.off+int64(len(data)) && at < g.limit {
			took = int(at - g.off) // a hole needs not be read
			g.hole(at)
			return took, nil
		}
		nuls := len(data) - len(bytes.TrimLeft(data, "\x00"))
		g.advance(data[:nuls], 0)
		return nuls, nil
	}
	end := bytes.LastIndexByte(data, '\n') + 1
	p := Piece{Generation: g.n, Offset: g.off, Next: g.off + int64(end), Lines: g.lines, Text: data[:end]}
	switch {
	case end > 0:
	case len(data) <= f.opt.MaxLine:
		return 0, nil
	default:
		end = f.opt.MaxLine
		data[end] = '\n' // in the buffer: the line's rest is dropped anyway
		p.Text, p.Cut, p.Next = data[:end+1], true, g.off+int64(end)
	}
	lines := int64(bytes.Count(p.Text, []byte{'\n'}))
	if err := f.hand(g, &p, fn); err != nil {
		return 0, err
	}
	g.skipping = p.Cut
	g.advance(data[:end], lines)
	return end, nil
}

// hand gives a piece to fn, which may Commit a place in it.
func (f *Follower) hand(g *generation, p *Piece, fn func(*Piece) error) error {
	f.piece, f.giver = p, g
	err := fn(p)
	f.piece, f.giver = nil, nil
	return err
}

// advance moves on behind text, which stands at off.
func (g *generation) advance(text []byte, lines int64) {
	if n := printSize - len(g.head); n > 0 && g.off == int64(len(g.head)) {
		g.head = append(g.head, text[:min(n, len(text))]...)
	}
	g.window = windowOf(g.window, text, g.window)
	g.off += int64(len(text))
	if g.lines >= 0 {
		g.lines += lines
	}
}

// windowOf returns the last bytes of before and text behind one another, in the
// memory of into.
func windowOf(before, text, into []byte) []byte {
	if len(text) >= printSize {
		return append(into[:0], text[len(text)-printSize:]...)
	}
	keep := before[max(len(before)+len(text)-printSize, 0):]
	return append(append(into[:0], keep...), text...)
}

// hole moves on to an offset before which a file has nothing but zeros.
func (g *generation) hole(to int64) {
	n := min(to, printSize)
	if len(g.head) < printSize && g.off == int64(len(g.head)) {
		g.head = append(g.head, make([]byte, min(to-g.off, int64(printSize-len(g.head))))...)
	}
	g.window = append(g.window[:0], make([]byte, n)...)
	g.off = to
}

// dataAt is dataAt of the generation's file.
func (g *generation) dataAt(off int64) int64 {
	if file, ok := g.f.(*os.File); ok {
		return dataAt(file, off)
	}
	return off
}

// truncated deals with a generation whose file has not the content any more that
// was read. What it held is read on in the copy that was made of it, if there is
// one; what lies between that copy and the file now, in the other copies. The
// file's new content is another generation.
func (f *Follower) truncated(g *generation) {
	now := g.grown
	i := slices.Index(f.gens, g)
	fresh := &generation{f: g.f, info: g.info, id: g.id, name: g.name}
	old := f.copyOf(g.off, printOf(g.window), printOf(g.head))
	if old != nil {
		old.n, old.grown, old.fixed = g.n, now, true
		old.off, old.lines, old.skipping, old.window, old.head, old.committed = g.off, g.lines, g.skipping, g.window, g.head, g.committed
		f.gens[i] = old
		f.copied = old.modified()
		f.opt.Notify(Notice{Kind: Recovered, Path: f.path, File: old.name})
		i += f.insertCopies(i+1, old, g, now)
		f.insert(i+1, fresh, now)
	} else {
		if g.seen > g.off { // the beginning of a line
			f.opt.Notify(Notice{Kind: Gap, Path: f.path, File: g.name, From: g.off, To: g.seen})
		}
		f.gens[i] = &generation{
			n: g.n, f: nothing{}, name: g.name, fixed: true, head: g.head,
			off: g.off, lines: g.lines, committed: g.committed,
		}
		f.insert(i+1, fresh, now)
	}
	f.opt.Notify(Notice{Kind: Truncated, Path: f.path, File: g.name, From: g.off, To: -1})
	if f.at == g {
		f.at = fresh
	}
}

// unseenLives looks for copies of the path's file when that has changed and
// nothing of it was given out yet: it may have been written, copied and truncated
// before data was read from it, of which data does not tell. They become
// generations before it.
func (f *Follower) unseenLives(g *generation, data []byte) bool {
	file, ok := g.f.(*os.File)
	if !ok || g != f.at {
		return false
	}
	now, err := file.Stat()
	if err != nil || now.ModTime().Equal(g.looked) && (len(data) == 0 || len(g.began) > 0 && bytes.HasPrefix(data, g.began)) {
		return false // data is what was there when they were looked for
	}
	copies := f.copiesAfter(f.known, g, data)
	// If the path has another file by now, they may as well be what came after
	// g; discover puts them into order.
	if info, err := os.Stat(f.path); err != nil || !os.SameFile(info, g.info) {
		for _, s := range copies {
			s.f.Close()
		}
		return false
	}
	g.looked, g.began = now.ModTime(), slices.Clone(data[:min(len(data), printSize)])
	since := f.resumed
	if since.IsZero() && !f.copied.IsZero() {
		since = f.copied.Add(1)
	}
	if !since.IsZero() {
		var earlier []*generation
		own := false
		for _, a := range f.archivesAfter(since, copies) {
			if own = own || sameHead(data, headOf(a.f)); own {
				a.f.Close()
				continue
			}
			a.f.(*stream).rewind()
			earlier = append(earlier, a)
		}
		copies = append(earlier, copies...)
	}
	f.insertFixed(slices.Index(f.gens, g), copies, g.grown)
	return len(copies) > 0
}

// insertCopies makes the copies of g's file that were made after another one
// generations, from a place on, and returns how many there are.
func (f *Follower) insertCopies(at int, after, g *generation, now time.Time) int {
	known := births{}
	known.note(after)
	copies := f.copiesAfter(known, g, headOf(g.f))
	if info, err := os.Stat(f.path); err != nil || !os.SameFile(info, g.info) {
		for _, s := range copies {
			s.f.Close()
		}
		copies = nil
	}
	copies = append(f.archivesAfter(after.modified(), copies), copies...)
	f.known.note(after)
	f.insertFixed(at, copies, now)
	return len(copies)
}

func (f *Follower) insertFixed(at int, copies []*generation, now time.Time) {
	for i, s := range copies {
		s.fixed = true
		f.insert(at+i, s, now)
		s.measure(now)
		f.copied = s.modified()
		f.opt.Notify(Notice{Kind: Recovered, Path: f.path, File: s.name})
	}
}

// nothing is what is left of a file that was truncated.
type nothing struct{}

func (nothing) ReadAt([]byte, int64) (int, error) { return 0, io.EOF }
func (nothing) Close() error                      { return nil }

// retire closes the generations of which no more is awaited: copies that were
// read, and files that were rotated away and have not grown for a while, once
// another has come.
func (f *Follower) retire(now time.Time, fn func(*Piece) error) error {
	for i := 0; i < len(f.gens); {
		g := f.gens[i]
		later := slices.ContainsFunc(f.gens[i+1:], func(g *generation) bool { return g.size > 0 })
		// Where too many are held, those that were read need not wait for late lines.
		crowded := f.crowded && len(f.gens) > f.opt.MaxHeld/2 && g.off == g.limit
		if g == f.at && !(crowded && i < len(f.gens)-1) || !g.fixed && !crowded && (!later || now.Sub(g.grown) < f.opt.Grace) {
			i++
			continue
		}
		if g == f.at {
			f.at = nil
		}
		done, err := f.finish(g, fn)
		if err != nil {
			return err
		}
		if !done {
			i++
			continue
		}
		if g.written.After(f.retired) {
			f.retired = g.written
		}
		g.f.Close()
		f.remember(g)
		f.gens = slices.Delete(f.gens, i, i+1)
	}
	return nil
}

// finish gives out a last line without a line end, and the end, and reports
// whether that was all: a file may have grown just now.
func (f *Follower) finish(g *generation, fn func(*Piece) error) (done bool, err error) {
	w := len(g.window)
	b := f.buf[:w+f.opt.MaxLine]
	if n, _ := g.f.ReadAt(b, g.off-int64(w)); n > w && !g.skipping && bytes.Equal(b[:w], g.window) {
		if bytes.IndexByte(b[w:n], '\n') >= 0 || n == len(b) {
			return false, nil
		}
		rest := f.buf[w : n+1]
		rest[n-w] = '\n'
		p := Piece{Generation: g.n, Offset: g.off, Next: g.off + int64(n-w), Lines: g.lines, Text: rest, Unterminated: true, Cut: g.fixed}
		if err := f.hand(g, &p, fn); err != nil {
			return false, err
		}
		g.advance(rest[:n-w], 1)
	}
	return true, fn(&Piece{Generation: g.n, Offset: g.off, Next: g.off, Lines: g.lines, End: true})
}

// Finish gives out last lines that have no line end, and the ends: nothing more is
// awaited. What a file has grown by since it was read is left for another time.
func (f *Follower) Finish(fn func(*Piece) error) error {
	for _, g := range f.gens {
		if _, err := f.finish(g, fn); err != nil {
			return err
		}
	}
	return nil
}

// remember keeps what tells that a file was read.
func (f *Follower) remember(g *generation) {
	f.past = slices.DeleteFunc(f.past, func(p pastFile) bool { return p.id == g.id && g.info != nil })
	f.past = append(f.past, pastFile{g.id, g.off, printOf(g.window), printOf(g.head)})
	if len(f.past) > maxPast {
		f.past = slices.Delete(f.past, 0, 1)
	}
}

// pastOf returns what is remembered of a file, nil if it is not known.
func (f *Follower) pastOf(id identity) *pastFile {
	for i := range f.past {
		if f.past[i].id == id {
			return &f.past[i]
		}
	}
	return nil
}

// Commit tells that all of a generation that stands before offset has been
// delivered, and does not have to be read again after a restart. The offset lies
// in the piece that is being given out, up to its Next, or is the Next of the last
// one; with one before, what was told before stays.
func (f *Follower) Commit(gen uint64, offset int64) {
	i := slices.IndexFunc(f.gens, func(g *generation) bool { return g.n == gen })
	if i < 0 {
		return // it was retired: all of it was delivered
	}
	g := f.gens[i]
	c := &g.committed
	switch p := f.piece; {
	case offset == c.off:
	case g == f.giver && offset >= p.Offset && offset <= p.Next:
		text := p.Text[:offset-p.Offset]
		c.window = windowOf(g.window, text, c.window)
		c.off, c.lines = offset, g.lines
		if g.lines >= 0 {
			c.lines += int64(bytes.Count(text, []byte{'\n'}))
		}
	case offset == g.off && g != f.giver:
		*c = mark{g.off, g.lines, append(c.window[:0], g.window...)}
	case offset > c.off && offset < g.off:
	default:
		panic(fmt.Sprintf("BUG: commit of byte %d of generation %d, which is at %d", offset, gen, g.off))
	}
}
