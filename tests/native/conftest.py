"""These tests need the extra ``native``; where it does not work they are passed over."""

from calcgrad.native.programs import missing

collect_ignore_glob = ["test_*.py"] if missing() else []
