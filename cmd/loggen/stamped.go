package main

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// The logs whose records begin with a time stamp and have no documented
// layout: gateway-error.log, monitor.log, gateway-default.log. A record is
// planned first (what happened, and by which words the text shall tell the
// code) and then printed by one of the layouts of its kind.

// An event is a record before it has a layout.
type event struct {
	at    int64 // Unix milliseconds
	level string
	from  *machine
	op    *operation
	story *story
	code  int
	rung  string // how the text gives the code, "" if it has none
	cost  int    // milliseconds
	chain []link
	salt  uint64 // picks details that must agree inside the record
	zh    bool

	inChain    bool // the exception rung stands in the stack trace
	nested     bool // the chain is told in the message, not as a stack trace
	timer      bool // the thread is a timer, not a call's
	frames     int
	frameDecoy int
	frameDone  bool
	decoy      *decoy
	stress     bool
	trace      []byte
}

// A layout is one way in which a log may be configured.
type layout struct {
	name  string
	write func(*scribe, *event)
	// field is true if the layout prints the field itself, false if it has
	// to stand in the message.
	field bool
	// bracket is true if the layout prints [4001] itself; inline is true if
	// a message of the layout may hold it.
	bracket, inline bool
	// body is true if the field stands in the body of the answer.
	body bool
}

func layoutNames(ls []layout) []string {
	var names []string
	for _, l := range ls {
		names = append(names, l.name)
	}
	return names
}

// A scribe writes such a log.
type scribe struct {
	cfg     config
	r       *rand.Rand
	clock   *stamper
	layouts []layout
	layout  *layout
	plan    func(*scribe, *event) // picks the story
	base    []string              // the frames at the bottom of every thread
	gateway bool                  // a log of the gateway host: its calls are those to the business system
	codes   []int                 // for plan
	seq     int
	turn    int

	b []byte // the record so far
	t *truth
}

func newScribe(cfg config, r *rand.Rand, layouts []layout) *scribe {
	s := &scribe{cfg: cfg, r: r, clock: newStamper(&cfg), layouts: layouts, base: gatewayFrames, seq: r.IntN(8001)}
	// Flatter than in the digest, so that a small log shows every code.
	mix := make([]weighted, len(failures))
	for i, f := range failures {
		mix[i] = weighted{f.code, 4 + f.weight/5}
		if cfg.steady {
			mix[i].weight = f.weight/5 + f.weight%5
		}
	}
	s.codes = codeTable(mix)
	return s
}

func (s *scribe) record(b []byte, at int64, t *truth) []byte {
	s.b, s.t = b, t
	e := &event{
		at: at, code: -1, salt: s.r.Uint64(), zh: s.chance(0.25) && !s.cfg.steady,
		frames: max(1, s.cfg.frames/2+s.r.IntN(s.cfg.frames+1)),
		cost:   5 + s.r.IntN(900),
	}
	e.from = &machines[s.r.IntN(len(machines))]
	if s.cfg.host > 0 {
		e.from = &machines[s.cfg.host-1]
	}
	e.op = &operations[zipf[e.salt&(1<<14-1)]]
	e.stress = s.chance(0.02)
	if s.cfg.layout > 0 {
		s.layout = &s.layouts[s.cfg.layout-1]
	} else {
		s.layout = &s.layouts[s.turn%len(s.layouts)]
		s.turn++
	}
	s.plan(s, e)
	e.at += s.cfg.shift(at)
	s.tell(e)

	t.time, t.code = e.at, e.code
	if e.code >= 0 {
		t.evidence = e.rung
	}
	s.layout.write(s, e)
	lines := 0
	for _, c := range s.b[len(b):] {
		if c == '\n' {
			lines++
		}
	}
	t.lines = lines
	return s.b
}

// take gives e one of the stories with the given code.
func (s *scribe) take(e *event, code int, from ...[]story) {
	var fit []*story
	for _, list := range from {
		for i := range list {
			if list[i].code == code {
				fit = append(fit, &list[i])
			}
		}
	}
	e.story = fit[s.r.IntN(len(fit))]
}

