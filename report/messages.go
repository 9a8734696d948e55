package report

import "mgslog/analyze/catalog"

// messages are the report's own words in one language. Every field is filled
// in every language; a test checks that, and that the verbs agree. Where the
// order of arguments differs, verbs are indexed.
type messages struct {
	// The verdict. Sentences end with a period, and are joined by sentenceGap.
	sentenceGap           string
	parens                string // %[1]s what is added
	verdictEmpty          string
	verdictEmptyWhy       string // filtered or left out: %[1]s records
	verdictUncoded        string // %[1]s records
	verdictTopRoot        string // %[1]s exception, %[2]s count
	verdictSuccess        string // %[1]s records
	verdictHarmless       string // %[1]s errors, %[2]s codes
	verdictRate           string // %[1]s share, %[2]s errors, %[3]s coded
	verdictAll            string // %[1]s errors
	verdictSingle         string // %[1]s code and title
	verdictMost           string // %[1]s code and title, %[2]s count, %[3]s share
	verdictLead           string // the same, if it is less than half
	verdictOnly           string // %[1]s code and title
	verdictSince          string // %[1]s time
	verdictOver           string // %[1]s onset, %[2]s last
	verdictOfWhich        string // %[1]s errors, %[2]s of them harmless
	verdictSpan           string // %[1]s from, %[2]s to
	sourceUndated, readOn string // of a source
	verdictRise           string // %[1]s onset, %[2]s first seen
	verdictNoTime         string // the end of the sentence, where no time is known
	verdictActs           string // %[1]s actor
	verdictUnknown        string // nobody can tell who must act
	verdictNobody         string
	verdictWhere          string // %[1]s dimension, %[2]s value, %[3]s count
	verdictInferred       string // %[1]s inferred, %[2]s of
	verdictNoRecord       string // %[1]s lines
	verdictAlso           string // %[1]s records without a code
	verdictInferredAll    string // %[1]s of them
	verdictPartial        string // %[1]s inputs

	// Warnings.
	warnInput     string // %[1]s error
	warnDuplicate string // %[1]s path
	warnHosts     string // %[1]s hosts, %[2]s what is said of them
	warnInvalid   string // %[1]s bytes, %[2]s encoding
	warnRecoded   string // %[1]s lines, %[2]s their encoding, %[3]s that of the input
	warnEmpty     string
	warnMixed     string
	warnZone      string // %[1]s offset
	warnZones     string
	warnOverlap   string
	warnDisagree  string // %[1]s records, %[2]s offset
	warnQuoted    string // the same, few of many
	warnSuggested string // the same, %[3]s the offset that they say
	warnBackwards string // %[1]s times
	warnSkipped   string // %[1]s lines, %[2]s of lines
	warnCut       string
	warnFields    string // %[1]s missing, %[2]s extra
	warnNULs      string
	warnWindow    string // %[1]s asked, %[2]s used
	warnCodes     string
	warnFolded    string // %[1]s dimension, %[2]s other, %[3]s missed
	warnStress    string // %[1]s records, %[2]s errors
	warnFiltered  string
	warnUndated   string // %[1]s records
	// the same, left out by --since or --until
	warnUndatedOut string
	warnGaps       string // %[1]s gaps, %[2]s longest

	// Reasons for skipped lines.
	skipBlank, skipOrphan, skipDigest, skipFormat, skipLayout, skipTooLong, skipSeparator, skipHostFailed string
	skipOutside, skipNotMGS                                                                               string

	// Responses one by one.
	respOperation, respTrace, respTime, respMore, respLine string
	respNone, respNoneWhy, respFirstLine                   string

	// Next commands.
	nextTrace   string // %[1]s code
	nextPlace   string // %[1]s code
	nextExplain string // %[1]s code
	nextNarrow  string // %[1]s code
	nextAlone   string // %[1]s code
	nextExport  string // %[1]s code
	nextUncoded string

	// The text report.
	records, files              string // counted nouns, plural
	oneFile, oneRecord          string
	undated                     string // in place of a time
	span                        string // %[1]s from, %[2]s to
	zoneFrom                    string // times in %[1]s, %[2]s
	zoneTrace                   string // %[1]s trace ids
	zoneMachine                 string
	zoneFlag, zoneStamp         string
	zoneLayout, zoneAbsolute    string
	filters, strict             string
	headVerdict, headFirst      string
	headCodes, headFailures     string
	headShares, headOperations  string
	headUncoded, headCoverage   string
	headNext                    string
	windowsOf                   string // %[1]s width
	colCode, colCount, colShare string
	colFirst, colLast, colTime  string
	colMeaning                  string
	colOperation, colRecords    string
	colErrors, colBackend       string
	colFile, colFormat          string
	colLines, colCoded          string
	colSkipped, colSpan         string
	colSide, colActor           string
	colException                string
	cause, remedy, acts, look   string
	notes, top, evidence, took  string
	seen, sources               string
	ofErrors                    string // %[1]s share
	inferred                    string
	inferredSome                string // %[1]s of them inferred
	noError                     string
	notInCatalogue              string
	notDocumented               string
	evPosition, evField         string
	evException, evConstant     string
	evMemo, evBracket, evCause  string
	tookTotal, tookBackend      string
	quantiles                   string // %[1]s p50, %[2]s p95, %[3]s p99, %[4]s max
	dimOperation, dimApp        string
	dimWorkspace, dimHost       string
	dimFile, dimException       string
	restOther, restNone         string // %[1]s count
	atLeast                     string // counts are lower limits, off by at most %[1]s
	moreCodes                   string // %[1]s codes
	onset                       string // %[1]s time
	noException                 string
	skippedAt                   string // %[1]s line, %[2]s column, %[3]s reason
	gap                         string // %[1]s from, %[2]s to, %[3]s duration
	complete                    string
	msUnits                     string
	perRow                      string // scale of the sparklines
	sideGateway, sideService    string
	sideClient, sideUnknown     string
	actorUnknown                string

	// Entries of the catalogue.
	topAll               string // %[1]s dimensions and their one value
	prompt               string
	memos, sampleRecord  string
	entryUnknown         string // %[1]s code
	listFoot             string
	namedOnly            string
	seconds, minutes     string
	hours, days          string
	colon                string
	comma                string
	platServer           string
	platAndroid, platIOS string
	platGuard            string
	unknown              string
}

