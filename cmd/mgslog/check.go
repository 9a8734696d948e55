package main

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/parser"
	"mgslog/report"
)

// checkFlags are the flags of check.
type checkFlags struct {
	read readFlags
	out  outputFlags
}

func newCheck(sys *system) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [FILE]...",
		Short: "Tell how well logs are understood, and test layout files",
		Long: `Tell for each log which format it is and how sure that is, how many lines
became records, which rungs of evidence gave the codes, the first lines that
were not understood with the format they come nearest to, and what to try. The
logs are read to their end.

How sure: "certain" is a log of which 99% of the lines are understood and half
of the records prove the format, by their fields' places or, where fields have
no places, by a code that they state or a trace id; "probable" is one of 90%
with any such proof; "doubtful" is all else of which there are records.

With --layout and no FILE, layout files are tested alone and the outcome of
each of their samples is printed. A layout file describes a log that mgslog
does not know:

  name: acme-gateway
  # A regular expression as Go has them, matched from the line's first byte.
  pattern: (?P<time>\S+ \S+) (?P<level>\w+) <\S+ code=(?P<code>\d+)>
  # As Java's loggers write it.
  time_layout: dd/MMM/yyyy HH:mm:ss.SSS
  # Of times that name no offset; optional.
  zone: "+08:00"
  # Lines that do not fit belong to the record before (the default).
  continuation: true
  # At least one; tried whenever the file is read.
  samples:
    - line: 20/Nov/2026 02:13:05.123 ERROR <com.acme.pay.query code=4001> x
      yields: {code: 4001, time: 2026-11-20T02:13:05.123+08:00, level: ERROR}

The groups of the pattern may be ` + wrapped(parser.LayoutFields()) + `.
time_layout may also be ISO8601, DATE, UNIX or UNIX_MILLIS; without it, the
time may be any stamp that mgslog knows. A sample of several lines is written
as lines: | and may also state evidence, exception and lines; none stands for
no value. Layouts in $XDG_CONFIG_HOME/mgslog/layouts (~/.config/mgslog/layouts),
*.yaml and *.yml, are used by all commands; one that is broken is left out with
a warning. One named with --layout that is broken ends any command with 2.

` + exitHelp,
		Example: `  mgslog check ~/logs/gateway/gateway-error.log
  mgslog check --layout acme.yaml
  mgslog check --layout acme.yaml --output json app.log | jq .inputs[].confidence`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, sys, args) },
	}
	f.read.registerReading(cmd)
	f.out.register(cmd, "output")
	return cmd
}

// wrapped joins names to lines of a help text.
func wrapped(names []string) string {
	const width = 78
	text, column := "", len("The groups of the pattern may be ")
	for i, n := range names {
		if i < len(names)-1 {
			n += ","
		}
		if column+1+len(n) > width {
			text, column = text+"\n", 0
		} else if i > 0 {
			text, column = text+" ", column+1
		}
		text, column = text+n, column+len(n)
	}
	return text
}

func (f *checkFlags) run(cmd *cobra.Command, sys *system, args []string) error {
	lang, look, err := f.out.presentation(cmd, sys)
	if err != nil {
		return err
	}
	opt := report.CheckOptions{Lang: lang, Generator: generator(), Flags: f.read.reading(), Layouts: f.read.layouts}
	if f.read.format != "auto" {
		opt.Format = f.read.format
	}
	layouts, broken := checkLayouts(sys, f.read.layouts)
	c := &coverages{}
	outcome := broken
	if broken == nil && (len(args) > 0 || len(layouts) == 0) {
		r, err := f.read.plan(cmd.Context(), sys, args, f.out.path)
		if err != nil {
			return err
		}
		r.checking = true
		for _, in := range r.inputs {
			in.DuplicateOf = "" // each is looked at by itself
		}
		c.layouts = r.candidates()
		r.progress = newProgress(sys, r.inputs)
		ended := r.read(cmd.Context(), c)
		outcome = r.outcome(ended)
	}
	model := report.BuildCheck(c.inputs, layouts, opt)
	err = write(sys, f.out.path, func(w io.Writer) error { return model.Write(w, f.out.form, look) })
	if err != nil {
		return err
	}
	return outcome
}

// checkLayouts reads layout files and tells what came of them. The error says
// that some are none.
func checkLayouts(sys *system, paths []string) ([]report.CheckedLayout, error) {
	var (
		out    []report.CheckedLayout
		broken []error
	)
	for _, path := range paths {
		l := readLayout(sys, path)
		x := report.CheckedLayout{Path: path, OK: l.err == nil}
		if l.err != nil {
			broken = append(broken, l.err)
		}
		if l.File == nil {
			x.Errors = strings.Split(l.err.Error(), "\n")
			out = append(out, x)
			continue
		}
		x.Name = l.Layout.Name()
		for _, s := range l.Samples {
			sample := report.CheckedSample{Line: s.Line, Text: s.Text, OK: s.OK(), Problem: s.Problem}
			for _, o := range s.Outcomes {
				sample.Fields = append(sample.Fields, report.CheckedField(o))
			}
			x.Samples = append(x.Samples, sample)
		}
		out = append(out, x)
	}
	if len(broken) > 0 {
		return out, usage(errors.Join(broken...))
	}
	return out, nil
}

// coverages counts what is read of each input.
type coverages struct {
	layouts []*parser.Layout
	inputs  []*analyze.Coverage
}

func (c *coverages) input(in *analyze.Input) {
	c.inputs = append(c.inputs, analyze.NewCoverage(in, c.layouts))
}

func (c *coverages) record(_ *analyze.Input, r *parser.Record) error {
	c.inputs[len(c.inputs)-1].Add(r)
	return nil
}

func (c *coverages) skipped(_ *analyze.Input, s *parser.SyntaxError) {
	c.inputs[len(c.inputs)-1].AddSkipped(s)
}
