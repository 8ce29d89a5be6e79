"""The coordinator's question: put in plain words, answered side by side, and never with what belongs to another.

What is asked and said, horizon by horizon, is tested in `test_turnover_in_pages.py` without a browser.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from browser.pages import open_page, too_wide

ASK = "/turnover?view=ask&form=base&start.run_in_weeks=4&start.helpers=4&change=4:lose_busiest_helpers=2;leave=true"
LONG = 240_000
"""Milliseconds for the runs of the longest horizon on a machine that does other things too."""
WATCH = """() => { window.seen = []; const look = () => seen.push({
        asked: document.querySelector('.turnover-question')?.textContent ?? '',
        tables: document.querySelectorAll('table.turnover-asked').length,
        said: document.querySelectorAll('.turnover-said-here').length,
        waiting: document.querySelectorAll('.turnover-waiting').length});
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""


def answered(page: Page, years: str = "one year") -> None:
    """Wait until one horizon is there as a whole."""
    expect(page.get_by_role("region", name=f"After {years}")).to_have_attribute("aria-busy", "false", timeout=LONG)


def test_the_question_is_asked_and_answered_side_by_side(page: Page) -> None:
    """The nearest horizon is answered first; nobody has to wait for ten years to read of the first."""
    open_page(page, "/turnover")
    page.get_by_role("link", name="Some helpers stop soon").click()
    page.wait_for_url("**view=ask**")
    question = page.locator(".turnover-question")
    expect(question).to_contain_text("four helpers among them. After 1 month (week 4) the two busiest helpers stop")
    expect(question).to_contain_text("leave the group. What happens in the next year, in three, in ten?")
    for years in ("one year", "three years"):
        answered(page, years)
        part = page.get_by_role("region", name=f"After {years}")
        expect(part).to_contain_text(
            re.compile(
                rf"After {years}, with nothing done, [\d.]+ of 100 groups are still meeting \([\d.]+ to [\d.]+\)"
            )
        )
        for name in ("Do nothing", "Share the work", "Get supervision", "If nobody stopped"):
            expect(part.get_by_role("rowheader", name=name)).to_have_count(1)
    expect(page.get_by_role("region", name="After ten years")).to_contain_text(re.compile("of 200 runs|nothing done"))


def test_all_of_the_question_stands_in_the_address_and_comes_back(page: Page) -> None:
    open_page(page, ASK)
    for name, value in (("start.members", "20"), ("start.helpers", "5"), ("loss.count", "3")):
        page.locator(f"input[data-name='{name}']").fill(value)
    when = page.locator("input[data-name='loss.when']")
    when.fill("2 months")
    when.press("Enter")
    page.wait_for_url(lambda url: "9:lose_busiest_helpers=3;leave=true" in url and "start.helpers=5" in url)
    page.get_by_role("checkbox", name="They leave the group too").uncheck()
    page.wait_for_url(lambda url: "9:lose_busiest_helpers=3" in url and "leave=true" not in url)
    page.reload()
    expect(page.locator(".turnover-question")).to_contain_text(
        "20 members, five helpers among them. After 2 months (week 9) the three busiest helpers stop helping at once "
        "and stay as members"
    )
    expect(when).to_have_value("2 months")
    when.fill("some day")
    when.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("written as 4 weeks, 2 months or 1 year")


def test_no_answer_stands_below_another_question(page: Page) -> None:
    """With a slow processor each state of the page can be seen: a table never stands below a question not its own."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    open_page(page, ASK)
    answered(page)
    before = page.locator(".turnover-question").inner_text()
    page.evaluate(WATCH)
    page.locator("input[data-name='loss.count']").fill("1")
    expect(page.locator(".turnover-question")).to_contain_text("the busiest helper stops")
    answered(page)
    seen = page.evaluate("seen")
    first = next(k for k, one in enumerate(seen) if one["asked"] != before)
    assert any(one["waiting"] == 3 and not one["tables"] for one in seen[first:]), "it says that it is working"
    after = [k for k, one in enumerate(seen) if k > first and one["tables"]]
    empty = [k for k, one in enumerate(seen) if k >= first and not one["tables"]]
    assert empty and after and empty[0] == first, "the old tables go with the old question"
    assert all(one["said"] == 0 for one in seen[first:] if not one["tables"])


def test_an_answer_fits_every_width_and_leads_to_its_comparison(page: Page) -> None:
    open_page(page, ASK)
    answered(page)
    for width in (360, 768, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == []
    page.get_by_role("link", name="Get supervision").click()
    page.wait_for_url(lambda url: "b.supervise.supervision=0.8" in url and "view=ask" not in url)
    expect(page.get_by_role("region", name="Answer")).to_be_visible()
