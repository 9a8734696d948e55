package parser

import "bytes"

// A capture is text without time stamps that holds the gateway's answers: raw
// HTTP as curl and proxies write it, dumps of response headers from the
// consoles of apps, and the lines that a client prints for a failed call. The
// names are those that MGS documents (help pages 64260 and 184013) and that
// public captures show; what is around them differs from tool to tool, so the
// parts of an exchange are told by their first lines:
//
//	POST /mgw.htm HTTP/1.1          a request; its fields count, it has no result
//	HTTP/2 200                      a response, to the next one
//	… OPERATION resp:{              the same as a dictionary; req:{ is a request
//	HttpUrlHeader{headers=          the same on one line
//	Result-Status: 7003             a block of headers without a first line
//	{ memo = …; resultStatus = 1; } a block without a name, or JSON
//	RPCException: [7001] : text     a line of a client's console
//
// The status of HTTP is never the result. A record begins with its request, if
// there is one; an interim answer or a redirect belongs to the answer behind
// it. Lines outside of all that are skipped.
type capture struct {
	part  part
	asked bool // a request line has been read
	// answerAt is where in the text the answer begins, -1 before that.
	answerAt int
	blockAt  int  // where the block at hand begins whose kind is not known yet
	strict   bool // the answer is HTTP or a dictionary: only the gateway's own names count
	interim  bool // the answer at hand is followed by another
	depth    int  // of braces
	quoted   bool // inside a string, in a block
	answers  bool // the dictionary at hand is an answer's
	blank    bool // the last line was blank
	loose    bool // the answer has no first line
	stamp    int64
	stamped  bool
	complete bool // the record ends with the line just taken
}

// part is where in an exchange a line stands.
type part uint8

const (
	partIdle    part = iota
	partAsked        // behind a request: its body, or nothing yet
	partAskHead      // in the head of a request
	partHead         // in the head of a response
	partBody         // behind it
	partDict         // in a dictionary with a name
	partBlock        // in braces without a name
	partLoose        // in headers without a first line
	partConsole      // in a client's line, or its stack trace
)

// nextCapture is next for a capture.
func (d *Decoder) nextCapture() bool {
	c := d.capture
	d.out = nil
	for {
		if !d.haveLine && !d.fetch() {
			return d.done && d.endCapture()
		}
		text := d.line.text
		ms, n, stamped := d.clock.instant(text)
		if stamped {
			text = bytes.TrimLeft(text[n:], " ")
		}
		switch begins := c.look(text, d.at.text, d.at.open); {
		case begins && d.at.open:
			if d.endCapture() {
				return true
			}
			continue // what was open is none; the line is looked at again
		case begins:
			d.haveLine = false
			d.start(0)
			d.at.rec.NoTime = true
			c.stamp, c.stamped = ms, stamped
			d.at.text = append(d.at.text[:0], d.line.text...)
			d.at.open = true
			c.enter(text, 0)
		case d.at.open:
			d.haveLine = false
			at := len(d.at.text) + 1
			d.fold(text)
			c.enter(text, min(at, len(d.at.text)))
		default:
			d.haveLine = false
			if len(bytes.TrimSpace(text)) == 0 {
				return d.skip(ErrBlank, 1)
			}
			return d.skip(ErrOutside, 1)
		}
		if c.complete && d.endCapture() {
			return true
		}
	}
}

// fold adds the line at hand to the record. A header that goes on in it is put
// on one line again.
func (d *Decoder) fold(text []byte) {
	c := d.capture
	if p := c.part; (p == partHead || p == partAskHead || p == partLoose) && !c.blank && len(text) > 1 && (text[0] == ' ' || text[0] == '\t') {
		was := len(d.at.text)
		d.line.text = bytes.TrimLeft(d.line.text, " \t")
		d.extend()
		if was < len(d.at.text) && d.at.text[was] == '\n' {
			d.at.text[was] = ' '
		}
		return
	}
	d.extend()
}

// opening is what a line begins with.
type opening uint8

