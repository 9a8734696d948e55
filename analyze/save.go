package analyze

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/axiomhq/hyperloglog"
	"github.com/fxamacker/cbor/v2"

	"mgslog/analyze/aggfile"
	"mgslog/analyze/catalog"
	"mgslog/analyze/change"
	"mgslog/parser"
)

// What an Aggregator has counted, as the content of a file that package aggfile
// describes from outside. Head and body are CBOR (RFC 8949), in which each value
// comes with its type and each field with its name, so that a later version may
// add fields, and any reader of CBOR shows what there is. Long lists of numbers
// are packed, see packed.go.

// About says what an aggregate is of.
type About struct {
	Generator string // name and version of the program
	Host      string // whose logs were read; "" for those of several hosts
	Label     string // the period: 2026-11-20, 2026-W47, 2026-11; "" for all that the logs had
	Whole     bool   // the period was over, and the logs had all of it
	// Filters are what was asked to be left out, in the user's own terms.
	Filters []string
	// Logs are what was read, at most maxPartLogs: paths, or names if the same
	// log has another path by the time it is read again.
	Logs []string
}

// Head is the beginning of an aggregate file, which is read without the rest.
type Head struct {
	Brief
	Seen  Seen
	Days  map[string]uint32 // as change.Span.Days
	Parts []Part            // what it was put together from; itself, if it was not merged
}

// Brief is what a Head says without lists of names, for those who read many.
type Brief struct {
	About
	Zone     string // name of the zone, or its offset
	Format   string // that of most of its records
	From, To int64  // first and last dated record, Unix milliseconds; 0 if there is none
	Totals   Totals
	Codes    []HeadCode // most frequent first
}

// HeadCode is how often a code occurred.
type HeadCode struct {
	Code     string // as reports name it: 4001, android:2
	Count    int64
	Failure  bool
	Harmless bool
}

// Part is an aggregate that went into another.
type Part struct {
	ID      string // SHA-256 of its body; without a record, of host and label too
	Host    string
	Label   string
	From    int64
	Records int64
	Logs    []string // as in About
}

const (
	maxPartLogs = 20
	// maxParts is how many parts one aggregate may have: 400 days of 25 hosts.
	maxParts = 10_000
	// maxInputs is how many inputs are kept one by one. What further ones have
	// is added up.
	maxInputs = 1000
)

// Saved is an aggregate that can be saved, and to which others can be added. It
// belongs to one goroutine.
type Saved struct {
	Head Head
	agg  *Aggregator
	body []byte // as loaded or saved, nil if it has changed since
}

// Errors of Load and Merge, beside those of package aggfile.
var (
	// ErrMerged tells that an aggregate is part of the other already.
	ErrMerged = errors.New("it is in already")
	// ErrOverlap tells that something was counted in both, so that neither can
	// be added to the other.
	ErrOverlap = errors.New("counted in both")
	// ErrContent tells that a file is whole and its content makes no sense.
	ErrContent = errors.New("the content of the aggregate makes no sense")
	// ErrZones tells that aggregates are of different zones.
	ErrZones = errors.New("the time zones differ")
)

// Saved returns what has been counted, to be saved. The Aggregator must not be
// used afterwards. It must have been made with Config.Detail.
func (a *Aggregator) Saved(about About) (*Saved, error) {
	s := &Saved{agg: a}
	s.Head.About = about
	if err := s.encode(); err != nil {
		return nil, err
	}
	logs := about.Logs[:min(len(about.Logs), maxPartLogs)]
	id := s.body
	if a.totals.Records == 0 {
		// All days without a record have the same body, those of all hosts.
		id = slices.Concat(id, []byte{0}, []byte(about.Host), []byte{0}, []byte(about.Label))
	}
	s.Head.Parts = []Part{{ID: idOf(id), Host: about.Host, Label: about.Label, From: a.first, Records: a.totals.Records, Logs: logs}}
	s.Head.Logs = nil // they are those of the parts
	return s, nil
}

func idOf(body []byte) string {
	hash := sha256.Sum256(body)
	return hex.EncodeToString(hash[:])
}

// Location returns the zone in which it was counted.
func (s *Saved) Location() *time.Location { return s.agg.cfg.Location }

// Summary returns what was counted.
func (s *Saved) Summary() *Summary { return s.agg.Summary() }

