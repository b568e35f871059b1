"""Public libraries as candidates: each module calls one of them, at the version of requirements.txt.

`python validation/make/peers.py` asks those that are installed; validation/reports/peers.md says what they agree with.
"""
