package main

import "time"

// A stamper writes time stamps in the zone of the host. It keeps the text of the
// last minute, because a log asks for the same minute over and over.
type stamper struct {
	cfg    *config
	minute int64 // Unix minutes; zones are offsets of whole minutes
	text   [17]byte
}

func newStamper(cfg *config) *stamper { return &stamper{cfg: cfg, minute: -1 << 62} }

// append writes "2006-01-02 15:04:05" + sep + "000".
func (s *stamper) append(b []byte, ms int64, sep byte) []byte {
	sec := ms / 1000
	if m := sec / 60; m != s.minute {
		s.minute = m
		time.Unix(m*60, 0).In(s.cfg.zone(m*60_000)).AppendFormat(s.text[:0], "2006-01-02 15:04:")
	}
	b = append(b, s.text[:]...)
	ss, sss := byte(sec%60), int(ms%1000)
	return append(b, '0'+ss/10, '0'+ss%10, sep,
		'0'+byte(sss/100), '0'+byte(sss/10%10), '0'+byte(sss%10))
}

// appendISO writes the time stamp in RFC 3339 with milliseconds.
func (s *stamper) appendISO(b []byte, ms int64) []byte {
	n := len(b)
	b = s.append(b, ms, '.')
	b[n+10] = 'T'
	return time.UnixMilli(ms).In(s.cfg.zone(ms)).AppendFormat(b, "Z07:00")
}

// hourly is the traffic of a consumer app by hour of the day.
var hourly = [24]float64{
	18, 11, 8, 6, 6, 9, 18, 38, 62, 80, 92, 96,
	100, 88, 80, 78, 76, 80, 88, 98, 100, 86, 58, 33,
}

// A curve spreads the records over the span: many at noon, few at night.
type curve struct {
	start int64     // Unix milliseconds
	end   int64     // no record is later
	days  float64   // traffic of the span, as a multiple of that of a weekday of 24 hours
	step  int64     // milliseconds between two entries of sum
	sum   []float64 // share of the records up to the end of each step
	i     int
}

// newCurve makes the curve of a run. During the incident the log is boost
// times as busy.
func newCurve(cfg config, boost float64) *curve {
	span := cfg.span.Milliseconds()
	c := &curve{start: cfg.start.UnixMilli(), step: 60_000}
	c.end = c.start + span
	for span/c.step > 100_000 {
		c.step *= 60
	}
	total := 0.0
	for t := int64(0); t < span; t += c.step {
		part := float64(min(c.step, span-t)) / float64(c.step)
		day := float64(cfg.wall(c.start+t)) / 3600
		h := int(day)
		into := day - float64(h)
		w := hourly[h]*(1-into) + hourly[(h+1)%24]*into
		if cfg.inIncident(c.start + t) {
			w *= boost
		}
		switch cfg.local(c.start + t).Weekday() {
		case time.Saturday, time.Sunday:
			w *= cfg.weekend
		}
		total += w * part
		c.sum = append(c.sum, total)
	}
	hours := 0.0
	for _, w := range hourly {
		hours += w
	}
	c.days = total * float64(c.step) / 3_600_000 / hours
	for i := range c.sum {
		c.sum[i] /= total
	}
	return c
}

// at returns the instant by which the share u of the records is written. A
// smaller u than the last one gives the last step's start at the earliest.
func (c *curve) at(u float64) int64 {
	for c.i < len(c.sum)-1 && c.sum[c.i] < u {
		c.i++
	}
	low := 0.0
	if c.i > 0 {
		low = c.sum[c.i-1]
	}
	part := min(max((u-low)/(c.sum[c.i]-low), 0), 1)
	return min(c.start+int64(c.i)*c.step+int64(part*float64(c.step-1)), c.end)
}

// inIncident tells whether the incident is on at the instant ms.
func (c *config) inIncident(ms int64) bool {
	if c.incidentFor == 0 {
		return false
	}
	const day = 86_400_000
	into := int64(c.wall(ms))*1000 + ms%1000 - c.incidentAt.Milliseconds()
	return (into%day+day)%day < c.incidentFor.Milliseconds()
}

// wall returns the seconds since midnight that a clock on the wall shows at the
// instant ms. On a day on which clocks are turned back it shows an hour twice.
func (c *config) wall(ms int64) int {
	h, m, s := c.local(ms).Clock()
	return h*3600 + m*60 + s
}

// local returns the instant ms in the log's zone.
func (c *config) local(ms int64) time.Time { return time.UnixMilli(ms).In(c.start.Location()) }
