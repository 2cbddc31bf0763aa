"""How a reply looks on each channel, how a long one is cut, and how a person writes one."""
