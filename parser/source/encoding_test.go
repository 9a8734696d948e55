package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// gb returns text in GB18030.
func gb(t testing.TB, text string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wide returns text in UTF-16.
func wide(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

const ascii = "2026-11-20 02:13:05,123 ERROR [HTTP-7] resultCode=4001, call com.acme.pay took 3001ms\n"

// chinese are texts of the kind that logs have.
var chinese = []string{
	"调用超时", "系统繁忙，请稍后再试", "结果码：4001，服务请求超时", "用户【张三】登录失败，原因：密码错误", "网关内部错误",
	"接口不存在或没有权限", "当前访问人数过多", "参数缺失：「订单号」", "数据库连接池已满，等待 3 秒后重试", "签名校验失败，时间戳过期",
	"耗时 12 毫秒", "余额不足￥12.50", "下单成功", "商户号为空", "未知异常。", "处理完毕", "魑魅魍魉出现在备注里", "联通号码",
}

// latin are texts that are not Chinese, in the bytes of ISO 8859-1.
var latin = []string{
	"f\xfcr Gr\xf6\xdfe \xc4nderung", "r\xe9sultat refus\xe9 \xe0 l'h\xf4te, \xe7a a \xe9t\xe9 annul\xe9", "\xd1andu, ma\xf1ana a\xf1o",
	"N\xc3O H\xc1 INFORMA\xc7\xc3O", "caf\xe9", "\xa9 2026 Acme\xae", "20\xb0C \xb1 2\xb5m", "\xe5\xe4\xf6 \xc5\xc4\xd6", "r\xf8dgr\xf8d med fl\xf8de p\xe5 \xf8en",
}

func TestRecognise(t *testing.T) {
	utf, gbk, lat := ascii, ascii, ascii
	for i, s := range chinese {
		utf += ascii + "INFO " + s + "\n"
		gbk += strings.Repeat(ascii, i) + "INFO " + gb(t, s) + " done\n"
	}
	for _, s := range latin {
		lat += ascii + "INFO " + s + "\n"
	}
	var singles strings.Builder
	singles.WriteString(ascii)
	for _, r := range "秒元次个条" {
		singles.WriteString("took 3 " + gb(t, string(r)) + "\n")
	}
	var cut strings.Builder
	for i := range 40 {
		cut.WriteString(ascii[:60] + "系统繁忙，请稍后再试"[:2+i%20] + "\n")
	}
	var junk []byte
	random := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		junk = append(junk, byte(random.Uint32()))
	}
	for _, c := range []struct {
		name, data string
		want       Charset
	}{
		{"nothing", "", UTF8},
		{"ASCII", ascii, UTF8},
		{"UTF-8", utf, UTF8},
		{"UTF-8 with a mark", "\ufeff" + utf, UTF8},
		{"UTF-8, cut characters", cut.String(), UTF8},
		{"UTF-8, narrow", strings.Repeat("Größe ändern, мир\n", 9), UTF8},
		{"UTF-8, some Chinese of GBK", utf + "\n" + gb(t, chinese[1]), UTF8},
		{"GBK", gbk, GB18030},
		{"GBK, one line of it", strings.Repeat(ascii, 1000) + gb(t, "超时") + "\n", GB18030},
		{"GBK, one character a line", singles.String(), GB18030},
		{"GBK, some UTF-8", gbk + chinese[1] + "\n", GB18030},
		{"GBK, cut character", gbk + gb(t, chinese[1])[:5] + "\n", GB18030},
		{"Latin", lat, UTF8},
		{"junk", string(junk), UTF8},
		{"UTF-16LE", "\xff\xfe" + wide(binary.LittleEndian, utf), UTF16LE},
		{"UTF-16BE", "\xfe\xff" + wide(binary.BigEndian, utf), UTF16BE},
	} {
		if got := recognise(Text{}, []byte(c.data), true); got.Charset != c.want {
			t.Errorf("%s: %s, want %s", c.name, got.Charset, c.want)
		}
		if got := recognise(Text{Charset: GBK}, []byte(c.data), true); got != (Text{Charset: GBK}) {
			t.Errorf("%s: asked for gbk, taken for %v", c.name, got)
		}
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		want := map[bool]Charset{true: UTF16BE, false: UTF16LE}[order == binary.BigEndian]
		if got := recognise(Text{Charset: UTF16}, []byte(wide(order, utf)), true); got.Charset != want {
			t.Errorf("utf-16 without a mark: %s, want %s", got.Charset, want)
		}
	}
	// Of a sample that is not the whole, a last line that is cut does not count.
	if got := recognise(Text{}, []byte(ascii+gb(t, chinese[1])), false); got.Charset != UTF8 {
		t.Errorf("a cut line counts: %s", got.Charset)
	}
}

// TestChoose holds what single lines are taken for, in inputs that are usually
// UTF-8 and in others.
func TestChoose(t *testing.T) {
	for _, s := range chinese {
		line := []byte(s)
		for n := 1; n <= len(line); n++ { // a program that cuts by bytes
			if got := choose(UTF8, line[:n]); got != UTF8 {
				t.Errorf("%q cut at %d is %s", s, n, got)
			}
		}
		if got := choose(GB18030, line); got != UTF8 {
			t.Errorf("%q in GB18030 is %s", s, got)
		}
		old := []byte(gb(t, s))
		if got := choose(GB18030, old); got != GB18030 {
			t.Errorf("%q as GBK in GBK is %s", s, got)
		}
		if got := choose(UTF8, old); got != GB18030 && s != "魑魅魍魉出现在备注里" { // rare characters alone
			t.Errorf("%q as GBK in UTF-8 is %s", s, got)
		}
	}
	for _, s := range latin {
		if got := choose(UTF8, []byte(s)); got != UTF8 {
			t.Errorf("%q is %s", s, got)
		}
	}
}

// text reads data as t says, in pieces as r gives them.
func text(t testing.TB, r io.Reader, as Text) (string, int64, int64) {
	t.Helper()
	d := decode(r, as)
	out, err := io.ReadAll(d)
	if err != nil {
		t.Fatal(err)
	}
	invalid, recoded := d.counts()
	return string(out), invalid, recoded
}

func TestDecode(t *testing.T) {
	auto, old := Text{UTF8, true}, Text{GB18030, true}
	busy := "系统繁忙，请稍后再试"
	long := strings.Repeat("请稍后再试 ", 20_000)
	for _, c := range []struct {
		name, data       string
		as               Text
		want             string
		invalid, recoded int64
	}{
		{"ASCII", ascii, auto, ascii, 0, 0},
		{"UTF-8", busy + "\n" + busy, auto, busy + "\n" + busy, 0, 0},
		{"a character at the end cut off", busy[:len(busy)-1], auto, busy[:len(busy)-3] + "\ufffd\ufffd", 2, 0},
		{"midway to GBK", busy + "\n" + gb(t, busy+"\na"+busy) + "\n", auto, busy + "\n" + busy + "\na" + busy + "\n", 0, 2},
		{"midway to UTF-8", gb(t, busy) + "\r\n" + busy + "\r\n", old, busy + "\r\n" + busy + "\r\n", 0, 1},
		{"without a last line end", gb(t, busy), auto, busy, 0, 1},
		{"trail bytes that mean something", gb(t, "誠|{\\}丂亅") + "|\n", old, "誠|{\\}丂亅|\n", 0, 0},
		{"four bytes", gb(t, "请求㐀𠀀完成"), auto, "请求㐀𠀀完成", 0, 1},
		{"Latin", "caf\xe9 \xfcber\n", auto, "caf\ufffd \ufffdber\n", 2, 0},
		{"UTF-8 asked for", gb(t, "超时") + "\n", Text{Charset: UTF8}, "\ufffd\ufffd\u02b1\n", 2, 0},
		{"GBK asked for", busy[:6] + "\n", Text{Charset: GBK}, "绯荤粺\n", 0, 0},
		{"GBK, damaged", gb(t, busy) + "\xff" + gb(t, busy) + "\n", old, busy + "\ufffd" + busy + "\n", 1, 0},
		{"a long line", gb(t, long) + "\n" + long, old, long + "\n" + long, 0, 5},
		{"a long line in another", ascii + gb(t, long) + "\n", auto, ascii + long + "\n", 0, 4},
		{"UTF-16LE", wide(binary.LittleEndian, busy+"\n😀\n"), Text{Charset: UTF16LE}, busy + "\n😀\n", 0, 0},
		{"UTF-16BE", wide(binary.BigEndian, busy+"\n😀\n"), Text{Charset: UTF16BE}, busy + "\n😀\n", 0, 0},
		{"UTF-16, half a pair and half a character", "\x3d\xd8a\x00\x00\xdca\x00\x3d\xd8" + "b", Text{Charset: UTF16LE}, "\ufffda\ufffda\ufffd\ufffd", 7, 0},
	} {
		for name, r := range map[string]io.Reader{
			"whole":       strings.NewReader(c.data),
			"byte wise":   iotest.OneByteReader(strings.NewReader(c.data)),
			"with error":  iotest.DataErrReader(strings.NewReader(c.data)),
			"with pauses": &pausing{r: strings.NewReader(c.data)},
		} {
			got, invalid, recoded := text(t, r, c.as)
			if got != c.want || invalid != c.invalid || recoded != c.recoded {
				t.Errorf("%s, %s: %.100q, want %.100q; %d invalid, want %d; %d recoded, want %d",
					c.name, name, got, c.want, invalid, c.invalid, recoded, c.recoded)
			}
		}
	}
	// Errors come behind all that was read, and only once nothing comes.
	if _, err := io.ReadAll(decode(io.MultiReader(strings.NewReader("ab\xe8"), stuck{}), auto)); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a source that gives nothing: %v", err)
	}
	for _, as := range []Text{auto, old, {Charset: UTF16LE}} {
		broken := errors.New("broken")
		got, err := io.ReadAll(decode(io.MultiReader(strings.NewReader("ab超时"), iotest.ErrReader(broken)), as))
		if !errors.Is(err, broken) || len(got) == 0 {
			t.Errorf("%s: %q, %v", as.Charset, got, err)
		}
	}
}

