import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { generateNoteKey, noteSigner, type NoteSigner, noteVerifier, parseSecretKey } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { type FolderLock, takeFolderLock } from '@sigillo/seal/folder-lock'
import type { Verifier } from '@sigillo/tlog/note'
import { ED25519, ED25519_COSIGNATURE, parseVkey } from '@sigillo/tlog/vkey'
import { TlogError } from '@sigillo/tlog/errors'
import { WitnessError } from './errors.ts'
import { readIfThere, writeDurably } from '@sigillo/seal/durable-file'
import { createState, openState, type State } from './state-file.ts'

/** Files of a witness's folder. */
export const KEY_FILE = 'witness.key'
/** The key that will replace it, while both cosign. */
export const NEXT_KEY_FILE = 'witness.key.next'
/** Newest tree cosigned for each log: never restore it from a backup. */
export const STATE_FILE = 'witness.state'
/** The logs that are followed, one line `log <vkey>` each; edited by the operator, read at the start and at SIGHUP. */
export const LOGS_FILE = 'logs.txt'

/**
 * Takes a witness's folder for this process: two with one key and one memory could cosign two histories. Throws {@link WitnessError} `locked`.
 */
export function lockWitnessFolder(dir: string): FolderLock {
  return takeFolderLock(dir, { file: 'witness.lock', refusal: (message) => new WitnessError('locked', message) })
}

/** What a witness reads, and may read again. */
export interface WitnessKeys {
  /** The keys that cosign, the oldest first: two while one is replaced. */
  readonly signers: readonly NoteSigner[]
  readonly keysOf: (origin: string) => readonly Verifier[]
}

/** What a witness runs with. */
export interface WitnessFolder extends WitnessKeys {
  readonly state: State
}

/**
 * Makes the folder of a new witness: key, empty state, list of logs. `name` is the key's name: an address without scheme under a
 * domain of the organisation that runs it, never the log's. Returns the verifier key to give to logs and verifiers.
 * Throws {@link WitnessError} `bad-options`, `exists`.
 */
export async function initWitness(
  dir: string,
  options: {
    readonly name: string
    /** Verifier keys of the logs to follow. */
    readonly logs: readonly string[]
    readonly random?: (length: number) => Uint8Array
  },
): Promise<string> {
  const key = asOption(() => generateNoteKey(options.name, options.random ?? randomBytes, ED25519_COSIGNATURE))
  for (const log of options.logs) readLogKey(log, 'the log key')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (readdirSync(dir).length > 0) throw new WitnessError('exists', `${dir} is not empty; give a new folder`)
  await writeDurably(join(dir, LOGS_FILE), options.logs.map((log) => `log ${log}\n`).join(''))
  await createState(join(dir, STATE_FILE))
  // Last: a folder without key is no witness yet.
  await writeDurably(join(dir, KEY_FILE), `${key.secret}\n`)
  return key.vkey
}

/** Opens a witness's folder. Throws {@link WitnessError} `bad-folder`, `bad-key-file`, `bad-state`, `bad-options` for a bad line of the list. */
export async function openWitnessFolder(dir: string): Promise<WitnessFolder> {
  const keys = await readWitnessKeys(dir)
  const state = await openState(
    join(dir, STATE_FILE),
    keys.signers.map(({ vkey }) => noteVerifier(vkey)),
  )
  return { ...keys, state }
}

async function readWitnessKeys(dir: string): Promise<WitnessKeys> {
  const signers = await readKeys(dir)
  const logs = await readLogs(join(dir, LOGS_FILE))
  return { signers, keysOf: (origin) => logs.filter((log) => log.name === origin) }
}

/**
 * Reads keys and logs again; what the witness remembers stays. Throws {@link WitnessError} `bad-folder`, `bad-key-file`, `bad-options` for a bad line of
 * the list, and `bad-key-file` when a key that cosigns now is not there: that is for a stopped witness.
 */
export async function readFolderAgain(dir: string, folder: WitnessFolder): Promise<WitnessFolder> {
  const keys = await readWitnessKeys(dir)
  const found = new Set(keys.signers.map(({ vkey }) => vkey))
  const lost = folder.signers.find(({ vkey }) => !found.has(vkey))
  if (lost !== undefined)
    throw new WitnessError('bad-key-file', `${dir} no longer holds ${lost.vkey}, which cosigns; stop the witness first`)
  return { ...keys, state: folder.state }
}

/** The keys of a witness, the oldest first. Throws {@link WitnessError} `bad-folder`, `bad-key-file`. */
export async function readKeys(dir: string): Promise<readonly NoteSigner[]> {
  const own = await readKey(join(dir, KEY_FILE))
  if (own === null) throw new WitnessError('bad-folder', `${join(dir, KEY_FILE)} is missing`)
  const next = await readKey(join(dir, NEXT_KEY_FILE))
  return next === null ? [own] : [own, next]
}

async function readKey(path: string): Promise<NoteSigner | null> {
  const secret = await readIfThere(path)
  if (secret === null) return null
  try {
    if (parseSecretKey(secret).type === ED25519_COSIGNATURE) return noteSigner(secret)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new WitnessError('bad-key-file', `${path} is damaged: ${error.message}`, { cause: error })
  }
  throw new WitnessError('bad-key-file', `${path} holds a key of another kind than a witness's`)
}

async function readLogs(path: string): Promise<readonly Verifier[]> {
  const text = await readIfThere(path)
  if (text === null)
    throw new WitnessError('bad-folder', `${path} is missing; it names the logs, a line "log <vkey>" each`)
  return text.split('\n').flatMap((line, at) => {
    const [keyword = '', ...items] = line.trim().split(/\s+/)
    if (keyword === '' || keyword.startsWith('#')) return []
    const [vkey = ''] = items
    const where = `${path} line ${at + 1}`
    if (keyword !== 'log' || items.length !== 1) throw new WitnessError('bad-options', `${where}: expected log <vkey>`)
    return [readLogKey(vkey, where)]
  })
}

function readLogKey(text: string, where: string): Verifier {
  try {
    if (parseVkey(text).type === ED25519) return noteVerifier(text)
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    throw new WitnessError('bad-options', `${where}: ${error.message}`, { cause: error })
  }
  throw new WitnessError('bad-options', `${where}: this is a witness's key, not a log's`)
}

function asOption<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new WitnessError('bad-options', `no witness can have this name: ${error.message}`, { cause: error })
  }
}
