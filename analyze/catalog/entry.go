// Package catalog says what each result code means: its cause, what to do
// about it, whose job that is, where to look next, and where all this is
// documented, in English and in Chinese.
//
// It is a side room of analyze. The entries are Go literals, one file for
// each family of codes (gateway.go, service.go, android.go, ios.go,
// securityguard.go, sdk.go), so that they are checked by the compiler and
// found by grep.
//
// Nothing is invented: what has no source has no entry, and a cause says no
// more than its sources do or marks what is inferred. Remedies take from the
// sources what to check and where; how to check it (a DNS query, a look at a
// certificate, a comparison of versions) is common practice.
package catalog

import "mgslog/parser"

// Lang is a language of the catalogue and of the reports.
type Lang uint8

// The languages.
const (
	EN Lang = iota
	ZH
)

// String returns the name used by --lang.
func (l Lang) String() string {
	if l == ZH {
		return "zh"
	}
	return "en"
}

// Text is one text in every language of the catalogue.
type Text struct{ EN, ZH string }

// In returns the text in language l.
func (t Text) In(l Lang) string {
	if l == ZH {
		return t.ZH
	}
	return t.EN
}

// Side is the part of the system on which a code arises.
type Side uint8

// The sides. A code whose side is not known (a number outside every
// documented range) is SideUnknown.
const (
	SideUnknown Side = iota
	Gateway          // the gateway itself: 1000 to 5999, 7xxx, and 8002
	Service          // the business system behind it: 6xxx
	Client           // the app: its network stack, its SDK, its signing
)

var sideNames = [...]string{"unknown", "gateway", "service", "client"}

// String returns the name used in flags and in JSON.
func (s Side) String() string {
	if int(s) < len(sideNames) {
		return sideNames[s]
	}
	return "invalid"
}

// Actor is who must act to make a code go away.
type Actor uint8

// The actors.
const (
	Nobody            Actor = iota // nothing is wrong
	ClientApp                      // the app's developers
	GatewayConfig                  // whoever configures APIs, keys and limits in the console
	GatewayOperations              // whoever runs the gateway hosts
	BusinessSystem                 // the team behind the called service
	Network                        // the network between two of these
)

var actorNames = [...]string{
	"nobody", "client-app", "gateway-configuration", "gateway-operations", "business-system", "network",
}

var actorTexts = [...]Text{
	{"nobody", "无需处理"},
	{"client app", "客户端应用"},
	{"gateway configuration", "网关配置"},
	{"gateway operations", "网关运维"},
	{"business system", "业务系统"},
	{"network", "网络"},
}

// String returns the name used in JSON.
func (a Actor) String() string {
	if int(a) < len(actorNames) {
		return actorNames[a]
	}
	return "invalid"
}

// Text returns the actor's name as people read it.
func (a Actor) Text() Text { return actorTexts[a] }

// Actors returns all actors in their order.
func Actors() []Actor {
	return []Actor{Nobody, ClientApp, GatewayConfig, GatewayOperations, BusinessSystem, Network}
}

// Source is where a statement of the catalogue comes from.
type Source struct {
	Title string // the page or file, in its own language's title or a short description
	Date  string // the edition read, as precisely as known: "2026-01-22", "2026", "2020-01"
	Page  string // the vendor's page number or repository name, "" if it has none
}

// Entry is what is known about one code, or about one range of codes.
type Entry struct {
	Platform parser.Platform
	Code     parser.Code // the code, or the first of a range
	// Ranges holds the code ranges of an entry that describes ranges (both
	// ends included), nil for an entry of a single code.
	Ranges []Range

	Side      Side
	Protocols []string // "HTTP", "MPC", "DUBBO"; nil where the documents name none
	Constant  string   // the SDK's name, "" if it has none
	Title     Text
	Cause     Text
	Remedy    []Text // concrete steps, in the order in which to try them
	Acts      Actor
	Look      []Text // where to look next: which log on which host, which console page
	Notes     []Text // differences between editions and other traps; may be empty
	Prompt    Text   // what the client shows its user, empty if not documented
	// Documented is false where no official description of the code could be
	// read: a constant that only the client SDK names, or a number seen only
	// in public captures. The Notes of such an entry say which.
	Documented bool
	// Sources are where the entry's statements come from, the reference page
	// of the code (if it has one) first.
	Sources []Source
	// Memos are the Memo and Tips texts known to come with this code alone.
	Memos []Memo
	// Sample is one log record that gives exactly this code (its lines
	// joined by "\n"). A test parses it.
	Sample string
}

// Range is a closed range of codes.
type Range struct{ First, Last parser.Code }

// Memo is a text known to come with one code; see parser.Memo.
type Memo struct {
	Text      string
	NamedOnly bool
}

// Key returns the entry's key; for an entry of ranges, that of its first code.
func (e *Entry) Key() parser.Key { return parser.Key{Platform: e.Platform, Code: e.Code} }
