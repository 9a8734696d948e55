package parser

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"time"
)

// Bounds of a Layout.
const (
	// layoutLine is how many bytes of a line a layout's pattern sees.
	layoutLine = 16 << 10
	// layoutSize bounds the compiled pattern, in instructions.
	layoutSize = 5000
	// openingSize is how many bytes of a line are looked at before the
	// pattern is.
	openingSize = 24
	// layoutSample is how many lines of an input are held against each
	// layout to choose one.
	layoutSample = 2000
)

// LayoutSpec describes the lines of a log that the parser does not know, in
// the words of the operator who does.
type LayoutSpec struct {
	Name string // a word of lower-case letters, digits, "-", "_" and "."
	// Pattern is a regular expression in Go's syntax for the lines at which
	// records begin, from their first byte on. Its named groups are the
	// record's fields, see LayoutFields; time is one of them.
	Pattern string
	// TimeLayout says how the group time is written, as Java's loggers do:
	// yyyy-MM-dd HH:mm:ss,SSS. Empty, it may be any of the stamps that are
	// known of other logs.
	TimeLayout string
	// Zone is that of times that name no offset; nil if nothing is known.
	Zone *time.Location
	// OneLine tells that lines which do not match belong to no record;
	// without it, they belong to the record before them.
	OneLine bool
}

// Layout is a LayoutSpec that is ready to be used. It is not changed by use,
// so that any number of Decoders may share it.
type Layout struct {
	spec    LayoutSpec
	re      *regexp.Regexp
	opening []byteSet
	time    timeLayout
	groups  []layoutField // by the number of the group

	piecesOnce sync.Once
	pieces     []piece
}

// layoutField is a field that a layout may name.
type layoutField uint8

const (
	notNamed layoutField = iota
	ownTime
	ownCode
	ownTraceID
	ownOperationType
	ownAppID
	ownWorkspaceID
	ownMessage
	ownLevel
	ownClientIP
	ownUserID
	ownDeviceID
	ownClientVersion
	ownClientOS
	ownLatency
	ownBackend
	ownMemo
	ownStress
	ownHost
)

var layoutFields = [...]string{
	ownTime: "time", ownCode: "code", ownTraceID: "trace_id", ownOperationType: "operation_type", ownAppID: "app_id",
	ownWorkspaceID: "workspace_id", ownMessage: "message", ownLevel: "level", ownClientIP: "client_ip", ownUserID: "user_id",
	ownDeviceID: "device_id", ownClientVersion: "client_version", ownClientOS: "client_os", ownLatency: "latency_ms",
	ownBackend: "backend_ms", ownMemo: "memo", ownStress: "stress", ownHost: "host",
}

// LayoutFields returns the names that the groups of a layout's pattern may
// have.
func LayoutFields() []string { return slices.Clone(layoutFields[1:]) }

// LayoutError tells which part of a LayoutSpec is wrong: name, pattern or
// time_layout.
type LayoutError struct {
	Part string
	Err  error
}

func (e *LayoutError) Error() string { return e.Part + ": " + e.Err.Error() }

// Unwrap returns what is wrong with the part.
func (e *LayoutError) Unwrap() error { return e.Err }

