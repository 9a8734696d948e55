package deliver

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Bounds of a post.
const (
	maxWebhook    = 4 << 10 // bytes of a URL, and of the file that holds one
	maxAnswer     = 64 << 10
	tryTimeout    = 10 * time.Second
	maxTries      = 3
	firstWait     = time.Second // between two tries; it grows, and differs by half either way
	maxRetryAfter = 30 * time.Second
)

// SecretVariable is the environment variable with the secret that signs posts,
// for webhooks that have none of their own.
const SecretVariable = "MGSLOG_WEBHOOK_SECRET"

// A Webhook is where a chat robot, or a program of one's own, takes messages.
// It may be used again, and by several goroutines.
type Webhook struct {
	kind   *kind
	url    *url.URL // a secret: whoever knows it may post
	secret string   // for signatures, "" for none
}

// ParseWebhook reads the value of a flag: a URL, or "@" and the path of a file
// with the URL in its first line and the secret for signatures in a second one,
// if there is one. ${NAME} in the URL stands for a variable of the environment.
//
// The host tells which robot it is; for any other host (a proxy, say) a prefix
// of the scheme does, as in "dingtalk+https://proxy.example.com/…". What is no
// robot's gets the plain format.
//
// readFile is given the path, and may be asked for any. No error shows the URL
// or the secret.
func ParseWebhook(text string, env func(string) string, readFile func(string) ([]byte, error)) (*Webhook, error) {
	secret := ""
	if file, ok := strings.CutPrefix(text, "@"); ok {
		data, err := readFile(file)
		if err != nil {
			return nil, fmt.Errorf("webhook: %w", err)
		}
		if len(data) > maxWebhook {
			return nil, fmt.Errorf("webhook: %s is larger than %d bytes: it is for one URL", file, maxWebhook)
		}
		lines := strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' || r == '\r' })
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" })
		if len(lines) < 1 || len(lines) > 2 {
			return nil, fmt.Errorf("webhook: %s has %d lines: it is for a URL, and for a secret below it", file, len(lines))
		}
		text = strings.TrimSpace(lines[0])
		if len(lines) == 2 {
			secret = strings.TrimSpace(lines[1])
		}
	}
	text, err := expand(text, env)
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	if len(text) > maxWebhook {
		return nil, fmt.Errorf("webhook: the URL is longer than %d bytes", maxWebhook)
	}
	prefix, rest, prefixed := strings.Cut(text, "+http")
	if prefixed && !strings.ContainsAny(prefix, ":/") {
		text = "http" + rest
	} else {
		prefixed = false
	}
	u, err := url.Parse(text)
	// The error of Parse would show the URL.
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Fragment != "" {
		return nil, errors.New("webhook: that is no URL such as https://HOST/PATH")
	}
	w := &Webhook{url: u, secret: secret}
	if prefixed {
		if w.kind = kindNamed(prefix); w.kind == nil {
			return nil, fmt.Errorf("webhook: there is no kind %.20q; there are %s", prefix, strings.Join(kindNames(), ", "))
		}
	} else {
		w.kind = kindOf(u.Hostname())
		if w.kind.name != plain && u.Scheme != "https" {
			return nil, fmt.Errorf("%v: wants https", w)
		}
	}
	switch {
	case w.kind.sign == nil && secret != "":
		return nil, fmt.Errorf("%v: has no signatures, and the file has a secret", w)
	case w.kind.sign != nil && secret == "":
		w.secret = env(SecretVariable)
	}
	return w, nil
}

// expand replaces each ${NAME} in s.
func expand(s string, env func(string) string) (string, error) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, rest, closed := strings.Cut(after, "}")
		isName := name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == ""
		if !closed || !isName {
			return "", errors.New("${ in the URL begins no ${NAME} of a variable")
		}
		value := strings.TrimSpace(env(name))
		if value == "" {
			return "", fmt.Errorf("the environment has no %.100s, which the URL wants", name)
		}
		b.WriteString(value)
		s = rest
	}
}

// String names the webhook without what is secret of it.
func (w *Webhook) String() string { return w.kind.name + " webhook at " + w.url.Host }

// PostOptions are what a post takes from the world.
type PostOptions struct {
	Transport http.RoundTripper
	Now       func() time.Time // for signatures, which are good for an hour
}

// Post sends the short form of m, and to a plain receiver all of its text.
//
// A try takes 10 s at most, and there are up to 3: again after an error of the
// connection, after status 429 and after 5xx, when the answer's Retry-After has
// passed. One of more than 30 s is not waited for. A message that was sent and
// not answered may have arrived: it is sent again only where the receiver knows
// it by its id. Redirects are not followed, as they would carry the secrets
// elsewhere.
//
// No error shows the URL's path, query or secret.
func (w *Webhook) Post(ctx context.Context, opt PostOptions, m Message) error {
	m = m.bounded()
	client := &http.Client{
		Transport:     opt.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval = firstWait
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		return struct{}{}, w.try(ctx, client, opt.Now(), m)
	}, backoff.WithMaxTries(maxTries), backoff.WithBackOff(waits))
	if err != nil {
		return fmt.Errorf("%v: %s", w, w.redact(err.Error()))
	}
	return nil
}

