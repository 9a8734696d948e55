package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func newVersion(sys *system) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and Go version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(sys.stdout, "mgslog %s\ncommit %s\n%s %s/%s\n", release(), commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return written(err)
		},
	}
}

// release returns the version, "unknown" if nothing tells it.
func release() string {
	// Built by a plain go install: the module knows its version.
	if info, ok := debug.ReadBuildInfo(); ok && version == unknown && strings.HasPrefix(info.Main.Version, "v") {
		return info.Main.Version
	}
	return version
}

// generator names the program and its version, if that is known.
func generator() string {
	if v := release(); v != unknown {
		return "mgslog " + v
	}
	return "mgslog"
}

// written makes the error of writing the output one that says so.
func written(err error) error {
	if err == nil {
		return nil
	}
	return exit{exitOutput, fmt.Errorf("output not written: %w", err)}
}
