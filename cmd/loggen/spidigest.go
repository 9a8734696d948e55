package main

import (
	"math/rand/v2"
	"strconv"
)

// spiLayouts are the editions of the documented page.
var spiLayouts = []string{"zh and 2023: 36ms", "2026: 36 ms"}

// spiDigest writes the business system's page-digest.log.
type spiDigest struct {
	cfg    config
	r      *rand.Rand
	clock  *stamper
	failed []int
	seq    int
	trace  []byte
}

func newSPIDigest(cfg config, r *rand.Rand) generator {
	return &spiDigest{
		cfg: cfg, r: r, clock: newStamper(&cfg), seq: r.IntN(8001),
		failed: codeTable([]weighted{
			{6666, 60}, {6000, 8}, {6001, 5}, {6002, 5}, {6003, 2}, {6004, 8}, {6005, 6}, {6007, 3}, {2000, 6},
		}),
	}
}

func (d *spiDigest) record(b []byte, at int64, t *truth) []byte {
	x := d.r.Uint64()
	layout := d.cfg.layout
	if layout == 0 {
		layout = 1 + int(x>>60%2)
	}
	if x&0xffff < 328 {
		at -= int64(x >> 16 % 2000)
	}
	y := d.r.Uint64()
	op := &operations[zipf[y&(1<<14-1)]]
	code := 1000
	if y>>14%1000 < 30 {
		code = d.failed[(y>>24)%uint64(len(d.failed))]
	}
	elapsed := op.median/2 + int(y>>32%64)
	if d.cfg.inIncident(at) && op == &operations[victim] {
		elapsed += 3000 + int(y>>40%4000) // the gateway has hung up long since
	}
	// The gateway made the id before it called.
	d.seq++
	d.trace = appendTrace(d.trace[:0], &machines[y>>56%uint64(len(machines))], at-int64(elapsed)-1-int64(y>>48%12), d.seq)

	if d.cfg.bad > 0 && chance(d.r, d.cfg.bad) {
		t.skipped = true
		b = d.clock.append(b, at, ',')
		b = append(b, " - ("...)
		b = append(b, op.name[:1+d.r.IntN(len(op.name)-1)]...)
		return append(b, '\n')
	}
	b = d.clock.append(b, at, ',')
	b = append(b, " - ("...)
	b = append(b, op.name...)
	b = append(b, ',')
	b = append(b, op.app.product...)
	b = append(b, ",3.0.0."...)
	b = append(b, versions[x>>20%8]...)
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(elapsed), 10)
	if layout == 2 {
		b = append(b, ' ')
	}
	if code == 1000 {
		b = append(b, "ms,Y,"...)
	} else {
		b = append(b, "ms,N,"...)
	}
	b = strconv.AppendInt(b, int64(code), 10)
	b = append(b, ',')
	b = append(b, d.trace...)
	b = append(b, ")\n"...)

	t.time, t.code, t.evidence = at, code, "position"
	t.trace, t.op, t.latency = d.trace, op.name, elapsed
	return b
}
