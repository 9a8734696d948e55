package deliver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

func noFile(name string) ([]byte, error) {
	return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
}

// A robot is a receiver on this machine, which keeps what it gets.
type robot struct {
	*httptest.Server
	mu    sync.Mutex
	posts []post
}

type post struct {
	query url.Values
	body  []byte
	json  map[string]any
}

// newRobot starts a robot that answers as the function does.
func newRobot(t *testing.T, answer http.HandlerFunc) *robot {
	t.Helper()
	r := &robot{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		p := post{query: req.URL.Query()}
		p.body, _ = io.ReadAll(req.Body)
		if err := json.Unmarshal(p.body, &p.json); err != nil {
			t.Errorf("%v: %q", err, p.body)
		}
		if bytes.Contains(p.body, []byte(`\u003c`)) {
			t.Errorf("six bytes for one: %s", p.body)
		}
		if req.Method != http.MethodPost || req.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s of %q", req.Method, req.Header.Get("Content-Type"))
		}
		r.mu.Lock()
		r.posts = append(r.posts, p)
		r.mu.Unlock()
		answer(w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *robot) got() []post {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.posts
}

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) }
}

// direct are the options of a post without a proxy, whose connections end with
// their answers.
func direct() PostOptions {
	return PostOptions{Transport: &http.Transport{DisableKeepAlives: true}, Now: func() time.Time { return made }}
}

