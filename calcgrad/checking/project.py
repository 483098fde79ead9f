"""What a project asks to have checked: ``[tool.calcgrad]`` in its ``pyproject.toml``.

::

    [tool.calcgrad]
    max-seconds = 60                      # for every target that does not say otherwise

    [[tool.calcgrad.targets]]
    target = "model.py:loss"
    grad = "model.py:loss_grad"
    at = "w.npy"

    [[tool.calcgrad.targets]]
    target = "x^2*sin(x)"
    claim = "2*x*sin(x) + x^2*cos(x)"

The keys are the options of ``calcgrad check``; paths are relative to the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from calcgrad.checking.measuring.subject import Effort
from calcgrad.errors import UsageError
from calcgrad.inputs.arguments import Places

FILE = "pyproject.toml"
#: What a claimed formula may take where nothing else is said.
FORMULA_SECONDS = 30.0
#: The options that claim something of a Python function, and the kind of the claim.
KINDS: Mapping[str, str] = {
    "grad": "gradient",
    "value-and-grad": "value_and_grad",
    "jacobian": "jacobian",
    "hvp": "hvp",
    "jvp": "jvp",
    "vjp": "vjp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Effort):
    """How a target is checked: the options of the same names. ``timeout`` is for a claim, ``seed_call`` a target's name.

    Where no ``timeout`` is given a formula has :data:`FORMULA_SECONDS`, a gradient the time that it takes.
    """

    timeout: float | None = None
    seed_call: str | None = None

    def effort(self) -> dict[str, Any]:
        """The numbers alone, by name; the nearer of ``timeout`` and ``max_seconds`` ends a check of a function."""
        limits = [seconds for seconds in (self.max_seconds, self.timeout) if seconds is not None]
        return {**Effort.effort(self), "max_seconds": min(limits, default=None)}


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """One target with what is claimed of it, where, and how it is checked.

    ``claims`` are pairs of a kind and the target of the claim; ``formulas`` are claimed derivatives of an expression,
    of an ``order``; ``show_answer`` asks for the right ones. ``command`` is a program in place of the target, ``grad_command`` one
    that claims its gradient.
    ``target`` is ``None`` where a ``value_and_grad`` claim stands alone. Paths are relative to ``folder``.
    """

    target: str | None
    claims: tuple[tuple[str, str], ...] = ()
    formulas: tuple[str, ...] = ()
    wrt: tuple[str, ...] = ()
    places: Places = field(default_factory=Places)
    settings: Settings = field(default_factory=Settings)
    framework: str | None = None
    name: str | None = None
    folder: Path | None = None
    order: int = 1
    show_answer: bool = False
    command: str | None = None
    grad_command: str | None = None

    @property
    def title(self) -> str:
        """What the request is called: its name, or its target."""
        return self.name or self.target or self.command or self.claims[0][1]


_NUMBERS = {f.name: f for f in fields(Settings) if f.name != "seed_call"}
#: Options of ``calcgrad check`` that say nothing of all targets of a project.
OF_ONE = ("at", "args", "random", "wrt", "seed_call", "grad_command", "numeric")
_FLAGS = ("quick", "taylor")
_TEXTS = ("target", "command", "grad-command", "wrt", "seed-call", "framework", "name", *KINDS)
_LISTS = ("claim", "at", "args", "random")
_KNOWN = sorted({*_TEXTS, *_LISTS, "points", *(name.replace("_", "-") for name in _NUMBERS)})


def project_requests(folder: Path | None = None) -> tuple[CheckRequest, ...]:
    """The targets of the nearest ``pyproject.toml``, in the folder or above it; none without a ``[tool.calcgrad]``."""
    here = (folder or Path.cwd()).resolve()
    for place in (here, *here.parents):
        if (place / FILE).is_file():
            return read_config(place / FILE)
    return ()


def read_config(path: Path) -> tuple[CheckRequest, ...]:
    """The targets that a ``pyproject.toml`` lists, in its order.

    Raises ``UsageError``: E507 where the file cannot be read; naming the entry and its key, E508 for an unknown key, E389 for a
    value of another kind.
    """
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError.of("E507", f"{path.name} cannot be read: {error}") from error
    table = data.get("tool", {}).get("calcgrad", {})
    if not isinstance(table, dict):
        raise UsageError.of("E389", f"{path.name}: [tool.calcgrad] is a table")
    targets = table.get("targets", [])
    if not isinstance(targets, list) or not all(isinstance(entry, dict) for entry in targets):
        raise _wrong(path, "targets", "a list of tables", hints=("write [[tool.calcgrad.targets]]",))
    shared = {key: value for key, value in table.items() if key != "targets"}
    for key, value in () if targets else shared.items():  # a misspelt list of targets is not no list
        _checked(path, f"[tool.calcgrad] {key}", key, value)
    return tuple(
        _request(path, {**shared, **entry}, f"target {number}") for number, entry in enumerate(targets, 1)
    )


def said_for_all(requests: tuple[CheckRequest, ...], said: Mapping[str, Any]) -> tuple[CheckRequest, ...]:
    """The project's requests, each with the settings that the command line names: ``workers``, ``quick``, ``seed`` …

    Raises ``UsageError`` (E563) for an option that belongs to one target, or to none of them.
    """
    for name in OF_ONE:
        if name in said:
            option = f"--{name.replace('_', '-')}"
            hints = (f"calcgrad check model.py:loss --grad model.py:loss_grad {option} …",)
            if name == "numeric":
                hints = ("calcgrad check --table --numeric",)
            raise UsageError.of("E563", f"{option} is not for all targets of {FILE} at once", hints=hints)
    settings = {name: said[name] for name in _NUMBERS if name in said}
    drawn = {name: said[name] for name in ("seed", "points") if name in said}
    return tuple(
        replace(r, settings=replace(r.settings, **settings), places=replace(r.places, **drawn))
        for r in requests
    )


def _request(path: Path, entry: Mapping[str, Any], where: str) -> CheckRequest:
    for key, value in entry.items():
        _checked(path, f"{where}: {key}", key, value)
    claims = tuple((kind, entry[key]) for key, kind in KINDS.items() if key in entry)
    formulas = _list(entry.get("claim"))
    if not claims and not formulas and not {"framework", "grad-command"} & set(entry):
        raise _wrong(path, where, "a target with a claim", hints=("add grad = ..., or claim = ...",))
    if not {"target", "command"} & set(entry) and [kind for kind, _ in claims] != ["value_and_grad"]:
        raise _wrong(path, where, "a table with a target", hints=('add target = "model.py:loss"',))
    places = Places(
        tuple(_list(entry.get("at"))),
        tuple(_list(entry.get("args"))),
        tuple(_list(entry.get("random"))),
        entry.get("seed", 1),
        entry.get("points", 1),
    )
    settings = {name: entry[key] for name in _NUMBERS if (key := name.replace("_", "-")) in entry}
    return CheckRequest(
        entry.get("target"),
        claims,
        tuple(formulas),
        tuple(name.strip() for name in entry.get("wrt", "").split(",") if name.strip()),
        places,
        Settings(**settings, seed_call=entry.get("seed-call")),
        entry.get("framework"),
        entry.get("name"),
        path.parent,
        command=entry.get("command"),
        grad_command=entry.get("grad-command"),
    )


def _list(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _checked(path: Path, where: str, key: str, value: Any) -> None:
    """Raise for a key that is none, or a value of another type than its option has."""
    if key not in _KNOWN:
        from difflib import get_close_matches

        close = get_close_matches(key, _KNOWN, n=1)
        hints = (f"did you mean {close[0]}?",) if close else ("the keys are: " + ", ".join(_KNOWN),)
        raise UsageError.of("E508", f"{path.name}: {where} is no key of a target", hints=hints)
    whole = key in ("points", "seed", "max-evaluations", "workers")
    if key in _TEXTS:
        fine, kind = isinstance(value, str), "a text"
    elif key in _LISTS:
        fine, kind = isinstance(value, str) or _texts(value), "a text or a list of texts"
    elif key in _FLAGS:
        fine, kind = isinstance(value, bool), "true or false"
    else:
        types = int if whole else (int, float)
        fine, kind = isinstance(value, types) and not isinstance(value, bool), "a number"
        fine = fine and value >= (1 if key in ("points", "workers", "max-evaluations") else 0)
        kind = "a whole number" if whole else kind
    if not fine:
        raise _wrong(path, where, kind)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _wrong(path: Path, where: str, what: str, hints: tuple[str, ...] = ()) -> Exception:
    return UsageError.of("E389", f"{path.name}: {where} is to be {what}", hints=hints)
