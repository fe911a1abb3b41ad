#!/usr/bin/env bash
# Writes the signed list from which the app learns of this version: what is new, and where to get it.
source "$(dirname "$0")/common.sh" "$@"
need jq openssl

# A private key that never leaves its maker's machine:  openssl ecparam -name prime256v1 -genkey -noout -out appcast.pem
# Its public half goes into the app:                    openssl ec -in appcast.pem -pubout -outform der | openssl base64 -A
key="${IMPETUS_APPCAST_KEY:-}"
releases="${IMPETUS_RELEASES:-https://github.com/GerdsenAI/Impetus-LLM-Server/releases/download}"
minimum="$(sed -n '/LSMinimumSystemVersion/{n;s:.*<string>\(.*\)</string>.*:\1:p;}' Info.plist)"
# The paragraphs of this version in the changelog.
notes="$(awk -v version="$version" '/^## / { found = ($2 == version); next } found' CHANGELOG.md | sed -e '/./,$!d')"

if [[ -z "$key" ]]; then
  message="IMPETUS_APPCAST_KEY names no key: without a signature there is no list of updates."
  say "$message"
  "$dry_run" || exit 0
fi
[[ -n "$notes" ]] || die "CHANGELOG.md says nothing of $version."

say "+ write $out/appcast.json for $version, macOS $minimum or newer"
if ! "$dry_run"; then
  payload="$(mktemp)"
  signature="$(mktemp)"
  trap 'rm -f "$payload" "$signature"' EXIT
  jq -n --arg version "$version" --arg minimum "$minimum" --arg url "$releases/v$version/$(basename "$dmg")" --arg notes "$notes" \
    '{ version: $version, minimum_system: $minimum, url: $url, notes: $notes }' >"$payload"
  openssl dgst -sha256 -sign "$key" -out "$signature" "$payload"
  jq -n --arg payload "$(openssl base64 -A -in "$payload")" --arg signature "$(openssl base64 -A -in "$signature")" \
    '{ payload: $payload, signature: $signature }' >"$out/appcast.json"
fi
