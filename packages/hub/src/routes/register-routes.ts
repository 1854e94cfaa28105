import { EVENT_HEADER, SHA256_HEADER } from '@sigillo/api/client'
import { MOST_PACKAGE_BYTES } from '@sigillo/api/contracts'
import { PREFIX, routes } from '@sigillo/api/routes'
import { listEmbargoes } from '@sigillo/db/embargoes'
import { listEvents } from '@sigillo/db/events'
import { readLogState } from '@sigillo/db/log-store'
import { listPackages } from '@sigillo/db/packages'
import { findRecipients } from '@sigillo/db/recipients'
import type { FastifyRequest } from 'fastify'
import { acknowledgePackage } from '../deliveries/acknowledge-package.ts'
import type { buildServer } from './build-server.ts'
import { commitEvents, proveAll } from '../log/commit-events.ts'
import type { HubContext } from '../context.ts'
import { enrolRecipients } from '../deliveries/enrol-recipients.ts'
import { HubError } from '../errors.ts'
import { handOverBody } from '../deliveries/hand-over-body.ts'
import { startHandOvers } from '../deliveries/hand-over-package.ts'
import { issuePackage } from '../deliveries/issue-package.ts'
import { presentEvent, presentMe, presentPackage } from './present.ts'
import { type Principal } from '../people/principal.ts'
import { registerBackups } from './register-backups.ts'
import { registerClocks } from './register-clocks.ts'
import { registerErasures } from './register-erasures.ts'
import { registerPeople } from './register-people.ts'
import { settledNow, signedFor, signedNow, tilesOfTree } from '../log/read-log.ts'
import { registerPage } from '../sign-in/register-page.ts'
import { registerSignIn } from '../sign-in/register-sign-in.ts'
import { revokeKeys } from '../deliveries/revoke-keys.ts'
import { row } from './route-row.ts'

type App = Awaited<ReturnType<typeof buildServer>>

/** Registers every route of the table. */
export function registerRoutes(app: App, hub: HubContext): void {
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: MOST_PACKAGE_BYTES },
    (_request, body, done) => done(null, body),
  )
  registerVendor(app, hub)
  registerIssue(app, hub)
  registerPartner(app, hub)
  registerLog(app, hub)
  registerBackups(app, hub)
  registerClocks(app, hub)
  registerPeople(app, hub)
  registerErasures(app, hub)
  registerSignIn(app, hub)
  registerPage(app)
}

function registerVendor(app: App, hub: HubContext): void {
  const {
    enrolRecipients: enrol,
    revokeKeys: revoke,
    commitEvents: commit,
    listEvents: list,
    proveEvent,
    proveEvents,
  } = routes
  app.route({
    ...row(enrol),
    schema: { body: enrol.body, response: { 200: enrol.answer } },
    handler: async (request) => ({
      recipients: [...(await enrolRecipients(hub, callerOf(request), request.body.recipients))],
    }),
  })
  app.route({
    ...row(revoke),
    schema: { params: revoke.params, body: revoke.body, response: { 200: revoke.answer } },
    handler: (request) => revokeKeys(hub, callerOf(request), request.params.id),
  })
  app.route({
    ...row(commit),
    schema: { body: commit.body, response: { 200: commit.answer } },
    handler: async (request) => ({ events: [...(await commitEvents(hub, callerOf(request), request.body.events))] }),
  })
  app.route({
    ...row(list),
    schema: { querystring: list.query, response: { 200: list.answer } },
    handler: async ({ query: { after, limit, stream } }) => {
      const { size } = await signedNow(hub)
      const page = await listEvents(hub.engine.db, { after, limit, ...(stream === undefined ? {} : { stream }) })
      const found = page.filter(({ idx }) => idx < size)
      const next = found.length === limit ? (found.at(-1)?.idx ?? null) : null
      return { events: found.map(presentEvent), next }
    },
  })
  app.route({
    ...row(proveEvent),
    schema: { params: proveEvent.params, response: { 200: proveEvent.answer } },
    handler: async ({ params }) => {
      const [proven] = await proveAll(hub, [params.index], await signedFor(hub, [params.index]))
      if (proven === undefined) throw new HubError('not-found', 'the log has no such event')
      return proven
    },
  })
  app.route({
    ...row(proveEvents),
    schema: { body: proveEvents.body, response: { 200: proveEvents.answer } },
    handler: async ({ body }) => {
      const signed = await signedFor(hub, body.events)
      return { events: [...(await proveAll(hub, body.events, signed))], checkpoint: signed.checkpoint }
    },
  })
}

