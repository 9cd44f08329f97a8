"""`flask status announce`: who is told what, once."""
