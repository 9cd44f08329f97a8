"""The track record: what each component was on each day, and for how much of the time it was up."""
