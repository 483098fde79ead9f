"""``calcgrad check``: the table's own proofs, a claimed derivative, a hand-written gradient."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from calcgrad.errors import CalcgradError, UsageError


def command(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="TARGET", help="An expression, or model.py:loss; without it, calcgrad's own table."
        ),
    ] = None,
    *,
    claim: Annotated[
        list[str] | None, typer.Option(metavar="EXPR", help="The claimed derivative; one a variable.")
    ] = None,
    grad: Annotated[
        str | None, typer.Option(metavar="TARGET", help="The claimed gradient: model.py:loss_grad.")
    ] = None,
    at: Annotated[
        list[str] | None, typer.Option(metavar="POINT", help="A point, or a file; may be repeated.")
    ] = None,
    wrt: Annotated[str | None, typer.Option(metavar="NAMES", help="The variables of the claims.")] = None,
    points: Annotated[int, typer.Option(metavar="N", help="Points for each proof of the table.")] = 24,
    seed: Annotated[int, typer.Option(metavar="K", help="The seed of what is drawn at random.")] = 1,
    numeric: Annotated[
        bool, typer.Option("--numeric", help="Prove the table in numbers only, without SymPy.")
    ] = False,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="The time that SymPy may take.")] = 10.0,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    output: Annotated[str | None, typer.Option(metavar="FILE", help="Write to this file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing; the exit code tells.")] = False,
    color: Annotated[str, typer.Option(metavar="WHEN", help="auto, always, or never.")] = "auto",
) -> int:
    """Prove the table, check a claimed derivative, or check a hand-written gradient.

    calcgrad check "x^2*sin(x)" --claim "2*x*sin(x) + x^2*cos(x)"
    """
    from calcgrad.cli.choices import names_of, one_of
    from calcgrad.cli.output import Output
    from calcgrad.render import check as shown
    from calcgrad.report import EXIT_CODES

    one_of("--color", color, ("auto", "always", "never"))
    _together(target, claim, grad)
    place = Output(output, color, quiet)
    if target is None:
        proofs = _prove(points, seed, quiet, symbolic=not numeric)
        data = shown.proofs_contract(proofs)
        place.write(shown.as_json(data, place.style) if json else shown.proofs(proofs, place.style))
        code = EXIT_CODES[proofs.verdict]
    else:
        reports = [_gradient(target, grad, p) for p in _points(at)] if grad else []
        if claim:
            reports = [_claim(target, claim, names_of(wrt), at, timeout, seed)]
        checks = [shown.contract(r) for r in reports]
        data = checks[0] if len(checks) == 1 else {"schema": 1, "command": "check", "checks": checks}
        text = "\n".join(shown.render(r, place.style) for r in reports)
        place.write(shown.as_json(data, place.style) if json else text)
        code = _exit_code(reports)
    place.close()
    return code


def _together(target: str | None, claim: list[str] | None, grad: str | None) -> None:
    """Raise for words that do not go together."""
    if target is None and (claim or grad):
        raise UsageError.of(
            "E376", "there is nothing to check the claim against", hints=("name the function first",)
        )
    if target is not None and bool(claim) == bool(grad):
        hints = (
            f'calcgrad check "{target}" --claim "..."',
            "calcgrad check model.py:loss --grad model.py:loss_grad --at w.npy",
        )
        raise UsageError.of("E377", "what is claimed? Give --claim or --grad, and not both", hints=hints)


def _prove(points: int, seed: int, quiet: bool, symbolic: bool) -> Any:
    from time import perf_counter

    from calcgrad.checking.proofs import prove
    from calcgrad.cli.progress import Progress
    from calcgrad.report import ProofReport

    if points < 1:
        raise UsageError.of("E378", f"--points is 1 or more, not {points}")
    progress = Progress(quiet=quiet, what=" proofs")
    start = perf_counter()
    rows = []
    for row in prove(points, seed, symbolic):
        rows.append(row)
        progress.tick()
    progress.close()
    return ProofReport(tuple(rows), perf_counter() - start)


def _points(at: list[str] | None) -> Any:
    from calcgrad.operations import VOCABULARY
    from calcgrad.points import read_points

    if not at:
        raise UsageError.of("E379", "a gradient is checked at a point", hints=("add one: --at w.npy",))
    return read_points(at, VOCABULARY)


def _gradient(target: str, grad: str | None, point: Any) -> Any:
    from calcgrad.checking.gradients import arguments_of, check_gradient
    from calcgrad.loading import is_target, load

    for name in (target, grad or ""):
        if not is_target(name):
            raise _no_target(name)
    f, g = load(target), load(grad or "")
    return check_gradient(f, g, arguments_of(f, point), target, grad or "")


def _no_target(name: str) -> CalcgradError:
    return UsageError.of(
        "E370", f"{name} does not name a function in a module", hints=("write model.py:loss",)
    )


def _claim(
    target: str, claims: list[str], wrt: tuple[str, ...], at: list[str] | None, timeout: float, seed: int
) -> Any:
    from calcgrad.checking.claims import check_claim
    from calcgrad.operations import VOCABULARY
    from calcgrad.points import read_points

    return check_claim(target, claims, wrt, read_points(at or (), VOCABULARY), timeout, seed)


def _exit_code(reports: list[Any]) -> int:
    from calcgrad.report import EXIT_CODES, worst_exit_code

    return worst_exit_code([EXIT_CODES[r.verdict] for r in reports])
