"""What the study file of a trial says, and what is run: the trial, and the same people under other invitations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from mhsim.errors import InputError
from mhsim.scenario import Scenario, Value
from mhsim.studies.design import Study, StudyBase, given_once
from mhsim.studies.plan import Plan, check_paths, checked
from mhsim.studies.trial.enrolled import RULE, simulate
from mhsim.studies.trial.randomise import Inviting

TrialOutcome = Literal["accommodated", "hope", "efficacy", "distress", "calm"]
FollowUp = Literal[13, 26, 52, 104]
OUTCOMES: tuple[TrialOutcome, ...] = get_args(TrialOutcome)

TRIAL, ALL_INVITED, NOBODY_INVITED, SWAPPED = 0, 1, 2, 3
"""The points of a trial: as drawn; everybody enrolled is invited; nobody is; the two arms change places."""

PATHS = (f"rules.{RULE}.share_invited", f"rules.{RULE}.uptake", f"rules.{RULE}.swapped")
FOLDER_SCENARIO = "base.yaml"
"""The scenario with the rule of inviting in it, as the folder of results holds it; repeated runs start from it."""


class Trial(StudyBase):
    """A trial: people in need are invited to a group now or wait, by lot; nobody is kept from coming unaided."""

    kind: Literal["trial"] = Field(default="trial", description="kind of study")
    enrol_after_weeks: int = Field(default=4, ge=1, le=103, description="weeks from need to being enrolled")
    wait_weeks: int = Field(default=52, ge=0, le=3600, description="how many weeks later those who wait are invited")
    uptake: float = Field(default=0.6, gt=0, le=1, description="chance that an invitation is taken up")
    share_invited: float = Field(default=0.5, gt=0, lt=1, description="share of the enrolled who are invited now")
    follow_up: FollowUp = Field(default=52, description="weeks after need arose at which the trial ends for a person")
    outcomes: Annotated[tuple[TrialOutcome, ...], AfterValidator(given_once)] = Field(
        default=OUTCOMES, min_length=1, description="what is compared"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Trial:
        """Refuse a follow-up that ends before people are enrolled or after those who wait are invited."""
        if self.enrol_after_weeks >= self.follow_up:
            raise ValueError(
                f"enrol_after_weeks is {self.enrol_after_weeks}; it must be under follow_up, {self.follow_up}"
            )
        needed = self.follow_up - self.enrol_after_weeks
        if self.wait_weeks < needed:
            raise ValueError(
                f"wait_weeks is {self.wait_weeks}, so those who wait would be invited before week {self.follow_up} of "
                f"their need, when the trial ends for them; at least {needed} is needed"
            )
        return self


def plan_of(study: Trial) -> Plan:
    """Turn a trial into a plan of four points: as drawn, all invited, nobody invited, the arms exchanged.

    Raises
    ------
    InputError
        If the base does not exist, already has a rule of this name, or the runs are too short; one line.
    """
    base = study.scenario_named("base", study.base)
    fixed = study.fixed
    check_paths(Study(set=study.set), base)
    checked(base, fixed, {}, 0)
    scenario = with_invitations(study, base, fixed)
    share, uptake = study.share_invited, study.uptake
    drawn = ((share, uptake, False), (1.0, uptake, False), (1.0, 0.0, False), (share, uptake, True))
    points = tuple(checked(scenario, fixed, dict(zip(PATHS, values, strict=True)), k) for k, values in enumerate(drawn))
    return Plan.of(study, scenario, PATHS, points, base=FOLDER_SCENARIO, simulate=simulate, beside=Path())


def with_invitations(study: Trial, base: Scenario, fixed: dict[str, Value]) -> Scenario:
    """Return the base scenario with the rule of inviting; raise InputError where the two do not go together."""
    if RULE in base.rules:
        raise InputError(f"base: {study.base} already has a rule named {RULE}, which a trial adds itself")
    weeks = int(fixed.get("weeks", base.weeks))
    if weeks <= study.follow_up:
        raise InputError(
            f"weeks is {weeks}; people are followed for follow_up, {study.follow_up} weeks, so more than that is needed"
        )
    given = {name: getattr(study, name) for name in ("enrol_after_weeks", "wait_weeks", "uptake", "share_invited")}
    rule = {"from": Inviting.__module__, **given, "room": fixed.get("arrive.room", base.arrive.room)}
    content: dict[str, Any] = base.model_dump()
    return Scenario.model_validate({**content, "rules": {**content["rules"], RULE: rule}})
