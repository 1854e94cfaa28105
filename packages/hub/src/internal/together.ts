/**
 * Answers questions of one moment with one piece of work. `load` gets `take`, which closes the round: it gives the questions asked until
 * then, at most `most`, and `load` answers them in that order. One load runs at a time; what is asked after `take` waits for the next,
 * so every answer was made after its question. When `load` throws, its round is told; the next is not.
 */
export function together<Q, A>(
  load: (take: () => readonly Q[]) => Promise<readonly A[]>,
  most: number,
): (question: Q) => Promise<A> {
  const waiting: Asked<Q, A>[] = []
  let running = false

  const round = async (): Promise<void> => {
    const taken: Asked<Q, A>[] = []
    const take = (): readonly Q[] => {
      if (taken.length === 0) taken.push(...waiting.splice(0, most))
      return taken.map(({ question }) => question)
    }
    try {
      const answers = await load(take)
      for (const [at, answer] of answers.entries()) taken[at]?.resolve(answer)
      for (const asked of taken.slice(answers.length)) asked.reject(new Error('a question got no answer'))
    } catch (error) {
      take()
      for (const asked of taken) asked.reject(error)
    }
  }
  const drain = async (): Promise<void> => {
    running = true
    // What is asked in the same turn of the event loop comes along.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (waiting.length > 0) await round()
    running = false
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      if (!running) void drain()
    })
}

interface Asked<Q, A> {
  readonly question: Q
  readonly resolve: (answer: A) => void
  readonly reject: (error: unknown) => void
}
