#!/bin/sh
# The pictures of docs/lessons.md, from the lesson in docs/example. Run in the repository's root; needs ImageMagick.
set -eu
program=$(pwd)/build/attnscope out=$(pwd)/docs/pictures place=$(mktemp -d)
trap 'rm -r "$place"' EXIT
mkdir "$place/lessons"
ln -s "$(pwd)/assets" "$place/assets"
cp -r docs/example/01-directives "$place/lessons"
export ATTNSCOPE_HOME="$place"

shot() { "$program" shot "$@"; }
small() { convert "$1" -strip $3 -colors 160 "PNG8:$out/$2"; }

shot 1:show --size 1280x800 --out "$place/show.png"
small "$place/show.png" directive-model.png '-crop 1280x50+0+0 +repage -resize 900x'
small "$place/show.png" directive-show.png '-resize 720x'
shot 1:show --size 1280x800 --press X --out "$place/example.png"
small "$place/example.png" directive-example.png '-crop 720x330+280+230 +repage -resize 560x'
shot home --size 1280x800 --out "$place/home.png"
small "$place/home.png" directive-pages.png '-crop 320x290+340+140 +repage'
shot 1:also --size 1280x800 --out "$place/also.png"
small "$place/also.png" directive-control.png '-crop 900x330+0+48 +repage -resize 720x'
convert "$place/show.png" -crop 1280x58+0+742 +repage "$place/bar1.png"
convert "$place/also.png" -crop 1280x58+0+742 +repage "$place/bar2.png"
convert "$place/bar1.png" "$place/bar2.png" -append "$place/hide.png"
small "$place/hide.png" directive-hide.png '-resize 900x'
for step in nothing stage; do
    shot 1:$step --size 1280x560 --out "$place/$step.png"
    convert "$place/$step.png" -crop 904x430+368+64 +repage "$place/run-$step.png"
done
convert "$place/show.png" -crop 904x380+368+56 +repage "$place/run-word.png"
montage "$place/run-nothing.png" "$place/run-stage.png" "$place/run-word.png" -tile 3x1 -geometry 330x160+4+4 "$place/run.png"
small "$place/run.png" directive-run.png ''
for kind in argmax token numeric order count direction find; do
    first=0
    shot 1:$kind@0 --size 1280x800 --press 1 --out "$place/$kind.png" 2> /dev/null || first=1
    [ $first = 0 ] || shot 1:$kind@1 --size 1280x800 --press 1 --out "$place/$kind.png"
    convert "$place/$kind.png" -crop 340x470+8+56 +repage "$place/ask-$kind.png"
done
montage "$place"/ask-*.png -tile 4x2 -geometry 255x353+4+4 "$place/ask.png"
small "$place/ask.png" directive-ask.png ''
shot 1:show --size 1024x768 --press P --press Shift+N --out "$place/note.png"
small "$place/note.png" directive-note.png '-resize 640x'
shot 1:argmax@0 --size 1280x720 --press P --press 2 --out "$place/class.png"
small "$place/class.png" presenter.png '-resize 720x'
