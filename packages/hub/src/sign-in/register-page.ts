import { readFile } from 'node:fs/promises'
import type { buildServer } from '../routes/build-server.ts'

type App = Awaited<ReturnType<typeof buildServer>>

const PARTS = [
  ['/sign-in', 'sign-in.html', 'text/html; charset=utf-8'],
  ['/sign-in/sign-in.css', 'sign-in.css', 'text/css; charset=utf-8'],
  ['/sign-in/sign-in.js', 'sign-in.js', 'text/javascript; charset=utf-8'],
] as const

/** Nothing but the page's own two files and calls to its own hub; no frames, no forms, and no text that becomes markup. */
const POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  },
}

/** Registers the page at which people sign in. It is the same for everybody; what it shows it asks the hub for. */
export function registerPage(app: App): void {
  for (const [url, file, type] of PARTS) {
    app.route({
      method: 'GET',
      url,
      config: { isPage: true },
      helmet: { contentSecurityPolicy: POLICY },
      handler: async (_request, reply) =>
        reply.type(type).send(await readFile(new URL(`../../page/${file}`, import.meta.url))),
    })
  }
}
