#!/bin/sh
# run.sh BUILD — runs every test program, then prints their sum as the last line: "N passed, N failed".
build=$1
passed=0 failed=0
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1} LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0
# one NAME COMMAND…: a check that counts as one test
one() {
    name=$1; shift
    if "$@" > "$build/check.log" 2>&1; then passed=$((passed + 1)); echo "[  OK  ] $name"
    else failed=$((failed + 1)); echo "[FAILED] $name: $*"; tail -n 30 "$build/check.log"; fi
}
# program NAME COMMAND…: a program whose last line is "N passed, N failed"
program() {
    name=$1; shift
    "$@" > "$build/$name.log" 2>&1; status=$?
    last=$(tail -n 1 "$build/$name.log")
    case $last in
    *' passed, '*' failed')
        p=${last%% *}; f=${last#*, }; f=${f%% *}
        passed=$((passed + p)); failed=$((failed + f))
        [ "$f" = 0 ] && [ "$status" != 0 ] && failed=$((failed + 1)) ;;
    *) failed=$((failed + 1)) ;;
    esac
    echo "$name: $last (exit $status)"
    [ "$status" = 0 ] || grep -E 'FAILED|ERROR|error:|runtime error' "$build/$name.log" | head -n 40
}
one layers make -s layers
program unit-debug "$build/debug/tests-run"
one "random events in every lesson" env SOAK_EACH=1 SOAK_EVENTS=500 "$build/debug/soak"
program gradients-double "$build/double/tests-run"
program unit-release "$build/release/tests-run"
for script in tests/cli_*.sh; do [ -f "$script" ] && program "$(basename "$script" .sh)" sh "$script" "$build"; done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
