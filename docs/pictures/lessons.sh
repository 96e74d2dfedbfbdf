#!/bin/sh
# A picture of each lesson's main step. Run in the repository's root; needs ImageMagick.
set -eu
place=$(mktemp -d)
trap 'rm -r "$place"' EXIT
one() {
    build/attnscope shot "$1" --size 1280x800 --out "$place/shot.png"
    convert "$place/shot.png" -strip -resize 960x -colors 200 "PNG8:docs/pictures/$2.png"
}
one 1:force lesson-1-translation
one 2:wrong lesson-2-seq2seq
one 3:finish lesson-3-decoding
one 4:shortest lesson-4-bottleneck
one 6:temperature lesson-6-query-key-value
one 7:lens lesson-7-scores
