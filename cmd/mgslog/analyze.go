package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/parser"
	"mgslog/report"
)

// analyzeFlags are the flags of analyze beside those of all reading commands.
type analyzeFlags struct {
	read    readFlags
	window  string
	out     outputFlags
	save    saveFlags
	failOn  []string
	verbose bool
	jobs    jobs
	memory  string
}

func newAnalyze(sys *system) *cobra.Command {
	var f analyzeFlags
	cmd := &cobra.Command{
		Use:   "analyze [FILE]...",
		Short: "Report which result codes occurred, why, and what to do",
		Long: `Read logs and report which result codes occurred, how often and since when,
what causes each, whose job it is and what to do.

Without FILE, the logs at their usual places under ~/logs are read. "-" is
standard input. A directory stands for the MGS logs in it and their rotations,
oldest first; a pattern in quotes for what it matches. The same content is read
once. gzip, zstd, bzip2 and xz are undone, whatever the names, and GB18030, GBK
and UTF-16 are read as text, see --encoding.

The format is found out from the content:
` + formatHelp() + `
A log of another layout is described by a YAML file, see --layout and
mgslog check --help.

Stress-test traffic (a digest's own flag) is counted apart.

A --fail-on condition is ` + analyze.ConditionHelp + `.

` + exitHelp,
		Example: `  mgslog analyze ~/logs/gateway/gateway-error.log
  mgslog analyze --since 02:00 --until 04:00 gateway-page-digest.log
  mgslog analyze --code 4001,7xxx --operation 'com.acme.pay.*' gateway-page-digest.log
  mgslog analyze --output json gateway-error.log.gz | jq .totals
  mgslog analyze --fail-on 'errors>5%' --fail-on '4001>=100' -o report.txt *.log
  mgslog analyze --recursive ~/logs
  zcat old.gz | mgslog analyze --lang zh -`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, sys, args) },
	}
	f.read.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.window, "window", "", "width of a time window: 30s, 5m, 1h, 1d (default: chosen so that there are 24 to 60)")
	flags.BoolVar(&f.read.stress, "include-stress", false, "count stress-test traffic too")
	flags.StringArrayVar(&f.failOn, "fail-on", nil, "exit with 1 if this holds: 'errors>5%', '4001>=100'; may be repeated")
	jobsFlag(cmd, &f.jobs)
	memoryFlag(cmd, &f.memory)
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "describe every code in full")
	f.out.register(cmd, "report")
	f.save.register(cmd)
	return cmd
}

// formatNotes say what the formats are that have no log of their own.
var formatNotes = map[parser.Format]string{
	parser.Stamped:    "any log whose records begin with a time stamp",
	parser.Logcat:     "an Android device's log",
	parser.IOSConsole: "the Xcode console",
	parser.Capture:    "responses: curl -i, dumps of headers, a client's exceptions",
	parser.HAR:        "exchanges as browsers, Charles and Fiddler export them",
}

// formatHelp lists the formats.
func formatHelp() string {
	var b strings.Builder
	for _, i := range parser.Formats() {
		what := i.File
		if what == "" {
			what = formatNotes[i.Format]
		}
		fmt.Fprintf(&b, "  %-20s %s\n", i.Name, what)
	}
	return b.String()
}