// Write writes the file.
func (s *Saved) Write(w io.Writer) error {
	if s.body == nil {
		if err := s.encode(); err != nil {
			return err
		}
	}
	head, err := encoding.Marshal(&s.Head)
	if err != nil {
		return err
	}
	return aggfile.Write(w, head, s.body)
}

// Load reads a file. The error tells what is wrong with it.
func Load(r io.Reader) (*Saved, error) {
	head, body, err := aggfile.Read(r)
	if err != nil {
		return nil, err
	}
	s := &Saved{body: body}
	if err := decoding.Unmarshal(head, &s.Head); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrContent, err)
	}
	if s.agg, err = decodeBody(body); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrContent, err)
	}
	return s, nil
}

// ReadHead reads the head of a file and no more of it.
func ReadHead(r io.Reader) (*Head, error) { return readHead[Head](r) }

// ReadBrief reads less of the head, in half the time.
func ReadBrief(r io.Reader) (*Brief, error) { return readHead[Brief](r) }

// readHead decodes what T has of a head.
func readHead[T Head | Brief](r io.Reader) (*T, error) {
	text, err := aggfile.ReadHead(r)
	if err != nil {
		return nil, err
	}
	head := new(T)
	if err := decoding.Unmarshal(text, head); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrContent, err)
	}
	return head, nil
}

// Merge adds what b has counted, as if b's inputs had been read behind those of
// s. It returns ErrMerged, and changes nothing, if all of b is in s already, and
// ErrOverlap if some of it is, or if s has another aggregate of the same host and
// period. b must not be used afterwards, unless there was an error.
func (s *Saved) Merge(b *Saved) error {
	if err := s.overlap(b); err != nil {
		return err
	}
	x, y := s.agg, b.agg
	if x.line.fixed != y.line.fixed || x.line.asked != y.line.asked {
		return fmt.Errorf("%w: the time windows are %s and %s wide", ErrConfig, x.line.asked, y.line.asked)
	}
	if !slices.Equal(s.Head.Filters, b.Head.Filters) {
		return fmt.Errorf("%w: filters %q and %q", ErrConfig, s.Head.Filters, b.Head.Filters)
	}
	if y.dated() > 0 {
		if err := sameZone(x.cfg.Location, y.cfg.Location, x.first, x.lastTime, y.first, y.lastTime); err != nil {
			return err
		}
		y.setZone(x.cfg.Location)
	}
	x.cfg.Samples = max(x.cfg.Samples, y.cfg.Samples)
	s.nameInputs(b)
	places := x.addInputs(y.inputs)
	for _, c := range y.codes {
		moveSamples(c.samples, places)
	}
	moveSamples(y.uncodedKept, places)
	x.absorb(y, 0, 0)
	s.body = nil
	s.Head.Parts = append(s.Head.Parts, b.Head.Parts...)
	if s.Head.Host != b.Head.Host {
		s.Head.Host = ""
	}
	if s.Head.Label != b.Head.Label {
		s.Head.Label = ""
	}
	s.Head.Whole = s.Head.Whole && b.Head.Whole
	s.Head.describe(s.agg)
	return nil
}

// overlap returns why b cannot be added.
func (s *Saved) overlap(b *Saved) error {
	in := 0
	for _, p := range b.Head.Parts {
		for _, q := range s.Head.Parts {
			if p.ID == q.ID {
				in++
			} else if p.Host == q.Host && p.Label == q.Label && (p.Label != "" || p.From == q.From && slices.Equal(p.Logs, q.Logs)) {
				return fmt.Errorf("%w: host %s, %s, %d and %d records", ErrOverlap, p.Host, p.Label, q.Records, p.Records)
			}
		}
	}
	switch {
	case in == len(b.Head.Parts):
		return ErrMerged
	case in > 0:
		return fmt.Errorf("%w: %d of %d parts", ErrOverlap, in, len(b.Head.Parts))
	case len(s.Head.Parts)+len(b.Head.Parts) > maxParts:
		return fmt.Errorf("more than %d parts", maxParts)
	}
	return nil
}

// sameZone reports whether the clocks of two zones agree at all of the instants.
func sameZone(a, b *time.Location, at ...int64) error {
	for _, ms := range at {
		t := time.UnixMilli(ms)
		_, x := t.In(a).Zone()
		if _, y := t.In(b).Zone(); x != y {
			return fmt.Errorf("%w: %s and %s; count again with --tz", ErrZones, t.In(a).Format("-07:00"), t.In(b).Format("-07:00"))
		}
	}
	return nil
}

