package parser

import (
	"bytes"
	"slices"
)

// The logs of client apps: Android's logcat and the Xcode console. Neither has
// a layout of mPaaS's own; what is read rests on public captures (GitHub
// alipay/mPaaS#3, mpaas-demo/android-tinyapp#1; help pages 184013 and 159185)
// and on the forms that logcat documents for itself
// (https://developer.android.com/tools/logcat, threadtime and others).
//
// The client SDK prints one failure on several lines: the dump of the response
// headers, the invoker's line with ^ERR_CODE=, and the exception, often with
// its stack. They are put together into one record.

// client sets the Decoder up for the log of a client.
func (d *Decoder) client() {
	format := d.opt.Format
	if format == Unknown {
		format = d.opt.Profile.Format
	}
	if format == Logcat && d.clock.form == FullStamps {
		d.clock.form = Yearless
	}
	if format == Capture {
		d.capture = &capture{}
	}
	if format.Client() {
		d.merge = &merger{max: d.opt.MaxRecord}
	}
}

// stampedFormat returns the format of records that begin with a stamp.
func (d *Decoder) stampedFormat() Format {
	format := d.opt.Format
	if format == Unknown {
		format = d.opt.Profile.Format
	}
	if format == Logcat || format == IOSConsole {
		return format
	}
	return Stamped
}

// continues reports whether the line at hand, whose stamp has n bytes, goes on
// with the open record although it has a stamp of its own: logcat puts one
// before each line of a stack trace. If so, it takes the stamp and the tag off.
func (d *Decoder) continues(n int) bool {
	if d.at.rec.Format != Logcat || d.line.cut {
		return false
	}
	h := parseLogcat(d.line.text[n:])
	message := h.message
	if h.tag == nil || len(message) == 0 {
		return false
	}
	trimmed := trimIndent(message)
	if !isFrame(trimmed) && !bytes.HasPrefix(trimmed, []byte("Caused by: ")) &&
		(!bytes.HasPrefix(trimmed, []byte("... ")) || !bytes.HasSuffix(trimmed, []byte(" more"))) {
		return false
	}
	open := parseLogcat(d.at.whole()[d.at.headStart:d.at.headEnd])
	if !bytes.Equal(open.tag, h.tag) || !bytes.Equal(open.pid, h.pid) {
		return false
	}
	d.line.text = message
	return true
}

// logcatHead is what stands between logcat's stamp and its message.
type logcatHead struct {
	pid, tag, message []byte
	level             byte
}

// parseLogcat reads the head of a line behind its stamp. It takes
//
//	11581-11757/com.acme.app D/Tag: message     Android Studio, older
//	11581-11757 Tag  com.acme.app  D  message   Android Studio, newer
//	11581 11757 D Tag     : message             threadtime
//	D/Tag(11581): message                       brief, time
//
// and returns nothing for any other.
func parseLogcat(head []byte) (h logcatHead) {
	b := bytes.TrimLeft(head, " ")
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	if n > 0 && n < len(b) && (b[n] == '-' || b[n] == ' ') {
		h.pid = b[:n]
		slash := b[n] == '-'
		b = bytes.TrimLeft(b[n+1:], " ")
		for len(b) > 0 && isDigit(b[0]) {
			b = b[1:]
		}
		if slash && len(b) > 0 && b[0] == '/' { // the package
			i := bytes.IndexByte(b, ' ')
			if i < 0 {
				return logcatHead{}
			}
			b = b[i:]
		} else if slash {
			// Tag, package and level in columns.
			cells := bytes.Fields(b[:min(len(b), 256)])
			if len(cells) > 3 && len(cells[2]) == 1 && logcatLevels[cells[2][0]] != "" {
				h.tag, h.level = cells[0], cells[2][0]
				at := bytes.Index(b, append(append([]byte("  "), cells[2]...), ' '))
				if at < 0 {
					return logcatHead{}
				}
				h.message = bytes.TrimPrefix(bytes.TrimPrefix(b[at+4:], []byte(" ")), []byte(" "))
				return h
			}
		}
		b = bytes.TrimLeft(b, " ")
	}
	if len(b) < 3 || logcatLevels[b[0]] == "" || b[1] != '/' && b[1] != ' ' {
		return logcatHead{}
	}
	h.level = b[0]
	colon := bytes.IndexByte(b, ':')
	if colon < 0 {
		return logcatHead{}
	}
	h.tag = bytes.TrimSpace(b[2:colon])
	h.message = bytes.TrimPrefix(b[colon+1:], []byte(" "))
	if open := bytes.IndexByte(h.tag, '('); h.pid == nil && open >= 0 && h.tag[len(h.tag)-1] == ')' {
		h.pid = bytes.TrimSpace(h.tag[open+1 : len(h.tag)-1])
		h.tag = bytes.TrimSpace(h.tag[:open])
	}
	if h.pid == nil {
		return logcatHead{}
	}
	return h
}

