"""What is refused before any computation: structures, elements; and what is converted."""
