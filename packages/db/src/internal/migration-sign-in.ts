/**
 * Migration 0006: sign-in of people. `auth_users`, `auth_sessions`, `auth_accounts`, `auth_verifications` and `auth_passkeys` are what
 * better-auth expects, with columns of our own; a test holds them against what it asks for.
 */
export const signIn: readonly string[] = [
  `create table auth_users (
    id text primary key references people (id),
    name text not null,
    email text not null unique,
    email_verified boolean not null,
    image text,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create table auth_sessions (
    id text primary key,
    user_id text not null references auth_users (id) on delete cascade,
    token text not null unique,
    expires_at timestamptz not null,
    ip_address text,
    user_agent text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    secret_hash bytea unique check (length(secret_hash) = 32),
    passkey_id text,
    started_at timestamptz,
    seen_at timestamptz,
    ends_at timestamptz,
    confirmed_at timestamptz,
    ended_at timestamptz,
    constraint auth_sessions_started check (
      (secret_hash is null) = (started_at is null) and (secret_hash is null) = (seen_at is null)
      and (secret_hash is null) = (ends_at is null) and (secret_hash is null) = (passkey_id is null)
    )
  )`,
  `create index auth_sessions_user on auth_sessions (user_id) where ended_at is null`,
  // better-auth insists on the table. There are no passwords and no logins of others: the database refuses every row.
  `create table auth_accounts (
    id text primary key,
    account_id text not null,
    provider_id text not null,
    user_id text not null references auth_users (id) on delete cascade,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamptz,
    refresh_token_expires_at timestamptz,
    scope text,
    password text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint auth_accounts_none check (false)
  )`,
  `create table auth_verifications (
    id text primary key,
    identifier text not null,
    value text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create index auth_verifications_identifier on auth_verifications (identifier)`,
  `create index auth_verifications_expire on auth_verifications (expires_at)`,
  // A passkey is good once its event is logged; one that never got that far signs nobody in.
  `create table auth_passkeys (
    id text primary key,
    name text,
    public_key text not null,
    user_id text not null references auth_users (id) on delete cascade,
    credential_id text not null unique,
    counter int not null,
    device_type text not null,
    backed_up boolean not null,
    transports text,
    created_at timestamptz,
    aaguid text,
    enrolled_index bigint,
    enrolled_at timestamptz,
    check ((enrolled_index is null) = (enrolled_at is null))
  )`,
  `create index auth_passkeys_user on auth_passkeys (user_id)`,
  `create table auth_enrolments (
    code_hash bytea primary key check (length(code_hash) = 32),
    person_id text not null references people (id),
    made_by text not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz
  )`,
  `create index auth_enrolments_open on auth_enrolments (person_id) where ended_at is null`,
  // Secrets are encrypted with a key that is not in the database. 'pending' is one that was shown and not yet proven.
  `create table auth_one_time_codes (
    person_id text primary key references auth_users (id) on delete cascade,
    secret text,
    pending text,
    last_step bigint not null,
    failures int not null,
    locked_until timestamptz,
    check (secret is not null or pending is not null)
  )`,
]
