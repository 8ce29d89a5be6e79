"""Draw the picture of the README from a finished helper-turnover study: `python docs/make_picture.py FOLDER`.

Survival of the focal group after ten years against helper turnover, with and without successors, for helpers who step
down and for helpers who leave the group.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pyarrow.parquet as pq

from mhsim.stats import proportion

TURNOVER, SUCCESSION, LEAVES = "serve.turnover_per_year", "serve.succession", "serve.leaves_with_role"
RULE = "close.no_leader_per_year"
COLOURS = {0.0: "#0072B2", 1.0: "#D55E00"}
LABELS = {0.0: "no successors", 1.0: "successors prepared"}


def main() -> int:
    """Draw docs/survival.svg."""
    folder = Path(sys.argv[1])
    points = pq.read_table(folder / "points.parquet").to_pandas().set_index("point")
    runs = pq.read_table(folder / "runs.parquet", columns=["point", "alive_at_end", "status"]).to_pandas()
    runs = runs[runs["status"] == "done"].join(points, on="point")
    runs = runs[runs[RULE] == runs[RULE].max()]
    mpl.rcParams["svg.hashsalt"] = "mhsim"
    figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
    for panel, (leaves, name) in zip(
        panels, ((0.0, "helpers step down"), (1.0, "helpers leave the group")), strict=True
    ):
        for successors, colour in COLOURS.items():
            rows = runs[(runs[LEAVES] == leaves) & (runs[SUCCESSION] == successors)]
            alive = rows.groupby(TURNOVER)["alive_at_end"].agg(["sum", "count"])
            ends = [proportion(int(done), int(number)) for done, number in alive.to_numpy()]
            share = 100 * alive["sum"] / alive["count"]
            low, high = [100 * end.low for end in ends], [100 * end.high for end in ends]
            panel.plot(
                100 * alive.index, share, "o-" if successors == 0 else "s--", color=colour, label=LABELS[successors]
            )
            panel.fill_between(100 * alive.index, low, high, color=colour, alpha=0.15, linewidth=0)
        panel.set_title(name)
        panel.set_xlabel("helper turnover, % a year")
        panel.set_ylim(0, 100)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("of 100 groups, alive after ten years")
    panels[0].legend(frameon=False, loc="lower left")
    figure.savefig(Path(__file__).with_name("survival.svg"), metadata={"Date": None})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
