// Package report turns what analyze has counted into a report: a model that
// holds every decision ([Build]), and renderers that only show it ([Report.Text],
// [Report.JSON]).
//
// Nothing here comes from the surroundings: the width of the terminal, colour,
// language, and the file names for suggested commands are handed in. Text that
// comes from a log, file names included, passes through [Printable] on its way
// to a terminal.
//
// The same package prints entries of the catalogue, for mgslog explain and
// mgslog codes.
package report
