"""Stories of small records made by hand: each sentence as a reader will see it, in both languages."""

from __future__ import annotations

import pytest

from mhsim.errors import InputError
from mhsim.schema import NOBODY
from mhsim.stories import feed, group_story, life_story, notable_lives
from mhsim.stories.records import Chronicle
from story_cases import ANNA, STARTER, event, life, record, starter

HELPER = STARTER


def anna() -> Chronicle:
    """Return the record of one who came, was helped, became a helper, tired and left."""
    in_recoil, settled = {"stage": "recoil"}, {"stage": "accommodation"}
    events = [
        *(there(0, stage="accommodation"), there(1, stage="recoil")),
        event(0, "arrived", ANNA, group=-1),
        event(11, "coming", ANNA),
        event(12, "first_visit", ANNA),
        event(12, "first_contact", ANNA),
        *(event(week, "helped_by", ANNA, other=HELPER) for week in (14, 20, 30)),
        event(25, "helped_by", ANNA, other=HELPER | 1),
        event(31, "recoil", ANNA, value=1, **in_recoil),
        event(33, "crisis", ANNA, **in_recoil),
        event(33, "set_back", ANNA, value=0),
        event(40, "recoil", ANNA, value=1, **in_recoil),
        event(50, "accommodation", ANNA, value=2, **settled),
        event(61, "became_helper", ANNA, **settled),
        event(70, "helped_by", HELPER | 1, other=ANNA, **in_recoil),
        event(90, "role_ended", ANNA, value=5, reason="burnt_out", role="helper", **settled),
        event(90, "left", ANNA, value=5, reason="burnt_out", **settled),
        event(95, "left", ANNA, value=10, reason="settled", group=-1, **settled),
    ]
    row = life(
        ANNA,
        **{"ended": "settled", "membership": "former", "stage": "accommodation", "last_group": 0},
        **{"joined_week": 12.0, "first_contact_week": 12.0, "helper_week": 61.0, "left_week": 90.0},
        **{"weeks_helping": 29.0, "meetings": 40, "help_given": 1, "help_received": 4, "crises": 1},
    )
    lives = [row, starter(0, stage="accommodation"), starter(1, stage="recoil", help_received=1)]
    return record(sorted(events, key=lambda one: one["week"]), lives)


ENGLISH = """\
The story of 0-10-1
Week 0: came into need, in impact: everything is new and hard. Left alone, such trouble would have tended to last.
Week 12: came to the group for the first time, in impact.
Week 12: first spoke with somebody in the group.
Weeks 14 to 30: was helped four times, mostly by 0-4095-0 (helper).
Week 31: moved on from impact to recoil and began to come to terms with what had happened.
Week 33: had a crisis.
Week 33: was set back from recoil to impact.
Week 40: moved on from impact to recoil and began to come to terms with what had happened.
Week 50: moved on from recoil to accommodation, having found a way to live with it.
Week 61: became a helper.
Week 70: helped 0-4095-1.
Week 90: left the group, burnt out from helping.
Week 95: no longer needed help, in accommodation.
In all: was at 40 meetings, was helped four times, helped others once and had one crisis."""

GERMAN = """\
Die Geschichte von 0-10-1
Woche 0: geriet in Not, Phase Erschütterung: Alles ist neu und schwer. Ohne weiteres Zutun hätte eine solche Not wohl \
angehalten.
Woche 12: kam zum ersten Mal in die Gruppe, Phase Erschütterung.
Woche 12: wurde in der Gruppe zum ersten Mal angesprochen.
Woche 14 bis 30: bekam viermal Hilfe, meist von 0-4095-0 (helfende Rolle).
Woche 31: kam von der Erschütterung in die Auseinandersetzung und begann, sich dem Geschehenen zu stellen.
Woche 33: hatte eine Krise.
Woche 33: fand sich aus der Auseinandersetzung in der Erschütterung wieder.
Woche 40: kam von der Erschütterung in die Auseinandersetzung und begann, sich dem Geschehenen zu stellen.
Woche 50: kam von der Auseinandersetzung in die Neuorientierung und hatte einen Weg gefunden, damit zu leben.
Woche 61: übernahm eine helfende Rolle.
Woche 70: half einmal jemandem (0-4095-1).
Woche 90: verließ die Gruppe, vom Helfen erschöpft.
Woche 95: brauchte keine Hilfe mehr, Phase Neuorientierung.
Alles in allem: war bei 40 Treffen, bekam viermal Hilfe, half anderen einmal und hatte eine Krise."""


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("de", GERMAN)])
def test_a_whole_life(language: str, text: str) -> None:
    """A student reads exactly these sentences; every change of them should be meant."""
    assert life_story(anna(), "0-10-1", language).text() == text


