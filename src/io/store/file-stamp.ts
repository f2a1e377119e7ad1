/** A time, Unix milliseconds, as part of a file's name: UTC to the second, in an order that sorts. */
export function fileStamp(timeMs: number): string {
  return new Date(timeMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