// parseConsole returns the process id in the head of a line of the Xcode
// console: Demo[83767:2555863].
func parseConsole(head []byte) []byte {
	head = head[:min(len(head), 128)]
	open := bytes.IndexByte(head, '[')
	if open <= 0 || !isWordByte(head[open-1]) {
		return nil
	}
	n := open + 1
	for n < len(head) && isDigit(head[n]) {
		n++
	}
	if n == open+1 || n >= len(head) || head[n] != ':' { // a thread id follows; syslog has none
		return nil
	}
	return head[open+1 : n]
}

// form is the manner in which a client prints a failure.
type form struct {
	kind formKind
	tag  string
}

type formKind uint8

const (
	formOther     formKind = iota
	formHeaders            // a dump of the response's headers
	formInvoker            // ^ERR_CODE=7001^
	formCaller             // errcode: 7001, errmsg: …
	formException          // RPCException: [7001] and perhaps a stack
)

func formOf(r *Record, tag []byte) form {
	f := form{tag: string(tag)}
	text := r.Text[:min(len(r.Text), 4096)]
	switch {
	case r.Format == Capture && r.Evidence == ByField && bytes.Contains(text, []byte("HTTP/")), bytes.Contains(text, headerDump):
		f.kind = formHeaders
	case bytes.Contains(text, []byte("ERR_CODE=")):
		f.kind = formInvoker
	case bytes.Contains(text, []byte("errcode:")):
		f.kind = formCaller
	case r.Evidence == ByException || bytes.Contains(text, []byte("Exception")):
		f.kind = formException
	case r.Evidence == ByField:
		f.kind = formHeaders
	}
	return f
}

// merger puts together the records that print one failure. It holds back a
// record with a code until no more can belong to it, and with it all that
// stands behind it, so that the order stays.
//
// Two records print the same failure if they have the same code, no different
// process and no different operationType, come shortly after each other, and
// print it in different manners: a manner that comes again is a new failure.
type merger struct {
	max   int // bytes of a record
	queue []held
	bytes int // of the texts in queue
	ended bool
	out   *held // the current item, if it is one that was held
}

// held is a record or a skipped line that is held back.
type held struct {
	rec   Record
	bad   SyntaxError
	isBad bool
	pid   []byte
	forms []form
	last  int64 // when its last part was printed, Unix milliseconds
	open  bool  // more may belong to it
}

// Bounds of holding back.
const (
	mergeWindow = 1500    // milliseconds between parts
	mergeItems  = 64      // items held
	mergeBytes  = 1 << 20 // bytes held
	mergeGap    = 12      // items between parts where there are no times
)

func (m *merger) record(d *Decoder) *Record {
	switch {
	case m.out != nil && m.out.isBad:
		return nil
	case m.out == nil:
		return d.out
	}
	return &m.out.rec
}

func (m *merger) skipped(d *Decoder) *SyntaxError {
	switch {
	case m.out == nil && d.out == nil:
		return &d.bad
	case m.out == nil || !m.out.isBad:
		return nil
	}
	return &m.out.bad
}

// next is Next of a Decoder that has a merger.
func (m *merger) next(d *Decoder) bool {
	m.out = nil
	for {
		if len(m.queue) > 0 && (!m.queue[0].open || m.ended) {
			h := m.queue[0]
			m.queue = slices.Delete(m.queue, 0, 1)
			m.bytes -= len(h.rec.Text)
			m.out = &h
			return true
		}
		if !d.next() {
			if !d.done || m.ended {
				return false
			}
			m.ended = true
			if len(m.queue) == 0 {
				return false
			}
			continue
		}
		if len(m.queue) == 0 && (d.out == nil || d.out.Code == NoCode) {
			return true
		}
		m.add(d)
	}
}

// add takes the Decoder's item: into a record that is open, or behind the
// others.
func (m *merger) add(d *Decoder) {
	if d.out == nil {
		bad := d.bad
		bad.Text, bad.Whole = bytes.Clone(bad.Text), bytes.Clone(bad.Whole)
		m.push(held{bad: bad, isBad: true})
		return
	}
	r := d.out
	if !r.NoTime {
		for i := range m.queue {
			if h := &m.queue[i]; h.open && !h.rec.NoTime && r.Time-h.last > mergeWindow {
				h.open = false
			}
		}
	}
	if r.Code == NoCode {
		m.push(held{rec: r.Clone()})
		return
	}
	pid, tag := parseConsole(r.Head), []byte(nil)
	if h := parseLogcat(r.Head); h.tag != nil {
		pid, tag = h.pid, h.tag
	}
	f := formOf(r, tag)
	for i := range m.queue {
		if h := &m.queue[i]; h.open && h.takes(r, pid, f) {
			m.bytes -= len(h.rec.Text)
			h.merge(r, f, m.max)
			m.bytes += len(h.rec.Text)
			if h.pid == nil {
				h.pid = bytes.Clone(pid)
			}
			return
		}
	}
	m.push(held{rec: r.Clone(), pid: bytes.Clone(pid), forms: []form{f}, last: r.Time, open: true})
}

