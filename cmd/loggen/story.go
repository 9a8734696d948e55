package main

import "strings"

// A story is what a record tells: a message and the exceptions behind it.
// Messages may hold variables, see expand.
type story struct {
	code   int // -1: the text gives none
	en, zh string
	chains [][]link // nil: no exception
	decoy  string   // the number or text in the story that must not count
	info   bool     // nothing is wrong
	plain  bool     // not about one call: no trace id, no operation
}

// expand writes t with its variables replaced: $U the URL of the business
// system, $H its host name, $A its address and port, $S the Java service, $M
// the method, $O the operation type, $D the elapsed time, $N a small number,
// $X a documented code that is not that of the record.
func (s *scribe) expand(e *event, t string) {
	for {
		i := strings.IndexByte(t, '$')
		if i < 0 || i+1 == len(t) {
			s.s(t)
			return
		}
		s.s(t[:i])
		switch t[i+1] {
		case 'U':
			s.s("http://", e.op.host, "/mgw/", e.op.method)
		case 'H':
			s.s(e.op.host)
		case 'A':
			s.s("10.2.").n(16 + int(e.salt>>8&63)).s(".").n(1 + int(e.salt>>16&127)).s(":").n(pick(s.r, ports[:]))
		case 'S':
			s.s(e.op.service)
		case 'M':
			s.s(e.op.method)
		case 'O':
			s.opName(e)
		case 'D':
			s.n(e.cost)
		case 'N':
			s.n(1 + int(e.salt>>24&31))
		case 'X':
			s.n(s.falseCode(e))
		default:
			s.s(t[i : i+2])
		}
		t = t[i+2:]
	}
}

var ports = [...]int{8080, 8080, 20880, 12200, 7001, 7002, 4001, 80}

// Chains of the gateway's call to the business system.
var (
	timeouts = [][]link{
		{{"java.net.SocketTimeoutException", "Read timed out", cat(socketFrames, invokeFrames)}},
		{
			{"com.alipay.gateway.core.exception.ServiceInvokeException", "invoke $U failed", invokeFrames},
			{"java.net.SocketTimeoutException", "Read timed out", socketFrames},
		},
		{
			{"com.alibaba.dubbo.rpc.RpcException", "Failed to invoke the method $M in the service $S. Tried 3 times of the providers [$A, $A] (2/6) from the registry zk1.demo-bank.example:2181 on the consumer 10.29.118.103 using the dubbo version 2.6.5. Last error is: Invoke remote method timeout. method: $M, provider: dubbo://$A/$S?application=mgw&timeout=3000", cat(dubboFrames, invokeFrames)},
			{"com.alibaba.dubbo.remoting.TimeoutException", "Waiting server-side response timeout by scan timer. start time: 02:13:04.116, client elapsed: 0 ms, server elapsed: 3002 ms, timeout: 3000 ms, channel: /10.29.118.103:4002 -> /$A", dubboFrames},
		},
		{
			{"com.alipay.gateway.core.exception.ServiceInvokeException", "", invokeFrames},
			{"com.alipay.sofa.rpc.core.exception.SofaTimeOutException", "com.alipay.remoting.rpc.exception.InvokeTimeoutException: Rpc invocation timeout[responseCommand TIMEOUT]! the address is $A", sofaFrames},
			{"com.alipay.remoting.rpc.exception.InvokeTimeoutException", "Rpc invocation timeout[responseCommand TIMEOUT]! the address is $A", sofaFrames},
		},
		{{"java.util.concurrent.TimeoutException", "", cat(concurrentFrames, invokeFrames)}},
	}
	remotes = [][]link{
		{
			{"org.apache.http.conn.HttpHostConnectException", "Connect to $H:8080 [$H/10.2.16.7] failed: Connection refused (Connection refused)", cat(connectFrames, invokeFrames)},
			{"java.net.ConnectException", "Connection refused (Connection refused)", connectFrames},
		},
		{{"org.apache.http.NoHttpResponseException", "$A failed to respond", cat(socketFrames[7:], invokeFrames)}},
		{
			{"com.alipay.gateway.core.exception.ServiceInvokeException", "invoke $U failed", invokeFrames},
			{"java.net.SocketException", "Connection reset", socketFrames},
		},
		{{"com.alibaba.dubbo.rpc.RpcException", "No provider available from registry zk1.demo-bank.example:2181 for service $S on consumer 10.29.118.103 use dubbo version 2.6.5, please check status of providers(disabled, not registered or in blacklist).", cat(dubboFrames, invokeFrames)}},
		{
			{"com.alipay.gateway.core.exception.ServiceInvokeException", "invoke $U failed", invokeFrames},
			{"javax.net.ssl.SSLHandshakeException", "Remote host closed connection during handshake", connectFrames[4:]},
			{"java.io.EOFException", "SSL peer shut down incorrectly", connectFrames[6:]},
		},
	}
	unknownHosts = [][]link{
		{{"java.net.UnknownHostException", "$H: Name or service not known", cat(resolveFrames, invokeFrames)}},
		{
			{"com.alipay.gateway.core.exception.ServiceInvokeException", "invoke $U failed", invokeFrames},
			{"java.net.UnknownHostException", "$H", resolveFrames},
		},
		{
			{"java.lang.RuntimeException", "com.alipay.gateway.core.exception.ServiceInvokeException: invoke $U failed", invokeFrames},
			{"com.alipay.gateway.core.exception.ServiceInvokeException", "invoke $U failed", invokeFrames},
			{"java.util.concurrent.ExecutionException", "java.net.UnknownHostException: $H", concurrentFrames},
			{"java.net.UnknownHostException", "$H", resolveFrames},
		},
	}
)