const (
	opensNothing opening = iota
	opensRequest
	opensResponse
	opensAskDict
	opensAnswerDict
	opensDump
	opensConsole
	opensHeader
	opensBlock
)

// opens tells what begins with a line.
func opens(text []byte) opening {
	line, mark := cutCurl(text)
	switch {
	case mark == '*' || mark == '{' || mark == '}':
		return opensNothing
	case isStatusLine(line):
		return opensResponse
	case isRequestLine(line):
		return opensRequest
	}
	if answer, ok := namedDict(line); ok {
		if answer {
			return opensAnswerDict
		}
		return opensAskDict
	}
	switch trimmed := bytes.TrimSpace(line); {
	case bytes.Contains(line, headerDump):
		return opensDump
	case len(trimmed) > 0 && (trimmed[0] == '{' || bytes.HasPrefix(trimmed, []byte("[{"))):
		return opensBlock
	case isConsole(line):
		return opensConsole
	}
	if _, _, ok := headerLine(line); ok {
		return opensHeader
	}
	return opensNothing
}

// isStatusLine reports whether a line is the first of a response.
func isStatusLine(line []byte) bool {
	if rest, ok := bytes.CutPrefix(line, []byte(":status")); ok {
		rest = bytes.TrimLeft(rest, ": \t")
		return len(rest) >= 3 && isDigit(rest[0])
	}
	rest, ok := bytes.CutPrefix(line, []byte("HTTP/"))
	if !ok {
		return false
	}
	version, status, _ := bytes.Cut(rest, []byte{' '})
	status = bytes.TrimLeft(status, " ")
	return len(version) > 0 && isDigit(version[0]) && len(status) >= 3 && isDigit(status[0]) && isDigit(status[1]) && isDigit(status[2]) &&
		(len(status) == 3 || !isWordByte(status[3]))
}

// isInterim reports whether the response of a status line is followed by
// another in the same exchange: an interim answer, a redirect, a proxy's
// answer to CONNECT.
func isInterim(line []byte) bool {
	line, _ = cutCurl(line)
	_, status, _ := bytes.Cut(line, []byte{' '})
	status = bytes.TrimLeft(status, " ")
	if len(status) < 3 {
		return false
	}
	return status[0] == '1' || status[0] == '3' && !bytes.HasPrefix(status, []byte("304")) ||
		bytes.Contains(appendFold(nil, status), []byte("connection established"))
}

