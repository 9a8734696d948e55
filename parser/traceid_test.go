package parser

import "testing"

// plainSplit is SplitTraceID byte by byte.
func plainSplit(b []byte) (host uint32, ms int64, ok bool) {
	if len(b) < traceIDMin || len(b) > traceIDMax || b[8] != '1' {
		return 0, 0, false
	}
	for i, c := range b {
		switch {
		case i < 8 && isDigit(c):
			host = host<<4 | uint32(c-'0')
		case i < 8 && c|0x20-'a' <= 'f'-'a':
			host = host<<4 | uint32(c|0x20-'a'+10)
		case i < 8 || !isDigit(c):
			return 0, 0, false
		case i < 21:
			ms = ms*10 + int64(c-'0')
		}
	}
	return host, ms, true
}

// FuzzSplitTraceID holds SplitTraceID equal to a plain loop.
func FuzzSplitTraceID(f *testing.F) {
	const id = "0aFf7667172553600012310009876"
	f.Add([]byte(id))
	for i := range len(id) {
		for _, c := range []byte("/:@`gGoO\x11\x1a\xb1\xfa 5") { // beside the digits and letters, and with one bit changed
			b := []byte(id)
			b[i] = c
			f.Add(b)
		}
		f.Add([]byte(id[:i]))
		f.Add([]byte(id + id[:i]))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		host, ms, ok := SplitTraceID(b)
		wantHost, wantMS, want := plainSplit(b)
		if ok != want || ok && (host != wantHost || ms != wantMS) {
			t.Fatalf("%q: %x %d %v, want %x %d %v", b, host, ms, ok, wantHost, wantMS, want)
		}
	})
}