// secretly parses a webhook with a secret.
func secretly(t *testing.T, address, secret string) *Webhook {
	t.Helper()
	w, err := ParseWebhook(address, func(name string) string {
		if name == SecretVariable {
			return secret
		}
		return ""
	}, noFile)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// hostile is a text that would mention, link, mark up or draw, if it could.
const hostile = "a <b> & @all <!channel> <at user_id=\"all\">x</at> <@U1> [t](http://e) \x1b[2J\u202e"

// TestBodies holds each format against the documents named at kinds.
func TestBodies(t *testing.T) {
	t.Parallel()
	const (
		ok     = `{"errcode":0,"errmsg":"ok"}`
		secret = "this is secret"
	)
	msg := daily()
	msg.Short += hostile
	seen := "网关 11-20：4001 新增，失败率 1.2%\n失败 312（昨日 20）\n4001 NEW\n"
	for _, tc := range []struct {
		kind, secret, answer string
		query                map[string]string
		body                 map[string]any
	}{
		{
			"dingtalk", "", ok, nil,
			map[string]any{
				"msgtype": "text",
				"text":    map[string]any{"content": seen + `a <b> & @all <!channel> <at user_id="all">x</at> <@U1> [t](http://e) \x1b[2J\u202e`},
				"at":      map[string]any{"isAtAll": false}, "msgUuid": msg.bounded().id(),
			},
		},
		{
			// The signature is that of the vendor's sample in Python, for this time.
			"dingtalk", secret, ok,
			map[string]string{"timestamp": "1795213020000", "sign": "s+Slobxh/gUgdaEVTOC8NkBrRXmhgLbOmcMTqzT6SbU="},
			nil,
		},
		{
			"wecom", secret, ok,
			map[string]string{"sign": ""},
			map[string]any{
				"msgtype": "text",
				"text":    map[string]any{"content": seen + `a ＜b> & @all ＜!channel> ＜at user_id="all">x＜/at> ＜@U1> [t] (http://e) \x1b[2J\u202e`},
			},
		},
		{
			"feishu", "", `{"code":0,"msg":"success","data":{}}`, nil,
			map[string]any{
				"msg_type": "text",
				"content":  map[string]any{"text": seen + `a ＜b> & @all ＜!channel> ＜at user_id="all">x＜/at> ＜@U1> [t] (http://e) \x1b[2J\u202e`},
			},
		},
		{
			"lark", secret, `{"Extra":null,"StatusCode":0,"StatusMessage":"success"}`,
			map[string]string{"sign": ""},
			map[string]any{
				"timestamp": "1795213020", "sign": "/d2Rr+ZvijYeHxj8E/O3M9LQsMswSECj7lY9shs3/U0=", "msg_type": "text",
				"content": map[string]any{"text": seen + `a ＜b> & @all ＜!channel> ＜at user_id="all">x＜/at> ＜@U1> [t] (http://e) \x1b[2J\u202e`},
			},
		},
		{
			"slack", secret, "ok", nil,
			map[string]any{
				"text":   seen + `a &lt;b&gt; &amp; @all &lt;!channel&gt; &lt;at user_id="all"&gt;x&lt;/at&gt; &lt;@U1&gt; [t](http://e) \x1b[2J\u202e`,
				"mrkdwn": false, "unfurl_links": false, "unfurl_media": false,
			},
		},
		{
			"plain", secret, "whatever", nil,
			map[string]any{
				"schema": "mgslog/message/v1", "id": msg.bounded().id(), "generated_at": "2026-11-21T06:17:00+08:00",
				"subject": msg.Subject, "short": msg.bounded().Short, "text": msg.Text,
			},
		},
	} {
		t.Run(tc.kind, func(t *testing.T) {
			t.Parallel()
			r := newRobot(t, says(tc.answer))
			w := secretly(t, tc.kind+"+"+r.URL+"/robot/send?access_token=0123456789", tc.secret)
			if err := w.Post(t.Context(), direct(), msg); err != nil {
				t.Fatal(err)
			}
			got := r.got()
			if len(got) != 1 {
				t.Fatalf("%d posts", len(got))
			}
			if have := got[0].query.Get("access_token"); have != "0123456789" {
				t.Errorf("the token came as %q", have)
			}
			for name, want := range tc.query {
				if have := got[0].query.Get(name); have != want {
					t.Errorf("%s = %q, want %q", name, have, want)
				}
			}
			want, _ := json.Marshal(tc.body)
			have, _ := json.Marshal(got[0].json)
			if tc.body != nil && string(have) != string(want) {
				t.Errorf("body\n%s\nwant\n%s", have, want)
			}
		})
	}
}

// TestLimits holds that the longest messages are within each limit, cut behind
// a line or at least a character, and say so.
func TestLimits(t *testing.T) {
	t.Parallel()
	limits := map[string]int{"wecom": 2048, "slack": 4000, "dingtalk": 15_000, "feishu": 20_000, "lark": 20_000, "plain": 1 << 20}
	for _, k := range kinds {
		limit, known := limits[k.name]
		if !known {
			t.Fatalf("%s has no limit here", k.name)
		}
		for name, line := range map[string]string{
			"lines": "4001 会话超时 ×312\n", "one line": "失", "one line of ASCII": "x",
			"of what is escaped": "<<&>>\"\\\\", "of escaped lines": "<&>\"\n", "empty lines": "\n",
		} {
			msg := daily()
			msg.Short = strings.Repeat(line, 40_000/len(line))
			msg.Text = strings.Repeat(line, 500_000/len(line))
			w := &Webhook{kind: k, url: &url.URL{Scheme: "https", Host: "example.com"}}
			_, body, err := w.request(msg.bounded(), made)
			if err != nil {
				t.Fatal(err)
			}
			text := textOf(t, body)
			size := len(body)
			if k.name == "wecom" || k.name == "slack" {
				size = len(text)
			}
			if size > limit || k.name != plain && size < limit/3 {
				t.Errorf("%s, %s: %d bytes, the limit is %d", k.name, name, size, limit)
			}
			if !utf8.ValidString(text) || !strings.HasSuffix(text, "\n（已截断）") {
				t.Errorf("%s, %s: ends with %q", k.name, name, text[len(text)-60:])
			}
			if head := strings.TrimSuffix(text, "\n（已截断）"); name == "lines" && !strings.HasSuffix(head, "×312") {
				t.Errorf("%s: cut at %q", k.name, head[len(head)-30:])
			}
		}
	}
}

// textOf returns the text in the body of a post.
func textOf(t *testing.T, body []byte) string {
	t.Helper()
	var o struct {
		Text    any
		Content struct{ Text string }
	}
	if err := json.Unmarshal(body, &o); err != nil {
		t.Fatal(err)
	}
	switch text := o.Text.(type) {
	case string:
		return text
	case map[string]any:
		return fmt.Sprint(text["content"])
	}
	return o.Content.Text
}

// TestRefused holds that a failure which comes with status 200, or with another
// one, is an error that says why, tells no secret and is not tried again.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind   string
		status int
		answer string
		want   string
	}{
		{"dingtalk", 200, `{"errcode":310000,"errmsg":"sign not match, 签名不匹配"}`, "refuses the message: errcode 310000: sign not match, 签名不匹配"},
		{"dingtalk", 200, `{"errcode":300005,"errmsg":"token 0123456789abcdef is not exist"}`, "errcode 300005: token … is not exist"},
		{"dingtalk", 200, `{"errcode":1,"errmsg":"\u001b[2J\u202e` + strings.Repeat("no ", 1000) + `"}`, `errcode 1: \x1b[2J\u202eno no`},
		{"wecom", 200, `{"errcode":93000,"errmsg":"invalid webhook url"}`, "errcode 93000: invalid webhook url"},
		{"wecom", 200, `{"errcode":"0"}`, "answers what no robot does"},
		{"wecom", 200, `<html>login</html>`, "answers what no robot does"},
		{"wecom", 200, ``, "answers what no robot does"},
		{"feishu", 200, `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`, "code 19021: sign match fail"},
		{"lark", 200, `{"StatusCode":9499,"StatusMessage":"Bad Request"}`, "StatusCode 9499: Bad Request"},
		{"lark", 400, `{"code":9499,"msg":"Bad Request"}`, `answers 400 {"code":9499`},
		{"slack", 200, "no_text", `answers "no_text" and not ok`},
		{"slack", 404, "no_service", "answers 404 no_service"},
		{"plain", 403, "go away\x1b[2J", `answers 403 go away\x1b[2J`},
		{"plain", 302, "", "answers 302, a redirect, which is not followed"},
		{"plain", 304, "", "answers 304, a redirect, which is not followed"},
	} {
		r := newRobot(t, func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(tc.status)
			io.WriteString(w, tc.answer)
		})
		w := secretly(t, tc.kind+"+"+r.URL+"/hook/sessionkey?access_token=0123456789abcdef", "a secret of it")
		err := w.Post(t.Context(), direct(), daily())
		if err == nil || !strings.Contains(err.Error(), tc.want) || len(err.Error()) > 500 {
			t.Errorf("%s, %d %q: %v, want %q", tc.kind, tc.status, tc.answer, err, tc.want)
		}
		for _, secret := range []string{"0123456789abcdef", "sessionkey", "a secret"} {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the error tells %q: %v", secret, err)
			}
		}
		if n := len(r.got()); n != 1 {
			t.Errorf("%s, %d: %d posts", tc.kind, tc.status, n)
		}
	}
}

