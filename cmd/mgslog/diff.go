package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/analyze/aggfile"
	"mgslog/analyze/change"
	"mgslog/parser/source"
	"mgslog/report"
)

// diffFlags are the flags of diff.
type diffFlags struct {
	read    readFlags
	out     outputFlags
	changed bool
	verbose bool
	jobs    jobs
	memory  string
}

func newDiff(sys *system) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two logs, reports or aggregates, and say what changed",
		Long: `Compare A, the earlier or the usual, with B. Each may be a log (or a directory
of them), an aggregate of mgslog merge or --save, or a report that analyze
--output json has written.

What changed is told as summary tells it: from counts in the hours of the day
that both have, by a test that knows how much days differ. A report in JSON has
no hours: then only the totals by code stand beside each other.

` + exitHelp,
		Example: `  mgslog diff 2026-11-19.mgslog 2026-11-20.mgslog
  mgslog diff gateway-error.log.2026-11-19.gz gateway-error.log
  mgslog diff --output json before.json after.json | jq .changes`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, sys, args) },
	}
	f.read.registerReading(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.read.stress, "include-stress", false, "count stress-test traffic too")
	flags.BoolVar(&f.changed, "changed", false, "exit with 1 if something changed for the worse")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "leave nothing out for the sake of brevity")
	jobsFlag(cmd, &f.jobs)
	memoryFlag(cmd, &f.memory)
	f.out.register(cmd, "comparison")
	return cmd
}

func (f *diffFlags) run(cmd *cobra.Command, sys *system, args []string) error {
	lang, opt, err := f.out.presentation(cmd, sys)
	if err != nil {
		return err
	}
	opt.Verbose = f.verbose
	keys, err := parseMemory(f.memory)
	if err != nil {
		return usage(fmt.Errorf("--max-memory: %w", err))
	}
	if err := oneStdin(args); err != nil {
		return err
	}
	if err := notNamed("-o", f.out.path, args); err != nil {
		return err
	}
	sys.limitMemory(memoryMerge, someGarbage)
	var sides [2]report.EarlierPeriod
	var outcome error
	for i, name := range args {
		s, err := f.side(cmd.Context(), sys, name, keys)
		if s == nil {
			return err
		}
		outcome = errors.Join(outcome, err)
		sides[i] = report.EarlierPeriod{Label: name, Summary: s}
	}
	in := report.DiffInput{Lang: lang, Generator: generator(), A: sides[0], B: sides[1]}
	if a, b := sides[0].Summary.Detail, sides[1].Summary.Detail; a != nil && b != nil {
		found := change.Compare(&b.Span, []*change.Span{&a.Span}, change.Options{})
		in.Findings, in.FindingsCut, in.CommonHours = found.Findings, found.Cut, bits.OnesCount32(found.Hours)
		in.FalseDiscoveryRate = change.DefaultQ
	}
	diff := report.BuildDiff(in)
	if err := write(sys, f.out.path, func(w io.Writer) error { return diff.Write(w, f.out.form, opt) }); err != nil {
		return err
	}
	if f.changed && diff.Verdict.Kind == report.VerdictWorse {
		return exit{exitCondition, outcome}
	}
	return outcome
}

// side returns what one of the two has counted. The error tells, with its exit
// code, what is missing in it; without a Summary, that there is none.
func (f *diffFlags) side(ctx context.Context, sys *system, name string, keys int) (*analyze.Summary, error) {
	switch kind := kindOfFile(name); kind {
	case aggregateFile:
		s, err := loadAggregate(name)
		if err != nil {
			return nil, err
		}
		return s.Summary(), nil
	case reportFile:
		file, err := os.Open(name)
		if err != nil {
			return nil, usage(err)
		}
		defer file.Close()
		s, err := report.Read(file)
		if err != nil {
			return nil, usage(fmt.Errorf("%s: %w", name, err))
		}
		return s, nil
	}
	r, err := f.read.plan(ctx, sys, []string{name}, f.out.path)
	if err != nil {
		return nil, err
	}
	r.progress = newProgress(sys, r.inputs)
	agg := analyze.New(analyze.Config{Location: r.zone, Filter: r.filter, MaxKeys: keys, Detail: true})
	outcome := r.outcome(r.aggregate(ctx, agg, f.jobs.start(sys, true)))
	if code := exitCode(outcome); code == exitUsage || code >= exitInterrupted {
		return nil, outcome
	}
	return agg.Summary(), outcome
}

// fileKind is what an argument of a command that takes results is.
type fileKind int

const (
	otherFile     fileKind = iota // logs, or what cannot be read
	aggregateFile                 // of package aggfile
	reportFile                    // a report as JSON
)

// kindOfFile tells by the first bytes of a file what it is.
func kindOfFile(path string) fileKind {
	if path == source.Stdin {
		return otherFile
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return otherFile
	}
	file, err := os.Open(path)
	if err != nil {
		return otherFile
	}
	defer file.Close()
	start, _ := bufio.NewReaderSize(file, 256).Peek(256)
	switch {
	case aggfile.Is(start):
		return aggregateFile
	case report.Is(start):
		return reportFile
	}
	return otherFile
}
