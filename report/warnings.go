package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mgslog/analyze"
	"mgslog/parser"
)

// warnings lists what limits the numbers, the inputs' own first.
func (b *builder) warnings() {
	b.r.Warnings = []Warning{}
	for i := range b.s.Inputs {
		b.inputWarnings(&b.s.Inputs[i])
	}
	m, t := b.msg, &b.r.Totals
	warn := b.warner("")
	suggested := slices.ContainsFunc(b.s.Inputs, func(in analyze.Input) bool { return in.Suggested != nil })
	if b.r.TimeZone.Source == analyze.ZoneFromMachine.String() && t.Records > t.Undated && !suggested {
		warn(WarnZone, 0, m.warnZone, b.r.TimeZone.Offset)
	}
	if b.zonesDiffer() {
		warn(WarnZones, 0, m.warnZones, b.r.TimeZone.Offset)
	}
	if b.overlap() {
		warn(WarnOverlap, 0, "%s", m.warnOverlap)
	}
	warn(WarnStress, t.Stress, m.warnStress, comma(t.Stress), comma(t.StressErrors))
	warn(WarnFiltered, t.Filtered, m.warnFiltered, comma(t.Filtered))
	warn(WarnUndated, t.Undated, m.warnUndated, comma(t.Undated))
	warn(WarnUndated, t.FilteredNone, m.warnUndatedOut, comma(t.FilteredNone))
	if n := len(b.r.Gaps); n > 0 {
		longest := slices.MaxFunc(b.r.Gaps, func(x, y Gap) int { return int(x.Seconds - y.Seconds) })
		warn(WarnGaps, int64(n), m.warnGaps, comma(int64(n)), m.duration(longest.Seconds))
	}
	if b.s.WindowAsked > 0 {
		warn(WarnWindow, 0, m.warnWindow, m.duration(int64(b.s.WindowAsked/time.Second)), m.duration(b.r.WindowSeconds))
	}
	warn(WarnCodes, t.BeyondBound, m.warnCodes, comma(t.BeyondBound))
	for _, d := range []struct {
		name string
		in   *analyze.Breakdown
	}{
		{m.dimOperation, &b.s.Operations},
		{m.dimApp, &b.s.Apps},
		{m.dimWorkspace, &b.s.Workspaces},
		{m.dimHost, &b.s.Hosts},
		{m.dimException, &b.s.Uncoded},
	} {
		if d.in.Folded > 0 {
			warn(WarnFolded, d.in.Other, m.warnFolded, d.name, comma(d.in.Other), comma(d.in.Missed))
		}
	}
}

// warner returns a function that adds a warning about input, unless it counts
// something that there is none of. Kinds that count nothing are given 0 and
// always added.
func (b *builder) warner(input string) func(kind string, n int64, format string, args ...any) {
	uncounted := []string{WarnInput, WarnDuplicate, WarnEmpty, WarnMixed, WarnZone, WarnZones, WarnOverlap, WarnWindow}
	return func(kind string, n int64, format string, args ...any) {
		if n > 0 || slices.Contains(uncounted, kind) {
			b.r.Warnings = append(b.r.Warnings, Warning{kind, input, n, fmt.Sprintf(format, args...)})
		}
	}
}

func (b *builder) inputWarnings(in *analyze.Input) {
	m := b.msg
	warn := b.warner(in.Path)
	if in.Err != nil {
		warn(WarnInput, 0, m.warnInput, in.Err.Error())
	}
	if in.DuplicateOf != "" {
		warn(WarnDuplicate, 0, m.warnDuplicate, in.DuplicateOf)
	}
	if in.Records == 0 && in.Lines > 0 {
		warn(WarnEmpty, 0, "%s", m.warnEmpty)
	}
	kinds := 0
	for _, n := range in.Formats {
		if n > 0 {
			kinds++
		}
	}
	if kinds > 1 && in.Format.Digest() {
		warn(WarnMixed, 0, "%s", m.warnMixed)
	}
	warn(WarnHosts, in.HostsFailed, m.warnHosts, comma(in.HostsFailed), strings.Join(in.HostFailures, "; "))
	warn(WarnSkipped, in.Skipped, m.warnSkipped, comma(in.Skipped), comma(in.Lines))
	disagree := m.warnDisagree
	if in.Disagree*10 < in.Records { // ids of other calls, quoted
		disagree = m.warnQuoted
	}
	if in.Suggested != nil {
		said := offset(in.Last, in.Suggested)
		warn(WarnDisagree, in.Disagree, m.warnSuggested, comma(in.Disagree), offset(in.First, zoneOr(in.Zone, b.loc)), said)
	} else {
		warn(WarnDisagree, in.Disagree, disagree, comma(in.Disagree), offset(in.First, zoneOr(in.Zone, b.loc)))
	}
	warn(WarnBackwards, in.Backwards, m.warnBackwards, comma(in.Backwards))
	warn(WarnCut, in.Cut, m.warnCut, comma(in.Cut))
	warn(WarnFields, in.FieldsMissing+in.FieldsExtra, m.warnFields, comma(in.FieldsMissing), comma(in.FieldsExtra))
	warn(WarnNULs, in.NULs, m.warnNULs, comma(in.NULs))
	warn(WarnInvalid, in.Invalid, m.warnInvalid, comma(in.Invalid), in.Encoding)
	other := "gb18030"
	if in.Encoding == other {
		other = plainText
	}
	warn(WarnRecoded, in.Recoded, m.warnRecoded, comma(in.Recoded), other, in.Encoding)
}

// overlap reports whether calls may be counted twice, once by their line in a
// digest and once by their record in another log.
func (b *builder) overlap() bool {
	digest, other := false, false
	for i := range b.s.Inputs {
		in := &b.s.Inputs[i]
		digest = digest || in.Formats[parser.GatewayDigest]+in.Formats[parser.SPIDigest] > 0
		other = other || !in.Format.Digest() && in.Coded > 0
	}
	return digest && other
}

// zonesDiffer reports whether inputs with records are stamped in another zone
// than the report's.
func (b *builder) zonesDiffer() bool {
	for i := range b.s.Inputs {
		in := &b.s.Inputs[i]
		if in.Records > in.Undated && offset(b.s.From, zoneOr(in.Zone, b.loc)) != b.r.TimeZone.Offset {
			return true
		}
	}
	return false
}
