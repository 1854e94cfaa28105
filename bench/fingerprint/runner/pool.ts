import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Job, Row } from './jobs.ts'

/** Runs the jobs in order on `size` threads; `finished` hears of each as soon as it is done. Speed jobs run afterwards, one by one. */
export async function runAll(
  jobs: readonly Job[],
  size: number,
  finished: (job: Job, rows: Row[]) => void,
): Promise<void> {
  const waiting = jobs.filter((job) => job.section !== 'speed')
  await Promise.all(
    Array.from({ length: Math.min(size, waiting.length) }, async () => {
      const worker = new Worker(new URL('worker.ts', import.meta.url))
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) finished(job, await ask(worker, job))
      await worker.terminate()
    }),
  )
  for (const job of jobs) if (job.section === 'speed') finished(job, await alone(job))
}

function ask(worker: Worker, job: Job): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const done = (rows: Row[]): void => {
      worker.off('error', reject)
      resolve(rows)
    }
    worker.once('message', done)
    worker.once('error', reject)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    worker.postMessage(job)
  })
}

async function alone(job: Job): Promise<Row[]> {
  const child = fileURLToPath(new URL('speed-child.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, child, JSON.stringify(job)])
  return JSON.parse(stdout) as Row[]
}
