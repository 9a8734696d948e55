package parser

import "strconv"

// Code is a result code as the log has it. The parser gives it no meaning
// beyond the range that its evidence allows.
type Code int32

// NoCode marks a record that names no result code. Zero would not do: 0 is a
// code of the Android and iOS clients.
const NoCode Code = -1

// Platform tells whose number space a code belongs to. The same number means
// different things on different platforms (3 is a certificate error on
// Android and a JSON error on iOS).
type Platform uint8

// The platforms. The gateway and the business system share one number space
// and so are one platform, Server.
const (
	Server Platform = iota
	Android
	IOS
	SecurityGuard // the signing SDK inside the client app, Android and iOS alike
)

var platformNames = [...]string{"server", "android", "ios", "security-guard"}

// String returns the name used in flags and in JSON.
func (p Platform) String() string {
	if int(p) < len(platformNames) {
		return platformNames[p]
	}
	return "invalid"
}

// Platforms returns all platforms in their order.
func Platforms() []Platform { return []Platform{Server, Android, IOS, SecurityGuard} }

// Key identifies a result code: a number in the number space of a platform.
type Key struct {
	Platform Platform
	Code     Code
}

// String returns the name of the key in reports: the number, behind the platform
// and a colon unless that is the server.
func (k Key) String() string {
	n := strconv.Itoa(int(k.Code))
	if k.Platform == Server {
		return n
	}
	return k.Platform.String() + ":" + n
}

// Evidence is the rung of the evidence ladder that gave a record its code.
// A lower value is stronger evidence.
type Evidence uint8

// The rungs, strongest first.
const (
	NoEvidence  Evidence = iota
	ByPosition           // the documented field of a digest line
	ByField              // a named field: Result-Status: 7014
	ByException          // RPCException: [7014]
	ByConstant           // an SDK constant name: SERVER_REQUESTTIMEOUT
	ByMemo               // a known Memo or Tips text
	ByBracket            // a documented code alone in brackets: [4001]
	ByCause              // inferred from the root exception; never stated by the log

	NumEvidences = iota // how many there are, NoEvidence included
)

var evidenceNames = [...]string{"", "position", "field", "exception", "constant", "memo", "bracket", "cause"}

// String returns the name used in output, "" for NoEvidence.
func (e Evidence) String() string {
	if int(e) < len(evidenceNames) {
		return evidenceNames[e]
	}
	return "invalid"
}

// Lexicon is what the evidence ladder must know about codes. It is built once
// (see catalog.Lexicon) and only read afterwards, so that any number of
// Decoders may share it.
type Lexicon struct {
	// Constants maps the constant names of the client SDKs to their keys.
	Constants map[string]Key
	// Memos lists the known texts of the Memo and Tips headers.
	Memos []Memo
	// Documented holds every key that is known: true if it has a public
	// description, false if only the client SDK names it. Only documented
	// ones count when they stand alone in brackets.
	Documented map[Key]bool
}

// Memo is a text that the gateway is known to send with one code only.
type Memo struct {
	Text string
	Key  Key
	// NamedOnly marks a text so general ("Access denied") that it counts
	// only as the value of a field called memo or tips, not anywhere in a
	// message.
	NamedOnly bool
}
