package report

import (
	"fmt"

	"mgslog/analyze/catalog"
)

// dailyMessages are the words of a Daily and of a Diff in one language, beside
// those of the report. The same tests hold them.
type dailyMessages struct {
	*messages

	subject   string // %[1]s label, %[2]s hosts, %[3]s what
	daily     string // %[1]s label, %[2]s offset, %[3]s hosts, %[4]s generator
	dailyDays string // %[1]s label, %[2]s first day, %[3]s last day, %[4]s days
	oneHost   string // %[1]s host
	moreHosts string // %[1]s hosts, %[2]s their number
	noHost    string
	other     string // %[1]s how many more there are
	otherText string // the same, as a line

	headProblems, headTotals, headChanges, headFirstSeen string
	headWorst, headLatency, headRemedies                 string

	// What is wrong with the numbers.
	notOver      string // %[1]s time
	beginsLate   string // %[1]s time
	endsEarly    string // %[1]s time
	missingDays  string // %[1]s days
	partDays     string // %[1]s days
	unreadDays   string // %[1]s days
	missingHosts string // %[1]s hosts
	fromState    string // %[1]s days
	inputError   string // %[1]s path, %[2]s error
	countedTwice string
	silentHours  string // %[1]s hours

	// The verdict.
	isEmpty                                                     string // %[1]s label
	isUncompared                                                string
	isQuiet                                                     string
	isBetter                                                    string // %[1]s changes
	isWorse                                                     string // %[1]s changes
	isFirst                                                     string // %[1]s codes
	isClock                                                     string // %[1]s hosts or files
	isRate                                                      string // %[1]s rate, %[2]s calls
	isRateWas                                                   string // the same, %[3]s label, %[4]s rate
	isCount                                                     string // %[1]s failures
	isCountWas                                                  string // the same, %[2]s label, %[3]s failures
	andMore                                                     string // %[1]s how many
	wordEmpty, wordQuiet, wordBetter, wordWorse, wordUncompared string

	// Totals.
	rowCalls, rowFailures, rowHarmless, rowRate string
	rowUsers, rowDevices                        string
	colChange                                   string
	notOnRecord                                 string
	failuresOnly                                string
	estimates                                   string // that ~ marks them
	incomplete                                  string // why no change is told

	// Changes.
	isNew, isGone, isUp, isDown, isSlower, isFaster string // labels
	nothing                                         string
	allCalls                                        string
	callsOf                                         string // %[1]s which
	timeOf, backendOf                               string // %[1]s which
	dimVersion                                      string
	countNew                                        string // %[1]s now
	countGone                                       string // %[1]s expected
	countChanged                                    string // %[1]s now, %[2]s expected
	p95Was                                          string // %[1]s now, %[2]s before
	longer                                          string // %[1]s now, %[2]s of calls, %[3]s expected
	since                                           string // %[1]s time
	mostly                                          string // %[1]s which
	job                                             string // %[1]s actor
	ack                                             string // label
	ackBy                                           string // %[1]s who, %[2]s when
	ackUntil                                        string // %[1]s date
	comparedWith                                    string // %[1]s days, %[2]s hours
	comparedMany                                    string // %[1]s number of days, %[2]s first, %[3]s last, %[4]s hours
	method                                          string
	methodRate                                      string // %[1]s false discovery rate
	untested                                        string

	// The rest.
	seenDays                                   string // %[1]s days
	firstCodes, firstVersions, firstExceptions string
	failed                                     string // %[1]s failures, %[2]s calls, %[3]s rate
	failedOnly                                 string // %[1]s failures
	leading                                    string // %[1]s code, %[2]s count, %[3]s onset
	milliseconds                               string
	latencyNote                                string // %[1]s label
	remedyMore                                 string
	covered                                    string // %[1]s files, %[2]s records
	uncodedCount, undatedCount, skippedCount   string // %[1]s number
	clockStep                                  string // %[1]s host or file, %[2]s from, %[3]s to, %[4]s place
	foldedSlices                               string // %[1]s least count
	seenCut                                    string
	leftOut                                    string // %[1]s headings
	nextAnalyze                                string // %[1]s code
	cut                                        string // the last line of what a receiver's limit has cut
	whole                                      string // %[1]s file
	caution                                    string // %[1]s problem
	diffOf                                     string // %[1]s A, %[2]s B, %[3]s generator
	semicolon, stop                            string
	and                                        string // between the names of a list
	colA, colB                                 string
}

