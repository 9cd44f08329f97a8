"""Network Status: a flat-file status page that mounts in an existing Flask site."""

__version__ = "0.1.0"
