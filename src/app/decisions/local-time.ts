// Times as the clock on the wall shows them, in the time zone of the device. What recurs at six in the morning does so in
// summer and in winter.
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES_A_DAY = 1440;

/** What the wall clock shows, as if its zone were UTC, milliseconds: differences are those between the hands of the clock. */
export function wallMs(timeMs: number): number {
  const date = new Date(timeMs);
  const day = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  const hours = date.getHours() * 60 + date.getMinutes();
  return day + hours * MINUTE_MS + date.getSeconds() * 1000 + date.getMilliseconds();
}

/** 0 to 1439. */
export function minuteOfDay(timeMs: number): number {
  return Math.floor((((wallMs(timeMs) % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);
}

/** Between two minutes of the day, the shorter way around. */
export function minutesApart(one: number, other: number): number {
  const apart = Math.abs(one - other) % MINUTES_A_DAY;
  return Math.min(apart, MINUTES_A_DAY - apart);
}

/** HH:MM of a minute of the day, which may lie before or after the day. */
export function clockText(minute: number): string {
  const inDay = ((minute % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
  const [hours, minutes] = [Math.floor(inDay / 60), inDay % 60];
  return [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
}
