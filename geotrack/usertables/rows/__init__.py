"""Labelled rows, read out of a table by its mapping; and rows that are sections, sums or blocks."""
