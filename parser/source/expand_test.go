package source

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRotationNames(t *testing.T) {
	for name, want := range map[string]string{
		"gateway-error.log":                        "gateway-error.log",
		"gateway-error.log.gz":                     "gateway-error.log packed",
		"gateway-error.log.2020-06-03":             "gateway-error.log 2020-06-03 []",
		"gateway-error.log.2020-06-03.1":           "gateway-error.log 2020-06-03 [1]",
		"gateway-error.log.2020-06-03-14":          "gateway-error.log 2020-06-03 [14]",
		"gateway-error.log.2020-06-03_14.gz":       "gateway-error.log 2020-06-03 [14] packed",
		"gateway-error.log.2020-06-03.host-a7":     "gateway-error.log 2020-06-03 [7]",
		"gateway-error.log.2020_06_03":             "gateway-error.log 2020-06-03 []",
		"gateway-error.log-20200603.gz":            "gateway-error.log 2020-06-03 [] packed",
		"gateway-error.log-20200603-1591142400.xz": "gateway-error.log 2020-06-03 [1591142400] packed",
		"gateway-error.log.1":                      "gateway-error.log #1",
		"gateway-error.log.12.zst":                 "gateway-error.log #12 packed",
		"gateway-error.2020-06-03.log":             "gateway-error.log 2020-06-03 []",
		"gateway-error.2020-06-03.2.log.bz2":       "gateway-error.log 2020-06-03 [2] packed",
		"gateway-error-20200603.log":               "gateway-error.log 2020-06-03 []",
		"gateway-error.3.log":                      "gateway-error.log #3",
		// These are no rotations.
		"gateway-error.log.bak":               "gateway-error.log.bak",
		"gateway-error.log.2020-13-03":        "gateway-error.log.2020-13-03",
		"gateway-error.log.2020-0603":         "gateway-error.log.2020-0603",
		"gateway-error.log.2020-06-03.tar.gz": "gateway-error.log.2020-06-03.tar.gz packed",
		"gateway-error.log.123456":            "gateway-error.log.123456",
		"gateway-error.logs.1":                "gateway-error.logs.1",
		"gateway-error.log.":                  "gateway-error.log.",
		".log.1":                              ".log.1",
		"catalina.out":                        "catalina.out",
		"":                                    "",
	} {
		r := rotationOf(name)
		got := r.log
		if !r.day.IsZero() {
			got += fmt.Sprintf(" %s %v", r.day.Format("2006-01-02"), r.parts)
		}
		if r.number >= 0 {
			got += fmt.Sprintf(" #%d", r.number)
		}
		if r.packed {
			got += " packed"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestMGSNames(t *testing.T) {
	for _, yes := range []string{
		"gateway-error.log", "gateway-default.log.3", "gateway-page-digest.log.2020-06-03", "gateway-of-ours.log.gz",
		"monitor.log", "monitor.log-20200603", "page-digest.log.1.gz", "common-error.log", "common-x.2020-06-03.log", "gateway-2020-06-03.log",
	} {
		if !rotationOf(yes).ofMGS() {
			t.Errorf("%s is a log of MGS", yes)
		}
	}
	for _, no := range []string{
		"boot.log", "gateway-error.log.bak", "gateway-error.log.swp", "gateway.log", "error.log", "my-monitor.log", "gateway-error.log.old", "gateway-error.txt",
	} {
		if rotationOf(no).ofMGS() {
			t.Errorf("%s is no log of MGS", no)
		}
	}
}

// TestOldestFirst holds the order of rotations, from any order of the names.
// Behind a name may stand the day of 2020 on which its file was last written.
func TestOldestFirst(t *testing.T) {
	for name, want := range map[string]string{
		"days":                   "x.log.2020-05-31 x.log.2020-06-01.gz x.log.2020-06-02 x.log",
		"counts of a day":        "x.log.2020-06-01 x.log.2020-06-01.1 x.log.2020-06-01.2.gz x.log.2020-06-01.10 x.log.2020-06-02.1 x.log",
		"hours":                  "x.log.2020-06-01-09 x.log.2020-06-01-23 x.log.2020-06-02-00 x.log",
		"days in front":          "x.2020-06-01.log x.2020-06-02.1.log x.2020-06-02.2.log x.log",
		"both ways":              "x.2020-06-01.log x.log.2020-06-02 x.log-20200603.gz x.log",
		"numbers":                "x.log.11.gz x.log.10.gz x.log.2.gz x.log.2.xz x.log.1 x.log",
		"times lie":              "x.log.3@06-01 x.log.2@06-09 x.log.1@06-02 x.log@05-01",
		"twice":                  "x.log.2 x.log.2.gz x.log.1 x.log.gz x.log",
		"dates, then numbers":    "x.log-20200601.gz x.log-20200602 x.log.2@06-08 x.log.1@06-09 x.log",
		"numbers, then dates":    "x.log.2.gz@05-30 x.log.1@05-31 x.log-20200601 x.log-20200602 x.log",
		"numbers between":        "x.log-20200601 x.log.2@06-03 x.log.1@06-03 x.log-20200605 x.log",
		"numbers between, times": "x.log-20200601 x.log.2@06-03 x.log.1@05-01 x.log-20200605 x.log",
	} {
		var files []rotated
		var names []string
		for word := range strings.FieldsSeq(want) {
			path, day, _ := strings.Cut(word, "@")
			f := rotated{path: path, rotation: rotationOf(path)}
			if day != "" {
				var err error
				if f.modified, err = time.Parse("2006-01-02 15", "2020-"+day+" 12"); err != nil {
					t.Fatal(err)
				}
			}
			files, names = append(files, f), append(names, path)
		}
		random := rand.New(rand.NewPCG(1, 2))
		for range 20 {
			random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
			var got []string
			for _, f := range oldestFirst(files) {
				got = append(got, f.path)
			}
			if !slices.Equal(got, names) {
				t.Errorf("%s: %s", name, strings.Join(got, " "))
				break
			}
		}
	}
}

// tree writes files with their own names as content, and changes into their
// directory. A name with "->" is a link.
func tree(t *testing.T, names ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range names {
		name, target, link := strings.Cut(name, "->")
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case link:
			err = os.Symlink(target, name)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(name, 0o700)
		default:
			err = os.WriteFile(name, []byte(name), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestExpand(t *testing.T) {
	tree(t,
		"g/gateway-error.log", "g/gateway-error.log.2020-06-02.gz", "g/gateway-error.log.2020-06-01", "g/gateway-error.log.bak",
		"g/common-default.log.1", "g/boot.log", "g/notes.txt", "g/gateway-pipe.log/x",
		"g/gateway-linked.log->gateway-error.log", "g/gateway-lost.log->nowhere", "g/loop->..",
		"m/monitor.log", "m/deep/er/page-digest.log", "m/deep/er/up->../..",
		"empty/", "only/sub/monitor.log", "odd[1].log", "gateway-default.log.2", "gateway-default.log.1", "gateway-default.log",
	)
	g := "g/common-default.log.1 g/gateway-error.log.2020-06-01 g/gateway-error.log.2020-06-02.gz g/gateway-error.log g/gateway-linked.log g/gateway-lost.log"
	for _, c := range []struct {
		args      string
		recursive bool
		want      string // paths; an error as !path
	}{
		{"g", false, g},
		{"g/", false, g},
		{"./g", false, g},
		{"g", true, g},
		{"m", false, "m/monitor.log"},
		{"m", true, "m/monitor.log m/deep/er/page-digest.log"},
		{"m/deep", false, "!m/deep"},
		{"empty", false, "!empty"},
		{"empty", true, "!empty"},
		{"only", false, "!only"},
		{"only", true, "only/sub/monitor.log"},
		{"none.log", false, "none.log"},
		{"- g/boot.log -", false, "- g/boot.log -"},
		{"odd[1].log", false, "odd[1].log"},
		{"odd[[]1].log", false, "odd[1].log"},
		{"g/none*", false, "!g/none*"},
		{"g/[", false, "!g/["},
		{"g/gateway-error.log*", false, "g/gateway-error.log.2020-06-01 g/gateway-error.log.2020-06-02.gz g/gateway-error.log g/gateway-error.log.bak"},
		{"g/*.txt m/monitor.log", false, "g/notes.txt m/monitor.log"},
		{"e* m", false, "!empty m/monitor.log"},
		{"[em]*", false, "m/monitor.log"},
		{"[em]*", true, "m/monitor.log m/deep/er/page-digest.log"},
		// Named by a shell's pattern: oldest first, at their places.
		{"gateway-default.log gateway-default.log.1 gateway-default.log.2", false, "gateway-default.log.2 gateway-default.log.1 gateway-default.log"},
		{"gateway-default.log m/monitor.log gateway-default.log.1", false, "gateway-default.log.1 m/monitor.log gateway-default.log"},
		{"gateway-default.log - gateway-default.log.1", false, "gateway-default.log - gateway-default.log.1"},
		{"g/boot.log g/boot.log", false, "g/boot.log g/boot.log"},
	} {
		var got []string
		for _, n := range Expand(strings.Fields(c.args), c.recursive) {
			if n.Err != nil {
				if !strings.Contains(n.Err.Error(), n.Path) {
					t.Errorf("%s: the error does not name it: %v", c.args, n.Err)
				}
				n.Path = "!" + n.Path
			}
			got = append(got, n.Path)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s (%v):\n%s\nwant\n%s", c.args, c.recursive, strings.Join(got, " "), c.want)
		}
	}
	missing := Expand([]string{"only"}, false)[0].Err
	for _, part := range []string{"gateway-*.log", "monitor.log", "page-digest.log", "common-*.log", "--recursive"} {
		if !strings.Contains(missing.Error(), part) {
			t.Errorf("%v does not speak of %s", missing, part)
		}
	}
	if !errors.Is(missing, ErrNoLogs) {
		t.Error(missing)
	}
}

// TestExpandDepth holds that the depth is bounded and that this is said, and
// that a directory that may not be read is.
func TestExpandDepth(t *testing.T) {
	deep := "d" + strings.Repeat("/d", maxDepth+1)
	tree(t, "d/monitor.log", deep+"/monitor.log")
	got := Expand([]string{"d"}, true)
	if len(got) != 2 || got[0].Path != "d/monitor.log" || got[1].Err == nil {
		t.Errorf("%v", got)
	}
	if os.Getuid() == 0 {
		t.Skip("root may read every directory")
	}
	if err := os.Chmod("d/d", 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod("d/d", 0o700) // else the clean-up says so
	if got := Expand([]string{"d"}, true); len(got) != 2 || !errors.Is(got[1].Err, fs.ErrPermission) {
		t.Errorf("%v", got)
	}
}

// FuzzRotationNames holds that any name is of some log and takes its place in
// an order that does not depend on where it stood before.
func FuzzRotationNames(f *testing.F) {
	for _, s := range []string{"x.log x.log.1 x.log.2020-06-03", "x.log-20200603.gz x.2.log x.log.2020-06-03.1.2", ".log .log.1 log"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, names string) {
		var files []rotated
		for name := range strings.FieldsSeq(names) {
			files = append(files, rotated{path: name, rotation: rotationOf(name)})
		}
		want := oldestFirst(files)
		slices.Reverse(files)
		got := oldestFirst(files)
		for i := range want {
			if got[i].path != want[i].path {
				t.Fatalf("%v, and backwards %v", want, got)
			}
		}
	})
}

func TestDuplicates(t *testing.T) {
	t.Chdir(t.TempDir())
	long := strings.Repeat(logLines(), 5) // more than the heads
	put := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("a.log", []byte(long))
	put("a.log.gz", zipped(t, long))
	put("a.two.gz", zipped(t, long[:70_000], long[70_000:]))
	put("a.copy", []byte(long))
	put("a.grown", []byte(long+"more\n"))
	put("a.grown.gz", zipped(t, long+"more\n"))
	put("a.other", []byte(long[:len(long)-2]+"x\n"))
	put("cut.gz", zipped(t, long)[:20_000])
	put("cut2.gz", zipped(t, long)[:20_000])
	put("s.log", []byte("short\n"))
	put("s.log.gz", zipped(t, "short\n"))
	put("s2.log", []byte("short"))
	put("e1", nil)
	put("e2", nil)
	if err := os.Link("a.log", "a.hard"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.log", "a.soft"); err != nil {
		t.Fatal(err)
	}
	var seen Seen
	for _, c := range [][2]string{
		{"a.grown.gz", ""},
		{"a.log", ""},
		{"a.log", "a.log"},
		{"a.hard", "a.log"},
		{"a.soft", "a.log"},
		{"a.copy", "a.log"},
		{"a.log.gz", "a.log"},
		{"a.two.gz", "a.log"},
		{"a.grown", "a.grown.gz"},
		{"a.other", ""},
		{"cut.gz", ""},
		{"cut2.gz", "cut.gz"},
		{"s.log", ""},
		{"s.log.gz", "s.log"},
		{"s2.log", ""},
		{"e1", ""},
		{"e2", ""},
	} {
		in, err := Open(t.Context(), c[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		in.Sample(1 << 20)
		if got := seen.DuplicateOf(t.Context(), in); got != c[1] {
			t.Errorf("%s is %q, want %q", c[0], got, c[1])
		}
		in.Close()
	}
}
