package catalog

import "slices"

// The sources. A page keeps its number through all editions and languages,
// so the number and the date together name one text. Where a source bears no
// date of its own, Date says when it was read.
var (
	codesPage2026 = Source{"Gateway result code reference", "2026-01-22", "64260"}
	codesPage2021 = Source{"Gateway result codes", "2021-07-07", "64260"}

	troubleshootingPage = Source{"Gateway exception troubleshooting", "2023-08-10", "64262"}
	managementPage      = Source{"Introduction to gateway management", "2026-02-04", "introduction-to-gateway-management"}
	advancedPage        = Source{"Advanced configurations (of an API)", "2024-01-17", "advanced-configuration"}
	groupsPage          = Source{"API groups (API 分组)", "2026-01-16", "88997"}
	configurePage       = Source{"Configure API", "2022-04-13", "64239"}
	throttlingPage      = Source{"API traffic limit (API 限流)", "2026-01-29", "72263"}
	mockPage            = Source{"API mock", "2026-02-03", "api-mock"}
	authorizationPage   = Source{"API authorization", "2026-02-03", "72264"}
	encryptionPage      = Source{"Data encryption", "2026-01-16", "72752"}
	corsPage            = Source{"Cross-origin resource sharing (跨域资源共享)", "2026-01-16", "87730"}
	serverLogsPage      = Source{"Gateway server logs", "2026-01-29", "64292"}
	spiLogsPage         = Source{"Gateway SPI logs", "2026-01-29", "64293"}
	guardPage           = Source{"Security Guard result codes (无线保镖结果码说明)", "2026-01-29", "70196"}
	conflictPage        = Source{"Resolve Security Guard conflicts (解决无线保镖冲突)", "undated, read 2026-11", "164984"}
	callErrorsPage      = Source{"How to troubleshoot MGS call errors", "2020-03-24", "159126"}
	systemBusyPage      = Source{"HTML5 container says \"System busy\"", "2020-03", "159185"}
	miniProgramPage     = Source{"mPaaS mini program prompts: Network not available, try again later", "2025-10-20", "191181"}
	headersPage         = Source{"Mini program \"System busy\", with captured response headers", "2026-02-02", "184013"}

	sdkEnum       = Source{"com.alipay.mobile.common.rpc.RpcException.ErrorCode, Android client SDK", "undated, read 2026-11", "Android SDK"}
	harmonyHeader = Source{"RpcException.d.ts, HarmonyOS client SDK", "undated, read 2026-11", "HarmonyOS SDK"}
	iosHeader     = Source{"DTRpcErrorCode.h, iOS client SDK", "undated, read 2026-11", "iOS SDK"}
	appleErrors   = Source{"NSURLError.h, Foundation", "undated, read 2026-11", "Apple SDK"}

	issue3      = Source{"Issue 3: logcat of a call that Security Guard failed to sign", "2020-01", "github.com/alipay/mPaaS"}
	issue11     = Source{"Issue 11: error 607", "2019-09-03", "github.com/alipay/mPaaS"}
	ask510465   = Source{"Question 510465: 7014 when binding push", "2023-05-14", "developer.aliyun.com/ask"}
	ask511209   = Source{"Question 511209: 7014 although signing is switched off", "2023-05-15", "developer.aliyun.com/ask"}
	ask562858   = Source{"Question 562858: 7002 after new configuration files", "2023-10-23", "developer.aliyun.com/ask"}
	ask688251   = Source{"Question 688251: 7014 with Blue Shield (蓝盾)", "2024-08-27", "developer.aliyun.com/ask"}
	capture7003 = Source{"Capture of a replayed request, README", "2026", "github.com/kugooer/myconfig"}
	issueUmeng  = Source{"Issue 49: error 608", "2019-08-27", "github.com/umeng/MultiFunctionAndroidDemo"}
	issueAlibc  = Source{"Issue 18: error 123", "2019-10-14", "github.com/FlutterTaoBaoKe/flutter_alibc"}
)

// family fills in what the entries of one file share: Platform, Side and
// Documented are set, Look where an entry has none, and the shared Sources go
// before its own.
func family(shared Entry, entries []Entry) []Entry {
	for i := range entries {
		e := &entries[i]
		e.Platform = shared.Platform
		e.Side = shared.Side
		e.Documented = shared.Documented
		if e.Look == nil {
			e.Look = shared.Look
		}
		e.Sources = slices.Concat(shared.Sources, e.Sources)
	}
	return entries
}

// named returns texts as memos that count only in a memo or tips field.
func named(texts ...string) []Memo {
	memos := make([]Memo, len(texts))
	for i, t := range texts {
		memos[i] = Memo{Text: t, NamedOnly: true}
	}
	return memos
}

// distinctive returns texts as memos that count wherever they stand.
func distinctive(texts ...string) []Memo {
	memos := make([]Memo, len(texts))
	for i, t := range texts {
		memos[i] = Memo{Text: t}
	}
	return memos
}
