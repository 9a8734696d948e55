package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
	"mgslog/parser/source"
	"mgslog/report"
)

// defaultLogs are the logs that are read when none is named, below the home
// directory, those of the gateway first.
var defaultLogs = []string{
	"logs/gateway/gateway-error.log",
	"logs/gateway/gateway-page-digest.log",
	"logs/mobileservice/monitor.log",
	"logs/mobileservice/page-digest.log",
	"logs/mobileservice/common-error.log",
}

// readFlags are the flags of all commands that read logs.
type readFlags struct {
	format, zone, encoding               string
	strict, stress, recursive            bool
	since, until                         string
	codes, sides, operations, apps, work []string
	layouts                              []string
}

// registerReading adds the flags that say how logs are read.
func (f *readFlags) registerReading(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "auto", "format of the inputs, or the name of a layout; auto finds it out from the content")
	flags.StringVar(&f.encoding, "encoding", "auto", "encoding of the inputs; auto finds it out for each, line by line if need be")
	flags.StringArrayVar(&f.layouts, "layout", nil, "a YAML file that describes a log layout of your own, beside those in ~/.config/mgslog/layouts; may be repeated")
	flags.StringVar(&f.zone, "tz", "", "zone of the time stamps, +08:00 or Asia/Shanghai (default: from the trace ids, else the machine's)")
	flags.BoolVar(&f.recursive, "recursive", false, "look for logs in the directories below a named directory too")
	flags.BoolVar(&f.strict, "strict", false, "infer no code from an exception")
	formats := []string{"auto"}
	for _, i := range parser.Formats() {
		formats = append(formats, i.Name)
	}
	complete(cmd, "format", formats...)
	complete(cmd, "encoding", source.Charsets()...)
}

// register adds these flags, and those that say which records count.
func (f *readFlags) register(cmd *cobra.Command) {
	f.registerReading(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.since, "since", "", "only records from this time on: 2026-11-20, \"2026-11-20 02:13\", 02:13, 2h (ago), yesterday")
	flags.StringVar(&f.until, "until", "", "only records before this time")
	flags.StringSliceVar(&f.codes, "code", nil, "only these result codes: 4001,7xxx,6000-6007,!1000")
	flags.StringSliceVar(&f.sides, "side", nil, "only codes of these sides: gateway, service, client, android, ios, security-guard")
	flags.StringSliceVar(&f.operations, "operation", nil, "only these operationTypes; * and ? match as in a shell")
	flags.StringSliceVar(&f.apps, "app", nil, "only these appIds")
	flags.StringSliceVar(&f.work, "workspace", nil, "only these workspaceIds")
	complete(cmd, "side", analyze.SideNames()...)
}

// reading is a set of inputs that is ready to be read.
type reading struct {
	sys    *system
	text   source.Text
	files  []string // as the user named them
	inputs []*planned
	seen   source.Seen
	zone   *time.Location // of the report
	filter analyze.Filter
	opt    parser.Options
	host   parser.Host // that --format stands for
	// layouts are the site's own; forced is the one that --format names.
	layouts []*parser.Layout
	forced  *parser.Layout
	// checking tells that this is mgslog check, to which errors need not
	// refer.
	checking bool

	progress *progress
	cover    []coveredFile // of the period, if it is one of logs
}

// planned is an input that has been looked at and not yet read.
type planned struct {
	analyze.Input
	profile parser.Profile
	written time.Time // when it was last written to; now, if it is no file
	text    source.Text
	opened  *source.Input // open if it cannot be opened again
	size    int64

	// from and to are the bytes of a plain file that are read; to is 0 for its
	// end. From anywhere but its beginning, the numbers of lines are not known.
	from, to int64
	info     os.FileInfo // of what must be read again, if that must be the same file; else nil
	stamps   []byte      // the beginnings of its first records, if it is not plain
	within   extent      // of what was read of the period, if there is one
}

