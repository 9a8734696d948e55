package source

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"mgslog/parser"
)

// rotation is what the name of a file tells about the log that it is of and
// about its age.
type rotation struct {
	log    string    // name of the log while it is being written: gateway-error.log
	day    time.Time // in the name, zero if there is none
	parts  []int     // the numbers behind the day: hour, count, seconds
	number int       // the number instead of a day, -1 if there is none
	packed bool      // the name ends as an archive's
	name   string
}

// Shapes of names, each compiled when a name may have it.
var (
	// dated matches a day and what may follow it in a name.
	dated = lazy(`^(\d{4})([-_.]?)(\d{2})([-_.]?)(\d{2})((?:[-_.T][0-9A-Za-z-]+)*)$`)
	// datedStem is a day in front of ".log"; only numbers may follow.
	datedStem = lazy(`^(.+?)[-_.](\d{4}-\d{2}-\d{2}|\d{8})((?:[-_.]\d+)*)$`)
	numbered  = lazy(`^[-_.](\d{1,5})$`)
	countStem = lazy(`^(.+)\.(\d{1,5})$`)
	digits    = lazy(`\d+`)
)

func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// rotationOf takes a file's name apart. Understood are, beside the log's own
// name, a day or a number behind or in front of ".log", and the ending of an
// archive behind it all; a name of any other shape is a log of its own.
func rotationOf(name string) rotation {
	r := rotation{log: name, number: -1, name: name}
	s := unpacked(name)
	r.packed = s != name
	stem, tail, found := cutLog(s)
	switch {
	case !found:
	case tail == "":
		r.log = s
		if !isDigit(stem[len(stem)-1]) { // as most names: no pattern is needed
			break
		}
		if m := datedStem().FindStringSubmatch(stem); m != nil && r.date(m[2]+m[3]) {
			r.log = m[1] + ".log"
		} else if m := countStem().FindStringSubmatch(stem); m != nil {
			r.log = m[1] + ".log"
			r.number, _ = strconv.Atoi(m[2])
		}
	default:
		if m := numbered().FindStringSubmatch(tail); m != nil {
			r.log = stem + ".log"
			r.number, _ = strconv.Atoi(m[1])
		} else if strings.ContainsRune("-_.", rune(tail[0])) && r.date(tail[1:]) {
			r.log = stem + ".log"
		}
	}
	return r
}

// unpacked returns a name without the ending of an archive.
func unpacked(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i >= 0 && slices.Contains([]string{"gz", "bz2", "xz", "zst", "zstd", "zip"}, name[i+1:]) {
		return name[:i]
	}
	return name
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// cutLog cuts a name at the ".log" that ends a word of it.
func cutLog(s string) (stem, tail string, found bool) {
	for from := 0; ; {
		i := strings.Index(s[from:], ".log")
		if i < 0 {
			return "", "", false
		}
		i += from
		if tail = s[i+len(".log"):]; tail == "" || strings.ContainsRune("-_.", rune(tail[0])) {
			return s[:i], tail, i > 0
		}
		from = i + 1
	}
}

// date reads a day and what follows it.
func (r *rotation) date(s string) bool {
	m := dated().FindStringSubmatch(s)
	if m == nil || m[2] != m[4] || strings.Contains(m[6], "tar") {
		return false
	}
	day, err := time.Parse("20060102", m[1]+m[3]+m[5])
	if err != nil {
		return false
	}
	r.day = day
	for _, n := range digits().FindAllString(m[6], -1) {
		v, _ := strconv.Atoi(n)
		r.parts = append(r.parts, v)
	}
	return true
}

// isMGSLog reports whether a log of this name is one that MGS writes.
func isMGSLog(name string) bool {
	if strings.HasSuffix(name, ".log") && (strings.HasPrefix(name, "gateway-") || strings.HasPrefix(name, "common-")) {
		return true
	}
	for _, f := range parser.Formats() {
		if f.File != "" && f.File == name {
			return true
		}
	}
	return false
}

// mgsLogs says which names isMGSLog takes.
func mgsLogs() string {
	names := []string{"gateway-*.log", "common-*.log"}
	for _, f := range parser.Formats() {
		if f.File != "" && !strings.HasPrefix(f.File, "gateway-") && !strings.HasPrefix(f.File, "common-") {
			names = append(names, f.File)
		}
	}
	return strings.Join(names, ", ")
}

// ofMGS reports whether the file is a log of MGS or a rotation of one.
func (r rotation) ofMGS() bool {
	return isMGSLog(r.log) || isMGSLog(unpacked(r.name))
}

// rotated is a file with what its name tells.
type rotated struct {
	path string
	rotation
	modified time.Time
}

// key is what the rotations of one log have in common.
func (f rotated) key() [2]string { return [2]string{filepath.Dir(f.path), f.log} }

// oldestFirst puts the rotations of one log in the order in which they were
// written.
//
// Names with a day come in the order of the days, and of one day in the order
// of the numbers behind it, the one without a number first: logback's %d.%i and
// log4j 2's %d-%i count up, and hours and seconds do by nature. Names with a
// number alone come from the highest to 1: logrotate, log4j 1 and logback's
// FixedWindowRollingPolicy rename .1 to .2 when a new .1 comes. The log itself
// is last, and before it stands an archive of its name alone.
//
// Where both kinds stand beside one another, as after a change of the settings,
// a number's place among the days is that of the time at which its file was
// last written, but not before that of a higher number. This is the only use of
// that time: copying changes it.
func oldestFirst(files []rotated) []rotated {
	var days, numbers, rest []rotated
	for _, f := range files {
		switch {
		case !f.day.IsZero():
			days = append(days, f)
		case f.number >= 0:
			numbers = append(numbers, f)
		default:
			rest = append(rest, f)
		}
	}
	// What is not packed goes first, then the name decides: the order must
	// not depend on that of the directory.
	unpacked := func(x, y rotated) int {
		return cmp.Or(boolean(x.packed)-boolean(y.packed), cmp.Compare(x.path, y.path))
	}
	slices.SortFunc(days, func(x, y rotated) int {
		return cmp.Or(x.day.Compare(y.day), slices.Compare(x.parts, y.parts), unpacked(x, y))
	})
	slices.SortFunc(numbers, func(x, y rotated) int {
		return cmp.Or(cmp.Compare(y.number, x.number), unpacked(x, y))
	})
	slices.SortFunc(rest, func(x, y rotated) int {
		return cmp.Or(boolean(y.packed)-boolean(x.packed), cmp.Compare(x.path, y.path))
	})
	out := make([]rotated, 0, len(files))
	var written time.Time
	for _, n := range numbers {
		if n.modified.After(written) {
			written = n.modified
		}
		for len(days) > 0 && !days[0].day.AddDate(0, 0, 1).After(written) {
			out, days = append(out, days[0]), days[1:]
		}
		out = append(out, n)
	}
	return slices.Concat(out, days, rest)
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
