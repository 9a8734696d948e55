// Package parser turns the bytes of gateway and business-system logs into
// typed records, each with its place in the input and the evidence on which
// its result code rests.
//
// It is the bottom room of the house: it knows log formats and nothing of
// what a code means, of files, of clocks or of reports. What it needs to know
// about codes (the names and texts by which a log line may give one away)
// comes in as a [Lexicon].
//
// The flow is bytes → [Decoder] → [Record]. A Decoder is pure: it does no
// input or output, starts no goroutine and reads no clock, so that the same
// bytes give the same records however they are cut into reads. [Reader] feeds
// a Decoder from an io.Reader.
//
// Two formats are documented by their vendor and are read by position: the
// gateway's digest (format_gateway_digest.go) and the business system's SPI
// digest (format_spi_digest.go). All others have no public layout; their
// records are found by the time stamp at the start of a line and their fields
// by evidence (format_stamped.go, evidence.go).
package parser
