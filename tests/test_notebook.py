"""A TimeMap shows itself in a notebook that is really executed."""

from __future__ import annotations

import html

import nbformat
import pytest
from nbclient import NotebookClient


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the notebook's own libraries
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of their transport, without a full event loop policy
def test_a_timemap_shows_itself_in_an_executed_notebook() -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    code = 'import geotrack as gt\ngt.choropleth("cbeci-countries", metrics=["share"], title="<notebook>")'
    notebook.cells = [nbformat.v4.new_code_cell(code)]
    NotebookClient(notebook, timeout=120).execute()
    output = notebook.cells[0].outputs[0]
    shown = output["data"]["text/html"]
    assert shown.startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts' in shown
    page = html.unescape(shown.split('srcdoc="', 1)[1].split('" title=', 1)[0])
    assert page.startswith("<!DOCTYPE html>")
    assert "&lt;notebook&gt;" in page
    assert "<TimeMap 'cbeci-countries'" in output["data"]["text/plain"]
