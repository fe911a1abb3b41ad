#!/usr/bin/env bash
# Signs from the inside out: libraries, the command, then the app. Never --deep, which would give every part the app's rights.
source "$(dirname "$0")/common.sh" "$@"
need codesign file

if [[ -n "$identity" ]]; then
  signature=(--force --timestamp --options runtime --sign "$identity")
else
  say "IMPETUS_SIGN_IDENTITY is not set: signing ad hoc, without the hardened runtime. It runs on this Mac and cannot be notarised."
  # The hardened runtime takes only libraries of one team, and an ad hoc signature has none.
  signature=(--force --sign -)
fi

main="$app/Contents/MacOS/Impetus"
helper="$app/Contents/Resources/impetus/impetus"
if "$dry_run" && [[ ! -d "$app" ]]; then
  run codesign "${signature[@]}" "<every Mach-O file in $app, the deepest first>"
else
  mach_o_files "$app/Contents" | while read -r binary; do
    [[ "$binary" == "$main" || "$binary" == "$helper" ]] || run codesign "${signature[@]}" "$binary"
  done
fi
run codesign "${signature[@]}" --entitlements Packaging/Command.entitlements.plist "$helper"
run codesign "${signature[@]}" --entitlements Entitlements.plist "$app"
