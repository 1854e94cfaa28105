import { fsck, type LogIsBroken } from '@sigillo/tlog/fsck'
import { formatFork, parseFork, verifyFork } from '@sigillo/tlog/fork'
import { logVerifier, readerOf, type SampleLog } from '../sample-log.ts'
import type { Edit, Storage } from './edit.ts'
import { CHECKPOINT_EDITS } from './of-checkpoints.ts'
import { ENTRY_EDITS } from './of-entries.ts'
import { TILE_EDITS } from './of-tiles.ts'
import { keptOf, SIGNED_EDITS } from './signed-anew.ts'

/** What fsck said about one falsified log. */
export interface EditRow {
  readonly id: string
  readonly by: 'storage' | 'log key'
  readonly of: 'entries' | 'tiles' | 'checkpoint' | 'history'
  readonly what: string
  readonly found: boolean
  /** The resource that fsck named, and the one that it must name. */
  readonly path: string | null
  readonly expected: string
  readonly reason: string
  /** Whether the evidence that fsck gave stands on its own; only for histories signed anew. */
  readonly proven?: boolean
}

type Kind = Pick<EditRow, 'by' | 'of'> & { readonly edits: readonly (Edit & { readonly proven?: boolean })[] }

const KINDS: readonly Kind[] = [
  { by: 'storage', of: 'entries', edits: ENTRY_EDITS },
  { by: 'storage', of: 'tiles', edits: TILE_EDITS },
  { by: 'storage', of: 'checkpoint', edits: CHECKPOINT_EDITS },
  { by: 'log key', of: 'history', edits: SIGNED_EDITS },
]

/** All edits, in the order of the tables. */
export const ALL_EDITS: readonly (Omit<Kind, 'edits'> & { readonly edit: Kind['edits'][number] })[] = KINDS.flatMap(
  ({ by, of, edits }) => edits.map((edit) => ({ by, of, edit })),
)

/** Falsifies a copy of the log in one way and runs fsck; only who rewrote history with the key is met by a kept checkpoint. */
export async function runEdit(log: SampleLog, { by, of, edit }: (typeof ALL_EDITS)[number]): Promise<EditRow> {
  const storage: Storage = { files: new Map(log.files), checkpoint: log.checkpoints.at(-1)?.note ?? new Uint8Array(0) }
  const expected = edit.edit(storage, log)
  const kept = by === 'log key' ? keptOf(log) : []
  const answer = await fsck(readerOf(storage.files, storage.checkpoint), [logVerifier], { kept })
  const row = { id: `${by} ${of} ${edit.what} ${log.size}`, by, of, what: edit.what, expected }
  if (answer.ok) return { ...row, found: false, path: null, reason: 'the log is whole' }
  const { path, reason } = answer
  const found = { ...row, found: path === expected, path, reason }
  return by === 'log key' ? { ...found, proven: standsAlone(answer) } : found
}

/** Reads the evidence from its file and judges it with nothing but the log's key. */
function standsAlone({ fork }: LogIsBroken): boolean {
  return fork !== undefined && verifyFork(parseFork(formatFork(fork)), [logVerifier]).ok
}
