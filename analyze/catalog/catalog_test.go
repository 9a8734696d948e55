package catalog

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"mgslog/parser"
)

var (
	rpc    = []string{"MPC", "DUBBO"}
	allRPC = []string{"HTTP", "MPC", "DUBBO"}
)

// documented is typed by hand from the two editions of the result-code page:
// what they list, in their order. en is the name in the 2026 edition or, for
// the clients, words of its description; zh is the name on the Chinese page
// where that is known.
var documented = []struct {
	platform  parser.Platform
	code      parser.Code
	side      Side
	protocols []string
	constant  string
	en, zh    string
}{
	{parser.Server, 1000, Gateway, nil, "OK", "Success", "处理成功"},
	{parser.Server, 1001, Gateway, nil, "SERVER_PERMISSIONDENY", "Access denied", "拒绝访问"},
	{parser.Server, 1002, Gateway, nil, "SERVER_INVOKEEXCEEDLIMIT", "API call limit exceeded", "调用次数超过限额"},
	{parser.Server, 1005, Gateway, nil, "SERVER_APP_NO_PERMISSION_TO_ACCESS", "Unauthorized", "未授权"},
	{parser.Server, 2000, Gateway, nil, "SERVER_SESSIONSTATUS", "Logon timeout", "登录超时"},
	{parser.Server, 3000, Gateway, nil, "SERVER_OPERATIONTYPEMISSED", "RPC interface does not exist or is closed", "RPC 接口不存在或关闭"},
	{parser.Server, 3001, Gateway, nil, "SERVER_REQUESTDATAMISSED", "Request data is empty", "请求数据为空"},
	{parser.Server, 3002, Gateway, nil, "SERVER_VALUEINVALID", "Incorrect data format", "数据格式有误"},
	{parser.Server, 3003, Gateway, nil, "SERVER_CRYPT_ERROR", "Data decryption failed", "数据解密失败"},
	{parser.Server, 4001, Gateway, nil, "SERVER_REQUESTTIMEOUT", "Service request timeout", "服务请求超时"},
	{parser.Server, 4002, Gateway, nil, "SERVER_REMOTEACCESSEXCEPTION", "Exception in remote call to business system", "远程调用业务系统异常"},
	{parser.Server, 4003, Gateway, nil, "SERVER_CREATEPROXYERROR", "API group HOST exception", "API 分组 HOST 异常"},
	{parser.Server, 5000, Gateway, nil, "SERVER_UNKNOWERROR", "Unknown exception", "未知异常"},
	{parser.Server, 7000, Gateway, nil, "PUBLIC_KEY_NOT_FOUND", "Public key not set", "没有设置公钥"},
	{parser.Server, 7001, Gateway, nil, "SIGNA_PARAM_MISSING", "Insufficient parameters for signature verification", "验签的参数不够"},
	{parser.Server, 7002, Gateway, nil, "SIGN_VERIFY_FAILED", "Signature verification failed", "验签失败"},
	{parser.Server, 7003, Gateway, nil, "SIGN_TIME_STAMP_ERROR", "Signature verification - timeliness failed", "验签-时效性失败"},
	{parser.Server, 7007, Gateway, nil, "PRC_REQUESTTIME_EMPTY", "Signature verification - missing ts parameter", "验签-缺少 ts 参数"},
	{parser.Server, 7014, Gateway, nil, "PRC_SIGN_EMPTY", "Signature verification - missing sign parameter", "验签-缺少 sign 参数"},
	{parser.Server, 8002, Gateway, nil, "", "Cross-domain preflight request (CORS preflight)", "跨域预检请求"},

	{parser.Server, 6000, Service, rpc, "SERVER_SERVICENOTFOUND", "RPC - Target service not found", "RPC-目标服务找不到"},
	{parser.Server, 6001, Service, rpc, "SERVER_METHODNOTFOUND", "RPC - Target method not found", "RPC-目标方法找不到"},
	{parser.Server, 6002, Service, rpc, "SERVER_PARAMMISSING", "RPC - Incorrect number of parameters", ""},
	{parser.Server, 6003, Service, rpc, "SERVER_ILLEGALACCESS", "RPC - Target method is not accessible", ""},
	{parser.Server, 6004, Service, allRPC, "SERVER_JSONPARSEREXCEPTION", "RPC - JSON parsing exception", ""},
	{parser.Server, 6005, Service, rpc, "SERVER_ILLEGALARGUMENT", "RPC - Invalid parameters when calling the target method", ""},
	{parser.Server, 6007, Service, rpc, "", "RPC - Logon authentication service is unavailable", ""},
	{parser.Server, 6666, Service, allRPC, "SERVER_BIZEXCEPTION", "RPC - Exception thrown by business", ""},

	{parser.Android, 0, Client, nil, "CLIENT_UNKNOWN_ERROR", "unknown error", ""},
	{parser.Android, 1, Client, nil, "CLIENT_TRANSPORT_UNAVAILABAL_ERROR", "transport", ""},
	{parser.Android, 2, Client, nil, "CLIENT_NETWORK_UNAVAILABLE_ERROR", "network connectivity", ""},
	{parser.Android, 3, Client, nil, "CLIENT_NETWORK_SSL_ERROR", "SSL", ""},
	{parser.Android, 4, Client, nil, "CLIENT_NETWORK_CONNECTION_ERROR", "connection time", ""},
	{parser.Android, 5, Client, nil, "CLIENT_NETWORK_SOCKET_ERROR", "read or write time", ""},
	{parser.Android, 6, Client, nil, "CLIENT_NETWORK_SERVER_ERROR", "no response", ""},
	{parser.Android, 7, Client, nil, "CLIENT_NETWORK_ERROR", "I/O", ""},
	{parser.Android, 8, Client, nil, "CLIENT_NETWORK_SCHEDULE_ERROR", "scheduling", ""},
	{parser.Android, 9, Client, nil, "CLIENT_HANDLE_ERROR", "client processing error", ""},
	{parser.Android, 10, Client, nil, "CLIENT_DESERIALIZER_ERROR", "deserialisation", ""},
	{parser.Android, 13, Client, nil, "CLIENT_INTERUPTED_ERROR", "interrupt", ""},
	{parser.Android, 15, Client, nil, "CLIENT_NETWORK_AUTH_ERROR", "network authorisation", ""},
	{parser.Android, 16, Client, nil, "CLIENT_NETWORK_DNS_ERROR", "DNS", ""},
	{parser.Android, 18, Client, nil, "NETWORK_TRAFIC_BEYOND_LIMIT", "network throttling", ""},

	{parser.IOS, 0, Client, nil, "kDTRpcNetworkError", "cannot connect to the network", ""},
	{parser.IOS, 1, Client, nil, "kDTRpcEmptyResponse", "empty", ""},
	{parser.IOS, 2, Client, nil, "kDTRpcInvalidJSONString", "JSON string", ""},
	{parser.IOS, 3, Client, nil, "kDTRpcDecodeObjectError", "JSON object deserialisation", ""},
	{parser.IOS, 4, Client, nil, "kDTRpcNetworkCancelled", "cancelled", ""},
	{parser.IOS, 5, Client, nil, "kDTRpcEncodeObjectError", "JSON object serialisation", ""},
	{parser.IOS, 6, Client, nil, "kDTRpcProtocolBuffersDecodeError", "Protocol Buffers deserialisation", ""},
	{parser.IOS, 9, Client, nil, "KDTRpcSizeControlError", "payload too large", ""},
	{parser.IOS, 24, Client, nil, "KDTRpcAbandonError", "account switch", ""},
	{parser.IOS, 3003, Client, nil, "", "decryption error", ""},
}