// TestRetries tries receivers that fail first. The clock is that of a bubble,
// which stands still while a request is on its way and jumps over the waits.
func TestRetries(t *testing.T) {
	t.Parallel()
	type reply struct {
		status int
		after  string // Retry-After
	}
	for _, tc := range []struct {
		name     string
		replies  []reply // the last one is repeated
		tries    int
		min, max time.Duration // that all of it takes
		want     string        // in the error
	}{
		{"at once", []reply{{200, ""}}, 1, 0, 0, ""},
		{"then well", []reply{{500, ""}, {200, ""}}, 2, 500 * time.Millisecond, 1500 * time.Millisecond, ""},
		{"never well", []reply{{503, ""}}, 3, 1250 * time.Millisecond, 3750 * time.Millisecond, "answers 503 busy"},
		{"too many requests", []reply{{429, "7"}, {200, ""}}, 2, 7 * time.Second, 7 * time.Second, ""},
		{"at once again", []reply{{503, "0"}, {200, ""}}, 2, 0, 0, ""},
		{"a date", []reply{{503, made.Add(20 * time.Second).UTC().Format(http.TimeFormat)}, {200, ""}}, 2, 20 * time.Second, 20 * time.Second, ""},
		{"the longest wait", []reply{{429, "30"}}, 3, time.Minute, time.Minute, "answers 429 busy"},
		{"too long a wait", []reply{{429, "31"}}, 1, 0, 0, "answers 429 busy, and wants to be left alone for 31s"},
		{"a wait that is none", []reply{{503, "-5"}, {200, ""}}, 2, 500 * time.Millisecond, 1500 * time.Millisecond, ""},
		{"no use", []reply{{400, "7"}}, 1, 0, 0, "answers 400 busy"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			n := 0 // the requests come one by one
			r := newRobot(t, func(w http.ResponseWriter, _ *http.Request) {
				reply := tc.replies[min(n, len(tc.replies)-1)]
				n++
				if reply.after != "" {
					w.Header().Set("Retry-After", reply.after)
				}
				w.WriteHeader(reply.status)
				io.WriteString(w, "busy")
			})
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				err := secretly(t, r.URL, "").Post(t.Context(), direct(), daily())
				if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
					t.Errorf("%v, want %q", err, tc.want)
				}
				if d := time.Since(begin); d < tc.min || d > tc.max {
					t.Errorf("took %v, want %v to %v", d, tc.min, tc.max)
				}
			})
			got := r.got()
			if len(got) != tc.tries {
				t.Fatalf("%d tries, want %d", len(got), tc.tries)
			}
			for _, p := range got[1:] {
				if string(p.body) != string(got[0].body) {
					t.Errorf("another message: %s", p.body)
				}
			}
		})
	}
}

