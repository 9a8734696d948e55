package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// logLines is what the archives of testdata hold.
func logLines() string { return manyLines(600) }

func manyLines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "2026-11-20 02:%02d:%02d,%03d ERROR [HTTP-%d] resultCode=%d, call %x took %dms\n",
			i/60%60, i%60, i*7%1000, i%13, 4001+i%3, uint32(i*2654435761), i*i%4999)
	}
	return b.String()
}

// archivesOf returns the archives of testdata, those alone that can be read.
func archivesOf(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, pattern := range []string{"one.*", "two.*", "several.*"} {
		names, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: no archive, %v", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.Base(name)] = data
		}
	}
	return out
}

// readAll reads an archive that comes in pieces of any size.
func readAll(t testing.TB, r io.Reader) (string, string, error) {
	t.Helper()
	in, err := Open(t.Context(), Stdin, r)
	if err != nil {
		return "", "", err
	}
	got, err := io.ReadAll(in)
	return string(got), in.Compression, err
}

func TestArchives(t *testing.T) {
	want := logLines()
	kinds := map[string]string{".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}
	for name, data := range archivesOf(t) {
		for _, r := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data)), iotest.DataErrReader(bytes.NewReader(data))} {
			got, kind, err := readAll(t, r)
			if got != want || err != nil || kind != kinds[filepath.Ext(name)] {
				t.Errorf("%s: %s, %d bytes, want %d; %v", name, kind, len(got), len(want), err)
			}
		}
		// The disk fails in the middle.
		broken := errors.New("broken")
		if _, _, err := readAll(t, io.MultiReader(bytes.NewReader(data[:len(data)/2]), iotest.ErrReader(broken))); !errors.Is(err, broken) || errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: a broken disk is %v", name, err)
		}
	}
}

// TestArchivesCut cuts every archive at every place of its ends and at many
// between: what it holds is delivered, and that it is cut is said. Between two
// streams an archive is complete.
func TestArchivesCut(t *testing.T) {
	text := logLines()
	const first = 20_000 // bytes in the first of two streams
	for name, data := range archivesOf(t) {
		delivered := 0
		var step int
		for n := 10; n < len(data); n += step {
			if step = 1; n > 60 && n < len(data)-60 {
				step = 61
			}
			got, _, err := readAll(t, bytes.NewReader(data[:n]))
			if !strings.HasPrefix(text, got) {
				t.Fatalf("%s cut at %d: %d bytes of something else", name, n, len(got))
			}
			complete := err == nil && (len(got) == first || len(got) == len(text)) && !strings.HasPrefix(name, "one") ||
				name == "several.zst" && n == 12 && got == ""
			if !errors.Is(err, ErrTruncated) && !complete {
				t.Errorf("%s cut at %d of %d: %d bytes, error %v", name, n, len(data), len(got), err)
			}
			if len(got) < delivered {
				t.Errorf("%s cut at %d: %d bytes, %d before", name, n, len(got), delivered)
			}
			delivered = len(got)
		}
		if delivered < len(text)/3 && name != "one.bz2" && name != "one.zst" { // these are one block
			t.Errorf("%s: only %d bytes of the longest cut", name, delivered)
		}
	}
}

// TestArchivesDamaged changes a byte here and there: what comes before the
// damage is right, and the damage is said. (A few bytes, such as the time in
// gzip's header, mean nothing.)
func TestArchivesDamaged(t *testing.T) {
	text := logLines()
	for name, data := range archivesOf(t) {
		silent := 0
		tries := 0
		for n := 10; n < len(data); n += 101 {
			bad := bytes.Clone(data)
			bad[n] ^= 0x55
			got, _, err := readAll(t, bytes.NewReader(bad))
			tries++
			switch {
			case err == nil && got == text:
				silent++
			case err == nil && name != "several.zst": // whose second frame has no checksum
				t.Errorf("%s changed at %d: other text and no error", name, n)
			case err != nil && !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrWindow):
				t.Errorf("%s changed at %d: %v", name, n, err)
			}
		}
		if silent > tries/10 {
			t.Errorf("%s: %d of %d changes went unnoticed", name, silent, tries)
		}
	}
	whole := archivesOf(t)["one.xz"]
	for what, data := range map[string][]byte{
		"padding that is none": append(bytes.Clone(whole), 0, 0, 0, 1),
		"text behind it":       append(bytes.Clone(whole), "some text, more than a header"...),
	} {
		if got, _, err := readAll(t, bytes.NewReader(data)); got != text || !errors.Is(err, ErrCorrupt) {
			t.Errorf("xz with %s: %d bytes, %v", what, len(got), err)
		}
	}
}

// TestArchivesRefused holds what is said of archives that are not read.
func TestArchivesRefused(t *testing.T) {
	for name, want := range map[string]error{"window.xz": ErrWindow, "window.zst": ErrWindow, "filter.xz": ErrCorrupt} {
		in, err := Open(t.Context(), filepath.Join("testdata", name), nil)
		if err == nil {
			_, err = io.ReadAll(in)
			in.Close()
		}
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	for _, plain := range []string{"BZh is a word", "BZ", "B", "BZhx1AY&SY", "P", "\x1f", "Q*M"} {
		if got, kind, err := readAll(t, strings.NewReader(plain)); got != plain || kind != "" || err != nil {
			t.Errorf("%q: %q as %q, %v", plain, got, kind, err)
		}
	}
}

// FuzzArchive feeds anything: it ends, without a panic, and gives no more than
// can come of it.
func FuzzArchive(f *testing.F) {
	for _, data := range archivesOf(f) {
		f.Add(data[:min(len(data), 4000)])
		f.Add(data[:100])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := Open(t.Context(), Stdin, bytes.NewReader(data))
		if err != nil {
			return
		}
		n, err := io.Copy(io.Discard, io.LimitReader(in, 64<<20))
		if in.Compression == "" && utf8.Valid(data) && (n != int64(len(data)) || err != nil) {
			t.Errorf("plain text of %d bytes gives %d, %v", len(data), n, err)
		}
	})
}
