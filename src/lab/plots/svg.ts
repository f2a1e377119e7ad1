// What plots have in common: a page, words on it, lines across it, and colours that tell series apart. No scripts, no fonts
// from elsewhere.

export interface SvgPage {
  readonly width: number;
  readonly height: number;
  readonly title: string;
}

/** Ends with a line break. */
export function svgPage({ width, height, title }: SvgPage, elements: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...elements,
    '</svg>\n',
  ].join('\n');
}

/** `words` as they are to be read; `anchor`: which end of them lies at x. */
export function text(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
): string {
  return `<text x="${tenths(x)}" y="${tenths(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

/** A level of the vertical axis: a line from `left` to `right`, and what it stands for before it. */
export function gridLine(left: number, right: number, y: number, level: string): readonly string[] {
  return [
    `<line x1="${left}" x2="${right}" y1="${tenths(y)}" y2="${tenths(y)}" stroke="#ddd"/>`,
    text(left - 6, y + 4, level, 'end'),
  ];
}

/** Hues as far apart as the number of series allows, with this saturation and lightness; the first is the darkest, it is ours. */
export function colourOf(index: number, count: number, tone: string): string {
  return index === 0
    ? 'hsl(210 80% 32%)'
    : `hsl(${Math.round((index * 360) / count + 20) % 360} ${tone})`;
}

export function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** Places to a tenth of a unit, which nobody sees. */
function tenths(place: number): number {
  return Number(place.toFixed(1));
}