// prompts is typed by hand from the 2026 edition's Android table.
var prompts = map[parser.Code]string{
	0:   "Unknown error. Please try again later.",
	1:   "Network error. Please try again later.",
	2:   "Cannot connect to the network.",
	3:   "The client certificate is incorrect. Check if the phone's time setting is accurate.",
	4:   "Poor network connection.",
	5:   "Poor network connection.",
	6:   "Network error. Please try again later.",
	7:   "Network error. Please try again later.",
	8:   "Network error. Please try again later.",
	9:   "Network error. Please try again later.",
	10:  "Network error. Please try again later.",
	13:  "Network error. Please try again later.",
	15:  "Cannot connect to the network.",
	16:  "Cannot connect to the network. Please try again later.",
	18:  "Network access is throttled. Please try again later.",
	404: "Cannot connect to the network.",
	302: "Cannot connect to the network. Please try again later.",
	502: "Cannot connect to the network. Please try again later.",
}

// guardCodes is typed by hand from the Security Guard page, as far as it
// could be read.
var guardCodes = []parser.Code{
	101, 102, 103, 104, 105, 106, 107, 108, 109, 121, 122, 123, 124, 125, 199,
	201, 202, 203, 204, 205, 206, 207, 208, 209, 212, 299,
	301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 399, 401, 402, 403,
}

