"""The table within a sheet: where its header stands, and where it ends."""