// setZone makes loc the zone, whose clock agrees with the one so far.
func (a *Aggregator) setZone(loc *time.Location) {
	a.cfg.Location, a.line.loc, a.detail.loc = loc, loc, loc
}

// nameInputs puts the names of the hosts before the paths of inputs, if the two
// are of different hosts.
func (s *Saved) nameInputs(b *Saved) {
	if s.Head.Host == b.Head.Host {
		return
	}
	for _, x := range []*Saved{s, b} {
		if x.Head.Host == "" {
			continue // they are named already
		}
		for _, in := range x.agg.inputs {
			in.Path = x.Head.Host + ":" + in.Path
		}
	}
}

// addInputs adds inputs behind those of a, and returns where each is now. What
// was read of one log at several times is one input, and if there are too many,
// so are the last ones.
func (a *Aggregator) addInputs(inputs []*Input) (places []int) {
	for _, in := range inputs {
		i := slices.IndexFunc(a.inputs, func(x *Input) bool {
			return x.Path == in.Path && x.Format == in.Format && x.Encoding == in.Encoding && x.ZoneSource == in.ZoneSource && x.DuplicateOf == in.DuplicateOf
		})
		switch {
		case i >= 0:
			a.inputs[i].addWhole(in)
		case len(a.inputs) < maxInputs:
			i = len(a.inputs)
			a.inputs = append(a.inputs, in)
		default:
			i = maxInputs - 1
			a.inputs[i].Path = "(further inputs)"
			a.inputs[i].addWhole(in)
		}
		places = append(places, i)
	}
	return places
}

// addWhole adds what was counted of an input, and what the caller has filled in.
func (in *Input) addWhole(b *Input) {
	in.Bytes += b.Bytes
	in.Lines += b.Lines
	in.NULs += b.NULs
	in.Invalid += b.Invalid
	in.Recoded += b.Recoded
	in.ZoneVotes += b.ZoneVotes
	if in.Err == nil {
		in.Err = b.Err
	}
	in.SkippedLines = append(in.SkippedLines, b.SkippedLines[:min(len(b.SkippedLines), maxSkipped-len(in.SkippedLines))]...)
	steps := in.Backwards + b.Backwards
	in.add(b)
	in.Backwards = steps // a second reading does not go on where the first one ended
}

// moveSamples brings samples to the new places of their inputs.
func moveSamples(samples []Sample, places []int) {
	for i := range samples {
		samples[i].Input = places[samples[i].Input]
	}
}

// describe fills in what a head says of the numbers.
func (h *Head) describe(a *Aggregator) {
	a.forget()
	h.Zone, h.From, h.To = zoneName(a.cfg.Location, a.first), a.first, a.lastTime
	h.Totals, h.Seen, h.Days = a.totals, a.seen(), maps.Clone(a.detail.days)
	var formats Input
	for _, in := range a.inputs {
		for f, n := range in.Formats {
			formats.Formats[f] += n
		}
	}
	h.Format = formats.Commonest().String()
	h.Codes = nil
	for _, c := range a.sortedCodes() {
		harmless := catalog.Harmless(c.key)
		if harmless && c.failure == 1 {
			h.Totals.Harmless += c.count
		}
		h.Codes = append(h.Codes, HeadCode{c.key.String(), c.count, c.failure == 1, harmless})
	}
}

// zoneName returns the name of a zone that means the same on any machine, else
// its offset at the instant ms.
func zoneName(loc *time.Location, ms int64) string {
	if loc.String() != "Local" {
		return loc.String()
	}
	return time.UnixMilli(ms).In(loc).Format("-07:00")
}

// The modes of CBOR: the same content gives the same bytes, and no input makes
// the decoder hold more than the file has.
var (
	encoding = must(cbor.CoreDetEncOptions().EncMode())
	decoding = must(cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, MaxNestedLevels: 16, MaxArrayElements: 1 << 20, MaxMapPairs: 1 << 16,
		IndefLength: cbor.IndefLengthForbidden,
	}.DecMode())
)

func must[T any](x T, err error) T {
	if err != nil {
		panic(err) // of options that stand above
	}
	return x
}

