package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/spf13/pflag"
)

var transcript = regexp.MustCompile("(?s)```console\n\\$ ([^\n]*)\n(.*?)```")

// TestReadme runs the commands of the README's transcripts and holds that they
// print what it shows. With -update it rewrites the transcripts.
func TestReadme(t *testing.T) {
	const readme = "../../README.md"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(bin, "mgslog"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	n := 0
	fresh := transcript.ReplaceAllFunc(text, func(block []byte) []byte {
		n++
		m := transcript.FindSubmatch(block)
		sh := exec.Command("sh", "-c", string(m[1]))
		sh.Dir = "../.."
		sh.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "LC_ALL=C")
		out, err := sh.Output()
		if err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
		return []byte("```console\n$ " + string(m[1]) + "\n" + string(out) + "```")
	})
	if n == 0 {
		t.Fatal("the README shows no transcript")
	}
	if *update {
		if err := os.WriteFile(readme, fresh, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(fresh, text) {
		t.Error("the README's transcripts are not what the commands print; run make golden")
	}
}

// TestReadmeFlags holds that the README names no flag or command that does not
// exist.
func TestReadmeFlags(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	root := newRoot(&system{env: func(string) string { return "" }})
	known := map[string]bool{"help": true}
	for _, cmd := range append(root.Commands(), root) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
		cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
	}
	found := 0
	for _, m := range regexp.MustCompile("`[^`]*--([a-z][a-z-]*)").FindAllStringSubmatch(string(text), -1) {
		found++
		if !known[m[1]] {
			t.Errorf("the README names --%s", m[1])
		}
	}
	for _, m := range regexp.MustCompile("`mgslog ([a-z]+)").FindAllStringSubmatch(string(text), -1) {
		found++
		if cmd, _, err := root.Find([]string{m[1]}); err != nil || cmd == root {
			t.Errorf("the README names the command %s", m[1])
		}
	}
	if found < 20 {
		t.Errorf("only %d flags and commands found", found)
	}
}
