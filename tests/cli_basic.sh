#!/bin/sh
# cli_basic.sh BUILD — the command line as a user meets it: exit codes, help, hints, line for line, damaged models, pictures
# without a display. The sanitized binary runs where it is quick. The last line is "N passed, N failed".
build=$1
program=$build/attnscope debug=$build/attnscope-debug
tiny=tests/data/tiny-rnn
place=$(mktemp -d) || exit 4
trap 'rm -rf "$place"' EXIT
passed=0 failed=0
out=$place/out err=$place/err
unset DISPLAY WAYLAND_DISPLAY
export XDG_CONFIG_HOME="$place/config" XDG_STATE_HOME="$place/state"

pass() { passed=$((passed + 1)); }
miss() {
    failed=$((failed + 1))
    echo "FAILED: $1"
    sed 's/^/    /' "$err" | head -n 6
}
is() { if [ "$2" = "$3" ]; then pass; else miss "$1: found \"$2\", expected \"$3\""; fi; }
# code WANTED NAME COMMAND…: standard input is passed on
code() {
    wanted=$1 name=$2
    shift 2
    "$@" > "$out" 2> "$err"
    is "$name: exit code" $? "$wanted"
}
says() { if grep -q -e "$2" "$err"; then pass; else miss "$1: the message lacks \"$2\""; fi; }
shows() { if grep -q -e "$2" "$out"; then pass; else miss "$1: the result lacks \"$2\""; fi; }
silent() { if [ -s "$out" ]; then miss "$1: something was printed on standard output"; else pass; fi; }

# ---- help ----
code 0 "--help" "$debug" --help
shows "--help" "translate"
verbs=$(sed -n -e 's/^VERB(\([a-z]*\),.*/\1/p' -e 's/^VERB_AS([a-z_]*, "\([a-z-]*\)",.*/\1/p' src/cli/verbs.def)
for verb in $verbs; do
    code 0 "$verb --help" "$debug" "$verb" --help
    shows "$verb --help" "usage: attnscope $verb"
    code 2 "$verb --unheard-of" "$debug" "$verb" --unheard-of
    if grep -q "attnscope $verb" docs/commands.md; then pass; else miss "docs/commands.md lacks $verb"; fi
done
code 0 "--version" "$program" --version
shows "--version" "^BLAS: "

# ---- wrong usage: code 2, one line, the nearest word ----
usage() {
    hint=$1
    shift
    code 2 "$*" "$debug" "$@" < /dev/null
    says "$*" "$hint"
    is "$*: lines of the hint" "$(wc -l < "$err")" 1
    silent "$*"
}
usage 'did you mean "translate"' tranlate
usage 'did you mean "lessons"' lesons
usage 'attnscope --help' qqqqq
usage 'did you mean "--model"' translate --modle x
usage 'needs a value' translate --model
usage 'translate needs --model' translate
usage 'is empty' translate --model ''
usage 'takes no value' lessons --json=yes
usage 'unknown option "--steps"' train --steps -1
usage 'no whole number' train c --data d --out o --stop-after -1
usage 'no whole number' train c --data d --out o --stop-after 0x10
usage 'one argument too many' trace --model "$tiny" --out x.json two words
usage 'usage: attnscope trace' trace --model "$tiny" --out x.json
usage 'neither .safetensors nor .json' trace --model "$tiny" --out x.txt text
usage 'the index is no whole number' trace --model "$tiny" --out x.json --override 'dec.attn.weight[-1]=1' text
usage 'the row is no whole number' trace --model "$tiny" --out x.json --force 'x=a' text
usage 'no such token' trace --model "$tiny" --out x.json --force '0=no such token' text
usage 'no token of this number' trace --model "$tiny" --out x.json --force '0=#100000' text
usage 'cannot be given with it' trace --model "$tiny" --out x.json --target a --force '0=a' text
usage 'another number of axes' trace --model "$tiny" --out x.json --override 'dec.state[0,0,0]=scale:2' text
usage 'a value is no number' trace --model "$tiny" --out x.json --override 'dec.attn.weight[0]=1,' text
usage 'no size like' shot home --size 0x10 --out x.png
usage 'no size like' shot home --size 1280 --out x.png
usage 'none of .png' shot home --out x.gif
usage 'none of: en, zh' shot home --lang fr --out x.png
usage 'no number above 0' shot home --scale nan --out x.png
usage 'is no tick' shot home@x --out x.png
usage 'none of: all, even, odd' eval --model "$tiny" --data d --rows some
usage 'no whole number from 1 to 8' translate --model "$tiny" --beam 9
usage 'no number from 0 to 10' translate --model "$tiny" --beam 2 --length-penalty 11
usage 'needs --beam K' translate --model "$tiny" --length-penalty 1
usage 'needs --beam 3 or more' translate --model "$tiny" --beam 2 --n-best 3
usage '--top-k needs --sample' translate --model "$tiny" --top-k 3
usage 'exclude each other' translate --model "$tiny" --sample --beam 2
usage 'no number from 0.01 to 100' translate --model "$tiny" --sample --temperature 0
usage 'no whole number' eval --model "$tiny" --data d --beam 0
usage 'eval takes one of' eval --model "$tiny" --hyp x

