import type { Action } from '@sigillo/programme/can'
import type { z } from 'zod'
import * as contract from './contracts.ts'
import { clockRoutes } from './routes-clocks.ts'
import { erasureRoutes } from './routes-erasure.ts'
import { peopleRoutes } from './routes-people.ts'
import { signInRoutes } from './routes-sign-in.ts'

/** Who may call a route: the vendor's desk, the recipient that a token speaks for, either of them, or anybody. */
export type Role = 'vendor' | 'partner' | 'any' | 'public'

/**
 * One row of the route table: everything that authorization, logging, documentation and the generated tests need to know. The hub
 * cannot register a route that is not here.
 */
export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** Path with `:params`, below {@link PREFIX}. */
  readonly path: string
  /** What is done, as the authorization table names it. */
  readonly action: Action
  readonly role: Role
  /**
   * Type of the event that is in a signed checkpoint before the answer leaves; null where nothing protected is read and nothing
   * changes, with the reason in `why`.
   */
  readonly event: string | null
  readonly why?: string
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  /** `bytes` is application/octet-stream. */
  readonly body?: z.ZodType | 'bytes'
  readonly answer: z.ZodType | 'bytes' | 'text'
}

/** All paths start with this. */
export const PREFIX = '/v1'

/** The route table. */
export const routes = {
  ...clockRoutes,
  ...erasureRoutes,
  ...peopleRoutes,
  ...signInRoutes,
  enrolRecipients: {
    method: 'PUT',
    path: '/recipients',
    action: 'recipient.enrol',
    role: 'vendor',
    event: 'key.enrolled',
    body: contract.EnrolRequest,
    answer: contract.EnrolAnswer,
  },
  revokeKeys: {
    method: 'POST',
    path: '/recipients/:id/revoke',
    action: 'recipient.enrol',
    role: 'vendor',
    event: 'key.revoked',
    params: contract.RecipientParams,
    body: contract.RevokeRequest,
    answer: contract.RevokeAnswer,
  },
  commitEvents: {
    method: 'POST',
    path: '/events',
    action: 'event.commit',
    role: 'vendor',
    event: 'as requested',
    body: contract.CommitRequest,
    answer: contract.CommitAnswer,
  },
  listEvents: {
    method: 'GET',
    path: '/events',
    action: 'event.list',
    role: 'vendor',
    event: null,
    why: 'the log itself, read by the party that keeps it',
    query: contract.EventsQuery,
    answer: contract.EventsAnswer,
  },
  proveEvent: {
    method: 'GET',
    path: '/events/:index/proof',
    action: 'event.prove',
    role: 'vendor',
    event: null,
    why: 'the log itself, read by the party that keeps it',
    params: contract.EventParams,
    answer: contract.ProvenEvent,
  },
  proveEvents: {
    method: 'POST',
    path: '/proofs',
    action: 'event.prove',
    role: 'vendor',
    event: null,
    why: 'the log itself, read by the party that keeps it',
    body: contract.ProveRequest,
    answer: contract.ProveAnswer,
  },
  putPackage: {
    method: 'PUT',
    path: '/packages/:id',
    action: 'package.issue',
    role: 'vendor',
    event: 'copy.issued',
    params: contract.PackageParams,
    query: contract.PutPackageQuery,
    body: 'bytes',
    answer: contract.PutPackageAnswer,
  },
  listPackages: {
    method: 'GET',
    path: '/packages',
    action: 'package.list',
    role: 'vendor',
    event: null,
    why: 'states of deliveries, no content',
    query: contract.ListQuery,
    answer: contract.PackagesAnswer,
  },
  putBackup: {
    method: 'PUT',
    path: '/vault/backups',
    action: 'vault.back-up',
    role: 'vendor',
    event: 'admin.action',
    query: contract.PutBackupQuery,
    body: 'bytes',
    answer: contract.BackupStatus,
  },
  listBackups: {
    method: 'GET',
    path: '/vault/backups',
    action: 'vault.back-up',
    role: 'vendor',
    event: null,
    why: 'sizes and hashes of ciphertext',
    answer: contract.BackupsAnswer,
  },
  fetchBackup: {
    method: 'GET',
    path: '/vault/backups/:version',
    action: 'vault.back-up',
    role: 'vendor',
    event: null,
    why: "the vendor's own vault as ciphertext, which only its members open",
    params: contract.BackupParams,
    answer: 'bytes',
  },
  me: {
    method: 'GET',
    path: '/me',
    action: 'me.read',
    role: 'partner',
    event: null,
    why: 'what the recipient itself gave',
    answer: contract.MeAnswer,
  },
  listMyPackages: {
    method: 'GET',
    path: '/me/packages',
    action: 'package.list-own',
    role: 'partner',
    event: null,
    why: 'states of own deliveries, no content',
    query: contract.ListQuery,
    answer: contract.PackagesAnswer,
  },
  fetchPackage: {
    method: 'GET',
    path: '/me/packages/:id',
    action: 'package.fetch-own',
    role: 'partner',
    event: 'copy.delivered',
    params: contract.PackageParams,
    answer: 'bytes',
  },
  fetchBody: {
    method: 'GET',
    path: '/me/packages/:id/body',
    action: 'package.fetch-own',
    role: 'partner',
    event: null,
    why: 'ciphertext that its package opens; the hand-over of that is timed and logged',
    params: contract.PackageParams,
    answer: 'bytes',
  },
  acknowledgePackage: {
    method: 'PUT',
    path: '/me/packages/:id/receipt',
    action: 'package.acknowledge-own',
    role: 'partner',
    event: 'copy.acknowledged',
    params: contract.PackageParams,
    body: contract.ReceiptRequest,
    answer: contract.ProvenEvent,
  },
  checkpoint: {
    method: 'GET',
    path: '/checkpoint',
    action: 'log.read',
    role: 'any',
    event: null,
    why: 'size and root only',
    query: contract.CheckpointQuery,
    answer: 'text',
  },
  tile: {
    method: 'GET',
    path: '/tile/*',
    action: 'log.read',
    role: 'any',
    event: null,
    why: 'hashes and blinded leaves only',
    answer: 'bytes',
  },
  health: {
    method: 'GET',
    path: '/health',
    action: 'health.read',
    role: 'public',
    event: null,
    why: 'one bit, for monitors',
    answer: contract.HealthAnswer,
  },
} as const satisfies Readonly<Record<string, Route>>

/** Name of a route. */
export type RouteName = keyof typeof routes
