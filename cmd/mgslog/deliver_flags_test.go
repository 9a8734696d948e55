package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"mgslog/cmd/mgslog/deliver"
)

// deliverSystem is a host called gw1.example.com.
func deliverSystem(env map[string]string) *system {
	return &system{
		env:  func(name string) string { return env[name] },
		now:  func() time.Time { return time.Date(2026, 11, 21, 6, 17, 0, 0, time.UTC) },
		host: func() string { return "gw1.example.com" },
	}
}

// deliverCommand parses args as a command with the flags does.
func deliverCommand(t *testing.T, args ...string) *deliverFlags {
	t.Helper()
	var f deliverFlags
	cmd := &cobra.Command{Use: "summary", Long: deliverHelp, RunE: func(*cobra.Command, []string) error { return nil }}
	f.register(cmd)
	cmd.SetArgs(append([]string{}, args...)) // of nil, it takes those of the test
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	return &f
}

func storingSendmail(t *testing.T) (program, stored string) {
	t.Helper()
	dir := t.TempDir()
	program, stored = filepath.Join(dir, "sendmail"), filepath.Join(dir, "mail")
	if err := os.WriteFile(program, []byte("#!/bin/sh\ncat >"+stored+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return program, stored
}

// TestDeliver sends to two that take the message and two that do not: all are
// tried, and the error names both failures, no secret, and the exit code.
func TestDeliver(t *testing.T) {
	t.Parallel()
	var taken atomic.Int32
	serve := func(answer string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			taken.Add(1)
			io.WriteString(w, answer)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	program, stored := storingSendmail(t)
	file := filepath.Join(t.TempDir(), "hook")
	if err := os.WriteFile(file, []byte("dingtalk+"+serve(`{"errcode":310000,"errmsg":"sign not match"}`)+"/s3cret-path\nthe secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sys := deliverSystem(map[string]string{"TOKEN": "s3cret-token"})
	f := deliverCommand(t, "--webhook", "@"+file, "--webhook", "plain+"+serve("")+"/${TOKEN}",
		"--webhook", "slack+"+serve("no_team")+"/${TOKEN}",
		"--sendmail", program, "--mail-to", "A <a@example.com>, b@example.com", "--mail-to", "ops")
	if err := f.check(sys); err != nil {
		t.Fatal(err)
	}
	err := f.deliver(t.Context(), sys, deliver.Message{Subject: "4001", Text: "text\n", Short: "short", Date: sys.now()})
	if exitCode(err) != exitOutput {
		t.Errorf("exit code %d: %v", exitCode(err), err)
	}
	for _, want := range []string{"310000: sign not match", `answers "no_team" and not ok`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if err != nil && strings.Contains(err.Error(), "s3cret") || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("%v", err)
	}
	if taken.Load() != 3 {
		t.Errorf("%d posts", taken.Load())
	}
	mail, err := os.ReadFile(stored)
	if err != nil || !strings.Contains(string(mail), "From: <mgslog@gw1.example.com>\n") ||
		!strings.Contains(string(mail), `To: "A" <a@example.com>, <b@example.com>, <ops@gw1.example.com>`) {
		t.Errorf("%v\n%s", err, mail)
	}
}

func TestDeliverNothing(t *testing.T) {
	t.Parallel()
	sys := deliverSystem(nil)
	f := deliverCommand(t)
	if err := f.check(sys); err != nil || f.wanted() {
		t.Errorf("%v, wanted %v", err, f.wanted())
	}
	if err := f.deliver(t.Context(), sys, deliver.Message{}); err != nil {
		t.Error(err)
	}
	if !deliverCommand(t, "--mail-to", "a@example.com").wanted() || !deliverCommand(t, "--webhook", "x").wanted() {
		t.Error("flags and nothing wanted")
	}
}

func TestDeliverFlagsWrong(t *testing.T) {
	t.Parallel()
	program, _ := storingSendmail(t)
	large := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(large, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	many := []string{}
	for range maxWebhooks + 1 {
		many = append(many, "--webhook", "https://example.com/")
	}
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"--mail-from", "a@example.com"}, "--mail-from and --sendmail are for --mail-to"},
		{[]string{"--mail-to", "a@example.com", "--sendmail", "/does/not/exist"}, "/does/not/exist"},
		{[]string{"--mail-to", "root@", "--sendmail", program}, `"root@" is no list of mail addresses`},
		{[]string{"--mail-to", "a@example.com", "--mail-from", "nobody", "--sendmail", program}, `"nobody" is no mail address`},
		{[]string{"--webhook", "example.com/t0ken"}, "webhook: that is no URL"},
		{[]string{"--webhook", "https://example.com/", "--webhook", "https://t0ken:x"}, "--webhook number 2: webhook: that is no URL"},
		{[]string{"--webhook", "https://example.com/${NONE}"}, "the environment has no NONE"},
		{[]string{"--webhook", "@"}, "@ wants the name of a file"},
		{[]string{"--webhook", "@/does/not/exist"}, "open /does/not/exist"},
		{[]string{"--webhook", "@" + large}, "larger than 4096 bytes"},
		{[]string{"--mail-to", "root@", "--sendmail", program, "--webhook", "x"}, "no list of mail addresses"},
		{many, "17 --webhook, the limit is 16"},
	} {
		err := deliverCommand(t, tc.args...).check(deliverSystem(nil))
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "t0ken") || exitCode(err) != exitUsage {
			t.Errorf("%q: %v, want %q", tc.args, err, tc.want)
		}
	}
	nameless := deliverSystem(nil)
	nameless.host = func() string { return "" }
	if err := deliverCommand(t, "--mail-to", "a@example.com", "--sendmail", program).check(nameless); err == nil || !strings.Contains(err.Error(), "--mail-from is needed: this machine has no name") {
		t.Error(err)
	}
}
