import { createHmac, hkdfSync } from 'node:crypto'
import { join } from 'node:path'
import { signEd25519, signingKeyFromSeed } from '@sigillo/seal/ed25519'
import { toBase64, utf8 } from '@sigillo/tlog/encoding'
import { HubError } from '../errors.ts'
import { readIfThere, writeDurably } from '@sigillo/seal/durable-file'

/** Name of the file in the data folder. All processes of one hub need the same. */
export const WEBHOOK_KEY_FILE = 'webhook.key'

/** Signs messages to web addresses as Standard Webhooks asks. */
export interface WebhookKey {
  /** `whpk_` and the Ed25519 public key: what receivers check `v1a` signatures with. */
  readonly publicKey: string
  /** `whsec_` and the secret shared with one endpoint, for receivers that know only `v1`. */
  secretOf(endpointId: string): string
  /** The `webhook-signature` header: a `v1a` and a `v1` signature over `id.timestamp.body`. */
  sign(message: { readonly id: string; readonly timestamp: number; readonly body: string }, endpointId: string): string
}

const SEED_BYTES = 32

/** The webhook key of a hub, made at the first start and kept in `dataDir` with mode 0600. Throws {@link HubError} `bad-key-file`. */
export async function loadWebhookKey(dataDir: string, random: (length: number) => Uint8Array): Promise<WebhookKey> {
  const path = join(dataDir, WEBHOOK_KEY_FILE)
  const stored = (await readIfThere(path))?.trim() ?? null
  if (stored !== null && !/^[0-9a-f]{64}$/.test(stored))
    throw new HubError('bad-key-file', `${path} is damaged; delete it, start again, and give receivers the new key`)
  const seed = stored === null ? random(SEED_BYTES) : Buffer.from(stored, 'hex')
  if (stored === null) await writeDurably(path, `${Buffer.from(seed).toString('hex')}\n`)
  return webhookKeyOf(seed)
}

/** The keys that follow from a seed of 32 bytes. */
export function webhookKeyOf(seed: Uint8Array): WebhookKey {
  const key = signingKeyFromSeed(derive(seed, 'sigillo/webhook/v1a'))
  const secretOf = (endpointId: string): Uint8Array => derive(seed, `sigillo/webhook/v1 ${endpointId}`)
  return {
    publicKey: `whpk_${toBase64(key.publicKey)}`,
    secretOf: (endpointId) => `whsec_${toBase64(secretOf(endpointId))}`,
    sign: ({ id, timestamp, body }, endpointId) => {
      const signed = utf8(`${id}.${String(timestamp)}.${body}`)
      const mac = createHmac('sha256', secretOf(endpointId)).update(signed).digest('base64')
      return `v1a,${toBase64(signEd25519(key, signed))} v1,${mac}`
    },
  }
}

function derive(seed: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', seed, new Uint8Array(0), utf8(purpose), SEED_BYTES))
}
