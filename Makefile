# attnscope — `make run` opens the first lesson, `make test` proves it; `make help` lists the rest.
#
# Sources are found by wildcard. libcore.a is everything but src/platform/, so a core file that reaches for SDL or cairo
# fails to link in the tests. Variants live side by side: build/release, build/debug (ASan + UBSan), build/double (the
# engine with `real` = double, for gradient checks).

PREFIX ?= /usr/local
CC ?= cc
BUILD := build
# One short line a file; `make V=1` shows the whole commands.
Q := $(if $(V),,@)
SAY := $(if $(V),true,echo)

APT_BUILD := build-essential pkg-config libsdl2-dev libsdl2-ttf-dev libcglm-dev libopenblas-dev libcairo2-dev \
    libharfbuzz-dev libfreetype-dev libfontconfig-dev libunistring-dev libcmark-dev libjansson-dev libpopt-dev
APT_FONTS := fonts-inter fonts-jetbrains-mono fonts-lmodern fonts-wqy-microhei
APT_TEST := libcmocka-dev librsvg2-bin poppler-utils

LIBRARIES_CORE := cglm openblas libunistring libcmark jansson popt
PKG_CORE := openblas libcmark jansson popt
PKG_PLATFORM := sdl2 SDL2_ttf cairo cairo-svg cairo-pdf harfbuzz freetype2 fontconfig

# The last two are clang's alone (gcc takes no notice): a table that skips a caption's first word on purpose, and loops that it
# chooses not to turn into vectors.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wpointer-arith \
    -Wcast-qual -Wwrite-strings -Wformat=2 -Wno-format-nonliteral -Wno-missing-field-initializers -Wno-string-plus-int -Wno-pass-failed -Werror
BASE_FLAGS := -std=c17 -D_GNU_SOURCE -Isrc -DCGLM_ALL_UNALIGNED -MMD -MP $(WARNINGS)
VERSION := 0.1.0

RELEASE_FLAGS := -O2 -g
DEBUG_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
# The engine: vector code for the loops marked so; infinities and NaN keep their meaning (masks, guards).
NN_FLAGS := -O3 -fno-math-errno -fno-trapping-math -ffp-contract=fast -fopenmp-simd -mprefer-vector-width=512

