/** Part of the full length that is run, while a test is being written. */
const SHARE = Number(process.env['ENDURANCE_SHARE'] ?? 1);

/** How many of the `full` number. */
export function shareOf(full: number): number {
  return Math.ceil(full * SHARE);
}

/** One line with what was measured. */
export function printFigures(title: string, figures: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${title}: ${JSON.stringify(figures)}\n`);
}
