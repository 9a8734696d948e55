// Package report turns what analyze has counted into a report: a model that
// holds every decision ([Build]), and renderers that only show it ([Report.Text],
// [Report.JSON]).
//
// Nothing here comes from the surroundings: the width of the terminal, colour,
// language, and the file names for suggested commands are handed in. Text that
// comes from a log, file names included, passes through [Printable] on its way
// to a terminal.
//
// A day is summed up by [BuildDaily], and two summaries are compared by
// [BuildDiff]; text and HTML of these are made of one document, so that they say
// the same.
//
// The same package prints entries of the catalogue, for mgslog explain and
// mgslog codes.
package report
