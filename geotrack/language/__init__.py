"""What is said, and in which language: numbers, and the one writer of a figure."""
