"""What is asked: cases, shipped, given or fresh, and the right answers to them."""
