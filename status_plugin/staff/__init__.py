"""What staff do: `flask status ...`."""
