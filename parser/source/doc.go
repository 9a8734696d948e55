// Package source turns what the user named into text: files, standard input,
// directories and patterns, compressed or not, in UTF-8 or another encoding. It
// is the only room that knows where bytes come from.
//
// [Open] reads an input to its end. A [Follower] goes on with what is written to
// the file of a path, whatever rotation does to it.
//
// # Why the Follower reads itself
//
// The package that mgslog's user chose for following is github.com/hpcloud/tail.
// It is here as the [Bell], which makes a quiet log's next line appear at once,
// and not as the reader, because as a reader it loses lines, in any setting: it
// closes a file when it sees that this was renamed, with all that was not read of
// it or is still written to it; it sees a truncation only if the file is shorter
// than before when it looks; it watches a name, which may be another file's by
// then; and if the stat of that name fails otherwise than by "not exist", it ends
// the process. Keeping the file open, comparing what stands before the place of
// reading and looking for what else there is beside the path find all that. A
// poll is what makes it right; and as each event of a busy log is a wake-up of
// its own, a poll is cheaper too.
//
// Lines lost/doubled of about 500,000 written in 500 rotations (c, with U, and g
// with corrupt ones; 30,000 in x), and microseconds of CPU time a line, by make
// storm on 2 cores, 2026-11-22. A process of its own writes 5,000 numbered lines a
// second with checksums, every eighth event of four lines; polls are 100 ms apart,
// hpcloud/tail's 250, which is its own. U are lines that were on no file any more
// before anybody looked. A reader that opens the name anew when it changes, as
// tail -F does, is the last column.
//
//	case                        Follower    with Bell   hpcloud inotify   hpcloud poll     tail -F
//	a rename, create            0/0   5.2   0/0   9.0   185/40     33.1   281340/0         114521/0
//	b a, old one written on     0/0   4.1   0/0   7.4   321713/55  21.6   763023/0, died   437730/0
//	c copy, truncate            U     4.9   U     8.6   863/0, U108       334875/0, 168    117900/0, 8
//	d delete, create            0/0   3.5   0/0   8.2   501734/4          279705/0         132347/0
//	e rename, later create      0/0   6.7   0/0  10.7   5009/113          482765/0, died   119085/0
//	f half a line               0/0   2.6   0/0   6.8   0/0        34.3   0/0              0/0
//	g truncate, longer at once  0/0   1.5   0/0   2.9   7519/0, 8         751364/0, 373    733240/0, 369
//	h half a line, rename       0/0   6.3   0/0  12.1   921/0             396333/0, died   118777/0
//	x every 3 to 20 ms          0/0  36.0   0/0  62.8   348/103           27686/0          26044/0
//	a, stopped and resumed      0/0
//	c, stopped and resumed      U (610 of 610)
//	a, killed and resumed       0/0, 29092 again since the state was saved
//	c, killed and resumed       U (1000 of 1004), 24362 again
//	x, killed and resumed       0/0, 2197 again
//
// In c the Follower lost 414 lines and U was 414; with the Bell 438, U 444. Died:
// the process was ended by the package. The versions: hpcloud/tail of 2018-05-14,
// the last.
package source
