"""What is told: on the terminal, in files, by the exit code."""
