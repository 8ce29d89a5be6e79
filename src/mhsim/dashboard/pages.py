"""The pages: their paths, their names, and what each is for."""

PAGES = (
    ("/explore", "Explore", "why a group lives or dies"),
    ("/turnover", "Turnover", "what helpers coming and going does"),
    ("/lessons", "Lessons", "predict, run, see"),
    ("/results", "Results", "studies and runs you have made"),
)
