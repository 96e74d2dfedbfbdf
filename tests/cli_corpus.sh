#!/bin/sh
# cli_corpus.sh BUILD — the verb corpus as a user meets it: lines, links, seeds, wrong use. The last line is "N passed, N failed".
build=$1
program=$build/attnscope debug=$build/attnscope-debug
place=$(mktemp -d) || exit 4
trap 'rm -rf "$place"' EXIT
passed=0 failed=0
out=$place/out err=$place/err

pass() { passed=$((passed + 1)); }
miss() {
    failed=$((failed + 1))
    echo "FAILED: $1"
    sed 's/^/    /' "$err" | head -n 6
}
is() { if [ "$2" = "$3" ]; then pass; else miss "$1: found \"$2\", expected \"$3\""; fi; }
# code WANTED NAME COMMAND…
code() {
    wanted=$1 name=$2
    shift 2
    "$@" > "$out" 2> "$err"
    is "$name: exit code" $? "$wanted"
}
says() { if grep -q -e "$2" "$err"; then pass; else miss "$1: the message lacks \"$2\""; fi; }
shows() { if grep -q -e "$2" "$out"; then pass; else miss "$1: the result lacks \"$2\""; fi; }
same() { if cmp -s "$2" "$3"; then pass; else miss "$1"; fi; }
usage() {
    hint=$1
    shift
    code 2 "$*" "$debug" "$@" < /dev/null
    says "$*" "$hint"
    is "$*: lines of the hint" "$(wc -l < "$err")" 1
    is "$*: something was printed" "$(wc -c < "$out")" 0
}

# ---- the list, and names that are none ----
code 0 "--help" "$debug" corpus --help
for corpus in grammar reverse dates; do shows "--help" "^  $corpus "; done
for corpus in grammar reverse dates; do
    code 0 "$corpus" "$debug" corpus $corpus --seed 5 --count 200 --links "$place/$corpus.links"
    cp "$out" "$place/$corpus"
    is "$corpus: lines" "$(wc -l < "$place/$corpus")" 200
    is "$corpus: lines of source TAB target" "$(grep -c '^[^	][^	]*	[^	][^	]*$' "$place/$corpus")" 200
    is "$corpus: lines of links" "$(grep -cE '^[0-9]+-[0-9]+( [0-9]+-[0-9]+)*$' "$place/$corpus.links")" 200
    code 0 "$corpus again, more of it" "$program" corpus $corpus --seed 5 --count 1000
    head -n 200 "$out" > "$place/head"
    same "$corpus: the release build draws the same, and fewer lines are the beginning of more" "$place/$corpus" "$place/head"
    code 0 "$corpus, another seed" "$program" corpus $corpus --seed 6 --count 200
    if cmp -s "$out" "$place/$corpus"; then miss "$corpus: two seeds, the same lines"; else pass; fi
    code 0 "$corpus: links as eval reads them" "$program" eval --links "$place/$corpus.links" --sure "$place/$corpus.links"
    shows "$corpus: links as eval reads them" '^AER 0.00 %.* 200 sentences'
done
usage 'did you mean "grammar"' corpus gramar
usage 'there are grammar, reverse, dates' corpus zzzzzz
usage 'usage: attnscope corpus' corpus
usage 'one argument too many' corpus grammar dates

# ---- counts and other numbers ----
code 0 "no lines" "$debug" corpus grammar --count 0 --links "$place/none"
is "no lines: bytes" "$(cat "$out" "$place/none" | wc -c)" 0
usage 'no whole number from 0 to 1000000' corpus grammar --count 1000001
usage 'no whole number' corpus grammar --count 99999999999999999999
usage 'no whole number' corpus grammar --count -1
usage 'no whole number' corpus grammar --count 1e3
usage 'no whole number' corpus grammar --seed -1
usage 'no whole number from 1 to 5' corpus grammar --clauses 0
usage 'no whole number from 1 to 5' corpus grammar --clauses 6
usage 'has no clauses' corpus dates --clauses 1
code 0 "five clauses" "$debug" corpus grammar --clauses 5 --count 50
is "five clauses: commas" "$(cut -f1 "$out" | grep -o '，' | wc -l)" 200

# ---- what stays unseen ----
code 0 "many sentences" "$program" corpus grammar --count 40000
is "the lecture's sentence" "$(sed 's/ //g' "$out" | grep -c '多个机场都被迫关闭了。')" 0
is "a sentence like it is there" "$(grep -c '^多 个 机场 都 被迫 搬迁 了 。' "$out" | sed 's/[1-9][0-9]*/some/')" some
is "a sentence that can be left out is there" "$(grep -c '^一 个 银行 被迫 开放 了 。	' "$out" | sed 's/[1-9][0-9]*/some/')" some
code 0 "left out" "$program" corpus grammar --count 40000 --leave-out 一个银行被迫开放了 --leave-out 'THIS is not drawn'
is "left out" "$(grep -c '^一 个 银行 被迫 开放 了 。	' "$out")" 0

