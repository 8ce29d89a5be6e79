"""The moving picture: a history recorded week by week, what the browser needs of it, and the widget that plays it.

Nothing heavy is imported here. Measured on two virtual cores: ten years of the base form are recorded in 0.11 s (90 kB
for the browser), twelve-step groups of a town in 0.5 to 0.7 s (1.3 MB). Script per frame, as processor time that
Chromium's DevTools count (`Performance.getMetrics` in thread ticks over frames, headless, 1280 px): 0.7 ms with 17
people and 1.2 ms with 209 at 8 weeks a second, 2.5 ms with 258 at 50. Each picture keeps such a count of its own in
`data-frame-median` and `data-frame-most` (95 of 100 frames), in milliseconds of the clock.
"""
