package report

import "mgslog/analyze/catalog"

// liveMessages are the words of a Live in one language, beside those of the
// report. The same tests hold them.
type liveMessages struct {
	*messages

	more       string // %[1]s records, %[2]s duration
	moreSpan   string // %[1]s records, %[2]s first time, %[3]s last time
	various    string // in place of an operationType
	cutRecord  string // lines of a record that are not shown
	moreLines  string // %[1]s lines
	lastMinute string // a minute's column
	last5      string
	last15     string
	perMinute  string
	trend      string
	rising     string // %[1]s time
	headLive   string
	runSince   string // %[1]s time, %[2]s duration
	failures   string // %[1]s errors
	oneFailure string
	noFailure  string
	others     string // %[1]s codes
	oneOther   string
	excess     string // failures of codes beyond the bound

	waiting, opened, rotated, truncated string // %[1]s file
	truncatedAt                         string // %[1]s file, %[2]s byte
	recovered                           string // %[1]s file, %[2]s where it is
	gapTo                               string // %[1]s file, %[2]s byte, %[3]s byte
	gapFrom                             string // %[1]s file, %[2]s byte
	trouble                             string // %[1]s file, %[2]s error
	late                                string // %[1]s file, %[2]s lines
}

func liveMessagesFor(l catalog.Lang) *liveMessages {
	if l == catalog.ZH {
		return &liveMessagesZH
	}
	return &liveMessagesEN
}

var liveMessagesEN = liveMessages{
	messages: &messagesEN,

	more:       "×%[1]s more in %[2]s",
	moreSpan:   "×%[1]s more, %[2]s to %[3]s",
	various:    "(various)",
	cutRecord:  "(the record goes on)",
	moreLines:  "(%[1]s more lines)",
	lastMinute: "1 min",
	last5:      "5 min",
	last15:     "15 min",
	perMinute:  "per min",
	trend:      "last 15 min",
	rising:     "rising since %[1]s",
	headLive:   "SUMMARY",
	runSince:   "since %[1]s, %[2]s",
	failures:   "%[1]s errors",
	oneFailure: "1 error",
	noFailure:  "no errors",
	others:     "%[1]s more codes",
	oneOther:   "1 more code",
	excess:     "further codes",

	waiting:     "waiting for %[1]s",
	opened:      "reading %[1]s",
	rotated:     "%[1]s was rotated; reading the new file",
	truncated:   "%[1]s was truncated; reading from its beginning",
	truncatedAt: "%[1]s was truncated when read up to byte %[2]s; reading from its beginning",
	recovered:   "the rest of %[1]s is found and read in %[2]s",
	gapTo:       "LOST: bytes %[2]s to %[3]s of %[1]s",
	gapFrom:     "LOST: bytes from %[2]s on of %[1]s",
	trouble:     "cannot read %[1]s, trying again: %[2]s",
	late:        "%[1]s: lines written too late for their record, which was shown without them: %[2]s",
}

var liveMessagesZH = liveMessages{
	messages: &messagesZH,

	more:       "另有 ×%[1]s（%[2]s内）",
	moreSpan:   "另有 ×%[1]s（%[2]s 至 %[3]s）",
	various:    "（多种）",
	cutRecord:  "（记录未完）",
	moreLines:  "（还有 %[1]s 行）",
	lastMinute: "1分钟",
	last5:      "5分钟",
	last15:     "15分钟",
	perMinute:  "每分钟",
	trend:      "近15分钟",
	rising:     "%[1]s 起上升",
	headLive:   "实时汇总",
	runSince:   "自 %[1]s 起，%[2]s",
	failures:   "%[1]s 个错误",
	oneFailure: "1 个错误",
	noFailure:  "没有错误",
	others:     "另有 %[1]s 个结果码",
	oneOther:   "另有 1 个结果码",
	excess:     "其他结果码",

	waiting:     "等待文件 %[1]s 出现",
	opened:      "开始读取 %[1]s",
	rotated:     "%[1]s 已轮转，改读新文件",
	truncated:   "%[1]s 被截断，从头读取",
	truncatedAt: "%[1]s 在读到第 %[2]s 字节时被截断，从头读取",
	recovered:   "%[1]s 的剩余内容在 %[2]s 中找到，已接着读取",
	gapTo:       "丢失：%[1]s 的第 %[2]s 至 %[3]s 字节",
	gapFrom:     "丢失：%[1]s 第 %[2]s 字节之后的内容",
	trouble:     "无法读取 %[1]s，稍后重试：%[2]s",
	late:        "%[1]s：有 %[2]s 行写入过晚，所属记录已先行显示",
}