// tell settles how the record gives its code and what else it shows.
func (s *scribe) tell(e *event) {
	st := e.story
	e.code = st.code
	if e.code/1000 == 7 && !s.cfg.steady && s.chance(0.04) {
		e.code = pick(s.r, undocumented)
	}
	s.t.decoy = st.decoy
	if st.plain {
		e.timer = true
	} else {
		s.seq++
		switch e.code {
		case 4001:
			e.cost = 3000 + s.r.IntN(20)
		}
		e.trace = appendTrace(nil, e.from, e.at-int64(e.cost), s.seq)
	}
	switch {
	case !st.info:
		e.level = "ERROR"
		if e.code/1000 == 7 || e.code == 1002 || e.code == 2000 {
			e.level = "WARN"
		}
	case s.chance(0.15):
		e.level = "WARN"
	default:
		e.level = "INFO"
	}
	if e.code >= 0 {
		e.rung = s.pickRung(e)
	}
	// What the business system threw, the gateway knows by its code only.
	foreign := s.gateway && e.code/1000 == 6
	if st.chains != nil && !foreign && (e.rung == byCause || e.code < 0 || s.cfg.traces || s.chance(0.6)) {
		e.chain = append([]link(nil), pick(s.r, st.chains)...)
	}
	if e.chain == nil && s.cfg.traces && !st.info {
		e.chain = []link{refusal(e)}
	}
	if e.rung == byException && s.chance(0.5) {
		e.inChain = true
		l := link{class: "com.alipay.mobile.common.rpc.RpcException", msg: "RPCException: [" + strconv.Itoa(e.code) + "] : "}
		if s.chance(0.5) {
			l.msg += s.memoOf(e.code)
		}
		if len(e.chain) == 0 || s.chance(0.7) {
			e.chain = append([]link{l}, e.chain...)
		} else {
			l.frames = s.base[:2]
			e.chain = append(e.chain, l)
		}
	}
	for _, l := range e.chain {
		switch l.class {
		case "com.alibaba.dubbo.rpc.RpcException":
			s.t.decoy = decoyDubbo
		case "java.sql.SQLException":
			s.t.decoy = decoyORA
		}
	}
	if e.chain != nil && !e.inChain && !s.cfg.traces && s.chance(0.1) {
		e.nested = true
	}
	if s.t.decoy == "" && !s.cfg.steady && s.chance(s.cfg.decoys) {
		s.bait(e)
		e.nested = e.nested && e.frameDecoy == 0
	}
}

// pickRung picks a rung that fits the code, the story and the layout.
func (s *scribe) pickRung(e *event) string {
	if s.cfg.steady {
		if s.gateway && s.isCall(e.story) && s.chance(0.3) {
			return byCause
		}
		return byField
	}
	for range 12 {
		switch x := s.r.IntN(100); {
		case x < 40:
			return byField
		case x < 52:
			if e.code != 1000 && e.code != 8002 {
				return byException
			}
		case x < 64:
			if constants[e.code] != "" {
				return byConstant
			}
		case x < 76:
			if memos[e.code] != nil {
				return byMemo
			}
		case x < 86:
			if (s.layout.bracket || s.layout.inline) && slices.Contains(serverCodes, e.code) {
				return byBracket
			}
		default:
			if s.gateway && s.isCall(e.story) {
				return byCause
			}
		}
	}
	return byField
}

// isCall tells whether st is about the gateway's call to a business system.
func (s *scribe) isCall(st *story) bool {
	for i := range called {
		if st == &called[i] {
			return true
		}
	}
	return false
}

// message writes what the record says in words, on one line.
func (s *scribe) message(e *event) {
	text, comma := e.story.en, ", "
	if e.zh {
		text, comma = e.story.zh, "，"
	}
	inField := e.rung == byField && !s.layout.field
	inBracket := e.rung == byBracket && !s.layout.bracket
	clause := func() bool {
		if inField {
			s.freeField(e.code)
			return true
		}
		if e.rung == byBracket && !inBracket {
			return false
		}
		return s.words(e)
	}
	early := s.chance(0.35) // the code stands before the message
	if early && clause() {
		if inBracket {
			s.s(" ")
		} else {
			s.s(comma)
		}
	}
	baitFirst := s.chance(0.2)
	if e.decoy != nil && baitFirst {
		e.decoy.write(s, e, s.falseCode(e))
		s.s(comma)
	}
	s.expand(e, text)
	if !early {
		n := len(s.b)
		if inBracket {
			s.s(" ")
		} else {
			s.s(comma)
		}
		if !clause() {
			s.b = s.b[:n]
		}
	}
	if e.decoy != nil && !baitFirst {
		s.s(comma)
		e.decoy.write(s, e, s.falseCode(e))
	}
	if e.nested {
		l := &e.chain[len(e.chain)-1]
		s.s("; nested exception is ", l.class)
		if l.msg != "" {
			s.s(": ")
			s.expand(e, l.msg)
		}
		s.root(l.class)
		e.chain = nil
	}
}

