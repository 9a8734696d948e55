package main

import "math/rand/v2"

// gateway-error.log: the failures of the gateway, with stack traces.

var errorLayouts = []layout{
	{name: "log4j: date level [thread] logger - message", write: errorLog4j, inline: true},
	{name: "pipes", write: errorPipes, field: true, inline: true},
	{name: "chain of brackets", write: errorBrackets, bracket: true},
	{name: "key=value", write: errorKeyValue, field: true},
	{name: "JSON on the line", write: errorJSON, field: true},
	{name: "JSON over many lines", write: errorPrettyJSON, field: true, body: true},
	{name: "headers of the answer, one a line", write: errorHeaders, field: true},
	{name: "Chinese prose", write: errorProse, inline: true},
	{name: "tag and list", write: errorTag, field: true},
	{name: "digest with a tail", write: errorDigestTail, field: true, bracket: true},
	{name: "fields of the detail log", write: errorDetail, field: true, body: true},
	{name: "answer as an escaped string", write: errorEscaped, field: true, body: true},
	{name: "header dump on the line", write: errorHeaderDump, field: true},
	{name: "fact sheet, code last", write: errorSheet, field: true},
}

func newError(cfg config, r *rand.Rand) generator {
	s := newScribe(cfg, r, errorLayouts)
	s.gateway = true
	s.plan = func(s *scribe, e *event) {
		switch {
		case s.cfg.inIncident(e.at) && s.chance(0.85):
			e.op = &operations[victim]
			s.take(e, 4001, called)
		case s.chance(0.15):
			e.story = &gatewayNoise[s.r.IntN(len(gatewayNoise))]
		default:
			s.take(e, pick(s.r, s.codes), called, refused, thrown)
		}
	}
	return s
}

func errorLog4j(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " [").thread(e).s("] ").logger(e).s(" - ")
	if e.trace != nil && s.chance(0.8) {
		s.s("[").traceID(e, "-").s("] ")
	}
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func errorPipes(s *scribe, e *event) {
	s.stamp(e, ',').s("|", e.level, "|").traceID(e, "").s("|").appID(e).s("|").workspace(e).s("|").opName(e).s("|")
	if e.rung == byField {
		s.keyField(e.code)
	}
	s.stressFlag(e, "|stress=T").s("|")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func errorBrackets(s *scribe, e *event) {
	s.stamp(e, ',').s(" [", e.level, "] [").thread(e).s("] [").traceID(e, "-").s("] [").opName(e).s("] [").appID(e).s("]")
	if e.rung == byBracket {
		s.s(" [").n(e.code).s("]")
	} else {
		s.s(" [-]")
	}
	s.s(" ")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func errorKeyValue(s *scribe, e *event) {
	s.stamp(e, ',').s(" level=", e.level, " traceId=").traceID(e, "-").s(" operationType=").opName(e)
	s.s(" appId=").appID(e).s(" workspaceId=").workspace(e)
	if e.rung == byField {
		s.s(" ")
		s.keyField(e.code)
	}
	s.s(" cost=").n(e.cost).s("ms").stressFlag(e, " stress=T").s(" msg=")
	s.jsonString(func() { s.message(e) }).s("\n")
	s.stack(e)
}

func errorJSON(s *scribe, e *event) {
	s.stamp(e, ',').s(` {"level":"`, e.level, `","thread":"`).thread(e).s(`",`)
	late := s.chance(0.5) // the code follows the message and the stack
	if e.rung == byField && !late {
		s.jsonField(e.code)
		s.s(",")
	}
	s.s(`"traceId":"`).traceID(e, "").s(`","operationType":"`).opName(e).s(`","appId":"`).appID(e)
	s.s(`","workspaceId":"`).workspace(e).s(`",`).stressFlag(e, `"stress":true,`)
	s.s(`"elapsed":`).n(e.cost).s(`,"message":`)
	s.jsonString(func() { s.message(e) })
	if len(e.chain) > 0 {
		s.s(`,"stack":`).jsonString(func() { s.stack(e) })
	}
	if e.rung == byField && late {
		s.s(",")
		s.jsonField(e.code)
	}
	s.s("}\n")
}

func errorPrettyJSON(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " ").logger(e).s(" call context:\n{\n  \"traceId\": \"").traceID(e, "")
	s.s("\",\n  \"request\": {\n    \"operationType\": \"").opName(e).s("\",\n    \"appId\": \"").appID(e)
	s.s("\",\n    \"workspaceId\": \"").workspace(e).s("\",\n    \"contentLength\": ").n(int(e.salt >> 10 & 8191)).s("\n  },\n")
	if e.rung == byField {
		s.s("  \"response\": {\n    ")
		s.jsonField(e.code)
		s.s(",\n    \"tips\": \"", s.memoOf(e.code), "\"\n  },\n")
	}
	s.s("  \"elapsed\": ").n(e.cost).s(",\n  \"message\": ")
	s.jsonString(func() { s.message(e) }).s("\n}\n")
	s.stack(e)
}

func errorHeaders(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " [").thread(e).s("] ")
	s.message(e)
	s.s("\nHTTP/1.1 200 OK\nContent-Type: text/plain;charset=UTF-8\nContent-Length: ").n(s.falseCode(e)).s("\n")
	if e.trace != nil {
		s.s("Mgw-TraceId: ").traceID(e, "").s("\n")
	}
	if !e.story.plain {
		s.s("Operation-Type: ").opName(e).s("\nAppId: ").appID(e).s("\nWorkspaceId: ").workspace(e).s("\n")
	}
	s.s("Server-Time: ").n(int(e.at)).s("\n")
	if e.rung == byField {
		s.s(pick(s.r, []string{"Result-Status: ", "result-status: ", "Result-Status:", "RESULT-STATUS: "})).n(e.code).s("\n")
		m := s.memoOf(e.code)
		switch s.r.IntN(4) {
		case 0:
			s.s("Memo: ", m, "\nTips: ", m, "\n")
		case 1:
			s.s("Result-memo: ", percent(m, "%20"), "\nResult-tips: ", percent(m, "%20"), "\n")
		default:
			s.s("Memo: ", percent(m, "%20"), "\nTips: ", percent(m, "+"), "\n")
		}
	}
	if s.chance(0.3) {
		s.s("\n")
	}
	s.stack(e)
}

