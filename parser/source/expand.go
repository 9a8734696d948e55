package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxDepth is how many directories below the one that is named are entered.
const maxDepth = 16

// Named is one input that the user's arguments stand for.
type Named struct {
	Path string
	Err  error // why Path stands for no input; nil if it does
}

// Expand returns the inputs that arguments stand for, in the order in which
// they are to be read.
//
//   - A file stands for itself alone, whatever its name, and Stdin for standard
//     input. Whether a file can be read is found out by Open.
//   - A directory stands for the logs in it that have one of MGS's names, and
//     for their rotations; with recursive, for those in all directories below
//     it too. Symbolic links to directories are not followed there. A directory
//     without such a log is an error.
//   - What is no file and has one of the characters *?[ is a pattern as of
//     [filepath.Glob], and stands for the files that match it, and for the
//     directories as above. One that matches nothing is an error.
//
// Arguments keep their order, directories and files in them that of their
// names; but the rotations of one log come oldest first, also those that are
// named one behind the other, as a shell's pattern does. See oldestFirst.
func Expand(args []string, recursive bool) []Named {
	var out []Named
	var run []rotated // files named one behind the other
	flush := func() {
		inPlace(run)
		for _, f := range run {
			out = append(out, Named{Path: f.path})
		}
		run = nil
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case arg == Stdin:
			flush()
			out = append(out, Named{Path: arg})
		case err == nil && info.IsDir():
			flush()
			out = append(out, directory(arg, recursive)...)
		case err == nil:
			run = append(run, file(arg, info))
		case errors.Is(err, fs.ErrNotExist) && IsPattern(arg):
			flush()
			out = append(out, pattern(arg, recursive)...)
		default:
			run = append(run, file(arg, nil))
		}
	}
	flush()
	return out
}

// IsPattern reports whether an argument that is no file is a pattern.
func IsPattern(arg string) bool { return strings.ContainsAny(arg, "*?[") }

func file(path string, info fs.FileInfo) rotated {
	f := rotated{path: path, rotation: rotationOf(filepath.Base(path))}
	if info != nil {
		f.modified = info.ModTime()
	}
	return f
}

// inPlace sorts the rotations of each log, and leaves the places of the logs
// among one another as they are.
func inPlace(files []rotated) {
	places := map[[2]string][]int{}
	for i, f := range files {
		places[f.key()] = append(places[f.key()], i)
	}
	for _, at := range places {
		var group []rotated
		for _, i := range at {
			group = append(group, files[i])
		}
		for n, f := range oldestFirst(group) {
			files[at[n]] = f
		}
	}
}

// inOrder sorts files by directory and log, and the rotations of each.
func inOrder(files []rotated) []Named {
	slices.SortFunc(files, func(x, y rotated) int {
		return cmp.Or(cmp.Compare(filepath.Dir(x.path), filepath.Dir(y.path)), cmp.Compare(x.log, y.log), cmp.Compare(x.path, y.path))
	})
	inPlace(files)
	var out []Named
	for _, f := range files {
		out = append(out, Named{Path: f.path})
	}
	return out
}

// pattern returns what a pattern stands for.
func pattern(glob string, recursive bool) []Named {
	paths, err := filepath.Glob(glob)
	if err == nil && len(paths) == 0 {
		err = errors.New("no file matches this pattern")
	}
	if err != nil {
		return []Named{{glob, fmt.Errorf("%s: %w", glob, err)}}
	}
	var files []rotated
	var out, empty []Named
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			found := directory(path, recursive)
			if len(found) == 1 && errors.Is(found[0].Err, ErrNoLogs) {
				empty = append(empty, found...) // others may have some
				continue
			}
			out = append(out, found...)
		case err == nil:
			files = append(files, file(path, info))
		default: // a link to nothing: Open says so
			files = append(files, file(path, nil))
		}
	}
	out = append(inOrder(files), out...)
	if len(out) == 0 {
		return empty
	}
	return out
}

// ErrNoLogs is for a directory in which there is none of MGS's logs.
var ErrNoLogs = errors.New("no log of MGS in this directory")

// directory returns the logs of MGS in a directory.
func directory(dir string, recursive bool) []Named {
	out, below := within(dir, recursive, 0)
	if len(out) > 0 {
		return out
	}
	hint := ""
	if below && !recursive {
		hint = "; --recursive looks into the directories in it"
	}
	return []Named{{dir, fmt.Errorf("%s: %w: looked for %s and their rotations%s", dir, ErrNoLogs, mgsLogs(), hint)}}
}

// within returns what of MGS is in a directory, and whether there are
// directories in it.
func within(dir string, recursive bool, depth int) (out []Named, below bool) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []Named{{dir, err}}, false
	}
	var files []rotated
	var dirs []string
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() {
			dirs = append(dirs, path)
			continue
		}
		if !rotationOf(e.Name()).ofMGS() {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			files = append(files, file(path, nil)) // Open says why
		} else if info.Mode().IsRegular() {
			files = append(files, file(path, info))
		}
	}
	out = inOrder(files)
	if !recursive {
		return out, len(dirs) > 0
	}
	for _, sub := range dirs {
		if depth == maxDepth {
			out = append(out, Named{sub, fmt.Errorf("%s: not looked into: more than %d directories deep", sub, maxDepth)})
			continue
		}
		found, _ := within(sub, true, depth+1)
		out = append(out, found...)
	}
	return out, len(dirs) > 0
}

// Active returns the logs that arguments stand for as of now, to be followed: as
// Expand does, but of the rotations of one log in a directory, or of those that a
// pattern matches, only the file that is being written: that of the log's own
// name, or the youngest. A directory that has no log yet is no error, nor is a
// pattern that matches none.
func Active(args []string, recursive bool) []Named {
	var out []Named
	for _, arg := range args {
		info, err := os.Stat(arg)
		dir := err == nil && info.IsDir()
		if arg == Stdin || !dir && (err == nil || !IsPattern(arg)) {
			out = append(out, Named{Path: arg})
			continue
		}
		written := map[[2]string]rotated{}
		for _, n := range Expand([]string{arg}, recursive) {
			info, err := os.Stat(n.Path)
			if n.Err != nil || err != nil {
				continue
			}
			// They come oldest first, the log itself last.
			if f := file(n.Path, info); !f.packed {
				written[f.key()] = f
			}
		}
		var files []rotated
		for _, f := range written {
			files = append(files, f)
		}
		out = append(out, inOrder(files)...)
	}
	return out
}
