package analyze

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Condition is a threshold over a Summary, such as errors>5% or 4001>=100.
type Condition struct {
	text    string
	subject string
	codes   CodeSet // if the subject is a code or a pattern of codes
	op      string
	value   float64
	percent bool
}

var conditionForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*([A-Za-z0-9-]+)\s*(>=|<=|==|=|!=|>|<)\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*$`)
})

// ConditionHelp says what ParseCondition takes, in one line.
const ConditionHelp = "SUBJECT OP NUMBER[%]; SUBJECT is errors, uncoded, skipped, records or a code (4001, 7xxx), OP is > >= < <= = !="

// ParseCondition reads a condition. A percentage of errors or of a code is of
// the coded records, one of uncoded records is of all records, and one of
// skipped lines of all lines.
func ParseCondition(text string) (Condition, error) {
	m := conditionForm().FindStringSubmatch(text)
	if m == nil {
		return Condition{}, fmt.Errorf("condition %q: want %s", text, ConditionHelp)
	}
	c := Condition{text: strings.TrimSpace(text), subject: strings.ToLower(m[1]), op: m[2], percent: m[4] == "%"}
	var err error
	if c.value, err = strconv.ParseFloat(m[3], 64); err != nil {
		return Condition{}, fmt.Errorf("condition %q: %w", text, err)
	}
	switch c.subject {
	case "errors", "uncoded", "skipped":
	case "records":
		if c.percent {
			return Condition{}, fmt.Errorf("condition %q: records have no percentage", text)
		}
	default:
		if c.codes, err = ParseCodes([]string{m[1]}); err != nil {
			return Condition{}, fmt.Errorf("condition %q: want %s", text, ConditionHelp)
		}
	}
	return c, nil
}

// String returns the condition as it was written.
func (c Condition) String() string { return c.text }

// Met reports whether the condition holds, and the value that it has. A
// percentage of nothing is 0.
func (c Condition) Met(s *Summary) (value float64, met bool) {
	var count, of int64
	switch c.subject {
	case "errors":
		count, of = s.Totals.Failures, s.Totals.Coded
	case "uncoded":
		count, of = s.Totals.Uncoded, s.Totals.Records
	case "skipped":
		count = s.Totals.Skipped
		for i := range s.Inputs {
			of += s.Inputs[i].Lines
		}
	case "records":
		count = s.Totals.Records
	default:
		for i := range s.Codes {
			if c.codes.Match(s.Codes[i].Key.Code) {
				count += s.Codes[i].Count
			}
		}
		of = s.Totals.Coded
	}
	value = float64(count)
	if c.percent {
		value = 0
		if of > 0 {
			value = float64(count) * 100 / float64(of)
		}
	}
	switch c.op {
	case ">":
		met = value > c.value
	case ">=":
		met = value >= c.value
	case "<":
		met = value < c.value
	case "<=":
		met = value <= c.value
	case "!=":
		met = value != c.value
	default:
		met = value == c.value
	}
	return value, met
}

// Format returns a value of the condition's subject as people write it.
func (c Condition) Format(value float64) string {
	if c.percent {
		return strconv.FormatFloat(value, 'f', 2, 64) + "%"
	}
	return strconv.FormatFloat(value, 'f', 0, 64)
}
