import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { DbError } from './errors.ts'
import { clocks } from './internal/migration-clocks.ts'
import { erasures } from './internal/migration-erasures.ts'
import { people } from './internal/migration-people.ts'
import { signIn } from './internal/migration-sign-in.ts'
import { signer } from './internal/migration-signer.ts'
import { reasonOf } from './internal/reason.ts'
import type { Schema } from './schema.ts'

/**
 * All migrations by name, in order, upwards only. A published migration is never changed; a later one corrects it.
 * The SQL keeps to PostgreSQL 15, the floor of the server engine.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-deliveries': { up: createDeliveries },
  '0002-log': { up: createLog },
  '0003-cosignatures': { up: createCosignatures },
  '0004-people': { up: createPeople },
  '0005-clocks': { up: createClocks },
  '0006-sign-in': { up: createSignIn },
  '0007-signer': { up: addPendingTree },
  '0008-revoked-keys': { up: createRevokedKeys },
  '0009-vault-backups': { up: createVaultBackups },
  '0010-erasures': { up: createErasures },
}

/**
 * Brings the database to the newest schema. Several processes may call this at once; one of them does the work.
 * Throws {@link DbError} `migration-failed`, also when the database knows migrations that this code does not.
 */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const failed = results?.find((result) => result.status === 'Error')?.migrationName
  throw new DbError(
    'migration-failed',
    `migration ${failed ?? 'check'} failed: ${reasonOf(error)}; nothing was changed, restore the matching version of this software`,
    { cause: error },
  )
}

async function createDeliveries(db: Kysely<Schema>): Promise<void> {
  for (const statement of deliveries) await sql.raw(statement).execute(db)
}

async function createLog(db: Kysely<Schema>): Promise<void> {
  for (const statement of log) await sql.raw(statement).execute(db)
}

async function createCosignatures(db: Kysely<Schema>): Promise<void> {
  for (const statement of cosignatures) await sql.raw(statement).execute(db)
}

async function createPeople(db: Kysely<Schema>): Promise<void> {
  for (const statement of people) await sql.raw(statement).execute(db)
}

async function createClocks(db: Kysely<Schema>): Promise<void> {
  for (const statement of clocks) await sql.raw(statement).execute(db)
}

async function createSignIn(db: Kysely<Schema>): Promise<void> {
  for (const statement of signIn) await sql.raw(statement).execute(db)
}

async function addPendingTree(db: Kysely<Schema>): Promise<void> {
  for (const statement of signer) await sql.raw(statement).execute(db)
}

async function createErasures(db: Kysely<Schema>): Promise<void> {
  for (const statement of erasures) await sql.raw(statement).execute(db)
}

async function createRevokedKeys(db: Kysely<Schema>): Promise<void> {
  await sql.raw('alter table recipients add column revoked_index bigint').execute(db)
}

async function createVaultBackups(db: Kysely<Schema>): Promise<void> {
  await sql
    .raw(
      `create table vault_backups (
        version int primary key check (version > 0),
        sha256 bytea not null references blobs (sha256),
        size bigint not null,
        event_index bigint not null,
        at timestamptz not null
      )`,
    )
    .execute(db)
}

const deliveries: readonly string[] = [
  `create table recipients (
    id text primary key,
    name text not null,
    kind text not null,
    age_recipient text not null,
    receipt_vkey text not null,
    enrolled_index bigint not null,
    enrolled_at timestamptz not null
  )`,
  `create table tokens (
    hash bytea primary key check (length(hash) = 32),
    role text not null check (role in ('vendor', 'partner')),
    recipient_id text references recipients (id),
    created_at timestamptz not null,
    revoked_at timestamptz,
    check ((role = 'partner') = (recipient_id is not null))
  )`,
  `create index tokens_recipient on tokens (recipient_id)`,
  `create table blobs (
    sha256 bytea primary key check (length(sha256) = 32),
    bytes bytea not null
  )`,
  // Ciphertext does not compress: store it as it is and spare the attempt.
  `alter table blobs alter column bytes set storage external`,
  `create table packages (
    id text primary key,
    recipient_id text not null references recipients (id),
    case_id text not null,
    distribution text not null,
    not_before timestamptz,
    sha256 bytea not null references blobs (sha256),
    size bigint not null,
    manifest bytea not null,
    issued_index bigint not null,
    issued_at timestamptz not null,
    fetched_index bigint,
    fetched_at timestamptz
  )`,
  `create index packages_recipient on packages (recipient_id)`,
  `create table receipts (
    package_id text primary key references packages (id),
    body bytea not null,
    received_at timestamptz not null,
    event_index bigint not null
  )`,
]

const log: readonly string[] = [
  `create table streams (
    stream text primary key,
    key bytea check (length(key) = 32),
    next_n bigint not null,
    head bytea check (length(head) = 32)
  )`,
  `create table events (
    idx bigint primary key,
    stream text not null references streams (stream),
    n bigint not null,
    type text not null,
    at timestamptz not null,
    subject text not null,
    body text,
    salt bytea check (length(salt) = 32),
    commitment bytea not null check (length(commitment) = 32),
    unique (stream, n)
  )`,
  `create index events_subject on events (subject, idx)`,
  `create table leaves (
    idx bigint primary key,
    leaf bytea not null
  )`,
  `create table tiles (
    level int not null,
    n bigint not null,
    hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
    primary key (level, n)
  )`,
  `alter table tiles alter column hashes set storage external`,
  `create table log_state (
    id int primary key check (id = 1),
    origin text not null,
    size bigint not null,
    root bytea not null check (length(root) = 32),
    checkpoint text not null,
    at timestamptz not null
  )`,
]

const cosignatures: readonly string[] = [
  `create table cosigned_checkpoints (
    size bigint primary key,
    root bytea not null check (length(root) = 32),
    checkpoint text not null
  )`,
  `create table cosignatures (
    size bigint not null references cosigned_checkpoints (size),
    key text not null,
    line text not null,
    at timestamptz not null,
    primary key (size, key)
  )`,
]
