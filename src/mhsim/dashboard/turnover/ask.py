"""The part of the page Turnover where the coordinator's question is put and answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

import solara

from mhsim.dashboard.elements import PageLink, element, trusted, words
from mhsim.dashboard.scenario_state import Situation, form_named
from mhsim.dashboard.turnover.answers import JUDGED, answers_table, not_yet, question_in_words, sentences, waiting
from mhsim.dashboard.turnover.queries import HISTORIES
from mhsim.dashboard.turnover.question import (
    HORIZONS,
    AnswerRow,
    Conversation,
    Horizon,
    News,
    arms_of,
    parts_of,
    read_time,
    table_of,
    time_in_words,
)
from mhsim.dashboard.turnover.sliders import (
    APPRENTICES,
    HELPERS,
    LEARNT,
    LEARNT_ALREADY,
    MEMBERS,
    RATE,
    leave_field,
    loss_fields,
    loss_of,
    setting_field,
    with_input,
    with_loss,
)
from mhsim.dashboard.url_state import address_of
from mhsim.dashboard.visit import Visit, to_visitor
from mhsim.dashboard.widgets.fields import Fields, InputField, field_of
from mhsim.errors import InputError
from mhsim.report.formatting import duration
from mhsim.scenario import Value
from mhsim.scenario_io.loader import shipped

VIEW = "ask"
WHEN = "loss.when"
"""Name of the input of the time of the loss, in weeks, months or years."""
LEAD = (
    "Say who is there and who stops helping when. The answers stand side by side: the same group under several "
    "measures taken from the first week on, all with the same chance events, 200 runs of each."
)


def fields_of_question(situation: Situation) -> list[InputField]:
    """Return the inputs of the question."""
    forms = tuple((name, form_named(name).title) for name in shipped())
    count, week = loss_of(situation)
    loss = [replace(loss_fields(situation)[0], label="Helpers who stop at once, the busiest first")]
    if count:
        about = "Such as 4 weeks, 2 months or 1 year from now; 0 weeks is at once."
        loss.append(InputField(WHEN, "They stop in", "text", time_in_words(week), help=about))
        loss.append(leave_field(situation))
    return [
        InputField("form", "Type of group", "choice", situation.form, choices=forms),
        setting_field(situation, MEMBERS),
        setting_field(situation, HELPERS),
        *_fields_of_learning(situation),
        *loss,
        replace(setting_field(situation, RATE), label="Besides, how often a helper steps down"),
        setting_field(situation, "community.arrivals_per_week"),
        field_of("seed", situation),
    ]


def _fields_of_learning(situation: Situation) -> list[InputField]:
    """Return the inputs of who learns to help already; none where that has not to be learnt."""
    if not situation.value(LEARNT):
        return []
    paths = (APPRENTICES, LEARNT_ALREADY) if situation.value(APPRENTICES) else (APPRENTICES,)
    return [setting_field(situation, path) for path in paths]


def with_answer(situation: Situation, name: str, value: Value) -> Situation:
    """Return the situation after an input of the question was set; raise InputError if that is not allowed."""
    if name == "form":
        kept = {path: situation.value(path) for path in ("seed", MEMBERS, HELPERS, APPRENTICES, LEARNT_ALREADY)}
        return ten_years(Situation(str(value), (), situation.changes).with_values(kept))
    if name == WHEN:
        return with_loss(situation, loss_of(situation)[0], read_time(str(value)))
    if name == "seed":
        return situation.with_value("seed", int(value))
    return with_input(situation, name, value)


def ten_years(situation: Situation) -> Situation:
    """Return the situation with the length of the last horizon, so that a loss may lie anywhere before it."""
    return situation.with_values({"weeks": HORIZONS[-1]}, [one for one in situation.changes if one.week < HORIZONS[-1]])


@solara.component  # type: ignore[untyped-decorator]
def Ask(visit: Visit, given: Situation) -> None:  # noqa: N802
    """Show the question beside its answers; a slider that moves asks when it is let go."""
    wrong, set_wrong = solara.use_state("", key="wrong")
    plan = solara.use_memo(lambda: plan_of(given), [given])

    def attempt(name: str, value: Value, final: bool) -> None:
        if not final:
            return
        try:
            there = with_answer(plan.situation, name, value)
        except InputError as error:
            set_wrong(str(error))
            return
        set_wrong("")
        visit.go(address_of(there, None, {"view": VIEW}))

    news = use_news(plan.parts)
    shown = solara.use_memo(lambda: answers(plan, news), [plan, news])
    words(LEAD)
    with element("div", class_="turnover-bench"):
        with element("div", class_="turnover-controls"):
            words(wrong or plan.refused, class_="wrong if-any", role="alert")
            Fields(fields_of_question(plan.situation), attempt, legend="The question", look="for-b")
        with element("div", class_="turnover-answers"):
            trusted(shown)
            words(JUDGED, class_="quiet")
            words("In detail", "h2")
            words("Each beside doing nothing, year by year, with its stories:")
            with element("ul"):
                for arm in plan.arms[1:]:
                    with element("li"):
                        PageLink(arm.name, f"/turnover?{address_of(plan.situation, arm.situation).query()}")


@dataclass(frozen=True)
class AnswerPlan:
    """A question as it is simulated; without parts and with the reason where it is refused."""

    situation: Situation
    arms: tuple[AnswerRow, ...] = ()
    parts: tuple[Horizon, ...] = ()
    refused: str = ""


def plan_of(given: Situation) -> AnswerPlan:
    """Return what has to be simulated for a question."""
    try:
        situation = ten_years(given)
        arms = arms_of(situation)
        return AnswerPlan(situation, arms, parts_of(arms))
    except InputError as error:
        return AnswerPlan(given, refused=str(error))


def answers(plan: AnswerPlan, news: News) -> str:
    """Return the question and what is known of it by now, as one piece of markup: neither ever stands with another."""
    shown = [f'<p class="turnover-headline turnover-question">{escape(question_in_words(plan.situation))}</p>']
    later = not_yet(plan.situation)
    shown += [f'<p class="note">{escape(later)}</p>'] if later else []
    for position, part in enumerate(plan.parts):
        title, done = f"After {duration(part.weeks)}", news.done(position)
        inside = [f"<h2>{title}</h2>"]
        if done:
            rows = table_of(news.outcomes[position])
            said = sentences(plan.arms, part.weeks, rows)
            inside += [f'<p class="turnover-said-here">{escape(one)}</p>' for one in said]
            inside.append(f'<div class="scroll">{answers_table(plan.arms, part.weeks, rows)}</div>')
            failed = news.failed(position)
            inside += [f'<p class="note">{failed} of {HISTORIES} runs failed and are left out.</p>'] if failed else []
        else:
            inside.append(f'<p class="turnover-waiting">{waiting(news.runs(position), HISTORIES)}</p>')
        busy = "false" if done else "true"
        shown.append(
            f'<section class="turnover-horizon" aria-label="{title}" aria-busy="{busy}">{"".join(inside)}</section>'
        )
    return "".join(shown)


def use_news(parts: tuple[Horizon, ...]) -> News:
    """Return what is known of a question, more with every batch; nothing of those before."""
    news: News | None
    news, set_news = solara.use_state(None, key="news")
    talk = solara.use_memo(lambda: Conversation(to_visitor(set_news)), [])
    solara.use_effect(lambda: talk.ask(parts), [parts])
    solara.use_effect(lambda: talk.stop, [])
    return news if news is not None and news.parts == parts else News(parts)
