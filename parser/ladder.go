package parser

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The evidence ladder finds the result code of a record whose layout is not
// public. It reads the record's text once, word by word (scan.go), collects
// what could be a code together with the reason for which it could be one,
// and takes the best by a fixed order:
//
//	field      a named field that can only be a result code
//	exception  the number in RPCException: [7014]
//	constant   the name that the client SDK gives to a code
//	memo       a text that the gateway sends with one code only
//	bracket    a documented code alone in brackets in the record's head
//	cause      inferred from the root exception
//
// What the record says of itself goes before what it quotes: a request's body
// never gives a code, a response's body only where the rest of the record has
// none. Stack frames give none.
//
// The rungs and the names are not documented for any of these logs. They are
// drawn from the vendor's pages, from public captures of the response headers
// and of the client's log, and from the client SDK's constants; see
// CONTRIBUTING.md, "What is known of the formats".
type ladder struct {
	lexicon *Lexicon
	profile Profile
	strict  bool
	lean    bool // as Options.Lean
	scan    scan
	// frames are stretches of the next record's text, whole lines, that are
	// known to be frames of a stack trace.
	frames []run

	head     marks  // of the record's head
	marks    marks  // of another line
	words    []span // of that line, which may say something
	unmarked bool   // every line is read byte by byte, in tests
	texts    knownTexts
	alone    scan // of a text that is learned
	tails    *tails
	// The lengths of the constants, a bit for each, which tells quickly that a
	// word is none.
	constantLengths uint64
	// The codes of the server that the lexicon knows, a bit for each.
	serverCodes [(maxCode + 64) / 64]uint64

	memos   []memo
	decoded []byte // scratch for decoding and folding
	// The record's texts, where they had to be decoded.
	memoText, tipsText, controlText []byte
}

// memo is a text of the lexicon in one of its spellings.
type memo struct {
	text      []byte
	key       Key
	namedOnly bool
}

func newLadder(opt Options) ladder {
	l := ladder{lexicon: opt.Lexicon, profile: opt.Profile, strict: opt.Strict, texts: knownTexts{size: textPlaces}, tails: newTails(opt.Lexicon.Constants)}
	for constant := range opt.Lexicon.Constants {
		l.constantLengths |= 1 << min(len(constant), 63)
	}
	for key := range opt.Lexicon.Documented {
		if key.Platform == Server && key.Code >= 0 && key.Code <= maxCode {
			l.serverCodes[key.Code/64] |= 1 << (key.Code % 64)
		}
	}
	for _, m := range opt.Lexicon.Memos {
		// A comma is written in three ways.
		plain := strings.ReplaceAll(m.Text, "，", ",")
		spellings := []string{m.Text, plain, strings.ReplaceAll(plain, ",", ", "), strings.ReplaceAll(plain, ",", "，")}
		slices.Sort(spellings)
		for _, text := range slices.Compact(spellings) {
			// A text of ASCII alone is no more than words.
			named := m.NamedOnly || !hasHan([]byte(text))
			l.memos = append(l.memos, memo{[]byte(text), m.Key, named})
		}
	}
	return l
}

// candidate is a place in a record that may give its code.
type candidate struct {
	key Key
	// strength orders candidates of one rung, lower is better.
	strength uint8
	ok       bool
}

// offer takes c if it is the first candidate or better than the one held.
func (held *candidate) offer(key Key, strength uint8) {
	if !held.ok || strength < held.strength {
		*held = candidate{key, strength, true}
	}
}

// read fills in all that can be read from the text of a stamped record.
func (l *ladder) read(r *Record) {
	l.fill(r)
	if r.Format.Client() {
		l.readClient(r)
	} else {
		l.tellCells(r)
	}
	if key, evidence := l.code(r); evidence != NoEvidence {
		r.Platform, r.Code, r.Evidence = key.Platform, key.Code, evidence
	}
}

