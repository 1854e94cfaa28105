import { request as requestPlain } from 'node:http'
import { request as requestTls, type RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import type { AddressRule } from './webhook-address.ts'
import type { WebhookKey } from './webhook-key.ts'

/** What sending to web addresses works with. */
export interface WebhookParts {
  readonly key: WebhookKey
  readonly rule: AddressRule
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number
}

/** A message to be sent to a web address. */
export interface WebhookMessage {
  readonly id: string
  readonly endpointId: string
  readonly address: string
  readonly kind: string
  readonly eventIndex: number
  /** When it happened. */
  readonly at: Date
}

/** What the receiver made of it. `gone`: it wants no more of them. */
export type WebhookOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly reason: string }

/** What a receiver gets: that something happened, when, and in which event of the log; nothing about what. */
export function webhookBody({ kind, at, eventIndex }: Pick<WebhookMessage, 'kind' | 'at' | 'eventIndex'>): string {
  return JSON.stringify({ type: kind, timestamp: at.toISOString(), data: { event: eventIndex } })
}

/**
 * Sends one message as Standard Webhooks asks: signed over id, time and body; any 2xx takes it, 410 means never again, everything else,
 * redirects too, is a failure. The address is judged when the connection is made, after the name was resolved. Never throws.
 */
export async function sendWebhook(parts: WebhookParts, message: WebhookMessage, now: Date): Promise<WebhookOutcome> {
  const target = URL.parse(message.address)
  if (target === null) return { kind: 'failed', reason: 'the address is no URL' }
  const literal = target.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !parts.rule.allows(literal)) return { kind: 'failed', reason: 'the address is not public' }
  const body = webhookBody(message)
  const timestamp = Math.floor(now.getTime() / 1000)
  const { id, endpointId } = message
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'sigillo',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': parts.key.sign({ id, timestamp, body }, endpointId),
    },
    lookup: parts.rule.lookup,
    // A connection of its own: one that was judged for another name is never used again.
    agent: false,
    signal: AbortSignal.timeout(parts.timeoutMs),
  }
  return await post(target, options, body)
}

function post(target: URL, options: RequestOptions, body: string): Promise<WebhookOutcome> {
  return new Promise((resolve) => {
    const fail = (error: Error): void =>
      resolve({ kind: 'failed', reason: error.name === 'TimeoutError' ? 'it took too long to answer' : error.message })
    try {
      const request = (target.protocol === 'https:' ? requestTls : requestPlain)(target, options, (response) => {
        // The answer's content is of no interest, and whoever sends much of it is not read.
        response.destroy()
        resolve(outcomeOf(response.statusCode ?? 0))
      })
      request.on('error', fail)
      request.end(body)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

function outcomeOf(status: number): WebhookOutcome {
  if (status >= 200 && status < 300) return { kind: 'taken' }
  if (status === 410) return { kind: 'gone' }
  const redirect = status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''
  return { kind: 'failed', reason: `it answered ${String(status)}${redirect}` }
}
