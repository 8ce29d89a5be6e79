"""Small still pictures as inline SVG, drawn on the server and coloured by the page (`browser/figures.css`).

What they show is told in words as well: every picture has a title and a description for those who do not see it, and
nothing is told apart by colour alone.
"""

from mhsim.dashboard.figures.bars import Row, bars
from mhsim.dashboard.figures.canvas import both
from mhsim.dashboard.figures.curves import ChartLine, curves

__all__ = ["ChartLine", "Row", "bars", "both", "curves"]
