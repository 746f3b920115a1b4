# Makefile: builds, tests and checks kage. `make help` lists what there is to ask for.

PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := gcc
endif
COMPILER := $(if $(findstring clang,$(CC)),clang,gcc)
JOBS     := $(shell nproc 2>/dev/null || echo 1)

# One tree a configuration, so that release, sanitizer and lint builds do not disturb each other.
# V=1 shows the commands.
Q := $(if $(filter 1,$(V)),,@)
SAN    ?= 0
WERROR ?= 0
ifeq ($(SAN),1)
BUILD ?= build/san-$(COMPILER)
else
BUILD ?= build
endif
GEN := build/gen

WARN := -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -Wshadow \
	-Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wcast-qual -Wpointer-arith -Wformat=2 -Wundef -Wvla \
	-Wwrite-strings -Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion \
	-Wswitch-enum -fno-common
WARN_gcc   := -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wjump-misses-init -Wcast-align=strict
WARN_clang := -Wcomma -Wunreachable-code -Wassign-enum -Wmissing-variable-declarations \
	-Wshorten-64-to-32 -Wextra-semi -Wcast-align
HARDEN := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

# Warnings stop the builds of test and lint; a compiler younger than ours must not stop a user's.
ifeq ($(SAN)$(WERROR),00)
WARN := $(filter-out -Werror,$(WARN))
endif

# ISA-L exists for x86-64 and arm64; elsewhere zlib does its work.
HAVE_ISAL := $(shell $(CC) -include isa-l/igzip_lib.h -fsyntax-only -xc /dev/null 2>/dev/null && echo 1 || echo 0)

CPPFLAGS_ALL := -Isrc -DKAGE_HAVE_ISAL=$(HAVE_ISAL) $(CPPFLAGS)
ifeq ($(SAN),1)
CFLAGS_ALL  := $(SANITIZE) $(WARN) $(WARN_$(COMPILER)) -pthread $(CFLAGS)
LDFLAGS_ALL := $(SANITIZE) -pthread $(LDFLAGS)
else
CFLAGS_ALL  := $(HARDEN) $(WARN) $(WARN_$(COMPILER)) -pthread $(CFLAGS)
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now -pthread $(LDFLAGS)
endif
LIBS := -Wl,--as-needed -lz $(if $(filter 1,$(HAVE_ISAL)),-lisal) -lzstd -llzma -lbz2 -lcsv -lxxhash \
	-lcrypto -lpsl -lidn2 -lunistring -lpcre2-8 -linih -lmaxminddb -lsqlite3 -lxlsxwriter -lm

SRCS      := $(sort $(shell find src cmd -name '*.c'))
HEADERS   := $(sort $(shell find src cmd -name '*.h'))
TEST_SRCS := $(filter %_test.c,$(SRCS))
FUZZ_SRCS := $(filter %_fuzz.c,$(SRCS))
CODE_SRCS := $(filter-out $(TEST_SRCS) $(FUZZ_SRCS),$(SRCS))

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJS  := $(call objects,$(filter src/%,$(CODE_SRCS))) $(patsubst %,$(BUILD)/obj/gen/%.o,signatures builtin_image formats schema guides)
KAGE_OBJS := $(call objects,$(filter cmd/kage/%,$(CODE_SRCS)))
GEN_OBJS  := $(call objects,$(filter cmd/kage-gen/%,$(CODE_SRCS)))
BENCH_OBJS := $(call objects,$(filter cmd/bench/%,$(CODE_SRCS)))
BENCHES   := $(patsubst cmd/bench/%.c,$(BUILD)/bench-%,$(filter cmd/bench/%,$(CODE_SRCS)))
OBJS      := $(LIB_OBJS) $(KAGE_OBJS) $(GEN_OBJS) $(BENCH_OBJS)
TESTS     := $(patsubst %.c,$(BUILD)/test/%,$(TEST_SRCS))
FUZZERS   := $(patsubst %.c,$(BUILD)/fuzz/%,$(FUZZ_SRCS))

# `make` alone builds with one job; the targets that call make again use every processor.
SUBMAKE = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all demo test lint acceptance differential fuzz bench install uninstall clean deps help \
	run-tests run-fuzzers compile check-tidy check-format check-layers check-headers check-globals FORCE

