"""Monitoring systems, one module each; each enters by the entry point group `status_plugin.monitors`."""
