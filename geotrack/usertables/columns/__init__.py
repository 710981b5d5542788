"""What the columns of a table are: a mapping, the periods that it leads to, and the series that it makes."""