// fill reads the text and fills in all but the code.
func (l *ladder) fill(r *Record) {
	s := &l.scan
	s.run(l, r)
	r.Exceptions = s.chain()
	r.TraceID, r.OperationType = s.field(fieldTraceID), s.field(fieldOperationType)
	r.AppID, r.WorkspaceID = s.field(fieldAppID), s.field(fieldWorkspaceID)
	r.ClientIP = s.field(fieldClientIP)
	r.UserID, r.DeviceID = s.field(fieldUserID), s.field(fieldDeviceID)
	r.Memo = l.plain(&l.memoText, s.field(fieldMemo))
	r.Tips = l.plain(&l.tipsText, s.field(fieldTips))
	r.Stress = isYes(s.field(fieldStress))
	if r.Level == nil && !l.lean {
		r.Level = level(r.Head)
	}
	if r.TraceID == nil {
		r.TraceID = s.traceID
	}
}

// isYes reports whether the value of a field is a yes.
func isYes(v []byte) bool {
	switch string(v) {
	case "T", "true", "TRUE", "Y", "1", "是":
		return true
	}
	return false
}

// code climbs the ladder.
func (l *ladder) code(r *Record) (Key, Evidence) {
	s := &l.scan
	switch {
	case s.named.ok:
		return s.named.key, ByField
	case s.exception.ok:
		return s.exception.key, ByException
	case s.constant.ok:
		return s.constant.key, ByConstant
	}
	if key, ok := l.memo(r); ok {
		return key, ByMemo
	}
	if key, ok := l.bracket(r.Head); ok {
		return key, ByBracket
	}
	if s.body.ok && (s.body.key.Code != 1000 || !failed(r)) {
		return s.body.key, ByField
	}
	if key, ok := l.namedMemo(true); ok {
		return key, ByMemo
	}
	if s.guard.ok {
		return s.guard.key, ByField
	}
	if !l.strict {
		if key, ok := l.cause(r); ok {
			return key, ByCause
		}
	}
	return Key{}, NoEvidence
}

// failed reports whether a record tells of a failure, whatever code it names.
func failed(r *Record) bool {
	said := r.Level
	if said == nil {
		said = level(r.Head)
	}
	return len(r.Exceptions) > 0 || string(said) == "ERROR"
}

// memo looks for a known text: first as the value of a field called memo or
// tips, then, where the text is distinctive, standing by itself anywhere
// outside of bodies and stack frames.
func (l *ladder) memo(r *Record) (Key, bool) {
	if key, ok := l.namedMemo(false); ok {
		return key, true
	}
	for _, p := range l.scan.plain {
		if p.known != nil {
			continue
		}
		line := r.Text[p.from:p.to]
		if bytes.Contains(line, []byte("%E")) || bytes.Contains(line, []byte(`\u`)) { // a text that is encoded
			line = l.decode(line)
		}
		if hasHan(line) {
			if key, ok := l.memoIn(line); ok {
				return key, true
			}
		}
	}
	return Key{}, false
}

// namedMemo looks for a known text as the value of a field called memo or
// tips, inside or outside of a body. In a body, it counts only if the body has
// no code of its own.
func (l *ladder) namedMemo(inBody bool) (Key, bool) {
	s := &l.scan
	if s.payment || inBody && s.body.ok {
		return Key{}, false
	}
	for _, f := range []field{fieldMemo, fieldTips} {
		v := s.field(f)
		if len(v) == 0 || s.inBody[f] != inBody {
			continue
		}
		v = l.decode(v)
		for i := range l.memos {
			if standsAt(v, 0, l.memos[i].text) {
				return l.memos[i].key, true
			}
		}
	}
	return Key{}, false
}

// memoIn returns the key of the distinctive text that stands by itself in b.
// All distinctive texts have Han characters, see newLadder.
func (l *ladder) memoIn(b []byte) (Key, bool) {
	best, at, several := Key{}, -1, false
	for i := range l.memos {
		m := &l.memos[i]
		if m.namedOnly {
			continue
		}
		for from, text := 0, m.text; from < len(b); {
			j := bytes.Index(b[from:], text)
			if j < 0 {
				break
			}
			j += from
			if standsAt(b, j, text) {
				several = several || at >= 0 && best != m.key
				best, at = m.key, j
				break
			}
			from = j + len(text)
		}
	}
	return best, at >= 0 && !several // several are a list of texts, not a result
}