// body is the content of an aggregate.
type body struct {
	Zone           savedZone
	Window         time.Duration // asked for; 0: chosen from the span
	Width          time.Duration // of Series
	MaxKeys        int
	Samples        int
	Inputs         []savedInput
	Totals         Totals
	First, Last    int64
	Excess         int64
	All, Uncoded   packedSeries
	UncodedRoots   savedCounter
	UncodedSamples []Sample
	Operations     savedCounter
	Apps           savedCounter
	Workspaces     savedCounter
	Hosts          savedCounter
	Codes          []savedCode
	Detail         savedDetail
}

// savedZone is a zone: its name, and its offsets in seconds at the first and the
// last record, which tell whether the zone of that name is the same here.
type savedZone struct {
	Name     string
	From, To int
}

type savedInput struct {
	Path, Layout, Compressed, Encoding, DuplicateOf, Err                       string
	Format                                                                     parser.Format
	Host                                                                       parser.Host
	Bytes, Lines, NULs, Invalid, Recoded                                       int64
	Zone                                                                       savedZone
	ZoneSource                                                                 ZoneSource
	ZoneVotes                                                                  int
	Suggested                                                                  *savedZone
	Records, Coded, Uncoded, Skipped                                           int64
	SkippedLines                                                               []savedSkipped
	HostsFailed                                                                int64
	HostFailures                                                               []string
	Cut, FieldsMissing, FieldsExtra, Disagree, Backwards, Undated, First, Last int64
	Formats                                                                    []int64
}

type savedSkipped struct {
	Line   int64
	Column int
	Text   string
	Reason string
}

type savedCode struct {
	Platform                                          parser.Platform
	Code                                              parser.Code
	Count, Undated, First, Last                       int64
	Evidence                                          []int64
	Series                                            packedSeries
	Operations, Apps, Workspaces, Hosts, Files, Roots savedCounter
	Times                                             packedTimes
	Samples                                           []Sample
}

// savedCounter is a Counter: its cells in their order, each with three numbers in
// Counts: records, failures and missed.
type savedCounter struct {
	Keys   []string
	Counts packedInts
	Times  []packedTimes // of the first keys, nil if none has any

	None, NoneFailures, Other, OtherFailures, Missed int64
	Folded                                           int
}

type savedDetail struct {
	Sketches [][]byte // users, devices, affected users, affected devices
	Days     map[string]uint32
	// Slices, in their order, as five columns.
	Codes, Operations, Apps, Versions, Hosts []string
	Hours                                    packedInts // of each Slice, a mask of its hours and their numbers
	Folded                                   []int      // kinds
	Missed                                   []int64    // in the order of Folded
	Fingerprints                             savedCounter
	Labels                                   map[string]string
	Steps                                    []ClockStep
}

// encode makes the body, and the head's account of it.
func (s *Saved) encode() error {
	a := s.agg
	s.Head.describe(a)
	a.settle()
	d := a.detail
	b := body{
		Zone: saveZone(a.cfg.Location, a.first, a.lastTime), Width: a.line.width, MaxKeys: a.cfg.MaxKeys, Samples: a.cfg.Samples,
		Totals: a.totals, First: a.first, Last: a.lastTime, Excess: a.excess,
		All: packSeries(&a.all), Uncoded: packSeries(&a.uncoded),
		UncodedRoots: a.uncodedRoots.save(), UncodedSamples: a.uncodedKept,
		Operations: a.operations.save(), Apps: a.apps.save(), Workspaces: a.workspaces.save(), Hosts: a.hosts.save(),
		Detail: savedDetail{Days: d.days, Fingerprints: d.fingerprints.save(), Labels: d.labels, Steps: d.steps},
	}
	if a.line.fixed {
		b.Window = a.line.asked
	}
	for _, in := range a.inputs {
		b.Inputs = append(b.Inputs, saveInput(in))
	}
	for _, c := range a.sortedCodes() {
		b.Codes = append(b.Codes, savedCode{
			c.key.Platform, c.key.Code, c.count, c.undated, c.first, c.last, c.evidence[:], packSeries(&c.series),
			c.operations.save(), c.apps.save(), c.workspaces.save(), c.hosts.save(), c.files.save(), c.roots.save(),
			packTimes(&c.times), c.samples,
		})
	}
	for _, sketch := range d.sketches() {
		sketch.Estimate() // brings it to the one form that its values have
		data, err := sketch.MarshalBinary()
		if err != nil {
			return err
		}
		b.Detail.Sketches = append(b.Detail.Sketches, data)
	}
	for _, x := range d.sorted() {
		b.Detail.Codes = append(b.Detail.Codes, x.key.Code)
		b.Detail.Operations = append(b.Detail.Operations, x.key.Operation)
		b.Detail.Apps = append(b.Detail.Apps, x.key.App)
		b.Detail.Versions = append(b.Detail.Versions, x.key.Version)
		b.Detail.Hosts = append(b.Detail.Hosts, x.key.Host)
		b.Detail.Hours.addHours(&x.hours)
	}
	for kind, k := range d.kinds {
		if k.folded {
			b.Detail.Folded = append(b.Detail.Folded, kind)
			b.Detail.Missed = append(b.Detail.Missed, k.missed)
		}
	}
	var err error
	s.body, err = encoding.Marshal(&b)
	return err
}