func errorProse(s *scribe, e *event) {
	e.zh = true
	s.stamp(e, ',').s(" 错误：")
	if e.level == "INFO" {
		s.b = s.b[:len(s.b)-len("错误：")]
		s.s("信息：")
	}
	s.message(e)
	if e.trace != nil {
		s.s("。请求标识：").traceID(e, "").s("，接口：").opName(e).s("，应用：").appID(e).s("，耗时 ").n(e.cost).s(" 毫秒")
	}
	s.stressFlag(e, "，压测：是")
	s.s("\n")
	s.stack(e)
}

func errorTag(s *scribe, e *event) {
	tag := "Invoke-Service-Error"
	switch {
	case e.story.plain:
		tag = "Gateway-Internal"
	case e.story.info:
		tag = "Invoke-Service"
	case !s.isCall(e.story):
		tag = "Reject-Request"
	}
	s.stamp(e, ',').s(" [", tag, "] operationType=").opName(e).s(", appId=").appID(e).s(", traceId=").traceID(e, "-")
	if e.rung == byField {
		s.s(", ")
		s.keyField(e.code)
	}
	s.s(", detail=")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func errorDigestTail(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, "  [").traceID(e, "-").s("][").thread(e).s("] - [(").opName(e).s(", N, ").n(e.cost).s("ms)(").appID(e).s(",").workspace(e).s(")(-)]")
	switch e.rung {
	case byField:
		s.s("(")
		s.keyField(e.code)
		s.s(")")
	case byBracket:
		s.s("[").n(e.code).s("]")
	}
	s.s(" ")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func errorDetail(s *scribe, e *event) {
	s.stamp(e, ',').s(",").client(e).s(",").traceID(e, "-").s(",", e.level, ",[response],").opName(e).s(",").appID(e).s(",").workspace(e).s(",")
	if e.rung == byField {
		s.s("responseData={")
		s.jsonField(e.code)
		s.s(`,"result":""}`)
	} else {
		s.s("responseData=-")
	}
	s.s(",mmtp:F,async:F,")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func errorEscaped(s *scribe, e *event) {
	s.stamp(e, '.').s(" ", e.level, " ").n(1000 + int(e.salt>>30&8191)).s(" --- [").thread(e).s("] ").logger(e).s(" : ")
	s.message(e)
	if e.trace != nil {
		s.s(` {"trace":"`).traceID(e, "").s(`","api":"`).opName(e).s(`"`)
		if e.rung == byField {
			s.s(`,"answer":"`)
			s.escapedBody(e.code)
			s.s(`"`)
		}
		s.s("}")
	}
	s.s("\n")
	s.stack(e)
}

func errorHeaderDump(s *scribe, e *event) {
	s.stamp(e, '.').s(" ").n(10000 + int(e.salt>>30&8191)).s("-").n(100 + int(e.salt>>44&255)).s("/mgw E/HttpWorker: ")
	s.message(e)
	if e.trace != nil {
		s.s("; mOperationType=[").opName(e).s("] . response header=[HttpUrlHeader{headers=Date:").date(e).s(",Content-Length:0,Mgw-TraceId:").traceID(e, "").s(",")
		if e.rung == byField {
			m := percent(s.memoOf(e.code), "%20")
			s.s("Result-memo:", m, ",Result-Status:").n(e.code).s(",Result-tips:", m, ",")
		}
		s.s("}].  response body =   ")
	}
	s.s("\n")
	s.stack(e)
}

func errorSheet(s *scribe, e *event) {
	s.stamp(e, ',').s(" ===== ", e.level, " =====\n")
	s.s("  message   : ")
	s.message(e)
	s.s("\n")
	if !e.story.plain {
		s.s("  trace id  : ").traceID(e, "").s("\n  operation : ").opName(e).s("\n  app       : ").appID(e).s(" / ").workspace(e).s("\n  elapsed   : ").n(e.cost).s(" ms\n\n")
	}
	s.stack(e)
	if e.rung == byField {
		s.s("  ", pick(s.r, []string{"result code : ", "resultCode  : ", "Result-Status -> ", "结果码：", "result code "})).n(e.code).s("\n")
	}
	s.s("  ==================\n")
}