// undocumented is typed by hand: the constants of the SDKs outside the pages,
// and the Security Guard codes seen in captures alone.
var undocumented = map[parser.Key]string{
	{Platform: parser.Server, Code: 7004}: "PRC_OPERATIONTYPE_EMPTY",
	{Platform: parser.Server, Code: 7005}: "PRC_PRODCUTID_EMPTY",
	{Platform: parser.Server, Code: 7006}: "PRC_DID_EMPTY",
	{Platform: parser.Server, Code: 7008}: "PRC_IMEI_EMPTY",
	{Platform: parser.Server, Code: 7009}: "PRC_IMSI_EMPTY",
	{Platform: parser.Server, Code: 7010}: "PRC_APIVERSION_EMPTY",
	{Platform: parser.Server, Code: 7011}: "PRC_NO_AUTHORIZED",
	{Platform: parser.Server, Code: 7012}: "PRC_NO_PUBLISHED",
	{Platform: parser.Server, Code: 7013}: "PRC_SECRET_EMPTY",
	{Platform: parser.Server, Code: 7015}: "PRC_SIGN_INVALID",
	{Platform: parser.Server, Code: 7016}: "PRC_SID_EMPTY",
	{Platform: parser.Server, Code: 7017}: "PRC_SID_INVALID",
	{Platform: parser.Server, Code: 7018}: "PRC_TOKEN_INVALID",
	{Platform: parser.Server, Code: 7019}: "PRC_TOKEN_ALIPAYUSER_EMPTY",
	{Platform: parser.Server, Code: 8001}: "RESPONSE_DATA_NOT_MODIFIED",

	{Platform: parser.Android, Code: 11}: "CLIENT_LOGIN_FAIL_ERROR",
	{Platform: parser.Android, Code: 12}: "CLIENT_USER_CHANGE_ERROR",
	{Platform: parser.Android, Code: 14}: "CLIENT_NETWORK_CACHE_ERROR",
	{Platform: parser.Android, Code: 17}: "CLIENT_NOTIN_WHITELIST",
	{Platform: parser.Android, Code: 19}: "NETWORK_AUTH_WIFI",
	{Platform: parser.Android, Code: 20}: "CLIENT_SERIALIZER_ERROR",
	{Platform: parser.Android, Code: 21}: "BIZ_INTERCEPTOR_HANDLE_ERROR",
	{Platform: parser.Android, Code: 22}: "CLIENT_REQ_OVERSIZE_ERROR",
	{Platform: parser.Android, Code: 23}: "CLIENT_RES_OVERSIZE_ERROR",
	{Platform: parser.Android, Code: 24}: "LOGIN_REFRESH_ERROR",
	{Platform: parser.Android, Code: 25}: "BACKGROUND_FETCH_FUSE_RPC_ERROR",

	{Platform: parser.IOS, Code: 7}:  "kDTRpcFilterRPCInAppLaunch",
	{Platform: parser.IOS, Code: 8}:  "KDTRpcUnderBackgroundFetch",
	{Platform: parser.IOS, Code: 12}: "KDTRpcAccountChangeError",

	{Platform: parser.SecurityGuard, Code: 607}: "",
	{Platform: parser.SecurityGuard, Code: 608}: "",
}

// name says in a failure which entry is meant.
func name(k parser.Key) string { return fmt.Sprintf("%s %d", k.Platform, k.Code) }

func TestDocumentedCodes(t *testing.T) {
	for _, want := range documented {
		k := parser.Key{Platform: want.platform, Code: want.code}
		e, ok := Lookup(k)
		if !ok {
			t.Errorf("%s: no entry", name(k))
			continue
		}
		if e.Key() != k || e.Ranges != nil {
			t.Errorf("%s: found %s with ranges %v", name(k), name(e.Key()), e.Ranges)
		}
		if !e.Documented {
			t.Errorf("%s: not marked as documented", name(k))
		}
		if e.Side != want.side || e.Constant != want.constant || !slices.Equal(e.Protocols, want.protocols) {
			t.Errorf("%s: side %v, constant %q, protocols %v; want %v, %q, %v",
				name(k), e.Side, e.Constant, e.Protocols, want.side, want.constant, want.protocols)
		}
		if k.Platform == parser.Server {
			if e.Title.EN != want.en {
				t.Errorf("%s: title %q, the 2026 edition has %q", name(k), e.Title.EN, want.en)
			}
		} else if !strings.Contains(strings.ToLower(e.Title.EN), strings.ToLower(want.en)) {
			t.Errorf("%s: title %q lacks the page's words %q", name(k), e.Title.EN, want.en)
		}
		if want.zh != "" && e.Title.ZH != want.zh {
			t.Errorf("%s: title %q, the Chinese page has %q", name(k), e.Title.ZH, want.zh)
		}
		editions := []string{"2026-01-22", "2021-07-07"}
		if k.Platform == parser.IOS {
			editions = editions[:1]
		}
		for _, date := range editions {
			if !slices.ContainsFunc(e.Sources, func(s Source) bool { return s.Page == "64260" && s.Date == date }) {
				t.Errorf("%s: edition %s is not among the sources", name(k), date)
			}
		}
		if k.Platform == parser.IOS && slices.Contains(e.Sources, codesPage2021) {
			t.Errorf("%s: cites the 2021 edition, which has no iOS table", name(k))
		}
	}
}

