"""The rules of the page: how everything stands at one moment."""
