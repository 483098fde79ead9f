"""These tests need the extra ``native``."""

import pytest

pytest.importorskip("llvmlite")

from calcgrad.native.programs import missing

collect_ignore_glob = ["test_*.py"] if missing() else []
