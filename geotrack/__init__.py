"""Joins regional mining data to country geometries and renders time-sliced, self-contained maps."""
