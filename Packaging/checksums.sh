#!/usr/bin/env bash
# Writes the image's checksum beside it, in the form that `shasum -c` reads.
source "$(dirname "$0")/common.sh" "$@"
need shasum

run bash -c 'cd "$1" && shasum -a 256 "$2" >"$2.sha256"' checksums "$out" "$(basename "$dmg")"
