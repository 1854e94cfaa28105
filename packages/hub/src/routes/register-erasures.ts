import { routes } from '@sigillo/api/routes'
import { erase } from '../erasures/erase.ts'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import type { buildServer } from './build-server.ts'
import { row } from './route-row.ts'

/** Registers the route that erases. */
export function registerErasures(app: Awaited<ReturnType<typeof buildServer>>, hub: HubContext): void {
  app.route({
    ...row(routes.erase),
    schema: { body: routes.erase.body, response: { 200: routes.erase.answer } },
    handler: ({ principal, body }) => {
      if (principal === null) throw new HubError('unauthorized', 'this route needs a token')
      return erase(hub, principal, body)
    },
  })
}
