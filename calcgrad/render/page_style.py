"""How a page looks: on light and on dark ground, on narrow screens and on paper."""

from __future__ import annotations

from calcgrad.render.theme import BADGES, MARK, POINT, variables

PAGE = f"""
{variables()}
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem;
background: var(--ground); color: var(--text); }}
h1 {{ font-size: 1.4rem; overflow-wrap: anywhere; }} h2 {{ font-size: 1.1rem; margin-top: 2rem; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ text-align: left; vertical-align: top; padding: .2rem .9rem .2rem 0; }} .number {{ text-align: right; }}
caption {{ text-align: left; color: var(--muted); font-size: .93em; }}
thead th {{ border-bottom: 1px solid var(--muted); }}
code {{ font-size: .95em; unicode-bidi: isolate; }} math {{ font-size: 1.1em; }}
h3 {{ font-size: 1rem; }} main .calcgrad {{ font-size: 1rem; max-width: none; }}
main .calcgrad .note, main .calcgrad tr.muted td {{ opacity: 1; color: var(--muted); }}
.calcgrad .formula, h1 {{ overflow-x: auto; overflow-y: hidden; }}
.wide {{ overflow-x: auto; }} .wide:focus-visible, :focus-visible {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
.parts {{ padding-left: 1.2rem; }} .rule, .value {{ color: var(--muted); font-size: .9em; }}
.wrong {{ color: var(--wrong); font-weight: bold; }}
.what {{ color: var(--muted); margin: -.6rem 0 1rem; }}
footer {{ margin-top: 2.5rem; border-top: 1px solid var(--faint); padding-top: .5rem; font-size: .85em; color: var(--muted); }}
footer code {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
svg.chart {{ width: 100%; max-width: 44rem; height: auto; font: 12px system-ui, sans-serif; }}
svg.chart text {{ fill: var(--text); }} svg.chart .grid {{ stroke: var(--faint); fill: none; }}
svg.chart .mark {{ stroke: {MARK}; fill: none; stroke-width: 1.6; }} svg.chart .across {{ stroke-dasharray: 3 3; }}
svg.chart .full {{ fill: {MARK}; }} svg.chart .height {{ stroke: var(--muted); fill: none; }}
svg.chart .arrow {{ stroke: var(--muted); fill: none; }} svg.chart .strong {{ stroke: {POINT}; stroke-width: 2.5; }}
svg.chart .small {{ font-size: 9px; fill: var(--muted); paint-order: stroke; stroke: var(--ground); stroke-width: 3px; }}
svg.chart .tangent {{ stroke: var(--text); stroke-width: 1.5; }}
svg.chart.dragged {{ touch-action: none; }} svg.chart .dot {{ fill: {POINT}; stroke: #fff; stroke-width: 2; cursor: grab; }}
.note {{ color: var(--muted); font-size: .93em; }} details {{ margin: 1rem 0; }} summary {{ cursor: pointer; font-weight: 600; }}
dt {{ font-weight: 600; }} dd {{ margin: 0 0 .4rem 1.2rem; }}
.facts {{ display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }} .facts dd {{ margin: 0; overflow-wrap: anywhere; }}
input[type=range] {{ width: 20rem; max-width: 90%; vertical-align: middle; accent-color: var(--accent); }}
button {{ font: inherit; color: var(--accent); background: var(--ground); border: 1px solid var(--accent);
border-radius: .35rem; padding: .15rem .8rem; cursor: pointer; }}
button[aria-disabled=true] {{ color: var(--muted); border-color: var(--faint); }}
figure {{ margin: 1rem 0; }} figcaption {{ color: var(--muted); font-size: .93em; margin-bottom: .3rem; }}
a {{ color: var(--accent); }}
svg.map .grid {{ stroke: var(--muted); opacity: .5; }} svg.map .bad {{ fill: {BADGES["bad"]}; }}
svg.map .cross {{ stroke: #fff; fill: none; stroke-width: 1.2; }} svg.map text {{ fill: var(--muted); }}
pre {{ overflow-x: auto; }}
.source {{ line-height: 1.5; background: var(--box); padding: .6rem; }} .source .line {{ color: var(--muted); }}
.source u {{ text-decoration: {BADGES["bad"]} wavy underline; text-underline-offset: 3px; }}
.derivation, .derivation ol {{ list-style: none; padding-left: 0; margin: 0; }}
.derivation ol {{ border-left: 2px solid var(--faint); padding-left: 1.1rem; margin-left: .3rem; }}
.derivation details {{ margin: 0; }} .derivation summary {{ font-weight: inherit; }} .derivation > li {{ margin: .5rem 0; }}
.derivation .step {{ display: inline-grid; grid-template-columns: 2rem minmax(10rem, 20rem) minmax(12rem, auto);
gap: 0 .8rem; padding: .25rem 0;
vertical-align: top; width: calc(100% - 1.5rem); }} .derivation .rule {{ display: block; }}
.derivation .step > * {{ overflow-x: auto; overflow-y: hidden; }}
@media (max-width: 40rem) {{ .derivation .step {{ grid-template-columns: 2rem 1fr; }} .derivation .so {{ grid-column: 2; }} }}
.player {{ display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; margin: .6rem 0; }} .player[hidden] {{ display: none; }}
.player p {{ flex-basis: 100%; margin: 0; min-height: 3em; overflow-wrap: anywhere; }}
tr.lit > * {{ background: var(--lit); }} tr.lit.back > *, .player p.back {{ color: var(--back); }}
.calcgrad-graph .head {{ fill: context-stroke; }}
.calcgrad-graph .lit > .box {{ stroke: var(--accent); stroke-width: 3; }}
.calcgrad-graph .lit > .line {{ stroke: var(--accent); stroke-width: 3; }}
.calcgrad-graph .lit.back > .box {{ stroke: var(--back); }} .calcgrad-graph .lit.back > .line {{ stroke: var(--back); }}
.calcgrad-graph .lit.back > .label {{ fill: var(--back); }}
@media print {{ details::details-content {{ content-visibility: visible; }}
html {{ font-size: 10pt; }} body {{ max-width: none; margin: 0; padding: 0; }} @page {{ size: A4; margin: 18mm; }}
input, label, button, .player {{ display: none; }} svg, figure, tr, .step {{ break-inside: avoid; }}
h1, h2, h3, h4, summary {{ break-after: avoid; }} h1, pre, .wide, .calcgrad .formula, .derivation .step > * {{ overflow: visible; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; }} svg.calcgrad-graph {{ max-width: 100%; height: auto; }}
.calcgrad table {{ font-size: .9rem; }} .calcgrad th, .calcgrad td {{ padding: .1em .45em; }} td {{ overflow-wrap: anywhere; }}
.calcgrad .verdict b {{ color: inherit; background: none; border: 1.5px solid; }}
.derivation .step {{ grid-template-columns: 1.6rem minmax(6rem, 13rem) minmax(0, auto); }} .derivation math {{ font-size: 1em; }} }}
"""
