"""A file that a command writes for its user: new, whole or not at all."""

from pathlib import Path

from refdgm.check.process.reply import plain
from refdgm.cli.refused import Refused


def write(path: Path, data: bytes, called: str, because: str = "nothing is overwritten") -> None:
    """Never over another, nor through a link, `because` of what; `called` is the word of the command that names it."""
    try:
        with path.open("xb") as file:
            try:
                file.write(data)
            except BaseException:
                path.unlink()
                raise
    except FileExistsError:
        raise Refused(f"{plain(str(path))} is there already, and {because}; name another {called}") from None
    except OSError as error:
        raise Refused(f"{plain(str(path))} could not be written: {error.strerror}; name another {called}") from None
