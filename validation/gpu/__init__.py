"""What is to be seen on a GPU, by one command: `python -m validation.gpu`."""
