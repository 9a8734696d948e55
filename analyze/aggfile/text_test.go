package aggfile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// text returns a file as text.
func text(t testing.TB, host string, file []byte) string {
	t.Helper()
	var b strings.Builder
	if err := WriteText(&b, host, file); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lines returns a file as the lines of text, without their ends.
func lines(t testing.TB, host string, file []byte) []string {
	t.Helper()
	return strings.Split(strings.TrimSuffix(text(t, host, file), "\n"), "\n")
}

// collected reads a stream and returns its files by host, and what is wrong, an
// error a line.
func collected(t testing.TB, r io.Reader) (files map[string]string, wrong string, err error) {
	t.Helper()
	files = map[string]string{}
	bad, err := ReadText(r, func(host string, data []byte) error {
		if _, twice := files[host]; twice {
			t.Errorf("%s came twice", host)
		}
		files[host] = string(data)
		return nil
	})
	for _, e := range bad {
		wrong += e.Error() + "\n"
	}
	return files, wrong, err
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	all := lines(t, "gw 1", noise(1, 1000))
	want := regexp.MustCompile(`^mgslog-frame;1;[0-9a-f]{16};0/4;gw\+1:1000:[0-9a-f]{64};[0-9a-f]{8};$`)
	if !want.MatchString(all[0]) {
		t.Errorf("first line %q, want %s", all[0], want)
	}
	if len(all) != 5 {
		t.Errorf("%d lines", len(all))
	}
	for _, l := range all {
		if len(l) > 500 {
			t.Errorf("a line of %d columns", len(l))
		}
	}
	if again := lines(t, "gw 1", noise(1, 1000)); !slices.Equal(again, all) {
		t.Error("the same file gave other lines")
	}
	for _, c := range []struct {
		host string
		size int
	}{{"", 1}, {strings.Repeat("h", maxHost+1), 1}, {"h", 0}, {"h", MaxText + 1}} {
		var b strings.Builder
		if err := WriteText(&b, c.host, make([]byte, c.size)); err == nil || b.Len() > 0 {
			t.Errorf("a host's name of %d bytes, a file of %d: %v, %d bytes written", len(c.host), c.size, err, b.Len())
		}
	}
	if err := WriteText(&full{1200}, "h", noise(1, 5000)); !errors.Is(err, errDisk) {
		t.Errorf("full disk: %v", err)
	}
}

func TestTextRoundTrip(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"gw-1", "网关;1", "a:b@c d/%+~", "\x1b[31m\n", strings.Repeat("\xff", maxHost)} {
		for _, size := range []int{1, perFrame - 1, perFrame, perFrame + 1, 10_000} {
			file := noise(7, size)
			files, wrong, err := collected(t, strings.NewReader(text(t, host, file)))
			if err != nil || wrong != "" || files[host] != string(file) || len(files) != 1 {
				t.Errorf("%q, %d bytes: %d files, %q, %v", host, size, len(files), wrong, err)
			}
		}
	}
}

// psshP returns output as pssh -P prints it: in chunks, each behind the host's
// name and ended with a line end.
func psshP(host, out string, sizes func() int) []string {
	var chunks []string
	for len(out) > 0 {
		n := min(len(out), max(1, sizes()))
		chunk := host + ": " + out[:n]
		if !strings.HasSuffix(chunk, "\n") {
			chunk += "\n"
		}
		chunks = append(chunks, chunk)
		out = out[n:]
	}
	return chunks
}

// shuffled mixes lists, each of which keeps its order.
func shuffled(r *rand.Rand, lists ...[]string) []string {
	var all []string
	for left := slices.Clone(lists); len(left) > 0; {
		i := r.IntN(len(left))
		if len(left[i]) == 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		all = append(all, left[i][0])
		left[i] = left[i][1:]
	}
	return all
}

