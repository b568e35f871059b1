"""The child process in which a candidate runs, and the messages that go there and back."""
