"""Columns of texts that are periods."""
