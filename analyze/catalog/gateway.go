package catalog

import (
	"slices"

	"mgslog/parser"
)

// gatewayEntries returns the codes that the gateway itself sets, all twenty
// of both editions of the result-code page.
//
// The texts "please try again later" seen in captures have no memo here on
// purpose: several codes share them. 签名验证失败 says what the title of 7002
// says, but was seen on the wire as the Tips of 7001, and never with 7002.
func gatewayEntries() []Entry {
	entries := family(Entry{
		Platform:   parser.Server,
		Side:       Gateway,
		Documented: true,
		Sources:    []Source{codesPage2026, codesPage2021},
	}, []Entry{
		{
			Code:     1000,
			Constant: "OK",
			Title:    Text{"Success", "处理成功"},
			Cause: Text{
				"The gateway processed the call successfully. This is the only code of success.",
				"网关已成功处理本次调用。这是唯一表示成功的结果码。",
			},
			Remedy: []Text{
				{
					"Nothing has to be done.",
					"无需处理。",
				},
				{
					"If users complain all the same, read the response body: a throttled or mocked call can carry resultStatus 1000 as well, when the throttle body or mock data configured in the console say so.",
					"如果用户仍反馈失败，请查看响应体：若控制台配置的限流响应或 Mock 数据里写了 resultStatus 1000，被限流或被 Mock 的调用也会显示为成功。",
				},
			},
			Acts: Nobody,
			Look: []Text{lookDigest, lookDetail},
			Notes: []Text{{
				"The 2021 edition calls it \"Processing succeeded\".",
				"2021 版英文名称为 Processing succeeded。",
			}},
			Sources: []Source{throttlingPage, mockPage, sdkEnum},
			Sample:  sampleGatewayDigest("Y", "1000"),
		},
		{
			Code:     1001,
			Constant: "SERVER_PERMISSIONDENY",
			Title:    Text{"Access denied", "拒绝访问"},
			Cause: Text{
				"One of four things: mock data of the API are malformed; they lack resultStatus; the web application firewall (WAF) rejected the request; or the user may not use the authentication interface.",
				"以下四种情况之一：API 的 Mock 数据格式错误；Mock 数据缺少 resultStatus；请求未通过 WAF 校验；用户无权访问鉴权接口。",
			},
			Remedy: []Text{
				{
					"In the console look whether API mock is on, both as the global switch (Gateway management > Feature toggles) and for this operationType. It is off by default.",
					"在控制台查看 API Mock 是否打开：全局开关在“网关管理 > 功能开关”，该 operationType 自身也有 Mock 配置。默认是关闭的。",
				},
				{
					"If the mock is wanted, write its data as JSON with all three keys: `{\"resultStatus\":1000,\"tips\":\"ok\",\"result\":\"…\"}`. If not, switch it off.",
					"如果确实需要 Mock，数据必须是包含以下三个键的 JSON：`{\"resultStatus\":1000,\"tips\":\"ok\",\"result\":\"…\"}`；不需要则关闭。",
				},
				{
					"If no mock is in play, search the WAF's block log for the client IP address and the time of the call, and let the request pass there if it was rejected by mistake.",
					"如果与 Mock 无关，按客户端 IP 和调用时间查 WAF 的拦截记录；若属误拦截，在 WAF 中放行。",
				},
				{
					"If the API uses API authorization, check that this user has the right to call the authentication interface.",
					"如果该 API 启用了 API 授权，检查该用户是否有权访问鉴权接口。",
				},
			},
			Acts:    GatewayConfig,
			Look:    []Text{lookHeaders, lookDetail, lookOperations},
			Sources: []Source{mockPage, managementPage, sdkEnum},
			Memos:   named("拒绝访问", "Access denied"),
			Sample:  `2026-11-20 02:13:05,123 [response] operationType=com.example.order.query body={"resultStatus":1001,"tips":"","result":""}`,
		},
		{
			Code:     1002,
			Constant: "SERVER_INVOKEEXCEEDLIMIT",
			Title:    Text{"API call limit exceeded", "调用次数超过限额"},
			Cause: Text{
				"Throttling is on and the calls per second exceeded the limit of this API or of the whole app; the smaller of the two limits decides.",
				"已开启限流，且每秒调用次数超过了该 API 或整个应用的限额；两级限额同时存在时以较小者为准。",
			},
			Remedy: []Text{
				{
					"Count the lines with 1002 in gateway-page-digest.log by operationType and by second: is it one API or all of the app, a short peak or a lasting load?",
					"在 gateway-page-digest.log 中按 operationType 和秒统计 1002：是单个 API 还是整个应用，是短时突发还是持续高负载？",
				},
				{
					"Compare with the limits in the console: the API's own limit in the API's configuration, the limits for all APIs and for the app under Gateway management.",
					"与控制台的限额对比：API 级限额在该 API 的配置页，全部 API 的默认限额和应用总限额在“网关管理”中。",
				},
				{
					"If the load is legitimate and the business system can bear it, raise the limit that was hit. If not, find out which clients call so often (a retry loop without a pause is typical) and have that corrected.",
					"如果流量正常且业务系统承受得住，就调高被触发的那一级限额；否则找出调用过于频繁的客户端（常见的是没有间隔的重试循环）并修正。",
				},
				{
					"Check the throttle body configured for the API: if it carries resultStatus 1000, throttled calls look like successes to the app and to every count by result code.",
					"检查该 API 配置的限流响应内容：如果其中写的是 resultStatus 1000，被限流的调用在 App 和按结果码的统计里都会显示为成功。",
				},
			},
			Acts: GatewayConfig,
			Look: []Text{lookDigest, lookOperations, lookHeaders},
			Notes: []Text{
				{
					"Without a custom body the gateway answers with resultStatus 1002 and a Chinese tips text that asks the customer to wait.",
					"未自定义时，限流响应为 `{\"resultStatus\":1002,\"tips\":\"顾客太多,客官请稍候\"}`。",
				},
				{
					"Only with this code does the client read the Control header, JSON that may hold a title and a waiting time.",
					"只有遇到该结果码时客户端才会读取响应头 Control，其内容为 JSON，可包含标题和等待时间。",
				},
			},
			Sources: []Source{throttlingPage, managementPage, sdkEnum, harmonyHeader, iosHeader},
			Memos: slices.Concat(
				distinctive("顾客太多,客官请稍候", "顾客太多，客官请稍候", "调用次数超过限制"),
				named("调用次数超过限额", "排队人太多了，请稍后再试", "The server is busy. Please try again later",
					"API call limit exceeded", "The maximum call times exceeded"),
			),
			Sample: `2026-11-20 02:13:05,123 [response] operationType=com.example.order.query body={"resultStatus":1002,"tips":"顾客太多,客官请稍候"}`,
		},
		{
			Code:     1005,
			Constant: "SERVER_APP_NO_PERMISSION_TO_ACCESS",
			Title:    Text{"Unauthorized", "未授权"},
			Cause: Text{
				"API authorization is on for this API and the check of this call failed. The gateway asks an authorizer interface of the business system before it forwards the call; this did not confirm the caller.",
				"该 API 开启了 API 授权，而本次调用的授权校验未通过。网关在转发请求前会先调用业务系统提供的授权接口，该接口没有认可调用方。",
			},
			Remedy: []Text{
				{
					"In the console open the API's configuration and see which authorizer it uses; its details are under Gateway management > API authorization.",
					"在控制台打开该 API 的配置，查看关联的授权方；授权方详情在“网关管理 > API 授权”。",
				},
				{
					"Capture a failing request and check that it carries every identity source field of that authorizer, in the place configured (header or cookie). A missing field alone makes the check fail.",
					"抓取一次失败的请求，确认它在配置的位置（header 或 cookie）带上了授权方的每个身份来源字段；缺少任意一个字段，校验都会失败。",
				},
				{
					"If all fields are there, look into the authorizer's own log for this call: did it run, and why did it refuse?",
					"如果字段齐全，查看授权接口自身的日志：本次校验有没有被调用到，为什么被拒绝。",
				},
				{
					"If the answer changed only recently or differs between users, consider the authorization cache: until its TTL has passed the gateway reuses earlier results.",
					"如果是权限刚变更、或者不同用户结果不一致，考虑授权缓存的影响：在缓存 TTL 到期前，网关会沿用之前的校验结果。",
				},
			},
			Acts: GatewayConfig,
			Look: []Text{lookHeaders, lookDigest, lookOperations},
			Notes: []Text{
				{
					"Editions of 2023 and 2024 translate the name as \"No permissions\".",
					"2023、2024 年的英文版把名称译为 No permissions，指的是同一个结果码。",
				},
			},
			Sources: []Source{authorizationPage, sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("当前App无权限访问该RPC"),
				named("未授权", "Unauthorized"),
			),
			Sample: sampleGatewayDigest("N", "1005"),
		},
		{
			Code:     2000,
			Constant: "SERVER_SESSIONSTATUS",
			Title:    Text{"Logon timeout", "登录超时"},
			Cause: Text{
				"The API requires a logged-on user (authorization is on) and the caller has no valid session: never logged on, logged off, or the session expired.",
				"该 API 要求登录（已开启授权校验），而调用方没有有效会话：从未登录、已退出，或会话已过期。",
			},
			Remedy: []Text{
				{
					"For a single user: log on again in the app. Some 2000 is normal wherever sessions expire.",
					"个别用户：在 App 中重新登录即可。只要会话有有效期，出现少量 2000 属于正常现象。",
				},
				{
					"Check that the app reacts to 2000 by showing its logon page or renewing the session, not by repeating the same call.",
					"确认 App 收到 2000 后会跳转登录页或刷新会话，而不是原样重试。",
				},
				{
					"If many users get it at once, ask the team of the authorizer interface whether the session store was emptied, restarted or given a shorter lifetime.",
					"如果大量用户同时出现，请联系授权接口的负责团队，确认会话存储是否被清空、重启，或有效期被改短。",
				},
				{
					"If this API should work without logon, remove the authorizer from the API's configuration.",
					"如果该 API 本不需要登录，在其配置中取消关联授权方。",
				},
			},
			Acts:    ClientApp,
			Look:    []Text{lookDigest, lookHeaders},
			Sources: []Source{authorizationPage, sdkEnum, harmonyHeader},
			Memos:   slices.Concat(distinctive("登录超时，请重新登录"), named("登录超时", "Logon timeout", "Login timed out")),
			Sample:  "2026-11-20 02:13:05,123 [response] operationType=com.example.order.query, memo=登录超时，请重新登录",
		},
		{
			Code:     3000,
			Constant: "SERVER_OPERATIONTYPEMISSED",
			Title:    Text{"RPC interface does not exist or is closed", "RPC 接口不存在或关闭"},
			Cause: Text{
				"In the environment of this workspaceId, the app of this appId has no API with this operationType, or the API is there but not open.",
				"在该 workspaceId 对应的环境中，appId 所属应用没有配置这个 operationType 的 API，或者 API 存在但未处于开放状态。",
			},
			Remedy: []Text{
				{
					"Read operationType, appId and workspaceId of the failing call from its line in gateway-page-digest.log (5th, 7th and 8th field).",
					"从 gateway-page-digest.log 的对应行读出 operationType、appId、workspaceId（括号内第 5、7、8 个字段）。",
				},
				{
					"In the console switch to exactly that app and workspace and search the API list for the operationType, letter by letter. A test build that calls production, or the reverse, is found here.",
					"在控制台切换到该应用和该 workspace，在 API 列表中逐字核对 operationType。测试包误连生产环境（或反之）在这一步就能看出来。",
				},
				{
					"If the API is missing, register it. If it is there, open its configuration and switch it on; an HTTP API has to be switched on by hand after registration.",
					"如果没有该 API，先注册；如果已有，打开其配置页把状态切换为开放。HTTP 类型的 API 注册后需要手动开启。",
				},
				{
					"For an MPC or Dubbo service check in boot.log on the business hosts that the operationType was registered at start ([Registered-OperationType], [Register-Service-Success]).",
					"对于 MPC 或 Dubbo 服务，在业务主机的 boot.log 中确认启动时该 operationType 已注册（[Registered-OperationType]、[Register-Service-Success]）。",
				},
			},
			Acts: GatewayConfig,
			Look: []Text{lookDigest, lookBoot, lookOperations},
			Notes: []Text{
				{
					"The required state is called \"Open\" in the 2021 edition, \"Active\" in the 2026 edition and \"Enabled\" on the page on API configuration; all mean the same.",
					"中文页面把所需状态称为“开放”；英文 2021 版写作 Open，2026 版写作 Active，API 配置页写作 Enabled，指的是同一状态。",
				},
				{
					"The product SOFA API gateway uses 3000 too, for a router that was not found.",
					"SOFA API 网关产品也使用 3000，含义是找不到路由，注意区分。",
				},
			},
			Sources: []Source{configurePage, spiLogsPage, sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("缺少操作类型或者此操作类型不支持"),
				named("RPC 接口不存在或关闭", "RPC interface does not exist or is closed", "RPC interface doesn’t exist or is closed"),
			),
			Sample: sampleGatewayDigest("N", "3000"),
		},
		{
			Code:     3001,
			Constant: "SERVER_REQUESTDATAMISSED",
			Title:    Text{"Request data is empty", "请求数据为空"},
			Cause: Text{
				"The request reached the gateway with an empty requestData field: the client sent the call without its parameters.",
				"请求到达网关时 requestData 字段为空，即客户端发出的调用没有带上参数。",
			},
			Remedy: []Text{
				{
					"Capture one failing call and check that the request carries requestData. If the capture has it, look for a proxy on the way that strips it.",
					"抓取一次失败的调用，检查请求中是否有 requestData。如果抓包中有，排查链路上是否有代理把它去掉了。",
				},
				{
					"iOS: check that the gateway service is initialised before the first call.",
					"iOS：确认在发起第一次调用前已初始化网关服务。",
				},
				{
					"Let the app's developers check that the RPC framework works at all (does another operationType succeed?) and that the request object of this call is filled.",
					"请客户端开发确认 RPC 功能本身正常（其他 operationType 能否成功），以及本次调用的请求对象已正确赋值。",
				},
			},
			Acts:    ClientApp,
			Look:    []Text{lookHeaders, lookDetail},
			Sources: []Source{sdkEnum, harmonyHeader},
			Memos:   named("请求数据为空", "Request data is empty", "Null request data"),
			Sample:  "2026-11-20 02:13:05,123 operationType=com.example.order.query Result-Status: 3001",
		},
		{
			Code:     3002,
			Constant: "SERVER_VALUEINVALID",
			Title:    Text{"Incorrect data format", "数据格式有误"},
			Cause: Text{
				"The gateway could not read the request as an RPC request: its format is wrong.",
				"RPC 请求格式有问题，网关无法解析。",
			},
			Remedy: []Text{
				stepHeaders,
				stepTrace,
				{
					"On that host run `cd /home/admin/logs/gateway && grep -A 50 TRACE-ID gateway-error.log*`; the exception names what could not be read.",
					"登录该主机，执行 `cd /home/admin/logs/gateway && grep -A 50 TRACE-ID gateway-error.log*`，异常信息会说明哪一部分无法解析。",
				},
				{
					"Compare the captured request with the API's parameter settings in the console (names, types, JSON or PB) and have the side corrected that differs.",
					"将抓到的请求与控制台中该 API 的参数设置（名称、类型、JSON 或 PB）对比，修正不一致的一方。",
				},
				{
					"If data encryption is in use, check that the client encrypts as the gateway expects (see 3003): otherwise the gateway cannot read the request.",
					"如果启用了数据加密，确认客户端的加密设置与网关一致（参见 3003），否则网关无法解析请求。",
				},
			},
			Acts: ClientApp,
			Look: []Text{lookErrorLog, lookDetail, lookHeaders},
			Notes: []Text{
				{
					"The Memo was seen in a capture together with a Tips text for the user that several codes share; only the Memo is telling.",
					"公开抓包中 Memo 为“数据格式有误”，Tips 为“抱歉，暂时无法操作，请稍后再试。”；后者多个结果码共用，只有 Memo 有区分意义。",
				},
			},
			Sources: []Source{troubleshootingPage, managementPage, sdkEnum, harmonyHeader},
			Memos:   slices.Concat(distinctive("数据格式有误"), named("Incorrect data format")),
			Sample: `2026-11-20 02:13:05.123456+0800 Demo[83767:2555863] [mPaaSLog] APMobileNetwork com.example.order.query resp:{
  "Content-Length" = 0;
  memo = "%E6%95%B0%E6%8D%AE%E6%A0%BC%E5%BC%8F%E6%9C%89%E8%AF%AF";
  "mgw-traceid" = 0a1d76671795111985062829820658;
  "result-status" = 3002;
  "server-time" = 1795111985123;
}`,
		},
		{
			Code:     3003,
			Constant: "SERVER_CRYPT_ERROR",
			Title:    Text{"Data decryption failed", "数据解密失败"},
			Cause: Text{
				"The gateway could not decrypt the request. The page says no more; data encryption works only if app and gateway use the same algorithm and keys that belong together.",
				"网关无法解密请求数据，文档没有给出更多说明。数据加密要求客户端与网关使用相同的算法和配套的密钥。",
			},
			Remedy: []Text{
				{
					"In the console open Gateway management > Feature toggles > Data encryption; note whether it is on, and the algorithm (RSA, ECC or SM2).",
					"在控制台打开“网关管理 > 功能开关 > 数据加密”，记下是否开启以及所选算法（RSA、ECC 或国密 SM2）。",
				},
				{
					"Android: compare with `assets/mpaas_netconfig.properties`: Crypt, the same algorithm, PubKey (on one line) and GWWhiteList, which must hold the gateway address of this environment.",
					"Android：对照 `assets/mpaas_netconfig.properties` 中的 Crypt、算法、PubKey（必须写成一行）和 GWWhiteList（必须是当前环境的网关地址）。",
				},
				{
					"iOS: compare with mPaaSCrypt in info.plist: Crypt, the same algorithm, PubKey (with its BEGIN and END lines) and GWWhiteList.",
					"iOS：对照 info.plist 中 mPaaSCrypt 的 Crypt、算法、PubKey（必须带 BEGIN、END 行）和 GWWhiteList。",
				},
				{
					"If the errors began suddenly, check whether the keys were exchanged in the console: app versions with the old public key then fail until they are updated.",
					"如果是突然开始报错，检查控制台上是否更换过密钥：仍内置旧公钥的 App 版本会一直失败，直到升级。",
				},
				stepAskSupport,
			},
			Acts: GatewayConfig,
			Look: []Text{lookErrorLog, lookOperations, lookConfigLog},
			Notes: []Text{{
				"3003 is also a code of the iOS client since the 2026 edition: there the client failed to decrypt. In an iOS log make sure which of the two it is.",
				"2026 版中 3003 同时也是 iOS 客户端的错误码，表示客户端解密失败。在 iOS 日志中要先分清是哪一个。",
			}},
			Sources: []Source{encryptionPage, managementPage, sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("网关加解密异常"),
				named("数据解密失败", "Data decryption failed"),
			),
			Sample: "2026-11-20 02:13:05,123 ERROR 0a1d76671795111985062829820658 com.example.order.query SERVER_CRYPT_ERROR",
		},
		{
			Code:     4001,
			Constant: "SERVER_REQUESTTIMEOUT",
			Title:    Text{"Service request timeout", "服务请求超时"},
			Cause: Text{
				"The business system did not answer the gateway within the timeout, 3 s unless configured otherwise. The documents give a business system under high load as the reason.",
				"业务系统没有在超时时间内应答网关；未另行配置时默认为 3 秒。文档给出的原因是后端业务系统负载过高。",
			},
			Remedy: []Text{
				{
					"In gateway-page-digest.log see which operationTypes time out and compare the backend time (26th field, ms) of their other calls: all slowly rising, or a sudden step?",
					"在 gateway-page-digest.log 中查看哪些 operationType 超时，并对比这些接口其他调用的后端耗时（第 26 个字段，毫秒）：是逐渐升高，还是突然变化？",
				},
				{
					"Check the business hosts behind them at that time: CPU, memory and garbage collection, thread pools, database and other systems they wait for. Restore or add capacity there; this is the usual cure.",
					"检查对应业务主机在该时段的 CPU、内存与 GC、线程池，以及所依赖的数据库和其他系统；恢复或扩容业务系统，这是通常的解决办法。",
				},
				stepMonitor,
				{
					"If the call is slow by nature and the hosts are healthy, raise its timeout in the console (API configuration > Advanced, or the timeout of the API group). The API's own setting goes before the system's, and that before the default of 3000 ms.",
					"如果接口本身就慢而主机状态正常，在控制台调大超时时间（“配置 API > 高级配置”，或 API 分组的超时时间）。优先级：接口超时设置 > 系统超时设置 > 默认 3000 ms。",
				},
			},
			Acts: BusinessSystem,
			Look: []Text{lookDigest, lookMonitor, lookBackendLog},
			Notes: []Text{{
				"A timeout does not tell whether the business system finished the work later: before a write is repeated, check whether it took effect.",
				"超时并不能说明业务系统最终有没有执行成功；重试写操作之前，先确认它是否已经生效。",
			}},
			Sources: []Source{advancedPage, groupsPage, serverLogsPage, sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("服务请求超时，请稍后再试"),
				named("服务请求超时", "Service request timeout", "Service request timed out"),
			),
			Sample: "2026-11-20 02:13:05,123 ERROR [4001] com.example.order.query, no answer within 3000 ms",
		},
		{
			Code:     4002,
			Constant: "SERVER_REMOTEACCESSEXCEPTION",
			Title:    Text{"Exception in remote call to business system", "远程调用业务系统异常"},
			Cause: Text{
				"An exception occurred while the gateway called the business system, other than a timeout (4001) or an unknown host (4003). Only the stack trace in gateway-error.log tells which.",
				"网关调用业务系统时发生异常（超时为 4001，域名无法解析为 4003，不在此列）。具体是什么异常，只能看 gateway-error.log 中的堆栈。",
			},
			Remedy: []Text{
				stepTrace,
				stepGrep,
				{
					"If a connection was refused or reset: check on the business hosts that the process runs and listens, and from the gateway host that the port can be reached (`telnet HOST PORT`); then firewall, load balancer and, across VPCs, the security group of the ECS (both sides must be in one region).",
					"如果是连接被拒绝或被重置：在业务主机上确认进程在运行且端口已监听，再从网关主机测试端口是否可达（`telnet HOST PORT`），然后检查防火墙、负载均衡；跨 VPC 调用还要检查 ECS 安全组端口（且双方必须在同一地域）。",
				},
				{
					"If the exception came from the business system itself, hand the stack trace and the time to the team of that system.",
					"如果异常来自业务系统本身，把堆栈和时间交给该系统的负责团队。",
				},
				{
					"Without access to the gateway hosts (public cloud), begin with the business system: did the call arrive there at that time, and how did it end?",
					"如果看不到网关主机（公有云），先查业务系统：那个时间请求是否到达，结果如何。",
				},
			},
			Acts: GatewayOperations,
			Look: []Text{lookErrorLog, lookMonitor, lookBackendLog},
			Notes: []Text{{
				"Who must act in the end follows from the exception: the network between gateway and business hosts, or the business system.",
				"最终由谁处理取决于具体异常：可能是网关与业务主机之间的网络，也可能是业务系统。",
			}},
			Sources: []Source{troubleshootingPage, groupsPage, sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("远程调用业务系统异常"),
				named("Exception in remote call to business system", "Remote call on the business system failed"),
			),
			Sample: "2026-11-20 02:13:05,123 ERROR 0a1d76671795111985062829820658 com.example.order.query SERVER_REMOTEACCESSEXCEPTION\n" +
				"java.net.ConnectException: Connection refused\n" +
				"\tat java.net.PlainSocketImpl.socketConnect(Native Method)",
		},
		{
			Code:     4003,
			Constant: "SERVER_CREATEPROXYERROR",
			Title:    Text{"API group HOST exception", "API 分组 HOST 异常"},
			Cause: Text{
				"The gateway called an HTTP business system and got an UnknownHostException: the domain name configured for the API group cannot be resolved.",
				"网关调用 HTTP 业务系统时出现 UnknownHostException：API 分组中配置的域名无法解析。",
			},
			Remedy: []Text{
				{
					"In the console open the tab API group, find the HTTP group of the failing operationType and copy the host of its service address. Look for spelling mistakes, blanks, and a host of another environment.",
					"在控制台“API 分组”中找到该 operationType 所属的 HTTP 分组，取出“服务地址”中的域名；检查有无拼写错误、多余空格，或填成了其他环境的域名。",
				},
				{
					"On a gateway host run `getent hosts HOST`; no output means that the name cannot be resolved. Compare with another host: if only the gateway hosts fail, their DNS settings or /etc/hosts are at fault.",
					"在网关主机上执行 `getent hosts HOST`，没有输出即无法解析；再到其他主机上对比：如果只有网关主机解析失败，问题在这些主机的 DNS 配置或 /etc/hosts。",
				},
				{
					"For a group with cross-VPC HTTPS: its HTTPS domain must belong to a certificate issued by a CA. With a self-signed one the name is not resolved.",
					"如果分组启用了跨 VPC HTTPS：HTTPS 域名必须对应 CA 签发的证书，使用自签证书会导致域名解析失败。",
				},
				{
					"Correct the host in the API group, or the DNS record, and repeat the call.",
					"修正 API 分组中的域名或 DNS 记录，然后重试。",
				},
			},
			Acts: GatewayConfig,
			Look: []Text{lookErrorLog, lookOperations, lookConfigLog},
			Notes: []Text{{
				"The SDK's name SERVER_CREATEPROXYERROR keeps an older meaning, that a proxy for the remote call could not be created. Both editions of the page document the host error.",
				"SDK 中的常量名 SERVER_CREATEPROXYERROR 保留了旧含义“创建远程调用代理失败”；两个版本的文档都已改为 HOST 异常。",
			}},
			Sources: []Source{groupsPage, sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("创建远程调用代理失败"),
				named("API 分组 HOST 异常", "API group HOST exception"),
			),
			Sample: "2026-11-20 02:13:05,123 WARN resultStatus=4003, operationType=com.example.order.query\n" +
				"java.net.UnknownHostException: order.example.com",
		},
		{
			Code:     5000,
			Constant: "SERVER_UNKNOWERROR",
			Title:    Text{"Unknown exception", "未知异常"},
			Cause: Text{
				"The gateway failed in a way that no other code covers. Only the stack trace in gateway-error.log tells more.",
				"网关发生了其他结果码都没有涵盖的错误，只有 gateway-error.log 中的堆栈能说明原因。",
			},
			Remedy: []Text{
				stepHeaders,
				stepTrace,
				stepGrep,
				{
					"See whether all operationTypes fail or one, and all gateway hosts or one: one host alone is taken out of service, one API alone points to its configuration.",
					"看是所有 operationType 都失败还是只有一个、是所有网关主机还是只有一台：单台主机异常先将其摘除，单个 API 异常重点查该 API 的配置。",
				},
				stepAskSupport,
			},
			Acts: GatewayOperations,
			Look: []Text{lookErrorLog, lookDigest, lookConfigLog},
			Notes: []Text{
				{
					"The 2021 edition explains it as unknown errors, the 2026 edition as other critical errors.",
					"2021 版解释为“未知错误”，2026 版解释为“其他严重错误”。",
				},
				{
					"In an app's log a resultStatus of 5000 may also come from the Alipay payment SDK, where it means something else.",
					"在 App 日志中，resultStatus 为 5000 也可能来自支付宝支付 SDK，含义不同。",
				},
			},
			Sources: []Source{troubleshootingPage, sdkEnum, harmonyHeader},
			Memos:   named("未知异常", "未知错误", "Unknown exception"),
			Sample:  "2026-11-20 02:13:05,123 ERROR com.example.order.query Memo: 未知错误",
		},
		{
			Code:     7000,
			Constant: "PUBLIC_KEY_NOT_FOUND",
			Title:    Text{"Public key not set", "没有设置公钥"},
			Cause: Text{
				"No key for the request's appId: either the Security Guard in the app holds no key of this appId, or the gateway cannot get the signing key of this appId.",
				"请求中的 appId 没有对应的密钥：要么 App 内的无线保镖没有该 appId 的密钥，要么网关取不到该 appId 的签名密钥。",
			},
			Remedy: []Text{
				{
					"Compare the appId and workspaceId of the failing call (digest line, 7th and 8th field) with the app in the console. An appId that is not there, or of another environment, is the cause.",
					"将失败调用的 appId、workspaceId（摘要日志第 7、8 个字段）与控制台上的应用对比；如果该 appId 不存在或属于其他环境，原因就在这里。",
				},
				stepGuardConfig,
				stepGuardPicture,
				{
					"If every app version fails since the same minute, the gateway probably cannot get the key: look into gateway-error.log for the cause.",
					"如果所有 App 版本从同一时刻开始失败，很可能是网关取不到密钥：到 gateway-error.log 中查找原因。",
				},
			},
			Acts: ClientApp,
			Look: []Text{lookGuard, lookErrorLog, lookDigest},
			Notes: []Text{{
				"The 2021 edition calls it \"No public key available\".",
				"2021 版英文名称为 No public key available。",
			}},
			Sources: []Source{systemBusyPage, headersPage, miniProgramPage, sdkEnum},
			Memos:   named("没有设置公钥", "Public key not set", "No public key available"),
			Sample:  "2026-11-20 02:13:05.123 11581-11757/com.example.app E/DynamicRelease: [URGENT_DISP_2] com.alipay.mobile.common.rpc.RpcException: RPCException: [7000] : ",
		},
		{
			Code:     7001,
			Constant: "SIGNA_PARAM_MISSING",
			Title:    Text{"Insufficient parameters for signature verification", "验签的参数不够"},
			Cause: Text{
				"The gateway could not verify the signature because parameters for it are missing. In public captures the app had failed to sign just before: Security Guard reported an error and the request went out without a signature.",
				"验签所需的参数不全，网关验签不通过。公开日志中的情形是：App 在发送请求前签名失败（无线保镖报错），请求未带签名就发了出去。",
			},
			Remedy: []Text{stepGuardFirst, stepGuardConfig, stepGuardPicture, stepGuardOthers},
			Acts:   ClientApp,
			Look:   []Text{lookGuard, lookHeaders, lookErrorLog},
			Notes: []Text{
				{
					"The explanation on the page is word for word that of 7002; only the name says that parameters are missing.",
					"文档中的解释与 7002 完全相同，只有名称说明是参数不足。",
				},
				{
					"The public component gateway sent the texts as Result-memo and Result-tips in early 2020; the client does not read these, so its RpcException has an empty message.",
					"2020 年初公有云组件网关用 Result-memo、Result-tips 返回文案，客户端不读取这两个头，因此 RpcException 的消息为空。",
				},
			},
			Sources: []Source{issue3, systemBusyPage, sdkEnum},
			Memos: slices.Concat(
				distinctive("验签的参数不够", "签名验证失败"),
				named("Insufficient parameters for signature verification", "Not enough parameters for signature verification"),
			),
			Sample: "2026-11-20 02:13:05.123 11581-11757/com.example.app I/mynet_HttpWorker: [HttpManager.HttpWorker#bg#1] threadid = 1609; Response success. mOperationType=[com.example.order.query] . " +
				"response header=[HttpUrlHeader{headers=Date:Thu, 19 Nov 2026 18:13:05 GMT,Content-Length:0,Connection:keep-alive," +
				"Result-memo:%E9%AA%8C%E7%AD%BE%E7%9A%84%E5%8F%82%E6%95%B0%E4%B8%8D%E5%A4%9F%E3%80%82,Result-Status:7001,}].  response body =   ",
		},
		{
			Code:     7002,
			Constant: "SIGN_VERIFY_FAILED",
			Title:    Text{"Signature verification failed", "验签失败"},
			Cause: Text{
				"The request carries a signature, but it does not fit: the key in the app's Security Guard and the key of the appId on the gateway differ, or the request was changed after signing.",
				"请求带有签名，但验证不通过：App 无线保镖中的密钥与网关上该 appId 的密钥不一致，或者请求在签名之后被改动。",
			},
			Remedy: []Text{
				{
					"Split the failing calls by app version (digest line, 11th field). One version alone: its configuration or picture is wrong. All versions: the key on the gateway changed.",
					"按 App 版本（摘要日志第 11 个字段）统计失败调用：只有某个版本失败，是该版本的配置或图片有误；所有版本都失败，则是网关侧密钥发生了变化。",
				},
				stepGuardConfig,
				stepGuardPicture,
				stepGuardOthers,
				{
					"If it is only a few users, look for a proxy or tool between app and gateway that changes requests.",
					"如果只有少数用户失败，排查 App 与网关之间是否有改写请求的代理或工具。",
				},
			},
			Acts: ClientApp,
			Look: []Text{lookGuard, lookHeaders, lookErrorLog},
			Notes: []Text{{
				"The page itself only says that verification failed on the gateway. That the key or picture is the usual reason comes from the vendor's page on the 7XXX codes; after new configuration files were put in, 7002 has been reported too.",
				"结果码页面只说明网关验签不通过；“通常是密钥或图片有误”来自官方关于 7XXX 的排查说明。也有人在更换配置文件后遇到 7002。",
			}},
			Sources: []Source{systemBusyPage, ask562858, sdkEnum},
			Memos:   slices.Concat(distinctive("验签失败"), named("Signature verification failed")),
			Sample:  "2026-11-20 02:13:05.123456+0800 Demo[83767:2555863] [mPaaSLog] APMobileNetwork com.example.order.query resp:{ memo = \"验签失败\"; resultStatus = 7002; }",
		},
		{
			Code:     7003,
			Constant: "SIGN_TIME_STAMP_ERROR",
			Title:    Text{"Signature verification - timeliness failed", "验签-时效性失败"},
			Cause: Text{
				"The time stamp ts of the request is further from the gateway's time than its validity period allows: the device's clock is wrong, or an old request was sent again (replayed).",
				"请求中的时间戳 ts 超出了系统设置的有效期：要么设备时钟不准，要么是旧请求被重新发送（重放）。",
			},
			Remedy: []Text{
				{
					"Single devices: compare the device's date, time and time zone with the real ones and switch on automatic time.",
					"个别设备：核对设备的日期、时间和时区，并打开“自动设置时间”。",
				},
				{
					"Many devices at once: compare the clock of the gateway hosts with a time server (`date` on each host) and repair their time synchronisation.",
					"大量设备同时出现：检查网关主机的时钟（逐台执行 `date` 与时间服务器对比），修复时间同步。",
				},
				{
					"Look whether the same sign or the same ts occurs in several calls, or calls come from scripts or capture tools: then requests are being replayed and the gateway rightly rejects them.",
					"查看是否有多次调用使用相同的 sign 或 ts，或请求来自脚本、抓包工具：这是重放请求，网关拒绝是正确的。",
				},
				{
					"Check the validity period under Gateway management > Feature toggles > Timestamp for signature verification. It can be lengthened (up to 5,256,000 minutes), at the price of a longer window for replays.",
					"检查“网关管理 > 功能开关”中验签时间戳的有效期设置。可以调大（上限 5,256,000 分钟），代价是可被重放的时间窗口变长。",
				},
			},
			Acts: ClientApp,
			Look: []Text{lookHeaders, lookDigest},
			Notes: []Text{{
				"The client sends the time stamp in an encoded form in the header Ts.",
				"客户端在请求头 Ts 中发送编码后的时间戳。",
			}},
			Sources: []Source{managementPage, capture7003, sdkEnum},
			Memos: slices.Concat(
				distinctive("验签时间戳校验失败", "手机时间异常，请到系统时间设置，将其设为最新"),
				named("验签-时效性失败", "Signature verification - timeliness failed", "Signature verification - Timeliness failure"),
			),
			Sample: "2026-11-20 02:13:05,123 WARN com.example.order.query 验签时间戳校验失败",
		},
		{
			Code:     7007,
			Constant: "PRC_REQUESTTIME_EMPTY",
			Title:    Text{"Signature verification - missing ts parameter", "验签-缺少 ts 参数"},
			Cause: Text{
				"The API verifies signatures and the request has no ts parameter, the time of sending, which is part of what is signed.",
				"该 API 需要验签，但请求中缺少 ts（发送时间）参数，而 ts 是参与签名的内容之一。",
			},
			Remedy: []Text{
				{
					"Capture the failing request and check its headers for Ts. Requests of the mPaaS SDK bring it by themselves; a request without it is usually made by hand, by another HTTP library or by a test script.",
					"抓取失败的请求，查看请求头中是否有 Ts。mPaaS SDK 发出的请求会自动带上；没有的请求通常是手工构造、使用了其他 HTTP 库，或来自测试脚本。",
				},
				{
					"Let the app call through the SDK, or sign as the gateway's signature mechanism requires, with ts.",
					"改为通过 SDK 调用，或按网关签名机制补上 ts 并参与签名。",
				},
				{
					"If the SDK made the request, look for a proxy on the way that drops headers, and go on as for 7014.",
					"如果请求确实由 SDK 发出，排查链路上是否有丢弃请求头的代理，再参照 7014 处理。",
				},
				{
					"If this API is to be called without a signature, switch signature verification off for it (API configuration > Advanced).",
					"如果该 API 本来就允许不签名调用，在“配置 API > 高级配置”中关闭签名校验。",
				},
			},
			Acts:    ClientApp,
			Look:    []Text{lookHeaders, lookDetail, lookGuard},
			Sources: []Source{advancedPage, sdkEnum},
			Memos: named("验签-缺少 ts 参数", "Signature verification - missing ts parameter",
				"Signature verification - ts parameter is missing"),
			Sample: "2026-11-20 02:13:05,123 WARN com.example.order.query resultCode=7007",
		},
		{
			Code:     7014,
			Constant: "PRC_SIGN_EMPTY",
			Title:    Text{"Signature verification - missing sign parameter", "验签-缺少 sign 参数"},
			Cause: Text{
				"The request has no sign parameter: the app failed to sign it, as a rule because the Security Guard picture in the app is missing or does not belong to this package.",
				"请求缺少 sign 参数：客户端签名失败，通常是因为应用内没有无线保镖图片，或图片与当前安装包不匹配。",
			},
			Remedy: []Text{
				stepGuardFirst,
				{
					"Android: check that the apk is signed with the same key as the apk uploaded to the console, and that `drawable` in the apk holds a picture starting with `yw`.",
					"Android：确认当前 apk 的签名与上传到控制台的 apk 一致，并且 apk 的 `drawable` 下有以 `yw` 开头的图片。",
				},
				stepGuardPicture,
				{
					"With the newer Blue Shield instead of Security Guard: check absBase64Code in the configuration file and `abs_1222.jpg` in assets.",
					"如果使用的是新版“蓝盾”：检查配置文件中的 absBase64Code，以及 assets 下的 `abs_1222.jpg`。",
				},
				stepGuardOthers,
			},
			Acts: ClientApp,
			Look: []Text{lookGuard, lookHeaders},
			Notes: []Text{
				{
					"When alipay.client.getUnionResource fails with a 7XXX code, the H5 and mini-program container shows \"System busy\" or \"Network not available\"; the network is then not at fault.",
					"alipay.client.getUnionResource 以 7XXX 失败时，H5 或小程序容器会提示“系统繁忙”或“网络不可用”，此时并不是网络问题。",
				},
			},
			Sources: []Source{headersPage, ask510465, ask511209, ask688251, issue3, miniProgramPage, sdkEnum},
			Memos: slices.Concat(
				distinctive("验签RPC接口 加签数据为空"),
				named("验签-缺少 sign 参数", "Signature verification - missing sign parameter",
					"Signature verification - sign parameter is missing"),
			),
			Sample: "2026-11-20 02:13:05.123 11581-11723/com.example.app E/DynamicRelease: [URGENT_DISP_1] com.alipay.mobile.common.rpc.RpcException: RPCException: [7014] : 验签RPC接口 加签数据为空\n" +
				"\tat com.alipay.mobile.common.rpc.util.RpcInvokerUtil.preProcessResponse(RpcInvokerUtil.java:90)",
		},
		{
			Code:  8002,
			Title: Text{"Cross-domain preflight request (CORS preflight)", "跨域预检请求"},
			Cause: Text{
				"The gateway answered a browser's preflight request: before a call from another origin the browser sends an OPTIONS request to ask whether it may. Nothing failed.",
				"网关应答了浏览器的预检请求：浏览器在跨域调用前会先发送 OPTIONS 请求询问是否允许。这不是故障。",
			},
			Remedy: []Text{
				{
					"Nothing has to be done. When you count errors, leave 8002 out.",
					"无需处理。统计错误时请排除 8002。",
				},
				{
					"Only if the browser then reports a CORS error: check the cross-origin rule in the console (Gateway management > CORS) for this appId and this workspaceId; it is configured for each pair of them.",
					"只有当浏览器随后报跨域错误时才需要处理：在控制台“网关管理 > CORS”中检查该 appId 与 workspaceId 的跨域规则，规则按 appId + workspaceId 分别配置。",
				},
			},
			Acts: Nobody,
			Look: []Text{lookDigest, lookHeaders},
			Notes: []Text{{
				"By the pages' literal rule that every code but 1000 is an error, 8002 counts as a failure. It is in neither of the ranges they give for gateway errors.",
				"按文档“1000 之外都是错误”的字面规则，8002 会被计为失败；但它并不在文档给出的网关错误区间内。",
			}},
			Sources: []Source{corsPage, managementPage},
			Memos: named("跨域预检请求", "跨域预检请求(CORS preflight)", "Cross-domain preflight request (CORS preflight)",
				"Cross-domain pre-check request (CORS preflight)"),
			Sample: "2026-11-20 02:13:05,123 OPTIONS /mgw.htm Result-Status: 8002",
		},
	})
	for i := range entries {
		if e := &entries[i]; e.Acts != Nobody {
			e.Notes = append(e.Notes, noteCustomPrompt)
		}
	}
	return entries
}
