package parser

import (
	"bytes"
)

// scan reads the text of one stamped record, word by word, and notes what the
// evidence ladder needs: candidates for the code, named fields, the chain of
// exceptions, and which stretches are plain text. It is used again for every
// record and keeps no reference to the text beyond the record's life.
type scan struct {
	l    *ladder
	text []byte

	named     candidate // a named field outside of bodies
	body      candidate // a named field inside a response's body
	exception candidate
	constant  candidate
	guard     candidate          // a code of the Security Guard SDK
	payment   bool               // the record quotes a result of the payment SDK
	said      bool               // it has the name of a code or a field
	sensitive bool               // a name may say something else in the midst of other lines
	fields    [fieldCount][]byte // the first value of each, outside of bodies if possible
	inBody    [fieldCount]bool   // it was found inside a body
	traceID   []byte             // the first word that has the shape of one, in the head if possible
	request   bool               // the record logs a request, which has no result

	headFrom   int   // where the head begins, negative if the text has none
	headMarked bool  // there are marks of the head, from cellsFrom on
	cellsFrom  int   // where in the head the cells begin that may tell something
	headKnown  bool  // it is known what the head's cells tell, see cellsTell
	frames     []run // stretches of the text that are known to be frames
	// cellsTell are the operationType and the client address in a known head.
	cellsTell [2][]byte

	bodyEnd  int      // text[:bodyEnd] at the reading position is inside a body
	bodyKind bodyKind // of that body
	lineTo   int      // the end of the line at the reading position
	ahead    int      // how many bytes may still be read ahead in this record
	plain    []plain  // lines outside of stack frames and bodies

	links      []Exception // the chain as far as read
	last       bool        // it is known that the last link's message names no other
	linkFrom   bool        // the chain began at the start of a line, not inside one
	suppressed bool        // inside a suppressed exception's own trace
}

type span struct{ from, to int }

// plain is a line outside of stack frames and bodies.
type plain struct {
	span
	// known, of that hash, is what is known of the line; nil if nothing is. Then the
	// line holds none of the lexicon's texts. It may have made room for another since.
	known *knownText
	hash  uint64
}

const (
	// maxAhead bounds the reading ahead in one record for the ends of
	// bodies, so that a record made of nothing but their beginnings takes
	// no more time than others.
	maxAhead = 1 << 20
	// maxBack bounds how far a look at what stands before a word goes.
	maxBack = 512
)

// field is a named field other than the result code.
type field uint8

const (
	fieldTraceID field = iota
	fieldOperationType
	fieldAppID
	fieldWorkspaceID
	fieldClientIP
	fieldUserID
	fieldDeviceID
	fieldMemo
	fieldTips
	fieldStress
	fieldCount
)

// bodyKind tells whose words a quoted body holds.
type bodyKind uint8

const (
	noBody bodyKind = iota
	requestBody
	responseBody // or one that could be either
)

// name is what a word means when a value follows it.
type name struct {
	kind     nameKind
	field    field
	strength uint8
	body     bodyKind
}

type nameKind uint8

const (
	noName nameKind = iota
	codeName
	fieldName
	bodyName
)

// Strengths of the names of a result code. There is no errorCode among them:
// every product has one, so it can be anything.
const (
	statusName uint8 = iota // Result-Status and its spellings: the gateway's own header
	resultName              // resultCode, ERR_CODE and the like
	guardName               // errorCode, which only counts in the Security Guard's exception
)

