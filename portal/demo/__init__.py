"""What a newcomer starts to try the portal: simulators, a reference core, an invented story.

Nothing imports this package and it is not in the wheel; it never serves anything but loopback.
"""
