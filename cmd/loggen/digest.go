package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
)

// digestLayouts are the editions of the documented page. They differ in the
// space before the unit and in the masking of the client's address.
var digestLayouts = []string{"2021: 61ms, plain address", "2026: 61 ms, masked address", "zh: 61ms, masked address"}

const (
	deviceCount = 200_000
	badVersion  = "10.1.68.7" // its clock code is broken: 7003

	// backendLimit is after how many milliseconds the gateway gives a call up. The
	// tail of ordinary calls is above it, since some operations have more time.
	backendLimit = 3000
)

var versions = [...]string{"10.1.60.12", "10.1.60.12", "10.1.68.3", "10.1.68.3", "10.1.68.3", badVersion, "10.2.3.0", "10.2.3.14"}

// A device is a phone: its did and uuid, and what it always sends.
type device struct {
	id      [31]byte // the uuid; the did is its first 24 bytes
	version string
	os      string
	channel string
	user    string
	ip      string
	masked  string
	six     bool
	http2   bool
	pb      bool
}

// digest writes gateway-page-digest.log.
type digest struct {
	cfg     config
	r       *rand.Rand
	clock   *stamper
	devices []device
	failed  []int
	latency [4096]float64 // quantiles, as a multiple of the median
	seq     [len(machines)]int
	trace   []byte
	count   int // records so far, those of --distinct only
	swing   swing
	uneven  bool // the chances of failures are not the same all the time
}

func newDigest(cfg config, r *rand.Rand) generator {
	d := &digest{cfg: cfg, r: r, clock: newStamper(&cfg), failed: codeTable(failures)}
	for i := range d.latency {
		// Log-normal, with a heavier tail in the last hundredth.
		q := (float64(i) + 0.5) / float64(len(d.latency))
		x := math.Exp(0.55 * math.Sqrt2 * math.Erfinv(2*q-1))
		if q > 0.99 {
			x *= 1 + (q-0.99)*300
		}
		d.latency[i] = x
	}
	d.swing.cfg = &d.cfg
	d.uneven = cfg.noise > 0 || slices.ContainsFunc(cfg.plants, func(p plant) bool { return p.kind == "new" || p.kind == "rate" })
	n := deviceCount
	if cfg.bytes == 0 {
		n = max(min(n, cfg.records/2), 1)
	}
	d.devices = makeDevices(n)
	for i := range d.seq {
		d.seq[i] = r.IntN(8001)
	}
	return d
}

func makeDevices(n int) []device {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	channels := []string{"-", "-", "appstore", "huawei", "xiaomi", "vivo"}
	devices := make([]device, n)
	for i := range devices {
		d := &devices[i]
		h := mix(uint64(i) << 8)
		x := h
		for j := range d.id {
			if x < 64 {
				x = mix(h + uint64(j))
			}
			d.id[j] = alphabet[x%62]
			x /= 62
		}
		h = mix(h)
		d.version = versions[h%8]
		switch h >> 8 % 20 {
		case 0:
			d.os, d.version = "H5", "-"
		case 1, 2, 3, 4, 5, 6, 7:
			d.os = "IOS"
		default:
			d.os = "ANDROID"
		}
		d.channel = channels[h>>16%6]
		d.user = "-"
		if h>>24%10 < 3 {
			d.user = "2088" + strconv.FormatUint(100000000000+h>>28%899999999999, 10)
		}
		d.http2 = h>>32%2 == 0
		d.pb = h>>33%4 == 0
		d.six = h>>35%20 == 0
		a, b, c, e := 1+h>>40%220, h>>48%256, h>>52%256, 1+h>>56%250
		part := func(n uint64) string { return strconv.FormatUint(n, 10) }
		if d.six {
			d.ip = "240e:3a1:" + strconv.FormatUint(a*256+b, 16) + ":1f0:" + strconv.FormatUint(c*256+e, 16) + "::1"
			d.masked = "240e:3a1:XXX:XXX"
		} else {
			d.ip = part(a) + "." + part(b) + "." + part(c) + "." + part(e)
			d.masked = part(a) + "." + part(b) + ".XXX.XXX"
		}
	}
	return devices
}

