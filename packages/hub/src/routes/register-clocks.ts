import { routes } from '@sigillo/api/routes'
import { listEmbargoes } from '@sigillo/db/embargoes'
import type { FastifyRequest } from 'fastify'
import type { buildServer } from './build-server.ts'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { tellOpened } from '../lift/lift-opened.ts'
import { type Asked, breakEmbargo, cancelEmbargo, liftNow, setEmbargo, tellCase } from '../lift/lift-requests.ts'
import { listSilent } from '../lift/lift-silence.ts'
import { presentEmbargo } from './present-clocks.ts'
import type { Principal } from '../people/principal.ts'
import { endpointsAnswer, setEndpoint } from '../messages/webhook-endpoints.ts'
import { row } from './route-row.ts'

type App = Awaited<ReturnType<typeof buildServer>>

/** Registers the routes about embargoes, silence and messages. */
export function registerClocks(app: App, hub: HubContext): void {
  registerEmbargoes(app, hub)
  registerLift(app, hub)
  registerSilence(app, hub)
  registerEndpoints(app, hub)
}

function registerEmbargoes(app: App, hub: HubContext): void {
  const { listEmbargoes: list, setEmbargo: set, cancelEmbargo: cancel, tellCase: tell } = routes
  app.route({
    ...row(list),
    schema: { response: { 200: list.answer } },
    handler: async () => ({ embargoes: (await listEmbargoes(hub.engine.db)).map(presentEmbargo) }),
  })
  app.route({
    ...row(set),
    schema: { params: set.params, body: set.body, response: { 200: set.answer } },
    handler: async (request) =>
      presentEmbargo(await setEmbargo(hub, askedIn(request, request.params.case), request.body)),
  })
  app.route({
    ...row(cancel),
    schema: { params: cancel.params, body: cancel.body, response: { 200: cancel.answer } },
    handler: async (request) => presentEmbargo(await cancelEmbargo(hub, askedIn(request, request.params.case))),
  })
  app.route({
    ...row(tell),
    schema: { params: tell.params, body: tell.body, response: { 200: tell.answer } },
    handler: async (request) =>
      presentEmbargo(await tellCase(hub, askedIn(request, request.params.case), request.body)),
  })
}

function registerLift(app: App, hub: HubContext): void {
  const { breakEmbargo: broke, liftEmbargo: lift } = routes
  app.route({
    ...row(broke),
    schema: { params: broke.params, body: broke.body, response: { 200: broke.answer } },
    handler: async (request) =>
      presentEmbargo(await breakEmbargo(hub, askedIn(request, request.params.case), request.body)),
  })
  app.route({
    ...row(lift),
    schema: { params: lift.params, body: lift.body, response: { 200: lift.answer } },
    handler: async (request) => presentEmbargo(await liftNow(hub, askedIn(request, request.params.case))),
  })
}

function registerSilence(app: App, hub: HubContext): void {
  const { listSilent: silent, openedPackage: opened } = routes
  app.route({
    ...row(silent),
    schema: { querystring: silent.query, response: { 200: silent.answer } },
    handler: async ({ query }) => ({ silent: [...(await listSilent(hub, query.case))] }),
  })
  app.route({
    ...row(opened),
    schema: { params: opened.params, body: opened.body, response: { 200: opened.answer } },
    handler: (request) => tellOpened(hub, callerOf(request), request.params.id),
  })
}

function registerEndpoints(app: App, hub: HubContext): void {
  const { listEndpoints: list, setEndpoint: set } = routes
  app.route({
    ...row(list),
    schema: { response: { 200: list.answer } },
    handler: (request) => endpointsAnswer(hub, callerOf(request).id),
  })
  app.route({
    ...row(set),
    schema: { body: set.body, response: { 200: set.answer } },
    handler: async (request) => {
      await setEndpoint(hub, callerOf(request), request.body)
      return await endpointsAnswer(hub, callerOf(request).id)
    },
  })
}

function askedIn(request: FastifyRequest, caseId: string): Asked {
  return { case: caseId, by: callerOf(request) }
}

/** Who asks; the route table let nobody in without a token. */
function callerOf({ principal }: FastifyRequest): Principal {
  if (principal === null) throw new HubError('unauthorized', 'this route needs a token')
  return principal
}
