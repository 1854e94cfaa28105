import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'

const CHUNK = 2 ** 22

/** Copies everything that a running process holds in writable memory to a file. Needs the right to trace it. Linux only. */
export function dumpMemory(pid: number, path: string): void {
  const memory = openSync(`/proc/${String(pid)}/mem`, 'r')
  const out = openSync(path, 'w', 0o600)
  try {
    for (const { from, to } of writableRegions(pid)) copyRegion(memory, out, from, to)
  } finally {
    closeSync(memory)
    closeSync(out)
  }
}

interface Region {
  readonly from: number
  readonly to: number
}

function writableRegions(pid: number): readonly Region[] {
  return readFileSync(`/proc/${String(pid)}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line)
      return match === null
        ? []
        : [{ from: Number.parseInt(match[1] ?? '', 16), to: Number.parseInt(match[2] ?? '', 16) }]
    })
}

function copyRegion(memory: number, out: number, from: number, to: number): void {
  const buffer = Buffer.alloc(CHUNK)
  for (let at = from; at < to; at += CHUNK) {
    const length = Math.min(CHUNK, to - at)
    try {
      const read = readSync(memory, buffer, 0, length, at)
      const part = buffer.subarray(0, read)
      // Pages that were never touched hold nothing and would fill the disk.
      if (!part.every((byte) => byte === 0)) writeSync(out, part)
    } catch {
      // The region went away while we read it.
    }
  }
}