// one makes a chain of a single exception.
func one(class, msg string, frames ...[]string) [][]link {
	return [][]link{{{class, msg, cat(frames...)}}}
}

// called are the failures of the gateway's call. They alone can be told from
// the root exception, so their messages state nothing.
var called = []story{
	{code: 4001, en: "invoke business system failed, url=$U", zh: "网关调用业务系统失败，地址 $U", chains: timeouts},
	{code: 4001, en: "http invoke error, operationType=[$O]", zh: "后端服务 $H 未在规定时间内返回", chains: timeouts},
	{code: 4001, en: "call service $S#$M error", zh: "调用后端服务 $S 的 $M 方法出错", chains: timeouts},
	{code: 4002, en: "invoke business system failed, url=$U", zh: "网关调用业务系统失败，地址 $U", chains: remotes},
	{code: 4002, en: "call service $S#$M error", zh: "调用后端服务 $S 的 $M 方法出错", chains: remotes},
	{code: 4003, en: "invoke business system failed, url=$U", zh: "网关调用业务系统失败，地址 $U", chains: unknownHosts},
	{code: 4003, en: "http invoke error, host $H", zh: "API 分组的域名 $H 无法解析", chains: unknownHosts},
}

// refused are the failures inside the gateway.
var refused = []story{
	{code: 1001, en: "access denied by acl rule $N", zh: "访问控制规则 $N 命中"},
	{code: 1001, en: "mock data lacks the status, operationType=$O", zh: "接口 $O 的模拟数据格式不对"},
	{code: 1002, en: "flow control: operationType=$O exceeds its quota", zh: "接口 $O 触发限流"},
	{code: 1005, en: "app has no permission for operationType=$O", zh: "该应用未获得接口 $O 的权限"},
	{code: 2000, en: "session check failed, sid is out of date", zh: "会话校验未通过"},
	{code: 3000, en: "operationType [$O] is not found or closed", zh: "接口 $O 未注册"},
	{code: 3001, en: "request body is empty, operationType=$O", zh: "接口 $O 的请求体长度为 0"},
	{
		code: 3002, en: "parse request data failed, operationType=[$O]", zh: "解析接口 $O 的请求失败",
		decoy:  "offset",
		chains: one("com.alibaba.fastjson.JSONException", "syntax error, expect {, actual string, pos 7002", jsonFrames),
	},
	{
		code: 3003, en: "decrypt request data failed", zh: "请求解密失败",
		chains: one("javax.crypto.BadPaddingException", "Given final block not properly padded", cryptoFrames),
	},
	{
		code: 5000, en: "unexpected error in filter chain", zh: "过滤器链出现意外错误",
		chains: one("java.lang.NullPointerException", "", []string{"com.alipay.gateway.core.filter.TenantFilter.doFilter(TenantFilter.java:63)"}),
	},
	{
		code: 5000, en: "unexpected error while operationType $O was served", zh: "处理接口 $O 时出现意外错误",
		chains: one("java.lang.ClassCastException", "java.lang.Integer cannot be cast to java.lang.String", []string{"com.alipay.gateway.core.filter.HeaderFilter.copy(HeaderFilter.java:140)"}),
	},
	{code: 7000, en: "no public key of the app", zh: "未找到该应用的公钥"},
	{code: 7001, en: "sign verify: parameters missing", zh: "验签缺少必要参数"},
	{
		code: 7002, en: "sign verify: signature does not match", zh: "签名比对不一致",
		chains: one("java.security.SignatureException", "signature mismatch", []string{"com.alipay.gateway.core.sign.SignVerifier.verify(SignVerifier.java:92)"}),
	},
	{code: 7003, en: "sign verify: ts $N minutes away from server time", zh: "客户端时间与服务器相差 $N 分钟"},
	{code: 7007, en: "sign verify: header ts is missing", zh: "请求头没有 ts"},
	{code: 7014, en: "sign verify: header sign is missing", zh: "请求头没有 sign"},
	{code: 8002, en: "preflight request answered", zh: "跨域预检", info: true},
}

