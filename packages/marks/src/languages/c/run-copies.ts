import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { planOf } from '../../internal/real-files.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'

/** How a program is built and asked. */
export interface Program {
  readonly compiler: 'gcc' | 'g++'
  readonly source: string
  readonly flags: readonly string[]
  readonly args: readonly string[]
  readonly input: string
}

/** What a program said and how it ended. */
export interface Outcome {
  readonly status: number | null
  readonly said: string
}

/**
 * For tests: builds and runs a program as it is and as all-first, all-last and random copies.
 *
 * @param folder - where the programs are built
 * @param random - number of random copies
 * @returns one outcome per program, the original's first
 * @throws Error when a copy does not compile
 */
export async function runCopies(program: Program, folder: string, random: number): Promise<Outcome[]> {
  const plan = await planOf(program.source)
  const next = numbersFrom(29)
  const last = new Map(plan.sites.map((site) => [site.id, site.variants.length - 1]))
  const words = [new Map<string, number>(), last, ...Array.from({ length: random }, () => trialWord(plan, next))]
  const texts = [plan.text, ...words.map((word) => trialCopy(plan, word))]
  return texts.map((text) => run(program, text, folder))
}

/** Builds a text under the name of the program's source and runs it. */
export function run({ compiler, source, flags, args, input }: Program, text: string, folder: string): Outcome {
  const copy = join(folder, basename(source))
  const binary = join(folder, 'program')
  writeFileSync(copy, text)
  const built = spawnSync(compiler, ['-O0', '-w', '-o', binary, copy, ...flags], { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(built.stderr)
  const { status, stdout, stderr } = spawnSync(binary, args, { input, encoding: 'utf8', cwd: folder })
  return { status, said: stdout + stderr }
}
