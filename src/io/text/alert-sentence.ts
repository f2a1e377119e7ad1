// What happened, in one sentence for people: `Disk writes 420 MB/s, normally under 35, for 40 s`.
import type { Alert, AlertChannel } from '../../core/alert.ts';
import { channelLabel } from './channel-label.ts';
import { bound, figure, type ReadableUnit, readableUnit, spanText, withUnit } from './quantity.ts';

/** A second channel is named from this share of the first one's on. */
const ALSO_NAMED = 0.5;
/** Of channels without readings, as many are named. */
const MOST_NAMED = 2;
/** A bound below this share of the value is as good as 0. */
const NEGLIGIBLE = 1e-5;
/** A bound that is smaller in the unit of the value has a unit of its own. */
const LEAST_IN_SAME_UNIT = 0.1;

type SentenceOf = (alert: Alert) => string;

const KINDS: Readonly<Record<Alert['kind'], SentenceOf>> = {
  anomaly: anomalySentence,
  limit: limitSentence,
  data_missing: (alert) =>
    isOver(alert)
      ? `${names(alert)}: readings are back after ${lasted(alert)}`
      : `${names(alert)}: no reading for ${lasted(alert)}`,
  stuck: stuckSentence,
  stream_failed: failureSentence,
  storage: () => 'The history of alerts cannot be written: alerts may be lost at a power cut',
};

/** Pure. An alert that brings its own message keeps it; what explains an open one is added. */
export function alertSentence(alert: Alert): string {
  if (alert.message !== undefined) {
    return `${alert.message}${isOver(alert) ? '' : explanation(alert)}`;
  }
  return capital(`${lead(alert)}${KINDS[alert.kind](alert)}`);
}

function lead({ reminder, routine, kind }: Alert): string {
  if (routine !== undefined) return 'routine: ';
  return reminder && kind !== 'stream_failed' ? 'still ' : '';
}

function failureSentence(alert: Alert): string {
  const { streamId, reminder } = alert;
  if (isOver(alert)) return `${streamId}: watched again after ${lasted(alert)}`;
  const what = reminder ? `still not watched after ${lasted(alert)}` : 'not watched';
  return `${streamId}: ${what}, because its source or its training has failed`;
}

function anomalySentence(alert: Alert): string {
  const { now = [], channels, outcome } = alert;
  const named = told(!isOver(alert) && now.length > 0 ? now : channels);
  if (outcome === 'accepted') return acceptedSentence(alert);
  if (isOver(alert)) {
    const end = isCutOff(alert) ? 'still unusual when its rows ended,' : 'normal again';
    return `${labels(named, alert)} ${end} after ${lasted(alert)}${atPeak(named)}`;
  }
  const what = named.length > 0 ? named.map(phrase).join(', and ') : `${alert.streamId}: unusual`;
  const since = alert.timeMs > alert.startMs ? `, for ${lasted(alert)}` : '';
  return `${what}${since}${explanation(alert)}`;
}

/** With the level at which they have settled. */
function acceptedSentence(alert: Alert): string {
  const { now = [], channels } = alert;
  const named = told(channels).map((channel) => now.find(({ id }) => id === channel.id) ?? channel);
  const [first, second] = named;
  const end = `after ${lasted(alert)}`;
  if (!second) {
    return `${labels(named, alert)} accepted as normal${first ? at(first) : ''} ${end}`;
  }
  const both = named.map((channel) => `${channelLabel(channel)}${at(channel)}`).join(' and ');
  return `${both} accepted as normal ${end}`;
}

function at({ value, unit }: AlertChannel): string {
  return value === null ? '' : ` at ${quantity(value, unit)}`;
}

function labels(named: readonly AlertChannel[], { streamId }: Alert): string {
  return named.length > 0 ? named.map(channelLabel).join(' and ') : streamId;
}

function atPeak(named: readonly AlertChannel[]): string {
  const [first, second] = named;
  if (!first) return '';
  return `; at the peak ${second ? named.map(phrase).join(', and ') : valueAndUsual(first)}`;
}

/** The first channel, and the second where it matters as much; not one within its range beside one that is outside. */
function told([first, second]: readonly AlertChannel[]): readonly AlertChannel[] {
  if (!first) return [];
  if (!second || second.share < ALSO_NAMED * first.share) return [first];
  const outside = [first, second].filter((channel) => sideOf(channel) !== 'inside');
  return outside.length > 0 ? outside : [first, second];
}

