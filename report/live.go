package report

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// Bounds of a Live.
const (
	// foldWindow is how long equal records are counted before their number is
	// shown, in milliseconds. While they go on to come, that is twice as long each
	// time, up to foldLongest.
	foldWindow  = 5000
	foldLongest = 30_000

	foldShown = 3    // equal records that are shown each for itself
	maxFolds  = 256  // kinds of records that are counted at once; the oldest gives way
	maxKinds  = 10   // of these, of one code; further ones are of one kind
	maxFold   = 200  // bytes of an operationType or a class by which records are told apart
	maxMet    = 1000 // codes that are explained when they come first; those beyond are not
	maxLive   = 1000 // columns of a line where the width is not limited
	maxWords  = 1000 // bytes of a text of which the first words are shown
	maxText   = 200  // lines of a record that is shown whole
	maxName   = 24   // columns of an input's name
	maxTrace  = 64   // bytes of a trace id
)

// LiveOptions say how live records are shown. Of TextOptions, Verbose explains
// every record and shows it whole, and Width 0 means that lines are not cut.
type LiveOptions struct {
	Lang catalog.Lang
	// Zone is in which times are shown that come before the first record; later
	// ones are in the zone of the first record's input. nil: UTC.
	Zone *time.Location
	TextOptions
}

// LiveInput is where a record comes from.
type LiveInput struct {
	// Name marks its lines; "" if there is nothing to be told apart. Records of
	// different names are never counted together.
	Name string
	Zone *time.Location // of its time stamps; nil: UTC
}

// Live makes lines for people of records as they come. It belongs to one
// goroutine and has no clock of its own: the time, in Unix milliseconds, is
// handed in, and may jump. Its methods append to a slice and return it, as
// append does.
//
// Each record is one line, below the first of each code stands what the
// catalogue says of it. Records that are equal (in input, code, operationType
// and class of the root exception) are shown until there are too many within
// a few seconds; the others are counted, and their number is shown when these are
// over, see Due. Where an outage hits many operationTypes alike, records are
// equal by input and code alone. All that comes from a log is Printable in the
// end.
type Live struct {
	p     *page
	opt   LiveOptions
	m     *liveMessages
	zone  *time.Location
	fixed bool   // the zone is that of a record
	day   string // date and zone shown last
	cols  liveColumns
	met   map[parser.Key]*liveCode

	folds map[string]*fold
	open  []*fold            // the same, by when their windows began
	kinds map[parser.Key]int // how many of them are of a code
	key   []byte             // of the fold looked for
}

// liveCode is what is shown of a code.
type liveCode struct {
	code, title, actor string
	paint              func(string) string
	explained          bool
}

// fold counts equal records.
type fold struct {
	key                   string
	of                    parser.Key
	opened, window        int64 // when its window began, and how long it is
	shown                 int   // records shown in the window
	n                     int64 // records counted, and not shown
	timed                 bool  // of these, some have a time:
	first, last           int64 // the earliest and the latest
	code                  *liveCode
	name, operation, root string // columns as shown
}

// liveColumns are the columns of a line that are filled up to stand below each
// other.
type liveColumns struct {
	gap                                         string
	millis                                      bool
	name, code, title, actor, operation, traced liveColumn
}

// liveColumn is how wide a column gets, and how wide what it has shown was. One
// whose limit is 0 is not shown.
type liveColumn struct{ limit, widest int }

// columnsFor chooses what a line of a width has room for. What an operator
// copies from a line is the trace id, so it is whole or not there.
func columnsFor(width int) liveColumns {
	c := liveColumns{gap: "  ", millis: width == 0 || width >= 100}
	c.name.limit, c.code = min(width/6, maxName), liveColumn{12, 4}
	switch {
	case width == 0:
		c.name.limit, c.title.limit, c.actor.limit, c.operation.limit, c.traced.limit = maxName, 40, 24, 48, maxTrace
	case width >= 150:
		c.title.limit, c.actor.limit, c.operation.limit, c.traced.limit = width/5, 21, width/5, maxTrace
	case width >= 110:
		c.title.limit, c.operation.limit, c.traced.limit = width/5, width/5, maxTrace
	case width >= 60:
		c.title.limit, c.operation.limit = width*3/10, width/4
	case width >= 30:
		c.title.limit = width
	default:
		c.gap, c.name.limit, c.title.limit = " ", 0, width
	}
	return c
}