// end returns to as source has it.
func (in *planned) end() int64 {
	if in.to == 0 {
		return -1
	}
	return in.to
}

// length returns how many bytes of the file are read, 0 if that is not known.
func (in *planned) length() int64 {
	if in.to == 0 {
		return in.size - in.from
	}
	return in.to - in.from
}

// line returns how many lines stand before what is read.
func (in *planned) line() int64 {
	if in.from > 0 {
		return parser.UnknownLine
	}
	return 0
}

// unread reports whether the input is not to be read.
func (in *planned) unread() bool { return in.Err != nil || in.DuplicateOf != "" }

// errNoInput is the error for a command without inputs; it comes with the help.
var errNoInput = usage(errors.New("no log file named, and none at its usual place under ~/logs/gateway or ~/logs/mobileservice; " +
	"name one, or - for standard input"))

// errStdinTwice refuses to read standard input again.
var errStdinTwice = usage(errors.New("standard input (-) is named twice"))

// errNothing is the error for inputs of which none could be read.
var errNothing = errors.New("nothing could be read")

// plan looks at all inputs: which format each has, and in which zone its
// stamps are. An input that cannot be read is noted in it, not returned. It
// refuses an output, out, that is one of the inputs.
func (f *readFlags) plan(ctx context.Context, sys *system, paths []string, out string) (*reading, error) {
	return f.planNamed(ctx, sys, paths, out, f.named)
}

// planNamed is plan for the inputs that list returns for the arguments.
func (f *readFlags) planNamed(ctx context.Context, sys *system, paths []string, out string, list func(*system, []string) ([]source.Named, error)) (*reading, error) {
	r, err := f.prepare(sys)
	if err != nil {
		return nil, err
	}
	named, err := list(sys, paths)
	if err != nil {
		return nil, err
	}
	r.files = commandFiles(paths, named)
	for _, n := range named {
		if ctx.Err() != nil {
			break // nothing was read: see below
		}
		r.inputs = append(r.inputs, r.look(ctx, n))
	}
	var i interrupted
	if errors.As(context.Cause(ctx), &i) && r.nothingLooked() {
		return nil, exit{interruptCode(i.signal), i}
	}
	if err := r.chooseZones(f.zone); err != nil {
		return nil, err
	}
	if err := f.filter(r); err != nil {
		return nil, err
	}
	return r, r.notInput("-o", out)
}

// prepare returns what the flags say of the reading of any input.
func (f *readFlags) prepare(sys *system) (*reading, error) {
	r := &reading{sys: sys, host: parser.AnyHost, opt: parser.Options{Lexicon: catalog.Lexicon(), Strict: f.strict}}
	var err error
	if r.layouts, err = loadLayouts(sys, f.layouts); err != nil {
		return nil, err
	}
	if f.format != "auto" {
		found := false
		for _, i := range parser.Formats() {
			if i.Name == f.format {
				r.opt.Format, r.host, found = i.Format, i.Host, true
			}
		}
		for _, l := range r.layouts {
			if l.Name() == f.format {
				r.opt.Format, r.forced, found = parser.OwnLayout, l, true
			}
		}
		if !found {
			return nil, usage(fmt.Errorf("--format %q: unknown format, see mgslog analyze --help", f.format))
		}
	}
	charset, err := source.ParseCharset(f.encoding)
	if err != nil {
		return nil, usage(fmt.Errorf("--encoding %w", err))
	}
	r.text = source.Text{Charset: charset}
	return r, nil
}

// named returns the inputs that the arguments stand for, or the logs at their
// usual places, and these alone, if there are no arguments.
func (f *readFlags) named(sys *system, args []string) ([]source.Named, error) {
	if len(args) > 0 {
		if err := oneStdin(args); err != nil {
			return nil, err
		}
		return source.Expand(args, f.recursive), nil
	}
	var found []source.Named
	for _, p := range defaultLogs {
		full := filepath.Join(sys.env("HOME"), p)
		if info, err := os.Stat(full); err == nil && info.Mode().IsRegular() {
			found = append(found, source.Named{Path: full})
		}
	}
	if len(found) == 0 {
		return nil, errNoInput
	}
	return found, nil
}

