package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/cmd/mgslog/statedir"
	"mgslog/parser"
	"mgslog/report"
)

// historyFlags are the flags of mgslog history.
type historyFlags struct {
	state, until string
	days         int
	codes, hosts []string
	verbose      bool
	out          outputFlags
}

// maxHistoryDays bounds --days: ten years.
const maxHistoryDays = 3660

// maxUnread is how many files that could not be read are named.
const maxUnread = 10

func newHistory(sys *system) *cobra.Command {
	var f historyFlags
	cmd := &cobra.Command{
		Use:   "history",
		Short: "Show how often each code came, day by day",
		Long: `Show how often each result code came, day by day, from what mgslog summary keeps
in the state directory; no log is read. Several hosts are added up. A day that is
not on record is shown as such, not as one without failures.

The change compares the last day on record with the mean of the days before it
that were read whole, on the same hosts.

` + exitHelp,
		Example: `  mgslog history
  mgslog history --days 90 --code 4001,7xxx
  mgslog history --host gw-1 --until 2026-10-31 --output json | jq .failures.counts`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd, sys) },
	}
	flags := cmd.Flags()
	flags.IntVar(&f.days, "days", 30, "so many days")
	flags.StringVar(&f.until, "until", "", "the last of them, as 2026-11-20 (default: today if it is on record, else yesterday)")
	flags.StringSliceVar(&f.codes, "code", nil, "only these codes: 4001, 7xxx, 6000-6007, !1000")
	flags.StringSliceVar(&f.hosts, "host", nil, "only these hosts (default: all on record)")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show all codes, however many")
	stateDirFlag(cmd, &f.state)
	f.out.register(cmd, "history")
	return cmd
}

func (f *historyFlags) run(cmd *cobra.Command, sys *system) error {
	lang, look, err := f.out.presentation(cmd, sys)
	if err != nil {
		return err
	}
	look.Verbose = f.verbose
	in := report.HistoryInput{Lang: lang, Generator: generator()}
	if in.Codes, err = analyze.ParseCodes(f.codes); err != nil {
		return usage(fmt.Errorf("--code: %w", err))
	}
	if f.days < 1 || f.days > maxHistoryDays {
		return usage(fmt.Errorf("--days %d: want 1 to %d", f.days, maxHistoryDays))
	}
	path, err := stateDir(sys, f.state)
	if err != nil {
		return err
	}
	d, err := statedir.Open(path, false)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w; mgslog summary writes it", err)
	}
	if err != nil {
		return usage(err)
	}
	defer d.Close()

	unread := &unreadFiles{}
	records, err := f.records(d, unread)
	if err != nil {
		return usage(err)
	}
	last, err := f.lastDay(sys, records)
	if err != nil {
		return usage(err)
	}
	known := 0
	for i := f.days - 1; i >= 0; i-- {
		date := last.AddDate(0, 0, -i).Format(time.DateOnly)
		day := addUp(d, date, records, unread)
		known += min(len(day.Hosts), 1)
		in.Days = append(in.Days, day)
	}
	if known == 0 {
		return usage(errors.Join(fmt.Errorf("%s: nothing is on record from %s to %s", path, in.Days[0].Date, in.Days[f.days-1].Date), unread.err()))
	}
	h := report.BuildHistory(&in)
	if err := write(sys, f.out.path, func(w io.Writer) error { return h.Write(w, f.out.form, look) }); err != nil {
		return err
	}
	if err := unread.err(); err != nil {
		return exit{exitPartial, err}
	}
	return nil
}

// hostRecord is a host with the days that are on record of it, in order.
type hostRecord struct {
	host string
	days []string
}

// records lists what is on record of the hosts asked for.
func (f *historyFlags) records(d *statedir.Dir, unread *unreadFiles) ([]hostRecord, error) {
	hosts, err := d.Hosts()
	unread.add(err)
	for _, host := range f.hosts {
		if !slices.Contains(hosts, host) {
			return nil, fmt.Errorf("--host %q: nothing is on record of it", host)
		}
	}
	var records []hostRecord
	for _, host := range hosts {
		if len(f.hosts) > 0 && !slices.Contains(f.hosts, host) {
			continue
		}
		days, err := d.Days(host)
		unread.add(err)
		records = append(records, hostRecord{host, days})
	}
	return records, nil
}

// lastDay returns the last day to be shown. Its time of day is noon, so that days
// can be counted from it in any zone.
func (f *historyFlags) lastDay(sys *system, records []hostRecord) (time.Time, error) {
	if f.until != "" {
		day, err := time.Parse(time.DateOnly, f.until)
		if err != nil {
			return day, fmt.Errorf("--until %q: want a day like 2026-11-20", f.until)
		}
		return day.Add(12 * time.Hour), nil
	}
	now := sys.now().In(sys.local)
	today := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.UTC)
	for _, r := range records {
		if slices.Contains(r.days, today.Format(time.DateOnly)) {
			return today, nil
		}
	}
	return today.AddDate(0, 0, -1), nil
}

// addUp adds up what is on record of a day over the hosts. A file that cannot be
// read is noted, and as if it were not there.
func addUp(d *statedir.Dir, date string, records []hostRecord, unread *unreadFiles) report.DayOnRecord {
	day := report.DayOnRecord{Date: date, Whole: true, Codes: map[parser.Key]int64{}}
	for _, r := range records {
		if _, found := slices.BinarySearch(r.days, date); !found {
			continue
		}
		head, err := readHead(d, r.host, date)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a run that is at work has removed it meanwhile
		}
		if err != nil {
			unread.add(err)
			continue
		}
		day.Hosts = append(day.Hosts, r.host)
		day.Whole = day.Whole && head.Whole
		day.Calls += head.Totals.Coded
		day.Failures += head.Totals.Failures - head.Totals.Harmless
		for _, c := range head.Codes {
			if key, ok := parseKey(c.Code); ok {
				day.Codes[key] += c.Count
			}
		}
	}
	return day
}

// readHead reads the beginning of the aggregate of a day and host.
func readHead(d *statedir.Dir, host, date string) (*analyze.Brief, error) {
	file, err := d.Open(host, date)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head, err := analyze.ReadBrief(file)
	if err == nil && (head.Host != host || head.Label != date) {
		err = fmt.Errorf("it is that of host %q, %q", head.Host, head.Label)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.Name(), err)
	}
	return head, nil
}

// unreadFiles collects why files could not be read, the first of them.
type unreadFiles struct {
	errs []error
	more int
}

func (u *unreadFiles) add(err error) {
	switch {
	case err == nil:
	case len(u.errs) < maxUnread:
		u.errs = append(u.errs, err)
	default:
		u.more++
	}
}

func (u *unreadFiles) err() error {
	if u.more > 0 {
		return errors.Join(append(u.errs, fmt.Errorf("and %d more files could not be read", u.more))...)
	}
	return errors.Join(u.errs...)
}
