package parser

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Record is one record of a log: one line of a digest, or a stamped line with
// all that belongs to it.
//
// All byte slices point into buffers of the Decoder and are valid until its
// next call of Next; copy what is to be kept. An empty slice means that the
// record does not say. Texts are as written: not validated, not unescaped.
type Record struct {
	Line   int64 // 1-based line of the record's first line; below 1 if it is not known, see UnknownLine
	Lines  int64 // physical lines, at least 1
	Offset int64 // bytes before the record's first line in its (uncompressed) input
	Size   int64 // bytes of its lines, with their line ends

	Time     int64 // Unix milliseconds
	NoTime   bool  // the record does not say when it was; Time then means nothing
	Format   Format
	Layout   string   // name of the site's own layout; "" unless Format is OwnLayout
	Platform Platform // of Code; Server if there is none
	Code     Code     // NoCode if the record names none
	Evidence Evidence // what Code rests on

	Success       byte   // a digest's own result, 'Y' or 'N'; 0 if it has none
	Stress        bool   // stress-test traffic, by the digest's own flag
	LatencyMS     int64  // total milliseconds, -1 if the record does not say
	BackendMS     int64  // milliseconds spent in the business system, -1 if it does not say
	TraceID       []byte // the SPI digest calls it uniqueId
	OperationType []byte
	AppID         []byte
	WorkspaceID   []byte
	ClientIP      []byte // as logged, possibly masked (223.104.XXX.XXX)
	UserID        []byte
	DeviceID      []byte
	ClientVersion []byte // productVersion
	ClientOS      []byte // ANDROID, IOS, …
	Level         []byte // ERROR, WARN, …
	Memo          []byte // reason, from the header Memo or a field of that name; percent-decoded once, as written where it cannot be
	Tips          []byte // text for the user, from the header Tips, likewise
	Control       []byte // the header Control, which tells a throttled client how to wait (1002), likewise
	Message       []byte // where a site's own layout has it; of other formats, see Head

	// Group numbers the record's combination of Platform, Code, Evidence,
	// OperationType, AppID and WorkspaceID among the records of its Groups, for
	// a caller who looks something up by them: two records with the same number
	// have the same combination. 0 stands for none. Group/GroupLimit never
	// falls; when it rises, the numbers before do not come again.
	Group uint64

	// Host and File are where the record comes from, as a prefix of its lines
	// says that grep, pssh and their like have put there; nil without one.
	Host, File []byte

	// Exceptions is the chain of a stack trace, outermost first, the root
	// cause last; nil if the record has none.
	Exceptions []Exception
	// Head is the first line without its stamp, Text the whole record. Both
	// are cut at the Decoder's limit; Cut tells so.
	Head, Text []byte
	Cut        bool
	// Irregular is what is odd about a record that was read all the same.
	Irregular Irregularity
}

// Clone returns a copy of the record that stays as it is.
func (r *Record) Clone() Record {
	c := *r
	for _, b := range []*[]byte{
		&c.TraceID, &c.OperationType, &c.AppID, &c.WorkspaceID, &c.ClientIP, &c.UserID, &c.DeviceID, &c.ClientVersion,
		&c.ClientOS, &c.Level, &c.Memo, &c.Tips, &c.Control, &c.Message, &c.Host, &c.File, &c.Head, &c.Text,
	} {
		*b = bytes.Clone(*b)
	}
	c.Exceptions = slices.Clone(c.Exceptions)
	for i := range c.Exceptions {
		e := &c.Exceptions[i]
		e.Class, e.Message, e.Frame = bytes.Clone(e.Class), bytes.Clone(e.Message), bytes.Clone(e.Frame)
	}
	return c
}

// FormatName returns the name of the record's format, of a site's own layout
// that layout's.
func (r *Record) FormatName() string {
	if r.Layout != "" {
		return r.Layout
	}
	return r.Format.String()
}

// Root returns the root cause, nil if the record has no exception.
func (r *Record) Root() *Exception {
	if len(r.Exceptions) == 0 {
		return nil
	}
	return &r.Exceptions[len(r.Exceptions)-1]
}

// Exception is one link of a chain of exceptions.
type Exception struct {
	Class   []byte // with its package: java.net.UnknownHostException
	Message []byte // to the end of its line
	Frame   []byte // the innermost frame, without "at "
}

// Irregularity is a set of flags.
type Irregularity uint8

// The irregularities of a digest line that still has its result code.
const (
	FieldsMissing Irregularity = 1 << iota // fewer fields than documented
	FieldsExtra                            // more fields than documented
)

// UnknownLine, as Options.Line, says that it is not known how many lines stand
// before what is read. The lines of records are then below 1.
const UnknownLine = math.MinInt64 / 2

// Reasons for which lines are skipped.
var (
	ErrBlank   = errors.New("blank line outside a record")
	ErrOrphan  = errors.New("line before the first record, no time stamp at its start")
	ErrDigest  = errors.New("not a complete digest line")
	ErrFormat  = errors.New("line is not of the format asked for")
	ErrLayout  = errors.New("line does not fit the layout")
	ErrTooLong = errors.New("line is longer than the limit")
	ErrOutside = errors.New("line outside of any request or response")
	// ErrSeparator is the reason for a line that grep or pssh has put between
	// those of the logs.
	ErrSeparator = errors.New("separator of grep or pssh")
	// ErrHostFailed is an ErrSeparator: pssh says in it that the command failed
	// on a host, so that lines of that host may be missing.
	ErrHostFailed = fmt.Errorf("%w: a host failed", ErrSeparator)
)

// SyntaxError is one line that is part of no record. Reading goes on behind
// it.
type SyntaxError struct {
	Line   int64 // 1-based
	Offset int64 // bytes before the line
	Column int   // 1-based byte of the line at which it was not understood
	Format Format
	Text   []byte // the line, cut at 256 bytes; valid until the next call of Next
	Whole  []byte // the line as far as it was kept, valid as long
	Err    error  // one of the reasons above, or one that wraps it
}

// Error says where and why, without the file's name, which the Decoder does
// not know.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%d:%d: %s: %v", e.Line, e.Column, e.Format, e.Err)
}

// Unwrap returns the reason.
func (e *SyntaxError) Unwrap() error { return e.Err }
