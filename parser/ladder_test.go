package parser

import (
	"strings"
	"testing"
)

// testLexicon is a small lexicon of its own, so that the ladder is tested
// apart from the catalogue.
func testLexicon() *Lexicon {
	l := &Lexicon{Constants: map[string]Key{
		"SERVER_REQUESTTIMEOUT":        {Server, 4001},
		"SERVER_BIZEXCEPTION":          {Server, 6666},
		"SIGN_TIME_STAMP_ERROR":        {Server, 7003},
		"CLIENT_NETWORK_DNS_ERROR":     {Android, 16},
		"KDTRpcSizeControlError":       {IOS, 9},
		"kDTRpcEmptyResponse":          {IOS, 1},
		"PUBLIC_KEY_NOT_FOUND":         {Server, 7000},
		"SERVER_APP_NO_PERMISSION":     {Server, 1005},
		"SERVER_INVOKEEXCEEDLIMIT":     {Server, 1002},
		"SERVER_REMOTEACCESSEXCEPTION": {Server, 4002},
	}, Memos: []Memo{
		{Text: "验签时间戳校验失败", Key: Key{Server, 7003}},
		{Text: "验签RPC接口 加签数据为空", Key: Key{Server, 7014}},
		{Text: "顾客太多,客官请稍候", Key: Key{Server, 1002}},
		{Text: "RPC-服务找不到", Key: Key{Server, 6000}},
		{Text: "拒绝访问", Key: Key{Server, 1001}, NamedOnly: true},
		{Text: "Access denied", Key: Key{Server, 1001}, NamedOnly: true},
	}, Documented: map[Key]bool{}}
	for _, c := range []Code{
		1000, 1001, 1002, 1005, 2000, 3000, 3001, 3002, 3003, 4001, 4002, 4003, 5000, 6000, 6001, 6002,
		6003, 6004, 6005, 6007, 6666, 7000, 7001, 7002, 7003, 7007, 7014, 8002,
	} {
		l.Documented[Key{Server, c}] = true
	}
	for _, c := range []Code{0, 1, 2, 3, 4, 5, 6, 7, 16} {
		l.Documented[Key{Android, c}] = true
	}
	for _, c := range []Code{0, 1, 9, 3003} {
		l.Documented[Key{IOS, c}] = true
	}
	for _, c := range []Code{101, 608} {
		l.Documented[Key{SecurityGuard, c}] = true
	}
	return l
}

const (
	at    = "2026-11-20 02:13:05,123 "
	trace = "0a1d76671591164847940829820658"
)

