"""`python -m status_plugin.staff.checking`: the command `status-check`, where it is not installed."""

from status_plugin.staff.checking.command import status_check

if __name__ == "__main__":
    status_check(prog_name="status-check")
