package parser

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// allItems returns all items of data.
func allItems(data []byte, opt Options) []Record {
	var all []Record
	d := NewDecoder(opt)
	feed(d, data, func() {
		r := snapshot(d)
		r.Group = 0
		// What is kept must not change with the next item.
		r.Text, r.Head = bytes.Clone(r.Text), bytes.Clone(r.Head)
		for _, b := range []*[]byte{
			&r.TraceID, &r.OperationType, &r.AppID, &r.WorkspaceID, &r.ClientIP, &r.UserID, &r.DeviceID,
			&r.ClientVersion, &r.ClientOS, &r.Level, &r.Memo, &r.Tips, &r.Control, &r.Message,
		} {
			*b = bytes.Clone(*b)
		}
		for i := range r.Exceptions {
			x := &r.Exceptions[i]
			*x = Exception{bytes.Clone(x.Class), bytes.Clone(x.Message), bytes.Clone(x.Frame)}
		}
		all = append(all, r)
	})
	return all
}

// checkSections cuts data at the first possible place behind every size bytes,
// and holds that the sections have the records of the whole. It returns how many
// there are.
func checkSections(t *testing.T, data []byte, name string, size int) int {
	t.Helper()
	lexicon := testLexicon()
	opt := Options{Lexicon: lexicon, Profile: Detect(data, name, lexicon)}
	if !opt.Divisible() {
		return 0
	}
	want := allItems(data, opt)
	var got []Record
	n := 0
	for rest := data; len(rest) > 0; n++ {
		end := len(rest)
		if size < len(rest) {
			if i := bytes.IndexByte(rest[size-1:], '\n') + size; i >= size {
				if k := NextRecord(rest[i:]); k >= 0 {
					end = i + k
				}
			}
		}
		section := opt
		section.Offset = int64(len(data) - len(rest))
		section.Line = int64(bytes.Count(data[:section.Offset], []byte{'\n'}))
		got = append(got, allItems(rest[:end], section)...)
		rest = rest[end:]
	}
	if len(got) != len(want) {
		t.Fatalf("%s in sections of %d bytes: %d items, want %d", name, size, len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("%s in sections of %d bytes: item %d is\n%+v, want\n%+v", name, size, i, got[i], want[i])
		}
	}
	return n
}

// TestSections cuts all logs of the repository.
func TestSections(t *testing.T) {
	divided := 0
	for _, pattern := range []string{"logs/*", "generated/*.log", "hostile/*", "demo/*"} {
		files, err := filepath.Glob("../testdata/" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				continue // a directory
			}
			for _, size := range []int{1, 100, 5000} {
				if checkSections(t, data, name, size) > 5 {
					divided++
				}
			}
		}
	}
	if divided < 20 {
		t.Errorf("%d times divided", divided)
	}
}

// FuzzSections does so with anything, and holds that LastRecord finds the last
// of the places that NextRecord finds.
func FuzzSections(f *testing.F) {
	f.Add([]byte(spellings()), 300)
	f.Add([]byte(at+"ERROR x\ncom.acme.E: y\n\tat a.b(C.java:1)\n\n"+digest2021+"\nx\n"+at+"INFO z\r\n\x00\x00"+at+"WARN\n"), 10)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		checkSections(t, data, "x", max(size, 1))
		last := -1
		for from := 0; ; {
			k := NextRecord(data[from:])
			if k < 0 {
				break
			}
			last = from + k
			from = last + bytes.IndexByte(data[last:], '\n') + 1
		}
		if got := LastRecord(data); got != last {
			t.Fatalf("the last record at %d, want %d", got, last)
		}
	})
}