# ---- names that lead nowhere: code 4, nothing printed ----
code 4 "a model that is not there" "$debug" translate --model no-such < /dev/null
says "a model that is not there" "attnscope models"
code 4 "a path that is not there" "$debug" translate --model ./no-such < /dev/null
code 4 "a file that is not there" "$debug" eval --model "$tiny" --data "$place/no-such"
code 3 "a lesson that is not there" "$debug" shot 77 --out "$place/x.png"
code 3 "a step that is not there" "$debug" shot 5:no-such --out "$place/x.png"
code 3 "a lesson to check that is not there" "$debug" check 77

# ---- line for line ----
printf 'A cat.\n\n\r\nB\377\376C\nlast, without an end' > "$place/lines"
code 0 "translate" "$debug" translate --model "$tiny" < "$place/lines"
is "translate: lines" "$(wc -l < "$out")" 5
is "translate: an empty line stays empty" "$(sed -n 2p "$out")" ""
is "translate: an empty line with CR" "$(sed -n 3p "$out")" ""
code 0 "translate nothing" "$program" translate --model "$tiny" < /dev/null
silent "translate nothing"
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "a"; print ""; for (i = 0; i < 2500; i++) printf "dog "; print ""; print "x" }' > "$place/long"
code 0 "lines of 10,000 bytes" "$debug" translate --model "$tiny" < "$place/long"
is "lines of 10,000 bytes: lines" "$(wc -l < "$out")" 3
says "lines of 10,000 bytes" "line 1 has more than 512 tokens"
code 4 "standard input is a folder" "$program" translate --model "$tiny" < "$place"
if [ -w /dev/full ]; then
    "$program" translate --model "$tiny" < "$place/lines" > /dev/full 2> "$err"
    is "a full disk" $? 4
fi
mkfifo "$place/in" "$place/answer"
"$program" translate --model "$tiny" < "$place/in" > "$place/answer" &
exec 3> "$place/in" 4< "$place/answer"
for word in one two; do
    echo $word >&3
    if read -r line <&4; then pass; else miss "the answer to a line comes before the next line"; fi
done
exec 3>&- 4<&-
wait $!
{ for i in 1 2 3 4 5 6 7 8 9 10; do cat "$place/lines" "$place/lines" "$place/lines"; done; } > "$place/many"
{ "$program" translate --model "$tiny" < "$place/many" 2> "$err"; echo $? > "$place/status"; } | head -n 1 > /dev/null
is "a reader that goes away" "$(cat "$place/status")" 0
if grep -qv '^note: line [0-9]*: no end mark' "$err"; then miss "a reader that goes away: something was said"; else pass; fi

