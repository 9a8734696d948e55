package parser

import (
	"path"
	"slices"
	"strings"
)

// Format is a kind of log that a Decoder can read.
type Format uint8

// The formats.
const (
	Unknown       Format = iota // not recognised; as an option: find out
	GatewayDigest               // gateway-page-digest.log
	SPIDigest                   // page-digest.log of a business system
	Stamped                     // any other log whose records begin with a time stamp
	OwnLayout                   // a site's own, read by the Layout of the Profile
	Logcat                      // an Android device's log
	IOSConsole                  // the Xcode console's output
	Capture                     // text without stamps that holds responses: headers, dumps, exceptions
	HAR                         // exchanges as browsers and proxies export them, JSON
)

// NumFormats is the number of formats, Unknown included.
const NumFormats = int(HAR) + 1

// Host tells on which kind of host a log was written.
type Host uint8

// The kinds of host.
const (
	AnyHost      Host = iota // not known
	GatewayHost              // a host of the gateway, ~/logs/gateway
	BusinessHost             // a host of a business system, ~/logs/mobileservice
)

// FormatInfo describes a name that the user may give to a format.
type FormatInfo struct {
	Name   string // the value of --format
	Format Format
	Host   Host
	File   string // the log that has this format, "" for a general name
}

// formats are the names of formats, the general ones first.
var formats = [...]FormatInfo{
	{"gateway-page-digest", GatewayDigest, GatewayHost, "gateway-page-digest.log"},
	{"page-digest", SPIDigest, BusinessHost, "page-digest.log"},
	{"stamped", Stamped, AnyHost, ""},
	{"gateway-error", Stamped, GatewayHost, "gateway-error.log"},
	{"gateway-default", Stamped, GatewayHost, "gateway-default.log"},
	{"gateway-page-detail", Stamped, GatewayHost, "gateway-page-detail.log"},
	{"monitor", Stamped, BusinessHost, "monitor.log"},
	{"common-error", Stamped, BusinessHost, "common-error.log"},
	{"common-default", Stamped, BusinessHost, "common-default.log"},
	{"logcat", Logcat, AnyHost, ""},
	{"ios-console", IOSConsole, AnyHost, ""},
	{"capture", Capture, AnyHost, ""},
	{"har", HAR, AnyHost, ""},
}

// Formats lists the names of formats, the general ones first.
func Formats() []FormatInfo { return slices.Clone(formats[:]) }

// Digest reports whether the format is one of the digests, whose fields have
// documented places.
func (f Format) Digest() bool { return f == GatewayDigest || f == SPIDigest }

// Client reports whether the format is a client's, which may print one failure
// on several lines.
func (f Format) Client() bool { return f == Logcat || f == IOSConsole || f == Capture }

// String returns the format's general name.
func (f Format) String() string {
	if f == OwnLayout {
		return "layout"
	}
	for i := range formats {
		if formats[i].Format == f {
			return formats[i].Name
		}
	}
	return "unknown"
}

// hostOf tells from a file's name where it was written.
func hostOf(name string) Host {
	dir, base := path.Split(strings.ReplaceAll(name, `\`, "/"))
	for _, i := range Formats() {
		stem := strings.TrimSuffix(i.File, ".log")
		if rest, ok := strings.CutPrefix(base, stem); ok && stem != "" && (rest == "" || !isLetter(rest[0])) {
			return i.Host
		}
	}
	switch path.Base(dir) {
	case "gateway":
		return GatewayHost
	case "mobileservice":
		return BusinessHost
	}
	return AnyHost
}
