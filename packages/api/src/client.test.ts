import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { partnerClient, vendorClient } from './client.ts'
import { generateToken } from './token.ts'

const token = generateToken()
const servers: { close(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Something on the network that is not a hub. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`
}

const problem =
  (code: string, detail: string, status: number): RequestListener =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ type: `urn:sigillo:problem:${code}`, title: 't', status, detail }))

describe('a client of the hub', () => {
  test.each(['', 'sgl_', 'Bearer x', `${token}x`, token.toLowerCase()])('is not made with %j as token', (text) => {
    expect(() => vendorClient('http://127.0.0.1:1', text)).toThrow(
      expect.objectContaining({ code: 'unauthorized', status: null }),
    )
  })

  test.each(['hub.example', '', 'file:///etc/passwd', 'ftp://hub.example'])('is not made with %j as address', (url) => {
    expect(() => vendorClient(url, token)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('https://') }),
    )
  })

  test('says in one line that no hub answers, and where', async () => {
    const url = await serve(() => undefined)
    for (const server of servers.splice(0)) server.close()
    await expect(partnerClient(url, token).me()).rejects.toMatchObject({
      code: 'not-reachable',
      status: null,
      message: expect.stringMatching(/^no hub answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\); [^\n]+$/),
    })
  })

  test('gives the hub’s refusal with its code, status and line', async () => {
    const url = await serve(problem('not-yet', 'package p is under embargo until tomorrow', 403))
    await expect(partnerClient(url, token).fetchPackage('p')).rejects.toMatchObject({
      name: 'ApiError',
      code: 'not-yet',
      status: 403,
      message: 'package p is under embargo until tomorrow',
    })
  })

  test.each<[string, RequestListener]>([
    ['an error page of a proxy', (_, response) => response.writeHead(502).end('<html>')],
    ['a problem of another service', problem('surprise', 'x', 500)],
    ['a page where JSON is wanted', (_, response) => response.end('<html>')],
    ['JSON of another shape', (_, response) => response.end('{"packages":[{"id":1}],"next":null}')],
  ])('takes %s for no hub', async (_, listener) => {
    await expect(partnerClient(await serve(listener), token).packages()).rejects.toMatchObject({ code: 'bad-answer' })
  })

  test('does not take the token to where a redirect points', async () => {
    const seen: unknown[] = []
    const other = await serve((request, response) => (seen.push(request.headers), response.end()))
    const url = await serve((_, response) => response.writeHead(302, { location: other }).end())
    await expect(partnerClient(url, token).me()).rejects.toMatchObject({ code: 'not-reachable' })
    expect(seen).toEqual([])
  })

  test('gives up on a hub that says nothing', async () => {
    const url = await serve(() => undefined)
    await expect(partnerClient(url, token, { timeoutMs: 50 }).me()).rejects.toMatchObject({ code: 'timeout' })
  })

  test('refuses a package that did not arrive whole', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'sigillo-event': '3', 'sigillo-sha256': '0'.repeat(64) }).end('half'),
    )
    await expect(partnerClient(url, token).fetchPackage('p')).rejects.toMatchObject({ code: 'bad-answer' })
  })

  test('keeps the path of an address behind a proxy, and escapes what goes into a path', async () => {
    const paths: (string | undefined)[] = []
    const base = await serve((request, response) => {
      paths.push(request.url)
      problem('not-found', 'x', 404)(request, response)
    })
    const client = partnerClient(`${base}/hub/`, token)
    await expect(client.fetchPackage('a/../b?c')).rejects.toMatchObject({ code: 'not-found' })
    expect(await client.tile('tile/0/x001/067.p/5')).toBeNull()
    expect(paths).toEqual(['/hub/v1/me/packages/a%2F..%2Fb%3Fc', '/hub/v1/tile/0/x001/067.p/5'])
  })
})
