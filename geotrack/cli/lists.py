"""Lists that helps name, from their registers; asked for when a help is read: some take long to import."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable


def _languages() -> Iterable[str]:
    from geotrack.language import catalogue

    return catalogue.languages()


def _tables() -> Iterable[str]:
    from geotrack.render.table import export

    return export.FORMATS


def _files() -> Iterable[str]:
    from geotrack.publish import suffixes

    return suffixes.VERBS


def _reports() -> Iterable[str]:
    from geotrack.publish.report import formats

    return formats.FORMATS


def _pictures() -> Iterable[str]:
    from geotrack.render.picture import encode

    return encode.SUFFIXES


def _widths() -> Iterable[str]:
    from geotrack.render.picture import sizes

    return sizes.PRESETS


def _presets() -> Iterable[str]:
    from geotrack.render.picture import ink

    return ink.PRESETS


def _films() -> Iterable[str]:
    from geotrack.render.film import animation

    return animation.SUFFIXES


def _scenarios() -> Iterable[str]:
    from geotrack.errors import GeotrackError
    from geotrack.measure import scenarios
    from geotrack.store.folder import DataFolder

    try:
        series = [*DataFolder.of(None).series.values()]
    except GeotrackError:  # a help needs no data
        series = []
    declared = (each.name for told in series for each in scenarios.scenarios(told))
    return dict.fromkeys([scenarios.AS_REPORTED.name, *declared])


def _questions() -> Iterable[str]:
    from geotrack.measure.compare import questions

    return questions.QUESTIONS


def _sources() -> Iterable[str]:
    from geotrack.sources import PROVIDERS

    groups = {each.group: [one.name for one in PROVIDERS if one.group == each.group] for each in PROVIDERS}
    return [
        group if names == [group] else f"{group} (all of: {', '.join(names)})"
        for group, names in groups.items()
    ]


def _levels() -> Iterable[str]:
    from geotrack.errors import GeotrackError
    from geotrack.store.folder import DataFolder

    try:
        return DataFolder.of(None).levels
    except GeotrackError:  # a help needs no data
        return ["country"]


def _choices(key: str) -> Callable[[], Iterable[str]]:
    def listed() -> Iterable[str]:
        from geotrack.usertables.columns.mapping import CHOICES

        return CHOICES[key]

    return listed


def _decimals() -> Iterable[str]:
    return [f'"{sign}"' for sign in _choices("decimal")()]


def _read() -> Iterable[str]:
    from geotrack.usertables import reading

    return reading.KINDS


def _layouts() -> Iterable[str]:
    from geotrack.model import LAYOUTS

    return LAYOUTS


def _themes() -> Iterable[str]:
    from geotrack.model import THEMES

    return filter(None, THEMES)


def _statuses() -> Iterable[str]:
    from geotrack.usertables.columns.mapping import STATED

    return (f'"{status}"' if " " in status else status for status in STATED)


def _slices() -> Iterable[str]:
    from geotrack.model import FREQS

    return FREQS


LISTS: dict[str, Callable[[], Iterable[str]]] = {
    "languages": _languages,
    "files": _files,
    "tables": _tables,
    "reports": _reports,
    "pictures": _pictures,
    "widths": _widths,
    "presets": _presets,
    "films": _films,
    "scenarios": _scenarios,
    "questions": _questions,
    "sources": _sources,
    "levels": _levels,
    "layouts": _layouts,
    "themes": _themes,
    "read": _read,
    "decimals": _decimals,
    "ends": _choices("ends"),
    "fill": _choices("fill"),
    "frequencies": _choices("freq"),
    "brackets": _choices("brackets"),
    "scaled": _choices("scaled"),
    "combining": _choices("over_time"),
    "kinds": _choices("kind"),
    "orders": _choices("dates"),
    "slices": _slices,
    "statuses": _statuses,
}


def filled(text: str) -> str:
    """Return a help with each {list} in the place of its name."""
    return re.sub(r"\{(\w+)\}", lambda match: ", ".join(LISTS[match[1]]()), text)
