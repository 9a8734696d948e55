package parser

import (
	"bytes"
	"slices"
)

// Lines that have been gathered by other tools carry a prefix that tells where
// they come from:
//
//	gateway-error.log:2026-11-20 …        grep -H, a line that matched
//	gateway-error.log-	at com.acme…      grep -C, a line around it
//	gateway-error.log:123:2026-11-20 …    grep -n
//	123:2026-11-20 …                      grep -n of one file
//	10.2.216.33: 2026-11-20 …             pssh -P
//	[1] 12:00:00 [SUCCESS] log@10.2.216.33:2022   pssh -i, before a host's lines
//	[pod/mgs-0/gateway] 2026-11-20 …      kubectl logs --prefix
//	mgs-0 gateway 2026-11-20 …            stern
//	gateway-1  | 2026-11-20 …             docker compose logs
//	Nov 20 02:13:05 mgs1 java[88]: 2026-11-20 …   journalctl
//
// and pssh's before grep's; and some layouts have the severity in front of the
// stamp, "ERROR 2026-11-20 …". The prefix is cut off and becomes the record's host
// and file. Where the lines of several origins are interleaved, each origin has
// its own record in the making.
//
// A prefix is recognised by what it stands before: a time stamp. The lines of a
// stack trace have none; theirs is one that was seen before.

// maxPrefix is how far into a line a time stamp may stand behind a prefix.
const maxPrefix = 256

// maxOrigins bounds the origins whose records are kept apart. When there are
// more, the one that was not heard of for the longest time is given up: lines
// of it that follow, before its next record, are skipped.
const maxOrigins = 256

// An origin is where a line comes from.
type origin struct {
	host, file []byte
	// prefix is what stands before a line without a number in it, "" for a
	// prefix that changes from line to line.
	prefix []byte
	grep   bool // prefix is a file's name: a separator, and maybe a number, follow
	numbers,
	journal bool

	assembly assembly
	used     int64 // the last line of it
}

// origins are those known so far.
type origins struct {
	known []*origin
	last  *origin // of the line before
	block []byte  // the host that pssh -i has announced
	level []byte  // the severity in front of the line's stamp
	none  origin  // of lines without a prefix
}

func newOrigins() *origins {
	o := &origins{}
	o.last = &o.none
	return o
}

// oldest returns the open record that began first, nil if none is open.
func (o *origins) oldest() *assembly {
	var first *assembly
	for _, k := range o.known {
		if a := &k.assembly; a.open && (first == nil || a.rec.Line < first.rec.Line) {
			first = a
		}
	}
	return first
}

// cutPrefix removes the prefix of the line at hand and chooses its origin's
// assembly. It reports false for a line that is a separator.
func (d *Decoder) cutPrefix() bool {
	o, text := d.origins, d.line.text
	if string(text) == "--" {
		// What follows is not what follows in the log.
		o.last = &o.none
		d.at = &d.own
		return false
	}
	if host, ok := psshHeader(text); ok {
		o.block = append([]byte(nil), host...)
		o.last, d.at = &o.none, &d.own
		if len(host) > 0 {
			o.last = o.learn(origin{host: o.block}, d.line.n)
			d.at = &o.last.assembly
		}
		return false
	}
	n, found := 0, (*origin)(nil)
	at := stampIn(text)
	if at != 0 {
		n, found = o.match(text)
	}
	o.level = nil
	if at > 0 && n != at {
		n, found = 0, nil
		if l := levelPrefix(text[:at]); l != nil {
			n, found, o.level = at, &o.none, l
		} else if p, ok := parsePrefix(text[:at]); ok {
			n, found = at, o.learn(p, d.line.n)
		}
	}
	if found == nil { // no prefix: of the announced host, or of the line before
		found = o.last
	}
	found.used = d.line.n
	o.last, d.line.text = found, text[n:]
	d.at = &found.assembly
	if found == &o.none {
		d.at = &d.own
	}
	return true
}

// learn returns the origin that p describes, which may be new. It copies what
// it keeps.
func (o *origins) learn(p origin, line int64) *origin {
	if p.host == nil {
		p.host = o.block
	}
	for _, k := range o.known {
		if bytes.Equal(k.host, p.host) && bytes.Equal(k.file, p.file) && bytes.Equal(k.prefix, p.prefix) && k.grep == p.grep {
			return k
		}
	}
	k := &p
	if len(o.known) == maxOrigins {
		// Its open record, if it has one, is complete as far as can be
		// told, and is delivered at the end.
		k = slices.MinFunc(o.known, func(a, b *origin) int { return int(a.used - b.used) })
		if k.assembly.open {
			return &o.none
		}
		kept := k.assembly
		*k = p
		k.assembly = kept
	} else {
		o.known = append(o.known, k)
	}
	k.host, k.file, k.prefix = bytes.Clone(k.host), bytes.Clone(k.file), bytes.Clone(k.prefix)
	k.used = line
	return k
}