function registerIssue(app: App, hub: HubContext): void {
  const { putPackage: put, listPackages: list } = routes
  app.route({
    ...row(put),
    bodyLimit: MOST_PACKAGE_BYTES,
    schema: { params: put.params, querystring: put.query, response: { 200: put.answer } },
    handler: (request) => {
      const { params, query, body } = request
      if (!Buffer.isBuffer(body)) throw new HubError('bad-request', 'a package is sent as application/octet-stream')
      return issuePackage(hub, callerOf(request), {
        id: params.id,
        bytes: body,
        sha256: query.sha256,
        releaseKey: query.releaseKey,
      })
    },
  })
  app.route({
    ...row(list),
    schema: { querystring: list.query, response: { 200: list.answer } },
    handler: ({ query }) => packagePage(hub, query),
  })
}

function registerPartner(app: App, hub: HubContext): void {
  const { me, listMyPackages: list, fetchPackage: fetch, fetchBody: body, acknowledgePackage: acknowledge } = routes
  const handOver = startHandOvers(hub)
  app.route({
    ...row(me),
    schema: { response: { 200: me.answer } },
    handler: async (request) => {
      const [recipient] = await findRecipients(hub.engine.db, [partnerOf(request)])
      if (recipient === undefined) throw new HubError('internal', 'a token without recipient')
      return presentMe(recipient, hub.log)
    },
  })
  app.route({
    ...row(list),
    schema: { querystring: list.query, response: { 200: list.answer } },
    handler: (request) => packagePage(hub, request.query, partnerOf(request)),
  })
  app.route({
    ...row(fetch),
    schema: { params: fetch.params },
    handler: async (request, reply) => {
      const { bytes, sha256, index } = await handOver(partnerOf(request), request.params.id)
      reply.header(EVENT_HEADER, index).header(SHA256_HEADER, sha256)
      return reply.type('application/octet-stream').send(bytes)
    },
  })
  app.route({
    ...row(body),
    schema: { params: body.params },
    handler: async (request, reply) =>
      reply.type('application/octet-stream').send(await handOverBody(hub, partnerOf(request), request.params.id)),
  })
  app.route({
    ...row(acknowledge),
    schema: { params: acknowledge.params, body: acknowledge.body, response: { 200: acknowledge.answer } },
    handler: (request) => acknowledgePackage(hub, partnerOf(request), request.params.id, request.body.receipt),
  })
}

function registerLog(app: App, hub: HubContext): void {
  const { checkpoint, tile, health } = routes
  app.route({
    ...row(checkpoint),
    schema: { querystring: checkpoint.query },
    handler: async ({ query }, reply) =>
      reply.type('text/plain; charset=utf-8').send((await settledNow(hub, query.wait)).checkpoint),
  })
  app.route({
    ...row(tile),
    handler: async (request, reply) => {
      const path = request.url.split('?', 1)[0]?.slice(PREFIX.length + 1) ?? ''
      const bytes = await tilesOfTree(hub.engine.db, (await signedNow(hub)).size)(path)
      if (bytes === null) throw new HubError('not-found', 'the log has no such tile')
      return reply.type('application/octet-stream').send(bytes)
    },
  })
  app.route({
    ...row(health),
    schema: { response: { 200: health.answer } },
    handler: async () => ({ ok: await isHealthy(hub) }),
  })
}

async function packagePage(
  hub: HubContext,
  query: { readonly after?: string | undefined; readonly limit: number },
  recipientId?: string,
) {
  const { after, limit } = query
  const found = await listPackages(hub.engine.db, {
    limit,
    ...(recipientId === undefined ? {} : { recipientId }),
    ...(after === undefined ? {} : { after }),
  })
  const embargoes = await listEmbargoes(hub.engine.db, [...new Set(found.map((row) => row.case_id))])
  const of = new Map(embargoes.map((row) => [row.case_id, row]))
  const packages = found.map((row) => presentPackage(row, of.get(row.case_id) ?? null))
  return { packages, next: found.length === limit ? (found.at(-1)?.id ?? null) : null }
}

async function isHealthy(hub: HubContext): Promise<boolean> {
  try {
    return (await readLogState(hub.engine.db)) !== null
  } catch {
    return false
  }
}

/** Who a request speaks for; the route table let nobody else in. */
function callerOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new HubError('unauthorized', 'this route needs a token')
  return request.principal
}

/** The recipient that a request's token speaks for; the route table let nobody else in. */
function partnerOf(request: FastifyRequest): string {
  if (request.principal?.role !== 'partner') throw new HubError('forbidden', 'this route is for recipients')
  return request.principal.id
}
