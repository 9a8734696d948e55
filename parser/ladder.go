package parser

import (
	"bytes"
	"net/url"
	"strings"
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
	scan    scan
	texts   [][]byte // of lexicon.Memos
	decoded []byte   // scratch for decoding and folding
}

func newLadder(opt Options) ladder {
	l := ladder{lexicon: opt.Lexicon, profile: opt.Profile, strict: opt.Strict}
	for i := range opt.Lexicon.Memos {
		l.texts = append(l.texts, []byte(opt.Lexicon.Memos[i].Text))
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
	s := &l.scan
	s.run(l, r)
	r.Exceptions = s.chain()
	r.TraceID, r.OperationType = s.field(fieldTraceID), s.field(fieldOperationType)
	r.AppID, r.WorkspaceID = s.field(fieldAppID), s.field(fieldWorkspaceID)
	r.ClientIP = s.field(fieldClientIP)
	r.UserID, r.DeviceID = s.field(fieldUserID), s.field(fieldDeviceID)
	if r.Memo = s.field(fieldMemo); r.Memo == nil {
		r.Memo = s.field(fieldTips)
	}
	switch string(s.field(fieldStress)) {
	case "T", "true", "TRUE", "Y", "1", "是":
		r.Stress = true
	}
	r.Level = level(r.Head)
	if r.TraceID == nil {
		r.TraceID = findTraceID(r.Head)
	}
	if r.TraceID == nil {
		r.TraceID = s.traceID
	}
	tellCells(r)
	if key, evidence := l.code(r); evidence != NoEvidence {
		r.Platform, r.Code, r.Evidence = key.Platform, key.Code, evidence
	}
}

// code climbs the ladder.
func (l *ladder) code(r *Record) (Key, Evidence) {
	s := &l.scan
	switch {
	case s.named.ok && s.named.strength < weakName:
		return s.named.key, ByField
	case s.exception.ok:
		return s.exception.key, ByException
	case s.constant.ok:
		return s.constant.key, ByConstant
	case s.named.ok:
		return s.named.key, ByField
	}
	if key, ok := l.memo(r); ok {
		return key, ByMemo
	}
	if key, ok := l.bracket(r.Head); ok {
		return key, ByBracket
	}
	failed := len(r.Exceptions) > 0 || string(r.Level) == "ERROR"
	if s.body.ok && (s.body.key.Code != 1000 || !failed) {
		return s.body.key, ByField
	}
	if !l.strict {
		if key, ok := l.cause(r); ok {
			return key, ByCause
		}
	}
	return Key{}, NoEvidence
}

// memo looks for a known text: first as the value of a field called memo or
// tips, then, where the text is distinctive, standing by itself anywhere
// outside of bodies and stack frames.
func (l *ladder) memo(r *Record) (Key, bool) {
	for _, f := range []field{fieldMemo, fieldTips} {
		v := l.decode(l.scan.field(f))
		if len(v) == 0 || l.scan.inBody[f] && l.scan.body.ok {
			continue
		}
		for i := range l.lexicon.Memos {
			if standsAt(v, 0, l.texts[i]) {
				return l.lexicon.Memos[i].Key, true
			}
		}
	}
	if bytes.Contains(r.Head, []byte("%E")) { // a percent-encoded text in a head
		if key, ok := l.memoIn(l.decode(r.Head)); ok {
			return key, true
		}
	}
	for _, span := range l.scan.plain {
		if line := r.Text[span.from:span.to]; hasHan(line) {
			if key, ok := l.memoIn(line); ok {
				return key, true
			}
		}
	}
	return Key{}, false
}

// memoIn returns the key of the distinctive text that stands by itself in b.
// All distinctive texts have Han characters, see newLadder.
func (l *ladder) memoIn(b []byte) (Key, bool) {
	best, at, several := Key{}, -1, false
	for i := range l.lexicon.Memos {
		m := &l.lexicon.Memos[i]
		if m.NamedOnly || !hasHan(l.texts[i]) {
			continue // an ASCII text is no more than words
		}
		for from, text := 0, l.texts[i]; from < len(b); {
			j := bytes.Index(b[from:], text)
			if j < 0 {
				break
			}
			j += from
			if standsAt(b, j, text) {
				several = several || at >= 0 && best != m.Key
				best, at = m.Key, j
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

// decode undoes percent-encoding, once. What cannot be decoded stays as it is.
func (l *ladder) decode(b []byte) []byte {
	if bytes.IndexByte(b, '%') < 0 {
		return b
	}
	text, err := url.QueryUnescape(string(b))
	if err != nil {
		return b
	}
	l.decoded = append(l.decoded[:0], text...)
	return l.decoded
}

// bracket looks for a documented code alone in brackets in the head.
func (l *ladder) bracket(head []byte) (Key, bool) {
	slot := 0
	for i := 0; i < len(head); i++ {
		open, shut := 1, "]"
		switch {
		case head[i] == '[':
		case bytes.HasPrefix(head[i:], []byte("【")):
			open, shut = len("【"), "】"
		default:
			continue
		}
		n := bytes.Index(head[i+open:], []byte(shut))
		if n < 0 {
			return Key{}, false
		}
		content := bytes.TrimSpace(head[i+open : i+open+n])
		if code, ok := parseCode(content); ok && len(content) == 4 &&
			l.lexicon.Documented[Key{Server, code}] && l.profile.codeSlot(slot) && freeBracket(head[:i]) {
			return Key{Server, code}, true
		}
		slot++
		i += open + n + len(shut) - 1
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
			return !namesQuantity(trimmed[:len(trimmed)-1]) && !bytes.HasSuffix(trimmed, []byte("\":"))
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
// The codes are the gateway's. On a business host the same exceptions are
// failures of that system's own calls, so nothing is inferred there; nor where
// the record is about a database, a cache, a queue or the like.
func (l *ladder) cause(r *Record) (Key, bool) {
	if l.profile.Host == BusinessHost ||
		l.profile.Traced && r.TraceID == nil && r.OperationType == nil && !speaksOfCall(r.Head) {
		return Key{}, false // not a call, where calls have their trace id logged
	}
	code, ok := networkCause(r.Exceptions)
	if !ok {
		return Key{}, false
	}
	if l.otherResource(r) {
		return Key{}, false
	}
	return Key{Server, code}, true
}

// speaksOfCall reports whether a head says that something was called.
func speaksOfCall(head []byte) bool {
	var low [512]byte
	h := appendFold(low[:0], head[:min(len(head), len(low))])
	for _, w := range [...]string{"invoke", "invoking", "call", "calling", "rpc", "business", "backend", "调用", "业务", "后端"} {
		if containsWord(h, w) {
			return true
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
		code, ok := causes[string(class)]
		switch {
		case ok && code == 4002 && timedOut(chain[i].Message):
			return 4001, true
		case ok:
			return code, true
		case !incidental[string(class)]:
			return NoCode, false
		case timedOut(chain[i].Message):
			return 4001, true
		case bytes.Contains(chain[i].Message, []byte("onnection reset")), bytes.Contains(chain[i].Message, []byte("SSL")):
			return 4002, true
		}
	}
	return NoCode, false
}

// incidental are exceptions that end a call without telling how.
var incidental = map[string]bool{
	"EOFException": true, "IOException": true, "InterruptedIOException": true, "ExecutionException": true,
	"CompletionException": true, "CertificateException": true, "CertificateExpiredException": true,
	"CertificateNotYetValidException": true, "CertPathValidatorException": true, "CertPathBuilderException": true,
	"SunCertPathBuilderException": true, "ValidatorException": true, "ErrnoException": true,
}

// causes maps the simple names of root exceptions to the code that the
// gateway documents for such a failure of its call to the business system.
var causes = map[string]Code{
	"UnknownHostException": 4003,

	"SocketTimeoutException":         4001,
	"ConnectTimeoutException":        4001,
	"ReadTimeoutException":           4001,
	"WriteTimeoutException":          4001,
	"TimeoutException":               4001,
	"HttpTimeoutException":           4001,
	"HttpConnectTimeoutException":    4001,
	"ConnectionPoolTimeoutException": 4001,
	"RpcTimeoutException":            4001,
	"InvokeTimeoutException":         4001,
	"SofaTimeOutException":           4001,
	"SofaTimeoutException":           4001,

	"ConnectException":                 4002,
	"HttpHostConnectException":         4002,
	"ConnectionRefusedException":       4002,
	"ConnectionClosedException":        4002,
	"ConnectionResetException":         4002,
	"NoRouteToHostException":           4002,
	"PortUnreachableException":         4002,
	"SocketException":                  4002,
	"NoHttpResponseException":          4002,
	"ClosedChannelException":           4002,
	"SSLException":                     4002,
	"SSLHandshakeException":            4002,
	"SSLPeerUnverifiedException":       4002,
	"ClientProtocolException":          4002,
	"ConnectionRequestException":       4002,
	"TruncatedChunkException":          4002,
	"MalformedChunkCodingException":    4002,
	"RemoteException":                  4002,
	"RemotingException":                4002,
	"RpcException":                     4002,
	"SofaRpcException":                 4002,
	"SofaRouteException":               4002,
	"ResourceAccessException":          4002,
	"HttpServerErrorException":         4002,
	"PrematureChannelClosureException": 4002,
}

// otherResource reports whether the failed call was one to something else than
// the business system: a database, a cache, a queue. The text outside of
// bodies and the packages of the frames tell.
func (l *ladder) otherResource(r *Record) bool {
	const enough = 8 << 10
	low := l.decoded[:0]
	for _, span := range l.scan.plain {
		if room := enough - len(low); room > 0 {
			low = append(appendFold(low, r.Text[span.from:min(span.to, span.from+room)]), '\n')
		}
	}
	l.decoded = low
	for i := 0; i < len(low); i++ {
		if !isLetter(low[i]) {
			continue
		}
		start := i
		for i < len(low) && isLetter(low[i]) {
			i++
		}
		if otherWords[string(low[start:i])] {
			return true
		}
	}
	for _, phrase := range otherPhrases {
		if containsWord(low, phrase) {
			return true
		}
	}
	for rest := r.Text; len(rest) > 0; {
		line := rest[:lineEnd(rest, 0)]
		rest = rest[min(len(rest), len(line)+1):]
		if line = trimIndent(line); isFrame(line) && otherPackage(line[len("at "):]) {
			return true
		}
	}
	return false
}

// otherWords are words, in lower case, for what else can be called.
var otherWords = map[string]bool{
	"jdbc": true, "sql": true, "mysql": true, "oracle": true, "druid": true, "hikari": true, "datasource": true,
	"database": true, "mybatis": true, "hibernate": true, "zdal": true,
	"redis": true, "jedis": true, "lettuce": true, "redisson": true, "tair": true, "memcached": true, "memcache": true,
	"tbase": true, "kafka": true, "rocketmq": true, "metaq": true, "rabbitmq": true, "activemq": true, "msgbroker": true,
	"etcd": true, "configserver": true, "configcenter": true, "drm": true, "mongodb": true, "mongo": true,
	"elasticsearch": true, "hbase": true, "ldap": true, "smtp": true, "loghub": true, "clientabortexception": true,
}

// otherPhrases are the same of several words, or in Chinese.
var otherPhrases = []string{
	"org.apache.zookeeper", "com.alibaba.nacos", "com.taobao.diamond", "javax.mail", "com.aliyun",
	"config server", "config center", "to client", "to the client",
	"数据库", "缓存", "消息队列", "配置中心", "注册中心", "客户端断开", "给客户端", "向客户端",
}

// otherPackages are the packages of what is called then, by their first byte.
var otherPackages = map[byte][]string{
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

// otherPackage reports whether a frame is in one of these packages.
func otherPackage(frame []byte) bool {
	for _, p := range otherPackages[frame[0]] {
		if len(frame) >= len(p) && string(frame[:len(p)]) == p {
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

// containsWord reports whether word stands in b by itself. A run of digits,
// a dot or a dash ends a word, so that redis is found in redis.clients.
func containsWord(b []byte, word string) bool {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(word))
		if i < 0 {
			return false
		}
		i += from
		end := i + len(word)
		if word[0] >= 0x80 || (i == 0 || !isLetter(b[i-1])) && (end == len(b) || !isLetter(b[end])) {
			return true
		}
		from = end
	}
}

func isLetter(c byte) bool { return c|0x20-'a' <= 'z'-'a' }

// appendFold appends b in ASCII lower case.
func appendFold(dst, b []byte) []byte {
	for _, c := range b {
		if c-'A' <= 'Z'-'A' {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

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