func TestSecurityGuardCodes(t *testing.T) {
	for _, c := range guardCodes {
		k := parser.Key{Platform: parser.SecurityGuard, Code: c}
		e, ok := Lookup(k)
		if !ok || !e.Documented || e.Side != Client || !slices.Contains(e.Sources, guardPage) {
			t.Errorf("%s: found %v, documented %v, side %v, sources %v", name(k), ok, e.Documented, e.Side, e.Sources)
		}
	}
}

func TestUndocumentedCodes(t *testing.T) {
	for k, constant := range undocumented {
		e, ok := Lookup(k)
		if !ok {
			t.Errorf("%s: no entry", name(k))
			continue
		}
		if e.Documented || e.Constant != constant {
			t.Errorf("%s: documented %v, constant %q; want false, %q", name(k), e.Documented, e.Constant, constant)
		}
		says := func(text Text) bool {
			return strings.Contains(text.EN, "Not documented for MGS") || strings.Contains(text.EN, "The official wording")
		}
		if !slices.ContainsFunc(e.Notes, says) {
			t.Errorf("%s: no note says that the code is undocumented", name(k))
		}
		for _, s := range e.Sources {
			if s.Page == "64260" || s == guardPage {
				t.Errorf("%s: cites %q, which does not list it", name(k), s.Title)
			}
		}
	}
}

// TestNothingElse fails for an entry that no table above accounts for.
func TestNothingElse(t *testing.T) {
	known := maps.Clone(undocumented)
	for _, d := range documented {
		known[parser.Key{Platform: d.platform, Code: d.code}] = d.constant
	}
	for _, c := range guardCodes {
		known[parser.Key{Platform: parser.SecurityGuard, Code: c}] = ""
	}
	n := 0
	for e := range All() {
		n++
		if _, ok := known[e.Key()]; !ok && e.Ranges == nil {
			t.Errorf("%s: in no table of this test", name(e.Key()))
		}
	}
	if want := len(known) + 2; n != want {
		t.Errorf("%d entries, want %d: one for each known code and two ranges", n, want)
	}
}

func TestRanges(t *testing.T) {
	for c := parser.Code(26); c < 1000; c++ {
		k := parser.Key{Platform: parser.Android, Code: c}
		e, ok := Lookup(k)
		if want := 100 <= c && c <= 599 && c != 500; ok != want {
			t.Errorf("%s: found %v, want %v", name(k), ok, want)
			continue
		}
		if !ok {
			continue
		}
		if is4xx := e.Code == 400; is4xx != (400 <= c && c <= 499) {
			t.Errorf("%s: found the entry at %d", name(k), e.Code)
		}
		if !Lexicon().Documented[k] {
			t.Errorf("%s: not documented in the lexicon", name(k))
		}
	}
	for e := range All() {
		if e.Ranges == nil {
			continue
		}
		if e.Ranges[0].First != e.Code {
			t.Errorf("%s: first range is %v", name(e.Key()), e.Ranges[0])
		}
		if !slices.ContainsFunc(e.Notes, func(n Text) bool { return strings.Contains(n.EN, "500") && strings.Contains(n.ZH, "500") }) {
			t.Errorf("%s: no note about 500", name(e.Key()))
		}
	}
	// 500 has no entry on any platform, and what is said of it instead says so.
	if found := Find("500"); found != nil {
		t.Errorf("Find(500) = %v", found)
	}
	if text := Implied(500); !strings.Contains(text.EN, "in neither") || !strings.Contains(text.ZH, "不属于") {
		t.Errorf("Implied(500) = %q", text)
	}
}

func TestPrompts(t *testing.T) {
	for c, want := range prompts {
		e, _ := Lookup(parser.Key{Platform: parser.Android, Code: c})
		if e.Prompt.EN != want {
			t.Errorf("android %d: prompt %q, want %q", c, e.Prompt.EN, want)
		}
	}
	for e := range All() {
		if prompted := e.Platform == parser.Android && e.Documented; (e.Prompt != Text{}) != prompted {
			t.Errorf("%s: prompt %q", name(e.Key()), e.Prompt)
		}
	}
}

func TestOrder(t *testing.T) {
	entries := slices.Collect(All())
	if len(entries) == 0 {
		t.Fatal("the catalogue is empty")
	}
	for i := range entries[1:] {
		a, b := entries[i], entries[i+1]
		if cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Code, b.Code)) >= 0 {
			t.Errorf("%s stands before %s", name(a.Key()), name(b.Key()))
		}
	}
}

