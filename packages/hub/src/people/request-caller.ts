import type { FastifyRequest } from 'fastify'
import { HubError } from '../errors.ts'
import { ownId, type PersonChange } from './person-change.ts'
import type { Principal } from './principal.ts'

/** Who a request speaks for; the route table let nobody else in. */
export function callerOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new HubError('unauthorized', 'this route needs a token')
  return request.principal
}

/** What a request does to the person that its path names. */
export function changeOf(request: FastifyRequest<{ Params: { person: string } }>): PersonChange {
  return { by: callerOf(request), id: request.params.person }
}

/** The caller as the person to be changed. Throws {@link HubError} `forbidden` for a token that speaks for no person. */
export function selfOf(request: FastifyRequest): PersonChange {
  const by = callerOf(request)
  if (by.person === null) throw new HubError('forbidden', 'this token speaks for no person')
  return { by, id: ownId(by.person) }
}
