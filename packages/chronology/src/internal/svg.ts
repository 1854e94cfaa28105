/** Text for an SVG document: markup escaped, characters that XML forbids replaced. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (character) => (/[\t\n\r]/.test(character) ? ' ' : '\uFFFD'))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** A coordinate: one decimal, so that equal input gives equal bytes. */
export function px(value: number): string {
  return value.toFixed(1)
}

/** At most `limit` characters, with an ellipsis. */
export function shorten(text: string, limit: number): string {
  const characters = Array.from(text)
  return characters.length <= limit
    ? text
    : `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
}