## all: the program build/kage and the log generator build/kage-gen
all: $(BUILD)/kage $(BUILD)/kage-gen

## demo: install what the build needs, build, scan the sample archives of testdata/logs
demo:
	@.ci/deps build
	@$(SUBMAKE) all
	build/kage scan -z Asia/Tokyo testdata/logs
	build/kage scan -z Asia/Tokyo --quiet --csv -o build/demo.csv testdata/logs
	@echo "The same as CSV is in build/demo.csv"

## test: install what the tests need, build with sanitizers, run all tests (CC=clang for the other compiler)
test:
	@.ci/deps build test $(filter clang,$(COMPILER))
	@$(SUBMAKE) SAN=1 run-tests

## lint: warnings of gcc and clang as errors, clang-format, clang-tidy, layers, headers, globals
lint:
	@.ci/deps build test clang lint
	@$(SUBMAKE) BUILD=build/lint-gcc CC=gcc WERROR=1 compile check-globals
	@$(SUBMAKE) BUILD=build/lint-clang CC=clang WERROR=1 check-tidy check-headers check-layers check-format
	@echo "lint: nothing to say"

## acceptance: compare with the logs and truths of ../shared, where they are (ACCEPTANCE=--verbose)
acceptance:
	@if [ -d ../shared/real ]; then \
	  .ci/deps build acceptance && $(SUBMAKE) all && cmd/acceptance/run build/kage ../shared $(ACCEPTANCE); \
	else echo "acceptance: skipped: ../shared with its logs and truths is not here"; fi

## differential: all tests on the optimised build; then what its SIMD code and its scalar code read out of mangled logs is compared
differential:
	@.ci/deps build test acceptance
	@$(SUBMAKE) all run-tests
	@$(SUBMAKE) BUILD=build/scalar CPPFLAGS='$(CPPFLAGS) -U__SSE2__' build/scalar/kage
	@cmd/differential/run $(BUILD)/kage build/scalar/kage $(BUILD)/kage-gen

## fuzz: every *_fuzz.c for FUZZ_SECONDS (default 20), or FUZZ_RUNS inputs, with libFuzzer and sanitizers
FUZZ_SECONDS ?= 20
export FUZZ_SECONDS FUZZ_RUNS
fuzz:
	@.ci/deps build clang
	@$(SUBMAKE) SAN=1 CC=clang BUILD=build/fuzz-clang CFLAGS=-fsanitize=fuzzer-no-link run-fuzzers

## bench: scans as ratios to unpacking, decoders to finding line ends, the store, mawk and others (README has its settings)
BENCH_LINES  ?= 1000000
BENCH_PAIRS  ?= 5
BENCH_STORE  ?= small
BENCH_LARGE  ?= 0
BENCH_HUGE   ?= 0
BENCH_STAGES ?= 0
BENCH_RULES  ?= 0
PEERS        ?= 0
DUCKDB       := @duckdb/node-api@1.5.6-r.1
export BENCH_STORE BENCH_LARGE BENCH_HUGE BENCH_STAGES BENCH_RULES
bench:
	@.ci/deps build bench $(if $(filter 1,$(PEERS)),peers) $(if $(filter 1,$(BENCH_STAGES)),stages)
	@$(SUBMAKE) all $(BENCHES)
	@[ $(PEERS) = 0 ] || { mkdir -p $(BUILD)/bench && npm install --silent --no-save --ignore-scripts --no-audit --no-fund \
	  --prefix $(BUILD)/bench $(DUCKDB); } || echo "bench: npm does not install $(DUCKDB); goes on without" >&2
	@cmd/bench/run $(BUILD) $(BENCH_LINES) $(BENCH_PAIRS)

## install: the program into PREFIX (default /usr/local), below DESTDIR
install: $(BUILD)/kage
	install -D -m 755 $(BUILD)/kage $(DESTDIR)$(PREFIX)/bin/kage

## uninstall: take it away again
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/kage

## clean: remove build/
clean:
	rm -rf build

## deps: install the packages of all targets
deps:
	@.ci/deps build test clang lint acceptance bench peers stages

