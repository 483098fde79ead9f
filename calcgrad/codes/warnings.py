"""W: the text was read, or the answer found, but there is something to know about it."""

from __future__ import annotations

from calcgrad.codes.entry import Code

TITLE = "Warnings"
CODES = (
    Code(
        "W101",
        "an implicit product follows a division: 1/2x is (1/2)*x",
        "Division and implicit multiplication stand on one level and are read from left to right.",
        "Write 1/(2x) for the other reading, or (1/2)*x to say this one.",
        'calcgrad diff "1/2x" --at 1',
    ),
    Code(
        "W102",
        "f^-1 is the inverse function, not 1/f",
        "Mathematics writes sin^-1 for arcsin, though sin^2 is a power.",
        "Write asin(x) to say so, or 1/sin(x) for the reciprocal.",
        'calcgrad diff "sin^-1 x" --at 0.5',
    ),
    Code(
        "W103",
        "log is the natural logarithm",
        "In some fields log is the logarithm to base 10 or 2.",
        "Write ln(x), log10(x), log2(x) or log(x, b).",
        'calcgrad diff "log(x)" --at 2',
    ),
    Code(
        "W104",
        "e2 is a variable, neither e^2 nor e*2",
        "A letter with digits behind it is the name of a variable.",
        "Write e^2 for the power, 2*e for the product.",
        'calcgrad diff "e2" --at 2',
    ),
    Code(
        "W105",
        "an exponent ends before the next factor: x^2x is (x^2)*x",
        "A power binds tighter than an implicit product.",
        "Write x^(2x) for the other reading.",
        'calcgrad diff "x^2x" --at 2',
    ),
    Code(
        "W106",
        "x^1/2 is (x^1)/2",
        "A power binds tighter than a division.",
        "Write x^(1/2) for the root.",
        'calcgrad diff "x^1/2" --at 2',
    ),
    Code(
        "W107",
        "a bare argument takes the whole implicit product: sin x y is sin(x*y)",
        "Without brackets the argument goes as far as the product without signs does.",
        "Write brackets to say where the argument ends.",
        'calcgrad diff "sin x y" --at "x=1, y=2"',
    ),
    Code(
        "W108",
        "a bare argument ends at an operator: sin x/2 is sin(x)/2",
        "Without brackets the argument ends where an operator stands.",
        "Write brackets to say where the argument ends.",
        'calcgrad diff "sin x/2" --at 1',
    ),
    Code(
        "W109",
        "x!! is (x!)!, not the double factorial",
        "The second sign is applied to the first one's result; there is no double factorial here.",
        "Write (x!)! to say so.",
        'calcgrad diff "x!!" --at 2',
    ),
    Code(
        "W110",
        "f(x) is the product f*x",
        "There is no function of that name, and a letter before a bracket is a factor.",
        "Write f*(x) for the product; for a function write its definition.",
        'calcgrad diff "f(x+1)"',
    ),
    Code(
        "W111",
        "Δx is the product Δ*x",
        "Two letters side by side are two variables.",
        "Write Δ_x for a variable of one name.",
        'calcgrad diff "Δx" --at "Δ=1, x=2"',
    ),
    Code(
        "W112",
        "a declared variable's name is applied as a function",
        "The name is both a function of the table and a variable of the point; before a bracket it is the function.",
        "Write * before the bracket for the product.",
        'calcgrad diff "gamma(x) + gamma" --at "gamma=1, x=2"',
    ),
    Code(
        "W113",
        "% is the remainder, not percent",
        "As in Python, a % b is what is left of a when it is divided by b.",
        "Write 50/100*x for fifty percent of x.",
        'calcgrad diff "50% x" --at 3',
    ),
    Code(
        "W201",
        "there is no truth: the methods are judged against each other only",
        "The truth was left out by --truth none, or SymPy did not find it in time and nothing else gives it.",
        "Leave --truth none out, or give more time with --timeout.",
        'calcgrad diff "x^2" --at 2 --truth none',
    ),
    Code(
        "W202",
        "few digits of a method's value are right",
        "Nearly equal numbers are subtracted on the way, and the digits that they share are lost.",
        "Rewrite the function so that they are not: expm1(x) for exp(x) - 1, say.",
        'calcgrad diff "(1-cos(x))/x^2" --at 1e-4',
    ),
)
