#!/bin/sh
# Tokenizer benchmark: gathers real Python from Debian packages into the user's cache, installs the Hugging Face tokenizers
# there, and runs `tokenizer compare` of the benchmark project in a Release build. Arguments go to it (--runs N, --bytes N).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/codeparrot/tokenizer-benchmark"
packages="libpython3.11-stdlib libpython3.11-testsuite python3-astropy python3-cinder python3-django python3-matplotlib
  python3-neutron python3-nova python3-numpy python3-pandas python3-scipy python3-sklearn python3-sqlalchemy
  python3-statsmodels python3-sympy python3-twisted"
mkdir -p "$cache/debs" "$cache/files"
for package in $packages; do
  if [ ! -d "$cache/files/$package" ]; then
    (cd "$cache/debs" && apt-get -qq download "$package")
    dpkg-deb -x "$cache/debs/$package"_*.deb "$cache/files/$package.new"
    mv "$cache/files/$package.new" "$cache/files/$package"
  fi
done
NODE_PATH=$("$root/tests/parity/oracle/install.sh")
export NODE_PATH
dotnet build "$root/tests/benchmarks" -c Release -v quiet
exec "$root/artifacts/bin/CodeParrot.Benchmarks/release/CodeParrot.Benchmarks" tokenizer compare \
  --sources "$cache/files" --work "$cache/work" --oracle "$root/tests/parity/oracle/oracle.js" "$@"
