"""Each form does what its comments say, at the values it ships with: between forms, or paired with a rule off.

One test for each form. A form also has to live: most of its groups are open after ten years, with members in them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from mhsim import read_scenario, simulate
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values

RUNS, TEN_YEARS = 20, 520


@cache
def lived(form: str, values: tuple[tuple[str, Any], ...] = ()) -> tuple[Run, ...]:
    """Return histories of ten years of a form, some values changed."""
    world = with_values(read_scenario(form), {"weeks": TEN_YEARS, **dict(values)})
    return tuple(simulate(world, replicate, record="series") for replicate in range(RUNS))


def changed(values: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return values by path."""
    return tuple((name.replace("__", "."), value) for name, value in values.items())


def each(form: str, measure: str, **values: Any) -> np.ndarray:
    """Return a measure of each history of a form; ``SECTION__NAME=value`` changes a value."""
    runs = lived(form, changed(values))
    return np.array([np.nan if run.summary[measure] is None else float(run.summary[measure] or 0) for run in runs])


def over_time(form: str, column: str, **values: Any) -> np.ndarray:
    """Return a column of the weekly series, its mean over histories in which a group is open."""
    runs = lived(form, changed(values))
    return np.asarray(np.nanmean([np.array(run.series[column].to_pylist(), float) for run in runs], axis=0))


def assert_lives(form: str, members: tuple[float, float], still_open: float = 0.75) -> None:
    """Assert that most groups are open after ten years, and of a believable size."""
    assert np.mean(each(form, "open_groups_at_end") > 0) >= still_open
    assert members[0] <= over_time(form, "members")[-52:].mean() <= members[1]


def test_disease_specific_tells_what_helps_and_writes_it_down() -> None:
    """Members stay on with the illness, learn most of what their group knows, and have fewer setbacks for it."""
    form = "disease_specific"
    assert_lives(form, (11.0, 20.0))
    assert np.nanmean(each(form, "distress_at_104_joiners")) > 0.0
    known, diversity = (over_time(form, f"repertoire_{name}") for name in ("known_members", "diversity_groups"))
    assert known[-1] > 1.4 * known[0]
    assert known[-1] > 0.5 * diversity[-1]
    setbacks = each(form, "crises_per_person_year") - each(form, "crises_per_person_year", repertoire__enabled=False)
    assert setbacks.mean() < -4.0 * setbacks.std(ddof=1) / np.sqrt(RUNS)
    assert np.nanmean(each(form, "exits_graduated")) < np.nanmean(each("base", "exits_graduated"))


def test_value_practice_is_level_and_left_for_other_things() -> None:
    """Leaving is more often success than in base, rank is taught away, and rank would cost what helping gives."""
    form = "value_practice"
    assert_lives(form, (40.0, 75.0), 0.9)
    exits = ("graduated", "drifted_off", "dropped_out", "came_once", "relapsed", "conflict", "burnt_out")
    well, base = (np.array([each(one, f"exits_{name}").sum() for name in exits]) for one in (form, "base"))
    assert well[:2].sum() / well.sum() > 1.6 * base[:2].sum() / base.sum()
    assert over_time(form, "stance_gap_groups")[-1] < 0.02
    ranked = {"stance__power_gap": 0.6, "stance__training": 0.0}
    loss = each(form, "efficacy_at_52_joiners") - each(form, "efficacy_at_52_joiners", **ranked)
    assert loss.mean() > 4.0 * loss.std(ddof=1) / np.sqrt(RUNS)


def test_professional_led_goes_on_and_grows_apart() -> None:
    """Helpers are spared and made good for, but rank grows, and help goes both ways less than among peers alone."""
    form = "professional_led"
    assert_lives(form, (45.0, 95.0), 0.9)
    gap = over_time(form, "stance_gap_groups")
    assert gap[0] < 0.51 < 0.75 < gap[-1]
    reciprocal, among_peers = (np.nanmean(each(one, "reciprocity")) for one in (form, "peer_participatory"))
    assert reciprocal < 0.75 * among_peers
    assert over_time(form, "strain_members").mean() < 0.75 * over_time("base", "strain_members").mean()
    made_good, in_base = (np.nanmean(each(one, "helper_losses_made_good")) for one in (form, "base"))
    assert made_good > in_base


def test_secular_recovery_has_structure_without_spirit() -> None:
    """Members walk a path, most towards an own goal short of its end; there are fewer crises than without it."""
    form = "secular_recovery"
    assert_lives(form, (28.0, 55.0), 0.9)
    assert over_time(form, "programme_path_members")[-52:].mean() > 0.4
    assert 0.2 < over_time(form, "programme_reached_members")[-52:].mean() < 0.7
    crises = each(form, "crises_per_person_year", programme__enabled=False) - each(form, "crises_per_person_year")
    assert crises.mean() > 4.0 * crises.std(ddof=1) / np.sqrt(RUNS)


