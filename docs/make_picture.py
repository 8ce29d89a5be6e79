"""Draw the picture of the README from a finished helper-turnover study: `python docs/make_picture.py FOLDER`.

Survival of the focal group after ten years by how often helpers step down or leave, with nobody prepared and with
members kept prepared to follow.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

from mhsim.report.coming_and_going.rates import alive, plans
from mhsim.studies.coming_and_going import STEPPING, WAYS, Parts
from mhsim.studies.data import read_study

COLOURS = ("#0072B2", "#D55E00")


def main() -> int:
    """Draw docs/survival.svg."""
    parts = Parts(read_study(Path(sys.argv[1])))
    mpl.rcParams["svg.hashsalt"] = "mhsim"
    figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
    for panel, way in zip(panels, WAYS, strict=True):
        stepping = way.path == STEPPING
        places = [100 * rate if stepping else rate for rate in way.rates(parts)]
        for (plan, label), colour in zip(plans(parts).items(), COLOURS, strict=True):
            along = alive(parts, way, plan)
            value, low, high = ([100 * getattr(one, edge) for one in along] for edge in ("value", "low", "high"))
            panel.plot(places, value, "o-" if plan == 0 else "s--", color=colour, label=label)
            panel.fill_between(places, low, high, color=colour, alpha=0.15, linewidth=0)
        panel.set_title("helpers step down and stay" if stepping else "helpers leave the group")
        panel.set_xlabel("of 100 helpers, a year" if stepping else "persons of a group, a year")
        panel.set_ylim(0, 100)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("of 100 groups, alive after ten years")
    panels[0].legend(frameon=False, loc="lower left")
    figure.savefig(Path(__file__).with_name("survival.svg"), metadata={"Date": None})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
