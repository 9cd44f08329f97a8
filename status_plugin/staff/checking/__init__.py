"""`flask status check`: one registry of rules, those who look, and how it is told."""
