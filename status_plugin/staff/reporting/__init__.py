"""`flask status report`: how long clients waited for a word, and what of it was kept that was promised."""
