#!/usr/bin/env bash
# Looks at the signed app as macOS will, and at what only its makers can know.
source "$(dirname "$0")/common.sh" "$@"
need codesign plutil otool file

run plutil -lint "$app/Contents/Info.plist"
run codesign --verify --deep --strict --verbose=2 "$app"
run codesign --display --entitlements - "$app"

if ! "$dry_run"; then
  [[ "$(plutil -extract CFBundleShortVersionString raw "$app/Contents/Info.plist")" == "$version" ]] \
    || die "the app's version is not $version."
  mach_o_files "$app/Contents" | while read -r binary; do
    file "$binary" | grep -q arm64 || die "$binary is not for arm64."
    # Everything must be found in the system or in the bundle, on any Mac.
    otool -L "$binary" | tail -n +2 | awk '{ print $1 }' | while read -r reference; do
      case "$reference" in
        /usr/lib/*|/System/*|@rpath/*|@loader_path/*|@executable_path/*) ;;
        *) die "$binary needs $reference, which is a path of the machine that built it." ;;
      esac
    done
  done
fi

if [[ -n "$identity" ]]; then
  run spctl --assess --type execute --verbose=2 "$app"
fi
