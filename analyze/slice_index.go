package analyze

import (
	"hash/maphash"

	"mgslog/analyze/change"
)

// sliceIndex finds Slices in a list: a hash table with open addressing. Each
// place has the upper half of a Slice's hash and, below, 1 + where it is in the
// list; at most every second one is taken. There are many lists, of up to
// maxSlices, and a map would hold each key once more, which are five texts, and
// take three times the memory of what is counted.
type sliceIndex struct {
	places []uint64 // their number is a power of two; nil for an empty list
	seed   maphash.Seed
}

// find returns the Slice in the list, nil if it is not there.
func (x *sliceIndex) find(list []*sliceCount, key *change.Slice) *sliceCount {
	if len(list) == 0 {
		return nil
	}
	hash := maphash.Comparable(x.seed, *key)
	mask := uint64(len(x.places) - 1)
	for i := hash & mask; x.places[i] != 0; i = (i + 1) & mask {
		if p := x.places[i]; p>>32 == hash>>32 {
			if found := list[uint32(p)-1]; found.key == *key {
				return found
			}
		}
	}
	return nil
}

// add takes in the last Slice of the list, which is not in it twice.
func (x *sliceIndex) add(list []*sliceCount) {
	if 2*len(list) > len(x.places) {
		x.build(list)
		return
	}
	x.put(&list[len(list)-1].key, len(list))
}

func (x *sliceIndex) put(key *change.Slice, n int) {
	hash := maphash.Comparable(x.seed, *key)
	mask := uint64(len(x.places) - 1)
	i := hash & mask
	for x.places[i] != 0 {
		i = (i + 1) & mask
	}
	x.places[i] = hash>>32<<32 | uint64(n)
}

// build makes the index of a list, with room for more.
func (x *sliceIndex) build(list []*sliceCount) {
	size := 16
	for size < 4*len(list) {
		size *= 2
	}
	x.seed, x.places = maphash.MakeSeed(), make([]uint64, size)
	for i, of := range list {
		x.put(&of.key, i+1)
	}
}