// NewLive returns a Live that has shown nothing.
func NewLive(opt LiveOptions) *Live {
	l := &Live{
		opt: opt, m: liveMessagesFor(opt.Lang), zone: opt.Zone,
		met: map[parser.Key]*liveCode{}, folds: map[string]*fold{}, kinds: map[parser.Key]int{},
	}
	if l.zone == nil {
		l.zone = time.UTC
	}
	l.Resize(opt.Width)
	return l
}

// Resize tells that lines have another width from now on.
func (l *Live) Resize(width int) {
	if l.p != nil && width == l.opt.Width {
		return
	}
	l.opt.Width = width
	l.p = newPage(l.opt.TextOptions)
	switch {
	case width == 0:
		l.p.width = maxProse
	case width < minWidth:
		l.p.width = width // a terminal can be narrower than a report
	}
	l.cols = columnsFor(width)
}

// take appends what is on the page to b, and empties it.
func (l *Live) take(b []byte) []byte {
	b = append(b, l.p.Bytes()...)
	l.p.Reset()
	return b
}

// Record shows or counts one record, read at now. It keeps no reference to r.
func (l *Live) Record(b []byte, in LiveInput, r *parser.Record, now int64) []byte {
	if !l.fixed && in.Zone != nil {
		l.zone, l.fixed = in.Zone, true
	}
	b, f := l.foldOf(b, in.Name, r, now)
	if f.shown == foldShown {
		f.count(r)
		return b
	}
	f.shown++
	b = l.date(b, r)
	b = l.line(b, f, r)
	if c := f.code; r.Code != parser.NoCode && (l.opt.Verbose || !c.explained) {
		c.explained = true
		l.explain(keyOf(r), r)
		b = l.take(b)
	}
	if l.opt.Verbose {
		l.whole(r)
		b = l.take(b)
	}
	return b
}

// foldOf returns the fold in which r is to be counted, which may be new, and
// shows what is due of it.
func (l *Live) foldOf(b []byte, name string, r *parser.Record, now int64) ([]byte, *fold) {
	for _, mixed := range [...]bool{false, true} {
		if mixed && l.kinds[keyOf(r)] < maxKinds {
			break
		}
		f := l.fold(name, r, mixed)
		if f == nil {
			continue
		}
		if !f.due(now) {
			return b, f
		}
		b = l.showFold(b, f, now)
		if l.renew(f, now) {
			return b, f
		}
	}
	if len(l.open) == maxFolds {
		b = l.showFold(b, l.open[0], now)
		l.remove(0)
	}
	return b, l.add(name, r, now)
}

func keyOf(r *parser.Record) parser.Key { return parser.Key{Platform: r.Platform, Code: r.Code} }

// fold returns the fold of records equal to r, by input and code alone if they
// are mixed; nil if there is none. It sets l.key.
func (l *Live) fold(name string, r *parser.Record, mixed bool) *fold {
	text := func(s []byte) {
		s = s[:min(len(s), maxFold)]
		l.key = binary.AppendUvarint(l.key, uint64(len(s)))
		l.key = append(l.key, s...)
	}
	l.key = binary.AppendUvarint(append(l.key[:0], byte(r.Platform)), uint64(uint32(r.Code)))
	text(r.Host)
	text(r.File)
	l.key = append(l.key, name...)
	if mixed {
		return l.folds[string(l.key)]
	}
	l.key = append(l.key, 0)
	text(r.OperationType)
	if root := r.Root(); root != nil {
		text(root.Class)
	}
	if r.Code == parser.NoCode {
		text(r.Level)
	}
	return l.folds[string(l.key)]
}

// add begins to count records equal to r.
func (l *Live) add(name string, r *parser.Record, now int64) *fold {
	f := &fold{of: keyOf(r), opened: now, window: foldWindow, code: l.code(r)}
	mixed := l.kinds[f.of] >= maxKinds
	l.fold(name, r, mixed)
	f.key = string(l.key)
	f.name = printable(r.Host[:min(len(r.Host), maxFold)])
	if from := orElse(r.File[:min(len(r.File), maxFold)], []byte(name)); len(from) > 0 {
		if f.name != "" {
			f.name += ":"
		}
		f.name += printable(from)
	}
	if mixed {
		f.operation = l.m.various
	} else {
		f.operation = printable(r.OperationType[:min(len(r.OperationType), maxFold)])
		if root := r.Root(); root != nil {
			f.root = printable(bare(root.Class))
		}
	}
	l.folds[f.key] = f
	l.open = append(l.open, f)
	l.kinds[f.of]++
	return f
}

