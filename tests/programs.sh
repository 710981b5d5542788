#!/bin/sh
# Makes sure that the programs are there which the tests open pages and files with; installs Debian's where it may.
#   chromium: pages. soffice: Word files. pdffonts, pdftoppm: PDF. ffprobe: MP4. Noto Sans CJK: pictures in Chinese.
#   npm: folium's plugins (plugins.sh).
set -eu

wanted=""
need() { wanted="$wanted $1"; }

found=""
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then found="$name"; break; fi
done
[ -n "$found" ] || need "chromium fonts-noto-core fonts-dejavu-core"
command -v soffice >/dev/null 2>&1 || need libreoffice-writer-nogui
command -v pdffonts >/dev/null 2>&1 || need poppler-utils
command -v ffprobe >/dev/null 2>&1 || need ffmpeg
command -v npm >/dev/null 2>&1 || need npm
fc-list 2>/dev/null | grep -qi "CJK" || need "fonts-noto-cjk fontconfig"
[ -n "$wanted" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then as=""; elif command -v sudo >/dev/null 2>&1; then as="sudo"; else as="none"; fi
  if [ "$as" != none ]; then
    $as apt-get update -qq
    # shellcheck disable=SC2086 # a list of packages
    DEBIAN_FRONTEND=noninteractive $as apt-get install -y -qq --no-install-recommends $wanted >/dev/null
    exit 0
  fi
fi
echo "the tests need programs that are not here; install what Debian calls:$wanted, and run again" >&2
[ -n "$found" ] || exit 1
