"""Lives and groups in plain sentences, from the event log of a recorded run or of a history in progress.

Nothing heavy is imported here. The sentences themselves stand in ``languages/``, one file for each language.
"""

from mhsim.stories.feed import feed
from mhsim.stories.group_story import group_story
from mhsim.stories.life_story import life_story
from mhsim.stories.moments import Moment, Story
from mhsim.stories.narrator import languages
from mhsim.stories.records import Chronicle, chronicle_in, chronicle_of
from mhsim.stories.select_lives import NotableLife, notable_lives

__all__ = [
    "Chronicle",
    "Moment",
    "NotableLife",
    "Story",
    "chronicle_in",
    "chronicle_of",
    "feed",
    "group_story",
    "languages",
    "life_story",
    "notable_lives",
]