// try posts m once. Its error is a backoff.PermanentError if another try is
// no use.
func (w *Webhook) try(parent context.Context, client *http.Client, now time.Time, m Message) error {
	target, body, err := w.request(m, now)
	if err != nil {
		return backoff.Permanent(err)
	}
	ctx, cancel := context.WithTimeout(parent, tryTimeout)
	defer cancel()
	var sent atomic.Bool // all of the request
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(i httptrace.WroteRequestInfo) { sent.Store(i.Err == nil) },
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return backoff.Permanent(errors.New("that URL cannot be posted to"))
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "mgslog")

	var answer []byte
	resp, err := client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		answer, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	}
	if err != nil {
		var (
			wrapped     *url.Error // its text has the URL
			certificate *tls.CertificateVerificationError
		)
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		switch {
		case parent.Err() != nil:
			return backoff.Permanent(context.Cause(parent))
		case errors.As(err, &certificate):
			return backoff.Permanent(err)
		case ctx.Err() != nil:
			err = fmt.Errorf("no answer within %v", tryTimeout)
		}
		if sent.Load() && !w.kind.knowsID {
			return backoff.Permanent(fmt.Errorf("%w; the message may have arrived all the same, and is not sent again", err))
		}
		return err
	}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests || code >= 500:
		err := fmt.Errorf("answers %d %s", code, shown(string(answer)))
		wait, told := retryAfter(resp.Header.Get("Retry-After"), now)
		switch {
		case !told:
			return err
		case wait > maxRetryAfter:
			return backoff.Permanent(fmt.Errorf("%w, and wants to be left alone for %v", err, wait))
		}
		return &later{err, &backoff.RetryAfterError{Duration: wait}}
	case code >= 300 && code < 400:
		return backoff.Permanent(fmt.Errorf("answers %d, a redirect, which is not followed", code))
	case code < 200 || code >= 300:
		return backoff.Permanent(fmt.Errorf("answers %d %s", code, shown(string(answer))))
	}
	return backoff.Permanent(w.kind.answer(answer))
}

// later is an error after which to wait as long as the receiver asked for.
type later struct {
	error
	after *backoff.RetryAfterError
}

func (l *later) Unwrap() []error { return []error{l.error, l.after} }

// retryAfter reads the header of that name (RFC 9110 section 10.2.3): seconds,
// or a date.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0).Round(time.Second), true
	}
	return 0, false
}

// request returns the URL and the body of a post of m, with a text that is cut
// to the limits of the kind.
func (w *Webhook) request(m Message, now time.Time) (target string, body []byte, err error) {
	stamp := stamped{at: now, secret: w.secret}
	u := *w.url
	if w.kind.sign != nil && w.secret != "" {
		stamp.sign = w.kind.sign
		if w.kind.query != nil {
			q := u.Query()
			w.kind.query(q, stamp)
			u.RawQuery = q.Encode()
		}
	}
	whole := w.kind.text(m)
	for limit := min(len(whole), w.kind.maxText); limit > 0; {
		text, _ := cut(whole, limit, m.Cut)
		text = w.kind.escape.Replace(text)
		if body, err = marshal(w.kind.body(m, text, stamp)); err != nil {
			return "", nil, err
		}
		over := max(len(text)-w.kind.maxText, len(body)-w.kind.maxBody)
		if over <= 0 {
			return u.String(), body, nil
		}
		limit -= max(over/maxGrowth, 1)
	}
	return "", nil, errors.New("the message has no text that fits")
}

// redact takes what is secret out of a text: a receiver may repeat what it was
// sent, and errors of the system may name what was asked for.
func (w *Webhook) redact(s string) string {
	secrets := append(strings.Split(w.url.EscapedPath(), "/"), strings.Split(w.url.Path, "/")...)
	for _, values := range w.url.Query() {
		secrets = append(secrets, values...)
	}
	if w.url.User != nil {
		password, _ := w.url.User.Password()
		secrets = append(secrets, w.url.User.Username(), password)
	}
	secrets = append(secrets, w.url.RawQuery, w.secret)
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) }) // the longest first
	for _, secret := range secrets {
		if len(secret) >= minSecret {
			s = strings.ReplaceAll(s, secret, "…")
		}
	}
	return s
}

// minSecret is the shortest part of a URL that redact takes for a secret, in
// bytes: shorter ones are words ("send", "hook"), and no tokens.
const minSecret = 6
