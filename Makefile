# The build of mgslog. "make help" lists what there is to make.
#
# Go, git and GNU make are enough for build, test, bench, golden, man and demo.
# The race detector also wants a C compiler, and the checkers are fetched and
# built at the versions named here; .bin holds them and is not committed.

SHELL := /bin/sh
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:

GO        ?= go
BIN       := .bin
FUZZTIME  ?= 30s
ROTATIONS ?= 1000

# --- Tools, pinned ----------------------------------------------------------
#
# A stamp names the version of the tool and of the Go release that built it:
# a new version of either builds the tool anew, and nothing else does. (A
# checker built by an older Go refuses to read the sources of a newer one.)

GOFUMPT_VERSION     := v0.12.0
STATICCHECK_VERSION := v0.8.2

GO_VERSION  := $(shell $(GO) env GOVERSION)
GOFUMPT     := $(BIN)/.gofumpt-$(GOFUMPT_VERSION)-$(GO_VERSION)
STATICCHECK := $(BIN)/.staticcheck-$(STATICCHECK_VERSION)-$(GO_VERSION)

# $(call install,NAME,PACKAGE,VERSION) builds one tool; the target is its stamp.
# GOFLAGS is emptied because flags meant for mgslog (-mod=vendor, -race) need
# not suit a tool.
define install
@echo "installing $(1) $(3)"
@mkdir -p $(BIN)
@rm -f $(BIN)/.$(1)-* $(BIN)/$(1)
@GOFLAGS= GOBIN="$(CURDIR)/$(BIN)" $(GO) install $(2)@$(3)
@touch $@
endef

$(GOFUMPT):
	$(call install,gofumpt,mvdan.cc/gofumpt,$(GOFUMPT_VERSION))

$(STATICCHECK):
	$(call install,staticcheck,honnef.co/go/tools/cmd/staticcheck,$(STATICCHECK_VERSION))

# --- Version ----------------------------------------------------------------
#
# Asked of git and handed to the linker, not left to the stamping of the go
# command, which many build environments switch off. Only a .git of our own
# counts: a release archive unpacked inside some other checkout must not take
# that one's version. A packager gives both on the command line; the environment
# does not count, since VERSION in it is rarely ours.

VERSION = $(if $(wildcard .git),$(or $(shell git describe --always --dirty --tags 2>/dev/null),unknown),unknown)
COMMIT  = $(if $(wildcard .git),$(or $(shell git rev-parse HEAD 2>/dev/null),unknown),unknown)
LDFLAGS  = -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)

# --- What there is to make --------------------------------------------------

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: ## build ./mgslog, static and reproducible
	CGO_ENABLED=0 $(GO) build -buildvcs=false -trimpath -ldflags '$(LDFLAGS)' -o mgslog ./cmd/mgslog

.PHONY: demo
demo: build ## build mgslog and analyse a sample log
	./mgslog analyze testdata/demo/gateway-error.log

.PHONY: test
test: ## run all tests, and all fuzz targets on their seeds
	$(GO) test ./...

# The race detector is written in C. Without a compiler the tests still run,
# shuffled, and say what they did not look at; in CI that would be a check that
# silently checks less, so there it is an error. The storms are left out: they are
# processes of one goroutine each, which take minutes then, and "make test" has them.
# So is the month, which reads two million records in ways that other tests race,
# and so are the simulations of package change and the generator of logs, which
# have no goroutines.
.PHONY: race
race: ## run all tests in random order under the race detector
	@cc=$$($(GO) env CC); \
	if echo '#include <stdlib.h>' | $$cc -E - >/dev/null 2>&1; then \
		packages=$$($(GO) list ./... | grep -v '/cmd/loggen$$'); \
		echo 'CGO_ENABLED=1 $(GO) test -race -shuffle=on -skip "^Test((Tail)?Storm|Month|QuietDays|Power)$$"' $$packages; \
		CGO_ENABLED=1 $(GO) test -race -shuffle=on -skip '^Test((Tail)?Storm|Month|QuietDays|Power)$$' $$packages; \
	elif [ -n "$$CI" ]; then \
		echo "make: error: the race detector needs a C compiler and its headers; '$$cc' does not work" >&2; \
		exit 1; \
	else \
		echo "make: warning: '$$cc' does not work, so the tests run WITHOUT the race detector" >&2; \
		$(GO) test -shuffle=on ./...; \
	fi

