#!/usr/bin/env bash
# Writes the Homebrew cask of this version from its checksum.
source "$(dirname "$0")/common.sh" "$@"

sum="<sha256 of $(basename "$dmg")>"
if ! "$dry_run"; then
  [[ -f "$dmg.sha256" ]] || die "there is no $dmg.sha256. Run Packaging/checksums.sh first."
  sum="$(cut -d' ' -f1 "$dmg.sha256")"
fi
# Where releases are offered; the version is put in by Homebrew.
releases="${IMPETUS_RELEASES:-https://github.com/GerdsenAI/Impetus-LLM-Server/releases/download}"

cask() {
  cat <<CASK
cask "impetus" do
  version "$version"
  sha256 "$sum"

  url "$releases/v#{version}/Impetus-#{version}-arm64.dmg"
  name "Impetus"
  desc "Local AI server in the menu bar"
  homepage "https://github.com/GerdsenAI/Impetus-LLM-Server"

  depends_on arch: :arm64
  depends_on macos: ">= :sonoma"

  app "Impetus.app"
  binary "#{appdir}/Impetus.app/Contents/Resources/impetus/impetus"

  uninstall quit: "com.gerdsenai.impetus"

  zap trash: [
    "~/Library/Application Support/Impetus",
    "~/Library/Containers/com.gerdsenai.impetus",
  ]
end
CASK
}

say "+ write $out/impetus.rb"
if "$dry_run"; then
  cask
else
  cask >"$out/impetus.rb"
fi
