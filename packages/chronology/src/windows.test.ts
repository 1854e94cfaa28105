import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'
import { caseWindows } from './internal/windows.ts'
import { timelineSvg } from './timeline-svg.ts'

const read = (id: string) =>
  parseCaseFile(JSON.parse(readFileSync(new URL(`../../../vectors/chronology/${id}.json`, import.meta.url), 'utf8')))
const shown = (id: string): readonly string[] =>
  caseWindows(read(id).events).map(({ name, from, to }) => `${name} ${from.id} ${to?.id ?? 'open'}`)

describe('windows on the timeline', () => {
  it('run from the first report or hand-over to the first publication, and from the first attack to the first fix', () => {
    expect(shown('proxylogon-2021')).toEqual(['Embargo e10 e37', 'Exposure e08 e37'])
    expect(shown('toolshell-sharepoint-2025')).toEqual(['Embargo e01 e07', 'Exposure e05 e07'])
  })

  it('are not there when the end came first', () => {
    expect(shown('drupalgeddon2-2018')).toEqual([])
  })

  it('stay open when nothing ends them', () => {
    expect(shown('moveit-2023')).toEqual(['Exposure e01 open'])
  })

  it('are drawn', () => {
    const each = read('proxylogon-2021')
    const svg = timelineSvg(each, explainCase(each))
    expect(svg).toContain('class="window embargo"')
    expect(svg).toContain(
      '<title>Exposure: first attack to first fix; e08, 1 January 2021 to e37, 2 March 2021</title>',
    )
  })
})