func saveZone(loc *time.Location, from, to int64) savedZone {
	_, x := time.UnixMilli(from).In(loc).Zone()
	_, y := time.UnixMilli(to).In(loc).Zone()
	return savedZone{zoneName(loc, from), x, y}
}

func saveInput(in *Input) savedInput {
	s := savedInput{
		Path: in.Path, Layout: in.Layout, Compressed: in.Compressed, Encoding: in.Encoding, DuplicateOf: in.DuplicateOf,
		Format: in.Format, Host: in.Host, Bytes: in.Bytes, Lines: in.Lines, NULs: in.NULs, Invalid: in.Invalid, Recoded: in.Recoded,
		Zone: saveZone(in.zone(), in.First, in.Last), ZoneSource: in.ZoneSource, ZoneVotes: in.ZoneVotes,
		Records: in.Records, Coded: in.Coded, Uncoded: in.Uncoded, Skipped: in.Skipped,
		HostsFailed: in.HostsFailed, HostFailures: in.HostFailures, Cut: in.Cut,
		FieldsMissing: in.FieldsMissing, FieldsExtra: in.FieldsExtra, Disagree: in.Disagree, Backwards: in.Backwards,
		Undated: in.Undated, First: in.First, Last: in.Last, Formats: in.Formats[:],
	}
	if in.Err != nil {
		s.Err = in.Err.Error()
	}
	if in.Suggested != nil {
		zone := saveZone(in.Suggested, in.First, in.Last)
		s.Suggested = &zone
	}
	for _, l := range in.SkippedLines {
		s.SkippedLines = append(s.SkippedLines, savedSkipped{l.Line, l.Column, l.Text, l.Reason.Error()})
	}
	return s
}

func (c *Counter) save() savedCounter {
	s := savedCounter{
		None: c.none.tally.records, NoneFailures: c.none.tally.failures, Other: c.other.records, OtherFailures: c.other.failures,
		Missed: c.missed, Folded: c.folded,
	}
	for i, x := range c.order {
		s.Keys = append(s.Keys, x.key)
		s.Counts.add(x.tally.records)
		s.Counts.add(x.tally.failures)
		s.Counts.add(x.missed)
		if times := c.times[x]; times != nil {
			s.Times = append(s.Times, make([]packedTimes, i-len(s.Times))...)
			s.Times = append(s.Times, packTimes(times))
		}
	}
	return s
}

// decodeBody returns the Aggregator that a body is of.
func decodeBody(text []byte) (*Aggregator, error) {
	var b body
	if err := decoding.Unmarshal(text, &b); err != nil {
		return nil, err
	}
	loc := b.Zone.load(b.First, b.Last)
	maxKeys := min(max(b.MaxKeys, DefaultMaxKeys), mostKeys)
	switch {
	case b.Width < time.Second || b.Width > resolutions[len(resolutions)-1] || b.Window < 0:
		return nil, errors.New("width of the time windows")
	case b.Totals.Records < 0 || b.Totals.Undated < 0 || b.Totals.Undated > b.Totals.Records:
		return nil, errors.New("number of records")
	case len(b.Inputs) > maxInputs || len(b.Codes) > 10*maxUnknown+1000 || len(b.Detail.Sketches) != 4:
		return nil, errors.New("length of a list")
	}
	a := New(Config{Window: b.Window, Location: loc, MaxKeys: maxKeys, Samples: min(max(b.Samples, 1), 100), Detail: true})
	a.budget.left = maxKeys * savedKeys
	a.line.width = b.Width
	a.totals, a.first, a.lastTime, a.excess = b.Totals, b.First, b.Last, b.Excess
	for i := range b.Inputs {
		in, err := b.Inputs[i].load()
		if err != nil {
			return nil, err
		}
		a.inputs = append(a.inputs, in)
	}
	l := &loader{a: a}
	l.series(&a.all, b.All)
	l.series(&a.uncoded, b.Uncoded)
	l.counter(a.uncodedRoots, &b.UncodedRoots)
	a.uncodedKept = l.samples(b.UncodedSamples)
	l.counter(a.operations, &b.Operations)
	l.counter(a.apps, &b.Apps)
	l.counter(a.workspaces, &b.Workspaces)
	l.counter(a.hosts, &b.Hosts)
	for i := range b.Codes {
		l.code(&b.Codes[i])
	}
	l.detail(&b.Detail)
	if l.err != nil {
		return nil, l.err
	}
	for _, w := range a.all.counts {
		a.line.addStart(w.start)
	}
	a.settle()
	return a, nil
}

