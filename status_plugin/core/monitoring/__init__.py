"""What monitoring says, and what is remembered of it."""
