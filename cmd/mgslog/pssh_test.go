//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mgslog/parser/source"
)

// The gateway's guide searches a cluster with pssh over a list of hosts. Here
// that is the real pssh and ssh, and for each host an sshd on a port of its own,
// with a key of its own, in which PATH leads to mgslog.

// A fleet is some hosts on loopback, and what pssh needs to reach them.
type fleet struct {
	dir    string
	pssh   string // the programs
	sshd   string
	config strings.Builder // of ssh
	hosts  []string
	logs   map[string]string // directory of each host's log
}

// newFleet returns a fleet without hosts. It skips the test where the programs
// are missing, but for continuous integration, which installs them.
func newFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{dir: t.TempDir(), logs: map[string]string{}}
	for _, p := range []struct {
		path  *string
		names []string
	}{
		{&f.pssh, []string{"parallel-ssh", "pssh"}},   // as Debian has it, and the others
		{&f.sshd, []string{"sshd", "/usr/sbin/sshd"}}, // not in everybody's PATH
		{new(string), []string{"ssh"}},
		{new(string), []string{"ssh-keygen"}},
	} {
		for _, name := range p.names {
			if path, err := exec.LookPath(name); err == nil {
				*p.path = path
				break
			}
		}
		if *p.path != "" {
			continue
		}
		missing := fmt.Sprintf("no %s: install pssh and openssh-server", strings.Join(p.names, " or "))
		if os.Getenv("CI") != "" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	if os.Getuid() == 0 {
		// Where sshd as root locks itself in; Debian's unit makes it.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	f.tool(t, "go", "build", "-buildvcs=false", "-o", filepath.Join(f.dir, "bin", "mgslog"), ".")
	f.tool(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(f.dir, "user"))
	f.write(t, "dying/mgslog", "#!/bin/sh\n"+filepath.Join(f.dir, "bin", "mgslog")+" \"$@\" | head -c 2000\nkill -KILL $$\n", 0o755)
	fmt.Fprintf(&f.config, "IdentityFile %s/user\nIdentitiesOnly yes\nIdentityAgent none\nBatchMode yes\nLogLevel ERROR\n"+
		"UserKnownHostsFile %s/known_hosts\nGlobalKnownHostsFile none\nHostName 127.0.0.1\n", f.dir, f.dir)
	return f
}

func (f *fleet) tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func (f *fleet) write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// add adds a host with a log, on which PATH begins with the directory bin of
// the fleet's. A host that is down refuses connections.
//
// The test listens, and sshd takes over each connection as it does below inetd:
// so no port is given away and taken again, and nothing has to be waited for.
func (f *fleet) add(t *testing.T, host, log, bin string, down bool) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.hosts = append(f.hosts, host)
	f.logs[host] = filepath.Dir(f.write(t, host+"/gateway-page-digest.log", log, 0o600))
	port := listener.Addr().(*net.TCPAddr).Port
	fmt.Fprintf(&f.config, "Host %s\nPort %d\nHostKeyAlias %s\n", host, port, host)
	if down {
		listener.Close()
		return
	}
	key := filepath.Join(f.dir, host, "key")
	f.tool(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
	public, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	known, err := os.OpenFile(filepath.Join(f.dir, "known_hosts"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(known, "%s %s", host, public); err != nil {
		t.Fatal(err)
	}
	known.Close()
	config := f.write(t, host+"/sshd_config", fmt.Sprintf("HostKey %s\nAuthorizedKeysFile %s/user.pub\nStrictModes no\nUsePAM no\n"+
		"PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nPidFile none\n"+
		"SetEnv PATH=%s:%s LOG=%s GATEWAY=%s\n", key, f.dir, filepath.Join(f.dir, bin), os.Getenv("PATH"), filepath.Join(f.logs[host], "gateway-page-digest.log"), host), 0o600)
	var sessions sync.WaitGroup
	sessions.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed below
			}
			sessions.Go(func() {
				defer conn.Close()
				socket, err := conn.(*net.TCPConn).File()
				if err != nil {
					t.Error(err)
					return
				}
				defer socket.Close()
				var errs bytes.Buffer
				cmd := exec.CommandContext(t.Context(), f.sshd, "-i", "-e", "-f", config)
				cmd.Stdin, cmd.Stdout, cmd.Stderr = socket, socket, &errs
				if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) { // that of how a connection ended
					t.Errorf("%s: %v", host, err)
				}
				t.Logf("sshd of %s: %s", host, errs.String())
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		sessions.Wait()
	})
}

// run runs a command on all hosts, with flags for pssh, and returns what pssh
// prints.
func (f *fleet) run(t *testing.T, command string, flags ...string) string {
	t.Helper()
	hosts := f.write(t, "hosts", strings.Join(f.hosts, "\n")+"\n", 0o600)
	config := f.write(t, "ssh_config", f.config.String(), 0o600)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, f.pssh, append(flags, "-h", hosts, "-x", "-F "+config, command)...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	source.WidenPipe(stdout) // as merge does
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(stdout)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); ctx.Err() != nil || err != nil && !errors.As(err, new(*exec.ExitError)) { // 4: on some host it failed
		t.Fatalf("%s: %v\n%s", f.pssh, err, errs.String())
	}
	return string(out)
}

