package deliver

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sendmail writes a program that does what the shell commands of body say, and
// returns its path. It runs in a directory of its own, with DIR in its text
// replaced by it.
func sendmail(t *testing.T, body string) (program, dir string) {
	t.Helper()
	dir = t.TempDir()
	program = filepath.Join(dir, "sendmail")
	text := "#!/bin/sh\n" + strings.ReplaceAll(body, "DIR", dir) + "\n"
	if err := os.WriteFile(program, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return program, dir
}

// storing is a sendmail that stores its arguments and the mail.
const storing = `printf '%s\n' "$@" >DIR/arguments; cat >DIR/mail`

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// send sends msg and returns what the sendmail stored.
func send(t *testing.T, from string, to []string, msg Message) (arguments, text string) {
	t.Helper()
	program, dir := sendmail(t, storing)
	m, err := NewMailer(program, from, to)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Send(t.Context(), msg); err != nil {
		t.Fatal(err)
	}
	return read(t, dir, "arguments"), read(t, dir, "mail")
}

func TestMail(t *testing.T) {
	t.Parallel()
	want := daily()
	arguments, text := send(t, "网关日报 <mgslog@gw.example.com>", []string{"Ops, night <ops@example.com>"[5:], "a@example.com, \"B, c\" <b@example.com>"}, want)
	if arguments != "-i\n-t\n" {
		t.Errorf("arguments %q", arguments)
	}
	if strings.Contains(text, "\r") {
		t.Error("line ends with CR, which a local sendmail takes for text")
	}
	for n, line := range strings.Split(text, "\n") {
		if len(line) > 78 {
			t.Errorf("line %d has %d bytes: %q", n+1, len(line), line)
		}
		for _, b := range []byte(line) {
			if b >= 0x80 {
				t.Fatalf("line %d is not ASCII: %q", n+1, line)
			}
		}
	}
	got, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var decoder mime.WordDecoder
	if subject, err := decoder.DecodeHeader(got.Header.Get("Subject")); err != nil || subject != want.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	for header, want := range map[string][]mail.Address{
		"From": {{Name: "网关日报", Address: "mgslog@gw.example.com"}},
		"To":   {{Name: "night", Address: "ops@example.com"}, {Address: "a@example.com"}, {Name: "B, c", Address: "b@example.com"}},
	} {
		all, err := got.Header.AddressList(header)
		if err != nil || len(all) != len(want) {
			t.Fatalf("%s: %v, %v", header, all, err)
		}
		for i, a := range all {
			if *a != want[i] {
				t.Errorf("%s: %v, want %v", header, *a, want[i])
			}
		}
	}
	if date, err := got.Header.Date(); err != nil || !date.Equal(made) || !strings.HasSuffix(got.Header.Get("Date"), "+0800") {
		t.Errorf("date %s, %v", got.Header.Get("Date"), err)
	}
	for header, want := range map[string]string{
		"Auto-Submitted": "auto-generated",
		"Message-ID":     "<mgslog." + want.bounded().id() + "@gw.example.com>",
		"MIME-Version":   "1.0",
		"Bcc":            "", "Cc": "", "X-Mailer": "", "User-Agent": "",
	} {
		if have := got.Header.Get(header); have != want {
			t.Errorf("%s: %q, want %q", header, have, want)
		}
	}
	parts := alternatives(t, got)
	if len(parts) != 2 || parts[0] != (part{"text/plain", want.Text}) || parts[1] != (part{"text/html", want.HTML}) {
		t.Errorf("parts %q", parts)
	}
}

type part struct{ media, text string }

// alternatives returns the parts of a mail, the worst first.
func alternatives(t *testing.T, m *mail.Message) (all []part) {
	t.Helper()
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || media != "multipart/alternative" {
		t.Fatalf("%s, %v", media, err)
	}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextPart() // takes quoted-printable off
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		media, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil || params["charset"] != "UTF-8" {
			t.Fatalf("%s %v, %v", media, params, err)
		}
		text, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, part{media, strings.ReplaceAll(string(text), "\r\n", "\n")})
	}
}