// TestTransports sends two files through what puts the output of several hosts
// together.
func TestTransports(t *testing.T) {
	t.Parallel()
	a, b := noise(1, 20_000), noise(2, 30_001)
	one, two := lines(t, "gw-1", a), lines(t, "gw-2", b)
	each := func(all []string, before, after string) []string {
		var out []string
		for _, l := range all {
			out = append(out, before+l+after)
		}
		return out
	}
	r := rand.New(rand.NewPCG(1, 2))
	chunk := func() int { return 3000 + r.IntN(6000) }
	const clock = " 02:13:05 "
	for name, stream := range map[string]string{
		"one behind the other": strings.Join(slices.Concat(one, two, nil), "\n"),
		"interleaved":          strings.Join(shuffled(r, one, two), "\n"),
		"CRLF":                 strings.Join(slices.Concat(one, two), "\r\n") + "\r\n",
		"any order, twice": func() string {
			all := slices.Concat(one, two, one, two)
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			return strings.Join(all, "\n")
		}(),
		"pssh -i": "[1]" + clock + "[SUCCESS] log@10.2.216.33:2022\n" + strings.Join(one, "\n") +
			"\nStderr: mgslog: note: x\n[2]" + clock + "[SUCCESS] gw-2\n" + strings.Join(two, "\n") + "\n",
		"pssh -i, no end of the last line": "[1]" + clock + "[SUCCESS] gw-1\n" + strings.Join(one, "\n") +
			"[2]" + clock + "[SUCCESS] gw-2\n" + strings.Join(two, "\n") + "Stderr: mgslog: note: x\n",
		"pssh -P": strings.Join(shuffled(r, psshP("10.0.0.1", strings.Join(one, "\n")+"\n", chunk), psshP("10.0.0.2", strings.Join(two, "\n")+"\n", chunk)), "") +
			"[1]" + clock + "[SUCCESS] log@10.0.0.2:22\n[2]" + clock + "[SUCCESS] 10.0.0.1\n",
		"pssh -P, a host at a time": strings.Join(psshP("10.0.0.1", strings.Join(one, "\n")+"\n", chunk), "") + "[1]" + clock + "[SUCCESS] 10.0.0.1\n" +
			strings.Join(psshP("10.0.0.2", strings.Join(two, "\n")+"\n", chunk), "") + "[2]" + clock + "[SUCCESS] 10.0.0.2\n",
		"pssh -P, lines cut twice": strings.Join(shuffled(r, psshP("h1", strings.Join(one, "\n")+"\n", func() int { return 150 }),
			psshP("h2", strings.Join(two, "\n")+"\n", func() int { return 97 })), ""),
		"pssh -P -i": strings.Join(psshP("h1", strings.Join(one, "\n")+"\n", chunk), "") + "[1]" + clock + "[SUCCESS] h1\n" + strings.Join(one, "\n") +
			"\n" + strings.Join(two, "\n"),
		"pdsh":                      strings.Join(shuffled(r, each(one, "gw-1: ", ""), each(two, "gw-2: ", "")), "\n"),
		"numbered":                  strings.Join(shuffled(r, each(one, "[1] ", " "), each(two, "[2] ", " ")), "\n"),
		"ansible":                   "gw-1 | CHANGED | rc=0 >>\n" + strings.Join(one, "\n") + "\ngw-2 | CHANGED | rc=0 >>\n" + strings.Join(two, "\n"),
		"ansible JSON":              `{"stdout_lines": ["` + strings.Join(slices.Concat(one, two), `", "`) + `"]}`,
		"one line":                  strings.Join(slices.Concat(one, two), `\n`),
		"glued to one that was cut": two[3][:200] + one[0] + two[4][:9] + "\n" + strings.Join(slices.Concat(one[1:], two), "\n"),
		"no space":                  strings.Join(slices.Concat(one, two), ``),
		"logs between":              strings.Join(shuffled(r, one, two, each(make([]string, 300), "2026-11-20 02:13:05,123 INFO mgslog-frame;1;0 m", "mgslog")), "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for way, r := range map[string]io.Reader{
				"": strings.NewReader(stream), " by bytes": iotest.OneByteReader(strings.NewReader(stream)),
			} {
				files, wrong, err := collected(t, r)
				if err != nil || wrong != "" || len(files) != 2 || files["gw-1"] != string(a) || files["gw-2"] != string(b) {
					t.Errorf("read%s: files of %v, %q, %v", way, slices.Sorted(maps.Keys(files)), wrong, err)
				}
			}
		})
	}
}

