package report

import (
	"fmt"
	"strconv"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// checkMessages are the words of a Check in one language, beside those of the
// report. The same tests hold them.
type checkMessages struct {
	*messages

	format, lines, kept, times                string // labels
	misread, doubtful, try, failed            string
	certain, probable                         string
	isDoubtful, notKnown                      string
	understood                                string // %[1]s share of lines
	known                                     string // %[1]s share of records
	mixed, empty                              string
	linesIn                                   string // %[1]s lines
	linesBlank, linesSeparators, linesMisread string // %[1]s lines
	linesDoubtful                             string // %[1]s lines
	coded, uncoded                            string // %[1]s records
	zoneOthers                                string
	place                                     string // %[1]s line, %[2]s column
	placeByte                                 string // %[1]s line, %[2]s column, %[3]s byte
	lineEnd                                   string

	// What keeps a line from being of a format: %[1]s format, %[2]s the field
	// or what stands there, %[3]s its place or what should, %[4]s and %[5]s
	// how many there are and should be.
	fieldMissing, fieldOdd, fieldExtra string
	stampNone, stampShape, stampRange  string
	stampInside, pattern, timeLayout   string
	digestHead                         string

	tryAuto, tryFix            string
	tryEncoding                string // %[1]s bytes %[2]s encoding
	tryLayout, tryUncoded      string
	tryZone                    string // %[1]s offset
	tryAnalyze                 string
	ok, refused, sample, wrong string
}

func checkMessagesFor(l catalog.Lang) *checkMessages {
	if l == catalog.ZH {
		return &checkMessagesZH
	}
	return &checkMessagesEN
}

var checkMessagesEN = checkMessages{
	messages: &messagesEN,
	format:   "Format", lines: "Lines", kept: "Records", times: "Times",
	misread: "Not read", doubtful: "In doubt", try: "Try", failed: "Error",
	certain: "certain", probable: "probable", isDoubtful: "doubtful",
	notKnown:        "not recognised: no line begins a record",
	understood:      "%[1]s of the lines are part of a record",
	known:           "%[1]s of the records state a code or have a trace id",
	mixed:           "records of several formats",
	empty:           "none: it is empty",
	linesIn:         "in records: %[1]s",
	linesBlank:      "blank: %[1]s",
	linesSeparators: "put there by grep or pssh: %[1]s",
	linesMisread:    "part of no record: %[1]s",
	linesDoubtful:   "read in doubt: %[1]s",
	uncoded:         "without: %[1]s",
	coded:           "with a code: %[1]s",
	zoneOthers:      "from the trace ids of the other inputs",
	place:           "line %[1]s, column %[2]s",
	placeByte:       "line %[1]s, column %[2]s, byte %[3]s",
	lineEnd:         "the end of the line",

	fieldMissing: "nearest: %[1]s, of whose %[5]s fields %[4]s are there; the first that is missing is field %[3]s, %[2]s",
	fieldOdd:     "nearest: %[1]s, whose field %[3]s, %[2]s, looks otherwise: %[4]s, like %[5]s",
	fieldExtra:   "nearest: %[1]s, which has %[2]s fields; here are %[3]s",
	stampNone:    "no time stamp was found in it",
	stampShape:   "its time %[1]s is not written like %[2]s",
	stampRange:   "there is no such time: %[1]s",
	stampInside:  "its time stamp is not at the beginning: %[1]s",
	pattern:      "nearest: layout %[1]s, of whose pattern %[4]s pieces of %[5]s fit; it goes on with %[3]s, the line with %[2]s",
	timeLayout:   "nearest: layout %[1]s, but the time %[2]s is not of its time_layout %[3]s",
	digestHead:   "nearest: %[1]s; %[2]s",

	tryEncoding: "bytes that are no text in %[2]s: %[1]s; the text may be in another encoding",
	tryAuto:     "without --format: the content tells the format",
	tryFix:      "correct the layout %[1]s; first add the line above to its samples",
	tryLayout:   "describe the lines of this log in a file of your own; `mgslog check --help` has an example",
	tryZone:     "with the zone in which the log was written, if that is not %[1]s",
	tryUncoded:  "see the records that name no code",
	tryAnalyze:  "the report",
	ok:          "ok", refused: "REFUSED",
	sample: "sample %[1]s, line %[2]s: %[3]s",
	wrong:  "%[1]s, WRONG: it should be %[2]s",
}

var checkMessagesZH = checkMessages{
	messages: &messagesZH,
	format:   "格式", lines: "行", kept: "记录", times: "时间",
	misread: "未读懂", doubtful: "存疑", try: "可以尝试", failed: "出错",
	certain: "确定", probable: "很可能", isDoubtful: "存疑",
	notKnown:        "无法识别：没有任何一行是记录的开头",
	understood:      "%[1]s 的行属于某条记录",
	known:           "%[1]s 的记录写明了结果码或带有 TraceId",
	mixed:           "含多种格式的记录",
	empty:           "无：文件是空的",
	linesIn:         "属于记录 %[1]s 行",
	linesBlank:      "空行 %[1]s 行",
	linesSeparators: "grep 或 pssh 加入的 %[1]s 行",
	linesMisread:    "不属于任何记录 %[1]s 行",
	linesDoubtful:   "已读取但存疑 %[1]s 行",
	uncoded:         "没有的 %[1]s 条",
	coded:           "有结果码的 %[1]s 条",
	zoneOthers:      "取自其他文件的 TraceId",
	place:           "第 %[1]s 行第 %[2]s 列",
	placeByte:       "第 %[1]s 行第 %[2]s 列，字节 %[3]s",
	lineEnd:         "行尾",

	fieldMissing: "最接近 %[1]s：应有 %[5]s 个字段，只有 %[4]s 个，缺少的第一个是第 %[3]s 个字段 %[2]s",
	fieldOdd:     "最接近 %[1]s：第 %[3]s 个字段 %[2]s 的形式不对：%[4]s，应类似 %[5]s",
	fieldExtra:   "最接近 %[1]s：应有 %[2]s 个字段，实际有 %[3]s 个",
	stampNone:    "其中没有找到时间戳",
	stampShape:   "时间 %[1]s 的写法与 %[2]s 不同",
	stampRange:   "不存在这样的时间：%[1]s",
	stampInside:  "时间戳不在行首：%[1]s",
	pattern:      "最接近版式 %[1]s：其正则的 %[5]s 段中有 %[4]s 段相符，接下来应为 %[3]s，而该行是 %[2]s",
	timeLayout:   "最接近版式 %[1]s：时间 %[2]s 不符合它的时间格式 %[3]s",
	digestHead:   "最接近 %[1]s：%[2]s",

	tryEncoding: "有 %[1]s 个字节不是 %[2]s 文本，文本可能是其他编码",
	tryAuto:     "不指定格式，由内容判断",
	tryFix:      "修改版式 %[1]s；先把上面这一行加入它的样例",
	tryLayout:   "用版式文件描述这份日志的行，示例见 `mgslog check --help`",
	tryZone:     "如果日志的时区不是 %[1]s，请指定",
	tryUncoded:  "查看没有结果码的记录",
	tryAnalyze:  "生成报告",
	ok:          "通过", refused: "不通过",
	sample: "样例 %[1]s，第 %[2]s 行：%[3]s",
	wrong:  "%[1]s，错误：应为 %[2]s",
}

// problem tells in words what keeps a line from being of a format.
func (m *checkMessages) problem(n *parser.Near, format string) string {
	value, want := m.quote(n.Value), n.Want
	number := strconv.Itoa
	var text string
	switch n.Why {
	case parser.ErrFieldMissing:
		return fmt.Sprintf(m.fieldMissing, format, n.Field, number(n.Place), number(n.Fields), number(n.FieldsAll))
	case parser.ErrFieldExtra:
		return fmt.Sprintf(m.fieldExtra, format, number(n.FieldsAll), number(n.Fields))
	case parser.ErrFieldOdd:
		if n.Place > 0 {
			return fmt.Sprintf(m.fieldOdd, format, n.Field, number(n.Place), value, want)
		}
		text = fmt.Sprintf(m.stampShape, value, want)
	case parser.ErrPattern:
		return fmt.Sprintf(m.pattern, format, value, want, number(n.Fields), number(n.FieldsAll))
	case parser.ErrTimeLayout:
		return fmt.Sprintf(m.timeLayout, format, value, want)
	case parser.ErrStampShape:
		text = fmt.Sprintf(m.stampShape, value, want)
	case parser.ErrStampRange:
		text = fmt.Sprintf(m.stampRange, value)
	case parser.ErrStampInside:
		text = fmt.Sprintf(m.stampInside, value)
	default:
		text = m.stampNone
	}
	if n.Field == "time" { // of a digest
		return fmt.Sprintf(m.digestHead, format, text)
	}
	return text
}

// quote writes what stands in a line.
func (m *checkMessages) quote(value string) string {
	if value == "" {
		return m.lineEnd
	}
	return "“" + value + "”"
}