// texts returns every text of e with what it is.
func texts(e Entry) map[string]Text {
	m := map[string]Text{"title": e.Title, "cause": e.Cause}
	add := func(what string, list []Text) {
		for i, text := range list {
			m[fmt.Sprintf("%s %d", what, i+1)] = text
		}
	}
	add("remedy", e.Remedy)
	add("look", e.Look)
	add("note", e.Notes)
	if e.Prompt != (Text{}) {
		m["prompt"] = e.Prompt
	}
	return m
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

var (
	halfWidth = regexp.MustCompile(`\p{Han}[,;:?!]|[,;:?!]\p{Han}`)
	noBlank   = regexp.MustCompile(`\p{Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Han}`)
)

// checkText returns what is wrong with a text, "" if nothing is.
func checkText(text Text) string {
	switch {
	case strings.TrimSpace(text.EN) != text.EN || strings.TrimSpace(text.ZH) != text.ZH:
		return "blanks at an end"
	case text.EN == "" || text.ZH == "":
		return "empty in a language"
	case hasHan(text.EN):
		return "Chinese in the English text"
	case !hasHan(text.ZH):
		return "no Chinese in the Chinese text"
	case strings.ContainsAny(text.EN, "，。；：（）"):
		return "full-width punctuation in the English text"
	case halfWidth.MatchString(strings.ReplaceAll(text.ZH, "顾客太多,客官请稍候", "")):
		return "half-width punctuation in the Chinese text"
	case noBlank.MatchString(text.ZH):
		return "no blank between Chinese and Latin"
	}
	return ""
}

func TestTexts(t *testing.T) {
	for e := range All() {
		for what, text := range texts(e) {
			if wrong := checkText(text); wrong != "" {
				t.Errorf("%s: %s: %s: %q", name(e.Key()), what, wrong, text)
			}
			sentence := strings.HasPrefix(what, "cause") || strings.HasPrefix(what, "remedy") || strings.HasPrefix(what, "note")
			if sentence && !(strings.HasSuffix(strings.TrimRight(text.EN, `")`), ".") || strings.HasSuffix(text.EN, "?")) {
				t.Errorf("%s: %s: no full stop: %q", name(e.Key()), what, text.EN)
			}
			if sentence && !strings.HasSuffix(text.ZH, "。") && !strings.HasSuffix(text.ZH, "？") {
				t.Errorf("%s: %s: no full stop: %q", name(e.Key()), what, text.ZH)
			}
		}
		if len(e.Remedy) == 0 || len(e.Look) == 0 {
			t.Errorf("%s: %d remedies, %d places to look", name(e.Key()), len(e.Remedy), len(e.Look))
		}
		if int(e.Acts) >= len(Actors()) {
			t.Errorf("%s: actor %d", name(e.Key()), e.Acts)
		}
		if nobody := IsSuccess(e.Key()) || Harmless(e.Key()); (e.Acts == Nobody) != nobody {
			t.Errorf("%s: %v acts", name(e.Key()), e.Acts)
		}
		for _, list := range [][]Text{e.Remedy, e.Look, e.Notes} {
			if i := repeated(list); i >= 0 {
				t.Errorf("%s: said twice: %q", name(e.Key()), list[i].EN)
			}
		}
	}
	for _, a := range Actors() {
		if wrong := checkText(a.Text()); wrong != "" {
			t.Errorf("actor %v: %s", a, wrong)
		}
	}
}

// repeated returns the place of a text that stands in list before, -1 if none.
func repeated(list []Text) int {
	for i, text := range list {
		if slices.Contains(list[:i], text) {
			return i
		}
	}
	return -1
}

// TestTextsCanFail plants one fault of each kind.
func TestTextsCanFail(t *testing.T) {
	for _, bad := range []Text{
		{}, {"a", ""}, {"", "字"}, {"字", "字"}, {"a", "b"}, {"a ", "字"}, {"a，b", "字"}, {"a", "字,字"}, {"a", "字a"},
	} {
		if checkText(bad) == "" {
			t.Errorf("%q passes", bad)
		}
	}
	if wrong := checkText(Text{"A word.", "一个词，API 分组。"}); wrong != "" {
		t.Errorf("a good text fails: %s", wrong)
	}
	if repeated([]Text{{"a", "字"}, {"b", "词"}, {"a", "字"}}) != 2 {
		t.Error("a repeated text passes")
	}
	for _, bad := range []Source{{}, {Title: "t", Date: "2026-01-22"}, {Title: "t", Page: "p"}, {Title: "t", Page: "p", Date: "lately"}} {
		if checkSource(bad) == "" {
			t.Errorf("source %q passes", bad)
		}
	}
	bad := Entry{Platform: parser.Server, Code: 4001, Sample: "2026-11-20 02:13:05,123 nothing of it, 14001 and 40012"}
	if checkSample(bad) == "" {
		t.Error("a sample without its code passes")
	}
	bad.Sample = "[4001] without a time"
	if checkSample(bad) == "" {
		t.Error("a sample without a time passes")
	}
}

// checkSource returns what is wrong with a source, "" if nothing is.
func checkSource(s Source) string {
	switch {
	case s.Title == "":
		return "no title"
	case s.Page == "":
		return "no page"
	case !regexp.MustCompile(`^(20\d\d(-\d\d){0,2}|undated, read 20\d\d-\d\d)$`).MatchString(s.Date):
		return "no date"
	}
	return ""
}

func TestSources(t *testing.T) {
	for e := range All() {
		if len(e.Sources) == 0 {
			t.Errorf("%s: no source", name(e.Key()))
		}
		for i, s := range e.Sources {
			if wrong := checkSource(s); wrong != "" {
				t.Errorf("%s: source %q: %s", name(e.Key()), s, wrong)
			}
			if slices.Contains(e.Sources[:i], s) {
				t.Errorf("%s: source %q stands twice", name(e.Key()), s.Title)
			}
		}
	}
}

func TestConstants(t *testing.T) {
	type platformName struct {
		platform parser.Platform
		name     string
	}
	seen := map[platformName]parser.Code{}
	everywhere := map[string]parser.Key{}
	for e := range All() {
		if e.Constant == "" {
			continue
		}
		pn := platformName{e.Platform, strings.ToUpper(e.Constant)}
		if other, ok := seen[pn]; ok {
			t.Errorf("%s: constant %s is that of %d", name(e.Key()), e.Constant, other)
		}
		seen[pn] = e.Code
		// The lexicon has no platform, so there a name must be unique at all.
		if other, ok := everywhere[e.Constant]; ok {
			t.Errorf("%s: constant %s is that of %s", name(e.Key()), e.Constant, name(other))
		}
		everywhere[e.Constant] = e.Key()
	}
}

func TestMemos(t *testing.T) {
	type owned struct {
		Memo
		key parser.Key
	}
	var memos []owned
	for e := range All() {
		for _, m := range e.Memos {
			if m.Text == "" || strings.TrimRight(m.Text, "。. ") != m.Text {
				t.Errorf("%s: memo %q is empty or ends with a mark", name(e.Key()), m.Text)
			}
			if !m.NamedOnly && !hasHan(m.Text) {
				t.Errorf("%s: the English memo %q must not count anywhere in a message", name(e.Key()), m.Text)
			}
			memos = append(memos, owned{m, e.Key()})
		}
	}
	for i, a := range memos {
		for j, b := range memos {
			if i < j && a.Text == b.Text {
				t.Errorf("memo %q is that of %s and of %s", a.Text, name(a.key), name(b.key))
			}
			// Else a search for the one would find the other's record too.
			if a.key != b.key && strings.Contains(b.Text, a.Text) {
				t.Errorf("memo %q of %s is part of %q of %s", a.Text, name(a.key), b.Text, name(b.key))
			}
		}
	}
	// Texts that several codes share may be nobody's.
	for _, shared := range []string{
		"抱歉，暂时无法操作，请稍后再试", "网络繁忙，请稍后再试", "系统繁忙，请稍后再试", "ok",
	} {
		if slices.ContainsFunc(memos, func(m owned) bool { return m.Text == shared }) {
			t.Errorf("the shared text %q is a memo", shared)
		}
	}
}

func TestLexicon(t *testing.T) {
	lex := Lexicon()
	if lex != Lexicon() {
		t.Error("Lexicon is built anew")
	}
	if _, ok := lex.Constants["OK"]; ok {
		t.Error("OK is a constant to search for")
	}
	if got, want := lex.Constants["SERVER_REQUESTTIMEOUT"], (parser.Key{Platform: parser.Server, Code: 4001}); got != want {
		t.Errorf("SERVER_REQUESTTIMEOUT is %v", got)
	}
	for e := range All() {
		if e.Constant != "" && e.Constant != "OK" && lex.Constants[e.Constant] != e.Key() {
			t.Errorf("%s: constant %s is %v", name(e.Key()), e.Constant, lex.Constants[e.Constant])
		}
		if lex.Documented[e.Key()] != e.Documented {
			t.Errorf("%s: documented %v in the lexicon", name(e.Key()), lex.Documented[e.Key()])
		}
		for _, m := range e.Memos {
			if !slices.Contains(lex.Memos, parser.Memo{Text: m.Text, Key: e.Key(), NamedOnly: m.NamedOnly}) {
				t.Errorf("%s: memo %q is not in the lexicon", name(e.Key()), m.Text)
			}
		}
	}
	free := func(text string) bool {
		return slices.ContainsFunc(lex.Memos, func(m parser.Memo) bool { return m.Text == text && !m.NamedOnly })
	}
	for _, text := range []string{
		"验签时间戳校验失败", "验签RPC接口 加签数据为空", "验签的参数不够", "服务请求超时，请稍后再试", "RPC-服务找不到",
		"顾客太多,客官请稍候", "顾客太多，客官请稍候", "验签失败", "数据格式有误", "登录超时，请重新登录",
	} {
		if !free(text) {
			t.Errorf("memo %q does not count everywhere", text)
		}
	}
	for _, text := range []string{"拒绝访问", "未授权", "处理成功", "请求数据为空", "未知错误", "Access denied", "登录超时"} {
		if free(text) {
			t.Errorf("memo %q counts everywhere", text)
		}
	}
}

// checkSample returns what is wrong with e's sample, "" if nothing is. It
// checks its form only; that the parser finds the code is tested where the
// parser is at hand.
func checkSample(e Entry) string {
	stamp := `^2026-11-20 02:13:05,123 `
	if strings.Contains(e.Sample, "+0800") {
		stamp = `^2026-11-20 02:13:05\.123456\+0800 Demo\[83767:2555863\] `
	} else if strings.Contains(e.Sample, "/com.example.app ") {
		stamp = `^2026-11-20 02:13:05\.123 \d+-\d+/com\.example\.app [DIE]/\w+: `
	}
	if !regexp.MustCompile(stamp).MatchString(e.Sample) {
		return "does not start with a time stamp"
	}
	_, fields, digest := strings.Cut(e.Sample, " - (")
	if digest {
		f := strings.Split(strings.TrimSuffix(fields, ")"), ",")
		at := map[int]int{28: 8, 7: 5}[len(f)]
		if at == 0 {
			return fmt.Sprintf("has %d digest fields", len(f))
		}
		if f[at] != strconv.Itoa(int(e.Code)) {
			return fmt.Sprintf("has the code %q at its place", f[at])
		}
		return ""
	}
	if e.Constant != "" && e.Constant != "OK" && regexp.MustCompile(`\b`+e.Constant+`\b`).MatchString(e.Sample) {
		return ""
	}
	for _, m := range e.Memos {
		if strings.Contains(e.Sample, m.Text) {
			return ""
		}
	}
	for _, n := range regexp.MustCompile(`(?:\[|[=:] ?)(\d+)\b`).FindAllStringSubmatch(e.Sample, -1) {
		c, _ := strconv.Atoi(n[1])
		if code := parser.Code(c); code == e.Code && e.Ranges == nil || e.holds(code) {
			return ""
		}
	}
	return "does not name its code"
}

func TestSamples(t *testing.T) {
	seen := map[string]parser.Key{}
	for e := range All() {
		if wrong := checkSample(e); wrong != "" {
			t.Errorf("%s: the sample %s: %q", name(e.Key()), wrong, e.Sample)
		}
		if other, ok := seen[e.Sample]; ok {
			t.Errorf("%s: the sample is that of %s", name(e.Key()), name(other))
		}
		seen[e.Sample] = e.Key()
		// No other code's constant or unmistakable text may be in it.
		for constant, k := range Lexicon().Constants {
			if k != e.Key() && regexp.MustCompile(`\b`+constant+`\b`).MatchString(e.Sample) {
				t.Errorf("%s: the sample holds %s, which is %s", name(e.Key()), constant, name(k))
			}
		}
		for _, m := range Lexicon().Memos {
			if m.Key != e.Key() && !m.NamedOnly && strings.Contains(e.Sample, m.Text) {
				t.Errorf("%s: the sample holds %q, which is %s", name(e.Key()), m.Text, name(m.Key))
			}
		}
	}
}

func TestFind(t *testing.T) {
	keys := func(query string) (keys []string) {
		for _, e := range Find(query) {
			keys = append(keys, name(e.Key()))
		}
		return keys
	}
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"4001", []string{"server 4001"}},
		{" 4001 ", []string{"server 4001"}},
		{"3003", []string{"server 3003", "ios 3003"}},
		{"3", []string{"android 3", "ios 3"}},
		{"404", []string{"android 400"}},
		{"502", []string{"android 100"}},
		{"302", []string{"android 100", "security-guard 302"}},
		{"608", []string{"security-guard 608"}},
		{"server_requesttimeout", []string{"server 4001"}},
		{"KDTRPCSIZECONTROLERROR", []string{"ios 9"}},
		{"ok", []string{"server 1000"}},
		{"500", nil},
		{"1003", nil},
		{"-1", nil},
		{"99999999999", nil},
		{"", nil},
		{"timeout", nil},
	} {
		if got := keys(tt.query); !slices.Equal(got, tt.want) {
			t.Errorf("Find(%q) = %v, want %v", tt.query, got, tt.want)
		}
	}
}