def there(index: int, **values: str) -> dict:
    """Return the event of one who was there at the opening; the first is a helper."""
    return event(0, "there_at_opening", HELPER | index, **{"role": "member" if index else "helper", **values})


def lines(chronicle: Chronicle, person: str = "0-10-1") -> list[str]:
    """Return the story of one person without its title, in English."""
    return life_story(chronicle, person).text().splitlines()[1:]


def test_help_one_by_one() -> None:
    """Who wants to see every help gets every help."""
    story = life_story(anna(), "0-10-1", fold=False)
    told = [moment.line for moment in story if moment.kind == "helped_by"]
    assert told[0] == "Week 14: was helped by 0-4095-0 (helper)." and len(told) == 4
    assert story.rows()[3]["other"] == "0-4095-0" and len(story) == len(story.rows()) == len(ENGLISH.splitlines()) + 2


def test_who_never_came() -> None:
    """Those who never come to a group are people of the model too."""
    told = lines(record([event(0, "arrived", ANNA, group=-1)], [life(ANNA)]))
    assert told[-1] == "Now, after 100 weeks: is in no group, in impact; has never come to one."


def test_one_who_was_there_at_the_opening() -> None:
    """The log says where a starter stood, who has no entry of coming."""
    events = [there(1, stage="recoil"), event(5, "accommodation", HELPER | 1, value=2, stage="accommodation")]
    told = lines(record(events, [starter(1, stage="accommodation")]), "0-4095-1")
    assert told[0].startswith("Week 0: was there at the start: as a member in the group, in recoil, after 30")
    assert told[-1] == (
        "Now, after 100 weeks: is in the group as a member, in accommodation. In all: was at 15 meetings."
    )


def test_leaving_ends_the_role() -> None:
    """Who leaves as a helper is no helper any more; where the reason to leave does not say so, both are told."""
    ends = event(60, "role_ended", HELPER, value=1, reason="graduated", role="helper")
    events = [there(0), ends, event(60, "left", HELPER, value=1, reason="graduated", role="helper")]
    row = starter(0, membership="former", role="none", group=-1, last_group=0, left_week=60.0, weeks_helping=61.0)
    told = lines(record(events, [row]), "0-4095-0")
    assert told[1:3] == [
        "Week 60: stepped down as a helper.",
        "Week 60: left the group, having found what they came for.",
    ]


def test_helpers_lost_by_an_intervention() -> None:
    """The log says who lost the role by an act in mid-life, and of the group how many did."""
    ends = event(20, "role_ended", HELPER, value=12, reason="intervention", role="helper")
    events = [there(0), ends, event(20, "group_intervention", NOBODY, value=1)]
    chronicle = record(events, [starter(0, role="member", weeks_helping=20.0)])
    assert "Week 20: stepped down as a helper." in lines(chronicle, "0-4095-0")
    told = [moment.line for moment in group_story(chronicle) if moment.kind == "act"]
    assert told == ["Week 20: lost its busiest helper, who stepped down but stayed as a member."]


def test_what_happens_to_a_group_as_a_whole() -> None:
    """Conflicts, breaches of confidence and meetings to which nobody came stand in the log and so in the story."""
    alone = [event(week, "group_alone", NOBODY) for week in (30, 31, 32, 40)]
    events = [event(10, "group_conflict", NOBODY), event(12, "group_breach", NOBODY), *alone]
    told = group_story(record(events, [])).text().splitlines()
    assert told[2:6] == [
        "Week 10: had an open conflict.",
        "Week 12: learned that something said in confidence had been passed on.",
        "Weeks 30 to 32: had nobody at its meetings for three weeks.",
        "Week 40: had nobody at its meetings for one week.",
    ]


