"""How fast the engine is, against what, and where its time goes: `make bench`, or `python -m bench` in tests/.

Nothing here is a test of right or wrong; `tests/test_bench.py` checks that what is compared agrees.
"""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.append(str(TESTS / "verify"))  # where the plain-Mesa twin lives
