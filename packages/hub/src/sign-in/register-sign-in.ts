import { routes } from '@sigillo/api/routes'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { buildServer } from '../routes/build-server.ts'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { callerOf, changeOf, selfOf } from '../people/request-caller.ts'
import { row } from '../routes/route-row.ts'
import { isFromOwnPage } from './authenticate-request.ts'
import type { Challenge } from './ceremonies.ts'
import { confirm, drawCodes, enrolCodes } from './codes.ts'
import { askEnrolment, giveEnrolment, revokeKey, takeEnrolment } from './enrolment.ts'
import { askSignIn, beginSession, endOwnSession, signInOf, signOut } from './sessions.ts'
import { endedCookie, sessionCookie } from './session-cookie.ts'

/** Strangers' tries a minute from one address, counted apart from what else strangers ask. */
const MOST_TRIES = { rateLimit: { max: 120, timeWindow: 60_000 } }

type App = Awaited<ReturnType<typeof buildServer>>

/** Registers the routes about passkeys, one-time codes and sessions. */
export function registerSignIn(app: App, hub: HubContext): void {
  registerStrangers(app, hub)
  registerOwn(app, hub)
  registerOwnKeys(app, hub)
  registerSide(app, hub, STAFF)
  registerSide(app, hub, MEMBERS)
}

function registerStrangers(app: App, hub: HubContext): void {
  const { enrolOptions, enrol, signInOptions, signIn } = routes
  app.route({
    ...row(enrolOptions),
    config: { ...row(enrolOptions).config, ...MOST_TRIES },
    schema: { body: enrolOptions.body, response: { 200: enrolOptions.answer } },
    handler: async (request, reply) => {
      requireOwnPage(hub, request)
      return giveChallenge(reply, await askEnrolment(hub, request.body.code))
    },
  })
  app.route({
    ...row(enrol),
    config: { ...row(enrol).config, ...MOST_TRIES },
    schema: { body: enrol.body, response: { 200: enrol.answer } },
    handler: (request) => {
      requireOwnPage(hub, request)
      return takeEnrolment(hub, request.body, request.headers.cookie ?? '')
    },
  })
  app.route({
    ...row(signInOptions),
    config: { ...row(signInOptions).config, ...MOST_TRIES },
    schema: { body: signInOptions.body, response: { 200: signInOptions.answer } },
    handler: async (request, reply) => {
      requireOwnPage(hub, request)
      return giveChallenge(reply, await askSignIn(hub))
    },
  })
  app.route({
    ...row(signIn),
    config: { ...row(signIn).config, ...MOST_TRIES },
    schema: { body: signIn.body, response: { 200: signIn.answer } },
    handler: async (request, reply) => {
      const site = requireOwnPage(hub, request)
      const { answer, secret } = await beginSession(hub, request.body, request.headers.cookie ?? '')
      reply.header('set-cookie', sessionCookie(site, secret))
      return answer
    },
  })
}

function registerOwn(app: App, hub: HubContext): void {
  const { ownSignIn, endOwnSession: end, confirm: prove } = routes
  app.route({
    ...row(ownSignIn),
    schema: { response: { 200: ownSignIn.answer } },
    handler: (request) => signInOf(hub, selfOf(request)),
  })
  app.route({
    ...row(end),
    schema: { params: end.params, body: end.body, response: { 200: end.answer } },
    handler: async (request, reply) => {
      const { session } = request.params
      const status = await endOwnSession(hub, selfOf(request), session)
      const site = hub.signIn.site()
      if (site !== null && session === callerOf(request).session?.id) reply.header('set-cookie', endedCookie(site))
      return status
    },
  })
  app.route({
    ...row(prove),
    schema: { body: prove.body, response: { 200: prove.answer } },
    handler: (request) => confirm(hub, selfOf(request), request.body.code),
  })
}

function registerOwnKeys(app: App, hub: HubContext): void {
  const { enrolSelf, revokeOwnKey, drawCodes: draw, enrolCodes: take } = routes
  app.route({
    ...row(enrolSelf),
    schema: { body: enrolSelf.body, response: { 200: enrolSelf.answer } },
    handler: (request) => giveEnrolment(hub, selfOf(request), request.body.codeHash, true),
  })
  app.route({
    ...row(revokeOwnKey),
    schema: { params: revokeOwnKey.params, body: revokeOwnKey.body, response: { 200: revokeOwnKey.answer } },
    handler: (request) => revokeKey(hub, selfOf(request), request.params.key, true),
  })
  app.route({
    ...row(draw),
    schema: { body: draw.body, response: { 200: draw.answer } },
    handler: (request) => drawCodes(hub, selfOf(request)),
  })
  app.route({
    ...row(take),
    schema: { body: take.body, response: { 200: take.answer } },
    handler: (request) => enrolCodes(hub, selfOf(request), request.body.code),
  })
}

/** The routes by which one side's administrators look after how its people sign in. */
type Side = typeof STAFF | typeof MEMBERS

const STAFF = {
  enrol: routes.enrolPerson,
  show: routes.personSignIn,
  end: routes.signOutPerson,
  revoke: routes.revokeKey,
}
const MEMBERS = {
  enrol: routes.enrolMember,
  show: routes.memberSignIn,
  end: routes.signOutMember,
  revoke: routes.revokeMemberKey,
}

function registerSide(app: App, hub: HubContext, { enrol, show, end, revoke }: Side): void {
  app.route({
    ...row(enrol),
    schema: { params: enrol.params, body: enrol.body, response: { 200: enrol.answer } },
    handler: (request) => giveEnrolment(hub, changeOf(request), request.body.codeHash),
  })
  app.route({
    ...row(show),
    schema: { params: show.params, response: { 200: show.answer } },
    handler: (request) => signInOf(hub, changeOf(request)),
  })
  app.route({
    ...row(end),
    schema: { params: end.params, body: end.body, response: { 200: end.answer } },
    handler: (request) => signOut(hub, changeOf(request)),
  })
  app.route({
    ...row(revoke),
    schema: { params: revoke.params, body: revoke.body, response: { 200: revoke.answer } },
    handler: (request) => revokeKey(hub, changeOf(request), request.params.key),
  })
}

/** Strangers' cookies are cookies too: without the site's own `Origin` nothing begins. */
function requireOwnPage(hub: HubContext, request: FastifyRequest) {
  const site = hub.signIn.requireSite()
  if (!isFromOwnPage(request, site))
    throw new HubError('unauthorized', `people sign in from a page of ${site.origin} only`)
  return site
}

function giveChallenge(reply: FastifyReply, { options, cookies }: Challenge): { options: Record<string, unknown> } {
  reply.header('set-cookie', [...cookies])
  return { options }
}