// TestBadHosts: each host is named that did not send all.
func TestBadHosts(t *testing.T) {
	t.Parallel()
	one, two := lines(t, "gw-1", noise(1, 1000)), lines(t, "gw-2", noise(2, 1000))
	whole := strings.Join(one, "\n") + "\n"
	join := func(l ...string) string { return strings.Join(l, "\n") + "\n" }
	flip := func(line string, at int) string { return line[:at] + "x" + line[at+1:] }
	id := len("mgslog-frame;1;")
	const ok1, ok2 = "[1] 02:13:05 [SUCCESS] log@h1:22\n", "[2] 02:13:05 [SUCCESS] h2\n"
	const failed2 = "[2] 02:13:06 [FAILURE] h2 Exited with error code 1\n"
	for _, c := range []struct {
		name, stream string
		want         string // errors
		files        string // hosts of the files
	}{
		{"a line missing", whole + join(two[0], two[1], two[2], two[4]), "gw-2: truncated: 4 of 5 lines came, the first that is missing is line 4\n", "gw-1"},
		{"the end missing", join(two[:3]...) + whole, "gw-2: truncated: 3 of 5 lines came, the first that is missing is line 4\n", "gw-1"},
		{"line 0 missing", whole + join(two[1:]...), "a host that is not named: truncated: 4 of 5 lines came, the first that is missing is line 1\n", "gw-1"},
		{"line 0 missing, pdsh", "h2: " + strings.Join(two[1:], "\nh2: "), "h2: truncated: 4 of 5 lines came, the first that is missing is line 1\n", ""},
		{"line 0 missing, pssh", ok1 + whole + ok2 + join(two[1:]...), "h2: truncated: 4 of 5 lines came, the first that is missing is line 1\n", "gw-1"},
		{"a payload flipped", whole + join(two[0], two[1], flip(two[2], 200), two[3], two[4]), "gw-2: truncated: 4 of 5 lines came, the first that is missing is line 3\n", "gw-1"},
		{"flipped, and whole later", whole + join(two[0], flip(two[1], 200), two[1], two[2], two[3], two[4]), "", "gw-1 gw-2"},
		{"a stream's name flipped", ok1 + whole + ok2 + join(flip(two[0], id), two[1]), "h2: truncated: 1 of 5 lines came, the first that is missing is line 1\n", "gw-1"},
		{"all lines flipped", whole + "h2: " + join(flip(two[0], 100)), "h2: damaged: none of the lines of its file is whole\n", "gw-1"},
		{"all lines flipped, pssh", ok1 + whole + ok2 + join(flip(two[0], 100)), "h2: damaged: none of the lines of its file is whole\n", "gw-1"},
		{"a later version", whole + "h2: " + strings.Replace(two[0], ";1;", ";2;", 1) + "\n", "h2: written by a later version of mgslog: format 2, this one reads 1\n", "gw-1"},
		{"pssh, failed", ok1 + whole + failed2, "h2: the command failed: Exited with error code 1\n", "gw-1"},
		{
			"pssh, died in the middle", ok1 + whole + failed2 + two[0] + "\n" + two[1][:77] + "[3] 02:13:07 [SUCCESS] h3\n" + whole,
			"h2: the command failed: Exited with error code 1\nh2: truncated: 1 of 5 lines came, the first that is missing is line 2\nh3: the command succeeded, but no aggregate came\n", "gw-1",
		},
		{"pssh, failed and whole", ok1 + whole + failed2 + join(two...), "h2: the command failed: Exited with error code 1; its aggregate came nevertheless\n", "gw-1 gw-2"},
		{"pssh, nothing came", ok1 + whole + ok2 + "bash: no such thing\n", "h2: the command succeeded, but no aggregate came\n", "gw-1"},
		{"pssh, nothing came, no line end", ok2 + "x" + ok1 + whole, "h2: the command succeeded, but no aggregate came\n", "gw-1"},
		{"pssh without -i", ok1 + ok2, "log@h1:22: the command succeeded, but no aggregate came\nh2: the command succeeded, but no aggregate came\n", ""},
		{"pssh -P, nothing came", ok2 + "h1: " + whole + ok1, "h2: the command succeeded, but no aggregate came\n", "gw-1"},
		{"pssh -P, a word before", ok2 + "h2: " + whole + "Stderr: x\n" + ok1 + join(two...), "", "gw-1 gw-2"},
		{"pssh -P, cut off for ever", "h1: " + whole + "h2: " + two[0] + "\n" + two[1][:300] + "\n" + ok1 + failed2, "h2: the command failed: Exited with error code 1\nh2: truncated: 1 of 5 lines came, the first that is missing is line 2\n", "gw-1"},
		{"pssh, killed", ok1 + whole + "[2] 02:13:06 [FAILURE] h2 Timed out, Killed by signal 9\r\n", "h2: the command failed: Timed out, Killed by signal 9\n", "gw-1"},
		{"pssh, an old word", ok1 + whole + "h1: x\n" + ok2 + join(two[:3]...), "h2: truncated: 3 of 5 lines came, the first that is missing is line 4\n", "gw-1"},
		{"pssh, CRLF", "[2] 02:13:05 [SUCCESS] h2\r\n", "h2: the command succeeded, but no aggregate came\n", ""},
		{"hostile names", "[1] 02:13:06 [FAILURE] \x1b[31mh \x1b[0m\n", "\x1b[31mh: the command failed: \x1b[0m\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files, wrong, err := collected(t, strings.NewReader(c.stream))
			if got := strings.Join(slices.Sorted(maps.Keys(files)), " "); got != c.files || wrong != c.want || err != nil {
				t.Errorf("files of %q, want %q; %v; errors\n%swant\n%s", got, c.files, err, wrong, c.want)
			}
		})
	}
}

