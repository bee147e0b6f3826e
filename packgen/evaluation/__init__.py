"""How good the sounds are: measures, the judge, and the report that sets each figure beside its reference."""
