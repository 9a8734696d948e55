// Package layout reads the files in which a site describes a log layout of its
// own, and holds each description against the sample lines that it must come
// with. What comes out is a [parser.Layout].
//
// It is a side room of parser, so that the parser knows neither YAML nor
// files; this package knows no files either, it is handed their bytes.
//
// The YAML is walked as a tree rather than unmarshalled into structs: every
// complaint can name its line that way, a key written twice or misspelt is
// one, and times and numbers in the samples stay as they are written.
package layout

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"mgslog/parser"
)

// Bounds of a file.
const (
	MaxSize    = 64 << 10 // bytes of a file
	maxPattern = 8 << 10  // bytes of its pattern
	maxSamples = 100
)

// Options are what a file is read with.
type Options struct {
	// Lexicon is what the samples are read with beside the layout.
	Lexicon *parser.Lexicon
	// Zone reads the name or the offset of a zone.
	Zone func(string) (*time.Location, error)
}

// File is a layout file that can be read, whatever its samples say.
type File struct {
	Layout  *parser.Layout
	Samples []Sample
}

// Sample is one sample of a file and what came of it.
type Sample struct {
	Line     int    // of the file, where the sample begins
	Text     string // the sample: one line, or several
	Problem  string // why it gives not exactly one record; "" if it does
	Outcomes []Outcome
}

// OK reports whether the sample gives what it is to give.
func (s *Sample) OK() bool {
	return s.Problem == "" && !slices.ContainsFunc(s.Outcomes, func(o Outcome) bool { return !o.OK })
}

// Outcome is one field of a sample.
type Outcome struct {
	Line      int // of the file
	Field     string
	Want, Got string
	OK        bool
}

// Error is one thing that is wrong with a file.
type Error struct {
	File string
	Line int // 0: the file as a whole
	Text string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
}

// Err returns what the samples hold against the layout, nil if they all come
// out as they say.
func (f *File) Err(name string) error {
	var errs []error
	for i := range f.Samples {
		s := &f.Samples[i]
		if s.Problem != "" {
			errs = append(errs, &Error{name, s.Line, fmt.Sprintf("sample %d: %s", i+1, s.Problem)})
		}
		for _, o := range s.Outcomes {
			if !o.OK {
				errs = append(errs, &Error{name, o.Line, fmt.Sprintf("sample %d: %s is %s, not %s", i+1, o.Field, show(o.Got), show(o.Want))})
			}
		}
	}
	return errors.Join(errs...)
}

func show(v string) string {
	if v == none {
		return v
	}
	return strconv.Quote(v)
}

// none is how a sample says that a field has no value.
const none = "none"

// Read reads a layout file of the given name and tries its samples. It returns
// an error, or several joined ones, for a file that describes no layout; what
// the samples say is in the File.
func Read(data []byte, name string, opt Options) (*File, error) {
	if len(data) > MaxSize {
		return nil, &Error{name, 0, fmt.Sprintf("larger than %d bytes: no layout", MaxSize)}
	}
	r := reader{name: name, opt: opt}
	root := r.parse(data)
	if root == nil {
		return nil, errors.Join(r.errs...)
	}
	return r.file(root)
}

// reader is the work of one call of Read.
type reader struct {
	name string
	opt  Options
	errs []error
}

func (r *reader) bad(line int, format string, args ...any) {
	r.errs = append(r.errs, &Error{r.name, line, fmt.Sprintf(format, args...)})
}

// parse returns the one document of the file, nil if there is none.
func (r *reader) parse(data []byte) *yaml.Node {
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		r.bad(0, "empty: no layout")
		return nil
	case err != nil:
		line, text := 0, strings.TrimPrefix(err.Error(), "yaml: ")
		if rest, ok := strings.CutPrefix(text, "line "); ok {
			if n, tail, ok := strings.Cut(rest, ": "); ok {
				if at, err := strconv.Atoi(n); err == nil {
					line, text = at, tail
				}
			}
		}
		r.bad(line, "not YAML: %s", text)
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.bad(more.Line, "a second document; a file holds one layout")
		return nil
	}
	return doc.Content[0]
}

// entry is one key of a mapping with its value.
type entry struct {
	key   *yaml.Node
	value *yaml.Node
}

// mapping returns the entries of a mapping. Keys other than the known ones are
// errors, and so are keys that occur twice.
func (r *reader) mapping(n *yaml.Node, what string, known []string) []entry {
	if n.Kind != yaml.MappingNode {
		r.bad(n.Line, "%s: want keys with values", what)
		return nil
	}
	var entries []entry
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode || !slices.Contains(known, k.Value):
			r.bad(k.Line, "%s: unknown key %q; the keys are %s", what, k.Value, strings.Join(known, ", "))
		case slices.ContainsFunc(entries, func(e entry) bool { return e.key.Value == k.Value }):
			r.bad(k.Line, "%s: key %q a second time", what, k.Value)
		default:
			entries = append(entries, entry{k, v})
		}
	}
	return entries
}

// scalar returns a value that is text or a number.
func (r *reader) scalar(e entry) string {
	if e.value.Kind != yaml.ScalarNode || e.value.Tag == "!!null" {
		r.bad(e.value.Line, "%s: want a value", e.key.Value)
		return ""
	}
	return e.value.Value
}

var fileKeys = []string{"name", "pattern", "time_layout", "zone", "continuation", "samples"}