// thrown are the failures inside the business system.
var thrown = []story{
	{code: 6000, en: "no service for operationType=$O", zh: "没有提供接口 $O 的服务"},
	{
		code: 6001, en: "no method $M in $S", zh: "$S 没有方法 $M",
		chains: one("java.lang.NoSuchMethodException", "$S.$M()", []string{"java.lang.Class.getMethod(Class.java:1786)"}),
	},
	{
		code: 6002, en: "wrong number of arguments for $M: $N", zh: "方法 $M 的参数有 $N 个",
		chains: one("java.lang.IllegalArgumentException", "wrong number of arguments", reflectFrames),
	},
	{
		code: 6003, en: "method $M is not public", zh: "方法 $M 不是 public",
		chains: one("java.lang.IllegalAccessException", "Class com.alipay.gateway.mobileservice.invoke.MobileRpcInvoker can not access a member of class $S with modifiers \"private\"", []string{"sun.reflect.Reflection.ensureMemberAccess(Reflection.java:102)"}),
	},
	{
		code: 6004, en: "cannot parse requestData of operationType $O", zh: "无法解析接口 $O 的 requestData",
		chains: one("com.alibaba.fastjson.JSONException", "not close json text, token : error", jsonFrames),
	},
	{
		code: 6005, en: "argument of $M is invalid", zh: "方法 $M 的参数不合法",
		chains: one("java.lang.IllegalArgumentException", "argument type mismatch", reflectFrames),
	},
	{code: 6007, en: "login check service is not configured", zh: "没有配置登录校验服务"},
	{
		code: 6666, en: "business exception in $S#$M", zh: "业务方法 $M 抛出异常",
		chains: [][]link{
			{
				{"java.lang.reflect.InvocationTargetException", "", reflectFrames},
				{"com.demo.bank.common.BizException", "balance is not enough, need 4001.00", bizFrames},
			},
			{
				{"java.lang.reflect.InvocationTargetException", "", reflectFrames},
				{"org.springframework.dao.DataAccessResourceFailureException", "query failed", bizFrames},
				{"java.sql.SQLException", "ORA-04001: sequence parameter INCREMENT must be an integer", jdbcFrames},
			},
			{{"java.lang.NullPointerException", "", bizFrames}},
		},
	},
}

// served are calls that went well.
var served = []story{
	{code: 1000, en: "invoke success, cost $D ms", zh: "调用成功，耗时 $D 毫秒", info: true},
	{code: 1000, en: "response sent, operationType=$O", zh: "接口 $O 已应答", info: true},
}

// gatewayInfo is how many of gatewayNoise, from its start, are no failures.
const gatewayInfo = 5

