package catalog

import (
	"slices"

	"mgslog/parser"
)

// serviceEntries returns the codes that arise on the business system, in the
// SPI package or behind it.
func serviceEntries() []Entry {
	rpcOnly := []string{"MPC", "DUBBO"}
	all := []string{"HTTP", "MPC", "DUBBO"}
	return family(Entry{
		Platform:   parser.Server,
		Side:       Service,
		Documented: true,
		Sources:    []Source{codesPage2026, codesPage2021, spiLogsPage},
	}, []Entry{
		{
			Code:      6000,
			Protocols: rpcOnly,
			Constant:  "SERVER_SERVICENOTFOUND",
			Title:     Text{"RPC - Target service not found", "RPC-目标服务找不到"},
			Cause: Text{
				"The published service cannot be found: no host offers it any more, its host cannot be reached, or the service was moved elsewhere.",
				"找不到已发布的服务：没有主机再提供该服务、提供服务的主机无法访问，或者服务已迁移到别处。",
			},
			Remedy: []Text{
				{
					"Check on the business hosts that the application runs, and since when: a deployment or crash at the time of the first 6000 explains it.",
					"在业务主机上确认应用是否在运行、何时启动；如果第一次出现 6000 的时间正好有发布或宕机，原因就找到了。",
				},
				{
					"Search `~/logs/mobileservice/boot.log` for the service: after a good start it has `[Registered-OperationType]` and `[Register-Service-Success]`. If they are missing, the start failed: read the errors around it, repair, restart.",
					"在 `~/logs/mobileservice/boot.log` 中查找该服务：正常启动会有 `[Registered-OperationType]` 和 `[Register-Service-Success]`。没有则说明注册失败，根据前后的报错修复后重启。",
				},
				{
					"If the service was moved or renamed, correct it in the console. The name of an MPC API group must equal the application name under which the service registers.",
					"如果服务已迁移或改名，在控制台修改对应配置。MPC 类型的 API 分组名必须与服务注册时的应用名一致。",
				},
				{
					"If it is registered and running, check the network between the gateway hosts and the business hosts.",
					"如果注册成功且正在运行，检查网关主机与业务主机之间的网络。",
				},
			},
			Acts:    BusinessSystem,
			Look:    []Text{lookBoot, lookMonitor, lookSPIError},
			Sources: []Source{groupsPage, sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("RPC-服务找不到"),
				named("RPC-目标服务找不到", "RPC - Target service not found", "RPC - target service not found"),
			),
			Sample: sampleSPIDigest("N", "6000"),
		},
		{
			Code:      6001,
			Protocols: rpcOnly,
			Constant:  "SERVER_METHODNOTFOUND",
			Title:     Text{"RPC - Target method not found", "RPC-目标方法找不到"},
			Cause: Text{
				"The service was found, but it has no such method: the API in the console and the code deployed on the business hosts do not match.",
				"服务找到了，但其中没有对应的方法：控制台中的 API 与业务主机上部署的代码不一致。",
			},
			Remedy: []Text{
				{
					"Search `~/logs/mobileservice/boot.log` for `[Start-To-Analyze-Method]` and `[Method-Info]`: these are the methods that the running version offers.",
					"在 `~/logs/mobileservice/boot.log` 中查找 `[Start-To-Analyze-Method]` 和 `[Method-Info]`，这里列出了当前运行版本提供的方法。",
				},
				{
					"Compare with the method that the API's operationType stands for. Do this on every business host: one host with an older version makes the error come and go.",
					"与该 operationType 对应的方法比对。每台业务主机都要看：只要有一台还是旧版本，错误就会时有时无。",
				},
				{
					"Deploy the version that has the method, or correct the API in the console.",
					"部署包含该方法的版本，或在控制台修正 API。",
				},
			},
			Acts: BusinessSystem,
			Look: []Text{lookBoot, lookMonitor},
			Notes: []Text{{
				"In an app's log a resultStatus of 6001 may come from the Alipay payment SDK: there it means that the user cancelled.",
				"在 App 日志中，resultStatus 为 6001 也可能来自支付宝支付 SDK，表示用户中途取消。",
			}},
			Sources: []Source{sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("RPC-目标方法找不到"),
				named("RPC - Target method not found", "RPC - target method not found"),
			),
			Sample: "2026-11-20 02:13:05,123 WARN com.example.order.query RPC-目标方法找不到",
		},
		{
			Code:      6002,
			Protocols: rpcOnly,
			Constant:  "SERVER_PARAMMISSING",
			Title:     Text{"RPC - Incorrect number of parameters", "RPC-参数数目不正确"},
			Cause: Text{
				"The call brought another number of parameters than the method declares.",
				"调用传入的参数个数与方法声明的参数个数不一致。",
			},
			Remedy: []Text{
				{
					"Read the declared number from `[Method-Info] MethodInfo[paramCount=…` in `~/logs/mobileservice/boot.log` on the business host.",
					"在业务主机的 `~/logs/mobileservice/boot.log` 中查看 `[Method-Info] MethodInfo[paramCount=…`，得到方法声明的参数个数。",
				},
				{
					"Read the number sent from requestData of a failing call (packet capture, or gateway-page-detail.log).",
					"从失败调用的 requestData 中（抓包或 gateway-page-detail.log）数出实际传入的参数个数。",
				},
				{
					"Correct the side that is behind: usually the app still calls with an older interface, or the service was deployed with a changed signature while older app versions are in use.",
					"修正落后的一方：通常是 App 仍按旧接口调用，或者服务改了方法签名而旧版 App 仍在使用。",
				},
			},
			Acts:    BusinessSystem,
			Look:    []Text{lookMonitor, lookBoot, lookDetail},
			Sources: []Source{sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("RPC-参数数目不正确"),
				named("RPC - Incorrect number of parameters"),
			),
			Sample: sampleSPIDigest("N", "6002"),
		},
		{
			Code:      6003,
			Protocols: rpcOnly,
			Constant:  "SERVER_ILLEGALACCESS",
			Title:     Text{"RPC - Target method is not accessible", "RPC-目标方法不可访问"},
			Cause: Text{
				"The method exists but may not be called from outside.",
				"方法存在，但不允许被调用。",
			},
			Remedy: []Text{
				stepMonitor,
				{
					"Let the team of the business system check that the method belongs to the published interface and is public, and deploy a version where it is.",
					"请业务系统团队确认该方法属于所发布的接口并且是 public，修正后重新部署。",
				},
			},
			Acts: BusinessSystem,
			Look: []Text{lookMonitor, lookBoot},
			Notes: []Text{{
				"The page gives no reason why a method is not accessible; that it must be public is a rule of Java, which the constant's name (illegal access) points to.",
				"文档没有说明不可访问的原因；“必须是 public”是 Java 的规则，常量名（ILLEGALACCESS）也指向这一点。",
			}},
			Sources: []Source{sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("RPC-目标方法不可访问"),
				named("RPC - Target method is not accessible", "RPC - target method is inaccessible"),
			),
			Sample: "2026-11-20 02:13:05,123 ERROR com.example.order.query SERVER_ILLEGALACCESS\n" +
				"java.lang.IllegalAccessException: com.example.order.OrderFacadeImpl.query",
		},
		{
			Code:      6004,
			Protocols: all,
			Constant:  "SERVER_JSONPARSEREXCEPTION",
			Title:     Text{"RPC - JSON parsing exception", "RPC-JSON 解析异常"},
			Cause: Text{
				"HTTP: the RPC parameters could not be turned into the parameters of the HTTP request to the back end. MPC and Dubbo: the JSON of the RPC could not be deserialised into the parameter objects of the method.",
				"HTTP：把 RPC 参数转换为后端 HTTP 请求参数时出错。MPC、DUBBO：RPC 的 JSON 数据无法反序列化为业务方法的参数对象。",
			},
			Remedy: []Text{
				{
					"Take requestData of a failing call (packet capture, or gateway-page-detail.log) and check that it is valid JSON.",
					"取失败调用的 requestData（抓包或 gateway-page-detail.log），检查是不是合法的 JSON。",
				},
				{
					"HTTP: compare names and types with the API's parameter settings in the console (path, query, body). MPC and Dubbo: compare with the fields of the parameter class; typical are a text where a number belongs, a date format, a changed field type.",
					"HTTP：与控制台中该 API 的参数设置（路径、查询参数、Body）逐项核对名称和类型。MPC、DUBBO：与参数类的字段核对，常见问题是数字字段传了文本、日期格式不符、字段类型被改动。",
				},
				stepMonitor,
				{
					"If only certain app versions fail (digest line, 11th field), correct that version; otherwise correct the API's settings or the parameter class.",
					"如果只有某些 App 版本失败（摘要日志第 11 个字段），修正对应版本；否则修正 API 参数设置或参数类。",
				},
			},
			Acts: BusinessSystem,
			Look: []Text{lookMonitor, lookDetail},
			Notes: []Text{
				{
					"For HTTP back ends there is no monitor.log; the conversion happens before the back end is called.",
					"HTTP 后端没有 monitor.log；参数转换发生在调用后端之前。",
				},
				{
					"The 2021 edition misspells the name as \"PRC - JSON parsing exception\".",
					"2021 版英文名称误写为“PRC - JSON parsing exception”。",
				},
			},
			Sources: []Source{sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("RPC-JSON解析异常"),
				named("RPC - JSON parsing exception", "PRC - JSON parsing exception"),
			),
			Sample: sampleGatewayDigest("N", "6004"),
		},
		{
			Code:      6005,
			Protocols: rpcOnly,
			Constant:  "SERVER_ILLEGALARGUMENT",
			Title:     Text{"RPC - Invalid parameters when calling the target method", "RPC-调用目标方法时参数不合法"},
			Cause: Text{
				"The parameters do not fit the method when it is called by reflection: their number is right, their types are not.",
				"通过反射调用目标方法时参数不合法：个数对得上，但类型不匹配。",
			},
			Remedy: []Text{
				stepMonitor,
				{
					"Compare the types named in the stack trace with `paramType` of the method in `[Method-Info]` of `~/logs/mobileservice/boot.log`.",
					"将堆栈中的类型与 `~/logs/mobileservice/boot.log` 里 `[Method-Info]` 中该方法的 `paramType` 对比。",
				},
				{
					"If the service was just deployed, check that all business hosts run the same version and no old copy of the parameter classes is left in the class path.",
					"如果刚发布过，确认所有业务主机版本一致，并且类路径中没有残留旧版的参数类。",
				},
			},
			Acts: BusinessSystem,
			Look: []Text{lookMonitor, lookBoot},
			Notes: []Text{
				{
					"A wrong number of parameters has its own code, 6002; that this one is about types follows from that.",
					"参数个数不对有单独的结果码 6002，由此可知本码针对的是类型。",
				},
				{
					"The 2021 edition misspells the name: \"PRC - Invalid parameters exist when the system calls target method\".",
					"2021 版英文名称误写为“PRC - Invalid parameters exist when the system calls target method”。",
				},
			},
			Sources: []Source{sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("RPC-调用目标方法时参数不合法"),
				named("RPC - Invalid parameters when calling the target method",
					"PRC - Invalid parameters exist when the system calls target method"),
			),
			Sample: "2026-11-20 02:13:05,123 WARN com.example.order.query resultCode=6005\n" +
				"java.lang.IllegalArgumentException: argument type mismatch",
		},
		{
			Code:      6007,
			Protocols: rpcOnly,
			Title:     Text{"RPC - Logon authentication service is unavailable", "RPC-登录校验服务不可用"},
			Cause: Text{
				"The call needs a logon check, and the business system offers none: the logon authentication interface of the SPI package is not implemented there, or is configured wrongly.",
				"该调用需要校验登录，但业务系统没有提供可用的校验服务：没有实现 SPI 包中的登录校验接口，或者配置有误。",
			},
			Remedy: []Text{
				{
					"Ask the team of the business system whether the logon authentication interface of the SPI package is implemented in this application.",
					"请业务系统团队确认该应用是否实现了 SPI 包的登录校验接口。",
				},
				{
					"If it is, check that the implementation is registered in the application's configuration, and restart; `boot.log` and `common-error.log` tell of failures at start.",
					"如果已实现，检查实现类是否在应用配置中注册，然后重启；启动阶段的失败可在 `boot.log`、`common-error.log` 中看到。",
				},
				{
					"If this API is not to require logon, switch the logon check off for it.",
					"如果该 API 不需要登录，关闭它的登录校验。",
				},
			},
			Acts: BusinessSystem,
			Look: []Text{lookMonitor, lookSPIError, lookBoot},
			Notes: []Text{
				{
					"The Android SDK has no constant for 6007.",
					"Android SDK 中没有 6007 对应的常量。",
				},
				{
					"The 2021 edition misspells the name as \"PRC - Login verification service unavailable\".",
					"2021 版英文名称误写为“PRC - Login verification service unavailable”。",
				},
			},
			Memos:  named("RPC - Logon authentication service is unavailable", "PRC - Login verification service unavailable"),
			Sample: sampleSPIDigest("N", "6007"),
		},
		{
			Code:      6666,
			Protocols: all,
			Constant:  "SERVER_BIZEXCEPTION",
			Title:     Text{"RPC - Exception thrown by business", "RPC-业务异常"},
			Cause: Text{
				"The business system itself failed. HTTP: it answered with a status other than 200. MPC and Dubbo: its code threw an exception that the RPC layer does not know, which then counts as a business exception.",
				"业务系统自身出错。HTTP：后端返回的 HTTP 状态码不是 200。MPC、DUBBO：业务代码抛出了 RPC 层无法处理的异常，统一视为业务异常。",
			},
			Remedy: []Text{
				{
					"Hand the case to the team of the business system with operationType, time and trace id; the gateway is not at fault.",
					"把 operationType、时间和 TraceId 交给业务系统团队处理；问题不在网关。",
				},
				{
					"MPC and Dubbo: search `~/logs/mobileservice/monitor.log` on the business hosts for the operationType at that time; the stack trace names the class and line that threw.",
					"MPC、DUBBO：在业务主机的 `~/logs/mobileservice/monitor.log` 中按 operationType 和时间查找，堆栈会指出抛出异常的类和行号。",
				},
				{
					"HTTP: find the request in the back end's access log and read its status: 4xx means the back end refused the request, 5xx that it failed. By the page redirects and 204 end as 6666 too, since they are not 200.",
					"HTTP：在后端访问日志中找到该请求，查看状态码：4xx 是后端拒绝了请求，5xx 是后端内部出错。按文档，重定向和 204 因为不是 200，同样会变成 6666。",
				},
				{
					"If it began suddenly, compare with the last deployment of the business system and roll that back if in doubt.",
					"如果是突然出现，对照业务系统最近一次发布的时间，必要时先回滚。",
				},
			},
			Acts: BusinessSystem,
			Look: []Text{lookMonitor, lookBackendLog, lookSPIDigest},
			Notes: []Text{{
				"6666 stands for every kind of business exception: count by the exception, not by this code alone.",
				"6666 涵盖各种业务异常，统计时应按具体异常区分，不能只看结果码。",
			}},
			Sources: []Source{callErrorsPage, sdkEnum, harmonyHeader},
			Memos: slices.Concat(
				distinctive("RPC-业务异常"),
				named("RPC - Exception thrown by business", "RPC - Business exception"),
			),
			Sample: "2026-11-20 02:13:05,123 ERROR [6666] com.example.order.query\n" +
				"java.lang.IllegalStateException: order is locked\n" +
				"\tat com.example.order.OrderFacadeImpl.query(OrderFacadeImpl.java:42)",
		},
	})
}