// names maps words, in lower case and without "-" and "_", to their meaning.
var names = func() map[string]name {
	m := map[string]name{
		"resultstatus": {kind: codeName, strength: statusName},
		"resultcode":   {kind: codeName, strength: resultName},
		"errcode":      {kind: codeName, strength: resultName},
		"errorcode":    {kind: codeName, strength: guardName},
	}
	add := func(n name, words ...string) {
		for _, w := range words {
			m[w] = n
		}
	}
	fields := func(f field, words ...string) { add(name{kind: fieldName, field: f}, words...) }
	fields(fieldTraceID, "traceid", "mgwtraceid", "xmgwtraceid", "uniqueid", "tracerid", "sofatraceid", "sofaid", "trace")
	fields(fieldOperationType, "operationtype", "optype", "operation", "api", "apiname", "moperationtype", "rpcapi")
	fields(fieldAppID, "appid", "mappid", "xappid")
	fields(fieldWorkspaceID, "workspaceid", "workspace", "wsid")
	fields(fieldClientIP, "clientip", "remoteip", "remoteaddr", "clientaddr", "clientaddress", "xforwardedfor", "userip", "ip")
	fields(fieldUserID, "userid", "uid")
	fields(fieldDeviceID, "deviceid", "did", "utdid")
	fields(fieldMemo, "memo", "resultmemo")
	fields(fieldTips, "tips", "resulttips")
	fields(fieldStress, "stress", "stresstest", "isstress", "isstresstest", "stressflag", "pressuretest", "ispressuretest")
	bodies := func(k bodyKind, words ...string) { add(name{kind: bodyName, body: k}, words...) }
	bodies(requestBody, "request", "req", "requestdata", "requestbody", "requestparam", "requestparams", "requestparameter",
		"requestparameters", "requestcontent", "requestpayload", "requestmsg", "requestjson", "rawrequest", "reqdata", "reqbody",
		"reqparam", "reqparams", "reqcontent", "param", "params", "parameter", "parameters", "args", "arguments", "arg",
		"input", "query", "form", "postdata", "formdata", "rpcrequest", "httprequest", "userrequest", "clientrequest")
	bodies(responseBody, "response", "resp", "responsedata", "responsebody", "responsecontent", "responsepayload",
		"responsemsg", "responsejson", "responsetext", "responsestr", "rawresponse", "respdata", "respbody", "respcontent",
		"respstr", "body", "payload", "content", "data", "result", "resultdata", "resultbody", "output", "return",
		"returned", "returns", "returnvalue", "returndata", "ret", "rsp", "rspdata", "rspbody", "backendresponse",
		"bizresponse", "upstreamresponse", "httpresponse", "rpcresponse", "mockdata", "mock", "entity", "object", "raw",
		"extinfo", "ext", "attachment", "extra", "model", "value", "json", "dto", "vo")
	return m
}()

// ownPrefixes are words that may stand before a code's name and leave it the
// gateway's: mgwResultCode, x-result-status. Any other word makes it another's
// (subResultCode, wxErrcode).
var ownPrefixes = map[string]bool{
	"x": true, "mgw": true, "mgs": true, "gw": true, "gateway": true, "rpc": true, "response": true, "resp": true,
	"final": true, "m": true, "client": true, "header": true, "mobilegw": true, "mpaas": true, "mpaasgw": true,
	"s": true, "get": true, "mosn": true, "xmosn": true, "spi": true, "last": true, "rsp": true, "xmgw": true, "xmgs": true,
}

// hanNames are names in Chinese.
var hanNames = []struct {
	text     string
	strength uint8
}{
	{"结果码", resultName},
	{"结果状态", resultName},
	{"网关码", resultName},
}

// hanBodies are words in Chinese behind which a body follows.
var hanBodies = []struct {
	text string
	kind bodyKind
}{
	{"请求", requestBody},
	{"入参", requestBody},
	{"参数", requestBody},
	{"响应", responseBody},
	{"返回", responseBody},
	{"出参", responseBody},
	{"报文", responseBody},
	{"结果", responseBody},
}

// begin makes the scan one of text that has read nothing; links are to be used for
// the chain.
func (s *scan) begin(l *ladder, text []byte, links []Exception) {
	plain := s.plain[:0]
	*s = scan{} // in place, see Decoder.start
	s.l, s.text, s.ahead, s.plain, s.links = l, text, maxAhead, plain, links
}

// run reads r.Text.
func (s *scan) run(l *ladder, r *Record) {
	s.begin(l, r.Text, r.Exceptions[:0])
	s.frames = l.frames
	l.frames = nil
	runs := s.frames
	to := lineEnd(s.text, 0)
	s.headFrom = to - len(r.Head) // behind the stamp
	for from := s.headFrom; from < len(s.text); {
		if len(runs) > 0 && from == runs[0].from {
			run := runs[0]
			runs = runs[1:]
			if s.frameRun(run) {
				from = run.to + 1
				continue
			}
		}
		if from != s.headFrom {
			to = lineEnd(s.text, from)
		}
		s.wholeLine(from, to)
		from = to + 1
	}
}

// wholeLine reads the line text[from:to].
func (s *scan) wholeLine(from, to int) {
	line := s.text[from:to]
	m := &s.l.marks
	if from == s.headFrom {
		if s.knownHead(from, to) {
			return
		}
		m = &s.l.head
	} else if mayRepeat(line) {
		if k := s.l.known(traceText, line); k != nil && (!k.says || from >= s.bodyEnd) {
			s.readKnown(k, from, to)
			return
		}
	}
	if bytes.IndexByte(line, '\\') >= 0 && bytes.Contains(line, escapedFrame) {
		if from == s.headFrom {
			s.headSays(line)
		}
		s.escapedLines(from, to)
		return
	}
	s.lineTo = to
	trace := s.traceLine(from, to)
	marked := !trace && !s.l.unmarked && m.read(line)
	if from == s.headFrom {
		s.headMarked = marked
		if !marked {
			s.headSays(line)
		}
	}
	switch {
	case trace:
		return
	case marked: // so there is no backslash
		s.markedWords(*m, from, from, to)
	default:
		s.announced(from, to)
		s.plainWords(from, to, from, to, noBody)
	}
	s.plainLine(from, to)
}

