import { listEvents } from '@sigillo/db/events'
import { parseCheckpoint } from '@sigillo/tlog/checkpoint'
import { fromUtf8, toHex } from '@sigillo/tlog/encoding'
import type { LogReader } from '@sigillo/tlog/fsck'
import { parseLeaf } from '@sigillo/tlog/leaf'
import { parseNote } from '@sigillo/tlog/note'
import { TILE_WIDTH, tileHolding } from '@sigillo/tlog/tile'
import { readBundle } from '@sigillo/tlog/tile-reader'
import type { HubLog } from './hub-log.ts'

/** What `sigillo log show` prints: for programs and for people. */
export interface Shown {
  readonly value: object
  readonly lines: readonly string[]
}

interface Head {
  readonly size: number
  readonly note: string
}

/** Checkpoint and newest leaves of a folder of tiles. @throws TlogError when they cannot be parsed or are missing */
export async function showTileFolder(reader: LogReader, count: number): Promise<Shown> {
  const head = await headOf(reader)
  const leaves: { index: number; label: string; commitment: string }[] = []
  for (let index = Math.max(0, head.size - count); index < head.size; ) {
    const tile = tileHolding('entries', index, head.size)
    if (tile === null) break
    const entries = await readBundle(tile, reader.tile)
    for (const entry of entries.slice(index % TILE_WIDTH)) {
      const { label, commitment } = parseLeaf(entry)
      leaves.push({ index: index++, label: toHex(label), commitment: toHex(commitment) })
    }
  }
  const lines = leaves.map(({ index, label, commitment }) => `${index}  label ${label}  commitment ${commitment}`)
  return { value: { ...head, leaves }, lines: [...head.note.trimEnd().split('\n'), '', ...lines] }
}

/** Checkpoint and newest events of a hub. @throws TlogError when the checkpoint cannot be parsed */
export async function showHubLog({ tx, reader }: HubLog, count: number): Promise<Shown> {
  const head = await headOf(reader)
  const rows = await listEvents(tx, { after: head.size - count - 1, limit: count })
  const events = rows.map(({ idx, at, type, stream, n, subject, body, erased_index, erased_at }) => {
    const by = erased_index === null || erased_at === null ? null : { index: erased_index, at: erased_at.toISOString() }
    return { index: idx, at: at.toISOString(), type, stream, n, subject, erased: body === null, erasure: by }
  })
  const lines = events.map(
    ({ index, at, type, stream, n, subject, erased, erasure }) =>
      `${index}  ${at}  ${type}  ${stream}#${n}  ${subject}${erased ? `  (erased${whenErased(erasure)})` : ''}`,
  )
  return { value: { ...head, events }, lines: [...head.note.trimEnd().split('\n'), '', ...lines] }
}

function whenErased(erasure: { readonly index: number; readonly at: string } | null): string {
  return erasure === null ? '' : ` on ${erasure.at}, event ${erasure.index}`
}

async function headOf(reader: LogReader): Promise<Head> {
  const note = await reader.checkpoint()
  const { size } = parseCheckpoint(parseNote(note).text)
  return { size, note: fromUtf8(note) }
}