func (d *digest) record(b []byte, at int64, t *truth) []byte {
	x := d.r.Uint64()
	layout := d.cfg.layout
	if layout == 0 {
		layout = 1 + int(x>>60%3)
	}
	// One line in 200 is late: other threads were quicker to the log.
	if x&0xffff < 328 {
		at -= int64(x >> 16 % 2000)
	}
	y := d.r.Uint64()
	op := &operations[zipf[y&(1<<14-1)]]
	incident := d.cfg.inIncident(at)
	if incident && y>>14&15 < 3 { // the clients try again
		op = &operations[victim]
	}
	op = d.cfg.call(op, at, y)
	dev := &d.devices[(y>>20)%uint64(len(d.devices))]
	mi := d.cfg.host - 1
	if mi < 0 {
		mi = int(y >> 56 % uint64(len(machines)))
	}
	m := &machines[mi]
	z := d.r.Uint64()
	code := d.code(z, at, op, dev, mi, incident)

	// Times.
	overhead := 1 + int(z>>50&7)
	slow := d.cfg.slowness(op, at)
	backend := int(float64(op.median) * d.latency[z>>38&4095] * slow)
	if slow > 1 && backend > backendLimit && reachedBusiness(code) {
		code = 4001
	}
	switch {
	case code == 4001:
		backend = backendLimit + int(z>>32&15)
	case !reachedBusiness(code):
		backend = -1
		overhead = 1 + int(z>>32&15)
	}
	elapsed := overhead + max(backend, 0)
	at += d.cfg.shift(at)
	d.seq[mi]++
	d.trace = appendTrace(d.trace[:0], m, at-int64(elapsed), d.seq[mi])
	name, user := op.name, dev.user
	if d.cfg.distinct {
		name, user = d.identify(m, at-int64(elapsed), op)
	}

	if d.cfg.bad > 0 && chance(d.r, d.cfg.bad) {
		t.skipped = true
		return d.broken(b, at, elapsed, op)
	}

	b = d.clock.append(b, at, ',')
	ok := byte('N')
	if code == 1000 {
		ok = 'Y'
	}
	b = append(b, " - (/mgw.htm,response,"...)
	b = append(b, ok, ',')
	b = strconv.AppendInt(b, int64(elapsed), 10)
	if layout == 2 {
		b = append(b, ' ')
	}
	b = append(b, "ms,"...)
	b = append(b, name...)
	b = append(b, ',')
	b = append(b, op.system...)
	b = append(b, ',')
	b = append(b, op.app.id...)
	b = append(b, ',')
	b = append(b, op.ws...)
	b = append(b, ',')
	b = append(b, byte('0'+code/1000), byte('0'+code/100%10), byte('0'+code/10%10), byte('0'+code%10))
	if dev.version == "-" {
		b = append(b, ",-,-,"...)
	} else {
		b = append(b, ',')
		b = append(b, op.app.product...)
		b = append(b, ',')
		b = append(b, dev.version...)
		b = append(b, ',')
	}
	b = append(b, dev.channel...)
	b = append(b, ',')
	b = append(b, user...)
	b = append(b, ',')
	b = append(b, dev.id[:24]...)
	b = append(b, ',')
	b = append(b, dev.id[:]...)
	b = append(b, ',')
	b = append(b, dev.id[:]...)
	b = append(b, ',')
	if layout == 1 {
		b = append(b, dev.ip...)
	} else {
		b = append(b, dev.masked...)
	}
	if dev.http2 {
		b = append(b, ",HTTP2,"...)
	} else {
		b = append(b, ",HTTP,"...)
	}
	if dev.pb {
		b = append(b, "PB,"...)
	} else {
		b = append(b, "JSON,"...)
	}
	b = strconv.AppendUint(b, 2+z>>24&1023, 10)
	b = append(b, ',')
	if code == 1000 {
		b = strconv.AppendUint(b, 120+z>>14&4095, 10)
	} else {
		b = append(b, '0')
	}
	stress := x>>32%100 == 0
	if stress {
		b = append(b, ",T,"...)
	} else {
		b = append(b, ",F,"...)
	}
	b = append(b, d.trace...)
	if op.app.id[0] == '8' {
		b = append(b, ",T,"...)
	} else {
		b = append(b, ",F,"...)
	}
	b = append(b, dev.os...)
	b = append(b, ',')
	if backend < 0 {
		b = append(b, '-')
	} else {
		b = strconv.AppendInt(b, int64(backend), 10)
	}
	if dev.six {
		b = append(b, ",6,"...)
	} else {
		b = append(b, ",4,"...)
	}
	if x>>40%10 == 0 {
		b = append(b, "1.0)\n"...)
	} else {
		b = append(b, "2.0)\n"...)
	}

	t.time, t.code, t.evidence = at, code, "position"
	t.trace, t.op, t.app, t.ws = d.trace, name, op.app.id, op.ws
	t.latency, t.backend, t.stress = elapsed, backend, stress
	return b
}