## help: this list
help:
	@sed -n 's/^## \([a-z]*\): /\1\t/p' Makefile | expand -t14

# --- objects ---------------------------------------------------------------------------------

# A changed list of files or flags is a change too: these files are rewritten only then.
remember = mkdir -p $(@D); printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' > $@

$(BUILD)/flags: FORCE
	@$(call remember,$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL))
$(BUILD)/objects: FORCE
	@$(call remember,$(OBJS))
$(GEN)/signatures.list: FORCE
	@$(call remember,$(SIGNATURES))
$(GEN)/guides.list: FORCE
	@$(call remember,$(GUIDES))
$(GEN)/formats.list: FORCE
	@$(call remember,$(FORMATS))
$(GEN)/schema.list: FORCE
	@$(call remember,$(SCHEMA))

# Fails with one line that names the missing packages; a stamp once all are there.
build/libraries-found: .ci/deps
	@.ci/deps --probe '$(CC)'
	@mkdir -p build && touch $@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | build/libraries-found
	@mkdir -p $(@D)
	@echo "  CC   $@"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

# ISO C promises 4095 bytes of a string literal; both compilers take megabytes.
$(BUILD)/obj/gen/%.o: $(GEN)/%.c $(BUILD)/flags | build/libraries-found
	@mkdir -p $(@D)
	@echo "  CC   $@"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -Wno-overlength-strings -MMD -MP -c $< -o $@

$(BUILD)/libkage.a: $(LIB_OBJS) $(BUILD)/objects
	@echo "  AR   $@"
	@rm -f $@
	$(Q)ar rcs $@ $(LIB_OBJS)

$(BUILD)/kage: $(KAGE_OBJS) $(BUILD)/libkage.a
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(KAGE_OBJS) $(BUILD)/libkage.a $(LIBS)

$(BUILD)/kage-gen: $(GEN_OBJS) $(BUILD)/libkage.a
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(GEN_OBJS) $(BUILD)/libkage.a $(LIBS)

$(BENCHES): $(BUILD)/bench-%: $(BUILD)/obj/cmd/bench/%.o $(BUILD)/libkage.a
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $< $(BUILD)/libkage.a $(LIBS)

# --- data that is built in -------------------------------------------------------------------

