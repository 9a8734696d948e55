package catalog

import "mgslog/parser"

// The prompts that several Android codes share, in the wording of the 2026
// edition. The Chinese is a rendering of that wording, not a quotation.
var (
	promptNetworkError = Text{"Network error. Please try again later.", "网络异常，请稍后再试。"}
	promptNoNetwork    = Text{"Cannot connect to the network.", "无法连接网络。"}
	promptNoNetworkNow = Text{"Cannot connect to the network. Please try again later.", "无法连接网络，请稍后再试。"}
	promptPoorNetwork  = Text{"Poor network connection.", "网络连接不稳定。"}
)

var (
	notePromptNoNetwork = Text{
		"The 2021 edition words the prompt as \"Failed to connect to network\".",
		"2021 版英文提示语为“Failed to connect to network”。",
	}
	noteHTTPRanges = Text{
		"500 is in neither of the two HTTP ranges: read literally, both editions leave it out (one range is 400-499, the other 100-399 with 501-599). The pages join the second range's parts by \"and\", which no number can meet; it is read here as \"or\".",
		"500 不属于这两个 HTTP 区间中的任何一个：按字面，两个版本都漏掉了它（一个是 400–499，另一个是 100–399 和 501–599）。另外，文档用“且”连接后一区间的两部分，没有数字能同时满足，此处按“或”理解。",
	}
	noteHTTPOrigin = Text{
		"Gateway errors normally come with HTTP status 200 and the code in Result-Status. Another HTTP status therefore points to something between app and gateway, such as a proxy, a load balancer or a firewall.",
		"网关报错时 HTTP 状态码通常仍是 200，结果码在 Result-Status 中。因此其他 HTTP 状态码多半来自 App 与网关之间的环节，例如代理、负载均衡或防火墙。",
	}
)

