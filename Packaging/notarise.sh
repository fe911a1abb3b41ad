#!/usr/bin/env bash
# Has Apple look at the disk image, and staples the answer to it, so that it opens without a network.
source "$(dirname "$0")/common.sh" "$@"
need xcrun spctl

# Made once with: xcrun notarytool store-credentials NAME
profile="${IMPETUS_NOTARY_PROFILE:-}"
if [[ -z "$identity" || -z "$profile" ]]; then
  message="notarising needs IMPETUS_SIGN_IDENTITY and IMPETUS_NOTARY_PROFILE. Without it, people must allow the app in System Settings."
  "$dry_run" || die "$message"
  say "$message"
fi
run xcrun notarytool submit "$dmg" --keychain-profile "${profile:-<profile>}" --wait
run xcrun stapler staple "$dmg"
run xcrun stapler validate "$dmg"
run spctl --assess --type open --context context:primary-signature --verbose=2 "$dmg"
