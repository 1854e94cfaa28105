/** Migration 0004: people with roles, tokens that speak for them, second approvals, the rules about both. */
export const people: readonly string[] = [
  `create table people (
    id text primary key check (id ~ '^(staff|partner/[^/]+)/[^/]+$'),
    recipient_id text references recipients (id),
    role text not null,
    added_index bigint not null,
    added_at timestamptz not null,
    removed_at timestamptz,
    check ((recipient_id is null) = (id like 'staff/%'))
  )`,
  `create index people_recipient on people (recipient_id)`,
  `alter table tokens
    add column id text unique,
    add column person_id text references people (id),
    add column as_role text,
    add column expires_at timestamptz,
    add constraint tokens_person check ((person_id is null) = (as_role is null)),
    add constraint tokens_expire check (person_id is null or (id is not null and expires_at is not null))`,
  `create index tokens_person_live on tokens (person_id) where revoked_at is null`,
  // Nobody agrees to a wish of their own: the database itself refuses, whatever the code above it does.
  `create table approvals (
    id text primary key,
    action text not null,
    subject text not null,
    asked_by text not null references people (id),
    asked_at timestamptz not null,
    asked_index bigint not null,
    expires_at timestamptz not null,
    given_by text references people (id),
    given_at timestamptz,
    given_index bigint,
    check (given_by <> asked_by),
    check ((given_by is null) = (given_at is null) and (given_by is null) = (given_index is null))
  )`,
  `create index approvals_open on approvals (asked_at) where given_by is null`,
  `create table approval_items (
    approval_id text not null references approvals (id),
    n int not null,
    hash bytea not null check (length(hash) = 32),
    payload text not null,
    used_at timestamptz,
    primary key (approval_id, n)
  )`,
  `create index approval_items_unused on approval_items (hash) where used_at is null`,
  `create table programme_rules (
    id int primary key check (id = 1),
    four_eyes text[] not null,
    changed_index bigint not null
  )`,
]
