"""The worker process and the outbox of mail. What has to happen stands in a table; the worker carries it out."""
