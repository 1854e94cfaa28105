import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyFile } from '@sigillo/dossier/verify-file'
import type { Leak } from './act-leak.ts'
import type { Shared } from './act-share.ts'
import type { DemoReport, LeakOutcome } from './report.ts'
import { chronologyShape, dossierShape, type ReplayWave, traceShape } from './shapes.ts'
import { CASE, type World } from './world.ts'

/** Hands each bare file to `sigillo trace` and compares what it says with what happened. */
export async function trace(world: World, leaks: readonly Leak[]): Promise<readonly LeakOutcome[]> {
  world.clock.jumpTo('2021-02-28T18:00:00Z')
  const outcomes: LeakOutcome[] = []
  for (const { name, how, path, expected } of leaks) {
    world.say(`tracing ${name}`)
    const found = traceShape.parse(await world.stage.command('trace', path, '--case', CASE))
    await seen(world, name, found.trace)
    const { accusations, leads } = found
    const { readable } = found.marks
    const shown = accusations.at(-1) ?? leads[0] ?? null
    const accused = accusations.map(({ recipient }) => recipient).sort()
    outcomes.push({
      name,
      how,
      expected,
      accused,
      pValue: shown?.p ?? null,
      bound: shown?.bound ?? null,
      readableMarks: readable,
      verdict: found.verdict,
    })
    const answer = accused.length === 0 ? 'no accusation' : `the copy of ${accused.join(' and the copy of ')}`
    const strength =
      accused.length === 0 || shown === null
        ? ''
        : `, p ≤ ${shown.p.toExponential(1)} (Chernoff ${shown.bound.toExponential(1)})`
    world.tell(
      `Trace       ${name}: ${how}\n            ${readable} marks readable -> ${answer}${strength}; truth: ${expected.join(', ') || 'nobody'}`,
    )
  }
  return outcomes
}

/** Says in which attack the sample was found, so that its trace counts for that wave. */
async function seen(world: World, name: string, trace: string): Promise<void> {
  const note = `${name} found on an attacked server.`
  const fields = ['--kind', 'attack-observed', '--at', '2021-02-28', '--note', note, '--source', 'the replay']
  await world.stage.command('case', 'event', 'add', CASE, ...fields, '--trace', trace)
}

/** What dates and traces allow, wave by wave. */
export async function explain(world: World): Promise<readonly ReplayWave[]> {
  const report = chronologyShape.parse(
    await world.stage.command('chronology', CASE, '--svg', join(world.folder, 'timeline.svg')),
  )
  const { waves } = report
  for (const wave of waves) {
    const withStatus = (status: string): string =>
      wave.explanations
        .filter((each) => each.status === status)
        .map(({ id }) => id)
        .join(', ') || 'none'
    world.tell(
      `Wave        ${wave.id}, from ${(wave.start.earliest ?? 'an unknown day').slice(0, 10)}: ${wave.verdict}\n            excluded by the dates: ${withStatus('excluded')}${ledBy(wave)}`,
    )
  }
  const days = report.delays.find(({ id }) => id === 'report-to-patch')?.days
  if (days !== undefined) world.tell(`Delay       report to patch: ${days.min ?? '?'} to ${days.max ?? '?'} days`)
  return waves
}

function ledBy({ evidence, leading }: ReplayWave): string {
  return evidence.length === 0 ? '' : `\n            with the traces of what was found in it: ${leading.join(', ')}`
}

/** Writes the dossier, checks it offline, and shows that one changed byte is noticed. */
export async function prove(world: World, shared: Shared): Promise<DemoReport['dossier']> {
  world.clock.jumpTo('2021-03-12T09:00:00Z')
  const path = join(world.folder, 'dossier.sigillo')
  const { events, log } = dossierShape.parse(await world.stage.command('dossier', CASE, '-o', path))
  const { policy } = shared
  const verdict = await world.stage.command('verify', path, '--policy', join(world.folder, 'policy.txt'))
  const bytes = new Uint8Array(await readFile(path))
  const at = Math.floor(bytes.length / 2)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  const changed = await verifyFile(bytes, { policy })
  const reason = changed.claims.find((claim) => claim.verdict === 'failed')?.reason ?? 'NOT NOTICED'
  const verified = verdict['ok'] === true && !changed.ok
  world.tell(
    `Dossier     ${events} log entries with proofs; checked offline: ${String(verdict['ok'] === true ? verdict['verdict'] : 'FAILED')}\n            log ${log.verdict === 'proven' ? 'witnessed by two stand-ins in this process; real witnesses run elsewhere' : log.reason}\n            one changed byte: ${reason}`,
  )
  return { path, verified, failsWhenChanged: reason }
}
