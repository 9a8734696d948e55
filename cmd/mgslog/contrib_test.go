package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// hardArgs are arguments in which each kind of file would read something.
var hardArgs = []string{
	"--webhook", "https://example.com/robot?token=${TOKEN}&x=%20", "--webhook=@/etc/mgslog/hook", "--note", `it's "50%" of $HOME `, "",
	"-o", "day 1.txt", ";", "*", "~", "网关", "#", "%n", "`id`", "--layout=a|b>c",
}

// dailyCommand is the command that the printed material runs.
func dailyCommand(args []string) []string {
	return append([]string{"summary", "--cron", "--date", "yesterday"}, args...)
}

// reporter writes a program that stores its arguments beside itself, each with
// a NUL behind it, and returns its path and a function to read them.
func reporter(t *testing.T) (string, func() []string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "mgslog")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nprintf '%s\\000' \"$@\" >\"$0.args\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return program, func() []string {
		b, err := os.ReadFile(program + ".args")
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")
	}
}

// files splits what was printed at the lines that name a file.
func files(t *testing.T, printed string) map[string]string {
	t.Helper()
	all := map[string]string{}
	name := ""
	for line := range strings.Lines(printed) {
		if rest, ok := strings.CutPrefix(line, "#### "); ok {
			name = firstWord(rest)
			continue
		}
		if name == "" {
			t.Fatalf("%q belongs to no file", line)
		}
		all[name] += line
	}
	return all
}

// firstWord returns the first word of a line.
func firstWord(line string) string { return strings.Fields(line)[0] }

func printed(t *testing.T, print func(*bytes.Buffer) error) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := print(&b); err != nil {
		t.Fatal(err)
	}
	return files(t, b.String())
}

func TestPrintCrontab(t *testing.T) {
	t.Parallel()
	program, arguments := reporter(t)
	c := contrib{program: program, args: hardArgs, user: "admin", home: "/home/admin"}
	all := printed(t, func(b *bytes.Buffer) error { return printCrontab(b, c) })
	var command string
	set := map[string]string{}
	for line := range strings.Lines(all["crontab"]) {
		line = strings.TrimSuffix(line, "\n")
		if name, value, ok := strings.Cut(line, "="); ok && strings.ToUpper(name) == name && !strings.ContainsAny(name, " #") {
			set[name] = value
		} else if line != "" && !strings.HasPrefix(line, "#") {
			if command != "" {
				t.Errorf("a second command: %q", line)
			}
			command = line
		}
	}
	if set["MAILTO"] != "admin" || !slices.Contains(filepath.SplitList(set["PATH"]), "/usr/sbin") {
		t.Errorf("variables %q", set)
	}
	fields := strings.SplitN(command, " ", 6)
	if len(fields) != 6 || strings.Join(fields[:5], " ") != "17 6 * * *" {
		t.Fatalf("line %q", command)
	}
	if err := exec.Command("/bin/sh", "-c", asCron(t, fields[5])).Run(); err != nil {
		t.Fatal(err)
	}
	if got := arguments(); !slices.Equal(got, dailyCommand(hardArgs)) {
		t.Errorf("arguments\n%q, want\n%q", got, dailyCommand(hardArgs))
	}
}

