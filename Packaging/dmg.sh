#!/usr/bin/env bash
# Makes the disk image: the app, a link to where it belongs, and our background behind them.
source "$(dirname "$0")/common.sh" "$@"
need hdiutil codesign osascript tiffutil

stage="$out/dmg"
draft="$out/draft.dmg"
volume="Impetus $version"
run rm -rf "$stage" "$draft" "$dmg"
run mkdir -p "$stage/.background"
run cp -R "$app" "$stage/Impetus.app"
run ln -s /Applications "$stage/Applications"
run cp LICENSE "$stage/License.txt"
# One picture for both kinds of display.
run tiffutil -cathidpicheck Packaging/background.png Packaging/background@2x.png -out "$stage/.background/background.tiff"
run hdiutil create -volname "$volume" -srcfolder "$stage" -fs HFS+ -format UDRW -ov "$draft"
run hdiutil attach -readwrite -noverify -noautoopen "$draft"
# Where icons lie is remembered by the Finder, which must be asked; it needs a user who is logged in.
run osascript Packaging/dmg.applescript "$volume"
run hdiutil detach "/Volumes/$volume"
run hdiutil convert "$draft" -format UDZO -imagekey zlib-level=9 -o "$dmg"
run rm -f "$draft"
if [[ -n "$identity" ]]; then
  run codesign --force --timestamp --sign "$identity" "$dmg"
fi
run hdiutil verify "$dmg"