func (f *analyzeFlags) run(cmd *cobra.Command, sys *system, args []string) error {
	lang, opt, err := f.out.presentation(cmd, sys)
	if err != nil {
		return err
	}
	if err := f.save.check(f.out.path); err != nil {
		return err
	}
	printed := f.out.path != "" || f.save.path != "-" // else standard output is the aggregate's
	if !printed && cmd.Flags().Changed("output") {
		return usage(errSaveStdout)
	}
	cfg := analyze.Config{Detail: f.save.path != ""}
	if f.window != "" {
		if cfg.Window, err = parseDuration(f.window); err == nil && cfg.Window.Milliseconds() < 1000 {
			err = errors.New("want at least 1s")
		}
		if err != nil {
			return usage(fmt.Errorf("--window: %w", err))
		}
	}
	if cfg.MaxKeys, err = parseMemory(f.memory); err != nil {
		return usage(fmt.Errorf("--max-memory: %w", err))
	}
	conditions, err := parseConditions(f.failOn)
	if err != nil {
		return err
	}
	r, err := f.read.plan(cmd.Context(), sys, args, f.out.path)
	if err == nil {
		err = r.notInput("--save", f.save.path)
	}
	if err != nil {
		return err
	}
	cfg.Location, cfg.Filter = r.zone, r.filter
	r.opt.Lean = f.save.path == "" // users and client versions are counted then
	r.progress = newProgress(sys, r.inputs)
	agg := analyze.New(cfg)
	jobs := f.jobs.start(sys, cfg.Detail)
	ended := r.aggregate(cmd.Context(), agg, jobs)
	outcome := r.outcome(ended)
	if exitCode(outcome) == exitUsage {
		return outcome
	}
	if f.out.path != "" && exitCode(outcome) >= exitInterrupted {
		return exit{exitCode(outcome), fmt.Errorf("%w; %s is left as it was", outcome, f.out.path)}
	}
	summary := agg.Summary()
	model := report.Build(summary, report.Options{
		Lang: lang, Generator: generator(), Filters: f.read.described(cmd), Strict: f.read.strict, Files: r.files,
		Flags: f.read.reading(), Layouts: f.read.layouts,
	})
	opt.Verbose = f.verbose
	if printed {
		err = write(sys, f.out.path, func(w io.Writer) error { return model.Write(w, f.out.form, opt) })
		if err != nil {
			return err
		}
	}
	if f.save.path != "" {
		about := analyze.About{Generator: generator(), Host: f.save.name(sys), Filters: model.Filters, Whole: outcome == nil}
		for _, in := range r.inputs {
			about.Logs = append(about.Logs, in.Path)
		}
		saved, err := agg.Saved(about)
		if err == nil {
			err = f.save.write(sys, saved)
		}
		if err != nil {
			return err
		}
	}
	return checkConditions(conditions, summary, outcome)
}

// parseConditions reads the values of --fail-on.
func parseConditions(texts []string) (conditions []analyze.Condition, err error) {
	for _, text := range texts {
		c, err := analyze.ParseCondition(text)
		if err != nil {
			return nil, usage(fmt.Errorf("--fail-on: %w", err))
		}
		conditions = append(conditions, c)
	}
	return conditions, nil
}

// checkConditions returns the outcome of a command, with what conditions are
// met.
func checkConditions(conditions []analyze.Condition, summary *analyze.Summary, outcome error) error {
	for _, c := range conditions {
		if value, met := c.Met(summary); met {
			err := fmt.Errorf("condition met: %s (it is %s)", c, c.Format(value))
			if outcome == nil || exitCode(outcome) == exitPartial || exitCode(outcome) == exitCondition {
				outcome = exit{exitCondition, errors.Join(outcome, err)}
			}
		}
	}
	return outcome
}

// leastMemory is what --max-memory must be at least.
const leastMemory = 1_000_000

// parseMemory returns how many keys of a breakdown an amount of memory is for.
func parseMemory(text string) (keys int, err error) {
	n, err := humanize.ParseBytes(text)
	if err != nil || n < leastMemory {
		return 0, fmt.Errorf("%q: want an amount like 20MB or 64MiB, at least %s", text, humanize.Bytes(leastMemory))
	}
	return analyze.MaxKeys(n), nil
}

// textWidth returns how wide a text report may be: as the terminal, at least
// 80 columns where that is not known or a file is written.
func textWidth(sys *system, toFile bool) int {
	width := sys.stdoutWidth
	if width == 0 && !toFile { // a pager, say
		width, _ = strconv.Atoi(sys.env("COLUMNS"))
	}
	if toFile || width <= 0 {
		return 80
	}
	return max(width, 40)
}
