package parser

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	digest2021 = "2020-06-03 14:14:08,001 - (/mgw.htm,response,Y,61ms,alipay.mcdp.space.initSpaceInfo,-,84EFA9A281942,default,1000,-,-,-,-,Wz4Zak5peDgDAGRNW5rFFGhT,Wz4Zak5peDgDAGRNW5rFFGhTN9uqCLa,Wz4Zak5peDgDAGRNW5rFFGhTN9uqCLa,223.104.210.136,HTTP,JSON,2,2406,F,0a1d76671591164847940829820658,T,ANDROID,61,4,2.0)"
	digest2026 = "2020-06-03 14:14:08,001 - (/mgw.htm,response,Y,61 ms,alipay.mcdp.space.initSpaceInfo,-,84EFA9A281942,default,1000,-,-,-,-,Wz4Zak5peDgDAGRNW5rFFGhT,Wz4Zak5peDgDAGRNW5rFFGhTN9uqCLa,Wz4Zak5peDgDAGRNW5rFFGhTN9uqCLa,223.104.XXX.XXX,HTTP,JSON,2,2406,F,0a1d76671591164847940829820658,T,ANDROID,61,4,2.0)"
	spi2023    = "2017-09-12 11:15:57,700 - (com.alipay.gateway.test,ANT_CLOUD_APP,3.0.0.20171214,36ms,Y,1000,79c731d5150518615768657974443)"
)

// digestText is what a digest's record must be, for comparing.
func digestText(r *Record) string {
	return fmt.Sprintf("%d %s op=%s app=%s ws=%s ip=%s user=%s device=%s v=%s os=%s trace=%s ms=%d/%d stress=%v ok=%c odd=%d",
		r.Code, r.Evidence, r.OperationType, r.AppID, r.WorkspaceID, r.ClientIP, r.UserID, r.DeviceID, r.ClientVersion,
		r.ClientOS, r.TraceID, r.LatencyMS, r.BackendMS, r.Stress, r.Success, r.Irregular)
}

