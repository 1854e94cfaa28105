import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionFitsTicket } from './handoff.ts'
import { BODY_LIMIT } from './request.ts'
import { startPosta, type RunningPosta } from './start.ts'

const SERVER = join(import.meta.dirname, 'server.ts')

describe('the command', () => {
  test.each([['--port', 'x'], ['--port', '70000'], ['--loud'], ['extra']])(
    'answers %s %s with status 2 and one line',
    (...args) => {
      const run = spawnSync(process.execPath, [SERVER, ...args], { encoding: 'utf8', timeout: 20_000 })
      expect([run.status, run.stdout, run.stderr.trim().split('\n').length]).toEqual([2, '', 1])
    },
  )

  test.each(['SIGTERM', 'end of standard input'])('ends at %s with status 0', async (how) => {
    const child = spawn(process.execPath, [SERVER, '--attached'], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    if (how === 'SIGTERM') child.kill('SIGTERM')
    else child.stdin.end()
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('the gateway', () => {
  let posta: RunningPosta
  beforeAll(async () => {
    posta = await startPosta()
  })
  afterAll(() => posta.stop())
  const get = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${posta.port}${path}`, init)

  test('sends its banner with every answer, errors too', async () => {
    for (const path of ['/status', '/board', '/nothing', '/folders']) {
      expect((await get(path)).headers.get('server')).toMatch(/^posta-toy\//)
    }
  })

  test.each(['/folders', '/messages', '/drafts', '/export', '/export/x-1', '/purge', '/close'])(
    '%s asks for a pass',
    async (path) => {
      expect((await get(path)).status).toBe(401)
      expect((await get(path, { headers: { authorization: 'Bearer undefined' } })).status).toBe(401)
    },
  )

  test('refuses a wrong password, an unknown ticket and a session that does not fit', async () => {
    expect((await get('/login?user=office@posta.example&password=x')).status).toBe(403)
    expect((await get('/handoff?ticket=T-0&session=a-0123456789')).status).toBe(404)
    const ticket = /T-[0-9A-F]+/.exec(await (await get('/board')).text())?.[0] ?? ''
    expect((await get(`/handoff?ticket=${ticket}&session=a-0123456789`)).status).toBe(403)
  })

  test('answers a body beyond the limit with 413 and hostile bodies without falling over', async () => {
    expect((await get('/status', { method: 'POST', body: 'x'.repeat(BODY_LIMIT + 1) })).status).toBe(413)
    const deep = '{"a":'.repeat(20_000)
    for (const body of [deep, '{', '%%%=%', '{"__proto__":{"x":1}}']) {
      expect((await get('/handoff', { method: 'POST', body })).status).toBe(404)
    }
    expect((await get('/status')).status).toBe(200)
  })
})

describe('the flaw', () => {
  test('wants at least ten characters of a digest of this ticket after prefix and separator', () => {
    const sha1 = 'a9993e364706816aba3e25717850c26c9cd0d89d' // of "abc", FIPS 180-4 example
    expect(sessionFitsTicket(`any-${sha1.slice(0, 10)}`, 'abc')).toBe(true)
    expect(sessionFitsTicket(`x~${sha1.toUpperCase()}`, 'abc')).toBe(true)
    expect(sessionFitsTicket(`any-${sha1.slice(0, 9)}`, 'abc')).toBe(false)
    expect(sessionFitsTicket(sha1, 'abc')).toBe(false)
    expect(sessionFitsTicket(`any-${sha1}`, 'abd')).toBe(false)
  })

  test('knows base32 and both base64 alphabets', () => {
    expect(sessionFitsTicket('any-vgmt4nsha2awvor6evyxqugcnsonbwe5', 'abc')).toBe(true)
    expect(sessionFitsTicket('any-qZk+NkcGgWq6PiVxeFDCbJzQ2J0=', 'abc')).toBe(true)
    expect(sessionFitsTicket('any-qZk-NkcGgWq6PiVxeFDCbJzQ2J0', 'abc')).toBe(true)
  })
})
