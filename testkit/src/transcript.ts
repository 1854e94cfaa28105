import { spawn } from 'node:child_process'

/** One command of a transcript and what it must print. */
export interface Step {
  readonly line: number
  readonly command: string
  readonly expected: readonly string[]
  /** Expected exit status; a last expected line `(exit 2)` sets it. */
  readonly status: number
}

/** A run of steps that share one folder. */
export interface Transcript {
  readonly name: string
  readonly steps: readonly Step[]
}

/**
 * Transcripts in a Markdown document: fenced blocks of language `console`. `$ ` starts a command, a trailing `\` continues it on the next line, what follows is
 * its output, stdout and stderr together. In expected output `…` stands for any text within a line, and a line of only `…` for any number of lines.
 */
export function transcriptsIn(markdown: string, name: string): readonly Transcript[] {
  const found: Transcript[] = []
  const lines = markdown.split('\n')
  let block: string[] | null = null
  let start = 0
  for (const [index, line] of lines.entries()) {
    if (block === null && line.trim() === '```console') {
      block = []
      start = index + 2
    } else if (block !== null && line.trim() === '```') {
      found.push({ name: `${name}:${start}`, steps: stepsOf(block, start) })
      block = null
    } else block?.push(line)
  }
  return found
}

/** Null when the output is what the step expects; else a text that shows the first difference. */
export function compare(step: Step, output: string, status: number | null): string | null {
  const actual = output
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.trimEnd())
  const printed = actual.length === 1 && actual[0] === '' ? [] : actual
  if (status !== step.status)
    return `line ${step.line}: $ ${step.command}\nexit status ${status ?? 'none'}, expected ${step.status}; it printed:\n${output}`
  if (matches(step.expected, printed)) return null
  return `line ${step.line}: $ ${step.command}\nexpected:\n${step.expected.join('\n')}\nprinted:\n${printed.join('\n')}`
}

/** Runs all steps in a folder with `/bin/sh`; returns the first difference, or null. */
export async function runTranscript(
  transcript: Transcript,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  for (const step of transcript.steps) {
    const { output, status } = await run(step.command, folder, env)
    const difference = compare(step, output, status)
    if (difference !== null) return `${transcript.name}, ${difference}`
  }
  return null
}

function stepsOf(block: readonly string[], start: number): readonly Step[] {
  const steps: { line: number; command: string; expected: string[]; status: number }[] = []
  let continued = false
  for (const [index, line] of block.entries()) {
    const last = steps.at(-1)
    if (continued && last !== undefined) last.command += `\n${line}`
    else if (line.startsWith('$ ')) steps.push({ line: start + index, command: line.slice(2), expected: [], status: 0 })
    else if (last === undefined) throw new Error(`line ${start + index}: a transcript starts with a command ("$ …")`)
    else if (/^\(exit \d+\)$/.test(line)) last.status = Number(line.slice(6, -1))
    else last.expected.push(line.trimEnd())
    continued = (continued || line.startsWith('$ ')) && line.endsWith('\\')
  }
  return steps
}

function matches(expected: readonly string[], printed: readonly string[]): boolean {
  const [head, ...rest] = expected
  if (head === undefined) return printed.length === 0
  if (head === '…') return printed.some((_, index) => matches(rest, printed.slice(index))) || rest.length === 0
  const [line, ...more] = printed
  return line !== undefined && lineMatches(head, line) && matches(rest, more)
}

function lineMatches(expected: string, line: string): boolean {
  const pattern = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${pattern.join('.*')}$`, 'u').test(line)
}

function run(
  command: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ output: string; status: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', (status) => resolve({ output, status }))
  })
}
