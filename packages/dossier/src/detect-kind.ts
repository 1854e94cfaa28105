import { parseNote } from '@sigillo/tlog/note'
import { parseCheckpoint } from '@sigillo/tlog/checkpoint'
import { TlogError } from '@sigillo/tlog/errors'
import type { FileKind } from './claim.ts'

/** How files of each kind begin; archives of ours are sorted, so their first member's name is the same in all of one kind. */
const BEGINNINGS: readonly (readonly [FileKind, string])[] = [
  ['dossier', 'README.txt\0'],
  ['package', 'body.age\0'],
  ['receipt', 'sigillo-receipt/1\n'],
  ['proof', 'c2sp.org/tlog-proof@v1\n'],
]

/** What kind of file `bytes` are, by their content alone; `null` when they are none of ours. Says nothing about whether they are sound. */
export function detectKind(bytes: Uint8Array): FileKind | null {
  const head = Buffer.from(bytes.subarray(0, 32)).toString('latin1')
  const found = BEGINNINGS.find(([, beginning]) => head.startsWith(beginning))
  if (found !== undefined) return found[0]
  return isCheckpoint(bytes) ? 'checkpoint' : null
}

function isCheckpoint(bytes: Uint8Array): boolean {
  try {
    parseCheckpoint(parseNote(bytes).text)
    return true
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return false
  }
}
