package deliver

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// plain is the name of the kind for receivers of one's own.
const plain = "plain"

// maxGrowth bounds what escaping makes of a byte: "\u003c" of "<".
const maxGrowth = 6

// A kind is a family of webhooks. All are sent plain text and none of their
// markups: a text that quotes a log cannot be trusted with one.
type kind struct {
	name  string
	hosts []string
	// maxText bounds the escaped text, maxBody all of the JSON, in bytes.
	maxText, maxBody int
	text             func(Message) string
	escape           *strings.Replacer
	body             func(m Message, text string, s stamped) any
	// sign makes a signature of a time and a secret, nil where the kind has none.
	// query adds it to the URL, where that is its place.
	sign  func(s stamped) (timestamp, signature string)
	query func(q url.Values, s stamped)
	// answer reads what is said with a status of 2xx, nil if the message was taken.
	answer func([]byte) error
	// knowsID is true where a message that comes twice is shown once.
	knowsID bool
}

// stamped is what a signature is made of. sign is nil if there is to be none.
type stamped struct {
	at     time.Time
	secret string
	sign   func(stamped) (timestamp, signature string)
}

func (s stamped) sum() (timestamp, signature string) {
	if s.sign == nil {
		return "", ""
	}
	return s.sign(s)
}

// unmarked makes text of what begins a mention or a link in WeCom ("<@userid>")
// and Feishu ("<at user_id=…>", "[text](url)"). Neither has an escape, so the
// characters are replaced by others that look alike.
var unmarked = strings.NewReplacer("<", "＜", "](", "] (")

// kinds lists the families. Read for them, November 2026:
//
//   - DingTalk: help.dingtalk.io/open/development/custom-robots-send-group-messages
//     (body, msgUuid), …/open/dingstart/customize-robot-security-settings (sign).
//     Neither states a limit of size. 15,000 bytes is that of messages of an app's
//     robot, …/open/development/the-robot-sends-a-group-message.
//   - WeCom: developer.work.weixin.qq.com/document/path/91770. A text may have 2048
//     bytes of UTF-8.
//   - Feishu and Lark: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
//     A body may have 20 KB.
//   - Slack: docs.slack.dev/messaging/formatting-message-text (escaping),
//     api.slack.com/changelog/2018-04-truncating-really-long-messages: up to 4,000
//     bytes a message stays one.
var kinds = []*kind{
	{
		name: "dingtalk", hosts: []string{"oapi.dingtalk.com", "oapi.dingtalk.io"},
		maxText: 15_000, maxBody: 15_000,
		text: chat, escape: strings.NewReplacer(),
		body: func(m Message, text string, _ stamped) any {
			// Mentions are made by "at" and by nothing in the text.
			return object{
				"msgtype": "text", "text": object{"content": text},
				"at": object{"isAtAll": false}, "msgUuid": m.id(),
			}
		},
		sign: signDingTalk,
		query: func(q url.Values, s stamped) {
			timestamp, signature := s.sum()
			q.Set("timestamp", timestamp)
			q.Set("sign", signature)
		},
		answer:  func(b []byte) error { return answered(b, "errcode", "errmsg") },
		knowsID: true,
	},
	{
		name: "wecom", hosts: []string{"qyapi.weixin.qq.com"},
		maxText: 2048, maxBody: 20_000,
		text: chat, escape: unmarked,
		body: func(_ Message, text string, _ stamped) any {
			return object{"msgtype": "text", "text": object{"content": text}}
		},
		answer: func(b []byte) error { return answered(b, "errcode", "errmsg") },
	},
	feishu("feishu", "open.feishu.cn"),
	feishu("lark", "open.larksuite.com"),
	{
		name: "slack", hosts: []string{"hooks.slack.com"},
		maxText: 4000, maxBody: 16_000,
		text: chat, escape: strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;"),
		body: func(_ Message, text string, _ stamped) any {
			return object{"text": text, "mrkdwn": false, "unfurl_links": false, "unfurl_media": false}
		},
		answer: func(b []byte) error {
			if said := shown(string(b)); said != "ok" {
				return fmt.Errorf("answers %q and not ok", said)
			}
			return nil
		},
	},
	{
		// The one that is ours. "id" is the same when a message is sent again.
		name:    plain,
		maxText: 256 << 10, maxBody: 1 << 20,
		text:   func(m Message) string { return m.Text + "\n" }, // never empty
		escape: strings.NewReplacer(),
		body: func(m Message, text string, _ stamped) any {
			return object{
				"schema": "mgslog/message/v1", "id": m.id(), "generated_at": m.Date.Format(time.RFC3339),
				"subject": m.Subject, "short": m.Short, "text": strings.TrimSuffix(text, "\n"),
			}
		},
		answer:  func([]byte) error { return nil },
		knowsID: true,
	},
}

func feishu(name, host string) *kind {
	return &kind{
		name: name, hosts: []string{host},
		maxText: 18_000, maxBody: 20_000,
		text: chat, escape: unmarked,
		body: func(_ Message, text string, s stamped) any {
			o := object{"msg_type": "text", "content": object{"text": text}}
			if timestamp, signature := s.sum(); signature != "" {
				o["timestamp"], o["sign"] = timestamp, signature
			}
			return o
		},
		sign: signFeishu,
		answer: func(b []byte) error {
			err := answered(b, "code", "msg")
			if errors.Is(err, errNoCode) { // the first version of the interface
				err = answered(b, "StatusCode", "StatusMessage")
			}
			return err
		},
	}
}

func kindNamed(name string) *kind {
	if i := slices.IndexFunc(kinds, func(k *kind) bool { return k.name == name }); i >= 0 {
		return kinds[i]
	}
	return nil
}

func kindNames() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// kindOf returns the kind of a host's webhooks.
func kindOf(host string) *kind {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if i := slices.IndexFunc(kinds, func(k *kind) bool { return slices.Contains(k.hosts, host) }); i >= 0 {
		return kinds[i]
	}
	return kindNamed(plain)
}

// chat is what a chat window gets.
func chat(m Message) string { return m.Subject + "\n" + m.Short }

// signDingTalk is the time in milliseconds, and the HMAC-SHA256, with the
// secret as key, of that time and the secret.
func signDingTalk(s stamped) (string, string) {
	timestamp := strconv.FormatInt(s.at.UnixMilli(), 10)
	return timestamp, hmac256(s.secret, timestamp+"\n"+s.secret)
}

// signFeishu is the time in seconds, and the HMAC-SHA256 of nothing, with that
// time and the secret as key.
func signFeishu(s stamped) (string, string) {
	timestamp := strconv.FormatInt(s.at.Unix(), 10)
	return timestamp, hmac256(timestamp+"\n"+s.secret, "")
}

func hmac256(key, text string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

type object map[string]any

// marshal writes JSON that leaves < > & as they are: they would take six bytes
// each of a small limit.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

var errNoCode = errors.New("answers what no robot does")

// answered reads an answer in JSON that is a failure unless the key code is
// there and 0; the key text says why.
func answered(b []byte, code, text string) error {
	var o map[string]any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		return fmt.Errorf("%w: %q", errNoCode, shown(string(b)))
	}
	n, ok := o[code].(json.Number)
	switch {
	case !ok:
		return fmt.Errorf("%w: %q", errNoCode, shown(string(b)))
	case n != "0":
		why, _ := o[text].(string)
		return fmt.Errorf("refuses the message: %s %s: %s", code, shown(n.String()), shown(why))
	}
	return nil
}