// headSays looks for a trace id and a tag in the head. They count before all that
// is found elsewhere.
func (s *scan) headSays(head []byte) {
	s.traceID = findTraceID(head)
	s.request = hasTag(head, requestTag)
}

// oneLine reads the line text[from:to], byte by byte.
func (s *scan) oneLine(from, to int) {
	s.lineTo = to
	if !s.traceLine(from, to) {
		s.announced(from, to)
		s.plainWords(from, to, from, to, noBody)
		s.plainLine(from, to)
	}
}

// frameRun reads the lines of a run of frames, which begins at the reading
// position. It reports false if they have to be read one by one.
func (s *scan) frameRun(run run) bool {
	if !run.known && bytes.IndexByte(s.text[run.from:run.to], '\\') >= 0 {
		return false // perhaps an escapedFrame
	}
	// As traceLine does with a frame.
	if n := len(s.links); n > 0 && !s.suppressed && !s.l.lean && s.links[n-1].Frame == nil {
		first := s.text[run.from+len("\tat ") : lineEnd(s.text, run.from)]
		s.links[n-1].Frame = bytes.TrimRight(first, " \t")
	}
	return true
}

// escapedFrame is how a frame of a stack trace begins inside a JSON string.
var escapedFrame = []byte(`\n\tat `)

// escapedLines reads the line text[from:to], which holds a stack trace in a
// JSON string, line for line. What stands behind the string is a line, too.
func (s *scan) escapedLines(from, to int) {
	for from < to {
		end, skip := to, 0
		if i := bytes.Index(s.text[from:to], []byte(`\n`)); i >= 0 {
			end, skip = from+i, len(`\n`)
		}
		if i := bytes.IndexByte(s.text[from:end], '"'); i >= 0 && (isFrame(trimIndent(s.text[from:end])) || skip == 0) {
			end = from + i // the string ends inside this line
			s.oneLine(from, end)
			s.lineTo = to
			s.plainWords(end, to, end, to, noBody)
			s.plainLine(end, to)
			return
		}
		s.oneLine(from, end)
		from = end + skip
	}
}

// plainLine notes what of the line is outside of a body.
func (s *scan) plainLine(from, to int) {
	if from = max(from, s.bodyEnd); from < to && len(s.plain) < 64 {
		s.plain = append(s.plain, plain{span: span{from, to}})
	}
}

// field returns the value of a named field, nil if there is none.
func (s *scan) field(f field) []byte { return s.fields[f] }

// plainWords reads the words of text[i:end], a part of the line text[from:to].
// What the word before it says of a body is previous: "request" in "request
// body". It returns what its last word says.
func (s *scan) plainWords(i, end, from, to int, previous bodyKind) bodyKind {
	t := s.text
	for i < end {
		c := t[i]
		switch {
		case isLetter(c):
			start := i
			// The letter of an escape, \n or \t, is no part of the word.
			if start > from && t[start-1] == '\\' && (c == 'n' || c == 't' || c == 'r') {
				start++
			}
			for i++; i < to && isNameByte(t[i]); i++ {
			}
			if start < i {
				previous = s.word(start, i, from, to, previous)
			}
		case c >= 0xE0:
			i = s.hanWord(i, from, to)
			previous = noBody
		case isDigit(c):
			start := i
			for i++; i < to && isWordByte(t[i]); i++ {
			}
			if s.traceID == nil && i-start >= traceIDMin {
				if _, ok := traceMillis(t[start:i]); ok {
					s.traceID = t[start:i]
				}
			}
			previous = noBody
		default:
			i++
			if c != ' ' && c != '_' {
				previous = noBody
			}
		}
	}
	return previous
}

// isNameByte reports whether c can be part of a name: of a field, a class, a
// constant, an operationType.
func isNameByte(c byte) bool { return isWordByte(c) || c == '.' || c == '-' || c == '$' }

