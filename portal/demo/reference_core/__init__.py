"""A core case system over SQLite that keeps to `portal/core/contract/openapi.yaml`: the specification in running form.

For demonstrations and tests on one machine only. It logs no content.
"""

from portal.demo.reference_core.config import ConfigurationRefused, CoreConfig
from portal.demo.reference_core.core import create_core
from portal.demo.reference_core.load import core_id

__all__ = ["ConfigurationRefused", "CoreConfig", "core_id", "create_core"]
