"""Why a command was not carried out, in one sentence, with the exit code that says so."""

from refdgm.check.report import exits


class Refused(Exception):
    """`code` is that of a command without meaning, unless something else went wrong."""

    def __init__(self, message: str, code: int = exits.USAGE) -> None:
        super().__init__(message)
        self.code = code
