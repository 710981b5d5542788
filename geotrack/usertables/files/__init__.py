"""Files of every kind, read into cells of text."""
