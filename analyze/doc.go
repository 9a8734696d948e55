// Package analyze counts the records of logs by result code, time window and
// dimension, within bounds of memory that it states.
//
// It is the middle room: it takes typed records from parser and hands plain
// data, a [Summary], to report. An [Aggregator] is a value that merges: two
// of them over two inputs, merged in the inputs' order, say the same as one
// over both. It reads no clock and no file, and its output does not depend on
// scheduling or on the order of a map.
package analyze