SIGNATURES := $(sort $(wildcard signatures/*.csv))
FORMATS    := $(sort $(wildcard src/format/vendor/*.format))
GUIDES     := $(sort $(wildcard cmd/kage/guides/*.txt))
SCHEMA     := $(sort $(wildcard src/store/schema/*.sql))

build/embed: cmd/embed/embed.c src/base/embedded.h | build/libraries-found
	@mkdir -p $(@D)
	@echo "  CC   $@"
	$(Q)$(CC) -O1 $(WARN) $(WARN_$(COMPILER)) -Isrc -o $@ $<

$(GEN)/signatures.c: build/embed $(SIGNATURES) $(GEN)/signatures.list
	$(Q)build/embed embedded_signatures signatures $(SIGNATURES) > $@

$(GEN)/guides.c: build/embed $(GUIDES) $(GEN)/guides.list
	$(Q)build/embed embedded_guides guides $(GUIDES) > $@

# Made by the loader itself, so that what is built in was checked.
IMAGE_OBJS := $(call objects,cmd/embed/embed_signatures.c $(filter-out src/signature/image.c, \
	$(filter src/base/% src/net/% src/signature/%,$(CODE_SRCS))))

$(BUILD)/embed-signatures: $(IMAGE_OBJS)
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(IMAGE_OBJS) $(LIBS)

$(BUILD)/gen/builtin_image.c: $(BUILD)/embed-signatures $(SIGNATURES)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/embed-signatures signatures > $@

$(BUILD)/obj/gen/builtin_image.o: $(BUILD)/gen/builtin_image.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC   $@"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -Wno-overlength-strings -MMD -MP -c $< -o $@

$(GEN)/formats.c: build/embed $(FORMATS) $(GEN)/formats.list
	$(Q)build/embed embedded_formats formats $(FORMATS) > $@

$(GEN)/schema.c: build/embed $(SCHEMA) $(GEN)/schema.list
	$(Q)build/embed embedded_schema schema $(SCHEMA) > $@

# --- tests -----------------------------------------------------------------------------------

# A test beside a program links the program's objects but the one with its main().
beside_kage = $(if $(filter cmd/kage/%,$(1)),$(filter-out %/main.o,$(KAGE_OBJS)))
beside_gen  = $(if $(filter cmd/kage-gen/%,$(1)),$(filter-out %/main.o,$(GEN_OBJS)))

# Kept: else make takes away what it made on the way to a test, and says so behind the last line.
.SECONDARY: $(call objects,$(TEST_SRCS) $(FUZZ_SRCS))

.SECONDEXPANSION:
$(BUILD)/test/%: $(BUILD)/obj/%.o $(BUILD)/libkage.a $$(call beside_kage,$$*) $$(call beside_gen,$$*)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(BUILD)/libkage.a -lcmocka $(LIBS) $(if $(findstring jansson,$*),-ljansson)

run-tests: $(TESTS) $(BUILD)/kage $(BUILD)/kage-gen
	@.ci/run-tests $(TESTS)

$(BUILD)/fuzz/%: $(BUILD)/obj/%.o $(BUILD)/libkage.a
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $< $(BUILD)/libkage.a $(LIBS)

run-fuzzers: $(FUZZERS)
	@.ci/run-fuzzers $(FUZZERS)

# --- checks ----------------------------------------------------------------------------------

# Tests have the same warnings where they are built to be run.
compile: $(OBJS) $(call objects,$(FUZZ_SRCS))

TIDY := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(SRCS))

check-tidy: $(TIDY)

# With clang's own warnings. The static analyzer takes nine tenths of the time and reads what is
# shipped; tests run under sanitizers. Large pages save an eighth where small ones are dear.
$(BUILD)/tidy/%.ok: %.c .clang-tidy $(BUILD)/flags | build/libraries-found
	@mkdir -p $(@D)
	@echo "  TIDY $<"
	@clang $(CPPFLAGS_ALL) $(WARN) -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	@GLIBC_TUNABLES=glibc.malloc.hugetlb=1 clang-tidy --quiet $(if $(filter %_test.c %_fuzz.c,$<),--checks=-clang-analyzer-*) \
	  $< -- $(CPPFLAGS_ALL) $(WARN) $(WARN_clang) 2>$@.log || { cat $@.log >&2; exit 1; }
	@touch $@

check-format:
	@clang-format --dry-run -Werror $(SRCS) $(HEADERS)

# Layers, lowest first. '+' joins siblings, which may not include each other. Everything else in
# src/ (ingest.c) and cmd/ may include any. *_test.c and *_fuzz.c obey the same order.
LAYERS := base text io+net+sort+repeats record format+identity+signature usage store report web

check-layers:
	@awk -v order="$(LAYERS)" 'BEGIN { n = split(order, g, " "); \
	    for (i = 1; i <= n; i++) { k = split(g[i], m, "+"); for (j = 1; j <= k; j++) rank[m[j]] = i } } \
	  /^#include "/ { split($$2, q, "\""); split(q[2], to, "/"); split(FILENAME, from, "/"); \
	    a = from[2]; b = to[1]; if (a == b || !(a in rank) || !(b in rank)) next; \
	    if (rank[b] >= rank[a]) { print FILENAME ":" FNR ": " a " may not include " q[2]; bad = 1 } } \
	  END { exit bad }' $$(find src -mindepth 2 -name '*.[ch]')

# Every header compiles alone, with the warnings that clang-tidy says of sources only.
check-headers:
	@for h in $(HEADERS); do \
	  echo "#include \"$$h\"" | $(CC) -I. $(CPPFLAGS_ALL) $(WARN) $(WARN_$(COMPILER)) -fsyntax-only -xc - || exit 1; done

# No writable object at file scope: .data and .bss hold nothing (const tables are .data.rel.ro).
check-globals: $(OBJS)
	@objdump -t $(OBJS) | awk '/ O \.(data|bss|tdata|tbss)/ && !/\.data\.rel\.ro/ { print; bad = 1 } END { exit bad }'

-include $(shell find $(BUILD)/obj $(BUILD)/tidy -name '*.d' 2>/dev/null)