// word looks at the word text[i:j] of the line text[from:to]. It returns the
// kind of body that the word announces, for the word behind it.
func (s *scan) word(i, j, from, to int, previous bodyKind) bodyKind {
	t := s.text
	for j > i+1 && (t[j-1] == '.' || t[j-1] == '-') { // punctuation, or the arrow of "code->4001"
		j--
	}
	w := t[i:j]
	if s.traceID == nil && len(w) >= traceIDMin {
		if _, ok := traceMillis(w); ok {
			s.traceID = w
			return noBody
		}
	}
	last := w
	if k := bytes.LastIndexByte(w, '.'); k >= 0 {
		last = w[k+1:]
	}
	inBody := i < s.bodyEnd
	if !inBody {
		s.constantWord(last, j, to)
		s.exceptionWord(last, i, j, to)
	}
	if !valueMayFollow(t[j:to]) {
		return noBody
	}
	var fold [40]byte
	key := appendName(fold[:0], last)
	n := phraseName(w, t[j:to])
	if n.kind != noName {
		j = phraseEnd(t, j, to)
	} else {
		n = nameOf(key)
	}
	s.said = s.said || n.kind == codeName || n.kind == fieldName
	switch n.kind {
	case codeName:
		s.codeWord(n, w, i, j, from, to)
	case fieldName:
		s.fieldWord(n.field, w, j, to, inBody)
	case bodyName:
		kind := n.body
		if previous == requestBody {
			kind = requestBody
		}
		if !inBody {
			s.openBody(j, kind, string(key) == "request" || string(key) == "response" || string(key) == "body")
		}
		if len(last) < len(w) {
			return noBody // the end of a dotted name announces nothing
		}
		return kind
	}
	return noBody
}

// valueMayFollow reports whether b, what stands behind a word, may make the
// word a name: not if another word follows that cannot be part of a name or a
// verb. It spares most words of a message the look-ups.
func valueMayFollow(b []byte) bool {
	if len(b) < 2 || b[0] != ' ' || !isLetter(b[1]) {
		return true
	}
	switch b[1] | 0x20 {
	case 'i', 'w', 'c', 's', 'b', 'd', 'p', 'm', 'h': // is, was, code, status, body, data, param, …
		return true
	}
	return false
}

// appendName appends a name in lower case without "-" and "_". A word too
// long to be a known name becomes empty.
func appendName(dst, w []byte) []byte {
	n := len(dst)
	if len(w) > cap(dst)-n {
		return dst
	}
	dst = dst[:n+len(w)]
	for _, c := range w {
		dst[n] = lower[c]
		if c != '-' && c != '_' {
			n++
		}
	}
	return dst[:n]
}

// nameOf looks up a word as appendName has made it.
func nameOf(key []byte) name {
	if len(key) == 0 {
		return name{}
	}
	if !mayBeName(key[0], len(key)) {
		return name{}
	}
	for i := nameSlot(key); nameTable[i].word != ""; i++ {
		if e := &nameTable[i]; e.word == string(key) {
			return e.name
		}
	}
	return compoundName(key)
}

type nameEntry struct {
	word string
	name name
}

// nameTable has the names at their nameSlot or behind it, with nothing in
// between. To look there takes a fraction of the time that the map takes.
var nameTable = func() (table [512 + 64]nameEntry) {
	for word, n := range names {
		i := nameSlot([]byte(word))
		for table[i].word != "" {
			i++
		}
		table[i] = nameEntry{word, n}
	}
	return table
}()

// nameSlot returns a number below 512.
func nameSlot(key []byte) int {
	n := len(key)
	return (int(key[0])*37 + int(key[n/2])*11 + int(key[n-1])*5 + n*71) % 512
}

// mayBeName reports whether a name, or a compound one, has that many letters and
// begins with first, in any case.
func mayBeName(first byte, length int) bool {
	return nameLengths[lower[first]]>>length&1 != 0
}

// nameLengths has the lengths of the names by their first letter, a bit for
// each.
var nameLengths = func() (lengths [256]uint64) {
	for name := range names {
		lengths[name[0]] |= 1 << len(name)
	}
	for prefix := range ownPrefixes {
		for _, suffix := range compoundSuffixes {
			lengths[prefix[0]] |= 1 << (len(prefix) + len(suffix))
		}
	}
	return lengths
}()

// compoundSuffixes are the names that count behind one of ownPrefixes.
var compoundSuffixes = [...]string{"resultstatus", "resultcode", "errcode", "traceid", "operationtype", "workspaceid", "appid"}

// compoundName recognises a code's or a field's name behind a prefix:
// gatewayResultCode, x-result-status, mgw_trace_id.
func compoundName(key []byte) name {
	if len(key) < len("xappid") {
		return name{}
	}
	switch key[len(key)-1] {
	case 's', 'e', 'd':
	default:
		return name{}
	}
	for _, suffix := range compoundSuffixes {
		if len(key) > len(suffix) && string(key[len(key)-len(suffix):]) == suffix && ownPrefixes[string(key[:len(key)-len(suffix)])] {
			return names[suffix]
		}
	}
	return name{}
}

// phrases are names of two words; behind the first, one space.
var phrases = []struct {
	first, second string
	strength      uint8
}{
	{"result", "code", resultName},
	{"result", "status", statusName},
}

