// Numbers, times and states in words.

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

export function span(seconds) {
  if (seconds < 2 * MINUTE_S) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 2 * HOUR_S) return `${Math.round(seconds / MINUTE_S)} min`;
  if (seconds < 2 * DAY_S) return `${Math.round(seconds / HOUR_S)} h`;
  return `${Math.round(seconds / DAY_S)} d`;
}

/** Four digits are enough for people. */
export function figure(value) {
  if (value === null || value === undefined) return '–';
  return new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 }).format(value);
}

/** From here on a score says no more than that it is far above its level. */
const MOST_SCORE = 100;

export function score(value) {
  if (value === null || value === undefined) return '–';
  if (value > MOST_SCORE) return `over ${MOST_SCORE}`;
  return value === MOST_SCORE ? String(value) : value.toFixed(2);
}

export function withUnit(value, unit) {
  return value === null || unit === '' ? figure(value) : `${figure(value)} ${unit}`;
}

/** The time of a day, with the day where that is not today. */
export function moment(timeMs, nowMs = Date.now(), more = {}) {
  const time = new Date(timeMs);
  const text = time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', ...more });
  if (time.toDateString() === new Date(nowMs).toDateString()) return text;
  return `${time.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${text}`;
}

/** To the second. */
export function clock(timeMs) {
  return moment(timeMs, Date.now(), { second: '2-digit' });
}

export function counted(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

/** A label of an axis whose labels are `stepMs` apart. */
export function tickClock(timeMs, stepMs) {
  const time = new Date(timeMs);
  const isMidnight = time.getHours() + time.getMinutes() + time.getSeconds() === 0;
  if (stepMs >= 1000 * DAY_S || isMidnight) {
    return time.toLocaleDateString([], { day: 'numeric', month: 'short' });
  }
  const seconds = stepMs < 1000 * MINUTE_S ? { second: '2-digit' } : {};
  return time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', ...seconds });
}

/** What a channel is usually within, to a thousandth of the greater bound; the unit is said beside it. */
export function between({ low, high }) {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const step = size > 0 ? 10 ** (Math.floor(Math.log10(size)) - 3) : 1;
  const [from, to] = [low, high].map((value) => figure(Math.round(value / step) * step));
  return from === to ? from : `${from} to ${to}`;
}
