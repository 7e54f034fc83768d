"""The WSGI application of the web process: `granian --interface wsgi portal.wsgi:application`."""

from __future__ import annotations

import os
import sys

from portal.app import build_parts, create_app
from portal.identity.errors import ProfileError
from portal.logs import configure
from portal.settings import SettingsError, web_settings
from portal.uploads.settings import desk_from

configure()
try:
    application = create_app(build_parts(web_settings(os.environ), uploads=desk_from(os.environ)))
except (SettingsError, ProfileError) as error:
    sys.stderr.write(f"Refusing to start. {error}\n")
    raise SystemExit(2) from None
