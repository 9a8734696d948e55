package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"mgslog/analyze/catalog"
	"mgslog/parser/source"
	"mgslog/report"
)

// outputFlags say in which form a command writes its result, and where to.
type outputFlags struct {
	form string // one of report.Formats
	path string // of a file, "" for standard output
}

// register adds the flags. The name is that of the result in the help.
func (f *outputFlags) register(cmd *cobra.Command, name string) {
	cmd.Flags().StringVar(&f.form, "output", "text", "form of the "+name+": text or json")
	complete(cmd, "output", report.Formats()...)
	outFlag(cmd, &f.path)
}

// presentation checks the flags that say how a result looks, these and the
// common ones, and returns its language and how its text is laid out.
func (f *outputFlags) presentation(cmd *cobra.Command, sys *system) (catalog.Lang, report.TextOptions, error) {
	toFile := f.path != ""
	err1 := oneOf("output", f.form, report.Formats()...)
	lang, err2 := language(cmd, sys)
	colored, err3 := color(cmd, sys, toFile)
	opt := report.TextOptions{Width: textWidth(sys, toFile), Color: colored}
	if err := errors.Join(err1, err2, err3); err != nil {
		return lang, opt, usage(err)
	}
	return lang, opt, nil
}

// outFlag is the flag -o of the commands that write a result.
func outFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVarP(path, "out", "o", "", "write to this file instead of standard output; it is replaced only when all is written")
}

// write calls fn with where the result goes: standard output, or the file of
// the given name, which is replaced atomically when fn has written all of it
// and has returned no error. A name that is no regular file (/dev/stdout, a
// pipe) is written to directly, and one that is a symbolic link to where that
// leads. The error carries its exit code.
func write(sys *system, path string, fn func(io.Writer) error) error {
	if path == "" || path == "-" {
		return buffered(sys.stdout, fn)
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
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
		var e *os.PathError // of a temporary file beside it
		if errors.As(err, &e) {
			err = &os.PathError{Op: "create", Path: path, Err: e.Err}
		}
		return written(err)
	}
	defer f.Cleanup() // nothing is left of it after the replacement
	if err := buffered(f, fn); err != nil {
		return err
	}
	return written(f.CloseAtomicallyReplace())
}

// notInput refuses an output, named by a flag, that is one of the inputs: it
// would be replaced.
func (r *reading) notInput(flag, out string) error {
	paths := make([]string, len(r.inputs))
	for i, in := range r.inputs {
		paths[i] = in.Path
	}
	return notNamed(flag, out, paths)
}

// notNamed is notInput for the inputs at these paths.
func notNamed(flag, out string, inputs []string) error {
	for _, path := range inputs {
		if out != "" && source.SameFile(path, out) {
			return usage(fmt.Errorf("%s %s: that is one of the inputs", flag, out))
		}
	}
	return nil
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