// ladderCases are heads, or whole records, and what they must give. An empty
// evidence means that the record names no code.
var ladderCases = []struct {
	text     string
	key      Key
	evidence Evidence
}{
	// Named fields.
	{at + "ERROR [t-1] c.a.g.Core - Result-Status: 7014", Key{0, 7014}, ByField},
	{at + "ERROR result-status = 7014;", Key{0, 7014}, ByField},
	{at + `ERROR {"resultStatus":1002,"tips":"x"}`, Key{0, 1002}, ByField},
	{at + `ERROR {\"resultStatus\":\"1002\"}`, Key{0, 1002}, ByField},
	{at + "WARN resultCode=4001, cost=3001ms", Key{0, 4001}, ByField},
	{at + "WARN result_code : 4001", Key{0, 4001}, ByField},
	{at + "ERR_MSG=x^API=alipay.client.get^ERR_CODE=7001^", Key{0, 7001}, ByField},
	{at + "preProcessResponse, alertValue:1, errcode: 7001, errmsg: x", Key{0, 7001}, ByField},
	{at + "call failed with result code 4001", Key{0, 4001}, ByField},
	{at + "call failed with result code [4001]", Key{0, 4001}, ByField},
	{at + "the result code is 4001.", Key{0, 4001}, ByField},
	{at + "调用失败，结果码：4001，请检查", Key{0, 4001}, ByField},
	{at + "调用失败，结果码为4001", Key{0, 4001}, ByField},
	{at + "网关结果码[7003]", Key{0, 7003}, ByField},
	{at + "mgwResultStatus->3000", Key{0, 3000}, ByField},
	{at + "<resultStatus>3000</resultStatus>", Key{0, 3000}, ByField},
	{at + "Result-Status 7014", Key{0, 7014}, ByField},
	{at + "resultStatus=5999", Key{0, 5999}, ByField}, // in range, not in any catalogue
	{at + "ERROR gateway reply\nResult-Status: 7014\nMemo: x", Key{0, 7014}, ByField},
	{at + "INFO call ok resultStatus=1000", Key{0, 1000}, ByField},
	{at + "ERROR response: {\"resultStatus\":6666}", Key{0, 6666}, ByField},
	{at + "E/SecurityManager: com.alibaba.wireless.security.open.SecException:  ErrorCode = 608", Key{SecurityGuard, 608}, ByField},
	{at + "Demo[83767:2555863] SG ERROR: 608", Key{SecurityGuard, 608}, ByField},
	{at + "RPC,RPC_ERROR,DEBUG,-,ERR_MSG=x^API=a.b.c^ERR_CODE=7^", Key{Android, 7}, ByField},

	// Exceptions, constants, texts, brackets.
	{at + "E/x: com.alipay.mobile.common.rpc.RpcException: RPCException: [7001] : ", Key{0, 7001}, ByException},
	{at + "ERROR RpcException[code=4001,msg=timeout]", Key{0, 4001}, ByException},
	{at + "ERROR RpcException: 4001 timeout", Key{0, 4001}, ByException},
	{at + "ERROR RpcException code=4001 timeout", Key{0, 4001}, ByException},
	{at + "ERROR RpcException code) 4001 timeout", Key{}, 0},
	{at + "ERROR RpcException codeis 4001 timeout", Key{}, 0},
	{at + "ERROR RpcException codewas 4001 timeout", Key{}, 0},
	{at + "ERROR com.x.RpcException(4002)", Key{0, 4002}, ByException},
	{at + "ERROR RPCException: [16] : dns", Key{Android, 16}, ByException},
	{at + "DTRpcException code=9 reason=KDTRpcSizeControlError", Key{IOS, 9}, ByException},
	{at + "DTRpcException code=3003", Key{IOS, 3003}, ByException},
	{at + "ERROR failed: SERVER_REQUESTTIMEOUT", Key{0, 4001}, ByConstant},
	{at + "ERROR ResultEnum.SERVER_BIZEXCEPTION, x", Key{0, 6666}, ByConstant},
	{at + "ERROR SERVER_REQUESTTIMEOUT(4001)", Key{0, 4001}, ByConstant},
	{at + "ERROR memo=验签时间戳校验失败", Key{0, 7003}, ByMemo},
	{at + "ERROR Memo: %E9%AA%8C%E7%AD%BERPC%E6%8E%A5%E5%8F%A3%20%E5%8A%A0%E7%AD%BE%E6%95%B0%E6%8D%AE%E4%B8%BA%E7%A9%BA", Key{0, 7014}, ByMemo},
	{at + "ERROR 网关限流：顾客太多,客官请稍候。", Key{0, 1002}, ByMemo},
	{at + "ERROR memo=Access denied", Key{0, 1001}, ByMemo},
	{at + "ERROR RPC-服务找不到", Key{0, 6000}, ByMemo},
	{at + "[ERROR] [" + trace + "] [com.acme.pay.query] [4001] timeout", Key{0, 4001}, ByBracket},
	{at + "ERROR 【7003】时间戳", Key{0, 7003}, ByBracket},

	// Causes.
	{at + "ERROR call\njava.net.UnknownHostException: api.acme\n\tat a.B.c(B.java:4002)", Key{0, 4003}, ByCause},
	{at + "ERROR call\ncom.x.GwException: x\n\tat a.B.c(B.java:1)\nCaused by: java.net.SocketTimeoutException: Read timed out\n\t... 12 more", Key{0, 4001}, ByCause},
	{at + "ERROR call\njava.net.ConnectException: Connection refused", Key{0, 4002}, ByCause},

	// What must not count.
	{at + "ERROR x\n\tat com.acme.Foo.bar(Foo.java:4001)", Key{}, 0},
	{at + "INFO cost=4001ms elapsed 4001 ms", Key{}, 0},
	{at + "INFO connect 10.1.2.3:7001 port [7001]", Key{}, 0},
	{at + "INFO size=[1000] list[4001] timeout [4001]", Key{}, 0},
	{at + "INFO resultCode=4001ms", Key{}, 0},
	{at + "INFO resultCode=40012", Key{}, 0},
	{at + "INFO resultCode=200", Key{}, 0},
	{at + "INFO subResultCode=4001", Key{}, 0},
	{at + "ERROR wechat errcode: 4001", Key{}, 0},
	{at + "ERROR wechat errcode: 40001", Key{}, 0},
	{at + `INFO alipay { memo: "操作已取消", result:"", resultStatus:"6001" }`, Key{}, 0},
	{at + `INFO {"memo":"","result":"","resultStatus":"5000"}`, Key{}, 0},
	{at + "ERROR SOFA gateway resultCode=3000 RouterNotFound", Key{}, 0},
	{at + "INFO GET http://x/cb?a=1&resultCode=4001", Key{}, 0},
	{at + "INFO GET http://x/cb?resultCode=4001", Key{}, 0},
	{at + `INFO request={"resultStatus":4001}`, Key{}, 0},
	{at + "INFO DEFAULT_SERVER_REQUESTTIMEOUT=3000 SERVER_REQUESTTIMEOUT=3000", Key{}, 0},
	{at + "ERROR org.apache.dubbo.rpc.RpcException: Tried 3 times of the providers [10.1.2.3:7001] timeout: 4001", Key{0, 4002}, ByCause},
	{at + "ERROR RpcException: [10.1.2.3:7001] x", Key{}, 0},
	{at + "ERROR 用户拒绝访问权限", Key{}, 0},
	{at + "ERROR x\nredis.clients.jedis.exceptions.JedisConnectionException: java.net.SocketTimeoutException\n\tat redis.clients.jedis.C.d(C.java:1)\nCaused by: java.net.SocketTimeoutException: Read timed out", Key{}, 0},
	{at + "ERROR x\njava.lang.NullPointerException\n\tat a.B.c(B.java:1)", Key{}, 0},
	{at + "ERROR x phone 13870014001 order 20264001", Key{}, 0},

	{at + `INFO AlipaySDK payOrder {"resultStatus":"9000","memo":"RPC-服务找不到","result":""}`, Key{}, 0},
	{at + "INFO 支付SDK返回 resultStatus=5000, memo=重复请求", Key{}, 0},
	{at + "INFO select * from t where id in [7000]", Key{}, 0},
	{at + "INFO connect to [localhost]:[7001] failed", Key{}, 0},
	{at + "INFO page [7003] of 12", Key{}, 0},
	{at + "ERROR x\norg.apache.catalina.connector.ClientAbortException: java.io.IOException: Connection reset by peer", Key{}, 0},
	{at + "ERROR x\njava.lang.RuntimeException: y\n\tSuppressed: com.acme.RpcException: RPCException: [4001] : z", Key{}, 0},
	{at + "INFO load tips {1002=顾客太多,客官请稍候, 7003=验签时间戳校验失败}", Key{}, 0},

	// Beside another product's code, the gateway's own still counts.
	{at + "ERROR http status 502 errCode=3002", Key{0, 3002}, ByField},
	{at + "ERROR wechat errcode: 40001, ERR_CODE=4001", Key{0, 4001}, ByField},
	{at + "ERROR RESULT_STATUS -> 6001; 支付SDK返回 resultStatus=6002, memo=网络连接出错", Key{0, 6001}, ByField},
	{at + "INFO invoke success, cost 821 ms [1000]", Key{0, 1000}, ByBracket},

	// Spellings and places.
	{at + "ERROR 【结果码】7003", Key{0, 7003}, ByField},
	{at + `ERROR {"name":"Result-Status","value":"7014"}`, Key{0, 7014}, ByField},
	{at + "ERROR resp.getResultStatus()=7014", Key{0, 7014}, ByField},
	{at + "ERROR Result code #7014", Key{0, 7014}, ByField},
	{at + "ERROR api=a.b.c&resultStatus=6001&memo=x", Key{0, 6001}, ByField},
	{at + `ERROR {"memo": "\u9a8c\u7b7e\u65f6\u95f4\u6233\u6821\u9a8c\u5931\u8d25"}`, Key{0, 7003}, ByMemo},
	{at + "ERROR 顾客太多, 客官请稍候", Key{0, 1002}, ByMemo},
	{at + `ERROR call {"stack":"com.acme.X: y\n\tat a.B.c(B.java:7001)\nCaused by: java.net.ConnectException: refused","x":1}`, Key{0, 4002}, ByCause},
	{at + "ERROR call\ncom.x.InvokeException: java.net.UnknownHostException: api.acme\n\tat a.B.c(B.java:1)", Key{0, 4003}, ByCause},
	{at + "ERROR call\nio.netty.channel.AbstractChannel$AnnotatedConnectException: refused", Key{0, 4002}, ByCause},
	{at + "ERROR call\ncom.taobao.hsf.exception.HSFTimeOutException: x", Key{0, 4001}, ByCause},
	{at + "ERROR call\ncom.x.Y: z\n\tSuppressed: java.sql.SQLException: s\n\t\tat com.mysql.A.b(C.java:1)\nCaused by: java.net.ConnectException: refused", Key{0, 4002}, ByCause},

	// Names and words that can be anything's.
	{at + "ERROR code=5000", Key{}, 0},
	{at + "ERROR errorCode=4002 remote failed", Key{}, 0},
	{at + "ERROR biz errorCode=4001 from order system", Key{}, 0},
	{at + "ERROR retCode=4001 返回码 4001", Key{}, 0},
	{at + `ERROR wechat {"errcode":4001,"errmsg":"x"}`, Key{}, 0},
	{at + "ERROR config retryOn resultStatus=4001,4002", Key{}, 0},
	{at + "ERROR resultStatus=4000, memo=系统繁忙，请稍后再试", Key{}, 0},
	{at + "ERROR cleanup job failed\njava.net.ConnectException: refused", Key{}, 0},
	{at + "ERROR refresh switches from console\njava.net.ConnectException: refused", Key{}, 0},

	// A head's code goes before a body's.
	{at + `ERROR ResultCode = 7014, request={"t":"a}b","resultStatus":6666}`, Key{0, 7014}, ByField},
	{at + `ERROR [6000] call, request=[{"memo":"验签时间戳校验失败"}]`, Key{0, 6000}, ByBracket},
	{at + `ERROR SERVER_REQUESTTIMEOUT, 请求报文 {"resultStatus":6003}`, Key{0, 4001}, ByConstant},
	{at + "ERROR 返回：<xml><resultCode>6001</resultCode></xml> 结果码 4001", Key{0, 4001}, ByField},
	{at + "ERROR responseBody={\"resultCode\":4003} resp:{\n  \"result-status\" = 2000;\n}", Key{0, 2000}, ByField},

	{at + `ERROR [` + trace + `] [4001] body={"resultStatus":1000}`, Key{0, 4001}, ByBracket},
	{at + `ERROR SERVER_REQUESTTIMEOUT response={"resultStatus":6666}`, Key{0, 4001}, ByConstant},
	{at + `ERROR responseData={"resultStatus":1000} resultCode=4002`, Key{0, 4002}, ByField},
	{at + "ERROR Result-Status=3002 request body:\n{\n  \"resultStatus\": 7001\n}", Key{0, 3002}, ByField},
	{at + `ERROR 请求参数：{"resultStatus":7001}，结果码：3002`, Key{0, 3002}, ByField},
	{at + `ERROR resp="resultStatus=1000" memo=验签时间戳校验失败`, Key{0, 7003}, ByMemo},
}

