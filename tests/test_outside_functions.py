"""The list of published functions is what its page says: each has an origin, and no two are the same."""

import json
import re
from pathlib import Path

DATA = Path(__file__).parent / "data"
ROWS = json.loads((DATA / "outside_functions.json").read_text())
MORE = json.loads((DATA / "outside_functions_more.json").read_text())


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


def test_the_further_ones_are_others() -> None:
    assert len(origins(MORE)) == len(MORE) >= 60
    assert not origins(MORE) & origins(ROWS)
    assert all(re.fullmatch(r"[0-9a-f]{40}", row["origin"]["commit"]) for row in MORE)
    places = [row for row in MORE if row["in_place"]]
    assert len(places) >= 40
    page = (DATA / "outside_functions.md").read_text()
    assert f"lists {len(MORE)} more from three of these repositories, {len(places)} of which write" in page
