package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden parts of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mgslog": main})
}

// TestScripts runs testdata/script: each file is what a user does in a shell
// and what must come of it.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("LOGS", filepath.Join(root, "testdata"))
			env.Setenv("LANG", "C")
			env.Setenv("TZ", "UTC")
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			// gzip FILE OUT [KEEP] compresses a file and cuts the
			// archive to KEEP per cent of its length.
			"gzip": func(ts *testscript.TestScript, _ bool, args []string) {
				data, err := os.ReadFile(ts.MkAbs(args[0]))
				ts.Check(err)
				var b bytes.Buffer
				w := gzip.NewWriter(&b)
				_, err = w.Write(data)
				ts.Check(err)
				ts.Check(w.Close())
				out := b.Bytes()
				if len(args) > 2 {
					out = out[:len(out)/2]
				}
				ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o600))
			},
			// head FILE OUT copies the first 4000 bytes.
			"head": func(ts *testscript.TestScript, _ bool, args []string) {
				f, err := os.Open(ts.MkAbs(args[0]))
				ts.Check(err)
				defer f.Close()
				data, err := io.ReadAll(io.LimitReader(f, 4000))
				ts.Check(err)
				ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o600))
			},
			// status N runs nothing: it checks the exit code of the exec
			// before it, see exitcode.
			"exitcode": exitCodeCommand,
		},
	})
}
