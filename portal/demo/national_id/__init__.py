"""A real OpenID provider for invented people, run once for citizens and once for staff.

It signs in whoever presses a person's button: a simulator, which never listens beyond loopback.
"""

from portal.demo.national_id.config import ConfigurationRefused, ProviderConfig
from portal.demo.national_id.provider import create_provider

__all__ = ["ConfigurationRefused", "ProviderConfig", "create_provider"]
