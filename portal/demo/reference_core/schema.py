"""The reference core's own tables in one SQLite file (WAL). Times are UTC text, days are ISO dates."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE person (id TEXT PRIMARY KEY, first_name TEXT NOT NULL, birth TEXT);
CREATE TABLE number (scheme TEXT, value TEXT, person_id TEXT NOT NULL, PRIMARY KEY (scheme, value));
CREATE TABLE team (id TEXT PRIMARY KEY, name TEXT, phone TEXT, hours TEXT, receives_referrals INTEGER);
CREATE TABLE worker (person_id TEXT PRIMARY KEY, team_id TEXT, role TEXT, away_until TEXT, cover_id TEXT);
CREATE TABLE child_case (
  id TEXT PRIMARY KEY, child_id TEXT, team_id TEXT, worker_id TEXT, kind TEXT, address TEXT);
-- A reader stands in the latest of those that are there for this reader; so too with the worker.
CREATE TABLE phase (
  id TEXT PRIMARY KEY, case_id TEXT, phase TEXT, since_at TEXT, text_child TEXT, text_adult TEXT,
  clock_child TEXT, clock_adult TEXT, clock_by TEXT, late_child TEXT, late_adult TEXT, bears_place INTEGER);
CREATE TABLE worker_change (id TEXT PRIMARY KEY, case_id TEXT, worker_id TEXT, at TEXT, bears_place INTEGER);
CREATE TABLE closing (
  case_id TEXT PRIMARY KEY, closed_on TEXT, readable_until TEXT, file_child TEXT, file_adult TEXT);
CREATE TABLE moving (case_id TEXT PRIMARY KEY, to_service TEXT, phone TEXT, hours TEXT, greeted INTEGER);
CREATE TABLE member (case_id TEXT, worker_id TEXT, PRIMARY KEY (case_id, worker_id));
CREATE TABLE access (
  case_id TEXT, person_id TEXT, relation TEXT, scopes TEXT, valid_from TEXT, valid_to TEXT, basis TEXT,
  represents TEXT);
CREATE INDEX access_person ON access (person_id, case_id);
CREATE TABLE blocked (child_id TEXT, person_id TEXT, PRIMARY KEY (child_id, person_id));
CREATE TABLE hidden_from (child_id TEXT, person_id TEXT, PRIMARY KEY (child_id, person_id));
CREATE TABLE inside (child_id TEXT, person_id TEXT, PRIMARY KEY (child_id, person_id));
CREATE TABLE responsibility (
  child_id TEXT, person_id TEXT, held INTEGER, source TEXT, PRIMARY KEY (child_id, person_id));
CREATE TABLE danger (child_id TEXT, person_id TEXT, PRIMARY KEY (child_id, person_id));
-- One item, one person; `representative`: who may see it in that person's place. `investigation` is 1 while one runs,
-- 0 when it has ended, null for a withholding against harm.
CREATE TABLE withheld (
  item_id TEXT, person_id TEXT, child_id TEXT, reason TEXT, assessor TEXT, review_on TEXT, investigation INTEGER,
  representative TEXT, PRIMARY KEY (item_id, person_id));
CREATE TABLE next_step (
  id TEXT PRIMARY KEY, case_id TEXT, position INTEGER, by_on TEXT, updated_at TEXT, text_child TEXT, text_adult TEXT,
  who_child TEXT, who_adult TEXT, late_child TEXT, late_adult TEXT, bears_place INTEGER);
CREATE TABLE appointment (
  id TEXT PRIMARY KEY, case_id TEXT, kind TEXT, starts_at TEXT, place TEXT, updated_at TEXT, place_updated_at TEXT,
  title_child TEXT, title_adult TEXT, cancelled_child TEXT, cancelled_adult TEXT, bears_place INTEGER);
-- What holds again and again, the visits that belong to it, and where the child lives, in words.
CREATE TABLE arrangement (
  id TEXT PRIMARY KEY, case_id TEXT, position INTEGER, place TEXT, with_child TEXT, with_adult TEXT, often_child TEXT,
  often_adult TEXT, bears_place INTEGER);
CREATE TABLE arranged (appointment_id TEXT PRIMARY KEY, arrangement_id TEXT);
CREATE TABLE living (
  id TEXT PRIMARY KEY, case_id TEXT, position INTEGER, text_child TEXT, text_adult TEXT, bears_place INTEGER);
CREATE TABLE plan (id TEXT PRIMARY KEY, case_id TEXT UNIQUE, updated_at TEXT, title_child TEXT, title_adult TEXT);
CREATE TABLE goal (
  id TEXT PRIMARY KEY, plan_id TEXT, position INTEGER, state TEXT, updated_at TEXT, text_child TEXT, text_adult TEXT,
  own_words TEXT, bears_place INTEGER);
CREATE TABLE measure (
  id TEXT PRIMARY KEY, goal_id TEXT, position INTEGER, state TEXT, until_on TEXT, updated_at TEXT,
  text_child TEXT, text_adult TEXT, who_child TEXT, who_adult TEXT, bears_place INTEGER, since_on TEXT);
-- From when to when something stood in a plan, where that is not from the beginning and for good.
CREATE TABLE item_span (item_id TEXT PRIMARY KEY, added_at TEXT, removed_at TEXT);
-- What a goal or measure said until then.
CREATE TABLE item_before (
  item_id TEXT, until_at TEXT, state TEXT, until_on TEXT, text_child TEXT, text_adult TEXT, who_child TEXT,
  who_adult TEXT, bears_place INTEGER);
-- When a person last opened the plan, and on the last day before that; times are those of the change they had read.
CREATE TABLE plan_look (
  case_id TEXT, person_id TEXT, on_day TEXT, first_at TEXT, last_at TEXT, before_at TEXT, before_on TEXT,
  PRIMARY KEY (case_id, person_id));
CREATE TABLE document (
  id TEXT PRIMARY KEY, case_id TEXT, position INTEGER, kind TEXT, dated TEXT, author TEXT,
  title_child TEXT, title_adult TEXT, bears_place INTEGER);
CREATE TABLE paragraph (
  document_id TEXT, position INTEGER, heading INTEGER, text_child TEXT, text_adult TEXT,
  PRIMARY KEY (document_id, position));
-- An item without a row here is for everybody with a grant.
CREATE TABLE audience (item_id TEXT, person_id TEXT, PRIMARY KEY (item_id, person_id));
-- One thing somebody has said, one possible reader: asked, answered, decided. Readable from `opened_at` to `closed_at`;
-- without the author's yes where there is a `reason_code`.
CREATE TABLE sharing (
  words_id TEXT, person_id TEXT, question_id TEXT UNIQUE, why TEXT, asked_by TEXT, asked_at TEXT,
  answer TEXT, answer_words TEXT, answered_at TEXT, decision TEXT, reason_code TEXT, tell_author_from TEXT,
  decided_by TEXT, opened_at TEXT, closed_at TEXT, PRIMARY KEY (words_id, person_id));
-- What was open before `sharing` was opened anew: its author reads of it, or will.
CREATE TABLE shared_before (
  words_id TEXT, person_id TEXT, opened_at TEXT, closed_at TEXT, reason_code TEXT, tell_author_from TEXT);
-- Every question, answer and decision as it came; nothing is ever changed here.
CREATE TABLE sharing_log (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, by_id TEXT, what TEXT, about_id TEXT, said TEXT, at TEXT);
CREATE TABLE statement (id TEXT PRIMARY KEY, case_id TEXT, person_id TEXT, body TEXT, at TEXT);
CREATE TABLE sentence (
  id TEXT PRIMARY KEY, case_id TEXT, person_id TEXT, about_child TEXT, about_adult TEXT, body TEXT, answer_by TEXT,
  issued INTEGER, is_right INTEGER, correction TEXT, answered_at TEXT);
-- What a young adult wants for somebody who stood in for it (rules.md R15). It gives nobody anything.
CREATE TABLE stays_open (
  case_id TEXT, person_id TEXT, stays_open INTEGER, operation_id TEXT, at TEXT, PRIMARY KEY (case_id, person_id));
-- To be assessed before anybody in the family is given access (rules.md R13).
CREATE TABLE assess_first (item_id TEXT PRIMARY KEY);
CREATE TABLE thread (
  id TEXT PRIMARY KEY, case_id TEXT, person_id TEXT, read_sequence INTEGER NOT NULL DEFAULT 0,
  intake_team_id TEXT, UNIQUE (case_id, person_id));
-- One row of numbers for messages and remarks, so that "up to here" means the same for both.
CREATE TABLE arrival (number INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE message (
  sequence INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, thread_id TEXT NOT NULL, author_id TEXT,
  author_kind TEXT, body TEXT, language TEXT, sent_at TEXT, received_at TEXT);
CREATE INDEX message_thread ON message (thread_id, sequence);
-- A file; without `item_id` until a message of its owner has named it. Evidence has no media type of its own.
CREATE TABLE attachment (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, media_type TEXT, sha256 TEXT, content BLOB, item_id TEXT, position INTEGER,
  at TEXT);
CREATE INDEX attachment_item ON attachment (item_id);
CREATE TABLE comment (
  sequence INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, case_id TEXT, plan_id TEXT, plan_version TEXT,
  target_id TEXT, person_id TEXT, body TEXT, language TEXT, created_at TEXT, answer TEXT, answered_by TEXT,
  stance TEXT, plan_had_changed INTEGER NOT NULL DEFAULT 0);
CREATE INDEX comment_target ON comment (case_id, person_id);
CREATE TABLE referral (
  id TEXT PRIMARY KEY, actor TEXT, person_id TEXT, number_scheme TEXT, number_value TEXT, answers TEXT, language TEXT,
  composed_at TEXT, received_at TEXT, team_id TEXT, worker_id TEXT);
CREATE TABLE access_request (
  sequence INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, case_id TEXT, person_id TEXT, body TEXT, language TEXT,
  at TEXT, answer TEXT, answered_by TEXT, outcome TEXT, reason TEXT, answered_at TEXT);
CREATE INDEX access_request_person ON access_request (case_id, person_id);
CREATE TABLE decision (
  id TEXT PRIMARY KEY, case_id TEXT, position INTEGER, moving INTEGER, dated TEXT, appeal_by TEXT, document_id TEXT,
  title_child TEXT, title_adult TEXT, text_child TEXT, text_adult TEXT, bears_place INTEGER);
-- `about_id`: the decision, or the wish to see more whose answer it is against.
CREATE TABLE appeal (
  sequence INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, case_id TEXT, person_id TEXT, about_id TEXT, body TEXT,
  language TEXT, at TEXT, answer TEXT, answered_by TEXT, outcome TEXT, reason TEXT, answered_at TEXT);
CREATE INDEX appeal_person ON appeal (case_id, person_id);
-- About whoever works with somebody; `not_these`: ids of workers, as JSON. `goes_to` and its author alone read it.
CREATE TABLE complaint (
  id TEXT PRIMARY KEY, case_id TEXT, person_id TEXT, about TEXT, not_these TEXT, other_worker INTEGER, body TEXT,
  language TEXT, at TEXT, goes_to TEXT, answer TEXT, answered_at TEXT);
-- What somebody thinks. `answers` as it came, `body` the same to be read; then the influence answer, or its promise.
CREATE TABLE opinion (
  sequence INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, case_id TEXT, person_id TEXT, occasion TEXT, answers TEXT,
  body TEXT, language TEXT, at TEXT, answer TEXT, changed TEXT, not_changed TEXT, answered_by TEXT, answered_at TEXT,
  later_reason TEXT, later_until TEXT);
CREATE INDEX opinion_person ON opinion (case_id, person_id);
-- `about_id`: an arrangement or a visit, null for all of it.
CREATE TABLE visit_wish (
  sequence INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, case_id TEXT, person_id TEXT, about_id TEXT, wish TEXT,
  body TEXT, language TEXT, at TEXT, answer TEXT, answered_by TEXT);
CREATE INDEX visit_wish_person ON visit_wish (case_id, person_id);
-- Somebody no longer agrees. It ends nothing by itself, and nobody else of the family is told of it.
CREATE TABLE consent_withdrawn (
  sequence INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, case_id TEXT, person_id TEXT, body TEXT, language TEXT,
  at TEXT, answer TEXT, answered_by TEXT);
CREATE TABLE receipt (operation_id TEXT PRIMARY KEY, level TEXT, at TEXT, sha256 TEXT, seen_by TEXT);
-- What somebody has said that could be passed on; plain messages are not.
CREATE VIEW words AS
  SELECT g.id, 'own_words' AS kind, p.case_id, c.child_id AS author_id, g.id AS about_id, g.own_words AS body,
    g.updated_at AS at, NULL AS stance FROM goal g JOIN plan p ON p.id = g.plan_id JOIN child_case c ON c.id = p.case_id
  WHERE g.own_words IS NOT NULL
  UNION ALL SELECT id, CASE WHEN target_id = plan_id THEN 'statement' ELSE 'comment' END, case_id, person_id,
    nullif(target_id, plan_id), body, created_at, stance FROM comment
  UNION ALL SELECT id, 'view', case_id, person_id, NULL, body, at, NULL FROM opinion
  UNION ALL SELECT id, 'statement', case_id, person_id, NULL, body, at, NULL FROM statement;
-- What a person may not learn, one name a row.
CREATE TABLE shielded (person_id TEXT, kind TEXT, text TEXT, PRIMARY KEY (person_id, kind, text));
-- A worker was shown what a text would give away, and sent it all the same.
CREATE TABLE acknowledged (id TEXT PRIMARY KEY, worker_id TEXT, kinds TEXT, reason TEXT, at TEXT);
-- A message of the team that went to the wrong person; it need not be there.
CREATE TABLE stop (
  message_id TEXT PRIMARY KEY, thread_id TEXT, worker_id TEXT, by_role TEXT, reason TEXT, at TEXT,
  opened_since INTEGER);
-- What an item of a thread is in law, as decided; every decision stays and the last one counts.
CREATE TABLE classification (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, thread_id TEXT, item_id TEXT, item_class TEXT, reason TEXT,
  worker_id TEXT, at TEXT, received_at TEXT);
CREATE INDEX classification_thread ON classification (thread_id, sequence);
-- A message that is no answer yet and promises one by a day.
CREATE TABLE promise (message_id TEXT PRIMARY KEY, thread_id TEXT, sequence INTEGER, promised_on TEXT);
CREATE INDEX promise_thread ON promise (thread_id, sequence);
CREATE VIEW reply AS
  SELECT thread_id, sequence, id IN (SELECT message_id FROM stop) AS stopped FROM message
  WHERE author_kind = 'worker' AND id NOT IN (SELECT message_id FROM promise);
-- How far something has come as far as it shows: what only stopped messages have answered is unanswered again.
CREATE VIEW shown_receipt AS
  SELECT r.operation_id, r.at, r.sha256, r.seen_by, CASE WHEN r.level = 'answered'
    AND EXISTS (SELECT 1 FROM reply w WHERE w.thread_id = i.thread_id AND w.sequence > i.sequence AND w.stopped)
    AND NOT EXISTS (SELECT 1 FROM reply w WHERE w.thread_id = i.thread_id AND w.sequence > i.sequence AND NOT w.stopped)
    THEN 'seen' ELSE r.level END AS level
  FROM receipt r LEFT JOIN (
    SELECT id, thread_id, sequence FROM message UNION ALL SELECT id, id, 0 FROM referral) i ON i.id = r.operation_id;
-- What the person of a thread has said outside its messages.
CREATE VIEW remark AS
  SELECT t.id AS thread_id, r.level, k.* FROM (
    SELECT 'comment' AS kind, sequence, id, case_id, person_id, target_id, plan_version, body, created_at AS at,
      NULL AS outcome, answer, answered_by, stance, plan_had_changed, NULL AS wish FROM comment
    UNION ALL SELECT 'access_request', sequence, id, case_id, person_id, NULL, NULL, body, at,
      outcome, answer, answered_by, NULL, 0, NULL FROM access_request
    UNION ALL SELECT 'appeal', sequence, id, case_id, person_id, about_id, NULL, body, at,
      outcome, answer, answered_by, NULL, 0, NULL FROM appeal
    UNION ALL SELECT 'view', sequence, id, case_id, person_id, NULL, NULL, body, at,
      NULL, answer, answered_by, NULL, 0, NULL FROM opinion
    UNION ALL SELECT 'visit_wish', sequence, id, case_id, person_id, about_id, NULL, body, at,
      NULL, answer, answered_by, NULL, 0, wish FROM visit_wish
    UNION ALL SELECT 'consent_withdrawn', sequence, id, case_id, person_id, NULL, NULL, body, at,
      NULL, answer, answered_by, NULL, 0, NULL FROM consent_withdrawn) k
  JOIN thread t ON t.case_id = k.case_id AND t.person_id = k.person_id JOIN receipt r ON r.operation_id = k.id;
CREATE TABLE operation (id TEXT PRIMARY KEY, digest TEXT NOT NULL, answer TEXT NOT NULL, at TEXT);
-- What the service's own staff has done in this core. `why` is work, intake or duty; families are told of work alone.
CREATE TABLE trail (case_id TEXT, on_day TEXT, role TEXT, did TEXT, item_id TEXT, why TEXT);
CREATE INDEX trail_case ON trail (case_id, on_day);
-- Ends of the portal's journal, for good.
CREATE TABLE journal_head (sequence INTEGER PRIMARY KEY, hash TEXT NOT NULL, at TEXT NOT NULL);
CREATE TRIGGER journal_head_stays BEFORE UPDATE ON journal_head BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER journal_head_remains BEFORE DELETE ON journal_head BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TABLE change (
  cursor INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, type TEXT, case_id TEXT, entity_id TEXT, at TEXT);
"""