// A transport is a network in which a request fares as the function says.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// TestConnections tries networks that fail: a message that may have arrived is
// sent again only where the receiver knows it by its id.
func TestConnections(t *testing.T) {
	t.Parallel()
	// sent reads the request, as one that arrives is read, and says so.
	sent := func(r *http.Request) {
		io.Copy(io.Discard, r.Body)
		httptrace.ContextClientTrace(r.Context()).WroteRequest(httptrace.WroteRequestInfo{})
	}
	refused := func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }
	silent := func(r *http.Request) (*http.Response, error) {
		sent(r)
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	unheard := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	broken := func(r *http.Request) (*http.Response, error) {
		sent(r)
		return &http.Response{StatusCode: 200, Body: io.NopCloser(io.MultiReader(strings.NewReader("o"), failing{}))}, nil
	}
	const again = "is not sent again"
	for _, tc := range []struct {
		name, kind string
		network    transport
		tries      int
		min, max   time.Duration
		want       []string
	}{
		{"nobody there", "slack", refused, 3, 1250 * time.Millisecond, 3750 * time.Millisecond, []string{"connection refused"}},
		{"unheard", "slack", unheard, 3, 31 * time.Second, 34 * time.Second, []string{"no answer within 10s"}},
		{"silent", "slack", silent, 1, 10 * time.Second, 10 * time.Second, []string{"no answer within 10s", again}},
		{"silent", "wecom", silent, 1, 10 * time.Second, 10 * time.Second, []string{again}},
		{"silent", "feishu", silent, 1, 10 * time.Second, 10 * time.Second, []string{again}},
		{"silent", "dingtalk", silent, 3, 31 * time.Second, 34 * time.Second, []string{"no answer within 10s"}},
		{"silent", "plain", silent, 3, 31 * time.Second, 34 * time.Second, []string{"no answer within 10s"}},
		{"broken off", "slack", broken, 1, 0, 0, []string{"the line is dead", again}},
	} {
		t.Run(tc.name+" "+tc.kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				begin := time.Now()
				opt := PostOptions{Now: time.Now, Transport: transport(func(r *http.Request) (*http.Response, error) {
					tries++
					return tc.network(r)
				})}
				w := secretly(t, tc.kind+"+https://example.com/services/T0000/B0000/XXXXXXXX", "")
				err := w.Post(t.Context(), opt, daily())
				for _, want := range tc.want {
					if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "://") {
						t.Errorf("%v, want %q", err, want)
					}
				}
				if d := time.Since(begin); tries != tc.tries || d < tc.min || d > tc.max {
					t.Errorf("%d tries in %v", tries, d)
				}
			})
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Second, errors.New("stopped by the test"))
			defer cancel()
			err := secretly(t, "plain+https://example.com/", "").Post(ctx, PostOptions{Now: time.Now, Transport: transport(unheard)}, daily())
			if err == nil || !strings.Contains(err.Error(), "stopped by the test") {
				t.Error(err)
			}
		})
	})
	t.Run("a certificate of nobody", func(t *testing.T) {
		t.Parallel()
		s := httptest.NewUnstartedServer(says("ok"))
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		t.Cleanup(s.Close)
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			err := secretly(t, s.URL, "").Post(t.Context(), direct(), daily())
			if err == nil || !strings.Contains(err.Error(), "certificate") || time.Since(begin) != 0 {
				t.Errorf("%v after %v", err, time.Since(begin))
			}
		})
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the line is dead") }