# Each target gets FUZZTIME of its own. The list comes from the go command, so
# a new target is fuzzed without being named here; none at all is an error.
.PHONY: fuzz
fuzz: ## fuzz every fuzz target for FUZZTIME (30s) each
	@set -e; found=0; \
	packages=$$($(GO) list ./...); \
	for package in $$packages; do \
		listed=$$($(GO) test -list '^Fuzz' $$package); \
		for target in $$listed; do \
			case $$target in Fuzz*) ;; *) continue ;; esac; \
			found=$$((found + 1)); \
			echo "== $$package $$target for $(FUZZTIME)"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done; \
	if [ $$found -eq 0 ]; then echo 'make: error: no fuzz target found' >&2; exit 1; fi; \
	echo "fuzzed $$found targets"

# The tests have a storm of 200 rotations a case; this one is at the pace of real
# programs, with hpcloud/tail beside the Follower, and takes an hour. Its
# table goes into the documentation of parser/source.
.PHONY: storm
storm: ## follow a log through ROTATIONS (1000) rotations of each kind
	MGSLOG_STORM=$(ROTATIONS) $(GO) test -count=1 -timeout 3h -run '^TestStorm$$' -v ./parser/source

.PHONY: bench
bench: ## run the benchmarks, then measure mgslog against its targets
	$(GO) test -run '^$$' -bench . -benchmem ./...
	testdata/bench/bench.sh

# go build takes the profile into account wherever mgslog is built: what it shows
# to be called often is inlined, which makes a digest log a tenth cheaper. It is
# worth renewing when the paths of a digest or an error log have changed much.
.PHONY: pgo
pgo: ## renew the profile by which the compiler optimises
	@set -e; bash -c '. testdata/bench/prepare.sh && make_log "$$dir/pgo-digest.log" digest --bytes 512MiB && make_log "$$dir/pgo-error.log" error --bytes 256MiB && make_log "$$dir/pgo-short.log" short --bytes 128MiB'
	@set -e; dir=.cache/bench; for run in 1 2 3 4 5 6 7 8; do \
		for kind in digest error short; do \
			$$dir/bin/mgslog analyze --jobs 1 --cpuprofile $$dir/$$kind-$$run.prof $$dir/pgo-$$kind.log >/dev/null; \
		done; \
	done; \
	$$dir/bin/mgslog export --jobs 1 --cpuprofile $$dir/export.prof $$dir/pgo-digest.log >/dev/null; \
	$(GO) tool pprof -proto $$dir/digest-?.prof $$dir/error-?.prof $$dir/short-?.prof $$dir/export.prof >$$dir/default.pgo; \
	mv $$dir/default.pgo cmd/mgslog/default.pgo; \
	rm $$dir/*.prof

# Only packages whose tests know the flag are asked to rewrite: the others
# would refuse it.
.PHONY: golden
golden: ## rewrite the golden files; read the diff before you commit it
	@set -e; \
	files=$$(grep -rl --include='*_test.go' '"update"' report cmd) || files=; \
	packages=$$(for f in $$files; do echo "./$${f%/*}"; done | sort -u); \
	if [ -z "$$packages" ]; then echo 'make: error: no test defines the flag -update' >&2; exit 1; fi; \
	echo $(GO) test $$packages -update; \
	$(GO) test $$packages -update

.PHONY: man
man: ## write the manual pages to man/
	$(GO) run -buildvcs=false ./cmd/mgslog man --dir man

# --- Checks -----------------------------------------------------------------

.PHONY: check
check: format vet staticcheck modernize modules race ## everything a change must pass; CI runs exactly this

# Top-level directories rather than ".", so that a module cache or a built tool
# in a dot directory is not ours to format.
SOURCE_DIRS := $(filter-out testdata/ man/ dist/,$(sort $(wildcard */)))

.PHONY: fmt
fmt: $(GOFUMPT) ## format the source in place
	$(BIN)/gofumpt -l -w $(SOURCE_DIRS)

.PHONY: format
format: $(GOFUMPT)
	@echo '$(BIN)/gofumpt -l $(SOURCE_DIRS)'
	@bad=$$($(BIN)/gofumpt -l $(SOURCE_DIRS)) || exit 1; \
	if [ -n "$$bad" ]; then \
		echo "$$bad"; \
		echo 'make: error: these files are not formatted; run "make fmt"' >&2; \
		exit 1; \
	fi

.PHONY: vet
vet: ## run go vet
	$(GO) vet ./...

.PHONY: staticcheck
staticcheck: $(STATICCHECK)
	$(BIN)/staticcheck ./...

.PHONY: modernize
modernize:
	$(GO) fix -diff ./...

.PHONY: modules
modules:
	$(GO) mod tidy -diff
	$(GO) mod verify

# Part of the tests already; here by itself for a quick answer.
.PHONY: layering
layering: ## check which room imports what
	$(GO) test -count=1 -run '^TestLayering' ./cmd/mgslog

.PHONY: clean
clean: ## remove what was built here, except the tools in .bin
	rm -rf mgslog loggen man dist
	rm -f *.test *.prof
