"""``python -m alignment_games.cli``."""

import sys

from . import main

sys.exit(main())
