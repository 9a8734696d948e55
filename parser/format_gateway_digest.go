package parser

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// The fields of a line of gateway-page-digest.log, in their order:
//
//	time - (request address,response,result Y/N,elapsed,operationType,system name,
//	appId,workspaceId,result code,productId,productVersion,channel,userId,deviceId,
//	UUID,trackId,client IP,network protocol,data protocol,request bytes,response bytes,
//	stress flag,trace id,component flag,client OS,back-end ms,IP version,RPC version)
//
// Source: help page 64292 of the vendor, editions of 2020-06 (samples), 2021-01
// and 2026-01. Nothing is documented about a comma inside a field.
const (
	gwResult = iota + 2 // counted from 0
	gwElapsed
	gwOperationType
	gwSystem
	gwAppID
	gwWorkspaceID
	gwCode
	gwProductID
	gwProductVersion
	gwChannel
	gwUserID
	gwDeviceID
	gwUUID
	gwTrackID
	gwClientIP
	gwNetwork
	gwData
	gwRequestBytes
	gwResponseBytes
	gwStress
	gwTraceID
	gwComponent
	gwClientOS
	gwBackend
	gwIPVersion
	gwRPCVersion
	gwFields // how many there are
)

// digestOpen is what stands between the stamp and the fields of a digest.
const digestOpen = " - ("

// digestFields is room for the fields of one digest line and for some that a
// comma inside a field adds.
const digestFields = gwFields + 12

// splitDigest cuts the text between the parentheses of a digest line at its
// commas, looking at eight bytes at a time. It returns the number of fields,
// which may be more than fit.
func splitDigest(b []byte, f *[digestFields][]byte) int {
	n, start, i := 0, 0, 0
	for ; i+8 <= len(b); i += 8 {
		for commas := equal(binary.LittleEndian.Uint64(b[i:]), ','*everyByte); commas != 0; commas &= commas - 1 {
			end := i + bits.TrailingZeros64(commas)>>3
			if n < len(f) {
				f[n] = b[start:end]
			}
			n++
			start = end + 1
		}
	}
	for ; i < len(b); i++ {
		if b[i] == ',' {
			if n < len(f) {
				f[n] = b[start:i]
			}
			n++
			start = i + 1
		}
	}
	if n < len(f) {
		f[n] = b[start:]
	}
	return n + 1
}

// gatewayDigest reads the fields of a gateway digest line, the text between
// its parentheses, into r. It reports false if the line has no result code
// where the documents put it.
//
// A comma inside one of the free texts in the middle (channel, user id) moves
// the fields behind it. They are then counted from the end, where the formats
// of the neighbours tell them apart; without that certainty they stay empty.
func gatewayDigest(f *[digestFields][]byte, n int, r *Record) bool {
	if n <= gwCode {
		return false
	}
	if !digestOutcome(r, f[gwResult], f[gwCode], f[gwElapsed]) {
		return false
	}
	r.Format = GatewayDigest
	r.OperationType = value(f[gwOperationType])
	r.AppID = value(f[gwAppID])
	r.WorkspaceID = value(f[gwWorkspaceID])
	if n > gwProductVersion {
		r.ClientVersion = value(f[gwProductVersion])
	}
	switch {
	case n < gwFields:
		r.Irregular |= FieldsMissing
	case n > gwFields:
		r.Irregular |= FieldsExtra
	}
	// extra is how far the fields behind the free texts are moved.
	extra := 0
	if n > gwFields && !isFlag(f[gwStress]) {
		extra = n - gwFields
		if n > len(f) || !isFlag(f[gwStress+extra]) {
			return true
		}
	}
	if extra == 0 {
		if n > gwDeviceID {
			r.UserID, r.DeviceID = value(f[gwUserID]), value(f[gwDeviceID])
		}
		if n > gwClientIP {
			r.ClientIP = value(f[gwClientIP])
		}
	} else {
		r.DeviceID, r.ClientIP = value(f[gwDeviceID+extra]), value(f[gwClientIP+extra])
	}
	if n > gwStress+extra {
		r.Stress = len(f[gwStress+extra]) == 1 && f[gwStress+extra][0] == 'T'
	}
	if n > gwTraceID+extra {
		r.TraceID = value(f[gwTraceID+extra])
	}
	if n > gwClientOS+extra {
		r.ClientOS = value(f[gwClientOS+extra])
	}
	if n > gwBackend+extra {
		if ms, ok := parseMillis(f[gwBackend+extra]); ok {
			r.BackendMS = ms
		}
	}
	return true
}

// digestOutcome reads the three fields that make a line a digest: the result
// (Y or N), the result code and the elapsed time. The last two may be "-", and
// the time, if it is a number at all, in a unit that is not known.
func digestOutcome(r *Record, result, code, elapsed []byte) bool {
	result, code, elapsed = bytes.TrimSpace(result), bytes.TrimSpace(code), bytes.TrimSpace(elapsed)
	if len(result) != 1 || result[0] != 'Y' && result[0] != 'N' {
		return false
	}
	var (
		c, evidence = NoCode, NoEvidence
		ms          int64
		ok          bool
	)
	if value(code) != nil {
		if c, ok = parseCode(code); !ok {
			return false
		}
		evidence = ByPosition
	}
	if ms, ok = parseMillis(elapsed); !ok {
		ms = -1
	}
	if value(elapsed) != nil && !ok && !isDigit(elapsed[0]) {
		return false
	}
	r.Success, r.Code, r.Evidence, r.LatencyMS = result[0], c, evidence, ms
	return true
}

// isFlag reports whether b is a flag of a digest: T, F, or - for none.
func isFlag(b []byte) bool { return len(b) == 1 && (b[0] == 'T' || b[0] == 'F' || b[0] == '-') }

// value returns a digest's field, nil where "-" or nothing stands for none.
func value(b []byte) []byte {
	if len(b) == 0 || len(b) == 1 && b[0] == '-' {
		return nil
	}
	return b
}

// parseCode reads a result code: one to five digits and nothing else.
func parseCode(b []byte) (Code, bool) {
	if len(b) == 0 || len(b) > 5 {
		return NoCode, false
	}
	var c Code
	for _, d := range b {
		if !isDigit(d) {
			return NoCode, false
		}
		c = c*10 + Code(d-'0')
	}
	return c, true
}

// parseMillis reads a duration in milliseconds: 61, 61ms or "61 ms".
func parseMillis(b []byte) (int64, bool) {
	var n int64
	i := 0
	for ; i < len(b) && isDigit(b[i]); i++ {
		if i == 15 {
			return 0, false
		}
		n = n*10 + int64(b[i]-'0')
	}
	if i == 0 {
		return 0, false
	}
	unit := b[i:]
	if len(unit) > 0 && unit[0] == ' ' {
		unit = unit[1:]
	}
	return n, len(unit) == 0 || len(unit) == 2 && unit[0] == 'm' && unit[1] == 's'
}
