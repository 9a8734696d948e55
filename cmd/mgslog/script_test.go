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
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
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
			// iconv CHARSET FILE OUT writes a file in another encoding,
			// UTF-16 with a byte-order mark; bare is UTF-16 without.
			"iconv": func(ts *testscript.TestScript, _ bool, args []string) {
				e := map[string]encoding.Encoding{
					"gbk":      simplifiedchinese.GBK,
					"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
					"utf-16be": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
					"bare":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
				}[args[0]]
				data, err := os.ReadFile(ts.MkAbs(args[1]))
				ts.Check(err)
				out, err := e.NewEncoder().Bytes(data)
				ts.Check(err)
				ts.Check(os.WriteFile(ts.MkAbs(args[2]), out, 0o600))
			},
			// concat OUT FILE... joins files.
			"concat": func(ts *testscript.TestScript, _ bool, args []string) {
				var all []byte
				for _, name := range args[1:] {
					data, err := os.ReadFile(ts.MkAbs(name))
					ts.Check(err)
					all = append(all, data...)
				}
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), all, 0o600))
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
