package parser

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

// items returns all items of data, read in pieces of the sizes that size gives.
// So many runs and lines are kept to be known again; if it is none, no short cut
// is taken at all: records are put together line by line and their lines read
// byte by byte.
func items(data []byte, opt Options, known int, size func() int) (out []string) {
	d := NewDecoder(opt)
	d.runs.size, d.ladder.texts.size = known, known
	if known == 0 {
		d.plainLines, d.ladder.unmarked = false, true
	}
	feedChunks(d, data, size, func() {
		text := item(d)
		if s := d.Skipped(); s != nil {
			text += string(s.Whole)
		}
		out = append(out, text)
	})
	return out
}

// checkShortCuts holds that the short cuts change nothing, in whatever pieces
// the input comes. It comes four times, so that its lines are known in the end;
// where few are kept, one takes the place of the other.
func checkShortCuts(t *testing.T, data []byte, opt Options, pieces uint64) {
	t.Helper()
	data = bytes.Join([][]byte{data, data, data, data}, []byte("\n"))
	want := items(data, opt, 0, whole)
	if got := items(data, opt, 64, whole); !slices.Equal(got, want) {
		t.Fatalf("whole: %s", firstDifference(got, want))
	}
	state := pieces
	got := items(data, opt, 1+int(pieces%3), func() int {
		state = state*6364136223846793005 + 1442695040888963407
		return int(state>>33)%(1+int(pieces%5000)) + 1
	})
	if !slices.Equal(got, want) {
		t.Fatalf("in pieces: %s", firstDifference(got, want))
	}
}

// shortCutSeeds are records whose lines the short cuts must leave alone, or
// must not.
var shortCutSeeds = []string{
	"com.acme.GwException: a traceId=7\n\tat com.acme.A.b(A.java:1)\nCaused by: java.io.IOException: " + trace + " %E4%BD%A0\n\t... 3 more\n",
	"com.acme.GwException: 12 jdbc\n\tat com.acme.A.b(A.java:1)\nCaused by: java.net.ConnectException\n\t... 3 more\n" +
		"\tSuppressed: java.io.IOException: x\n\tCaused by: com.acme.RpcException\nCaused by: java.net.SocketException: a\n\t... 1 common frames omitted\n",
	"\tat com.acme.A.b(A.java:1)\n\tat com.acme.A.c(A.java:2)\n\tat com.acme.A.d(A.java:3)\n" + at + "\n\tat com.acme.A.b(A.java:1)\n\tat com.acme.A.c(A.java:2)\n\tat com.mysql.A.d(A.java:3)\n",
	"request=\ncom.acme.GwException: SERVER_BIZEXCEPTION\n{\ncom.acme.GwException: 12\nCaused by: java.net.ConnectException: resultCode=4001\n}\n",
	"\tat com.acme.A.b(A.java:1)\r\n\tat com.acme.A.c(A.java:2)\n",
	"\tat a.b(\n\tat a.b(A)\n\tat a b.c(A)\n\tat A(b.c)\n\tat abcdefgh(a.b)\n\tat com.acme.A$B.c(A.java:2)\n",
	"\tat com.acme.A.b(A.java:1)\\n\\tat com.acme.B.c(B.java:1)\\n\n\tat com.acme.A.b(A.java:1)\n",
	"\tat com.acme.A.b(A.java:1)\n\x00\x00\tat com.acme.A.b(A.java:1)\n\tat \xe5\xe5.b(c)\n",
	"\tat com.acme.A.b(A.java:1)\n\tSuppressed: java.io.IOException: x\n\tat com.mysql.A.b(A.java:1)\n\t\tat com.acme.A.b(A.java:1)\n",
	"Caused by: java.net.SocketTimeoutException: Read timed out\n\tat redis.clients.A.b(A.java:1)\n\t... 3 more\n",
	"Caused by: java.net.ConnectException: refused\n\tat com.acme.A.b(A.java:1)\n\tat oracle.jdbc.A.b(A.java:1)\n",
	strings.Repeat("\tat com.acme.A.b(A.java:1)\n", 30) + "\tat com.acme." + strings.Repeat("x", 300) + ".b(A.java:1)\n",
	"code.-resultStatus.-:4001 1-resultCode=4002 1.errCode=4003 $resultCode: 4001 1$result_code 7003 -.resultCode: 7014\n",
	"\n3\n[15net.SocketTimeoutException: R\n",
	heads("[t-1] c.a.B - ", "http invoke error, operationType=[com.acme.pay.query], resultStatus=4001", "[request] resultStatus=4001",
		"[request] x", "request", "call requestData:", "resultStatus=6001", "alipay resultStatus=6001", "traceId=7, ip=10.0.0.1 com.acme.pay.query 10.2.3.4 jdbc",
		"a.b.FooException: x", "resultCode: 4001, appId=a, userId=b, deviceId=c, workspaceId=d", "{resultCode:4001",
		"x %E9%AA%8C%E7%AD%BE%E6%97%B6%E9%97%B4%E6%88%B3%E6%A0%A1%E9%AA%8C%E5%A4%B1%E8%B4%A5"),
	heads("[pay-1] com.alipay.SecExceptionFilter - ", "resultCode=4001", "&resultCode=4001", "errorCode=4001", "SERVER_BIZEXCEPTION"),
	heads("[t-1] alipay result - ", "resultStatus=6001", "x resultStatus=7001"),
	heads("[t-1] wechat { - ", "resultStatus=4001"),
	heads("[a.FooException-12] x - ", "call failed"), heads("[api -12] x - ", "call failed"), heads("[request -12] x - ", "call failed"),
	heads("[0a1d7667159116484794082982-0658] x - ", "call failed"), heads("[SERVER_BIZEXCEPTION-1] x - ", "call failed"),
	heads("[10.2.3.4] com.acme.pay.query redis - ", "call failed", "&resultCode=4001"),
	heads("[http://a?b] wechat [x] - ", "errCode: 4001", "request=\ncom.acme.GwException: x?resultCode=4001 appId=7\nCaused by: a.b.FooException: a?resultCode=4001 appId=8"),
	"x kDTRpcEmptyResponse. com.acme.FooException.\n",
	"com.acme.GwException: a.b.BarException: appId=7 resultCode=4002\nCaused by: a.b.FooException: x; nested exception is java.net.ConnectException: refused\n",
	"x.SG ERROR=101 a.ip=10.0.0.1 x.uid: 7, a.b.vo={\"errcode\":4001} timer.api=a.b.c trace_i_d: 12345678 u-i-d=3 -resultStatus- 4001\n",
	"request body: {resultStatus:4001} result code 4002, result_code=4003 x-result-status: 4001 a\\nresultStatus=4001 RPCException: [7014]\n",
	"结果码：4001 resultStatus=7003 " + trace + " a-" + trace + " " + trace + "a 1." + trace + "\v[com.acme.pay]\f|10.2.3.4\n",
}