// oneStdin refuses to read standard input twice.
func oneStdin(args []string) error {
	if i := slices.Index(args, source.Stdin); i >= 0 && slices.Contains(args[i+1:], source.Stdin) {
		return errStdinTwice
	}
	return nil
}

// commandFiles returns the arguments for a command that reads the same again:
// those of the user, unless one is a pattern, which grep and sed would not
// expand.
func commandFiles(args []string, named []source.Named) []string {
	if len(args) > 0 && !slices.ContainsFunc(args, source.IsPattern) {
		return args
	}
	var files []string
	for _, n := range named {
		files = append(files, n.Path)
	}
	return files
}

// nothingLooked reports whether no input has given any bytes.
func (r *reading) nothingLooked() bool {
	for _, in := range r.inputs {
		if in.Err == nil && in.profile.Lines > 0 {
			return false
		}
	}
	return true
}

// look opens an input and looks at its beginning; where that does not tell the
// zone, at some places further on.
func (r *reading) look(ctx context.Context, named source.Named) *planned {
	path := named.Path
	in := &planned{Input: analyze.Input{Path: path, Err: named.Err}}
	if in.Err != nil {
		return in
	}
	src, err := source.Open(ctx, path, r.sys.stdin)
	if err != nil {
		in.Err = err
		return in
	}
	in.Compressed, in.size = src.Compression, src.Size
	in.written = r.sys.now()
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && path != source.Stdin {
		in.written = info.ModTime()
	}
	src.Decode(r.text)
	sample := src.Sample(parser.SampleSize)
	in.text, in.Encoding = src.Text, src.Text.Charset.String()
	in.DuplicateOf = r.seen.DuplicateOf(ctx, src)
	r.recognise(in, sample)
	if !src.Plain() && in.profile.Stamps == parser.FullStamps {
		in.stamps = firstStamps(sample)
	}
	if in.profile.Zone == nil && in.profile.StampZone == nil && src.Rewindable && src.Compression == "" {
		r.lookFurther(in)
	}
	if in.profile.Binary {
		in.Err = fmt.Errorf("%s: binary file: no log", path)
		if bytes.Count(sample, []byte{0})*4 > len(sample) {
			in.Err = fmt.Errorf("%w; if it is UTF-16 without a byte-order mark, say --encoding utf-16", in.Err)
		}
	}
	if in.Err == nil && !src.Rewindable {
		in.opened = src
		return in
	}
	src.Close()
	return in
}

// recognise finds out from the beginning of an input what it is.
func (r *reading) recognise(in *planned, sample []byte) {
	in.profile = parser.Detect(sample, in.Path, r.opt.Lexicon, r.candidates()...)
	if r.forced != nil {
		in.profile.Layout = r.forced
	}
	if r.host != parser.AnyHost {
		in.profile.Host = r.host
	}
	in.Host, in.Format = in.profile.Host, in.profile.Format
	if r.opt.Format != parser.Unknown {
		in.Format = r.opt.Format
	}
	if l := in.profile.Layout; l != nil && in.Format == parser.OwnLayout {
		in.Layout = l.Name()
	}
}

// lookFurther looks for trace ids in the middle and at the end of a file.
func (r *reading) lookFurther(in *planned) {
	const piece = 256 << 10
	for _, part := range []int64{1, 2, 3, 4} {
		at := in.size*part/4 - piece
		if at < parser.SampleSize-piece {
			continue
		}
		sample, err := source.At(in.Path, at, piece)
		if err != nil {
			return // the reading itself will tell
		}
		p := parser.Detect(sample, in.Path, r.opt.Lexicon, r.candidates()...)
		if p.Zone != nil {
			in.profile.Zone, in.profile.ZoneVotes = p.Zone, p.ZoneVotes
			in.profile.ZoneFrom, in.profile.ZoneTo = p.ZoneFrom, p.ZoneTo
			return
		}
	}
}

