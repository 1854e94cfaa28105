/**
 * Words of nearly every Java text, which say nothing about where a piece of code comes from; the table of common words was counted over other
 * languages. Most common types, methods and annotations of the JDK's own `java.net`, `java.util` and `java.io`.
 */
const ORDINARY: ReadonlySet<string> = new Set(
  (
    'Override SuppressWarnings Deprecated String Object Integer Long Boolean Character Class Iterable Runnable Thread System Exception ' +
    'IOException RuntimeException IllegalArgumentException IllegalStateException NullPointerException UnsupportedOperationException ' +
    'IndexOutOfBoundsException InterruptedException Throwable Error List ArrayList Map HashMap Set HashSet Collection Collections Iterator ' +
    'Arrays Objects Math StringBuilder InputStream OutputStream File Map.Entry Entry Consumer Function Supplier Predicate Optional Stream ' +
    'T E K V R U out err println printf length size get put add remove contains containsKey isEmpty equals hashCode toString charAt ' +
    'substring indexOf append valueOf getKey getValue entrySet keySet values iterator next hasNext close getMessage getName of apply accept ' +
    'requireNonNull currentTimeMillis parseInt format trim split startsWith endsWith stream map filter collect forEach run'
  ).split(' '),
)

/** True for words that ordinary Java is full of. */
export function isOrdinary(word: string): boolean {
  return ORDINARY.has(word)
}
