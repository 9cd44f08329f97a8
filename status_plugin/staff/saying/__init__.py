"""What staff say of a note to those who ask: in tickets, on the phone, in short messages."""
