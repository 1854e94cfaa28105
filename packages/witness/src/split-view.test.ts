import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noteSigner, noteVerifier } from '@sigillo/seal/ed25519'
import { verifyCosignature } from '@sigillo/tlog/cosignature'
import { toHex, utf8 } from '@sigillo/tlog/encoding'
import { createMemoryLog } from '@sigillo/tlog/memory-log'
import { leafHash, rootOfLeaves } from '@sigillo/tlog/merkle'
import { parseNote, parseSignatureLine } from '@sigillo/tlog/note'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWitness } from './start-witness.ts'
import { logKey, post, submission } from './two-histories.fixture.ts'
import { initWitness } from './witness-folder.ts'

const program = `
import { startWitness } from ${JSON.stringify(new URL('./start-witness.ts', import.meta.url).href)}
const { url } = await startWitness({ dir: process.argv[1] })
console.log(url)`

let dir: string
let vkey: string
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'split-view-'))
  vkey = await initWitness(dir, { name: 'witness.example/w1', logs: [logKey.vkey] })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** A tree that the witness put its name to. */
interface Released {
  readonly leaves: readonly string[]
  readonly root: string
}

/**
 * A log whose operator signs any continuation of any tree that the witness may have cosigned, and remembers what it was given.
 * `told` is the size that the witness last said it was at.
 */
function dishonestLog() {
  const submitted = new Map<number, (readonly string[])[]>([[0, [[]]]])
  const released: Released[] = []
  let told = 0
  let count = 0
  const attempt = async (url: string): Promise<void> => {
    const bases = submitted.get(told) ?? [[]]
    const base = bases[Math.floor(Math.random() * bases.length)] ?? []
    const leaves = [...base, ...Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => `leaf ${count++}`)]
    submitted.set(leaves.length, [...(submitted.get(leaves.length) ?? []), leaves])
    const log = createMemoryLog(noteSigner(logKey.secret))
    log.append(leaves.map(utf8))
    const answer = await post(url, await submission(log, base.length))
    if (answer.status === 409) told = Number(answer.text)
    if (answer.status !== 200) return
    const { text } = parseNote(await log.checkpoint())
    expect(verifyCosignature(text, parseSignatureLine(answer.text.trim()), noteVerifier(vkey)).ok).toBe(true)
    released.push({ leaves, root: toHex(log.root()) })
    told = leaves.length
  }
  return { attempt, released }
}

/** Every tree that was cosigned is a beginning of the largest one. */
function expectOneHistory(released: readonly Released[]): void {
  const longest = released.reduce((a, b) => (b.leaves.length > a.leaves.length ? b : a)).leaves
  const hashes = longest.map((leaf) => leafHash(utf8(leaf)))
  for (const { leaves, root } of released)
    expect(root, `a tree of ${leaves.length} leaves`).toBe(toHex(rootOfLeaves(hashes.slice(0, leaves.length))))
  expect(released.length).toBeGreaterThan(rounds)
}

interface Running {
  readonly url: string
  kill(): Promise<void>
}

async function spawnWitness(): Promise<Running> {
  const args = ['--conditions=@sigillo/source', '--input-type=module', '-e', program, dir]
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
    child.once('exit', () => reject(new Error('the witness did not start')))
  })
  return { url, kill: async () => (child.kill('SIGKILL'), await ended) }
}

/** Rounds of killing; more of them with SLOW=1. */
const rounds = process.env['SLOW'] === undefined ? 6 : 200
const attempts = process.env['SLOW'] === undefined ? 1_000 : 10_000

describe('a log that signs whatever it likes', () => {
  test('gets cosignatures for one history only, however its requests interleave', async () => {
    const witness = await startWitness({ dir })
    const { attempt, released } = dishonestLog()
    let left = attempts
    const sender = async (): Promise<void> => {
      while (left-- > 0) await attempt(witness.url)
    }
    await Promise.all(Array.from({ length: 16 }, sender))
    await witness.stop()
    expectOneHistory(released)
  })

  test('gets no more out of a witness that is killed at any moment', async () => {
    const { attempt, released } = dishonestLog()
    for (let round = 0; round < rounds; round++) {
      const witness = await spawnWitness()
      const life = { over: false }
      const sender = async (): Promise<void> => {
        while (!life.over)
          await attempt(witness.url).catch((error: unknown) => {
            if (!(error instanceof TypeError)) throw error
          })
      }
      const senders = Promise.all(Array.from({ length: 8 }, sender))
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 300))
      await witness.kill()
      life.over = true
      await senders
    }
    expectOneHistory(released)
  })
})
