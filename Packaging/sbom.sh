#!/usr/bin/env bash
# Writes what the product is made of, as a CycloneDX bill of materials, from what was really published.
source "$(dirname "$0")/common.sh" "$@"
need jq

deps="$command_folder/Impetus.Server.deps.json"
say "+ write $out/sbom.json from $deps"
if ! "$dry_run"; then
  [[ -f "$deps" ]] || die "there is no $deps. Run Packaging/publish.sh first."
  jq --arg version "$version" '{
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", name: "Impetus", version: $version, licenses: [{ license: { id: "MIT" } }] } },
    components: (
      [ .libraries | to_entries[] | select(.value.type == "package" or .value.type == "runtimepack")
        | (.key | split("/")) as [$name, $release]
        | {
            type: "library",
            name: ($name | ltrimstr("runtimepack.")),
            version: $release,
            purl: "pkg:nuget/\($name | ltrimstr("runtimepack."))@\($release)"
          }
      ] + [
        { type: "machine-learning-model", name: "HuggingFaceTB/SmolLM2-135M-Instruct", licenses: [{ license: { id: "Apache-2.0" } }] },
        { type: "machine-learning-model", name: "sentence-transformers/all-MiniLM-L6-v2", licenses: [{ license: { id: "Apache-2.0" } }] },
        { type: "library", name: "mlx-c", licenses: [{ license: { id: "MIT" } }] },
        { type: "library", name: "mlx", licenses: [{ license: { id: "MIT" } }] }
      ]
    )
  }' "$deps" >"$out/sbom.json"
fi
