"""The way of a frame. Each room logs to the logger of its name, silently until ``logging`` is
configured by whoever uses it.
"""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
