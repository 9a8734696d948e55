package analyze

import (
	"bytes"
	"cmp"
	"errors"
	"hash/maphash"
	"maps"
	"math"
	"slices"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// Bounds of an Aggregator.
const (
	// maxUnknown is how many different codes are told apart that the
	// catalogue does not know. Those that it knows always are.
	maxUnknown = 64
	// DefaultSamples is how many records of a code are kept as samples.
	DefaultSamples = 3
	// sampleText is how many bytes of a sample's lines are kept.
	sampleText = 600
	// maxSkipped is how many skipped lines of an input are kept.
	maxSkipped = 5
)

// Config says what an Aggregator counts. Aggregators that are to be merged
// must have equal ones.
type Config struct {
	Window   time.Duration  // width of a time window; 0: chosen from the span
	Location *time.Location // zone in which windows are aligned; nil: UTC
	Filter   Filter
	MaxKeys  int // keys counted exactly in each breakdown; 0: DefaultMaxKeys
	Samples  int // samples kept of a code; 0: DefaultSamples
	// Detail asks for what a summary of a day needs beyond a report,
	// Summary.Detail. It makes counting slower.
	Detail bool
}

// Aggregator counts records. It belongs to one goroutine.
type Aggregator struct {
	cfg    Config
	budget *budget
	line   *timeline

	inputs  []*Input
	path    []byte // of the input announced last
	codes   map[parser.Key]*codeCount
	spare   map[parser.Key]*codeCount // of the section before: emptied, to be used again
	recent  [recentCodes]*codeCount   // those asked for last, by their numbers
	unknown int                       // codes among them that the catalogue does not know
	excess  int64                     // records of codes beyond maxUnknown
	totals  Totals
	all     series // all records, coded or not

	first, lastTime int64 // of all dated records, if there are any

	uncoded      series
	uncodedRoots *Counter
	uncodedKept  []Sample

	operations, apps, workspaces, hosts *Counter

	detail *detail // nil unless it is asked for

	// measured is the operationTypes that alone have times, if that is known of
	// a section; else nil. See Rest.
	measured *Counter

	memo memo
}

// recentCodes is how many codes are found without a look into the map.
const recentCodes = 64

// codeCount is all that is counted of one code.
type codeCount struct {
	key         parser.Key
	failure     int64 // 1 unless the code means success
	harmful     bool  // it is a failure, and not a harmless one
	count       int64
	undated     int64 // of count: records without a time
	first, last int64 // of the others
	evidence    [8]int64
	series      series

	operations, apps, workspaces, hosts, files, roots *Counter
	times                                             durations
	samples                                           []Sample

	file   *cell  // of files, for records of the input announced last
	fileOf uint32 // version of the memo when it was looked up

	slice   *sliceCount // of its failures, see detail.codeSlice
	sliceOf uint32      // version of detail.memo when it was looked up
}

// Totals counts records. Coded+Uncoded = Records, Success+Failures = Coded;
// the records of all windows and Undated make Records. Stress and Filtered
// records are counted nowhere else.
type Totals struct {
	Records, Coded, Uncoded int64
	Success, Failures       int64
	Harmless                int64 // of Failures: codes that are no error in fact, such as a CORS preflight
	Stress                  int64 // stress-test records left out
	StressFailures          int64
	Undated                 int64 // of Records: those without a time, which are in no window
	Filtered                int64 // records that the filter left out
	UndatedFiltered         int64 // of Filtered: those left out because they have no time
	Skipped                 int64 // lines that are part of no record
}

// Input is what was read of one input. The caller fills in what it knows; the
// Aggregator counts.
type Input struct {
	Path        string
	Format      parser.Format
	Layout      string // name of the site's own layout, if that is its Format
	Host        parser.Host
	Compressed  string // "gzip", "zstd" …; "" for plain input
	Encoding    string // of its text, such as "utf-8"; "" if it has not been looked at
	Bytes       int64  // bytes read, after decompression and as UTF-8
	Lines       int64
	NULs        int64  // NUL bytes dropped at line starts
	Invalid     int64  // bytes of no character in its encoding, for each of which there is U+FFFD
	Recoded     int64  // lines that were in another encoding than the rest
	DuplicateOf string // Path of the input that has the same content and was read instead; else ""
	Err         error  // why the input was not read, or not to its end; nil if it was
	Zone        *time.Location
	ZoneSource  ZoneSource
	ZoneVotes   int // records whose trace id speaks for Zone, if that is its source

	Records, Coded, Uncoded    int64 // read, before any filter
	Skipped                    int64
	SkippedLines               []SkippedLine // the first ones
	HostsFailed                int64         // hosts of which pssh says that the command failed
	HostFailures               []string      // what it says of the first ones
	Cut                        int64         // records longer than the limit
	FieldsMissing, FieldsExtra int64
	Disagree                   int64 // records whose trace id contradicts the zone
	Backwards                  int64 // records stamped before the one in front of them
	Undated                    int64 // records without a time
	First, Last                int64 // of the others, Unix milliseconds; 0 if there are none
	Formats                    [parser.NumFormats]int64
	// Suggested is the zone for which the trace ids speak, where Zone comes
	// from elsewhere and they contradict it; nil otherwise.
	Suggested *time.Location

	opening, previous int64 // times of the first and the last dated record
	votes             parser.ZoneVote
	even              evenClock
}

// FormatName returns the name of the input's format, of a site's own layout
// that layout's.
func (in *Input) FormatName() string {
	if in.Layout != "" {
		return in.Layout
	}
	return in.Format.String()
}

// ZoneSource tells where an input's zone comes from.
type ZoneSource uint8

// The sources of a zone.
const (
	ZoneFromMachine ZoneSource = iota
	ZoneFromTraceIDs
	ZoneFromFlag
	ZoneFromStamps // every stamp names its own offset
	ZoneFromOthers // the trace ids of the other inputs
	ZoneFromLayout // the site's own layout
	ZoneAbsolute   // none is needed: the times are instants, shown in the machine's
)

var zoneSourceNames = [...]string{"machine", "trace-id", "flag", "stamp", "other-inputs", "layout", "absolute"}

// String returns the name used in JSON.
func (z ZoneSource) String() string { return zoneSourceNames[z] }

// SkippedLine is a line that is part of no record.
type SkippedLine struct {
	Line   int64 // below 1 if it is not known
	Column int
	Text   string // its beginning
	Reason error
}

// Sample is one record kept to be shown.
type Sample struct {
	Input     int   // index into Summary.Inputs
	Line      int64 // below 1 if it is not known
	Time      int64
	NoTime    bool // Time means nothing
	Evidence  parser.Evidence
	TraceID   string
	Operation string
	Text      string // the head line and the root exception, shortened
}

// New returns an Aggregator that has counted nothing.
func New(cfg Config) *Aggregator {
	if cfg.Location == nil {
		cfg.Location = time.UTC
	}
	if cfg.MaxKeys <= 0 {
		cfg.MaxKeys = DefaultMaxKeys
	}
	if cfg.Samples <= 0 {
		cfg.Samples = DefaultSamples
	}
	a := &Aggregator{
		cfg:  cfg,
		line: newTimeline(cfg.Window, cfg.Location), codes: map[parser.Key]*codeCount{},
	}
	a.budget = &budget{left: cfg.MaxKeys * totalKeys, folding: a.forget}
	a.operations, a.apps, a.workspaces, a.hosts = a.counter(), a.counter(), a.counter(), a.counter()
	a.uncodedRoots = a.counter()
	a.memo.seed = maphash.MakeSeed()
	if cfg.Detail {
		a.detail = newDetail(cfg.Location)
	}
	return a
}

func (a *Aggregator) counter() *Counter { return newCounter(a.cfg.MaxKeys, a.budget) }

// AddInput announces an input. Inputs are numbered in the order in which they
// are announced. The Aggregator keeps in and counts in it; the caller may set
// the fields that it knows only after reading.
func (a *Aggregator) AddInput(in *Input) {
	a.forget()
	if a.detail != nil {
		a.detail.clock = clock{}
		a.detail.forget()
	}
	a.inputs = append(a.inputs, in)
	a.path = []byte(in.Path)
}

// Add counts one record of the input announced last. It keeps no reference to
// r.
func (a *Aggregator) Add(r *parser.Record) {
	host, made, traced := parser.SplitTraceID(r.TraceID)
	a.inputs[len(a.inputs)-1].count(r, made, traced)
	a.count(r, host, made, traced)
}

// count is Add, but for what is counted of an input before any filter. host and
// made are what SplitTraceID returns, if the record is traced.
func (a *Aggregator) count(r *parser.Record, host uint32, made int64, traced bool) {
	g := a.group(r)
	switch a.cfg.Filter.check(r, g.chosen) {
	case undated:
		a.totals.UndatedFiltered++
		fallthrough
	case dropped:
		a.totals.Filtered++
		return
	case stress:
		a.totals.Stress++
		if catalog.IsFailure(parser.Key{Platform: r.Platform, Code: r.Code}) {
			a.totals.StressFailures++
		}
		return
	}
	start := int64(noWindow)
	if r.NoTime {
		a.totals.Undated++
	} else {
		widen(&a.first, &a.lastTime, a.dated() > 0, r.Time, r.Time)
		start = a.line.window(r.Time)
		a.all.add(a.line, start, 1)
	}
	a.totals.Records++
	if a.detail != nil {
		a.detail.look(a.inputs[len(a.inputs)-1], r, host, made, traced)
	}
	if r.Code == parser.NoCode {
		a.addUncoded(r, start)
		return
	}
	a.totals.Coded++
	if !g.resolved {
		a.resolve(g, r)
	}
	c := g.code
	if c == nil {
		a.excess++
		a.totals.Failures++
		return
	}
	a.totals.Failures += c.failure
	a.totals.Success += 1 - c.failure
	if r.Group == 0 {
		a.addSingle(c, r)
	} else {
		g.n++
	}
	c.add(a, r, start)
	if a.detail != nil {
		a.detail.add(r, c, host, traced)
	}
	a.addHost(c, r.Host, host, traced)
	a.measure(g, r)
}

// widen takes the instants from and to into the span from first to last, which has
// instants already if set tells so.
func widen(first, last *int64, set bool, from, to int64) {
	if !set || from < *first {
		*first = from
	}
	if !set || to > *last {
		*last = to
	}
}

// noWindow stands for the window of a record that has no time.
const noWindow = math.MinInt64

// dated returns the number of records counted that have a time.
func (a *Aggregator) dated() int64 { return a.totals.Records - a.totals.Undated }

// dated returns the number of the code's records that have a time.
func (c *codeCount) dated() int64 { return c.count - c.undated }

// code returns the count of a code, nil if there are too many of them.
func (a *Aggregator) code(key parser.Key) *codeCount {
	recent := &a.recent[uint(key.Code)%recentCodes]
	if c := *recent; c != nil && c.key == key {
		return c
	}
	c := a.codes[key]
	if c == nil {
		if _, known := catalog.Lookup(key); !known {
			if a.unknown >= maxUnknown {
				return nil
			}
			a.unknown++
		}
		c = a.newCode(key)
		if catalog.IsFailure(key) {
			c.failure = 1
			c.harmful = !catalog.Harmless(key)
		}
		a.codes[key] = c
	}
	*recent = c
	return c
}

// newCode returns a count of a code that has counted nothing.
func (a *Aggregator) newCode(key parser.Key) *codeCount {
	if c := a.spare[key]; c != nil {
		return c
	}
	return &codeCount{
		key:        key,
		operations: a.counter(), apps: a.counter(), workspaces: a.counter(),
		hosts: a.counter(), files: a.counter(), roots: a.counter(),
	}
}

// empty makes the count one that has counted nothing. Its memory is used again.
func (c *codeCount) empty() {
	for _, by := range []*Counter{c.operations, c.apps, c.workspaces, c.hosts, c.files, c.roots} {
		by.empty()
	}
	c.series.empty()
	c.times.empty()
	clear(c.samples)
	*c = codeCount{
		key: c.key, series: c.series, times: c.times, samples: c.samples[:0],
		operations: c.operations, apps: c.apps, workspaces: c.workspaces, hosts: c.hosts, files: c.files, roots: c.roots,
	}
}

func (c *codeCount) add(a *Aggregator, r *parser.Record, start int64) {
	if r.NoTime {
		c.undated++
	} else {
		widen(&c.first, &c.last, c.dated() > 0, r.Time, r.Time)
		c.series.add(a.line, start, 1)
	}
	c.count++
	c.evidence[r.Evidence]++
	if len(r.File) > 0 {
		c.files.add(r.File, c.failure)
	} else {
		a.fileOf(c).tally.add(c.failure, 1)
	}
	if root := r.Root(); root != nil {
		c.roots.add(root.Class, c.failure)
	}
	if len(c.samples) < a.cfg.Samples {
		c.samples = append(c.samples, a.sample(r))
	}
}

// fileOf returns the cell of a code's files for the input announced last.
func (a *Aggregator) fileOf(c *codeCount) *cell {
	if c.file == nil || c.fileOf != a.memo.version {
		c.file = c.files.at(a.path)
		c.fileOf = a.memo.version
	}
	return c.file
}

func (a *Aggregator) addUncoded(r *parser.Record, start int64) {
	a.totals.Uncoded++
	if !r.NoTime {
		a.uncoded.add(a.line, start, 1)
	}
	root := r.Root()
	if root == nil {
		a.uncodedRoots.add(nil, 0)
		return
	}
	a.uncodedRoots.add(root.Class, 0)
	if len(a.uncodedKept) < a.cfg.Samples {
		a.uncodedKept = append(a.uncodedKept, a.sample(r))
	}
}

// sample copies what is shown of a record.
func (a *Aggregator) sample(r *parser.Record) Sample {
	text, _, more := bytes.Cut(r.Text, []byte{'\n'})
	if r.Format == parser.Capture {
		text = r.Head
	}
	kept := append([]byte(nil), text[:min(len(text), sampleText)]...)
	for _, said := range []struct {
		name string
		text []byte
	}{{"Memo: ", r.Memo}, {"Tips: ", r.Tips}, {"Control: ", r.Control}} {
		if len(said.text) > 0 && !bytes.Contains(kept, said.text) {
			kept = append(append(kept, '\n'), said.name...)
			kept = append(kept, said.text[:min(len(said.text), sampleText/2)]...)
		}
	}
	if root := r.Root(); more && root != nil {
		kept = append(kept, "\n"...)
		kept = append(kept, root.Class...)
		if len(root.Message) > 0 {
			kept = append(kept, ": "...)
			kept = append(kept, root.Message[:min(len(root.Message), sampleText/2)]...)
		}
	}
	return Sample{
		Input: len(a.inputs) - 1, Line: r.Line, Time: r.Time, NoTime: r.NoTime, Evidence: r.Evidence,
		TraceID:   string(r.TraceID[:min(len(r.TraceID), maxKeyLen)]),
		Operation: string(r.OperationType[:min(len(r.OperationType), maxKeyLen)]),
		Text:      string(kept),
	}
}

func (in *Input) zone() *time.Location {
	if in.Zone == nil {
		return time.UTC
	}
	return in.Zone
}

// suggest sets Suggested from the trace ids of all records.
func (in *Input) suggest() {
	zone, ok := in.votes.Zone()
	if !ok || in.Disagree == 0 {
		return
	}
	at := time.UnixMilli(in.Last)
	_, said := at.In(zone).Zone()
	if _, taken := at.In(in.zone()).Zone(); said != taken {
		in.Suggested = zone
	}
}

// Commonest returns the format of most of its records, Unknown without any.
func (in *Input) Commonest() parser.Format {
	best := parser.Unknown
	for f, n := range in.Formats {
		if n > in.Formats[best] {
			best = parser.Format(f)
		}
	}
	return best
}

// count counts a record of the input, before any filter. made is when its
// trace id was made, if it is traced.
func (in *Input) count(r *parser.Record, made int64, traced bool) {
	in.Records++
	in.Formats[r.Format]++
	if r.Code == parser.NoCode {
		in.Uncoded++
	} else {
		in.Coded++
	}
	if r.Cut {
		in.Cut++
	}
	if r.Irregular&parser.FieldsMissing != 0 {
		in.FieldsMissing++
	}
	if r.Irregular&parser.FieldsExtra != 0 {
		in.FieldsExtra++
	}
	if r.NoTime {
		in.Undated++
		return
	}
	if traced {
		if !parser.Timely(r.Time, made) {
			in.Disagree++
		}
		if in.voting() {
			in.votes.Add(r.Time+in.even.offset(in.zone(), r.Time), made)
		}
	}
	dated := in.Records - in.Undated
	if dated > 1 && r.Time < in.previous {
		in.Backwards++
	}
	if in.previous = r.Time; dated == 1 {
		in.opening = r.Time
	}
	widen(&in.First, &in.Last, dated > 1, r.Time, r.Time)
}

// voting reports whether the trace ids may speak for another zone.
func (in *Input) voting() bool {
	return in.ZoneSource == ZoneFromMachine || in.ZoneSource == ZoneFromOthers
}

// add adds what was counted of a section of the input that stands behind what
// was counted so far, but for SkippedLines and what the caller fills in.
func (in *Input) add(b *Input) {
	if b.Records > b.Undated {
		first := in.Records == in.Undated
		if first {
			in.opening = b.opening
		} else if b.opening < in.previous {
			in.Backwards++
		}
		in.previous = b.previous
		widen(&in.First, &in.Last, !first, b.First, b.Last)
	}
	in.Records += b.Records
	in.Coded += b.Coded
	in.Uncoded += b.Uncoded
	in.Skipped += b.Skipped
	in.HostsFailed += b.HostsFailed
	in.HostFailures = append(in.HostFailures, b.HostFailures[:min(len(b.HostFailures), maxSkipped-len(in.HostFailures))]...)
	in.Cut += b.Cut
	in.FieldsMissing += b.FieldsMissing
	in.FieldsExtra += b.FieldsExtra
	in.Disagree += b.Disagree
	in.Backwards += b.Backwards
	in.Undated += b.Undated
	for i, n := range b.Formats {
		in.Formats[i] += n
	}
	in.votes.Merge(&b.votes)
}

// AddSkipped counts a line of the input announced last that is part of no
// record.
func (a *Aggregator) AddSkipped(e *parser.SyntaxError) {
	a.totals.Skipped++
	in := a.inputs[len(a.inputs)-1]
	in.Skipped++
	if errors.Is(e.Err, parser.ErrHostFailed) {
		in.HostsFailed++
		if len(in.HostFailures) < maxSkipped {
			in.HostFailures = append(in.HostFailures, string(e.Text))
		}
	}
	if len(in.SkippedLines) < maxSkipped {
		in.SkippedLines = append(in.SkippedLines, SkippedLine{e.Line, e.Column, string(e.Text), e.Err})
	}
}

// ErrConfig is returned by Merge for Aggregators of different Configs.
var ErrConfig = errors.New("analyze: aggregators of different configurations do not merge")

// Merge adds what b has counted, as if b's inputs had been read after a's. b
// must not be used afterwards.
func (a *Aggregator) Merge(b *Aggregator) error {
	if a.cfg.Window != b.cfg.Window || a.cfg.Location.String() != b.cfg.Location.String() ||
		a.cfg.MaxKeys != b.cfg.MaxKeys || a.cfg.Samples != b.cfg.Samples || a.cfg.Detail != b.cfg.Detail {
		return ErrConfig
	}
	a.absorb(b, len(a.inputs), 0)
	a.inputs = append(a.inputs, b.inputs...)
	return nil
}

// Section returns an Aggregator for a section of an input, which Continue then
// adds to a. It has counted nothing. Any goroutine may ask for one. used is one
// that is no longer needed and whose memory is used again; it may be nil.
func (a *Aggregator) Section(of *Input, used *Aggregator) *Aggregator {
	b := used
	if b != nil {
		b.empty()
	} else {
		cfg := a.cfg
		cfg.MaxKeys = max(sectionKeys, a.cfg.MaxKeys*totalKeys) + SectionRecords
		b = New(cfg)
		b.operations.maxTimed = sectionTimed + SectionRecords
	}
	b.AddInput(&Input{Path: of.Path, Zone: of.Zone, ZoneSource: of.ZoneSource})
	return b
}

// Rest is Section for what follows, in the same section, the records that
// Continue has added to a. a is left alone until Continue adds what is counted of
// that. So it is known by then which operationTypes have times, if no more can
// get them, and those of others, which would be thrown away, are not counted.
func (a *Aggregator) Rest(of *Input, used *Aggregator) *Aggregator {
	b := a.Section(of, used)
	if a.operations.timed >= a.operations.maxTimed {
		b.measured = a.operations
	}
	return b
}

// empty makes a section's Aggregator one that has counted nothing and has no
// input. Its memory is used again.
func (a *Aggregator) empty() {
	a.forget()
	for _, c := range a.codes {
		c.empty()
	}
	if a.spare == nil {
		a.spare = map[parser.Key]*codeCount{}
	}
	clear(a.spare)
	a.codes, a.spare = a.spare, a.codes
	for _, by := range []*Counter{a.operations, a.apps, a.workspaces, a.hosts, a.uncodedRoots} {
		by.empty()
	}
	a.line.empty()
	a.all.empty()
	a.uncoded.empty()
	clear(a.uncodedKept)
	a.uncodedKept = a.uncodedKept[:0]
	clear(a.recent[:])
	a.inputs, a.path, a.measured = nil, nil, nil
	a.unknown, a.excess, a.totals, a.first, a.lastTime = 0, 0, Totals{}, 0, 0
	if a.cfg.Detail {
		a.detail = newDetail(a.cfg.Location)
	}
}

const (
	// sectionKeys is how many keys a section's Aggregator may have, and fewTimed how
	// many operationTypes with times, where most keys do not come again; restKeys how
	// many keys one may have that Rest has made for a log of very many
	// operationTypes: the job at hand is alone then, and gains nothing from more.
	// Where keys come again, to hand them on and begin anew takes longer than to
	// count: then it may have as many as whoever they are handed to, and sectionTimed,
	// unless Config.Detail takes that memory.
	sectionKeys  = 8_000
	restKeys     = 2_000
	fewTimed     = maxTimed * 3 / 2
	sectionTimed = 4_000
	// SectionRecords is how many records may be counted from one question for
	// Full to the next. A record adds no two keys to one breakdown.
	SectionRecords = 1000
)

// Full reports whether a section's Aggregator has so many keys that it must be
// handed to Continue, for the section to go on with another one. Asked every
// SectionRecords records, it keeps sections from ever folding keys together, and
// from leaving the times of an operationType out, so that what is folded or left
// out does not depend on who read what.
func (a *Aggregator) Full() bool {
	keys, timed := a.held()
	if a.detail == nil && 2*a.totals.Records >= 3*int64(max(keys, timed)) { // they come again
		return keys >= a.cfg.MaxKeys-SectionRecords || timed >= sectionTimed
	}
	return a.Many()
}

// Many reports whether a section's Aggregator has so many keys that it would be Full
// if they did not come again. Then it takes up to 9 MiB.
func (a *Aggregator) Many() bool {
	keys, timed := a.held()
	if a.measured != nil {
		return keys >= restKeys
	}
	return keys >= sectionKeys || timed >= fewTimed
}

// held returns how many keys a section's Aggregator has, and how many operationTypes
// with times.
func (a *Aggregator) held() (keys, timed int) {
	return a.cfg.MaxKeys*totalKeys - a.budget.left + len(a.memo.pendingGroups), a.operations.timed
}

// Continue adds what b, made by Section or Rest, has counted of the input
// announced last, as if its records had been counted here. Its lines are numbered
// from the line behind the Lines of that input, which the caller then adds to. b
// must not be used afterwards, but to make another one of it.
func (a *Aggregator) Continue(b *Aggregator) {
	in, of := a.inputs[len(a.inputs)-1], b.inputs[0]
	for _, l := range of.SkippedLines[:min(len(of.SkippedLines), maxSkipped-len(in.SkippedLines))] {
		l.Line += in.Lines
		in.SkippedLines = append(in.SkippedLines, l)
	}
	if a.detail != nil {
		a.detail.follow(in, b.detail)
	}
	a.absorb(b, len(a.inputs)-1, in.Lines)
	in.add(of)
	b.line.first = b.line.width // a's windows have no smaller one any more
}

// absorb adds what b has counted, of which the first input is a's of index
// input, at the line behind lines.
func (a *Aggregator) absorb(b *Aggregator, input int, lines int64) {
	a.forget()
	b.hand(a)
	shift := func(samples []Sample) []Sample {
		for i := range samples {
			samples[i].Input += input
			samples[i].Line += lines
		}
		return samples
	}
	a.line.merge(b.line)
	a.all.merge(a.line, &b.all)
	a.uncoded.merge(a.line, &b.uncoded)
	a.excess += b.excess
	if b.dated() > 0 {
		widen(&a.first, &a.lastTime, a.dated() > 0, b.first, b.lastTime)
	}
	a.totals.add(&b.totals)
	a.uncodedRoots.merge(b.uncodedRoots)
	a.uncodedKept = keep(a.uncodedKept, shift(b.uncodedKept), a.cfg.Samples)
	a.operations.merge(b.operations)
	a.apps.merge(b.apps)
	a.workspaces.merge(b.workspaces)
	a.hosts.merge(b.hosts)
	if a.detail != nil {
		a.detail.merge(b.detail)
	}
	for _, y := range b.sortedCodes() { // the most frequent unknown codes first
		x := a.code(y.key)
		if x == nil {
			a.excess += y.count
			continue
		}
		if y.dated() > 0 {
			widen(&x.first, &x.last, x.dated() > 0, y.first, y.last)
		}
		x.count += y.count
		x.undated += y.undated
		for i, n := range y.evidence {
			x.evidence[i] += n
		}
		x.series.merge(a.line, &y.series)
		x.operations.merge(y.operations)
		x.apps.merge(y.apps)
		x.workspaces.merge(y.workspaces)
		x.hosts.merge(y.hosts)
		x.files.merge(y.files)
		x.roots.merge(y.roots)
		x.times.merge(&y.times)
		x.samples = keep(x.samples, shift(y.samples), a.cfg.Samples)
	}
	a.settle()
}

func keep(a, b []Sample, n int) []Sample {
	a = append(a, b...)
	return a[:min(len(a), n)]
}

func (t *Totals) add(b *Totals) {
	t.Records += b.Records
	t.Coded += b.Coded
	t.Uncoded += b.Uncoded
	t.Success += b.Success
	t.Failures += b.Failures
	t.Stress += b.Stress
	t.StressFailures += b.StressFailures
	t.Undated += b.Undated
	t.Filtered += b.Filtered
	t.UndatedFiltered += b.UndatedFiltered
	t.Skipped += b.Skipped
}

func (a *Aggregator) sortedCodes() []*codeCount {
	return slices.SortedFunc(maps.Values(a.codes), func(x, y *codeCount) int {
		return cmp.Or(cmp.Compare(y.count, x.count), cmp.Compare(x.key.Platform, y.key.Platform),
			cmp.Compare(x.key.Code, y.key.Code))
	})
}