# ---- beams and samples ----
code 0 "a beam of 1" "$debug" translate --model "$tiny" --beam 1 < "$place/lines"
says "a beam of 1" "^note: line 1: no end mark came within [0-9]* tokens"
cp "$out" "$place/beam"
code 0 "greedy" "$debug" translate --model "$tiny" < "$place/lines"
if cmp -s "$out" "$place/beam"; then pass; else miss "a beam of 1 differs from greedy search"; fi
code 0 "the 3 best" "$debug" translate --model "$tiny" --beam 4 --n-best 3 --length-penalty 0 < "$place/lines"
is "the 3 best: lines" "$(wc -l < "$out")" 11
is "the 3 best: numbers and order" "$(awk -F '\t' '$1 != last { before = 0 } NF { n++; bad += NF != 4 || $2 != $3 || $3 > before; before = $3; last = $1 } END { print n, bad }' "$out")" "9 0"
code 0 "a sample" "$debug" translate --model "$tiny" --sample --top-k 20 --temperature 1.5 --seed 7 < "$place/lines"
cp "$out" "$place/sample"
is "a sample: lines" "$(wc -l < "$out")" 5
tail -n 1 "$place/lines" > "$place/last"
code 0 "a sample of one line" "$program" translate --model "$tiny" --sample --top-k 20 --temperature 1.5 --seed 7 < "$place/last"
is "a sample does not depend on the lines before" "$(cat "$out")" "$(tail -n 1 "$place/sample")"
code 0 "a sample with another seed" "$program" translate --model "$tiny" --sample --top-k 20 --temperature 1.5 --seed 8 < "$place/lines"
if cmp -s "$out" "$place/sample"; then miss "another seed draws the same words"; else pass; fi
awk 'BEGIN { printf "a\t"; for (i = 0; i < 600; i++) printf "a. "; print "" }' > "$place/long-target"
code 0 "a target that is too long" "$debug" score --model "$tiny" < "$place/long-target"
says "a target that is too long" "line 1: the target has more than 512 tokens"

code 0 "tokens" "$debug" tokens --model "$tiny" < "$place/lines"
is "tokens: lines" "$(wc -l < "$out")" 5
printf 'A cat.\tB c.\n' > "$place/pair"
code 0 "score" "$debug" score --model "$tiny" < "$place/pair"
shows "score" '^-[0-9]*\.[0-9]*$'
code 3 "score without a TAB" "$debug" score --model "$tiny" < "$place/lines"
says "score without a TAB" "line 1"
printf 'a b c\tb c d e\n' > "$place/pair"
code 0 "align" "$debug" align --model "$tiny" < "$place/pair"
if grep -Eqx '([0-2]-[0-3]( [0-2]-[0-3])*)?' "$out"; then pass; else miss "align: links out of range"; fi

awk 'BEGIN { for (i = 0; i < 9; i++) { print "the cat\tchat le"; print "the dog\tchien le"; print "a cat\tchat un" } }' > "$place/small.tsv"
printf 'the cat\tchat le\na dog\tchien un nouveau\n' > "$place/pair"
code 0 "align by IBM model 1" "$debug" align --model ibm1 --train "$place/small.tsv" < "$place/pair"
is "align by IBM model 1" "$(cat "$out")" "1-0 0-1
1-0 0-1"

# ---- eval of files: 4-gram BLEU of equal texts is 100 ----
printf 'one two three four five\nsix seven eight nine ten\n' > "$place/hyp"
code 0 "eval" "$debug" eval --hyp "$place/hyp" --ref "$place/hyp"
shows "eval" "^BLEU 100.00  chrF2 100.00  exact 100.0 %  2 sentences"
printf '\357\273\277one two three four five\r\nsix seven eight nine ten\r\n' > "$place/ref"
code 0 "eval of a file from another editor" "$debug" eval --hyp "$place/hyp" --ref "$place/ref"
shows "eval of a file from another editor" "^BLEU 100.00  chrF2 100.00  exact 100.0 %  2 sentences"
printf 'one two three four five\n' > "$place/ref"
printf 'a b\tc d\nc\td\n' > "$place/data.tsv"
code 0 "eval with a beam" "$debug" eval --model "$tiny" --data "$place/data.tsv" --beam 3
shows "eval with a beam" "2 sentences"
code 3 "eval with a line missing" "$debug" eval --hyp "$place/hyp" --ref "$place/ref"
printf 'one two three four\nsix seven eight nine eleven twelve\n' > "$place/ref"
code 0 "eval with two references" "$debug" eval --hyp "$place/hyp" --ref "$place/ref" --ref "$place/hyp" --json
shows "eval with two references" '"bleu": 100.0000'