func dailyMessagesFor(l catalog.Lang) *dailyMessages {
	if l == catalog.ZH {
		return &dailyMessagesZH
	}
	return &dailyMessagesEN
}

func (m *dailyMessages) paren(s string) string { return fmt.Sprintf(m.parens, s) }

var dailyMessagesEN = dailyMessages{
	messages: &messagesEN,

	subject:   "%[1]s %[2]s: %[3]s",
	daily:     "Summary of %[1]s (%[2]s), %[3]s; %[4]s",
	dailyDays: "%[1]s, %[4]s days from %[2]s to %[3]s",
	oneHost:   "host %[1]s",
	moreHosts: "%[2]s hosts: %[1]s",
	noHost:    "hosts not named",
	other:     "%[1]s more",
	otherText: "and %[1]s more",

	headProblems: "CAUTION", headTotals: "TOTALS", headChanges: "WHAT CHANGED", headFirstSeen: "SEEN FOR THE FIRST TIME",
	headWorst: "WORST TIMES", headLatency: "LATENCY", headRemedies: "REMEDIES",

	notOver:      "The period is not over; this is how it stood at %[1]s.",
	beginsLate:   "The logs begin only at %[1]s: what was before is missing.",
	endsEarly:    "The logs end already at %[1]s: what came after is missing.",
	missingDays:  "Nothing is known of these days: %[1]s.",
	partDays:     "Only a part was read of these days: %[1]s.",
	unreadDays:   "Left out, as their files in the state directory cannot be read: %[1]s.",
	missingHosts: "No record of these hosts, which had some before: %[1]s.",
	fromState:    "From the state directory, as the logs no longer have them: %[1]s.",
	inputError:   "%[1]s was not read, or not to its end: %[2]s",
	countedTwice: "A digest and another log were read together: a call that failed is probably in both, so that failures count twice.",
	silentHours:  "No record in these hours, which have some on other days: %[1]s.",

	isEmpty:      "No record of %[1]s was found.",
	isUncompared: "Nothing earlier is on record to compare with.",
	isQuiet:      "Nothing has changed.",
	isBetter:     "Nothing is worse. Better: %[1]s.",
	isWorse:      "New or worse: %[1]s.",
	isFirst:      "Codes seen for the first time: %[1]s.",
	isClock:      "The clock was set: %[1]s.",
	isRate:       "%[1]s of %[2]s calls failed.",
	isRateWas:    "%[1]s of %[2]s calls failed (%[3]s: %[4]s).",
	isCount:      "Failures: %[1]s.",
	isCountWas:   "Failures: %[1]s (%[2]s: %[3]s).",
	andMore:      "%[1]s more",
	wordEmpty:    "no record", wordQuiet: "nothing changed", wordBetter: "better", wordWorse: "new or worse", wordUncompared: "nothing to compare with",

	rowCalls: "calls", rowFailures: "failures", rowHarmless: "harmless codes", rowRate: "failure rate",
	rowUsers: "users affected", rowDevices: "devices affected",
	colChange:    "change",
	notOnRecord:  "not on record",
	failuresOnly: "The logs hold failures only, so rates are not known.",
	estimates:    "~ is an estimate, within 2%",
	incomplete:   "no change told: the period is not whole",

	isNew: "NEW", isGone: "GONE", isUp: "UP", isDown: "DOWN", isSlower: "SLOWER", isFaster: "FASTER",
	nothing:      "Nothing.",
	allCalls:     "all calls",
	callsOf:      "calls, %[1]s",
	timeOf:       "%[1]s, total time",
	backendOf:    "%[1]s, back-end time",
	dimVersion:   "client version",
	countNew:     "%[1]s, none before",
	countGone:    "none, %[1]s expected",
	countChanged: "%[1]s, %[2]s expected",
	p95Was:       "p95 %[1]s ms, was %[2]s ms",
	longer:       "%[1]s of %[2]s calls took longer than that, %[3]s expected",
	since:        "since %[1]s",
	mostly:       "mostly %[1]s",
	job:          "whose job: %[1]s",
	ack:          "KNOWN",
	ackBy:        "%[1]s on %[2]s",
	ackUntil:     "until %[1]s",
	comparedWith: "Compared with %[1]s, %[2]s hours of the day.",
	comparedMany: "Compared with %[1]s days from %[2]s to %[3]s, %[4]s hours of the day.",
	method:       "Negative binomial test allowing for the usual swing between days (after Farrington 1996)",
	methodRate:   "false discovery rate %[1]s (Benjamini-Hochberg)",
	untested:     "Only totals by code are known of one side, so nothing is tested for significance.",

	seenDays:   "in %[1]s days on record",
	firstCodes: "codes", firstVersions: "client versions", firstExceptions: "exceptions",
	failed:       "%[1]s of %[2]s calls failed, %[3]s",
	failedOnly:   "%[1]s failures",
	leading:      "%[1]s %[2]s, since %[3]s",
	milliseconds: "milliseconds",
	latencyNote:  "milliseconds; in parentheses the change against %[1]s",
	remedyMore:   "`mgslog explain CODE` has all steps.",
	covered:      "%[1]s, %[2]s",
	uncodedCount: "without a code %[1]s", undatedCount: "undated %[1]s", skippedCount: "lines skipped %[1]s",
	clockStep:    "%[1]s: the clock was set from %[2]s to %[3]s, at %[4]s",
	foldedSlices: "combinations that are too many to be told apart were not compared; none of them has more than %[1]s",
	seenCut:      "too many different names to tell all that are seen for the first time",
	leftOut:      "Left out to be short, shown with --verbose: %[1]s.",
	nextAnalyze:  "%[1]s in detail, with places in the logs",
	cut:          "(cut here: the whole is too long for this message)",
	whole:        "Whole report: %[1]s",
	caution:      "Caution: %[1]s",
	diffOf:       "A: %[1]s; B: %[2]s; %[3]s",
	colA:         "A", colB: "B",
	semicolon: "; ", stop: ".", and: ", ",
}