// isRequestLine reports whether a line is the first of a request.
func isRequestLine(line []byte) bool {
	if len(line) > 1 && line[0] == ':' && isLetter(line[1]) { // HTTP/2
		return bytes.HasPrefix(line, []byte(":method")) || bytes.HasPrefix(line, []byte(":authority")) ||
			bytes.HasPrefix(line, []byte(":path")) || bytes.HasPrefix(line, []byte(":scheme"))
	}
	method, rest, ok := bytes.Cut(line, []byte{' '})
	if !ok || len(method) < 3 || len(method) > 7 {
		return false
	}
	for _, c := range method {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	_, version, ok := bytes.Cut(bytes.TrimSpace(rest), []byte{' '})
	return ok && bytes.HasPrefix(version, []byte("HTTP/"))
}

// urlResponse is how Foundation begins the description of a response, whose
// headers have lists of values.
var urlResponse = []byte("NSHTTPURLResponse: ")

// dictNames are the words behind which a dictionary of headers follows, and
// whether they are an answer's.
var dictNames = map[string]bool{
	"resp": true, "response": true, "rsp": true, "responseheaders": true, "respheaders": true, "responseheader": true,
	"respheader": true, "allheaderfields": true,
	"req": false, "request": false, "headers": false, "header": false, "requestheaders": false, "reqheaders": false,
	"requestheader": false, "reqheader": false, "params": false, "httpheaders": false, "allhttpheaderfields": false,
}

// namedDict reports whether a line opens a dictionary that has a name, and
// whether it is an answer's.
func namedDict(line []byte) (answer, ok bool) {
	i := bytes.IndexByte(line, '{')
	if i <= 0 {
		return false, false
	}
	if bytes.Contains(line, urlResponse) { // { URL: … } { Status Code: 200, Headers {
		return true, bytes.HasSuffix(bytes.TrimRight(line, " "), []byte("{"))
	}
	rest := bytes.TrimSpace(line[i+1:])
	if len(rest) > 0 && !bytes.Contains(rest, []byte(" = ")) && rest[0] != '}' {
		return false, false
	}
	name := bytes.TrimRight(line[:i], " :=")
	n := len(name)
	for n > 0 && (isWordByte(name[n-1]) || name[n-1] == '-') {
		n--
	}
	var fold [40]byte
	answer, ok = dictNames[string(appendName(fold[:0], name[n:]))]
	if ok && !answer && n > 0 { // "response headers: {"
		before := bytes.TrimRight(name[:n], " ")
		if m := len(before) - len("response"); m >= 0 && foldEqual(before[m:], "response") {
			answer = true
		}
	}
	return answer, ok
}

// consoleMarks are what the lines of a failed call have in a client's console.
var consoleMarks = [...]string{
	"RPCException", "RpcException", "DTRpcException", "ERR_CODE=", "errcode:", "SecException", "SG ERROR", "resultStatus", "result-status", "Result-Status",
}

func isConsole(line []byte) bool {
	if isFrame(trimIndent(line)) {
		return false
	}
	for _, m := range consoleMarks {
		if bytes.Contains(line, []byte(m)) {
			name, _, header := headerLine(line)
			return !header || bytes.HasSuffix(name, []byte("Exception")) || string(name) == "errcode"
		}
	}
	return false
}

// isRule reports whether a line is what proxies draw between exchanges.
func isRule(text []byte) bool {
	text = bytes.TrimSpace(text)
	return len(text) >= 8 && len(bytes.Trim(text, "-=*#")) == 0
}

// look decides whether the line begins a record, given the text so far.
func (c *capture) look(text, before []byte, open bool) bool {
	c.complete = false
	o := opens(text)
	if !open {
		_, mark := cutCurl(text)
		return o != opensNothing || mark == '*' && len(text) > 2
	}
	if c.part == partLoose && o != opensHeader || c.part == partBlock && o != opensNothing && o != opensBlock && o != opensHeader && o != opensConsole {
		if c.part == partBlock || len(text) == 0 || text[0] != ' ' && text[0] != '\t' {
			c.settle(before)
		}
	}
	switch o {
	case opensRequest:
		switch {
		case c.part == partAskHead && text[0] == ':':
			return false // :path behind :method
		case c.interim && (c.part == partHead || c.part == partBody):
			return false // redirected
		}
		return c.answerAt >= 0 || c.asked
	case opensResponse:
		return c.answerAt >= 0 && !c.interim
	case opensAskDict, opensAnswerDict, opensDump:
		return c.answerAt >= 0 && c.part != partDict || c.part == partConsole
	case opensConsole:
		switch c.part {
		case partConsole:
			return len(text) == 0 || text[0] != ' ' && text[0] != '\t'
		case partBody:
			return text[0] != ' ' && text[0] != '\t' && text[0] != '"' && text[0] != '<'
		}
	case opensHeader:
		return c.part == partBody && c.loose && c.blank || c.part == partConsole && !stackText(text)
	case opensBlock:
		return c.part == partConsole
	case opensNothing:
		return c.part == partConsole && !stackText(text) && !c.blankLine(text)
	}
	return false
}

func (c *capture) blankLine(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// stackText reports whether a line goes on with what a console line began.
func stackText(text []byte) bool {
	return len(text) > 0 && (text[0] == ' ' || text[0] == '\t') || isFrame(trimIndent(text)) ||
		bytes.HasPrefix(text, []byte("Caused by: ")) || bytes.HasPrefix(text, []byte("... "))
}

// settle decides what a block without a name was, now that it is complete.
func (c *capture) settle(text []byte) {
	block := text[min(c.blockAt, len(text)):]
	loose := c.part == partLoose
	if hasResult(block) {
		c.answerAt, c.strict, c.part, c.loose, c.interim = c.blockAt, true, partBody, loose, false
		c.complete = !loose
		return
	}
	c.part = partAsked
}

// hasResult reports whether a block says how a call ended.
func hasResult(block []byte) bool {
	low := appendFold(nil, block[:min(len(block), 64<<10)])
	for _, w := range [...]string{"result-status", "resultstatus", "result_status", "memo", "tips"} {
		if bytes.Contains(low, []byte(w)) {
			return true
		}
	}
	return false
}

// enter moves on behind a line that has been taken; at is where it stands in
// the record's text.
func (c *capture) enter(text []byte, at int) {
	line, mark := cutCurl(text)
	blank := len(bytes.TrimSpace(line)) == 0
	defer func() { c.blank = blank }()
	if at == 0 {
		*c = capture{answerAt: -1, stamp: c.stamp, stamped: c.stamped, part: partAsked}
	}
	if c.part == partDict || c.part == partBlock {
		if o := opens(text); at == 0 || o != opensRequest && o != opensResponse && o != opensAnswerDict {
			c.braces(line)
			c.close()
			return
		}
	}
	if mark == '*' || mark == '{' || mark == '}' {
		return
	}
	switch o := opens(text); o {
	case opensRequest:
		c.part, c.asked, c.answerAt, c.interim = partAskHead, true, -1, false
		return
	case opensResponse:
		c.part, c.answerAt, c.strict, c.interim = partHead, at, true, isInterim(text)
		return
	case opensAskDict, opensAnswerDict:
		if c.part == partHead || c.part == partBody {
			break
		}
		c.part, c.depth, c.quoted, c.answers = partDict, 0, false, o == opensAnswerDict
		if c.answers {
			c.answerAt, c.strict = at, true
		}
		c.braces(line)
		c.close()
		return
	case opensDump:
		c.part, c.answerAt, c.strict, c.complete = partBody, at, true, true
		return
	case opensConsole:
		if c.part == partAsked || c.part == partIdle {
			c.part, c.answerAt, c.strict = partConsole, at, false
			return
		}
	case opensBlock:
		if c.part == partAsked && (!c.asked || at == 0) {
			c.part, c.depth, c.quoted, c.blockAt = partBlock, 0, false, at
			c.braces(line)
			c.close()
			return
		}
	case opensHeader:
		if c.part == partAsked && (at == 0 || c.blank || !c.asked) {
			c.part, c.blockAt = partLoose, at
			return
		}
	}
	switch {
	case c.part == partAskHead && blank:
		c.part = partAsked
	case c.part == partHead && blank:
		c.part = partBody
	case c.part == partBody && isRule(text):
		c.complete = true
	}
}

// braces counts the braces of a line outside of its strings.
func (c *capture) braces(line []byte) {
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
		case b == '\\':
			i++
		case b == '"':
			c.quoted = !c.quoted
		case c.quoted:
		case b == '{' || b == '[' && c.part == partBlock:
			c.depth++
		case b == '}' || b == ']' && c.part == partBlock:
			c.depth--
		}
	}
	c.quoted = false // no string goes over a line end
}

