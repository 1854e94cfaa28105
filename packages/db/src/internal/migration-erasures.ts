/**
 * Migration 0010: what was erased, and by which event. The planner's statistics would keep samples of what is erased, beside the tables and out of their
 * sight: they are not made any more, and those there are go when a column is given its type anew.
 */
export const erasures: readonly string[] = [
  `create table erasures (
    idx bigint primary key,
    at timestamptz not null,
    destroyed_at timestamptz
  )`,
  `create index erasures_pending on erasures (idx) where destroyed_at is null`,
  `alter table events
    add column erased_index bigint references erasures (idx),
    add column erased_at timestamptz,
    add check ((erased_index is null) = (erased_at is null)),
    alter column body type text,
    alter column salt type bytea`,
  `alter table events alter column body set statistics 0, alter column salt set statistics 0`,
  `create index events_erased on events (erased_index) where erased_index is not null`,
  `alter table packages
    add column erased_index bigint references erasures (idx),
    add column erased_at timestamptz,
    add check ((erased_index is null) = (erased_at is null))`,
  `alter table blobs
    add column erased_index bigint references erasures (idx),
    alter column bytes drop not null,
    add check (bytes is not null or erased_index is not null),
    alter column bytes set statistics 0`,
  `create index blobs_erased on blobs (erased_index) where erased_index is not null`,
  `alter table receipts alter column body drop not null, alter column body type bytea, alter column body set statistics 0`,
  `alter table approval_items alter column payload type text, alter column payload set statistics 0`,
]
