// Package deliver hands a message to people: as a mail through the host's own
// sendmail, and as a post to the webhook of a chat robot. It is the end of the
// pipeline, behind the report: it decides nothing about what is said.
//
// Nothing here reads the clock, the environment or a file by itself; the
// command hands over what is needed. Texts of a message may quote a log and are
// taken to be hostile: no text can add a header, a mention, a link or an escape
// sequence.
package deliver

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"mgslog/report"
)

// A Message is what is delivered, in the forms that the ways of delivery want.
type Message struct {
	Subject string // one line
	Text    string // the whole text, for a mail
	HTML    string // the same for a mail program with a browser, "" if there is none
	Short   string // a few lines of plain text, for a chat window
	// Cut is the line that ends what a receiver's limit has cut, in the language
	// of the message. "" stands for an English one.
	Cut string
	// Date is when the message was made. Its zone is the one that a mail shows.
	Date time.Time
}

// Bounds of a message, in bytes. What is longer is cut, and says so.
const (
	maxSubject = 250
	maxCut     = 200
	maxShort   = 16 << 10
	maxText    = 1 << 20
	maxHTML    = 8 << 20 // an HTML text cannot be cut: a longer one is left out
)

const cutEnglish = "(cut here: the whole is too long for this message)"

// bounded returns m with texts that show nothing but what they say, within
// their bounds. Applied twice, it changes nothing.
func (m Message) bounded() Message {
	m.Subject, _ = cut(report.Printable(strings.Join(strings.Fields(m.Subject), " ")), maxSubject, "")
	m.Cut, _ = cut(report.Printable(m.Cut), maxCut, "")
	if m.Cut == "" {
		m.Cut = cutEnglish
	}
	m.Short, _ = cut(printable(m.Short), maxShort, m.Cut)
	m.Text, _ = cut(printable(m.Text), maxText, m.Cut)
	if len(m.HTML) > maxHTML {
		m.HTML = ""
	}
	m.HTML = strings.ToValidUTF8(m.HTML, "\uFFFD")
	return m
}

// id tells messages apart: the same for the same words of the same moment.
func (m Message) id() string {
	h := sha256.New()
	for _, s := range []string{m.Date.UTC().Format(time.RFC3339Nano), m.Subject, m.Short, m.Text} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// printable is report.Printable for a text of several lines.
func printable(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		body, found := strings.CutSuffix(line, "\n")
		b.WriteString(report.Printable(strings.TrimSuffix(body, "\r")))
		if found {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// cut returns s in at most limit bytes, and whether that is less than all of
// it. It is cut behind a line, or, where that would lose more than half,
// between two characters. Then note ends it, on a line of its own; there must
// be room for it.
func cut(s string, limit int, note string) (string, bool) {
	if len(s) <= limit {
		return s, false
	}
	if note != "" {
		note = "\n" + note
	}
	end := max(limit-len(note), 0)
	if i := strings.LastIndexByte(s[:end], '\n'); i > end/2 {
		return s[:i] + note, true
	}
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + note, true
}
