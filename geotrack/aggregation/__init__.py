"""From records to regions: a table engine cleans, places and sums; what is small is decided here."""
