# Sourced by every step: where things are, how a step is said and run.
# shellcheck shell=bash
# shellcheck disable=SC2034  # the steps use what is named here
set -euo pipefail

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$repository"

version="$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)"
out="${IMPETUS_OUT:-artifacts/mac}"
app="$out/Impetus.app"
command_folder="$out/command"
dmg="$out/Impetus-$version-arm64.dmg"
# A Developer ID Application identity, as `security find-identity -v -p codesigning` names it. Empty: ad hoc.
identity="${IMPETUS_SIGN_IDENTITY:-}"

dry_run=false
for argument in "$@"; do
  case "$argument" in
    --dry-run) dry_run=true ;;
    *) echo "$(basename "$0"): '$argument' is no option. There is: --dry-run." >&2; exit 2 ;;
  esac
done

# Says a step and, unless this is a dry run, does it.
run() {
  printf '+'
  printf ' %q' "$@"
  printf '\n'
  "$dry_run" || "$@"
}

say() { printf '%s\n' "$*"; }

die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Ends a real run early where a tool is missing, before anything is half done.
need() {
  "$dry_run" && return
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "'$tool' is needed. It is part of macOS and the Xcode command line tools."
  done
}

# Every Mach-O file below a folder, the deepest first, so that what is inside is signed before what holds it.
mach_o_files() {
  find "$1" -type f \( -perm -u+x -o -name '*.dylib' \) -exec file --no-pad --separator '|' {} + \
    | sed -n 's/|.*Mach-O.*//p' | awk '{ print gsub("/", "/") "\t" $0 }' | sort -rn | cut -f2-
}
