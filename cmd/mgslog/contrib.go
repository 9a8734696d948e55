package main

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"sync"
	"text/template"

	"mgslog/analyze/catalog"
)

// contrib is what the printed material for cron, systemd and logrotate is made
// of. Nothing is installed: an administrator reads it and puts it where it
// belongs.
type contrib struct {
	program string   // path of mgslog
	args    []string // of mgslog summary, see contribArgs
	user    string   // who may read the logs
	home    string   // of that user, with logs below it
	// mails is true if the command hands mails to sendmail. Many are set-user-ID
	// or set-group-ID programs that write below /var, which a hardened service
	// may not.
	mails  bool
	writes []string // directories that are written to, beside the state's
}

// newContrib returns a contrib for the user who runs mgslog, or, for root, for
// admin: in the vendor's guides the logs are below /home/admin. The
// language of the environment is written out, as a daily run has another one.
func newContrib(sys *system, program string, args []string) contrib {
	c := contrib{program: program, args: contribArgs(args), user: sys.env("LOGNAME"), home: sys.env("HOME")}
	if c.user == "" {
		c.user = sys.env("USER")
	}
	if c.user == "" || c.user == "root" {
		c.user, c.home = "admin", "/home/admin"
	}
	if catalog.ParseLang(sys.env) == catalog.ZH {
		c.args = append([]string{"--lang", "zh"}, c.args...)
	}
	return c
}

// contribArgs returns the arguments that a daily run repeats: those of the
// command line args without the name of the command and without the flags that
// print such material or that it has anyhow.
func contribArgs(args []string) []string {
	var kept []string
	named := false
	for i, arg := range args {
		name, _, _ := strings.Cut(arg, "=")
		switch {
		case arg == "--":
			return append(kept, args[i:]...)
		case !named && arg == "summary":
			named = true
		case name == "--print-crontab" || name == "--print-systemd" || name == "--cron":
		default:
			kept = append(kept, arg)
		}
	}
	return kept
}

// Bounds and shapes of what is printed.
const maxCronLine = 900 // bytes; some crons cut a line at 1000 and say nothing

var (
	plainPath = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^/[A-Za-z0-9_@+=:,./-]+$`) })
	plainUser = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`) })
	plainWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_@+=:,./-]+$`) })
)

// command returns the words of the daily command. Flags of the user come last
// and win.
func (c *contrib) command() []string {
	return append([]string{c.program, "summary", "--cron", "--date", "yesterday"}, c.args...)
}

// check refuses what the files have no way to write.
func (c *contrib) check() error {
	for _, p := range append([]string{c.program, c.home}, c.writes...) {
		if !plainPath().MatchString(p) || path.Clean(p) != p {
			return fmt.Errorf("%q cannot be written into such a file: want a whole path of letters, digits and _@+=:,./-", p)
		}
	}
	if !plainUser().MatchString(c.user) {
		return fmt.Errorf("%q is no name of a user", c.user)
	}
	for _, arg := range c.args {
		if file, ok := strings.CutPrefix(strings.TrimPrefix(arg, "--webhook="), "@"); ok && !path.IsAbs(file) {
			return fmt.Errorf("%s: want a whole path, since cron and systemd start in another directory", file)
		}
		for _, r := range arg {
			if r < ' ' || r == 0x7f || r == '\uFFFD' {
				return fmt.Errorf("argument %q cannot be written into such a file: it has a control character, or is no UTF-8", arg)
			}
		}
	}
	return nil
}

// printCrontab writes lines for a user's crontab (crontab(5)), and a stanza for
// logrotate.
func printCrontab(w io.Writer, c contrib) error {
	if err := c.check(); err != nil {
		return err
	}
	words := c.command()
	for i, word := range words {
		if strings.ContainsRune(word, '\\') {
			return fmt.Errorf("argument %q: crons differ in how they read a backslash: put the command into a script", word)
		}
		words[i] = quoteShell(word)
	}
	// A bare % is the end of the command and the beginning of its input.
	line := "17 6 * * * nice -n 19 " + strings.ReplaceAll(strings.Join(words, " "), "%", `\%`)
	if len(line) > maxCronLine {
		return fmt.Errorf("a line of %d bytes, and some crons take less than 1000: put the command into a script", len(line))
	}
	return c.print(w, crontabText, map[string]any{"Line": line})
}

// printSystemd writes a service and a timer (systemd.service(5),
// systemd.timer(5), systemd.exec(5)), and a stanza for logrotate.
func printSystemd(w io.Writer, c contrib) error {
	if err := c.check(); err != nil {
		return err
	}
	words := c.command()
	for i, word := range words {
		words[i] = quoteSystemd(word)
	}
	return c.print(w, systemdText, map[string]any{"Line": strings.Join(words, " ")})
}

// print writes two templates: a text and what is for logrotate.
func (c *contrib) print(w io.Writer, text string, values map[string]any) error {
	values["User"], values["Home"], values["Mails"], values["Writes"] = c.user, c.home, c.mails, strings.Join(c.writes, " ")
	var b bytes.Buffer
	if err := template.Must(template.New("contrib").Parse(text+logrotateText)).Execute(&b, values); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// quoteShell quotes a word for sh. It writes no backslash, which cron might
// take for itself.
func quoteShell(s string) string {
	if plainWord().MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'"
}

// quoteSystemd quotes a word of ExecStart (systemd.service(5), "Command lines"):
// neither a variable, which would show a secret to all who can list processes,
// nor a specifier is put in.
func quoteSystemd(s string) string {
	if plainWord().MatchString(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`, `$`, `$$`).Replace(s) + `"`
}