// androidEntries returns the codes of the Android client, with the two ranges
// of HTTP status codes. The constants keep the SDK's own spelling.
func androidEntries() []Entry {
	return family(Entry{
		Platform:   parser.Android,
		Side:       Client,
		Documented: true,
		Look:       []Text{lookLogcat},
		Sources:    []Source{codesPage2026, codesPage2021, sdkEnum},
	}, []Entry{
		{
			Code:     0,
			Constant: "CLIENT_UNKNOWN_ERROR",
			Title:    Text{"Unknown error", "未知错误"},
			Cause: Text{
				"The client failed in a way that none of its other codes covers.",
				"客户端发生了其他错误码都没有涵盖的错误。",
			},
			Remedy: []Text{
				stepAndroidCause,
				{
					"If the log names no cause, reproduce with a debug build of the same version and read the log again.",
					"如果日志没有给出根因，用同一版本的 Debug 包复现后再看日志。",
				},
				stepRetryThenReport,
			},
			Acts:   ClientApp,
			Notes:  []Text{noteClientCode},
			Prompt: Text{"Unknown error. Please try again later.", "未知错误，请稍后再试。"},
			Sample: sampleInvoker("0"),
		},
		{
			Code:     1,
			Constant: "CLIENT_TRANSPORT_UNAVAILABAL_ERROR",
			Title:    Text{"No transport available", "没有可用的 Transport"},
			Cause: Text{
				"The client has no object to communicate with: no transport was set before the call.",
				"客户端找不到通信对象：调用之前没有设置 Transport。",
			},
			Remedy: []Text{
				{
					"Check that the app initialises mPaaS and its RPC component before the first call, also in processes other than the main one.",
					"检查 App 是否在首次调用之前初始化了 mPaaS 及其 RPC 组件，包括主进程之外的其他进程。",
				},
				{
					"If it occurs only in some builds, compare their mPaaS components: the network library may be missing or excluded.",
					"如果只在某些构建中出现，对比各构建引入的 mPaaS 组件，看网络库是否缺失或被排除。",
				},
				stepAndroidCause,
			},
			Acts:   ClientApp,
			Notes:  []Text{noteClientCode},
			Prompt: promptNetworkError,
			Sample: sampleInvoker("1"),
		},
		{
			Code:     2,
			Constant: "CLIENT_NETWORK_UNAVAILABLE_ERROR",
			Title:    Text{"No network connectivity", "客户端无网络"},
			Cause: Text{
				"The device has no network for this app: switched off (flight mode, no Wi-Fi, no mobile data) or forbidden to the app by its permissions.",
				"设备上该 App 无法使用网络：网络被关闭（飞行模式、未开 Wi-Fi 或移动数据），或系统禁用了该 App 的网络权限。",
			},
			Remedy: []Text{
				{
					"On the device: switch on Wi-Fi or mobile data and check in the system settings that this app may use them.",
					"在设备上打开 Wi-Fi 或移动数据，并在系统设置中确认允许该 App 使用网络。",
				},
				{
					"If other apps work and this one does not, look for a firewall, data saver or device management that blocks it.",
					"如果其他 App 正常而该 App 不行，检查是否被防火墙、省流量模式或设备管理策略禁止联网。",
				},
				{
					"Seen across many users at a constant rate this is everyday life on mobile networks; act only when the rate jumps.",
					"在大量用户中以稳定比例出现属于移动网络的常态，比例突增时才需要排查。",
				},
			},
			Acts:   Network,
			Notes:  []Text{noteClientCode, notePromptNoNetwork},
			Prompt: promptNoNetwork,
			Sample: sampleInvoker("2"),
		},
		{
			Code:     3,
			Constant: "CLIENT_NETWORK_SSL_ERROR",
			Title:    Text{"SSL error", "SSL 错误"},
			Cause: Text{
				"The TLS/SSL connection could not be set up: the handshake failed or the certificate was rejected. A wrong date on the device makes a good certificate look invalid.",
				"SSL 连接建立失败：握手出错，或证书校验不通过。设备日期不正确时，有效的证书也会被判为无效。",
			},
			Remedy: []Text{
				{
					"Correct date, time and time zone on the device and try again.",
					"校正设备的日期、时间和时区后重试。",
				},
				{
					"Check the gateway's certificate from outside: `openssl s_client -connect HOST:443 -servername HOST` shows the chain and the date of expiry. If it has expired or the chain is incomplete, all devices fail: renew it at once.",
					"从外部检查网关证书：执行 `openssl s_client -connect HOST:443 -servername HOST`，查看证书链和到期时间。如果已过期或证书链不完整，所有设备都会失败，需立即更新。",
				},
				{
					"If only one network fails, a proxy or capture tool there replaces the certificate; try another network.",
					"如果只有某个网络失败，多半是该网络中的代理或抓包工具替换了证书，换一个网络验证。",
				},
			},
			Acts: Network,
			Notes: []Text{
				noteClientCode,
				{
					"3 is an SSL error on Android only; on iOS it is an error in decoding JSON.",
					"只有在 Android 上 3 才表示 SSL 错误；在 iOS 上表示 JSON 反序列化错误。",
				},
				{
					"The 2021 edition words the prompt as \"Incorrect client certificate. Check if the mobile time setting is correct.\" The certificate in question is the one that the client checks.",
					"2021 版英文提示语为“Incorrect client certificate. Check if the mobile time setting is correct.”。这里说的是客户端校验的证书。",
				},
			},
			Prompt: Text{
				"The client certificate is incorrect. Check if the phone's time setting is accurate.",
				"客户端证书错误，请检查手机时间设置是否准确。",
			},
			Sample: sampleInvoker("3"),
		},
		{
			Code:     4,
			Constant: "CLIENT_NETWORK_CONNECTION_ERROR",
			Title:    Text{"Connection timeout", "网络连接超时"},
			Cause: Text{
				"The TCP connection was not established within 10 s.",
				"TCP 连接在 10 秒内没有建立成功。",
			},
			Remedy: []Text{
				stepOtherNetwork,
				stepGatewayReachable,
				{
					"If all networks fail at once, look at the way in to the gateway: load balancer, firewall, full connection queues.",
					"如果所有网络同时失败，排查网关入口：负载均衡、防火墙、连接队列是否已满。",
				},
			},
			Acts:   Network,
			Notes:  []Text{noteClientCode},
			Prompt: promptPoorNetwork,
			Sample: sampleInvoker("4"),
		},
		{
			Code:     5,
			Constant: "CLIENT_NETWORK_SOCKET_ERROR",
			Title:    Text{"Read or write timeout", "读写超时"},
			Cause: Text{
				"The connection was there, but sending or receiving timed out (socket timeout), typically on a slow network.",
				"连接已建立，但收发数据超时（socketTimeout），通常是客户端网速过慢。",
			},
			Remedy: []Text{
				stepDigestCount,
				{
					"If they reach it, compare elapsed time (4th field) and response size (21st field) there: a slow or large answer is a matter for the business system, a quick one points to the device's network.",
					"如果到达了，查看其中的耗时（第 4 个字段）和响应大小（第 21 个字段）：应答慢或过大应由业务系统优化；应答快则问题在设备所在网络。",
				},
				stepOtherNetwork,
			},
			Acts:   Network,
			Look:   []Text{lookLogcat, lookDigest},
			Notes:  []Text{noteClientCode},
			Prompt: promptPoorNetwork,
			Sample: sampleInvoker("5"),
		},
		{
			Code:     6,
			Constant: "CLIENT_NETWORK_SERVER_ERROR",
			Title:    Text{"No response from the server", "服务器没有响应"},
			Cause: Text{
				"The request was sent and the connection ended without any answer (NoHttpResponseException).",
				"请求已经发出，但没有收到任何响应（NoHttpResponseException）。",
			},
			Remedy: []Text{
				stepDigestCount,
				{
					"If the calls are in the gateway's log, the answer was lost on its way: look at load balancer and proxies, above all for idle connections that they close earlier than the client expects.",
					"如果网关日志中有这些调用，说明响应在途中丢失：检查负载均衡和代理，重点看空闲连接是否比客户端预期更早被关闭。",
				},
				{
					"If they are not, the request did not arrive: check the same places and the gateway hosts' state.",
					"如果没有，说明请求没有到达：同样检查这些环节以及网关主机的状态。",
				},
			},
			Acts:   Network,
			Look:   []Text{lookLogcat, lookDigest},
			Notes:  []Text{noteClientCode},
			Prompt: promptNetworkError,
			Sample: sampleInvoker("6"),
		},
		{
			Code:     7,
			Constant: "CLIENT_NETWORK_ERROR",
			Title:    Text{"Network I/O error", "网络 I/O 错误"},
			Cause: Text{
				"Reading from or writing to the network failed (IOException), for example because the connection broke.",
				"网络读写失败（IOException），例如连接中途断开。",
			},
			Remedy: []Text{
				stepAndroidCause,
				stepOtherNetwork,
				stepGatewayReachable,
			},
			Acts:   Network,
			Notes:  []Text{noteClientCode},
			Prompt: promptNetworkError,
			Sample: sampleInvoker("7"),
		},
		{
			Code:     8,
			Constant: "CLIENT_NETWORK_SCHEDULE_ERROR",
			Title:    Text{"Request scheduling error", "网络请求调度错误"},
			Cause: Text{
				"The client could not schedule the request, because the thread that was to execute it was interrupted.",
				"客户端调度网络请求时出错：执行请求的线程被中断。",
			},
			Remedy: []Text{
				stepAndroidCause,
				{
					"Look for the app's own code that cancels tasks or shuts down thread pools while calls are running, for example when a page is closed.",
					"检查 App 代码中是否会在调用进行时取消任务或关闭线程池，例如页面关闭时。",
				},
				{
					"Repeat the call where the result is still wanted; an interruption on leaving a page needs no cure.",
					"如果仍需要结果，重新发起调用；离开页面造成的中断无需处理。",
				},
			},
			Acts:   ClientApp,
			Notes:  []Text{noteClientCode},
			Prompt: promptNetworkError,
			Sample: sampleInvoker("8"),
		},
		{
			Code:     9,
			Constant: "CLIENT_HANDLE_ERROR",
			Title:    Text{"Client processing error", "客户端处理错误"},
			Cause: Text{
				"The client failed while preparing or executing the call: in serialising the request, in processing the annotations of the interface, or in the executing thread.",
				"客户端在准备或执行调用时出错：请求序列化、接口注解处理或线程执行失败。",
			},
			Remedy: []Text{
				stepAndroidCause,
				{
					"Check the RPC interface of this operationType in the app: annotations present, parameter classes serialisable, no class or annotation removed or renamed by code shrinking (ProGuard, R8).",
					"检查 App 中该 operationType 的 RPC 接口：注解是否齐全，参数类能否序列化，以及混淆（ProGuard、R8）有没有移除或重命名相关类和注解。",
				},
				{
					"If only release builds fail, add keep rules for the RPC interfaces and model classes.",
					"如果只有 Release 包失败，为 RPC 接口和模型类添加 keep 规则。",
				},
			},
			Acts: ClientApp,
			Notes: []Text{
				noteClientCode,
				{
					"9 on iOS is another thing: a payload that is too large.",
					"iOS 上的 9 含义不同：表示 RPC 数据过大。",
				},
			},
			Prompt: promptNetworkError,
			Sample: sampleInvoker("9"),
		},
		{
			Code:     10,
			Constant: "CLIENT_DESERIALIZER_ERROR",
			Title:    Text{"Deserialisation error", "数据反序列化错误"},
			Cause: Text{
				"The client could not turn the answer into its result object: the data from the server have another format than the app expects.",
				"客户端无法把响应反序列化为结果对象：服务器返回的数据格式与 App 预期不符。",
			},
			Remedy: []Text{
				{
					"Capture the call and read the response body: is it JSON (or PB) at all, or an error page put in by something on the way?",
					"抓包查看响应体：它是 JSON（或 PB）数据，还是中间环节返回的错误页面？",
				},
				{
					"Compare its fields and types with the result class in the app. Ask the team of the business system what it changed if the errors began suddenly.",
					"将字段和类型与 App 中的结果类对比；如果是突然出现，向业务系统团队确认最近的改动。",
				},
				{
					"Let the side be corrected that departed from the agreed interface.",
					"由偏离接口约定的一方修正。",
				},
			},
			Acts: BusinessSystem,
			Look: []Text{lookLogcat, lookHeaders, lookDetail},
			Notes: []Text{
				noteClientCode,
				{
					"In results of the H5 JSAPI rpc, error 10 means a network error instead.",
					"H5 JSAPI rpc 返回的 error 为 10 时，含义是网络错误，与此不同。",
				},
			},
			Prompt: promptNetworkError,
			Sample: sampleConstant("CLIENT_DESERIALIZER_ERROR"),
		},
		{
			Code:     13,
			Constant: "CLIENT_INTERUPTED_ERROR",
			Title:    Text{"Request interrupted", "请求被中断"},
			Cause: Text{
				"The running request was broken off, for example because its thread was interrupted.",
				"正在进行的请求被中断，例如所在线程被中断。",
			},
			Remedy: []Text{
				{
					"Look in the device's log for what happened just before: a page closed, a task cancelled, the app sent to the background.",
					"在设备日志中查看中断之前发生了什么：页面关闭、任务取消，还是 App 切到后台。",
				},
				{
					"If users did that themselves, nothing has to be done. If not, find the code that interrupts the thread.",
					"如果是用户操作引起的，无需处理；否则找出中断线程的代码。",
				},
			},
			Acts:   ClientApp,
			Notes:  []Text{noteClientCode},
			Prompt: promptNetworkError,
			Sample: sampleConstant("CLIENT_INTERUPTED_ERROR"),
		},
		{
			Code:     15,
			Constant: "CLIENT_NETWORK_AUTH_ERROR",
			Title:    Text{"Network authorisation error", "网络授权错误"},
			Cause: Text{
				"The connection was refused (HttpHostConnectException, \"Connection to … refused\"): there is no network, or the server rejects connections.",
				"连接被拒绝（HttpHostConnectException：“Connection to … refused”）：没有网络，或服务器拒绝连接。",
			},
			Remedy: []Text{
				{
					"Check the address and port named in the exception: do they belong to the gateway of this environment (rpcGW in the app's configuration file)?",
					"查看异常中的地址和端口：是不是当前环境的网关地址（应用配置文件中的 rpcGW）？",
				},
				{
					"Try that address and port from another network. If it is refused there too, nothing listens or a firewall rejects it: check the gateway's load balancer.",
					"从其他网络访问该地址和端口。如果同样被拒绝，说明没有服务在监听或被防火墙拒绝，检查网关的负载均衡。",
				},
				{
					"If it works elsewhere, check the device's network, including a Wi-Fi that asks for a logon in the browser first.",
					"如果其他网络正常，检查设备所在网络，包括需要先在浏览器登录认证的 Wi-Fi。",
				},
			},
			Acts:   Network,
			Notes:  []Text{noteClientCode, notePromptNoNetwork},
			Prompt: promptNoNetwork,
			Sample: sampleConstant("CLIENT_NETWORK_AUTH_ERROR"),
		},
		{
			Code:     16,
			Constant: "CLIENT_NETWORK_DNS_ERROR",
			Title:    Text{"DNS resolution error", "DNS 解析错误"},
			Cause: Text{
				"The device could not resolve the gateway's domain name.",
				"设备无法解析网关域名。",
			},
			Remedy: []Text{
				{
					"Check the domain name in the app's configuration file (rpcGW) for spelling and environment.",
					"检查应用配置文件（rpcGW）中的域名是否拼写正确、环境是否正确。",
				},
				{
					"Resolve it with `nslookup HOST` from the same network and from another one. Nowhere: correct the DNS record. Only there: that network's DNS server is at fault; try another.",
					"分别在同一网络和其他网络执行 `nslookup HOST`。都解析不了：修正 DNS 记录；只有该网络解析不了：是该网络的 DNS 服务器问题，更换后再试。",
				},
			},
			Acts: Network,
			Notes: []Text{
				noteClientCode,
				{
					"Not to be confused with 4003: there the gateway cannot resolve the host of the business system.",
					"不要与 4003 混淆：4003 是网关无法解析业务系统的域名。",
				},
				notePromptNoNetwork,
			},
			Prompt: promptNoNetworkNow,
			Sample: sampleConstant("CLIENT_NETWORK_DNS_ERROR"),
		},
		{
			Code:     18,
			Constant: "NETWORK_TRAFIC_BEYOND_LIMIT",
			Title:    Text{"Client-side network throttling", "客户端网络限流"},
			Cause: Text{
				"The app itself held the request back: its traffic exceeded the threshold of the client's own throttling. The gateway has no part in it.",
				"请求被客户端自身限制：App 的请求流量超过了客户端限流阈值，与网关无关。",
			},
			Remedy: []Text{
				{
					"Count the app's calls by operationType in logcat: look for a loop that repeats a call without a pause.",
					"在 logcat 中按 operationType 统计 App 的调用，查找没有间隔的循环重试。",
				},
				{
					"Have the app's developers call less often (a pause that grows with every retry, results kept and reused).",
					"请客户端开发降低调用频率：重试间隔逐次加大，结果缓存复用。",
				},
			},
			Acts: ClientApp,
			Notes: []Text{
				noteClientCode,
				{
					"Throttling by the gateway has the code 1002.",
					"网关侧限流的结果码是 1002。",
				},
				{
					"The 2021 edition words the prompt as \"Network has been limited. Please try again later.\"",
					"2021 版英文提示语为“Network has been limited. Please try again later.”。",
				},
			},
			Prompt: Text{"Network access is throttled. Please try again later.", "网络访问受限，请稍后再试。"},
			Sample: sampleConstant("NETWORK_TRAFIC_BEYOND_LIMIT"),
		},
		{
			Code:   100,
			Ranges: []Range{{100, 399}, {501, 599}},
			Title:  Text{"HTTP request failed", "HTTP 请求失败"},
			Cause: Text{
				"The answer came with an HTTP status code that does not mean success; the code is that status.",
				"响应的 HTTP 状态码表示请求没有成功，错误码就是该状态码。",
			},
			Remedy: []Text{
				{
					"Capture the call and read the whole answer: its Server and Via headers and its body usually name who sent it.",
					"抓包查看完整响应：响应头 Server、Via 以及响应体通常能看出是谁返回的。",
				},
				{
					"3xx: something redirects, typically a Wi-Fi that asks for a logon, or a changed gateway address. Log on to that Wi-Fi, or correct rpcGW in the app's configuration file.",
					"3xx：被重定向，常见于需要登录认证的 Wi-Fi 或网关地址变更。完成 Wi-Fi 认证，或修正应用配置文件中的 rpcGW。",
				},
				{
					"502, 503, 504: the load balancer or proxy in front got no proper answer from the gateway. Check whether the gateway hosts are up, and gateway-page-digest.log for the same minutes.",
					"502、503、504：前面的负载均衡或代理没有从网关得到正常响应。检查网关主机是否正常，以及 gateway-page-digest.log 同一时段的记录。",
				},
				stepOtherNetwork,
			},
			Acts:   Network,
			Look:   []Text{lookLogcat, lookHeaders, lookDigest},
			Notes:  []Text{noteHTTPRanges, noteHTTPOrigin, notePromptNoNetwork},
			Prompt: promptNoNetworkNow,
			Sample: sampleInvoker("502"),
		},
		{
			Code:   400,
			Ranges: []Range{{400, 499}},
			Title:  Text{"HTTP status 4xx", "HTTP 状态码 4xx"},
			Cause: Text{
				"The answer came with an HTTP status code of the 4xx family: whoever answered considers the request wrong or not allowed. The code is that status.",
				"响应的 HTTP 状态码为 4xx：应答方认为请求有误或不被允许。错误码就是该状态码。",
			},
			Remedy: []Text{
				{
					"404: check the gateway's address in the app's configuration file (rpcGW), including the path /mgw.htm.",
					"404：检查应用配置文件中的网关地址（rpcGW），包括路径 /mgw.htm。",
				},
				{
					"403 or 405: search the block log of the firewall (WAF) in front of the gateway for the client's IP address and the time, and let the request pass if it was rejected by mistake.",
					"403 或 405：按客户端 IP 和时间查网关前置防火墙（WAF）的拦截记录，误拦截则放行。",
				},
				{
					"407: the device's network demands a proxy with a logon; try another network.",
					"407：设备所在网络要求代理认证，换一个网络再试。",
				},
				{
					"Others: capture the call; the Server and Via headers and the body name who answered. Ask there.",
					"其他：抓包查看响应头 Server、Via 和响应体，确认是谁返回的，再找对应的负责方。",
				},
			},
			Acts:   Network,
			Look:   []Text{lookLogcat, lookHeaders},
			Notes:  []Text{noteHTTPRanges, noteHTTPOrigin, notePromptNoNetwork},
			Prompt: promptNoNetwork,
			Sample: sampleInvoker("404"),
		},
	})
}