// TestMailWithoutHTML holds that a mail of text alone is no multipart, and that
// a line which mail programs misread stays what it is.
func TestMailWithoutHTML(t *testing.T) {
	t.Parallel()
	msg := daily()
	msg.HTML = ""
	msg.Text = ".\nFrom here\n" + strings.Repeat("x", 1200) + "\nend \n"
	_, text := send(t, "a@example.com", []string{"b@example.com"}, msg)
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if media, _, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err != nil || media != "text/plain" {
		t.Errorf("%s, %v", media, err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || string(body) != msg.Text {
		t.Errorf("%q, %v", body, err)
	}
}

// TestMailInjection holds that no text of a message becomes a header.
func TestMailInjection(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{
		"x\nBcc: evil@example.com", "x\r\nBcc: evil@example.com", "x\rBcc: evil@example.com", "x\u2028Bcc: evil@example.com",
		"x\n\nBcc: evil@example.com", "x\r\n\r\n.\r\nBcc: evil@example.com", "=?utf-8?q?x=0ABcc:_evil@example.com?=",
		"x\x00\x1b[31m", strings.Repeat("长\n", 500),
	} {
		msg := daily()
		msg.Subject, msg.Cut, msg.Short = evil, evil, evil
		_, text := send(t, "a@example.com", []string{"b@example.com"}, msg)
		m, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%q: %v", evil, err)
		}
		for name := range m.Header {
			switch name {
			case "From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Auto-Submitted", "Content-Type":
			default:
				t.Errorf("%q: header %s: %q", evil, name, m.Header[name])
			}
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || strings.ContainsAny(subject, "\r\n\x00\x1b") {
			t.Errorf("%q: subject %q, %v", evil, subject, err)
		}
	}
}

func TestNewMailer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from string
		to   []string
		want string // in the error
	}{
		{"a@example.com", []string{"b@example.com"}, ""},
		{"A <a@example.com>", []string{"B <b@example.com>, c@localhost"}, ""},
		{"", []string{"b@example.com"}, `"" is no mail address`},
		{"a@example.com", nil, "no mail address to send to"},
		{"a@example.com", []string{""}, "no list of mail addresses"},
		{"a@example.com", []string{"root"}, "no list of mail addresses"},
		{"a@example.com", []string{"-oQ/tmp@example.com"}, `may not begin with "-"`},
		{"-f@example.com", []string{"b@example.com"}, `may not begin with "-"`},
		{"a@example.com", []string{`"|rm"@example.com`}, `may not begin with "|"`},
		{"a@example.com", []string{`"/etc/passwd"@example.com`}, `may not begin with "/"`},
		{"a@example.com", []string{"b@example.com\nBcc: c@example.com"}, "no list of mail addresses"},
		{"a@example.com\r\nBcc: c@example.com", []string{"b@example.com"}, "no mail address"},
		{"a@example.com", []string{"网关@example.com"}, "only printable ASCII"},
		{"a@example.com", []string{`"b c"@example.com`}, "only printable ASCII"},
		{"a@example.com", []string{strings.Repeat("b", 250) + "@example.com"}, "longer than 254 bytes"},
		{"a@example.com", []string{strings.Repeat("b@example.com,", 100) + "b@example.com"}, "101 mail addresses"},
	} {
		_, err := NewMailer("/usr/sbin/sendmail", tc.from, tc.to)
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("from %q to %q: %v, want %q", tc.from, tc.to, err, tc.want)
		}
	}
}

