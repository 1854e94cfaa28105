import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PassThrough } from 'node:stream'
import type { Command } from 'commander'
import { describe, expect, it, test } from 'vitest'
import { buildProgram } from './run.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
)
const nowhere = new PassThrough()
const program = buildProgram(
  {
    stdin: nowhere,
    stdout: nowhere,
    stderr: nowhere,
    env: {},
    interactive: false,
    now: () => new Date(),
    random: (length) => new Uint8Array(length),
    randomness: 'system',
  },
  () => undefined,
)

/** What a document writes as a command line: indented lines, lines of fenced blocks, and inline code, from `sigillo` to the end of that command. */
function commandLines(text: string): readonly string[] {
  const blocks = text.split('\n').filter((line) => /^(?: {4}|\t|\$ )/.test(line))
  const fenced = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.split('\n'))
  const inline = [...text.matchAll(/`(sigillo [^`]+)`/g)].map(([, code = '']) => code)
  return [...blocks, ...fenced, ...inline].flatMap((line) =>
    [...line.replace(/\s#.*/, '').matchAll(/(?:^|[\s;&|/])sigillo (?!\|)([^;&)]*)/g)].map(([, rest = '']) =>
      rest.trim(),
    ),
  )
}

/** What is wrong with a command line, or null. Values, placeholders and what stands in quotation marks are not judged. */
function problemOf(line: string): string | null {
  let command: Command = program
  const words = line.replace(/'[^']*'/g, 'QUOTED').split(/\s+/)
  while (command.commands.length > 0) {
    const [word = ''] = words
    if (!/^[a-z][a-z|-]*$/.test(word)) break
    const named = word.split('|').map((name) => command.commands.find((one) => one.name() === name))
    if (named.includes(undefined)) return `${command.name()} has no command "${word}"`
    words.shift()
    const [next] = named
    if (next === undefined || named.length > 1) break
    command = next
  }
  const known = [...program.options, ...command.options, ...command.commands.flatMap(({ options }) => options)]
  const unknown = words
    .flatMap((word) => /^\[?(--?[a-z][a-z-]*)/.exec(word)?.[1] ?? [])
    .find((name) => !known.some(({ long, short }) => long === name || short === name))
  return unknown === undefined ? null : `${command.name()} has no option ${unknown}`
}

describe.each(documents)('%s', (path) => {
  test('names commands and options that exist', () => {
    const lines = commandLines(readFileSync(join(root, path), 'utf8'))
    expect(lines.flatMap((line) => problemOf(line) ?? [])).toEqual([])
  })
})

it('every command says what it does', () => {
  const undescribed = (command: Command, path: string): readonly string[] =>
    command.commands.flatMap((one) => [
      ...(one.description() === '' ? [`${path} ${one.name()}`] : []),
      ...undescribed(one, `${path} ${one.name()}`),
    ])
  expect(undescribed(program, 'sigillo')).toEqual([])
})

it.each([
  ['    sigillo log check x', 'log has no command "check"'],
  ['`sigillo hub --no-such` is', 'hub has no option --no-such'],
  ['    a && sigillo user add x --rolle y', 'add has no option --rolle'],
])('the check itself sees that %j is wrong', (text, problem) => {
  expect(commandLines(text).map(problemOf)).toEqual([problem])
})
