import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { buildSegment, parseSegment, serialiseSegment } from '@sigillo/similarity/artefact-index'
import { type Background, buildBackground } from '@sigillo/similarity/background'
import type { Document } from '@sigillo/similarity/document'
import { lex } from '@sigillo/similarity/lexer'
import { openScreen, screenSample } from '@sigillo/similarity/screen'
import { peakMemoryMib } from '../peak-memory.ts'
import { peersFolder } from './peers/folder.ts'
import { allPublicFiles } from './sets/public-files.ts'
import type { SpeedRow } from './run-speed.ts'

// One measurement: what, how many artefacts, and for ours the file of the index. Prints a row as JSON.

const PIECE = 13_000
const SAMPLES = 1000

const [, , what = 'sigillo', count = '1000', file = ''] = process.argv
const artefacts = Number(count)

interface Piece {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Pieces of 13 KB of real source: small files of one kind run together, large ones cut. Samples are spread over all kinds. */
function piecesOf(number: number, endings: readonly string[]): Piece[] {
  const files = allPublicFiles().filter((file) => endings.some((ending) => file.path.endsWith(ending)))
  const pieces: Piece[] = []
  for (const ending of endings) {
    let rest = Buffer.alloc(0)
    for (const file of files.filter(({ path }) => path.endsWith(ending))) {
      rest = Buffer.concat([rest, readFileSync(file.path).subarray(0, 4 * PIECE)])
      for (; rest.length >= PIECE; rest = rest.subarray(PIECE))
        pieces.push({ name: `piece${pieces.length}${ending}`, bytes: new Uint8Array(rest.subarray(0, PIECE)) })
    }
  }
  const step = 7919
  return Array.from({ length: Math.min(number, pieces.length) }, (_, at) => pieces[(at * step) % pieces.length]!)
}

const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
/** Most memory that this process ever held, in MB. */
const peak = (): number => (peakMemoryMib() * 1024 * 1024) / 1e6

const noBackground = (): Background => buildBackground({ name: 'empty', version: '1', documents: [] })

/** Builds the index and saves it as `file`, as a vault does, and the samples beside it. */
function build(): { readonly seconds: number } {
  const pieces = piecesOf(artefacts + SAMPLES, ['.js', '.py', '.go', '.c', '.h'])
  const documents = pieces
    .slice(0, artefacts)
    .map(({ name, bytes }, at): Document => ({ id: `${at}`, files: [{ name, bytes }] }))
  const begin = cpu()
  writeFileSync(file, serialiseSegment(buildSegment(documents, noBackground())))
  const seconds = cpu() - begin
  const samples = pieces.slice(artefacts).map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')])
  writeFileSync(`${file}.samples`, JSON.stringify(samples))
  return { seconds }
}

/** Loads the index of `file` and screens the samples, as a machine at a feed does. */
function sigillo(): Omit<SpeedRow, 'machine'> {
  const pieces = JSON.parse(readFileSync(`${file}.samples`, 'utf8')) as [string, string][]
  const samples = pieces.map(
    ([name, text]): Document => ({ id: name, files: [{ name, bytes: Buffer.from(text, 'base64') }] }),
  )
  const screen = openScreen({ background: noBackground(), segments: [parseSegment(readFileSync(file))] })
  for (const sample of samples.slice(0, 100)) screenSample(screen, sample, { features: 0 })
  const warm = cpu()
  const from = performance.now()
  for (const sample of samples) screenSample(screen, sample, { features: 0 })
  return row(artefacts, 0, cpu() - warm, (performance.now() - from) / 1000, peak())
}

function lexer(): Omit<SpeedRow, 'machine'> {
  const pieces = piecesOf(5000, ['.js'])
  for (const { bytes } of pieces.slice(0, 300)) lex(bytes, 'javascript')
  const begin = cpu()
  const from = performance.now()
  for (const { bytes } of pieces) lex(bytes, 'javascript')
  const seconds = cpu() - begin
  return {
    ...row(0, 0, seconds, (performance.now() - from) / 1000, 0),
    samples: pieces.length,
    samplesPerSecond: pieces.length / seconds,
    megabytesPerSecond: (pieces.length * PIECE) / 1e6 / seconds,
  }
}

/** Dolos reads Python; it keeps an index, and every sample is compared with each of its files. */
async function dolos(): Promise<Omit<SpeedRow, 'machine'>> {
  const samples = 50
  const require = createRequire(join(peersFolder(), 'package.json'))
  const core = require('@dodona/dolos-core') as { File: new (path: string, content: string) => unknown }
  const lib = require('@dodona/dolos-lib') as {
    Dolos: new (
      options: unknown,
    ) => { analyze: (files: unknown[]) => Promise<{ getPair: (a: unknown, b: unknown) => unknown }> }
  }
  const files = piecesOf(artefacts + samples, ['.py']).map(
    ({ name, bytes }, at) => new core.File(`${at}-${name}`, Buffer.from(bytes).toString('utf8')),
  )
  const begin = cpu()
  const report = await new lib.Dolos({ language: 'python' }).analyze(files)
  const built = cpu()
  const from = performance.now()
  for (const sample of files.slice(-samples))
    for (const artefact of files.slice(0, -samples)) report.getPair(artefact, sample)
  const screenSeconds = cpu() - built
  const elapsedSeconds = (performance.now() - from) / 1000
  const perFile = (built - begin) / files.length
  const spent = screenSeconds + perFile * samples
  return {
    ...row(files.length - samples, perFile * (files.length - samples), spent, elapsedSeconds, peak()),
    samples,
    samplesPerSecond: samples / spent,
    megabytesPerSecond: (samples * PIECE) / 1e6 / spent,
  }
}

const SSDEEP = `
import json, resource, struct, sys, time, ssdeep
count, data = int(sys.argv[1]), sys.stdin.buffer.read()
pieces = [data[at:at + ${PIECE}] for at in range(0, len(data), ${PIECE})]
begin = time.process_time()
known = [ssdeep.hash(piece) for piece in pieces[:count]]
built = time.process_time()
wall = time.time()
for piece in pieces[count:]:
    digest = ssdeep.hash(piece)
    for other in known: ssdeep.compare(digest, other)
print(json.dumps([built - begin, time.process_time() - built, time.time() - wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000]))
`

function ssdeep(): Omit<SpeedRow, 'machine'> {
  const samples = 100
  const pieces = piecesOf(artefacts + samples, ['.js', '.py', '.go', '.c', '.h'])
  const input = Buffer.concat(pieces.map(({ bytes }) => bytes))
  const { stdout } = spawnSync('/usr/bin/python3', ['-c', SSDEEP, String(pieces.length - samples)], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 20,
  })
  const [built = 0, screen = 0, elapsed = 0, megabytes = 0] = JSON.parse(stdout) as number[]
  return {
    ...row(pieces.length - samples, built, screen, elapsed, megabytes),
    samples,
    samplesPerSecond: samples / screen,
    megabytesPerSecond: (samples * PIECE) / 1e6 / screen,
  }
}

function row(
  indexed: number,
  buildSeconds: number,
  screenSeconds: number,
  elapsedSeconds: number,
  megabytes: number,
): Omit<SpeedRow, 'machine'> {
  const samplesPerSecond = SAMPLES / screenSeconds
  return {
    what,
    artefacts: indexed,
    samples: SAMPLES,
    buildSeconds,
    screenSeconds,
    elapsedSeconds,
    samplesPerSecond,
    megabytesPerSecond: (samplesPerSecond * PIECE) / 1e6,
    megabytes,
  }
}

const jobs: Readonly<Record<string, () => object | Promise<object>>> = {
  build,
  sigillo,
  lexer,
  Dolos: dolos,
  ssdeep,
}
console.log(JSON.stringify(await jobs[what]!()))
