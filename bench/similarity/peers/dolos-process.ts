import { readFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// Reads a job on standard input, writes the scores as 64-bit floats. What Dolos itself prints goes to standard error.

interface Job {
  readonly peers: string
  readonly language: string
  readonly references: readonly string[]
  readonly samples: readonly string[]
}
interface DolosFile {
  readonly path: string
}
interface Dolos {
  analyze: (files: unknown[]) => Promise<Report>
}
interface Report {
  readonly files?: readonly DolosFile[]
  getPair: (a: DolosFile, b: DolosFile) => { readonly similarity: number }
  entries?: () => readonly { readonly file: DolosFile }[]
}

console.log = console.error
const job = JSON.parse(readFileSync(0, 'utf8')) as Job
const require = createRequire(join(job.peers, 'package.json'))
const { Dolos } = require('@dodona/dolos-lib') as { Dolos: new (options: unknown) => Dolos }
const core = require('@dodona/dolos-core') as { File: new (path: string, content: string) => DolosFile }

const paths = [...new Set([...job.references, ...job.samples])]
const files = paths.map((path) => new core.File(path, readFileSync(path, 'utf8')))
const report = await new Dolos({ language: job.language }).analyze(files)
const byPath = new Map(
  (report.entries?.().map((entry) => entry.file) ?? report.files ?? files).map((file) => [file.path, file]),
)
const scores = new Float64Array(job.references.length * job.samples.length)
for (const [row, reference] of job.references.entries())
  for (const [column, sample] of job.samples.entries()) {
    const [a, b] = [byPath.get(reference), byPath.get(sample)]
    scores[row * job.samples.length + column] =
      reference === sample ? 1 : a === undefined || b === undefined ? 0 : report.getPair(a, b).similarity
  }
const bytes = new Uint8Array(scores.buffer)
for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at)