// fleetLog returns a digest log of n records, in which names hardly repeat, so
// that its aggregate is large.
func fleetLog(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 9))
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	var b strings.Builder
	for range n {
		at = at.Add(time.Duration(r.IntN(4000)) * time.Millisecond)
		code := []int{1000, 1000, 1000, 4001, 7003, 3001}[r.IntN(6)]
		fmt.Fprintf(&b, "%s - (/mgw.htm,response,Y,%dms,com.acme.%x.op,promocore,APP%d,default,%d,WS,10.2.3.%d,-,-,u%x,d%x,d,1.2.3.4,HTTP2,PB,365,3684,F,"+
			"0a1d75d1%d834012750,F,IOS,%d,6,2.0)\n",
			at.Format("2006-01-02 15:04:05,000"), r.IntN(900), r.Uint64()%3000*0x9e3779b97f4a7c15, r.IntN(9), code, r.IntN(250),
			r.Uint32(), r.Uint32(), at.UnixMilli(), r.IntN(500))
	}
	return b.String()
}

// saveCommand is what the README runs on each host.
const saveCommand = `mgslog analyze --save - --host $GATEWAY $LOG`

// merged merges what pssh has printed, and holds that the report is that of the
// same logs read here, for the hosts that came. It returns these.
func (f *fleet) merged(t *testing.T, out string) (came []string, code int, stderr string) {
	t.Helper()
	code, got, stderr := command(t, t.Context(), strings.NewReader(out), nil, "merge", "--output", "json", "-")
	if code == exitUsage {
		return nil, code, stderr
	}
	var report struct{ Inputs []struct{ Path string } }
	if err := json.Unmarshal([]byte(got), &report); err != nil {
		t.Fatalf("exit %d, %s: %v", code, stderr, err)
	}
	here := []string{"merge", "--output", "json"}
	for _, in := range report.Inputs { // hosts answer in any order
		host, path, _ := strings.Cut(in.Path, ":")
		came = append(came, host)
		file := filepath.Join(f.logs[host], "here"+aggregateExt)
		if code, _, stderr := command(t, t.Context(), nil, nil, "analyze", "--save", file, "--host", host, path); code != exitDone {
			t.Fatalf("exit %d: %s", code, stderr)
		}
		here = append(here, file)
	}
	_, same, _ := command(t, t.Context(), nil, nil, here...)
	sameLines(t, got, same)
	slices.Sort(came)
	return came, code, stderr
}

// TestPssh sends the aggregates of three hosts through pssh.
//
// pssh 2.3.5 itself loses some of what a host has printed when it has to wait for
// whoever reads its output, and calls that a success. With cat as the command and
// as the reader, on two cores with 4 or 5 busy loops, -P did so in 6 of 22 runs and
// -i in 2 of 115; with a pipe of 1 MiB, which merge asks for, in none of 42 and 21.
// So a host may be missing here if its name is told; the report must be that of
// the others, and one run of a few must bring them all.
func TestPssh(t *testing.T) {
	f := newFleet(t)
	for i := range 3 {
		f.add(t, fmt.Sprint("gw", i+1), fleetLog(uint64(i), 6000), "bin", false)
	}
	for _, flags := range [][]string{{"-i"}, {"-P"}, {"-i", "-P"}} {
		whole, cut := false, false
		for run := 0; run < 5 && !(whole && cut); run++ {
			out := f.run(t, saveCommand, flags...)
			// What is special about -P must come to pass, too.
			cut = cut || !slices.Contains(flags, "-P") || regexp.MustCompile(`(?m)^gw\d: ([^m\n]|m[^g\n])`).MatchString(out)
			came, code, stderr := f.merged(t, out)
			if len(came) == len(f.hosts) {
				whole = true
				if code != exitDone || stderr != "" {
					t.Errorf("%v: exit %d: %s", flags, code, stderr)
				}
				continue
			}
			t.Logf("%v: %s", flags, stderr)
			if len(came) > 0 && code != exitPartial || len(came) == 0 && code != exitUsage {
				t.Errorf("%v: exit %d with %v", flags, code, came)
			}
			for _, host := range f.hosts {
				if !slices.Contains(came, host) && !strings.Contains(stderr, "-: "+host+": ") {
					t.Errorf("%v: nobody says that %s is missing", flags, host)
				}
			}
		}
		if !whole || !cut {
			t.Errorf("%v: all came: %v; a line was cut: %v", flags, whole, cut)
		}
	}
}

// TestPsshBadHosts does the same while one host is down, one dies in the middle,
// one has no log, and one has a log that was cut off.
func TestPsshBadHosts(t *testing.T) {
	f := newFleet(t)
	log := fleetLog(1, 100) // little enough for pssh, see above
	f.add(t, "gw1", log, "bin", false)
	f.add(t, "gw2", log, "bin", true)
	f.add(t, "gw3", log, "dying", false)
	f.add(t, "gw4", fleetLog(2, 100), "bin", false)
	f.add(t, "gw5", "", "bin", false)
	if err := os.Remove(filepath.Join(f.logs["gw5"], "gateway-page-digest.log")); err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"-i", "-P"} {
		came, code, stderr := f.merged(t, f.run(t, saveCommand, flag))
		if !slices.Equal(came, []string{"gw1", "gw4"}) || code != exitPartial {
			t.Errorf("%s: exit %d with %v", flag, code, came)
		}
		for _, want := range []string{
			`-: gw2: the command failed: Exited with error code 255`,
			`-: gw3: the command failed: Exited with error code \d+`,
			`-: gw3: truncated: \d+ of \d+ lines came`,
			`-: gw5: the command failed: Exited with error code 2`,
		} {
			if !regexp.MustCompile(want).MatchString(stderr) {
				t.Errorf("%s: nobody says %s\n%s", flag, want, stderr)
			}
		}
		if n := strings.Count(stderr, "\n"); n != 4 {
			t.Errorf("%s: %d lines of errors\n%s", flag, n, stderr)
		}
	}
}