func TestForeignText(t *testing.T) {
	t.Parallel()
	for _, stream := range []string{
		"", "\n", "2026-11-20 02:13:05,123 INFO x\n", strings.Repeat("m", 300_000), strings.Repeat("mgslog-frame", 30_000),
		"mgslog-frame;1;xyz;\n", "[1] 02:13:05 [SUCCESS]\n", "[] 02:13:05 [SUCCESS] h\n", "long [] 02:13:05 [SUCCESS] h\n", "[x] 02:13:05 [SUCCESS] h\n", "[1] 02-13-05 [FAILURE] h\n",
	} {
		files, wrong, err := collected(t, strings.NewReader(stream))
		if !errors.Is(err, ErrForeign) || len(files) > 0 || wrong != "" {
			t.Errorf("%.40q: %v, %q, %v", stream, files, wrong, err)
		}
	}
}

// TestForgedLine: who announces another file under the name of a stream, or
// another number of lines, does not change what comes of it.
func TestForgedLine(t *testing.T) {
	t.Parallel()
	file := noise(1, 1000)
	f := frame{id: newStreamID("gw-1", sha256.Sum256(file)), total: 4}
	forged := func(n, total int, payload string) string {
		f.n, f.total, f.payload = n, total, []byte(payload)
		return string(f.append(nil)) + "\n"
	}
	sum := strings.Repeat("0", 64)
	for _, first := range []string{
		forged(0, 4, "evil:1000:"+sum), forged(0, 4, "gw-1:1000:"+sum), forged(0, 4, "gw-1:1000"), forged(0, 4, ":1000:"+sum),
		forged(0, 4, "gw-1:-1:"+sum), forged(0, 4, "gw-1:1000:00"), forged(1, 4, "AAAA"), forged(1, 4, "A"), forged(4, 4, ""),
	} {
		begun, rest, _ := strings.Cut(text(t, "gw-1", file), "\n")
		files, wrong, err := collected(t, strings.NewReader(first+begun+"\n"+first+rest))
		if err != nil || wrong != "" || len(files) != 1 || files["gw-1"] != string(file) {
			t.Errorf("%s: %d files, %q, %v", first, len(files), wrong, err)
		}
	}
	// What cannot be told from the file's own lines makes it damaged, not wrong.
	data := base64.StdEncoding.EncodeToString(make([]byte, perFrame))
	files, wrong, err := collected(t, strings.NewReader(forged(1, 4, data)+text(t, "gw-1", file)))
	if err != nil || wrong != "gw-1: damaged: the checksum of its file does not fit\n" || len(files) != 0 {
		t.Errorf("%d files, %q, %v", len(files), wrong, err)
	}
}

// TestLongLines puts a header and a frame wherever a line is cut into pieces.
func TestLongLines(t *testing.T) {
	t.Parallel()
	one := text(t, "gw-1", noise(1, 10))
	for pad := 0; pad < 1200; pad += 7 {
		before := strings.Repeat("x", 64<<10-1150+pad)
		stream := before + one + before + "[1] 02:13:05 [FAILURE] h1 Exited with error code 1\n"
		files, wrong, err := collected(t, strings.NewReader(stream))
		if err != nil || len(files) != 1 || wrong != "h1: the command failed: Exited with error code 1\n" {
			t.Fatalf("behind %d bytes: %d files, %q, %v", len(before), len(files), wrong, err)
		}
	}
}

