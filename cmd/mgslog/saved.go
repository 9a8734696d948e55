package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/analyze/aggfile"
)

// saveFlags say where an aggregate is kept, for mgslog merge and mgslog diff.
type saveFlags struct {
	path string // of a file; "-" for standard output, as text; "" for nowhere
	host string
}

func (f *saveFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.path, "save", "", "also keep what was counted in this file, for mgslog merge and diff; - writes it as lines of text to standard output, for pssh")
	f.registerHost(cmd)
}

func (f *saveFlags) registerHost(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.host, "host", "", "name of the host whose logs these are (default: this machine's)")
}

// name returns the name of the host.
func (f *saveFlags) name(sys *system) string {
	if f.host != "" {
		return f.host
	}
	if name := sys.host(); name != "" {
		return name
	}
	return unknown
}

// check refuses an aggregate and another output at the same place.
func (f *saveFlags) check(out string) error {
	if f.path != "" && f.path == out {
		return usage(fmt.Errorf("--save and -o both write to %s", out))
	}
	return nil
}

// write writes an aggregate: a file, or as text to standard output. The error
// carries its exit code.
func (f *saveFlags) write(sys *system, s *analyze.Saved) error {
	return writeSaved(sys, f.path, f.name(sys), s)
}

// writeSaved writes an aggregate to a file, or, if the path is "-", as lines of
// text that name the host to standard output.
func writeSaved(sys *system, path, host string, s *analyze.Saved) error {
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		return exit{exitOutput, fmt.Errorf("the aggregate is not saved: %w", err)}
	}
	return write(sys, path, func(w io.Writer) error {
		if path == "-" {
			return aggfile.WriteText(w, host, file.Bytes())
		}
		_, err := w.Write(file.Bytes())
		return err
	})
}

// errSaveStdout refuses two things on standard output.
var errSaveStdout = errors.New("--save - writes to standard output: name a file with -o for the report, or leave --output out")
