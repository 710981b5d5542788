"""The time control: player, buttons, slider, chart and events all move every part of the page."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import geotrack as gt

INSET = 10  # half the slider's thumb: slider and chart share one scale


def day(iso):
    return (date.fromisoformat(iso) - date(1970, 1, 1)).days


def middles(slices):
    """Return each slice's middle as a share of the whole span."""
    first, last = day(slices[0].start), day(slices[-1].end)
    return [((day(s.start) + day(s.end)) / 2 - first) / (last - first) for s in slices]


def shown(page):
    return page.locator("html").get_attribute("data-slice")


def wait_for(page, iso):
    page.wait_for_selector(f"html[data-slice='{iso}']", state="attached")


@pytest.fixture
def shift(maps):
    return maps.timemaps["shift"]


@pytest.fixture
def open_shift(browse, maps):
    return lambda **options: browse(maps.path("shift"), **options)


def player(page):
    """Return what the player's button offers."""
    return page.locator(".gt-play").inner_text().strip()


def test_play_steps_at_the_chosen_speed(open_shift, shift):
    page = open_shift(clock=True)
    for speed, steps in (("0.5", 2), ("1", 4), ("2", 8), ("4", 16)):
        page.locator(".gt-range").press("Home")
        page.locator(".gt-speed").select_option(speed)
        page.locator(".gt-play").click()
        assert player(page).endswith("Pause")
        page.clock.run_for(2560)  # a multiple of every speed's step, and a little
        assert shown(page) == shift.slices[steps].iso
        page.locator(".gt-play").click()
        assert player(page).endswith("Play")
        page.clock.run_for(5000)
        assert shown(page) == shift.slices[steps].iso


def test_speed_changes_while_playing(open_shift, shift):
    page = open_shift(clock=True)
    page.locator(".gt-play").click()
    page.clock.run_for(1300)
    assert shown(page) == shift.slices[2].iso
    page.locator(".gt-speed").select_option("4")
    page.clock.run_for(1600)
    assert shown(page) == shift.slices[12].iso


def test_play_stops_at_the_end_and_starts_over(open_shift, shift):
    page = open_shift(clock=True, hash=f"#t={shift.slices[-3].iso}")
    page.locator(".gt-play").click()
    page.clock.run_for(640 * 4)
    assert shown(page) == shift.slices[-1].iso
    assert player(page).endswith("Play")
    page.locator(".gt-play").click()
    assert shown(page) == shift.slices[0].iso
    page.clock.run_for(640)
    assert shown(page) == shift.slices[1].iso


def test_loop_wraps(open_shift, shift):
    page = open_shift(clock=True, hash=f"#t={shift.slices[-2].iso}")
    page.locator(".gt-loop").check()
    page.locator(".gt-play").click()
    page.clock.run_for(630)
    assert shown(page) == shift.slices[-1].iso
    page.clock.run_for(630)
    assert shown(page) == shift.slices[0].iso
    page.clock.run_for(630)
    assert shown(page) == shift.slices[1].iso
    assert player(page).endswith("Pause")


def test_playing_is_silent_until_it_stops(open_shift, shift):
    page = open_shift(clock=True)
    live = page.locator(".gt-live[role=status]")
    before = live.inner_text()
    page.locator(".gt-play").click()
    page.clock.run_for(1300)
    assert live.inner_text() == before
    assert page.locator(".gt-sentence").inner_text() == shift.layers[0].sentences[2]
    page.locator(".gt-next").click()  # a choice of the reader's ends playing
    assert player(page).endswith("Play")
    assert live.inner_text() == shift.layers[0].sentences[3]


def test_play_advances_in_real_time(open_shift, shift):
    page = open_shift()
    page.locator(".gt-speed").select_option("4")
    page.locator(".gt-play").click()
    page.wait_for_function("iso => document.documentElement.dataset.slice >= iso", arg=shift.slices[3].iso)


def test_previous_and_next(open_shift, shift):
    page = open_shift()
    previous, following = page.locator(".gt-prev"), page.locator(".gt-next")
    assert previous.get_attribute("aria-disabled") == "true"
    previous.click(force=True)
    assert shown(page) == shift.slices[0].iso
    following.click()
    following.click()
    assert shown(page) == shift.slices[2].iso
    assert previous.get_attribute("aria-disabled") == "false"
    previous.click()
    assert shown(page) == shift.slices[1].iso
    assert page.locator(".gt-now").inner_text() == shift.slices[1].label
    assert page.locator(".gt-sentence").inner_text() == shift.layers[0].sentences[1]
    page.locator(".gt-range").press("End")
    assert following.get_attribute("aria-disabled") == "true"
    following.click(force=True)
    assert shown(page) == shift.slices[-1].iso


def test_slider_keys(open_shift, shift):
    page = open_shift()
    slider = page.locator(".gt-range")
    far = max(1, min(12, round(len(shift.slices) / 4)))
    last = len(shift.slices) - 1
    at = 0
    keys = {
        "ArrowRight": 1, "ArrowUp": 1, "PageUp": far, "ArrowLeft": -1, "ArrowDown": -1, "PageDown": -far,
        "End": 2 * last, "Home": -2 * last,
    }  # fmt: skip
    for key in ("ArrowRight", "ArrowUp", "PageUp", "PageUp", "ArrowLeft", "ArrowDown", "PageDown", "End",
                "ArrowRight", "ArrowLeft", "Home", "ArrowLeft"):  # fmt: skip
        slider.press(key)
        at = (
            max(0, min(last, at + keys[key])) if key not in {"Home", "End"} else {"Home": 0, "End": last}[key]
        )
        assert shown(page) == shift.slices[at].iso, key
        # the slider says the figures itself, so the live region need not repeat them
        assert slider.get_attribute("aria-valuetext") == shift.layers[0].sentences[at]
    assert page.locator(".gt-live[role=status]").inner_text() == ""


