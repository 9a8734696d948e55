package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"mgslog/cmd/mgslog/statedir"
	"mgslog/parser"
	"mgslog/report"
)

func TestAck(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := map[string]string{"HOME": home, "LOGNAME": "cron", "USER": "root", "XDG_STATE_HOME": "relative/is/ignored"}
	ack := func(want int, args ...string) (stdout, stderr string) {
		t.Helper()
		code, stdout, stderr := command(t, t.Context(), nil, env, append([]string{"ack"}, args...)...)
		if code != want || (want == exitDone) != (stderr == "") {
			t.Errorf("%q: exit %d, want %d: %s", args, code, want, stderr)
		}
		return stdout, stderr
	}
	list := func() (acks []report.ListedAck) {
		t.Helper()
		stdout, _ := ack(exitDone, "--list", "--output", "json")
		var l report.AckList
		if err := json.Unmarshal([]byte(stdout), &l); err != nil {
			t.Fatal(err)
		}
		return l.Acks
	}
	if stdout, _ := ack(exitDone, "--list"); stdout != "Nothing is acknowledged.\n" {
		t.Errorf("none: %s", stdout)
	}
	if entries, err := os.ReadDir(home); err != nil || len(entries) > 0 {
		t.Errorf("listing has written: %v, %v", entries, err)
	}

	for _, tc := range []struct {
		args []string
		want string // of the error
	}{
		{[]string{}, "which code or fingerprint"},
		{[]string{"4001"}, "--note is missing"},
		{[]string{"4001", "--note", " "}, "--note is missing"},
		{[]string{"4001", "--note", "a\nb"}, "not one line"},
		{[]string{"4001", "--note", strings.Repeat("n", 2000)}, "2000 bytes"},
		{[]string{"4001", "4002", "--note", "n"}, "at most 1 arg"},
		{[]string{"7xxx", "--note", "n"}, "want a code"},
		{[]string{"-4001", "--note", "n"}, "unknown shorthand"},
		{[]string{"windows:2", "--note", "n"}, "want a code"},
		{[]string{"99999999999", "--note", "n"}, "want a code"},
		{[]string{"E1-3f2a9c0b1d22", "--note", "n"}, "want a code"},
		{[]string{"e1-3f2a9c", "--note", "n"}, "want a code"},
		{[]string{"../x", "--note", "n"}, "want a code"},
		{[]string{"\x1b[2J", "--note", "n"}, "want a code"},
		{[]string{"4001", "--note", "n", "--until", "tomorrow"}, "want a day"},
		{[]string{"4001", "--note", "n", "--until", "2026-11-19"}, "that day is over"},
		{[]string{"4001", "--list"}, "take no other code"},
		{[]string{"--list", "--note", "n"}, "take no other code"},
		{[]string{"--list", "--remove", "4001"}, "want one of them"},
		{[]string{"--remove", "4001"}, "4001 is not acknowledged"},
		{[]string{"--remove", ""}, "want a code"},
		{[]string{"--list", "--output", "xml"}, "want text or json"},
	} {
		if stdout, stderr := ack(exitUsage, tc.args...); stdout != "" || !strings.Contains(stderr, tc.want) || strings.Contains(stderr, "\x1b") {
			t.Errorf("%q: %s%s", tc.args, stdout, stderr)
		}
	}

	ack(exitDone, "04001", "--note", " load test ", "--until", "2026-11-20")
	env["SUDO_USER"] = "alice"
	stdout, _ := ack(exitDone, "android:2", "--note", "旧版 <x>")
	if !strings.Contains(stdout, "android:2: for good (alice, 2026-11-20)\n  旧版 <x>\n") || !strings.Contains(stdout, "4001: until 2026-11-20 (root, 2026-11-20)\n  load test\n") {
		t.Errorf("%s", stdout)
	}
	ack(exitDone, "server:4001", "--note", "anew")
	ack(exitDone, "e1-3f2a9c0b1d22", "--note", "n", "--until", "2026-11-30")
	acks := list()
	if len(acks) != 3 || acks[0].Key != "4001" || acks[0].Note != "anew" || acks[0].By != "alice" || acks[0].Until != nil ||
		acks[2].Key != "e1-3f2a9c0b1d22" || !acks[2].Until.Equal(time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)) {
		t.Errorf("%+v", acks)
	}
	file := filepath.Join(home, ".local", "state", "mgslog", "acks.json")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	ack(exitDone, "--remove", "4001")
	if acks = list(); len(acks) != 2 {
		t.Errorf("%+v", acks)
	}

	// A file that is not understood is named and left as it is.
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr := ack(exitUsage, "--list"); !strings.Contains(stderr, file) {
		t.Error(stderr)
	}
	if _, stderr := ack(exitOutput, "4001", "--note", "n"); !strings.Contains(stderr, "nothing is changed: "+file) {
		t.Error(stderr)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "{" {
		t.Errorf("%q, %v", text, err)
	}
	if err := os.Chmod(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, stderr := ack(exitUsage, "4001", "--note", "n"); !strings.Contains(stderr, "chmod 700") {
		t.Error(stderr)
	}
	env["HOME"] = ""
	if _, stderr := ack(exitUsage, "--list"); !strings.Contains(stderr, "--state-dir") {
		t.Error(stderr)
	}
}

// TestAckZone holds that the day of --until is whole, also where it has 25 hours.
func TestAckZone(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		now  time.Time
		want string // "" if the day is over
	}{
		{time.Date(2026, 10, 25, 22, 59, 59, 0, time.UTC), "2026-10-25T23:59:59+01:00"},
		{time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), "2026-10-25T23:59:59+01:00"},
		{time.Date(2026, 10, 25, 23, 0, 0, 0, time.UTC), ""},
	} {
		f := ackFlags{note: "n", until: "2026-10-25"}
		ack, err := f.ack(&system{env: func(string) string { return "" }, now: func() time.Time { return tc.now }, local: berlin}, "4001")
		if tc.want == "" {
			if err == nil {
				t.Errorf("at %s: no error", tc.now)
			}
			continue
		}
		if err != nil || ack.Until.Format(time.RFC3339) != tc.want || ack.By != "unknown" {
			t.Errorf("at %s: %+v, %v", tc.now, ack, err)
		}
	}
}

