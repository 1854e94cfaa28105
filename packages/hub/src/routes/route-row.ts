import { PREFIX, type Route } from '@sigillo/api/routes'

/** What every registration takes from the route table. */
export function row<R extends Route>(route: R): { method: R['method']; url: string; config: { route: R } } {
  return { method: route.method, url: PREFIX + route.path, config: { route } }
}
