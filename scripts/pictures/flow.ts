// The way from channels to alerts as an SVG: boxes in a row, each with a heading and what it does.
import { escaped, svgPage, text } from '../../src/lab/plots/svg.ts';

interface Box {
  readonly head: string;
  readonly lines: readonly string[];
}

const FLOW: readonly Box[] = [
  {
    head: 'Channels',
    lines: ['host metrics, GPIO,', 'MQTT, Modbus, serial,', 'files, programs'],
  },
  {
    head: 'Windows',
    lines: ['rows on a time grid,', 'scaled; gaps and', 'stuck channels noticed'],
  },
  {
    head: 'Detector (GON)',
    lines: ['how far would the last', 'seconds have to change', 'to look normal?'],
  },
  { head: 'Alert level', lines: ['set by the false alarms', 'a day that you accept'] },
  {
    head: 'Alert',
    lines: ['opened, updated, closed', 'under one id; names', 'the channels to blame'],
  },
  { head: 'Outbox on disk', lines: ['kept until every sink', 'has acknowledged it'] },
];

const SINKS = ['MQTT', 'Home Assistant', 'web page', 'Sparkplug B', 'log'];
const LOOP = 'kept rows: the stream trains again, and the new model must do no worse';

const WIDTH = 148;
const HEIGHT = 84;
const GAP = 26;
const MARGIN = 14;
const SINK = { width: 112, height: 24, gap: 6 };
const INK = 'hsl(165 45% 27%)';

export function flowPicture(): string {
  const top = MARGIN + 32;
  const middle = top + HEIGHT / 2;
  const boxes = FLOW.flatMap((box, place) => boxAt(xOf(place), top, box));
  const arrows = FLOW.map((_, place) => line(xOf(place) + WIDTH, middle, GAP - 3));
  const right = xOf(FLOW.length);
  const total = SINKS.length * (SINK.height + SINK.gap) - SINK.gap;
  const sinks = SINKS.flatMap((name, place) => {
    const y = middle - total / 2 + place * (SINK.height + SINK.gap);
    return [
      frame(right, y, SINK.width, SINK.height),
      text(right + SINK.width / 2, y + 16, name, 'middle'),
    ];
  });
  const size = { width: right + SINK.width + MARGIN, height: middle + total / 2 + MARGIN + 26 };
  return svgPage({ ...size, title: 'From channels to alerts' }, [
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${INK}"/></marker></defs>`,
    ...boxes,
    ...arrows,
    ...sinks,
    ...loopUnder(top + HEIGHT),
  ]);
}

function xOf(place: number): number {
  return MARGIN + place * (WIDTH + GAP);
}

function boxAt(x: number, y: number, { head, lines }: Box): readonly string[] {
  const middle = x + WIDTH / 2;
  return [
    frame(x, y, WIDTH, HEIGHT),
    `<text x="${middle}" y="${y + 22}" text-anchor="middle" font-size="13" font-weight="bold" fill="${INK}">${escaped(head)}</text>`,
    ...lines.map((words, place) => text(middle, y + 42 + place * 15, words, 'middle')),
  ];
}

function frame(x: number, y: number, width: number, height: number): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="hsl(165 30% 97%)" stroke="${INK}"/>`;
}

function line(x: number, y: number, length: number): string {
  return arrow(`M${x} ${y}h${length}`);
}

/** From the windows back to the detector. */
function loopUnder(bottom: number): readonly string[] {
  const from = xOf(1) + WIDTH / 2;
  const to = xOf(2) + WIDTH / 2;
  return [arrow(`M${from} ${bottom}v22H${to}v-20`), text(from, bottom + 38, LOOP, 'start')];
}

function arrow(path: string): string {
  return `<path d="${path}" fill="none" stroke="${INK}" stroke-width="1.5" marker-end="url(#tip)"/>`;
}