# AER by hand: 3 links, 2 sure; 2 sure ones hit, 1 more possible: 1 - (2 + 3) / (3 + 2) = 0; without the possible file 1 - 4 / 5
echo '0-0 1-1 2-1' > "$place/links"
echo '1-1 0-0' > "$place/sure"
echo '2-1' > "$place/possible"
code 0 "AER" "$debug" eval --links "$place/links" --sure "$place/sure"
shows "AER" '^AER 20.00 %'
code 0 "AER with possible links" "$debug" eval --links "$place/links" --sure "$place/sure" --possible "$place/possible"
shows "AER with possible links" '^AER 0.00 %'
echo '0-0 x' > "$place/links"
code 3 "links that are none" "$debug" eval --links "$place/links" --sure "$place/sure"

# ---- the same figures from an independent program: translations with two or three references, Chinese, links ----
if command -v python3 > /dev/null; then
    agree() {
        name=$1
        shift
        code 0 "$name" "$program" eval --json "$@"
        cp "$out" "$place/first"
        code 0 "$name: both programs say the same" python3 - "$place/first" "$place/second" <<'PYTHON'
import json, sys
ours, theirs = (json.load(open(path)) for path in sys.argv[1:])
assert theirs and all(abs(ours[key] - value) < 1e-4 for key, value in theirs.items()), (ours, theirs)
assert 0 < min(theirs.values()) and max(theirs.values()) < 100, theirs
PYTHON
    }
    sed '/^#/d' assets/evaluation/own-en-fr.tsv > "$place/own.tsv"
    cut -f2 "$place/own.tsv" > "$place/one.ref"
    awk -F '\t' '{ print $NF }' "$place/own.tsv" > "$place/last.ref"
    cut -f1 "$place/own.tsv" | "$program" translate --model en-fr-rnn-dot > "$place/own.hyp"
    python3 tests/reference/scores.py "$place/own.hyp" "$place/one.ref" "$place/last.ref" > "$place/second"
    agree "eval of French" --hyp "$place/own.hyp" --ref "$place/one.ref" --ref "$place/last.ref"
    sed '/^#/d' assets/evaluation/own-zh-en.tsv | cut -f1 > "$place/chinese"
    sed -e 's/。$/！/' -e '5,25s/^我/他/' "$place/chinese" > "$place/changed"
    python3 tests/reference/scores.py "$place/changed" "$place/chinese" > "$place/second"
    agree "eval of Chinese" --hyp "$place/changed" --ref "$place/chinese"
    "$program" corpus grammar --seed 3 --count 50 --links "$place/gold" > "$place/grammar.tsv"
    "$program" align --model toy-grammar-transformer < "$place/grammar.tsv" > "$place/links"
    "$program" align --model toy-grammar-rnn-additive < "$place/grammar.tsv" > "$place/possible"
    python3 tests/reference/scores.py --links "$place/links" "$place/gold" "$place/possible" > "$place/second"
    agree "eval of links" --links "$place/links" --sure "$place/gold" --possible "$place/possible"
fi

# ---- traces that others can read ----
code 0 "trace" "$debug" trace --model "$tiny" --target "a b" --override 'dec.attn.weight[0]=1,0,0' --out "$place/run.safetensors" "a b"
code 0 "trace as JSON" "$debug" trace --model "$tiny" --out "$place/run.json" "a b"
code 0 "trace of a beam" "$debug" trace --model "$tiny" --beam 3 --out "$place/beam.json" "a b"
code 0 "changes in words" "$debug" trace --model "$tiny" --override 'dec.attn.weight[0,*]=uniform' --override 'dec.state[1,2]=scale:0' --force '1=a' --out "$place/words.safetensors" "a b"
code 3 "a change that is not possible" "$debug" trace --model "$tiny" --override 'dec.prob[0,*]=uniform' --out "$place/none.json" "a"
code 3 "an override that names nothing" "$debug" trace --model "$tiny" --override 'no.such[0]=1' --out "$place/none.json" "a"
if [ -e "$place/none.json" ]; then miss "a refused trace left a file"; else pass; fi
code 4 "a folder that cannot be written" "$debug" trace --model "$tiny" --out "$place/no/such/run.json" "a"
if command -v python3 > /dev/null; then
    code 0 "python reads the traces" python3 - "$place" <<'PYTHON'
