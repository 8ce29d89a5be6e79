"""The page for researchers: any folder of a run or a study, as tables, curves and downloads."""