// candidates returns the layouts that an input may have.
func (r *reading) candidates() []*parser.Layout {
	if r.forced != nil {
		return []*parser.Layout{r.forced}
	}
	return r.layouts
}

// chooseZones gives each input the zone of its stamps: the user's; else what
// its stamps, its layout or its trace ids say; else what the other inputs'
// trace ids say; else the machine's.
func (r *reading) chooseZones(flag string) error {
	var forced, known *time.Location
	if flag != "" {
		var err error
		if forced, err = parseZone(flag, r.sys.local); err != nil {
			return usage(fmt.Errorf("--tz %w", err))
		}
	}
	for _, in := range r.inputs {
		switch p := in.profile; {
		case forced != nil:
			in.Zone, in.ZoneSource = forced, analyze.ZoneFromFlag
		case p.StampZone != nil:
			in.Zone, in.ZoneSource = p.StampZone, analyze.ZoneFromStamps
		case in.Layout != "" && p.Layout.Zone() != nil:
			in.Zone, in.ZoneSource = p.Layout.Zone(), analyze.ZoneFromLayout
		case p.Zone != nil:
			in.Zone, in.ZoneSource, in.ZoneVotes = r.traced(&p), analyze.ZoneFromTraceIDs, p.ZoneVotes
		}
		if known == nil {
			known = in.Zone
		}
	}
	for _, in := range r.inputs {
		if in.Zone == nil {
			in.Zone, in.ZoneSource = r.sys.local, analyze.ZoneFromMachine
			if known != nil {
				in.Zone, in.ZoneSource = known, analyze.ZoneFromOthers
			}
			if in.profile.Absolute() {
				in.ZoneSource = analyze.ZoneAbsolute
			}
		}
	}
	r.zone = r.sys.local
	if known != nil {
		r.zone = known
	}
	return nil
}

// traced returns the zone for which the trace ids of a profile speak. They name
// an offset; where the machine's zone has it at the time of one of them and turns
// its clock within a year of that, the zone is the machine's, so that the log is
// read right before and behind the turn.
func (r *reading) traced(p *parser.Profile) *time.Location {
	const year = 366 * 24 * time.Hour
	for _, ms := range []int64{p.ZoneFrom, p.ZoneTo} {
		at := time.UnixMilli(ms)
		local := at.In(r.sys.local)
		_, said := at.In(p.Zone).Zone()
		_, offset := local.Zone()
		last, next := local.ZoneBounds()
		if said == offset && (!last.IsZero() && at.Sub(last) < year || !next.IsZero() && next.Sub(at) < year) {
			return r.sys.local
		}
	}
	return p.Zone
}

// filter makes the filter that the flags ask for.
func (f *readFlags) filter(r *reading) error {
	var err error
	out := &r.filter
	moment := func(flag, text string, ms *int64, has *bool) {
		if text == "" || err != nil {
			return
		}
		var t time.Time
		if t, err = parseMoment(text, r.sys.now(), r.zone); err != nil {
			err = fmt.Errorf("--%s %w", flag, err)
			return
		}
		*ms, *has = t.UnixMilli(), true
	}
	moment("since", f.since, &out.Since, &out.HasSince)
	moment("until", f.until, &out.Until, &out.HasUntil)
	if err == nil && out.HasSince && out.HasUntil && out.Since >= out.Until {
		err = fmt.Errorf("--since %s is not before --until %s", f.since, f.until)
	}
	if err == nil {
		if out.Codes, err = analyze.ParseCodes(f.codes); err != nil {
			err = fmt.Errorf("--code: %w", err)
		}
	}
	for _, side := range f.sides {
		if err == nil && !slices.Contains(analyze.SideNames(), side) {
			err = fmt.Errorf("--side %q: want one of %v", side, analyze.SideNames())
		}
	}
	out.Sides, out.Operations, out.Apps, out.Workspaces = f.sides, f.operations, f.apps, f.work
	out.IncludeStress = f.stress
	for _, patterns := range [][]string{f.operations, f.apps, f.work} {
		for _, p := range patterns {
			if _, bad := filepath.Match(p, ""); bad != nil && err == nil {
				err = fmt.Errorf("pattern %q: %w", p, bad)
			}
		}
	}
	if err != nil {
		return usage(err)
	}
	return nil
}

