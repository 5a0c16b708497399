"""From a camera's frames to recorded poses, without a window.

Each package logs to the logger of its name, silently until the application configures ``logging``.
"""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
