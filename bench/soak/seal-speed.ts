import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Drill } from './drill.ts'

const PROGRAM = fileURLToPath(new URL('./seal-process.ts', import.meta.url))

/** Goal S6: sealing for everybody on one workstation. */
export const sealSpeed: Drill = {
  id: 'S6',
  title: 'sealing 200 post-quantum copies',
  goal: '200 x 1 MiB within 10 s, 200 x 16 KiB within 6 s, at most 512 MiB of memory',
  lacks: () => null,
  run: (size) => {
    const count = size === 'full' ? 200 : 20
    const args = ['--conditions=@sigillo/source', PROGRAM, String(count)]
    const line = execFileSync(process.execPath, args, { encoding: 'utf8' })
    const [large = Number.NaN, small = Number.NaN, memory = Number.NaN] = line.split(' ').map(Number)
    // The small size runs beside other work, where only memory is judged.
    const inTime = size === 'small' || (large <= 10 && small <= 6)
    return Promise.resolve({
      passed: memory <= 512 && inTime,
      figures: { packages: count, '1 MiB each, s': large, '16 KiB each, s': small, 'peak memory, MiB': memory },
    })
  },
}