// standsAt reports whether text is at b[i:] and not part of a longer word, in
// letters of the same kind.
func standsAt(b []byte, i int, text []byte) bool {
	if !bytes.HasPrefix(b[i:], text) {
		return false
	}
	first, last := text[0], text[len(text)-1]
	if i > 0 && (isWordByte(first) && isWordByte(b[i-1]) || first >= 0x80 && hanBefore(b[:i])) {
		return false
	}
	rest := b[i+len(text):]
	return len(rest) == 0 || (!isWordByte(last) || !isWordByte(rest[0])) && (last < 0x80 || !hanAt(rest))
}

// decode undoes percent-encoding, or the escapes of a JSON string, once. What
// cannot be decoded stays as it is.
func (l *ladder) decode(b []byte) []byte {
	switch {
	case bytes.IndexByte(b, '%') >= 0:
		text, err := url.QueryUnescape(string(b))
		if err != nil {
			return b
		}
		l.decoded = append(l.decoded[:0], text...)
	case bytes.Contains(b, []byte(`\u`)):
		l.decoded = appendUnescaped(l.decoded[:0], b)
	default:
		return b
	}
	return l.decoded
}

// appendUnescaped appends b with its escapes of the form \uXXXX, or \UXXXX as
// Objective-C prints them, resolved.
func appendUnescaped(dst, b []byte) []byte {
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\\')
		if i < 0 {
			break
		}
		if i+1 == len(b) || b[i+1]|0x20 != 'u' {
			dst = append(dst, b[:i+1]...)
			b = b[i+1:]
			continue
		}
		mark := b[i+1]
		dst = append(dst, b[:i]...)
		b = b[i+2:]
		if len(b) >= 4 {
			if r, err := strconv.ParseUint(string(b[:4]), 16, 16); err == nil {
				dst = utf8.AppendRune(dst, rune(r))
				b = b[4:]
				continue
			}
		}
		dst = append(dst, '\\', mark)
	}
	return append(dst, b...)
}

// brackets are a kind of them.
type brackets struct{ open, shut []byte }

var (
	square     = brackets{[]byte("["), []byte("]")}
	lenticular = brackets{[]byte("【"), []byte("】")}
)

// bracket looks for a documented code alone in brackets in the head.
func (l *ladder) bracket(head []byte) (Key, bool) {
	slot := 0
	han := hasHan(head)
	for i := 0; i < len(head); i++ {
		b := square
		next := bytes.IndexByte(head[i:], b.open[0])
		if han {
			if k := bytes.Index(head[i:], lenticular.open); k >= 0 && (next < 0 || k < next) {
				next, b = k, lenticular
			}
		}
		if next < 0 {
			break
		}
		i += next
		within, behind, found := bytes.Cut(head[i+len(b.open):], b.shut)
		if !found {
			return Key{}, false
		}
		content := bytes.TrimSpace(within)
		if code, ok := parseCode(content); ok && len(content) == 4 &&
			l.lexicon.Documented[Key{Server, code}] && l.profile.codeSlot(slot) && freeBracket(head[:i]) &&
			!isUnit(bytes.TrimLeft(behind, " ")) {
			return Key{Server, code}, true
		}
		slot++
		i = len(head) - len(behind) - 1
	}
	return Key{}, false
}

