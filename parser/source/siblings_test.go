package source

import (
	"slices"
	"strings"
	"testing"
)

// TestFamilies holds which files arguments stand for, and in which order, with
// the log of each.
func TestFamilies(t *testing.T) {
	tree(t,
		// One log with rotations of every naming, and what only looks like one.
		"a/gateway-error.log", "a/gateway-error.log.1", "a/gateway-error.log.2.gz", "a/gateway-error.log.12.zst",
		"a/gateway-error.3.log", "a/gateway-error.log.gz",
		"a/gateway-error.log.bak", "a/gateway-error.log.2020-13-03", "a/gateway-error.log.2020-06-03.tar.gz", "a/gateway-error.logs.1",
		"a/gateway-error.log.9->nowhere", "a/gateway-error.log.8/", "a/my-gateway-error.log.1",
		// Another, with days.
		"b/own.log", "b/own.log.2020-06-03", "b/own.log.2020-06-03.1", "b/own.log.2020-06-03.2.gz", "b/own.log.2020-06-04-14",
		"b/own.log.2020-06-05_14.gz", "b/own.log-20200606.xz", "b/own.log-20200607-1591142400.bz2", "b/own.2020-06-01.log",
		"b/own.2020-06-02.2.log.gz", "b/own-20200531.log", "b/own.log.2020_06_08", "b/other.log.1", "b/catalina.out", "b/catalina.out.1",
		// One that is just being rotated: it is not there itself.
		"c/page-digest.log.1", "c/page-digest.log.2",
	)
	const numbered = "gateway-error.log.12.zst gateway-error.log.9 gateway-error.3.log gateway-error.log.2.gz gateway-error.log.1 gateway-error.log.gz gateway-error.log"
	const dated = "own-20200531.log own.2020-06-01.log own.2020-06-02.2.log.gz own.log.2020-06-03 own.log.2020-06-03.1 own.log.2020-06-03.2.gz " +
		"own.log.2020-06-04-14 own.log.2020-06-05_14.gz own.log-20200606.xz own.log-20200607-1591142400.bz2 own.log.2020_06_08 own.log"
	in := func(dir, names string) string {
		return dir + strings.ReplaceAll(names, " ", " "+dir)
	}
	for _, c := range []struct{ name, args, want, logs string }{
		{"numbers", "a/gateway-error.log", in("a/", numbered), "a/gateway-error.log"},
		{"days", "b/own.log", in("b/", dated), "b/own.log"},
		{"not there itself", "c/page-digest.log", "c/page-digest.log.2 c/page-digest.log.1", "c/page-digest.log"},
		{"a rotation alone", "a/gateway-error.log.1", "a/gateway-error.log.1", "a/gateway-error.log"},
		{"two rotations", "a/gateway-error.log.1 a/gateway-error.log.2.gz", "a/gateway-error.log.2.gz a/gateway-error.log.1", "a/gateway-error.log"},
		{"as a shell's pattern", "c/page-digest.log.1 a/gateway-error.log a/gateway-error.log.1", "c/page-digest.log.1 " + in("a/", numbered), "c/page-digest.log a/gateway-error.log"},
		{"a rotation first", "a/gateway-error.log.1 a/gateway-error.log", in("a/", numbered), "a/gateway-error.log"},
		{"twice", "c/page-digest.log ./c/page-digest.log c/page-digest.log.2", "c/page-digest.log.2 c/page-digest.log.1", "c/page-digest.log"},
		{"a directory", "a", in("a/", numbered), "a/gateway-error.log"},
		{"a directory and a log of it", "a a/gateway-error.log", in("a/", numbered), "a/gateway-error.log"},
		{"a pattern", "b/own.log-2*", "b/own.log-20200606.xz b/own.log-20200607-1591142400.bz2", "b/own.log"},
		{"another name", "b/catalina.out", "b/catalina.out", "b/catalina.out"},
		{"standard input", "- c/page-digest.log", "- c/page-digest.log.2 c/page-digest.log.1", "- c/page-digest.log"},
		{"missing", "x/own.log", "x/own.log", "x/own.log"},
		{"missing, with others", "a/boot.log", "a/boot.log", "a/boot.log"},
	} {
		var got, logs []string
		for _, m := range Families(strings.Fields(c.args), false) {
			if m.Err != nil {
				t.Errorf("%s: %v", c.name, m.Err)
			}
			got = append(got, m.Path)
			if !slices.Contains(logs, m.Log) {
				logs = append(logs, m.Log)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, strings.Join(got, " "), c.want)
		}
		if strings.Join(logs, " ") != c.logs {
			t.Errorf("%s: logs %s, want %s", c.name, logs, c.logs)
		}
	}
	for _, bad := range []string{"nothing*", "b"} {
		if got := Families([]string{bad}, false); len(got) != 1 || got[0].Err == nil || got[0].Log != bad {
			t.Errorf("%s: %v", bad, got)
		}
	}
}

// TestFamiliesInPlace holds that the directory at hand is looked into too.
func TestFamiliesInPlace(t *testing.T) {
	tree(t, "x.log", "x.log.1.gz", "y.log.1")
	for _, arg := range []string{"x.log", "./x.log"} {
		got := Families([]string{arg}, false)
		if len(got) != 2 || got[0].Path != "x.log.1.gz" || got[1].Path != arg || got[0].Log != "x.log" || got[1].Log != "x.log" {
			t.Errorf("%s: %v", arg, got)
		}
	}
}
