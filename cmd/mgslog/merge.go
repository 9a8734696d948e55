package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/analyze/aggfile"
	"mgslog/parser/source"
	"mgslog/report"
)

const (
	// aggregateForm is the value of --output for an aggregate.
	aggregateForm = "aggregate"
	// aggregateExt is how the names of aggregate files end.
	aggregateExt = ".mgslog"
)

// memoryMerge is memoryLimit for what holds aggregates: two of them, and the
// file of one, in every form at once.
const memoryMerge = 128 << 20

// memoryCompare is memoryLimit for what holds what is compared: a day and ten
// earlier ones, some 7 MB each if they are busy.
const memoryCompare = 128 << 20

// mergeFlags are the flags of merge.
type mergeFlags struct {
	out     outputFlags
	failOn  []string
	verbose bool
}

func newMerge(sys *system) *cobra.Command {
	var f mergeFlags
	cmd := &cobra.Command{
		Use:   "merge FILE...",
		Short: "Add up what analyze --save has kept: hosts into a fleet, days into weeks",
		Long: `Add up aggregates, which analyze --save has written, and print the report that
one run over all their logs would have printed. With -o week.mgslog, or --output
aggregate, the sum is kept as an aggregate itself; without a file, that is lines
of text on standard output, as analyze --save - writes them.

A FILE is an aggregate, or the output of several hosts in which such lines stand:
in any order, with other lines between and words before them. "-" is standard
input. Of a host in such output that failed, or whose aggregate is not whole, the
name is printed; the others are added up, and the exit code is 3. A FILE that is
foreign, truncated or damaged, or cannot be added, is an error: nothing is
written, and the exit code is 2.

What is in already is not added twice; a note says so. So the sum may be one of
the files. What was counted twice in another way, the same day of the same host
read at different times say, is an error.

Quantiles and numbers of users and devices are estimates, as they are of one run;
see the README. All else is exact.

A --fail-on condition is ` + analyze.ConditionHelp + `.

` + exitHelp,
		Example: `  mgslog merge gw1.mgslog gw2.mgslog
  mgslog merge -o 2026-W47.mgslog 2026-11-1?.mgslog 2026-11-2[012].mgslog
  pssh -i -h hosts 'mgslog analyze --save - gateway-error.log' | mgslog merge -`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, sys, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.out.form, "output", "", "form of the result: text, json or aggregate (default: text; aggregate for a file named *"+aggregateExt+")")
	complete(cmd, "output", mergeForms()...)
	flags.StringArrayVar(&f.failOn, "fail-on", nil, "exit with 1 if this holds: 'errors>5%', '4001>=100'; may be repeated")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "describe every code in full")
	outFlag(cmd, &f.out.path)
	return cmd
}

func mergeForms() []string { return append(report.Formats(), aggregateForm) }

func (f *mergeFlags) run(cmd *cobra.Command, sys *system, args []string) error {
	kept := f.out.form == aggregateForm
	if f.out.form == "" {
		f.out.form = report.Formats()[0]
		kept = filepath.Ext(f.out.path) == aggregateExt
	}
	if err := oneOf("output", f.out.form, mergeForms()...); err != nil {
		return err
	}
	if kept {
		f.out.form = report.Formats()[0] // of nothing
	}
	lang, opt, err := f.out.presentation(cmd, sys)
	if err != nil {
		return err
	}
	opt.Verbose = f.verbose
	conditions, err := parseConditions(f.failOn)
	if err != nil {
		return err
	}
	if err := oneStdin(args); err != nil {
		return err
	}
	if !kept {
		if err := notNamed("-o", f.out.path, args); err != nil {
			return err
		}
	}
	sys.limitMemory(memoryMerge, someGarbage)
	sum, outcome := mergeAll(cmd.Context(), sys, args)
	if sum == nil {
		return outcome
	}
	summary := sum.Summary()
	if kept {
		host := saveFlags{host: sum.Head.Host}
		path := f.out.path
		if path == "" {
			path = source.Stdin
		}
		err = writeSaved(sys, path, host.name(sys), sum)
	} else {
		model := report.Build(summary, report.Options{Lang: lang, Generator: generator(), Filters: sum.Head.Filters})
		err = write(sys, f.out.path, func(w io.Writer) error { return model.Write(w, f.out.form, opt) })
	}
	if err != nil {
		return err
	}
	return checkConditions(conditions, summary, outcome)
}

