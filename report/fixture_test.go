package report

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// A log is one input of a fixture.
type log struct {
	path, text string
	err        error
	zone       analyze.ZoneSource
	undated    int64 // how many of its first records have no time

	duplicateOf      string
	encoding         string
	invalid, recoded int64
}

// summarize counts logs as mgslog does.
func summarize(t testing.TB, cfg analyze.Config, logs ...log) *analyze.Summary {
	t.Helper()
	china := time.FixedZone("+08:00", 8*3600)
	cfg.Location = china
	a := analyze.New(cfg)
	for _, l := range logs {
		profile := parser.Detect([]byte(l.text), l.path, catalog.Lexicon())
		in := &analyze.Input{
			DuplicateOf: l.duplicateOf, Encoding: l.encoding, Invalid: l.invalid, Recoded: l.recoded,
			Path: l.path, Format: profile.Format, Host: profile.Host, Err: l.err,
			Zone: china, ZoneSource: l.zone, ZoneVotes: profile.ZoneVotes,
		}
		if profile.ZoneVotes > 0 {
			in.ZoneSource = analyze.ZoneFromTraceIDs
		}
		if strings.HasSuffix(l.path, ".gz") {
			in.Compressed = "gzip"
		}
		a.AddInput(in)
		r := parser.NewReader(strings.NewReader(l.text), parser.Options{Profile: profile, Location: china, Lexicon: catalog.Lexicon()})
		for r.Scan() {
			if rec := r.Record(); rec != nil {
				rec.NoTime = rec.NoTime || in.Records < l.undated
				a.Add(rec)
			} else {
				a.AddSkipped(r.Skipped())
			}
		}
		if r.Err() != nil {
			t.Fatal(r.Err())
		}
		in.Bytes, in.Lines, in.NULs = r.Bytes(), r.Lines(), r.NULs()
	}
	return a.Summary()
}

// stamp formats second n of the night of the fixtures.
func stamp(n int) string {
	return time.Date(2026, 11, 20, 2, 0, 0, 123e6, time.UTC).Add(time.Duration(n) * time.Second).Format("2006-01-02 15:04:05,000")
}

// traceID returns the id of a call made in second n.
func traceID(n int) string {
	ms := time.Date(2026, 11, 19, 18, 0, 0, 62e6, time.UTC).Add(time.Duration(n) * time.Second).UnixMilli()
	return fmt.Sprintf("0a1d76%02x%d%04d20658", 0x67+n%3, ms, 1000+n%8000)
}

// call returns a line of the gateway's digest.
func call(n int, op string, code, ms int) string {
	ok := "N"
	if code == 1000 {
		ok = "Y"
	}
	return fmt.Sprintf("%s - (/mgw.htm,response,%s,%dms,%s,-,84EFA9A281942,default,%d,ANT_APP,3.1.0,-,-,Device%02d,-,-,192.0.2.%d,HTTP,JSON,2,2406,F,%s,T,ANDROID,%d,4,2.0)\n",
		stamp(n), ok, ms, op, code, n%50, n%200, traceID(n), ms*9/10)
}

// incident is a night with a slow back end, on a gateway host: the digest and
// the error log.
func incident() []log {
	var digest, errs strings.Builder
	ops := []string{"com.example.order.query", "com.example.order.submit", "com.example.user.login", "alipay.client.getUnionResource"}
	for n := range 3600 {
		if n >= 2400 && n < 2700 {
			continue // the host was silent
		}
		op := ops[n%len(ops)]
		switch {
		case n >= 820 && op == ops[0]:
			digest.WriteString(call(n, op, 4001, 3000+n%40))
		case n == 40 && op == ops[0]:
			digest.WriteString(call(n, op, 4001, 3001))
		case n%97 == 0:
			digest.WriteString(call(n, op, 7003, 2))
		case n%211 == 0:
			digest.WriteString(call(n, op, 8002, 1))
		case n%499 == 0:
			digest.WriteString(call(n, op, 4998, 5))
		default:
			digest.WriteString(call(n, op, 1000, 20+n%60))
		}
		if n == 1000 {
			digest.WriteString("2026-11-20 02:16:40,500 - (/mgw.htm,response,N,3000ms,com.exam\n")
			digest.WriteString("java.lang.OutOfMemoryError: Java heap space\n")
		}
	}
	for n := 830; n < 3600; n += 60 {
		if n >= 2400 && n < 2700 {
			continue
		}
		fmt.Fprintf(&errs, "%s [HTTP-EXEC-%d] ERROR %s call failed, operationType=com.example.order.query\n", stamp(n), n%9, traceID(n))
		errs.WriteString("com.alipay.gateway.GatewayException: remote call failed\n\tat com.alipay.gateway.Invoker.invoke(Invoker.java:42)\n")
		if n%120 == 110 {
			errs.WriteString("Caused by: java.net.UnknownHostException: orders.internal.example\n\tat java.net.InetAddress.getByName(InetAddress.java:1)\n")
		} else {
			errs.WriteString("Caused by: java.lang.IllegalStateException: pool is closed\n\tat com.alipay.gateway.Pool.take(Pool.java:7)\n")
		}
	}
	return []log{{path: "gateway-page-digest.log", text: digest.String()}, {path: "gateway-error.log", text: errs.String()}}
}

