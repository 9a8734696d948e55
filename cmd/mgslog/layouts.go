package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/parser"
	"mgslog/parser/layout"
	"mgslog/report"
)

// layoutFile is a layout file that was read.
type layoutFile struct {
	path string
	*layout.File
	err error // why it is no layout, or what its samples hold against it
}

// readLayout reads a layout file.
func readLayout(sys *system, path string) layoutFile {
	l := layoutFile{path: path}
	f, err := os.Open(path)
	if err != nil {
		l.err = plainError(path, err)
		return l
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, layout.MaxSize+1))
	if err != nil {
		l.err = plainError(path, err)
		return l
	}
	l.File, l.err = layout.Read(data, path, layout.Options{
		Lexicon: catalog.Lexicon(),
		Zone:    func(text string) (*time.Location, error) { return parseZone(text, sys.local) },
	})
	if l.err == nil {
		l.err = l.Err(path)
	}
	return l
}

// plainError puts the path in front of what is wrong with it, without the name
// of the system call.
func plainError(path string, err error) error {
	if bad := (*os.PathError)(nil); errors.As(err, &bad) {
		err = bad.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// loadLayouts returns the layouts of the files named, and those of the user's
// own directory, the named ones first. A named file that is no layout is an
// error; one of the directory is not used, with a warning, so that it cannot
// stop the reading of logs that have nothing to do with it. A named layout
// stands for one of the same name in the directory.
func loadLayouts(sys *system, paths []string) ([]*parser.Layout, error) {
	var layouts []*parser.Layout
	taken := func(l layoutFile) bool {
		return slices.ContainsFunc(layouts, func(x *parser.Layout) bool { return x.Name() == l.Layout.Name() })
	}
	for _, path := range paths {
		l := readLayout(sys, path)
		switch {
		case l.err != nil:
			return nil, usage(fmt.Errorf("--layout: %w\nsee mgslog check --layout %s", l.err, path))
		case taken(l):
			return nil, usage(fmt.Errorf("--layout: %s: a second layout of the name %q", path, l.Layout.Name()))
		}
		layouts = append(layouts, l.Layout)
	}
	named := len(layouts)
	for _, path := range ownLayouts(sys) {
		l := readLayout(sys, path)
		switch {
		case l.err != nil:
			warn(sys, "this layout is not used: %v", l.err)
		case taken(l):
			if slices.ContainsFunc(layouts[named:], func(x *parser.Layout) bool { return x.Name() == l.Layout.Name() }) {
				warn(sys, "this layout is not used: %s: a second layout of the name %q", path, l.Layout.Name())
			}
		default:
			layouts = append(layouts, l.Layout)
		}
	}
	return layouts, nil
}

// ownLayouts returns the files of the user's directory of layouts, sorted.
func ownLayouts(sys *system) []string {
	config := sys.env("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) { // the specification says that others are to be ignored
		home := sys.env("HOME")
		if home == "" {
			return nil
		}
		config = filepath.Join(home, ".config")
	}
	dir := filepath.Join(config, "mgslog", "layouts")
	entries, err := os.ReadDir(dir)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			warn(sys, "no layouts of your own: %v", plainError(dir, err))
		}
		return nil
	}
	var paths []string
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".yaml" && ext != ".yml" {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			continue // a directory, or a pipe that would keep all commands waiting
		}
		paths = append(paths, path)
	}
	return paths
}

// warn writes a warning, each line of which is one.
func warn(sys *system, format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		fmt.Fprintln(sys.stderr, "mgslog: warning:", report.Printable(line))
	}
}
