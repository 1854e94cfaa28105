import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Scorer } from '../scorer.ts'
import { hasPeer, peersFolder } from './folder.ts'

const LANGUAGES: Readonly<Record<string, string>> = {
  javascript: 'javascript',
  python: 'python',
  c: 'c',
  go: 'go',
  java: 'java',
  shell: 'bash',
}

/** Dolos, its own similarity with its own defaults, in a process of its own because of its memory. */
export const DOLOS: Scorer = {
  name: 'Dolos',
  version: '@dodona/dolos-lib 3.5.1',
  missing: () =>
    hasPeer('@dodona/dolos-lib') ? null : '@dodona/dolos-lib (npm run bench:similarity -- --install-peers)',
  reads: (language) => language in LANGUAGES,
  score: ({ language, references, samples }) => {
    const input = JSON.stringify({ peers: peersFolder(), language: LANGUAGES[language], references, samples })
    const args = ['--max-old-space-size=8000', '--stack-size=8000', join(import.meta.dirname, 'dolos-process.ts')]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { input, maxBuffer: 1 << 30 })
    if (status !== 0) throw new Error(`Dolos ended with ${status}: ${stderr.toString().slice(-400)}`)
    return new Float64Array(new Uint8Array(stdout).buffer)
  },
}