def test_parents_of_disabled_children_help_with_hands_and_means() -> None:
    """They stay long, gather often, and hands lift trouble and with it distress."""
    form = "parents_of_disabled_children"
    assert_lives(form, (10.0, 18.0))
    assert np.nanmean(each(form, "exits_graduated")) < np.nanmean(each("base", "exits_graduated"))
    trouble = over_time(form, "support_trouble_members")[52:].mean()
    assert trouble < 0.75 * over_time(form, "support_trouble_members", support__practical=0.0)[52:].mean()
    assert over_time(form, "support_gatherings_groups")[-1] > 80.0
    distress = each(form, "distress_at_104_joiners") - each(form, "distress_at_104_joiners", support__practical=0.0)
    assert distress.mean() < -4.0 * distress.std(ddof=1) / np.sqrt(RUNS)


def test_mood_group_lives_by_its_members_care() -> None:
    """It runs itself: its own fundraising keeps it open, and the chair is not one person's for good."""
    form = "mood_group"
    assert_lives(form, (12.0, 18.0))
    poor = each(form, "open_groups_at_end", steward__fundraise=0.0)
    assert np.mean(poor > 0) < np.mean(each(form, "open_groups_at_end") > 0)
    assert over_time(form, "steward_concentration_groups")[-52:].mean() < 0.6
    crises = each(form, "crises_per_person_year") - each("base", "crises_per_person_year")
    assert crises.mean() > 4.0 * crises.std(ddof=1) / np.sqrt(RUNS)


def test_bereaved_parents_chapters_go_on_by_their_body() -> None:
    """The body keeps chapters open, and takes some of the say: requests are met less often, members belong less."""
    form = "bereaved_parents"
    assert_lives(form, (36.0, 60.0))
    chapters = [
        np.mean([run.series["open_groups"].to_numpy()[-TEN_YEARS:].mean() for run in lived(form, values)])
        for values in ((), (("steward.nested_share", 0.0),))
    ]
    assert chapters[0] > chapters[1]
    slower = each(form, "requests_met") - each(form, "requests_met", steward__nested_share=0.0)
    assert slower.mean() < -3.0 * slower.std(ddof=1) / np.sqrt(RUNS)
    stay, widowed = (each(name, "stayed_another_year_1_to_5") for name in (form, "bereavement_outreach"))
    assert np.nanmean(stay) > np.nanmean(widowed)
    assert np.nanmean(each(form, "accommodated_at_52")) < np.nanmean(each("bereavement_outreach", "accommodated_at_52"))


def test_peer_specialist_service_pays_peers_and_sends_both_ways() -> None:
    """Posts are filled, three in ten come by services, fewer crises go unseen, and fewer members help unpaid."""
    form, unpaid = "peer_specialist_service", {"services__posts": 0}
    assert_lives(form, (18.0, 32.0), 0.9)
    assert 1.4 < over_time(form, "services_employed_communities")[52:].mean() <= 2.2
    sent = over_time(form, "services_referred_communities").mean()
    assert 0.2 < sent / over_time(form, "newcomers").mean() < 0.4
    for measure, sign in (
        ("ever_helper_share_at_meeting", -1.0),
        ("crises_per_person_year", -1.0),
        ("efficacy_at_52", 1.0),
    ):
        change = sign * (each(form, measure) - each(form, measure, **unpaid))
        assert change.mean() > 4.0 * change.std(ddof=1) / np.sqrt(RUNS), measure


def test_online_community_is_carried_by_a_few_and_reaches_far() -> None:
    """A hundredth gives far more of all help than elsewhere; barriers fall; a reply brings back; the few are missed."""
    form = with_values(read_scenario("online_community"), {"weeks": 260})
    gone = Scenario.model_validate(
        form.model_dump() | {"changes": [{"week": 208, "act": "lose_busiest_helpers", "count": 4, "leave": True}]}
    )
    near = with_values(form, {"arrive.remote": 0.0, "attend.remote": 0.0})
    worlds = (form, gone, near, with_values(read_scenario("base"), {"weeks": 260}))
    online, without, in_a_room, base = (
        [simulate(world, replicate, record="lives") for replicate in range(RUNS)] for world in worlds
    )

    def of(runs: list[Run], measure: str) -> np.ndarray:
        return np.array([float(run.summary[measure]) for run in runs])

    assert all(run.summary["open_groups_at_end"] for run in online)
    assert 40 < of(online, "members_at_end").mean() < 300
    assert of(online, "helping_top_1_percent").mean() > 1.5 * np.nanmean(of(base, "helping_top_1_percent"))
    fewer = of(in_a_room, "first_visits") - of(online, "first_visits")
    assert fewer.mean() < -4.0 * fewer.std(ddof=1) / np.sqrt(RUNS)
    unanswered = np.array([_unanswered(run) for run in without]) - np.array([_unanswered(run) for run in online])
    assert unanswered.mean() > 3.0 * unanswered.std(ddof=1) / np.sqrt(RUNS)
    again = np.array([_again(run) for run in online])
    assert 0.08 < (again[:, 1] - again[:, 2]).mean() < 0.16
    assert 0.5 < again[:, 0].mean() < 0.7


