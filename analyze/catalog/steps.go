package catalog

// Places to look, and steps that several codes share. A step that is about
// one code stands in its entry.
var (
	lookErrorLog = Text{
		"`~/logs/gateway/gateway-error.log` on the gateway hosts: the error of the call with its stack trace (private cloud / Apsara Stack only; `~` is /home/admin)",
		"网关主机上的 `~/logs/gateway/gateway-error.log`：该次调用的报错与异常堆栈（仅专有云可查看，`~` 即 /home/admin）",
	}
	lookDigest = Text{
		"`~/logs/gateway/gateway-page-digest.log` on the gateway hosts: one line per call with operationType, appId, workspaceId, result code, elapsed time and trace id (private cloud only)",
		"网关主机上的 `~/logs/gateway/gateway-page-digest.log`：每次调用一行，含 operationType、appId、workspaceId、结果码、耗时和 TraceId（仅专有云）",
	}
	lookDetail = Text{
		"`~/logs/gateway/gateway-page-detail.log` on the gateway hosts: request and response of each call in full (private cloud only)",
		"网关主机上的 `~/logs/gateway/gateway-page-detail.log`：每次调用的完整请求与响应（仅专有云）",
	}
	lookConfigLog = Text{
		"`~/logs/gateway/gateway-config.log` on the gateway hosts: changes of the configuration (private cloud only)",
		"网关主机上的 `~/logs/gateway/gateway-config.log`：配置变更事件（仅专有云）",
	}
	lookOperations = Text{
		"console, Mobile Gateway > Gateway management > Operation records: who changed what",
		"控制台“移动网关 > 网关管理 > 操作记录”：谁在什么时候改过配置",
	}
	lookHeaders = Text{
		"the response headers Result-Status, Memo, Tips and Mgw-TraceId in a packet capture (Charles or Fiddler)",
		"用 Charles 或 Fiddler 抓包，查看响应头 Result-Status、Memo、Tips 和 Mgw-TraceId",
	}
	lookMonitor = Text{
		"`~/logs/mobileservice/monitor.log` on the business hosts: the request with debug information and stack trace (only where mpaasgw-spi-mpc or mpaasgw-spi-dubbo is built in, not for HTTP back ends)",
		"业务主机上的 `~/logs/mobileservice/monitor.log`：该请求的调试信息与异常堆栈（仅限接入 mpaasgw-spi-mpc 或 mpaasgw-spi-dubbo 的系统，HTTP 后端没有此日志）",
	}
	lookSPIError = Text{
		"`~/logs/mobileservice/common-error.log` on the business hosts: errors of the SPI package with stack traces",
		"业务主机上的 `~/logs/mobileservice/common-error.log`：SPI 包的报错与异常堆栈",
	}
	lookSPIDigest = Text{
		"`~/logs/mobileservice/page-digest.log` on the business hosts: one line per call with operationType, execution time, result code and uniqueId",
		"业务主机上的 `~/logs/mobileservice/page-digest.log`：每次调用一行，含 operationType、耗时、结果码和 uniqueId",
	}
	lookBoot = Text{
		"`~/logs/mobileservice/boot.log` on the business hosts: which services, methods and operationTypes were registered at start",
		"业务主机上的 `~/logs/mobileservice/boot.log`：启动时注册了哪些服务、方法和 operationType",
	}
	lookBackendLog = Text{
		"for an HTTP back end: its own access and application logs at the time of the call",
		"HTTP 后端：调用时刻该系统自己的访问日志和应用日志",
	}
	lookLogcat = Text{
		"logcat of the device, tags mynet_RpcInvoker and mynet_HttpWorker, and the cause behind the RpcException",
		"设备的 logcat 日志，标签 mynet_RpcInvoker、mynet_HttpWorker，以及 RpcException 之后的根因异常",
	}
	lookXcode = Text{
		"the device console in Xcode: lines with APMobileNetwork and DTRpcException",
		"Xcode 控制台中的设备日志：含 APMobileNetwork、DTRpcException 的行",
	}
	lookGuard = Text{
		"the client's log just before the failing call: on Android `SecException: ErrorCode = NNN` (tag SecurityManager), on iOS `SG ERROR: NNN` in the Xcode console",
		"客户端日志中紧挨着失败调用之前的部分：Android 查找 `SecException: ErrorCode = NNN`（标签 SecurityManager），iOS 在 Xcode 控制台查找 `SG ERROR: NNN`",
	}

	stepHeaders = Text{
		"Capture one failing call on a device with Charles or Fiddler and read the response headers Memo and Tips (percent-encoded UTF-8); note Mgw-TraceId.",
		"用 Charles 或 Fiddler 在设备上抓取一次失败的调用，查看响应头 Memo 和 Tips（UTF-8 百分号编码，需先解码），并记下 Mgw-TraceId。",
	}
	stepTrace = Text{
		"Find the gateway host (private cloud): in the console open Mobile Gateway > Gateway management > Tools > Trace analysis and enter the trace id; it names the host's IP address and the time. The trace id is the Mgw-TraceId response header or the 23rd field of the digest line.",
		"定位网关主机（专有云）：在控制台打开“移动网关 > 网关管理 > 常用工具 > 链路分析”，输入 TraceId，即可解析出网关服务器 IP 和处理时间。TraceId 取自响应头 Mgw-TraceId，或摘要日志括号内的第 23 个字段。",
	}
	stepGrep = Text{
		"Log on to that host and run `cd /home/admin/logs/gateway && grep -A 50 TRACE-ID gateway-error.log*`; the last `Caused by:` of the stack trace is the root cause.",
		"登录该主机，执行 `cd /home/admin/logs/gateway && grep -A 50 TRACE-ID gateway-error.log*`；堆栈中最后一个 `Caused by:` 就是根因。",
	}
	stepMonitor = Text{
		"On the business hosts search `~/logs/mobileservice/monitor.log` for the operationType at the time of the call and read the stack trace there.",
		"在业务主机的 `~/logs/mobileservice/monitor.log` 中按 operationType 和调用时间查找，查看其中的异常堆栈。",
	}
	stepGuardFirst = Text{
		"In the client's log, look just before the call for `SecException: ErrorCode = NNN` (Android) or `SG ERROR: NNN` (iOS). If there is one, the request was not signed: look up that number as a Security Guard code and repair that first.",
		"在客户端日志中查看这次调用之前有没有 `SecException: ErrorCode = NNN`（Android）或 `SG ERROR: NNN`（iOS）。如果有，说明请求签名失败：按该编号查无线保镖错误码，先解决签名问题。",
	}
	stepGuardConfig = Text{
		"Download the app's configuration file from the console again and compare appId, workspaceId and completeness with the file in the project. Android: replace the `.config` file. iOS: import the cloud data again with the mPaaS plug-in or Xcode extension.",
		"从控制台重新下载该应用的配置文件，与工程中的文件对比 appId、workspaceId 以及内容是否完整。Android：替换工程中的 `.config` 文件；iOS：用 mPaaS 插件或 Xcode Extension 重新导入云端数据。",
	}
	stepGuardPicture = Text{
		"Generate the Security Guard picture again for exactly this package (Android: upload the apk signed with the release key; iOS: the app's bundle id), rebuild, and check that the package contains it (Android: a picture starting with `yw` in `drawable`).",
		"针对当前安装包重新生成无线保镖图片（Android：上传用正式证书签名的 apk；iOS：使用当前应用的 bundle id），重新编译后确认包内已包含该图片（Android：`drawable` 下以 `yw` 开头的图片）。",
	}
	stepGuardOthers = Text{
		"If the app contains other Alibaba SDKs that need a Security Guard picture too, check that they do not overwrite it.",
		"如果应用还集成了其他也需要无线保镖图片的阿里系 SDK，请确认图片没有互相覆盖。",
	}
	stepRegenerate = Text{
		"Generate the picture again for the current package, replace the old one in the project and rebuild the app.",
		"针对当前安装包重新生成图片，替换工程中的旧图片后重新编译。",
	}
	stepRetryThenReport = Text{
		"Repeat the call. If the error stays, note the SDK version, device model and the log around the error, and ask mPaaS support.",
		"重试一次。如果仍然报错，记录 SDK 版本、设备型号和报错前后的日志，提交给 mPaaS 技术支持。",
	}
	stepAskSupport = Text{
		"If this does not settle it, hand the trace id, the time, appId and workspaceId to mPaaS support.",
		"如果仍无法确定原因，把 TraceId、时间、appId 和 workspaceId 提供给 mPaaS 技术支持。",
	}
	stepAndroidCause = Text{
		"Take the cause from the device's logcat: the exception named after the RpcException tells which step failed.",
		"从设备的 logcat 中找到根因：RpcException 之后列出的异常说明是哪一步失败。",
	}
	stepOtherNetwork = Text{
		"Try the same app version on another network (Wi-Fi and mobile data). If only one network fails, the fault is in that network.",
		"用同一版本的 App 换一个网络重试（Wi-Fi 与移动数据）。如果只有某一个网络失败，问题就在该网络。",
	}
	stepGatewayReachable = Text{
		"From the same network open the gateway's address (rpcGW in the app's configuration file) and check that the name resolves, the port answers and the certificate is accepted.",
		"在同一网络下访问网关地址（应用配置文件中的 rpcGW），确认域名能解析、端口可连通、证书有效。",
	}
	stepDigestCount = Text{
		"Check whether the calls reach the gateway at all: count the lines of this operationType in gateway-page-digest.log in the same minutes.",
		"确认请求是否到达网关：在 gateway-page-digest.log 中统计同一时段该 operationType 的行数。",
	}

	noteClientCode = Text{
		"The client sets this number itself: it stands in the device's log, not in the logs of the gateway. Without the platform the number is ambiguous, since Android and iOS use the same numbers differently.",
		"该编号由客户端自己产生，只出现在设备日志中，不会出现在网关日志里。Android 与 iOS 对同一编号的定义不同，脱离平台无法判断含义。",
	}
	noteCustomPrompt = Text{
		"The Memo and Tips texts of gateway codes can be customised in the console (Gateway management > Customize result code), so go by the number, not by the text.",
		"网关结果码的 Memo、Tips 文案可以在控制台“网关管理 > 结果码定制”中修改，判断时以编号为准，不要只看文案。",
	}
)