func TestParseWebhook(t *testing.T) {
	t.Parallel()
	env := func(name string) string {
		return map[string]string{
			"TOKEN": "t0ken-of-mine", "HOOK": "https://oapi.dingtalk.com/robot/send?access_token=t0ken-of-mine",
			"SPACE": "  ", SecretVariable: "of the environment",
		}[name]
	}
	files := map[string]string{
		"url":     "https://open.feishu.cn/open-apis/bot/v2/hook/t0ken-of-mine\n",
		"both":    "\r\n dingtalk+http://127.0.0.1:80/t0ken-of-mine \r\n\r\n of the file \r\n",
		"three":   "https://example.com/t0ken-of-mine\nsecret\nmore\n",
		"empty":   "\n \n",
		"useless": "https://hooks.slack.com/services/t0ken-of-mine\nsecret\n",
		"large":   strings.Repeat("\n", maxWebhook+1),
		"no url":  "t0ken-of-mine\n",
	}
	for _, tc := range []struct {
		text, name, secret string
		want               string // in the error
	}{
		{"https://oapi.dingtalk.com/robot/send?access_token=${TOKEN}", "dingtalk webhook at oapi.dingtalk.com", "of the environment", ""},
		{"${HOOK}", "dingtalk webhook at oapi.dingtalk.com", "of the environment", ""},
		{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${TOKEN}", "wecom webhook at qyapi.weixin.qq.com", "", ""},
		{"https://open.larksuite.com/open-apis/bot/v2/hook/${TOKEN}", "lark webhook at open.larksuite.com", "of the environment", ""},
		{"HTTPS://Hooks.Slack.com./services/x", "slack webhook at Hooks.Slack.com.", "", ""},
		{"http://127.0.0.1:8080/in", "plain webhook at 127.0.0.1:8080", "", ""},
		{"https://hooks.slack.com.example.com/x", "plain webhook at hooks.slack.com.example.com", "", ""},
		{"plain+https://oapi.dingtalk.com/x", "plain webhook at oapi.dingtalk.com", "", ""},
		{"slack+http://proxy:99/x", "slack webhook at proxy:99", "", ""},
		{"https://example.com/a+http", "plain webhook at example.com", "", ""},
		{"@url", "feishu webhook at open.feishu.cn", "of the environment", ""},
		{"@both", "dingtalk webhook at 127.0.0.1:80", "of the file", ""},

		{"", "", "", "no URL"},
		{"t0ken-of-mine", "", "", "no URL"},
		{"ftp://t0ken-of-mine.example.com", "", "", "no URL"},
		{"https:///t0ken-of-mine", "", "", "no URL"},
		{"https://example.com/%zzt0ken-of-mine", "", "", "no URL"},
		{"https://example.com:t0ken-of-mine/", "", "", "no URL"},
		{"https://example.com/#t0ken-of-mine", "", "", "no URL"},
		{"https://example.com/\nt0ken-of-mine", "", "", "no URL"},
		{"teams+https://example.com/t0ken-of-mine", "", "", `no kind "teams"; there are dingtalk, wecom, feishu, lark, slack, plain`},
		{"http://hooks.slack.com/services/t0ken-of-mine", "", "", "slack webhook at hooks.slack.com: wants https"},
		{"https://example.com/${NONE}?t0ken-of-mine", "", "", "the environment has no NONE"},
		{"https://example.com/${SPACE}?t0ken-of-mine", "", "", "the environment has no SPACE"},
		{"https://example.com/${t0ken-of-mine}", "", "", "begins no ${NAME}"},
		{"https://example.com/${TOKEN", "", "", "begins no ${NAME}"},
		{"https://example.com/" + strings.Repeat("x", maxWebhook), "", "", "longer than 4096 bytes"},
		{"@none", "", "", "open none: file does not exist"},
		{"@three", "", "", "three has 3 lines"},
		{"@empty", "", "", "empty has 0 lines"},
		{"@large", "", "", "larger than 4096 bytes"},
		{"@no url", "", "", "no URL"},
		{"@useless", "", "", "slack webhook at hooks.slack.com: has no signatures"},
	} {
		w, err := ParseWebhook(tc.text, env, func(name string) ([]byte, error) {
			if text, ok := files[name]; ok {
				return []byte(text), nil
			}
			return noFile(name)
		})
		switch {
		case tc.want != "":
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "t0ken") {
				t.Errorf("%q: %v, want %q", tc.text, err, tc.want)
			}
		case err != nil || w.String() != tc.name || w.secret != tc.secret:
			t.Errorf("%q: %v, %v", tc.text, w, err)
		}
	}
}