func TestSideOf(t *testing.T) {
	for _, tt := range []struct {
		platform parser.Platform
		code     parser.Code
		want     Side
	}{
		{parser.Server, parser.NoCode, SideUnknown},
		{parser.Server, 0, SideUnknown},
		{parser.Server, 999, SideUnknown},
		{parser.Server, 1000, Gateway},
		{parser.Server, 1003, Gateway},
		{parser.Server, 5999, Gateway},
		{parser.Server, 6000, Service},
		{parser.Server, 6008, Service},
		{parser.Server, 6999, Service},
		{parser.Server, 7000, Gateway},
		{parser.Server, 7999, Gateway},
		{parser.Server, 8000, SideUnknown},
		{parser.Server, 8001, SideUnknown},
		{parser.Server, 8002, Gateway},
		{parser.Server, 8003, SideUnknown},
		{parser.Server, 9000, SideUnknown},
		{parser.Android, 500, Client},
		{parser.Android, 7, Client},
		{parser.IOS, 99, Client},
		{parser.SecurityGuard, 699, Client},
		{parser.Android, parser.NoCode, SideUnknown},
	} {
		if got := SideOf(parser.Key{Platform: tt.platform, Code: tt.code}); got != tt.want {
			t.Errorf("SideOf(%v %d) = %v, want %v", tt.platform, tt.code, got, tt.want)
		}
	}
	for e := range All() {
		if got := sideByRange(e.Key()); got != e.Side {
			t.Errorf("%s: side %v, by its range %v", name(e.Key()), e.Side, got)
		}
	}
}

