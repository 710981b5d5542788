"""A template's time and memory are bounded: steps are counted, nothing large is made before it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from geotrack.errors import GeotrackError
from geotrack.publish.report import limits
from geotrack.publish.report.document import Meta
from geotrack.publish.report.template import Template, fill

STEPS, LONG, WIDE = (
    "the template takes too many steps",
    "that is too long; expected at most",
    "a width of more than",
)
GROWN = "{% set n = namespace(s=SEED) %}{% for i in range(60) %}{% set n.s = MORE %}{% endfor %}{{ n.s }}"


def grown(seed: str, more: str) -> str:
    return GROWN.replace("SEED", seed).replace("MORE", more)


ENDLESS = {
    "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}"
    "{% endfor %}": STEPS,
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}": STEPS,
    "{% for a in range(99999) %}{{ range(99999) | sum }}{% endfor %}": STEPS,
    "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}": "recursive loops are not allowed",
    "{{ 'a' * 10**9 }}": LONG,
    "{{ [1] * 10**9 }}": LONG,
    "{{ 'a' | center(10**9) }}": LONG,
    "{{ 'a'.center(10**9) }}": LONG,
    "{{ 'a' | indent(10**9) }}": LONG,
    "{{ [1] | batch(10**9, 'x') | list }}": LONG,
    "{{ 'a\t'.expandtabs(10**9) }}": LONG,
    "{{ 'ab'.replace('', 'x' * 900000 ).replace('', 'x' * 900000) }}": LONG,
    "{{ '%999999999d' % 1 }}": WIDE,
    "{{ '%*d' % (999999999, 1) }}": WIDE,
    "{{ '%999999999d' | format(1) }}": WIDE,
    "{{ '{:999999999}'.format(1) }}": WIDE,
    "{{ '{:{}}'.format(1, 999999999) }}": LONG,
    "{{ 10 ** 1000000000 }}": "too many digits",
    grown("'aaaaaaaa'", "n.s ~ n.s"): LONG,
    grown("'aaaaaaaa'", "n.s + n.s"): LONG,
    grown("[1]", "n.s + n.s"): LONG,
    grown("'aaaaaaaa'", "[n.s, n.s] | join"): LONG,
    grown("[1]", "[n.s, n.s]"): LONG,
    grown("1", "{'a': n.s, 'b': n.s}"): LONG,
    grown("1", "dict(a=n.s, b=n.s)"): LONG,
    grown("1", "(n.s, n.s)"): LONG,
    grown("1", "namespace(a=n.s, b=n.s)"): LONG,
    "{% set n = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set n.s %}{{ n.s }}{{ n.s }}{% endset %}"
    "{% endfor %}": LONG,
}


@pytest.mark.parametrize("text", ENDLESS)
def test_what_would_take_all_time_or_memory_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(GeotrackError, match=rf"story\.md, line 2: .*{ENDLESS[text]}"):
        fill(Template(Path("story.md"), Meta(), f"\n{text}"), {})


def test_a_text_that_is_written_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geotrack.publish.report.template.MOST_MADE", 1_000)
    with pytest.raises(GeotrackError, match=r"story\.md: the text is too long"):
        fill(
            Template(Path("story.md"), Meta(), "{% for a in range(99) %}\n" + "x" * 50 + "\n{% endfor %}"), {}
        )


def test_what_templates_do_else_is_as_it_was() -> None:
    text = (
        "{{ 2 ** 0.5 }} {{ 7 % 3 }} {{ 'a' ~ 1 ~ 'b' }} {{ [1, 2] | join(', ') }} {{ '%05.1f' % 2.5 }} "
        "{% for x in [1, 2] %}{{ loop.index }}{{ loop.last }}{{ loop.length }}{{ x }}{% endfor %} "
        "{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}"
        "{% for x in [] %}{% else %}empty{% endfor %} "
        "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice('ab') }} {{ '<' ~ ('>' | safe) }} "
        "{{ 'abc' | truncate(255) }} {{ 'x' | center(5) }}|{{ (1, 2)[0] }}{{ 'a{}'.format(1) }}"
    )
    assert fill(Template(Path("x.md"), Meta(), text), {}) == (
        "1.4142135623730951 1 a1b 1, 2 002.5 1False212True22 a1empty abab &lt;> abc   x  |1a1"
    )


def test_loops_that_reports_have_are_far_from_the_limit() -> None:
    text = "{% for a in range(1000) %}{{ a | string | upper }}\n{% endfor %}" + "words " * 1_000
    environment = limits.BoundedEnvironment(text)
    environment.from_string(text).render()
    assert environment.steps < limits.MOST_STEPS / 20
