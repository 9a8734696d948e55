package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"mgslog/cmd/mgslog/deliver"
)

// maxWebhooks bounds how many webhooks a command posts to, one after the other.
const maxWebhooks = 16

// deliverFlags say to whom a command sends what it found.
type deliverFlags struct {
	to       []string // lists of mail addresses
	from     string
	sendmail string
	hooks    []string

	mailer   *deliver.Mailer // nil for no mail
	webhooks []*deliver.Webhook
}

// deliverHelp describes the flags in the help of a command.
const deliverHelp = `--mail-to hands a mail to the host's sendmail. --webhook posts the short form to
a robot of DingTalk, WeCom, Feishu, Lark or Slack, known by its host, or by a
prefix where the host is a proxy (dingtalk+https://PROXY/...). Any other URL gets
JSON: schema, id, generated_at, subject, short, text.

The URL of a robot is a secret, and arguments can be seen by all users of a
host: write ${NAME} for a variable of the environment that holds it or a part of
it, or @FILE for a file with the URL in its first line. The secret that signs
posts (DingTalk, Feishu, Lark) is the second line of FILE, or else
` + deliver.SecretVariable + `. What cannot be delivered is an error, exit code 4.
Posts go through the proxy that HTTPS_PROXY names, if there is one.`

// register adds the flags.
func (f *deliverFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.to, "mail-to", nil, "mail it to these `addresses`, separated by commas (may be repeated)")
	flags.StringVar(&f.from, "mail-from", "", "`address` that mails come from (default mgslog@ and the name of this host)")
	flags.StringVar(&f.sendmail, "sendmail", "", "`path` of the program that takes mails (default /usr/sbin/sendmail, or else one in PATH)")
	flags.StringArrayVar(&f.hooks, "webhook", nil, "post it to this `URL`, or to the one in @FILE (may be repeated)")
}

// check reads the flags, before anything else is read or done: what is wrong
// with them is known at once, and not when there is something to say. It must
// come before deliver.
func (f *deliverFlags) check(sys *system) error {
	var errs []error
	if len(f.to) > 0 {
		errs = append(errs, f.checkMail(sys))
	} else if f.from != "" || f.sendmail != "" {
		errs = append(errs, errors.New("--mail-from and --sendmail are for --mail-to"))
	}
	if len(f.hooks) > maxWebhooks {
		return usage(fmt.Errorf("%d --webhook, the limit is %d", len(f.hooks), maxWebhooks))
	}
	f.webhooks = nil
	for i, text := range f.hooks {
		w, err := deliver.ParseWebhook(text, sys.env, readSmall)
		if err != nil {
			if len(f.hooks) > 1 {
				err = fmt.Errorf("--webhook number %d: %w", i+1, err)
			}
			errs = append(errs, err)
			continue
		}
		f.webhooks = append(f.webhooks, w)
	}
	if err := errors.Join(errs...); err != nil {
		return usage(err)
	}
	return nil
}

// localUser matches the name of a user of this machine, for its mailbox.
var localUser = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`) })

func (f *deliverFlags) checkMail(sys *system) error {
	program, err := deliver.FindSendmail(f.sendmail, filepath.SplitList(sys.env("PATH")))
	if err != nil {
		return fmt.Errorf("--mail-to: %w", err)
	}
	from, host := f.from, sys.host()
	if from == "" {
		if host == "" {
			return errors.New("--mail-from is needed: this machine has no name")
		}
		from = "mgslog@" + host
	}
	to := slices.Clone(f.to)
	for i, address := range to { // as sendmail itself completes it
		if localUser().MatchString(address) && host != "" {
			to[i] = address + "@" + host
		}
	}
	if f.mailer, err = deliver.NewMailer(program, from, to); err != nil {
		return fmt.Errorf("--mail-to: %w", err)
	}
	return nil
}

// mails is true if a mail is to be sent.
func (f *deliverFlags) mails() bool { return len(f.to) > 0 }

// wanted is true if anything is to be delivered.
func (f *deliverFlags) wanted() bool { return len(f.to) > 0 || len(f.hooks) > 0 }

// deliver sends m to all that the flags name, each whether or not the others
// were reached. Its error says who was not, and carries its exit code.
func (f *deliverFlags) deliver(ctx context.Context, sys *system, m deliver.Message) error {
	var errs []error
	if f.mailer != nil {
		errs = append(errs, f.mailer.Send(ctx, m))
	}
	opt := deliver.PostOptions{Transport: http.DefaultTransport, Now: sys.now}
	for _, w := range f.webhooks {
		errs = append(errs, w.Post(ctx, opt, m))
	}
	if err := errors.Join(errs...); err != nil {
		return exit{exitOutput, err}
	}
	return nil
}

// readSmall reads a file that holds a few lines; of a larger one, as much as
// tells that it is none.
func readSmall(name string) ([]byte, error) {
	if strings.TrimSpace(name) == "" {
		return nil, errors.New("@ wants the name of a file behind it")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 64<<10))
}
