import { parentPort } from 'node:worker_threads'
import { runJob } from './jobs.ts'
import type { Job } from './jobs.ts'

parentPort?.on('message', (job: Job) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  parentPort?.postMessage(runJob(job))
})
