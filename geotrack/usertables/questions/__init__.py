"""What is guessed of a table, and what must be asked because more than one answer is possible."""
