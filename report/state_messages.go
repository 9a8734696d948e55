package report

import "mgslog/analyze/catalog"

// stateMessages are the words in one language for what is kept from day to day,
// beside those of the report. The same tests hold them.
type stateMessages struct {
	*messages

	oneHost, hosts        string // %[1]s hosts
	allRecorded, recorded string // %[1]s days on record, %[2]s days
	notWhole              string
	fewHosts              string
	someHosts             string // said behind a stretch of days: %[1]s hosts, %[2]s of
	moreDays              string // %[1]s days
	listComma             string
	calls, failed         string // rows
	total, perDay, change string // columns
	isNew, isGone         string
	moreHistory           string // %[1]s codes
	signs                 string // %[1]s and %[2]s signs of a sparkline
	changeOf              string // %[1]s last day, %[2]s days before
	changeNone            string // %[1]s last day

	noAcks, forGood, over string
	until                 string // %[1]s date
}

func stateMessagesFor(l catalog.Lang) *stateMessages {
	if l == catalog.ZH {
		return &stateMessagesZH
	}
	return &stateMessagesEN
}

var stateMessagesEN = stateMessages{
	messages: &messagesEN,
	oneHost:  "1 host", hosts: "%[1]s hosts added up",
	allRecorded: "All days are on record.",
	recorded:    "Days on record: %[1]s of %[2]s. Not on record: ",
	notWhole:    "Not the whole day, so the numbers are too low: ",
	fewHosts:    "Not all hosts on record: ",
	someHosts:   " (%[1]s of %[2]s)",
	moreDays:    "and %[1]s more days",
	listComma:   ", ",
	calls:       "calls", failed: "failures",
	total: "total", perDay: "a day", change: "change",
	isNew: "new", isGone: "gone",
	moreHistory: "Codes not shown: %[1]s; -v shows them.",
	signs:       "%[1]s none, %[2]s not on record",
	changeOf:    "change: %[1]s against the mean of the days before it (whole ones of the same hosts: %[2]s)",
	changeNone:  "no change is given: %[1]s is not whole, or no whole day before it is of the same hosts",

	noAcks:  "Nothing is acknowledged.",
	forGood: "for good", until: "until %[1]s", over: "over",
}

var stateMessagesZH = stateMessages{
	messages: &messagesZH,
	oneHost:  "1 台主机", hosts: "%[1]s 台主机合计",
	allRecorded: "所有日期均有存档。",
	recorded:    "%[2]s 天中有 %[1]s 天存档。没有存档的日期：",
	notWhole:    "以下日期的日志不完整，数字偏低：",
	fewHosts:    "以下日期并非所有主机都有存档：",
	someHosts:   "（%[2]s 台中有 %[1]s 台）",
	moreDays:    "另有 %[1]s 天",
	listComma:   "、",
	calls:       "调用", failed: "失败",
	total: "合计", perDay: "日均", change: "变化",
	isNew: "新增", isGone: "消失",
	moreHistory: "另有 %[1]s 个结果码未列出，加 -v 可显示。",
	signs:       "%[1]s 表示没有，%[2]s 表示没有存档",
	changeOf:    "变化：%[1]s 与此前可比日期的日均值相比（%[2]s 天，日志完整且主机相同）",
	changeNone:  "无法给出变化：%[1]s 的日志不完整，或此前没有主机相同且日志完整的日期",

	noAcks:  "没有已确认的项目。",
	forGood: "长期有效", until: "有效至 %[1]s", over: "已过期",
}
