package main

import "math/rand/v2"

// gateway-default.log: whatever of the gateway has no log of its own. Most of
// it is not an error.

var defaultLayouts = []layout{
	{name: "logback: thread first", write: defaultLogback, inline: true},
	{name: "key=value, quoted", write: defaultKeyValue, field: true},
	{name: "JSON with nested answer", write: defaultJSON, field: true, body: true},
	{name: "chain of brackets", write: defaultBrackets, bracket: true, inline: true},
	{name: "context in braces", write: defaultContext, field: true},
	{name: "RPC debug line", write: defaultRPC, field: true},
	{name: "dump of the answer as a dictionary", write: defaultDictionary, field: true},
	{name: "Chinese prose", write: defaultProse, inline: true},
	{name: "tag and list", write: defaultTag, field: true},
}

func newDefault(cfg config, r *rand.Rand) generator {
	s := newScribe(cfg, r, defaultLayouts)
	s.gateway = true
	s.plan = func(s *scribe, e *event) {
		switch x := s.r.Float64(); {
		case x < 0.2:
			s.take(e, 1000, served)
		case x < 0.5:
			e.story = &gatewayNoise[s.r.IntN(gatewayInfo)]
		case x < 0.55:
			e.story = &gatewayNoise[s.r.IntN(len(gatewayNoise))]
		default:
			s.take(e, pick(s.r, s.codes), called, refused, thrown)
		}
	}
	return s
}

func defaultLogback(s *scribe, e *event) {
	s.stamp(e, '.').s(" [").thread(e).s("] ", e.level, " ").logger(e).s(" [tid:").traceID(e, "").s("] - ")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func defaultKeyValue(s *scribe, e *event) {
	s.stamp(e, ',').s(` traceId="`).traceID(e, "").s(`" api="`).opName(e).s(`" appId="`).appID(e).s(`" msg=`)
	s.jsonString(func() { s.message(e) })
	if e.rung == byField {
		s.s(" ", pick(s.r, fieldKeys), `="`).n(e.code).s(`"`)
	}
	s.s(` level="`, e.level, "\"\n")
	s.stack(e)
}

func defaultJSON(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, ` {"ctx":{"traceId":"`).traceID(e, "").s(`","operationType":"`).opName(e).s(`","workspaceId":"`).workspace(e).s(`"},"message":`)
	s.jsonString(func() { s.message(e) })
	if e.rung == byField {
		s.s(`,"answer":`).jsonString(func() {
			s.s("{")
			s.jsonField(e.code)
			s.s(`,"tips":"`, s.memoOf(e.code), `"}`)
		})
	}
	s.s("}\n")
	s.stack(e)
}

func defaultBrackets(s *scribe, e *event) {
	s.stamp(e, ',').s(" [").n(1049754451+int(e.salt&0xffff)).s("][").thread(e).s("][").traceID(e, "").s("][", e.level, "]")
	if e.rung == byBracket {
		s.s("[").n(e.code).s("]")
	}
	s.s(" - ")
	s.message(e)
	s.s("\n")
	s.stack(e)
}

func defaultContext(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " ")
	s.message(e)
	s.s(" {op: ").opName(e).s(", app: ").appID(e).s(", ws: ").workspace(e).s(", trace: ").traceID(e, "none")
	if e.rung == byField {
		s.s(", ", pick(s.r, []string{"resultStatus: ", "result-status: ", "resultCode: ", "errcode: "})).n(e.code)
	}
	s.s("}\n")
	s.stack(e)
}

func defaultRPC(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " RPC,RPC_DEBUG,-,MSG=")
	s.message(e)
	if !e.story.plain {
		s.s("^API=").opName(e).s("^TRACE=").traceID(e, "")
		if e.rung == byField {
			s.s("^ERR_CODE=").n(e.code)
		}
	}
	s.s("^\n")
	s.stack(e)
}

func defaultDictionary(s *scribe, e *event) {
	s.stamp(e, ',').s(" ", e.level, " [").thread(e).s("] ")
	s.message(e)
	s.s("\n")
	if !e.story.plain {
		s.opName(e).s(" resp:{\n  \"Content-Length\" = 0;\n  Date = \"").date(e).s("\";\n")
		m := percent(s.memoOf(e.code), "%20")
		if e.rung == byField {
			s.s("  memo = \"", m, "\";\n")
		}
		s.s("  \"mgw-traceid\" = ").traceID(e, "").s(";\n")
		if e.rung == byField {
			s.s("  \"result-status\" = ").n(e.code).s(";\n")
		}
		s.s("  \"server-time\" = ").n(int(e.at)).s(";\n")
		if e.rung == byField {
			s.s("  tips = \"", m, "\";\n")
		}
		s.s("}\n")
	}
	s.stack(e)
}

func defaultProse(s *scribe, e *event) {
	e.zh = true
	s.stamp(e, ',').s(" ", e.level, " ")
	s.message(e)
	if e.trace != nil {
		s.s("（接口 ").opName(e).s("，工作空间 ").workspace(e).s("，TraceId ").traceID(e, "").s("）")
	}
	s.s("\n")
	s.stack(e)
}

func defaultTag(s *scribe, e *event) {
	s.stamp(e, ',').s(" [Gateway-Default] traceId=").traceID(e, "-").s(", operationType=").opName(e).s(", cost=").n(e.cost).s("ms, message=")
	s.message(e)
	if e.rung == byField {
		s.s(", ")
		s.keyField(e.code)
	}
	s.s("\n")
	s.stack(e)
}