func TestActorOf(t *testing.T) {
	if a, ok := ActorOf(parser.Key{Platform: parser.Server, Code: 6666}); a != BusinessSystem || !ok {
		t.Errorf("6666: %v, %v", a, ok)
	}
	if a, ok := ActorOf(parser.Key{Platform: parser.Server, Code: 1003}); ok {
		t.Errorf("1003: %v, though it has no entry", a)
	}
}

func TestSuccessAndHarm(t *testing.T) {
	for _, tt := range []struct {
		platform                   parser.Platform
		code                       parser.Code
		success, failure, harmless bool
	}{
		{parser.Server, 1000, true, false, false},
		{parser.Server, 4001, false, true, false},
		{parser.Server, 8001, false, true, true},
		{parser.Server, 8002, false, true, true},
		{parser.Server, 9999, false, true, false},
		{parser.Server, parser.NoCode, false, false, false},
		{parser.Android, 0, false, true, false},
		{parser.Android, 1000, false, true, false},
		{parser.IOS, 8002, false, true, false},
	} {
		k := parser.Key{Platform: tt.platform, Code: tt.code}
		if s, f, h := IsSuccess(k), IsFailure(k), Harmless(k); s != tt.success || f != tt.failure || h != tt.harmless {
			t.Errorf("%s: success %v, failure %v, harmless %v; want %v, %v, %v", name(k), s, f, h, tt.success, tt.failure, tt.harmless)
		}
	}
}

