"""Scenarios in which the rules of work, preparation, succession and loss act strongly, for engine and twin alike."""

from __future__ import annotations

from typing import Any

from mhsim.scenario import Scenario, with_values

STRONG: dict[str, Any] = {
    "weeks": 156,
    "start.members": 16,
    "start.helpers": 2,
    "community.arrivals_per_week": 2.0,
    "traits.spare_time_sd": 0.5,
    "arrive.invite_per_year": 1.0,
    "work.enabled": True,
    "prepare.enabled": True,
    "prepare.successors": 2,
    "prepare.weeks": 6.0,
    "serve.turnover_per_year": 2.0,
    "serve.rest_weeks": 26.0,
    "serve.burnout_per_year": 0.5,
    "serve.departures_per_year": 1.0,
    "leave.loss_of_belonging": 0.5,
    "leave.loss_drives": 2.0,
}


def strong(changes: tuple[dict[str, Any], ...] = (), **values: Any) -> Scenario:
    """Return the strong scenario with other values; two underscores stand for the dot of a path."""
    given = {path.replace("__", "."): value for path, value in values.items()}
    return with_values(Scenario(changes=list(changes)), {**STRONG, **given})


def acts(weeks: range, count: int) -> tuple[dict[str, Any], ...]:
    """Return acts that take the busiest helpers, of which every second makes them go as well."""
    act = {"act": "lose_busiest_helpers", "count": count}
    return tuple({**act, "week": week, "leave": place % 2 == 0} for place, week in enumerate(weeks))


