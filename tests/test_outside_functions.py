"""The list of published functions is what its page says: each has an origin, and no two are the same."""

import json
import re
from pathlib import Path

DATA = Path(__file__).parent / "data"
ROWS = json.loads((DATA / "outside_functions.json").read_text())


def origins(rows: list[dict]) -> set[tuple[str, str, str]]:
    """Functions, whatever the number of points at which each is differentiated."""
    return {(row["origin"]["repo"], row["origin"]["path"], row["function"]) for row in rows}


def test_each_row_says_where_its_function_comes_from() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        origin = row["origin"]
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", origin["repo"]), row["id"]
        assert re.fullmatch(r"[0-9a-f]{40}", origin["commit"]), row["id"]
        assert origin["path"].endswith(".py"), row["id"]
        assert row["in_place"] == bool(row["writes"]), row["id"]


def test_there_are_as_many_as_the_page_says() -> None:
    page = (DATA / "outside_functions.md").read_text()
    repositories = {row["origin"]["repo"] for row in ROWS}
    assert (
        f"{len(origins(ROWS))} functions from {len(repositories)} public repositories, at {len(ROWS)} points"
        in page
    )
    assert len(origins([row for row in ROWS if row["in_place"]])) >= 60
