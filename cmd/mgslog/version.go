package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(sys *system) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and Go version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v, c := version, commit
			// Built by a plain go install: the module knows its version.
			if info, ok := debug.ReadBuildInfo(); ok && v == "unknown" && info.Main.Version != "" {
				v = info.Main.Version
			}
			_, err := fmt.Fprintf(sys.stdout, "mgslog %s\ncommit %s\n%s %s/%s\n", v, c, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return written(err)
		},
	}
}

// written makes the error of writing the output one that says so.
func written(err error) error {
	if err == nil {
		return nil
	}
	return exit{exitOutput, fmt.Errorf("output not written: %w", err)}
}
