package parser

import (
	"bytes"
	"os"
	"testing"
)

// repeated is an endless input of one text.
type repeated struct{ text, rest []byte }

func (r *repeated) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		r.rest = r.text
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// TestAllocations holds that reading allocates nothing per record once it is
// warm, on the digest and on the error path.
func TestAllocations(t *testing.T) {
	for name, text := range map[string]string{
		"digest": digest2021 + "\n",
		"error": at + "ERROR [" + trace + "] resultCode=4001\ncom.acme.GwException: x\n\tat com.acme.A.b(A.java:1)\n" +
			"Caused by: java.net.SocketTimeoutException: Read timed out\n\t... 4 more\n",
		"inferred": at + "ERROR [" + trace + "] call\ncom.acme.GwException: x\n\tat com.acme.A.b(A.java:1)\n" +
			"Caused by: java.net.SocketTimeoutException: Read timed out\n\t... 4 more\n",
	} {
		r := NewReader(&repeated{text: bytes.Repeat([]byte(text), 100)}, Options{Lexicon: testLexicon()})
		for range 5000 {
			r.Scan()
		}
		if n := testing.AllocsPerRun(5000, func() {
			if !r.Scan() || r.Record() == nil || r.Record().Code != 1000 && r.Record().Code != 4001 {
				t.Fatalf("%s: no record", name)
			}
		}); n > 0 {
			t.Errorf("%s: %v allocations per record", name, n)
		}
	}
}

func BenchmarkReader(b *testing.B) {
	stack := bytes.Repeat([]byte("\tat com.alipay.gateway.core.invoke.HttpServiceInvoker.doInvoke(HttpServiceInvoker.java:166)\n"), 40)
	for _, c := range []struct{ name, text string }{
		{"digest", digest2021 + "\n"},
		{"spi-digest", spi2023 + "\n"},
		{"error", at + "ERROR [" + trace + "] resultCode=4001, operationType=com.acme.pay.query\ncom.acme.GwException: x\n" + string(stack) +
			"Caused by: java.net.SocketTimeoutException: Read timed out\n" + string(stack) + "\t... 4 more\n"},
		{"inferred", at + "ERROR [" + trace + "] call failed, operationType=com.acme.pay.query\ncom.acme.GwException: x\n" + string(stack) +
			"Caused by: java.net.SocketTimeoutException: Read timed out\n" + string(stack) + "\t... 4 more\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := NewReader(&repeated{text: bytes.Repeat([]byte(c.text), 200)}, Options{Lexicon: testLexicon()})
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				r.Scan()
			}
		})
	}
}

// BenchmarkBriefs measures reading the lines of a digest in brief. An operation is
// as many as are read at a time.
func BenchmarkBriefs(b *testing.B) {
	text := bytes.Repeat([]byte(digest2021+"\n"), 1000)
	r := NewReader(&repeated{text: text}, Options{Lean: true})
	b.ReportAllocs()
	for b.Loop() {
		if len(r.Briefs(MaxBriefs)) == 0 {
			r.Scan()
		}
	}
	b.SetBytes(r.Bytes() / int64(b.N))
}

// BenchmarkFormats measures the formats of clients and of business hosts on the
// sample logs, each again and again for a MiB; a HAR file as it is.
func BenchmarkFormats(b *testing.B) {
	for _, name := range []string{
		"captures/logcat-threadtime.log", "captures/ios-console.log", "captures/curl-include.log", "captures/browser.har",
		"generated/monitor-01.log", "generated/default-01.log",
	} {
		b.Run(name, func(b *testing.B) {
			data, err := os.ReadFile("../testdata/" + name)
			if err != nil {
				b.Fatal(err)
			}
			lexicon := testLexicon()
			opt := Options{Lexicon: lexicon, Profile: Detect(data, name, lexicon)}
			if opt.Profile.Format != HAR {
				data = bytes.Repeat(data, 1<<20/len(data))
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				r := NewReader(bytes.NewReader(data), opt)
				for r.Scan() {
				}
				if r.Err() != nil {
					b.Fatal(r.Err())
				}
			}
		})
	}
}

// BenchmarkDetect measures what is done with an input's beginning before it is
// read.
func BenchmarkDetect(b *testing.B) {
	for _, name := range []string{"generated/digest-01.log", "generated/error-01.log"} {
		b.Run(name, func(b *testing.B) {
			data, err := os.ReadFile("../testdata/" + name)
			if err != nil {
				b.Fatal(err)
			}
			lexicon := testLexicon()
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				Detect(data, name, lexicon)
			}
		})
	}
}