// described returns the filters as the user wrote them, one a flag.
func (f *readFlags) described(cmd *cobra.Command) []string {
	var set []string
	for _, name := range []string{"since", "until", "code", "side", "operation", "app", "workspace", "include-stress"} {
		flag := cmd.Flags().Lookup(name)
		if !flag.Changed {
			continue
		}
		set = append(set, "--"+name+"="+strings.Trim(flag.Value.String(), "[]"))
	}
	return set
}

// handler takes what is read. It may return an error to end the reading.
type handler interface {
	input(*analyze.Input)
	record(*analyze.Input, *parser.Record) error
	skipped(*analyze.Input, *parser.SyntaxError)
}

// read reads all inputs in their order. What goes wrong with an input is noted
// in it; the error returned is the handler's or the context's.
func (r *reading) read(ctx context.Context, h handler) error {
	return r.readWith(ctx, h.input, func(in *planned) error { return r.readOne(ctx, in, h) })
}

// readWith announces all inputs in their order and reads those that are to be
// read with one.
func (r *reading) readWith(ctx context.Context, announce func(*analyze.Input), one func(*planned) error) error {
	if r.progress != nil {
		defer r.progress.finish()
	}
	for i, in := range r.inputs {
		announce(&in.Input)
		if in.unread() {
			continue
		}
		if err := one(in); err != nil {
			for _, rest := range r.inputs[i+1:] {
				rest.Err = context.Cause(ctx)
				announce(&rest.Input)
			}
			return err
		}
	}
	return nil
}

func (r *reading) readOne(ctx context.Context, in *planned, h handler) error {
	src, err := r.open(ctx, in)
	if err != nil {
		in.Err = err
		return nil
	}
	defer src.Close()
	got, err := in.readRecords(parser.NewReader(r.shown(src), r.options(in)), src,
		func(rec *parser.Record) error { return h.record(&in.Input, rec) },
		func(s *parser.SyntaxError) { h.skipped(&in.Input, s) })
	in.took(got)
	if err != nil {
		return err
	}
	r.recognised(in)
	return context.Cause(ctx)
}

// open opens an input to be read.
func (r *reading) open(ctx context.Context, in *planned) (*source.Input, error) {
	if in.opened != nil {
		return in.opened, nil
	}
	src, err := source.Open(ctx, in.Path, r.sys.stdin)
	if err != nil {
		return nil, err
	}
	if in.info != nil && !src.Extends(in.info) {
		src.Close()
		return nil, fmt.Errorf("%s: replaced or cut off since it was looked at, as by a rotation: run this again", in.Path)
	}
	src.Decode(in.text)
	if in.from > 0 || in.to > 0 {
		src.Limit(ctx, in.from, in.end())
	}
	return src, nil
}

// options returns how the records of an input are read.
func (r *reading) options(in *planned) parser.Options {
	opt := r.opt
	opt.Profile, opt.Location, opt.Modified = in.profile, in.Zone, in.written
	opt.Line, opt.Offset = in.line(), in.from
	return opt
}

// piece is what was read of an input at a time.
type piece struct {
	bytes, lines, nuls, invalid, recoded int64
	within                               extent
	err                                  error // of reading
	unopened                             error // nothing was read, since the input could not be opened
}

// shown returns a reader of src whose progress is shown.
func (r *reading) shown(src *source.Input) io.Reader {
	if r.progress == nil {
		return src
	}
	return r.progress.reader(src)
}

