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

export function score(value) {
  if (value === null || value === undefined) return '–';
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

export function withUnit(value, unit) {
  return value === null || unit === '' ? figure(value) : `${figure(value)} ${unit}`;
}

/** The time of a day, with the day where that is not today. */
export function moment(timeMs, nowMs = Date.now()) {
  const time = new Date(timeMs);
  const clock = time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (time.toDateString() === new Date(nowMs).toDateString()) return clock;
  return `${time.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${clock}`;
}

export function counted(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and 2 more`. */
export function listed(names) {
  if (names.length <= 2) return names.join(' and ');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
