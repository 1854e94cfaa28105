/** One end of a connection: a dotted IPv4 address and a port. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Bytes that one end sent at `time` (milliseconds since 1970, fractions allowed). */
export interface Piece {
  readonly fromClient: boolean
  readonly bytes: Buffer
  readonly time: number
}

/** What a TCP connection carried, in the order it was seen. */
export interface TcpSession {
  readonly client: Endpoint
  readonly server: Endpoint
  readonly pieces: readonly Piece[]
}

interface Packet {
  readonly time: number
  readonly bytes: Buffer
}

const FIN = 0x01
const SYN = 0x02
const PUSH = 0x08
const ACK = 0x10
/** Longest payload of one segment on Ethernet, in bytes. */
const SEGMENT = 1460
const ETHERNET = 1
const STEP_MS = 0.01

/**
 * Sessions as a capture file (libpcap 2.4, Ethernet): handshake, segments with their acknowledgements, orderly end; packets of all sessions in
 * order of time. Addresses, sequence numbers and checksums are right, so a reader may check them. Sessions without pieces are left out.
 */
export function pcapOf(sessions: readonly TcpSession[]): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(65_535, 16)
  header.writeUInt32LE(ETHERNET, 20)
  const packets = sessions.flatMap(packetsOf).sort((a, b) => a.time - b.time)
  return Buffer.concat([header, ...packets.flatMap(({ time, bytes }) => [recordHeader(time, bytes.length), bytes])])
}

function recordHeader(time: number, length: number): Buffer {
  const header = Buffer.alloc(16)
  const micros = Math.round(time * 1000)
  header.writeUInt32LE(Math.floor(micros / 1e6), 0)
  header.writeUInt32LE(micros % 1e6, 4)
  header.writeUInt32LE(length, 8)
  header.writeUInt32LE(length, 12)
  return header
}

function packetsOf({ client, server, pieces }: TcpSession): readonly Packet[] {
  const first = pieces[0]
  if (first === undefined) return []
  const packets: Packet[] = []
  const next = { client: 1_000, server: 5_000 }
  let clock = first.time - 4 * STEP_MS
  const send = (fromClient: boolean, flags: number, payload: Buffer = Buffer.alloc(0)): void => {
    const [own, other] = fromClient ? (['client', 'server'] as const) : (['server', 'client'] as const)
    const numbers = { sequence: next[own], acknowledged: (flags & ACK) === 0 ? 0 : next[other] }
    packets.push({
      time: clock,
      bytes: frame(fromClient ? [client, server] : [server, client], flags, numbers, payload),
    })
    next[own] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1)
    clock += STEP_MS
  }
  send(true, SYN)
  send(false, SYN | ACK)
  send(true, ACK)
  for (const { fromClient, bytes, time } of pieces) {
    clock = Math.max(clock, time)
    for (let at = 0; at < bytes.length; at += SEGMENT) {
      send(fromClient, PUSH | ACK, bytes.subarray(at, at + SEGMENT))
      send(!fromClient, ACK)
    }
  }
  send(true, FIN | ACK)
  send(false, FIN | ACK)
  send(true, ACK)
  return packets
}

function frame(
  [from, to]: readonly [Endpoint, Endpoint],
  flags: number,
  { sequence, acknowledged }: { readonly sequence: number; readonly acknowledged: number },
  payload: Buffer,
): Buffer {
  const addresses = Buffer.from([from, to].flatMap(({ address }) => address.split('.').map(Number)))
  const tcp = Buffer.alloc(20)
  tcp.writeUInt16BE(from.port, 0)
  tcp.writeUInt16BE(to.port, 2)
  tcp.writeUInt32BE(sequence, 4)
  tcp.writeUInt32BE(acknowledged, 8)
  tcp.writeUInt16BE((5 << 12) | flags, 12)
  tcp.writeUInt16BE(65_535, 14)
  const pseudo = Buffer.from([0, 6, 0, 0])
  pseudo.writeUInt16BE(tcp.length + payload.length, 2)
  tcp.writeUInt16BE(checksum(Buffer.concat([addresses, pseudo, tcp, payload])), 16)
  const ip = Buffer.alloc(20)
  ip.writeUInt8(0x45, 0)
  ip.writeUInt16BE(ip.length + tcp.length + payload.length, 2)
  ip.writeUInt8(64, 8)
  ip.writeUInt8(6, 9)
  addresses.copy(ip, 12)
  ip.writeUInt16BE(checksum(ip), 10)
  return Buffer.concat([ethernetHeader, ip, tcp, payload])
}

/** Two locally administered addresses and the type of IPv4. */
const ethernetHeader = Buffer.from([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00])

/** The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words. */
function checksum(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) + (bytes[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