func messagesFor(l catalog.Lang) *messages {
	if l == catalog.ZH {
		return &messagesZH
	}
	return &messagesEN
}

var messagesEN = messages{
	sentenceGap:        " ",
	parens:             " (%[1]s)",
	verdictEmpty:       "Nothing to report: no record was counted.",
	verdictEmptyWhy:    "Records read but left out by the filter or as stress-test traffic: %[1]s.",
	verdictUncoded:     "No record names a result code (%[1]s looked at), so nothing can be said about result codes.",
	verdictTopRoot:     "The commonest root exception is %[1]s (%[2]s).",
	verdictSuccess:     "All is well: every record with a result code has 1000 (%[1]s).",
	verdictHarmless:    "Nothing is wrong: the only codes other than 1000 are %[2]s (%[1]s records), which count as errors by the documents' rule and are none.",
	verdictRate:        "%[1]s of the records with a code are errors: %[2]s of %[3]s.",
	verdictAll:         "All %[1]s records with a code are errors.",
	verdictSingle:      "The one record with a code is an error: %[1]s",
	verdictMost:        "Most are %[1]s: %[2]s, %[3]s of the errors",
	verdictLead:        "No code has half of them; the commonest is %[1]s: %[2]s, %[3]s of the errors",
	verdictOnly:        "All of these are %[1]s",
	verdictSince:       ", since %[1]s.",
	verdictOver:        ", from %[1]s to %[2]s and not since.",
	verdictOfWhich:     "Of the %[1]s errors %[2]s are none in fact, such as CORS preflights.",
	verdictSpan:        "The inputs span %[1]s to %[2]s.",
	sourceUndated:      "undated",
	readOn:             "read ",
	verdictRise:        ", in numbers since %[1]s (first seen %[2]s).",
	verdictNoTime:      ".",
	verdictActs:        "Whose job: %[1]s.",
	verdictUnknown:     "Whose job it is, the catalogue does not know.",
	verdictNobody:      "Nobody has to act on it.",
	verdictWhere:       "Of these %[3]s have %[1]s %[2]s.",
	verdictInferred:    "Caution: %[1]s of these %[2]s codes are inferred from an exception, not stated by the log.",
	verdictNoRecord:    "Lines read that begin no record: %[1]s.",
	verdictAlso:        "Records that name no code: %[1]s.",
	verdictInferredAll: "Caution: these %[1]s codes are inferred from an exception, not stated by the log.",
	verdictPartial:     "Not the whole picture: %[1]s could not be read, or not to the end.",

	warnInput:     "not read, or not to its end: %[1]s",
	warnDuplicate: "not counted again: it has the same content as %[1]s",
	warnEmpty:     "no line of it begins a record",
	warnMixed:     "records of more than one format in one file",
	warnZone:      "no trace id tells the zone of the time stamps; %[1]s is assumed, as on this machine",
	warnZones:     "the inputs' time stamps are in different zones; all times here are in %[1]s",
	warnOverlap:   "a digest and another log were read together: a call that failed is probably in both, so that errors count twice",
	warnSuggested: "the trace ids of %[1]s records say that the time stamps are in %[3]s and not, as was assumed, in %[2]s: run again with --tz %[3]s",
	warnQuoted:    "records whose trace id does not fit a time stamp in %[2]s: %[1]s; such ids may be quoted from other calls",
	warnDisagree:  "records whose trace id does not fit a time stamp in %[2]s: %[1]s; the zone may be wrong",
	warnBackwards: "records stamped before the one in front of them: %[1]s",
	warnSkipped:   "lines that are part of no record: %[1]s of %[2]s",
	warnHosts:     "hosts of which pssh says that the command failed: %[1]s; their lines may be missing (a grep that finds nothing counts as failed, too, with code 1): %[2]s",
	warnCut:       "records longer than the limit, whose ends were not looked at: %[1]s",
	warnFields:    "digest lines with fewer fields than documented: %[1]s, with more: %[2]s; read all the same",
	warnNULs:      "NUL bytes dropped at line starts, as truncating a file in use leaves them: %[1]s",
	warnInvalid:   "bytes that are no text in %[2]s, shown as \ufffd: %[1]s",
	warnRecoded:   "lines in %[2]s in the midst of %[3]s, read as such: %[1]s",
	warnWindow:    "windows of %[1]s would have been too many; they are %[2]s wide",
	warnCodes:     "too many different codes; records counted as errors without being told apart: %[1]s",
	warnFolded:    "%[1]s: too many values; records under other: %[2]s, and a value may have up to %[3]s more than shown",
	warnStress:    "records of stress tests, left out: %[1]s, of these errors: %[2]s",
	warnFiltered:  "records that the filter left out: %[1]s",
	warnUndated:   "records without a time, which are counted but in no time window: %[1]s",

	warnUndatedOut: "records that --since or --until left out because they have no time: %[1]s",

	warnGaps: "stretches of time without a record: %[1]s, the longest %[2]s",

	skipBlank:      "blank line outside a record",
	skipOrphan:     "in front of the first time stamp",
	skipDigest:     "not a complete digest line",
	skipFormat:     "of another format than asked for",
	skipLayout:     "does not fit the layout",
	skipTooLong:    "longer than the limit",
	skipHostFailed: "pssh says that a host failed",
	skipSeparator:  "a separator that grep or pssh has put there",
	skipOutside:    "outside of any request or response",
	skipNotMGS:     "exchange that is not the gateway's",

	respOperation: "operationType", respTrace: "Trace id", respTime: "Time", respMore: "All steps", respLine: "line %[1]s",
	respNone: "No result code", respFirstLine: "First line",
	respNoneWhy: "Neither a header Result-Status nor a resultStatus in the body: this is not an answer of the gateway, or a proxy in between has removed its headers.",

	nextTrace:   "all lines of one call that ended with %[1]s",
	nextPlace:   "the first record with %[1]s, and what follows",
	nextExplain: "all that is known about %[1]s, with sources",
	nextNarrow:  "the same report for %[1]s alone, around its rise",
	nextAlone:   "the same report for %[1]s alone",
	nextExport:  "the records of %[1]s one by one, as data",
	nextUncoded: "the records without a code, one by one",

	records: "%[1]s records", oneRecord: "1 record", files: "%[1]s files", oneFile: "1 file",
	undated:     "undated",
	span:        "%[1]s to %[2]s",
	zoneFrom:    "times in %[1]s, %[2]s",
	zoneTrace:   "from %[1]s trace ids",
	zoneMachine: "this machine's zone, for want of trace ids",
	zoneFlag:    "as asked for", zoneStamp: "as the time stamps say",
	zoneLayout:   "as the layout says",
	zoneAbsolute: "this machine's zone; the times are absolute",
	filters:      "Filter", strict: "Strict: no code is inferred.",
	headVerdict: "VERDICT", headFirst: "Do first",
	headCodes: "RESULT CODES", headFailures: "ERRORS IN DETAIL",
	headShares: "WHOSE ERRORS", headOperations: "OPERATION TYPES",
	headUncoded: "RECORDS WITHOUT A CODE", headCoverage: "COVERAGE",
	headNext:  "NEXT",
	windowsOf: "one column = %[1]s",
	colCode:   "code", colCount: "count", colShare: "share",
	colFirst: "first", colLast: "last", colTime: "over time",
	colMeaning:   "meaning",
	colOperation: "operationType", colRecords: "records",
	colErrors: "errors", colBackend: "b.e. p95",
	colFile: "file", colFormat: "format",
	colLines: "lines", colCoded: "with code",
	colSkipped: "skipped", colSpan: "first to last record",
	colSide: "Arises on", colActor: "Must act",
	colException: "root exception",
	cause:        "Cause", remedy: "Do", acts: "Who", look: "Look at",
	notes: "Note", top: "Where", evidence: "Found", took: "Took",
	seen: "Seen", sources: "Source",
	ofErrors:       "%[1]s of errors",
	inferred:       "inferred",
	inferredSome:   "%[1]s inferred",
	noError:        "no error",
	notInCatalogue: "not in the catalogue",
	notDocumented:  "not documented for MGS",
	evPosition:     "%[1]s by the place of the result code in the line",
	evField:        "%[1]s by a named field",
	evException:    "%[1]s by an RPC exception's text",
	evConstant:     "%[1]s by the name of the SDK's constant",
	evMemo:         "%[1]s by a known Memo or Tips text",
	evBracket:      "%[1]s by the number alone in brackets",
	evCause:        "%[1]s INFERRED from the root exception, not stated by the log",
	tookTotal:      "total", tookBackend: "back end",
	quantiles:    "p50 %[1]s, p95 %[2]s, p99 %[3]s, max %[4]s ms",
	dimOperation: "operationType", dimApp: "appId",
	dimWorkspace: "workspaceId", dimHost: "host",
	dimFile: "file", dimException: "root exception",
	restOther: "others %[1]s", restNone: "not named %[1]s",
	atLeast:     "counts are lower limits, up to %[1]s too low",
	moreCodes:   "%[1]s more error codes, in short; `mgslog explain CODE` has all steps:",
	onset:       "rise at %[1]s",
	noException: "no exception",
	skippedAt:   "line %[1]s, column %[2]s: %[3]s",
	gap:         "no record in the windows from %[1]s to %[2]s (%[3]s)",
	complete:    "Every line is part of a record.",
	msUnits:     "milliseconds; b.e. = back end",
	perRow:      "each row to its own scale",
	sideGateway: "gateway", sideService: "business system",
	sideClient: "client", sideUnknown: "unknown side",
	actorUnknown: "not known",

	topAll: "all of them: %[1]s",

	prompt: "User sees",
	memos:  "Texts", sampleRecord: "Made-up example",

	entryUnknown: "%[1]s is not in the catalogue.",

	listFoot: "`mgslog explain CODE` prints cause, remedy and sources. * = not documented for MGS.",

	namedOnly: "as value of a memo or tips field only",
	seconds:   "%[1]s s", minutes: "%[1]s min", hours: "%[1]s h", days: "%[1]s d",
	colon: ": ", comma: ", ",
	platServer:  "server",
	platAndroid: "Android client", platIOS: "iOS client",
	platGuard: "Security Guard",
	unknown:   "unknown",
}

