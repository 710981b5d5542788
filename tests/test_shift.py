"""What moved between two slices, on small cases worked out by hand."""

from __future__ import annotations

import numpy as np

from geotrack import shift
from geotrack.model import DERIVED, ESTIMATED, LOWER_BOUND, MISSING


def test_a_change_is_known_where_both_slices_are():
    values = np.array([[75.0, 0.0], [np.nan, 3.0], [4.0, np.nan], [30.0, 35.0]])
    status = np.array([[ESTIMATED, ESTIMATED], [0, 1], [1, 0], [1, LOWER_BOUND]], dtype=np.uint8)
    found = shift.change(values, status, 0, 1)
    assert found.values[[0, 3]].tolist() == [-75.0, 5.0]
    assert np.isnan(found.values[[1, 2]]).all()
    assert found.status.tolist() == [DERIVED, MISSING, MISSING, LOWER_BOUND]
