"""What generated samples are judged by, as a number over whole batches of them."""
