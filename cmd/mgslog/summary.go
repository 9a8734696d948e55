package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/cmd/mgslog/deliver"
	"mgslog/parser/source"
	"mgslog/report"
)

// summaryFlags are the flags of summary.
type summaryFlags struct {
	read      readFlags
	date      string
	form      string
	out       []string
	save      saveFlags
	state     string // the directory
	retention string
	replace   bool
	cron      bool
	changed   bool
	failOn    []string
	deliver   deliverFlags
	crontab   bool
	systemd   bool
	verbose   bool
	jobs      jobs
	memory    string
}

func newSummary(sys *system) *cobra.Command {
	var f summaryFlags
	cmd := &cobra.Command{
		Use:   "summary [FILE|DIR]...",
		Short: "Sum up a day, a week or a month, and say what changed",
		Long: `Sum up one day (yesterday, unless --date says otherwise), week or month: the
totals beside those of the day before and of the same weekday before, what
changed, what is new, whose job it is and what to do. For cron, see --cron.

Of the logs only what the period needs is read: a log that is named stands for
its rotations too, and in big files the day is searched by time. Without FILE,
the logs at their usual places under ~/logs are read. FILE may also be an
aggregate of a day, of mgslog merge or --save: then the period and what it is
compared with are looked for among the files, and not in the state directory. So
a fleet is summed up.

What was counted is kept in the state directory, one aggregate a day and host.
There mgslog finds the days to compare with, without reading their logs again;
what it lacks is read from the logs, if these still have it.

What changed is told from counts in comparable hours, by a test that knows how
much days differ from each other. At most 1 % of what is told is chance.

` + deliverHelp + `

` + exitHelp,
		Example: `  mgslog summary
  mgslog summary --date 2026-11-20 ~/logs/gateway/gateway-page-digest.log
  mgslog summary --cron --mail-to ops@example.com
  mgslog summary -o day.txt -o day.json -o day.html
  mgslog summary --date 2026-W47 --lang zh
  mgslog summary --print-crontab`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, sys, args) },
	}
	f.read.registerReading(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.date, "date", "yesterday", "the period: yesterday, today, a day (2026-11-20), a week (2026-W47) or a month (2026-11), in the log's zone")
	flags.StringVar(&f.form, "output", "text", "form of the summary: "+strings.Join(report.DailyFormats(), ", "))
	complete(cmd, "output", report.DailyFormats()...)
	flags.StringArrayVarP(&f.out, "out", "o", nil, "write to this file instead of standard output, in the form that its ending says (.txt, .json, .html; else --output's); may be repeated")
	flags.BoolVar(&f.cron, "cron", false, "print nothing, and send nothing, unless a --fail-on condition is met or something changed that needs a person")
	flags.BoolVar(&f.changed, "changed", false, "exit with 1 if something changed that needs a person; with --cron and no --fail-on this goes without saying")
	flags.StringArrayVar(&f.failOn, "fail-on", nil, "exit with 1 if this holds: 'errors>5%', '4001>=100'; may be repeated")
	stateDirFlag(cmd, &f.state)
	flags.StringVar(&f.retention, "retention", "400d", "how long days are kept in the state directory, of all hosts; at least 29d")
	flags.BoolVar(&f.replace, "replace", false, "replace what the state directory has of the day even by what holds less")
	f.deliver.register(cmd)
	flags.BoolVar(&f.crontab, "print-crontab", false, "print a crontab line for this command, and end")
	flags.BoolVar(&f.systemd, "print-systemd", false, "print a systemd service and timer for this command, and end")
	flags.BoolVar(&f.read.stress, "include-stress", false, "count stress-test traffic too")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "leave nothing out for the sake of brevity")
	jobsFlag(cmd, &f.jobs)
	memoryFlag(cmd, &f.memory)
	f.save.register(cmd)
	return cmd
}

// memoryFlag is the flag --max-memory of the commands that count.
func memoryFlag(cmd *cobra.Command, memory *string) {
	cmd.Flags().StringVar(memory, "max-memory", strings.ReplaceAll(humanize.Bytes(analyze.DefaultMemory), " ", ""), "memory for the keys that are counted (operationTypes, hosts, ...); when it is full, the rarest are folded together, and the report says so")
}

func (f *summaryFlags) run(cmd *cobra.Command, sys *system, args []string) error {
	if f.crontab || f.systemd {
		return f.printSchedule(cmd, sys, args)
	}
	ctx := cmd.Context()
	lang, err := language(cmd, sys)
	if err != nil {
		return err
	}
	conditions, err := parseConditions(f.failOn)
	if err != nil {
		return err
	}
	if err := errors.Join(f.check(cmd), f.deliver.check(sys)); err != nil {
		return err
	}
	d, err := f.days(cmd, sys, args)
	if err != nil {
		return err
	}
	defer d.close()
	now, err := d.target(ctx)
	if err != nil {
		return err
	}
	in, err := d.compare(ctx, now, lang)
	if err != nil {
		return err
	}
	daily := report.BuildDaily(*in)
	partial := now.outcome
	if partial == nil && (now.beginsLate != nil || now.endsEarly != nil || len(now.missing)+len(now.part) > 0) {
		partial = exit{exitPartial, nil} // the summary itself says what is missing
	}
	if _, err := d.unread(); err != nil {
		partial = exit{exitPartial, errors.Join(partial, err)}
	}
	outcome := checkConditions(conditions, in.Summary, partial)
	if len(daily.Attention) > 0 && (f.changed || f.cron && len(conditions) == 0) && (outcome == nil || exitCode(outcome) == exitPartial) {
		outcome = exit{exitCondition, outcome}
	}
	quiet := f.cron && outcome == nil // of what is missing somebody must know, whatever the conditions
	failed := errors.Join(d.keep(ctx, quiet), f.write(cmd, sys, daily, in, now, quiet))
	switch {
	case failed != nil:
		return exit{exitOutput, errors.Join(failed, outcome)}
	case quiet:
		return nil
	}
	return outcome
}

