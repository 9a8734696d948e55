package catalog

import "mgslog/parser"

// iosEntries returns the codes of the iOS client, which only the 2026 edition
// lists.
func iosEntries() []Entry {
	noteNewTable := Text{
		"The table of iOS codes is new in the 2026 edition; the 2021 edition has none. On Android the same number means something else.",
		"iOS 错误码表仅见于 2026 版，2021 版没有。同一编号在 Android 上含义不同。",
	}
	return family(Entry{
		Platform:   parser.IOS,
		Side:       Client,
		Documented: true,
		Look:       []Text{lookXcode},
		Sources:    []Source{codesPage2026, iosHeader},
	}, []Entry{
		{
			Code:     0,
			Constant: "kDTRpcNetworkError",
			Title:    Text{"Cannot connect to the network", "网络无法连接"},
			Cause: Text{
				"Some network failure; iOS puts all of them under this code. Which one it was stands in the underlying error.",
				"网络故障。iOS 把所有网络错误都归到这个编号，具体原因在底层错误中。",
			},
			Remedy: []Text{
				{
					"Read the underlying error: in the exception's userInfo, key kDTRpcErrorCauseError. It is an NSError; its domain and code tell what failed (for NSURLErrorDomain: -1001 timeout, -1003 host not found, -1009 offline, -1200 to -1206 TLS and certificates).",
					"查看底层错误：异常 userInfo 中的键 kDTRpcErrorCauseError。它是 NSError，domain 和 code 说明具体原因（NSURLErrorDomain：-1001 超时，-1003 找不到主机，-1009 没有网络，-1200 至 -1206 为 TLS 与证书错误）。",
				},
				{
					"If the app's log does not hold it, have the app log it; without it nobody can tell the cause.",
					"如果 App 日志没有输出它，请客户端开发加上；没有它无法判断原因。",
				},
				stepOtherNetwork,
				stepGatewayReachable,
			},
			Acts:    Network,
			Notes:   []Text{noteNewTable},
			Sources: []Source{appleErrors},
			Sample:  sampleDTRpc("0", "kDTRpcNetworkError"),
		},
		{
			Code:     1,
			Constant: "kDTRpcEmptyResponse",
			Title:    Text{"Empty response", "返回数据为空"},
			Cause: Text{
				"The server answered without any data.",
				"服务器返回的数据为空。",
			},
			Remedy: []Text{
				{
					"Read the response headers of the call in the same log (result-status, memo, tips): gateway errors normally come with an empty body, and then result-status holds the code that matters.",
					"查看同一日志中该次调用的响应头（result-status、memo、tips）：网关报错时响应体通常为空，此时应以 result-status 中的结果码为准。",
				},
				{
					"If result-status is 1000, ask the team of the business system why it returned nothing; gateway-page-digest.log has the response size (21st field).",
					"如果 result-status 为 1000，向业务系统团队确认为什么返回空数据；gateway-page-digest.log 中可以看到响应大小（第 21 个字段）。",
				},
			},
			Acts:    BusinessSystem,
			Look:    []Text{lookXcode, lookHeaders, lookDigest},
			Notes:   []Text{noteNewTable},
			Sources: []Source{headersPage},
			Sample:  sampleDTRpc("1", "kDTRpcEmptyResponse"),
		},
		{
			Code:     2,
			Constant: "kDTRpcInvalidJSONString",
			Title:    Text{"Invalid JSON string", "JSON 字符串格式错误"},
			Cause: Text{
				"The text that the server returned is not valid JSON.",
				"服务器返回的字符串不是合法的 JSON，无法转换为 JSON 对象。",
			},
			Remedy: []Text{
				{
					"Capture the call and read the body. An HTML page comes from something on the way (proxy, firewall, Wi-Fi logon): settle it there.",
					"抓包查看响应体。如果是 HTML 页面，说明是中间环节（代理、防火墙、Wi-Fi 认证）返回的，到对应环节处理。",
				},
				{
					"If it is broken JSON, hand it with the trace id to the team of the business system; check mock data of the API too.",
					"如果是格式错误的 JSON，连同 TraceId 交给业务系统团队；同时检查该 API 的 Mock 数据。",
				},
			},
			Acts:   BusinessSystem,
			Look:   []Text{lookXcode, lookHeaders, lookDetail},
			Notes:  []Text{noteNewTable},
			Sample: sampleDTRpc("2", "kDTRpcInvalidJSONString"),
		},
		{
			Code:     3,
			Constant: "kDTRpcDecodeObjectError",
			Title:    Text{"JSON object deserialisation error", "JSON 对象反序列化错误"},
			Cause: Text{
				"The answer is JSON, but the client could not make its result object from it.",
				"返回的是 JSON，但客户端无法把它反序列化为结果对象。",
			},
			Remedy: []Text{
				{
					"Compare the fields and types of the answer (capture) with the result class in the app.",
					"将抓包得到的响应字段及类型与 App 中的结果类逐项对比。",
				},
				{
					"If the errors began without a new app version, the business system changed its answer: let it restore the agreed format. Otherwise correct the class in the app.",
					"如果 App 没有发版而突然出现，说明业务系统改了返回格式，应恢复约定的格式；否则修正 App 中的类。",
				},
			},
			Acts: ClientApp,
			Look: []Text{lookXcode, lookHeaders, lookDetail},
			Notes: []Text{noteNewTable, {
				"On Android 3 is an SSL error.",
				"在 Android 上，3 表示 SSL 错误。",
			}},
			Sample: sampleDTRpc("3", "kDTRpcDecodeObjectError"),
		},
		{
			Code:     4,
			Constant: "kDTRpcNetworkCancelled",
			Title:    Text{"Network request cancelled", "网络请求被取消"},
			Cause: Text{
				"The request was cancelled before it finished.",
				"网络请求在完成之前被取消。",
			},
			Remedy: []Text{
				{
					"Look in the device's log for what the user or the app did just before (page closed, search typed on, logged off). If it fits, nothing has to be done.",
					"在设备日志中查看此前用户或 App 的操作（关闭页面、继续输入搜索、退出登录）。如果吻合，无需处理。",
				},
				{
					"If nobody cancelled, find the code that does, and check that the app does not show this as a failure to the user.",
					"如果没有人取消，找出取消请求的代码；同时确认 App 不会把它当作失败提示给用户。",
				},
			},
			Acts:   ClientApp,
			Notes:  []Text{noteNewTable},
			Sample: sampleDTRpc("4", "kDTRpcNetworkCancelled"),
		},
		{
			Code:     5,
			Constant: "kDTRpcEncodeObjectError",
			Title:    Text{"JSON object serialisation error", "JSON 对象序列化错误"},
			Cause: Text{
				"The client could not turn the request object into JSON; nothing was sent.",
				"客户端无法把请求对象序列化为 JSON，请求没有发出。",
			},
			Remedy: []Text{
				{
					"Find the operationType in the log line and check the values that the app puts into its request object: types that JSON does not know (dates, binary data, custom classes), or numbers that are not finite.",
					"从日志中找到 operationType，检查 App 填入请求对象的值：是否有 JSON 不支持的类型（日期、二进制数据、自定义类），或非有限数值。",
				},
				{
					"Correct the request class and release a new version; nothing can be done on the server.",
					"修正请求类并发布新版本；服务端无法解决。",
				},
			},
			Acts:   ClientApp,
			Notes:  []Text{noteNewTable},
			Sample: sampleDTRpc("5", "kDTRpcEncodeObjectError"),
		},
		{
			Code:     6,
			Constant: "kDTRpcProtocolBuffersDecodeError",
			Title:    Text{"Protocol Buffers deserialisation error", "PB 对象反序列化错误"},
			Cause: Text{
				"The client could not decode the answer as the Protocol Buffers message it expects.",
				"客户端无法按预期的 PB 消息解析响应。",
			},
			Remedy: []Text{
				{
					"Check that app and business system were built from the same version of the .proto file; field numbers and types must agree.",
					"确认 App 与业务系统使用同一版本的 .proto 文件，字段编号和类型必须一致。",
				},
				{
					"Look at the data protocol of the call in gateway-page-digest.log (19th field): it must be PB. If it is JSON, the API and the app are set to different formats.",
					"查看 gateway-page-digest.log 中该次调用的数据协议（第 19 个字段），应为 PB；如果是 JSON，说明 API 与 App 的数据格式设置不一致。",
				},
			},
			Acts:   ClientApp,
			Look:   []Text{lookXcode, lookDigest},
			Notes:  []Text{noteNewTable},
			Sample: sampleDTRpc("6", "kDTRpcProtocolBuffersDecodeError"),
		},
		{
			Code:     9,
			Constant: "KDTRpcSizeControlError",
			Title:    Text{"RPC payload too large", "RPC 数据过大"},
			Cause: Text{
				"The data of the RPC are larger than the client allows, and the client throws an exception without processing them. The page says that this is handed to the caller, through [DTRpcInterface rpcSizeControl:size:isReq:NO].",
				"RPC 数据超过客户端允许的大小，客户端直接抛出异常。按文档，这一错误通过 [DTRpcInterface rpcSizeControl:size:isReq:NO] 交由调用方处理。",
			},
			Remedy: []Text{
				{
					"Find the operationType and its size: request and response size are the 20th and 21st field of its lines in gateway-page-digest.log.",
					"找到对应的 operationType 及其大小：gateway-page-digest.log 中第 20、21 个字段分别是请求和响应大小。",
				},
				{
					"Make the data smaller (pages instead of one list, no pictures inside the RPC).",
					"减小数据量：列表改为分页，图片不放在 RPC 中传输。",
				},
				{
					"If the size is intended, let the app's developers check what they do in rpcSizeControl and which limit applies.",
					"如果确实需要这么大，请客户端开发检查 rpcSizeControl 的实现以及生效的大小限制。",
				},
			},
			Acts: ClientApp,
			Look: []Text{lookXcode, lookDigest},
			Notes: []Text{noteNewTable, {
				"The page quotes the call with isReq:NO, which by its name is about responses; whether requests are controlled in the same way it does not say.",
				"文档给出的调用是 isReq:NO，从名称看针对的是响应；请求是否同样受控，文档没有说明。",
			}},
			Sample: sampleDTRpc("9", "KDTRpcSizeControlError"),
		},
		{
			Code:     24,
			Constant: "KDTRpcAbandonError",
			Title:    Text{"RPC discarded during account switch", "切换账号时 RPC 被丢弃"},
			Cause: Text{
				"The user changed the account while an RPC of the old logon was under way; its answer came after the change, so the client dropped it and threw an exception.",
				"用户切换账号时，原登录态的 RPC 还在进行；切换后才返回的响应被客户端丢弃并抛出异常。",
			},
			Remedy: []Text{
				{
					"Around an account switch this is intended: nothing has to be done. The app should not show it to the user, and should load its data anew for the new account.",
					"在切换账号前后出现属于预期行为，无需处理；App 不应提示用户，应以新账号重新加载数据。",
				},
				{
					"If it occurs without a switch, check the app's code for unwanted changes of the logon state.",
					"如果没有切换账号也出现，检查 App 代码是否误改了登录状态。",
				},
			},
			Acts:   ClientApp,
			Notes:  []Text{noteNewTable},
			Sample: sampleDTRpc("24", "KDTRpcAbandonError"),
		},
		{
			Code:  3003,
			Title: Text{"Decryption error", "解密错误"},
			Cause: Text{
				"The client could not decrypt the data. The page says no more; data encryption works only if app and gateway use the same algorithm and keys that belong together.",
				"客户端解密数据失败，文档没有给出更多说明。数据加密要求客户端与网关使用相同的算法和配套的密钥。",
			},
			Remedy: []Text{
				{
					"Compare mPaaSCrypt in the app's info.plist (Crypt, algorithm, PubKey, GWWhiteList) with the console: Gateway management > Feature toggles > Data encryption.",
					"将 App 的 info.plist 中 mPaaSCrypt 的 Crypt、算法、PubKey、GWWhiteList 与控制台“网关管理 > 功能开关 > 数据加密”对比。",
				},
				{
					"If the settings agree, see whether the gateway reports 3003 for the same calls too (gateway-page-digest.log, 9th field): then the request was at fault, see the gateway code 3003.",
					"如果设置一致，查看网关对同一批调用是否也报 3003（gateway-page-digest.log 第 9 个字段）：如果是，说明请求本身有问题，参见网关结果码 3003。",
				},
			},
			Acts: ClientApp,
			Look: []Text{lookXcode, lookDigest},
			Notes: []Text{{
				"The table of iOS codes is new in the 2026 edition; the 2021 edition has none.",
				"iOS 错误码表仅见于 2026 版，2021 版没有。",
			}, {
				"3003 is a gateway code as well. The iOS code has no constant; the page prints a slash in its place.",
				"3003 同时是网关结果码。iOS 的 3003 没有对应常量，文档中该栏为“/”。",
			}},
			Sources: []Source{encryptionPage},
			Sample:  sampleDTRpc("3003", ""),
		},
	})
}
