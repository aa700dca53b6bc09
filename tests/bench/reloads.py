"""Reloads under load: of 100,000 new connections over 20 reloads each is answered.

    python -m tests.bench.reloads [--reloads 20] [--connections 100000] [KIND …]

Every request has a connection of its own, the hardest case: a worker that stops may have accepted it already.
"""

from tests.bench.bars import Bar
from tests.bench.command import run_for_kinds
from tests.bench.sites import fresh_site
from tests.servers import wait_for
from tests.servers.new_connections import NewConnections, reload_and_wait

CLIENTS = 12


def run(kind: str, reloads: int = 20, connections: int = 100_000) -> dict:
    with fresh_site(kind) as site:
        site.manage("demo_content")
        site.start()
        with NewConnections(site, "/news/", CLIENTS) as load:
            for done in range(1, reloads + 1):
                reload_and_wait(site, wait_for)
                enough = connections * done // reloads
                wait_for(lambda enough=enough: load.answered + len(load.lost) >= enough, 600, site.read_log)
    total = load.answered + len(load.lost)
    for fault in load.lost[:20]:
        print(fault)
    bars = [
        Bar(
            f"connections that were not answered in {reloads} reloads",
            f"0 of {connections:,}",
            f"{len(load.lost)} of {total:,}",
            not load.lost and total >= connections,
        )
    ]
    return {"reloads": reloads, "connections": total, "lost": load.lost, "bars": bars}


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, run, reloads=20, connections=100_000))
