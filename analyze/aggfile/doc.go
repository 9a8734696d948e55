// Package aggfile is the container in which aggregates are kept in files and
// sent from host to host. It holds two parts, a small head and a big body,
// and knows nothing of what is in them.
//
// # The file
//
// One line of ASCII, so that head -1 shows what the file is, then the two
// parts, each compressed by Zstandard (RFC 8878):
//
//	mgslog-aggregate 1 head 312 1024 SHA256 body 48231 901233 SHA256
//
// The numbers behind a part's name are the length of what is stored and of
// what it decompresses to, in bytes; the checksum is that of what is stored, so
// that nothing damaged is ever decompressed. SHA-256 (FIPS 180-4) rather than a
// CRC: a month of a fleet goes over many disks and links, and the lengths of a
// file are no bound on the errors that a CRC finds. The number behind the name
// is the version of the format; a reader tells a later one from damage.
//
// The same parts give the same bytes, as long as the same version of the
// compressor writes them.
//
// # The text
//
// Programs that run a command on many hosts (pssh, pdsh, ansible) pass text on,
// not bytes: they put the host's name before lines, lines of their own between
// them, and mix the lines of several hosts. So a file is also written as lines
// that are each recognised wherever they stand in a line of output:
//
//	mgslog-frame;1;0f3a52c19b7e4d60;0/147;gw-1:48331:SHA256;9ae0daaf;
//	mgslog-frame;1;0f3a52c19b7e4d60;1/147;BASE64;1c291ca3;
//
// The fields are the version, the name of the stream of lines, the number of
// the line and of the last, what it carries, and the CRC-32C (RFC 3720, B.4) of
// all fields before it, in hexadecimal. Line 0 carries the host, as in a
// query of a URL, and the file's length and checksum; the others carry 330
// bytes of the file each, the last one the rest, in base64 (RFC 4648). The
// stream is named by the first 64 bits of the SHA-256 of the host, a zero byte
// and the file's checksum; so two streams are never taken for one, and the same
// file sent twice is. Later versions may change all but the token, the version
// and the stream's name, so that this one can tell what it cannot read.
package aggfile
