"""Boards of many states of the world, built by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from status_plugin.core.board.board import Board
from status_plugin.core.board.items import (
    AlertItem,
    IncidentItem,
    Item,
    Life,
    NextUpdate,
    ShownUpdate,
    WindowItem,
)
from status_plugin.core.board.overall import Overall
from status_plugin.core.board.rows import Basis, ComponentRow
from status_plugin.core.monitoring.word import CheckRow
from status_plugin.core.notes.components import Component
from status_plugin.core.notes.note import Incident, Maintenance, Post
from status_plugin.core.notes.updates import Update
from status_plugin.core.times.moments import Moment
from status_plugin.core.times.spans import Span
from status_plugin.core.words import IncidentPhase, MaintenancePhase, Phase, State

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2008, 9, 4, 17, 52, tzinfo=ZONE)

OPERATIONAL = State.OPERATIONAL
MAINTENANCE = State.UNDER_MAINTENANCE
UNKNOWN = State.UNKNOWN
SLOW = State.DEGRADED_PERFORMANCE
PARTIAL = State.PARTIAL_OUTAGE
OFFLINE = State.MAJOR_OUTAGE

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
HOSTILE = "<script>alert(1)</script><b onclick='x()'>\"&"


def at(clock: str, day: int = 4) -> datetime:
    """A time in September 2008."""
    return datetime.fromisoformat(f"2008-09-{day:02}T{clock}").replace(tzinfo=ZONE)


def exact(clock: str, day: int = 4) -> Moment:
    """A time that somebody wrote exactly."""
    return Moment(at=at(clock, day), written=clock)


def vague(written: str, clock: str, day: int = 4) -> Moment:
    """A time that somebody wrote vaguely."""
    return Moment(at=at(clock, day), written=written, exact=False)


def update(
    clock: str, text: str, phase: Phase | None = None, *, day: int = 4, ahead: bool = False, **more: object
) -> ShownUpdate:
    """One public update."""
    moment = exact(clock, day)
    anchor = f"update-{moment.at.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"
    values = Update(at=moment, anchor=anchor, text=text, line=1, phase=phase)
    return ShownUpdate(update=replace(values, **more), ahead=ahead)  # type: ignore[arg-type]


def _numbered(updates: tuple[ShownUpdate, ...]) -> tuple[ShownUpdate, ...]:
    """The updates, newest first, as they would be numbered in a file."""
    return tuple(
        replace(shown, update=replace(shown.update, number=len(updates) - place))
        for place, shown in enumerate(updates)
    )


def incident(
    slug: str = "2008-09-04-srv3",
    title: str = "Srv3 is not responding",
    *,
    impact: State = OFFLINE,
    phase: IncidentPhase = IncidentPhase.INVESTIGATING,
    affects: dict[str, State] | None = None,
    text: str = "Web and mail on Srv3 do not answer.",
    updates: tuple[ShownUpdate, ...] = (),
    started: Moment | None = None,
    ended: Moment | None = None,
    next_update: NextUpdate | None = None,
    remarks: tuple[str, ...] = (),
    **note: object,
) -> IncidentItem:
    """An incident; further keywords are fields of its note."""
    return IncidentItem(
        slug=slug,
        title=title,
        affects=affects if affects is not None else {"srv3": impact},
        updates=_numbered(updates),
        next_update=next_update,
        remarks=remarks,
        note=Incident(slug=slug, path=f"incidents/{slug}.md", title=title, text=text, **note),  # type: ignore[arg-type]
        phase=phase,
        impact=impact,
        started=started,
        ended=ended,
    )


def window(
    slug: str = "2008-09-04-srv3-memory",
    title: str = "Memory replacement in Srv3",
    *,
    life: Life = Life.SCHEDULED,
    phase: MaintenancePhase = MaintenancePhase.SCHEDULED,
    affects: dict[str, State] | None = None,
    updates: tuple[ShownUpdate, ...] = (),
    began: Moment | None = None,
    ended: Moment | None = None,
    remarks: tuple[str, ...] = (),
    **note: object,
) -> WindowItem:
    """A maintenance window; further keywords are fields of its note."""
    values: dict[str, object] = {
        "text": "Web, mail and databases on Srv3 are offline while its memory is replaced.",
        "starts": exact("17:00"),
        "ends": exact("19:00"),
        "expected_downtime": Span(written="under 30 min", longest=timedelta(minutes=30)),
    } | note
    return WindowItem(
        slug=slug,
        title=title,
        affects=affects if affects is not None else {"srv3": MAINTENANCE},
        updates=_numbered(updates),
        remarks=remarks,
        note=Maintenance(slug=slug, path=f"maintenance/{slug}.md", title=title, **values),  # type: ignore[arg-type]
        phase=phase,
        life=life,
        began=began,
        ended=ended,
    )


def alert(
    slug: str = "auto-ns3-20080904T214800Z",
    title: str = "ns3 is offline",
    *,
    impact: State = OFFLINE,
    started: datetime | None = None,
    ended: datetime | None = None,
    affects: dict[str, State] | None = None,
) -> AlertItem:
    """Something that only monitoring saw."""
    remark = (
        "Seen by our monitoring since 17:48 EDT. Nobody has written about it yet."
        if ended is None
        else "Seen by our monitoring, no note written."
    )
    return AlertItem(
        slug=slug,
        title=title,
        affects={"ns3": impact} if affects is None else affects,
        remarks=(remark,),
        impact=impact,
        started=started or at("17:48"),
        announced_from=(started or at("17:48")) + timedelta(minutes=2),
        ended=ended,
    )


def row(
    name: str,
    state: State = OPERATIONAL,
    *,
    group: str = "Shared Linux hosting",
    checks: dict[str, State] | None = None,
    monitored: bool = True,
    description: str = "",
    since: datetime | None = None,
    remarks: tuple[str, ...] = (),
    seen: State | None = None,
) -> ComponentRow:
    """A component as it stands; `checks` are its checks' states, none of them for reachability alone."""
    since = since or at("02:10", day=1)
    labels = tuple(checks) if checks else ()
    return ComponentRow(
        component=Component(
            slug=name.lower().replace(" ", "-"),
            name=name,
            group=group,
            description=description,
            checks=labels if monitored else None,
        ),
        state=state,
        basis=Basis.MONITORING if monitored else Basis.NOTES,
        since=since if monitored or state is not OPERATIONAL else None,
        seen=(seen or state) if monitored else None,
        checks=tuple(CheckRow(name=label, state=checks[label], since=since) for label in labels)
        if checks
        else (),
        remarks=remarks,
    )


