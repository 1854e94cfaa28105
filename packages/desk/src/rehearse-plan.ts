import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { damagingFor } from '@sigillo/marks/leak/damagings'
import { type Damaging, rehearse, type Rehearsed } from '@sigillo/marks/leak/rehearse'
import { LEAK_SCENARIOS, type LeakScenario } from '@sigillo/marks/leak/scenarios'
import { planHash } from '@sigillo/marks/plan'
import { planOf } from './artefacts.ts'
import type { ArtefactDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import { numbersOf } from './plan-draw.ts'
import { strongestFile } from './plan-report.ts'
import { runOn } from './run-test.ts'

/** A tool that leakers may use. */
export interface LeakTool {
  /** What its row is called; one of the planner's own damages is then told by this tool. */
  readonly name: string
  /**
   * A command of `/bin/sh` that changes the file `{}` (its last argument, without), or writes what it makes of it to `{out}`. Its standard output
   * counts for nothing: say `tool {} > {out}`.
   */
  readonly command: string
}

/** Seconds that a tool may take for one file. */
const TOOL_SECONDS = 60

/**
 * Plays leaks of an artefact's strongest file through: everything that needs no tool, `git merge-file` where there is git, and the tools that are named.
 * Copies are drawn by lot from the plan's hash, so that the same plan has the same answer.
 *
 * @throws DeskError `tool-failed` when a tool fails on a copy
 */
export async function rehearsePlan(
  document: ArtefactDocument,
  tools: readonly LeakTool[],
  progress: (line: string) => void,
): Promise<readonly Rehearsed[]> {
  const plan = planOf(document)
  const file = strongestFile(plan)
  if (file === undefined || file.sites.length === 0) return []
  const played: { readonly scenario: LeakScenario; readonly damaging: Damaging }[] = tools.map(({ name, command }) => ({
    scenario: { name, leakers: 1 },
    damaging: ([copy = '']) => byTool(name, command, basename(file.path), copy),
  }))
  for (const scenario of LEAK_SCENARIOS) {
    const damaging = damagingFor(scenario, file) ?? byGit(scenario)
    if (damaging !== null && !played.some((other) => other.scenario.name === scenario.name && scenario.leakers === 1))
      played.push({ scenario, damaging })
  }
  const next = numbersOf(`rehearsal of ${planHash(plan)}`)
  const out: Rehearsed[] = []
  for (const { scenario, damaging } of played) {
    progress(`playing a leak through: ${scenario.name}, ${scenario.leakers} of the copies`)
    out.push(await rehearse(file, scenario, damaging, () => next() / 2 ** 32))
  }
  return out
}

/** What a tool makes of a copy. */
async function byTool(name: string, command: string, file: string, copy: string): Promise<string> {
  return await inFolder(async (folder) => {
    const path = join(folder, file)
    const out = join(folder, `made${/\.\w+$/.exec(file)?.[0] ?? ''}`)
    await writeFile(path, copy)
    const writes = command.includes('{out}')
    const run = await runOn(command.replaceAll('{out}', `'${out}'`), path, folder, TOOL_SECONDS)
    if (!run.passed) throw new DeskError('tool-failed', `${name}: "${command}" fails on a copy of ${file} (${run.why})`)
    const made = await readFile(writes ? out : path, 'utf8').catch(() => null)
    if (made === null) throw new DeskError('tool-failed', `${name}: "${command}" wrote no file {out}`)
    return made
  })
}

const GIT_OPTIONS: Readonly<Record<string, string>> = { 'merge-union': '--union', 'merge-ours': '--ours' }
const MAX_OUTPUT = 1 << 26

/** `git merge-file`; of two copies the common ancestor is the original, of three it is the third. Null for other scenarios, or without git. */
function byGit({ name, leakers }: LeakScenario): Damaging | null {
  const option = GIT_OPTIONS[name]
  if (option === undefined || spawnSync('git', ['--version']).status !== 0) return null
  return async ([ours = '', theirs = '', third = ''], { text }) =>
    await inFolder(async (folder) => {
      const texts = [ours, leakers === 2 ? text : third, theirs]
      const paths = texts.map((_, at) => join(folder, String(at)))
      for (const [at, path] of paths.entries()) await writeFile(path, texts[at]!)
      const { stdout, status } = spawnSync('git', ['merge-file', '-p', option, ...paths], {
        encoding: 'utf8',
        maxBuffer: MAX_OUTPUT,
      })
      if (status === null || status > 127)
        throw new DeskError('tool-failed', `git merge-file ${option} fails on copies`)
      return stdout
    })
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sigillo-leak-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