func decodeOne(t *testing.T, text string, opt Options) Record {
	t.Helper()
	r := NewReader(strings.NewReader(text), opt)
	if !r.Scan() || r.Record() == nil {
		t.Fatalf("%q: no record: %v", text, r.Skipped())
	}
	rec := *r.Record()
	if r.Scan() {
		t.Fatalf("%q: more than one item", text)
	}
	return rec
}

func TestLadder(t *testing.T) {
	lexicon := testLexicon()
	for _, c := range ladderCases {
		r := decodeOne(t, c.text, Options{Lexicon: lexicon})
		got := Key{r.Platform, r.Code}
		if r.Evidence != c.evidence || c.evidence != NoEvidence && got != c.key || c.evidence == NoEvidence && r.Code != NoCode {
			t.Errorf("%q:\n got %v by %q, want %v by %q", c.text, got, r.Evidence, c.key, c.evidence)
		}
	}
}

func TestStrictInfersNothing(t *testing.T) {
	for _, c := range ladderCases {
		r := decodeOne(t, c.text, Options{Lexicon: testLexicon(), Strict: true})
		if r.Evidence == ByCause || c.evidence != ByCause && r.Evidence != c.evidence {
			t.Errorf("%q: strict gives %v by %q", c.text, r.Code, r.Evidence)
		}
	}
}
