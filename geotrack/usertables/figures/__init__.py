"""Cells that hold figures: numerals, what stands beside them, their units, and formats that show them."""
