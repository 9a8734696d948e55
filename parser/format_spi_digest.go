package parser

// The fields of a line of the SPI's page-digest.log on a business host:
//
//	time - (operationType,productId,productVersion,elapsed,result Y/N,result code,uniqueId)
//
// Source: help page 64293 of the vendor, editions of 2021-01, 2023-04 and 2026-01.
const (
	spiOperationType = iota
	spiProductID
	spiProductVersion
	spiElapsed
	spiResult
	spiCode
	spiUniqueID
	spiFields // how many there are
)

// spiDigest reads the fields of an SPI digest line into r. It reports false
// if the line has no result code where the documents put it.
func spiDigest(f *[digestFields][]byte, n int, r *Record) bool {
	if n <= spiCode || n > len(f) || !digestOutcome(r, f[spiResult], f[spiCode], f[spiElapsed]) {
		return false
	}
	r.Format = SPIDigest
	r.OperationType = value(f[spiOperationType])
	r.ClientVersion = value(f[spiProductVersion])
	switch {
	case n < spiFields:
		r.Irregular |= FieldsMissing
	case n > spiFields:
		r.Irregular |= FieldsExtra
	}
	if n > spiUniqueID {
		r.TraceID = value(f[spiUniqueID])
	}
	return true
}