func (r *reader) file(root *yaml.Node) (*File, error) {
	var (
		spec    parser.LayoutSpec
		samples *yaml.Node
		lines   = map[string]int{"name": root.Line, "pattern": root.Line, "time_layout": root.Line, "samples": root.Line}
	)
	for _, e := range r.mapping(root, "layout", fileKeys) {
		lines[e.key.Value] = e.key.Line
		switch e.key.Value {
		case "name":
			spec.Name = r.scalar(e)
		case "pattern":
			if spec.Pattern = r.scalar(e); len(spec.Pattern) > maxPattern {
				r.bad(e.value.Line, "pattern: longer than %d bytes", maxPattern)
				spec.Pattern = ""
			}
			// A block of text ends with a line end that nobody means.
			spec.Pattern = strings.TrimRight(spec.Pattern, "\n")
		case "time_layout":
			spec.TimeLayout = r.scalar(e)
		case "zone":
			zone, err := r.opt.Zone(r.scalar(e))
			if err != nil {
				r.bad(e.value.Line, "zone: %v", err)
			}
			spec.Zone = zone
		case "continuation":
			switch r.scalar(e) {
			case "true":
			case "false":
				spec.OneLine = true
			default:
				r.bad(e.value.Line, "continuation: want true or false")
			}
		case "samples":
			samples = e.value
		}
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	l, err := parser.NewLayout(spec)
	if err != nil {
		line := 0
		if bad := (*parser.LayoutError)(nil); errors.As(err, &bad) {
			line = lines[bad.Part]
		}
		r.bad(line, "%v", err)
		return nil, errors.Join(r.errs...)
	}
	f := &File{Layout: l}
	switch {
	case samples == nil || samples.Kind == yaml.SequenceNode && len(samples.Content) == 0:
		r.bad(lines["samples"], "samples: none; a layout comes with at least one line and what it must yield")
	case samples.Kind != yaml.SequenceNode:
		r.bad(samples.Line, "samples: want a list")
	case len(samples.Content) > maxSamples:
		r.bad(samples.Line, "samples: more than %d", maxSamples)
	default:
		for i, n := range samples.Content {
			if s, ok := r.sample(n, fmt.Sprintf("sample %d", i+1)); ok {
				r.try(f.Layout, s)
				f.Samples = append(f.Samples, *s)
			}
		}
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return f, nil
}

// sample reads a sample and what it is to yield.
func (r *reader) sample(n *yaml.Node, what string) (*Sample, bool) {
	s := &Sample{Line: n.Line}
	before := len(r.errs)
	for _, e := range r.mapping(n, what, []string{"line", "lines", "yields"}) {
		switch e.key.Value {
		case "line", "lines":
			if s.Text != "" {
				r.bad(e.key.Line, "%s: either line or lines", what)
			}
			s.Text = strings.TrimRight(r.scalar(e), "\n")
			if e.key.Value == "line" && strings.Contains(s.Text, "\n") {
				r.bad(e.key.Line, "%s: several lines; write lines: for them", what)
			}
		case "yields":
			for _, y := range r.mapping(e.value, what+": yields", yieldNames()) {
				want := r.scalar(y)
				if y.key.Value == "time" {
					if _, err := parseTime(want, time.UTC); err != nil {
						r.bad(y.value.Line, "%s: time: %v", what, err)
					}
				}
				s.Outcomes = append(s.Outcomes, Outcome{Line: y.key.Line, Field: y.key.Value, Want: want})
			}
		}
	}
	if len(r.errs) == before && s.Text == "" {
		r.bad(n.Line, "%s: no line", what)
	}
	if len(r.errs) == before && len(s.Outcomes) == 0 {
		r.bad(n.Line, "%s: yields nothing; name at least one field", what)
	}
	return s, len(r.errs) == before
}

// try reads a sample with the layout and notes what comes out.
func (r *reader) try(l *parser.Layout, s *Sample) {
	reader := parser.NewReader(strings.NewReader(s.Text), parser.Options{
		Format: parser.OwnLayout, Lexicon: r.opt.Lexicon, Profile: parser.Profile{Format: parser.OwnLayout, Layout: l},
	})
	zone := l.Zone()
	if zone == nil {
		zone = time.UTC
	}
	for reader.Scan() {
		rec := reader.Record()
		switch {
		case rec == nil:
			s.Problem = "it does not fit: " + problem(s.Text, int(reader.Skipped().Line), l)
		case s.Outcomes[0].Got != "":
			s.Problem = fmt.Sprintf("its line %d begins a second record", rec.Line)
		default:
			for i := range s.Outcomes {
				o := &s.Outcomes[i]
				if o.Got = valueOf(rec, o.Field, zone); o.Got == "" {
					o.Got = none
				}
				o.OK = o.Got == o.Want
				if o.Field == "time" {
					want, err := parseTime(o.Want, zone)
					o.OK = err == nil && want.UnixMilli() == rec.Time
				}
			}
			continue
		}
		break
	}
	for i := range s.Outcomes {
		if s.Outcomes[i].Got == "" {
			s.Outcomes[i].Got = none
		}
	}
}

// problem tells where a line of a sample leaves the layout.
func problem(text string, n int, l *parser.Layout) string {
	line := strings.TrimSuffix(strings.Split(text, "\n")[n-1], "\r")
	near := parser.NearestLayout([]byte(line), l)
	at := fmt.Sprintf("line %d, column %d", n, near.Column)
	if near.Field == "time" {
		return fmt.Sprintf("%s: %v: %q", at, near.Why, near.Value)
	}
	return fmt.Sprintf("%s: the pattern goes on with %s, the line with %q", at, near.Want, near.Value)
}
