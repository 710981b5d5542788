"""Where data live, and how files are written: whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pandas as pd
import pytest

from geotrack import files
from geotrack.errors import OutputError, ParseError, SpecError
from geotrack.model import OBSERVATION_COLUMNS
from geotrack.store import reading

ROOT = Path(__file__).parents[2]


def read_observations(path: Path) -> pd.DataFrame:
    return reading.typed(reading.read_raw(path), path)


HEAD = ",".join(OBSERVATION_COLUMNS)
ROW = "CHN,2021-07-01,2021-08-01,share,{},%,reported,o,China,"


def observations(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "some.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_named_folder_is_taken_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.data_folder(ROOT / "data") == ROOT / "data"
    with pytest.raises(ParseError, match=r"no geotrack data here; expected a folder with datapackage\.json"):
        reading.data_folder(tmp_path)
    (tmp_path / "datapackage.json").write_text('{"name": "another project"}')
    with pytest.raises(ParseError, match="no geotrack data here"):
        reading.data_folder(tmp_path)
    monkeypatch.setenv("GEOTRACK_DATA", str(tmp_path))
    with pytest.raises(ParseError, match=str(tmp_path)):
        reading.data_folder()
    monkeypatch.setenv("GEOTRACK_DATA", str(ROOT / "data"))
    assert reading.data_folder() == ROOT / "data"


def test_the_argument_wins_over_the_environment(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOTRACK_DATA", str(ROOT / "data"))
    assert reading.data_folder(data) == data


def test_a_folder_called_data_is_taken_only_if_it_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "observations").mkdir(parents=True)
    for text in ("", "[]", '{"name": "another project"}'):
        (tmp_path / "data" / "datapackage.json").write_text(text)
        assert reading.data_folder() != Path("data")
    (tmp_path / "data" / "datapackage.json").write_text('{"name": "geotrack"}')
    assert reading.data_folder() == Path("data")


@pytest.mark.parametrize("content", [b'{"name": "geotrack", ', b"\xff\xfe{}", b""])
def test_a_corrupt_package_is_called_so_and_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (data / "datapackage.json").write_bytes(content)
    message = r"data.datapackage\.json: corrupt, no JSON in UTF-8: .+; restore the file, or write it anew"
    with pytest.raises(ParseError, match=message):
        reading.data_folder(data)
    monkeypatch.chdir(tmp_path)  # found by itself, it is not passed over in silence either
    with pytest.raises(ParseError, match=message):
        reading.data_folder()
    (data / "reference" / "series.toml").unlink()
    assert reading.data_folder() != Path("data")


def test_no_data_anywhere_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reading, "PACKAGE", tmp_path / "geotrack")
    monkeypatch.setattr(reading, "SHIPPED", tmp_path / "shipped")
    with pytest.raises(ParseError, match=r"no data found.*set GEOTRACK_DATA"):
        reading.data_folder()
    assert reading.spec_folder() == Path("maps")


def test_own_specifications_win_over_those_that_ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maps").mkdir()
    assert reading.spec_folder() != Path("maps")
    (tmp_path / "maps" / "mine.toml").write_text('series = "cbeci-countries"')
    assert reading.spec_folder() == Path("maps")


def test_series_keep_the_order_of_the_file_and_their_metrics() -> None:
    series = reading.read_series(ROOT / "data")
    assert next(iter(series)) == "cbeci-countries"
    assert series["cbeci-countries"].metric("share").whole == 100
    assert isinstance(series["cbeci-countries"].caveats, tuple)


@pytest.mark.parametrize(
    "text",
    [
        "not = [toml",
        '[a]\ntitle = "no metrics"\nlevel = "country"\n',
        '[a]\ntitle = "t"\nlevel = "country"\nnonsense = 1\n[[a.metrics]]\nname="s"\ntitle="S"\nunit="%"\n',
        '[a]\ntitle = "t"\nlevel = "country"\n[[a.metrics]]\nname = "s"\n',
        "a = 3\n",
    ],
)
def test_a_broken_table_of_series_is_refused(data: Path, text: str) -> None:
    (data / "reference" / "series.toml").write_text(text)
    with pytest.raises(ParseError, match=r"series\.toml: cannot be read as tables of series.*README"):
        reading.read_series(data)


def test_every_key_at_fault_is_named_with_its_series_and_metric(data: Path) -> None:
    path = data / "reference" / "series.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("whole = 100.0", 'whole = "100"', 1).replace(
        'over_time = "last"', 'over_time = "max"', 1
    )
    text = text.replace("part = 0.37", "part = 37", 1)
    text = text.replace('across = "2021-05-01"', 'since = "2021-05-01"', 1)
    text = text.replace('says = "inflated"', 'says = "high"', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParseError) as error:
        reading.read_series(data)
    assert str(error.value).splitlines()[1:] == [
        "  [cbeci-countries]: samples = [{'start': '2019-09-01', 'end': '2020-05-01', 'part': 37}]; "
        'expected a list such as [{ start = "2019-09-01", end = "2020-05-01", part = 0.37 }]',
        "  [cbeci-countries]: short = [{'text': 'the sample changed with the October 2021 release', "
        "'since': '2021-05-01'}]; expected a list such as "
        '[{ text = "from a draft", across = "2021-05-01" }], of which across may be left out',
        "  [cbeci-countries]: marks = [{'words': 'likely inflated by addresses', 'says': 'high'}, "
        "{'words': 'at least partly a measuring artefact', 'says': 'artefact'}]; expected a list such as "
        '[{ words = "likely inflated by addresses", says = "inflated" }]; says is one of inflated, artefact',
        "  [cbeci-countries]: metric 'share': whole = '100'; expected a number such as 100.0, without quotes",
        "  [cambridge-survey]: metric 'firms': over_time = 'max'; expected one of mean, sum, last",
    ]


def test_an_unknown_series_lists_those_there_are() -> None:
    with pytest.raises(SpecError, match="'cbeci' is not known; expected one of: cbeci-countries, "):
        reading.find_series(ROOT / "data", "cbeci")


def test_observations_have_their_types(tmp_path: Path) -> None:
    path = observations(tmp_path, ROW.format("0"), "NAM,2021-07-01,2021-08-01,share,1e-3,%,reported,o,NA,NA")
    frame = read_observations(path)
    assert list(frame["value"]) == [0.0, 0.001]
    assert frame["start"][0] == pd.Timestamp("2021-07-01")
    assert list(frame.loc[1, ["label", "note"]]) == ["NA", "NA"]  # Namibia, not a missing value


@pytest.mark.parametrize("value", ["", "75 %", "75,53", "n/a", "NA", "nan", "inf", "-inf", "1 000"])
def test_a_value_that_is_no_number_is_named_with_its_row(tmp_path: Path, value: str) -> None:
    path = observations(tmp_path, ROW.format(1), ROW.format(f'"{value}"'))
    with pytest.raises(ParseError, match=r"some\.csv: column value: row 3: .*; expected a plain number"):
        read_observations(path)


@pytest.mark.parametrize("day", ["", "2021-13-01", "2021-02-30", "July 2021", "2021-07", "01/07/2021"])
def test_a_day_that_is_none_is_named_with_its_row(tmp_path: Path, day: str) -> None:
    path = observations(tmp_path, ROW.format(1).replace("2021-07-01", day))
    with pytest.raises(ParseError, match=r"column start: row 2: .*expected an ISO day"):
        read_observations(path)


def test_many_bad_cells_are_cut_at_ten_and_counted(tmp_path: Path) -> None:
    path = observations(tmp_path, *[ROW.format("x")] * 13)
    with pytest.raises(ParseError, match=r"row 11: 'x'; and 3 more; expected"):
        read_observations(path)


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    path = observations(tmp_path, "CHN,1", head="region,value")
    with pytest.raises(
        ParseError, match="columns start, end, metric, unit, status, origin, label, note missing"
    ):
        reading.read_raw(path)
    path = observations(tmp_path, head=HEAD.replace(",note", ""))
    with pytest.raises(ParseError, match="column note missing; expected region, start"):
        reading.read_raw(path)


def test_what_is_no_csv_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"none\.csv: no such file; run `geotrack series`"):
        reading.read_raw(tmp_path / "none.csv")
    for content in (b"", b"\xff\xfe\x00", b'a,b\n"open'):
        (tmp_path / "bad.csv").write_bytes(content)
        with pytest.raises(ParseError, match=r"bad\.csv"):
            reading.read_raw(tmp_path / "bad.csv")


def test_origins_need_publisher_title_licence_and_an_address(data: Path) -> None:
    path = data / "reference" / "origins.csv"
    head = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(head + "\nx,Somebody,,ftp://here,,,,,,\n", encoding="utf-8")
    message = (
        r"origins\.csv: row 2: title, licence must be given; no origin, no number; row 2: url 'ftp://here'; "
        r"expected an address that begins with https:// or http://; correct the file: `geotrack check` lists"
    )
    with pytest.raises(ParseError, match=message):
        reading.read_origins(data)
    path.write_text("id,wrong\nx,y\n")
    with pytest.raises(ParseError, match=r"origins\.csv: no column publisher, title, url"):
        reading.read_origins(data)
    path.unlink()
    with pytest.raises(
        ParseError, match=r"origins\.csv: no such file; expected a CSV with the columns id, pub"
    ):
        reading.read_origins(data)


def test_events_come_in_the_order_of_time(data: Path) -> None:
    path = data / "reference" / "events.csv"
    url = "https://example.org"
    head = "date,topic,region,label,url,note\n"
    path.write_text(f"{head}2021-09-24,mining,CHN,b,{url},\n2021-05-21,mining,CHN,a,{url},\n")
    assert [e.label for e in reading.read_events(data)] == ["a", "b"]
    path.write_text("when,what\n2021,ban\n")
    with pytest.raises(
        ParseError, match=r"events\.csv: no column date, .*expected date, topic, region, label, url, note"
    ):
        reading.read_events(data)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "21 May 2021,mining,CHN,a,https://x.org,",
            "row 2: date '21 May 2021'; expected an ISO day such as 2021-05-21",
        ),
        ("20210521,mining,CHN,a,https://x.org,", "row 2: date '20210521'; expected an ISO day"),
        ("2021-02-30,mining,CHN,a,https://x.org,", "row 2: date '2021-02-30'; expected an ISO day"),
        ("2021-05-21,mining,QQQ,a,https://x.org,", "row 2: region 'QQQ'; expected a code of regions.csv"),
        (
            "2021-05-21,mining,CHN,a,,",
            "row 2: url ''; expected an address that begins with https:// or http://",
        ),
        ("2021-05-21,mining,CHN,,https://x.org,", "row 2: label ''; expected what happened, in words"),
        ("QQQ", r"cells in each row \(date, .*\); row 2 has 1: 'QQQ'"),
    ],
)
def test_a_row_that_is_no_event_is_named(data: Path, row: str, message: str) -> None:
    path = data / "reference" / "events.csv"
    path.write_text(f"date,topic,region,label,url,note\n{row}\n")
    with pytest.raises(ParseError, match=rf"events\.csv: .*{message}"):
        reading.read_events(data, {"CHN"}.__contains__)


def test_of_many_faults_ten_are_told(data: Path) -> None:
    path = data / "reference" / "events.csv"
    path.write_text("date,topic,region,label,url,note\n" + 12 * "then,mining,CHN,a,https://x.org,\n")
    with pytest.raises(ParseError, match=r"row 11: date 'then'; [^;]*; and 2 more; correct the file"):
        reading.read_events(data)


def test_a_file_is_written_whole_with_the_usual_rights(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.txt"
    files.write(path, "Größe\n")
    assert path.read_bytes() == "Größe\n".encode()
    assert path.stat().st_mode & 0o777 == 0o666 & ~files._umask()
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"a\.txt: cannot be written: No space left on device; .*untouched"):
        files.write(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]  # no half of a file


def test_files_that_belong_together_are_written_all_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.html", tmp_path / "a.json"
    files.write_all({first: "old page", second: "old facts"})
    calls: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda fd: full() if calls else calls.append(fd))
    with pytest.raises(OutputError, match=r"a\.json: cannot be written"):
        files.write_all({first: "new page", second: "new facts"})
    assert calls, "the first file was ready when the second failed"
    assert (first.read_text(), second.read_text()) == ("old page", "old facts")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "a.json"]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("file/below.txt", "Not a directory|File exists"),
        ("folder", "no plain file"),
        ("x" * 300, "File name too long"),
        ("null\0character", "null"),
    ],
)
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, place: str, reason: str) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=rf"cannot be written: .*({reason})"):
        files.write(tmp_path / place, "new")
    assert (tmp_path / "file").read_text() == "old"
    assert not list((tmp_path / "folder").iterdir())


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="no plain file"):
        files.write(tmp_path / "pipe", "new")
    assert (tmp_path / "pipe").is_fifo()
    with pytest.raises(OutputError, match="cannot be written"):
        files.write(Path("/dev/null/a.html"), "new")
    with pytest.raises(OutputError, match="cannot be written"):
        files.write(Path("/proc/geotrack/a.html"), "new")