// freeBracket reports whether a bracket behind the text before it stands for
// itself: not as the index or the value of something named.
func freeBracket(before []byte) bool {
	trimmed := bytes.TrimRight(before, " \t")
	if len(trimmed) == 0 {
		return true
	}
	last := trimmed[len(trimmed)-1]
	if len(trimmed) == len(before) {
		// Directly behind something: only another bracket, or a separator.
		switch last {
		case ']', ')', '|', '>':
			return true
		case ':':
			label := trimmed[:len(trimmed)-1]
			return len(label) > 0 && isLetter(label[len(label)-1]) && !namesQuantity(label)
		}
		if label, ok := bytes.CutSuffix(trimmed, []byte("：")); ok {
			return !namesQuantity(label)
		}
		return bytes.HasSuffix(trimmed, []byte("】"))
	}
	switch last {
	case ':':
		return !namesQuantity(trimmed[:len(trimmed)-1]) && !bytes.HasSuffix(trimmed, []byte("\":"))
	case '=', '(', ',', '{', '"':
		return false
	}
	return !namesQuantity(trimmed)
}

// quantities are words behind which a number in brackets is no code.
var quantities = map[string]bool{
	"port": true, "size": true, "line": true, "pid": true, "tid": true, "thread": true, "count": true, "total": true,
	"len": true, "length": true, "id": true, "uid": true, "userid": true, "orderid": true, "timeout": true, "cost": true,
	"elapsed": true, "rows": true, "index": true, "offset": true, "seq": true, "ms": true, "bytes": true, "rt": true,
	"queue": true, "limit": true, "max": true, "min": true, "capacity": true, "batch": true, "shard": true,
	"partition": true, "version": true, "retry": true, "took": true, "used": true, "remaining": true,
	"order": true, "user": true, "device": true, "session": true, "job": true, "task": true, "no": true, "number": true,
	"age": true, "delay": true, "duration": true, "phone": true, "http": true, "records": true, "items": true,
	"in": true, "page": true, "access": true, "invoke": true, "service": true, "on": true, "at": true, "by": true,
	"from": true, "of": true, "for": true, "node": true, "step": true, "level": true, "row": true, "column": true,
	"item": true, "slot": true, "channel": true, "connection": true, "client": true, "server": true, "host": true,
	"ip": true, "addr": true, "address": true, "provider": true, "consumer": true, "to": true, "group": true, "tenant": true,
}

// quantitiesHan are the same in Chinese.
var quantitiesHan = []string{
	"端口", "耗时", "线程", "大小", "长度", "数量", "条数", "行", "编号", "订单", "订单号", "用户", "超时", "字节", "序号", "总数", "个数", "手机号", "次数", "版本", "偏移量", "毫秒",
}

// namesQuantity reports whether text ends with one of the quantities.
func namesQuantity(text []byte) bool {
	i := len(text)
	for i > 0 && isWordByte(text[i-1]) {
		i--
	}
	if word := text[i:]; len(word) > 0 {
		if isUnit(word) && measured(text[:i]) || i > 0 && bytes.IndexByte([]byte(".#$/-"), text[i-1]) >= 0 {
			return false // the number's unit; the last part of a name
		}
		var low [16]byte
		return len(word) <= len(low) && quantities[string(appendFold(low[:0], word))]
	}
	for _, q := range quantitiesHan {
		if before, ok := bytes.CutSuffix(text, []byte(q)); ok {
			return !measured(before) || q != "毫秒" && q != "字节"
		}
	}
	return false
}

// measured reports whether b ends with a number, whose unit the word behind b
// is: "821 ms [1000]".
func measured(b []byte) bool {
	b = bytes.TrimRight(b, " ")
	return len(b) > 0 && isDigit(b[len(b)-1])
}

// cause infers a code from the root exception. Only the first line of the
// table is documented (4003: an UnknownHostException when the gateway called
// the business system); the rest is inferred: a time-out of that call is 4001,
// another failure of it 4002.
//
// The codes are the gateway's. On a business host most such exceptions are
// failures of that system's own work, so a record counts there only if it
// speaks of a call; nor does one count, anywhere, that is about a database, a
// cache, a queue or the like.
func (l *ladder) cause(r *Record) (Key, bool) {
	code, ok := networkCause(r.Exceptions)
	if !ok {
		return Key{}, false
	}
	// Where calls are logged with their trace ids, a record without one is
	// none, unless it speaks of a call; on a business host it must. A job of
	// the host's own is none.
	identified := r.TraceID != nil || r.OperationType != nil
	must := l.profile.Host == BusinessHost || l.profile.Traced && !identified
	if must || !identified {
		head := l.fold(r.Head)
		if must && !speaksOfCall(r, head) || !identified && containsAny(head, jobWords) {
			return Key{}, false
		}
	}
	if l.otherResource(r) {
		return Key{}, false
	}
	return Key{Server, code}, true
}

