package catalog

import "mgslog/parser"

var (
	noteSDKOnly = Text{
		"Not documented for MGS: neither edition of the result-code page lists this number. What is said here is only what the client SDK's constant and its comment say.",
		"MGS 文档没有说明该编号（两个版本的结果码页面都没有列出），此处仅转述客户端 SDK 的常量名及其注释。",
	}
	stepErrorLogAny = Text{
		"On that host run `cd /home/admin/logs/gateway && grep -A 50 TRACE-ID *.log` and see what the gateway itself says of this call.",
		"登录该主机，执行 `cd /home/admin/logs/gateway && grep -A 50 TRACE-ID *.log`，查看网关对这次调用的记录。",
	}
)

// sdkEntries returns the codes that only the client SDKs name. The documents
// give no cause or remedy for them, so these entries say what the constant
// says and how to find out more.
func sdkEntries() []Entry {
	var entries []Entry

	server := func(code parser.Code, number, constant string, title, cause, check Text) {
		entries = append(entries, Entry{
			Platform: parser.Server,
			Code:     code,
			Side:     Gateway,
			Constant: constant,
			Title:    title,
			Cause:    cause,
			Remedy:   []Text{check, stepTrace, stepErrorLogAny, stepAskSupport},
			Acts:     ClientApp,
			Look:     []Text{lookHeaders, lookErrorLog},
			Notes:    []Text{noteSDKOnly},
			Sources:  []Source{sdkEnum},
			Sample:   "2026-11-20 02:13:05,123 WARN com.example.order.query Result-Status: " + number,
		})
	}
	// absent is a server code that says that a request parameter is empty.
	absent := func(code parser.Code, number, constant, parameter string) {
		server(code, number, constant,
			Text{"Parameter " + parameter + " is empty", "参数 " + parameter + " 为空"},
			Text{
				"By the SDK's constant the request carried no " + parameter + ".",
				"按 SDK 常量的含义：请求中的 " + parameter + " 为空。",
			},
			Text{
				"Capture a failing request and check whether it carries " + parameter + "; if it does not, let the app's developers find out why.",
				"抓取一次失败的请求，检查是否带有 " + parameter + "；如果没有，请客户端开发排查原因。",
			})
	}
	absent(7004, "7004", "PRC_OPERATIONTYPE_EMPTY", "operationType")
	absent(7005, "7005", "PRC_PRODCUTID_EMPTY", "productId")
	absent(7006, "7006", "PRC_DID_EMPTY", "did")
	absent(7008, "7008", "PRC_IMEI_EMPTY", "imei")
	absent(7009, "7009", "PRC_IMSI_EMPTY", "imsi")
	absent(7010, "7010", "PRC_APIVERSION_EMPTY", "apiVersion")
	server(7011, "7011", "PRC_NO_AUTHORIZED",
		Text{"User has no permission", "用户没有权限"},
		Text{"By the SDK's comment the user has no permission for this RPC.", "按 SDK 注释：用户没有权限。"},
		Text{
			"Check whether only certain users get it, and what right they lack for this API.",
			"检查是否只有部分用户出现，以及他们缺少该 API 的哪项权限。",
		})
	server(7012, "7012", "PRC_NO_PUBLISHED",
		Text{"RPC is not published", "RPC 没有对外开放"},
		Text{"By the SDK's comment the RPC is not open to the outside.", "按 SDK 注释：RPC 没有对外开放。"},
		Text{
			"Check in the console that the API of this operationType is registered in this workspace and switched on (the documented code for that is 3000).",
			"在控制台确认该 operationType 的 API 已在当前 workspace 注册并开放（文档中对应的结果码是 3000）。",
		})
	server(7013, "7013", "PRC_SECRET_EMPTY",
		Text{"No secret for the productId", "productId 未注册或密钥为空"},
		Text{
			"By the SDK's comment the productId is not registered, or the key fetched for it is empty.",
			"按 SDK 注释：productId 没有注册，或者获取到的密钥为空。",
		},
		Text{
			"Compare productId, appId and workspaceId of the failing call (digest line, 10th, 7th and 8th field) with the app in the console (the documented code for a missing key is 7000).",
			"将失败调用的 productId、appId、workspaceId（摘要日志第 10、7、8 个字段）与控制台上的应用对比（文档中缺少密钥的结果码是 7000）。",
		})
	server(7015, "7015", "PRC_SIGN_INVALID",
		Text{"Sign invalid", "签约无效"},
		Text{
			"By the SDK's constant the sign is invalid; its Chinese comment speaks of a service agreement that is not valid. Which of the two is meant is not clear.",
			"SDK 注释为“签约无效”，而常量名的字面意思是签名无效，究竟指哪一种尚不明确。",
		},
		Text{
			"If the same app also gets 7002, treat it as a signature error first.",
			"如果同一应用还出现 7002，先按验签失败排查。",
		})
	server(7016, "7016", "PRC_SID_EMPTY",
		Text{"Logon RPC without sid", "请求登录 RPC 未传 sid"},
		Text{
			"By the SDK's comment an RPC that requires logon was called without the session id sid.",
			"按 SDK 注释：请求需要登录的 RPC 时必须传入 sid，而本次没有传。",
		},
		Text{
			"Check whether the user was logged on at the time of the call, and whether the request carries sid.",
			"检查调用时用户是否已登录，以及请求中是否带有 sid。",
		})
	server(7017, "7017", "PRC_SID_INVALID",
		Text{"Session id invalid", "sid 无效"},
		Text{"By the SDK's constant the session id sid is not valid.", "按 SDK 常量的含义：sid 无效。"},
		Text{
			"Log on again; if that helps, the session had expired or was removed.",
			"重新登录后再试；如果恢复，说明会话已过期或被清除。",
		})
	server(7018, "7018", "PRC_TOKEN_INVALID",
		Text{"Token invalid", "token 无效"},
		Text{"By the SDK's constant the token of the call is not valid.", "按 SDK 常量的含义：token 无效。"},
		Text{
			"Log on again; if that helps, the token had expired or was withdrawn.",
			"重新登录后再试；如果恢复，说明 token 已过期或被作废。",
		})
	server(7019, "7019", "PRC_TOKEN_ALIPAYUSER_EMPTY",
		Text{"No Alipay user for the token", "token 对应的支付宝用户为空"},
		Text{
			"By the SDK's constant no Alipay user belongs to the token.",
			"按 SDK 常量的含义：token 对应的支付宝用户为空。",
		},
		Text{
			"Check whether this app works with Alipay accounts at all; an mPaaS app of your own usually does not, and the record may come from another gateway.",
			"先确认该应用是否使用支付宝账号；自有的 mPaaS 应用一般不使用，这条记录可能来自其他网关。",
		})

	entries = append(entries, Entry{
		Platform: parser.Server,
		Code:     8001,
		Side:     SideUnknown, // no page names it and no range holds it
		Constant: "RESPONSE_DATA_NOT_MODIFIED",
		Title:    Text{"Response data not modified", "响应数据未变化"},
		Cause: Text{
			"By the SDK's constant the data have not changed since the client last fetched them (ETag), so the client may use its cached copy.",
			"按 SDK 常量的含义：数据自上次获取以来没有变化（ETag），客户端可以使用本地缓存。",
		},
		Remedy: []Text{
			{
				"Nothing has to be done. The client counts 8001 as success; when you count errors, leave it out.",
				"无需处理。客户端把 8001 视为成功；统计错误时请排除。",
			},
			{
				"If users see stale data, check the ETag cache in the API's advanced settings in the console.",
				"如果用户看到的是旧数据，检查控制台中该 API 高级配置里的 ETag 缓存。",
			},
		},
		Acts:    Nobody,
		Look:    []Text{lookDigest, lookHeaders},
		Notes:   []Text{noteSDKOnly},
		Sources: []Source{sdkEnum, configurePage},
		Sample:  "2026-11-20 02:13:05,123 WARN com.example.order.query RESPONSE_DATA_NOT_MODIFIED",
	})

	client := func(p parser.Platform, code parser.Code, constant string, title, cause, check Text) {
		e := Entry{
			Platform: p,
			Code:     code,
			Side:     Client,
			Constant: constant,
			Title:    title,
			Cause:    cause,
			Remedy:   []Text{check, stepRetryThenReport},
			Acts:     ClientApp,
			Notes:    []Text{noteSDKOnly, noteClientCode},
		}
		if p == parser.IOS {
			e.Look = []Text{lookXcode}
			e.Sources = []Source{iosHeader}
			e.Sample = "2026-11-20 02:13:05.123456+0800 Demo[83767:2555863] [mPaaSLog] APMobileNetwork com.example.order.query DTRpcException reason=" + constant
		} else {
			e.Look = []Text{lookLogcat}
			e.Sources = []Source{sdkEnum}
			e.Sample = sampleConstant(constant)
		}
		entries = append(entries, e)
	}
	client(parser.Android, 11, "CLIENT_LOGIN_FAIL_ERROR",
		Text{"Client logon failed", "客户端登录失败"},
		Text{"By the SDK's comment the client's logon failed.", "按 SDK 注释：客户端登录失败。"},
		Text{
			"Log on again in the app and look in logcat for the failing logon call; its own code tells the reason.",
			"在 App 中重新登录，并在 logcat 中查找失败的登录调用，以该调用自身的结果码为准。",
		})
	client(parser.Android, 12, "CLIENT_USER_CHANGE_ERROR",
		Text{"Logon account changed", "登录账号切换"},
		Text{"By the SDK's comment the logon account was switched.", "按 SDK 注释：登录账号发生了切换。"},
		Text{
			"Check in the log whether the user switched accounts while the call was running; if so, load the data again for the new account.",
			"从日志确认调用期间用户是否切换了账号；如果是，以新账号重新加载数据。",
		})
	client(parser.Android, 14, "CLIENT_NETWORK_CACHE_ERROR",
		Text{"Network cache error", "网络缓存错误"},
		Text{"By the SDK's constant the client's network cache failed.", "按 SDK 常量的含义：客户端网络缓存出错。"},
		Text{
			"Check the free storage of the device, and whether the error goes away after the app's cache was cleared.",
			"检查设备剩余存储空间，以及清除该 App 的缓存后错误是否消失。",
		})
	client(parser.Android, 17, "CLIENT_NOTIN_WHITELIST",
		Text{"Not in the client's whitelist", "不在客户端白名单中"},
		Text{
			"By the SDK's constant the call is not in a whitelist of the client. Which whitelist is not said.",
			"按 SDK 常量的含义：该调用不在客户端的白名单中；没有说明是哪个白名单。",
		},
		Text{
			"Note the operationType and when it is called (at app start, in the background), and ask the app's developers whether they restrict calls there.",
			"记录 operationType 和调用时机（启动阶段、后台等），向客户端开发确认此时是否限制了调用。",
		})
	client(parser.Android, 19, "NETWORK_AUTH_WIFI",
		Text{"Wi-Fi requires a logon", "需要认证的 Wi-Fi"},
		Text{"By the SDK's comment the device is on a Wi-Fi that asks for a logon first.", "按 SDK 注释：设备连接的是需要认证的 Wi-Fi。"},
		Text{
			"Open a browser on the device, complete the Wi-Fi's logon page, or use mobile data.",
			"在设备上打开浏览器完成 Wi-Fi 认证，或改用移动数据。",
		})
	client(parser.Android, 20, "CLIENT_SERIALIZER_ERROR",
		Text{"Serialisation error", "序列化错误"},
		Text{"By the SDK's constant the client could not serialise the request.", "按 SDK 常量的含义：客户端序列化请求失败。"},
		Text{
			"Read the cause in logcat and check the request class of this operationType.",
			"在 logcat 中查看根因异常，并检查该 operationType 的请求类。",
		})
	client(parser.Android, 21, "BIZ_INTERCEPTOR_HANDLE_ERROR",
		Text{"Business interceptor error", "业务拦截器处理错误"},
		Text{
			"By the SDK's constant an RPC interceptor of the app failed while it handled the call.",
			"按 SDK 常量的含义：App 的业务 RPC 拦截器处理时出错。",
		},
		Text{
			"Read the stack trace in logcat: it names the interceptor class; hand it to its developers.",
			"在 logcat 的堆栈中找到拦截器类，交给对应的开发人员。",
		})
	client(parser.Android, 22, "CLIENT_REQ_OVERSIZE_ERROR",
		Text{"Request too large", "请求数据过大"},
		Text{"By the SDK's constant the request is larger than allowed.", "按 SDK 常量的含义：请求数据超过大小限制。"},
		Text{
			"Check what the app puts into the request of this operationType and make it smaller.",
			"检查 App 在该 operationType 的请求中放入了什么数据，并减小其体积。",
		})
	client(parser.Android, 23, "CLIENT_RES_OVERSIZE_ERROR",
		Text{"Response too large", "响应数据过大"},
		Text{"By the SDK's constant the response is larger than allowed.", "按 SDK 常量的含义：响应数据超过大小限制。"},
		Text{
			"Look up the response size of this operationType in gateway-page-digest.log (21st field) and have the answer made smaller, for example in pages.",
			"在 gateway-page-digest.log 中查看该 operationType 的响应大小（第 21 个字段），减小响应数据，例如改为分页。",
		})
	client(parser.Android, 24, "LOGIN_REFRESH_ERROR",
		Text{"Logon refresh error", "刷新登录态错误"},
		Text{"By the SDK's constant the logon could not be refreshed.", "按 SDK 常量的含义：刷新登录态失败。"},
		Text{
			"Log on again; look in logcat for the refresh call before this one and its own code.",
			"重新登录；并在 logcat 中查找此前刷新登录态的调用及其结果码。",
		})
	client(parser.Android, 25, "BACKGROUND_FETCH_FUSE_RPC_ERROR",
		Text{"RPC stopped during background fetch", "后台拉取时 RPC 被熔断"},
		Text{
			"By the SDK's constant the call was cut off (fused) during a background fetch.",
			"按 SDK 常量的含义：应用在后台拉取数据期间，RPC 被熔断。",
		},
		Text{
			"Check whether the app was in the background; if the call can wait, make it when the app is in front again.",
			"确认当时 App 是否处于后台；如果不着急，等 App 回到前台再调用。",
		})
	client(parser.IOS, 7, "kDTRpcFilterRPCInAppLaunch",
		Text{"RPC held back during app launch", "启动时 RPC 被拦截"},
		Text{
			"By the header's comment the call was made while the app was starting and is not in the whitelist for that phase, so it was stopped.",
			"按头文件注释：启动时该 RPC 不在白名单中，被拦截。",
		},
		Text{
			"Let the app's developers make the call later, or add it to the whitelist for the launch phase.",
			"请客户端开发推迟调用，或将其加入启动阶段的白名单。",
		})
	client(parser.IOS, 8, "KDTRpcUnderBackgroundFetch",
		Text{"No connection while in the background", "应用在后台不建连"},
		Text{
			"By the header's comment the app was in the background, where the client opens no connection.",
			"按头文件注释：应用在后台，客户端不建立连接。",
		},
		Text{
			"Check whether the app was in the background at that time; make the call when it is in front again.",
			"确认当时 App 是否处于后台；回到前台后再发起调用。",
		})
	client(parser.IOS, 12, "KDTRpcAccountChangeError",
		Text{"Account changed", "账号切换"},
		Text{"By the header's constant the account changed while the call was running.", "按头文件中的常量名：调用期间账号发生了切换。"},
		Text{
			"Check in the log whether the user switched accounts; if so, load the data again for the new account.",
			"从日志确认用户是否切换了账号；如果是，以新账号重新加载数据。",
		})
	return entries
}
