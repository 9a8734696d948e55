package statedir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const acksName = "acks.json"

// acksSchema names the form of acks.json. Its prefix is that of all versions.
const (
	acksSchema       = acksSchemaPrefix + "1"
	acksSchemaPrefix = "mgslog/acks/v"
)

// What bounds the list of known noise. The lengths are in bytes; in the file each
// takes at most two, so that the longest list fits.
const (
	maxAcks     = 1000
	maxAckKey   = 64
	maxAckNote  = 1000
	maxAckBy    = 100
	maxAcksFile = 4 << 20
)

// An Ack says that somebody has looked at a kind of failure, and that it need
// not be told anew.
type Ack struct {
	Key   string     `json:"key"`   // 4001, android:2, or a fingerprint; printable ASCII without spaces
	Note  string     `json:"note"`  // why; one line
	By    string     `json:"by"`    // who; one line
	At    time.Time  `json:"at"`    // when
	Until *time.Time `json:"until"` // the last second in which it holds; nil: for good
}

// Check returns what is wrong with an Ack, such as a note that is too long.
func (a *Ack) Check() error {
	line := func(what, s string, limit int) error {
		switch {
		case s == "":
			return fmt.Errorf("no %s", what)
		case len(s) > limit:
			return fmt.Errorf("a %s of %d bytes, more than %d", what, len(s), limit)
		case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
			return fmt.Errorf("a %s that is not one line of text", what)
		}
		return nil
	}
	err := errors.Join(line("key", a.Key, maxAckKey), line("note", a.Note, maxAckNote), line("name", a.By, maxAckBy))
	if err == nil && strings.ContainsFunc(a.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		err = errors.New("a key that is not of printable ASCII")
	}
	if err == nil && a.At.IsZero() {
		err = errors.New("no time")
	}
	return err
}

// acksFile is what acks.json holds.
type acksFile struct {
	Schema string `json:"schema"`
	Acks   []Ack  `json:"acks"` // sorted by key
}

// Acks returns the list of known noise, sorted by key, with those whose time is
// over. A file that cannot be understood is an error.
func (d *Dir) Acks() ([]Ack, error) {
	text, err := d.read(acksName, maxAcksFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	acks, err := parseAcks(text)
	if err != nil {
		return nil, d.named(acksName, err)
	}
	return acks, nil
}

func parseAcks(text []byte) ([]Ack, error) {
	var form struct {
		Schema string `json:"schema"`
	}
	switch err := json.Unmarshal(text, &form); {
	case err != nil:
		return nil, fmt.Errorf("not a list of acks, or damaged: %w", err)
	case form.Schema != acksSchema && strings.HasPrefix(form.Schema, acksSchemaPrefix):
		return nil, fmt.Errorf("a list of acks in the form %.40q, this program knows %s", form.Schema, acksSchema)
	case form.Schema != acksSchema:
		return nil, ErrForeign
	}
	var f acksFile
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("damaged: %w", err)
	}
	if len(f.Acks) > maxAcks {
		return nil, fmt.Errorf("damaged: %d acks, more than %d", len(f.Acks), maxAcks)
	}
	for i := range f.Acks {
		if err := f.Acks[i].Check(); err != nil {
			return nil, fmt.Errorf("damaged: ack %d: %w", i+1, err)
		}
		if i > 0 && f.Acks[i].Key <= f.Acks[i-1].Key {
			return nil, fmt.Errorf("damaged: %q comes twice or is out of order", f.Acks[i].Key)
		}
	}
	return f.Acks, nil
}

// find looks for a key in a sorted list.
func find(acks []Ack, key string) (int, bool) {
	return slices.BinarySearchFunc(acks, key, func(a Ack, key string) int { return strings.Compare(a.Key, key) })
}

// SetAck puts an Ack on the list, in place of the one that has the same key. The
// directory must be locked.
func (d *Dir) SetAck(a Ack) error {
	if err := a.Check(); err != nil {
		return err
	}
	acks, err := d.Acks()
	if err != nil {
		return err
	}
	if i, found := find(acks, a.Key); found {
		acks[i] = a
	} else {
		acks = slices.Insert(acks, i, a)
	}
	if len(acks) > maxAcks {
		return d.named(acksName, fmt.Errorf("there are %d acks already; remove some that are over", maxAcks))
	}
	return d.writeAcks(acks)
}

// RemoveAck takes the Ack with this key off the list. If there is none, the error
// is fs.ErrNotExist. The directory must be locked.
func (d *Dir) RemoveAck(key string) error {
	acks, err := d.Acks()
	if err != nil {
		return err
	}
	i, found := find(acks, key)
	if !found {
		return fmt.Errorf("ack of %.80q: %w", key, fs.ErrNotExist)
	}
	return d.writeAcks(slices.Delete(acks, i, i+1))
}

func (d *Dir) writeAcks(acks []Ack) error {
	if d.lock == nil {
		return d.named(acksName, ErrUnlocked)
	}
	if acks == nil {
		acks = []Ack{}
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false) // people read it
	enc.SetIndent("", "  ")
	if err := enc.Encode(acksFile{Schema: acksSchema, Acks: acks}); err != nil {
		return d.named(acksName, err)
	}
	return d.replace(acksName, text.Bytes())
}
