import { createServer } from 'node:http'
import { HubError } from './errors.ts'

/** Where a monitor asks. */
export interface MetricsServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves `render` at `/metrics` on a port of its own, on this machine only: it needs no token, so it must not be where partners ask.
 * Throws {@link HubError} `port-in-use`.
 */
export async function serveMetrics(port: number, render: () => Promise<string>): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    render().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(503).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new HubError('port-in-use', `port ${String(port)} for metrics is in use; choose another`, { cause })),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${String(bound)}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
