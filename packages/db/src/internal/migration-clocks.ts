/** Migration 0005: embargoes and their lifts, messages, who opened what. */
export const clocks: readonly string[] = [
  `alter table packages add column lead_ms bigint`,
  `create table embargoes (
    case_id text primary key,
    embargo text not null check (embargo in ('none', 'proposed', 'active', 'revise', 'exited')),
    case_state text not null check (case_state ~ '^(vfd|Vfd|VFd|VFD)[pP][xX][aA]$'),
    lift text not null check (lift in ('draft', 'scheduled', 'lifting', 'lifted', 'cancelled')),
    release_at timestamptz not null,
    release_text text not null,
    frozen boolean not null,
    held text,
    changed_index bigint not null,
    check ((lift = 'lifting') = (held is not null))
  )`,
  `create index embargoes_due on embargoes (release_at) where lift in ('scheduled', 'lifting')`,
  `create table lifts (
    case_id text primary key references embargoes (case_id),
    how text not null check (how in ('clock', 'early', 'manual', 'broken')),
    event_index bigint not null unique,
    lifted_at timestamptz not null,
    database_at timestamptz not null,
    release_at timestamptz not null,
    check (how <> 'clock' or (lifted_at >= release_at and database_at >= release_at))
  )`,
  `create table endpoints (
    id text primary key,
    owner text not null,
    channel text not null check (channel in ('webhook', 'mail')),
    address text not null,
    created_at timestamptz not null,
    disabled text
  )`,
  `create unique index endpoints_one on endpoints (owner, channel) where disabled is null`,
  `create table outbox (
    id text primary key,
    endpoint_id text not null references endpoints (id),
    kind text not null,
    event_index bigint not null,
    at timestamptz not null,
    state text not null check (state in ('pending', 'sent', 'dead')),
    attempts int not null,
    next_at timestamptz not null,
    fence bigint not null,
    lease_until timestamptz,
    last_error text,
    sent_at timestamptz
  )`,
  `create index outbox_due on outbox (next_at) where state = 'pending'`,
  `create table openings (
    package_id text primary key references packages (id),
    event_index bigint not null,
    opened_at timestamptz not null
  )`,
  `create index packages_case on packages (case_id)`,
]