// close ends a dictionary or block whose braces are closed.
func (c *capture) close() {
	if c.depth > 0 {
		return
	}
	if c.part == partDict {
		c.complete = c.answers
		c.part = partAsked
		return
	}
	c.complete = true // settled when the record ends
}

// endCapture completes the open record. It reports false if there is none, or
// what there is has turned out to be a request, and goes on.
func (d *Decoder) endCapture() bool {
	c := d.capture
	if !d.at.open {
		return false
	}
	if c.part == partLoose || c.part == partBlock {
		done := c.part == partBlock && c.depth <= 0
		c.settle(d.at.text)
		if done && c.answerAt < 0 && !d.done && !d.haveLine {
			c.complete = false
			return false // a request: its answer may follow
		}
	}
	d.at.open = false
	r := &d.at.rec
	r.Format = Capture
	answer := d.at.text[len(d.at.text):]
	ask := d.at.text
	if c.answerAt >= 0 && c.answerAt <= len(d.at.text) {
		ask, answer = d.at.text[:c.answerAt], d.at.text[c.answerAt:]
	}
	if c.answerAt >= 0 && !c.strict && c.stamped && c.answerAt == 0 {
		_, n, _ := d.clock.instant(answer)
		answer = answer[n:]
	}
	d.ladder.exchange(r, ask, answer, c.strict)
	if ms, ok := d.ladder.headers(r, answer, c.strict); ok {
		r.Time, r.NoTime = ms, false
	} else if c.stamped {
		r.Time, r.NoTime = c.stamp, d.clock.undated()
	}
	r.Head = answer
	if len(answer) == 0 {
		r.Head = d.at.text
	}
	r.Head = r.Head[:lineEnd(r.Head, 0)]
	r.Text = d.at.text
	if r.Code == NoCode && c.part == partConsole && r.Lines == 1 && ask != nil && len(ask) == 0 {
		d.bad = SyntaxError{
			Line: r.Line, Offset: r.Offset, Column: 1, Format: Capture, Text: r.Text[:min(len(r.Text), syntaxText)], Err: ErrOutside,
		}
		c.part = partIdle
		d.out = nil
		return true
	}
	d.out = r
	c.part = partIdle
	return true
}

