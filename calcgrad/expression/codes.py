"""Every code that reading an expression can give, with one line of explanation each."""

from __future__ import annotations

#: Errors: the text is not in the language (E10x to E12x), or passes a limit (E15x).
ERRORS = {
    "E101": "there is no expression",
    "E102": "a word is neither a variable, nor a constant, nor a function",
    "E103": "a character has no meaning in an expression",
    "E104": "a character only looks like one of the language",
    "E105": "a character cannot be seen, or changes how the text around it is shown",
    "E106": "a value is missing",
    "E107": "a bracket is not closed",
    "E108": "a bracket is closed that was not opened, or by the wrong sign",
    "E109": "a function has the wrong number of arguments",
    "E110": "a function has no argument",
    "E111": "the bars of |x| have two readings, or none",
    "E112": "an equation is not a function",
    "E113": "an operator is missing between two values",
    "E114": "this is not how a number is written",
    "E115": "a comma stands where nothing is listed",
    "E116": "an index is not a whole number or a slice",
    "E117": "f^-1 has two readings",
    "E118": "the pieces of piecewise(...) do not fit together",
    "E119": "`a if c else b` is not complete",
    "E120": "this is another language's notation",
    "E121": "`not` needs parentheses here",
    "E151": "the text is too long",
    "E152": "the brackets are nested too deep",
    "E153": "a number has too many digits, or lies outside double's range",
    "E154": "a constant is too large",
    "E155": "chained comparisons grow too large",
    "E156": "too many bars that could open or close",
}

#: Warnings: the text was read, but a reader might have meant something else.
WARNINGS = {
    "W101": "an implicit product follows a division: 1/2x is (1/2)*x",
    "W102": "f^-1 is the inverse function, not 1/f",
    "W103": "log is the natural logarithm",
    "W104": "e2 is a variable, neither e^2 nor e*2",
    "W105": "an exponent ends before the next factor: x^2x is (x^2)*x",
    "W106": "x^1/2 is (x^1)/2",
    "W107": "a bare argument takes the whole implicit product: sin x y is sin(x*y)",
    "W108": "a bare argument ends at an operator: sin x/2 is sin(x)/2",
    "W109": "x!! is (x!)!, not the double factorial",
    "W110": "f(x) is the product f*x",
    "W111": "Δx is the product Δ*x",
    "W112": "a declared variable's name is applied as a function",
    "W113": "% is the remainder, not percent",
}