// Stories without a code.
var (
	gatewayNoise = []story{
		{code: -1, en: "refresh api config success, size=[$X], cost $N ms", zh: "刷新接口配置完成，共 $X 条", info: true, plain: true, decoy: "size"},
		{code: -1, en: "threadpool mgs-biz active=$N, queue=0, completed=$X", zh: "线程池 mgs-biz 活动线程 $N，已完成 $X", info: true, plain: true, decoy: "size"},
		{code: -1, en: "api group $H is online", zh: "API 分组 $H 已上线", info: true, plain: true},
		{code: -1, en: "slow call of operationType=$O, $D ms", zh: "接口 $O 较慢，$D 毫秒", info: true},
		{code: -1, en: "load tips config {1002=顾客太多,客官请稍候, 4001=服务请求超时，请稍后再试, 7003=验签时间戳校验失败}", zh: "加载提示语配置 {1002=顾客太多,客官请稍候, 4001=服务请求超时，请稍后再试, 7003=验签时间戳校验失败}", info: true, plain: true, decoy: "config"},
		{
			code: -1, en: "flush of the access statistics failed", zh: "统计数据落盘失败", plain: true,
			chains: one("java.lang.NullPointerException", "", []string{"com.alipay.gateway.stat.StatFlusher.flush(StatFlusher.java:71)"}),
		},
		{
			code: -1, en: "read session from redis failed", zh: "从 redis 读取会话失败", decoy: "other-call",
			chains: [][]link{{
				{"redis.clients.jedis.exceptions.JedisConnectionException", "java.net.SocketTimeoutException: Read timed out", jedisFrames},
				{"java.net.SocketTimeoutException", "Read timed out", socketFrames[:4]},
			}},
		},
		{
			code: -1, en: "load api definitions from database failed", zh: "从数据库加载接口定义失败", plain: true, decoy: "other-call",
			chains: [][]link{{
				{"com.mysql.jdbc.exceptions.jdbc4.CommunicationsException", "Communications link failure\n\nThe last packet successfully received from the server was 4,001 milliseconds ago.", jdbcFrames},
				{"java.net.SocketTimeoutException", "Read timed out", socketFrames[:4]},
			}},
		},
		{
			code: -1, en: "pull switches from config server failed", zh: "从配置中心拉取开关失败", plain: true, decoy: "other-call",
			chains: one("java.net.UnknownHostException", "configserver.demo-bank.example", resolveFrames[:5]),
		},
		{
			code: -1, en: "insert into table GW_API_LOG failed", zh: "写入表 GW_API_LOG 失败", plain: true, decoy: "ora",
			chains: one("java.sql.SQLException", "ORA-04001: sequence parameter INCREMENT must be an integer", jdbcFrames),
		},
	}

	serviceNoise = []story{
		{code: -1, en: "receive request, operationType=$O", zh: "收到接口 $O 的请求", info: true},
		{code: -1, en: "parameters of $M parsed, size=[$X]", zh: "方法 $M 的参数已解析，长度 $X", info: true, decoy: "size"},
		{code: -1, en: "heartbeat to $A ok", zh: "到 $A 的心跳正常", info: true, plain: true, decoy: "port"},
		{code: -1, en: "pay result from app: {memo: \"操作已取消\", result:\"\", resultStatus:\"6001\"}", zh: "客户端支付结果 {memo: \"操作已取消\", result:\"\", resultStatus:\"6001\"}", info: true, decoy: "payment-sdk"},
		{code: -1, en: "send template message failed, wechat errcode: 40001, errmsg: invalid credential", zh: "发送模板消息失败，wechat errcode: 40001", decoy: "wechat"},
		{
			code: -1, en: "query of user $N failed", zh: "查询用户 $N 失败", decoy: "other-call",
			chains: [][]link{{
				{"org.springframework.dao.QueryTimeoutException", "Redis command timed out", bizFrames},
				{"io.lettuce.core.RedisCommandTimeoutException", "Command timed out after 3 second(s)", jedisFrames[2:]},
			}},
		},
		{
			code: -1, en: "lock of the order failed", zh: "锁定订单失败", decoy: "other-call",
			chains: one("com.mysql.jdbc.exceptions.jdbc4.MySQLTimeoutException", "Statement cancelled due to timeout or client request", jdbcFrames, bizFrames),
		},
		{
			code: -1, en: "receipt of order $N not stored", zh: "订单 $N 的回执未保存",
			chains: one("java.lang.NullPointerException", "", bizFrames),
		},
		{
			code: -1, en: "cleanup job failed", zh: "清理任务失败", plain: true, decoy: "id",
			chains: one("java.lang.IllegalStateException", "job 7002 is still running", []string{"com.demo.bank.job.CleanupJob.run(CleanupJob.java:44)"}),
		},
	}
)
