import { describe, expect, it } from 'vitest'
import { testKey } from '../test/node-ed25519.ts'
import { signCheckpoint } from './checkpoint.ts'
import { utf8 } from './encoding.ts'
import { type ForkEvidence, formatFork, parseFork, verifyFork } from './fork.ts'
import { fsck } from './fsck.ts'
import { createMemoryLog, type MemoryLog } from './memory-log.ts'

const key = testKey('vendor.example/log')
const logOf = (...entries: readonly string[]): MemoryLog => {
  const log = createMemoryLog(key.signer)
  log.append(entries.map(utf8))
  return log
}
const shown = logOf('a', 'b', 'c')

/** What fsck finds in `log` against the checkpoint of the history that was shown. */
const evidenceAgainst = async (log: MemoryLog): Promise<ForkEvidence> => {
  const answer = await fsck(log, [key.verifier], { kept: [await shown.checkpoint()] })
  if (answer.ok || answer.fork === undefined) throw new Error('no fork')
  return answer.fork
}

describe('evidence of a fork', () => {
  it.each([
    ['the same size', logOf('a', 'b', 'x')],
    ['a later size', logOf('a', 'x', 'c', 'd', 'e')],
  ])('holds by itself at %s, also after its file was read again', async (_, rewritten) => {
    const evidence = parseFork(formatFork(await evidenceAgainst(rewritten)))
    expect(verifyFork(evidence, [key.verifier])).toMatchObject({
      ok: true,
      first: { size: 3, root: shown.root() },
      second: { size: rewritten.size() },
    })
  })

  it('cannot be made against an honest log', async () => {
    const grown = logOf('a', 'b', 'c', 'd', 'e')
    const honest = {
      first: await shown.checkpoint(),
      second: await grown.checkpoint(),
      prefixRoot: shown.root(),
      proof: await grown.consistency(3),
    }
    expect(verifyFork(honest, [key.verifier])).toMatchObject({ ok: false, reason: expect.stringContaining('no fork') })
    expect(verifyFork({ ...honest, prefixRoot: new Uint8Array(32) }, [key.verifier]).ok).toBe(false)
    expect(verifyFork({ ...honest, first: honest.second, second: honest.first }, [key.verifier]).ok).toBe(false)
  })

  it('is refused with any part changed, or under another key', async () => {
    const evidence = await evidenceAgainst(logOf('a', 'x', 'c', 'd', 'e'))
    const foreign = testKey('vendor.example/log', 1, new Uint8Array(32))
    expect(verifyFork(evidence, [foreign.verifier]).ok).toBe(false)
    const forged = signCheckpoint({ origin: 'vendor.example/log', size: 3, root: new Uint8Array(32) }, [foreign.signer])
    for (const wrong of [{ first: forged }, { second: forged }, { proof: evidence.proof.slice(1) }, { proof: [] }])
      expect(verifyFork({ ...evidence, ...wrong }, [key.verifier]).ok).toBe(false)
  })

  it('is refused when the two checkpoints are of two logs', async () => {
    const other = testKey('other.example/log')
    const second = signCheckpoint({ origin: 'other.example/log', size: 3, root: new Uint8Array(32) }, [other.signer])
    const first = await shown.checkpoint()
    const evidence = { first, second, prefixRoot: new Uint8Array(32), proof: [] }
    expect(verifyFork(evidence, [key.verifier, other.verifier])).toMatchObject({
      ok: false,
      reason: expect.stringContaining('two logs'),
    })
  })

  it.each(['', '{}', '{"type":"sigillo/fork/v1"}', 'null', '[]'])('is not read from %j', (text) => {
    expect(() => parseFork(utf8(text))).toThrow(expect.objectContaining({ code: 'bad-proof' }))
  })
})
