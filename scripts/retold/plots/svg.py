"""A small writer of SVG pictures: escaped, the same bytes every time, readable on light and dark ground."""

from __future__ import annotations

import re
import unicodedata
from xml.etree import ElementTree

# What XML 1.0 cannot hold, however it is escaped, and what turns the writing direction of all that follows.
_FORBIDDEN = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
# Okabe and Ito's colours, which people with defective colour vision can tell apart; the last for the rest.
_SERIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c959f", "#b8bfc7")
_PATTERNS = (  # what is drawn over a colour, so that none is told by its colour alone; a square of 8 units
    "",
    "M-2 2 2-2M0 8 8 0M6 10 10 6",
    "M4 0V8",
    "M0 4H8",
    "M-2 6 2 10M0 0 8 8M6-2 10 2",
    "M4 0V8M0 4H8",
    "M0 2H4M4 6H8",
    "M1 1H3M5 5H7",
)
SERIES = len(_SERIES)
_LIGHT = {"surface": "#ffffff", "ink": "#1f2328", "muted": "#59636e", "accent": "#0969da", "line": "#d1d9e0"}
_DARK = {"surface": "#0d1117", "ink": "#e6edf3", "muted": "#9198a1", "accent": "#4493f8", "line": "#3d444d"}


class Picture:
    """A picture under construction; lengths are in units of the view box, from the upper left corner."""

    def __init__(self, name: str, title: str, description: str, width: int) -> None:
        """Begin a picture; ``name`` sets its ids apart from those of others on the same page."""
        self._name = name
        self._width = width
        self._root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "role": "img",
                "aria-labelledby": f"{name}-title {name}-desc",
                "font-family": "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif",
                "font-size": "13",
            },
        )
        self._add("title", {"id": f"{name}-title"}, title)
        self._add("desc", {"id": f"{name}-desc"}, description)
        self._add("style", {}, _style())
        definitions = self._add("defs", {})
        for number, path in enumerate(_PATTERNS):
            if path:
                size = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
                pattern = self._add("pattern", {"id": f"{name}-p{number}", **size}, parent=definitions)
                self._add("path", {"d": path, "class": "hatch"}, parent=pattern)
        self._ground = self._add("rect", {"class": "surface", "width": str(width)})

    def text(  # noqa: PLR0913 (a text is at a place, in a manner)
        self, x: float, y: float, text: str, kind: str = "ink", *, anchor: str = "start", bold: bool = False
    ) -> None:
        """Write a text with its base line at ``y``."""
        place = {"x": _number(x), "y": _number(y), "class": kind}
        manner = {} if anchor == "start" else {"text-anchor": anchor}
        self._add("text", {**place, **manner, **({"font-weight": "600"} if bold else {})}, text)

    def bar(self, x: float, y: float, size: tuple[float, float], kind: str, hint: str = "") -> None:
        """Draw a rectangle of ``size`` (width, height); ``hint`` is shown when it is pointed at."""
        self._rectangle(x, y, size, {"class": kind}, hint)

    def shade(self, x: float, y: float, size: tuple[float, float], strength: float, hint: str = "") -> None:
        """Draw a rectangle that is the fuller the nearer ``strength`` is to 1."""
        self._rectangle(x, y, size, {"class": "accent", "fill-opacity": f"{0.5 * strength:.2f}"}, hint)

    def segment(self, x: float, y: float, size: tuple[float, float], series: int, hint: str = "") -> None:
        """Draw a rectangle in the colour and the pattern of a series, counted from 0."""
        self._rectangle(x, y, size, {"class": f"s{series}"}, hint)
        if _PATTERNS[series]:
            self._rectangle(x, y, size, {"fill": f"url(#{self._name}-p{series})"}, hint)

    def finish(self, height: float) -> str:
        """Return the picture, so many units high, as the text of a file."""
        whole = _number(height)
        self._ground.set("height", whole)
        self._root.set("viewBox", f"0 0 {self._width} {whole}")
        self._root.set("width", str(self._width))
        self._root.set("height", whole)
        ElementTree.indent(self._root)
        return ElementTree.tostring(self._root, encoding="unicode") + "\n"

    def _rectangle(
        self, x: float, y: float, size: tuple[float, float], manner: dict[str, str], hint: str
    ) -> None:
        place = {"x": _number(x), "y": _number(y), "width": _number(size[0]), "height": _number(size[1])}
        drawn = self._add("rect", {**place, **manner})
        if hint:
            self._add("title", {}, hint, parent=drawn)

    def _add(
        self, tag: str, attributes: dict[str, str], text: str = "", parent: ElementTree.Element | None = None
    ) -> ElementTree.Element:
        element = ElementTree.SubElement(self._root if parent is None else parent, tag, attributes)
        element.text = _FORBIDDEN.sub("\ufffd", text) or None
        return element


def width_of(text: str) -> float:
    """Return about how many units a text of size 13 takes; wide and combining characters are seen to."""
    return sum(map(_advance, text))


def fitted(text: str, room: float) -> str:
    """Return a text that takes no more than ``room`` units, cut if it must be."""
    if width_of(text) <= room:
        return text
    while text and width_of(text) > room - 13:
        text = text[:-1]
    return f"{text}…"


def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return 13.0 if unicodedata.east_asian_width(character) in "WF" else 7.3


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _style() -> str:
    series = "".join(f".s{number}{{fill:{colour}}}" for number, colour in enumerate(_SERIES))
    halo = ".inside{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}"
    return f"{_colours(_LIGHT)}{series}{halo}@media (prefers-color-scheme:dark){{{_colours(_DARK)}}}"


def _colours(colours: dict[str, str]) -> str:
    fills = "".join(f".{name}{{fill:{colour}}}" for name, colour in colours.items())
    hatch = f".hatch{{fill:none;stroke:{colours['surface']};stroke-width:1.2;stroke-opacity:.7}}"
    return f"{fills}{hatch}.inside{{fill:{colours['ink']};stroke:{colours['surface']}}}"
