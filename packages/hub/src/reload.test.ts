import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@sigillo/testkit/postgres'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { expect, test } from 'vitest'
import { readNote, startTestHub, type TestHub } from './programme.fixture.ts'
import { rotateLogKey } from './signer/rotate-key.ts'
import { serveSigner } from './signer/serve-signer.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

test('two hubs on one PostgreSQL learn the new key of their signer one after the other, while both write', async ({
  skip,
}) => {
  const postgres = await startPostgres()
  if (postgres === null) {
    skip('no PostgreSQL server')
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'reload-'))
  const [dir, socket] = [join(folder, 'signer'), join(folder, 'run', 'socket')]
  const signer = await serveSigner({ dataDir: dir, socket, origin: 'hub.example/log', random })
  const options = { databaseUrl: await postgres.createDatabase(), signer: socket }
  const first = await startTestHub({ ...options, dataDir: join(folder, 'one') })
  const second = await startTestHub({ ...options, dataDir: join(folder, 'two') }, first.vendorToken)
  try {
    const roots = new Map<number, string>()
    const ending = new AbortController()
    const write = async (hub: TestHub): Promise<void> => {
      while (!ending.signal.aborted) {
        await hub.vendor.commit([{ type: 'leak.reported', stream: 'admin', subject: 'one', data: {} }])
        const { size, root } = readNote(await hub.vendor.checkpoint())
        expect(roots.get(size) ?? root).toBe(root)
        roots.set(size, root)
      }
    }
    const writing = Promise.all([write(first), write(second)])
    writing.catch(() => undefined)
    const { oldKey, newKey } = await rotateLogKey(dir, random)
    await signer.reload()
    for (const { hub } of [first, second]) expect((await hub.reload()).logKeys).toEqual([oldKey, newKey])
    const both = await second.vendor.checkpoint()
    for (const key of [oldKey, newKey]) expect(openCheckpoint(utf8(both), [noteVerifier(key)]).ok).toBe(true)
    ending.abort()
    await writing
    expect(roots.size).toBeGreaterThan(0)
  } finally {
    await Promise.all([first.stop(), second.stop()])
    await signer.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
