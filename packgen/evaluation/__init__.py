"""How good the sounds are: measures, the judge, and the report that sets each figure beside its reference.

Of one sound, or one against its original, pure functions on samples: `metrics`, `texture`, `modulation`, `modes`,
`attack`, `air`; by class: `traits`. Of sets: `comparison` over `distances`, in the embeddings of the `judge` and of
`aisfx`; `two_sample`. Of rebuilt recordings: `fidelity`, `energy`. What they are taken of: `generation` (default
packs) and `reference` (recordings), in the sizes of a `plan`. `evaluate` takes all of them, `targets` says what they
are to be, `report` prints them. Apart from these: `acoustic`, `humanized`, `reconstruction`, the card's `figures`.
"""
