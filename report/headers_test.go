package report

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// TestResponses explains the captures of testdata one by one.
func TestResponses(t *testing.T) {
	files, err := filepath.Glob("../testdata/captures/*.log")
	if err != nil || len(files) == 0 {
		t.Fatal("no captures", err)
	}
	china := time.FixedZone("+08:00", 8*3600)
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		var out bytes.Buffer
		x := NewResponses(&out, CodesOptions{Lang: lang, TextOptions: TextOptions{Width: 80}})
		read := func(name, text string) {
			profile := parser.Detect([]byte(text), name, catalog.Lexicon())
			in := &analyze.Input{Path: name, Zone: china}
			r := parser.NewReader(strings.NewReader(text), parser.Options{Profile: profile, Location: china, Lexicon: catalog.Lexicon()})
			for rec := range r.Records() {
				if err := x.Write(in, rec); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, f := range files {
			if text, err := os.ReadFile(f); err != nil {
				t.Fatal(err)
			} else if strings.HasPrefix(filepath.Base(f), "curl") || strings.HasPrefix(filepath.Base(f), "dict") {
				read(filepath.Base(f), string(text))
			}
		}
		read("-", "HTTP/1.1 200 OK\nResult-Status: 8002\n\nHTTP/1.1 200 OK\nResult-Status: 1000\n\nHTTP/1.1 200 OK\nResult-Status: 4999\nMemo: "+wipe+reverse+"\n")
		golden(t, "responses."+lang.String()+".txt", out.Bytes())
		checkWidth(t, out.String(), 80)
		for line := range strings.Lines(out.String()) {
			checkPrintable(t, strings.TrimSuffix(line, "\n"))
		}
	}
	if err := NewResponses(failing{}, CodesOptions{}).Write(&analyze.Input{}, &parser.Record{Code: 7014}); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
}