// mostKeys bounds Config.MaxKeys of an aggregate that is loaded.
const mostKeys = 1 << 20

// load returns the zone; first and last are the records at which its offsets were
// taken.
func (z savedZone) load(first, last int64) *time.Location {
	if z.Name != "" && z.Name != "Local" {
		if loc, err := time.LoadLocation(z.Name); err == nil {
			if s := saveZone(loc, first, last); s.From == z.From && s.To == z.To {
				return loc
			}
		}
	}
	offset := min(max(z.From, -14*3600), 14*3600)
	return time.FixedZone(time.Unix(0, 0).In(time.FixedZone("", offset)).Format("-07:00"), offset)
}

// reasons are those for which lines are skipped and inputs end, which the report
// knows by their value.
var reasons = []error{
	parser.ErrBlank, parser.ErrOrphan, parser.ErrDigest, parser.ErrFormat, parser.ErrLayout,
	parser.ErrTooLong, parser.ErrOutside, parser.ErrSeparator, parser.ErrHostFailed,
}

func (s *savedInput) load() (*Input, error) {
	if int(s.Format) >= parser.NumFormats || len(s.Formats) > parser.NumFormats || int(s.ZoneSource) >= len(zoneSourceNames) {
		return nil, errors.New("an input's format")
	}
	in := &Input{
		Path: s.Path, Layout: s.Layout, Compressed: s.Compressed, Encoding: s.Encoding, DuplicateOf: s.DuplicateOf,
		Format: s.Format, Host: s.Host, Bytes: s.Bytes, Lines: s.Lines, NULs: s.NULs, Invalid: s.Invalid, Recoded: s.Recoded,
		Zone: s.Zone.load(s.First, s.Last), ZoneSource: s.ZoneSource, ZoneVotes: s.ZoneVotes,
		Records: s.Records, Coded: s.Coded, Uncoded: s.Uncoded, Skipped: s.Skipped,
		HostsFailed: s.HostsFailed, HostFailures: s.HostFailures[:min(len(s.HostFailures), maxSkipped)], Cut: s.Cut,
		FieldsMissing: s.FieldsMissing, FieldsExtra: s.FieldsExtra, Disagree: s.Disagree, Backwards: s.Backwards,
		Undated: s.Undated, First: s.First, Last: s.Last,
	}
	copy(in.Formats[:], s.Formats)
	if s.Err != "" {
		in.Err = errors.New(s.Err)
	}
	if s.Suggested != nil {
		in.Suggested = s.Suggested.load(s.First, s.Last)
	}
	for _, l := range s.SkippedLines[:min(len(s.SkippedLines), maxSkipped)] {
		reason := errors.New(l.Reason)
		if i := slices.IndexFunc(reasons, func(known error) bool { return known.Error() == l.Reason }); i >= 0 {
			reason = reasons[i]
		}
		in.SkippedLines = append(in.SkippedLines, SkippedLine{l.Line, l.Column, l.Text, reason})
	}
	return in, nil
}

// loader brings what was decoded into an Aggregator. It stops at the first
// error.
type loader struct {
	a   *Aggregator
	err error
}

func (l *loader) fail(what string) {
	if l.err == nil {
		l.err = errors.New(what)
	}
}

func (l *loader) series(to *series, from packedSeries) {
	counts, ok := from.unpack()
	if !ok || len(counts) > maxCells {
		l.fail("counts by time")
		return
	}
	to.counts = counts
}

func (l *loader) times(to *durations, from packedTimes) {
	if len(from) > 0 && !from.unpack(to) {
		l.fail("durations")
	}
}

