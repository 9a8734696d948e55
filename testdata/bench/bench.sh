#!/usr/bin/env bash
# Measures mgslog beside what a user would run instead, in rounds that take all
# commands in turn, and holds the medians against the targets. BENCHMARKS.md
# tells what each row means and what has to be installed.
#
#   testdata/bench/bench.sh               1 GiB of each log, 5 rounds
#   testdata/bench/bench.sh --markdown    the same, for BENCHMARKS.md
#   SIZE=64MiB ROUNDS=3 testdata/bench/bench.sh
#
# CORES=2,3 takes these two cores instead of 0 and 1. A target that is missed
# is no error: the exit code tells only whether everything could be run.
set -euo pipefail
cd "$(dirname "$0")/../.."

markdown=false
case "$*" in
  '') ;;
  --markdown) markdown=true ;;
  *)
    echo 'usage: [SIZE=1GiB] [ROUNDS=5] [CORES=0,1] testdata/bench/bench.sh [--markdown]' >&2
    exit 2
    ;;
esac
size=${SIZE:-1GiB}
rounds=${ROUNDS:-5}
cores=${CORES:-0,1}
small_runs=21 # of a log that takes milliseconds

testdata/bench/verify.sh
# shellcheck source=testdata/bench/prepare.sh
source testdata/bench/prepare.sh

# --- Logs -------------------------------------------------------------------

bytes=$(numfmt --from=auto --suffix=B "$size")
bytes=${bytes%B}
digest=$dir/digest-$size.log
error=$dir/error-$size.log
short=$dir/short-$size.log
distinct=$dir/distinct-$size.log
small=$dir/small.log
echo 'bench: making what is missing of the logs' >&2
make_log "$digest" digest --bytes "$bytes"
make_log "$error" error --bytes "$bytes"
make_log "$short" short --bytes "$bytes"
make_log "$small" digest --bytes 1MB
make_file "$digest.gz" gzip -6 -c "$digest"
[[ -n ${missing[zstd]:-} ]] || make_file "$digest.zst" zstd -q -c "$digest"

# 10 million records with 1 GiB, so that a smaller run is one of the same kind.
keys=$((10000000 * bytes / 1024 / 1024 / 1024))
make_log "$distinct" digest --records "$keys" --distinct

# Eight times as much, in as many days.
digest_big=$dir/digest-8x$size.log
error_big=$dir/error-8x$size.log
free=$(($(df -Pk "$dir" | awk 'NR == 2 { print $4 }') * 1024))
if [[ -s $digest_big && -s $error_big ]] || ((free >= 20 * bytes)); then
  make_log "$digest_big" digest --bytes $((8 * bytes)) --span 192h
  make_log "$error_big" error --bytes $((8 * bytes)) --span 192h
else
  missing[peak_digest_big]="less than 20 times $size of disk is free"
  missing[peak_error_big]=${missing[peak_digest_big]}
fi
# A log that was read back from the disk may lie in smaller pieces in the page cache
# than one as it was written, and every command takes longer to read it. Written
# anew, it is the same in each run.
for log in "$digest" "$error" "$short"; do
  cat "$log" >"$log.part"
  mv "$log.part" "$log"
done
sync -f "$dir" # else the disk is written to while the clock runs

# What is timed has to come from memory.
timed=$(cat "$digest" "$digest".* "$error" "$short" | wc -c)
if (($(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo) * 1024 < timed)); then
  echo 'bench: warning: the logs do not fit in memory; the times are those of the disk' >&2
fi

# --- Measuring --------------------------------------------------------------

results=$dir/results # lines of: name, round, microseconds of CPU and wall, KiB
: >"$results"

# run NAME COMMAND... measures a command in this round.
run() {
  local name=$1 taken
  shift
  taken=$("$bin/measure" "$@")
  echo "$name $round $taken" >>"$results"
}

# run_peer PEER LOG [PREFIX]... measures a peer, unless it is not there.
run_peer() {
  [[ -z ${missing[$1]:-} ]] || return 0
  declare -n command=peer_$1
  run "$1" "${@:3}" "${command[@]}" "$2"
}

mgslog=$bin/mgslog
on_one=(taskset -c "${cores%%,*}")
on_two=(taskset -c "$cores")

for ((round = 1; round <= small_runs; round++)); do
  run small "$mgslog" analyze "$small"
done

