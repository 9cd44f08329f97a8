"""How fast the plugin is, always beside something known that does the same work in the barest way."""