def test_who_learns_to_help_and_what_becomes_of_it() -> None:
    """One learns by own wish; one is asked, waits for a place and takes it; one leaves before the end."""
    by_wish = [event(10, "began_learning", HELPER | 1), event(36, "became_helper", HELPER | 1, role="apprentice")]
    planned = [
        event(20, "began_learning", HELPER | 2, value=1),
        event(46, "prepared", HELPER | 2, role="apprentice"),
        event(60, "became_helper", HELPER | 2, role="member"),
    ]
    away = {"value": 2, "reason": "dropped_out", "role": "apprentice"}
    gone = [
        event(30, "began_learning", ANNA),
        event(40, "learning_ended", ANNA, **away),
        event(40, "left", ANNA, **away),
    ]
    people = [starter(1, helper_week=36.0), starter(2, helper_week=60.0), starter(3), life(ANNA)]
    log = [there(1), there(2), event(0, "there_at_opening", HELPER | 3, role="apprentice"), *by_wish, *planned, *gone]
    chronicle = record(sorted(log, key=lambda one: one["week"]), people)
    assert lines(chronicle, "0-4095-1")[1:3] == [
        "Week 10: began to learn how to help.",
        "Week 36: had learnt enough and became a helper.",
    ]
    assert lines(chronicle, "0-4095-2")[1:4] == [
        "Week 20: was asked to prepare to follow a helper, and began to learn how to help.",
        "Week 46: knew enough to help, and waited for a place.",
        "Week 60: had learnt enough and became a helper.",
    ]
    assert "while learning to help in the group" in lines(chronicle, "0-4095-3")[0]
    told = [one.text for one in life_story(chronicle, "0-10-1", "de")]
    assert told[:3] == [
        "begann, das Helfen zu lernen.",
        "hörte auf, das Helfen zu lernen.",
        "kam nicht mehr in die Gruppe.",
    ]
    year = next(moment for moment in group_story(chronicle) if moment.kind == "year")
    assert "three began to learn how to help, one stopped learning it and one became a helper" in year.text


def test_meetings_that_fell_through_are_counted() -> None:
    """By years in the story of the group, by weeks in a feed, and not as meetings to which nobody came."""
    log = [event(week, "group_cancelled", NOBODY, value=count) for week, count in ((3, 1), (5, 2), (60, 1))]
    chronicle = record(log, [])
    told = {moment.kind: moment.text for moment in group_story(chronicle)}
    assert "In the year before: three meetings fell through." in told["year"]
    assert told["now"].endswith("In all: four meetings fell through.")
    assert "alone" not in told
    assert [moment.line for moment in feed(chronicle, 4, 20)] == [
        "Weeks 4 to 20: The group had two meetings fall through, since nobody had the time to hold them."
    ]


def test_an_organiser_who_steps_down() -> None:
    """The log says when."""
    ends = event(60, "organiser_ended", HELPER | 1, value=11, reason="other_work_left", role="organiser")
    events = [there(1), event(30, "became_organiser", HELPER | 1, role="member"), ends]
    told = lines(record(events, [starter(1)]), "0-4095-1")
    assert told[1:3] == ["Week 30: became an organiser.", "Week 60: stepped down as an organiser."]


def test_a_group_that_closed_before_somebody_came() -> None:
    """Who was on the way to a group that closed has not come to it."""
    events = [event(0, "arrived", ANNA, group=-1), event(40, "found_closed", ANNA)]
    group = {"closed_week": 40.0, "status": "closed", "reason": "no_leader"}
    told = lines(record(events, [life(ANNA)], [group]))
    assert told[1] == "Week 40: was about to come to the group, but it closed that week."


def test_founders() -> None:
    """Founders enter by founding; the first two help from the start, and are not said to become helpers besides."""
    founding = [event(30, kind, ANNA, value=1, group=1, role="helper") for kind in ("founded", "became_helper")]
    events = [event(0, "arrived", ANNA, group=-1), *founding, event(32, "first_visit", ANNA, value=1, group=1)]
    row = life(ANNA, membership="member", role="helper", group=1, joined_week=32.0, helper_week=30.0, meetings=1)
    groups = [{"closed_week": 9.0, "status": "closed", "reason": "money"}, {"founded_week": 30.0, "roll": 1}]
    told = lines(record(events, [row], groups))
    assert told[1] == "Week 30: founded group 1 with others and was a helper from the start."
    assert told[2] == "Week 32: came to group 1 for the first time, in impact."


def test_moving_between_groups() -> None:
    """Why somebody changed groups follows from what became of the two."""
    moves = [event(40, "moved_group", HELPER | 1, value=1), event(60, "moved_group", HELPER | 1, value=2, group=1)]
    groups = [{"roll": 1}, {"parent": 0, "founded_week": 40.0, "closed_week": 60.0, "status": "closed"}, {}]
    told = lines(record([there(1), *moves], [starter(1, group=2)], groups), "0-4095-1")
    assert told[1] == "Week 40: moved from group 0 to group 1, which split off from it."
    assert told[2] == "Week 60: moved from group 1 to group 2, when group 1 closed."