// many is a log with more errors than are shown in detail.
func many() []log {
	var b strings.Builder
	codes := []int{1001, 1002, 1005, 2000, 3000, 3001, 3002, 3003, 4001, 4002, 4003, 5000, 6000, 6001, 6666, 7001, 7002, 7014, 7011}
	n := 0
	for i, code := range codes {
		for range 3 * (len(codes) - i) {
			n++
			b.WriteString(call(n*7, "com.example.order.query", code, 10*i))
		}
	}
	return []log{{path: "logs/host one/gateway-page-digest.log.2026-11-20.gz", text: b.String(), err: errors.New("unexpected EOF")}}
}

// client is the log of an app: codes of several platforms.
func client() []log {
	var b strings.Builder
	line := func(n int, text string) {
		b.WriteString(strings.Replace(stamp(n), ",", ".", 1) + " 11581-11723/com.example.app " + text + "\n")
	}
	for n := range 12 {
		line(n*11, "E/SecurityManager: [URGENT_DISP_1] [signature] Exception: com.alibaba.wireless.security.open.SecException:  ErrorCode = 121")
		line(n*11+1, "D/mynet_RpcInvoker: [URGENT_DISP_1] RPC,RPC_ERROR,DEBUG,-,ERR_MSG=com.alipay.mobile.common.rpc.RpcException: RPCException: [7014] : ^API=com.example.order.query^ERR_CODE=7014^")
		if n%2 == 0 {
			line(n*11+2, "D/mynet_RpcInvoker: RPC,RPC_ERROR,DEBUG,-,ERR_MSG=com.alipay.mobile.common.rpc.RpcException: RPCException: [3] : ^API=com.example.user.login^ERR_CODE=3^")
		}
		line(n*11+3, "I/HttpCaller: nothing to see")
	}
	return []log{{path: "logcat.txt", text: b.String()}}
}

// ladder is a log whose codes rest on every kind of evidence.
func ladder() []log {
	var b strings.Builder
	for i, text := range []string{
		"Result-Status: 7014", "com.alipay.mobile.common.rpc.RpcException: RPCException: [4001] timeout",
		"call failed: SERVER_REMOTEACCESSEXCEPTION", "response memo=调用次数超过限额", "[HTTP] [4003] call failed",
		"operationType=com.example.a appId=1 workspaceId=w call failed\njava.net.SocketTimeoutException: Read timed out\n\tat a.b.c(D.java:1)",
	} {
		b.WriteString(stamp(i*60) + " ERROR " + text + "\n")
	}
	return []log{{path: "gateway-error.log", text: b.String(), zone: analyze.ZoneFromFlag}}
}

// broken is a log that shows everything that coverage tells of.
func broken() []log {
	var b strings.Builder
	for i := range 60 {
		switch i {
		case 7: // too few fields
			b.WriteString(strings.Replace(call(i, "com.example.a", 1000, 9), ",ANDROID,8,4,2.0)", ")", 1))
		case 8: // too many
			b.WriteString(strings.Replace(call(i, "com.example.a", 1000, 9), ",2.0)", ",2.0,x,y)", 1))
		case 9: // an id of another time
			b.WriteString(strings.Replace(call(i, "com.example.a", 1000, 9), traceID(i), traceID(i+7200), 1))
		case 10: // a stress test
			b.WriteString(strings.Replace(call(i, "com.example.a", 4001, 9), ",2406,F,", ",2406,T,", 1))
		case 11: // the clock turned back
			b.WriteString(call(i-3, "com.example.a", 1000, 9))
		case 12:
			b.WriteString("\n" + strings.Repeat("\x00", 12) + call(i, "com.example.a", 1000, 9))
		default:
			b.WriteString(call(i, "com.example.a", 1000, 9))
		}
	}
	b.WriteString(stamp(60) + " [x] ERROR " + strings.Repeat("long ", 200_000) + "\n")
	return []log{{path: "gateway-page-digest.log", text: b.String(), encoding: "utf-8", invalid: 1, recoded: 1}, {path: "notes.txt", text: "no log\nat all\n", encoding: "gb18030", invalid: 3, recoded: 1}, {path: "gateway-page-digest.log.1.gz", duplicateOf: "gateway-page-digest.log"}}
}

const (
	wipe    = "\x1b[2J\x1b]0;owned\x07"
	reverse = "\u202egpj.exe\u202c"
)