import json, struct, sys
place = sys.argv[1]
raw = open(place + "/run.safetensors", "rb").read()
size, = struct.unpack("<Q", raw[:8])
head = json.loads(raw[8:8 + size])
weight = head["dec.attn.weight"]
assert weight["dtype"] == "F32", weight
rows, columns = weight["shape"]
begin, end = weight["data_offsets"]
value = struct.unpack("<%df" % (rows * columns), raw[8 + size + begin:8 + size + end])
assert value[:3] == (1.0, 0.0, 0.0), value[:3]
for row in range(1, rows):
    assert abs(sum(value[row * columns:(row + 1) * columns]) - 1) < 1e-5
assert "__metadata__" in head
json.load(open(place + "/run.json"))
beam = {e["name"]: e for e in json.load(open(place + "/beam.json"))["entries"] if e["name"].startswith("beam.")}
parent, logprob, best = (beam["beam." + name]["values"] for name in ("parent", "logprob", "best"))
assert parent[0] == -1 and len(best) == 3 and "beam.2.dec.attn.weight" in beam, beam.keys()
assert all(logprob[i] <= logprob[int(parent[i])] for i in range(1, len(parent)))
PYTHON
fi

# ---- damaged models: code 3, nothing on standard output, a message with its parts ----
fresh() { rm -rf "$place/model"; cp -R "$tiny" "$place/model"; }
refused() {
    echo 'A cat.' | "$debug" translate --model "$place/model" > "$out" 2> "$err"
    is "$1: exit code" $? "${2:-3}"
    silent "$1"
    says "$1" "^error: cannot"
}
whole() {
    for part in where found do; do says "$1" "^  $part: "; done
}
if command -v python3 > /dev/null; then # a file with 64-bit numbers and one tensor too many opens, and says so
    fresh
    python3 - "$place/model/model.safetensors" <<'PYTHON'
import json, struct, sys
raw = open(sys.argv[1], "rb").read()
size, = struct.unpack("<Q", raw[:8])
head, data, out, body = json.loads(raw[8:8 + size]), raw[8 + size:], {}, b""
for name, tensor in head.items():
    if name == "__metadata__":
        out[name] = tensor
        continue
    begin, end = tensor["data_offsets"]
    value = struct.unpack("<%df" % ((end - begin) // 4), data[begin:end])
    wide = struct.pack("<%dd" % len(value), *value)
    out[name] = {"dtype": "F64", "shape": tensor["shape"], "data_offsets": [len(body), len(body) + len(wide)]}
    body += wide
out["of.no.use"] = {"dtype": "F32", "shape": [1], "data_offsets": [len(body), len(body) + 4]}
text = json.dumps(out).encode()
open(sys.argv[1], "wb").write(struct.pack("<Q", len(text)) + text + body + struct.pack("<f", 1))
PYTHON
    echo "a b" > "$place/one-line.txt"
    "$debug" translate --model "$tiny" < "$place/one-line.txt" > "$place/as-before.txt" 2> /dev/null
    code 0 "a model with more than it needs" "$debug" translate --model "$place/model" < "$place/one-line.txt"
    is "a model with more than it needs: translation" "$(cat "$out")" "$(cat "$place/as-before.txt")"
    says "a tensor too many" 'of\.no\.use'
    says "64-bit weights" "rounded to 32 bits"
fi
for file in config.json vocab.json merges.txt model.safetensors; do
    fresh; rm "$place/model/$file"
    refused "no $file" 4
    fresh; : > "$place/model/$file"
    if [ $file = merges.txt ]; then :; else refused "empty $file"; fi
    fresh; printf 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n' > "$place/model/$file"
    refused "$file is a Git LFS pointer"
    says "$file is a Git LFS pointer" "Git LFS"
    fresh; printf '<!DOCTYPE html>\n<html><body>404</body></html>\n' > "$place/model/$file"
    refused "$file is a web page"
    says "$file is a web page" "HTML"
done
size=$(wc -c < "$tiny/model.safetensors")
fresh
i=0
while [ $i -lt 64 ]; do
    head -c $((size * i / 64)) "$tiny/model.safetensors" > "$place/model/model.safetensors"
    refused "weights cut after $((size * i / 64)) bytes"
    i=$((i + 1))
done
whole "weights cut"
# Flipped bytes: another valid model, or a refusal; never a crash (the sanitizers watch) and never half an answer.
i=0
while [ $i -lt 24 ]; do
    fresh
    at=$((i * 97 + 3))
    printf '\377' | dd of="$place/model/model.safetensors" bs=1 seek=$at conv=notrunc 2> /dev/null
    echo 'A cat.' | "$debug" translate --model "$place/model" > "$out" 2> "$err"
    status=$?
    case $status in
    0) is "byte $at of the weights: lines" "$(wc -l < "$out")" 1 ;;
    3) silent "byte $at of the weights" ;;
    *) miss "byte $at of the weights: exit code $status" ;;
    esac
    i=$((i + 1))
