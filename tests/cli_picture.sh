#!/bin/sh
# cli_picture.sh BUILD — pictures: one frame as PNG, SVG and PDF, the last two drawn by independent programs (rsvg-convert,
# pdftoppm) and compared with the first; sizes and their limits; no fonts; no display. The last line is "N passed, N failed".
#
# Tolerance, in steps of 255: the programs place and smooth letters differently, by up to a pixel, so single pixels differ.
# What is compared is the mean of each block of 16 x 16 pixels, which no letter's place changes much (12 was the most seen)
# but any missing, moved or wrongly coloured thing does: at most 20 in any block; and at most 6 in the mean over all pixels.
build=$1
program=$build/attnscope debug=$build/attnscope-debug
place=$(mktemp -d) || exit 4
trap 'rm -rf "$place"' EXIT
passed=0 failed=0
out=$place/out err=$place/err
unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER
export XDG_CONFIG_HOME="$place/config" XDG_STATE_HOME="$place/state"

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
has() { if grep -q -e "$2" "$1"; then pass; else miss "$1 lacks \"$2\""; fi; }
absent() { if [ -e "$1" ]; then miss "$1 was written"; else pass; fi; }
png_size() { od -An -tu1 -j16 -N8 "$1" | awk '{ print ($1 * 256 + $2) * 65536 + $3 * 256 + $4 "x" ($5 * 256 + $6) * 65536 + $7 * 256 + $8 }'; }

# ---- the judge: alike A.png B.png ----
cat > "$place/alike.c" <<'C'
#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
enum { BLOCK = 16, WORST = 20, MEAN = 6 };
typedef struct { const unsigned char *at; int w, h, stride; } Picture;
static Picture read(const char *path)
{
    cairo_surface_t *s = cairo_image_surface_create_from_png(path);
    if (cairo_surface_status(s)) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    return (Picture){cairo_image_surface_get_data(s), cairo_image_surface_get_width(s), cairo_image_surface_get_height(s),
                     cairo_image_surface_get_stride(s)};
}
int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    Picture a = read(argv[1]), b = read(argv[2]);
    if (a.w != b.w || a.h != b.h) return fprintf(stderr, "%d x %d and %d x %d\n", a.w, a.h, b.w, b.h), 1;
    double all = 0, worst = 0;
    int at_x = 0, at_y = 0;
    for (int y = 0; y < a.h; y += BLOCK)
        for (int x = 0; x < a.w; x += BLOCK)
            for (int c = 0; c < 3; c++) {
                double sum = 0;
                for (int j = y; j < y + BLOCK && j < a.h; j++)
                    for (int i = x; i < x + BLOCK && i < a.w; i++) {
                        int d = a.at[j * a.stride + 4 * i + c] - b.at[j * b.stride + 4 * i + c];
                        sum += d;
                        all += abs(d);
                    }
                if (fabs(sum) / (BLOCK * BLOCK) > worst) worst = fabs(sum) / (BLOCK * BLOCK), at_x = x, at_y = y;
            }
    all /= 3.0 * a.w * a.h;
    fprintf(stderr, "worst block %.1f at %d,%d; mean %.2f\n", worst, at_x, at_y, all);
    return worst > WORST || all > MEAN;
}
C
if ! ${CC:-cc} -std=c17 -O2 "$place/alike.c" -o "$place/alike" $(pkg-config --cflags --libs cairo) -lm 2> "$err"; then
    miss "the judge does not compile"
    echo "$passed passed, $failed failed"
    exit 1
fi

# three FRAME ARGUMENTS…: the same frame three ways
three() {
    frame=$1
    shift
    for ending in png svg pdf; do code 0 "$frame as $ending" "$program" shot "$@" --out "$place/$frame.$ending"; done
    rsvg-convert "$place/$frame.svg" -o "$place/$frame-svg.png" 2> "$err" || miss "$frame: rsvg-convert refuses the SVG"
    pdftoppm -r 72 -png -singlefile "$place/$frame.pdf" "$place/$frame-pdf" 2> "$err" || miss "$frame: pdftoppm refuses the PDF"
    code 0 "$frame: SVG like PNG" "$place/alike" "$place/$frame.png" "$place/$frame-svg.png"
    code 0 "$frame: PDF like PNG" "$place/alike" "$place/$frame.png" "$place/$frame-pdf.png"
}
# At twice the size: the hairlines of its small pictures would be thinner than a pixel, the thinnest line that is painted.
three home home --size 1000x700 --scale 2
three step 5:2 --size 1280x800
three words 5:words --size 1280x800 --lang zh --theme dark
three large 5:words --size 1100x720 --scale 1.5
is "size with --scale" "$(png_size "$place/large.png")" 1650x1080
code 1 "the judge sees another step" "$place/alike" "$place/step.png" "$place/words-svg.png"
code 0 "the same step, a tick earlier" "$program" shot 5:words@1 --size 1280x800 --lang zh --theme dark --out "$place/tick.png"
code 1 "the judge sees another tick" "$place/alike" "$place/tick.png" "$place/words-svg.png"
code 1 "the judge sees another size" "$place/alike" "$place/home.png" "$place/step.png"

