package aggfile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Bounds of what ReadText keeps.
const (
	// MaxHosts is how many files one stream may hold, and how many hosts pssh
	// may name in it.
	MaxHosts = 1000
	// maxPending is how many bytes are kept of files that are not complete.
	maxPending = 64 << 20
	// perLine is what a line that is kept costs beyond its bytes, roughly.
	perLine = 96
	// maxShards is how many of them may be streams of which no line is whole.
	maxShards = 100
	// maxPrefixes is how many words are kept that stood before a stream's lines.
	maxPrefixes = 4
	// maxReason is how much of pssh's own words is kept, in bytes.
	maxReason = 200
)

// What may be wrong with a host by what pssh says of it, to be found out with
// errors.Is.
var (
	ErrFailed = errors.New("the command failed")
	ErrAbsent = errors.New("the command succeeded, but no aggregate came")
)

// A HostError says what is wrong with a host in a stream of text.
type HostError struct {
	// Host is the host's name: as pssh has it, else as its file has it, else as
	// it stands before its lines; "" if there is none of these. It is as
	// untrusted as all that comes from outside, and so is the error's text.
	Host string
	Err  error
}

func (e *HostError) Error() string {
	if e.Host == "" {
		return "a host that is not named: " + e.Err.Error()
	}
	return e.Host + ": " + e.Err.Error()
}

func (e *HostError) Unwrap() error { return e.Err }

// ReadText reads a stream to its end and calls file with each file in it, as
// soon as it is complete, and with the name of the host that WriteText was
// given. No file is given that is not whole, and none twice.
//
// It returns what is wrong with single hosts, those first that pssh names, in
// its order. A host may have failed and its file be there nevertheless: then
// the command itself has said that something is missing in it. The error is
// that of r; or that of file, which ends the reading; or ErrForeign, if there is
// neither a line of a file nor one of pssh.
//
// Lines may come in any order, more than once, interleaved with those of other
// hosts and with anything else, with CRLF, with something before and behind
// them, and cut in two where pssh -P begins a new line. At most 64 MiB are kept
// of files that are not complete (one that would need more is given up), and
// one file that is.
func ReadText(r io.Reader, file func(host string, data []byte) error) ([]*HostError, error) {
	return readText(bufio.NewReaderSize(r, 64<<10), maxPending, file)
}

// readText is ReadText with a buffer of at least twice maxFrame, and with another
// bound of what is kept.
func readText(r *bufio.Reader, limit int, file func(host string, data []byte) error) ([]*HostError, error) {
	c := &collector{file: file, limit: limit, streams: map[streamID]*stream{}, cut: map[string][]byte{}, block: -1}
	err := c.read(r)
	if err == nil && len(c.order)+len(c.hosts) == 0 {
		err = fmt.Errorf("%w, and no line of one in it", ErrForeign)
	}
	return c.errors(), err
}

// A collector is the state of ReadText.
type collector struct {
	file    func(string, []byte) error
	streams map[streamID]*stream
	order   []*stream // in which they came
	shards  int       // of them: no line came that is whole
	refused int       // lines of streams beyond MaxHosts
	pending int       // bytes kept of all streams
	limit   int       // of these
	hosts   []*psshHost

	// block is the one of hosts that was named last, -1 if none was; prefix is
	// the last word with a colon behind it that a line began with, since then.
	block  int
	prefix string
	// cut are the beginnings of frames whose line was ended too early, by
	// prefix: pssh -P has at most one of a host.
	cut map[string][]byte
}

// A psshHost is a host on which pssh has run a command.
type psshHost struct {
	name   string // user@host:port, as far as they are stated
	failed bool
	reason string
}

// A stream is what has come of a file.
type stream struct {
	about *announcement  // nil as long as line 0 is missing
	total int            // number of the last line; 0 as long as none is whole
	lines map[int][]byte // without line 0
	kept  int            // bytes of them
	shard bool           // counted as such
	done  bool           // complete or given up
	err   error          // why it was given up

	block    int      // as the collector's, when its first line came
	prefixes []string // as the collector's, when its lines came
}

// read cuts the stream into lines. One that is longer than the buffer is looked
// at in pieces; what is not done of a piece stands in front of the next.
func (c *collector) read(in *bufio.Reader) error {
	var text []byte
	start := true
	for {
		piece, err := in.ReadSlice('\n')
		whole := !errors.Is(err, bufio.ErrBufferFull)
		text = append(text, piece...)
		if whole {
			text = bytes.TrimRight(text, "\r\n")
		}
		done, bad := c.text(text, start, whole)
		if bad != nil {
			return bad
		}
		text = append(text[:0], text[done:]...)
		start = whole
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && whole:
			return err
		}
	}
}

