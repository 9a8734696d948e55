package analyze

import (
	"hash/maphash"

	"mgslog/analyze/change"
)

// places is a hash table with open addressing. It finds what stands in a list
// beside it. Each place has 1 + where in the list something is in as many of its
// low bits as the number of places needs, and above them bits of its hash; at most
// three of four are taken. Their number is a power of two, or 0 for an empty
// list.
//
// There are many lists, and a map would hold each key once more. Where keys come
// and go, as in a log in which none comes twice, a map also grows without end: it
// splits itself again and again, since it counts in what was deleted.
type places []uint32

// next returns where in the list the next one with that hash may be, and the
// place behind; n < 0 if there is none. The first place is the hash itself.
func (p places) next(hash, place uint64) (n int, behind uint64) {
	mask := uint64(len(p) - 1)
	low := uint32(mask)
	high := uint32(hash>>32) &^ low
	for i := place & mask; p[i] != 0; i = (i + 1) & mask {
		if p[i]&^low == high {
			return int(p[i]&low) - 1, i + 1
		}
	}
	return -1, 0
}

// put takes in what has that hash and is the nth of the list, counted from 0.
func (p places) put(hash uint64, n int) {
	mask := uint64(len(p) - 1)
	i := hash & mask
	for p[i] != 0 {
		i = (i + 1) & mask
	}
	p[i] = uint32(hash>>32)&^uint32(mask) | uint32(n+1)
}

// full reports whether there must be more places for a list of n.
func (p places) full(n int) bool { return 4*n > 3*len(p) }

// cleared returns places for a list of n, and twice as many at most. None is taken. They
// are those that are there, if these are neither too few nor far too many.
func (p places) cleared(n int) places {
	const fewest = 16
	if !p.full(n) && len(p) <= max(16*n, fewest) {
		clear(p)
		return p
	}
	size := fewest
	for size < 2*n {
		size *= 2
	}
	return make(places, size)
}

// sliceIndex finds Slices in a list.
type sliceIndex struct {
	places places
	seed   maphash.Seed
}

// find returns the Slice in the list, nil if it is not there.
func (x *sliceIndex) find(list []*sliceCount, key *change.Slice) *sliceCount {
	if len(list) == 0 {
		return nil
	}
	hash := maphash.Comparable(x.seed, *key)
	for n, place := x.places.next(hash, hash); n >= 0; n, place = x.places.next(hash, place) {
		if list[n].key == *key {
			return list[n]
		}
	}
	return nil
}

// add takes in the last Slice of the list, which is not in it twice.
func (x *sliceIndex) add(list []*sliceCount) {
	if x.places.full(len(list)) {
		x.build(list)
		return
	}
	n := len(list) - 1
	x.places.put(maphash.Comparable(x.seed, list[n].key), n)
}

// build makes the index of a list.
func (x *sliceIndex) build(list []*sliceCount) {
	x.seed, x.places = maphash.MakeSeed(), x.places.cleared(len(list))
	for n, of := range list {
		x.places.put(maphash.Comparable(x.seed, of.key), n)
	}
}
