"""The frame of a web page: one file, no network, complete without a script, readable in the dark and on paper."""

from __future__ import annotations

from html import escape

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; }
thead th { border-bottom: 1px solid; } code { font-size: .95em; } math { font-size: 1.1em; }
.parts { padding-left: 1.2rem; } .rule, .value { opacity: .75; font-size: .9em; } .wrong { color: #c00; font-weight: bold; }
footer { margin-top: 2rem; font-size: .85em; opacity: .75; }
svg.chart { width: 100%; max-width: 44rem; height: auto; touch-action: none; font: 12px system-ui, sans-serif; }
svg.chart text { fill: currentColor; } svg.chart .grid { stroke: currentColor; opacity: .18; fill: none; }
svg.chart .mark { stroke: #9a6700; fill: none; stroke-dasharray: 3 3; stroke-width: 1.5; }
svg.chart .tangent { stroke: currentColor; stroke-width: 1.5; }
svg.chart .dot { fill: #c93434; stroke: #fff; stroke-width: 2; cursor: grab; }
.note { opacity: .8; font-size: .93em; } details { margin: 1rem 0; } summary { cursor: pointer; font-weight: 600; }
dt { font-weight: 600; } dd { margin: 0 0 .4rem 1.2rem; }
input[type=range] { width: 20rem; max-width: 90%; vertical-align: middle; }
pre { overflow-x: auto; } .source { line-height: 1.4; } .source u { text-decoration: #c93434 wavy underline; }
@media print { input, label { display: none; } section, svg { break-inside: avoid; }
body { max-width: none; margin: 0; } @page { size: A4; margin: 18mm; } tr { break-inside: avoid; } }
"""


def page(title: str, body: str, command: str = "") -> str:
    """A whole document around a body of HTML; ``title`` and ``command`` are texts, and are escaped.

    >>> "<title>a &lt; b</title>" in page("a < b", "<p>hello</p>")
    True
    """
    made = f"<footer>Made by <code>{escape(command)}</code></footer>" if command else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n{made}\n</body>\n</html>\n"
    )