done
for change in 's/"embedding": *[0-9]*/"embedding": 0/' 's/"embedding": *[0-9]*/"embedding": -4/' 's/"embedding": *[0-9]*/"embedding": 1e99/' \
    's/"encoder_state": *[0-9]*/"encoder_state": 4000000/' 's/"kind": *"rnn"/"kind": "soup"/' 's/"embedding"/"embeding"/' \
    's/"vocabulary": *[0-9]*/"vocabulary": 271/' 's/"decoder_state": *[0-9]*/"decoder_state": "8"/'; do
    fresh
    sed "$change" "$tiny/config.json" > "$place/model/config.json"
    refused "config.json with $change"
done
printf '\000' >> "$place/model/model.safetensors"
cp "$tiny/config.json" "$place/model/config.json"
refused "bytes behind the weights"

# ---- no display ----
code 4 "the window without a display" "$program"
says "the window without a display" "shot"
code 4 "inspect without a display" "$program" inspect "a b"
code 4 "open without a display" "$program" open "$place/run.safetensors"
code 3 "open something else" "$program" open "$tiny/config.json"

# ---- frames ----
code 0 "shot" "$program" shot 5:2 --size 640x480 --scale 1.5 --out "$place/x.png"
is "shot: size of the PNG" "$(od -An -tu1 -j16 -N8 "$place/x.png" | tr -s ' ')" " 0 0 3 192 0 0 2 208"
for ending in svg pdf; do
    code 0 "shot as $ending" "$program" shot home --size 800x600 --lang zh --theme dark --out "$place/x.$ending"
    if [ -s "$place/x.$ending" ]; then pass; else miss "shot wrote no $ending"; fi
done
code 4 "shot into a folder that is not there" "$program" shot home --out "$place/no/such.png"
code 0 "draw" "$program" draw 5:2@1
cp "$out" "$place/first"
code 0 "draw again" "$program" draw 5:2@1
if cmp -s "$out" "$place/first"; then pass; else miss "two draws of one frame differ"; fi
code 3 "a tick that is not there" "$program" draw 5:1@99

# ---- a new lesson ----
mkdir -p "$place/home/lessons"
ln -s "$(pwd)/assets" "$place/home/assets"
code 0 "new-lesson" env ATTNSCOPE_HOME="$place/home" "$program" new-lesson word-order
shows "new-lesson" "01-word-order/zh.md"
says "new-lesson" "attnscope lesson 01-word-order"
code 0 "the new lesson passes" env ATTNSCOPE_HOME="$place/home" "$program" check word-order
code 3 "new-lesson of a name that is taken" env ATTNSCOPE_HOME="$place/home" "$program" new-lesson word-order
code 2 "new-lesson of a bad name" env ATTNSCOPE_HOME="$place/home" "$program" new-lesson Word/Order
code 0 "a second new lesson" env ATTNSCOPE_HOME="$place/home" "$program" new-lesson other
shows "a second new lesson" "02-other/en.md"
code 3 "a damaged state string" "$program" shot as1.05-attention.scores.1..AAAAAA --out "$place/x.png"
says "a damaged state string" "copy it again"

