"""The command line of the other tests."""

from tests.cli.conftest import streams

__all__ = ["streams"]
