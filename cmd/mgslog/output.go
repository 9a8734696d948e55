package main

import (
	"bufio"
	"io"
	"os"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
)

// outFlag is the flag -o of the commands that write a result.
func outFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVarP(path, "out", "o", "", "write to this file instead of standard output; it is replaced only when all is written")
}

// write calls fn with where the result goes: standard output, or the file of
// the given name, which is replaced atomically when fn has written all of it.
// A name that is no regular file (/dev/stdout, a pipe) is written to directly.
// The error carries its exit code.
func write(sys *system, path string, fn func(io.Writer) error) error {
	if path == "" || path == "-" {
		return buffered(sys.stdout, fn)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return written(err)
		}
		if err := buffered(f, fn); err != nil {
			f.Close()
			return err
		}
		return written(f.Close())
	}
	f, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return written(err)
	}
	defer f.Cleanup() //nolint:errcheck // nothing is left of it after the replacement
	if err := buffered(f, fn); err != nil {
		return err
	}
	return written(f.CloseAtomicallyReplace())
}

// buffered calls fn with a buffer before w. Errors of writing come first: an
// fn that stops because it cannot write has no other.
func buffered(w io.Writer, fn func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 64<<10)
	err := fn(b)
	if e := b.Flush(); e != nil {
		return written(e)
	}
	return err
}
