// Command loggen writes synthetic gateway and business-system logs together
// with the truth about them: for every record its lines, its result code and
// the evidence that states it. It is the yardstick for the parser and so
// imports nothing of this module; what it knows it knows from the vendor's
// public pages.
//
// The same flags and the same seed give the same bytes. Output is streamed,
// so that the size of a log is bounded by the disk only.
//
//	loggen --kind digest --bytes 1GiB --seed 1 --out gateway-page-digest.log
//	loggen --kind digest --records 10000000 --distinct --out many-keys.log
//	loggen --kind error --layout 3 --records 200 --out e.log --truth e.truth.jsonl
//	loggen --kind digest --host 1 --start "2026-03-04 00:00:00" --days 1 --daily 30000 --weekend 0.6 \
//		--noise 0.1 --incident-span 0 --plant "rate,code=4002,by=2,from=2026-03-04 09:00" --out day.log
//	loggen --kind hostile --out DIR
//	loggen --list
//
// Two kinds (digest, spi-digest) follow a documented format. The others
// (error, monitor, default) have no public layout, so loggen makes up many
// that differ as much as real configurations do, and strews in numbers that
// look like result codes and are none.
//
// A month of a fleet is made a file at a time, with one seed: --host, --start and
// --days pick the file, --daily and --weekend give it its traffic. Without an
// incident and without plants every day of it is quiet, but for the swing of
// --noise. A --plant changes something from a time on, see plant.go.
//
// To add a layout, write one function in the file of its kind and name it in
// that file's list; then run go test -run Generated -update ./cmd/loggen.
package main
