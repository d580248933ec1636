"""`python -m maille`."""

import sys

from maille.cli import main

sys.exit(main())