def _unanswered(run: Run) -> float:
    """Return the share of requests that nobody answered in the half year after week 208."""
    asked, unmet = (run.series[name].to_numpy()[209:235].sum() for name in ("requests", "requests_unmet"))
    return float(unmet / asked)


def _again(run: Run) -> tuple[float, float, float]:
    """Return the share of first visitors turned to at once, and of these and of the others the share who came again."""
    lives = run.lives.to_pandas()
    lives = lives[(lives["starter"] == 0) & (lives["arrived_week"] >= 0) & (lives["joined_week"] < 250)]
    replied = lives["first_contact_week"] == lives["joined_week"]
    came = lives["meetings"] > 1
    return float(replied.mean()), float(came[replied].mean()), float(came[~replied].mean())


def test_consumer_survivor_acts_and_is_found_by_more() -> None:
    """Public stigma falls by a tenth to a third where the group acts, hardly without; its members take the role."""
    form, silent = "consumer_survivor", {"advocate__effort": 0.0}
    assert_lives(form, (14.0, 28.0), 0.9)
    assert 0.67 < over_time(form, "advocate_stigma_communities")[-1] < 0.9
    assert over_time(form, "advocate_stigma_communities", **silent)[-1] > 0.9
    for measure in ("first_visits", "helper_share_of_roll"):
        gain = each(form, measure) - each(form, measure, **silent)
        assert gain.mean() > 4.0 * gain.std(ddof=1) / np.sqrt(RUNS), measure


def test_town() -> None:
    """Six forms side by side: each lives, who is in steps has been to most meetings, people are sent where they fit."""
    scenario = with_values(read_scenario("town"), {"weeks": 260})
    runs = [simulate(scenario, replicate, record="lives") for replicate in range(6)]
    for form in scenario.forms:
        assert np.mean([run.series.column(f"open_groups_of_{form}").to_pylist()[-1] for run in runs]) >= 0.5, form
    meetings: dict[str, list[float]] = {form: [] for form in scenario.forms}
    for run in runs:
        lives, groups = run.lives.to_pandas(), run.groups.to_pandas().set_index("group")
        came = lives[(lives["last_group"] >= 0) & ~lives["starter"]]
        for form, theirs in came.groupby(came["last_group"].map(groups["form"])):
            meetings[str(form)].append(theirs["meetings"].mean())
        assert run.series.column("federate_sent_communities").to_pylist()[-1] > 0
    means = {form: np.mean(found) for form, found in meetings.items()}
    assert max(means, key=lambda form: float(means[form])) == "steps", means


def test_recovery_fellowship_is_held_by_sponsors_and_steps() -> None:
    """It keeps people as the surveys of a fellowship say; without sponsors fewer stay, without steps more relapse."""
    form = read_scenario("recovery_fellowship")
    years = [simulate(form, replicate) for replicate in range(4)]
    for measure, low, high in (
        ("meeting_month_6_over_1", 0.3, 0.44),
        ("meeting_month_12_over_1", 0.2, 0.32),
        ("stayed_another_year_1_to_5", 0.78, 0.88),
        ("stayed_another_year_over_5", 0.87, 0.95),
        ("ever_helper_share_at_meeting", 0.35, 0.6),
        ("open_groups_at_end", 9.0, 24.0),
    ):
        assert low < np.mean([float(run.summary[measure]) for run in years]) < high, measure
    for path, measure, sign in (
        ("sponsor.enabled", "retention_at_13", -1.0),
        ("programme.enabled", "crises_per_person_year", 1.0),
    ):
        worlds = [with_values(form, {"weeks": 104, path: on}) for on in (True, False)]
        with_it, without = (
            np.array([float(simulate(world, k).summary[measure]) for k in range(12)]) for world in worlds
        )
        change = sign * (without - with_it)
        assert change.mean() > 4.0 * change.std(ddof=1) / np.sqrt(len(change)), path


def test_study_circle_gathers_those_whom_the_text_suits() -> None:
    """Belief is the gate: without a higher power in it others would come, and fewer would stay."""
    form, secular = "study_circle", {"programme__spirituality": 0.0}
    assert_lives(form, (50.0, 95.0), 0.9)
    world = read_scenario(form)
    paths = ({}, {"programme.spirituality": 0.0})
    suited: list[list[float]] = [[], []]
    for k, values in enumerate(paths):
        for replicate in range(12):
            lives = simulate(with_values(world, {"weeks": 156, **values}), replicate, record="lives").lives.to_pandas()
            came = lives[~lives["starter"] & lives["joined_week"].notna()]
            suited[k].append(float(came["belief_fit"].mean()))
    gap = np.array(suited[0]) - np.array(suited[1])
    assert gap.mean() > 4.0 * gap.std(ddof=1) / np.sqrt(len(gap))
    held = each(form, "retention_at_52") - each(form, "retention_at_52", **secular)
    assert held.mean() > 4.0 * held.std(ddof=1) / np.sqrt(RUNS)
