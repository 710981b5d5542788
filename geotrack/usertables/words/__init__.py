"""What words, signs and marks in tables mean, in every language that has a list: one list for each."""