// Pieces of text. Those that carry a fact note it in the truth.

func (s *scribe) chance(p float64) bool { return s.r.Float64() < p }

func (s *scribe) s(parts ...string) *scribe {
	for _, p := range parts {
		s.b = append(s.b, p...)
	}
	return s
}

func (s *scribe) n(n int) *scribe {
	s.b = strconv.AppendInt(s.b, int64(n), 10)
	return s
}

// stamp writes the time stamp; sep stands before the milliseconds.
func (s *scribe) stamp(e *event, sep byte) *scribe {
	s.b = s.clock.append(s.b, e.at, sep)
	return s
}

// traceID writes the trace id, or none if the record is not about a call.
func (s *scribe) traceID(e *event, none string) *scribe {
	if e.trace == nil {
		return s.s(none)
	}
	s.t.trace = e.trace
	s.b = append(s.b, e.trace...)
	return s
}

func (s *scribe) opName(e *event) *scribe {
	if e.story.plain {
		return s.s("-")
	}
	s.t.op = e.op.name
	return s.s(e.op.name)
}

func (s *scribe) appID(e *event) *scribe {
	if e.story.plain {
		return s.s("-")
	}
	s.t.app = e.op.app.id
	return s.s(e.op.app.id)
}

func (s *scribe) workspace(e *event) *scribe {
	if e.story.plain {
		return s.s("-")
	}
	s.t.ws = e.op.ws
	return s.s(e.op.ws)
}

// stressFlag writes the flag of a stress test, if the call is one.
func (s *scribe) stressFlag(e *event, text string) *scribe {
	if e.stress && !e.story.plain {
		s.t.stress = true
		s.s(text)
	}
	return s
}

func (s *scribe) root(class string) { s.t.root = class }

// thread writes the name of the thread.
func (s *scribe) thread(e *event) *scribe {
	switch {
	case e.timer:
		return s.s("mgs-timer-").n(1 + int(e.salt>>40%4))
	case !s.gateway:
		return s.s("SofaBizProcessor-4-thread-").n(1 + int(e.salt>>40%200))
	case e.salt>>48%4 == 0:
		return s.s("http-nio-8081-exec-").n(1 + int(e.salt>>40%200))
	default:
		return s.s("MgsBizThread-").n(1 + int(e.salt>>40%64))
	}
}

var (
	gatewayLoggers = [...]string{"c.a.g.core.invoke.HttpServiceInvoker", "c.a.g.core.filter.FilterChain", "com.alipay.gateway.core.MgwDispatcher", "GATEWAY-ERROR"}
	serviceLoggers = [...]string{"c.a.g.m.invoke.MobileRpcInvoker", "com.alipay.gateway.spi.mpc.MpcServiceHandler", "MONITOR"}
)

func (s *scribe) logger(e *event) *scribe {
	if s.gateway {
		return s.s(gatewayLoggers[e.salt>>52%4])
	}
	return s.s(serviceLoggers[e.salt>>52%3])
}

// date writes the instant as a Date header does.
func (s *scribe) date(e *event) *scribe {
	s.b = time.UnixMilli(e.at).UTC().AppendFormat(s.b, "Mon, 02 Jan 2006 15:04:05 GMT")
	return s
}

// client writes the address of the client.
func (s *scribe) client(e *event) *scribe {
	return s.s("223.104.").n(int(e.salt >> 20 & 255)).s(".").n(1 + int(e.salt>>28&127))
}

// jsonString writes, as a JSON string, what f writes.
func (s *scribe) jsonString(f func()) *scribe {
	n := len(s.b)
	f()
	raw := string(s.b[n:])
	s.b = append(s.b[:n], '"')
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '"', '\\':
			s.b = append(s.b, '\\', c)
		case '\n':
			s.b = append(s.b, '\\', 'n')
		case '\t':
			s.b = append(s.b, '\\', 't')
		default:
			s.b = append(s.b, c)
		}
	}
	s.b = append(s.b, '"')
	return s
}

// orphans are the last lines of a record whose head was rotated away.
var orphans = []string{
	"\tat org.apache.http.impl.execchain.MainClientExec.execute(MainClientExec.java:272)",
	"\tat org.apache.http.impl.client.InternalHttpClient.doExecute(InternalHttpClient.java:4001)",
	"\t... 24 more",
	"Caused by: java.net.SocketTimeoutException: Read timed out",
	"\tat java.net.SocketInputStream.socketRead0(Native Method)",
	"",
}
