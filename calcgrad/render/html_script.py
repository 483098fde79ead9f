"""The one script of a page: it shows the sample that a slider or a drag chooses. It computes no number and reads no formula."""

from __future__ import annotations

import json
from typing import Any

_SCRIPT = """
(function () {
  var data = JSON.parse(document.getElementById('samples').textContent);
  var slider = document.getElementById('place'), svg = slider.closest('section').querySelector('svg.dragged');
  var dot = document.getElementById('dot'), line = document.getElementById('tangent'), said = document.getElementById('said');
  slider.parentNode.hidden = false;
  function show(k) {
    var s = data[k];
    slider.value = k; slider.setAttribute('aria-valuetext', s.said); said.textContent = s.said;
    dot.setAttribute('visibility', s.dot ? 'visible' : 'hidden');
    line.setAttribute('visibility', s.line ? 'visible' : 'hidden');
    if (s.dot) { dot.setAttribute('cx', s.dot[0]); dot.setAttribute('cy', s.dot[1]); }
    if (s.line) ['x1', 'y1', 'x2', 'y2'].forEach(function (name, i) { line.setAttribute(name, s.line[i]); });
  }
  function nearest(event) {
    var box = svg.getBoundingClientRect(), x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width, best = 0;
    data.forEach(function (s, k) { if (Math.abs(s.across - x) < Math.abs(data[best].across - x)) best = k; });
    return best;
  }
  slider.addEventListener('input', function () { show(+slider.value); });
  svg.addEventListener('pointerdown', function (event) { svg.setPointerCapture(event.pointerId); show(nearest(event)); });
  svg.addEventListener('pointermove', function (event) { if (event.buttons) show(nearest(event)); });
})();
"""


def data(found: Any) -> str:
    """Data as JSON inside an element; nothing in it can end the element, whatever texts are in it.

    >>> data(["</script>"])
    '["\\\\u003c/script\\\\u003e"]'
    """
    text = json.dumps(found, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def with_samples(samples: Any) -> str:
    """The samples and the script that shows them."""
    return (
        f'<script type="application/json" id="samples">{data(samples)}</script>\n<script>{_SCRIPT}</script>'
    )
