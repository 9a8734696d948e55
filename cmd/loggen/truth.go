package main

import "strconv"

// truth is what a careful engineer would say about a record, knowing its text
// and nothing else. A field that the text does not give stays empty.
type truth struct {
	line, lines int
	skipped     bool  // belongs to no record: a broken digest line, the tail of a lost one
	time        int64 // Unix milliseconds, 0 if not told
	code        int   // -1 if the text states none
	evidence    string
	decoy       string // kind of the number in the text that must not count
	trace       []byte
	op, app, ws string
	root        string // class of the innermost exception of the main chain
	latency     int    // milliseconds, -1 if not given
	backend     int
	stress      bool
}

// appendJSON appends t as one line of JSON. All texts in it are plain ASCII.
func (t *truth) appendJSON(b []byte, clock *stamper) []byte {
	num := func(key string, n int) {
		b = append(b, key...)
		b = strconv.AppendInt(b, int64(n), 10)
	}
	str := func(key, s string) {
		if s != "" {
			b = append(b, key...)
			for i := range len(s) {
				if s[i] == '"' {
					b = append(b, '\\')
				}
				b = append(b, s[i])
			}
			b = append(b, '"')
		}
	}
	num(`{"line":`, t.line)
	if t.skipped {
		return append(b, ",\"skipped\":true}\n"...)
	}
	num(`,"lines":`, t.lines)
	if t.time != 0 {
		b = append(b, `,"time":"`...)
		b = clock.appendISO(b, t.time)
		b = append(b, '"')
	}
	if t.code >= 0 {
		num(`,"code":`, t.code)
		str(`,"evidence":"`, t.evidence)
	}
	str(`,"decoy":"`, t.decoy)
	if len(t.trace) > 0 {
		b = append(b, `,"trace_id":"`...)
		b = append(b, t.trace...)
		b = append(b, '"')
	}
	str(`,"operation_type":"`, t.op)
	str(`,"app_id":"`, t.app)
	str(`,"workspace_id":"`, t.ws)
	str(`,"root_exception":"`, t.root)
	if t.latency >= 0 {
		num(`,"latency_ms":`, t.latency)
	}
	if t.backend >= 0 {
		num(`,"backend_ms":`, t.backend)
	}
	if t.stress {
		b = append(b, `,"stress":true`...)
	}
	return append(b, "}\n"...)
}
