#!/usr/bin/env bash
# Makes the disk image: the app, and a link to where it belongs.
source "$(dirname "$0")/common.sh" "$@"
need hdiutil codesign

stage="$out/dmg"
run rm -rf "$stage" "$dmg"
run mkdir -p "$stage"
run cp -R "$app" "$stage/Impetus.app"
run ln -s /Applications "$stage/Applications"
run cp LICENSE "$stage/License.txt"
run hdiutil create -volname "Impetus $version" -srcfolder "$stage" -fs HFS+ -format UDZO -imagekey zlib-level=9 "$dmg"
if [[ -n "$identity" ]]; then
  run codesign --force --timestamp --sign "$identity" "$dmg"
fi
run hdiutil verify "$dmg"
