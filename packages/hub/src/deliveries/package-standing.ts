import { listEmbargoes } from '@sigillo/db/embargoes'
import { findPackages, type PackageStatus } from '@sigillo/db/packages'
import type { Tx } from '@sigillo/db/schema'
import type { Release } from '@sigillo/programme/release-rule'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { erasedError } from '../erasures/erased.ts'
import { releaseOfPackage } from './package-release.ts'

/** Which package, asked for by whom. */
export interface PackageWish {
  readonly id: string
  readonly recipientId: string
}

/** A package that may leave; with `waits`, only once its case is lifted, whose planned instant (epoch milliseconds) has come. */
export interface Standing {
  readonly row: PackageStatus
  readonly waits: number | null
}

/**
 * Whether each of the recipients may have its package now; for what it may not have, why. Foreign and missing packages are the same
 * `not-found`; before its time a package is `not-yet`, `frozen` once its embargo broke, and `erased` once it was erased. An instant has come when every clock is
 * past it.
 */
export async function standingsOf(
  hub: Pick<HubContext, 'time'>,
  tx: Tx,
  wishes: readonly PackageWish[],
): Promise<readonly (Standing | HubError)[]> {
  const rows = new Map((await findPackages(tx, distinct(wishes.map(({ id }) => id)))).map((row) => [row.id, row]))
  const caseIds = distinct([...rows.values()].map((row) => row.case_id))
  const embargoes = new Map((await listEmbargoes(tx, caseIds)).map((row) => [row.case_id, row]))
  const found = wishes.map(({ id, recipientId }) => {
    const row = rows.get(id)
    if (row?.recipient_id !== recipientId) return null
    const release = releaseOfPackage(row, embargoes.get(row.case_id) ?? null)
    return { row, release, instant: instantOf(release) }
  })
  const isTimed = found.some((one) => one !== null && one.instant !== null)
  const readings = isTimed ? await hub.time.readings(tx) : []
  const hasCome = (instant: number): boolean => readings.every(({ ms }) => ms >= instant)
  return found.map((one) => {
    if (one === null) return new HubError('not-found', 'there is no such package for this token')
    const { row, release, instant } = one
    if (row.erased_index !== null) return erasedError(`package ${row.id}`, row.erased_index, row.erased_at)
    if (release.kind === 'now') return { row, waits: null }
    if (release.kind === 'frozen') {
      const why = 'nothing is handed over until the vendor says how'
      return new HubError('frozen', `the embargo of package ${row.id} broke; ${why}`)
    }
    if (instant === null) return notYet(row, 'and no release is planned; ask again later')
    if (!hasCome(instant)) return notYet(row, `until ${iso(instant)}; fetch it then`)
    return { row, waits: release.kind === 'with-lift' ? instant : null }
  })
}

/** Why a package is not given although its instant has come. */
export function heldBack(row: PackageStatus, instant: number): HubError {
  return notYet(row, `since its release at ${iso(instant)} is held; try again later`)
}

function notYet(row: PackageStatus, untilWhen: string): HubError {
  return new HubError('not-yet', `package ${row.id} is under embargo ${untilWhen}`)
}

function instantOf(release: Release): number | null {
  if (release.kind === 'from') return release.instant
  return release.kind === 'with-lift' ? release.planned : null
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}

const iso = (instant: number): string => new Date(instant).toISOString()
