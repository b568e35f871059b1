#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2025.2.9"]
# ///
"""Tasks, each in an environment of its own: `nox` runs linters, types and tests, `nox -s docs` builds the manual."""

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
PACKAGES = ["-e", ".[jax,test]", "torch"]


@nox.session
def lint(session: nox.Session) -> None:
    """Style."""
    session.install("ruff")
    session.run("ruff", "check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types of the package."""
    session.install("mypy", *PACKAGES)
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """What `pytest` is given goes behind `--`: nox -s tests -- -k softmax"""
    session.install(*PACKAGES)
    session.run("pytest", "-q", *session.posargs)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """The manual, into docs/_site."""
    session.install("-e", ".[docs,test]")
    session.run("python", "docs/build.py")


if __name__ == "__main__":
    nox.main()
