package report

import (
	"cmp"
	_ "embed" // the schema
	"io"
	"maps"
	"slices"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// HistorySchemaName is the name of the JSON contract of History, see SchemaName.
const HistorySchemaName = "mgslog/history/v1"

//go:embed schema/history.v1.json
var historySchema []byte

// HistorySchema returns the JSON Schema (2020-12) of the JSON form of History.
func HistorySchema() []byte { return slices.Clone(historySchema) }

// HistoryInput is what a History is made of.
type HistoryInput struct {
	Lang      catalog.Lang
	Generator string
	// Days are the days in question, one after the other without a gap, oldest
	// first; there is at least one.
	Days []DayOnRecord
	// Codes are those to be shown.
	Codes analyze.CodeSet
}

// DayOnRecord is what is known of a day, added up over the hosts.
type DayOnRecord struct {
	Date  string   // 2006-01-02
	Hosts []string // those on record, sorted; none: nothing is known of the day
	Whole bool     // the logs of all these hosts hold the whole day
	// Calls are the records with a result code, Failures those of them that
	// failed in fact (not harmlessly).
	Calls, Failures int64
	Codes           map[parser.Key]int64
}

// History shows how often each result code came, day by day.
type History struct {
	Schema    string   `json:"schema"`
	Generator string   `json:"generator"`
	Language  string   `json:"language"`
	From      string   `json:"from"` // the first and the last day, 2006-01-02
	To        string   `json:"to"`
	Hosts     []string `json:"hosts"`
	// LastDay is the last day that is on record, null if none is. EarlierDays is
	// how many days before it can be compared with it: whole ones of the same
	// hosts. If the last day itself is not whole, there are none.
	LastDay     *string       `json:"last_day"`
	EarlierDays int           `json:"earlier_days"`
	Days        []HistoryDay  `json:"days"`
	Calls       HistorySeries `json:"calls"`
	Failures    HistorySeries `json:"failures"`
	Codes       []HistoryCode `json:"codes"` // most frequent first
}

// HistoryDay is one day of the period.
type HistoryDay struct {
	Date  string   `json:"date"`
	Hosts []string `json:"hosts"` // those on record
	Whole bool     `json:"whole"` // false too if nothing is on record
}

// HistoryCode is a result code over the days.
type HistoryCode struct {
	Code     int32  `json:"code"`
	Platform string `json:"platform"`
	Key      string `json:"key"`
	Outcome  string `json:"outcome"`
	Title    string `json:"title"`
	HistorySeries
}

// HistorySeries is a number over the days.
type HistorySeries struct {
	Total int64 `json:"total"`
	// Mean is that of the days on record, Last the number of LastDay, and Earlier
	// the mean of the EarlierDays; null if there is no such day.
	Mean    *float64 `json:"mean_per_day"`
	Last    *int64   `json:"last"`
	Earlier *float64 `json:"earlier_mean_per_day"`
	// Change is how Last differs from Earlier, as a fraction of it; null if
	// Earlier is null or 0.
	Change *float64 `json:"change"`
	Counts []*int64 `json:"counts"` // by day; null: not on record
}

// BuildHistory decides what a History says.
func BuildHistory(in *HistoryInput) *History {
	h := &History{
		Schema: HistorySchemaName, Generator: in.Generator, Language: in.Lang.String(),
		From: in.Days[0].Date, To: in.Days[len(in.Days)-1].Date,
		Hosts: []string{}, Days: []HistoryDay{}, Codes: []HistoryCode{},
	}
	m := stateMessagesFor(in.Lang)
	keys := map[parser.Key]bool{}
	last := -1
	for i := range in.Days {
		d := &in.Days[i]
		h.Days = append(h.Days, HistoryDay{Date: d.Date, Hosts: list(d.Hosts), Whole: d.Whole && len(d.Hosts) > 0})
		if len(d.Hosts) == 0 {
			continue
		}
		last = i
		h.LastDay = &d.Date
		h.Hosts = append(h.Hosts, d.Hosts...)
		for k, n := range d.Codes {
			keys[k] = keys[k] || n > 0 && in.Codes.Match(k.Code)
		}
	}
	slices.Sort(h.Hosts)
	h.Hosts = slices.Compact(h.Hosts)
	var earlier []int // the days to compare with
	for i := range max(last, 0) {
		if h.Days[last].Whole && h.Days[i].Whole && slices.Equal(h.Days[i].Hosts, h.Days[last].Hosts) {
			earlier = append(earlier, i)
		}
	}
	h.EarlierDays = len(earlier)
	series := func(count func(*DayOnRecord) int64) HistorySeries {
		return historySeries(in.Days, last, earlier, count)
	}
	h.Calls = series(func(d *DayOnRecord) int64 { return d.Calls })
	h.Failures = series(func(d *DayOnRecord) int64 { return d.Failures })
	for key := range maps.Keys(keys) {
		if !keys[key] {
			continue
		}
		c := HistoryCode{
			Code: int32(key.Code), Platform: key.Platform.String(), Key: key.String(),
			Outcome: OutcomeError, Title: m.notInCatalogue,
			HistorySeries: series(func(d *DayOnRecord) int64 { return d.Codes[key] }),
		}
		if e, ok := catalog.Lookup(key); ok {
			c.Title = e.Title.In(in.Lang)
		}
		switch {
		case catalog.IsSuccess(key):
			c.Outcome = OutcomeSuccess
		case catalog.Harmless(key):
			c.Outcome = OutcomeHarmless
		}
		h.Codes = append(h.Codes, c)
	}
	slices.SortFunc(h.Codes, func(a, b HistoryCode) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Platform, b.Platform))
	})
	return h
}

// historySeries takes one number of each day that is on record. last is the last
// of them, -1 if there is none.
func historySeries(days []DayOnRecord, last int, earlier []int, count func(*DayOnRecord) int64) HistorySeries {
	s := HistorySeries{Counts: make([]*int64, len(days))}
	known := 0
	for i := range days {
		if len(days[i].Hosts) > 0 {
			n := count(&days[i])
			s.Counts[i] = &n
			s.Total += n
			known++
		}
	}
	if known == 0 {
		return s
	}
	mean := float64(s.Total) / float64(known)
	s.Mean, s.Last = &mean, s.Counts[last]
	if len(earlier) == 0 {
		return s
	}
	sum := int64(0)
	for _, i := range earlier {
		sum += *s.Counts[i]
	}
	before := float64(sum) / float64(len(earlier))
	s.Earlier = &before
	if before > 0 {
		change := float64(*s.Last)/before - 1
		s.Change = &change
	}
	return s
}

// Write writes the history in one of the Formats.
func (h *History) Write(w io.Writer, format string, opt TextOptions) error {
	return writeAs(w, h, format, opt)
}

// JSON writes the history in the form that HistorySchema describes.
func (h *History) JSON(w io.Writer) error { return writeJSON(w, h) }
