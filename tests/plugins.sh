#!/bin/sh
# Fetches the plugins of Leaflet that tests/browser/test_plugins.py opens pages with: npm's packages, by name and
# version, into a cache of the machine. They are other people's code: nothing of it is committed or shipped.
set -eu

cache="${GEOTRACK_PLUGINS:-${XDG_CACHE_HOME:-$HOME/.cache}/geotrack/plugins}"
mkdir -p "$cache"
part=$(mktemp -d "$cache/.part.XXXXXX")
trap 'rm -rf "$part"' EXIT

# The versions that folium asks for; of leaflet.heat it carries a copy of its own, which is no package.
for package in leaflet.markercluster@1.1.0 leaflet.fullscreen@3.0.0 leaflet-minimap@3.6.1 leaflet.heat@0.2.0 \
  leaflet-draw@1.0.2 leaflet-search@2.9.7; do
  [ -d "$cache/$package" ] && continue
  if ! npm pack --silent --pack-destination "$part" "$package" >/dev/null; then
    echo "$package could not be had from npm; tests/browser/test_plugins.py needs it" >&2
    continue
  fi
  tar -xzf "$part"/*.tgz -C "$part"
  mv "$part/package" "$cache/$package"
  rm "$part"/*.tgz
done