// text looks at a line, or at a piece of one: start tells whether its beginning
// is that of the line, whole whether its end is. It returns how much is done.
// The error is that of the function that takes the files.
func (c *collector) text(text []byte, start, whole bool) (done int, err error) {
	header, end := findHeader(text)
	first := 0
	if start {
		if first, done, err = c.beginning(text[:end]); err != nil {
			return done, err
		}
	}
	for {
		at := findToken(text[done:end])
		if at < 0 {
			break
		}
		at += done
		f, n, bad := parseFrame(text[at:end])
		done = at + len(token)
		switch {
		case errors.Is(bad, errCut):
			if end == len(text) && !whole {
				return at, nil
			}
			// A word that a line ends with may begin like a token.
			if n >= len(token) || start && at == first {
				c.cutOff(text[at:end])
			}
			done = end
		case bad != nil:
			c.broken(f.id, bad)
		default:
			if err := c.line(&f); err != nil {
				return done, err
			}
			done = at + n
		}
	}
	switch {
	case end == len(text) && !whole:
		return max(done, end-maxFrame), nil // what a header may begin with
	case end < len(text) && !whole && len(text)-end < maxFrame:
		return end, nil
	case end < len(text):
		c.announce(header)
	}
	return len(text), nil
}

// findToken returns where the first token stands, or the beginning of one that
// the text ends with; -1 if there is none.
func findToken(text []byte) int {
	if i := bytes.Index(text, []byte(token)); i >= 0 {
		return i
	}
	for n := min(len(token)-1, len(text)); n > 0; n-- {
		if string(text[len(text)-n:]) == token[:n] {
			return len(text) - n
		}
	}
	return -1
}

// beginning looks for what pssh -P, pdsh and others put before a line, "host: ",
// and behind it for the rest of a frame that was cut off. It returns where the
// line begins behind the former, and how much is done.
func (c *collector) beginning(text []byte) (first, done int, err error) {
	word, rest, ok := bytes.Cut(text, []byte(": "))
	if !ok || len(word) == 0 || len(word) > maxHost || bytes.ContainsAny(word, " \t") {
		return 0, 0, nil
	}
	if string(word) != c.prefix {
		c.prefix = string(word)
	}
	first = len(word) + len(": ")
	begun, ok := c.cut[c.prefix]
	if !ok {
		return first, 0, nil
	}
	delete(c.cut, c.prefix)
	f, n, bad := parseFrame(slices.Concat(begun, rest[:min(len(rest), maxFrame)]))
	switch {
	case bad == nil:
		return first, first + n - len(begun), c.line(&f)
	case errors.Is(bad, errCut): // twice
		c.cutOff(slices.Concat(begun, rest))
		return first, len(text), nil
	}
	c.broken(f.id, bad)
	return first, 0, nil
}

// cutOff keeps the beginning of a frame, if something can tell its rest.
func (c *collector) cutOff(begun []byte) {
	if c.prefix != "" && len(c.cut) < MaxHosts {
		c.cut[c.prefix] = bytes.Clone(begun)
	}
}

// header is a line of pssh before a host's output, or behind it:
//
//	[2] 12:00:01 [FAILURE] log@10.2.216.33:2022 Exited with error code 1
type header struct {
	failed       bool
	host, reason []byte
}

// findHeader returns the first header in a text, which ends with it, and where
// it begins: not only at the text's beginning, since the output before need not
// end its last line. It returns the length of the text if there is none.
func findHeader(text []byte) (h header, at int) {
	const clock = len("12:00:00 ")
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("E] "))
		j := bytes.Index(text[from:], []byte("S] "))
		if i < 0 || j >= 0 && j < i {
			i = j
		}
		if i < 0 {
			return header{}, len(text)
		}
		i += from
		from = i + len("E] ")
		before, ok := bytes.CutSuffix(text[:from], []byte("[SUCCESS] "))
		if !ok {
			if before, ok = bytes.CutSuffix(text[:from], []byte("[FAILURE] ")); !ok {
				continue
			}
		}
		n := len(before)
		if n < clock+len("[1] ") || before[n-1] != ' ' || before[n-4] != ':' || before[n-7] != ':' {
			continue
		}
		number, ok := bytes.CutSuffix(before[:n-clock], []byte("] "))
		at = len(bytes.TrimRight(number, "0123456789")) - 1
		if !ok || at < 0 || at+1 == len(number) || number[at] != '[' {
			continue
		}
		h.host, h.reason, _ = bytes.Cut(text[from:], []byte{' '})
		h.failed = text[i] == 'E'
		return h, at
	}
}

// announce notes what pssh says of a host.
func (c *collector) announce(h header) {
	c.prefix = ""
	name := string(h.host[:min(len(h.host), 2*maxHost)])
	c.block = slices.IndexFunc(c.hosts, func(p *psshHost) bool { return p.name == name })
	if c.block < 0 {
		if len(c.hosts) == MaxHosts {
			c.refused++
			return
		}
		c.block = len(c.hosts)
		c.hosts = append(c.hosts, &psshHost{name: name})
	}
	if h.failed {
		p := c.hosts[c.block]
		p.failed, p.reason = true, strings.TrimSpace(string(h.reason[:min(len(h.reason), maxReason)]))
	}
}

