package main

// The ways in which a record gives its code, one for each rung of the ladder
// that a reader climbs down.

const (
	byField     = "field"
	byException = "exception"
	byConstant  = "constant"
	byMemo      = "memo"
	byBracket   = "bracket"
	byCause     = "cause"
)

// constants are the names of the codes in the client SDK.
var constants = map[int]string{
	1001: "SERVER_PERMISSIONDENY", 1002: "SERVER_INVOKEEXCEEDLIMIT", 1005: "SERVER_APP_NO_PERMISSION_TO_ACCESS",
	2000: "SERVER_SESSIONSTATUS", 3000: "SERVER_OPERATIONTYPEMISSED", 3001: "SERVER_REQUESTDATAMISSED",
	3002: "SERVER_VALUEINVALID", 3003: "SERVER_CRYPT_ERROR", 4001: "SERVER_REQUESTTIMEOUT",
	4002: "SERVER_REMOTEACCESSEXCEPTION", 4003: "SERVER_CREATEPROXYERROR", 5000: "SERVER_UNKNOWERROR",
	6000: "SERVER_SERVICENOTFOUND", 6001: "SERVER_METHODNOTFOUND", 6002: "SERVER_PARAMMISSING",
	6003: "SERVER_ILLEGALACCESS", 6004: "SERVER_JSONPARSEREXCEPTION", 6005: "SERVER_ILLEGALARGUMENT",
	6666: "SERVER_BIZEXCEPTION", 7000: "PUBLIC_KEY_NOT_FOUND", 7001: "SIGNA_PARAM_MISSING",
	7002: "SIGN_VERIFY_FAILED", 7003: "SIGN_TIME_STAMP_ERROR",
}

// undocumented codes are in the client SDK and in no document. Only a field
// or an exception can state them.
var undocumented = []int{7005, 7011, 7015, 7016, 7018}

// memos are the texts of the headers Memo and Tips that come with one code
// only, as the public captures show them.
var memos = map[int][]string{
	1002: {"顾客太多,客官请稍候"},
	3002: {"数据格式有误"},
	7001: {"验签的参数不够。", "签名验证失败。"},
	7003: {"验签时间戳校验失败", "手机时间异常，请到系统时间设置，将其设为最新。"},
	7014: {"验签RPC接口 加签数据为空"},
}

// memoOf returns a text for the Memo header of any answer.
func (s *scribe) memoOf(code int) string {
	if code == 1000 {
		return "ok"
	}
	if m := memos[code]; m != nil {
		return pick(s.r, m)
	}
	return "系统繁忙，请稍后再试。"
}

// Spellings of the field.
var (
	fieldWords = []string{
		"Result-Status", "result-status", "resultStatus", "resultCode", "ResultStatus", "RESULT-STATUS",
		"result_status", "result_code", "ResultCode", "ERR_CODE", "errcode", "result code", "Result Code", "结果码",
	}
	fieldKeys = []string{
		"resultStatus", "resultCode", "result_code", "result-status", "Result-Status", "result_status",
		"ERR_CODE", "errcode", "RESULTCODE",
	}
	jsonKeys   = []string{"resultStatus", "resultCode", "result-status", "Result-Status", "result_code", "errcode"}
	separators = []string{"=", ":", ": ", " = ", " : ", "：", " -> ", "->", "= "}
)

// freeField writes the field as someone would in a sentence.
func (s *scribe) freeField(code int) {
	if s.cfg.steady {
		s.s("resultStatus=").n(code)
		return
	}
	name := pick(s.r, fieldWords)
	sep := pick(s.r, separators)
	switch {
	case name == "结果码":
		sep = pick(s.r, []string{"：", ":", "=", "为", " ", "是 "})
	case name == "result code" || name == "Result Code":
		sep = pick(s.r, []string{" ", ": ", "=", " = ", " is "})
	}
	s.s(name, sep)
	s.quotedCode(code)
}

// keyField writes the field as one of a list of key=value.
func (s *scribe) keyField(code int) {
	if s.cfg.steady {
		s.s("resultStatus=").n(code)
		return
	}
	s.s(pick(s.r, fieldKeys), "=")
	s.quotedCode(code)
}

// quotedCode writes the code bare or in quotes or brackets.
func (s *scribe) quotedCode(code int) {
	switch s.r.IntN(10) {
	case 0:
		s.s(`"`).n(code).s(`"`)
	case 1:
		s.s(`'`).n(code).s(`'`)
	case 2:
		s.s(`[`).n(code).s(`]`)
	default:
		s.n(code)
	}
}

// jsonField writes a member of a JSON object.
func (s *scribe) jsonField(code int) {
	s.s(`"`, pick(s.r, jsonKeys), `":`)
	if s.chance(0.3) {
		s.s(" ")
	}
	if s.chance(0.3) {
		s.s(`"`).n(code).s(`"`)
	} else {
		s.n(code)
	}
}

// escapedBody writes an RPC 1.0 answer as a string inside a string.
func (s *scribe) escapedBody(code int) {
	s.s(`{\"resultStatus\":`)
	if s.chance(0.4) {
		s.s(`\"`).n(code).s(`\"`)
	} else {
		s.n(code)
	}
	s.s(`,\"tips\":\"`, s.memoOf(code), `\",\"result\":\"\"}`)
}

// words writes the clause of a message by which the record gives its code,
// for the rungs that need words. It reports whether it wrote any.
func (s *scribe) words(e *event) bool {
	switch e.rung {
	case byException:
		if e.inChain { // a link of the chain says it
			return false
		}
		s.rpcException(e)
	case byConstant:
		c := constants[e.code]
		switch s.r.IntN(5) {
		case 0:
			s.s("errorType=", c)
		case 1:
			s.s("ErrorCode.", c)
		case 2:
			s.s("(", c, ")")
		case 3:
			s.s("error ", c)
		default:
			s.s("status: ", c)
		}
	case byMemo:
		m := pick(s.r, memos[e.code])
		switch s.r.IntN(5) {
		case 0:
			s.s("memo=", percent(m, "%20"))
		case 1:
			s.s("tips=", percent(m, "+"))
		case 2:
			s.s("memo: ", m)
		case 3:
			s.s("Memo=[", m, "]")
		default:
			s.s("tips：", m)
		}
	case byBracket:
		s.s("[").n(e.code).s("]")
	default:
		return false
	}
	return true
}

// rpcException writes what the SDK's RpcException prints of itself.
func (s *scribe) rpcException(e *event) {
	switch s.r.IntN(4) {
	case 0:
		s.s("RPCException: [").n(e.code).s("] : ", s.memoOf(e.code))
	case 1:
		s.s("RPCException: [").n(e.code).s("] : ")
	case 2:
		s.s("RpcException[").n(e.code).s("]: call failed")
	default:
		s.s("RpcException[code=").n(e.code).s(", msg=call failed]")
	}
}

// percent encodes every byte that is not a letter or a digit.
func percent(t, space string) string {
	const hex = "0123456789ABCDEF"
	var b []byte
	for _, c := range []byte(t) {
		switch {
		case c == ' ':
			b = append(b, space...)
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '.' || c == '_':
			b = append(b, c)
		default:
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(b)
}
