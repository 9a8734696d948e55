package parser

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestPrefixes holds what each kind of prefix gives, and that records of
// interleaved origins stay apart.
func TestPrefixes(t *testing.T) {
	const (
		one = "2026-11-20 02:13:05,123 ERROR resultCode=4001"
		two = "2026-11-20 02:13:06,123 ERROR resultCode=7003"
	)
	for _, c := range []struct {
		name, text string
		want       []string // "host|file code lines", or "skipped line"
	}{
		{
			"grep -H", "gateway-error.log:" + one + "\nmonitor.log:" + two + "\n",
			[]string{"|gateway-error.log 4001 1", "|monitor.log 7003 1"},
		},
		{
			"grep -C", "a.log-\tat x.Y.z(Y.java:1)\na.log:" + one + "\na.log-\tat a.B.c(B.java:1)\n--\nb-1.log:" + two + "\nb-1.log-Caused by: x.Y: z\n",
			[]string{"skipped 1", "skipped 4", "|a.log 4001 2", "|b-1.log 7003 2"},
		},
		{
			"grep -n -A", "logs/a.log:12:" + one + "\nlogs/a.log-13-\tat a.B.c(B.java:1)\nlogs/a.log-14-\nlogs/a.log:15:" + two + "\n",
			[]string{"|logs/a.log 4001 3", "|logs/a.log 7003 1"},
		},
		{
			"grep -n of one file", "12:" + one + "\n13-\tat a.B.c(B.java:1)\n14:" + two + "\n",
			[]string{"| 4001 2", "| 7003 1"},
		},
		{
			"pssh -P, interleaved", "10.2.216.33: " + one + "\n10.2.216.26: " + two + "\n10.2.216.33: \tat a.B.c(B.java:1)\n10.2.216.26: \tat d.E.f(E.java:1)\n10.2.216.33: " + two + "\n",
			[]string{"10.2.216.33| 4001 2", "10.2.216.26| 7003 2", "10.2.216.33| 7003 1"},
		},
		{
			"pssh -P before grep", "log@10.2.216.33:2022: /home/admin/logs/gateway/gateway-error.log:" + one + "\n",
			[]string{"10.2.216.33|/home/admin/logs/gateway/gateway-error.log 4001 1"},
		},
		{
			"pssh -i", "[1] 12:00:00 [SUCCESS] log@10.2.216.33:2022\n" + one + "\n\tat a.B.c(B.java:1)\n[2] 12:00:01 [FAILURE] log@10.2.216.26:2022 Exited with error code 1\n[3] 12:00:01 [SUCCESS] log@10.2.216.25:2022\ngateway-error.log:" + two + "\n",
			[]string{"skipped 1", "skipped 4", "skipped 5", "10.2.216.33| 4001 2", "10.2.216.25|gateway-error.log 7003 1"},
		},
		{
			"kubectl", "[pod/mgs-0/gateway] " + one + "\n[pod/mgs-1/gateway] " + two + "\n[pod/mgs-0/gateway] \tat a.B.c(B.java:1)\n",
			[]string{"pod/mgs-0/gateway| 4001 2", "pod/mgs-1/gateway| 7003 1"},
		},
		{
			"stern", "mgs-0 gateway " + one + "\nmgs-0 gateway \tat a.B.c(B.java:1)\nmgs-1 gateway " + two + "\n",
			[]string{"mgs-0 gateway| 4001 2", "mgs-1 gateway| 7003 1"},
		},
		{
			"docker compose", "gateway-1  | " + one + "\ngateway-1  | \tat a.B.c(B.java:1)\nspi-1      | " + two + "\ngateway-1  |\n",
			[]string{"gateway-1| 4001 3", "spi-1| 7003 1"},
		},
		{
			"journalctl", "Nov 20 02:13:05 mgs1 java[88]: " + one + "\nNov 20 02:13:05 mgs1 java[88]: \tat a.B.c(B.java:1)\nNov 20 02:13:06 mgs2 java[9]: " + two + "\n",
			[]string{"mgs1| 4001 2", "mgs2| 7003 1"},
		},
		{
			"severity first", "ERROR " + one + "\n\tat a.B.c(B.java:1)\n[INFO] " + two + "\n",
			[]string{"| 4001 2", "| 7003 1"},
		},
		{
			"no prefix", one + "\n\tat a.B.c(B.java:1)\nx: 2026-11-20 02:13:05,123\n" + two + "\n",
			[]string{"| 4001 3", "| 7003 1"},
		},
		{
			"a rotated file's name that ends in a number", "gateway-error.log.2020-06-03:" + one + "\ngateway-error.log.2020-06-03-\tat a.B.c(B.java:1)\n",
			[]string{"|gateway-error.log.2020-06-03 4001 2"},
		},
	} {
		var got []string
		d := NewDecoder(Options{Lexicon: testLexicon(), Profile: Detect([]byte(c.text), "", testLexicon())})
		feed(d, []byte(c.text), func() {
			if s := d.Skipped(); s != nil {
				got = append(got, fmt.Sprintf("skipped %d", s.Line))
				return
			}
			r := d.Record()
			got = append(got, fmt.Sprintf("%s|%s %d %d", r.Host, r.File, r.Code, r.Lines))
		})
		slices.SortFunc(got, func(a, b string) int { return order(a, c.want) - order(b, c.want) })
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// order is the place of a string in a list.
func order(s string, list []string) int { return slices.Index(list, s) }

// TestManyOrigins holds the bound of origins and that every line is accounted
// for beyond it.
func TestManyOrigins(t *testing.T) {
	var b strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&b, "host%d: 2026-11-20 02:13:05,123 ERROR resultCode=4001\nhost%d: \tat a.B.c(B.java:1)\n", i%700, i%700)
	}
	text := b.String()
	d := NewDecoder(Options{Lexicon: testLexicon(), Profile: Detect([]byte(text), "", testLexicon())})
	lines, coded := int64(0), 0
	feed(d, []byte(text), func() {
		if r := d.Record(); r != nil {
			lines += r.Lines
			coded++
		} else {
			lines++
		}
	})
	if lines != 4000 || len(d.origins.known) > maxOrigins || coded != 2000 {
		t.Errorf("%d lines, %d origins, %d records", lines, len(d.origins.known), coded)
	}
}

func FuzzPrefixes(f *testing.F) {
	seed(f, func(name string) bool { return strings.Contains(name, "grep") })
	f.Add([]byte("[1] 12:00:00 [SUCCESS] h\n10.2.216.33: 2026-11-20 02:13:05,123 x\n10.2.216.33: y\n--\nNov 20 02:13:05 h u: 2026-11-20 02:13:05,123 x\n"), uint64(1))
	f.Fuzz(func(t *testing.T, data []byte, pieces uint64) {
		opt := Options{Lexicon: testLexicon(), MaxRecord: 2000, Profile: Profile{Prefixed: true}}
		lines := int64(0)
		d := NewDecoder(opt)
		feed(d, data, func() {
			if r := d.Record(); r != nil {
				lines += r.Lines
			} else {
				lines++
			}
		})
		if lines != d.Lines() {
			t.Fatalf("%d lines in items, %d read", lines, d.Lines())
		}
		want := decodeChunks(data, opt, whole)
		state := pieces
		got := decodeChunks(data, opt, func() int {
			state = state*6364136223846793005 + 1442695040888963407
			return int(state>>33)%40 + 1
		})
		if !slices.Equal(got, want) {
			t.Fatalf("in pieces: %s", firstDifference(got, want))
		}
	})
}