// TestAckLocked holds that a run that waits for another can be interrupted, with
// the exit code of that.
func TestAckLocked(t *testing.T) {
	t.Parallel()
	d := lockedState(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(interrupted{syscall.SIGTERM})
	code, _, stderr := command(t, ctx, nil, nil, "ack", "--state-dir", d.Path(), "4001", "--note", "n")
	if code != exitTerminated || !strings.Contains(stderr, "interrupted") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	if acks, err := d.Acks(); err != nil || len(acks) > 0 {
		t.Errorf("%v, %v", acks, err)
	}
	// Who only looks needs no lock.
	if code, _, stderr := command(t, t.Context(), nil, nil, "ack", "--state-dir", d.Path(), "--list"); code != exitDone {
		t.Errorf("exit %d, %s", code, stderr)
	}
	busy := errors.New("busy")
	_, err := changeAcks(t.Context(), &system{now: time.Now}, filepath.Join(t.TempDir(), "x"), func(*statedir.Dir) error { return busy })
	if !errors.Is(err, busy) || exitCode(err) != exitOutput {
		t.Errorf("%v", err)
	}
}

func TestParseKey(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"4001": "4001", "0": "0", "android:2": "android:2", "ios:03": "ios:3", "security-guard:1201": "security-guard:1201", "server:7003": "7003",
		"": "", ":": "", ":1": "", "android:": "", "android:x": "", "Android:2": "", "android:1:2": "", "-1": "", "+1": "", "2147483648": "", "4001 ": "",
	} {
		key, ok := parseKey(text)
		if got := key.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %s, %v, want %q", text, got, ok, want)
		}
	}
	for _, p := range parser.Platforms() {
		key := parser.Key{Platform: p, Code: 2147483647}
		if got, ok := parseKey(key.String()); !ok || got != key {
			t.Errorf("%v: %v, %v", key, got, ok)
		}
	}
}