# What is compared runs as near to each other as can be: a machine that others
# use is not equally fast all the time.
for ((round = 1; round <= rounds; round++)); do
  echo "bench: round $round of $rounds" >&2
  run_peer wc "$digest"
  run one "${on_one[@]}" "$mgslog" analyze --jobs 1 "$digest"
  run two "${on_two[@]}" "$mgslog" analyze --jobs 2 "$digest"
  run_peer duckdb "$digest" "${on_two[@]}"
  run_peer mawk "$digest"
  run_peer naive "$digest"
  run wc_error "${peer_wc[@]}" "$error"
  run error "${on_one[@]}" "$mgslog" analyze --jobs 1 "$error"
  run wc_short "${peer_wc[@]}" "$short"
  run short "${on_one[@]}" "$mgslog" analyze --jobs 1 "$short"
  run_peer zcat "$digest.gz"
  run gz "${on_two[@]}" "$mgslog" analyze --jobs 2 "$digest.gz"
  if [[ -z ${missing[zstd]:-} ]]; then
    run_peer zstd "$digest.zst"
    run zst "${on_two[@]}" "$mgslog" analyze --jobs 2 "$digest.zst"
  fi
  run export "${on_two[@]}" "$mgslog" export "$digest"
done

# The large logs come last, since they drive the others out of the page cache.
for ((round = 1; round <= rounds; round++)); do
  echo "bench: peak memory, round $round of $rounds" >&2
  for log in digest error distinct digest_big error_big; do
    [[ -z ${missing[peak_$log]:-} ]] || continue
    run "peak_$log" "${on_two[@]}" "$mgslog" analyze --jobs 2 "${!log}"
  done
done

# --- The table --------------------------------------------------------------

# measured A B prints the median of A divided by B over the rounds, then the
# lowest and the highest. Each is a number or a result, as wc.cpu.
measured() {
  awk -v a="$1" -v b="$2" '
    function value(term, round,   part) {
      if (term ~ /^[0-9]+$/) return term
      split(term, part, ".")
      return result[part[1], round, part[2]]
    }
    {
      result[$1, $2, "cpu"] = $3
      result[$1, $2, "wall"] = $4
      result[$1, $2, "peak"] = $5
      if ($2 > rounds) rounds = $2
    }
    END {
      for (round = 1; round <= rounds; round++) {
        if (value(a, round) == "" || value(b, round) == "") continue
        v = value(a, round) / value(b, round)
        for (i = n++; i > 0 && sorted[i - 1] > v; i--) sorted[i] = sorted[i - 1]
        sorted[i] = v
      }
      if (n) print (sorted[int((n - 1) / 2)] + sorted[int(n / 2)]) / 2, sorted[0], sorted[n - 1]
    }
  ' "$results"
}

table=$dir/table
: >"$table"

# row LIMIT UNIT AIM WHAT A B adds a row: WHAT is A divided by B, and should be
# LIMIT, as "<=6"; AIM is told beside it. "-" is no limit.
row() {
  local limit=$1 unit=$2 aim=$3 what=$4 a=$5 b=$6 value name why=
  value=$(measured "$a" "$b")
  if [[ -z $value ]]; then
    for name in "${a%.*}" "${b%.*}"; do
      why=${why:-${missing[$name]:-}}
    done
  fi
  awk -v limit="$limit" -v unit="$unit" -v aim="$aim" -v what="$what" -v value="$value" -v why="$why" '
    function figure(x) { return sprintf(x < 9.995 ? "%.2f" : x < 99.95 ? "%.1f" : "%.0f", x) }
    BEGIN {
      op = substr(limit, 1, 2)
      bound = substr(limit, 3) + 0
      target = limit == "-" ? "-" : (op == "<=" ? "at most " : "at least ") bound unit (aim ? " (aim: " aim unit ")" : "")
      if (value == "") {
        print what "\t" target "\tnot measured\t-\t" why
      } else {
        split(value, v, " ")
        kept = op == "<=" ? v[1] <= bound : v[1] >= bound
        print what "\t" target "\t" figure(v[1]) unit "\t" figure(v[2]) " to " figure(v[3]) "\t" (limit == "-" ? "" : kept ? "ok" : "MISSED")
      }
    }
  ' >>"$table"
}

digest_bytes=$(wc -c <"$digest")
error_bytes=$(wc -c <"$error")
short_bytes=$(wc -c <"$short")