// match returns the known origin whose prefix a line without a stamp has, and
// the length of the prefix.
func (o *origins) match(text []byte) (int, *origin) {
	best, found := 0, (*origin)(nil)
	for _, k := range o.known {
		n := 0
		switch {
		case k.journal:
			n = journalPrefix(text)
			if n > 0 && !bytes.Equal(journalHost(text[:n]), k.host) {
				n = 0
			}
		case k.grep && len(k.prefix) == 0:
			n = numberTail(text)
		case k.grep && bytes.HasPrefix(text, k.prefix):
			n = len(k.prefix) + grepTail(text[len(k.prefix):], k.numbers)
			if n == len(k.prefix) {
				n = 0
			}
		case !k.grep && len(k.prefix) > 0 && bytes.HasPrefix(text, k.prefix):
			n = len(k.prefix)
		case !k.grep && len(k.prefix) > 0 && len(text) < len(k.prefix) && bytes.Equal(text, bytes.TrimRight(k.prefix, " ")):
			n = len(text) // a blank line whose blanks were cut off
		}
		if n > best {
			best, found = n, k
		}
	}
	return best, found
}

// grepTail returns the length of what grep puts behind a file's name: ":" or
// "-", with -n a number and the same again; 0 if it is not there.
func grepTail(b []byte, numbers bool) int {
	if len(b) == 0 || b[0] != ':' && b[0] != '-' {
		return 0
	}
	if !numbers {
		return 1
	}
	return 1 + numberTail(b[1:])
}

// numberTail returns the length of a line number with ":" or "-" behind it at
// the start of b, 0 if there is none.
func numberTail(b []byte) int {
	n := 0
	for n < len(b) && n < 12 && isDigit(b[n]) {
		n++
	}
	if n > 0 && n < len(b) && (b[n] == ':' || b[n] == '-') {
		return n + 1
	}
	return 0
}

// stampIn returns where in a line the first time stamp stands, -1 if there is
// none near its start.
func stampIn(text []byte) int {
	if len(text) >= stampMin && (stampShape(text) || text[0] == '[' && len(text) > stampMin && stampShape(text[1:])) {
		return 0
	}
	for i := 1; i+stampMin <= len(text) && i <= maxPrefix; i++ {
		if isDigit(text[i]) && !isDigit(text[i-1]) && stampShape(text[i:]) {
			if _, ok := parseStamp(text[i:]); ok {
				if text[i-1] == '[' && i > 1 {
					if _, ok := parseStamp(text[i-1:]); ok {
						i--
					}
				}
				return i
			}
		}
	}
	return -1
}

// parsePrefix tells what a prefix, all that stands before a stamp, says.
func parsePrefix(pre []byte) (origin, bool) {
	if journalPrefix(pre) == len(pre) {
		return origin{host: journalHost(pre), journal: true}, true
	}
	if name, ok := bytes.CutSuffix(pre, []byte("| ")); ok { // docker compose
		name = bytes.TrimRight(name, " ")
		return origin{host: name, prefix: pre}, isWord(name)
	}
	if pre[0] == '[' { // kubectl
		name, ok := bytes.CutSuffix(pre[1:], []byte("] "))
		return origin{host: name, prefix: pre}, ok && isWord(name) && bytes.IndexByte(name, '/') > 0
	}
	if host, rest, ok := bytes.Cut(pre, []byte(": ")); ok { // pssh -P, maybe before grep
		if !isWord(host) {
			return origin{}, false
		}
		if len(rest) == 0 {
			return origin{host: bareHost(host), prefix: pre}, true
		}
		p, ok := grepPrefix(rest)
		p.host = bareHost(host)
		p.prefix = pre[:len(host)+2+len(p.file)]
		return p, ok
	}
	if pre[len(pre)-1] == ' ' { // stern
		pod, container, ok := bytes.Cut(pre[:len(pre)-1], []byte{' '})
		return origin{host: pre[:len(pre)-1], prefix: pre}, ok && isName(pod) && isName(container)
	}
	p, ok := grepPrefix(pre)
	p.prefix = p.file
	return p, ok
}