// remove takes away the fold at place i of those that are open.
func (l *Live) remove(i int) {
	f := l.open[i]
	l.open = slices.Delete(l.open, i, i+1)
	delete(l.folds, f.key)
	if l.kinds[f.of]--; l.kinds[f.of] == 0 {
		delete(l.kinds, f.of)
	}
}

// printable is Printable of bytes.
func printable(s []byte) string { return Printable(string(s)) }

// orElse returns a, or b if a is empty.
func orElse(a, b []byte) []byte {
	if len(a) > 0 {
		return a
	}
	return b
}

// bare returns the name of a class without its package.
func bare(class []byte) []byte {
	class = class[:min(len(class), maxWords)]
	return class[bytes.LastIndexByte(class, '.')+1:]
}

// count counts a record that is not shown.
func (f *fold) count(r *parser.Record) {
	f.n++
	if r.NoTime {
		return
	}
	if !f.timed || r.Time < f.first {
		f.first = r.Time
	}
	if !f.timed || r.Time > f.last {
		f.last = r.Time
	}
	f.timed = true
}

// due reports whether the window is over, or the clock has gone back.
func (f *fold) due(now int64) bool { return now < f.opened || now-f.opened >= f.window }

// renew begins another window at now. If nothing was counted in the one before,
// the burst is over, and renew reports false.
func (l *Live) renew(f *fold, now int64) bool {
	i := slices.Index(l.open, f)
	if f.n == 0 {
		l.remove(i)
		return false
	}
	f.opened, f.window = now, min(2*f.window, foldLongest)
	f.n, f.timed, f.shown = 0, false, foldShown
	l.open = append(slices.Delete(l.open, i, i+1), f)
	return true
}

// Due returns when the next number of counted records is to be shown; ok is
// false if none has been counted that has not been shown.
func (l *Live) Due() (at int64, ok bool) {
	for _, f := range l.open {
		if end := f.opened + f.window; f.n > 0 && (!ok || end < at) {
			at, ok = end, true
		}
	}
	return at, ok
}

// Flush shows the numbers that are due at now.
func (l *Live) Flush(b []byte, now int64) []byte {
	for _, f := range slices.Clone(l.open) {
		if f.due(now) {
			b = l.showFold(b, f, now)
			l.renew(f, now)
		}
	}
	return b
}

// FlushAll shows the numbers of all records that have been counted and not
// shown.
func (l *Live) FlushAll(b []byte, now int64) []byte {
	for len(l.open) > 0 {
		b = l.showFold(b, l.open[0], now)
		l.remove(0)
	}
	return b
}

// code returns what is shown of a record's code.
func (l *Live) code(r *parser.Record) *liveCode {
	if r.Code == parser.NoCode {
		c := &liveCode{code: "-", title: printable(r.Level[:min(len(r.Level), maxFold)]), actor: "-", paint: plain}
		if c.title == "" {
			c.title = l.m.respNone
		}
		return c
	}
	key := keyOf(r)
	if c := l.met[key]; c != nil {
		return c
	}
	c := &liveCode{code: strconv.Itoa(int(key.Code)), title: l.title(key), actor: l.m.actorUnknown, paint: l.paint(key)}
	if a, ok := catalog.ActorOf(key); ok {
		c.actor = a.Text().In(l.opt.Lang)
	}
	if len(l.met) == maxMet {
		c.explained = true
	} else {
		l.met[key] = c
	}
	return c
}

// title returns what a code means, and whose it is unless the server's.
func (l *Live) title(key parser.Key) string {
	title := l.m.notInCatalogue
	if e, ok := catalog.Lookup(key); ok {
		title = e.Title.In(l.opt.Lang)
	}
	var marks []string
	if key.Platform != parser.Server {
		marks = append(marks, l.m.platform(key.Platform.String()))
	}
	if catalog.Harmless(key) {
		marks = append(marks, l.m.noError)
	}
	if len(marks) > 0 {
		title += fmt.Sprintf(l.m.parens, strings.Join(marks, l.m.comma))
	}
	return title
}

// paint returns the colour of a code.
func (l *Live) paint(key parser.Key) func(string) string {
	switch {
	case catalog.Harmless(key):
		return l.p.yellow
	case catalog.IsSuccess(key):
		return l.p.green
	}
	return l.p.red
}

// date shows the date of a record, if it is another than that of the last one.
func (l *Live) date(b []byte, r *parser.Record) []byte {
	if r.NoTime {
		return b
	}
	day := time.UnixMilli(r.Time).In(l.zone).Format("2006-01-02 -07:00")
	if day == l.day {
		return b
	}
	l.day = day
	return append(append(b, l.p.dim(l.p.fit(day, l.limit()))...), '\n')
}

