import { connect, createServer, type Socket } from 'node:net'
import type { Endpoint, Piece, TcpSession } from './pcap.ts'

/** A wiretap in front of a server: connect to `port` instead of the server's own. */
export interface Capture {
  readonly port: number
  /** Every connection so far. Who asked is written as the given client address, the server as `GATEWAY`. */
  readonly sessions: readonly TcpSession[]
  stop(): void
}

/** Where captured traffic is said to go: an address for documentation (RFC 5737), so that inside and outside can be told apart. */
export const GATEWAY: Endpoint = { address: '192.0.2.25', port: 80 }

/** Passes all connections on to `serverPort` of 127.0.0.1 and keeps the bytes of both directions. */
export async function startCapture(serverPort: number, clientAddress: string): Promise<Capture> {
  const sessions: TcpSession[] = []
  const open = new Set<Socket>()
  const server = createServer((incoming) => {
    const pieces: Piece[] = []
    sessions.push({ client: { address: clientAddress, port: incoming.remotePort ?? 0 }, server: GATEWAY, pieces })
    const outgoing = connect(serverPort, '127.0.0.1')
    relay(incoming, outgoing, (bytes) => pieces.push({ fromClient: true, bytes, time: now() }))
    relay(outgoing, incoming, (bytes) => pieces.push({ fromClient: false, bytes, time: now() }))
    for (const socket of [incoming, outgoing]) open.add(socket.once('close', () => open.delete(socket)))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port was bound')
  const stop = (): void => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  return { port: address.port, sessions, stop }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

function relay(from: Socket, to: Socket, keep: (bytes: Buffer) => void): void {
  from.on('data', (bytes: Buffer) => {
    keep(bytes)
    to.write(bytes)
  })
  from.on('end', () => to.end())
  from.on('error', () => to.destroy())
}