func (l *loader) samples(samples []Sample) []Sample {
	for i := range samples {
		s := &samples[i]
		if s.Input < 0 || s.Input >= len(l.a.inputs) || s.Evidence >= parser.NumEvidences {
			l.fail("a sample")
		}
	}
	return samples
}

func (l *loader) counter(to *Counter, from *savedCounter) {
	if len(from.Keys) > to.max || len(from.Keys) > to.shared.left || len(from.Times) > len(from.Keys) {
		l.fail("number of keys")
		return
	}
	to.none.tally = tally{from.None, from.NoneFailures}
	to.other = tally{from.Other, from.OtherFailures}
	to.missed, to.folded = from.Missed, from.Folded
	counts := from.Counts
	for i, key := range from.Keys {
		x := &cell{key: key}
		var ok bool
		if x.tally.records, x.tally.failures, x.missed, ok = counts.next3(); !ok || key == "" || len(key) > maxKeyLen || to.find(key) != nil {
			l.fail("a key")
			return
		}
		if i < len(from.Times) && from.Times[i] != nil {
			times := &durations{}
			l.times(times, from.Times[i])
			to.measure(x, times)
			to.timed++
		}
		to.append(x)
		to.shared.left--
	}
}

func (l *loader) code(s *savedCode) {
	key := parser.Key{Platform: s.Platform, Code: s.Code}
	if !slices.Contains(parser.Platforms(), s.Platform) || s.Code < 0 || l.a.codes[key] != nil || s.Undated > s.Count || s.Undated < 0 {
		l.fail("a code")
		return
	}
	c := l.a.code(key)
	if c == nil || len(s.Evidence) > len(c.evidence) {
		l.fail("number of codes")
		return
	}
	c.count, c.undated, c.first, c.last = s.Count, s.Undated, s.First, s.Last
	copy(c.evidence[:], s.Evidence)
	l.series(&c.series, s.Series)
	l.counter(c.operations, &s.Operations)
	l.counter(c.apps, &s.Apps)
	l.counter(c.workspaces, &s.Workspaces)
	l.counter(c.hosts, &s.Hosts)
	l.counter(c.files, &s.Files)
	l.counter(c.roots, &s.Roots)
	l.times(&c.times, s.Times)
	c.samples = l.samples(s.Samples)
}

func (l *loader) detail(s *savedDetail) {
	d := l.a.detail
	for i, sketch := range d.sketches() {
		if err := sketch.UnmarshalBinary(s.Sketches[i]); err != nil {
			l.fail("a sketch: " + err.Error())
			return
		}
		if sketch.Merge(hyperloglog.New14()) != nil {
			l.fail("the precision of a sketch")
			return
		}
	}
	if s.Days != nil {
		d.days = s.Days
	}
	for day := range s.Days {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			l.fail("a day")
		}
	}
	n := len(s.Codes)
	if len(s.Operations) != n || len(s.Apps) != n || len(s.Versions) != n || len(s.Hosts) != n {
		l.fail("number of slices")
		return
	}
	// Most names come again and again; each is held once.
	names := map[string]string{}
	for _, column := range [][]string{s.Codes, s.Operations, s.Apps, s.Versions, s.Hosts} {
		for i, name := range column {
			held, ok := names[name]
			if !ok {
				held, names[name] = name, name
			}
			column[i] = held
		}
	}
	for i := range s.Codes {
		key := change.Slice{Code: s.Codes[i], Operation: s.Operations[i], App: s.Apps[i], Version: s.Versions[i], Host: s.Hosts[i]}
		hours, ok := s.Hours.nextHours()
		kind := kindOf(&key)
		if k := &d.kinds[kind]; !ok || !isKind(kind) || k.find(&key) != nil || len(k.order) >= maxSlices {
			l.fail("a slice")
			return
		}
		d.put(&sliceCount{key, hours})
	}
	if len(s.Missed) != len(s.Folded) {
		l.fail("number of folded slices")
		return
	}
	for i, kind := range s.Folded {
		if kind < 0 || kind >= len(d.kinds) {
			l.fail("a kind of slices")
			return
		}
		d.kinds[kind].folded, d.kinds[kind].missed = true, s.Missed[i]
	}
	l.counter(d.fingerprints, &s.Fingerprints)
	if s.Labels != nil {
		d.labels = s.Labels
	}
	d.steps = s.Steps[:min(len(s.Steps), maxClockSteps)]
}
