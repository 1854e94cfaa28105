import { type Checkpoint, parseCheckpoint } from '@sigillo/tlog/checkpoint'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { isOfKey, parseNote, type Verifier } from '@sigillo/tlog/note'
import { WitnessError } from './errors.ts'
import { readIfThere, writeDurably } from '@sigillo/seal/durable-file'

const schema = 'sigillo-witness-state/1'

/** The newest tree cosigned for one log. */
export interface Cosigned {
  readonly checkpoint: Checkpoint
  /** The checkpoint with the log's signatures and our cosignature. */
  readonly note: Uint8Array
}

/** What a witness has to remember: for each log the newest tree that it cosigned. One file, replaced whole. */
export interface State {
  readonly latest: (origin: string) => Cosigned | null
  readonly origins: () => readonly string[]
  /**
   * Stores a newer tree. When it resolves, the state is on disk and the signature may leave; when it rejects, the signature must
   * not: on disk is then the old state or the new one.
   */
  readonly store: (cosigned: Cosigned) => Promise<void>
}

/** Makes the empty state of a new witness. */
export async function createState(path: string): Promise<void> {
  await writeDurably(path, format(new Map()))
}

/**
 * Reads the state at `path`. Every stored checkpoint must carry a good cosignature of one of `own`, so that neither a damaged file nor the
 * state of another witness is taken for ours. Throws {@link WitnessError} `bad-state`, also when there is no file: a witness that
 * forgot what it cosigned must not go on under the same key.
 */
export async function openState(path: string, own: readonly Verifier[]): Promise<State> {
  const text = await readIfThere(path)
  if (text === null) throw lost(path, 'is missing')
  const logs = new Map<string, Cosigned>()
  for (const [origin, note] of Object.entries(parse(text, path))) {
    const cosigned = open(note, own)
    if (cosigned === null || cosigned.checkpoint.origin !== origin) throw lost(path, `is damaged at log ${origin}`)
    logs.set(origin, cosigned)
  }
  return {
    latest: (origin) => logs.get(origin) ?? null,
    origins: () => [...logs.keys()],
    store: async (cosigned) => {
      const next = new Map(logs).set(cosigned.checkpoint.origin, cosigned)
      await writeDurably(path, format(next))
      logs.set(cosigned.checkpoint.origin, cosigned)
    },
  }
}

function format(logs: ReadonlyMap<string, Cosigned>): string {
  const notes = [...logs].map(([origin, { note }]) => [origin, fromUtf8(note)] as const)
  return `${JSON.stringify({ schema, logs: Object.fromEntries(notes) }, null, 2)}\n`
}

function parse(text: string, path: string): Record<string, string> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw lost(path, 'is not JSON')
  }
  if (!isRecord(value) || value['schema'] !== schema || !isRecord(value['logs']))
    throw lost(path, `is not of the form ${schema}`)
  const notes: Record<string, string> = Object.create(null)
  for (const [origin, note] of Object.entries(value['logs'])) {
    if (typeof note !== 'string') throw lost(path, `is damaged at log ${origin}`)
    notes[origin] = note
  }
  return notes
}

/** A stored note whose cosignature is ours and good; the log's keys may have changed since, so they are not asked. */
function open(note: string, own: readonly Verifier[]): Cosigned | null {
  try {
    const bytes = utf8(note)
    const { text, signatures } = parseNote(bytes)
    const ours = signatures.flatMap((signature) =>
      own.filter((key) => isOfKey(signature, key)).map((key) => key.verify(utf8(text), signature.signature)),
    )
    if (ours.length === 0 || ours.includes(false)) return null
    return { checkpoint: parseCheckpoint(text), note: bytes }
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lost(path: string, what: string): WitnessError {
  return new WitnessError(
    'bad-state',
    `${path} ${what}; a witness that does not know what it cosigned must not cosign again: retire this key and start a new witness`,
  )
}
