#!/usr/bin/env bash
# Measures mgslog analyze beside what a user would run instead, as ratios of
# CPU time in one run: wc -l (reading alone), mawk and a plain Go program of
# bufio and regexp (counting by code, 5-minute window and operationType, which
# is a small part of what analyze does).
#
#   testdata/bench/bench.sh            256 MiB of each log, 5 rounds
#   SIZE=1GiB ROUNDS=7 testdata/bench/bench.sh
#
# The logs are made by cmd/loggen with a fixed seed and kept in .cache/bench.
# The rounds are interleaved; medians are printed. Absolute times mean little
# on a shared machine, ratios in one run do.
set -euo pipefail
cd "$(dirname "$0")/../.."

size=${SIZE:-256MiB}
rounds=${ROUNDS:-5}
dir=.cache/bench
bin=$dir/bin
mkdir -p "$bin"

command -v mawk >/dev/null || echo "bench: mawk is missing (Debian: apt-get install mawk), its rows are left out" >&2

export CGO_ENABLED=0
go build -o "$bin/mgslog" ./cmd/mgslog
go build -o "$bin/loggen" ./cmd/loggen
go build -o "$bin/naive" ./testdata/bench/naive

# The data depend on the generator: another one makes them anew.
mark=$dir/made-by
sum=$(cksum <"$bin/loggen")
if [ "$(cat "$mark" 2>/dev/null)" != "$sum" ]; then
	rm -f "$dir"/*.log "$mark"
	echo "$sum" >"$mark"
fi
make_log() { # kind file
	[ -s "$2" ] || { "$bin/loggen" --kind "$1" --seed 1 --bytes "$size" --steady --frames 40 --out "$2.part" && mv "$2.part" "$2"; }
}
digest=$dir/digest-$size.log
error=$dir/error-$size.log
make_log digest "$digest"
make_log error "$error"
cat "$digest" "$error" >/dev/null # into the page cache

mawk_digest='{ split($0, f, ","); k = f[10] " " substr($0, 1, 15) int(substr($0, 16, 1) / 5) " " f[6]; n[k]++ } END { for (k in n) print n[k], k }'
mawk_error='/^20[0-9][0-9]-/ { if (head) n[code " " cause]++; head = 1; code = "-"; cause = "-"; if (match($0, /(esult-?_?(Status|Code)|ERR_CODE)["=: ]*[0-9]+/)) code = substr($0, RSTART, RLENGTH) }
/^Caused by: / { cause = $3 } END { if (head) n[code " " cause]++; for (k in n) print n[k], k }'

# run NAME COMMAND... appends "NAME cpu wall peak" to the results.
results=$dir/results
: >"$results"
TIMEFORMAT='%U %S %R'
run() {
	local name=$1
	shift
	local t
	t=$({ time "$@" >/dev/null 2>"$dir/stderr"; } 2>&1) || { cat "$dir/stderr" >&2; echo "bench: $name failed" >&2; exit 1; }
	# shellcheck disable=SC2086
	set -- $t
	awk -v n="$name" -v u="$1" -v s="$2" -v w="$3" 'BEGIN { print n, u + s, w }' >>"$results"
}

for ((i = 0; i < rounds; i++)); do
	for kind in digest error; do
		log=${!kind}
		run "$kind:wc" wc -l "$log"
		run "$kind:mgslog" "$bin/mgslog" analyze --output json "$log"
		run "$kind:naive" "$bin/naive" "$kind" "$log"
		if command -v mawk >/dev/null; then
			script=mawk_$kind
			run "$kind:mawk" env LC_ALL=C mawk "${!script}" "$log"
		fi
	done
done

median() { # name column
	awk -v n="$1" -v c="$2" '$1 == n { print $c }' "$results" | sort -n | awk '{ v[NR] = $1 } END { if (NR) print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2; else print "-" }'
}

echo "medians of $rounds interleaved rounds, $size, $(nproc) cores, $(go version | cut -d' ' -f3)"
printf '%-8s %-8s %8s %8s %8s %10s %12s\n' log command 'cpu s' 'wall s' 'MB/cpu-s' 'cpu / wc' 'cpu / mgslog'
for kind in digest error; do
	bytes=$(wc -c <"${!kind}")
	wc=$(median "$kind:wc" 2)
	ours=$(median "$kind:mgslog" 2)
	for name in wc mgslog mawk naive; do
		cpu=$(median "$kind:$name" 2)
		[ "$cpu" = - ] && continue
		awk -v k="$kind" -v n="$name" -v c="$cpu" -v w="$(median "$kind:$name" 3)" -v b="$bytes" -v wc="$wc" -v o="$ours" \
			'BEGIN { if (c == 0) c = 0.001; printf "%-8s %-8s %8.2f %8.2f %8.0f %10.1f %12.2f\n", k, n, c, w, b / 1e6 / c, c / wc, c / o }'
	done
done

peak() { # peak resident memory of a command, where GNU time is installed
	if [ -x /usr/bin/time ]; then
		/usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -n 1
	fi
}
for kind in digest error; do
	kib=$(peak "$bin/mgslog" analyze "${!kind}")
	[ -z "$kib" ] || echo "peak memory of mgslog analyze, $kind log: $((kib / 1024)) MiB"
done