// limit is how many columns a line may have.
func (l *Live) limit() int {
	if l.opt.Width == 0 {
		return maxLive
	}
	return l.opt.Width
}

// fit cuts the end off a Printable text that is wider than width, which may be
// anything.
func (p *page) fit(s string, width int) string {
	return p.columns.TruncateString(s, max(width, 0), dots(width))
}

// fitEnd does the same with its beginning.
func (p *page) fitEnd(s string, width int) string {
	if p.cells(s) <= width {
		return s
	}
	from, over := 0, p.cells(s)+p.cells(dots(width))-max(width, 0)
	for g := p.columns.StringGraphemes(s); over > 0 && g.Next(); over -= g.Width() {
		from += len(g.Value())
	}
	return dots(width) + s[from:]
}

// dots stand for what has been cut from a text, if there is room.
func dots(width int) string {
	if width < 8 {
		return ""
	}
	return "..."
}

func (l *Live) clock(ms int64) string {
	layout := "15:04:05.000"
	if !l.cols.millis {
		layout = time.TimeOnly
	}
	return time.UnixMilli(ms).In(l.zone).Format(layout)
}

// row puts the columns of a line side by side, until it is full.
type row struct {
	l    *Live
	b    []byte
	left int // columns
	owed int // spaces before the next column
}

// add appends a column; what is narrower than width is filled up.
func (w *row) add(s string, width int, paint func(string) string) {
	room := w.left - w.owed
	if room <= 0 || s == "" && width == 0 {
		return
	}
	cells := w.l.p.cells(s)
	if cells > room {
		s = strings.TrimRight(w.l.p.fit(s, room), " ")
		cells = w.l.p.cells(s)
	}
	if s != "" {
		w.b = append(w.b, strings.Repeat(" ", w.owed)...)
		w.b = append(w.b, paint(s)...)
		w.left -= w.owed + cells
		w.owed = 0
	}
	w.owed += max(width-cells, 0) + len(w.l.cols.gap)
}

// column adds a column of the line, cut at its end or its beginning.
func (w *row) column(s string, c *liveColumn, cut func(*page, string, int) string, paint func(string) string) {
	if c.limit == 0 {
		return
	}
	if s == "" {
		s = "-"
	}
	if w.l.opt.Width > 0 {
		s = strings.TrimRight(cut(w.l.p, s, c.limit), " ")
	}
	c.widest = max(c.widest, min(w.l.p.cells(s), c.limit))
	w.add(s, c.widest, paint)
}

// begin adds the columns with which all lines begin.
func (l *Live) begin(w *row, f *fold, clock string) {
	c := &l.cols
	if f.name != "" || c.name.widest > 0 {
		w.column(f.name, &c.name, (*page).fitEnd, l.p.dim)
	}
	if l.opt.Width == 0 || l.opt.Width >= 16 {
		w.add(clock, len(time.TimeOnly), plain)
	}
	w.column(f.code.code, &c.code, (*page).fit, f.code.paint)
}

// line shows one record as a line.
func (l *Live) line(b []byte, f *fold, r *parser.Record) []byte {
	clock := l.m.undated
	if !r.NoTime {
		clock = l.clock(r.Time)
	}
	w, c := row{l: l, b: b, left: l.limit()}, &l.cols
	l.begin(&w, f, clock)
	w.column(f.code.title, &c.title, (*page).fit, plain)
	w.column(f.code.actor, &c.actor, (*page).fit, plain)
	w.column(printable(r.OperationType[:min(len(r.OperationType), maxFold)]), &c.operation, (*page).fitEnd, plain)
	if trace := printable(r.TraceID[:min(len(r.TraceID), maxTrace)]); w.left-w.owed >= l.p.cells(trace) {
		w.column(trace, &c.traced, (*page).fit, l.p.dim)
	}
	if words := l.words(r); w.left-w.owed >= min(l.p.cells(words), 8) {
		w.add(words, 0, plain)
	}
	return append(w.b, '\n')
}