// speaksOfCall reports whether a record is about a call: in words, or because
// an RPC framework threw the exception. Its head is given in lower case.
func speaksOfCall(r *Record, head []byte) bool {
	for i := range r.Exceptions {
		for _, w := range [...]string{"Rpc", "Invoke", "Remoting", "HSF", "feign"} {
			if bytes.Contains(r.Exceptions[i].Class, []byte(w)) {
				return true
			}
		}
	}
	return containsAny(head, callWords) && !containsAny(head, jobWords)
}

// fold returns the beginning of a head in lower case. It is valid until
// something is folded or decoded again.
func (l *ladder) fold(head []byte) []byte {
	l.decoded = appendFold(l.decoded[:0], head[:min(len(head), 512)])
	return l.decoded
}

var (
	callWords = []string{
		"invoke", "invoking", "call", "calling", "rpc", "business", "backend", "upstream", "dispatch", "request",
		"调用", "业务", "后端", "请求", "网关", "接口",
	}
	jobWords = []string{"job", "scheduled", "cron", "heartbeat", "定时", "任务", "心跳"}
)

// containsAny reports whether one of the words stands in b by itself, and not
// as a part of a class's or a thread's name.
func containsAny(b []byte, words []string) bool {
	inName := func(i int) bool { return i >= 0 && i < len(b) && (isNameByte(b[i]) || b[i] == '/') }
	han := hasHan(b)
	for _, w := range words {
		if w[0] >= 0x80 && !han {
			continue
		}
		for from := 0; from < len(b); {
			i := bytes.Index(b[from:], []byte(w))
			if i < 0 {
				break
			}
			i += from
			from = i + len(w)
			if w[0] >= 0x80 || !inName(i-1) && !inName(from) {
				return true
			}
		}
	}
	return false
}

// networkCause returns the code for the root of a chain of exceptions. A root
// that says little by itself, an EOFException, is read with the exception that
// it caused.
func networkCause(chain []Exception) (Code, bool) {
	for i := len(chain) - 1; i >= 0; i-- {
		class := chain[i].Class
		if k := bytes.LastIndexAny(class, ".$"); k >= 0 {
			class = class[k+1:]
		}
		code, ok := causeOf(class)
		message := chain[i].Message
		switch {
		case ok && code == 4002 && timedOut(message):
			return 4001, true
		case ok:
			return code, true
		case !incidental[string(class)]:
			return NoCode, false
		case timedOut(message):
			return 4001, true
		case bytes.Contains(message, []byte("onnection reset")), bytes.Contains(message, []byte("SSL")),
			bytes.Contains(message, []byte("unexpected end of stream")):
			return 4002, true
		}
	}
	return NoCode, false
}

// causeOf returns the code for an exception by its simple name, or by the name
// that its library has added something in front of.
func causeOf(class []byte) (Code, bool) {
	if code, ok := causes[string(class)]; ok {
		return code, code != NoCode
	}
	for _, c := range causeSuffixes {
		if len(class) > len(c.suffix) && string(class[len(class)-len(c.suffix):]) == c.suffix {
			return c.code, true
		}
	}
	return NoCode, false
}

// causeSuffixes are endings of exceptions' names.
var causeSuffixes = []struct {
	suffix string
	code   Code
}{
	{"UnknownHostException", 4003},
	{"TimeoutException", 4001},
	{"TimeOutException", 4001},
	{"ConnectException", 4002},
	{"NoRouteToHostException", 4002},
	{"SocketException", 4002},
	{"ClosedChannelException", 4002},
	{"RemotingException", 4002},
	{"PrematureCloseException", 4002},
}

