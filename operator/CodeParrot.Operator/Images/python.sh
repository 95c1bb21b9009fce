#!/bin/sh
# Gathers this machine's Python for an image that runs HumanEval: python.sh FOLDER. FOLDER is laid over the image's root:
# the interpreter, its own library, and what both link to, but for what every base of ours holds.
set -eu
mkdir -p "$1"
folder=$(cd "$1" && pwd)
python=$(readlink -f /usr/bin/python3) || python=
[ -x "$python" ] || { echo "there is no /usr/bin/python3: install python3" >&2; exit 1; }
name=$(basename "$python")
rm -rf "$folder"
mkdir -p "$folder/usr/bin" "$folder/usr/lib/x86_64-linux-gnu"
cp "$python" "$folder/usr/bin/python3"
cp -r "/usr/lib/$name" "$folder/usr/lib/"
for part in test idlelib tkinter turtledemo lib2to3 ensurepip venv pydoc_data distutils; do
  rm -rf "$folder/usr/lib/$name/$part"
done
rm -rf "$folder/usr/lib/$name"/config-*
# Terminals, databases, directories of users: whoever may open no file has no use for them, nor we for their libraries.
for part in _curses _curses_panel _dbm _gdbm _sqlite3 _tkinter _crypt nis ossaudiodev readline spwd; do
  rm -f "$folder/usr/lib/$name/lib-dynload/$part".*
done
find "$folder" -xtype l -delete
# Extensions whose libraries are not here would not load in the image either.
ldd "$python" "$folder/usr/lib/$name"/lib-dynload/*.so 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p' | sort -u |
  while read -r library; do
    case $(basename "$library") in
      libc.so* | libm.so* | ld-linux* | libpthread.so* | libdl.so* | librt.so* | libutil.so* | libresolv.so*) ;;
      libgcc_s.so* | libstdc++.so* | libssl.so* | libcrypto.so*) ;;
      *) cp -L "$library" "$folder/usr/lib/x86_64-linux-gnu/" ;;
    esac
  done
find "$folder" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
chmod 755 "$folder/usr/bin/python3"
