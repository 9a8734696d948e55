package main

import "slices"

// Decoys are numbers and texts that look like a result code and are none. A
// careful reader passes over them because of what stands beside them: a unit,
// a name, another product.

// A decoy is a clause that can be added to a message.
type decoy struct {
	kind  string
	fits  func(*event) bool // nil: every event
	write func(s *scribe, e *event, n int)
}

// Decoys that are not clauses but part of a story or of its stack trace.
const (
	decoyFrame  = "frame-line" // Foo.java:4001
	decoyDubbo  = "dubbo-text" // an RpcException of Dubbo, with ports and time-outs
	decoyORA    = "ora"        // ORA-04001
	decoyOffset = "offset"
)

// storyDecoys are the kinds that only stories bring.
var storyDecoys = []string{decoyFrame, decoyDubbo, decoyOffset, "config", "other-call"}

// inHead is true if the head of the record names the code, so that whatever a
// body says is second to it.
func inHead(e *event) bool { return e.rung == byField }

// noField is true if the record has no named field of its own.
func noField(e *event) bool { return e.rung != byField }

// forms returns a clause that takes one of several forms; # is the number.
func forms(forms ...string) func(*scribe, *event, int) {
	return func(s *scribe, e *event, n int) {
		f := pick(s.r, forms)
		for i := 0; i < len(f); i++ {
			if f[i] == '#' {
				s.n(n)
			} else {
				s.b = append(s.b, f[i])
			}
		}
	}
}

var decoys = []decoy{
	{"duration", nil, forms("cost=#ms", "used # ms", "elapsed: # ms, timeout: 3000", "耗时#毫秒", "took #ms", "cost [#ms]", "timeout=#")},
	{"port", nil, forms("remote=10.1.2.3:#", "port #", "local port=#", "channel /10.1.2.3:# -> /10.2.16.9:12200", "端口#")},
	{"id", nil, forms("ruleId=#", "userId: #", "instance id #", "id=[#]", "tenant #")},
	{"bytes", nil, forms("# bytes", "contentLength=#", "body size #B", "Content-Length: #", "read # bytes of 8192")},
	{"size", nil, forms("size=[#]", "list size: #", "rows=[#]", "count=#", "共#条")},
	{"thread", nil, forms("thread=[worker-#]", "tid[#]", "[pool-3-thread-#]", "[Thread-#] interrupted: false")},
	{"phone", nil, forms("mobile 138****#", "phone=1380000#", "手机号138****#")},
	{"order", nil, forms("orderNo=2026030400017#", "order no. #", "bizNo: M#0001", "订单号20260304#")},
	{"amount", nil, forms("amount=#.00", "¥#", "#.50 CNY", "金额#元")},
	{"version", nil, forms("clientVersion=10.1.68.#", "build #", "v#.1")},
	{"date", nil, forms("since year 2000", "validUntil=3000-01-01", "gmtCreate=2000-01-01 10:00:00")},
	{"wechat", nil, func(s *scribe, e *event, n int) {
		s.s(pick(s.r, []string{"wechat errcode: 40001, errmsg: invalid credential", `wechat says {"errcode":40013,"errmsg":"invalid appid"}`}))
	}},
	{decoyORA, nil, forms("ORA-0# seen before", "last db error ORA-0#", "SQLCODE=-#")},
	{"http-status", nil, func(s *scribe, e *event, n int) {
		s.s(pick(s.r, []string{"HTTP status 500", "HTTP/1.1 500 Internal Server Error", "http code=502", "httpStatus: 200", "status line 504"}))
	}},
	{"sofa-gateway", nil, func(s *scribe, e *event, n int) {
		s.s(pick(s.r, []string{"sofa api gateway says 3000 RouterNotFound", "SOFA APIGW 3001 RouterGroupNotFound", "sofa-apigateway error 2100"}))
	}},
	{"url-query", nil, forms(
		"callback=https://h5.demo-bank.example/back?resultCode=#&src=app",
		"referer: https://h5.demo-bank.example/pay?from=app&resultStatus=#",
		"redirect https://h5.demo-bank.example/r?errcode=#",
	)},
	{"biz-code", nil, forms("bizCode=#", "subCode: #", "mccCode=#", `biz answer {"bizErrNo":"#"}`)},
	{"constant-part", nil, func(s *scribe, e *event, n int) {
		s.s(pick(s.r, []string{"metric mgs_SERVER_REQUESTTIMEOUT_total=3", "counter=SIGN_VERIFY_FAILED_COUNT", "switch NO_SERVER_BIZEXCEPTION_ALERT=off"}))
	}},
	{"openapi", nil, func(s *scribe, e *event, n int) {
		s.s(`openapi answer {"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}`)
	}},
	{"payment-sdk", func(e *event) bool { return inHead(e) || e.code < 0 }, func(s *scribe, e *event, n int) {
		s.s(pick(s.r, []string{
			`alipay sdk result {memo: "操作已取消", result:"", resultStatus:"6001"}`,
			`pay result={memo: "系统繁忙，请稍后再试", result:"", resultStatus:"4000"}`,
			`payResult={memo: "支付未完成", result:"", resultStatus:"5000"}`,
		}))
	}},
	{"body-code", inHead, func(s *scribe, e *event, n int) {
		bodies := []string{`requestData=[{"resultStatus":"#","memo":"x"}]`, `request body: {"last":{"resultCode":#}}`}
		if !s.layout.body { // else the code itself stands in the answer's body
			bodies = append(bodies, `responseBody={"resultCode":#,"data":null}`, `response body: {"success":false,"errcode":"#"}`)
		}
		forms(bodies...)(s, e, n)
	}},
	{"empty-field", noField, func(s *scribe, e *event, n int) {
		s.s(pick(s.r, []string{"resultStatus=null", "resultCode=-", "resultCode=", `"resultStatus":null`, "errcode: none"}))
	}},
	{"text-code", noField, func(s *scribe, e *event, n int) {
		s.s(pick(s.r, []string{"resultCode=SYSTEM_ERROR", "resultStatus=FAILED", `"resultCode":"PROCESS_FAIL"`}))
	}},
}

// decoyKinds returns every kind that a truth file may name.
func decoyKinds() []string {
	kinds := slices.Clone(storyDecoys)
	for _, d := range decoys {
		kinds = append(kinds, d.kind)
	}
	return kinds
}

// falseCode returns a documented code that is not that of the record.
func (s *scribe) falseCode(e *event) int {
	for {
		if c := pick(s.r, serverCodes); c != e.code {
			return c
		}
	}
}

// bait gives e a decoy.
func (s *scribe) bait(e *event) {
	if len(e.chain) > 0 && s.chance(0.25) {
		e.frameDecoy = s.falseCode(e)
		s.t.decoy = decoyFrame
		return
	}
	for range 8 {
		d := &decoys[s.r.IntN(len(decoys))]
		if d.fits == nil || d.fits(e) {
			e.decoy = d
			s.t.decoy = d.kind
			return
		}
	}
}