// phraseName recognises "result code" and its like.
func phraseName(w, rest []byte) name {
	if len(w) > len("result") || len(rest) < len(" code") || rest[0] != ' ' {
		return name{}
	}
	for _, p := range phrases {
		if foldEqual(w, p.first) && len(rest) > len(p.second) && foldEqual(rest[1:1+len(p.second)], p.second) &&
			(len(rest) == 1+len(p.second) || !isWordByte(rest[1+len(p.second)])) {
			return name{kind: codeName, strength: p.strength}
		}
	}
	return name{}
}

// phraseEnd returns where the second word of a phrase ends.
func phraseEnd(t []byte, j, to int) int {
	for j++; j < to && isWordByte(t[j]); j++ {
	}
	return j
}

// foldEqual reports whether b is word, which is in lower case, in any case.
func foldEqual(b []byte, word string) bool {
	if len(b) != len(word) {
		return false
	}
	for i := range b {
		if lower[b[i]] != word[i] {
			return false
		}
	}
	return true
}

// codeWord looks at the value behind a name of a result code.
func (s *scan) codeWord(n name, w []byte, i, j, from, to int) {
	if s.request {
		return
	}
	t := s.text
	v, sep := separator(t, j, to)
	if j < to && t[j] == '"' {
		for _, pair := range [...]string{`","value":"`, `", "value": "`, `","value":`, `", "value": `} { // as in a HAR file
			if bytes.HasPrefix(t[j:to], []byte(pair)) {
				v, sep = j+len(pair), true
				break
			}
		}
	}
	number, ok := numberAt(t, v, to)
	if !ok {
		return
	}
	if n.strength == statusName && s.isPayment(i, from, v, to, number) {
		s.payment = true
		return
	}
	key, ok := s.codeKey(n, w, number, sep, i, from)
	if !ok || s.foreign(i, from, v, to, key) {
		return
	}
	switch {
	case key.Platform == SecurityGuard:
		s.guard.offer(key, n.strength)
	case i < s.bodyEnd:
		if s.bodyKind == responseBody && bytes.IndexByte(w, '-') > 0 {
			s.named.offer(key, n.strength) // the header itself: "result-status" = 7014;
		} else if s.bodyKind == responseBody {
			s.body.offer(key, 0) // the first one
		}
	case i > from && (t[i-1] == '?' || t[i-1] == '&' && inURL(t[max(from, i-maxBack):i])):
		// A parameter of a URL is no result.
	default:
		s.named.offer(key, n.strength)
	}
}

// codeKey tells which code a number behind a name is, if any. A number below
// 1000 is one of a client's codes, and only where the line is a client's.
func (s *scan) codeKey(n name, w []byte, code Code, sep bool, i, from int) (Key, bool) {
	before := s.text[max(from, i-maxBack):i]
	if bytes.IndexByte(before, 'x') >= 0 && bytes.Contains(before, []byte("SecException")) {
		return Key{SecurityGuard, code}, s.clientLog()
	}
	if n.strength == guardName {
		return Key{}, false
	}
	if code < 1000 {
		key := Key{Android, code}
		return key, string(w) == "ERR_CODE" && s.documented(key) && s.clientLog()
	}
	key := Key{Server, code}
	if s.known(key) {
		return key, true
	}
	// An unknown number counts as a code only behind a name that no other
	// product uses, and inside the ranges that the documents give to MGS.
	inRange := code < 6000 && code > 1000 || code >= 6000 && code < 9000
	return key, inRange && sep && !foldEqual(w, "errcode") && !foldEqual(w, "err_code")
}

// clientLog reports whether the log may be a client's. In a server's log, a
// client's code is a quotation.
func (s *scan) clientLog() bool { return s.l.profile.Host == AnyHost }

func (s *scan) documented(k Key) bool { return s.l.lexicon.Documented[k] }

// known reports whether k is documented or named by the client SDK.
func (s *scan) known(k Key) bool {
	if k.Platform == Server && k.Code >= 0 && k.Code <= maxCode {
		return s.l.serverCodes[k.Code/64]>>(k.Code%64)&1 != 0
	}
	_, ok := s.l.lexicon.Documented[k]
	return ok
}

