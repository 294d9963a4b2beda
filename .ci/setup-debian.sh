#!/usr/bin/env bash
# Installs what some tests need besides Node: Jupyter's front ends, its own test suite for kernels, a browser, a font, pandas, R.
# For Debian 12 and later; does nothing when all of it is there. Some 700 MB on disk, mostly the browser.
set -euo pipefail

packages=(
  jupyter-notebook jupyter-nbconvert jupyter-client jupyter-console
  python3-jupyter-kernel-test python3-ipykernel python3-pexpect
  chromium fonts-dejavu-core python3-pandas r-base-core
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
  echo "all there: ${packages[*]}"
  exit 0
fi

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -q
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
