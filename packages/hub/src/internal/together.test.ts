import { describe, expect, test } from 'vitest'
import { together } from './together.ts'

/** A load that answers when told to, and the rounds that it was given. */
function heldLoad(most = 100) {
  const rounds: (readonly number[])[] = []
  let release: () => void = () => undefined
  const ask = together<number, string>(async (take) => {
    const questions = take()
    rounds.push(questions)
    await new Promise<void>((resolve) => (release = resolve))
    return questions.map((question) => `answer ${String(question)}`)
  }, most)
  const next = async (): Promise<void> => {
    const before = rounds.length
    release()
    while (rounds.length === before) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return { ask, rounds, next, release: () => release() }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe('questions that are asked together', () => {
  test('are answered by one load, each with its own answer', async () => {
    const held = heldLoad()
    const asked = [1, 2, 3].map(held.ask)
    await turn()
    held.release()
    expect(await Promise.all(asked)).toEqual(['answer 1', 'answer 2', 'answer 3'])
    expect(held.rounds).toEqual([[1, 2, 3]])
  })

  test('while a load runs wait for the next, which begins after they were asked', async () => {
    const held = heldLoad()
    const first = held.ask(1)
    await turn()
    const late = [held.ask(2), held.ask(3)]
    await turn()
    expect(held.rounds).toEqual([[1]])
    await held.next()
    expect(held.rounds).toEqual([[1], [2, 3]])
    held.release()
    expect(await Promise.all([first, ...late])).toEqual(['answer 1', 'answer 2', 'answer 3'])
  })

  test('come along until the load takes them', async () => {
    let begin: () => void = () => undefined
    const rounds: (readonly number[])[] = []
    const ask = together<number, number>(async (take) => {
      await new Promise<void>((resolve) => (begin = resolve))
      rounds.push(take())
      return take()
    }, 100)
    const first = ask(1)
    await turn()
    const second = ask(2)
    begin()
    expect(await Promise.all([first, second])).toEqual([1, 2])
    expect(rounds).toEqual([[1, 2]])
  })

  test('are at most as many as one load may have', async () => {
    const held = heldLoad(2)
    const asked = [1, 2, 3].map(held.ask)
    await turn()
    await held.next()
    expect(held.rounds).toEqual([[1, 2], [3]])
    held.release()
    await Promise.all(asked)
  })

  test('hear why their load failed, before it took them or after; the next is not troubled', async () => {
    const failures: Error[] = [new Error('before'), new Error('after')]
    const ask = together<number, number>((take) => {
      const failure = failures.shift()
      if (failure?.message === 'before') return Promise.reject(failure)
      const taken = take()
      return failure === undefined ? Promise.resolve(taken) : Promise.reject(failure)
    }, 100)
    await expect(Promise.allSettled([ask(1), ask(2)])).resolves.toMatchObject([
      { reason: { message: 'before' } },
      { reason: { message: 'before' } },
    ])
    await expect(ask(3)).rejects.toThrow('after')
    expect(await ask(4)).toBe(4)
  })

  test('that a load forgets are refused, not left waiting', async () => {
    const ask = together<number, number>((take) => Promise.resolve(take().slice(0, 1)), 100)
    const [first, second] = await Promise.allSettled([ask(1), ask(2)])
    expect(first).toMatchObject({ value: 1 })
    expect(second).toMatchObject({ reason: { message: 'a question got no answer' } })
  })
})