// grepPrefix takes grep's prefix apart: a name, a number, or both.
func grepPrefix(pre []byte) (origin, bool) {
	sep := pre[len(pre)-1]
	if sep != ':' && sep != '-' {
		return origin{}, false
	}
	body := pre[:len(pre)-1]
	k := len(body)
	for k > 0 && isDigit(body[k-1]) {
		k--
	}
	switch {
	case k == 0 && len(body) > 0: // only a number
		return origin{grep: true, numbers: true}, true
	case k < len(body) && body[k-1] == sep && k > 1:
		return origin{file: body[:k-1], grep: true, numbers: true}, true
	}
	return origin{file: body, grep: true}, len(body) > 0 && bytes.IndexByte(body, '\t') < 0
}

// isWord reports whether b is one word: a host's, a pod's, a service's name.
func isWord(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c == 0x7F {
			return false
		}
	}
	return len(b) > 0
}

// isName reports whether b is a name as Kubernetes has them, in lower case.
func isName(b []byte) bool {
	for _, c := range b {
		if c-'a' > 'z'-'a' && !isDigit(c) && c != '-' && c != '.' {
			return false
		}
	}
	return len(b) > 0
}

// levelPrefix returns the severity that is all that stands before a stamp, nil
// if something else does.
func levelPrefix(pre []byte) []byte {
	word := bytes.Trim(pre, " []|\t")
	if _, ok := levels[string(word)]; !ok {
		return nil
	}
	return word
}

// bareHost removes the user and the port from what names a host for ssh.
func bareHost(b []byte) []byte {
	if i := bytes.LastIndexByte(b, '@'); i >= 0 {
		b = b[i+1:]
	}
	if host, port, ok := bytes.Cut(b, []byte{':'}); ok && bytes.IndexByte(port, ':') < 0 {
		b = host
	}
	return b
}

// psshHeader reports whether a line is one that pssh -i prints before a host's
// output, "[1] 12:00:00 [SUCCESS] log@10.2.216.33:2022", and which host.
func psshHeader(text []byte) (host []byte, ok bool) {
	if len(text) < len("[1] 12:00:00 [S] h") || text[0] != '[' {
		return nil, false
	}
	i := 1
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	rest := text[i:]
	if i == 1 || len(rest) < len("] 12:00:00 [") || string(rest[:2]) != "] " || rest[4] != ':' || rest[7] != ':' {
		return nil, false
	}
	for _, state := range [...]string{"[SUCCESS] ", psshFailure} {
		if host, ok := bytes.CutPrefix(rest[len("] 12:00:00 "):], []byte(state)); ok {
			host, _, _ = bytes.Cut(host, []byte{' '})
			return bareHost(host), true
		}
	}
	return nil, false
}

// psshFailure is what pssh says of a host on which the command failed.
const psshFailure = "[FAILURE] "

// psshFailed reports whether a line that pssh has put between those of the logs
// says that the command failed on a host.
func psshFailed(text []byte) bool {
	_, ok := psshHeader(text)
	return ok && bytes.Contains(text, []byte(psshFailure))
}

// journalPrefix returns the length of what journalctl puts before a line,
// "Nov 20 02:13:05 mgs1 java[88]: ", 0 if it is not there.
func journalPrefix(b []byte) int {
	const stamp = len("Nov 20 02:13:05 ")
	if len(b) < stamp+len("h u: ") || b[3] != ' ' || b[6] != ' ' || b[9] != ':' || b[12] != ':' || b[15] != ' ' || !isLetter(b[0]) {
		return 0
	}
	near := b[stamp:min(len(b), maxPrefix)]
	host := bytes.IndexByte(near, ' ')
	colon := bytes.Index(near, []byte(": "))
	if host <= 0 || colon < host || bytes.IndexByte(near[host+1:colon], ' ') >= 0 {
		return 0
	}
	return stamp + colon + 2
}

// journalHost returns the host in such a prefix.
func journalHost(pre []byte) []byte {
	host, _, _ := bytes.Cut(pre[len("Nov 20 02:13:05 "):], []byte{' '})
	return host
}

// prefixed reports whether the lines of a sample carry prefixes: most of those
// that hold a stamp do not begin with it, or pssh has put its headers between.
func prefixed(sample []byte) bool {
	bare, cut := 0, 0
	for len(sample) > 0 {
		line := sample[:lineEnd(sample, 0)]
		sample = sample[min(len(sample), len(line)+1):]
		line = trimCR(line)
		if _, ok := psshHeader(line); ok {
			return true
		}
		switch at := stampIn(line); {
		case at == 0:
			bare++
		case at > 0:
			if _, ok := parsePrefix(line[:at]); ok || levelPrefix(line[:at]) != nil {
				cut++
			}
		}
	}
	return cut > bare
}
