"""The command that a teacher runs, on all submissions together."""

import csv
