import { spawnSync } from 'node:child_process'
import { PairScores } from '../scorer.ts'
import type { Contest, Scorer } from '../scorer.ts'

/** Its lexers by language. It has none for JavaScript, Python and Go, which the one for C reads well enough. */
const PROGRAMS: Readonly<Record<string, string>> = {
  javascript: 'sim_c',
  python: 'sim_c',
  c: 'sim_c',
  go: 'sim_c',
  java: 'sim_java',
}
const LINE = /^(\S+) consists for (\d+) % of (\S+) material/

/** Dick Grune's sim: the mean of how much of each file is in the other. Runs of at least 24 tokens, in sim_text 8 words. */
export const SIM: Scorer = {
  name: 'sim',
  version: 'similarity-tester',
  missing: () => (spawnSync('sim_c', ['-v']).error === undefined ? null : 'Debian package similarity-tester'),
  reads: () => true,
  score: (contest) => {
    const pairs = new PairScores(contest)
    const program = PROGRAMS[contest.language] ?? 'sim_text'
    for (const [news, olds] of [
      [contest.references, contest.samples],
      [contest.samples, contest.references],
    ] as const)
      for (const [a, share, b] of sharesOf(program, news, olds)) pairs.add(a, b, share / 2)
    return pairs.scores
  },
}

/** How much of each of the first files is in each of the second ones, in percent. */
function* sharesOf(
  program: string,
  news: Contest['samples'],
  olds: Contest['samples'],
): Generator<[string, number, string]> {
  const input = [...new Set(news), '/', ...new Set(olds), ''].join('\n')
  const { stdout, stderr, status } = spawnSync(program, ['-e', '-S', '-p', '-t', '1', '-T', '-u', '-i'], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 200)}`)
  for (const line of stdout.split('\n')) {
    const [, a = '', share = '', b = ''] = LINE.exec(line) ?? []
    if (a !== '') yield [a, Number(share), b]
  }
}
