# Read by bench.sh and verify.sh, which start in the top directory: builds the
# programs, looks which peers are there and knows how each of them is called.
# shellcheck shell=bash disable=SC2034

dir=.cache/bench
bin=$dir/bin
mkdir -p "$bin"

# Sorting, mawk's patterns and the report are to be the same everywhere.
export LC_ALL=C CGO_ENABLED=0

# Without the version control's state in it, so that a new commit alone makes
# no new generator, and with that no new logs.
build() { go build -buildvcs=false -trimpath -o "$bin/" "$@"; }
build ./cmd/mgslog ./cmd/loggen ./testdata/bench/naive ./testdata/bench/measure

# The logs depend on the generator: another one makes them anew.
made_by=$(cksum <"$bin/loggen")
if [[ $(cat "$dir/made-by" 2>/dev/null) != "$made_by" ]]; then
  rm -f "$dir"/*.log "$dir"/*.log.*
  echo "$made_by" >"$dir/made-by"
fi

# make_file FILE COMMAND... makes FILE of what the command writes, if it is not
# there. A command that is interrupted leaves none.
make_file() {
  local file=$1
  shift
  [[ -s $file ]] || { "$@" >"$file.part" && mv "$file.part" "$file"; }
}

# make_log FILE KIND ARGUMENT... makes a log, the same each time. The kinds are
# those of loggen, and short: an error log in which few records have a stack
# trace. In that of the kind error, all failures have.
make_log() {
  local file=$1 kind=$2
  shift 2
  case $kind in
    error) set -- --kind error --traces --frames 45 "$@" ;;
    short) set -- --kind error --frames 40 "$@" ;;
    *) set -- --kind "$kind" "$@" ;;
  esac
  make_file "$file" "$bin/loggen" --seed 1 --steady "$@"
}

# The peers; the name of the log follows. wc reads and counts line ends. mawk,
# naive and duckdb count by code, 5-minute window and operationType, a small
# part of what analyze does. zcat and zstd decompress, no more.
peer_wc=(wc -l)
peer_mawk=(mawk -f testdata/bench/count.awk)
peer_naive=("$bin/naive")
peer_duckdb=(node testdata/bench/duckdb.cjs)
peer_zcat=(zcat)
peer_zstd=(zstd -dc)

# missing says of each peer that is not there why.
declare -A missing=()
for program in mawk zstd; do
  command -v "$program" >/dev/null || missing[$program]="$program is missing"
done

duckdb_version=1.5.6-r.1
duckdb_package=@duckdb/node-api
export NODE_PATH=$PWD/$dir/node_modules
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  missing[duckdb]='node and npm are missing'
elif ! grep -qs "\"version\": \"$duckdb_version\"" "$NODE_PATH/$duckdb_package/package.json" &&
  ! npm install --prefix "$dir" --no-save --no-audit --no-fund --ignore-scripts \
    "$duckdb_package@$duckdb_version" >"$dir/npm.out" 2>&1; then
  missing[duckdb]="npm could not install $duckdb_package@$duckdb_version, see $dir/npm.out"
fi
