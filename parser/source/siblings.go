package source

import (
	"os"
	"path/filepath"
)

// Member is one of the files of a log: the log itself, or a rotation of it.
type Member struct {
	Named
	// Log is the path of the log while it is being written, by which its
	// members know each other; Path itself, where no name tells of a log.
	Log string
}

// Families returns the inputs that arguments stand for as Expand does, except
// that a file of a log's own name stands for the rotations beside it too, by
// their names, oldest first, and also if it is not there itself, as in the
// moment between two. A file with the name of a rotation stands for itself
// alone. No path comes twice.
func Families(args []string, recursive bool) []Member {
	var all []string
	for _, arg := range args {
		if members := siblings(arg); len(members) > 0 {
			all = append(all, members...)
		} else {
			all = append(all, arg)
		}
	}
	var out []Member
	seen := map[string]bool{}
	for _, n := range Expand(all, recursive) {
		path := filepath.Clean(n.Path)
		if seen[path] {
			continue
		}
		seen[path] = true
		m := Member{n, n.Path}
		if n.Err == nil && n.Path != Stdin {
			m.Log = filepath.Join(filepath.Dir(n.Path), rotationOf(filepath.Base(n.Path)).log)
		}
		out = append(out, m)
	}
	return out
}

// siblings returns the files in the directory of a log that are of it by their
// names, and itself; none if path is no log's own name.
func siblings(path string) []string {
	name := filepath.Base(path)
	if info, err := os.Stat(path); path == Stdin || rotationOf(name).log != name || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // Open says what is wrong with path
	}
	var out []string
	for _, e := range entries {
		if rotationOf(e.Name()).log != name {
			continue
		}
		other := filepath.Join(dir, e.Name())
		if e.Name() == name {
			other = path // as the user wrote it
		}
		if info, err := os.Stat(other); err != nil || info.Mode().IsRegular() { // Open says why
			out = append(out, other)
		}
	}
	return out
}
