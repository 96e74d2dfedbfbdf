#!/bin/sh
# layers.sh — fails on an include that src/LAYERS does not allow, naming file and line. Run by `make layers`.
cd "$(dirname "$0")/.." || exit 1
grep -nE '^[[:space:]]*#[[:space:]]*include' src/*/*.c src/*/*.h src/*/*.def 2>/dev/null | awk '
    BEGIN {
        while ((getline line < "src/LAYERS") > 0) {
            sub(/#.*/, "", line)
            if (split(line, part, " : *") == 2 || line ~ /:[[:space:]]*$/) {
                split(line, part, ":"); gsub(/[[:space:]]/, "", part[1]); layer[part[1]] = 1
                n = split(part[2], name, " "); for (i = 1; i <= n; i++) allowed[part[1], name[i]] = 1
            } else if (split(line, part, "@") == 2) {
                gsub(/[[:space:]]/, "", part[1]); outside[part[1]] = " " part[2] " "
            }
        }
    }
    {
        split($0, place, ":"); file = place[1]; split(file, folder, "/"); from = folder[2]
        header = $0; sub(/^[^<"]*[<"]/, "", header); sub(/[>"].*/, "", header)
        split(header, to, "/")
        if (!(from in layer)) { print place[1] ":" place[2] ": folder " from " is not in src/LAYERS"; bad++; next }
        if (to[1] in layer && header ~ /\//) {
            if (to[1] != from && !((from, to[1]) in allowed)) { print file ":" place[2] ": " from " may not include " header; bad++ }
            next
        }
        for (lib in outside) if (index(header, lib) == 1) {
            ok = 0; n = split(outside[lib], where, " ")
            for (i = 1; i <= n; i++) if (index(file, "src/" where[i]) == 1) ok = 1
            if (!ok) { print file ":" place[2] ": " header " is only for" outside[lib]; bad++ }
        }
    }
    END { if (bad) { print bad " forbidden includes"; exit 1 } else print "layers: all includes allowed" }'