// identify makes the next trace id, operationType and user id that no other
// record has. The trace ids of an ordinary log may repeat once a machine's
// numbers have wrapped, so here the process changes whenever they do; with five
// digits for it they last for 720 million records.
func (d *digest) identify(m *machine, ms int64, op *operation) (name, user string) {
	n := d.count
	d.count++
	process := machine{hex: m.hex, pid: strconv.Itoa(10000 + n/8001%90000)}
	d.trace = appendTrace(d.trace[:0], &process, ms, n)
	return op.name + strconv.Itoa(n), "2088" + strconv.Itoa(100000000000+n)
}

// code decides how the call ends.
func (d *digest) code(z uint64, at int64, op *operation, dev *device, mi int, incident bool) int {
	roll := z & 1023
	switch {
	case incident && op == &operations[victim]:
		if roll < 840 {
			return 4001
		}
	case dev.version == badVersion && float64(roll) < 40*d.times(7003, at, op):
		return 7003
	case mi == brokenMachine && op.proto == viaHTTP && float64(roll) < 60*d.times(4003, at, op) && d.afternoon(at):
		return 4003
	}
	if d.uneven {
		return d.unevenCode(float64(mix(z)>>11)/(1<<53), at, op)
	}
	// 2.6 % fail elsewhere, so that with the incidents 97 % succeed.
	if z>>10%1000 < 26 {
		return d.failed[(z>>20)%uint64(len(d.failed))]
	}
	return 1000
}

// unevenCode is how a call ends if chances change: u, evenly spread from 0 to 1,
// picks the code. What adds up to more than 1 is cut.
func (d *digest) unevenCode(u float64, at int64, op *operation) int {
	for p := range d.cfg.active("new", at, op) {
		if u -= p.share; u < 0 {
			return p.code
		}
	}
	for _, w := range failures {
		if u -= 0.026 * float64(w.weight) / float64(len(d.failed)) * d.times(w.code, at, op); u < 0 {
			return w.code
		}
	}
	return 1000
}

// times returns by what the chance of a code is multiplied at the instant at.
func (d *digest) times(code int, at int64, op *operation) float64 {
	by := d.swing.factor(code, at)
	for p := range d.cfg.active("rate", at, op) {
		if p.code == code {
			by *= p.by
		}
	}
	return by
}

// afternoon tells whether it is between 14:00 and 16:00.
func (d *digest) afternoon(at int64) bool {
	hour := d.cfg.wall(at) / 3600
	return hour == 14 || hour == 15
}

// broken writes what a full disk or a killed process leaves of a line. It
// always ends before the result code.
func (d *digest) broken(b []byte, at int64, elapsed int, op *operation) []byte {
	n := len(b)
	b = d.clock.append(b, at, ',')
	b = append(b, " - (/mgw.htm,response,Y,"...)
	b = strconv.AppendInt(b, int64(elapsed), 10)
	b = append(b, "ms,"...)
	b = append(b, op.name...)
	b = append(b, ",-,"...)
	b = append(b, op.app.id...)
	switch d.r.IntN(4) {
	case 0: // the head is lost
		b = append(b[:n], op.name...)
		b = append(b, ",-,"...)
		b = append(b, op.app.id...)
	case 1: // cut somewhere after the time stamp
		b = b[:n+24+d.r.IntN(len(b)-n-24)]
	case 2:
		b = append(b[:n], "log4j:WARN Please initialize the log4j system properly."...)
	}
	return append(b, '\n')
}
