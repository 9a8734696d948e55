package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
)

// TestLogs reports on every log of testdata, as text and as JSON.
func TestLogs(t *testing.T) {
	schema := compile(t, Schema())
	files, err := filepath.Glob("../testdata/*/*.log")
	if err != nil || len(files) == 0 {
		t.Fatalf("no logs: %v", err)
	}
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lang := []catalog.Lang{catalog.EN, catalog.ZH}[i%2]
		r := Build(summarize(t, analyze.Config{}, log{path: filepath.Base(file), text: string(text)}), Options{Lang: lang})
		var out bytes.Buffer
		if err := r.JSON(&out); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(decode(t, out.Bytes())); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		out.Reset()
		if err := r.Text(&out, TextOptions{}); err != nil {
			t.Fatal(err)
		}
		checkWidth(t, out.String(), 80)
		for line := range strings.Lines(out.String()) {
			checkPrintable(t, strings.TrimSuffix(line, "\n"))
		}
	}
}
