package analyze

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// Filter chooses records. The zero value lets all pass but stress-test
// traffic.
type Filter struct {
	Since int64 // Unix milliseconds, included; math.MinInt64 or 0 with no HasSince: no limit
	Until int64 // Unix milliseconds, not included

	HasSince, HasUntil bool

	Codes      CodeSet
	Sides      []string // of catalog.Side or parser.Platform; none: all
	Operations []string // of operationType, with * and ? as in a shell; none: all
	Apps       []string // the same of appId
	Workspaces []string // the same of workspaceId

	IncludeStress bool
}

// verdict is what a Filter says of a record.
type verdict uint8

const (
	pass verdict = iota
	dropped
	undated // dropped because it has no time to be chosen by
	stress  // left out because it is stress-test traffic
)

// Match reports whether the record passes.
func (f *Filter) Match(r *parser.Record) bool { return f.check(r, f.chosen(r)) == pass }

// chosen reports whether a record passes by what all records of its
// parser.Record.Group have in common.
func (f *Filter) chosen(r *parser.Record) bool {
	return f.Codes.Match(r.Code) && f.side(r) && anyMatch(f.Operations, r.OperationType) &&
		anyMatch(f.Apps, r.AppID) && anyMatch(f.Workspaces, r.WorkspaceID)
}

// check tells what becomes of a record, given whether it is chosen.
func (f *Filter) check(r *parser.Record, chosen bool) verdict {
	if f.HasSince || f.HasUntil {
		if r.NoTime {
			return undated
		}
		if f.outside(r.Time) {
			return dropped
		}
	}
	if !chosen {
		return dropped
	}
	if r.Stress && !f.IncludeStress {
		return stress
	}
	return pass
}

// outside reports whether an instant, in Unix milliseconds, is not in the period.
func (f *Filter) outside(ms int64) bool {
	return f.HasSince && ms < f.Since || f.HasUntil && ms >= f.Until
}

func (f *Filter) side(r *parser.Record) bool {
	if len(f.Sides) == 0 {
		return true
	}
	if r.Code == parser.NoCode {
		return false
	}
	key := parser.Key{Platform: r.Platform, Code: r.Code}
	return slices.Contains(f.Sides, catalog.SideOf(key).String()) || slices.Contains(f.Sides, key.Platform.String())
}

// anyMatch reports whether one of the patterns matches the whole value.
func anyMatch(patterns []string, value []byte) bool {
	if len(patterns) == 0 {
		return true
	}
	for _, p := range patterns {
		if ok, _ := path.Match(p, string(value)); ok {
			return true
		}
	}
	return false
}

// SideNames returns the values that Filter.Sides takes.
func SideNames() []string {
	return []string{
		catalog.Gateway.String(), catalog.Service.String(), catalog.Client.String(),
		parser.Android.String(), parser.IOS.String(), parser.SecurityGuard.String(),
	}
}

// CodeSet is a set of result codes, as the user writes it.
type CodeSet struct{ in, out []codeRange }

type codeRange struct{ first, last parser.Code }

// ParseCodes reads a list of codes, 4001, of patterns, 7xxx, of ranges,
// 6000-6007, and of any of them to be left out, !1000. A list of nothing but
// exclusions stands for all other codes.
func ParseCodes(list []string) (CodeSet, error) {
	var set CodeSet
	for _, item := range list {
		item = strings.TrimSpace(item)
		text, not := strings.CutPrefix(item, "!")
		first, last, isRange := strings.Cut(text, "-")
		if !isRange {
			first = strings.Map(digitX('0'), text)
			last = strings.Map(digitX('9'), text)
		}
		a, errA := strconv.ParseUint(first, 10, 31)
		b, errB := strconv.ParseUint(last, 10, 31)
		if errA != nil || errB != nil || a > b || b > math.MaxInt32 {
			return CodeSet{}, fmt.Errorf("code %q: want a code (4001), a pattern (7xxx), a range (6000-6007), or !1000", item)
		}
		r := codeRange{parser.Code(a), parser.Code(b)}
		if not {
			set.out = append(set.out, r)
		} else {
			set.in = append(set.in, r)
		}
	}
	return set, nil
}

// digitX replaces an x in a code pattern by digit.
func digitX(digit rune) func(rune) rune {
	return func(r rune) rune {
		if r == 'x' || r == 'X' {
			return digit
		}
		return r
	}
}

// Match reports whether the set holds c. Only the empty set holds NoCode.
func (s CodeSet) Match(c parser.Code) bool {
	if c == parser.NoCode {
		return s.Empty()
	}
	within := func(r codeRange) bool { return c >= r.first && c <= r.last }
	return (len(s.in) == 0 || slices.ContainsFunc(s.in, within)) && !slices.ContainsFunc(s.out, within)
}

// Empty reports whether the set chooses nothing, and so stands for everything.
func (s CodeSet) Empty() bool { return len(s.in)+len(s.out) == 0 }
