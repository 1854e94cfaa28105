import { describe, expect, test } from 'vitest'
import { PROBLEM_STATUS } from './errors.ts'
import { type Route, routes } from './routes.ts'

const table: [string, Route][] = Object.entries(routes)

describe('the route table', () => {
  test('has each method and path once', () => {
    const places = table.map(([, { method, path }]) => `${method} ${path}`)
    expect(new Set(places).size).toBe(places.length)
  })

  test.each(table)('%s says why when it writes no event, and lets no stranger change anything', (_, route) => {
    expect(route.event === null).toBe(route.why !== undefined)
    // Strangers change nothing but that they sign in, or take up what was made for them.
    if (route.role === 'public' && !/^\/(sign-in|enrolment)(\/|$)/.test(route.path))
      expect(route).toMatchObject({ method: 'GET', event: null })
    if (route.method === 'PUT') expect(route.event).not.toBeNull()
  })

  test('has an HTTP status for every problem', () => {
    for (const status of Object.values(PROBLEM_STATUS)) expect(status).toBeGreaterThanOrEqual(400)
  })
})
