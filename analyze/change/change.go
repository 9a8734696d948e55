// Package change tells what is different between a day and comparable days
// before: which codes came, went, rose or fell, for whom, and what became
// slower. It knows counts only; where they come from is the caller's matter.
package change

// Slice says which calls are counted: those that agree with each field that is
// not empty.
type Slice struct {
	Code      string // of failures, as reports name it: 4001, android:2; "": calls whatever their code
	Operation string // operationType
	App       string // appId
	Version   string // of the client
	Host      string
}

// Hours is a number of calls for each hour of the day, by the clock on the wall
// of the log's zone. The hour that occurs twice when the clock is turned back
// holds both; the one that is left out has none.
type Hours [24]int64

// Total returns the number of calls of the whole day, 0 for nil.
func (h *Hours) Total() (n int64) {
	if h != nil {
		for _, x := range h {
			n += x
		}
	}
	return n
}

// Span is what was counted over one day, or over several that were added up.
type Span struct {
	// Days are the days of the span, as 2006-01-02, each with the hours in which
	// it has a record: bit 0 for 00:00 to 01:00.
	Days map[string]uint32
	// Counts holds calls by nothing (the zero Slice), by each of operationType,
	// app, version and host alone, failures by code alone, by code with one of
	// these, and by code with all four. A call that does not name its app, say,
	// is in no Slice that names one. Codes that are harmless are no failures.
	Counts map[Slice]*Hours
	// Folded tells of which kinds of Slice only the heaviest are in Counts: with
	// the fields set that the kind has (to any text). The least count of what was
	// left out is not above Missed.
	Folded []Slice
	Missed int64
	// Times are the durations of the calls of an operationType, and of all under
	// "".
	Times map[string]Times
}

// Times are the durations of calls: in total, and in the business system. Both
// may be nil, if they were not measured.
type Times struct{ Total, Backend Durations }

// Durations is a distribution of durations in milliseconds.
type Durations interface {
	Count() int64
	// Above returns how many are longer than ms, within the width of a bucket
	// (0.8 % of ms).
	Above(ms int64) int64
	// Quantile returns the duration that a share p of all do not exceed.
	Quantile(p float64) int64
}
