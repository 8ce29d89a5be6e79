"""Tests in a real browser; see `conftest.py`."""

import pytest

pytest.register_assert_rewrite("browser.pages")  # so that a failed comparison there says in what the two differ