func FuzzMailer(f *testing.F) {
	f.Add("A <a@example.com>", "b@example.com, \"C, D\" <c@example.com>", "4001", "text")
	f.Add("a@[127.0.0.1]", "\"x\\\"y\"@example.com", "a\r\nb", "\x1b[2J")
	f.Fuzz(func(t *testing.T, from, to, subject, text string) {
		m, err := NewMailer("/bin/true", from, []string{to})
		if err != nil {
			t.Skip()
		}
		b, err := m.compose(Message{Subject: subject, Text: text, HTML: text + "<p>", Date: made})
		if err != nil {
			t.Fatal(err)
		}
		got, err := mail.ReadMessage(strings.NewReader(string(b)))
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		all, err := got.Header.AddressList("To")
		if err != nil || len(all) != len(m.to) || len(got.Header) != 8 {
			t.Fatalf("to %v of %v, %v, headers %v", all, m.to, err, got.Header)
		}
	})
}

func TestMailFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, program, want string }{
		{"exit code", `cat >/dev/null; printf 'postdrop:\n\033[2J no space\n' >&2; exit 75`, `sendmail: exit status 75: postdrop: \x1b[2J no space`},
		{"says nothing", `cat >/dev/null; exit 64`, "sendmail: exit status 64"},
		{"reads nothing", `echo 'out of order'; exit 69`, "sendmail: exit status 69: out of order"},
		{"says much", `cat >/dev/null; yes 'no' | head -c 1000000 >&2; exit 1`, "sendmail: exit status 1: no no"},
		{"killed", `kill -9 $$`, "sendmail: signal: killed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			program, _ := sendmail(t, tc.program)
			m, err := NewMailer(program, "a@example.com", []string{"b@example.com"})
			if err != nil {
				t.Fatal(err)
			}
			err = m.Send(t.Context(), daily())
			if err == nil || !strings.Contains(err.Error(), tc.want) || len(err.Error()) > 500 {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
	t.Run("not there", func(t *testing.T) {
		t.Parallel()
		m, err := NewMailer(filepath.Join(t.TempDir(), "sendmail"), "a@example.com", []string{"b@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Send(t.Context(), daily()); !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	})
}

// TestMailHangs holds that a sendmail which does not end is ended, with the
// children that keep its streams open.
func TestMailHangs(t *testing.T) {
	t.Parallel()
	program, dir := sendmail(t, `mkfifo DIR/never; echo >DIR/started; cat DIR/never & read -r line <DIR/never`)
	t.Cleanup(func() { // the children see an end, and end
		if f, err := os.OpenFile(filepath.Join(dir, "never"), os.O_RDWR, 0); err != nil {
			t.Error(err)
		} else {
			f.Close()
		}
	})
	m, err := NewMailer(program, "a@example.com", []string{"b@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stopped by the test")
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Send(ctx, daily()) }()
	for deadline := time.After(30 * time.Second); ; {
		if _, err := os.Stat(filepath.Join(dir, "started")); err == nil {
			break
		}
		select {
		case <-deadline:
			t.Fatal("it never started")
		case <-time.After(time.Millisecond):
		}
	}
	cancel(stop)
	select {
	case err := <-ended:
		if !errors.Is(err, stop) {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Error("still waiting for it")
	}
}

func TestFindSendmail(t *testing.T) {
	t.Parallel()
	program, dir := sendmail(t, storing)
	plainFile := filepath.Join(t.TempDir(), "sendmail")
	if err := os.WriteFile(plainFile, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := FindSendmail(program, nil); got != program || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{plainFile, program + "x", "sendmail"} {
		if got, err := FindSendmail(name, []string{dir}); err == nil {
			t.Errorf("%s: found %q", name, got)
		}
	}
	usual := false
	for _, name := range []string{"/usr/sbin/sendmail", "/usr/lib/sendmail"} {
		_, err := os.Stat(name)
		usual = usual || err == nil
	}
	if !usual { // as on a machine that has none
		if got, err := FindSendmail("", []string{"", ".", filepath.Dir(plainFile), dir}); got != program || err != nil {
			t.Errorf("in PATH: %q, %v", got, err)
		}
		if got, err := FindSendmail("", []string{"."}); err == nil {
			t.Errorf("found %q", got)
		}
	}
}
