import { beforeAll, describe, expect, it } from 'vitest'
import { findSites } from '../find-sites.ts'
import { createPlan } from '../plan.ts'
import type { MarkPlan } from '../plan.ts'
import type { PlanFile } from '../site.ts'
import { readDistinctive } from './distinctive.ts'

const SOURCE = `import http.client

def ask(host):
    link = http.client.HTTPConnection(host)
    query = "/lantern/list?colour=amber&shape=round"
    headers = {
        "X-Lantern-Keeper": "harbour",
        "Accept": "application/vnd.lantern.catalogue",
        "X-Lantern-Glass": "frosted-window",
        "X-Wick": "plain",  # sigillo:mark essential plain | braided | woven | coiled
        "X-Oil": "amber",  # sigillo:mark essential amber | clear | olive | walnut
    }
    link.request("GET", query, headers=headers)
    return link.getresponse().read().decode("latin-1")
`

const PORT = `package main

func headers() map[string]string {
	return map[string]string{
		"X-Lantern-Keeper": "harbour",
		"Accept": "application/vnd.lantern.catalogue",
		"X-Lantern-Glass": "frosted-window",
		"X-Wick": "woven",
		"X-Oil": "amber",
	}
}

const query = "/lantern/list?colour=amber&shape=round"
const charset = "latin-1"
`

let plan: MarkPlan
let file: PlanFile

beforeAll(async () => {
  plan = createPlan('lantern', [(await findSites('ask.py', SOURCE)).file])
  file = plan.files[0]!
})

function read(text: string): Record<string, number | null> {
  const readings = readDistinctive(file, plan, [{ path: 'port.go', text }])
  return Object.fromEntries(
    readings.flatMap(({ site, variant }) => (site.includes('essential') ? [[site, variant]] : [])),
  )
}

describe('ordinary words in a sample of another language', () => {
  it('are read where a port quotes them, with the line', () => {
    const [wick] = readDistinctive(file, plan, [{ path: 'port.go', text: PORT }]).filter(
      ({ variant }) => variant !== null,
    )
    expect(wick).toMatchObject({ site: 'ask.py#essential-1', variant: 2, where: { file: 'port.go', line: 8 } })
  })

  it('are read in another case, as a path without its slash and as part of a query', () => {
    expect(read(PORT.replace('"woven"', '"WOVEN"'))['ask.py#essential-1']).toBe(2)
    expect(read(PORT.replace('"woven"', '"wick=woven&more=1"'))['ask.py#essential-1']).toBe(2)
  })

  it('are not read when they stand elsewhere in every copy', () => {
    expect(read(PORT)).toEqual({ 'ask.py#essential-1': 2, 'ask.py#essential-2': null })
  })

  it('are not read when two alternatives are there', () => {
    expect(read(`${PORT}const spare = "coiled"\n`)['ask.py#essential-1']).toBeNull()
  })

  it('are not read when they are part of a longer word, or not quoted', () => {
    expect(read(PORT.replace('"woven"', 'woven'))['ask.py#essential-1']).toBeNull()
    expect(read(PORT.replace('"woven"', '"interwoven"'))['ask.py#essential-1']).toBeNull()
  })

  it('are not read from a text that shares little else with the artefact', () => {
    expect(read('const cloth = "woven"\nconst accept = "application/vnd.lantern.catalogue"\n')).toEqual({
      'ask.py#essential-1': null,
      'ask.py#essential-2': null,
    })
  })
})

describe('a value that is looked for by itself', () => {
  /** Which of two values is found in a text when a copy may say either. */
  async function found(one: string, other: string, text: string): Promise<number | null | undefined> {
    const source = SOURCE.replace(/"amber",.*/, `"${one}",  # sigillo:mark essential ${one} | ${other}`)
    const declared = createPlan('a', [(await findSites('a.py', source)).file])
    const [only] = declared.files
    const at = only!.sites.findIndex(({ variants }) => variants[0]?.shown === one)
    return readDistinctive(only!, declared, [{ path: 'x', text }])[at]?.variant
  }

  it('is one of words that nobody writes by chance', async () => {
    expect(await found('zq-lantern-keeper', 'zq-harbour-warden', 'x zq-harbour-warden y')).toBe(1)
  })

  it('is no pattern of single letters, which other programs use too', async () => {
    expect(await found('%Y%m%d%H%M%S', '%d%m%Y%H%M%S', 'date +%d%m%Y%H%M%S')).toBeNull()
  })
})