// check refuses flags that do not go together, before anything is read.
func (f *summaryFlags) check(cmd *cobra.Command) error {
	if err := oneOf("output", f.form, report.DailyFormats()...); err != nil {
		return err
	}
	for i, path := range f.out {
		if err := f.save.check(path); err != nil {
			return err
		}
		for _, other := range f.out[:i] {
			if filepath.Clean(path) == filepath.Clean(other) {
				return usage(fmt.Errorf("-o %s is named twice", path))
			}
		}
	}
	if f.save.path == "-" && len(f.out) == 0 && cmd.Flags().Changed("output") {
		return usage(errSaveStdout)
	}
	return nil
}

// formOf returns the form of an output by its ending.
func (f *summaryFlags) formOf(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".txt":
		return "text"
	case ".json":
		return "json"
	case ".html", ".htm":
		return "html"
	}
	return f.form
}

// write writes the summary to all places that were asked for. When it is quiet,
// these are only the files.
func (f *summaryFlags) write(cmd *cobra.Command, sys *system, daily *report.Daily, in *report.DailyInput, now *dayRead, quiet bool) error {
	var errs []error
	options := func(path string) (report.TextOptions, error) {
		colored, err := color(cmd, sys, path != "")
		return report.TextOptions{Width: textWidth(sys, path != ""), Color: colored, Verbose: f.verbose}, err
	}
	out := f.out
	if len(out) == 0 && !quiet && f.save.path != "-" {
		out = []string{""}
	}
	for _, path := range out {
		opt, err := options(path)
		if err != nil {
			return err
		}
		errs = append(errs, write(sys, path, func(w io.Writer) error { return daily.Write(w, f.formOf(path), opt) }))
	}
	if f.save.path != "" {
		errs = append(errs, f.save.write(sys, now.saved))
	}
	if !quiet {
		errs = append(errs, f.send(cmd.Context(), sys, daily, in))
	}
	return errors.Join(errs...)
}

// send mails and posts the summary.
func (f *summaryFlags) send(ctx context.Context, sys *system, daily *report.Daily, in *report.DailyInput) error {
	if !f.deliver.wanted() {
		return nil
	}
	form := func(write func(io.Writer) error) string {
		var b strings.Builder
		_ = write(&b) // a Builder takes all
		return b.String()
	}
	opt, file := report.TextOptions{Width: 80, Verbose: f.verbose}, ""
	if len(f.out) > 0 {
		if info, err := os.Stat(f.out[0]); err == nil && info.Mode().IsRegular() {
			file = f.out[0] // and not /dev/stdout
		}
	}
	return f.deliver.deliver(ctx, sys, deliver.Message{
		Subject: daily.Subject, Cut: daily.CutNote(), Date: in.Now,
		Text:  form(func(w io.Writer) error { return daily.Text(w, opt) }),
		HTML:  form(func(w io.Writer) error { return daily.HTML(w, opt) }),
		Short: form(func(w io.Writer) error { return daily.Short(w, file) }),
	})
}

// printSchedule prints what makes a host sum up each day by itself.
func (f *summaryFlags) printSchedule(cmd *cobra.Command, sys *system, args []string) error {
	if f.crontab && f.systemd {
		return usage(errors.New("--print-crontab and --print-systemd: one at a time"))
	}
	if f.date != "yesterday" && f.date != "today" {
		return usage(fmt.Errorf("--date %s: each run would sum up the same; want yesterday or today", f.date))
	}
	// Whether it can be delivered is found out where it runs.
	if err := f.check(cmd); err != nil {
		return err
	}
	program, err := sys.program()
	if err != nil {
		return exit{exitUsage, fmt.Errorf("the path of this program is not known: %w", err)}
	}
	line := slices.Clone(sys.args)
	for i, arg := range line { // cron starts in another directory
		if !slices.Contains(args, arg) || arg == source.Stdin {
			continue
		}
		if line[i], err = filepath.Abs(arg); err != nil {
			return exit{exitUsage, err}
		}
	}
	c := newContrib(sys, program, line)
	c.mails = f.deliver.mails()
	for _, path := range append(slices.Clone(f.out), f.save.path, f.state) {
		if path == "" || path == "-" {
			continue
		}
		if !filepath.IsAbs(path) {
			return usage(fmt.Errorf("%s: want a whole path, since cron and systemd start in another directory", path))
		}
		if path != f.state {
			path = filepath.Dir(path)
		}
		c.writes = append(c.writes, path)
	}
	err = write(sys, "", func(w io.Writer) error {
		if f.crontab {
			return printCrontab(w, c)
		}
		return printSystemd(w, c)
	})
	if err != nil && exitCode(err) != exitOutput {
		err = usage(err)
	}
	return err
}
