"""Tables made plain before their columns are looked at: footnotes, scales, metrics crossed with periods."""