// heads returns records whose heads begin in the same way, each with a trace id and
// without, with a line behind that is read in the light of its head.
func heads(lead string, messages ...string) (text string) {
	for _, m := range messages {
		for _, id := range []string{"", "[" + trace + "] ", "[" + trace + "1234] "} {
			for _, line := range []string{"com.acme.GwException: resultStatus=4002", "{resultStatus:4003}", "Caused by: java.net.ConnectException: refused"} {
				text += "\n" + at + "ERROR " + lead + id + m + "\n" + line
			}
		}
	}
	return text + "\n"
}

// TestShortCuts holds it on all test logs.
func TestShortCuts(t *testing.T) {
	logs := testLogs(t)
	for _, text := range shortCutSeeds {
		logs[text] = []byte(at + "ERROR [x] call " + text + at + "WARN " + text)
	}
	for name, data := range logs {
		data = data[:min(len(data), 20_000)]
		opt := Options{Lexicon: testLexicon(), Profile: Detect(data, name, testLexicon())}
		for i, limit := range []int{0, 4096, 500, 64} {
			opt.MaxRecord = limit
			checkShortCuts(t, data, opt, uint64(i*997+100))
		}
	}
}

func FuzzShortCuts(f *testing.F) {
	seed := uint64(0)
	for _, data := range testLogs(f) {
		f.Add(data[:min(len(data), 3000)], seed, uint16(seed*61))
		seed++
	}
	for _, text := range shortCutSeeds {
		f.Add([]byte(at+"ERROR "+text), seed, uint16(2000))
		seed++
	}
	f.Fuzz(func(t *testing.T, data []byte, pieces uint64, limit uint16) {
		opt := Options{Lexicon: testLexicon(), MaxRecord: int(limit)%3000 + 1, Strict: pieces%7 == 0, Lean: pieces%5 == 0}
		if pieces%2 == 0 {
			opt.Modified = time.Unix(int64(pieces%2e9), 0)
		}
		if pieces%3 == 0 {
			opt.Format = Format(int(pieces/3%64) % NumFormats)
		}
		opt.Profile = Detect(data, [...]string{"", "gateway-error.log", "monitor.log"}[pieces%11%3], testLexicon())
		checkShortCuts(t, data, opt, pieces)
	})
}