def hosting_rows(srv3: State = OPERATIONAL, **checks: State) -> tuple[ComponentRow, ...]:
    """The company's components, with Srv3 in a state of choice."""
    names = {"Web": OPERATIONAL, "Mail": OPERATIONAL, "Database": OPERATIONAL} | checks
    troubled = srv3 is not OPERATIONAL
    return (
        row(
            "Srv3",
            srv3,
            checks=names,
            since=at("17:20") if troubled else None,
            description="Web, mail and databases of shared hosting accounts",
        ),
        row(
            "Srv9",
            checks=dict.fromkeys(names, OPERATIONAL),
            description="Web, mail and databases of shared hosting accounts",
        ),
        row("ns3", group="Name servers", checks={"DNS": OPERATIONAL}),
        row("ns4", group="Name servers", checks={"DNS": OPERATIONAL}),
        row("Website", group="Our own site", description="This site and the My Services pages"),
        row(
            "Account management",
            group="Our own site",
            monitored=False,
            description="New accounts, added domains and password resets",
        ),
    )


def board(
    state: State = OPERATIONAL,
    text: str = "All systems operational",
    *,
    rows: tuple[ComponentRow, ...] | None = None,
    current: tuple[Item, ...] = (),
    scheduled: tuple[WindowItem, ...] = (),
    past: tuple[Item, ...] = (),
    **more: object,
) -> Board:
    """A board of 4 September 2008, 17:52."""
    values = Board(
        now=NOW,
        facts_at=NOW - timedelta(seconds=31),
        valid_until=NOW + timedelta(minutes=5),
        overall=Overall(state=state, text=text),
        rows=hosting_rows() if rows is None else rows,
        current=current,
        scheduled=scheduled,
        past=past,
        alerts=tuple(item for item in (*current, *past) if isinstance(item, AlertItem)),
        monitored=True,
    )
    return replace(values, **more)  # type: ignore[arg-type]


