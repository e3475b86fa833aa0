"""Work that outlives a request: started here, done by `manage.py worker`."""

from scoring.jobs.start import job_cancel, job_find, job_start

__all__ = ["job_cancel", "job_find", "job_start"]