// separator skips what stands between a name and its value, starting at j:
// quotes, blanks, brackets, and one of = : -> | or a verb. It returns where the
// value starts and whether there was more than blanks. The name is in front of j.
func separator(t []byte, j, to int) (v int, sep bool) {
	for v = j; v < to; {
		switch c := t[v]; {
		case c == ' ' || c == '\t' || c == '"' || c == '\'', c == '\\' && v+1 < to && (t[v+1] == '"' || t[v+1] == '\\'):
			v++
		case c == '=' || c == ':' || c == '>' || c == '|':
			v++
			sep = true
		case c == '-' && v+1 < to && t[v+1] == '>':
			v += 2
			sep = true
		case c == '[' || c == '(' || c == '<' || c == '{':
			v++
			sep = true
		case c == '#', c == ']' && !sep, c == ')' && t[v-1] == '(': // #4001, [resultCode]:4001, getResultCode()
			v++
		case c == 'i' && v+2 < to && t[v-1] == ' ' && t[v+1] == 's' && t[v+2] == ' ':
			v += 3
			sep = true
		case c == 'w' && bytes.HasPrefix(t[v:to], []byte("was ")) && t[v-1] == ' ':
			v += 4
			sep = true
		case c >= 0xE0:
			n := hanSeparator(t[v:to])
			if n == 0 {
				return v, sep
			}
			v += n
			sep = true
		default:
			return v, sep
		}
		if v-j > 24 {
			break
		}
	}
	return v, sep
}

// hanSeparator returns the length of a separator that is not ASCII.
func hanSeparator(b []byte) int {
	for _, s := range [...]string{"：", "＝", "为", "是", "【", "（", "「", "】", "）", "」", "→", "“", "　"} {
		if bytes.HasPrefix(b, []byte(s)) {
			return len(s)
		}
	}
	return 0
}

// maxCode is the largest code that numberAt reads.
const maxCode = 9999

// numberAt reads a number of one to four digits at t[v:to] that is neither
// part of a longer word nor has a unit.
func numberAt(t []byte, v, to int) (Code, bool) {
	j := v
	for j < to && isDigit(t[j]) {
		j++
	}
	if j == v || j-v > 4 || j-v > 1 && t[v] == '0' {
		return 0, false
	}
	if j < to {
		c := t[j]
		next := byte(0)
		if j+1 < to {
			next = t[j+1]
		}
		switch {
		case isWordByte(c) || c == '%':
			return 0, false
		case (c == '.' || c == ':' || c == '-') && isDigit(next):
			return 0, false
		case c == ',' && isDigit(next) && j-v < 4:
			return 0, false // 4,001
		case c == ' ' && isUnit(t[j+1:to]):
			return 0, false
		}
	}
	code, _ := parseCode(t[v:j])
	return code, true
}

// isUnit reports whether b starts with a unit: 4001 ms, 5000 bytes.
func isUnit(b []byte) bool {
	n := 0
	for n < len(b) && isLetter(b[n]) {
		n++
	}
	switch string(b[:n]) {
	case "ms", "us", "ns", "s", "sec", "bytes", "byte", "kb", "KB", "MB", "times", "records", "rows", "items":
		return true
	}
	return false
}

// fieldWord takes the value behind the name of a field.
func (s *scan) fieldWord(f field, w []byte, j, to int, inBody bool) {
	if s.fields[f] != nil && (!s.inBody[f] || inBody) {
		return
	}
	t := s.text
	v, sep := separator(t, j, to)
	if !sep || v >= to {
		return
	}
	text := f == fieldMemo || f == fieldTips
	if (string(w) == "api" || string(w) == "ip" || string(w) == "trace" || string(w) == "operation") && t[j] != '=' && t[j] != ':' && t[j] != '"' {
		return
	}
	end := v
	for end < to && (!valueEnd(t[end], text, t[v-1]) || t[end] == '\\' && end+1 < to && t[end+1] == 'u') &&
		(t[end] != ',' || !pairFollows(t[end+1:to])) {
		end++
	}
	value := bytes.TrimRight(t[v:end], " .\\")
	if len(value) == 0 || len(value) > 512 || string(value) == "-" || string(value) == "null" {
		return
	}
	switch f {
	case fieldOperationType:
		if string(w) != "operationType" && bytes.IndexByte(value, '.') < 0 {
			return
		}
	case fieldTraceID:
		if len(value) < 8 {
			return
		}
	case fieldClientIP:
		if !isAddress(value) {
			return
		}
	case fieldStress:
		if inBody {
			return
		}
	}
	s.fields[f], s.inBody[f] = value, inBody
}

// pairFollows reports whether b begins with a name and a colon or an equals
// sign, so that a comma before it ends the value of another.
func pairFollows(b []byte) bool {
	b = bytes.TrimLeft(b, " \"'")
	n := 0
	for n < len(b) && isNameByte(b[n]) {
		n++
	}
	b = bytes.TrimLeft(b[n:], " \"'")
	return n > 0 && len(b) > 0 && (b[0] == ':' || b[0] == '=')
}

// valueEnd reports whether c ends a field's value. A text runs on over blanks
// and commas; a value in quotes, to its quote.
func valueEnd(c byte, text bool, opened byte) bool {
	switch c {
	case '"', '|', ';', '}', '^', '\r', '\n', '\\':
		return true
	case ' ', '\t', ',', ')', ']', '&', '\'', '<', '>':
		return !text || c == ']' && opened == '[' || c == '\'' && opened == '\''
	}
	return false
}