// exchange reads a request, which has fields and no result, and its answer. In
// an answer that is strict, only the gateway's own names give a code: a
// response of anybody may have an errorCode.
func (l *ladder) exchange(r *Record, ask, answer []byte, strict bool) {
	var asked Record
	asked.Text, asked.Head = ask, ask[:lineEnd(ask, 0)]
	l.fill(&asked)
	if len(answer) > 0 {
		r.Text, r.Head = answer, answer[:lineEnd(answer, 0)]
		if strict {
			l.fill(r)
			l.strictCode(r)
		} else {
			l.read(r)
		}
	}
	if r.OperationType == nil {
		r.OperationType = dictOperation(r.Head)
	}
	take := func(dst *[]byte, src []byte) {
		if *dst == nil {
			*dst = src
		}
	}
	take(&r.OperationType, asked.OperationType)
	take(&r.OperationType, dictOperation(asked.Head))
	take(&r.AppID, asked.AppID)
	take(&r.WorkspaceID, asked.WorkspaceID)
	take(&r.UserID, asked.UserID)
	take(&r.DeviceID, asked.DeviceID)
	r.Exceptions = nilIfEmpty(r.Exceptions)
}

func nilIfEmpty(e []Exception) []Exception {
	if len(e) == 0 {
		return nil
	}
	return e
}

// strictCode takes the code that the gateway's own header or member gives, or
// else a known text in a header.
func (l *ladder) strictCode(r *Record) {
	s := &l.scan
	switch {
	case s.named.ok && s.named.strength == statusName:
		r.Platform, r.Code, r.Evidence = s.named.key.Platform, s.named.key.Code, ByField
	case s.exception.ok && bytes.Contains(r.Head, headerDump):
		r.Platform, r.Code, r.Evidence = s.exception.key.Platform, s.exception.key.Code, ByException
	case s.body.ok && dictStarts(r.Head):
		r.Platform, r.Code, r.Evidence = s.body.key.Platform, s.body.key.Code, ByField
	default:
		if key, ok := l.namedMemo(false); ok {
			r.Platform, r.Code, r.Evidence = key.Platform, key.Code, ByMemo
		}
	}
}

// dictStarts reports whether an answer is a dictionary, which the ladder takes
// for the body of a response.
func dictStarts(head []byte) bool {
	_, ok := namedDict(head)
	return ok
}

// dictOperation returns the operationType that the iOS client prints before a
// dump: APMobileNetwork OPERATION resp:{.
func dictOperation(head []byte) []byte {
	const mark = "APMobileNetwork "
	_, name, ok := bytes.Cut(head, []byte(mark))
	if !ok {
		return nil
	}
	n := 0
	for n < len(name) && isNameByte(name[n]) {
		n++
	}
	if bytes.IndexByte(name[:n], '.') < 0 {
		return nil
	}
	return name[:n]
}
