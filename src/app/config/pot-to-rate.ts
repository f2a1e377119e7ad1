// Step 1 of the configuration's forms: a probability of `pot` becomes the false alarms a day that people accept. Frozen: the
// defaults and limits here are those of the files it reads.
import { Document, isAlias, isMap, isNode, isScalar, isSeq, visit, type YAMLMap } from 'yaml';

const DAY_MS = 86_400_000;
/** `learn.intervalMs` when a file does not say, ms. */
const INTERVAL_MS = 1000;
/** The highest risk that `pot` took with its other options left alone. */
const HIGHEST_RISK = 0.005;
/** More say nothing about a rate. */
const DIGITS = 4;

/**
 * `threshold: {kind: pot}` was the default and goes, so that the default of now holds; with a `risk` that is a number,
 * the rate that it comes to stands in `alerts.falseAlarmsPerDay` instead. With any other option the section stays as it is, and so does a
 * risk whose rate cannot be known or written down.
 */
export function potToRate(document: Document): void {
  const streams = document.get('streams');
  if (!isSeq(streams)) return;
  // from the last one on: aliases stand after what they repeat, and are gone when that is to go
  for (const stream of [...streams.items].reverse()) {
    if (isMap(stream)) migrateStream(document, stream);
  }
}

function migrateStream(document: Document, stream: YAMLMap): void {
  const written = stream.get('threshold', true);
  const threshold = resolved(document, written);
  if (!isMap(threshold) || threshold.get('kind') !== 'pot') return;
  const options = threshold.items.map(({ key }) => (isScalar(key) ? key.value : key));
  if (options.some((option) => option !== 'kind' && option !== 'risk')) return;
  if (!isAlias(written) && isRepeated(document, threshold)) return;
  const risk = threshold.get('risk') ?? 'daily';
  const rate = risk === 'daily' ? undefined : rateOf(document, stream, risk);
  if (risk !== 'daily' && (rate === undefined || !takesRate(stream))) return;
  takeOut(stream, 'threshold');
  if (rate !== undefined) stream.setIn(['alerts', 'falseAlarmsPerDay'], rate);
}

/** 1/day; undefined = it cannot be known. */
function rateOf(document: Document, stream: YAMLMap, risk: unknown): number | undefined {
  const intervalMs = intervalOf(document, stream);
  if (typeof risk !== 'number' || !(risk > 0 && risk <= HIGHEST_RISK)) return undefined;
  return intervalMs && Number(((risk * DAY_MS) / intervalMs).toPrecision(DIGITS));
}

/** Not where other streams repeat what would be changed, and not where there is a rate. */
function takesRate(stream: YAMLMap): boolean {
  const alerts = stream.get('alerts', true);
  if (alerts === undefined) return true;
  return isMap(alerts) && alerts.anchor === undefined && !alerts.has('falseAlarmsPerDay');
}

/** Its comments go to what follows it. */
function takeOut(map: YAMLMap, key: string): void {
  const index = map.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === key);
  const [pair] = map.items.splice(index, 1);
  const comments: string[] = [];
  visit(new Document([pair?.key, pair?.value]), {
    Node: (_, { commentBefore, comment }) => {
      for (const text of [commentBefore, comment]) if (text) comments.push(text);
    },
  });
  const next = map.items[index]?.key;
  if (comments.length === 0) return;
  if (isScalar(next)) next.commentBefore = joined([...comments, next.commentBefore]);
  else map.comment = joined([map.comment, ...comments]);
}

function joined(comments: readonly (string | null | undefined)[]): string {
  return comments.filter((text) => text).join('\n');
}

/** undefined = the file does not say: a model that is named has an interval of its own. */
function intervalOf(document: Document, stream: YAMLMap): number | undefined {
  const learn = resolved(document, stream.get('learn', true));
  const written = isMap(learn) ? learn.get('intervalMs') : undefined;
  if (written === undefined) return stream.has('model') ? undefined : INTERVAL_MS;
  return typeof written === 'number' && written > 0 ? written : undefined;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** Whether an alias anywhere stands for the node or a part of it. */
function isRepeated(document: Document, node: YAMLMap): boolean {
  const anchors = new Set<string>();
  visit(node, (_, part) => {
    if (isNode(part) && 'anchor' in part && part.anchor !== undefined) anchors.add(part.anchor);
  });
  const repeated: string[] = [];
  visit(document, { Alias: (_, { source }) => void repeated.push(source) });
  return repeated.some((source) => anchors.has(source));
}
