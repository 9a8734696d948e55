package aggfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// MaxText is the largest file that is sent as text, in bytes.
const MaxText = 32 << 20

const (
	token = "mgslog-frame;"
	// perFrame is how many bytes of the file a line carries, so that it stays
	// below 500 columns.
	perFrame  = 330
	maxFrames = (MaxText + perFrame - 1) / perFrame
	// maxFrame is how long a line may be, with a host's name in which every
	// byte is escaped.
	maxFrame = 1024
	// maxHost is how long a host's name may be: as in the DNS (RFC 1035, 2.3.4).
	maxHost = 255
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A streamID names the lines of one file of one host.
type streamID [8]byte

func newStreamID(host string, sum [sha256.Size]byte) (id streamID) {
	all := sha256.Sum256(append([]byte(host+"\x00"), sum[:]...))
	copy(id[:], all[:])
	return id
}

// A frame is one line of the text.
type frame struct {
	id       streamID
	n, total int    // its number, from 0 on, and that of the last
	payload  []byte // as it stands in the line
}

// WriteText writes a file as text, which ReadText reads again: an aggregate as
// Write writes it, and the name of the host that it is of. A name that is empty
// or has more than 255 bytes is an error, and so is a file beyond MaxText, with
// nothing written; other errors are those of w.
func WriteText(w io.Writer, host string, file []byte) error {
	if host == "" || len(host) > maxHost {
		return fmt.Errorf("a host's name of %d bytes: want 1 to %d", len(host), maxHost)
	}
	if len(file) == 0 || len(file) > MaxText {
		return fmt.Errorf("%w: an aggregate file of %d bytes; 1 to %d can be sent as text", ErrLimit, len(file), MaxText)
	}
	sum := sha256.Sum256(file)
	f := frame{id: newStreamID(host, sum), total: (len(file) + perFrame - 1) / perFrame}
	f.payload = fmt.Appendf(nil, "%s:%d:%x", url.QueryEscape(host), len(file), sum)
	var line []byte
	for {
		line = f.append(line[:0])
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
		if f.n == f.total {
			return nil
		}
		n := min(len(file), perFrame)
		f.n++
		f.payload = base64.StdEncoding.AppendEncode(f.payload[:0], file[:n])
		file = file[n:]
	}
}

// append appends the line, without its end.
func (f *frame) append(b []byte) []byte {
	start := len(b)
	b = fmt.Appendf(b, "%s%d;%x;%d/%d;%s;", token, version, f.id, f.n, f.total, f.payload)
	return fmt.Appendf(b, "%08x;", crc32.Checksum(b[start:], castagnoli))
}

// What parseFrame says of what stands behind a token that is no frame.
var (
	errCut    = errors.New("cut off") // by the end of the text
	errBroken = errors.New("no frame")
)

// parseFrame reads the frame with which b begins and returns its length. If it
// is broken or of a later version, the frame has the stream's name that stands
// there, if one does. The payload is part of b.
func parseFrame(b []byte) (f frame, length int, err error) {
	if n := min(len(b), len(token)); string(b[:n]) != token[:n] {
		return f, 0, errBroken
	} else if n < len(token) {
		return f, n, errCut
	}
	var ends [5]int // of the fields
	i := len(token)
	for k := range ends {
		for i < len(b) && i < maxFrame && isFrameByte(b[i]) {
			i++
		}
		switch {
		case i == len(b) && i < maxFrame:
			err = errCut
		case i == maxFrame || b[i] != ';':
			err = errBroken
		}
		ends[k] = i
		if err != nil {
			break
		}
		i++
	}
	if ends[1] > 0 {
		if id := b[ends[0]+1 : ends[1]]; len(id) == hex.EncodedLen(len(f.id)) {
			if _, bad := hex.Decode(f.id[:], id); bad != nil {
				f.id = streamID{}
			}
		}
		if v, bad := strconv.Atoi(string(b[len(token):ends[0]])); bad == nil && v > version {
			return f, i, newer(v)
		}
	}
	if err != nil {
		return f, i, err
	}
	n, total, _ := bytes.Cut(b[ends[1]+1:ends[2]], []byte{'/'})
	var bad1, bad2 error
	f.n, bad1 = strconv.Atoi(string(n))
	f.total, bad2 = strconv.Atoi(string(total))
	f.payload = b[ends[2]+1 : ends[3]]
	if bad1 != nil || bad2 != nil || f.n < 0 || f.n > f.total || f.total < 1 || f.total > maxFrames ||
		!bytes.Equal(f.append(nil), b[:i]) {
		return f, i, errBroken
	}
	return f, i, nil
}

// isFrameByte reports whether c may stand in a field.
func isFrameByte(c byte) bool {
	return c-'0' <= 9 || (c|0x20)-'a' <= 'z'-'a' || strings.IndexByte("+/=%._~-:", c) >= 0
}

// An announcement is what line 0 says.
type announcement struct {
	host   string // as untrusted as all that comes from outside
	length int    // of the file, in bytes
	sum    [sha256.Size]byte
}

// announcement reads the payload of line 0. It reports false for one that does
// not fit its stream.
func (f *frame) announcement() (a announcement, ok bool) {
	fields := strings.Split(string(f.payload), ":")
	if len(fields) != 3 {
		return a, false
	}
	var err1, err2, err3 error
	a.host, err1 = url.QueryUnescape(fields[0])
	a.length, err2 = strconv.Atoi(fields[1])
	var sum []byte
	sum, err3 = hex.DecodeString(fields[2])
	n := copy(a.sum[:], sum)
	return a, errors.Join(err1, err2, err3) == nil && n == len(a.sum) && a.host != "" && len(a.host) <= maxHost &&
		(a.length+perFrame-1)/perFrame == f.total && newStreamID(a.host, a.sum) == f.id
}

// data reads the payload of any other line. It reports false for one that has
// not the length that its number stands for.
func (f *frame) data() (data []byte, ok bool) {
	data, err := base64.StdEncoding.Strict().AppendDecode(nil, f.payload)
	return data, err == nil && len(data) > 0 && (len(data) == perFrame || f.n == f.total && len(data) < perFrame)
}
