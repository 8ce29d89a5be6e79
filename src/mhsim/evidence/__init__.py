"""The evidence: published facts, and whether the model gives what they say.

`facts` reads them from docs/evidence.md; `checks` holds, for each that can be held against the model, on which form,
by which observable and within which band; `observables` works these out from replicates; `scoreboard` does it all.
"""
