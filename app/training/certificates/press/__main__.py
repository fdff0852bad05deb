"""The program: sheets in, papers out."""

from __future__ import annotations

import json
import sys

from app.training.certificates.press.sheet import answer

json.dump([answer(sheet) for sheet in json.load(sys.stdin)], sys.stdout)