PAST: tuple[Item, ...] = (
    incident(
        "2008-09-03-srv3-memory",
        "Srv3 crashed and came back with half of its memory",
        phase=IncidentPhase.POSTMORTEM,
        started=vague("September 3, 2008, about 6pm Eastern", "18:00", day=3),
        ended=vague("September 3, 2008", "00:00", day=3),
        posts=(Post(title="Aftermath of a Bad Chip, Part 1", url="/blog/bad-chip-1/"),),
        updates=(update("16:20", "Both **modules** were replaced.", IncidentPhase.POSTMORTEM),),
    ),
    alert("auto-ns4-20080902T031500Z", "ns4 is slow", impact=SLOW, ended=at("17:50"), affects={"ns4": SLOW}),
    incident(
        "2008-08-29-srv3-crash",
        "Srv3 crashed under high load",
        impact=PARTIAL,
        phase=IncidentPhase.RESOLVED,
        started=exact("10:00", day=1),
        ended=exact("11:12", day=1),
    ),
    window(
        "2008-09-01-mail",
        "Upgrade of the mail software",
        life=Life.ENDED_NOT_CONFIRMED,
        phase=MaintenancePhase.COMPLETED,
        starts=exact("23:00", day=1),
        ends=exact("01:00", day=2),
        remarks=("Ended as scheduled, not confirmed.",),
    ),
    window(
        "2008-09-02-cancelled",
        "Exchange of a power supply",
        life=Life.CANCELLED,
        phase=MaintenancePhase.CANCELLED,
        ended=exact("09:00", day=2),
    ),
)

MEMORY_WINDOW = window(
    life=Life.IN_PROGRESS,
    phase=MaintenancePhase.VERIFYING,
    emergency=True,
    announced=vague("September 4, 2008", "00:00"),
    began=vague("about 5:20pm", "17:20"),
    updates=(
        update(
            "17:51",
            "Srv3 is up and serves requests. The technician puts the new memory through *basic tests*; until "
            "they are over, Srv3 may be slightly slow.",
            MaintenancePhase.VERIFYING,
            since=exact("17:45"),
        ),
        update(
            "17:33",
            "Srv3 went offline for its new memory. We wait for the data center.",
            MaintenancePhase.IN_PROGRESS,
            since=vague("about 5:20pm", "17:20"),
        ),
    ),
)

ROUTER_WINDOW = window(
    "2008-09-14-routers",
    "Router upgrade in the data center",
    affects={"srv3": MAINTENANCE, "srv9": MAINTENANCE, "ns3": MAINTENANCE},
    text="The public network goes offline while the routers are upgraded.\n\n- web\n- mail",
    starts=exact("23:30", day=13),
    ends=exact("01:00", day=14),
    expected_downtime=Span(written="15-20 min", longest=timedelta(minutes=20)),
)

OPEN_INCIDENT = incident(
    phase=IncidentPhase.IDENTIFIED,
    started=exact("17:20"),
    affects={"srv3": OFFLINE, "ns3": SLOW},
    next_update=NextUpdate(at=exact("18:30"), overdue=False),
    remarks=("Our monitoring has seen this since 17:20 EDT.",),
    updates=(
        update(
            "17:45",
            "Only half of the memory is seen after a restart.",
            IncidentPhase.IDENTIFIED,
            affects={"srv3": OFFLINE, "ns3": SLOW},
            impact=OFFLINE,
        ),
        update("17:31", "Srv3 does not answer, neither to us nor to you."),
        update("17:22", "We look into it.", IncidentPhase.INVESTIGATING),
    ),
)

