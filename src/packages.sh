#!/bin/sh
# packages.sh — installs the named Debian packages that are missing: as root, or with sudo (which asks). With neither it
# prints the exact command and stops. Does nothing, quickly, when all are there. Run by `make run` and `make test`.
missing=
for name in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$name" 2>/dev/null) in *'ok installed') ;; *) missing="$missing $name" ;; esac
done
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null; then
    echo "attnscope needs these libraries (Debian names):$missing" >&2
    echo "Install them with your system's package manager, then run 'make' again." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then as=
elif command -v sudo >/dev/null; then as=sudo
else
    echo "These packages are missing. Run this as root, then try again:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing:$missing"
$as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
    echo "The packages could not be installed. Try this by hand, then run 'make' again:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 1
}
