import { spawnSync } from 'node:child_process'
import type { Contest, Scorer } from '../scorer.ts'

// ssdeep and TLSH by their own libraries, through Debian's Python.

const PYTHON = '/usr/bin/python3'

const COMPARE = `
import array, json, sys
job = json.load(sys.stdin)
def read(path):
    with open(path, 'rb') as file: return file.read()
if job['peer'] == 'ssdeep':
    import ssdeep
    digest = lambda data: ssdeep.hash(data)
    alike = lambda a, b: ssdeep.compare(a, b)
else:
    import tlsh
    digest = lambda data: tlsh.hash(data)
    alike = lambda a, b: -tlsh.diff(a, b) if a and b else -10000
digests = {path: digest(read(path)) for path in set(job['references'] + job['samples'])}
out = array.array('d', (alike(digests[a], digests[b]) for a in job['references'] for b in job['samples']))
sys.stdout.buffer.write(out.tobytes())
`

export const SSDEEP = byteHash('ssdeep', 'python3-ssdeep', 'ssdeep')
/** Its distance, negated. */
export const TLSH = byteHash('TLSH', 'python3-tlsh', 'tlsh')

function byteHash(name: string, debian: string, module: string): Scorer {
  return {
    name,
    version: debian,
    missing: () => (spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0 ? null : `Debian package ${debian}`),
    reads: () => true,
    score: ({ references, samples }: Contest) => {
      const input = JSON.stringify({ peer: module, references, samples })
      const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', COMPARE], { input, maxBuffer: 1 << 30 })
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.toString().slice(-200)}`)
      return new Float64Array(new Uint8Array(stdout).buffer)
    },
  }
}