// asCron returns the command that cron hands to the shell (crontab(5)): up to
// the first % that no backslash stands before.
func asCron(t *testing.T, s string) string {
	t.Helper()
	s = strings.ReplaceAll(s, `\%`, "\x00")
	if strings.ContainsAny(s, `%\`) {
		t.Fatalf("%q ends early, or has a backslash", s)
	}
	return strings.ReplaceAll(s, "\x00", "%")
}

// TestPrintSystemd verifies the units with systemd's own checker, for a
// service of each kind.
func TestPrintSystemd(t *testing.T) {
	t.Parallel()
	program, _ := reporter(t)
	hardened := contrib{program: program, args: hardArgs, user: "admin", home: "/home/admin"}
	writing, mailing := hardened, hardened
	writing.writes = []string{"/var/www/html", "/srv/mgslog"}
	mailing.mails = true
	for name, c := range map[string]contrib{"hardened": hardened, "writing": writing, "mailing": mailing} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := printed(t, func(b *bytes.Buffer) error { return printSystemd(b, c) })
			dir := t.TempDir()
			var units []string
			for name, text := range all {
				if !strings.HasPrefix(name, "/etc/systemd/system/") {
					continue
				}
				unit := filepath.Join(dir, filepath.Base(name))
				units = append(units, unit)
				if err := os.WriteFile(unit, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if len(units) != 2 {
				t.Fatalf("units %q", units)
			}
			service := all["/etc/systemd/system/mgslog-summary.service"]
			if strings.Contains(service, "NoNewPrivileges") == c.mails || strings.Contains(service, "ReadWritePaths=/var/www/html /srv/mgslog\n") != (c.writes != nil) {
				t.Errorf("service\n%s", service)
			}
			if err := verify(t, units...); err != nil {
				t.Error(err)
			}
			// A fault is found, so that the silence above says something.
			fault := filepath.Join(dir, "fault.service")
			if err := os.WriteFile(fault, []byte(strings.Replace(service, "ProtectSystem=", "ProtectSystem=very-", 1)), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := verify(t, fault); err == nil || !strings.Contains(err.Error(), "very-") {
				t.Errorf("a planted fault: %v", err)
			}
		})
	}
}

// verify runs systemd-analyze over units, where there is one. It exits with 0
// after some warnings, so that any word of it is an error.
func verify(t *testing.T, units ...string) error {
	t.Helper()
	checker, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed: the units are not verified")
	}
	out, err := exec.Command(checker, append([]string{"verify", "--man=no"}, units...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		return fmt.Errorf("systemd-analyze: %v\n%s", err, out)
	}
	return nil
}

// TestQuoteSystemd holds the quoting against systemd.service(5), "Command lines".
func TestQuoteSystemd(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"a/b.c", "a/b.c"},
		{"", `""`},
		{"${TOKEN} 50%", `"$${TOKEN} 50%%"`},
		{`a"b\c`, `"a\"b\\c"`},
		{";", `";"`},
	} {
		if got := quoteSystemd(tc.in); got != tc.want {
			t.Errorf("%q: %s, want %s", tc.in, got, tc.want)
		}
	}
}

// TestPrintLogrotate runs logrotate over the stanza, where there is one.
func TestPrintLogrotate(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	c := contrib{program: "/usr/bin/mgslog", user: "root", home: home}
	cron := printed(t, func(b *bytes.Buffer) error { return printCrontab(b, c) })
	stanza := cron["/etc/logrotate.d/mgslog"]
	if other := printed(t, func(b *bytes.Buffer) error { return printSystemd(b, c) }); stanza == "" || other["/etc/logrotate.d/mgslog"] != stanza {
		t.Fatalf("stanzas %q and %q", stanza, other["/etc/logrotate.d/mgslog"])
	}
	rotate, err := exec.LookPath("logrotate")
	if err != nil || os.Getuid() != 0 {
		t.Skip("logrotate is not installed, or is not run by root: the stanza is not tried")
	}
	log := filepath.Join(home, "logs/gateway/gateway-error.log")
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"stanza": stanza, "state": "logrotate state -- version 2\n", "logs/gateway/gateway-error.log": "a line\n"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(rotate, "--force", "--state", filepath.Join(home, "state"), filepath.Join(home, "stanza")).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	left, err := filepath.Glob(log + ".20??-??-??")
	if err != nil || len(left) != 1 {
		t.Errorf("rotated logs %q, %v", left, err)
	}
}

func TestContribRefuses(t *testing.T) {
	t.Parallel()
	good := contrib{program: "/usr/bin/mgslog", user: "admin", home: "/home/admin"}
	for _, tc := range []struct {
		name    string
		change  func(*contrib)
		systemd bool // takes it
	}{
		{"a newline", func(c *contrib) { c.args = []string{"a\n* * * * * id"} }, false},
		{"no UTF-8", func(c *contrib) { c.args = []string{"a\xff"} }, false},
		{"a file with a URL, from here", func(c *contrib) { c.args = []string{"--webhook", "@hook"} }, false},
		{"the same in one word", func(c *contrib) { c.args = []string{"--webhook=@hook"} }, false},
		{"a backslash", func(c *contrib) { c.args = []string{`a\%b`} }, true},
		{"too long a line", func(c *contrib) { c.args = []string{strings.Repeat("x", 1000)} }, true},
		{"a relative program", func(c *contrib) { c.program = "mgslog" }, false},
		{"a program with a space", func(c *contrib) { c.program = "/opt/my tools/mgslog" }, false},
		{"a program with a %", func(c *contrib) { c.program = "/opt/%n" }, false},
		{"a user that is none", func(c *contrib) { c.user = "admin\nExecStartPre=id" }, false},
		{"a home that is none", func(c *contrib) { c.home = "/home/{ }" }, false},
		{"a place to write that is none", func(c *contrib) { c.writes = []string{"/a b"} }, false},
		{"a place above", func(c *contrib) { c.writes = []string{"/var/lib/.."} }, false},
	} {
		c := good
		tc.change(&c)
		var b bytes.Buffer
		if err := printCrontab(&b, c); err == nil || b.Len() > 0 {
			t.Errorf("%s: crontab %v\n%s", tc.name, err, b.String())
		}
		if err := printSystemd(&b, c); (err == nil) != tc.systemd {
			t.Errorf("%s: systemd %v\n%s", tc.name, err, b.String())
		}
	}
	full := errors.New("no space left on device")
	if err := printCrontab(failingWriter{full}, good); !errors.Is(err, full) {
		t.Error(err)
	}
	if err := printSystemd(failingWriter{full}, good); !errors.Is(err, full) {
		t.Error(err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestContribArgs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"summary --print-crontab", ""},
		{"--lang zh summary --print-systemd=true --cron a.log summary", "--lang zh a.log summary"},
		{"summary --date today --mail-to a@example.com --print-crontab", "--date today --mail-to a@example.com"},
		{"summary -- --print-crontab", "-- --print-crontab"},
	} {
		if got := strings.Join(contribArgs(strings.Fields(tc.in)), " "); got != tc.want {
			t.Errorf("%q: %q, want %q", tc.in, got, tc.want)
		}
	}
	for _, tc := range []struct{ logname, user, home, lang, wantUser, wantHome, wantArgs string }{
		{"ops", "other", "/home/ops", "", "ops", "/home/ops", "--top 5"},
		{"", "ops", "/srv/ops", "en_GB.UTF-8", "ops", "/srv/ops", "--top 5"},
		{"root", "root", "/root", "zh_CN.UTF-8", "admin", "/home/admin", "--lang zh --top 5"},
		{"", "", "", "", "admin", "/home/admin", "--top 5"},
	} {
		sys := &system{env: func(name string) string {
			return map[string]string{"LOGNAME": tc.logname, "USER": tc.user, "HOME": tc.home, "LANG": tc.lang}[name]
		}}
		c := newContrib(sys, "/usr/bin/mgslog", []string{"summary", "--top", "5"})
		if got := strings.Join(c.args, " "); got != tc.wantArgs {
			t.Errorf("%+v: arguments %q", tc, got)
		}
		if c.user != tc.wantUser || c.home != tc.wantHome {
			t.Errorf("%+v: %s in %s", tc, c.user, c.home)
		}
	}
}