row '<=6' x 4.5 'digest log, one job: CPU time against wc -l' one.cpu wc.cpu
row '>=6' x 8 'digest log, one job: CPU time, mawk against mgslog' mawk.cpu one.cpu
row '<=3.5' x '' 'digest log, two jobs: wall time against wc -l' two.wall wc.wall
row '>=5' x '' 'digest log, two jobs: wall time, DuckDB against mgslog' duckdb.wall two.wall
row '>=1.7' x '' 'digest log: wall time, one core against two' one.wall two.wall
row '<=6' x 3.5 'error log, one job: CPU time against wc -l' error.cpu wc_error.cpu
row - x '' 'error log of short records, one job: CPU time against wc -l' short.cpu wc_short.cpu
row '<=1' x '' 'digest log, gzip: wall time against zcat' gz.wall zcat.wall
row '<=1.3' x '' 'digest log, zstd: wall time against zstd -dc' zst.wall zstd.wall
row '<=64' ' MiB' '' "peak memory: digest log, $size" peak_digest.peak 1024
row '<=64' ' MiB' '' "peak memory: digest log, 8 times $size" peak_digest_big.peak 1024
row '<=64' ' MiB' '' "peak memory: error log, $size" peak_error.peak 1024
row '<=64' ' MiB' '' "peak memory: error log, 8 times $size" peak_error_big.peak 1024
row '<=64' ' MiB' '' "peak memory: digest log, $keys records, all keys distinct" peak_distinct.peak 1024
row '<=1.1' x '' "peak memory, digest log: 8 times $size against $size" peak_digest_big.peak peak_digest.peak
row '<=1.1' x '' "peak memory, error log: 8 times $size against $size" peak_error_big.peak peak_error.peak
row '<=1.1' x '' "peak memory, digest log: all keys distinct against $size" peak_distinct.peak peak_digest.peak
row '<=25' ' ms' '' 'log of 1 MB, from start to report: wall time' small.wall 1000
row '>=300' ' MB/s' '' 'export of the digest log to NDJSON, two cores: input' "$digest_bytes" export.wall

# And the times themselves, for orientation.
times=$dir/times
: >"$times"

# time_of NAME BYTES WHAT adds a row; BYTES of log were read, decompressed.
time_of() {
  local cpu wall peak
  cpu=$(measured "$1.cpu" 1000000)
  wall=$(measured "$1.wall" 1000000)
  peak=$(measured "$1.peak" 1024)
  [[ -n $cpu ]] || return 0
  awk -v what="$3" -v cpu="${cpu%% *}" -v wall="${wall%% *}" -v peak="${peak%% *}" -v bytes="$2" \
    'BEGIN { printf "%s\t%.3f\t%.3f\t%.0f\t%.0f\n", what, cpu, wall, bytes / wall / 1e6, peak }' >>"$times"
}
time_of wc "$digest_bytes" 'wc -l, digest log'
time_of one "$digest_bytes" 'mgslog analyze, one job'
time_of two "$digest_bytes" 'mgslog analyze, two jobs'
time_of duckdb "$digest_bytes" 'DuckDB, two threads'
time_of mawk "$digest_bytes" 'mawk'
time_of naive "$digest_bytes" 'Go, bufio.Scanner and regexp'
time_of wc_error "$error_bytes" 'wc -l, error log'
time_of error "$error_bytes" 'mgslog analyze, one job, error log'
time_of wc_short "$short_bytes" 'wc -l, error log of short records'
time_of short "$short_bytes" 'mgslog analyze, one job, error log of short records'
time_of zcat "$digest_bytes" 'zcat'
time_of gz "$digest_bytes" 'mgslog analyze, gzip'
time_of zstd "$digest_bytes" 'zstd -dc'
time_of zst "$digest_bytes" 'mgslog analyze, zstd'
time_of export "$digest_bytes" 'mgslog export'

# show prints a table of tab-separated columns, in columns or as Markdown.
show() {
  awk -F '\t' -v markdown="$markdown" '
    {
      for (i = 1; i <= NF; i++) {
        cell[NR, i] = $i
        if (length($i) > width[i]) width[i] = length($i)
      }
    }
    END {
      for (r = 1; r <= NR; r++) {
        line = ""
        for (i = 1; i <= NF; i++) {
          if (markdown == "true") line = line "| " cell[r, i] " "
          else line = line sprintf(i < NF ? "%-" width[i] + 2 "s" : "%s", cell[r, i])
        }
        print markdown == "true" ? line "|" : line
        if (r == 1 && markdown == "true") { gsub(/[^|]+/, "---", line); print line "|" }
      }
    }
  '
}

# with PEER COMMAND... prints the name and the version of a peer that is there.
with() {
  [[ -n ${missing[$1]:-} ]] || echo ", $1 $("${@:2}" 2>&1 | grep -o '[0-9]*\.[0-9.]*[0-9]' | sed -n 1p)"
}
echo "Medians of $rounds rounds; $size; $(nproc) cores, $(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo);" \
  "$(go env GOVERSION)$(with wc wc --version)$(with mawk mawk -W version)$(with zcat zcat --version)$(
    with zstd zstd --version
  )$(with duckdb echo "$duckdb_version")."
echo
{ printf 'what\ttarget\tmeasured\tlowest to highest\t\n' && cat "$table"; } | show
echo
echo 'The times themselves differ from machine to machine, and from hour to hour:'
echo
{ printf 'command\tCPU s\twall s\tMB/s\tpeak MiB\n' && cat "$times"; } | show
