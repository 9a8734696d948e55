package aggfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

// noise returns n bytes that do not compress, the same for the same seed.
func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// made returns a file with these parts.
func made(t testing.TB, head, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, head, body); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		head, body []byte
	}{
		{"usual", []byte(`{"host":"gw-1"}`), bytes.Repeat([]byte("4001,7,"), 9000)},
		{"incompressible", noise(1, 500), noise(2, 300_000)},
		{"empty", nil, nil},
		{"one byte", []byte("h"), []byte("b")},
		{"largest head", make([]byte, MaxHead), nil},
		{"largest body", nil, make([]byte, MaxBody)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := made(t, c.head, c.body)
			if !Is(file) {
				t.Errorf("Is(%q) = false", file[:20])
			}
			if again := made(t, c.head, c.body); !bytes.Equal(again, file) {
				t.Error("the same input gave other bytes")
			}
			for name, r := range map[string]io.Reader{
				"whole": bytes.NewReader(file), "halves": iotest.HalfReader(bytes.NewReader(file)),
				"EOF with data": iotest.DataErrReader(bytes.NewReader(file)),
			} {
				head, body, err := Read(r)
				if err != nil || !bytes.Equal(head, c.head) || !bytes.Equal(body, c.body) {
					t.Errorf("%s: Read: %d and %d bytes, %v", name, len(head), len(body), err)
				}
			}
			head, err := ReadHead(bytes.NewReader(file))
			if err != nil || !bytes.Equal(head, c.head) {
				t.Errorf("ReadHead: %d bytes, %v", len(head), err)
			}
		})
	}
}

// TestFirstLine holds the first line, which other programs may look at.
func TestFirstLine(t *testing.T) {
	t.Parallel()
	file := made(t, []byte("head"), bytes.Repeat([]byte("body "), 100))
	line, _, _ := bytes.Cut(file, []byte{'\n'})
	want := regexp.MustCompile(`^mgslog-aggregate 1 head 17 4 [0-9a-f]{64} body [0-9]+ 500 [0-9a-f]{64}$`)
	if !want.Match(line) {
		t.Errorf("first line %q, want %s", line, want)
	}
}