var layoutName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`) })

// NewLayout returns the Layout that spec describes, or a LayoutError.
func NewLayout(spec LayoutSpec) (*Layout, error) {
	l := &Layout{spec: spec}
	if err := checkLayoutName(spec.Name); err != nil {
		return nil, &LayoutError{"name", err}
	}
	var err error
	if l.time, err = parseTimeLayout(spec.TimeLayout); err != nil {
		return nil, &LayoutError{"time_layout", err}
	}
	if err := l.compile(); err != nil {
		return nil, &LayoutError{"pattern", err}
	}
	return l, nil
}

func checkLayoutName(name string) error {
	if !layoutName().MatchString(name) {
		return fmt.Errorf("%q: want a word of lower-case letters, digits, '-', '_' and '.'", name)
	}
	taken := []string{"auto", "unknown", OwnLayout.String()}
	for _, i := range Formats() {
		taken = append(taken, i.Name)
	}
	if slices.Contains(taken, name) {
		return fmt.Errorf("%q is the name of something else", name)
	}
	return nil
}

func (l *Layout) compile() error {
	tree, err := syntax.Parse(l.spec.Pattern, syntax.Perl)
	if err != nil {
		return patternError(err)
	}
	l.groups = make([]layoutField, tree.MaxCap()+1)
	for i, name := range tree.CapNames() {
		if name == "" {
			continue
		}
		f := slices.Index(layoutFields[:], name)
		if f < 0 {
			return fmt.Errorf("group %q is no field; the fields are %s", name, strings.Join(LayoutFields(), ", "))
		}
		l.groups[i] = layoutField(f)
	}
	if !slices.Contains(l.groups, ownTime) {
		return errors.New("no group is named time")
	}
	// A tree that is small as text may be large as a program.
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return patternError(err)
	}
	if len(prog.Inst) > layoutSize {
		return fmt.Errorf("it is too large: %d instructions, at most %d", len(prog.Inst), layoutSize)
	}
	l.opening = openingOf(prog)
	l.re, err = regexp.Compile(`\A(?:` + l.spec.Pattern + `)`)
	return patternError(err)
}

// patternError removes from an error what the regexp package puts in front of
// it.
func patternError(err error) error {
	if bad := (*syntax.Error)(nil); errors.As(err, &bad) {
		return fmt.Errorf("%s: %q", bad.Code, bad.Expr)
	}
	return err
}

// Name returns the layout's name.
func (l *Layout) Name() string { return l.spec.Name }

// Zone returns the zone of times that name none, nil if nothing is known.
func (l *Layout) Zone() *time.Location { return l.spec.Zone }

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

// openingOf returns which bytes a text that matches prog may have in its first
// places, as far as that is certain: a line that has others need not be
// matched. (A pattern for lines that begin with a time says so as exactly as a
// reader written for them.)
func openingOf(prog *syntax.Prog) []byteSet {
	var opening []byteSet
	states := []uint32{uint32(prog.Start)}
	for range openingSize {
		var (
			set   byteSet
			next  []uint32
			seen  = map[uint32]bool{}
			wide  bool
			stack = states
		)
		for len(stack) > 0 {
			pc := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[pc] {
				continue
			}
			seen[pc] = true
			i := &prog.Inst[pc]
			switch i.Op {
			case syntax.InstMatch:
				return opening // nothing more need follow
			case syntax.InstAlt, syntax.InstAltMatch:
				stack = append(stack, i.Out, i.Arg)
			case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
				stack = append(stack, i.Out)
			case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
				for c := range byte(0x80) {
					if i.MatchRune(rune(c)) {
						set.add(c)
					}
				}
				wide = wide || isWide(i)
				next = append(next, i.Out)
			}
		}
		if wide {
			// Places are counted in bytes only as long as all are ASCII.
			for c := 0x80; c < 0x100; c++ {
				set.add(byte(c))
			}
			return append(opening, set)
		}
		opening = append(opening, set)
		states = next
	}
	return opening
}

// isWide reports whether an instruction may match a character beyond ASCII.
func isWide(i *syntax.Inst) bool {
	switch {
	case i.Op == syntax.InstRuneAny, i.Op == syntax.InstRuneAnyNotNL:
		return true
	case len(i.Rune) == 1: // a character, which may have a fold beyond ASCII
		return i.Rune[0] >= 0x80 || syntax.Flags(i.Arg)&syntax.FoldCase != 0
	}
	return len(i.Rune) > 0 && i.Rune[len(i.Rune)-1] >= 0x80
}

// match returns where the groups of the pattern are in a line, nil if the line
// begins no record.
func (l *Layout) match(line []byte) []int {
	if len(line) < len(l.opening) {
		return nil
	}
	for i := range l.opening {
		if !l.opening[i].has(line[i]) {
			return nil
		}
	}
	return l.re.FindSubmatchIndex(line[:min(len(line), layoutLine)])
}

// timeAt returns where the time is in a line whose groups are given.
func (l *Layout) timeAt(groups []int) (from, to int) {
	for i, f := range l.groups {
		if f == ownTime && groups[2*i] >= 0 {
			return groups[2*i], groups[2*i+1]
		}
	}
	return 0, 0
}

// stampOf reads the time of a line whose groups are given.
func (l *Layout) stampOf(line []byte, groups []int) (s stamp, ok bool) {
	from, to := l.timeAt(groups)
	s, _, ok = l.time.parse(line[from:to])
	return s, ok
}

// begins reports whether a record begins at a line.
func (l *Layout) begins(line []byte) bool {
	groups := l.match(line)
	if groups == nil {
		return false
	}
	_, ok := l.stampOf(line, groups)
	return ok
}

// chooseLayout returns the layout of which the most lines of a sample begin a
// record, nil if there is none.
func chooseLayout(sample []byte, layouts []*Layout) *Layout {
	if len(layouts) == 0 {
		return nil
	}
	counts, best := make([]int, len(layouts)), -1
	for range layoutSample {
		line, rest, more := bytes.Cut(sample, []byte{'\n'})
		line = trimCR(line)
		for i, l := range layouts {
			if l.begins(line) {
				counts[i]++
				if best < 0 || counts[i] > counts[best] {
					best = i
				}
			}
		}
		if sample = rest; !more {
			break
		}
	}
	if best < 0 {
		return nil
	}
	return layouts[best]
}

// site is a Decoder's work with the layout of its input.
type site struct {
	layout *Layout
	loc    *time.Location

	line   int64 // the line that was tried last
	begins bool  // it begins a record
	groups []int // where its groups are
	ms     int64 // its time
	after  int   // where its time ends, if that is what it begins with
}

// try reports whether a record begins at a line, which may be asked again.
func (o *site) try(l *line) bool {
	if o.line == l.n {
		return o.begins
	}
	o.line, o.begins = l.n, false
	if o.groups = o.layout.match(l.text); o.groups == nil {
		return false
	}
	s, ok := o.layout.stampOf(l.text, o.groups)
	if !ok {
		return false
	}
	o.begins, o.ms, o.after = true, s.unixMilli(o.loc), 0
	if from, end := o.layout.timeAt(o.groups); onlyMarks(l.text[:from]) {
		o.after = end
		if end < len(l.text) && l.text[end] == ']' {
			o.after++
		}
	}
	return true
}

// onlyMarks reports whether b has no letter and no digit.
func onlyMarks(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return isWordByte(c) || c >= 0x80 })
}

// fill puts into r what stands in its layout's places. All else of r has been
// read by evidence, and stays where the layout names nothing.
func (o *site) fill(r *Record, groups []int) {
	for i, f := range o.layout.groups {
		from, to := groups[2*i], groups[2*i+1]
		if f == notNamed || from < 0 || to > len(r.Text) {
			continue
		}
		o.set(r, f, value(bytes.TrimSpace(r.Text[from:to])))
	}
}

func (o *site) set(r *Record, f layoutField, v []byte) {
	switch f {
	case ownCode:
		if code, ok := parseCode(v); ok {
			r.Code, r.Platform, r.Evidence = code, Server, ByPosition
		}
	case ownTraceID:
		r.TraceID = v
	case ownOperationType:
		r.OperationType = v
	case ownAppID:
		r.AppID = v
	case ownWorkspaceID:
		r.WorkspaceID = v
	case ownMessage:
		r.Message = v
	case ownLevel:
		r.Level = v
		if l, ok := levels[strings.ToUpper(string(v))]; ok && len(l) <= len(v) && string(v[:len(l)]) != l {
			r.Level = []byte(l)
		} else if ok {
			r.Level = v[:len(l)]
		}
	case ownClientIP:
		r.ClientIP = v
	case ownUserID:
		r.UserID = v
	case ownDeviceID:
		r.DeviceID = v
	case ownClientVersion:
		r.ClientVersion = v
	case ownClientOS:
		r.ClientOS = v
	case ownLatency:
		if ms, ok := parseMillis(v); ok {
			r.LatencyMS = ms
		}
	case ownBackend:
		if ms, ok := parseMillis(v); ok {
			r.BackendMS = ms
		}
	case ownMemo:
		r.Memo = v
	case ownStress:
		r.Stress = isYes(v)
	case ownHost:
		r.Host = v
	}
}

// A piece is a part of a layout's pattern.
type piece struct {
	text string
	upTo *regexp.Regexp // all the pattern's pieces up to it
}

// maxPieces bounds how many pieces a pattern is taken apart into.
const maxPieces = 128

// explain tells where a line leaves the layout: how many of the pattern's
// pieces fit, how many there are, the 1-based column behind them, and the
// piece that does not fit, "time" for a time that cannot be read. It returns
// "" for a line that begins a record.
func (l *Layout) explain(line []byte) (fit, of, column int, part string) {
	line = line[:min(len(line), layoutLine)]
	l.piecesOnce.Do(l.takeApart)
	column = 1
	for _, p := range l.pieces {
		m := p.upTo.FindIndex(line)
		if m == nil {
			return fit, len(l.pieces), column, p.text
		}
		fit++
		column = m[1] + 1
	}
	groups := l.re.FindSubmatchIndex(line)
	if groups == nil {
		return fit, len(l.pieces), column, l.spec.Pattern
	}
	from, to := l.timeAt(groups)
	if _, at, ok := l.time.parse(line[from:to]); !ok {
		return fit, len(l.pieces), from + at + 1, "time"
	}
	return fit, len(l.pieces), len(line) + 1, ""
}

func (l *Layout) takeApart() {
	tree, err := syntax.Parse(l.spec.Pattern, syntax.Perl)
	if err != nil {
		return
	}
	parts := []*syntax.Regexp{tree}
	if tree.Op == syntax.OpConcat {
		parts = tree.Sub
	}
	if len(parts) > maxPieces {
		parts = parts[:maxPieces]
	}
	var all strings.Builder
	all.WriteString(`\A`)
	for _, p := range parts {
		text := p.String()
		all.WriteString("(?:" + text + ")")
		re, err := regexp.Compile(all.String())
		if err != nil {
			return
		}
		l.pieces = append(l.pieces, piece{text, re})
	}
}
