//go:build unix

package source_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"mgslog/parser/source"
)

// footprint is what a Follower could use more and more of.
type footprint struct {
	descriptors int // of files in the log's directory
	goroutines  int
	heap        uint64
}

func footprintOf(t *testing.T, dir string) footprint {
	t.Helper()
	runtime.GC()
	runtime.GC() // what a first one only marks as unused: the files' finalizers
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	p := footprint{goroutines: runtime.NumGoroutine(), heap: stats.HeapAlloc}
	const own = "/proc/self/fd"
	entries, err := os.ReadDir(own)
	if err != nil {
		t.Logf("descriptors are not counted: %v", err) // no Linux
	}
	for _, e := range entries {
		if name, err := os.Readlink(filepath.Join(own, e.Name())); err == nil && strings.HasPrefix(name, dir) {
			p.descriptors++
		}
	}
	return p
}

// TestFollowerGrows holds that after a thousand rotations a Follower has no more
// files open, goroutines running and memory in use than after a hundred.
func TestFollowerGrows(t *testing.T) {
	for _, c := range []struct {
		name   string
		rotate func(l *foundLog, i int)
	}{
		{"renamed", func(l *foundLog, i int) {
			l.check(os.Rename(l.path, l.name(fmt.Sprintf(".%d", i%5+1))))
			l.append("", fmt.Sprintf("a%d", i))
		}},
		{"deleted", func(l *foundLog, i int) {
			l.check(os.Remove(l.path))
			l.append("", fmt.Sprintf("a%d", i))
		}},
		{"truncated", func(l *foundLog, i int) {
			l.check(os.Truncate(l.path, 0))
			l.append("", fmt.Sprintf("a%d", i))
		}},
		{"copied and truncated", func(l *foundLog, i int) {
			data, err := os.ReadFile(l.path)
			l.check(err)
			copied := l.name(fmt.Sprintf(".%d", i%5+1))
			if err := os.Remove(copied); !os.IsNotExist(err) {
				l.check(err)
			}
			l.check(os.WriteFile(copied, data, 0o644))
			l.check(os.Truncate(l.path, 0))
			l.append("", fmt.Sprintf("a%d", i))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newFoundLog(t, source.FollowOptions{Grace: 2 * time.Second})
			dir := filepath.Dir(l.path)
			l.append("", "a")
			l.step()
			l.got = nil
			var before footprint
			for i := range 1000 {
				if i == 100 {
					before = footprintOf(t, dir)
				}
				c.rotate(l, i)
				l.step()
				l.want(fmt.Sprintf("a%d", i))
				l.notices = nil
				_ = l.f.State()
			}
			after := footprintOf(t, dir)
			if after.descriptors > before.descriptors || after.goroutines > before.goroutines || after.heap > before.heap+256<<10 {
				t.Errorf("after 1000 rotations %+v, after 100 %+v", after, before)
			}
			l.f.Close()
			if left := footprintOf(t, dir); left.descriptors > 0 {
				t.Errorf("closed, it has %d files open", left.descriptors)
			}
		})
	}
}
