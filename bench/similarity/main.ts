import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { figuresPage, quickTable } from './figures-page.ts'
import { LABELLED, labelledSets } from './labelled.ts'
import { SIGILLO, SIGILLO_NATS } from './ours.ts'
import { PEERS } from './peers/all.ts'
import { installPeers } from './peers/folder.ts'
import { runShared, runStated } from './run-false-alarms.ts'
import { runLabelled } from './run-labelled.ts'
import { runRobustness } from './run-robustness.ts'
import { runSpeed } from './run-speed.ts'
import { runTravel } from './run-travel.ts'
import type { Scorer } from './scorer.ts'
import { FULL } from './sets/draw.ts'
import { TRANSFORMATIONS } from './sets/robustness.ts'
import type { Kind } from './sets/robustness.ts'

// npm run bench:similarity                                   a small table, with the peers that are there
// npm run bench:similarity -- --full [--sets DIR] --write-docs   everything, kept in results/ and written into the documentation
// --only labelled,travel --scorers 'jscpd;sigillo' --kinds go      a part of it

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    sets: { type: 'string' },
    only: { type: 'string', default: 'robustness,labelled,stated,shared,travel,speed' },
    kinds: { type: 'string', default: '' },
    'install-peers': { type: 'boolean', default: false },
    scorers: { type: 'string', default: '' },
    'no-peers': { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
  },
})

if (values['install-peers']) {
  const trouble = installPeers()
  if (trouble !== null) console.log(`MISSING: ${trouble}`)
}
const scorers = [SIGILLO, SIGILLO_NATS, ...(values['no-peers'] ? [] : present(PEERS))].filter(
  ({ name }) => values.scorers === '' || values.scorers.split(';').includes(name),
)
const only = values.only.split(',')
const kinds = values.kinds === '' ? (Object.keys(TRANSFORMATIONS) as Kind[]) : (values.kinds.split(',') as Kind[])
if (values.full) await everything()
else await quickLook()
if (values.sets !== undefined && only.includes('labelled')) await labelled(values.sets)
if (values['write-docs']) writeFileSync(join(import.meta.dirname, '../../docs/similarity-figures.md'), figuresPage())

async function everything(): Promise<void> {
  if (only.includes('robustness'))
    await runRobustness({ kinds, draws: ['tuning', 'held-back'], each: FULL, scorers, keep: true })
  if (only.includes('stated')) await runStated(values.sets)
  if (only.includes('shared')) await runShared(scorers)
  if (only.includes('travel')) await runTravel(values.sets, scorers)
  if (only.includes('speed')) await runSpeed()
}

/** A few minutes: few originals, the kinds that a leak is most often of, nothing kept. */
async function quickLook(): Promise<void> {
  const quick: readonly Kind[] = values.kinds === '' ? ['javascript', 'python', 'sigma'] : kinds
  const rows = await runRobustness({ kinds: quick, draws: ['tuning'], each: 6, scorers, keep: false })
  console.log(`\n${quickTable(rows)}`)
}

async function labelled(folder: string): Promise<void> {
  const there = labelledSets(folder).map((set) => set.name)
  for (const name of LABELLED.filter((each) => !there.includes(each))) console.log(`MISSING: ${name} in ${folder}`)
  await runLabelled(folder, scorers, values.fresh)
}

function present(peers: readonly Scorer[]): Scorer[] {
  return peers.filter((peer) => {
    const missing = peer.missing()
    if (missing !== null) console.log(`MISSING peer ${peer.name}: install ${missing}`)
    return missing === null
  })
}
