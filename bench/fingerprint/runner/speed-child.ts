import { runJob } from './jobs.ts'
import type { Job } from './jobs.ts'

// One timed job in a process of its own, so that neither a warm compiler nor another job's memory counts. The job is the only argument.

process.stdout.write(JSON.stringify(runJob(JSON.parse(process.argv[2] ?? '') as Job)))