VERSION = zlib.crc32(TABLES.encode()) & 0x7FFFFFFF
"""Other tables, another version; what SQLite keeps as `user_version` is a signed number of 32 bits."""

_WAIT_SECONDS = 10.0


class Database:
    """One file. Every use opens its own connection, so threads never share one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view. Whatever is written in it is undone."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone with the pen; undone when anything is raised."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # a receipt is a promise
            yield connection
        finally:
            connection.close()  # rolls back what is still open


def has_tables(connection: sqlite3.Connection) -> bool:
    """Was this file set up before?"""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    return found is not None


def create_tables(connection: sqlite3.Connection) -> None:
    """Set up an empty file, inside the caller's transaction."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def is_of_this_version(connection: sqlite3.Connection) -> bool:
    """Were these tables made by this code? A demonstration begins afresh rather than being migrated."""
    return bool(connection.execute("PRAGMA user_version").fetchone()[0] == VERSION)


def next_number(connection: sqlite3.Connection) -> int:
    """The number of what comes in now: higher than that of everything before it."""
    row = connection.execute("INSERT INTO arrival DEFAULT VALUES RETURNING number").fetchone()
    return int(row["number"])


def utc_text(moment: datetime) -> str:
    """A moment as it is stored and sent: whole seconds, in UTC, ending in Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """The moment a stored or sent text names."""
    return datetime.fromisoformat(text)


def service_fact(connection: sqlite3.Connection, name: str) -> str:
    """One of the facts about the service itself, stored when the story was loaded."""
    value: str = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()["value"]
    return value
