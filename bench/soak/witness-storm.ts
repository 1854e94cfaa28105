import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { runWitness, type WitnessProcess } from '@sigillo/testkit/witness-process'
import { formatSubmission } from '@sigillo/tlog/add-checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { createMemoryLog, type MemoryLog } from '@sigillo/tlog/memory-log'
import { initWitness } from '@sigillo/witness/witness-folder'
import type { Drill, Outcome } from './drill.ts'

const ORIGIN = 'log.example/early'
const SHARED = 20
const LARGEST = 60

/** Goal L7: two histories of one log, signed with its own key, are thrown at a witness at once; with and without `kill -9`. */
export const witnessStorm: Drill = {
  id: 'L7',
  title: 'two histories at once',
  goal: 'never two cosignatures that contradict',
  lacks: () => null,
  run: (size) => storms(size === 'full' ? 100 : 5, 10, 0),
}

/** The same, and the witness is killed in the middle of every storm. */
export const witnessKilled: Drill = {
  id: 'L7',
  title: 'two histories at once, witness killed',
  goal: 'never two cosignatures that contradict, through 200 kills',
  lacks: () => null,
  run: (size) => storms(size === 'full' ? 200 : 6, 10, 60),
}

interface Cosigned {
  readonly history: 0 | 1
  readonly size: number
}

/** `kill` is the longest time in milliseconds after which the witness dies in a storm; 0 for never. */
async function storms(count: number, clients: number, kill: number): Promise<Outcome> {
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  const key = generateNoteKey(ORIGIN)
  const histories = [history(key.secret, 'a'), history(key.secret, 'b')] as const
  let [asked, cosigned, contradictions, kills] = [0, 0, 0, 0]
  try {
    for (let storm = 0; storm < count; storm++) {
      const dir = join(folder, String(storm))
      await initWitness(dir, { name: 'witness.example/w', logs: [key.vkey] })
      let witness = await runWitness(dir, '0')
      const first = await rain(histories, clients, witness, kill)
      const seen = [...first.cosigned]
      asked += first.asked
      if (kill > 0) {
        kills++
        witness = await runWitness(dir, '0')
        const second = await rain(histories, clients, witness, 0)
        seen.push(...second.cosigned)
        asked += second.asked
      }
      await witness.kill()
      cosigned += seen.length
      contradictions += contradict(seen) ? 1 : 0
    }
    return {
      passed: contradictions === 0 && cosigned > count,
      figures: { witnesses: count, submissions: asked, kills, cosigned, contradictions },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A history at every size it went through; the two share their first leaves. */
type History = readonly MemoryLog[]

function history(secret: string, name: string): History {
  const leaves = Array.from({ length: LARGEST }, (_, i) =>
    utf8(i < SHARED ? `shared ${String(i)}` : `${name} ${String(i)}`),
  )
  return Array.from({ length: LARGEST + 1 }, (_, size) => {
    const log = createMemoryLog(noteSigner(secret))
    log.append(leaves.slice(0, size))
    return log
  })
}

interface Rain {
  readonly cosigned: readonly Cosigned[]
  readonly asked: number
}

/** Clients of both histories, all at once, each going on from the size that the witness names; until the end, a refusal or the kill. */
async function rain(
  histories: readonly [History, History],
  clients: number,
  witness: WitnessProcess,
  kill: number,
): Promise<Rain> {
  const dead = kill === 0 ? Promise.resolve() : later(Math.random() * kill).then(() => witness.kill())
  const all = await Promise.all(
    Array.from({ length: clients }, (_, at) =>
      climb(histories[at % 2 === 0 ? 0 : 1], at % 2 === 0 ? 0 : 1, witness.url),
    ),
  )
  await dead
  return { cosigned: all.flatMap(({ cosigned }) => cosigned), asked: all.reduce((sum, { asked }) => sum + asked, 0) }
}

async function climb(log: History, which: 0 | 1, url: string): Promise<Rain> {
  const cosigned: Cosigned[] = []
  let [oldSize, asked] = [0, 0]
  while (oldSize < LARGEST && asked < 4 * LARGEST) {
    const size = Math.min(LARGEST, oldSize + 1 + Math.floor(Math.random() * 4))
    const response = await submit(log, url, oldSize, size)
    asked++
    // A cosignature counts once its line arrived, whatever became of the connection after it.
    if (response?.status === 200) cosigned.push({ history: which, size })
    if (response?.status !== 200 && response?.status !== 409) break
    oldSize = response.status === 200 ? size : Number(response.text)
  }
  return { cosigned, asked }
}

async function submit(
  log: History,
  url: string,
  oldSize: number,
  size: number,
): Promise<{ readonly status: number; readonly text: string } | null> {
  const tree = log[size]
  if (tree === undefined) throw new Error('a history has every size')
  const proof = oldSize === 0 ? [] : await tree.consistency(oldSize)
  const body = new Uint8Array(formatSubmission({ oldSize, proof, checkpoint: await tree.checkpoint() }))
  try {
    const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
    return { status: response.status, text: await response.text() }
  } catch {
    return null
  }
}

/** Two trees of different histories, both larger than what the histories share. */
function contradict(seen: readonly Cosigned[]): boolean {
  const forked = seen.filter(({ size }) => size > SHARED).map(({ history: which }) => which)
  return new Set(forked).size > 1
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