// incidental are exceptions that end a call without telling how.
var incidental = map[string]bool{
	"EOFException": true, "IOException": true, "InterruptedIOException": true, "ExecutionException": true,
	"CompletionException": true, "ErrnoException": true,
}

// causes maps the simple names of root exceptions to the code that the
// gateway documents for such a failure of its call to the business system;
// NoCode marks those that only look like one.
var causes = map[string]Code{
	"UnknownHostException": 4003,

	"TimeoutException":             4001,
	"QueryTimeoutException":        NoCode,
	"LockTimeoutException":         NoCode,
	"SessionTimeoutException":      NoCode,
	"TransactionTimeoutException":  NoCode,
	"AsyncRequestTimeoutException": NoCode,

	"ConnectException":                   4002,
	"ConnectionRefusedException":         4002,
	"ConnectionClosedException":          4002,
	"ConnectionResetException":           4002,
	"ConnectionShutdownException":        4002,
	"ConnectionRequestException":         4002,
	"PortUnreachableException":           4002,
	"SocketException":                    4002,
	"NoHttpResponseException":            4002,
	"NoRouteToHostException":             4002,
	"ClosedChannelException":             4002,
	"PrematureChannelClosureException":   4002,
	"PrematureCloseException":            4002,
	"StreamResetException":               4002,
	"TruncatedChunkException":            4002,
	"MalformedChunkCodingException":      4002,
	"ClientProtocolException":            4002,
	"SSLException":                       4002,
	"SSLHandshakeException":              4002,
	"SSLPeerUnverifiedException":         4002,
	"SSLProtocolException":               4002,
	"CertificateException":               4002,
	"CertificateExpiredException":        4002,
	"CertificateNotYetValidException":    4002,
	"CertPathValidatorException":         4002,
	"CertPathBuilderException":           4002,
	"SunCertPathBuilderException":        4002,
	"ValidatorException":                 4002,
	"RemoteException":                    4002,
	"RemotingException":                  4002,
	"RemoteAccessException":              4002,
	"RpcException":                       4002,
	"SofaRpcException":                   4002,
	"SofaRouteException":                 4002,
	"HSFException":                       4002,
	"HSFServiceAddressNotFoundException": 4002,
	"InvokeServerException":              4002,
	"InvokeServerBusyException":          4002,
	"InvokeSendFailedException":          4002,
	"ResourceAccessException":            4002,
	"HttpServerErrorException":           4002,
	"RetryableException":                 4002,
	"FeignException":                     4002,
	"ServiceUnavailable":                 4002,
	"BadGateway":                         4002,
	"GatewayTimeout":                     4001,
}

// otherResource reports whether the failed call was one to something else than
// the business system: a database, a cache, a queue. The text outside of
// bodies and the packages of the frames tell.
func (l *ladder) otherResource(r *Record) bool {
	const enough = 8 << 10
	room := enough
	for _, p := range l.scan.plain {
		if room <= 0 {
			break
		}
		line := r.Text[p.from:min(p.to, p.from+room)]
		if p.known != nil && p.known.hash == p.hash && len(line) == p.to-p.from {
			if p.known.namesOther() {
				return true
			}
		} else if namesOther(line) {
			return true
		}
		room -= len(line) + 1
	}
	return l.otherFrames(r.Text)
}

// namesOther reports whether a line has one of the other words or phrases.
func namesOther(line []byte) bool {
	for i := 0; i < len(line); i++ {
		if !isLetter(line[i]) {
			continue
		}
		start := i
		for i++; i < len(line) && isLetter(line[i]); i++ {
		}
		first, last := &otherLetters[line[start]|0x20-'a'], &otherLetters[line[i-1]|0x20-'a']
		if n := i - start; first.phrase>>n&1 != 0 && startsPhrase(line[start:]) ||
			first.first&last.last>>n&1 != 0 && isOtherWord(line[start:i]) {
			return true
		}
	}
	if hasHan(line) {
		for _, phrase := range otherHan {
			if bytes.Contains(line, []byte(phrase)) {
				return true
			}
		}
	}
	return false
}

