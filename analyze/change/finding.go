package change

// Kind is what happened.
type Kind uint8

// The kinds of findings.
const (
	New    Kind = iota // there were none in the days compared with
	Gone               // there are none any more
	Up                 // a greater share of the calls, or more calls
	Down               // a smaller share of the calls, or fewer calls
	Slower             // a greater share is longer than it was
	Faster             // a smaller share is longer than it was
)

// Measure is what was compared.
type Measure uint8

// The measures.
const (
	Calls    Measure = iota // number of calls in an hour
	Failures                // failures with a code, as a share of the calls that could have had it
	Total                   // total time
	Backend                 // time in the business system
)

// Finding is a difference that chance and the usual swing between days do not
// explain.
type Finding struct {
	Kind    Kind
	Measure Measure
	Slice   Slice

	Now      int64   // calls now, in the hours that are compared; for times: those longer than the 95th percentile before
	Expected float64 // how many they would be if nothing had changed
	Ratio    float64 // Now/Expected; +Inf where nothing was expected
	Of       int64   // calls that could have had it, now: those of the operationType if Slice has all fields

	// Of times: the 95th percentile before and now, in milliseconds.
	P95Before, P95Now int64

	P float64 // probability of so great a difference by chance, two-sided
	Q float64 // the same, corrected for the number of comparisons: the false discovery rate at which it is found

	// Mostly names the values that have most of the difference, one for each
	// field of Slice that is empty in Slice and dominated by one value; its other
	// fields are empty.
	Mostly Slice
	// Better tells that the change is for the good.
	Better bool
}