func TestDigests(t *testing.T) {
	full := "1000 position op=alipay.mcdp.space.initSpaceInfo app=84EFA9A281942 ws=default ip=223.104.210.136 user= device=Wz4Zak5peDgDAGRNW5rFFGhT v= os=ANDROID trace=0a1d76671591164847940829820658 ms=61/61 stress=false ok=Y odd=0"
	replace := func(old, now string) string { return strings.Replace(digest2021, old, now, 1) }
	for _, c := range []struct{ name, line, want string }{
		{"2021", digest2021, full},
		{"2026", digest2026, strings.Replace(full, "210.136", "XXX.XXX", 1)},
		{"failure", replace("default,1000", "default,4001"), strings.Replace(full, "1000", "4001", 1)},
		{"no code", replace("default,1000", "default,-"), strings.Replace(full, "1000 position", "-1 ", 1)},
		{"odd time", replace("Y,61ms", "Y,1.5s"), strings.Replace(full, "ms=61/61", "ms=-1/61", 1)},
		{"blanks", replace("default,1000,", "default, 1000 ,"), full},
		{"stress", replace(",F,0a", ",T,0a"), strings.Replace(full, "stress=false", "stress=true", 1)},
		{"a comma in the user id", replace("-,-,-,-,Wz4", "-,-,-,a,b,Wz4"), strings.Replace(full, "odd=0", "odd=2", 1)},
		{"a field more", strings.Replace(digest2021, "4,2.0)", "4,2.0,new)", 1), strings.Replace(full, "odd=0", "odd=2", 1)},
		{"two fields fewer", strings.Replace(digest2021, ",4,2.0)", ")", 1), strings.Replace(full, "odd=0", "odd=1", 1)},
		{"cut behind the code", digest2021[:strings.Index(digest2021, "1000")+6], "1000 position op=alipay.mcdp.space.initSpaceInfo app=84EFA9A281942 ws=default ip= user= device= v= os= trace= ms=61/-1 stress=false ok=Y odd=1"},
		{"SPI", spi2023, "1000 position op=com.alipay.gateway.test app= ws= ip= user= device= v=3.0.0.20171214 os= trace=79c731d5150518615768657974443 ms=36/-1 stress=false ok=Y odd=0"},
		{"SPI with a blank", strings.Replace(spi2023, "36ms", "36 ms", 1), "1000 position op=com.alipay.gateway.test app= ws= ip= user= device= v=3.0.0.20171214 os= trace=79c731d5150518615768657974443 ms=36/-1 stress=false ok=Y odd=0"},
		{"SPI with empty fields", "2017-09-12 11:15:57,700 - (,ANT_CLOUD_APP,,36ms,N,6666,79c731d5150518615768657974443)", "6666 position op= app= ws= ip= user= device= v= os= trace=79c731d5150518615768657974443 ms=36/-1 stress=false ok=N odd=0"},
	} {
		r := decodeOne(t, c.line, Options{})
		if got := digestText(&r); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestBrokenDigests holds that a line cut off inside or before its code gives
// no code, in a log that is a digest.
func TestBrokenDigests(t *testing.T) {
	profile := Detect([]byte(digest2021+"\n"), "", nil)
	if profile.Format != GatewayDigest || profile.Host != GatewayHost {
		t.Fatalf("profile %+v", profile)
	}
	code := strings.Index(digest2021, "1000")
	for n := stampMin + 4; n <= code+len("1000"); n++ {
		d := NewDecoder(Options{Profile: profile})
		feed(d, []byte(digest2021[:n]), func() {
			if s := d.Skipped(); s == nil || s.Err != ErrDigest {
				t.Errorf("cut at %d: %q is %+v", n, digest2021[:n], d.Record())
			}
		})
	}
}

func TestForcedFormats(t *testing.T) {
	log := digest2021 + "\n" + spi2023 + "\n" + at + "x\n"
	for _, c := range []struct {
		format           Format
		records, skipped int
	}{{Unknown, 3, 0}, {GatewayDigest, 1, 2}, {SPIDigest, 1, 2}, {Stamped, 3, 0}} {
		records, skipped := 0, 0
		d := NewDecoder(Options{Format: c.format})
		feed(d, []byte(log), func() {
			if d.Skipped() != nil {
				skipped++
			} else {
				records++
			}
		})
		if records != c.records || skipped != c.skipped {
			t.Errorf("%s: %d records and %d skipped, want %d and %d", c.format, records, skipped, c.records, c.skipped)
		}
	}
}

func TestTraceID(t *testing.T) {
	for _, c := range []struct {
		id, host, time string
		seq, pid       int
	}{
		{"0a1d76671591164847940829820658", "10.29.118.103", "2020-06-03T06:14:07.940Z", 8298, 20658},
		{"0a1cfd401597122097726853822435", "10.28.253.64", "2020-08-11T05:01:37.726Z", 8538, 22435},
		{"0a1d7667159712140890222728553", "10.29.118.103", "2020-08-11T04:50:08.902Z", 2272, 8553},
		{"79c731d5150518615768657974443", "121.199.49.213", "2017-09-12T03:15:57.686Z", 5797, 4443},
		{"0ad1348f1403169275002100356696", "10.209.52.143", "2014-06-19T09:14:35.002Z", 1003, 56696},
	} {
		got, ok := ParseTraceID([]byte(c.id))
		if !ok || got.Host.String() != c.host || got.Time().Format("2006-01-02T15:04:05.000Z") != c.time || got.Seq != c.seq || got.PID != c.pid {
			t.Errorf("%s: %v %+v %s", c.id, ok, got, got.Time())
		}
		if found := findTraceID([]byte("x [" + c.id + "] y")); string(found) != c.id {
			t.Errorf("%s: found %q", c.id, found)
		}
	}
	for _, bad := range []string{"", "0a1d7667159116484794082982065x", "0a1d76672591164847940829820658", "0g1d76671591164847940829820658", "0a1d7667159116484794082"} {
		if _, ok := ParseTraceID([]byte(bad)); ok {
			t.Errorf("%q is taken for a trace id", bad)
		}
	}
}

// TestZone holds that the zone comes out of the trace ids.
func TestZone(t *testing.T) {
	for _, offset := range []time.Duration{0, 8 * time.Hour, -5 * time.Hour, 5*time.Hour + 45*time.Minute, 5*time.Hour + 30*time.Minute, 14 * time.Hour, -12 * time.Hour} {
		var log bytes.Buffer
		start := time.Date(2026, 11, 20, 2, 13, 5, 0, time.UTC)
		for i := range 50 {
			made := start.Add(time.Duration(i) * time.Second)
			logged := made.Add(offset + time.Duration(i*60)*time.Millisecond)
			fmt.Fprintf(&log, "%s ERROR [0a1d7667%d8298%d] resultCode=4001\n", logged.Format("2006-01-02 15:04:05,000"), made.UnixMilli(), i+1)
		}
		p := Detect(log.Bytes(), "x", testLexicon())
		if p.Zone == nil || p.ZoneVotes != 50 {
			t.Fatalf("offset %v: %+v", offset, p)
		}
		if _, got := start.In(p.Zone).Zone(); got != int(offset.Seconds()) {
			t.Errorf("offset %v: got %d s", offset, got)
		}
	}
	// Ids of another time do not vote; ids that disagree give no zone.
	p := Detect([]byte("2026-11-20 02:13:05,123 x [0a1d76671591164847940829820658]\n"), "x", nil)
	if p.Zone != nil {
		t.Errorf("an old id gives the zone %v", p.Zone)
	}
	if p := Detect([]byte("2026-11-20T02:13:05.123+08:00 x\n"), "x", nil); p.StampZone == nil || p.StampZone.String() != "+08:00" {
		t.Errorf("the stamps' own zone is %v", p.StampZone)
	}
}

// TestBracketColumn holds that a column of numbers which happen to be codes
// now and then is not read as one.
func TestBracketColumn(t *testing.T) {
	var log bytes.Buffer
	for i := range 500 {
		fmt.Fprintf(&log, "%s[%d] [%s] call done [%d]\n", at, 3900+i, trace, []int{4001, 7003, 1000}[i%3])
	}
	d := NewDecoder(Options{Lexicon: testLexicon(), Profile: Detect(log.Bytes(), "", testLexicon())})
	i := 0
	feed(d, log.Bytes(), func() {
		if want := []Code{4001, 7003, 1000}[i%3]; d.Record().Code != want {
			t.Errorf("record %d: %d, want %d", i, d.Record().Code, want)
		}
		i++
	})
}

func TestFields(t *testing.T) {
	r := decodeOne(t, at+`ERROR [http-1] - {"traceId":"`+trace+`","operationType":"com.acme.pay.query","appId":"84EFA9A281942","workspaceId":"default","clientIp":"1.2.3.4","userId":"u1","did":"d1","memo":"a, b","resultStatus":4001}`+
		"\ncom.acme.GwException: outer: x\n\tat com.acme.A.b(A.java:1)\n\tSuppressed: java.io.IOException: s\n\t\tat x.Y.z(Y.java:2)\n\tCaused by: java.lang.Error: hidden\nCaused by: java.net.SocketTimeoutException: Read timed out\n\tat java.net.S.r(S.java:3)\n\t... 4 more", Options{Lexicon: testLexicon()})
	got := fmt.Sprintf("%s %s %s %s %s %s %s %s %q", r.Level, r.TraceID, r.OperationType, r.AppID, r.WorkspaceID, r.ClientIP, r.UserID, r.DeviceID, r.Memo)
	if want := `ERROR ` + trace + ` com.acme.pay.query 84EFA9A281942 default 1.2.3.4 u1 d1 "a, b"`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	var chain []string
	for _, e := range r.Exceptions {
		chain = append(chain, fmt.Sprintf("%s|%s|%s", e.Class, e.Message, e.Frame))
	}
	if want := []string{"com.acme.GwException|outer: x|com.acme.A.b(A.java:1)", "java.net.SocketTimeoutException|Read timed out|java.net.S.r(S.java:3)"}; !slices.Equal(chain, want) {
		t.Errorf("chain %q, want %q", chain, want)
	}
}

func TestUnnamedFields(t *testing.T) {
	r := decodeOne(t, at+"|WARN|"+trace+"|223.104.XXX.XXX|com.acme.pay.query|c.a.g.Core|x", Options{Lexicon: testLexicon()})
	if string(r.TraceID) != trace || string(r.OperationType) != "com.acme.pay.query" || string(r.ClientIP) != "223.104.XXX.XXX" || string(r.Level) != "WARN" {
		t.Errorf("%q %q %q %q", r.TraceID, r.OperationType, r.ClientIP, r.Level)
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		name, text string
		format     Format
		host       Host
		binary     bool
	}{
		{"x", digest2021 + "\n", GatewayDigest, GatewayHost, false},
		{"x", spi2023 + "\n", SPIDigest, BusinessHost, false},
		{"/home/admin/logs/gateway/gateway-error.log", at + "x\n", Stamped, GatewayHost, false},
		{"monitor.log.2020-06-03", at + "x\n", Stamped, BusinessHost, false},
		{"/logs/mobileservice/odd.log", at + "x\n", Stamped, BusinessHost, false},
		{"x", "no log\n", Unknown, AnyHost, false},
		{"x", "", Unknown, AnyHost, false},
		{"x", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", Unknown, AnyHost, true},
	} {
		p := Detect([]byte(c.text), c.name, testLexicon())
		if p.Format != c.format || p.Host != c.host || p.Binary != c.binary {
			t.Errorf("%s %.30q: %v %v binary %v", c.name, c.text, p.Format, p.Host, p.Binary)
		}
	}
}

// TestBusinessHost holds that on a business host a gateway code is inferred
// only from a record that speaks of a call.
func TestBusinessHost(t *testing.T) {
	own := at + "ERROR [" + trace + "] sync of tags failed\njava.net.UnknownHostException: crm.acme"
	call := at + "ERROR [" + trace + "] invoke failed\njava.net.UnknownHostException: crm.acme"
	for _, c := range []struct {
		name, log string
		want      Code
	}{{"gateway-error.log", own, 4003}, {"monitor.log", own, NoCode}, {"monitor.log", call, 4003}, {"monitor-2.log", own, NoCode}} {
		r := decodeOne(t, c.log, Options{Lexicon: testLexicon(), Profile: Detect([]byte(c.log), c.name, testLexicon())})
		if r.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, r.Code, c.want)
		}
	}
}

func TestClock(t *testing.T) {
	shanghai := time.FixedZone("", 8*3600)
	for _, c := range []struct{ line, want string }{
		{"2026-11-20 02:13:05,123 x", "2026-11-19T18:13:05.123Z"},
		{"2024-02-29 00:00:00,001 x", "2024-02-28T16:00:00.001Z"},
		{"2026-11-20 02:13:05.1 x", "2026-11-19T18:13:05.1Z"},
		{"2026-11-20 02:13:05.123456789 x", "2026-11-19T18:13:05.123Z"},
		{"2026-11-20 02:13:05,123 +0100 x", "2026-11-20T01:13:05.123Z"},
		{"2026-11-20 02:13:05,123+0800", "2026-11-19T18:13:05.123Z"},
		{"2026-11-20T02:13:05Z", "2026-11-20T02:13:05Z"},
	} {
		cl := clock{loc: shanghai}
		for range 2 { // once parsed, once from the last second
			ms, _, ok := cl.instant([]byte(c.line))
			if got := time.UnixMilli(ms).UTC().Format(time.RFC3339Nano); !ok || got != c.want {
				t.Errorf("%q: %v %s, want %s", c.line, ok, got, c.want)
			}
		}
	}
}

// TestClockFast holds the fast path of the clock equal to the plain one.
func FuzzClock(f *testing.F) {
	f.Add("2026-11-20 02:13:05,123 x", "2026-11-20 02:13:05,124 y")
	f.Add("2026-11-20 02:13:05,123 +", "2026-11-20 02:13:05,123 +0800")
	f.Add("2026-11-20 02:13:05,123 x", "2026-11-20 02:13:05,123")
	f.Fuzz(func(t *testing.T, first, second string) {
		warm, cold := clock{loc: time.UTC}, clock{loc: time.UTC}
		warm.instant([]byte(first))
		ms, n, ok := warm.instant([]byte(second))
		ms2, n2, ok2 := cold.instant([]byte(second))
		if ms != ms2 || n != n2 || ok != ok2 {
			t.Errorf("%q after %q: %d %d %v, alone %d %d %v", second, first, ms, n, ok, ms2, n2, ok2)
		}
	})
}

// FuzzSplitDigest holds the splitter of digests equal to the plain one.
func FuzzSplitDigest(f *testing.F) {
	f.Add([]byte(digest2021))
	f.Add([]byte(",-,-,--,,"))
	f.Add([]byte(",,,,,,,,,\x2b\x2d\xac\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var got [digestFields][]byte
		n := splitDigest(b, &got)
		want := bytes.Split(b, []byte{','})
		if n != len(want) {
			t.Fatalf("%q: %d fields, want %d", b, n, len(want))
		}
		for i := range min(n, len(got)) {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("%q: field %d is %q, want %q", b, i, got[i], want[i])
			}
		}
	})
}