func isOtherWord(word []byte) bool {
	var low [len("clientabortexception")]byte
	return len(word) <= len(low) && otherWords[string(appendFold(low[:0], word))]
}

// startsPhrase reports whether b begins with one of the other phrases.
func startsPhrase(b []byte) bool {
	for _, phrase := range otherPhrases {
		if n := len(phrase); len(b) >= n && b[n-1]|0x20 == phrase[n-1] && foldEqual(b[:n], phrase) && (len(b) == n || !isLetter(b[n])) {
			return true
		}
	}
	return false
}

// otherFrames reports whether a frame of a stack trace is in one of the other
// packages, but for the frames of what was suppressed.
func (l *ladder) otherFrames(text []byte) bool {
	suppressed := false
	runs := l.scan.frames
	for from := 0; from < len(text); {
		to := lineEnd(text, from)
		line := text[from:to]
		if len(runs) > 0 && from == runs[0].from {
			to = runs[0].to
			if !suppressed && runs[0].hasOther(text) {
				return true
			}
			runs = runs[1:]
			from = to + 1
			continue
		}
		from = to + 1
		trimmed := trimIndent(line)
		switch {
		case bytes.HasPrefix(trimmed, []byte("Suppressed: ")):
			suppressed = true
		case bytes.HasPrefix(line, []byte(causedBy)):
			suppressed = false
		case !suppressed && isFrame(trimmed) && otherPackage(trimmed[len("at "):]):
			return true
		}
	}
	return false
}

// hasOther is otherFrames for a run of the text.
func (r *run) hasOther(text []byte) bool {
	if r.known {
		return r.other
	}
	lines := text[r.from:r.to]
	return otherFrame(lines) < len(lines)
}

