import { parseArgs } from 'node:util'
import { isDecoder } from './decoders.ts'
import { measureMarks } from './marks-needed.ts'
import type { MarksRow } from './marks-needed.ts'
import type { Code } from './scene.ts'
import type { Attack } from '@sigillo/fingerprint/simulate-attacks'

// One setting or a few, on the spot; nothing is kept. The whole table: `npm run bench:fingerprint -- --only marks`.

const { values } = parseArgs({
  options: {
    code: { type: 'string', default: 'GL6' },
    leakers: { type: 'string', default: '2,3' },
    attack: { type: 'string', default: 'interleave' },
    decoders: { type: 'string', default: 'J' },
    alpha: { type: 'string', default: '1e-6' },
    goal: { type: 'string', default: 'one' },
    recipients: { type: 'string', default: '100' },
    misread: { type: 'string', default: '0' },
    erased: { type: 'string', default: '0' },
    trials: { type: 'string', default: '100' },
  },
})

const list = (text: string): string[] => text.split(',')
const figure = (value: number | null | undefined): string => String(value ?? '-').padStart(5)

function line(row: MarksRow): string {
  const middle = row.marks.map(figure).join(' ')
  const level = row.falseAccusation === undefined ? '' : `  accuses an innocent with chance ${row.falseAccusation}`
  return `${row.code} c=${row.leakers} ${row.attack} ${row.goal} ${row.decoder.padEnd(10)} ${row.alpha} ${middle}  (95 %: ${row.between.join(' to ')})${level}`
}

process.stdout.write('code, leakers, attack, goal, decoder, alpha, marks for 50, 95 and 99 %\n')
for (const leakers of list(values.leakers).map(Number)) {
  for (const attack of list(values.attack)) {
    const started = performance.now()
    const rows = measureMarks({
      section: 'marks',
      setting: {
        code: values.code as Code,
        recipients: Number(values.recipients),
        leakers,
        attack: attack as Attack,
        erased: Number(values.erased),
        misread: Number(values.misread),
      },
      decoders: list(values.decoders).filter(isDecoder),
      alphas: list(values.alpha).map(Number),
      goal: values.goal === 'all' ? 'all' : 'one',
      trials: Number(values.trials),
    })
    for (const row of rows) process.stdout.write(`${line(row)}\n`)
    process.stdout.write(`  ${((performance.now() - started) / 1000).toFixed(1)} s for ${values.trials} trials\n`)
  }
}
