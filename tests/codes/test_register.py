"""The register holds every code that is raised and no other, each raised for one cause, each example raising it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from calcgrad.codes import FILES, file_of, groups, register
from tests.codes.raising import PACKAGE, sites, sources
from tests.codes.running import raised
from tests.codes.shared import SHARED, SITES, place


@pytest.mark.parametrize("code", sorted(sites()))
def test_every_code_that_is_raised_is_registered(code: str) -> None:
    where = ", ".join(f"calcgrad/{file}:{lines[0]}" for file, lines in sites()[code].items())
    assert code in register(), (
        f"{code} is raised in {where}: add Code({code!r}, title, why, mend, example) to calcgrad/codes/{file_of(code)}.py"
    )


@pytest.mark.parametrize("code", register())
def test_every_code_that_is_registered_is_raised(code: str) -> None:
    assert code in sites(), (
        f"{code} is raised nowhere: take it out of calcgrad/codes/{file_of(code)}.py, or raise it"
    )


@pytest.mark.slow
@pytest.mark.parametrize("code", register())
def test_its_example_raises_it(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = raised(register()[code], tmp_path, monkeypatch)
    assert found == {code}, (
        f"the example of {code} gives {sorted(found)}: mend it in calcgrad/codes/{file_of(code)}.py"
    )


@pytest.mark.parametrize("code", sorted(sites()))
def test_it_is_raised_in_one_file_or_the_reason_is_given(code: str) -> None:
    """A code that is raised in a second file may have got a second meaning there."""
    files = {place(file) for file in sites()[code]}
    expected = SHARED[code][0] if code in SHARED else files if len(files) == 1 else "one file"
    assert files == expected, (
        f"{code} is raised in {', '.join(sorted(files))}: where it means the same there, say so in tests/codes/shared.py; "
        "otherwise take a new code"
    )


def test_each_site_of_a_code_was_looked_at() -> None:
    """The files of ``expression/`` are left out, as in ``SHARED``."""
    counted = {
        code: sum(map(len, files.values()))
        for code, files in sites().items()
        if {place(file) for file in files} != {"expression"}
    }
    for code, count in sorted(counted.items()):
        assert count == SITES.get(code, 1), (
            f"{code} is raised at {count} places: where each means {register()[code].title!r}, set its number in SITES of "
            "tests/codes/shared.py; otherwise take a new code"
        )
    assert set(SITES) <= set(counted)


def test_no_reason_is_left_over() -> None:
    assert not [code for code, (files, reason) in SHARED.items() if len(files) < 2 or not reason]
    assert set(SHARED) <= set(register())


@pytest.mark.parametrize("name", FILES)
def test_a_file_holds_its_codes_in_order(name: str) -> None:
    title, entries = list(groups().items())[list(FILES).index(name)]
    codes = [entry.code for entry in entries]
    assert title
    assert codes == sorted(set(codes))
    assert {file_of(code) for code in codes} == {name}


def test_each_code_has_a_meaning_of_its_own() -> None:
    assert len(register()) == sum(map(len, groups().values()))
    titles = [entry.title for entry in register().values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("code", register())
def test_an_entry_is_complete(code: str) -> None:
    entry = register()[code]
    assert re.fullmatch(r"[EW]\d{3}", code)
    assert entry.title == entry.title.strip().rstrip(".")
    assert entry.why.endswith(".")
    assert entry.mend.endswith(".")
    assert entry.example.strip() == entry.example != ""


def test_no_text_speaks_of_a_code_that_is_not_there() -> None:
    """Docstrings and comments name codes too, and so do the pages."""
    pages = {
        str(p.relative_to(PACKAGE)): p.read_text(encoding="utf-8") for p in (PACKAGE / "docs").glob("*.md")
    }
    for name, text in {**sources(), **pages}.items():
        unknown = set(re.findall(r"\b[EW]\d{3}\b", text)) - set(register())
        assert not unknown, f"calcgrad/{name} speaks of {sorted(unknown)}"