// stream returns the stream of a frame, nil if there are too many.
func (c *collector) stream(id streamID) *stream {
	s := c.streams[id]
	if s == nil {
		if len(c.order) == MaxHosts {
			c.refused++
			return nil
		}
		s = &stream{block: c.block}
		c.streams[id] = s
		c.order = append(c.order, s)
	}
	if c.prefix != "" && len(s.prefixes) < maxPrefixes && !slices.Contains(s.prefixes, c.prefix) {
		s.prefixes = append(s.prefixes, c.prefix)
	}
	return s
}

// broken notes a frame that cannot be read. Of a stream that has others nothing
// need be noted: it will be found incomplete.
func (c *collector) broken(id streamID, err error) {
	if c.streams[id] != nil || errors.Is(err, errBroken) && id == (streamID{}) || c.shards == maxShards {
		return
	}
	s := c.stream(id)
	if s == nil {
		return
	}
	c.shards++
	s.shard = true
	if errors.Is(err, ErrNewer) {
		s.err, s.done = err, true
	}
}

// line takes a frame that is whole.
func (c *collector) line(f *frame) error {
	s := c.stream(f.id)
	if s == nil || s.done || s.total != 0 && s.total != f.total {
		return nil
	}
	if s.shard {
		s.shard = false
		c.shards--
	}
	if f.n == 0 {
		a, ok := f.announcement()
		if !ok {
			return nil
		}
		s.about = &a
	} else {
		data, ok := f.data()
		if !ok || s.lines[f.n] != nil {
			return nil
		}
		if c.pending+len(data)+perLine > c.limit {
			s.err = fmt.Errorf("%w: more than %d MiB came of files that are not complete", ErrLimit, c.limit>>20)
			c.give(s)
			return nil
		}
		if s.lines == nil {
			s.lines = map[int][]byte{}
		}
		s.lines[f.n] = data
		s.kept += len(data) + perLine
		c.pending += len(data) + perLine
	}
	s.total = f.total
	if s.about == nil || len(s.lines) < s.total {
		return nil
	}
	data := make([]byte, 0, s.about.length)
	for n := range s.total {
		data = append(data, s.lines[n+1]...)
	}
	c.give(s)
	if len(data) != s.about.length || sha256.Sum256(data) != s.about.sum {
		s.err = fmt.Errorf("%w: the checksum of its file does not fit", ErrDamaged)
		return nil
	}
	return c.file(s.about.host, data)
}

// give ends a stream and frees what is kept of it.
func (c *collector) give(s *stream) {
	c.pending -= s.kept
	s.done, s.lines, s.kept = true, nil, 0
}

// bad returns what is wrong with a stream, nil if it is complete.
func (s *stream) bad() error {
	switch {
	case s.done:
		return s.err
	case s.total == 0:
		return fmt.Errorf("%w: none of the lines of its file is whole", ErrDamaged)
	}
	came, missing := len(s.lines), 0
	if s.about != nil {
		came++
		for missing = 1; s.lines[missing] != nil; missing++ {
		}
	}
	return fmt.Errorf("%w: %d of %d lines came, the first that is missing is line %d", ErrTruncated, came, s.total+1, missing+1)
}

// errors returns what is wrong with the hosts.
func (c *collector) errors() []*HostError {
	bare := map[string]*psshHost{}
	for _, h := range slices.Backward(c.hosts) {
		bare[bareHost(h.name)] = h
	}
	owned := map[*psshHost][]*stream{} // nil: of none
	for _, s := range c.order {
		var owner *psshHost
		if s.block >= 0 {
			owner = c.hosts[s.block]
		}
		for _, p := range s.prefixes {
			if h := bare[bareHost(p)]; h != nil {
				owner = h
				break
			}
		}
		owned[owner] = append(owned[owner], s)
	}
	var all []*HostError
	for _, h := range c.hosts {
		if h.failed {
			err := fmt.Errorf("%w: %s", ErrFailed, h.reason)
			if slices.ContainsFunc(owned[h], func(s *stream) bool { return s.bad() == nil }) {
				err = fmt.Errorf("%w; its aggregate came nevertheless", err)
			}
			all = append(all, &HostError{h.name, err})
		} else if len(owned[h]) == 0 {
			all = append(all, &HostError{h.name, ErrAbsent})
		}
		for _, s := range owned[h] {
			if err := s.bad(); err != nil {
				all = append(all, &HostError{h.name, err})
			}
		}
	}
	for _, s := range owned[nil] {
		if err := s.bad(); err != nil {
			e := &HostError{Err: err}
			if s.about != nil {
				e.Host = s.about.host
			} else if len(s.prefixes) > 0 {
				e.Host = s.prefixes[0]
			}
			all = append(all, e)
		}
	}
	if c.refused > 0 {
		all = append(all, &HostError{Err: fmt.Errorf("%w: lines of more than %d hosts, %d lines are left out", ErrLimit, MaxHosts, c.refused)})
	}
	return all
}

// bareHost removes the user and the port from what names a host for ssh.
func bareHost(name string) string {
	name = name[strings.LastIndexByte(name, '@')+1:]
	if host, port, ok := strings.Cut(name, ":"); ok && !strings.Contains(port, ":") {
		return host
	}
	return name
}
