#!/usr/bin/env bash
# Checks on small logs that what bench.sh measures gives right answers: that
# all who count a digest log find the same numbers, and that mgslog reads of
# all kinds of logs what the generator put into them.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=testdata/bench/prepare.sh
source testdata/bench/prepare.sh

digest=$dir/verify-digest.log
error=$dir/verify-error.log
short=$dir/verify-short.log
for kind in digest error short; do
  make_log "$dir/verify-$kind.log" "$kind" --bytes 8MiB --truth "$dir/verify-$kind.log.truth"
done

# same NAME WANT GOT compares two files.
same() {
  if ! cmp -s "$2" "$3"; then
    echo "verify: error: $1 counts otherwise:" >&2
    diff "$2" "$3" | head >&2
    exit 1
  fi
}

# counts reads truth or export and counts as the peers do.
counts() {
  awk '
    function text(key) { return match($0, "\"" key "\":\"[^\"]*") ? substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 4) : "" }
    function number(key) { return match($0, "\"" key "\":[0-9]+") ? substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3) : "-" }
    {
      time = text("time")
      n[number("code") " " substr(time, 1, 10) " " substr(time, 12, 4) int(substr(time, 16, 1) / 5) * 5 " " text("operation_type")]++
    }
    END { for (key in n) print n[key], key }
  '
}

want=$dir/verify-digest.log.counts
counts <"$digest.truth" | sort >"$want"
[[ -s $want ]]
"$bin/mgslog" export "$digest" | counts | sort >"$want.mgslog"
same 'mgslog export' "$want" "$want.mgslog"
for peer in mawk naive duckdb; do
  [[ -z ${missing[$peer]:-} ]] || continue
  declare -n command=peer_$peer
  "${command[@]}" "$digest" | sort >"$want.$peer"
  same "$peer" "$want" "$want.$peer"
done

# What analyze reports of each code, against the same truth.
codes() { awk '{ n[$2] += $1 } END { for (code in n) if (code != "-") print n[code], code }' | sort; }
reported() {
  "$bin/mgslog" analyze --include-stress --output json "$1" |
    awk '
      /^  "codes": \[/ { inside = 1 }
      inside && /^      "code": / { gsub(/[^0-9]/, ""); code = $0 }
      inside && /^      "count": / { gsub(/[^0-9]/, ""); print $0, code }
      /^  \]/ { inside = 0 }
    ' | sort
}
for log in "$digest" "$error" "$short"; do
  counts <"$log.truth" | codes >"$log.codes"
  [[ -s $log.codes ]]
  reported "$log" >"$log.codes.mgslog"
  same 'mgslog analyze' "$log.codes" "$log.codes.mgslog"
done
echo "verify: mgslog$(for peer in mawk naive duckdb; do [[ -n ${missing[$peer]:-} ]] || printf ', %s' "$peer"; done) and the generator agree" >&2
