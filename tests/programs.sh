#!/bin/sh
# Makes sure that the programs are there which the tests open pages and files with; installs Debian's where it may.
#   chromium: pages. soffice: Word files. pdffonts, pdftoppm: PDF. ffprobe: MP4. Noto Sans CJK: pictures in Chinese.
#   npm: folium's plugins (plugins.sh). java: Spark, which sums records.
# With --chromium it installs nothing, and prints which Chromium the tests open pages with; nothing if there is none.
set -eu

wanted=""
need() { wanted="$wanted $1"; }

# The shell is Chromium without its own windows: the same pages for a third of the work.
found=""
for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then found="$name"; break; fi
done
if [ "${1:-}" = --chromium ]; then
  [ -z "$found" ] || command -v "$found"
  exit 0
fi
[ -n "$found" ] || need "CHROMIUM fonts-noto-core fonts-dejavu-core"
command -v soffice >/dev/null 2>&1 || need libreoffice-writer-nogui
command -v pdffonts >/dev/null 2>&1 || need poppler-utils
command -v ffprobe >/dev/null 2>&1 || need ffmpeg
command -v java >/dev/null 2>&1 || need default-jre-headless
command -v npm >/dev/null 2>&1 || need npm
fc-list 2>/dev/null | grep -qi "CJK" || need "fonts-noto-cjk fontconfig"
[ -n "$wanted" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then as=""; elif command -v sudo >/dev/null 2>&1; then as="sudo"; else as="none"; fi
  if [ "$as" != none ]; then
    $as apt-get update -qq
    shell=$(apt-cache --names-only search '^chromium-headless-shell$')
    wanted=$(echo "$wanted" | sed "s/CHROMIUM/chromium${shell:+-headless-shell}/")
    # shellcheck disable=SC2086 # a list of packages
    DEBIAN_FRONTEND=noninteractive $as apt-get install -y -qq --no-install-recommends $wanted >/dev/null
    exit 0
  fi
fi
wanted=$(echo "$wanted" | sed "s/CHROMIUM/chromium/")
echo "the tests need programs that are not here; install what Debian calls:$wanted, and run again" >&2
[ -n "$found" ] || exit 1