SUCCESSION = strong()
WISHES = strong(
    seed=5,
    start__members=30,
    start__helpers=6,
    prepare__weeks=3.0,
    prepare__able_at=0.4,
    bequeath__record=1.0,
    prepare__successors=1,
    serve__become_hazard=1.0,
    serve__crowding=0.0,
    serve__again=1.0,
    serve__rest_weeks=2.0,
    serve__turnover_per_year=10.0,
    serve__leaves_with_role=0.0,
)
DEPARTING = strong(
    seed=3,
    weeks=80,
    start__members=20,
    start__helpers=6,
    serve__burnout_per_year=5.0,
    serve__departures_per_year=20.0,
    serve__become_hazard=0.5,
    serve__burnt_out_leaves=0.7,
    serve__turnover_per_year=5.0,
    serve__rest_weeks=4.0,
)
FOUNDING_AT_WORK = strong(
    acts(range(30, 120, 30), 1),
    weeks_per_step=0.5,
    start__kind="founding",
    start__members=24,
    start__helpers=4,
    start__apprentices=2,
    start__apprentice_know_how=0.4,
    close__low_per_year=0.5,
    help__policy="veteran",
)
LEARNING_AT_THE_OPENING = strong(
    acts(range(4, 5), 2),
    weeks=60,
    start__groups=2,
    start__members=12,
    start__helpers=2,
    start__apprentices=3,
    prepare__weeks=12.0,
    serve__become_hazard=0.0,
)
SEVERAL_AT_WORK = strong(
    acts(range(52, 53), 2),
    seed=2,
    start__groups=3,
    start__members=12,
    start__helpers=3,
    community__count=2,
    community__arrivals_per_week=3.0,
    arrive__return_hazard=0.02,
    bond__sponsor_calls=0.5,
    help__ease_asks=0.5,
    help__formality_slows=1.0,
    bond__sponsors=True,
    bond__sponsor_after=2,
    bond__company=0.5,
    progress__chronic_slows=0.4,
    found__split_at=18.0,
    found__split_hazard=0.02,
    found__found_per_year=5.0,
    found__enough_groups=5,
    close__low_at=6.0,
)
OFTEN_CLOSED = strong(
    start__groups=2,
    arrive__uptake=0.05,
    work__bare=0.2,
    work__carried=0.5,
    work__newcomer_hours=5.0,
    leave__greeting=1.0,
    leave__once_hazard=2.0,
    close__low_per_year=0.0,
    close__unvisited_weeks=100.0,
)
FOUNDERS_AT_THE_DOOR = strong(
    start__groups=0,
    start__members=0,
    start__helpers=0,
    community__arrivals_per_week=4.0,
    help__policy="veteran",
    help__off_meeting=1.0,
    work__bare=0.3,
    work__carried=0.5,
    found__found_per_year=20.0,
    found__enough_groups=4,
)
STEPPING_DOWN = strong(
    acts(range(0, 80, 2), 3),
    serve__become_hazard=1.0,
    serve__rest_weeks=0.0,
    prepare__enabled=False,
)
NEWCOMERS_FOLLOW = strong(
    acts(range(6, 30), 4),
    weeks=30,
    community__arrivals_per_week=12.0,
    arrive__uptake=0.3,
    arrive__invite_per_year=20.0,
    arrive__room=200,
    start__members=20,
    start__helpers=20,
    progress__learn_hazard=10.0,
    progress__time_hazard=10.0,
    progress__threshold=0.0,
    serve__become_hazard=0.0,
    serve__organise_hazard=0.0,
    serve__seasoning=0,
    serve__turnover_per_year=0.0,
    prepare__successors=20,
    prepare__ask_per_week=10.0,
    prepare__weeks=0.5,
)
NOTHING_TO_LEARN = strong(
    serve__become_hazard=0.3,
    serve__rest_weeks=0.0,
    prepare__able_at=0.0,
)
NO_WORK_TO_DO = strong(
    work__meeting_hours=0.0,
    work__member_hours=0.0,
    work__newcomer_hours=0.0,
    work__mentor_hours=0.0,
)
SWITCHED_IN_MIDLIFE = strong(
    (
        {"week": 20, "set": {"work.enabled": True, "prepare.enabled": True}},
        {"week": 60, "set": {"work.enabled": False}},
        {"week": 80, "set": {"prepare.enabled": False}},
    ),
    weeks=104,
    work__enabled=False,
    prepare__enabled=False,
)
LESS_TO_LEARN_IN_MIDLIFE = strong(
    ({"week": 39, "set": {"prepare.able_at": 0.0}},),
    seed=1,
    weeks=60,
    weeks_per_step=0.5,
    start__members=24,
    start__helpers=8,
    start__accommodated_weeks=20.0,
    arrive__uptake=0.1,
    progress__see_hazard=1.0,
    progress__learn_hazard=1.0,
    prepare__weeks=30.0,
    prepare__ask_per_week=5.0,
    serve__become_hazard=1.0,
    serve__newcomer_weeks=3.0,
    serve__seasoning=0,
    serve__turnover_per_year=20.0,
    serve__rest_weeks=0.0,
)
PROMPT_NEWCOMERS = with_values(LESS_TO_LEARN_IN_MIDLIFE, {"seed": 8})
THREE_A_WEEK = strong(
    (
        {"week": 40, "set": {"meetings_per_week": 4.5}},
        {"week": 80, "set": {"work.enabled": False}},
        {"week": 100, "set": {"attend.enabled": False}},
    ),
    weeks=110,
    meetings_per_week=3.0,
    start__members=24,
    start__helpers=3,
    work__carried=1.0,
    share__dose_exponent=0.7,
    serve__become_hazard=0.3,
)
SELDOM = strong(
    weeks=104,
    weeks_per_step=0.5,
    meetings_per_week=0.4,
    start__helpers=3,
    share__dose_exponent=0.2,
    serve__become_hazard=0.3,
)
FIVE_A_WEEK_IN_HALF_WEEKS = strong(
    acts(range(20, 80, 20), 2),
    weeks=104,
    weeks_per_step=0.5,
    meetings_per_week=5.0,
    start__kind="founding",
    start__helpers=5,
    help__teaching=0.9,
    serve__become_hazard=0.5,
    serve__newcomer_weeks=12.0,
    serve__seasoning=3,
    serve__rest_weeks=0.0,
)
WEIGHED_ANEW = {
    "weeks": 70,
    "help__ask_per_week": 4.0,
    "help__unfit_advice": 1.0,
    "help__training": 0.1,
    "bond__sponsors": True,
    "bond__sponsor_after": 1,
    "bond__sponsor_holds": 2.0,
    "leave__drop_hazard": 0.4,
    "leave__well_below": 0.7,
    "arrive__remote": 0.6,
    "arrive__referral_per_year": 2.0,
    "attend__remote": 0.7,
    "share__best_gap": 0.12,
    "serve__term_weeks": 20,
}
"""Sponsors who hold, advice that goes wrong, barriers half taken away, near tellers, terms begun before the opening."""
HELD_BY_SPONSORS = strong(**WEIGHED_ANEW, help__policy="own_sponsor", serve__skill_counts=1.0, start__helpers=5)
NEEDIEST_FIRST = strong(**WEIGHED_ANEW, help__policy="neediest", serve__skill_counts=0.0, start__kind="founding")
FORMS_TOGETHER = Scenario(
    weeks=120,
    community={"arrivals_per_week": 5.0},
    found={"found_per_year": 6.0, "enough_groups": 5},
    arrive={"return_hazard": 0.01},
    forms={
        "steps": {
            "groups": 2,
            "meetings_per_week": 3.0,
            "start": {"members": 14, "helpers": 4},
            "found": {"split_at": 16.0, "split_hazard": 0.05, "quality": 0.4},
            "bond": {"sponsors": True},
            "leave": {"belief_holds": 2.0, "loss_of_belonging": 0.4},
            "help": {"policy": "own_sponsor"},
        },
        "online": {
            "start": {"members": 20, "helpers": 2, "kind": "founding"},
            "arrive": {"remote": 0.9, "room": 60},
            "attend": {"remote": 0.8},
            "work": {"enabled": True},
            "prepare": {"enabled": True},
            "serve": {"turnover_per_year": 2.0},
            "close": {"low_at": 8.0, "transfer": 0.5},
        },
        "kin": {"start": {"members": 8, "helpers": 2}, "share": {"enabled": False}, "close": {"low_per_year": 0.9}},
    },
    changes=[
        {"week": 60, "set": {"forms.online.serve.turnover_per_year": 5.0, "help.ask_per_week": 2.0}},
        {"week": 100, "act": "lose_busiest_helpers", "count": 2, "leave": True},
    ],
    focal="online",
)
"""Three forms with other phases, meetings and rooms, that split, close, are founded and lose members to one another."""
FORMS_IN_HALF_WEEKS = with_values(
    FORMS_TOGETHER,
    {
        "weeks": 104,
        "weeks_per_step": 0.5,
        "community.arrivals_per_week": 3.0,
        "seed": 4,
        "work.enabled": True,
        "forms.kin.leave.enabled": False,
        "forms.steps.progress.enabled": False,
        "forms.online.bond.enabled": False,
        "forms.kin.govern.enabled": False,
        "forms.steps.live.enabled": False,
    },
)
AT_WORK = [
    (FORMS_TOGETHER, ("founded", "split", "closed", "moved_group", "sponsors", "came_back"), "forms together"),
    (FORMS_IN_HALF_WEEKS, ("founded", "split", "closed", "left 6"), "forms in half weeks"),
    (
        SUCCESSION,
        (
            "began_learning",
            "prepared",
            "learning_ended",
            "became_helper",
            "left 6",
            "role_ended 5",
            "waits or followed",
        ),
        "succession",
    ),
    (WISHES, ("became_helper", "taught by a helper"), "own wishes"),
    (DEPARTING, ("left 5", "left 6", "role_ended 5"), "departing"),
    (FOUNDING_AT_WORK, ("role_ended 13", "left 6", "became_helper"), "founding at work"),
    (SEVERAL_AT_WORK, ("closed", "split", "founded", "sponsors"), "several at work"),
    (OFTEN_CLOSED, ("group_cancelled", "first_visit"), "often closed"),
    (FOUNDERS_AT_THE_DOOR, ("founded", "group_alone", "group_cancelled"), "founders at the door"),
    (LEARNING_AT_THE_OPENING, ("became_helper", "taught by a helper", "role_ended 13"), "learning at the opening"),
    (STEPPING_DOWN, ("role_ended 13", "left 6", "became_helper"), "stepping down"),
    (NEWCOMERS_FOLLOW, ("role_ended 13", "became_helper"), "newcomers follow"),
    (NOTHING_TO_LEARN, ("became_helper", "role_ended 6"), "nothing to learn"),
    (NO_WORK_TO_DO, ("became_helper", "role_ended 6"), "no work to do"),
    (THREE_A_WEEK, ("became_helper", "first_visit", "left 2"), "three a week"),
    (SELDOM, ("became_helper", "first_visit", "left 2"), "seldom"),
    (FIVE_A_WEEK_IN_HALF_WEEKS, ("became_helper", "role_ended 6", "left 2"), "five a week in half weeks"),
    (SWITCHED_IN_MIDLIFE, ("became_helper", "role_ended 6"), "switched in mid-life"),
    (LESS_TO_LEARN_IN_MIDLIFE, ("became_helper", "waits or followed", "first_visit"), "less to learn in mid-life"),
    (PROMPT_NEWCOMERS, ("became_helper", "first_visit"), "prompt newcomers"),
    (HELD_BY_SPONSORS, ("sponsors", "became_helper", "role_ended 6", "left 2", "left 11"), "held by sponsors"),
    (NEEDIEST_FIRST, ("sponsors", "first_visit", "left 2", "left 11"), "neediest first"),
]
