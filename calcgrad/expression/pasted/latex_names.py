"""What LaTeX's commands mean: tables and nothing else."""

from __future__ import annotations

#: Commands that are one piece of ours. Greek letters are the signs, so that two of them are never one word.
SYMBOLS = {
    "cdot": "*", "times": "*", "ast": "*", "star": "*", "bullet": "*", "div": "/", "slash": "/",
    "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "lt": "<", "gt": ">",
    "ne": "!=", "neq": "!=", "land": "and", "wedge": "and", "lor": "or", "vee": "or", "neg": "not", "lnot": "not",
    "infty": "inf", "lparen": "(", "rparen": ")", "lbrack": "[", "rbrack": "]", "{": "{", "}": "}",
    "lbrace": "{", "rbrace": "}", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "vert": "|", "mid": "|",
    "%": "%", "degree": "°", "colon": ":", "to": "→", "mapsto": "↦", "rightarrow": "→", "partial": "∂", "prime": "'",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "varkappa": "κ", "lambda": "λ",
    "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "varpi": "π", "rho": "ρ", "varrho": "ρ", "sigma": "σ",
    "varsigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "hbar": "hbar", "ell": "ell", "imath": "i", "jmath": "j",
}  # fmt: skip

#: Commands that are functions, by our names.
FUNCTIONS = {
    **{name: name for name in [
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
        "tanh", "coth", "exp", "ln", "log", "max", "min", "lg", "sech", "csch", "arccot", "arcsec",
        "arccsc", "arsinh", "arcosh", "artanh", "tg", "ctg", "cosec", "sh", "ch", "th", "cth",
        "arctg", "arcctg", "erf", "erfc", "sgn", "sen", "senh", "arcsen", "cotg",
    ]},
    "lb": "log2", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
}  # fmt: skip

#: Commands whose first argument says nothing of what is meant: a colour, a number, a width.
DROPPED = frozenset({"color", "textcolor", "colorbox", "tag", "label", "hspace", "vspace"})
#: Commands that only move, by a length that follows them.
MOVING = frozenset({"kern", "mkern", "hskip", "mskip", "hskip*"})
#: Commands that end a row of cases.
ROW_ENDS = frozenset({"\\", "newline", "cr", "tabularnewline"})
#: Fractions: two arguments, the first over the second.
FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "flatfrac"})
#: Binomials: two arguments.
BINOMIALS = frozenset({"binom", "dbinom", "tbinom"})
#: Commands that dress their one argument, and mean nothing else; what they dress is one name.
UPRIGHT = frozenset(
    {
        "mathrm",
        "operatorname",
        "text",
        "textrm",
        "mathop",
        "mathsf",
        "mbox",
        "operatorname*",
        "rm",
        "textnormal",
        "mathit",
        "mathtt",
    }
)
DRESSING = frozenset(
    {
        "mathbf",
        "boldsymbol",
        "bm",
        "mathnormal",
        "ensuremath",
        "displaystyle",
        "boxed",
        "mathstrut",
        "mathcal",
        "mathscr",
        "mathfrak",
    }
)
#: Commands that say how large or how far apart, and nothing of what is meant.
SILENT = frozenset(
    [
        ",", ";", ":", "!", ">", "quad", "qquad", "thinspace", "medspace", "thickspace",
        "negthinspace", "enspace", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits",
        "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
        "Biggr", "bigm", "Bigm", "middle", "left", "right", "mathopen", "mathclose", "mathbin",
        "mathrel", "nonumber", "hfill", "hspace*", "strut", "null", "rm", "bf", "it", "normalfont",
        "large", "Large", "LARGE", "huge", "Huge", "small", "footnotesize", "tiny",
    ]
) | {" ", "\n", "\t", "\r"}  # fmt: skip

#: What is recognised and not read, with what to do.
REFUSED = {
    **dict.fromkeys(("int", "iint", "oint", "smallint"), "there are no integrals here: only closed expressions can be given"),
    **dict.fromkeys(("sum",), "there are no sums over an index here: write the terms out"),
    **dict.fromkeys(("prod",), "there are no products over an index here: write the factors out"),
    **dict.fromkeys(("lim", "limsup", "liminf"), "limits are not written inside an expression: give the function and --at"),
    **dict.fromkeys(("pm", "mp"), "a function has one value: write two expressions, one with + and one with -"),
    **dict.fromkeys(("lVert", "rVert", "Vert", "|"), "norms have a name here: write norm(x)"),
    **dict.fromkeys(("nabla",), "calcgrad makes the derivative itself: give it the function"),
    **dict.fromkeys(
        ("hat", "bar", "tilde", "vec", "dot", "ddot", "overline", "widehat", "check", "breve", "acute", "grave"),
        "a letter with a mark is no name here: give it a subscript, such as x_1",
    ),
    **dict.fromkeys(("atop", "choose"), "write \\frac{a}{b}"),
    **dict.fromkeys(("in", "notin", "subset", "forall", "exists", "mathbb"), "sets are not read here: write 0 < x < 1"),
    **dict.fromkeys(("approx", "equiv", "sim", "simeq", "propto"), "an equation is not a function: give one side"),
    **dict.fromkeys(("ldots", "cdots", "dots", "vdots"), "an expression is written out in full"),
    **dict.fromkeys(("circ",), "composition is written out here: f(g(x))"),
    **dict.fromkeys(("def", "newcommand", "input", "write", "include", "let"), "only formulas are read: nothing is defined or run"),
}  # fmt: skip

#: Words inside \text{…} that only lead from one part of a formula to the next.
FILLING = frozenset({"if", "for", "when", "where", "wenn", "falls", "si", "with", ""})
OTHERWISE = frozenset(
    {
        "otherwise",
        "else",
        "sonst",
        "elsewhere",
        "sinon",
        "altrimenti",
        "if otherwise",
        "其他",
        "其它",
        "иначе",
    }
)
CASES = frozenset({"cases", "dcases", "cases*", "dcases*", "rcases"})
#: Environments that hold one formula, and mean nothing else.
TRANSPARENT = frozenset(
    {
        "equation",
        "equation*",
        "displaymath",
        "math",
        "split",
        "gather",
        "gather*",
        "aligned",
        "align",
        "align*",
    }
)