func TestImplied(t *testing.T) {
	for _, tt := range []struct {
		code parser.Code
		en   string // words of the answer
	}{
		{parser.NoCode, "Not a result code"},
		{0, "below 100"},
		{99, "below 100"},
		{100, "HTTP status"},
		{499, "HTTP status"},
		{500, "in neither"},
		{501, "HTTP status"},
		{599, "HTTP status"},
		{600, "Security Guard"},
		{1000, "succeeded"},
		{1003, "gateway error"},
		{1009, "Ant Group"},
		{4000, "payment"},
		{5999, "gateway error"},
		{6006, "no page states"},
		{6999, "no page states"},
		{7020, "signature verification"},
		{7999, "signature verification"},
		{8000, "payment"},
		{8003, "8002"},
		{9000, "payment"},
		{9001, "outside every range"},
		{1 << 30, "outside every range"},
	} {
		if got := Implied(tt.code); !strings.Contains(got.EN, tt.en) {
			t.Errorf("Implied(%d) = %q, want it to say %q", tt.code, got.EN, tt.en)
		}
	}
	for c := parser.Code(-1); c < 10_000; c++ {
		if wrong := checkText(Implied(c)); wrong != "" {
			t.Fatalf("Implied(%d): %s", c, wrong)
		}
	}
}

func TestParseLang(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want Lang
	}{
		{nil, EN},
		{map[string]string{"LANG": "zh_CN.UTF-8"}, ZH},
		{map[string]string{"LANG": "zh"}, ZH},
		{map[string]string{"LANG": "ZH-Hans"}, ZH},
		{map[string]string{"LANG": "zh.utf8"}, ZH},
		{map[string]string{"LANG": "zha_CN"}, EN},
		{map[string]string{"LANG": "C.UTF-8"}, EN},
		{map[string]string{"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, EN},
		{map[string]string{"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}, ZH},
		{map[string]string{"LC_MESSAGES": "de_DE", "LANG": "zh_CN"}, EN},
		{map[string]string{"LANGUAGE": "zh"}, EN},
	} {
		if got := ParseLang(func(k string) string { return tt.env[k] }); got != tt.want {
			t.Errorf("ParseLang(%v) = %v, want %v", tt.env, got, tt.want)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	keys := []parser.Key{
		{Platform: parser.Server, Code: 4001}, {Platform: parser.Android, Code: 502}, {Platform: parser.Server, Code: 1003},
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Lookup(keys[i%len(keys)])
	}
}
