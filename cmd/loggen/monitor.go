package main

import "math/rand/v2"

// monitor.log of the business system: every request, with its exceptions.

var monitorLayouts = []layout{
	{name: "tag and list", write: monitorTag, field: true},
	{name: "log4j with the class in front", write: monitorLog4j, inline: true},
	{name: "JSON on the line", write: monitorJSON, field: true, body: true},
	{name: "request and response blocks", write: monitorBlocks, field: true, body: true},
	{name: "toString of the response", write: monitorToString, field: true, body: true},
	{name: "digest with a stack", write: monitorDigest, field: true, bracket: true},
	{name: "Chinese prose", write: monitorProse, inline: true},
	{name: "chain of brackets", write: monitorBrackets, bracket: true},
	{name: "tabs", write: monitorTabs, field: true},
}

func newMonitor(cfg config, r *rand.Rand) generator {
	s := newScribe(cfg, r, monitorLayouts)
	s.base = serviceFrames
	var codes []int
	for _, c := range s.codes {
		if c/1000 == 6 {
			codes = append(codes, c)
		}
	}
	s.plan = func(s *scribe, e *event) {
		switch x := s.r.Float64(); {
		case x < 0.25:
			s.take(e, 1000, served)
		case x < 0.5:
			e.story = &serviceNoise[s.r.IntN(len(serviceNoise))]
		default:
			s.take(e, pick(s.r, codes), thrown)
		}
	}
	return s
}

func monitorTag(s *scribe, e *event) {
	tag := "Invoke-Service-Exception"
	if e.story.info {
		tag = "Invoke-Service"
	}
	s.stamp(e, ',').s(" [", tag, "] operationType=").opName(e).s(", uniqueId=").traceID(e, "-")
	if e.rung == byField {
		s.s(", ")
		s.keyField(e.code)
	}
	s.stressFlag(e, ", stress=T").s(", message=")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func monitorLog4j(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " ").logger(e).s(" [").thread(e).s("][").traceID(e, "-").s("] ")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func monitorJSON(s *scribe, e *event) {
	s.stamp(e, ',').s(` {"uniqueId":"`).traceID(e, "").s(`","operationType": "`).opName(e).s(`","appId":"`).appID(e).s(`",`)
	s.s(`"cost":`).n(e.cost).s(`,"msg":`).jsonString(func() { s.message(e) })
	if e.rung == byField {
		s.s(`,"response":{`)
		s.jsonField(e.code)
		s.s(`,"tips":"`, s.memoOf(e.code), `"}`)
	}
	if len(e.chain) > 0 {
		s.s(`,"exception":`).jsonString(func() { s.stack(e) })
	}
	s.s("}\n")
}

func monitorBlocks(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " ---- mobile service ----\n")
	if !e.story.plain {
		s.s("request: {operationType = ").opName(e).s("; appId = ").appID(e).s("; workspaceId = ").workspace(e).s("; uniqueId = ").traceID(e, "").s(";}\n")
	}
	s.s("note: ")
	s.message(e)
	s.s("\nresponse: {\n  \"Content-Length\" = ").n(s.falseCode(e)).s(";\n")
	if e.rung == byField {
		s.s("  memo = \"", percent(s.memoOf(e.code), "%20"), "\";\n  ")
		s.s(pick(s.r, []string{`"result-status"`, `"Result-Status"`, "resultStatus"}), " = ").n(e.code).s(";\n")
	}
	s.s("  \"server-time\" = ").n(int(e.at)).s(";\n}\n")
	s.stack(e)
}

func monitorToString(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " ")
	s.message(e)
	s.s(", request=MobileRpcRequest[operationType=").opName(e).s(",uniqueId=").traceID(e, "null").s(",params=").n(int(e.salt >> 30 & 3)).s("]")
	if e.rung == byField {
		if s.chance(0.5) {
			s.s(", response=MobileRpcResponse[resultStatus=").n(e.code).s(",tips=null,result=null]")
		} else {
			s.s(", response=MobileRpcResponse@5b490d5e{resultStatus='").n(e.code).s("', memo='", s.memoOf(e.code), "'}")
		}
	}
	s.s("\n")
	s.stack(e)
}

func monitorDigest(s *scribe, e *event) {
	s.stamp(e, ',').s(" - (").opName(e).s(",").s(e.op.app.product).s(",").n(e.cost).s("ms)(").traceID(e, "-").s(")(")
	switch e.rung {
	case byField:
		s.keyField(e.code)
		s.s(")")
	case byBracket:
		s.s("-)[").n(e.code).s("]")
	default:
		s.s("-)")
	}
	s.s(" ")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func monitorProse(s *scribe, e *event) {
	e.zh = true
	s.stamp(e, ',').s(" 【业务系统】")
	if e.trace != nil {
		s.s("请求 ").traceID(e, "").s(" 调用 ").opName(e).s("：")
	}
	s.message(e)
	s.s("。\n")
	s.stack(e)
}

func monitorBrackets(s *scribe, e *event) {
	s.stamp(e, ',').s(" [").traceID(e, "-").s("][").opName(e).s("]")
	if e.rung == byBracket {
		s.s("[").n(e.code).s("]")
	} else {
		s.s("[]")
	}
	s.s("[", e.level, "][").thread(e).s("] ")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func monitorTabs(s *scribe, e *event) {
	s.stamp(e, ',').s("\t", e.level, "\t").traceID(e, "-").s("\t").opName(e).s("\t").appID(e).s("\t").workspace(e).s("\t")
	s.message(e)
	if e.rung == byField {
		s.s("\t")
		s.freeField(e.code)
	}
	s.s("\n")
	s.stack(e)
}