// openBody notes the body, if one follows at j behind the word that names it.
// With bare set, a brace makes it one even without a separator before.
func (s *scan) openBody(j int, kind bodyKind, bare bool) {
	t := s.text
	sep := false
	v := j
	breaks := 0
skip:
	for ; v < len(t); v++ {
		switch c := t[v]; {
		case c == ':' || c == '=' || c == '>' && t[v-1] == '-':
			sep = true
		case c == '\n' && breaks < 2:
			breaks++
		case c == ' ' || c == '\t' || c == '\r' || c == '\\' || c == '-':
		case c == '"' || c == '\'':
			if !sep || v+1 == len(t) || t[v+1] == '{' || t[v+1] == '[' || t[v+1] == '\\' {
				continue
			}
			// A string that is no JSON: a query, XML, a dump.
			if end := s.find(v+1, c); end > 0 {
				s.bodyEnd, s.bodyKind = end, kind
			}
			return
		default:
			n := hanSeparator(t[v:])
			if n == 0 {
				break skip
			}
			v += n - 1
			sep = true
		}
	}
	s.sensitive = s.sensitive || v >= len(t)
	if v >= len(t) || !sep && (!bare || t[v] != '{' && !bytes.HasPrefix(t[v:], []byte("[{"))) {
		return
	}
	var end int
	switch t[v] {
	case '{':
		end = s.matching(v, '{', '}')
	case '[':
		if breaks > 0 {
			return
		}
		end = s.matching(v, '[', ']')
	case '<':
		end = s.element(v)
	default:
		// A query string or a form: one word that is full of pairs.
		w := v
		for w < len(t) && t[w] > ' ' && t[w] != ',' && t[w] != ';' {
			w++
		}
		if breaks > 0 || bytes.IndexByte(t[v:w], '&') < 0 {
			return
		}
		end = w
	}
	s.bodyEnd, s.bodyKind = end, kind
}

// matching returns where the bracket at text[v] is closed; if it is not, as far
// as may be read ahead, the end of its line. In JSON, brackets inside strings
// do not count.
func (s *scan) matching(v int, open, shut byte) int {
	if k := v + 1; k < len(s.text) && (s.text[k] == '"' || s.text[k] == '{' || s.text[k] <= ' ') {
		if end, ok := s.balanced(v, open, shut, true); ok {
			return end
		}
	}
	if end, ok := s.balanced(v, open, shut, false); ok {
		return end
	}
	return s.endOfLine(v)
}

func (s *scan) balanced(v int, open, shut byte, strings bool) (end int, ok bool) {
	depth, quoted := 0, false
	for i := v; i < len(s.text) && s.ahead > 0; i++ {
		s.ahead--
		c := s.text[i]
		switch {
		case c == '"' && strings && s.text[i-1] != '\\':
			quoted = !quoted
		case quoted:
		case c == open:
			depth++
		case c == shut:
			if depth--; depth == 0 {
				return i, true
			}
		}
	}
	return 0, false
}

// element returns where the XML element that begins at text[v] ends; if it does
// not in its line, the end of the line.
func (s *scan) element(v int) int {
	line := s.text[v:s.endOfLine(v)]
	n := 1
	for n < len(line) && isNameByte(line[n]) {
		n++
	}
	s.ahead -= len(line)
	if i := bytes.LastIndex(line, append([]byte("</"), line[1:n]...)); n > 1 && i >= 0 && s.ahead > 0 {
		return v + i
	}
	return v + len(line)
}

// find returns where c next stands in the line of text[v], 0 if it does not, as
// far as may be read ahead.
func (s *scan) find(v int, c byte) int {
	to := min(s.endOfLine(v), v+max(0, s.ahead))
	if v >= to {
		return 0
	}
	i := bytes.IndexByte(s.text[v:to], c)
	if i < 0 {
		s.ahead -= to - v
		return 0
	}
	s.ahead -= i
	return v + i
}

// endOfLine returns the end of the line of text[v], which is the one at the
// reading position or one behind it.
func (s *scan) endOfLine(v int) int {
	if v <= s.lineTo {
		return s.lineTo
	}
	return lineEnd(s.text, v)
}

func lineEnd(t []byte, v int) int {
	if i := bytes.IndexByte(t[v:], '\n'); i >= 0 {
		return v + i
	}
	return len(t)
}

// constantMin is the length of the shortest constant that is looked for.
const constantMin = 10