def test_before_the_opening() -> None:
    """Weeks before the opening are counted back from it, not given as negative weeks."""
    who = 4 << 20
    events = [event(-6, "arrived", who, group=-1), event(-1, "recoil", who, group=-1, stage="recoil")]
    told = lines(record(events, [life(who)]), "0-4-0")
    assert told[0].startswith("6 weeks before the start: came into need")
    assert told[1].startswith("One week before the start: moved on")


GROUP_ENGLISH = """\
The story of the group
Week 0: opened with two members, one helper among them.
Week 52: had three members, one helper among them. In the year before: one person came for the first time.
Week 61: gained its first new helper from its own members, 0-10-1.
Now, after 100 weeks: is open, active, with two members, one helper among them. In all: one person came for the first \
time, one became a helper for the first time and one helper stepped down or left."""


def test_a_group() -> None:
    """The numbers of a group are those of its people."""
    chronicle = anna()
    counts = {"roll": 2, "helpers": 1, "first_visits": 1, "helpers_made": 1, "helpers_lost": 1}
    told = group_story(_with_group(chronicle, **counts))
    assert told.text() == GROUP_ENGLISH


def test_a_group_that_closed() -> None:
    """Why a group closed, under what circumstances, and what became of its members."""
    gone = {"membership": "former", "group": -1, "last_group": 0, "left_week": 40.0, "role": "none"}
    moved = event(40, "moved_group", HELPER, value=1, role="helper")
    events = [there(0), there(1), event(40, "left", HELPER | 1, value=9, reason="group_closed"), moved]
    groups = [
        {"closed_week": 40.0, "status": "closed", "reason": "no_leader", "circumstances": "low_attendance+no_leader"},
        {},
    ]
    chronicle = record(events, [starter(0, group=1), starter(1, **gone)], groups)
    assert group_story(chronicle, 0).text().splitlines()[-1] == (
        "Week 40: closed at the end of week 40, after 41 weeks: there was nobody to lead it. "
        "Other pressures at the time: too few people came. "
        "One member moved on to another group and one member was left without a group."
    )
    assert (
        group_story(chronicle, 0, "de")
        .text()
        .splitlines()[-1]
        .startswith("Woche 40: löste sich am Ende von Woche 40 auf, nach 41 Wochen")
    )


def test_feed() -> None:
    """What just happened: each by itself while it is little, counted when it is much, and quiet weeks are told so."""
    chronicle = anna()
    told = feed(chronicle, 10, 33)
    assert told.text().splitlines() == [
        "What happened in weeks 10 to 33",
        "Week 12: 0-10-1 came to the group for the first time, in impact.",
        "Week 33: 0-10-1 was set back from recoil to impact.",
        "Week 33: 0-10-1 had a crisis.",
        "Week 31: 0-10-1 moved on from impact to recoil and began to come to terms with what had happened.",
        "Week 12: 0-10-1 first spoke with somebody in the group.",
        "Weeks 14 to 30: Somebody was helped four times.",
    ]
    assert [moment.week for moment in feed(chronicle, 10, 33, order="time")] == [12, 12, 14, 31, 33, 33]
    assert feed(chronicle, 2, 2, language="de").text().splitlines()[1] == ("Woche 2: Es geschah nichts Nennenswertes.")
    assert len(feed(chronicle, 14, 30, group=0, each=9)) == 4


def test_lives_notable_lives() -> None:
    """They are chosen by rule; where nobody fits, that is said."""
    assert [life.text for life in notable_lives(anna())] == [
        "0-10-1: the first to become a helper here",
        "nobody so far: the first to leave within 13 weeks of the first visit",
        "nobody so far: the first to leave having found what they came for",
    ]


def test_wrong_input() -> None:
    """One line that says what is allowed."""
    chronicle = anna()
    wrong = {
        "person: there is none like": lambda: life_story(chronicle, "Anna"),
        "allowed are de, en": lambda: life_story(chronicle, "0-10-1", "fr"),
        "allowed are 0 to 0": lambda: group_story(chronicle, 3),
        "allowed are telling, time": lambda: feed(chronicle, 0, 1, order="size"),
        "to_week: 1 lies before from_week 2": lambda: feed(chronicle, 2, 1),
    }
    for said, call in wrong.items():
        with pytest.raises(InputError, match=said):
            call()


def _with_group(chronicle: Chronicle, **values: int) -> Chronicle:
    from dataclasses import replace

    chronicle.groups = (replace(chronicle.groups[0], **values),)
    return chronicle
