package main

import (
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"
)

// stateDirFlag is the flag of the commands that keep or read what is remembered
// from day to day.
func stateDirFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "state-dir", "", "directory of what is remembered from day to day (default: $XDG_STATE_HOME/mgslog, else ~/.local/state/mgslog)")
}

// stateDir returns the path of the state directory: the one that was named, or
// the user's own, after the XDG Base Directory Specification 0.8.
func stateDir(sys *system, named string) (string, error) {
	if named != "" {
		return named, nil
	}
	state := sys.env("XDG_STATE_HOME")
	if !filepath.IsAbs(state) { // the specification says that others are to be ignored
		home := sys.env("HOME")
		if home == "" {
			return "", usage(errors.New("neither XDG_STATE_HOME nor HOME is set: name a directory with --state-dir"))
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "mgslog"), nil
}
