"""`openfls serve`: the web app for a team, on PostgreSQL, behind a proxy that ends the HTTPS."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from openfls.commands.app import app
from openfls.commands.operation.background import Allow
from openfls.commands.operation.production import set_up

GRACE = 30
"""Seconds that requests under way have when the server is told to stop."""
SILENT = 120
"""Seconds after which a process that gives no sign of life is ended."""
RENEWED_AFTER = 20_000
"""Requests after which a process gives way to a fresh one, give or take a tenth."""
_HEADER = 16_384


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to bind. Another than this machine's is for containers.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8000,
    processes: Annotated[int, typer.Option(help="Processes; about two a core.", min=1, max=64)] = 4,
    threads: Annotated[int, typer.Option(help="Threads of each process.", min=1, max=64)] = 4,
    allow: Allow = None,
) -> None:
    """Serve the web app for a team. It refuses to start with SQLite, with the key of the data folder, without HTTPS or
    without the name that browsers use, unless told to by --allow. What takes long is left to `openfls worker`."""
    folder = Path(os.environ.get("OPENFLS_DATA", "var")).resolve() / "metrics"
    # Read when the numbers' library is loaded, so before anything of the app is.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder))
    set_up(allowed=allow or ())
    from openfls.web.operation import numbers

    numbers.forget_dead(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
    from openfls.commands.operation.gunicorn_app import Server
    from openfls.service.safekeeping.in_use import working

    with working():
        Server(options(host, port, processes, threads)).run()


def options(host: str, port: int, processes: int, threads: int) -> dict[str, Any]:
    """The settings of gunicorn."""
    from openfls import options as own

    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": processes,
        "worker_class": "gthread",
        "threads": threads,
        "preload_app": True,
        "timeout": SILENT,
        "graceful_timeout": GRACE,
        "keepalive": 5,
        "max_requests": RENEWED_AFTER,
        "max_requests_jitter": RENEWED_AFTER // 10,
        "limit_request_line": 4094,
        "limit_request_field_size": _HEADER,
        # Without a proxy anybody could say that a request came by HTTPS.
        "forwarded_allow_ips": ",".join(own.read("OPENFLS_PROXY_FROM") if own.read("OPENFLS_PROXY") else []),
        "secure_scheme_headers": {"X-FORWARDED-PROTO": "https"},
        # Not every proxy drops these when a browser sends them: by SCRIPT_NAME an address could pass the proxy's rules.
        "forwarder_headers": "",
        # No file of the installation's folder, and no second socket, has a say in this.
        "control_socket_disable": True,
        "accesslog": None,
        "proc_name": "openfls",
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,
    }
