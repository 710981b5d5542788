"""A folder of data handed down: what is made from one reads that one, and no other that lies about."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import geotrack as gt
from geotrack.errors import SpecError
from geotrack.store.folder import DataFolder

ROOT = Path(__file__).parents[2]
STEPPE = "".join(f"steppe,Steppe,include,{code},*,\n" for code in ("KAZ", "RUS"))


@pytest.fixture
def own(data: Path) -> Path:
    """A folder that knows a sum of regions which no other knows, and another figure of China."""
    aggregates, regions = data / "reference" / "aggregates.csv", data / "reference" / "regions.csv"
    aggregates.write_text(aggregates.read_text("utf-8").rstrip("\n") + "\n" + STEPPE, encoding="utf-8")
    regions.write_text(
        regions.read_text("utf-8").rstrip("\n") + "\nsteppe,Steppe,aggregate,,\n", encoding="utf-8"
    )
    return data


def test_a_measure_knows_the_sums_of_the_folder_that_its_map_came_from(own: Path) -> None:
    told = gt.choropleth("cbeci-countries", data_folder=own).shift(groups=["steppe"])
    assert (told.row("steppe").name, told.row("steppe").before) == ("Steppe", 7.35)
    with pytest.raises(SpecError, match="no group or region 'steppe'"):
        gt.choropleth("cbeci-countries", data_folder=ROOT / "data").shift(groups=["steppe"])


WATCHED = """
import sys
from pathlib import Path

import geotrack as gt  # before the watch: the program's own files are no data
from geotrack import captions
from geotrack.build import modes, shift
from geotrack.map import spec
from geotrack.measure.compare import questions
from geotrack.publish.report import report
from geotrack.store import reading
from geotrack.store.folder import DataFolder

own, shipped, out = Path(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3])
read = []

def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        path = Path(args[0].decode() if isinstance(args[0], bytes) else args[0]).absolute()
        read.append(path)
        assert not path.is_relative_to(shipped), f"read beside the folder: {path}"
        assert not path.is_relative_to(Path("data").absolute()), f"read beside the folder: {path}"

def refuse(given=None):
    assert given is not None and Path(given) == own, f"looked for a folder by itself: {given}"
    return located(given)

located, reading.located = reading.located, refuse
sys.addaudithook(watch)

tm = gt.choropleth("cbeci-countries", data_folder=own, groups=["CHN", "steppe"])
assert "Steppe rose from 7.35" in tm.shift(groups=["steppe"]).to_dict()["paragraph"]
assert tm.shift().row("steppe").before == 7.35  # the map's own group
assert tm.to_html() and tm.caption() and tm.alt_text("2019-09", "2022-01", kind="difference")
tm.save_figure(out / "map.png", at=["2019-09"], width="600px")
tm.save_table(out / "map.csv")
tm.with_view(at="2021-07", fixed=True).to_fragment()
wanted = spec.read(Path(sys.argv[4]) / "maps/shift.toml")
made = modes.build(wanted, "shift", own)  # parts of regions, sources beside each other, the modes
assert made.modes.inner and made.modes.sources and made.to_html()
assert shift.shift_of("canaan-revenue", data=own).rows[0].code
for question in questions.QUESTIONS:
    assert str(questions.compare(question, DataFolder.of(own)))
template = out / "report.md"
calls = ('share("steppe", "2019-09")', 'crossing("USA", "CHN")', 'cite("canaan-revenue")',
         'map("cbeci-countries")', 'table("canaan-revenue")')
template.write_text("\\n\\n".join("{{ " + call + " }}" for call in calls))
assert "7.4" in report.compose(template, own).text
assert len(gt.load("canaan-revenue", own, derived=True)) > len(gt.load("canaan-revenue", own))
assert any(path.is_relative_to(own.absolute()) for path in read), "the watch saw nothing"
"""


def test_nothing_below_the_build_opens_a_folder_by_itself(own: Path, tmp_path: Path) -> None:
    """./data is somebody's, the copy that ships is out of bounds, and the environment names a third."""
    here, out = tmp_path / "here", tmp_path / "out"
    (here / "data" / "observations").mkdir(parents=True)
    (here / "data" / "datapackage.json").write_text('{"name": "geotrack"}', encoding="utf-8")
    out.mkdir()
    elsewhere = {"GEOTRACK_DATA": str(tmp_path / "nowhere"), "HOME": str(out)}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(own), str(ROOT / "data"), str(out), str(ROOT)],
        cwd=here, capture_output=True, text=True, encoding="utf-8", check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT), **elsewhere},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_folder_is_found_once_and_handed_on(own: Path) -> None:
    folder = DataFolder.of(own)
    assert DataFolder.of(folder) is folder
    assert folder.table("cbeci-countries") is folder.table("cbeci-countries")
    assert folder.regions is folder.regions
    assert repr(folder) == f"<DataFolder {str(own)!r}>"
    assert folder.now() is folder
    shutil.rmtree(own)
    assert folder.table("cbeci-countries").series.level == "country"  # read already: nothing is read twice


def test_what_is_stored_is_returned_unchanged_unless_asked() -> None:
    stored, told = gt.load("canaan-revenue"), gt.load("canaan-revenue", derived=True)
    assert set(stored["status"]) == {"reported", "lower bound"}
    added = told[told["note"].str.startswith("Derived: ")]
    assert len(told) == len(stored) + len(added)
    kept = told.drop(index=added.index).reset_index(drop=True)
    assert kept.equals(stored)
    [china] = added[(added["start"] == "2021-01-01") & (added["metric"] == "revenue_share")].to_dict(
        "records"
    )
    assert (china["region"], china["value"]) == ("CHN", 21.6)
    most = added[added["status"] == "upper bound"]  # what a lower bound leaves, stated or of what is listed
    assert sorted((row.region, f"{row.start:%Y-%m}", row.value) for row in most.itertuples()) == [
        ("CHN", "2024-07", 84), ("CHN", "2025-07", 15), ("CHN", "2025-07", 69),
        ("canaan-overseas", "2025-04", 50),
    ]  # fmt: skip


def test_a_folder_whose_files_changed_since_is_read_anew(own: Path) -> None:
    folder = DataFolder.of(own)
    before = len(folder.table("network-hashrate").observations)
    path = own / "observations" / "network-hashrate.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    assert len(folder.table("network-hashrate").observations) == before
    assert folder.now() is not folder
    assert len(folder.now().table("network-hashrate").observations) == before - 1