// TestTextErrors: what is wrong with the stream itself ends the reading, and
// what had come of it is told.
func TestTextErrors(t *testing.T) {
	t.Parallel()
	stream := text(t, "gw-1", noise(1, 1000)) + text(t, "gw-2", noise(2, 1000))
	files, wrong, err := collected(t, io.MultiReader(strings.NewReader(stream[:len(stream)-10]), iotest.ErrReader(errDisk)))
	if !errors.Is(err, errDisk) || len(files) != 1 || !strings.HasPrefix(wrong, "gw-2: truncated: 4 of 5 lines") {
		t.Errorf("files %d, %q, %v", len(files), wrong, err)
	}
	_, err = ReadText(strings.NewReader(stream), func(string, []byte) error { return errDisk })
	if !errors.Is(err, errDisk) {
		t.Errorf("the function's error: %v", err)
	}
}

// TestTextBounds: more than what is kept is given up and named.
func TestTextBounds(t *testing.T) {
	t.Parallel()
	t.Run("hosts", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		for i := range MaxHosts + 5 {
			b.WriteString(text(t, fmt.Sprint("h", i), []byte{1}))
		}
		files, wrong, err := collected(t, strings.NewReader(b.String()))
		if len(files) != MaxHosts || err != nil || !strings.Contains(wrong, "lines of more than 1000 hosts, 10 lines are left out") {
			t.Errorf("%d files, %q, %v", len(files), wrong, err)
		}
	})
	t.Run("pssh's hosts", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		for i := range MaxHosts + 5 {
			fmt.Fprintf(&b, "[%d] 02:13:05 [FAILURE] h%d Killed\n", i+1, i)
		}
		_, wrong, err := collected(t, strings.NewReader(b.String()))
		if n := strings.Count(wrong, "\n"); n != MaxHosts+1 || err != nil {
			t.Errorf("%d errors, %v", n, err)
		}
	})
	t.Run("shards", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&b, "mgslog-frame;1;%016x;1/2;AA==;00000000;\n", i)
		}
		b.WriteString(text(t, "gw-1", noise(1, 1000)))
		files, wrong, err := collected(t, strings.NewReader(b.String()))
		if n := strings.Count(wrong, "\n"); n != maxShards || len(files) != 1 || err != nil {
			t.Errorf("%d errors, %d files, %v", n, len(files), err)
		}
	})
	t.Run("shards that become whole", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		for i := range maxShards + 20 {
			all := text(t, fmt.Sprint("h", i), []byte{1})
			b.WriteString(strings.Replace(all, ":1:", ":2:", 1) + all)
		}
		b.WriteString("last: " + strings.Replace(lines(t, "gw-1", []byte{1})[0], ":1:", ":2:", 1))
		files, wrong, err := collected(t, strings.NewReader(b.String()))
		if wrong != "last: damaged: none of the lines of its file is whole\n" || len(files) != maxShards+20 || err != nil {
			t.Errorf("%q, %d files, %v", wrong, len(files), err)
		}
	})
	t.Run("bytes", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		for i := range 3 {
			all := text(t, fmt.Sprint("h", i), noise(uint64(i), 500_000))
			b.WriteString(all[:strings.LastIndex(all, token)])
		}
		b.WriteString(text(t, "gw-1", noise(9, 1000)))
		files := 0
		bad, err := readText(bufio.NewReader(strings.NewReader(b.String())), 1<<20, func(host string, _ []byte) error {
			files++
			return nil
		})
		want := []string{
			"h0: truncated: 1516 of 1517 lines came, the first that is missing is line 1517",
			"h1: too large: more than 1 MiB came of files that are not complete",
			"h2: too large: more than 1 MiB came of files that are not complete",
		}
		if len(bad) != 3 || bad[0].Error() != want[0] || bad[1].Error() != want[1] || bad[2].Error() != want[2] || files != 1 || err != nil {
			t.Errorf("%v, %d files, %v", bad, files, err)
		}
	})
}

