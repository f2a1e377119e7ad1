// Lines of a recording: cut by time, joined, and given the channels of the workload's service. Pure functions of text.

/** Appended to the header and, in this order, to each row. */
const SERVICE_TITLES = ['service.latency[ms]', 'service.requests[1/s]'];

/** Significant digits of a value, more than any channel resolves. */
const DIGITS = 6;

/** Header and rows of `text` from `fromMs` on until before `toMs`, rounded; a last line that is not finished is left out. */
export function cutRows(text, fromMs, toMs) {
  const [header, ...lines] = text.slice(0, text.lastIndexOf('\n')).split('\n');
  const rows = lines.filter((line) => {
    const timeMs = Number.parseInt(line, 10);
    return timeMs >= fromMs && timeMs < toMs;
  });
  return { header, rows: rows.map(rounded) };
}

function rounded(row) {
  const [time, ...cells] = row.split(',');
  return [time, ...cells.map((cell) => cell && Number(Number(cell).toPrecision(DIGITS)))].join(',');
}

/**
 * Adds what the service did in the second before each row; `seconds` maps the end of a second, Unix ms, to mean latency (ms)
 * and count of requests. Where it said nothing, e.g. because it was stopped, the cells are empty.
 */
export function withService({ header, rows }, seconds) {
  return {
    header: [header, ...SERVICE_TITLES].join(','),
    rows: rows.map((row) => {
      const second = Math.floor(Number.parseInt(row, 10) / 1000) * 1000;
      const { latencyMs = '', requests = '' } = seconds.get(second) ?? {};
      return `${row},${latencyMs},${requests}`;
    }),
  };
}

/** One text of pieces that follow each other. Throws where their channels differ. */
export function joinRows(pieces) {
  const [{ header }] = pieces;
  const other = pieces.find((piece) => piece.header !== header);
  if (other) throw new Error(`found pieces with the columns ${header} and ${other.header}`);
  return `${[header, ...pieces.flatMap(({ rows }) => rows)].join('\n')}\n`;
}
