#!/usr/bin/env bash
# From source to what people download, in order. Every step can be run by itself.
source "$(dirname "$0")/common.sh" "$@"

steps=(publish bundle sign verify dmg)
if [[ -n "$identity" ]] || "$dry_run"; then
  steps+=(notarise)
fi
steps+=(checksums cask sbom appcast)

say "Impetus $version"
for step in "${steps[@]}"; do
  say "== $step"
  bash "Packaging/$step.sh" "$@"
done
