"""How the site is served: web processes, and beside them the one worker, as one process tree."""

import errno
import socket
import sys

from gunicorn.arbiter import Arbiter

import wsgi
from app.admin.setup import welcome
from app.config import ROOT
from app.jobs.keeper import Keeper

settings = wsgi.config
wsgi_app = "wsgi:app"
bind = f"{settings.host}:{settings.port}"
worker_class = "gthread"
workers = settings.workers
threads = settings.threads
# Loaded once before the processes divide: less memory, quicker start.
preload_app = True
timeout = 60
graceful_timeout = 15
keepalive = 15
max_requests = 50_000
max_requests_jitter = 5_000
limit_request_line = 8190
forwarded_allow_ips = "*" if settings.trusted_proxies else "127.0.0.1"
control_socket_disable = True
loglevel = "warning"

keeper = Keeper([sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"], ROOT)


def on_starting(_server: Arbiter) -> None:
    """Say in one sentence what gunicorn would say in twelve lines."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            reason = "in use" if error.errno == errno.EADDRINUSE else "not allowed for this user"
            sys.exit(f"Port {settings.port} is {reason}. Stop the other program, or choose a port: PORT=8001 make run")


def when_ready(_server: Arbiter) -> None:
    keeper.start()
    print(f"\n{welcome(wsgi.app)}\nCtrl-C stops it.", flush=True)


def on_exit(_server: Arbiter) -> None:
    keeper.stop()