// TestNames holds that all names are found, however they are written, and that
// what tells quickly that a word is none does not tell so of one of them.
func TestNames(t *testing.T) {
	tails := newTails(nil)
	check := func(word string, want name) {
		t.Helper()
		if got := nameOf([]byte(word)); got != want {
			t.Errorf("%s is %v, want %v", word, got, want)
		}
		if !mayBeName(word[0], len(word)) || !mayBeName(word[0]&^0x20, len(word)) {
			t.Errorf("%s may be no name", word)
		}
		for i := 0; i <= len(word); i++ {
			for _, join := range []string{"", "-", "_", "-_"} {
				w := []byte("x." + word[:i] + join + strings.ToUpper(word[i:]))
				if !tails.has(joinedTail(w)) || join == "" && joinedTail(w) != plainTail(append([]byte("12345678"), w...), 8, 8+len(w)) {
					t.Errorf("%q ends like no name", w)
				}
			}
		}
	}
	for word, n := range names {
		check(word, n)
	}
	for prefix := range ownPrefixes {
		for _, suffix := range compoundSuffixes {
			if word := prefix + suffix; names[word].kind == noName {
				check(word, names[suffix])
			}
		}
	}
	for _, word := range []string{"x", "resultstatusx", "status", "foo", "wxresultcode"} {
		if got := nameOf([]byte(word)); got != (name{}) {
			t.Errorf("%s is %v", word, got)
		}
	}
}

// FuzzFind holds searches equal to the plain ones.
func FuzzFind(f *testing.F) {
	f.Add([]byte("a " + trace + " x-" + trace + trace + " _" + trace))
	f.Add([]byte("EException x.EError a.ErrorException.x a.b.Errors: java.lang.Error"))
	f.Add([]byte(strings.Repeat("a", 25) + "." + strings.Repeat("a.FooException1", 300) + " b.Error"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var id []byte
		for _, word := range bytes.FieldsFunc(data, func(r rune) bool { return r >= 0x80 || !isWordByte(byte(r)) }) {
			if _, ok := traceMillis(word); ok {
				id = word
				break
			}
		}
		if got := findTraceID(data); !bytes.Equal(got, id) {
			t.Errorf("trace id %q, want %q", got, id)
		}
		if got, want := findException(data), plainFindException(data); got != want {
			t.Errorf("exception at %d, want %d", got, want)
		}
	})
}

// plainFindException looks for the two endings one after the other.
func plainFindException(line []byte) int {
	line = line[:min(len(line), 4096)]
	for from := 0; from < len(line); {
		k := -1
		for _, suffix := range [...]string{"Exception", "Error"} {
			if i := bytes.Index(line[from:], []byte(suffix)); i >= 0 && (k < 0 || from+i+len(suffix) < k) {
				k = from + i + len(suffix)
			}
		}
		if k < 0 {
			return -1
		}
		if k == len(line) || !isWordByte(line[k]) && (line[k] != '.' || k+1 == len(line) || !isWordByte(line[k+1])) {
			i := k
			for i > from && (isWordByte(line[i-1]) || line[i-1] == '.' || line[i-1] == '$') {
				i--
			}
			if namesException(line[i:k]) {
				return i
			}
		}
		from = k
	}
	return -1
}

// errorLogs returns generated logs of errors with stack traces, one behind the
// other.
func errorLogs(t testing.TB) []byte {
	t.Helper()
	var all []byte
	logs := testLogs(t)
	for _, name := range []string{"01", "05", "06", "07", "13"} {
		all = append(all, logs["../testdata/generated/error-"+name+".log"]...)
	}
	if len(all) == 0 {
		t.Fatal("no logs")
	}
	return all
}

// TestErrorAllocations holds how much is allocated for the records of logs of
// errors of all kinds.
func TestErrorAllocations(t *testing.T) {
	text := errorLogs(t)
	opt := Options{Lexicon: testLexicon(), Profile: Detect(text, "gateway-error.log", testLexicon())}
	r := NewReader(&repeated{text: text}, opt)
	for range 5000 {
		r.Scan()
	}
	if n := testing.AllocsPerRun(5000, func() { r.Scan() }); n > 2 {
		t.Errorf("%v allocations per record", n)
	}
}

func BenchmarkErrorLog(b *testing.B) {
	text := errorLogs(b)
	opt := Options{Lexicon: testLexicon(), Profile: Detect(text, "gateway-error.log", testLexicon())}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for r := NewReader(bytes.NewReader(text), opt); r.Scan(); {
		}
	}
}

// BenchmarkLadder reads records that are put together already, without knowing
// their frames.
func BenchmarkLadder(b *testing.B) {
	text := errorLogs(b)
	opt := Options{Lexicon: testLexicon(), Profile: Detect(text, "gateway-error.log", testLexicon())}
	var records []Record
	size := 0
	for r := NewReader(bytes.NewReader(text), opt); r.Scan(); {
		if rec := r.Record(); rec != nil {
			records = append(records, rec.Clone())
			size += len(rec.Text)
		}
	}
	l := newLadder(opt)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for i := range records {
			r := &records[i]
			*r = Record{Text: r.Text, Head: r.Head, Format: r.Format, Code: NoCode, Exceptions: r.Exceptions[:0]}
			l.read(r)
		}
	}
}
