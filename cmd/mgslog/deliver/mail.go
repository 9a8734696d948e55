package deliver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"os/exec"
	"path"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"mgslog/report"
)

// Bounds of a mail.
const (
	maxRecipients = 100
	maxAddress    = 254              // bytes, RFC 5321 section 4.5.3.1.3 less the brackets
	mailTimeout   = 60 * time.Second // that sendmail may take: it queues, and does not wait for the receiver
	mailGrace     = 2 * time.Second  // for its children to close what they share with it
	maxComplaint  = 4 << 10          // bytes kept of what sendmail says
	maxShown      = 300              // bytes shown of it, or of a webhook's answer
)

// A Mailer hands mails to the sendmail of this host. It may be used again.
type Mailer struct {
	sendmail string
	from     *mail.Address
	to       []*mail.Address
}

// NewMailer returns a Mailer that runs the program sendmail. Each element of to
// is a list of addresses as the header To has it (RFC 5322 section 3.4), such
// as "Ops <ops@example.com>, b@example.com".
func NewMailer(sendmail, from string, to []string) (*Mailer, error) {
	m := &Mailer{sendmail: sendmail}
	var err error
	if m.from, err = mail.ParseAddress(from); err != nil {
		return nil, fmt.Errorf("%q is no mail address: %w", from, err)
	}
	for _, list := range to {
		all, err := mail.ParseAddressList(list)
		if err != nil {
			return nil, fmt.Errorf("%q is no list of mail addresses: %w", list, err)
		}
		m.to = append(m.to, all...)
	}
	if len(m.to) == 0 {
		return nil, errors.New("no mail address to send to")
	}
	if len(m.to) > maxRecipients {
		return nil, fmt.Errorf("%d mail addresses, the limit is %d: use a mailing list", len(m.to), maxRecipients)
	}
	for _, a := range append([]*mail.Address{m.from}, m.to...) {
		if err := checkAddress(a); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// checkAddress refuses what RFC 5322 allows and a sendmail may misread.
func checkAddress(a *mail.Address) error {
	for _, r := range a.Address {
		if r <= ' ' || r >= 0x7f {
			return fmt.Errorf("mail address %q: only printable ASCII is allowed", a.Address)
		}
	}
	switch {
	case len(a.Address) > maxAddress:
		return fmt.Errorf("mail address %.40q…: longer than %d bytes", a.Address, maxAddress)
	case strings.HasPrefix(a.Address, "-") || strings.HasPrefix(a.Address, "|") || strings.HasPrefix(a.Address, "/"):
		// A flag, a program or a file for some delivery agents.
		return fmt.Errorf("mail address %q: may not begin with %q", a.Address, a.Address[:1])
	}
	return nil
}

// FindSendmail returns the path of the program to hand mails to. name is what
// the user says it is; with "" it is looked for at its two usual places (FHS
// 3.0, on /usr/lib) and in dirs, the elements of PATH.
func FindSendmail(name string, dirs []string) (string, error) {
	if name != "" {
		if !strings.Contains(name, "/") {
			return "", fmt.Errorf("sendmail %q: give the whole path", name)
		}
		return exec.LookPath(name)
	}
	for _, dir := range append([]string{"/usr/sbin", "/usr/lib"}, dirs...) {
		if !path.IsAbs(dir) {
			continue // what it holds depends on where mgslog was started
		}
		if found, err := exec.LookPath(path.Join(dir, "sendmail")); err == nil {
			return found, nil
		}
	}
	return "", errors.New("there is no sendmail on this host: install one (postfix, exim4, msmtp-mta) or name it")
}

// Send hands msg to sendmail. When it returns nil, the mail is in the hands of
// this host's mail system; a mail that comes back later goes to the sender. The
// error names the exit code (sysexits.h: 75 is a failure for now) and what
// sendmail said.
//
// Sendmail reads the recipients from the header ("-t"), so no address is ever
// an argument, and it does not take a line with a single dot for the end
// ("-i"). Both are in the interface that all replacements of sendmail share
// (LSB 5.0 Core, sendmail).
func (m *Mailer) Send(ctx context.Context, msg Message) error {
	text, err := m.compose(msg)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	run, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	said := &head{limit: maxComplaint}
	cmd := exec.CommandContext(run, m.sendmail, "-i", "-t")
	cmd.WaitDelay = mailGrace
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), said, said
	err = cmd.Run()
	var code *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("mail: %w", context.Cause(ctx))
	case run.Err() != nil:
		err = fmt.Errorf("has not finished within %v", mailTimeout)
	case errors.As(err, &code):
		err = errors.New(code.String()) // "exit status 75", "signal: killed"
	}
	if complaint := shown(said.text.String()); complaint != "" {
		err = fmt.Errorf("%w: %s", err, complaint)
	}
	return fmt.Errorf("mail: %s: %w", m.sendmail, err)
}

// compose returns the mail as sendmail reads it: RFC 5322 and MIME, but with
// the line ends of this host, which is what a local sendmail is given.
func (m *Mailer) compose(msg Message) ([]byte, error) {
	msg = msg.bounded()
	g := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	g.FromMailAddress(m.from)
	g.ToMailAddress(m.to...)
	// "=?" begins an encoded word (RFC 2047), in which a log could write anything.
	g.Subject(strings.ReplaceAll(msg.Subject, "=?", "= ?"))
	g.SetDateWithValue(msg.Date)
	domain := m.from.Address[strings.LastIndexByte(m.from.Address, '@')+1:]
	g.SetMessageIDWithValue("mgslog." + msg.id() + "@" + domain)
	// RFC 3834 section 5: no holiday notices in return.
	g.SetGenHeader("Auto-Submitted", "auto-generated")
	g.SetBodyString(gomail.TypeTextPlain, msg.Text)
	if msg.HTML != "" {
		g.AddAlternativeString(gomail.TypeTextHTML, msg.HTML)
	}
	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		return nil, err
	}
	return bytes.ReplaceAll(b.Bytes(), []byte("\r\n"), []byte("\n")), nil
}

// head keeps the first limit bytes that are written to it.
type head struct {
	text  strings.Builder
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	h.text.Write(p[:min(len(p), h.limit-h.text.Len())])
	return len(p), nil
}

// shown returns what another program said on one line that can be printed.
func shown(s string) string {
	s, _ = cut(report.Printable(strings.Join(strings.Fields(s), " ")), maxShown, "")
	return s
}
