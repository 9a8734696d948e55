package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"mgslog/cmd/mgslog/statedir"
	"mgslog/parser"
	"mgslog/report"
)

// ackFlags are the flags of mgslog ack.
type ackFlags struct {
	state, until, note, remove string
	list                       bool
	out                        outputFlags
}

func newAck(sys *system) *cobra.Command {
	var f ackFlags
	cmd := &cobra.Command{
		Use:   "ack CODE|FINGERPRINT --note TEXT",
		Short: "Acknowledge known noise, so that the daily summary folds it",
		Long: `Acknowledge a result code or an exception as known: mgslog summary then tells of
it in one line, with who said so, when and why, and does not alarm for it.

CODE is a code as reports name it, 4001 or android:2; FINGERPRINT is that of an
exception as a summary prints it, e1-3f2a9c0b1d22. An acknowledgement holds for
good, or to the end of the day that --until names, in this machine's time zone.
One that is there already is replaced. One that is over stays on the list until
it is removed, and folds nothing.

The list, as it is then, is printed. Who acknowledges is taken from SUDO_USER,
USER or LOGNAME.`,
		Example: `  mgslog ack 4001 --until 2026-11-30 --note 'load test of team pay'
  mgslog ack e1-3f2a9c0b1d22 --note 'old app versions, fixed in 10.2'
  mgslog ack --list
  mgslog ack --remove 4001`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, sys, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.until, "until", "", "last day on which it holds, as 2026-11-30 (default: for good)")
	flags.StringVar(&f.note, "note", "", "why, in one line")
	flags.BoolVar(&f.list, "list", false, "only print the list")
	flags.StringVar(&f.remove, "remove", "", "take this code or fingerprint off the list")
	stateDirFlag(cmd, &f.state)
	f.out.register(cmd, "list")
	return cmd
}

// lockWait is how long a command waits for another run to be done with the state
// directory.
const lockWait = 10 * time.Second

func (f *ackFlags) run(cmd *cobra.Command, sys *system, args []string) error {
	lang, look, err := f.out.presentation(cmd, sys)
	if err != nil {
		return err
	}
	path, err := stateDir(sys, f.state)
	if err != nil {
		return err
	}
	removing := cmd.Flags().Changed("remove")
	adding := !f.list && !removing
	switch {
	case f.list && removing:
		err = errors.New("--list and --remove: want one of them")
	case !adding && (len(args) > 0 || cmd.Flags().Changed("note") || cmd.Flags().Changed("until")):
		err = errors.New("--list and --remove take no other code, no --note and no --until")
	case adding && len(args) == 0:
		err = errors.New("which code or fingerprint? (--list prints those that are acknowledged)")
	}
	if err != nil {
		return usage(err)
	}

	var change func(*statedir.Dir) error
	switch {
	case adding:
		ack, err := f.ack(sys, args[0])
		if err != nil {
			return usage(err)
		}
		change = func(d *statedir.Dir) error { return d.SetAck(ack) }
	case removing:
		key, err := ackKey(f.remove)
		if err != nil {
			return usage(fmt.Errorf("--remove %w", err))
		}
		change = func(d *statedir.Dir) error {
			err := d.RemoveAck(key)
			if errors.Is(err, fs.ErrNotExist) {
				return usage(fmt.Errorf("%s is not acknowledged", key))
			}
			return err
		}
	}
	acks, err := changeAcks(cmd.Context(), sys, path, change)
	if err != nil {
		return err
	}
	list := make([]report.Ack, len(acks))
	for i, a := range acks {
		list[i] = report.Ack(a)
	}
	l := report.BuildAckList(list, sys.now(), sys.local, lang)
	return write(sys, f.out.path, func(w io.Writer) error { return l.Write(w, f.out.form, look) })
}

// changeAcks changes the list in a state directory, unless change is nil, and
// returns it. The error carries its exit code.
func changeAcks(ctx context.Context, sys *system, path string, change func(*statedir.Dir) error) ([]statedir.Ack, error) {
	d, err := statedir.Open(path, change != nil)
	if change == nil && errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing was ever remembered
	}
	if err != nil {
		return nil, usage(err)
	}
	defer d.Close()
	if change != nil {
		unlock, err := d.Lock(ctx, lockWait, sys.now())
		if err == nil {
			defer unlock()
			err = change(d)
		}
		if signal := (interrupted{}); errors.As(err, &signal) {
			return nil, exit{interruptCode(signal.signal), err}
		}
		if err != nil && !errors.As(err, new(exit)) {
			err = exit{exitOutput, fmt.Errorf("nothing is changed: %w", err)}
		}
		if err != nil {
			return nil, err
		}
	}
	acks, err := d.Acks()
	if err != nil {
		return nil, usage(err)
	}
	return acks, nil
}

// ack returns the acknowledgement that the flags describe.
func (f *ackFlags) ack(sys *system, of string) (statedir.Ack, error) {
	now := sys.now().In(sys.local)
	ack := statedir.Ack{Note: strings.TrimSpace(f.note), By: "unknown", At: now.Truncate(time.Second)}
	var err error
	if ack.Key, err = ackKey(of); err != nil {
		return ack, err
	}
	if ack.Note == "" {
		return ack, errors.New("--note is missing: say why, so that others can tell whether it still holds")
	}
	for _, name := range []string{"LOGNAME", "USER", "SUDO_USER"} {
		if user := sys.env(name); user != "" {
			ack.By = user
		}
	}
	if f.until != "" {
		day, err := time.ParseInLocation(time.DateOnly, f.until, sys.local)
		if err != nil {
			return ack, fmt.Errorf("--until %q: want a day like 2026-11-30", f.until)
		}
		until := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, sys.local).Add(-time.Second)
		if until.Before(now) {
			return ack, fmt.Errorf("--until %s: that day is over", f.until)
		}
		ack.Until = &until
	}
	return ack, ack.Check()
}

// fingerprint matches the fingerprint of an exception: the version of the method,
// and a hash.
var fingerprint = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9.]+-[0-9a-f]{8,16}$`) })

// ackKey returns the key under which a code or a fingerprint is acknowledged.
func ackKey(text string) (string, error) {
	if key, ok := parseKey(text); ok {
		return key.String(), nil
	}
	if fingerprint().MatchString(text) {
		return text, nil
	}
	return "", fmt.Errorf("%.80q: want a code like 4001 or android:2, or a fingerprint like e1-3f2a9c0b1d22", text)
}

// parseKey reads a code as reports name it, see parser.Key.String.
func parseKey(text string) (parser.Key, bool) {
	platform, number, named := strings.Cut(text, ":")
	if !named {
		platform, number = parser.Server.String(), text
	}
	platforms := parser.Platforms()
	i := slices.IndexFunc(platforms, func(p parser.Platform) bool { return p.String() == platform })
	n, err := strconv.ParseUint(number, 10, 31)
	if i < 0 || err != nil {
		return parser.Key{}, false
	}
	return parser.Key{Platform: platforms[i], Code: parser.Code(n)}, true
}
