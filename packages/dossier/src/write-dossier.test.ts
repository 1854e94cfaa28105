import { formatProofFile, parseProofFile } from '@sigillo/tlog/proof-file'
import { describe, expect, it } from 'vitest'
import { DossierError } from './errors.ts'
import { writeDossier } from './write-dossier.ts'
import { match, issued, leakedEvent, entries, proofsOf, input } from './example-case.fixture.ts'

describe('writing refuses', () => {
  it.each([
    [
      'events of copies that no match names',
      { events: proofsOf([...entries, { ...issued, data: { ...issued.data, recipient: 'copy-11' } }]) },
      'whom no match names',
    ],
    [
      'proofs under several checkpoints',
      { events: [...proofsOf(entries).slice(0, 2), ...proofsOf([...entries, leakedEvent]).slice(2)] },
      'under different checkpoints',
    ],
    ['one event twice', { events: [...input.events, ...input.events.slice(0, 1)] }, 'given twice'],
    [
      'a proof without opening',
      { events: [formatProofFile({ ...parseProofFile(input.events[0] ?? new Uint8Array()), extra: null })] },
      'holds no opening',
    ],
    ['ids that are no file names', { matches: [{ ...match, id: '../x' }] }, 'must be 1 to 100'],
    ['two matches of one name', { matches: [match, match] }, 'would be called match/leak-a.json'],
    ['an impossible date', { createdAt: 'yesterday' }, 'createdAt must be an instant'],
  ] as const)('%s', (_name, change, reason) => {
    const attempt = (): unknown => writeDossier({ ...input, ...change })
    expect(attempt).toThrow(DossierError)
    expect(attempt).toThrow(reason)
  })
})