CORE_SOURCES := $(filter-out src/platform/%,$(wildcard src/*/*.c))
PLATFORM_SOURCES := $(wildcard src/platform/*.c)
TEST_SOURCES := $(filter-out tests/double_%.c tests/soak_main.c,$(wildcard tests/*.c))
DOUBLE_SOURCES := $(wildcard src/base/*.c src/nn/*.c) $(wildcard tests/double_*.c) tests/op_sample.c \
    src/trace/trace.c $(addprefix src/model/,weights.c matrices.c rnn.c transformer.c transformer_tables.c)

# pkg-config is asked only when something is compiled, so that `make help` and `make packages` work before it exists.
pkg_flags = $(shell pkg-config --cflags $(PKG_CORE) $(PKG_PLATFORM) 2>/dev/null)
LIBS_CORE = $(shell pkg-config --libs $(PKG_CORE)) -lunistring -lm -lpthread
LIBS_ALL = $(shell pkg-config --libs $(PKG_PLATFORM)) $(LIBS_CORE)

.PHONY: all run test debug layers format format-check install help packages packages-test window check-all clean bench soak
.DEFAULT_GOAL := all

all: $(BUILD)/attnscope

help:
	@echo 'make run            install what is missing, build, open the first lesson'
	@echo 'make test           install what is missing, build, run every test (under ASan+UBSan, then in release)'
	@echo 'make                build build/attnscope'
	@echo 'make debug          build build/attnscope-debug with AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make layers         check that every include obeys src/LAYERS'
	@echo 'make format         clang-format in place;  make format-check  only tells'
	@echo 'make bench          the performance figures on this machine'
	@echo 'make soak           15 minutes of random input under the sanitizers (SOAK_SECONDS=900)'
	@echo 'make install        into PREFIX ($(PREFIX)); DESTDIR is honoured'
	@echo 'make clean          remove build/'

# ---- packages -------------------------------------------------------------------------------------------------------

packages:
	@sh src/packages.sh $(APT_BUILD) $(APT_FONTS)
packages-test:
	@sh src/packages.sh $(APT_BUILD) $(APT_FONTS) $(APT_TEST)

run: packages
	@$(MAKE) --no-print-directory window
window: $(BUILD)/attnscope
	$(BUILD)/attnscope lesson 1

test: packages-test
	@$(MAKE) --no-print-directory check-all

# ---- variants -------------------------------------------------------------------------------------------------------

define variant # name, flags, core objects' extra flags
$(BUILD)/$(1)/src/nn/%.o: src/nn/%.c
	@mkdir -p $$(@D)
	@$$(SAY) '  CC  $$@'
	$$(Q)$$(CC) $$(BASE_FLAGS) $(2) $(3) -c $$< -o $$@
$(BUILD)/$(1)/src/cli/%.o: src/cli/%.c
	@mkdir -p $$(@D)
	@$$(SAY) '  CC  $$@'
	$$(Q)$$(CC) $$(BASE_FLAGS) -DATTNSCOPE_VERSION='"$(VERSION)"' $(2) $$(pkg_flags) -c $$< -o $$@
$(BUILD)/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@$$(SAY) '  CC  $$@'
	$$(Q)$$(CC) $$(BASE_FLAGS) -DATTNSCOPE_PREFIX='"$(PREFIX)"' -Itests $(2) $$(pkg_flags) -c $$< -o $$@
$(BUILD)/$(1)/libcore.a: $$(CORE_SOURCES:%.c=$(BUILD)/$(1)/%.o)
	@rm -f $$@
	@$$(AR) rcs $$@ $$^
endef
$(eval $(call variant,release,$(RELEASE_FLAGS),$(NN_FLAGS)))
$(eval $(call variant,debug,$(DEBUG_FLAGS),$(NN_FLAGS) -O1))
$(eval $(call variant,double,$(DEBUG_FLAGS) -DREAL_DOUBLE,-O1 -fopenmp-simd))

$(BUILD)/attnscope: $(PLATFORM_SOURCES:%.c=$(BUILD)/release/%.o) $(BUILD)/release/libcore.a
	@$(SAY) '  LD  $@'
	$(Q)$(CC) $^ $(LIBS_ALL) -o $@
$(BUILD)/attnscope-debug: $(PLATFORM_SOURCES:%.c=$(BUILD)/debug/%.o) $(BUILD)/debug/libcore.a
	@$(SAY) '  LD  $@'
	$(Q)$(CC) $(DEBUG_FLAGS) $^ $(LIBS_ALL) -o $@
debug: $(BUILD)/attnscope-debug

# ---- tests ----------------------------------------------------------------------------------------------------------

# One row per file in tests/: group `foo` is defined by tests/test_foo.c (or tests/double_foo.c) with TEST_GROUP(foo, …).
$(BUILD)/tests.def: $(TEST_SOURCES) Makefile
	@mkdir -p $(@D)
	@ls tests/test_*.c | sed 's|tests/test_\(.*\)\.c|GROUP(\1)|' > $@
$(BUILD)/double.def: $(wildcard tests/double_*.c) Makefile
	@mkdir -p $(@D)
	@ls tests/double_*.c 2>/dev/null | sed 's|tests/double_\(.*\)\.c|GROUP(\1)|' > $@

$(BUILD)/%/tests/main.o: tests/main.c $(BUILD)/tests.def $(BUILD)/double.def
	@mkdir -p $(@D)
	@$(SAY) '  CC  $@'
	$(Q)$(CC) $(BASE_FLAGS) -Itests -I$(BUILD) $(if $(filter double,$*),-DGROUPS='"double.def"',-DGROUPS='"tests.def"') -O1 -c $< -o $@
# tests/test_panel.c counts what a run allocates.
TEST_WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=mmap
$(BUILD)/release/tests-run: $(TEST_SOURCES:%.c=$(BUILD)/release/%.o) $(BUILD)/release/libcore.a
	@$(SAY) '  LD  $@'
	$(Q)$(CC) $^ $(TEST_WRAP) $(LIBS_CORE) -lcmocka -o $@
$(BUILD)/debug/tests-run: $(TEST_SOURCES:%.c=$(BUILD)/debug/%.o) $(BUILD)/debug/libcore.a
	@$(SAY) '  LD  $@'
	$(Q)$(CC) $(DEBUG_FLAGS) $^ $(TEST_WRAP) $(LIBS_CORE) -lcmocka -o $@
$(BUILD)/double/tests-run: $(DOUBLE_SOURCES:%.c=$(BUILD)/double/%.o) $(BUILD)/double/tests/main.o
	@$(SAY) '  LD  $@'
	$(Q)$(CC) $(DEBUG_FLAGS) $^ $(LIBS_CORE) -lcmocka -o $@

# Random events for long (SOAK_SECONDS=900), with the real window code, under the sanitizers.
$(BUILD)/debug/soak: $(BUILD)/debug/tests/soak_main.o $(BUILD)/debug/tests/monkey.o \
    $(patsubst %.c,$(BUILD)/debug/%.o,$(filter-out src/platform/main.c,$(PLATFORM_SOURCES))) $(BUILD)/debug/libcore.a
	@$(SAY) '  LD  $@'
	$(Q)$(CC) $(DEBUG_FLAGS) $^ $(LIBS_ALL) -o $@
soak: $(BUILD)/debug/soak
	ASAN_OPTIONS=quarantine_size_mb=8:strict_string_checks=1 \
	    LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0 $(BUILD)/debug/soak

check-all: $(BUILD)/attnscope $(BUILD)/attnscope-debug $(BUILD)/debug/tests-run $(BUILD)/debug/soak $(BUILD)/double/tests-run $(BUILD)/release/tests-run
	@sh tests/run.sh $(BUILD)

layers:
	@sh src/layers.sh

FORMATTED = $(wildcard src/*/*.c src/*/*.h tests/*.c tests/*.h)
format:
	clang-format -i $(FORMATTED)
format-check:
	clang-format --dry-run -Werror $(FORMATTED)

bench: $(BUILD)/attnscope
	$(BUILD)/attnscope bench

install: $(BUILD)/attnscope
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/attnscope
	install -m 755 $(BUILD)/attnscope $(DESTDIR)$(PREFIX)/bin/attnscope
	cp -R assets lessons $(DESTDIR)$(PREFIX)/share/attnscope/

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
