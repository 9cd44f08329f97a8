"""What visitors and machines get."""