var dailyMessagesZH = dailyMessages{
	messages: &messagesZH,

	subject:   "%[1]s %[2]s：%[3]s",
	daily:     "%[1]s（%[2]s）汇总，%[3]s；%[4]s",
	dailyDays: "%[1]s，%[2]s 至 %[3]s 共 %[4]s 天",
	oneHost:   "主机 %[1]s",
	moreHosts: "%[2]s 台主机：%[1]s",
	noHost:    "主机未注明",
	other:     "另有 %[1]s 个",
	otherText: "另有 %[1]s 项",

	headProblems: "注意", headTotals: "总量", headChanges: "变化", headFirstSeen: "首次出现",
	headWorst: "最差时段", headLatency: "耗时", headRemedies: "处理建议",

	notOver:      "统计时段尚未结束，以下为截至 %[1]s 的情况。",
	beginsLate:   "日志从 %[1]s 才开始，此前的部分缺失。",
	endsEarly:    "日志到 %[1]s 就结束了，此后的部分缺失。",
	missingDays:  "以下日期没有任何数据：%[1]s。",
	partDays:     "以下日期只读到一部分：%[1]s。",
	unreadDays:   "状态目录中以下日期的文件无法读取，未计入：%[1]s。",
	missingHosts: "以下主机以前有记录，这次没有：%[1]s。",
	fromState:    "以下日期的日志已不存在，数据取自状态目录：%[1]s。",
	inputError:   "%[1]s 未读取或未读完：%[2]s",
	countedTwice: "摘要日志与其他日志一起读取：同一次失败的调用可能两边都有记录，失败会被重复计数。",
	silentHours:  "以下小时没有记录，而其他日期同一小时有：%[1]s。",

	isEmpty:      "没有找到 %[1]s 的任何记录。",
	isUncompared: "没有更早的数据可供对比。",
	isQuiet:      "没有变化。",
	isBetter:     "没有恶化。有所改善：%[1]s。",
	isWorse:      "新增或恶化：%[1]s。",
	isFirst:      "首次出现的结果码：%[1]s。",
	isClock:      "时钟被调整过：%[1]s。",
	isRate:       "%[2]s 次调用中有 %[1]s 失败。",
	isRateWas:    "%[2]s 次调用中有 %[1]s 失败（%[3]s 为 %[4]s）。",
	isCount:      "失败 %[1]s 次。",
	isCountWas:   "失败 %[1]s 次（%[2]s 为 %[3]s 次）。",
	andMore:      "另有 %[1]s 项",
	wordEmpty:    "没有记录", wordQuiet: "没有变化", wordBetter: "有所改善", wordWorse: "新增或恶化", wordUncompared: "没有可对比的数据",

	rowCalls: "调用", rowFailures: "失败", rowHarmless: "无害的结果码", rowRate: "失败率",
	rowUsers: "受影响用户", rowDevices: "受影响设备",
	colChange:    "变化",
	notOnRecord:  "无数据",
	failuresOnly: "日志中只有失败记录，因此无法得知失败率。",
	estimates:    "~ 为估计值，误差在 2% 以内",
	incomplete:   "数据不完整，不计算变化",

	isNew: "新增", isGone: "消失", isUp: "上升", isDown: "下降", isSlower: "变慢", isFaster: "变快",
	nothing:      "无。",
	allCalls:     "全部调用",
	callsOf:      "调用量，%[1]s",
	timeOf:       "%[1]s，总耗时",
	backendOf:    "%[1]s，后端耗时",
	dimVersion:   "客户端版本",
	countNew:     "%[1]s 次，以前没有",
	countGone:    "0 次，预期 %[1]s 次",
	countChanged: "%[1]s 次，预期 %[2]s 次",
	p95Was:       "p95 为 %[1]s ms，原为 %[2]s ms",
	longer:       "%[2]s 次调用中有 %[1]s 次超过原值，预期 %[3]s 次",
	since:        "始于 %[1]s",
	mostly:       "主要是 %[1]s",
	job:          "应由谁处理：%[1]s",
	ack:          "已知",
	ackBy:        "%[1]s 于 %[2]s 确认",
	ackUntil:     "有效至 %[1]s",
	comparedWith: "对比 %[1]s，每天 %[2]s 个小时。",
	comparedMany: "对比 %[2]s 至 %[3]s 的 %[1]s 天，每天 %[4]s 个小时。",
	method:       "采用负二项检验，计入各天之间的正常波动（参照 Farrington 1996）",
	methodRate:   "错误发现率 %[1]s（Benjamini-Hochberg）",
	untested:     "至少有一方只有按结果码的总数，因此没有做显著性检验。",

	seenDays:   "已有 %[1]s 天的数据",
	firstCodes: "结果码", firstVersions: "客户端版本", firstExceptions: "异常",
	failed:       "%[2]s 次调用中失败 %[1]s 次，占 %[3]s",
	failedOnly:   "失败 %[1]s 次",
	leading:      "%[1]s %[2]s 次，始于 %[3]s",
	milliseconds: "单位毫秒",
	latencyNote:  "单位毫秒；括号内为与 %[1]s 相比的变化",
	remedyMore:   "全部步骤见 `mgslog explain CODE`。",
	covered:      "%[1]s，%[2]s",
	uncodedCount: "没有结果码 %[1]s 条", undatedCount: "无时间 %[1]s 条", skippedCount: "跳过 %[1]s 行",
	clockStep:    "%[1]s：时钟从 %[2]s 调到了 %[3]s，见 %[4]s",
	foldedSlices: "组合过多，无法逐一区分的没有参与对比；其中每个都不超过 %[1]s 次",
	seenCut:      "名称过多，无法列出全部首次出现的名称",
	leftOut:      "为简短起见省略（加 --verbose 显示）：%[1]s。",
	nextAnalyze:  "查看 %[1]s 的详情与在日志中的位置",
	cut:          "（此处截断：全文对本消息来说太长）",
	whole:        "完整报告：%[1]s",
	caution:      "注意：%[1]s",
	diffOf:       "A：%[1]s；B：%[2]s；%[3]s",
	colA:         "A", colB: "B",
	semicolon: "；", stop: "。", and: "、",
}