// words returns the first words of what a record says went wrong.
func (l *Live) words(r *parser.Record) string {
	inferred := ""
	if r.Evidence == parser.ByCause {
		inferred = fmt.Sprintf(l.m.parens, l.m.inferred)
	}
	if root := r.Root(); root != nil {
		s := printable(bare(root.Class))
		if len(root.Message) > 0 {
			s += ": " + printable(root.Message[:min(len(root.Message), maxWords)])
		}
		return strings.TrimLeft(inferred+" ", " ") + s
	}
	text := r.Message
	if len(text) == 0 && !r.Format.Digest() {
		text = r.Head
	}
	text = orElse(orElse(text, r.Memo), r.Tips)
	text = trimSpace(text[:min(len(text), maxWords)])
	if len(text) == 0 && r.LatencyMS >= 0 {
		return strconv.FormatInt(r.LatencyMS, 10) + " ms"
	}
	return printable(text)
}

// showFold shows how many records were counted, if any.
func (l *Live) showFold(b []byte, f *fold, now int64) []byte {
	if f.n == 0 {
		return b
	}
	clock, took := l.m.undated, max(now-f.opened, 0)
	if f.timed {
		clock = l.clock(f.last)
	}
	more := fmt.Sprintf(l.m.more, comma(f.n), l.m.duration(max((took+500)/1000, 1)))
	// What is read to catch up comes faster than it was written.
	if f.timed && f.last-f.first > took+foldWindow {
		more = fmt.Sprintf(l.m.moreSpan, comma(f.n), time.UnixMilli(f.first).In(l.zone).Format(time.TimeOnly),
			time.UnixMilli(f.last).In(l.zone).Format(time.TimeOnly))
	}
	w, c := row{l: l, b: b, left: l.limit()}, &l.cols
	l.begin(&w, f, clock)
	// The number goes where a record has its trace id, or else in front of what
	// may be cut.
	if c.traced.limit == 0 {
		if l.opt.Width < 60 {
			more = "×" + comma(f.n)
		}
		w.add(more, 0, l.p.bold)
	}
	w.column(f.code.title, &c.title, (*page).fit, plain)
	w.column(f.code.actor, &c.actor, (*page).fit, plain)
	w.column(f.operation, &c.operation, (*page).fitEnd, plain)
	if c.traced.limit > 0 {
		w.add(more, c.traced.widest, l.p.bold)
	}
	w.add(f.root, 0, plain)
	return append(w.b, '\n')
}

// explain writes what the catalogue says of a code, with the trace id of a
// record in it.
func (l *Live) explain(key parser.Key, r *parser.Record) {
	e, ok := catalog.Lookup(key)
	cause, remedy := catalog.Implied(key.Code).In(l.opt.Lang), []string(nil)
	if ok {
		cause, remedy = e.Cause.In(l.opt.Lang), texts(e.Remedy, l.opt.Lang)
	}
	if _, ok := parser.ParseTraceID(r.TraceID); ok {
		id := strings.NewReplacer("TRACE-ID", string(r.TraceID), "<TraceId>", string(r.TraceID))
		for i, step := range remedy {
			remedy[i] = id.Replace(step)
		}
	}
	labels := l.p.labelWidth(l.m.cause, l.m.remedy, l.m.acts)
	field := func(label string, texts ...string) {
		if l.p.width >= minWidth {
			l.p.field(4, labels, label, texts...)
			return
		}
		for _, text := range texts {
			l.p.text(1, 1, label+l.m.colon+text, plain)
		}
	}
	field(l.m.cause, cause)
	field(l.m.remedy, numbered(remedy)...)
	if ok {
		field(l.m.acts, e.Acts.Text().In(l.opt.Lang))
	}
}

// whole writes the text of a record.
func (l *Live) whole(r *parser.Record) {
	const indent = 4
	width, left := max(l.limit()-indent, 8), maxText
	put := func(s string) {
		if s != "" {
			l.p.WriteString(strings.Repeat(" ", indent) + l.p.dim(s))
		}
		l.p.WriteByte('\n')
	}
	text := bytes.TrimRight(r.Text, "\r\n")
	for len(text) > 0 {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte{'\n'})
		line = bytes.TrimSuffix(line, []byte{'\r'})
		kept := line[:min(len(line), left*width)]
		pieces := l.p.chop(strings.ReplaceAll(string(kept), "\t", "    "), width)
		for _, piece := range pieces[:min(len(pieces), left)] {
			put(piece)
		}
		if left -= len(pieces); left > 0 {
			continue
		}
		if rest := int64(bytes.Count(text, []byte{'\n'})); len(text) > 0 {
			put(fmt.Sprintf(l.m.moreLines, comma(rest+1)))
		} else if left < 0 || len(kept) < len(line) {
			put(l.m.cutRecord)
		}
		return
	}
	if r.Cut {
		put(l.m.cutRecord)
	}
}
