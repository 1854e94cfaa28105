import { describe, expect, test } from 'vitest'
import { renewableWitnesses } from './renewable-witnesses.ts'
import { noWitnesses, type Witnesses } from './witnesses.ts'

/** Witnesses whose quorum never comes: who waits has null when the time is over or they are closed. */
function silent(): Witnesses {
  const closed = Promise.withResolvers<null>()
  return {
    ...noWitnesses,
    covering: (_size, waitMs) =>
      Promise.race([closed.promise, new Promise<null>((resolve) => setTimeout(resolve, waitMs, null))]),
    close: () => Promise.resolve(closed.resolve(null)),
  }
}
const signed = { size: 7, checkpoint: 'hub.example/log\n7\n' }

describe('witnesses that are replaced', () => {
  test('let who waits for a quorum wait on for that of those who follow', async () => {
    const witnesses = renewableWitnesses(silent())
    const waiting = witnesses.covering(7, 5_000)
    await witnesses.replace({ ...noWitnesses, covering: () => Promise.resolve(signed) })
    expect(await waiting).toEqual(signed)
  })

  test('let nobody wait longer for it than was asked', async () => {
    const witnesses = renewableWitnesses(silent())
    const waiting = witnesses.covering(7, 60)
    await witnesses.replace(silent())
    const from = performance.now()
    expect(await waiting).toBeNull()
    expect(performance.now() - from).toBeLessThan(1_000)
  })

  test('are asked for nothing any more, and hear of the tree that stands', async () => {
    const heard: string[] = []
    const named = (name: string): Witnesses => ({ ...noWitnesses, notify: () => heard.push(name) })
    const witnesses = renewableWitnesses(named('old'))
    await witnesses.replace({ ...named('new'), release: 'witnessed' })
    witnesses.notify()
    expect(heard).toEqual(['new', 'new'])
    expect(witnesses.release).toBe('witnessed')
  })
})
