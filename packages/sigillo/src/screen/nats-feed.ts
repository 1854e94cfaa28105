import { AckPolicy, jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { CommandError } from '../errors.ts'
import { readJsonSample } from './json-lines.ts'
import type { Input } from './sample.ts'

export interface NatsFeed {
  readonly url: string
  readonly stream: string
  /** Durable consumer. Machines that name the same one share the feed: each message goes to one of them. */
  readonly consumer: string
}

/** Time until a message that was not acknowledged goes to another machine. */
const ACK_WAIT_MS = 120_000
/** Messages fetched ahead. */
const AHEAD = 16

/**
 * Hands every message of a JetStream consumer to `handle`, and acknowledges it only after that has finished: what a machine was at when it
 * died goes to another one. A message is one sample in JSON, as on a line of standard input.
 *
 * @throws CommandError `bad-option` when server or stream cannot be reached
 */
export async function consumeNats(
  feed: NatsFeed,
  signal: AbortSignal,
  handle: (inputs: AsyncIterable<Input>) => Promise<void>,
): Promise<void> {
  const { connection, consumer } = await open(feed)
  try {
    const messages = await consumer.consume({ max_messages: AHEAD })
    const stop = (): void => messages.stop()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    for await (const message of messages) {
      await handle(inputsOf(feed, message))
      message.ack()
      if (signal.aborted) break
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
      const manager = await jetstreamManager(connection)
      await manager.streams.info(feed.stream)
      const known = await manager.consumers.info(feed.stream, feed.consumer).catch(() => null)
      if (known === null) {
        await manager.consumers.add(feed.stream, {
          durable_name: feed.consumer,
          ack_policy: AckPolicy.Explicit,
          ack_wait: ACK_WAIT_MS * 1_000_000,
        })
      }
      return { connection, consumer: await jetstream(connection).consumers.get(feed.stream, feed.consumer) }
    } catch (error) {
      await connection.close()
      throw error
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CommandError('bad-option', `--nats ${feed.url}, stream "${feed.stream}": ${reason}`, { cause })
  }
}

async function* inputsOf(feed: NatsFeed, message: JsMsg): AsyncGenerator<Input> {
  yield* readJsonSample(message.string(), `${feed.stream}:${message.seq}`)
}
