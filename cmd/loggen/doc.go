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
//	loggen --kind hostile --out DIR
//	loggen --list
//
// Two kinds (digest, spi-digest) follow a documented format. The others
// (error, monitor, default) have no public layout, so loggen makes up many
// that differ as much as real configurations do, and strews in numbers that
// look like result codes and are none.
//
// To add a layout, write one function in the file of its kind and name it in
// that file's list; then run go test -run Generated -update ./cmd/loggen.
package main