# ---- output that cannot be written ----
code 4 "links into a folder that is not there" "$program" corpus grammar --links "$place/no/such"
{ "$program" corpus grammar --count 100000 2> "$err"; echo $? > "$place/status"; } | head -n 1 > /dev/null
is "a reader that goes away" "$(cat "$place/status")" 0
is "a reader that goes away: messages" "$(wc -c < "$err")" 0

# ---- words are cut where align cuts them: IBM model 1, learned from the corpus, finds most of the true links ----
"$program" corpus grammar --seed 1 --count 2000 > "$place/train.tsv"
code 0 "IBM model 1" "$program" align --model ibm1 --train "$place/train.tsv" < "$place/grammar"
cp "$out" "$place/ibm1"
code 0 "IBM model 1, measured" "$program" eval --links "$place/ibm1" --sure "$place/grammar.links" --json
aer=$(sed 's/.*"aer_percent": \([0-9]*\).*/\1/' "$out")
if [ "$aer" -lt 50 ]; then pass; else miss "IBM model 1 has an alignment error rate of $aer %"; fi

# ---- the shipped toy models, against the grammars that made their data (other seeds) ----
printf '多个机场都被迫关闭了。\n多 个 机场 都 被迫 关闭 了 。\n' > "$place/lecture"
"$program" corpus reverse --seed 77 --count 100 --links "$place/reverse.links" > "$place/reverse"
code 0 "the anti-diagonal" "$program" eval --model toy-reverse --data "$place/reverse" --sure "$place/reverse.links"
shows "the anti-diagonal" '^dec.attn.weight .*AER 0.00 %'
for model in toy-grammar-rnn-additive toy-grammar-transformer; do
    code 0 "$model" "$program" translate --model $model < "$place/lecture"
    is "$model: the lecture's sentence" "$(sort -u "$out")" "many airports were forced to close down."
done
code 0 "untrained" "$program" translate --model toy-grammar-rnn-additive@1 < "$place/lecture"
if grep -q 'many airports were forced' "$out"; then miss "one update is enough"; else pass; fi
code 4 "a snapshot that is not there" "$program" translate --model toy-grammar-rnn-additive@3 < "$place/lecture"
says "a snapshot that is not there" '@1, @2, @6'
"$program" corpus grammar --seed 7 --count 100 --links "$place/seven.links" > "$place/seven"
code 0 "every attention" "$program" eval --model toy-grammar-transformer --data "$place/seven" --sure "$place/seven.links" --json
is "every attention: two layers of four heads, and their means" "$(grep -c '"attention"' "$out")" 10
if sed -n 1p "$out" | grep -q '"attention": "dec.1.cross.weight", "chosen": true'; then pass; else miss "the chosen attention is not the best"; fi
code 0 "align by it" "$program" align --model toy-grammar-transformer < "$place/seven"
cp "$out" "$place/by-mean"
code 0 "align by name" "$program" align --model toy-grammar-transformer --attention dec.1.cross.weight < "$place/seven"
same "align by name" "$out" "$place/by-mean"
code 0 "align by one head" "$program" align --model toy-grammar-transformer --attention 'dec.0.cross.weight[3]' < "$place/seven"
if cmp -s "$out" "$place/by-mean"; then miss "one head aligns as all"; else pass; fi
code 3 "no such head" "$program" align --model toy-grammar-transformer --attention 'dec.0.cross.weight[4]' < "$place/seven"
code 3 "no attention" "$program" align --model toy-grammar-rnn-none < "$place/seven"
code 3 "scaled, but additive" "$program" translate --scaled --model toy-reverse < "$place/lecture"

# ---- a config and the generated lines are all that training needs ----
cat > "$place/config.json" <<'JSON'
{"name": "mini", "kind": "rnn", "attention": "additive", "source": "zh", "target": "en", "title": {"en": "mini", "zh": "小"},
 "vocabulary": 400, "embedding": 8, "encoder_state": 8, "decoder_state": 8, "attention_size": 8,
 "training": {"steps": 5, "evaluate_every": 5, "batch_tokens": 60, "min_character_count": 1, "max_source": 60, "max_target": 80}}
JSON
code 0 "train" "$program" train "$place/config.json" --data "$place/grammar" --dev "$place/grammar" --out "$place/mini"
code 0 "the project's own sentences" "$program" eval --model "$place/mini" --data assets/evaluation/own-zh-en.tsv
shows "the project's own sentences" ' 60 sentences'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
