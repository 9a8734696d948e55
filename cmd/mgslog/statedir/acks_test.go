package statedir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestAcks(t *testing.T) {
	t.Parallel()
	d, path := open(t)
	want := func(what string, acks ...Ack) {
		t.Helper()
		got, err := d.Acks()
		if err != nil || len(got) != len(acks) {
			t.Fatalf("%s: %v, %v", what, got, err)
		}
		for i := range acks {
			if !got[i].At.Equal(acks[i].At) || got[i].Until != nil != (acks[i].Until != nil) || got[i].Until != nil && !got[i].Until.Equal(*acks[i].Until) {
				t.Errorf("%s: times of %+v, want %+v", what, got[i], acks[i])
			}
			got[i].At, got[i].Until = acks[i].At, acks[i].Until
			if !reflect.DeepEqual(got[i], acks[i]) {
				t.Errorf("%s: %+v, want %+v", what, got[i], acks[i])
			}
		}
	}
	want("none")
	until := noon.Add(time.Hour).In(time.FixedZone("", 8*3600))
	a := Ack{Key: "android:2", Note: "<旧版> & \u202e\"x\"", By: "李四", At: noon, Until: &until}
	b := Ack{Key: "4001", Note: "load test", By: "ops", At: noon}
	for _, x := range []Ack{a, b} {
		if err := d.SetAck(x); err != nil {
			t.Fatal(err)
		}
	}
	want("two", b, a)
	b.Note = "another"
	if err := d.SetAck(b); err != nil {
		t.Fatal(err)
	}
	want("one of them anew", b, a)
	if err := d.RemoveAck("4002"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("one that is not there: %v", err)
	}
	if err := d.RemoveAck("4001"); err != nil {
		t.Fatal(err)
	}
	want("one removed", a)
	if err := d.RemoveAck(a.Key); err != nil {
		t.Fatal(err)
	}
	want("all removed")
	if text, err := os.ReadFile(filepath.Join(path, acksName)); err != nil || !strings.Contains(string(text), `"acks": []`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestAckRefused(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	sound := Ack{Key: "4001", Note: "n", By: "b", At: noon}
	for name, change := range map[string]func(*Ack){
		"no key":            func(a *Ack) { a.Key = "" },
		"a long key":        func(a *Ack) { a.Key = strings.Repeat("4", maxAckKey+1) },
		"a key in two":      func(a *Ack) { a.Key = "40 01" },
		"a Chinese key":     func(a *Ack) { a.Key = "码" },
		"no note":           func(a *Ack) { a.Note = "" },
		"a long note":       func(a *Ack) { a.Note = strings.Repeat("n", maxAckNote+1) },
		"a note with ESC":   func(a *Ack) { a.Note = "\x1b[2J" },
		"a note with CSI":   func(a *Ack) { a.Note = "\u009b2J" },
		"a note in two":     func(a *Ack) { a.Note = "a\nb" },
		"a note of no text": func(a *Ack) { a.Note = "\xff" },
		"nobody":            func(a *Ack) { a.By = "" },
		"a long name":       func(a *Ack) { a.By = strings.Repeat("b", maxAckBy+1) },
		"no time":           func(a *Ack) { a.At = time.Time{} },
	} {
		a := sound
		change(&a)
		if err := d.SetAck(a); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	full := make([]Ack, maxAcks)
	for _, note := range []string{`"`, "<", "\u2028"} { // what JSON writes longer
		for i := range full {
			full[i] = Ack{Key: fmt.Sprintf("%0*d", maxAckKey, i), Note: strings.Repeat(note, maxAckNote/len(note)), By: strings.Repeat(`\`, maxAckBy), At: noon}
		}
		if err := d.writeAcks(full); err != nil {
			t.Fatal(err)
		}
		if acks, err := d.Acks(); err != nil || len(acks) != maxAcks {
			t.Errorf("as many as may be, and as long, of %q: %d, %v", note, len(acks), err)
		}
	}
	sound.Key = "9999"
	if err := d.SetAck(sound); err == nil {
		t.Error("one too many: no error")
	}
	full[7].Until = &noon
	if err := d.SetAck(full[7]); err != nil {
		t.Errorf("one of them anew: %v", err)
	}
}

// TestAcksDamaged holds that a file that is not understood is an error that
// names it, and is not replaced.
func TestAcksDamaged(t *testing.T) {
	t.Parallel()
	const ack = `{"key":"4001","note":"n","by":"b","at":"2026-11-20T12:00:00Z","until":null}`
	form := func(acks string) string { return `{"schema":"mgslog/acks/v1","acks":[` + acks + `]}` }
	if acks, err := parseAcks([]byte(form(ack))); err != nil || len(acks) != 1 {
		t.Fatalf("a sound one: %v, %v", acks, err)
	}
	for name, text := range map[string]string{
		"nothing":             "",
		"cut off":             form(ack)[:40],
		"another's":           `{"schema":"other/v1"}`,
		"a list":              `[]`,
		"null":                `null`,
		"a later version":     `{"schema":"mgslog/acks/v2","acks":[],"more":1}`,
		"a member too many":   `{"schema":"mgslog/acks/v1","acks":[],"more":1}`,
		"two documents":       form(ack) + form(ack),
		"twice the same":      form(ack + "," + ack),
		"a note of two lines": form(strings.Replace(ack, `"n"`, `"\n"`, 1)),
		"no time":             form(strings.Replace(ack, `"2026-11-20T12:00:00Z"`, `""`, 1)),
		"too many":            form(strings.Repeat(ack+",", maxAcks) + ack),
		"too long":            form(ack) + strings.Repeat(" ", maxAcksFile),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, path := open(t)
			file := filepath.Join(path, acksName)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, read := d.Acks()
			for what, err := range map[string]error{
				"read": read, "set": d.SetAck(Ack{Key: "1", Note: "n", By: "b", At: noon}), "remove": d.RemoveAck("4001"),
			} {
				if err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), file) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if left, err := os.ReadFile(file); err != nil || string(left) != text {
				t.Errorf("it was changed: %.80q, %v", left, err)
			}
		})
	}
}

func FuzzAcks(f *testing.F) {
	f.Add([]byte(`{"schema":"mgslog/acks/v1","acks":[{"key":"4001","note":"n","by":"b","at":"2026-11-20T12:00:00Z","until":null}]}`))
	f.Add([]byte(`{"schema":"mgslog/acks/v1","acks":null}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, text []byte) {
		acks, err := parseAcks(text)
		if err != nil && acks != nil {
			t.Errorf("acks and an error: %v, %v", acks, err)
		}
		for i := range acks {
			if err := acks[i].Check(); err != nil {
				t.Error(err)
			}
		}
	})
}
