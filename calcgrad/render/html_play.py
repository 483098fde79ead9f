"""The player of a page: it goes through the rows of its tables, lights up what each is about, and says it.

A row that can be played has ``data-step`` and the sentence in ``data-said``; ``data-slots`` and ``data-edges`` are the boxes and
the arrows of the picture. The script computes nothing; without it the tables stand there.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

SCRIPT = """<script>
(function () {
  var steps = Array.from(document.querySelectorAll('[data-step]')), at = -1, timer = null;
  var player = document.querySelector('.player'), said = player.querySelector('p'), play = player.querySelector('[data-do=play]');
  var drawn = Array.from(document.querySelectorAll('[data-slot], [data-edge]'));
  function words(text) { return text ? text.split(' ') : []; }
  function show(k) {
    at = Math.max(-1, Math.min(k, steps.length - 1));
    var step = steps[at], back = !!step && step.dataset.step === 'back';
    var slots = step ? words(step.dataset.slots) : [], edges = step ? words(step.dataset.edges) : [];
    steps.forEach(function (row) {
      row.classList.toggle('lit', row === step); row.classList.toggle('back', back);
      if (row === step) row.setAttribute('aria-current', 'step'); else row.removeAttribute('aria-current');
    });
    drawn.forEach(function (part) {
      var lit = slots.includes(part.dataset.slot) || edges.includes(part.dataset.edge);
      part.classList.toggle('lit', lit); part.classList.toggle('back', back && lit);
    });
    said.textContent = step ? (at + 1) + ' of ' + steps.length + ', ' + step.dataset.said : 'before the first step';
    said.classList.toggle('back', back);
    // Not disabled: a button that is would lose the keyboard's focus.
    player.querySelector('[data-do=back]').setAttribute('aria-disabled', at < 0);
    player.querySelector('[data-do=step]').setAttribute('aria-disabled', at === steps.length - 1);
  }
  function stop() { clearInterval(timer); timer = null; play.textContent = 'Play'; }
  var acts = {
    start: function () { stop(); show(-1); },
    back: function () { stop(); show(at - 1); },
    step: function () { stop(); show(at + 1); },
    end: function () { stop(); show(steps.length - 1); },
    play: function () {
      if (timer) return stop();
      play.textContent = 'Pause';
      show(at === steps.length - 1 ? 0 : at + 1);
      timer = setInterval(function () { if (at === steps.length - 1) stop(); else show(at + 1); }, 1200);
    }
  };
  var keys = { ArrowRight: 'step', ArrowLeft: 'back', Home: 'start', End: 'end' };
  player.addEventListener('click', function (event) { var act = acts[event.target.dataset.do]; if (act) act(); });
  player.addEventListener('keydown', function (event) {
    if (keys[event.key]) { acts[keys[event.key]](); event.preventDefault(); }
  });
  steps.forEach(function (row, k) { row.addEventListener('click', function () { stop(); show(k); }); });
  player.hidden = false; show(-1);
})();
</script>"""
_BUTTONS = (("start", "Start"), ("back", "Back"), ("play", "Play"), ("step", "Step"))


def controls() -> str:
    """The buttons and the sentence, which are there with JavaScript; the script (``SCRIPT``) comes after all rows."""
    buttons = "".join(f'<button type="button" data-do="{do}">{name}</button>' for do, name in _BUTTONS)
    keys = '<span class="note">or the arrow keys, Home and End; a click on a row goes to it</span>'
    return f'<div class="player" role="group" aria-label="Play the graph" hidden>{buttons}{keys}<p role="status"></p></div>'


def row(
    cells: Sequence[str], said: str, slots: Sequence[str], edges: Sequence[str], back: bool = False
) -> str:
    """A row of a table that can be played, its first cell at its head; ``cells`` are texts.

    >>> row(["v1", "x<y"], "v1 = x", ["v1"], []).count("&lt;")
    1
    """
    first, *rest = map(escape, cells)
    what = "back" if back else "forward"
    marked = "".join(
        f' data-{name}="{escape(value, quote=True)}"'
        for name, value in (
            ("step", what),
            ("slots", " ".join(slots)),
            ("edges", " ".join(edges)),
            ("said", said),
        )
    )
    shown = "".join(f"<td>{cell}</td>" for cell in rest)
    return f'<tr{marked}><th scope="row">{first}</th>{shown}</tr>'
