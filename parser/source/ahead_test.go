package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/klauspost/compress/zstd"
)

// long is a text of more than what is read ahead, so that its buffers go round.
func long() string { return manyLines(5 * aheadBuffers * aheadSize / 2 / 80) }

// zstded returns text as a zstd archive.
func zstded(t testing.TB, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll([]byte(text), nil)
}

// TestAhead holds that reading ahead changes neither bytes nor errors, wherever
// an archive is cut, in what sizes it is read, and with a sample or without.
func TestAhead(t *testing.T) {
	text := long()
	for kind, whole := range map[string][]byte{"gzip": zipped(t, text), "zstd": zstded(t, text)} {
		flipped := bytes.Clone(whole)
		flipped[len(flipped)/2] ^= 0x10
		for what, data := range map[string][]byte{
			"whole": whole, "cut at its end": whole[:len(whole)-3], "cut": whole[:len(whole)*2/3], "damaged": flipped,
		} {
			direct, err := Open(t.Context(), Stdin, bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			want, wantErr := io.ReadAll(direct.r) // not ahead, since Read was not called
			// Deflate's own bytes have no checksum before their end.
			if len(want) == 0 || what != "damaged" && !strings.HasPrefix(text, string(want)) {
				t.Fatalf("%s %s: %d bytes of something else", kind, what, len(want))
			}
			for _, read := range []func(io.Reader) io.Reader{
				func(r io.Reader) io.Reader { return r }, iotest.DataErrReader,
			} {
				for _, sample := range []int{0, 1 << 20} {
					in, err := Open(t.Context(), Stdin, read(bytes.NewReader(data)))
					if err != nil {
						t.Fatal(err)
					}
					if sample > 0 {
						in.Sample(sample)
					}
					got, err := io.ReadAll(read(in))
					if !bytes.Equal(got, want) || !equalErrors(err, wantErr) {
						t.Errorf("%s %s, sample %d: %d bytes, %v; want %d, %v", kind, what, sample, len(got), err, len(want), wantErr)
					}
					in.Close()
				}
			}
		}
	}
}

func equalErrors(a, b error) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Error() == b.Error()
}

// TestAheadLeft holds that an input that is left early leaves no goroutine: a
// bubble of synctest fails if one stays behind.
func TestAheadLeft(t *testing.T) {
	text := long()
	zipped := zipped(t, text)
	for kind, path := range map[string]string{
		"gzip": write(t, "x", zipped), "zstd": write(t, "x", zstded(t, text)),
		"damaged": write(t, "x", zipped[:len(zipped)/2]),
	} {
		for what, use := range map[string]func(*Input){
			"opened":  func(*Input) {},
			"sampled": func(in *Input) { in.Sample(1 << 20) },
			"begun":   func(in *Input) { io.ReadFull(in, make([]byte, 10)) },                     // left early
			"half":    func(in *Input) { io.ReadFull(in, make([]byte, len(text)/3)) },            // left early
			"both":    func(in *Input) { in.Sample(1000); io.ReadFull(in, make([]byte, 1.2e6)) }, // left early
			"read":    func(in *Input) { io.Copy(io.Discard, in) },                               // one is damaged
		} {
			t.Run(kind+" "+what, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					in, err := Open(t.Context(), path, nil)
					if err != nil {
						t.Fatal(err)
					}
					use(in)
					if what == "sampled" && in.ahead.full != nil {
						t.Error("a sample reads ahead")
					}
					if what == "begun" { // and filled all it may
						synctest.Wait()
						if n := len(in.ahead.full); n != aheadBuffers-1 {
							t.Errorf("%d buffers ahead", n)
						}
					}
					if err := in.Close(); err != nil {
						t.Error(err)
					}
					if in.Close(); what == "begun" || what == "half" || what == "both" {
						if n, err := in.Read(make([]byte, 10)); n > 0 || !errors.Is(err, os.ErrClosed) {
							t.Errorf("read after Close: %d bytes, %v", n, err)
						}
					}
				})
			})
		}
	}
}

// TestAheadBlocked holds that Close ends what waits for a pipe, and that the
// end of the context ends a Read of one, behind all that came before.
func TestAheadBlocked(t *testing.T) {
	text := long()
	archive := zipped(t, text)
	half := archive[:len(archive)/2]
	why := errors.New("stopped")
	for _, left := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			r, w := io.Pipe()
			ctx, cancel := context.WithCancelCause(t.Context())
			var all sync.WaitGroup
			all.Go(func() { w.Write(half) }) // the reader counts it
			in, err := Open(ctx, Stdin, r)
			if err != nil {
				t.Fatal(err)
			}
			p := make([]byte, 3*aheadSize/2)
			if _, err := io.ReadFull(in, p); err != nil {
				t.Fatal(err)
			}
			if left {
				in.Close()
			} else {
				all.Go(func() {
					synctest.Wait() // until nothing comes any more
					cancel(why)
				})
				rest, err := io.ReadAll(in)
				want, _ := unzip(half)
				if string(p)+string(rest) != want || !errors.Is(err, why) {
					t.Errorf("%d bytes, want %d; %v", len(p)+len(rest), len(want), err)
				}
				in.Close()
			}
			w.Close() // ends the read of the pipe that is left behind
			r.Close()
			all.Wait()
			cancel(nil)
		})
	}
}

// unzip returns what a gzip archive that may be cut holds.
func unzip(data []byte) (string, error) {
	in, err := Open(context.Background(), Stdin, bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(in.r)
	return string(text), err
}

// TestConsumed asks for the progress in another goroutine than the one that
// reads: it never goes back. The race detector watches.
func TestConsumed(t *testing.T) {
	data := zipped(t, long())
	in, err := Open(t.Context(), write(t, "x.gz", data), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	done := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for last := int64(0); ; {
			n := in.Consumed()
			if n < last || n > in.Size {
				t.Errorf("consumed %d after %d of %d", n, last, in.Size)
			}
			last = n
			select {
			case <-done:
				return
			default:
			}
		}
	})
	if _, err := io.Copy(io.Discard, in); err != nil {
		t.Error(err)
	}
	close(done)
	all.Wait()
	if in.Consumed() != int64(len(data)) {
		t.Errorf("consumed %d of %d", in.Consumed(), len(data))
	}
}

// BenchmarkRead reads inputs of 16 MiB of text, and counts that.
func BenchmarkRead(b *testing.B) {
	text := manyLines(16 << 20 / 80)
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"plain", []byte(text)},
		{"gzip", zipped(b, text)},
		{"zstd", zstded(b, text)},
	} {
		b.Run(c.name, func(b *testing.B) {
			path := write(b, "x", c.data)
			buf := make([]byte, 256<<10)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				in, err := Open(b.Context(), path, nil)
				if err != nil {
					b.Fatal(err)
				}
				for err == nil {
					_, err = in.Read(buf)
				}
				if err != io.EOF {
					b.Fatal(err)
				}
				in.Close()
			}
		})
	}
}
