"""What the worker does about feedback."""

from __future__ import annotations

from app.jobs.worker import Job
from app.training.feedback.sealing import forget_whose
from app.training.feedback.thanks import thank

JOBS = (Job("thanks", 20.0, thank), Job("forget whose feedback", 3600.0, forget_whose))