// hostile is a log by someone who would like to write to the terminal.
func hostile() []log {
	text := call(1, "op"+wipe+reverse, 4001, 3000) + call(2, "op\u009b31m\u2028\u2066", 4001, 3000) +
		call(3, "op\xff\xfe\x7f", 7003, 1) + "\x1bc not a record \u202e\n"
	errs := stamp(5) + " [x] ERROR " + wipe + reverse + " failed\r\njava.lang." + "Evil\u202eException: " + wipe + "\n\tat x.Y.z(Y.java:1)\n"
	return []log{{path: "evil" + wipe + reverse + ".log", text: text}, {path: "it's.log", text: errs, err: errors.New("read " + wipe + ": no")}}
}

func repeat(n int, line func(int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(i))
	}
	return b.String()
}

// fixtures are the summaries that all renderers are tested with. They are made
// once; Build only reads them.
func fixtures(t testing.TB) map[string]*analyze.Summary {
	fixtureOnce.Do(func() { fixtureMap = makeFixtures(t) })
	return fixtureMap
}

var (
	fixtureOnce sync.Once
	fixtureMap  map[string]*analyze.Summary
)

func makeFixtures(t testing.TB) map[string]*analyze.Summary {
	ok := repeat(600, func(i int) string { return call(i, "com.example.order.query", 1000, 30+i%20) })
	cors := repeat(20, func(i int) string { return call(600+i, "com.example.order.query", 8002, 1) })
	uncoded := repeat(9, func(i int) string {
		return stamp(i*60) + " [boot] ERROR cannot start\njava.lang.IllegalStateException: no licence\n\tat com.example.Boot.run(Boot.java:9)\n"
	})
	bounded := summarize(t, analyze.Config{MaxKeys: 2, Window: 5 * time.Second, Filter: analyze.Filter{HasSince: true, Since: 1795111200000 + 9000}}, log{path: "gateway-page-digest.log", text: repeat(40, func(i int) string {
		return strings.Replace(call(i, fmt.Sprintf("com.example.op%d", i*i%13), 4001+i%2, i), "84EFA9A281942,default", fmt.Sprintf("app%d,ws%d", i*i%11, i*i%7), 1)
	}), zone: analyze.ZoneFromFlag})
	// These take too large a log to come about by themselves.
	bounded.WindowAsked, bounded.ExcessCodes = time.Second, 17
	bounded.Totals.Failures += 17
	bounded.Totals.Coded += 17
	bounded.Totals.Records += 17 + 8
	bounded.Totals.Uncoded = 8
	bounded.Uncoded = analyze.Breakdown{
		Entries: []analyze.BreakdownEntry{{Value: "java.lang.Error", Count: 5, Missed: 2}}, Other: 3, Folded: 1, Missed: 2,
	}
	undated := summarize(t, analyze.Config{}, log{path: "mixed.log", zone: analyze.ZoneFromFlag, undated: 4, text: repeat(6, func(i int) string {
		return stamp(i) + " ERROR resultCode=" + []string{"7014", "7014", "7001"}[i%3] + "\n"
	})})
	undated.Totals.Filtered, undated.Totals.UndatedFiltered = 3, 2
	return map[string]*analyze.Summary{
		"undated":  undated,
		"untimed":  summarize(t, analyze.Config{}, log{path: "dump.txt", zone: analyze.ZoneFromMachine, undated: 9, text: stamp(1) + " ERROR resultCode=7014\n" + stamp(2) + " ERROR resultCode=7014\n"}),
		"ladder":   summarize(t, analyze.Config{}, ladder()...),
		"broken":   summarize(t, analyze.Config{}, broken()...),
		"bounded":  bounded,
		"incident": summarize(t, analyze.Config{}, incident()...),
		"many":     summarize(t, analyze.Config{}, many()...),
		"client":   summarize(t, analyze.Config{}, client()...),
		"hostile":  summarize(t, analyze.Config{}, hostile()...),
		"success":  summarize(t, analyze.Config{}, log{path: "gateway-page-digest.log", text: ok}),
		"harmless": summarize(t, analyze.Config{}, log{path: "gateway-page-digest.log", text: ok + cors}),
		"uncoded":  summarize(t, analyze.Config{}, log{path: "monitor.log", text: uncoded, zone: analyze.ZoneFromMachine}),
		"single":   summarize(t, analyze.Config{}, log{path: "-", text: call(1, "com.example.a", 4999, 5)}),
		"empty":    summarize(t, analyze.Config{}, log{path: "missing.log", err: errors.New("open missing.log: no such file or directory")}),
	}
}

// options are those of a fixture's report.
func options(name string, s *analyze.Summary, lang catalog.Lang) Options {
	opt := Options{Lang: lang, Generator: "mgslog 0.1.0"}
	for _, in := range s.Inputs {
		opt.Files = append(opt.Files, in.Path)
	}
	if name == "bounded" {
		opt.Filters, opt.Strict = []string{"--since 2026-11-20T02:00:09+08:00"}, true
	}
	return opt
}