def test_slider_says_why_a_slice_is_partial(browse, maps, map_id):
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id))
    slider = page.locator(".gt-range")
    slider.press("Home")
    layer = timemap.layers[0]
    for step, sentence, partial in zip(timemap.slices, layer.sentences, layer.partial, strict=True):
        assert step.label in sentence
        spoken = sentence + (f", {partial}" if partial else "")
        assert slider.get_attribute("aria-valuetext") == spoken
        slider.press("ArrowRight")


def test_a_screen_readers_increment_moves_one_slice(open_shift, shift):
    page = open_shift()
    slider = page.locator(".gt-range")
    step = """(range, by) => {
      range.value = Number(range.value) + by;
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }"""
    for by, at in ((1, 1), (1, 2), (1, 3), (-1, 2), (-1, 1), (-1, 0), (-1, 0)):
        slider.evaluate(step, by)
        assert shown(page) == shift.slices[at].iso


def test_slider_follows_the_pointer(browse, maps, map_id):
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id))
    slider = page.locator(".gt-range")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    last = len(timemap.slices) - 1
    at = lambda t: box["x"] + INSET + middles(timemap.slices)[t] * (box["width"] - 2 * INSET)  # noqa: E731
    y = box["y"] + box["height"] / 2
    for t in (last // 2, last, 0):
        page.mouse.click(at(t), y)
        assert shown(page) == timemap.slices[t].iso
        thumb = float(slider.input_value()) / float(slider.get_attribute("max"))
        assert thumb == pytest.approx(
            middles(timemap.slices)[t], abs=0.51 / float(slider.get_attribute("max"))
        )
    page.mouse.move(at(0), y)
    page.mouse.down()
    for t in (1, last // 2, last - 1):
        page.mouse.move(at(t), y, steps=4)
        wait_for(page, timemap.slices[t].iso)
    page.mouse.up()
    assert shown(page) == timemap.slices[last - 1].iso


@pytest.mark.parametrize("name", ["shift", "revenue-canaan"])
def test_a_click_on_the_chart_seeks(browse, maps, name):
    timemap = maps.timemaps[name]
    page = browse(maps.path(name))
    chart = page.locator(".gt-chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    for t in (len(timemap.slices) - 1, len(timemap.slices) // 3, 0):
        x = INSET + middles(timemap.slices)[t] * (box["width"] - 2 * INSET)
        chart.click(position={"x": x, "y": box["height"] / 2})
        assert shown(page) == timemap.slices[t].iso
        band = page.locator(".gt-cursor-line").get_attribute("x1")
        assert float(band) == pytest.approx(x, abs=1.5)


def test_event_buttons_show_their_period(browse, maps, map_id):
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id))
    buttons = page.locator(".gt-seek")
    assert buttons.count() == len(timemap.events)
    for i, event in enumerate(timemap.events):
        buttons.nth(i).click()
        wanted = [s for s in timemap.slices if s.start <= event.date][-1]
        assert shown(page) == wanted.iso
        text = page.locator(".gt-events li").nth(i).inner_text()
        assert event.label in text
        assert timemap.event_places[i] in text


def test_chart_draws_what_the_groups_add_up_to(open_shift, shift, inside):
    page = open_shift()
    for t in (0, 10, len(shift.slices) - 1):
        inside(page, "(m, t) => m.go(t)", t)
        shown_texts = page.locator(".gt-group-value").all_inner_texts()
        layer = shift.layers[0]
        for g, text in enumerate(shown_texts):
            if layer.group_status[g, t]:
                number = float(text.replace("at least ", "").replace("%", "").replace("−", "-"))
                assert number == pytest.approx(layer.groups[g, t], abs=0.0501)
            else:
                assert text == "no data"
    assert page.locator(".gt-chart .gt-line").count() == len(shift.groups)


def test_the_chart_reaches_what_is_below_zero(browse):
    """Every line lies within the plot, with ticks below zero and a line at zero."""
    rows = [("CHN", "2020", 2.0), ("CHN", "2021", -3.5), ("USA", "2020", 1.2), ("USA", "2021", -0.4)]
    table = pd.DataFrame(rows, columns=["region", "period", "value"])
    page = browse(gt.choropleth(table, unit="%", kind="intensive", groups=["CHN", "USA"]).to_html())
    ticks = page.locator(".gt-chart .gt-tick").all_text_contents()[:4]
    assert ticks == ["−4", "−2", "0", "2%"]
    chart = page.locator(".gt-chart").bounding_box()
    for mark in page.locator(".gt-chart :is(.gt-line, .gt-point)").all():
        box = mark.bounding_box()
        assert chart["y"] <= box["y"]
        assert box["y"] + box["height"] <= chart["y"] + chart["height"] - 15  # above the years
    assert page.locator(".gt-chart .gt-zero").count() == 1
