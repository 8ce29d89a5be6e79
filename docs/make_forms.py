"""Simulate ten years of each form that ships, and write docs/forms.md: `python docs/make_forms.py`.

All forms take some twelve minutes on one processor. ``--missing`` runs those alone that are new or whose file, or what
it is made from, has changed; ``--only`` some, by name; ``--same`` runs nothing and takes over what is known: for a
parameter that was added, where baselines show that no history has changed. What came out is kept in docs/forms.csv and
written into the heads of the files in configs/.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter

from mhsim.evidence.form_entries import figures_words, forms_page, with_figures
from mhsim.evidence.form_figures import figures_of, read_figures, stale, world_of, write_figures
from mhsim.evidence.paired import worlds_digest
from mhsim.scenario_io.loader import shipped

PAGE = Path(__file__).resolve().parent / "forms.md"


def main() -> None:
    """Run the forms, tell each, and write them down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--only", nargs="+", default=(), choices=tuple(shipped()))
    parser.add_argument("--same", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    found = {name: one for name, one in read_figures().items() if name in shipped()}
    if given.same:
        found = {name: one._replace(worlds=worlds_digest(world_of(name))) for name, one in found.items()}
    wanted = stale(found) if given.missing or given.same else given.only or shipped()
    for name in () if given.same else wanted:
        began = perf_counter()
        found[name] = figures_of(name, jobs=given.jobs)
        print(f"{name}: {figures_words(found[name])} ({perf_counter() - began:.0f} s)", flush=True)
        write_figures(found)
    write_figures(found)
    found = read_figures()
    for name, one in found.items():
        path = shipped()[name]
        text = path.read_text(encoding="utf-8")
        path.write_text(with_figures(text, one), encoding="utf-8", newline="\n")
    PAGE.write_text(forms_page(found), encoding="utf-8", newline="\n")
    print(f"written: {PAGE.name}")


if __name__ == "__main__":
    main()