# ---- training: stops, says how to go on, goes on to the same bits ----
cat > "$place/config.json" <<'JSON'
{"name": "mini", "kind": "rnn", "attention": "additive", "source": "en", "target": "fr", "title": {"en": "mini", "zh": "小"},
 "vocabulary": 300, "embedding": 8, "encoder_state": 8, "decoder_state": 8, "attention_size": 8,
 "training": {"steps": 60, "evaluate_every": 20, "batch_tokens": 20, "min_character_count": 1}}
JSON
printf 'The cat sleeps.\tLe chat dort.\nI see you.\tJe te vois.\nYou see me.\tTu me vois.\nI like the dog.\tJe le chien.\n' > "$place/train.tsv"
code 0 "train" "$program" train "$place/config.json" --data "$place/train.tsv" --out "$place/one"
says "train" "60/60"
says "train" "inspect --model"
code 0 "train in a terminal" script -qec "$program train $place/config.json --data $place/train.tsv --out $place/shown --again" "$place/shown.txt"
drawn=$(grep -c "$(printf '\033\\[[0-9]*A')" "$place/shown.txt")
if [ "$drawn" -ge 1 ]; then pass; else miss "the chart of a training was drawn anew $drawn times"; fi
code 2 "train over a training" "$program" train "$place/config.json" --data "$place/train.tsv" --out "$place/one"
says "train over a training" "resume"
code 4 "resume what was not begun" "$program" train "$place/config.json" --data "$place/train.tsv" --out "$place/none" --resume
says "resume what was not begun" "without --resume"
if [ -e "$place/none" ]; then miss "resume what was not begun: a folder was made"; else pass; fi
code 0 "train, stopped" "$program" train "$place/config.json" --data "$place/train.tsv" --out "$place/two" --stop-after 35
says "train, stopped" "resume"
echo '{"name": "least", "kind": "transformer", "source": "en", "target": "zh", "training": {"steps": 4}}' > "$place/least.json"
printf 'I see.\t我看见。\nYou see.\t你看见。\n' > "$place/least.tsv"
code 0 "train, the smallest config" "$program" train "$place/least.json" --data "$place/least.tsv" --out "$place/least"
echo '我看' | "$program" tokens --model "$place/least" > "$out" 2> "$err"
is "a small corpus: its characters are tokens, not bytes" "$(grep -c '<0x' "$out")" 0
code 0 "train --help" "$program" train --help
shows "train --help" '^  label_smoothing  *0.1  '
sed -n '/^  {"name"/,/^$/p' "$out" > "$place/shown.json"
code 0 "train, the config of the help" "$program" train "$place/shown.json" --data "$place/least.tsv" --out "$place/helped" --stop-after 1
mkdir "$place/it's here"
cp "$place/train.tsv" "$place/it's here/my pairs.tsv"
code 0 "train in a folder with spaces" "$program" train "$place/config.json" --data "$place/it's here/my pairs.tsv" --out "$place/it's here/my model" --stop-after 20
sed -n 's/^go on with: attnscope//p' "$err" > "$place/command"
code 0 "its way on, as a shell takes it" sh -c "$program $(cat "$place/command")"
sed -n 's/^use it: *attnscope//p' "$err" > "$place/command"
code 0 "its use, as a shell takes it" sh -c "$program $(cat "$place/command") < $place/lines"
is "its use, as a shell takes it: lines" "$(wc -l < "$out")" 5
code 0 "train, resumed" "$program" train "$place/config.json" --data "$place/train.tsv" --out "$place/two" --resume
if cmp -s "$place/one/model.safetensors" "$place/two/model.safetensors"; then pass; else miss "a resumed training differs"; fi
code 0 "a trained model translates" "$program" translate --model "$place/one" < "$place/lines"
is "a trained model translates: lines" "$(wc -l < "$out")" 5

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