SAMPLES: dict[str, Board] = {
    "calm": board(scheduled=(ROUTER_WINDOW,), past=PAST),
    "memory": board(
        MAINTENANCE,
        "Srv3 is under maintenance",
        rows=hosting_rows(MAINTENANCE, Mail=SLOW),
        current=(MEMORY_WINDOW,),
        scheduled=(ROUTER_WINDOW,),
        past=PAST,
    ),
    "outage": board(
        OFFLINE,
        "Srv3 is offline; 1 other has problems",
        rows=hosting_rows(OFFLINE, Web=OFFLINE, Mail=OFFLINE, Database=UNKNOWN),
        current=(OPEN_INCIDENT, alert()),
        past=PAST,
    ),
    "overdue": board(
        SLOW,
        "Still open: Mail is slow",
        current=(
            incident(
                "mail",
                "Mail is slow",
                impact=SLOW,
                next_update=NextUpdate(at=exact("17:30"), overdue=True),
                updates=(update("18:20", "Too early.", ahead=True), update("16:00", "We look.")),
                incomplete=True,
                kept_since=at("17:10"),
            ),
        ),
    ),
    "every state": board(
        OFFLINE,
        "c5 is offline; 2 others have problems; status of c2 unknown",
        rows=(
            *(
                row(f"c{place}", state, checks={"Web": state, "Mail": OPERATIONAL})
                for place, state in enumerate(State)
            ),
            row("reachable", remarks=("Our monitoring sees it slow.",)),
            row("unwatched", monitored=False, group=""),
            row("unwatched and down", OFFLINE, monitored=False, group=""),
        ),
    ),
    "many": board(
        PARTIAL,
        "srv7 is partly offline",
        rows=tuple(
            row(
                f"srv{number}",
                PARTIAL if number == 7 else OPERATIONAL,
                group=f"Rack {number // 10}",
                checks={
                    "Web": OFFLINE if number == 7 else OPERATIONAL,
                    "Mail": OPERATIONAL,
                    "FTP": OPERATIONAL,
                },
            )
            for number in range(60)
        ),
    ),
    "long words": board(
        OFFLINE,
        f"{LONG_WORD} is offline",
        rows=(
            row(LONG_WORD, OFFLINE, group=LONG_WORD, checks={LONG_WORD: OFFLINE}, description=LONG_WORD * 2),
        ),
        current=(
            incident(
                LONG_WORD.lower(),
                LONG_WORD * 2,
                affects={LONG_WORD.lower(): OFFLINE},
                text=f"{LONG_WORD} `{LONG_WORD * 3}`\n\n    {LONG_WORD * 4}",
                remarks=(LONG_WORD * 2,),
                updates=(update("17:00", LONG_WORD * 3, IncidentPhase.IDENTIFIED),),
            ),
        ),
        scheduled=(window(LONG_WORD, LONG_WORD, expected_downtime=Span(written=LONG_WORD, longest=None)),),
        past=(incident("old", LONG_WORD * 2, phase=IncidentPhase.RESOLVED, ended=vague(LONG_WORD, "10:00")),),
    ),
    "twelve incidents": board(
        OFFLINE,
        "Srv3 and Srv9 are offline",
        current=tuple(
            incident(f"incident-{number}", f"Incident number {number}", updates=(update("17:00", "Seen."),))
            for number in range(12)
        ),
    ),
    "empty": board(UNKNOWN, "Status unknown: the list of our servers cannot be read", rows=(), facts_at=None),
    "nothing listed": board(OPERATIONAL, "No problems reported", rows=(), facts_at=None, monitored=False),
    "all unknown": board(
        UNKNOWN,
        "Status unknown since 17:20 EDT",
        rows=tuple(
            row(name, UNKNOWN, checks={"Web": UNKNOWN}, since=at("17:20")) for name in ("Srv3", "Srv9")
        ),
        facts_at=None,
        unknown_since=at("17:20"),
    ),
    "not monitored": board(
        OPERATIONAL,
        "No problems reported",
        rows=(row("Srv3", monitored=False), row("Accounts", monitored=False)),
        facts_at=None,
        monitored=False,
    ),
    "withheld": board(
        UNKNOWN,
        "1 note cannot be shown at the moment",
        withheld=1,
        problems=1,
        gaps=("1 note cannot be shown at the moment",),
    ),
    "list kept": board(OFFLINE, "Srv3 is offline", problems=1, list_kept_since=at("17:40")),
    "alert": board(OFFLINE, "ns3 is offline", current=(alert(),), rows=hosting_rows(OFFLINE)),
    "windows": board(
        MAINTENANCE,
        "Maintenance in progress",
        current=tuple(
            window(f"w-{life}", f"Window {life}", life=life, phase=MaintenancePhase.IN_PROGRESS)
            for life in (Life.DUE, Life.IN_PROGRESS, Life.OVERRUNNING, Life.END_NOT_CONFIRMED)
        ),
        scheduled=(
            window(
                "w-vague", "Some evening", starts=vague("Sep 9, in the evening", "20:00", day=9), ends=None
            ),
            window("w-none", "Some day", starts=None, ends=None, expected_downtime=None, affects={}),
            window(
                "w-all",
                "Everything",
                affects=dict.fromkeys(
                    ["srv3", "srv9", "ns3", "ns4", "website", "account-management"], MAINTENANCE
                ),
            ),
        ),
    ),
    "hostile": board(
        OFFLINE,
        HOSTILE,
        rows=(
            row(
                "x",
                OFFLINE,
                group=HOSTILE,
                checks={HOSTILE: OFFLINE},
                description=HOSTILE,
                remarks=(HOSTILE,),
            ),
        ),
        current=(
            incident(
                "hostile",
                HOSTILE,
                affects={"x": OFFLINE, "gone": SLOW},
                text=HOSTILE,
                remarks=(HOSTILE,),
                started=vague(HOSTILE, "10:00"),
                updates=(update("17:00", HOSTILE),),
                posts=(Post(title=HOSTILE, url="/blog/?a=1&b=2"),),
            ),
        ),
    ),
}