/** The level of such an alert is the bound, in the unit of its only channel. */
function limitSentence(alert: Alert): string {
  const [channel] = alert.channels;
  if (!channel || channel.value === null) return `${names(alert)}: beyond its limit`;
  const limit = quantity(alert.level, channel.unit);
  const value = quantity(channel.value, channel.unit);
  if (isOver(alert)) {
    if (isCutOff(alert)) {
      return `${channelLabel(channel)} ${value}, its limit of ${limit} is not watched any more, after ${lasted(alert)}`;
    }
    return `${channelLabel(channel)} ${value}, within its limit of ${limit} again after ${lasted(alert)}`;
  }
  const side = channel.value < alert.level ? 'below' : 'above';
  const since = alert.timeMs > alert.startMs ? `, for ${lasted(alert)}` : '';
  return `${channelLabel(channel)} ${value}, ${side} its limit of ${limit}${since}${explanation(alert)}`;
}

function stuckSentence(alert: Alert): string {
  const [first, second] = alert.channels;
  if (isOver(alert)) return `${names(alert)}: changing again after ${lasted(alert)}`;
  if (!first || second || first.value === null)
    return `${names(alert)}: stuck for ${lasted(alert)}`;
  return `${channelLabel(first)} stuck at ${quantity(first.value, first.unit)} for ${lasted(alert)}`;
}

function phrase(channel: AlertChannel): string {
  if (channel.value === null) return `${channelLabel(channel)}: no reading`;
  return `${channelLabel(channel)} ${valueAndUsual(channel)}`;
}

/** The unit once, unless the bound is of another order. */
function valueAndUsual(channel: AlertChannel): string {
  const { value, unit, usual, expected } = channel;
  if (value === null) return 'without a reading';
  const read = { value, ...readableUnit(value, unit), given: unit };
  const number = withUnit(figure(value * read.factor), read.unit);
  if (usual) return `${number}, ${normally(channel, read)}`;
  if (expected === null) return `${number}, which is unusual`;
  return `${number}, expected ${besides(expected, read, figure)}`;
}

/** A value in the unit in which it is written; `given` is the channel's own. */
interface Read extends ReadableUnit {
  readonly value: number;
  readonly given: string;
}

function normally(channel: AlertChannel, read: Read): string {
  const { low = 0, high = 0 } = channel.usual ?? {};
  const write = (limit: number): string => besides(limit, read, bound);
  if (low === high && sideOf(channel) !== 'inside') return `normally ${write(high)}`;
  switch (sideOf(channel)) {
    case 'above':
      if (Math.abs(high) < NEGLIGIBLE * Math.abs(read.value)) return 'normally about 0';
      return `normally under ${write(high)}`;
    case 'below':
      return `normally over ${write(low)}`;
    case 'inside':
      return 'in its usual range but in an unusual pattern';
  }
}

/** A second number beside a value: in the same unit without naming it, or in its own when it would be too small in that. */
function besides(
  number: number,
  { value, factor, given }: Read,
  write: (number: number, value: number) => string,
): string {
  if (number === 0 || Math.abs(number * factor) >= LEAST_IN_SAME_UNIT) {
    return write(number * factor, value * factor);
  }
  const own = readableUnit(number, given);
  return withUnit(write(number * own.factor, value * own.factor), own.unit);
}

function sideOf({ value, usual, expected }: AlertChannel): 'above' | 'below' | 'inside' {
  if (value === null) return 'above';
  const { low, high } = usual ?? { low: expected ?? value, high: expected ?? value };
  if (!usual && expected === null) return 'above';
  if (value > high) return 'above';
  return value < low ? 'below' : 'inside';
}

function quantity(value: number, given: string): string {
  const { unit, factor } = readableUnit(value, given);
  return withUnit(figure(value * factor), unit);
}

function explanation({ note, processes: [first] = [] }: Alert): string {
  const share = Math.round(100 * (first?.share ?? 0));
  const part = share >= 50 ? 'mostly' : 'partly';
  const byWhom = first ? `, ${part} by ${first.name} (pid ${first.pid}, ${share} %)` : '';
  return note === undefined ? byWhom : `${byWhom}, ${note}`;
}

function names({ channels, streamId }: Alert): string {
  if (channels.length === 0) return streamId;
  const labels = channels.map(channelLabel);
  const named = labels.slice(0, MOST_NAMED).join(' and ');
  const more = labels.length - MOST_NAMED;
  return more > 0 ? `${labels.slice(0, MOST_NAMED).join(', ')} and ${more} more` : named;
}

function isOver({ state }: Alert): boolean {
  return state === 'closed';
}

/** It was not seen to end: its stream has ended or was silent, or its limit was removed. */
function isCutOff({ score }: Alert): boolean {
  return score > 1;
}

function lasted({ startMs, endMs, timeMs }: Alert): string {
  return spanText((endMs ?? timeMs) - startMs);
}

/** Begins with a capital, unless the first word is a name with other characters than letters. */
function capital(text: string): string {
  return /^[a-z]+(?![^\s:,])/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
}
