import type { HubReport } from 'sigillo/log/check-hub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkEdited, makeStoppedHub, type StoppedHub } from './hub-log.ts'
import { DATABASE_EDITS } from './of-database.ts'

describe("a hub's log, falsified in its database", () => {
  let hub: StoppedHub
  let whole: HubReport | undefined
  const reports = new Map<string, HubReport>()
  const nameOf = ({ of, what }: (typeof DATABASE_EDITS)[number]): string => `${of}: ${what}`
  beforeAll(async () => {
    hub = await makeStoppedHub(30)
    const [first, ...rest] = await checkEdited(hub, [
      () => Promise.resolve(),
      ...DATABASE_EDITS.map(({ edit }) => edit),
    ])
    whole = first
    for (const [at, report] of rest.entries()) {
      const edit = DATABASE_EDITS[at]
      if (edit !== undefined) reports.set(nameOf(edit), report)
    }
  })
  afterAll(() => hub.remove())

  it('is whole before', () => {
    expect(whole).toMatchObject({ size: 30, events: 30, streams: 3, erased: [], findings: [] })
    expect(reports.size).toBe(DATABASE_EDITS.length)
  })

  it.each(DATABASE_EDITS.map((edit) => [nameOf(edit), edit] as const))('%s is found', (name, { where }) => {
    expect(reports.get(name)?.findings[0]).toEqual({ where, reason: expect.stringMatching(/^[^\n]+$/) })
  })
})
