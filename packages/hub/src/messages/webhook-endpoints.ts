import { createHash } from 'node:crypto'
import type { EndpointsAnswer, SetEndpointRequest } from '@sigillo/api/contracts-clocks'
import { disableEndpoints, endpointsOf, listEndpoints, replaceEndpoint } from '@sigillo/db/outbox'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { actorOf, ownStream, type Principal } from '../people/principal.ts'

/**
 * Sets, replaces or removes where somebody hears of news; logged without the address. The same address again makes a new endpoint of it,
 * which is how one that was given up is taken into use again. Web addresses are judged when they are used; they must be https unless
 * the operator allows plain ones.
 */
export async function setEndpoint(hub: HubContext, by: Principal, request: SetEndpointRequest): Promise<void> {
  const { channel, address } = request
  if (channel === 'webhook' && address?.startsWith('http:') === true && !hub.plainWebhooks)
    throw new HubError('bad-request', 'a web address for messages must begin with https://')
  await hub.sequencer.run(async (tx, log) => {
    const owner = by.id
    const [logged] = await log([
      {
        type: 'admin.action',
        stream: ownStream(by),
        subject: owner,
        actor: actorOf(by),
        data: { action: address === null ? 'endpoint.removed' : 'endpoint.set', channel, owner },
      },
    ])
    if (logged === undefined) throw new HubError('internal', 'the change was not logged')
    if (address === null) return await disableEndpoints(tx, owner, channel, 'removed')
    const id = createHash('sha256')
      .update(JSON.stringify([owner, channel, logged.index]))
      .digest('hex')
      .slice(0, 32)
    await replaceEndpoint(tx, { id, owner, channel, address, created_at: logged.at, disabled: null })
  })
}

/** Somebody's endpoints, the newest of each channel, and what webhooks are checked with. */
export async function endpointsAnswer(hub: HubContext, owner: string): Promise<EndpointsAnswer> {
  const { db } = hub.engine
  const all = await listEndpoints(db, owner)
  const newest = all.filter((row, at) => all.findIndex(({ channel }) => channel === row.channel) === at)
  const webhook = (await endpointsOf(db, [owner])).find(({ channel }) => channel === 'webhook')
  return {
    endpoints: newest
      .filter(({ disabled }) => disabled !== 'removed')
      .map(({ channel, address, disabled }) => ({
        channel: channel === 'mail' ? 'mail' : 'webhook',
        address,
        disabled,
      })),
    webhook: {
      key: hub.webhookKey.publicKey,
      secret: webhook === undefined ? null : hub.webhookKey.secretOf(webhook.id),
    },
  }
}
