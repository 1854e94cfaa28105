import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import {
  AckPolicy,
  type Consumer,
  jetstream,
  JetStreamApiError,
  jetstreamManager,
  type JsMsg,
} from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { CommandError } from '../errors.ts'
import { readJsonSample } from './json-lines.ts'
import type { FeedMessage, Input } from './sample.ts'

export interface NatsFeed {
  readonly url: string
  readonly stream: string
  /** Durable consumer. Machines that name the same one share the feed: each message goes to one of them. */
  readonly consumer: string
  /** Silence of a machine, in seconds, after which its message goes to another one; null: what the consumer has, or 120 when it is made here. */
  readonly ackWait: number | null
}

const DEFAULT_ACK_WAIT = 120
/** How long the server is asked to wait for a message, which is as long as an idle machine takes to stop. */
const POLL_MS = 3000
const RETRY_MS = 1000
/** A message that was given out so often and never finished is reported, not tried again: it may be what ends the machines. */
const MOST_DELIVERIES = 5

/**
 * Hands the messages of a JetStream consumer to `handle` one after the other, and acknowledges each only after that has finished: what a
 * machine was at when it died goes to another one. A message is one sample in JSON, as on a line of standard input. Nothing is fetched
 * ahead: what would wait here could be screened elsewhere, and would be given out again when this machine dies.
 *
 * @throws CommandError `bad-option` when server, stream or consumer cannot be used
 */
export async function consumeNats(
  feed: NatsFeed,
  signal: AbortSignal,
  handle: (inputs: AsyncIterable<Input>) => Promise<void>,
): Promise<void> {
  const { connection, consumer, ackWaitMs } = await open(feed)
  try {
    while (!signal.aborted) {
      const message = await nextMessage(feed, connection, consumer)
      if (message === null) continue
      const beat = heartbeat(message, ackWaitMs / 3)
      try {
        await handle(whileAlive(inputsOf(feed, message), beat))
      } finally {
        beat.stop()
      }
      message.ack()
    }
    await connection.flush()
  } finally {
    await connection.close()
  }
}

async function open(feed: NatsFeed) {
  try {
    const connection = await connect({ servers: feed.url, maxReconnectAttempts: -1, timeout: 5000 })
    try {
      const ackWaitMs = await joinGroup(feed, connection)
      const consumer = await jetstream(connection).consumers.get(feed.stream, feed.consumer)
      return { connection, consumer, ackWaitMs }
    } catch (error) {
      await connection.close()
      throw error
    }
  } catch (cause) {
    throw refusal(feed, cause)
  }
}

/** Makes the consumer when it is missing. Returns its ack wait in milliseconds: that of the group, whoever made it. */
async function joinGroup(feed: NatsFeed, connection: NatsConnection): Promise<number> {
  const manager = await jetstreamManager(connection)
  await manager.streams.info(feed.stream)
  const known =
    (await manager.consumers.info(feed.stream, feed.consumer).catch(() => null)) ??
    (await manager.consumers.add(feed.stream, {
      durable_name: feed.consumer,
      ack_policy: AckPolicy.Explicit,
      ack_wait: (feed.ackWait ?? DEFAULT_ACK_WAIT) * 1e9,
    }))
  const { ack_policy, ack_wait = 0 } = known.config
  if (ack_policy !== AckPolicy.Explicit)
    throw new Error(`the consumer "${feed.consumer}" is not one that waits for each message's acknowledgement`)
  if (feed.ackWait !== null && ack_wait !== feed.ackWait * 1e9)
    throw new Error(
      `the consumer "${feed.consumer}" has an ack wait of ${ack_wait / 1e9} s: leave --ack-wait out or name another consumer`,
    )
  return ack_wait / 1e6
}

/** The next message, or null when there was none for a while or the server is away. */
async function nextMessage(feed: NatsFeed, connection: NatsConnection, consumer: Consumer): Promise<JsMsg | null> {
  try {
    return await consumer.next({ expires: POLL_MS })
  } catch (error) {
    if (connection.isClosed()) throw refusal(feed, error)
    // Away, or gone for good? Only an answer of the server says which.
    await consumer.info().catch((cause: unknown) => {
      if (cause instanceof JetStreamApiError) throw refusal(feed, cause)
    })
    await sleep(RETRY_MS)
    return null
  }
}

interface Heartbeat {
  /** Says that the message is being worked on, if that was not said for long. */
  now(): Promise<void>
  stop(): void
}

function heartbeat(message: JsMsg, everyMs: number): Heartbeat {
  let last = performance.now()
  const beat = (): void => {
    message.working()
    last = performance.now()
  }
  const timer = setInterval(beat, everyMs)
  return {
    now: async () => {
      if (performance.now() - last < everyMs) return
      beat()
      // Screening may not leave the processor between two members of an archive; what was said has to get onto the line.
      await turn()
    },
    stop: () => clearInterval(timer),
  }
}

async function* whileAlive(inputs: AsyncIterable<Input>, beat: Heartbeat): AsyncGenerator<Input> {
  for await (const input of inputs) {
    await beat.now()
    yield input
  }
}

async function* inputsOf({ stream }: NatsFeed, delivered: JsMsg): AsyncGenerator<Input> {
  const { seq, info } = delivered
  const message: FeedMessage = { stream, seq, delivery: info.deliveryCount }
  const fallback = `${stream}:${seq}`
  if (message.delivery > MOST_DELIVERIES) {
    yield { id: fallback, message, refused: `given up: given out ${MOST_DELIVERIES} times and never finished` }
    return
  }
  for await (const input of readJsonSample(delivered.string(), fallback)) yield { ...input, message }
}

function refusal({ url, stream }: NatsFeed, cause: unknown): CommandError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CommandError('bad-option', `--nats ${url}, stream "${stream}": ${reason}`, { cause })
}
