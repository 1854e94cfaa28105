import { describe, expect, it } from 'vitest'
import type { PlanFile } from '../site.ts'
import { pastedStretches } from './pasted-stretches.ts'

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `handoff_spool(ledger[${from + at}], quorum)`)
const file: PlanFile = { path: 'a.py', language: 'python', text: lines(0, 60).join('\n'), sites: [] }
const stranger = Array.from({ length: 50 }, (_, at) => `telemetry_gauge(widget_panel, ${at})`)

describe('where a copy was pasted', () => {
  it('is the row of lines that the file has, and no line of the program around it', () => {
    const sample = [...stranger, ...lines(20, 40), ...stranger].join('\n')
    expect(pastedStretches(file, sample)).toEqual([{ text: lines(20, 40).join('\n'), before: 50 }])
  })

  it('is found for each of several pieces, longest first', () => {
    const sample = [...lines(0, 8), ...stranger, ...lines(20, 40)].join('\n')
    expect(pastedStretches(file, sample).map(({ before }) => before)).toEqual([58, 0])
  })

  it('is found although a formatter has been at it', () => {
    const sample = [...stranger, ...lines(20, 40).map((line) => `    ${line.replace(', ', ',  ')};`)].join('\n')
    expect(pastedStretches(file, sample)).toMatchObject([{ before: 50 }])
  })

  it('goes on over marked lines, which are not as in the original but have words of it', () => {
    const marked = lines(20, 40).map((line, at) => (at % 2 === 0 ? line : line.replace('ledger', 'book')))
    expect(pastedStretches(file, [...stranger, ...marked].join('\n'))).toEqual([
      { text: marked.join('\n'), before: 50 },
    ])
  })

  it('is nowhere in a program of somebody else, and not asked of a text that is all copy', () => {
    expect(pastedStretches(file, stranger.join('\n'))).toEqual([])
    expect(pastedStretches(file, lines(5, 55).join('\n'))).toEqual([])
  })
})
