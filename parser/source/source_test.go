package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func zipped(t testing.TB, texts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, text := range texts {
		w := gzip.NewWriter(&b)
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOpen holds what each kind of input gives, with and without a sample
// taken first.
func TestOpen(t *testing.T) {
	text := strings.Repeat("2026-11-20 02:13:05,123 ERROR resultCode=4001\n", 5000)
	whole := zipped(t, text)
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-5] ^= 0xFF // in the checksum
	for _, c := range []struct {
		name string
		data []byte
		want string
		err  error
		gzip bool
	}{
		{"plain.log", []byte(text), text, nil, false},
		{"empty.log", nil, "", nil, false},
		{"one byte", []byte("\x1f"), "\x1f", nil, false},
		{"misnamed.log", whole, text, nil, true},
		{"plain.gz", []byte(text), text, nil, false},
		{"members.gz", zipped(t, text, "more\n", ""), text + "more\n", nil, true},
		{"damaged.gz", flipped, text, ErrCorrupt, true},
	} {
		path := write(t, c.name, c.data)
		for _, sample := range []int{0, 10, 100_000, 1 << 20} {
			in, err := Open(t.Context(), path, nil)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if sample > 0 {
				if got := in.Sample(sample); string(got) != c.want[:min(sample, len(c.want))] {
					t.Errorf("%s: a sample of %d has %d bytes", c.name, sample, len(got))
				}
			}
			got, err := io.ReadAll(in)
			if string(got) != c.want || !errors.Is(err, c.err) || (in.Compression == "gzip") != c.gzip {
				t.Errorf("%s: %d bytes, want %d; error %v, want %v; compression %q", c.name, len(got), len(c.want), err, c.err, in.Compression)
			}
			if in.Size != int64(len(c.data)) || in.Consumed() != in.Size || !in.Rewindable {
				t.Errorf("%s: size %d, consumed %d of %d", c.name, in.Size, in.Consumed(), len(c.data))
			}
			if err := in.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestTruncated cuts an archive at many places: what it holds is delivered,
// and that it is cut is said.
func TestTruncated(t *testing.T) {
	text := strings.Repeat("a line of text that is compressed\n", 3000)
	whole := zipped(t, text)
	for n := 2; n < len(whole); n += 1 + n/7 {
		in, err := Open(t.Context(), Stdin, bytes.NewReader(whole[:n]))
		if err != nil {
			if !errors.Is(err, ErrTruncated) {
				t.Errorf("cut at %d: %v", n, err)
			}
			continue
		}
		got, err := io.ReadAll(in)
		if !errors.Is(err, ErrTruncated) || !strings.HasPrefix(text, string(got)) {
			t.Errorf("cut at %d: %d bytes, error %v", n, len(got), err)
		}
	}
}

func TestNotOpened(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), dir, nil); !errors.Is(err, ErrDirectory) {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "none"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	for name, magic := range map[string]string{"zip": "PK\x03\x04...."} {
		if _, err := Open(t.Context(), write(t, name, []byte(magic)), nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("broken")
	if _, err := Open(t.Context(), Stdin, iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a broken standard input: %v", err)
	}
}

// TestCancel holds that the end of the context ends a read that would block
// for ever, and a file's.
func TestCancel(t *testing.T) {
	why := errors.New("stopped")
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		io.WriteString(w, "2026-11-20 some text\n") // the reader counts it
		cancel(why)
	}()
	in, err := Open(ctx, Stdin, r)
	if err != nil && !errors.Is(err, why) {
		t.Fatal(err)
	}
	if err == nil {
		if _, err := io.ReadAll(in); !errors.Is(err, why) {
			t.Errorf("a blocked pipe: %v", err)
		}
	}
	if _, err := Open(ctx, write(t, "x", []byte("text")), nil); !errors.Is(err, why) {
		t.Errorf("a file: %v", err)
	}
}

// TestSectionReads holds that the reads of a section, but the first, begin where a
// page does, and that they give its bytes and no others.
func TestSectionReads(t *testing.T) {
	data := []byte(strings.Repeat("0123456789\n", 2000))
	size := int64(len(data))
	in, err := Open(t.Context(), write(t, "gateway-error.log", data), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for _, c := range []struct{ from, to int64 }{{0, -1}, {0, 4096}, {11, 22}, {4095, 4097}, {4096, 8192}, {5000, 17000}, {size - 1, -1}, {size, -1}} {
		section := in.Section(t.Context(), c.from, c.to)
		to := c.to
		if to < 0 {
			to = size
		}
		at := c.from
		b := make([]byte, 8192)
		for {
			n, err := section.Read(b)
			if !bytes.Equal(b[:n], data[at:at+int64(n)]) {
				t.Errorf("%d to %d: other bytes from %d on", c.from, c.to, at)
			}
			if at != c.from && at%4096 != 0 && n > 0 {
				t.Errorf("%d to %d: a read begins at %d", c.from, c.to, at)
			}
			at += int64(n)
			if err != nil {
				break
			}
		}
		if at != to {
			t.Errorf("%d to %d: ends at %d", c.from, c.to, at)
		}
	}
}
