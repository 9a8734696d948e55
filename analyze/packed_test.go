package analyze

import "testing"

// TestPackedTimesBound holds that the largest count there may be comes out of a
// file as it went in, and that a larger one is refused and not cut.
func TestPackedTimesBound(t *testing.T) {
	for _, c := range []struct {
		n  int64
		ok bool
	}{{255, true}, {256, true}, {maxCount, true}, {maxCount + 1, false}, {1 << 40, false}} {
		b := packedInts{}
		for _, v := range []int64{7, 7, 7, c.n, c.n - 1} {
			b.add(v)
		}
		var d durations
		ok := packedTimes(b).unpack(&d)
		if ok != c.ok || ok && d.count(7) != (bothTimes{c.n, c.n - 1}) {
			t.Errorf("%d: %v", c.n, ok)
		}
	}
}
