import { vendorClient } from '@sigillo/api/client'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { utf8 } from '@sigillo/tlog/encoding'
import { fsck } from '@sigillo/tlog/fsck'

/** Events that a hub answered for, by index: what must never be lost. Kept outside the hub. */
export type Acknowledged = Map<number, string>

/** Where a hub answers, and the vendor's token. */
export interface Address {
  readonly url: string
  readonly token: string
}

/** Eight writers that commit events until the hub answers no more. Every answer is remembered. */
export async function writeUntilItEnds(hub: Address, prefix: string, acknowledged: Acknowledged): Promise<void> {
  const vendor = vendorClient(hub.url, hub.token)
  const writer = async (id: number): Promise<void> => {
    for (let i = 0; ; i++) {
      const subject = `${prefix}-w${String(id)}-${String(i)}`
      const [event] = await vendor.commit([{ type: 'leak.reported', stream: `case:w${String(id)}`, subject, data: {} }])
      acknowledged.set(event?.index ?? -1, subject)
    }
  }
  await Promise.allSettled(Array.from({ length: 8 }, (_, id) => writer(id)))
}

/** What an examination of a recovered hub found. */
export interface Loss {
  readonly lost: number
  readonly doubled: number
  /** Whether every tile, leaf and signature of the log fits. */
  readonly consistent: boolean
  readonly events: number
}

/** Compares the events that a hub holds behind index `after` with what it answered for; `whole` checks the whole tree as well. */
export async function examine(
  hub: Address,
  logKey: string,
  acknowledged: Acknowledged,
  after: number = -1,
): Promise<Loss> {
  const vendor = vendorClient(hub.url, hub.token)
  const events = await vendor.events({ after })
  const byIndex = new Map(events.map((event) => [event.index, event.subject]))
  const own = [...acknowledged].filter(([index]) => index > after)
  const lost = own.filter(([index, subject]) => byIndex.get(index) !== subject).length
  const doubled = events.length - new Set(events.map((event) => event.subject)).size
  const reader = { checkpoint: async () => utf8(await vendor.checkpoint()), tile: (path: string) => vendor.tile(path) }
  const report = await fsck(reader, [noteVerifier(logKey)])
  return { lost, doubled, consistent: report.ok, events: after + 1 + events.length }
}
