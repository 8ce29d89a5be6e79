"""`python -m baselines WHY [SUBJECT ...]`: work the baselines out anew and say so in CHANGELOG.md."""

from __future__ import annotations

import argparse
import json

from baselines import CHANGELOG, FOLDER, SUBJECTS, fault, line_of, state_of, stored, tables_of, with_line


def main() -> None:
    """Write every baseline that differs, and a line for each."""
    parser = argparse.ArgumentParser(prog="python -m baselines", description=__doc__)
    parser.add_argument("why", help="why results changed, as the changelog is to say it")
    parser.add_argument("subjects", nargs="*", help=f"all, or some of: {', '.join(SUBJECTS)}")
    given = parser.parse_args()
    wrong = set(given.subjects) - set(SUBJECTS)
    if not given.why.strip() or wrong:
        parser.error(f"no subject {', '.join(sorted(wrong))}" if wrong else "say why, in a few words")
    for subject in given.subjects or SUBJECTS:
        before, found = stored(subject), tables_of(subject)
        after = state_of(found, {})
        changelog = CHANGELOG.read_text(encoding="utf-8")
        if after == before and fault(subject, after, changelog) is None:
            print(f"{subject}: as before")
            continue
        line = line_of(subject, before, after, found, given.why.strip().rstrip("."))
        (FOLDER / f"{subject}.json").write_text(json.dumps(after, indent=1) + "\n", encoding="utf-8")
        CHANGELOG.write_text(with_line(changelog, line), encoding="utf-8")
        print(line, end="")


if __name__ == "__main__":
    main()
