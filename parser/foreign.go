package parser

import (
	"bytes"
	"slices"
)

// Other products use the same names and the same numbers. What follows tells
// their codes from the gateway's: the word that introduces the field, the
// company it keeps, and the exception that carries it.

// foreignWords are words, in lower case, that make the code named behind them
// another product's: "wechat errcode: 4001".
var foreignWords = map[string]bool{
	"wechat": true, "weixin": true, "wx": true, "wxpay": true, "unionpay": true, "dingtalk": true, "dingding": true,
	"alipay": true, "alipaysdk": true, "paysdk": true, "pay": true, "payment": true, "sofa": true, "apigateway": true,
	"sofagateway": true, "mysql": true, "oracle": true, "redis": true, "kafka": true, "rocketmq": true, "oss": true,
	"sms": true, "http": true, "https": true, "sql": true, "db": true, "jdbc": true, "ocr": true, "bank": true,
	"expected": true, "expect": true, "sub": true, "xcode": true, "zookeeper": true, "mongodb": true, "baidu": true,
	"qq": true, "weibo": true, "douyin": true, "apns": true, "huawei": true, "xiaomi": true, "fcm": true, "jpush": true,
	"getui": true, "amap": true, "aliyun": true, "sls": true, "ots": true, "tair": true, "where": true, "having": true,
	"retryable": true, "retryon": true, "config": true, "rule": true, "rules": true, "alarm": true, "example": true, "e.g": true, "errno": true,
}

// foreignHan are the same in Chinese; the field's name follows directly.
var foreignHan = []string{
	"微信", "支付", "支付宝", "银联", "银行", "第三方", "下游", "渠道", "短信", "数据库", "钉钉", "业务", "推送", "缓存", "期望", "预期",
}

// foreignClasses are parts of exception classes whose codes are not the
// gateway's.
var foreignClasses = []string{
	"com.alipay.api.", "com.alipay.sdk.", "com.aliyun", "wechat", "weixin", "wxpay", "dingtalk", "unionpay", "java.sql.",
	"SQLException", "OSSException", "AlipayApiException", "WxErrorException", "WxPayException",
}

// foreign reports whether the code key, named at text[i:] in the line
// text[from:to] with its value at v, is another product's.
func (s *scan) foreign(i, from, v, to int, key Key) bool {
	if key.Platform == SecurityGuard {
		return false
	}
	before := s.text[from:i]
	if foreignClause(before) {
		return true
	}
	// The words before the object that holds it: wechat {"errcode":…
	if open := openBrace(before); open >= 0 && foreignClause(before[:open]) {
		return true
	}
	// A label before it: "alipay result: {resultStatus=…".
	if label := bytes.TrimRight(before, " "); len(label) > 0 && label[len(label)-1] >= 0x80 {
		for _, w := range foreignHan {
			if bytes.HasSuffix(label, []byte(w)) {
				return true
			}
		}
	}
	if class := exceptionClass(bytes.TrimPrefix(trimIndent(before), []byte(causedBy))); class != nil {
		for _, c := range foreignClasses {
			if bytes.Contains(class, []byte(c)) {
				return true
			}
		}
	}
	if (key.Code == 3000 || key.Code == 3001) && bytes.Contains(s.text[v:min(to, v+32)], []byte("Router")) {
		return true // the SOFA API gateway's RouterNotFound and RouterGroupNotFound
	}
	return false
}

// openBrace returns where the brace stands that is open at the end of b, -1 if
// there is none near.
func openBrace(b []byte) int {
	near := b[max(0, len(b)-maxBack):]
	if bytes.IndexByte(near, '{') < 0 { // mostly; forward is faster than back
		return -1
	}
	open := bytes.LastIndexByte(near, '{')
	if open >= 0 && open+1 < len(near) && near[open+1] != ',' && bytes.IndexByte(near[open:], '}') < 0 {
		return len(b) - len(near) + open
	}
	return -1
}

// foreignClause reports whether the words at the end of b, back to the last
// separator, speak of another product.
func foreignClause(b []byte) bool {
	clause := b[max(0, len(b)-maxBack):]
	k := len(clause)
	for k > 0 && !clauseEnds[clause[k-1]] {
		k--
	}
	clause = clause[k:]
	if hasHan(clause) {
		clause = lastHanClause(clause)
	}
	// A number among them ends what was said of another product: "http
	// status 502 errCode=3002".
	for clause = bytes.TrimRight(clause[max(0, len(clause)-64):], " "); len(clause) > 0; clause = bytes.TrimRight(clause, " ") {
		k := bytes.LastIndexByte(clause, ' ') + 1
		word := clause[k:]
		clause = clause[:k]
		if slices.ContainsFunc(word, isDigit) {
			break
		}
		var low [24]byte
		if len(word) <= len(low) && foreignWords[string(appendFold(low[:0], bytes.TrimRight(word, ".")))] {
			return true
		}
	}
	return false
}

