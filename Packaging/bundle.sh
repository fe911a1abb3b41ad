#!/usr/bin/env bash
# Puts beside the app what it needs to run: MLX, models, static pages, the command. docs/packaging.md draws the layout.
source "$(dirname "$0")/common.sh" "$@"
need install_name_tool otool

# Homebrew keeps MLX and its C API in formulas of their own.
mlx_c="${IMPETUS_MLX_LIB:-/opt/homebrew/opt/mlx-c/lib}"
mlx="${IMPETUS_MLX_LIB:-/opt/homebrew/opt/mlx/lib}"
contents="$app/Contents"
run mkdir -p "$contents/Frameworks" "$contents/Resources"

for source in "$mlx_c/libmlxc.dylib" "$mlx/libmlx.dylib"; do
  library="$(basename "$source")"
  run cp -L "$source" "$contents/Frameworks/$library"
  run chmod u+w "$contents/Frameworks/$library"
  run install_name_tool -id "@rpath/$library" "$contents/Frameworks/$library"
done
# mlx-c refers to mlx by the path it was built with; in the bundle they lie side by side.
run install_name_tool -add_rpath @loader_path "$contents/Frameworks/libmlxc.dylib"
if "$dry_run"; then
  run install_name_tool -change "<libmlx.dylib's path>" @rpath/libmlx.dylib "$contents/Frameworks/libmlxc.dylib"
else
  otool -L "$contents/Frameworks/libmlxc.dylib" | awk '/libmlx\.dylib/ { print $1 }' | while read -r reference; do
    run install_name_tool -change "$reference" @rpath/libmlx.dylib "$contents/Frameworks/libmlxc.dylib"
  done
fi
# MLX looks for its kernels beside its library, then in Resources below that; a nested code folder may hold no data.
run mkdir -p "$contents/Resources/mlx"
run cp "$mlx/mlx.metallib" "$contents/Resources/mlx/mlx.metallib"
run ln -sfn ../Resources/mlx/mlx.metallib "$contents/Frameworks/mlx.metallib"

run cp -R Models "$contents/Resources/Models"
# The app's assemblies look for models beside and above themselves.
run ln -sfn ../Resources/Models "$contents/MonoBundle/Models"

run cp -R "$command_folder" "$contents/Resources/impetus"
if [[ -d "$command_folder/wwwroot" ]]; then
  run cp -R "$command_folder/wwwroot" "$contents/Resources/wwwroot"
fi
run cp LICENSE NOTICE "$command_folder/THIRD-PARTY-NOTICES.TXT" "$contents/Resources/"

# Whose lists of updates are believed. Without a key the app looks for none.
if [[ -n "${IMPETUS_APPCAST_PUBLIC_KEY:-}" ]]; then
  run plutil -replace ImpetusAppcastKey -string "$IMPETUS_APPCAST_PUBLIC_KEY" "$contents/Info.plist"
fi