// push puts an item behind the others and keeps the bounds.
func (m *merger) push(h held) {
	m.queue = append(m.queue, h)
	m.bytes += len(h.rec.Text)
	for i := range m.queue {
		q := &m.queue[i]
		behind := len(m.queue) - 1 - i
		if behind >= mergeItems || m.bytes > mergeBytes || q.rec.NoTime && behind >= mergeGap {
			q.open = false
		}
	}
}

// takes reports whether r prints the same failure as h.
func (h *held) takes(r *Record, pid []byte, f form) bool {
	a := &h.rec
	switch {
	case a.Code != r.Code || a.Platform != r.Platform:
	case h.pid != nil && pid != nil && !bytes.Equal(h.pid, pid):
	case a.OperationType != nil && r.OperationType != nil && !bytes.Equal(a.OperationType, r.OperationType):
	case a.TraceID != nil && r.TraceID != nil && !bytes.Equal(a.TraceID, r.TraceID):
	case !a.NoTime && !r.NoTime && (r.Time-h.last > mergeWindow || h.last-r.Time > mergeWindow):
	default:
		return !slices.ContainsFunc(h.forms, func(x form) bool {
			return x == f || x.kind == f.kind && f.kind != formException && f.kind != formOther
		})
	}
	return false
}

// merge adds r to h: its lines, and what h does not say itself.
func (h *held) merge(r *Record, f form, limit int) {
	a, b := &h.rec, r.Clone()
	a.Lines += b.Lines
	a.Size += b.Size
	a.Cut = a.Cut || b.Cut
	a.Irregular |= b.Irregular
	if a.NoTime && !b.NoTime {
		a.Time, a.NoTime = b.Time, false
	}
	if !b.NoTime {
		h.last = max(h.last, b.Time)
	}
	a.Evidence = min(a.Evidence, b.Evidence)
	take := func(dst *[]byte, src []byte) {
		if *dst == nil {
			*dst = src
		}
	}
	take(&a.TraceID, b.TraceID)
	take(&a.OperationType, b.OperationType)
	take(&a.AppID, b.AppID)
	take(&a.WorkspaceID, b.WorkspaceID)
	take(&a.ClientIP, b.ClientIP)
	take(&a.UserID, b.UserID)
	take(&a.DeviceID, b.DeviceID)
	take(&a.ClientVersion, b.ClientVersion)
	take(&a.ClientOS, b.ClientOS)
	take(&a.Memo, b.Memo)
	take(&a.Tips, b.Tips)
	take(&a.Control, b.Control)
	if a.Level == nil || string(b.Level) == "ERROR" {
		a.Level = b.Level
	}
	if len(a.Exceptions) < len(b.Exceptions) || len(a.Exceptions) == len(b.Exceptions) && len(a.Exceptions) > 0 && a.Exceptions[0].Frame == nil {
		a.Exceptions = b.Exceptions
	}
	a.LatencyMS, a.BackendMS = max(a.LatencyMS, b.LatencyMS), max(a.BackendMS, b.BackendMS)
	if room := limit - len(a.Text) - 1; room < len(b.Text) {
		a.Cut = true
		b.Text = b.Text[:max(0, room)]
	}
	if len(b.Text) > 0 {
		a.Text = append(append(slices.Clip(a.Text), '\n'), b.Text...)
	}
	h.forms = append(h.forms, f)
}

// readClient fills in what a client's log says in its own way.
func (l *ladder) readClient(r *Record) {
	if r.OperationType == nil {
		r.OperationType = dictOperation(r.Head)
	}
	if r.Format == Logcat {
		if h := parseLogcat(r.Head); h.tag != nil {
			r.Level = levelNames[h.level]
		}
	}
	if r.Format == IOSConsole && bytes.Contains(r.Head, urlResponse) {
		l.headers(r, r.Text, r.Code == NoCode)
	} else if r.Format != Capture && (r.Memo != nil || r.Tips != nil) {
		l.headers(r, r.Text, false) // the time stays that of the stamp
	}
}

// levelNames are logcatLevels as a record has them.
var levelNames = func() map[byte][]byte {
	m := map[byte][]byte{}
	for c, name := range logcatLevels {
		m[c] = []byte(name)
	}
	return m
}()
