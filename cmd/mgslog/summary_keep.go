package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"mgslog/analyze"
	"mgslog/cmd/mgslog/statedir"
	"mgslog/report"
)

// keep brings the days that were read to the state directory, and removes those
// that are too old. Of those that it leaves as they were there it tells, unless it
// is quiet.
func (d *days) keep(ctx context.Context, quiet bool) error {
	if len(d.fresh) == 0 {
		return nil
	}
	dir, err := statedir.Open(d.path, true)
	if err != nil {
		return err
	}
	defer dir.Close()
	unlock, err := dir.Lock(ctx, lockWait, d.now)
	if err != nil {
		return err
	}
	defer unlock()
	var errs []error
	for _, day := range slices.Sorted(maps.Keys(d.fresh)) {
		fresh := d.fresh[day]
		old, err := dir.Get(d.host, day)
		switch {
		case err == nil && bytes.Equal(old, fresh.file):
			continue
		case err == nil && !d.f.replace:
			if s, err := analyze.Load(bytes.NewReader(old)); err == nil && d.is(day, &s.Head) == nil {
				if why := less(&fresh.head, &s.Head); why != "" {
					if !quiet {
						fmt.Fprintf(d.sys.stderr, "mgslog: note: the state keeps its %s of %s, %s; --replace replaces it\n", day, report.Printable(d.host), report.Printable(why))
					}
					continue
				}
			}
		}
		errs = append(errs, dir.Put(d.host, day, fresh.file)) // one day that cannot be replaced keeps no other away
	}
	_, err = dir.Prune(d.now.In(d.loc).Add(-d.retention).Format(dayLayout))
	return errors.Join(append(errs, err)...)
}

// less says what a day has less than the one that is kept; "" if nothing.
func less(fresh, old *analyze.Head) string {
	logs := logsOf(fresh)
	for _, log := range logsOf(old) {
		if !slices.Contains(logs, log) {
			return "which is of " + log + " too"
		}
	}
	if fresh.Totals.Records < old.Totals.Records {
		return fmt.Sprintf("which has %d records and not %d", old.Totals.Records, fresh.Totals.Records)
	}
	return ""
}
