"""The tables of a store and how they came to be: a list of migrations, one a version.

Text stands as it is, instants as microseconds since 1970, so that both databases hold
the same. Each migration is one transaction; a database is of one version or the next.
"""

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    inspect,
    literal,
    select,
)

from depthviz.errors import FormatError

__all__ = [
    "EVENTS",
    "META",
    "MIGRATIONS",
    "check_version",
    "migrate",
    "read_note",
    "version_of",
    "write_note",
]

MARK = "depthviz annotations"
_METADATA = MetaData()
# SQLite numbers rows only of this type by itself.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

META = Table(
    "depthviz_meta",
    _METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
EVENTS = Table(
    "depthviz_events",
    _METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("time", BigInteger, nullable=False),
    Column("annotator", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("example", Text, nullable=False),
    Column("input", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text),
    Column("previous", Text),
    Column("context", Text, nullable=False),
    Column("latency", Float(53)),
    Column("undoes", Text),
    Column("batch", Text),
    sqlite_autoincrement=True,
)
_BY_ANNOTATOR = Index("depthviz_events_annotator", EVENTS.c.annotator, EVENTS.c.time)
# An index by hash takes ids of any length, which PostgreSQL's others do not.
_BY_EXAMPLE = Index(
    "depthviz_events_example", EVENTS.c.example, postgresql_using="hash"
)
_RENAMINGS = EVENTS.c.field == literal("annotator", literal_execute=True)
_BY_FIELD = Index(
    "depthviz_events_renamings",
    EVENTS.c.number,
    sqlite_where=_RENAMINGS,
    postgresql_where=_RENAMINGS,
)


def version_of(connection: Connection) -> int:
    """Read the version of a database; 0 where it holds no annotations yet."""
    if not inspect(connection).has_table(META.name):
        return 0
    query = select(META.c.name, META.c.value)
    rows = {name: value for name, value in connection.execute(query)}
    if rows.get("of") != MARK or not rows.get("version", "").isdigit():
        raise FormatError(
            f"The database has a table {META.name}, but not of annotations. Nothing "
            "was changed."
        )
    return int(rows["version"])


def migrate(connection: Connection) -> None:
    """Bring a database to the newest version, within the transaction that is open.

    Args:
        connection: A connection that has begun to write.

    Raises:
        FormatError: If it is of a newer version than is known here.
    """
    version = version_of(connection)
    check_version(version)
    for step in MIGRATIONS[version:]:
        step(connection)


def check_version(version: int) -> None:
    """Refuse a version that is newer than is known here.

    Raises:
        FormatError: If it is.
    """
    if version > len(MIGRATIONS):
        raise FormatError(
            f"The database has version {version}; this depthviz reads up to "
            f"{len(MIGRATIONS)}. Upgrade depthviz. Nothing was changed."
        )


def read_note(connection: Connection, name: str) -> str | None:
    """Read what was noted under a name; None where nothing was."""
    return connection.scalar(select(META.c.value).where(META.c.name == name))


def write_note(connection: Connection, name: str, value: str) -> None:
    """Note something under a name, in the place of what was noted there."""
    connection.execute(META.delete().where(META.c.name == name))
    connection.execute(META.insert(), {"name": name, "value": value})


def _create(connection: Connection) -> None:
    _METADATA.create_all(connection, checkfirst=False)
    rows = {"of": MARK, "version": "1"}
    connection.execute(
        META.insert(), [{"name": name, "value": value} for name, value in rows.items()]
    )


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_create,)
