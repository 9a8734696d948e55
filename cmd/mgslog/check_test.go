package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/parser/layout"
)

// TestLayoutExamples holds that the layouts which the help and the README show
// are some, and that the help's text fits a terminal.
func TestLayoutExamples(t *testing.T) {
	_, help, _ := command(t, t.Context(), nil, nil, "check", "--help")
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, inReadme, ok := strings.Cut(string(readme), "```yaml\n")
	if !ok {
		t.Fatal("the README shows no layout")
	}
	inReadme, _, _ = strings.Cut(inReadme, "```")
	_, inHelp, ok := strings.Cut(help, "\n\n  name: ")
	if !ok {
		t.Fatal("the help shows no layout")
	}
	inHelp, _, _ = strings.Cut("name: "+inHelp, "\n\n")
	inHelp = strings.ReplaceAll(inHelp, "\n  ", "\n")
	for where, text := range map[string]string{"help": inHelp, "README": inReadme} {
		f, err := layout.Read([]byte(text), where, layout.Options{
			Lexicon: catalog.Lexicon(),
			Zone:    func(text string) (*time.Location, error) { return parseZone(text, time.UTC) },
		})
		if err == nil {
			err = f.Err(where)
		}
		if err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	}
	about, _, _ := strings.Cut(help, "Exit codes:")
	for line := range strings.Lines(about) {
		if len(strings.TrimSuffix(line, "\n")) > 82 {
			t.Errorf("too long: %q", line)
		}
	}
}
