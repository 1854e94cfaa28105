/** Where a family's phrases may be exchanged: anywhere, as the opening of a sentence before a comma, or before a number. */
export type PhrasePlace = 'anywhere' | 'opener' | 'number'

/** Phrases between which no reader would notice a choice. Lower case; every phrase stands in one family only. */
export interface PhraseFamily {
  readonly place: PhrasePlace
  readonly phrases: readonly string[]
}

const family = (place: PhrasePlace, ...phrases: readonly string[]): PhraseFamily => ({ place, phrases })

/**
 * The table of interchangeable phrases. All members of a family are about equally ordinary in technical English and fit the same grammar.
 * It is data: add families freely, never reorder or extend one that a frozen plan uses.
 */
export const PHRASE_FAMILIES: readonly PhraseFamily[] = [
  family('anywhere', 'for example', 'for instance'),
  family('anywhere', 'note that', 'be aware that', 'keep in mind that', 'bear in mind that'),
  family('anywhere', 'make sure that', 'ensure that', 'see to it that'),
  family('anywhere', 'and so on', 'and so forth'),
  family('anywhere', 'due to', 'because of', 'owing to'),
  family('anywhere', 'regardless of', 'irrespective of'),
  family('anywhere', 'with respect to', 'with regard to'),
  family('anywhere', 'at the moment', 'at present', 'currently'),
  family('anywhere', 'for the time being', 'for now'),
  family('anywhere', 'usually', 'normally', 'typically', 'as a rule'),
  family('anywhere', 'often', 'frequently'),
  family('anywhere', 'sometimes', 'occasionally', 'at times'),
  family('anywhere', 'every time', 'each time'),
  family('anywhere', 'completely', 'entirely', 'fully'),
  family('anywhere', 'almost', 'nearly'),
  family('anywhere', 'mainly', 'mostly', 'largely', 'for the most part'),
  family('anywhere', 'at once', 'immediately', 'right away', 'without delay'),
  family('anywhere', 'in most cases', 'in the majority of cases'),
  family('anywhere', 'take a look at', 'have a look at'),
  family('anywhere', 'if possible', 'where possible'),
  family('anywhere', 'the whole', 'the entire'),
  family('anywhere', 'all of the', 'all the'),
  family('anywhere', 'in addition to', 'besides'),
  family('anywhere', 'by means of', 'with the help of'),
  family('anywhere', 'is able to', 'is in a position to'),
  family('anywhere', 'are able to', 'are in a position to'),
  family('anywhere', 'in case of', 'in the event of'),
  family('anywhere', 'as long as', 'so long as'),
  family('opener', 'moreover', 'furthermore', 'in addition', 'what is more'),
  family('opener', 'as a result', 'as a consequence', 'consequently'),
  family('opener', 'therefore', 'for this reason', 'for that reason'),
  family('opener', 'by contrast', 'in contrast', 'on the other hand', 'conversely'),
  family('opener', 'in other words', 'put differently', 'to put it another way'),
  family('opener', 'similarly', 'likewise', 'in the same way'),
  family('opener', 'in general', 'generally', 'as a general rule'),
  family('number', 'about', 'around', 'roughly', 'approximately'),
  family('number', 'more than', 'over'),
  family('number', 'less than', 'under'),
  family('number', 'at most', 'no more than', 'up to'),
]
