import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { joinPackage } from '@sigillo/seal/package-parts'
import type { Desk } from './context.ts'
import type { PackageRecord } from './documents.ts'
import { writeDurably } from './durable-file.ts'
import { DeskError } from './errors.ts'

/** A package with the body that it shares with others. */
export interface SealedCopy {
  readonly record: PackageRecord
  /** Without its body. */
  readonly bytes: Uint8Array
  readonly body: Uint8Array
}

/** Where a sealed package, without its body, waits until it is pushed or handed over; it is ciphertext. */
export function outboxPath(desk: Desk, packageId: string): string {
  return join(desk.vault.dir, 'outbox', `${packageId}.sigillo`)
}

/** Where a body waits; it is ciphertext. */
function bodyPath(desk: Desk, sha256: string): string {
  return join(desk.vault.dir, 'outbox', `${sha256}.body.age`)
}

/** Writes packages into the outbox, and each of their bodies once. @throws DeskError `not-writable` */
export async function keepInOutbox(desk: Desk, copies: readonly SealedCopy[]): Promise<void> {
  const bodies = new Map(copies.map(({ record, body }) => [record.body ?? '', body]))
  for (const [sha256, body] of bodies) await writeDurably(bodyPath(desk, sha256), body)
  for (const { record, bytes } of copies) await writeDurably(outboxPath(desk, record.id), bytes)
}

/** A package of the outbox as it was sealed: without its body, where it has one apart. @throws DeskError `missing-file` */
export function readPackage(desk: Desk, record: PackageRecord): Promise<Uint8Array> {
  return readOutbox(outboxPath(desk, record.id))
}

/** A package of the outbox that opens by itself. @throws DeskError `missing-file` */
export async function readWholePackage(desk: Desk, record: PackageRecord): Promise<Uint8Array> {
  const bytes = await readPackage(desk, record)
  return record.body === undefined ? bytes : joinPackage(bytes, await readOutbox(bodyPath(desk, record.body)))
}

async function readOutbox(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new DeskError(
      'missing-file',
      `the sealed package ${path} is gone; restore the vault's outbox from a backup`,
      {
        cause,
      },
    )
  }
}
