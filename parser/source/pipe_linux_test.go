package source

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWidenPipe writes more to a pipe than it holds at first, and reads nothing.
func TestWidenPipe(t *testing.T) {
	t.Parallel()
	for wide, limit := range map[bool]time.Duration{false: 50 * time.Millisecond, true: time.Minute} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if wide {
			WidenPipe(r)
		}
		if err := w.SetWriteDeadline(time.Now().Add(limit)); err != nil {
			t.Fatal(err)
		}
		n, err := w.Write(make([]byte, 256<<10))
		if got := err == nil; got != wide {
			t.Errorf("wide %v: %d bytes, %v", wide, n, err)
		}
		r.Close()
		w.Close()
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, r := range []io.Reader{file, strings.NewReader(""), nil} {
		WidenPipe(r) // nothing to be seen
	}
}
