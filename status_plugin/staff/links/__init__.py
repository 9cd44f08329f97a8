"""Addresses of the forge's editor for staff's bookmarks; they are on no page."""
