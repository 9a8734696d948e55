package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/report"
)

// tailFlags are the flags of mgslog tail.
type tailFlags struct {
	readFlags
	follow, all, errors, verbose bool
	records                      string
	output, state                string
	poll, idle, grace            time.Duration
	summary, lasting             time.Duration
	until                        []string
}

func newTail(sys *system) *cobra.Command {
	var flags tailFlags
	cmd := &cobra.Command{
		Use:   "tail [FILE|DIR]...",
		Short: "Show failures as they are logged, with their meaning",
		Long: `Show the failures in logs, the last ones and, with --follow, those to come, each
as soon as its record is complete: time, result code, title, who must act,
operationType, trace id and the first words. The first time a code comes, its
cause and remedy stand below it. Equal records that come in a burst are counted,
and shown as one line.

With --follow, logs are read on through rotation by renaming, by copying and
truncating, and through deletion; files that do not exist yet are waited for, and
new logs of a directory are picked up. On a terminal a status shows the counts of
the last 1, 5 and 15 minutes; elsewhere --summary prints them. No line is lost or
shown twice, as long as rotation keeps a file until it has been read; what is
lost is said. A reader who is slow makes it wait.

With --state FILE the next run goes on where this one ended: through rotations,
and from archives that were made meanwhile. If a run is killed, the records that
it wrote since it last saved, every second (with text every 5 seconds), come again,
with the same event_id.

Without FILE, the logs at their usual places under ~/logs are read. "-" is
standard input. Filters are those of analyze.

Signals: SIGINT and SIGTERM print the summary and end, SIGUSR1 prints it, SIGHUP
looks for files anew.

` + tailExitHelp,
		Example: `  mgslog tail --follow
  mgslog tail -f -n 0 --side service ~/logs/gateway
  mgslog tail -f --output json --state ~/.mgslog-tail gateway-error.log | consumer
  mgslog tail -f --for 10m --until-code 5000 gateway-error.log`,
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := newTailer(cmd, sys, &flags, args)
			if err != nil {
				return err
			}
			return t.run(cmd.Context())
		},
	}
	flags.register(cmd)
	f := cmd.Flags()
	f.BoolVarP(&flags.follow, "follow", "f", false, "go on with what is written to the logs")
	f.StringVarP(&flags.records, "lines", "n", "10", "begin with so many of the last records of each log, of those that are shown; or \"all\"")
	f.BoolVar(&flags.errors, "errors", true, "show failures only")
	f.BoolVar(&flags.all, "all", false, "show successes too")
	f.BoolVarP(&flags.verbose, "verbose", "v", false, "show with each record its cause and remedy, and the record itself")
	f.StringVar(&flags.output, "output", "text", "form of the records: text, or json as by mgslog export")
	f.StringVar(&flags.state, "state", "", "keep in this file how far the logs were read, and go on from there")
	f.DurationVar(&flags.idle, "idle", 500*time.Millisecond, "take a record for complete when its log has not grown for so long")
	f.DurationVar(&flags.poll, "poll", 100*time.Millisecond, "look at the logs so often")
	f.DurationVar(&flags.grace, "grace", 30*time.Second, "keep a log that was rotated away open until it has not grown for so long")
	f.DurationVar(&flags.summary, "summary", 0, "print the summary so often (default: never)")
	f.DurationVar(&flags.lasting, "for", 0, "end after this time")
	f.StringSliceVar(&flags.until, "until-code", nil, "end when one of these result codes has come")
	f.BoolVar(&flags.stress, "include-stress", false, "show stress-test traffic too")
	cmd.MarkFlagsMutuallyExclusive("all", "errors")
	complete(cmd, "output", report.Formats()...)
	return cmd
}

const tailExitHelp = `Exit codes:
  0    done: the records were shown, --for is over, or --until-code has come
  1    --for is over and --until-code has not come
  2    the usage is wrong, or nothing could be read
  3    partial: something was lost, or could not be read; it was said where
  4    the output could not be written
  130  interrupted (SIGINT), 143 terminated (SIGTERM); the summary is printed`

// allRecords stands for -n all.
const allRecords = -1

// check reads the values of the flags that need it.
func (f *tailFlags) check() (records int, until analyze.CodeSet, err error) {
	if f.records == "all" {
		records = allRecords
	} else if n, e := strconv.Atoi(f.records); e != nil || n < 0 {
		err = fmt.Errorf("--lines %q: want a number or all", f.records)
	} else {
		records = n
	}
	err = errors.Join(err, oneOf("output", f.output, report.Formats()...))
	for _, d := range []struct {
		flag  string
		value time.Duration
		least time.Duration
	}{
		{"poll", f.poll, time.Millisecond},
		{"idle", f.idle, time.Millisecond},
		{"grace", f.grace, time.Millisecond},
		{"summary", f.summary, 0},
		{"for", f.lasting, 0},
	} {
		if d.value < d.least {
			err = errors.Join(err, fmt.Errorf("--%s %s: too short", d.flag, d.value))
		}
	}
	until, e := analyze.ParseCodes(f.until)
	if e != nil {
		err = errors.Join(err, fmt.Errorf("--until-code: %w", e))
	}
	if !f.follow && slices.Contains([]bool{f.lasting > 0, len(f.until) > 0, f.summary > 0}, true) {
		err = errors.Join(err, errors.New("--for, --until-code and --summary are for --follow"))
	}
	if err != nil {
		err = usage(err)
	}
	return records, until, err
}