// constantWord takes a word that is a constant of the client SDK.
func (s *scan) constantWord(w []byte, j, to int) {
	if len(w) < constantMin || s.request || s.l.constantLengths>>min(len(w), 63)&1 == 0 {
		return
	}
	key, ok := s.l.lexicon.Constants[string(w)]
	if !ok {
		return
	}
	// SERVER_REQUESTTIMEOUT=3000 is a setting of that name; with its own
	// number it is the code.
	t := s.text
	if j < to && t[j] == '=' {
		if n, ok := numberAt(t, j+1, to); !ok || n != key.Code {
			return
		}
	}
	s.constant.offer(key, 0)
}

// exceptionWord takes the number that an RPC exception prints behind its name:
// RPCException: [7014] : text, RpcException[code=4001].
func (s *scan) exceptionWord(w []byte, i, j, to int) {
	const rpc, sec, sg = "rpcexception", "secexception", "sg"
	t := s.text
	if s.request || len(w) < len(sg) {
		return
	}
	switch {
	case len(w) >= len(rpc) && foldEqual(w[len(w)-len(rpc):], rpc):
		code, certain, ok := exceptionNumber(t[j:to])
		if !ok {
			return
		}
		key := Key{Server, code}
		switch {
		case foldEqual(w, "dtrpcexception") && s.documented(Key{IOS, code}):
			key.Platform = IOS
		case code < 1000:
			key.Platform = Android
		}
		if key.Platform != Server && !s.clientLog() {
			return
		}
		if s.known(key) || certain && code > 1000 && code < 9000 {
			s.exception.offer(key, 0)
		}
	case len(w) == len(sg) && string(w) == "SG" && bytes.HasPrefix(t[j:to], []byte(" ERROR")):
		v, _ := separator(t, j+len(" ERROR"), to)
		if code, ok := numberAt(t, v, to); ok && s.clientLog() {
			s.guard.offer(Key{SecurityGuard, code}, statusName)
		}
	}
}

// exceptionNumber reads the code behind the name of an RPC exception: the
// only number in a bracket, one that is named code there, or one that follows
// directly. It is certain if it stands in the bracket alone, as the client SDK
// prints it.
func exceptionNumber(b []byte) (code Code, certain, ok bool) {
	i := 0
	for i < len(b) && (b[i] == ' ' || b[i] == ':') {
		i++
	}
	if i == len(b) {
		return 0, false, false
	}
	shut := byte(0)
	switch b[i] {
	case '[':
		shut = ']'
	case '(':
		shut = ')'
	case '{':
		shut = '}'
	}
	if shut == 0 {
		if rest, named := cutFold(b[i:], "code"); named {
			v, sep := separator(b, len(b)-len(rest), len(b))
			if !sep {
				return 0, false, false
			}
			code, ok = numberAt(b, v, len(b))
			return code, false, ok
		}
		if isDigit(b[i]) {
			code, ok = numberAt(b, i, len(b))
			return code, false, ok && code >= 1000
		}
		return 0, false, false
	}
	inner := b[i+1 : min(len(b), i+200)]
	end := bytes.IndexByte(inner, shut)
	if end < 0 {
		return 0, false, false
	}
	inner = bytes.TrimSpace(inner[:end])
	if code, ok := parseCode(inner); ok {
		return code, true, len(inner) <= 4
	}
	for k := 0; k < len(inner); k++ {
		if !isDigit(inner[k]) {
			continue
		}
		e := k
		for e < len(inner) && isDigit(inner[e]) {
			e++
		}
		if code, ok := numberAt(inner, k, len(inner)); ok && code >= 1000 && aloneBefore(inner[:k]) {
			return code, false, true
		}
		k = e
	}
	return 0, false, false
}

// aloneBefore reports whether a number behind b is one by itself: not the
// port of an address, not a part of a name or of a decimal.
func aloneBefore(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	switch c := b[len(b)-1]; {
	case isWordByte(c), c == '.', c == '-', c == '$', c == '/':
		return false
	case c == ':' || c == '=':
		k := len(b) - 1
		for k > 0 && isNameByte(b[k-1]) {
			k--
		}
		_, code := cutFoldSuffix(b[k:len(b)-1], "code")
		_, status := cutFoldSuffix(b[k:len(b)-1], "status")
		return code || status
	}
	return !namesQuantity(bytes.TrimRight(b, " "))
}

// cutFold removes word, in lower case, from the start of b, in any case and
// behind "err", "error" or "result".
func cutFold(b []byte, word string) ([]byte, bool) {
	for _, before := range [...]string{"", "err", "error", "result", "error_", "err_", "result_"} {
		n := len(before) + len(word)
		if len(b) > n && foldEqual(b[:n], before+word) {
			return b[n:], true
		}
	}
	return b, false
}

// cutFoldSuffix removes word, in lower case, from the end of b.
func cutFoldSuffix(b []byte, word string) ([]byte, bool) {
	if n := len(b) - len(word); n >= 0 && foldEqual(b[n:], word) {
		return b[:n], true
	}
	return b, false
}