// pausing gives nothing every other time, and then some bytes.
type pausing struct {
	r io.Reader
	n int
}

func (p *pausing) Read(b []byte) (int, error) {
	if p.n++; p.n%2 == 0 {
		return 0, nil
	}
	return p.r.Read(b[:min(len(b), 1+p.n%777)])
}

// stuck never gives anything.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// TestSampleDecoded holds that an input is recognised by its sample, that
// reading goes on behind it, and that counts are of all.
func TestSampleDecoded(t *testing.T) {
	line := "失败：系统繁忙\n"
	body := strings.Repeat(ascii+line, 3000)
	for name, c := range map[string]struct {
		data string
		want Text
		text string
	}{
		"gbk":      {gb(t, body) + line + "\xff\n", Text{GB18030, true}, body + line + "\ufffd\n"},
		"utf-8":    {body + gb(t, line) + "\xff\n", Text{UTF8, true}, body + line + "\ufffd\n"},
		"utf-16le": {"\xff\xfe" + wide(binary.LittleEndian, body+line) + "\x00\xdc", Text{Charset: UTF16LE}, "\ufeff" + body + line + "\ufffd"},
	} {
		for _, packed := range []bool{false, true} {
			data := []byte(c.data)
			if packed {
				data = zipped(t, c.data)
			}
			for _, n := range []int{100, 10_000, 1 << 20} {
				in, err := Open(t.Context(), Stdin, bytes.NewReader(data))
				if err != nil {
					t.Fatal(err)
				}
				sample := string(in.Sample(n))
				got, err := io.ReadAll(in)
				if n > 100 && in.Text != c.want {
					t.Errorf("%s: %v", name, in.Text)
				}
				if n == 100 && in.Text.Charset == UTF8 && name == "gbk" {
					continue // only ASCII has been seen
				}
				if string(got) != c.text || err != nil || !strings.HasPrefix(c.text, sample) || len(sample) < min(n, len(c.text))-3 {
					t.Errorf("%s, a sample of %d: %d bytes, want %d; %d of the sample; %v", name, n, len(got), len(c.text), len(sample), err)
				}
				if in.Invalid() == 0 || (in.Recoded() > 0) == (name == "utf-16le") {
					t.Errorf("%s: %d invalid, %d recoded", name, in.Invalid(), in.Recoded())
				}
			}
		}
	}
}

