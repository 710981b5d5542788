"""Large tables keep their texts as categories: all that is said and written of them is what text gives."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from geotrack.model import OBSERVATION_COLUMNS, Metric, Series
from geotrack.store import categories, csvbytes, datapackage, reading, vintages
from geotrack.store.checks import observations
from geotrack.store.revision import Change, compare, key_codes
from geotrack.update import difference, suspicion

METRICS = (Metric("share", "Share", "%", "intensive", whole=100.0), Metric("hashrate", "Hashrate", "EH/s"))
SERIES = Series("demo", "Demo", "country", METRICS)
LEVELS = {"total": "whole"} | dict.fromkeys(["CHN", "USA", "CAN", "KAZ", "RUS"], "country")
PARTS = ("merged", "added", "withdrawn", "revised")
ORIGINS = {"o1": "2022-01-01", "o2": "2023-06-01"}


def table(seed: int, origin: str) -> pd.DataFrame:
    """Figures of several periods, in no order; some units, statuses and notes are rare."""
    chance = random.Random(seed)
    months = [chance.randint(1, 11) for _ in range(4)]
    cells = [
        (
            region,
            f"2022-{n:02d}-01",
            f"2022-{n + 1:02d}-01",
            metric.name,
            f"{chance.choice((1, 1, 1, 50)) * chance.random() * 20:.{chance.randint(0, 3)}f}",
            metric.unit if chance.random() < 0.95 else "PH/s",
            chance.choice(("reported", "reported", "estimated", "lower bound")),
            origin,
            chance.choice((region, f'"{region}", as stated')),
            chance.choice(("", "", "a caveat, of the source")),
        )
        for n in dict.fromkeys(months)
        for metric in METRICS
        for region in LEVELS
        if chance.random() < 0.8
    ]
    chance.shuffle(cells)
    return pd.DataFrame(cells, columns=[*OBSERVATION_COLUMNS], dtype="str")


def coded(frame: pd.DataFrame) -> pd.DataFrame:
    """The same cells as a user's table has them: categories in no order of theirs, values as they are."""
    made = {}
    for name in frame.columns:
        cells = frame[name].astype(object)
        texts = pd.unique(cells)[::-1]
        made[name] = cells if name == "value" else pd.Series(pd.Categorical(cells, categories=texts))
    return pd.DataFrame(made)


def changes(seed: int, whole: bool) -> tuple[pd.DataFrame, Change, Change]:
    """A change between two tables, as text and with the new one coded."""
    old, new = table(seed, "o1"), table(seed + 1, "o2")
    new = pd.concat([new, old.sample(frac=0.6, random_state=seed)], ignore_index=True)
    new = new.drop_duplicates(["region", "start", "end", "metric"], ignore_index=True)
    old = old if seed % 5 else old.iloc[:0]
    return old, compare("demo", old, new, whole=whole), compare("demo", old, coded(new), whole=whole)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("seed", range(0, 20, 2))
def test_a_coded_delivery_changes_and_tells_what_text_does(seed: int, whole: bool) -> None:
    old, plain, large = changes(seed, whole)
    assert categories.is_coded(large.merged["region"])
    for part in PARTS:
        pd.testing.assert_frame_equal(getattr(large, part).astype("str"), getattr(plain, part))
    assert vars(large) | dict.fromkeys(PARTS) == vars(plain) | dict.fromkeys(PARTS)
    names, metrics = {"CHN": "China"}, {metric.name: metric for metric in METRICS}
    for tell in (
        lambda change: suspicion.against(SERIES, change, old, LEVELS),
        lambda change: difference.words(change, "Demo", names, metrics),
        lambda change: difference.headline(change, old, SERIES, names, LEVELS),
        lambda change: difference.rows(change, names),
        lambda change: csvbytes.csv_bytes(csvbytes.sort_rows(change.merged)),
        lambda change: datapackage.seen_of(change.merged),
        lambda change: observations.check_raw(change.merged),
        lambda change: observations.check(change.merged, SERIES, LEVELS, {}, {"o1"}),
        lambda change: observations.check(
            reading.typed(change.merged, Path("x.csv")), SERIES, LEVELS, {}, {*ORIGINS}
        ),
        lambda change: vintages.superseded(change, ORIGINS, "2023-06-01", "", table(seed, "o1").assign(
            since="2022-01-01", until="2022-12-31", why="revised")).to_csv(),
    ):  # fmt: skip
        assert tell(large) == tell(plain)


def test_filings_that_recast_each_other_are_told_apart_coded_too() -> None:
    rows = pd.concat([table(3, "o1").assign(published="2022-05-01"), table(3, "o2").assign(published="")])
    rows = pd.concat([rows, table(4, "o1").assign(published="2023-05-01")], ignore_index=True)
    for said in (rows, rows[rows["published"] != ""].reset_index(drop=True)):
        for one, other in zip(vintages.settle(coded(said)), vintages.settle(said), strict=True):
            pd.testing.assert_frame_equal(one.astype("str"), other)
    dated = rows[rows["published"] != ""]
    assert len(vintages.settle(dated)[1])


def test_faults_are_found_in_coded_columns() -> None:
    frame = table(7, "o1")
    for column, cell in (("value", "12 %"), ("start", "yesterday"), ("region", ""), ("value", "1\n2")):
        wrong = frame.copy()
        wrong.loc[3, column] = cell
        found = observations.check_raw(coded(wrong))
        assert found == observations.check_raw(wrong)
        assert [finding.where for finding in found] == ["file, row 5"]
        assert repr(cell) in found[0].message


def test_frames_are_put_below_each_other_and_stay_coded() -> None:
    one, other = table(1, "o1"), table(2, "o2")
    below = categories.stacked(coded(one), other)
    pd.testing.assert_frame_equal(below.astype("str"), pd.concat([one, other], ignore_index=True))
    assert categories.is_coded(below["region"])
    assert below["start"].max() == max(one["start"].max(), other["start"].max())
    assert not categories.is_coded(categories.stacked(one, other)["region"])


def test_numbers_of_rows_are_those_of_their_texts() -> None:
    one, other = table(1, "o1"), table(2, "o2")
    left, right = categories.alike(coded(one), other)
    mine, others = key_codes(left, right, ["start", "region", "label"])
    texts = pd.concat([one, other])[["start", "region", "label"]].agg("|".join, axis=1).tolist()
    numbers = [*mine.tolist(), *others.tolist()]
    assert len({*numbers}) == len({*texts}) == len({*zip(numbers, texts, strict=True)})
    again = categories.twice(pd.concat([one, other], ignore_index=True), ["start", "region", "label"])
    assert again.tolist() == [n for n, text in enumerate(texts) if texts.count(text) > 1]


def test_labels_that_are_one_region_stay_coded() -> None:
    labels = coded(pd.DataFrame({"label": ["USA", "United States", "China", "?"]}))["label"]
    found = categories.mapped(labels, {"USA": "USA", "United States": "USA", "China": "CHN"})
    assert categories.is_coded(found)
    assert found.astype(object).tolist()[:3] == ["USA", "USA", "CHN"]
    assert found.isna().tolist() == [False, False, False, True]
