"""Statuspage's public API, version 2: the board for programs that were written for Atlassian's pages."""
