#!/bin/sh
# Makes sure that there is a Chromium for the browser tests; installs Debian's where it may.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then as=""; elif command -v sudo >/dev/null 2>&1; then as="sudo"; else as="none"; fi
  if [ "$as" != none ]; then
    $as apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fonts-dejavu-core >/dev/null
    exit 0
  fi
fi
echo "the browser tests need Chromium on the PATH: install it (Debian: apt-get install chromium) and run again" >&2
exit 1