# ---- the text is text ----
title=$(sed -n 's/^# //p' lessons/05-attention/en.md)
has "$place/step.svg" "$title</text>"
has "$place/step.svg" "<title>"
pdftotext -layout "$place/step.pdf" "$place/step.txt"
has "$place/step.txt" "$title"
pdftotext -layout "$place/words.pdf" "$place/words.txt"
has "$place/words.txt" "1\.000"
has "$place/words.txt" "$(sed -n 's/^# //p' lessons/05-attention/zh.md | cut -c 1-9)"
code 0 "English in Chinese" "$program" shot 4:1 --lang zh --out "$place/quotes.svg"
has "$place/quotes.svg" "“I like cats\.”</text>" # both quotes in the face of what they enclose
if command -v xmllint > /dev/null; then code 0 "the SVG is well-formed" xmllint --noout "$place/words.svg"; fi

# ---- the same frame, the same bytes ----
code 0 "again" "$program" shot 5:2 --size 1280x800 --out "$place/again.png"
if cmp -s "$place/step.png" "$place/again.png"; then pass; else miss "two shots of one frame differ"; fi
code 0 "again as SVG" "$program" shot 5:2 --size 1280x800 --out "$place/again.svg"
if cmp -s "$place/step.svg" "$place/again.svg"; then pass; else miss "two shots of one frame differ as SVG"; fi

# ---- sizes, under the sanitizers ----
for size in 1x1 1x800 3000x1 320x240 1024x768; do
    code 0 "shot of $size" "$debug" shot 5:words --size $size --out "$place/size.png"
    is "size of the PNG" "$(png_size "$place/size.png")" $size
done
for ending in svg pdf; do
    code 0 "a tiny $ending" "$debug" shot 5:words --size 1x1 --out "$place/size.$ending"
    code 0 "a large $ending" "$debug" shot home --size 14400x100 --out "$place/size.$ending"
done
code 0 "scale 3" "$debug" shot home --size 640x480 --scale 3 --out "$place/size.png"
is "scale 3" "$(png_size "$place/size.png")" 1920x1440
code 0 "16384 pixels" "$program" shot home --size 16384x64 --out "$place/size.png"

echo kept > "$place/kept.png"
refused() {
    code 2 "shot $*" "$program" shot home "$@" --out "$place/kept.png"
    is "shot $*: what was there" "$(cat "$place/kept.png")" kept
}
refused --size 16385x64
refused --size 99999999999x64
refused --size 0x64
refused --size -1x64
refused --size 16384x64 --scale 1.01
says "a side too long" "at most 16384"
refused --size 12000x9000
says "too many pixels" "at most 100000000"
says "too many pixels" "^  do: "
refused --scale 0
refused --scale 9
code 2 "a PDF too wide" "$program" shot home --size 14401x64 --out "$place/none.pdf"
says "a PDF too wide" "at most 14400"
absent "$place/none.pdf"
code 2 "an SVG too wide" "$program" shot home --size 16384x64 --scale 2 --out "$place/none.svg"
absent "$place/none.svg"
code 2 "an unknown ending" "$program" shot home --out "$place/none.bmp"
absent "$place/none.bmp"
code 4 "a folder that is not there" "$program" shot home --out "$place/no/such.svg"
mkdir "$place/folder.pdf"
code 4 "a folder of that name" "$program" shot home --out "$place/folder.pdf"

# ---- no fonts: only what draws asks for them ----
mkdir "$place/fontconfig"
echo '<fontconfig></fontconfig>' > "$place/fontconfig/fonts.conf"
bare() { FONTCONFIG_FILE="$place/fontconfig/fonts.conf" "$@"; }
code 4 "shot without fonts" bare "$program" shot home --out "$place/none.png"
says "shot without fonts" "fonts-inter"
absent "$place/none.png"
code 0 "lessons without fonts" bare "$program" lessons
code 0 "tokens without fonts" bare "$program" tokens --model tests/data/tiny-rnn < /dev/null

# ---- no display ----
no_display() {
    code 4 "$1" "$@"
    says "$1 without a display" "^error: cannot open a window: no display"
    says "$1 without a display" "attnscope shot LESSON:STEP"
    is "$1 without a display: standard output" "$(cat "$out")" ""
}
no_display "$program"
DISPLAY=:4711 no_display "$program" lesson 5
no_display "$program" inspect "I see you."
no_display "$program" bench --window

# ---- a window on SDL's dummy driver opens, and ends by SIGTERM as by its close button ----
ended=1
for seconds in 2 6 18; do
    SDL_VIDEODRIVER=dummy "$debug" lesson 5:words > "$out" 2> "$err" &
    sleep $seconds
    kill -TERM $!
    wait $!
    ended=$?
    [ $ended = 0 ] && break
done
is "a window ended by SIGTERM: exit code" $ended 0
is "a window ended by SIGTERM: messages" "$(cat "$err")" ""

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