// TestReadHeadReadsLittle holds that a head can be had without its body.
func TestReadHeadReadsLittle(t *testing.T) {
	t.Parallel()
	file := made(t, []byte("head"), noise(3, 1<<20))
	r := bytes.NewReader(file)
	if _, err := ReadHead(r); err != nil {
		t.Fatal(err)
	}
	if read := len(file) - r.Len(); read > 8<<10 {
		t.Errorf("%d bytes were read", read)
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	file := made(t, []byte("head"), bytes.Repeat([]byte("body "), 100))
	line := string(file[:bytes.IndexByte(file, '\n')+1])
	changed := func(at int) []byte {
		b := bytes.Clone(file)
		b[at] ^= 0x10
		return b
	}
	field := func(n int, value string) []byte {
		words := strings.Split(strings.TrimSpace(line), " ")
		words[n] = value
		return append([]byte(strings.Join(words, " ")+"\n"), file[len(line):]...)
	}
	for _, c := range []struct {
		name string
		file []byte
		want error
		text string // part of the error
	}{
		{"empty", nil, ErrTruncated, "the file is empty"},
		{"a log", []byte("2026-11-20 02:13:05,123 INFO x"), ErrForeign, "not an aggregate file of mgslog"},
		{"gzip", []byte("\x1f\x8b\x08\x00"), ErrForeign, ""},
		{"begins like one", []byte("mgslog: error"), ErrForeign, ""},
		{"within the magic", file[:9], ErrTruncated, "9 bytes"},
		{"within the first line", file[:40], ErrTruncated, "40 bytes"},
		{"behind the first line", file[:len(line)], ErrTruncated, fmt.Sprintf("%d of %d bytes", len(line), len(file))},
		{"last byte missing", file[:len(file)-1], ErrTruncated, fmt.Sprintf("%d of %d bytes", len(file)-1, len(file))},
		{"a byte more", append(bytes.Clone(file), '\n'), ErrDamaged, fmt.Sprintf("after the %d bytes", len(file))},
		{"twice", append(bytes.Clone(file), file...), ErrDamaged, "something follows"},
		{"head flipped", changed(len(line) + 8), ErrDamaged, "checksum of its head"},
		{"body flipped", changed(len(file) - 3), ErrDamaged, "checksum of its body"},
		{"later", field(1, "2"), ErrNewer, "format 2, this one reads 1"},
		{"much later, another first line", []byte(magic + "17 " + strings.Repeat("x", 5000)), ErrNewer, "format 17"},
		{"version 0", field(1, "0"), ErrDamaged, "first line"},
		{"no version", field(1, "x"), ErrDamaged, "first line"},
		{"a number in another form", field(3, "0"+strings.Split(line, " ")[3]), ErrDamaged, "first line"},
		{"negative", field(4, "-4"), ErrDamaged, "first line"},
		{"head beyond its bound", field(4, strconv.Itoa(MaxHead+1)), ErrDamaged, "first line"},
		{"body beyond its bound", field(8, strconv.Itoa(MaxBody+1)), ErrDamaged, "first line"},
		{"stored beyond its bound", field(7, strconv.Itoa(1<<40)), ErrDamaged, "first line"},
		{"a bomb", field(8, "20"), ErrDamaged, "does not decompress"},
		{"less than stated", field(8, "900"), ErrDamaged, "500 bytes instead of 900"},
		{"a field more", []byte(strings.TrimSuffix(line, "\n") + " 1\n"), ErrDamaged, "first line"},
		{"no end of the first line", []byte(magic + "1 " + strings.Repeat("x", 5000)), ErrDamaged, "first line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			head, body, err := Read(bytes.NewReader(c.file))
			if !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.text) || head != nil || body != nil {
				t.Errorf("error %v, want %v with %q", err, c.want, c.text)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	file := made(t, noise(1, 5000), noise(2, 5000))
	for _, n := range []int{0, 5, 50, 3000, 7000, len(file)} {
		r := io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(errDisk))
		if _, _, err := Read(r); !errors.Is(err, errDisk) {
			t.Errorf("Read, after %d bytes: %v", n, err)
		}
	}
}

var errDisk = errors.New("disk on fire")

// A full writer takes n bytes and no more.
type full struct{ n int }

func (w *full) Write(b []byte) (int, error) {
	if w.n -= len(b); w.n < 0 {
		return 0, errDisk
	}
	return len(b), nil
}

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	head, body := noise(1, 100), noise(2, 100)
	size := len(made(t, head, body))
	for n := 0; n < size; n += 19 {
		if err := Write(&full{n}, head, body); !errors.Is(err, errDisk) {
			t.Errorf("a disk of %d bytes: %v", n, err)
		}
	}
	var b bytes.Buffer
	if err := Write(&b, make([]byte, MaxHead+1), nil); !errors.Is(err, ErrLimit) || b.Len() > 0 {
		t.Errorf("large head: %v, %d bytes", err, b.Len())
	}
	if err := Write(&b, nil, make([]byte, MaxBody+1)); !errors.Is(err, ErrLimit) || b.Len() > 0 {
		t.Errorf("large body: %v, %d bytes", err, b.Len())
	}
}

// FuzzRead: whatever is read without an error is what Write wrote, up to how it
// was compressed; whatever is not is an error of this package.
func FuzzRead(f *testing.F) {
	file := made(f, []byte("head"), bytes.Repeat([]byte("body "), 100))
	f.Add(file)
	f.Add(file[:len(file)-1])
	f.Add([]byte(magic + "2 x\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		head, body, err := Read(bytes.NewReader(data))
		onlyHead, headErr := ReadHead(bytes.NewReader(data))
		if err == nil {
			if headErr != nil || !bytes.Equal(head, onlyHead) {
				t.Fatalf("ReadHead: %q, %v; Read: %q", onlyHead, headErr, head)
			}
			again, b, err := Read(bytes.NewReader(made(t, head, body)))
			if err != nil || !bytes.Equal(again, head) || !bytes.Equal(b, body) {
				t.Fatal("not what was written")
			}
			return
		}
		for _, e := range []error{err, headErr} {
			if e != nil && !errors.Is(e, ErrForeign) && !errors.Is(e, ErrTruncated) && !errors.Is(e, ErrDamaged) && !errors.Is(e, ErrNewer) {
				t.Fatalf("another error: %v", e)
			}
		}
		if Is(data) && errors.Is(err, ErrForeign) {
			t.Fatalf("Is = %v, %v", Is(data), err)
		}
	})
}