// readRecords reads src, the input or a section of it, by a reader of it. The
// error returned is that of record, which ends the reading.
func (in *planned) readRecords(reader *parser.Reader, src *source.Input, record func(*parser.Record) error, skipped func(*parser.SyntaxError)) (got piece, err error) {
	for err == nil && reader.Scan() {
		if rec := reader.Record(); rec != nil {
			err = record(rec)
		} else {
			skipped(reader.Skipped())
		}
	}
	return in.pieceOf(reader, src), err
}

// pieceOf returns what a reader has read of src, the input or a section of it.
func (in *planned) pieceOf(reader *parser.Reader, src *source.Input) piece {
	return piece{
		bytes: reader.Bytes(), lines: reader.Lines() - in.line(), nuls: reader.NULs(),
		invalid: src.Invalid(), recoded: src.Recoded(), err: reader.Err(),
	}
}

// took notes what was read of the input behind what was read so far.
func (in *planned) took(got piece) {
	in.Bytes += got.bytes
	in.Lines += got.lines
	in.NULs += got.nuls
	in.Invalid += got.invalid
	in.Recoded += got.recoded
	in.within.add(got.within)
	if got.err != nil && in.from > 0 {
		in.Err = fmt.Errorf("%s: %w", in.Path, got.err)
	} else if got.err != nil {
		in.Err = fmt.Errorf("%s:%d: %w", in.Path, in.Lines+1, got.err)
	} else if got.unopened != nil {
		in.Err = got.unopened
	}
}

// recognised looks at an input that has been read to its end, whether its format
// is known now.
func (r *reading) recognised(in *planned) {
	if in.Format == parser.Unknown { // its beginning did not tell
		in.Format = in.Commonest()
	}
	if in.Err != nil || in.Records > 0 || in.Skipped == 0 {
		return
	}
	why := "no line begins with a time stamp (2026-11-20 02:13:05,123), and there are no response headers"
	switch {
	case r.forced != nil:
		why = "no line fits the layout " + r.forced.Name()
	case r.opt.Format != parser.Unknown:
		why = "no line is of the format asked for, " + r.opt.Format.String()
	}
	if !r.checking {
		why += "; see mgslog check"
	}
	in.Err = fmt.Errorf("%s: format not recognised: %s", in.Path, why)
}

// outcome returns the error, with its exit code, that the inputs and the end
// of reading stand for: nil if all was read.
func (r *reading) outcome(err error) error {
	var failed []error
	for _, in := range r.inputs {
		if in.Err != nil {
			failed = append(failed, in.Err)
		}
	}
	var i interrupted
	if errors.As(errors.Join(append(failed, err)...), &i) {
		return exit{interruptCode(i.signal), i}
	}
	if err != nil {
		return err
	}
	switch {
	case len(failed) == 0:
		return nil
	case r.nothing():
		return exit{exitUsage, errors.Join(append(failed, errNothing)...)}
	}
	return exit{exitPartial, errors.Join(failed...)}
}

// noteDuplicates says on standard error which inputs are left out, for commands
// whose output has no place for it.
func (r *reading) noteDuplicates() {
	for _, in := range r.inputs {
		if in.DuplicateOf != "" {
			fmt.Fprintln(r.sys.stderr, "mgslog: note:", report.Printable(fmt.Sprintf("%s is not read: it has the same content as %s", in.Path, in.DuplicateOf)))
		}
	}
}

// nothing reports whether no input gave any record and each failed.
func (r *reading) nothing() bool {
	for _, in := range r.inputs {
		if in.Err == nil && in.DuplicateOf == "" || in.Records > 0 {
			return false
		}
	}
	return true
}

// reading returns the flags that a command needs to read the same inputs.
func (f *readFlags) reading() []string {
	var flags []string
	if f.recursive {
		flags = append(flags, "--recursive")
	}
	if f.encoding != "auto" {
		flags = append(flags, "--encoding="+f.encoding)
	}
	return flags
}