var messagesZH = messages{
	sentenceGap:        "",
	parens:             "（%[1]s）",
	verdictEmpty:       "没有可报告的内容：没有统计到任何记录。",
	verdictEmptyWhy:    "读到的 %[1]s 条记录均被过滤条件排除，或属于压测流量。",
	verdictUncoded:     "共 %[1]s 条记录，均未给出结果码，因此无法判断结果码情况。",
	verdictTopRoot:     "最常见的根因异常是 %[1]s（%[2]s 条）。",
	verdictSuccess:     "一切正常：%[1]s 条带结果码的记录全部为 1000。",
	verdictHarmless:    "没有异常：1000 以外只有“%[2]s”（%[1]s 条），按文档规则计为错误，实际并无问题。",
	verdictRate:        "带结果码的记录中有 %[1]s 是错误：%[3]s 条中的 %[2]s 条。",
	verdictAll:         "%[1]s 条带结果码的记录全部是错误。",
	verdictSingle:      "唯一一条带结果码的记录是错误：“%[1]s”",
	verdictMost:        "以“%[1]s”为主：%[2]s 条，占错误的 %[3]s",
	verdictLead:        "没有哪个结果码过半，最多的是“%[1]s”：%[2]s 条，占错误的 %[3]s",
	verdictOnly:        "全部为“%[1]s”",
	verdictSince:       "，始于 %[1]s。",
	verdictOver:        "，集中于 %[1]s 至 %[2]s，之后未再出现。",
	verdictOfWhich:     "%[1]s 条错误中有 %[2]s 条实际并非错误（如跨域预检）。",
	verdictSpan:        "输入日志的时间范围是 %[1]s 至 %[2]s。",
	sourceUndated:      "无日期",
	readOn:             "查阅于 ",
	verdictRise:        "，自 %[1]s 起集中出现（首次出现于 %[2]s）。",
	verdictNoTime:      "。",
	verdictActs:        "应由谁处理：%[1]s。",
	verdictUnknown:     "应由谁处理：目录中没有依据。",
	verdictNobody:      "无需任何人处理。",
	verdictWhere:       "其中 %[3]s 条的 %[1]s 为 %[2]s。",
	verdictInferred:    "注意：这 %[2]s 条中有 %[1]s 条的结果码是根据异常推断的，日志并未写明。",
	verdictNoRecord:    "读到 %[1]s 行，没有一行是记录的开头。",
	verdictAlso:        "另有 %[1]s 条记录没有给出结果码。",
	verdictInferredAll: "注意：这 %[1]s 条的结果码都是根据异常推断的，日志并未写明。",
	verdictPartial:     "结论可能不完整：有 %[1]s未能读取或未读到末尾。",

	warnInput:     "未读取或未读完：%[1]s",
	warnDuplicate: "内容与 %[1]s 相同，不重复统计",
	warnEmpty:     "没有任何一行是记录的开头",
	warnMixed:     "同一文件中混有多种格式的记录",
	warnZone:      "没有 TraceId 可用来判断时间戳的时区，按本机时区 %[1]s 处理",
	warnZones:     "各输入文件的时间戳时区不同；本报告的时间统一为 %[1]s",
	warnOverlap:   "摘要日志与其他日志一起读取：同一次失败的调用可能两边都有记录，错误会被重复计数",
	warnSuggested: "%[1]s 条记录的 TraceId 表明时间戳的时区是 %[3]s，而不是所假定的 %[2]s：请加上 --tz %[3]s 重新运行",
	warnQuoted:    "%[1]s 条记录的 TraceId 与时区 %[2]s 下的时间戳不符，可能引用了其他调用的 TraceId",
	warnDisagree:  "%[1]s 条记录的 TraceId 与时区 %[2]s 下的时间戳不符，时区可能有误",
	warnBackwards: "%[1]s 条记录的时间早于前一条",
	warnSkipped:   "%[2]s 行中有 %[1]s 行不属于任何记录",
	warnHosts:     "pssh 报告 %[1]s 台主机上命令失败，其日志可能缺失（grep 没有匹配时也以代码 1 报告失败）：%[2]s",
	warnCut:       "%[1]s 条记录超过长度上限，超出部分未分析",
	warnFields:    "字段少于文档规定的摘要行：%[1]s 行，多于规定的：%[2]s 行；仍已读取",
	warnNULs:      "丢弃了行首的 %[1]s 个 NUL 字节（截断正在写入的文件所致）",
	warnInvalid:   "%[1]s 个字节不是有效的 %[2]s 文本，显示为 \ufffd",
	warnRecoded:   "%[3]s 文件中有 %[1]s 行是 %[2]s 编码，已按该编码读取",
	warnWindow:    "按 %[1]s划分的时间窗过多，已改为 %[2]s",
	warnCodes:     "结果码种类过多，有 %[1]s 条记录只计为错误，未作区分",
	warnFolded:    "%[1]s的取值过多：%[2]s 条归入“其他”，单个取值最多可能少计 %[3]s 条",
	warnStress:    "未计入 %[1]s 条压测记录，其中错误 %[2]s 条",
	warnFiltered:  "过滤条件排除了 %[1]s 条记录",
	warnUndated:   "%[1]s 条记录没有时间，计入总数，但不属于任何时间窗",

	warnUndatedOut: "%[1]s 条记录没有时间，不满足时间范围条件而被排除",

	warnGaps: "有 %[1]s 段时间没有记录，最长 %[2]s",

	skipBlank:      "记录之外的空行",
	skipOrphan:     "位于第一个时间戳之前",
	skipDigest:     "不是完整的摘要行",
	skipFormat:     "与指定的格式不同",
	skipLayout:     "与版式不符",
	skipTooLong:    "超过长度上限",
	skipHostFailed: "pssh 报告主机失败",
	skipSeparator:  "grep 或 pssh 加入的分隔行",
	skipOutside:    "不属于任何请求或响应",
	skipNotMGS:     "不是网关的请求",

	respOperation: "operationType", respTrace: "TraceId", respTime: "时间", respMore: "全部步骤", respLine: "第 %[1]s 行",
	respNone: "没有结果码", respFirstLine: "首行",
	respNoneWhy: "响应头中没有结果状态，响应体中也没有：这不是网关的应答，或者中间的代理去掉了响应头。",

	nextTrace:   "查看一次 %[1]s 调用的全部日志",
	nextPlace:   "查看第一条 %[1]s 记录及其后的内容",
	nextExplain: "查看 %[1]s 的全部说明与出处",
	nextNarrow:  "只看 %[1]s，时间缩小到集中出现前后",
	nextAlone:   "只看 %[1]s",
	nextExport:  "逐条导出 %[1]s 的记录",
	nextUncoded: "逐条查看没有结果码的记录",

	records: "%[1]s 条记录", oneRecord: "1 条记录", files: "%[1]s 个文件", oneFile: "1 个文件",
	undated:     "无时间",
	span:        "%[1]s 至 %[2]s",
	zoneFrom:    "时间按 %[1]s 显示，%[2]s",
	zoneTrace:   "由 %[1]s 个 TraceId 推定",
	zoneMachine: "没有 TraceId 可依，取本机时区",
	zoneFlag:    "按命令行指定", zoneStamp: "时间戳自带时区",
	zoneLayout:   "按版式文件指定",
	zoneAbsolute: "本机时区；日志中的时间是绝对时间",
	filters:      "过滤条件", strict: "严格模式：不推断结果码。",
	headVerdict: "结论", headFirst: "先做",
	headCodes: "结果码", headFailures: "错误详情",
	headShares: "错误归属", headOperations: "接口（operationType）",
	headUncoded: "没有结果码的记录", headCoverage: "覆盖情况",
	headNext:  "下一步",
	windowsOf: "每格 %[1]s",
	colCode:   "结果码", colCount: "次数", colShare: "占比",
	colFirst: "首次", colLast: "末次", colTime: "趋势",
	colMeaning:   "含义",
	colOperation: "operationType", colRecords: "记录",
	colErrors: "错误", colBackend: "后端 p95",
	colFile: "文件", colFormat: "格式",
	colLines: "行数", colCoded: "有结果码",
	colSkipped: "跳过", colSpan: "首条至末条记录",
	colSide: "产生于", colActor: "应由谁处理",
	colException: "根因异常",
	cause:        "原因", remedy: "处理", acts: "谁来处理", look: "查看",
	notes: "备注", top: "分布", evidence: "依据", took: "耗时",
	seen: "样例", sources: "出处",
	ofErrors:       "占错误 %[1]s",
	inferred:       "推断",
	inferredSome:   "%[1]s 条为推断",
	noError:        "并非错误",
	notInCatalogue: "目录中没有",
	notDocumented:  "MGS 文档未说明",
	evPosition:     "%[1]s 条取自行中结果码的固定位置",
	evField:        "%[1]s 条取自具名字段",
	evException:    "%[1]s 条取自 RPC 异常文本",
	evConstant:     "%[1]s 条取自 SDK 常量名",
	evMemo:         "%[1]s 条取自已知的 Memo 或 Tips 文案",
	evBracket:      "%[1]s 条取自方括号中单独的编号",
	evCause:        "%[1]s 条由根因异常推断，日志并未写明",
	tookTotal:      "总耗时", tookBackend: "后端",
	quantiles:    "p50 %[1]s、p95 %[2]s、p99 %[3]s、最大 %[4]s ms",
	dimOperation: "operationType", dimApp: "appId",
	dimWorkspace: "workspaceId", dimHost: "主机",
	dimFile: "文件", dimException: "根因异常",
	restOther: "其他 %[1]s", restNone: "未注明 %[1]s",
	atLeast:     "次数为下限，最多少计 %[1]s",
	moreCodes:   "另有 %[1]s 个错误结果码，仅列要点，全部步骤见 `mgslog explain CODE`：",
	onset:       "%[1]s 起集中出现",
	noException: "没有异常",
	skippedAt:   "第 %[1]s 行第 %[2]s 列：%[3]s",
	gap:         "%[1]s 至 %[2]s 的时间窗内没有记录（%[3]s）",
	complete:    "所有行都属于某条记录。",
	msUnits:     "单位毫秒；总耗时减后端即网关自身耗时",
	perRow:      "各行单独缩放",
	sideGateway: "网关", sideService: "业务系统",
	sideClient: "客户端", sideUnknown: "归属不明",
	actorUnknown: "不明",

	topAll: "全部为 %[1]s",

	prompt: "用户提示",
	memos:  "已知文案", sampleRecord: "示例（虚构）",

	entryUnknown: "目录中没有 %[1]s。",

	listFoot: "用 `mgslog explain CODE` 查看原因、处理步骤和出处。* 表示 MGS 文档未说明。",

	namedOnly: "仅作为 memo 或 tips 字段的值时有效",
	seconds:   "%[1]s 秒", minutes: "%[1]s 分钟", hours: "%[1]s 小时", days: "%[1]s 天",
	colon: "：", comma: "，",
	platServer:  "服务端",
	platAndroid: "Android 客户端", platIOS: "iOS 客户端",
	platGuard: "无线保镖",
	unknown:   "未知",
}