// clauseEnds holds the characters that part what is said of one thing from
// what is said of the next.
var clauseEnds = [256]bool{
	',': true, ';': true, '|': true, '[': true, ']': true, '(': true, ')': true, '{': true, '}': true, '=': true, ':': true,
	'"': true, '\'': true, '\t': true,
}

// lastHanClause returns what is behind the last of the same characters as they
// are in Chinese.
func lastHanClause(clause []byte) []byte {
	for _, mark := range [...]string{"，", "。", "；", "：", "、", "（", "）"} {
		if k := bytes.LastIndex(clause, []byte(mark)); k >= 0 {
			clause = clause[k+len(mark):]
		}
	}
	return clause
}

// maxObject bounds how much of an object is looked at for its company.
const maxObject = 1024

// isPayment reports whether the field is part of a result of the Alipay payment
// SDK, { memo: "操作已取消", result: "", resultStatus: "6001" }, which has the
// names of MGS and numbers of its own.
func (s *scan) isPayment(i, from, v, to int, code Code) bool {
	switch code {
	case 4000, 8000, 9000: // no codes of MGS
		return true
	case 5000, 6001, 6002, 6004:
	default:
		return false
	}
	t := s.text
	before, after := t[max(0, i-400):i], t[v:min(to, v+64)]
	open := bytes.LastIndexByte(before, '{')
	s.sensitive = s.sensitive || open >= 0 || from != s.headFrom
	if open < 0 || bytes.IndexByte(before[open:], '}') >= 0 { // in no object
		for _, end := range []string{"{", "esultStatus"} { // another object, another result
			if k := bytes.Index(after, []byte(end)); k >= 0 {
				after = after[:k]
			}
		}
		return mentionsPayment(t[max(from, i-48):i]) || paymentMemo(after)
	}
	open += i - len(before)
	object := t[open:min(len(t), s.matching(open, '{', '}')+1, open+maxObject)]
	if mentionsPayment(object) || mentionsPayment(t[max(0, open-48):open]) {
		return true
	}
	// Its three keys, the status in quotes, an empty result, and no tips.
	quoted := t[v-1] == '"' || t[v-1] == '\''
	return quoted && bytes.Contains(object, []byte("memo")) && !bytes.Contains(object, []byte("tips")) && emptyResult(object)
}

// emptyResult reports whether an object's key "result" has an empty string.
func emptyResult(object []byte) bool {
	for from := 0; ; {
		k := bytes.Index(object[from:], []byte("result"))
		if k < 0 {
			return false
		}
		from += k + len("result")
		if from < len(object) && !isNameByte(object[from]) {
			rest := bytes.TrimLeft(object[from:], "\\\"' :=")
			// Of the empty string, its quotes are trimmed too: what is left
			// is what stands behind it.
			return len(rest) == 0 || rest[0] == ',' || rest[0] == '}' || rest[0] == ';'
		}
	}
}

// mentionsPayment reports whether b speaks of the payment SDK or has a text
// that only it sends.
func mentionsPayment(b []byte) bool {
	if paymentMemo(b) {
		return true
	}
	if !bytes.Contains(b, []byte("ay")) && !bytes.Contains(b, []byte("trade_no")) && !hasHan(b) {
		return false // none of the words below
	}
	for _, w := range [...]string{
		"alipaySdk", "alipay_sdk", "AlipaySDK", "alipay sdk", "Alipay SDK", "PayTask", "payResult", "pay result", "payV2",
		"trade_no", "alipay_trade", "AlipayResult", "alipay.trade", "alipay result", "payment sdk", "alipay pay", "payOrder",
		"支付宝", "支付结果", "支付SDK", "支付返回", "支付回调", "支付 SDK",
	} {
		if bytes.Contains(b, []byte(w)) {
			return true
		}
	}
	return false
}

// paymentMemo reports whether b has a text that only the payment SDK sends.
func paymentMemo(b []byte) bool {
	if !hasHan(b) {
		return false
	}
	for _, w := range [...]string{
		"操作已取消", "用户中途取消", "用户取消", "支付成功", "支付失败", "支付未完成", "订单支付", "正在处理中", "重复请求", "网络连接出错",
	} {
		if bytes.Contains(b, []byte(w)) {
			return true
		}
	}
	return false
}

// inURL reports whether the word that ends b is part of a URL or has a query.
func inURL(b []byte) bool {
	if k := bytes.LastIndexAny(b, " \t\"'"); k >= 0 {
		b = b[k+1:]
	}
	return bytes.IndexByte(b, '?') >= 0 || bytes.Contains(b, []byte("://"))
}
