"""`flask status import`: the notes of another status page become notes of ours, and every doubt is told."""
