"""Ports for the tests of a whole installation."""

from suar import processes


def free_ports(*names: str) -> dict[str, str]:
    """Give each of these settings a port that nobody uses, and none of them the same one."""
    return dict(zip(names, map(str, processes.free_ports(len(names))), strict=True))