// otherFrame returns where the first frame of a run stands that is in one of the
// other packages, the length of the run if there is none.
func otherFrame(run []byte) int {
	for at := 0; at < len(run); {
		if otherPackage(run[at+len("\tat "):]) {
			return at
		}
		next := bytes.IndexByte(run[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return len(run)
}

// otherWords are words, in lower case, for what else can be called.
var otherWords = map[string]bool{
	"jdbc": true, "sql": true, "mysql": true, "oracle": true, "druid": true, "hikari": true, "datasource": true,
	"database": true, "mybatis": true, "hibernate": true, "zdal": true,
	"redis": true, "jedis": true, "lettuce": true, "redisson": true, "tair": true, "memcached": true, "memcache": true,
	"tbase": true, "kafka": true, "rocketmq": true, "metaq": true, "rabbitmq": true, "activemq": true, "msgbroker": true,
	"etcd": true, "configserver": true, "configcenter": true, "drm": true, "mongodb": true, "mongo": true,
	"elasticsearch": true, "hbase": true, "ldap": true, "smtp": true, "loghub": true, "metrics": true, "license": true, "console": true, "clientabortexception": true,
}

// otherPhrases are the same of several words.
var otherPhrases = []string{
	"org.apache.zookeeper", "com.alibaba.nacos", "com.taobao.diamond", "javax.mail", "com.aliyun",
	"config server", "config center", "to client", "to the client",
}

// otherHan are the same in Chinese.
var otherHan = []string{"数据库", "缓存", "消息队列", "配置中心", "注册中心", "客户端断开", "给客户端", "向客户端"}

// otherLetters has, by a letter, the lengths of the other words that begin or end
// with it, and of the first words of the phrases, a bit for each. Most words have
// none of them.
var otherLetters = func() (letters ['z' - 'a' + 1]struct{ first, last, phrase uint64 }) {
	for word := range otherWords {
		letters[word[0]-'a'].first |= 1 << len(word)
		letters[word[len(word)-1]-'a'].last |= 1 << len(word)
	}
	for _, phrase := range otherPhrases {
		letters[phrase[0]-'a'].phrase |= 1 << strings.IndexAny(phrase, ". ")
	}
	return letters
}()

// otherPackages are the packages of what is called then, by their first byte.
var otherPackages = ['z' + 1][]string{
	'c': {"com.mysql.", "com.zaxxer.hikari.", "com.alibaba.druid.", "com.alibaba.nacos.", "com.taobao.diamond.", "com.taobao.tair.", "com.mongodb.", "com.aliyun.", "com.ibatis.", "com.sun.mail.", "com.rabbitmq.", "com.alipay.zdal.", "com.alipay.drm.", "com.alipay.confreg."},
	'd': {"dm.jdbc."},
	'i': {"io.lettuce."},
	'j': {"java.sql.", "javax.mail.", "javax.naming."},
	'n': {"net.spy.memcached.", "net.rubyeye.xmemcached."},
	'o': {
		"oracle.jdbc.", "oracle.net.", "org.apache.kafka.", "org.apache.rocketmq.", "org.apache.zookeeper.", "org.apache.ibatis.",
		"org.apache.activemq.", "org.apache.hadoop.", "org.hibernate.", "org.mybatis.", "org.postgresql.", "org.redisson.",
		"org.elasticsearch.", "org.springframework.jdbc.", "org.springframework.data.", "org.springframework.dao.",
		"org.springframework.kafka.", "org.springframework.orm.", "org.I0Itec.zkclient.",
	},
	'r': {"redis.clients."},
}

// otherPackage reports whether a frame, without its "at ", is in one of these
// packages.
func otherPackage(frame []byte) bool {
	for _, p := range otherPackages[frame[0]] {
		// Their beginnings are much the same, their ends are not.
		if n := len(p); len(frame) >= n && frame[n-2] == p[n-2] && string(frame[:n]) == p {
			return true
		}
	}
	return false
}

// timedOut reports whether an exception's message speaks of a time-out.
func timedOut(message []byte) bool {
	var low [512]byte
	m := appendFold(low[:0], message[:min(len(message), len(low))])
	return bytes.Contains(m, []byte("timed out")) || bytes.Contains(m, []byte("timeout.")) ||
		bytes.Contains(m, []byte("time out")) || bytes.Contains(m, []byte("method timeout")) ||
		bytes.HasSuffix(m, []byte("timeout"))
}

func isLetter(c byte) bool { return c|0x20-'a' <= 'z'-'a' }

// appendFold appends b in ASCII lower case.
func appendFold(dst, b []byte) []byte {
	n := len(dst)
	dst = slices.Grow(dst, len(b))[:n+len(b)]
	for i, c := range b {
		dst[n+i] = lower[c]
	}
	return dst
}

// lower maps the capital letters of ASCII to small ones, and all other bytes to
// themselves.
var lower = func() (low [256]byte) {
	for i := range low {
		low[i] = byte(i)
		if low[i]-'A' <= 'Z'-'A' {
			low[i] |= 0x20
		}
	}
	return low
}()

// levels are the words that loggers print for a record's severity.
var levels = map[string]string{
	"FATAL": "FATAL", "ERROR": "ERROR", "WARN": "WARN", "WARNING": "WARN", "INFO": "INFO", "DEBUG": "DEBUG", "TRACE": "TRACE",
}

// level returns the first severity word of a record's head.
func level(head []byte) []byte {
	head = head[:min(len(head), 256)]
	for i := 0; i < len(head); {
		if !isLetter(head[i]) {
			i++
			continue
		}
		j := i + 1
		for j < len(head) && isWordByte(head[j]) {
			j++
		}
		if l, ok := levels[string(head[i:j])]; ok && (i == 0 || head[i-1] != '.') && (j == len(head) || head[j] != '.') {
			return head[i : i+len(l)]
		}
		// logcat: E/Tag
		if j == i+1 && j < len(head) && head[j] == '/' && strings.IndexByte("VDIWEF", head[i]) >= 0 && i > 0 && head[i-1] == ' ' {
			return []byte(logcatLevels[head[i]])
		}
		i = j
	}
	return nil
}

var logcatLevels = map[byte]string{'V': "TRACE", 'D': "DEBUG", 'I': "INFO", 'W': "WARN", 'E': "ERROR", 'F': "FATAL"}
