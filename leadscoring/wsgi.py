"""The WSGI application that granian serves."""

import gc
import os

from leadscoring.orphans import end_when_told, end_with_parent

# Before what takes seconds to load.
end_when_told()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import get_resolver  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadscoring.settings")
application = get_wsgi_application()
# Load the views now, not with the first request. What the start has made stays: looking through
# it for garbage again and again would hold up a request for a tenth of a second.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
# A thousand leads are tens of thousands of objects, which the default would look through dozens of
# times in one request and find to be in use.
gc.set_threshold(20_000, 20, 20)
end_with_parent()