func FuzzParseWebhook(f *testing.F) {
	f.Add("dingtalk+https://oapi.dingtalk.com/robot/send?access_token=${TOKEN}", "secret")
	f.Add("@file", "https://open.feishu.cn/hook/x\nsecret")
	f.Add("https://user:password@example.com:1/%2f?a=b&c", "")
	f.Fuzz(func(t *testing.T, text, other string) {
		w, err := ParseWebhook(text, func(string) string { return other }, func(string) ([]byte, error) { return []byte(other), nil })
		if err != nil {
			return
		}
		target, body, err := w.request(daily().bounded(), made)
		if err != nil || !json.Valid(body) {
			t.Fatalf("%v, %s", err, body)
		}
		if _, err := http.NewRequest(http.MethodPost, target, nil); err != nil {
			t.Skip() // Post tells it, without the URL
		}
	})
}

// FuzzAnswer reads answers of any bytes: no panic, and a message is taken only
// on the word that says so.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"errcode":0}`, `{"code":0,"StatusCode":1}`, "ok", `{"errcode":0.0}`, `{"errcode":1e999,"errmsg":[]}`, `[]`, "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, k := range kinds {
			err := k.answer(b)
			if err == nil && k.name != plain && !strings.Contains(string(b), "0") && strings.TrimSpace(string(b)) != "ok" {
				t.Errorf("%s takes %q for a yes", k.name, b)
			}
			if err != nil && (len(err.Error()) > 1000 || strings.ContainsAny(err.Error(), "\x1b\n\r")) {
				t.Errorf("%s: %q", k.name, err)
			}
		}
	})
}

// TestKinds keeps the table of kinds whole.
func TestKinds(t *testing.T) {
	t.Parallel()
	hosts := map[string]bool{}
	for _, k := range kinds {
		if kindNamed(k.name) != k || k.text == nil || k.escape == nil || k.body == nil || k.answer == nil || k.query != nil && k.sign == nil {
			t.Errorf("%s is not whole", k.name)
		}
		for _, host := range k.hosts {
			if hosts[host] || kindOf(host) != k {
				t.Errorf("%s is the host of two kinds", host)
			}
			hosts[host] = true
		}
	}
}
