package layout

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func options() Options {
	return Options{Zone: func(text string) (*time.Location, error) {
		if text == "+08:00" {
			return time.FixedZone(text, 8*3600), nil
		}
		return nil, fmt.Errorf("%q is no zone", text)
	}}
}

// good is a file that holds; the cases of the tests change it.
const good = `name: acme
pattern: (?P<level>\w+)\|(?P<time>[^|]+)\|(?P<code>[^|]*)\|(?P<message>.*)
time_layout: yyyy-MM-dd HH:mm:ss
zone: "+08:00"
samples:
  - line: ERROR|2026-11-20 02:13:05|4001|x
    yields:
      code: 4001
      time: 2026-11-20 02:13:05
`

func TestRead(t *testing.T) {
	files, err := filepath.Glob("../../testdata/layouts/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no layouts: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read(data, name, options())
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Err(name); err != nil {
			t.Error(err)
		}
		for _, s := range f.Samples {
			if !s.OK() || len(s.Outcomes) == 0 || s.Line == 0 {
				t.Errorf("%s: %+v", name, s)
			}
		}
	}
	f, err := Read([]byte(good), "x.yaml", options())
	if err != nil || f.Err("x.yaml") != nil || f.Layout.Name() != "acme" || f.Layout.Zone().String() != "+08:00" {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestRefused holds what a file is refused for, with its line.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"nothing", good, "", "x.yaml: empty"},
		{"a comment", good, "# nothing\n", "x.yaml: empty"},
		{"null", good, "~\n", "x.yaml:1: layout: want keys"},
		{"a list", good, "- a\n", "x.yaml:1: layout: want keys"},
		{"no YAML", good, "name: [\n", "x.yaml:1: not YAML: did not find"},
		{"tabs", "name:", "\tname:", "x.yaml: not YAML: found character"},
		{"two documents", "samples:", "---\nsamples:", "x.yaml:5: a second document"},
		{"an unknown key", "name:", "Name:", `x.yaml:1: layout: unknown key "Name"; the keys are name, pattern`},
		{"a key twice", "zone:", "name: b\nzone:", `x.yaml:4: layout: key "name" a second time`},
		{"no name", "name: acme", "name:", "x.yaml:1: name: want a value"},
		{"a bad name", "acme", "a b", `x.yaml:1: name: "a b": want a word`},
		{"a name in use", "acme", "monitor", `x.yaml:1: name: "monitor" is the name of something else`},
		{"no pattern", "pattern: ", "pattern: ''\n#", "x.yaml:2: pattern: no group is named time"},
		{"a bad pattern", `\w+)`, `\w+`, "x.yaml:2: pattern: missing closing )"},
		{"an unknown group", "<code>", "<status>", `x.yaml:2: pattern: group "status" is no field; the fields are time, code`},
		{"a long pattern", `\w+)`, `\w+)` + strings.Repeat("x", maxPattern), "x.yaml:2: pattern: longer than"},
		{"a bad time layout", "HH:", "qq:", `x.yaml:3: time_layout: unknown letter: "qq"`},
		{"a bad zone", "+08:00", "CST", `x.yaml:4: zone: "CST" is no zone`},
		{"a bad switch", "samples:", "continuation: yes\nsamples:", "x.yaml:5: continuation: want true or false"},
		{"no samples", good[strings.Index(good, "samples"):], "", "x.yaml:1: samples: none"},
		{"an empty list", good[strings.Index(good, "samples"):], "samples: []\n", "x.yaml:5: samples: none"},
		{"samples as text", good[strings.Index(good, "samples"):], "samples: x\n", "x.yaml:5: samples: want a list"},
		{"a sample without a line", "line: ERROR|2026-11-20 02:13:05|4001|x", "line: ''", "x.yaml:6: sample 1: no line"},
		{"a sample that yields nothing", good[strings.Index(good, "    yields"):], "", "x.yaml:6: sample 1: yields nothing"},
		{"an unknown field", "code: 4001", "result: 4001", `x.yaml:8: sample 1: yields: unknown key "result"`},
		{"a bad time", "time: 2026-11-20 02:13:05", "time: soon", `x.yaml:9: sample 1: time: "soon" is no time`},
		{"an alias", "name: acme", "name: &a acme\nzone: *a", "x.yaml:2: zone: want a value"},
		{"line and lines", "    yields", "    lines: x\n    yields", "x.yaml:7: sample 1: either line or lines"},

		{"a code that is another", "code: 4001", "code: 4002", `x.yaml:8: sample 1: code is "4001", not "4002"`},
		{"a time in another zone", "time: 2026-11-20 02:13:05", "time: 2026-11-20T02:13:05Z", `x.yaml:9: sample 1: time is "2026-11-20T02:13:05.000+08:00", not "2026-11-20T02:13:05Z"`},
		{"a field that is not there", "code: 4001", "trace_id: t1", `x.yaml:8: sample 1: trace_id is none, not "t1"`},
		{"a field that is there", "code: 4001", "message: none", `x.yaml:8: sample 1: message is "x", not none`},
		{"a line that does not fit", "|4001|x", "|4001", `x.yaml:6: sample 1: it does not fit: line 1, column 31: the pattern goes on with \|, the line with ""`},
		{"a time that does not fit", "ERROR|2026-11-20", "ERROR|20 Nov", `x.yaml:6: sample 1: it does not fit: line 1, column 7: does not fit the layout's time_layout: "20 Nov 02:13:05"`},
		{
			"two records", "line: ERROR|2026-11-20 02:13:05|4001|x", "lines: |\n      A|2026-11-20 02:13:05|4001|\n      B|2026-11-20 02:13:05|4001|",
			"x.yaml:6: sample 1: its line 2 begins a second record",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(good, c.old) {
				t.Fatal("nothing is changed")
			}
			text := strings.Replace(good, c.old, c.new, 1)
			f, err := Read([]byte(text), "x.yaml", options())
			if err == nil {
				err = f.Err("x.yaml")
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if bad := (*Error)(nil); !errors.As(err, &bad) {
				t.Errorf("%T", err)
			}
		})
	}
	if _, err := Read(make([]byte, MaxSize+1), "x.yaml", options()); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Error(err)
	}
}

// FuzzRead holds that no file does more harm than being refused.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("../../testdata/layouts/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no layouts: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(good))
	f.Add([]byte("a: &a [x, x]\nb: &b [*a, *a]\nname: *b\n"))
	f.Add([]byte("name: !!binary x\npattern: ? \n<<: {a: b}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(data, "x.yaml", options())
		switch {
		case err != nil && file != nil:
			t.Error("a file and an error")
		case err == nil && (file.Layout == nil || len(file.Samples) == 0):
			t.Error("neither a layout with samples nor an error")
		case err == nil:
			for _, s := range file.Samples {
				if s.Text == "" || len(s.Outcomes) == 0 || s.OK() != (file.Err("x.yaml") == nil) && len(file.Samples) == 1 {
					t.Errorf("%+v", s)
				}
			}
		}
	})
}
