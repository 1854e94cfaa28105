import { MOST_PACKAGE_BYTES } from '@sigillo/api/contracts'
import { routes } from '@sigillo/api/routes'
import type { buildServer } from './build-server.ts'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { row } from './route-row.ts'
import { addBackup, backupBytes, backups } from '../deliveries/vault-backups.ts'

/** Registers the routes of the vault's backups. */
export function registerBackups(app: Awaited<ReturnType<typeof buildServer>>, hub: HubContext): void {
  const { putBackup: put, listBackups: list, fetchBackup: fetch } = routes
  app.route({
    ...row(put),
    bodyLimit: MOST_PACKAGE_BYTES,
    schema: { querystring: put.query, response: { 200: put.answer } },
    handler: (request) => {
      if (!Buffer.isBuffer(request.body))
        throw new HubError('bad-request', 'a backup is sent as application/octet-stream')
      if (request.principal === null) throw new HubError('unauthorized', 'this route needs a token')
      return addBackup(hub, request.principal, { ...request.query, bytes: request.body })
    },
  })
  app.route({
    ...row(list),
    schema: { response: { 200: list.answer } },
    handler: async () => ({ backups: await backups(hub) }),
  })
  app.route({
    ...row(fetch),
    schema: { params: fetch.params },
    handler: async (request, reply) =>
      reply.type('application/octet-stream').send(await backupBytes(hub, request.params.version)),
  })
}