// mergeAll adds up all inputs. It returns nil with an error that carries its
// exit code, or the sum and what is missing in it: hosts, and what had been
// missing on a host already.
func mergeAll(ctx context.Context, sys *system, names []string) (*analyze.Saved, error) {
	m := merging{sys: sys}
	var bad []error // inputs
	for _, name := range names {
		if err := m.input(ctx, name); err != nil {
			bad = append(bad, err)
		}
	}
	var i interrupted
	switch {
	case errors.As(errors.Join(bad...), &i):
		return nil, exit{interruptCode(i.signal), i}
	case len(bad) > 0:
		return nil, exit{exitUsage, errors.Join(append(m.hosts, bad...)...)}
	case m.sum == nil:
		return nil, exit{exitUsage, errors.Join(append(m.hosts, errNothing)...)}
	}
	partial := m.hosts
	for _, in := range m.sum.Summary().Inputs {
		if in.Err != nil {
			partial = append(partial, in.Err)
		}
	}
	if len(partial) > 0 {
		return m.sum, exit{exitPartial, errors.Join(partial...)}
	}
	return m.sum, nil
}

// merging is a sum in the making.
type merging struct {
	sys   *system
	sum   *analyze.Saved // nil as long as there is nothing
	hosts []error        // that are missing, or of which something is
}

// input adds an input: a file, or the hosts in a stream. The error is that of
// the input, and names it.
func (m *merging) input(ctx context.Context, name string) error {
	return readAggregates(ctx, m.sys, name,
		func(host string, s *analyze.Saved) error {
			if m.sum == nil {
				m.sum = s
				return nil
			}
			err := m.sum.Merge(s)
			if !errors.Is(err, analyze.ErrMerged) {
				return err
			}
			if host != "" {
				host += " in "
			}
			fmt.Fprintln(m.sys.stderr, "mgslog: note:", report.Printable(host+name), "is not added:", err)
			return nil
		},
		func(host error) { m.hosts = append(m.hosts, host) })
}

// readAggregates reads an input that holds an aggregate, or a stream of text
// with those of hosts, and calls add with each; for a file, without a host. Of a
// host whose aggregate is not whole or cannot be read, or that add refuses, it
// calls bad; the error returned is that of anything else. Each names the input.
func readAggregates(ctx context.Context, sys *system, name string, add func(host string, s *analyze.Saved) error, bad func(error)) error {
	if name == source.Stdin {
		// pssh loses output when it has to wait for its reader, see
		// TestPssh. A wide pipe holds what some hosts have to say.
		source.WidenPipe(sys.stdin)
	}
	src, err := source.Open(ctx, name, sys.stdin)
	if err != nil {
		return err
	}
	defer src.Close()
	in := bufio.NewReader(src.Bytes())
	start, err := in.Peek(64)
	if err == nil || errors.Is(err, io.EOF) {
		if aggfile.Is(start) {
			err = loadOne(in, "", add)
		} else {
			err = loadHosts(in, name, add, bad)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func loadOne(r io.Reader, host string, add func(string, *analyze.Saved) error) error {
	s, err := analyze.Load(r)
	if err != nil {
		return err
	}
	return add(host, s)
}

func loadHosts(r io.Reader, name string, add func(string, *analyze.Saved) error, bad func(error)) error {
	wrong := func(e *aggfile.HostError) { bad(fmt.Errorf("%s: %w", name, e)) }
	hosts, err := aggfile.ReadText(r, func(host string, file []byte) error {
		if err := loadOne(bytes.NewReader(file), host, add); err != nil {
			wrong(&aggfile.HostError{Host: host, Err: err})
		}
		return nil
	})
	for _, h := range hosts {
		wrong(h)
	}
	return err
}
