package report

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"mgslog/analyze/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a golden file, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	have, wanted := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	i := 0
	for i < len(have) && i < len(wanted) && have[i] == wanted[i] {
		i++
	}
	at := func(lines []string) string { return strings.Join(lines[min(i, len(lines)):min(i+3, len(lines))], "\n") }
	t.Errorf("%s differs from line %d on (make golden, then read git diff)\ngot:\n%s\nwant:\n%s", path, i+1, at(have), at(wanted))
}

// checkWidth wants every line of text to fit.
func checkWidth(t *testing.T, text string, width int) {
	t.Helper()
	cond := runewidth.Condition{StrictEmojiNeutral: true}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if w := cond.StringWidth(line); w > width {
			t.Errorf("%d columns, want at most %d: %q", w, width, line)
		}
		if strings.TrimRight(line, " ") != line {
			t.Errorf("space at the end of %q", line)
		}
	}
}

func TestTextGolden(t *testing.T) {
	for name, s := range fixtures(t) {
		for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
			for _, width := range []int{80, 120} {
				file := fmt.Sprintf("%s.%s.%d.txt", name, lang, width)
				t.Run(file, func(t *testing.T) {
					var out bytes.Buffer
					if err := Build(s, options(name, s, lang)).Text(&out, TextOptions{Width: width}); err != nil {
						t.Fatal(err)
					}
					golden(t, file, out.Bytes())
					checkWidth(t, out.String(), width)
					for line := range strings.Lines(out.String()) {
						checkPrintable(t, strings.TrimSuffix(line, "\n"))
					}
				})
			}
		}
	}
}

func TestJSONGolden(t *testing.T) {
	for name, s := range fixtures(t) {
		var out bytes.Buffer
		if err := Build(s, options(name, s, catalog.EN)).JSON(&out); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", out.Bytes())
	}
}
