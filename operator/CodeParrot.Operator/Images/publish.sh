#!/bin/sh
# Publishes what an image holds: publish.sh operator|trainer|trainer-cpu FOLDER
# FOLDER/program is the program, FOLDER/libraries the native libraries that change less often than it does, so that they
# are a layer of their own; FOLDER/fonts is for the labels of curves. Needs the .NET SDK, and no other tool.
set -eu
image=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
cd "$(dirname "$0")/../../.."

case $image in
  operator) project=operator/CodeParrot.Operator backend=cpu ;;
  trainer) project=trainer/CodeParrot.Trainer backend=cuda ;;
  trainer-cpu) project=trainer/CodeParrot.Trainer backend=cpu ;;
  *) echo "no image is called $image" >&2; exit 2 ;;
esac
rm -rf "$folder"
mkdir -p "$folder/libraries" "$folder/fonts"
# With the .NET runtime; other builds' folders are left alone, as these are named after the platform.
DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet publish "$project" -c Release -r linux-x64 --self-contained -p:ForImage=true \
  -p:TorchBackend=$backend -o "$folder/program" --nologo -v quiet
mv "$folder"/program/lib*.so* "$folder/libraries/"
# Python's binding of torch, and what only a debugger reads.
rm -f "$folder/libraries/libtorch_python.so" "$folder"/program/*.xml "$folder"/program/createdump
for font in /usr/share/fonts/truetype/dejavu; do
  [ "$image" = operator ] || [ ! -d $font ] || cp -r $font "$folder/fonts/"
done
# Everyone may read, nobody may write; what may be executed is the program.
find "$folder" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
chmod 755 "$folder"/program/codeparrot-operator "$folder"/program/trainer 2>/dev/null || true