func TestCharsetNames(t *testing.T) {
	for _, name := range Charsets() {
		if c, err := ParseCharset(strings.ToUpper(name)); err != nil || c.String() != name {
			t.Errorf("%s: %v, %v", name, c, err)
		}
	}
	if _, err := ParseCharset("ebcdic"); err == nil || !strings.Contains(err.Error(), "gb18030") {
		t.Error(err)
	}
}

func TestFirstHigh(t *testing.T) {
	for n := range 200 {
		b := bytes.Repeat([]byte("a"), n)
		if got := firstHigh(b); got != n {
			t.Fatalf("%d of %d", got, n)
		}
		for i := range b {
			b[i] = 0x80
			if got := firstHigh(b); got != i {
				t.Fatalf("%d of %d, want %d", got, n, i)
			}
			b[i] = 'a'
		}
	}
}

// FuzzText holds for any bytes in any encoding: what comes out is UTF-8, has
// the same lines, is left alone if it was UTF-8, and does not depend on the cut.
func FuzzText(f *testing.F) {
	for i, s := range chinese {
		f.Add([]byte(s+"\n"+gb(f, s)+"\n"), uint8(i), uint64(i))
		f.Add([]byte(wide(binary.LittleEndian, s)), uint8(i), uint64(i))
	}
	for i, s := range latin {
		f.Add([]byte(s+"\r\n\x00"), uint8(i), uint64(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, kind uint8, pieces uint64) {
		as := []Text{{UTF8, true}, {GB18030, true}, {Charset: UTF8}, {Charset: GB18030}, {Charset: GBK}, {Charset: UTF16LE}, {Charset: UTF16BE}}[kind%7]
		out, invalid, recoded := text(t, bytes.NewReader(data), as)
		if !utf8.ValidString(out) {
			t.Fatalf("%q is no UTF-8", out)
		}
		if n := strings.Count(out, "\n"); as.Charset < UTF16LE && n != bytes.Count(data, []byte("\n")) {
			t.Fatalf("%d lines", n)
		}
		if as.Charset == UTF8 && utf8.Valid(data) && (out != string(data) || invalid+recoded > 0) {
			t.Fatalf("valid UTF-8 becomes %q", out)
		}
		random := rand.New(rand.NewPCG(pieces, 0))
		again, i, r := text(t, cutter{bytes.NewReader(data), random}, as)
		if again != out || i != invalid || r != recoded {
			t.Fatalf("in pieces %q, %d, %d; whole %q, %d, %d", again, i, r, out, invalid, recoded)
		}
		recognise(Text{}, data, pieces%2 == 0)
	})
}

// cutter gives pieces of random length.
type cutter struct {
	r      io.Reader
	random *rand.Rand
}

func (c cutter) Read(b []byte) (int, error) { return c.r.Read(b[:min(len(b), 1+c.random.IntN(30))]) }

func BenchmarkText(b *testing.B) {
	line := ascii + "系统繁忙，请稍后再试 operationType=com.acme.pay\n"
	for name, c := range map[string]struct {
		text string
		as   Text
	}{
		"ascii": {ascii, Text{UTF8, true}}, "utf-8": {line, Text{UTF8, true}}, "gb18030": {gb(b, line), Text{GB18030, true}},
		"utf-16": {wide(binary.LittleEndian, line), Text{Charset: UTF16LE}},
	} {
		b.Run(name, func(b *testing.B) {
			data := bytes.Repeat([]byte(c.text), (4<<20)/len(c.text))
			buf := make([]byte, 256<<10)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				d := decode(bytes.NewReader(data), c.as)
				for {
					if _, err := d.Read(buf); err != nil {
						break
					}
				}
			}
		})
	}
}
