"""Lessons and the class in a page that needs no server, as one file from the disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mhsim.dashboard.lessons.__main__ import all_runs
from mhsim.dashboard.lessons.evaluate import answers
from mhsim.dashboard.lessons.lesson_file import lessons, lessons_of

LONG = 120_000
"""Milliseconds for a run of some hundred histories in a browser on a busy machine."""
QUICK, SEED, GUESS = "graduation_starves", 6, "starves"
"""The lesson whose run is the shortest."""
CODE = "graduation_starves.starves.6.fff.5ac7.hraa.Ada_L.9s29"


def test_a_student_answers_and_finds_what_python_finds(alone: Callable[..., Page]) -> None:
    """A lesson at home must say what the lesson in class says, to the last digit, and let its rules be taken away."""
    lesson = lessons()[QUICK]
    page = alone(f"#/lessons?lesson={QUICK}&seed={SEED}")
    page.get_by_role("button", name="Predict and run").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one first")
    page.get_by_label(next(one.says for one in lesson.choices if one.name == GUESS)).check()
    page.get_by_role("button", name="Predict and run").click()
    heading = page.get_by_role("heading", name="Results", exact=True)
    heading.wait_for(timeout=LONG)
    expect(heading).to_be_focused()
    found = answers(lesson, all_runs(lesson, SEED))
    for one, card in zip(found, page.locator(".answered").all(), strict=True):
        expect(card.locator(".answer")).to_have_text(one.words)
        expect(card).to_contain_text(f"{one.numbers} {one.uncertainty}")
    expect(page.locator(".life li").first).to_be_visible(timeout=LONG)
    expect(page.get_by_role("link", name=re.compile("^Meet .+ in Explore$"))).to_be_visible()
    assert re.search(r"guess=starves&done=4", page.url), "who loads the address again has the same lesson, done"
    page.get_by_role("button", name="one-to-one help").click()
    expect(page.locator(".off tbody tr")).to_have_count(len(lesson.asks), timeout=LONG)
    page.get_by_label("Your name or another one").fill("Ada L")
    expect(page.locator(".answer-code")).to_have_text(
        re.compile(r"^graduation_starves\.starves\.6\.fff\..*\.Ada_L\.\w{4}$")
    )
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", name="Ergebnisse", exact=True)).to_be_visible(timeout=LONG)
    expect(page.locator(".answered .answer").first).to_have_text(lessons_of("de")[QUICK].asks[0].fewer)
    page.get_by_role("link", name="Alle Lektionen").click()
    expect(page.locator(".shelf li").nth(3)).to_contain_text("erledigt")


def test_a_teacher_counts_a_class(alone: Callable[..., Page], tmp_path: Path) -> None:
    """Thirty students send what they have: messages, links, files, with typing errors, and one of them twice."""
    good, wrong = CODE, CODE.replace(".6.", ".7.")
    page = alone(f"#/class?answer={good}")
    expect(page.locator(".counted h2")).to_have_text(lessons()[QUICK].title)
    assert "answer=" not in page.url, "who prints or copies the page must not add it again"
    page.get_by_label("Paste codes").fill(f"Dear teacher,\n\nhere is mine: {good}\n{wrong}\n")
    page.get_by_role("button", name="Count these answers").click()
    told = page.locator(".collect .wrong li")
    expect(told).to_have_count(2)
    expect(told.nth(0)).to_contain_text("line 1: there is no code in it")
    expect(told.nth(1)).to_contain_text("line 4: the check sum does not fit")
    expect(page.get_by_text("One was there already and counts once.")).to_be_visible()
    file = tmp_path / "bob.txt"
    file.write_text(f"# my answer\n{good.replace('Ada_L.9s29', 'Bob.')}0000\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(told).to_have_count(3)
    expect(told.nth(2)).to_contain_text("bob.txt, line 2")
    expect(
        page.get_by_text("1 of 1 said: “The group dwindles, and fewer people in need find their way”.")
    ).to_be_visible()
    expect(page.get_by_text("The model agreed with 1 of 1.")).to_be_visible()
    page.get_by_label("Show the predictions only").check()
    expect(page.get_by_text("The model agreed with 1 of 1.")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the table (CSV)").click()
    table = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in table] == ["name", "Ada L"]
    page.get_by_role("button", name="Forget all answers").click()
    expect(page.locator(".counted")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_and_print_it(
    alone: Callable[..., Page], accessible: Callable[[Page], None], width: int
) -> None:
    """Sheets are printed, codes are pasted on a telephone, and pages are read by those who do not see them."""
    page = alone("#/lessons", slowed=1.0, viewport={"width": width, "height": 800})
    for address, seen in (
        ("#/lessons", ".shelf li"),
        (f"#/lessons?lesson={QUICK}", ".predict"),
        (f"#/lessons?lesson={QUICK}&view=sheet", ".to-fill"),
        (f"#/class?answer={CODE}", ".counted"),
        (f"#/class?lesson={QUICK}&view=sheet", ".wrong-ideas"),
    ):
        page.evaluate("address => { location.hash = address; }", address)
        page.locator(seen).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        accessible(page)
        if "view=sheet" in address:
            page.emulate_media(media="print")
            expect(page.locator("nav")).to_be_hidden()
            expect(page.locator(".sheet button")).to_be_hidden()
            expect(page.locator(seen)).to_be_visible()
            page.emulate_media(media="screen")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("#/lessons?lesson=sucession", "there is none named 'sucession'"),
        (f"#/lessons?lesson={QUICK}&guess=maybe", "this lesson has no such choice"),
    ],
)
def test_a_wrong_address_says_so_and_leaves_something_to_go_on_with(
    alone: Callable[..., Page], address: str, words: str
) -> None:
    """Addresses are typed and shortened; a wrong one must not end in an empty page."""
    page = alone(address, slowed=1.0)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
