#!/usr/bin/env bash
# Publishes the command with its own runtime, and builds the app. The first half runs on any machine with the .NET SDK.
source "$(dirname "$0")/common.sh" "$@"

run rm -rf "$command_folder"
# What is made on the way lies beside the result, so that nothing of an earlier build is taken along.
run dotnet publish Impetus.Server --configuration Release --runtime osx-arm64 --self-contained \
  -p:DebugType=none -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false \
  --artifacts-path "$out/build" --output "$command_folder"
# The app brings the models; two copies would be 100 MB more.
run rm -rf "$command_folder/Models" "$command_folder/Impetus.Server"
# What the runtime builds on must be named where it travels.
if "$dry_run"; then
  notices="<THIRD-PARTY-NOTICES.TXT of the runtime>"
else
  packages="$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')"
  notices="$(find "$packages/microsoft.netcore.app.runtime.osx-arm64" -name THIRD-PARTY-NOTICES.TXT | sort -V | tail -1)"
fi
run cp "$notices" "$command_folder/THIRD-PARTY-NOTICES.TXT"

if [[ "$(uname)" != Darwin ]] && ! "$dry_run"; then
  say "The command is in $command_folder. The app itself is built on a Mac with the macos workload."
  exit 0
fi
run dotnet build Impetus.MenuBar --configuration Release --framework net10.0-macos --runtime osx-arm64
run rm -rf "$app"
run mkdir -p "$out"
run cp -R Impetus.MenuBar/bin/Release/net10.0-macos/osx-arm64/Impetus.app "$app"