const crontabText = `#### crontab -e, as the user who may read the logs ({{.User}})
# cron mails what is printed. With --cron that is nothing on a day that needs
# nobody. Paths that do not begin with / are taken from the home directory.
MAILTO={{.User}}
# sendmail is in /usr/sbin, which cron leaves out.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# A variable that --webhook wants is a line NAME=value here; nobody else can
# read a crontab.
#
# Minute 17: on the full hour the jobs of all hosts begin at once. At six all
# logs of yesterday are there, rotated or not.
{{.Line}}

`

const systemdText = `#### /etc/systemd/system/mgslog-summary.service
[Unit]
Description=Summary of what the mobile gateway logged yesterday
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={{.User}}
# What is printed goes to the journal: journalctl -u mgslog-summary
ExecStart={{.Line}}
# Variables that --webhook wants, as NAME=value, in a file that only root reads.
EnvironmentFile=-/etc/mgslog/summary.env
# The state is in /var/lib/mgslog.
StateDirectory=mgslog
StateDirectoryMode=0750
Environment=XDG_STATE_HOME=%S
WorkingDirectory=%S/mgslog
UMask=0027
TimeoutStartSec=1h
# 1: a person is needed. The service itself has done its work.
SuccessExitStatus=1
# The gateway comes first.
Nice=19
IOSchedulingClass=idle
{{if .Mails -}}
# sendmail may be a program with rights of its own, which writes its queue:
# what would keep it from that is not set.
ProtectSystem=full
{{else -}}
ProtectSystem=strict
ProtectHome=read-only
{{with .Writes}}ReadWritePaths={{.}}
{{end -}}
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
{{end -}}
ProtectControlGroups=yes

#### /etc/systemd/system/mgslog-summary.timer
# Then: systemctl daemon-reload && systemctl enable --now mgslog-summary.timer
[Unit]
Description=Every morning, what the mobile gateway logged yesterday

[Timer]
OnCalendar=*-*-* 06:17:00
# Not all hosts at once, and later the same day if the host was down.
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target

`

// logrotateText is for logrotate(8) 3.9 or newer. A file gets the name of the
// day that it holds, as the gateway's own rotation gives it.
const logrotateText = `#### /etc/logrotate.d/mgslog
# Only where nothing else rotates the logs. Where there are files like
# gateway-error.log.2026-11-20 already, the gateway does it by itself.
{{.Home}}/logs/gateway/*.log {{.Home}}/logs/mobileservice/*.log {
    su {{.User}} {{.User}}
    daily
    # Yesterday and the same weekday before stay at hand.
    rotate 15
    dateext
    dateyesterday
    dateformat .%Y-%m-%d
    missingok
    notifempty
    # The gateway keeps its logs open.
    copytruncate
    compress
    delaycompress
}
`