// TestTextProperty sends files of several hosts through random mishaps: what
// comes out is right, and whose file does not come out is named.
func TestTextProperty(t *testing.T) {
	t.Parallel()
	came, lost := 0, 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 3))
		sent, hurt := map[string]string{}, map[string]bool{}
		var streams [][]string
		for i := range 1 + r.IntN(5) {
			host := fmt.Sprintf("gw-%d", i)
			file := noise(r.Uint64(), 1+r.IntN(6000))
			sent[host] = string(file)
			all := lines(t, host, file)
			switch r.IntN(6) {
			case 0: // lines get lost
				for range 1 + r.IntN(3) {
					if len(all) > 1 {
						k := r.IntN(len(all))
						all = slices.Delete(all, k, k+1)
						hurt[host] = true
					}
				}
			case 1: // bytes get flipped
				for range 1 + r.IntN(3) {
					k := r.IntN(len(all))
					b := []byte(all[k])
					b[r.IntN(len(b))] ^= 1 << r.IntN(8)
					all[k] = string(b)
					hurt[host] = true
				}
			case 2: // a line is cut
				k := r.IntN(len(all))
				all[k] = all[k][:r.IntN(len(all[k]))]
				hurt[host] = true
			case 3: // lines come twice
				for range 5 {
					all = append(all, all[r.IntN(len(all))])
				}
			}
			if r.IntN(3) == 0 {
				r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			}
			for k := range all {
				all[k] = host + ": " + all[k] + "\n"
			}
			if r.IntN(2) == 0 && !hurt[host] {
				all = psshP(host, text(t, host, file), func() int { return 1 + r.IntN(4000) })
			}
			streams = append(streams, all)
		}
		files, wrong, err := collected(t, strings.NewReader(strings.Join(shuffled(r, streams...), "")))
		if err != nil && !errors.Is(err, ErrForeign) {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for host, file := range files {
			if sent[host] != file {
				t.Fatalf("seed %d: a wrong file of %s", seed, host)
			}
		}
		for host := range sent {
			if _, ok := files[host]; ok {
				came++
				continue
			}
			lost++
			if !hurt[host] {
				t.Fatalf("seed %d: the file of %s is lost; %s", seed, host, wrong)
			}
			if err == nil && !strings.Contains("\n"+wrong, "\n"+host+": ") {
				t.Fatalf("seed %d: nobody says that the file of %s is lost; %q", seed, host, wrong)
			}
		}
	}
	if came < 500 || lost < 500 {
		t.Errorf("%d files came and %d were lost: too few to tell", came, lost)
	}
}

// FuzzReadText: what comes out of any stream is a file that its checksum fits,
// and does not depend on where a long line is cut into pieces.
func FuzzReadText(f *testing.F) {
	one, two := text(f, "gw-1", noise(1, 700)), text(f, "gw-2", noise(2, 400))
	f.Add("[1] 02:13:05 [SUCCESS] h1\n"+one+"[2] 02:13:05 [FAILURE] h2 Exited with error code 1\n"+two[:600], uint8(3))
	f.Add(strings.Join(psshP("h1", one, func() int { return 333 }), ""), uint8(64))
	f.Add(strings.ReplaceAll(one, ";1;", ";2;"), uint8(1))
	f.Add(strings.ReplaceAll(two, "\n", "m\r\n"), uint8(100))
	f.Add(strings.ReplaceAll(one+two+one, "\n", "m"), uint8(0))
	f.Fuzz(func(t *testing.T, stream string, size uint8) {
		type result struct {
			host string
			data []byte
		}
		run := func(r *bufio.Reader) (files []result, wrong []string) {
			bad, err := readText(r, maxPending, func(host string, data []byte) error {
				files = append(files, result{host, data})
				return nil
			})
			for _, e := range bad {
				wrong = append(wrong, e.Error())
			}
			if err != nil && (!errors.Is(err, ErrForeign) || len(files)+len(bad) > 0) {
				t.Fatalf("%v, with %d files and %d bad hosts", err, len(files), len(bad))
			}
			return files, wrong
		}
		files, wrong := run(bufio.NewReaderSize(strings.NewReader(stream), len(stream)+2*maxFrame))
		again, wrongAgain := run(bufio.NewReaderSize(strings.NewReader(stream), 2*maxFrame+int(size)))
		if !slices.Equal(wrong, wrongAgain) || len(files) != len(again) {
			t.Fatalf("%q and %q, %d and %d files", wrong, wrongAgain, len(files), len(again))
		}
		for i, r := range files {
			if r.host != again[i].host || !bytes.Equal(r.data, again[i].data) {
				t.Fatal("other files")
			}
		}
	})
}
