package parser

import (
	"bytes"
	"testing"
)

// TestMergeWithoutExceptions puts together records that have no exception,
// behind one that has.
func TestMergeWithoutExceptions(t *testing.T) {
	const text = "01-20 11:35:20.776 100 100 E Tag: RPCException: [7001] : x, java.io.IOException: y\n" +
		"01-20 11:36:20.776 100 100 E Tag: ^ERR_CODE=7003^\n" +
		"01-20 11:36:20.786 100 100 E Tag: errcode: 7003, errmsg: x\n"
	var codes []Code
	d := NewDecoder(Options{Lexicon: testLexicon(), Format: Logcat})
	feed(d, []byte(text), func() { codes = append(codes, d.Record().Code) })
	if len(codes) != 2 || codes[0] != 7001 || codes[1] != 7003 {
		t.Errorf("codes %v", codes)
	}
}

// TestHeldLine holds that a skipped line that is held back is whole when it is
// given out.
func TestHeldLine(t *testing.T) {
	const skipped = "something else"
	text := []byte("RPCException: [7001] : x, java.io.IOException: y\n" + skipped + "\n")
	text = append(text, bytes.Repeat([]byte("errcode: 7003, errmsg: x\n"), 3)...)
	d := NewDecoder(Options{Lexicon: testLexicon(), Format: Capture})
	found := false
	for done := false; ; {
		for d.Next() {
			if s := d.Skipped(); s != nil {
				found = true
				if string(s.Whole) != skipped || string(s.Text) != skipped {
					t.Errorf("skipped %q, whole %q", s.Text, s.Whole)
				}
			}
		}
		if done {
			break
		}
		n := copy(d.Buffer(), text[:min(len(text), 7)])
		d.Filled(n)
		if text = text[n:]; len(text) == 0 {
			d.Finish()
			done = true
		}
	}
	if !found {
		t.Error("no skipped line")
	}
}
