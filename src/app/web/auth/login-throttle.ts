// Limits how often a password may be tried: each failure from one address doubles its waiting time, and all addresses
// together have a limit of failures. A try that comes too early is refused unchecked.

export interface LoginThrottle {
  /** Time until a try from this address is checked, milliseconds; 0 = now. */
  waitMs(address: string): number;
  failed(address: string): void;
  passed(address: string): void;
}

/** Tries without a wait, for typing errors; later ones wait 2, 4, 8 ... seconds. */
const FREE_FAILURES = 4;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 300_000;
/** After this time without a failure an address is like any other. */
const FORGOTTEN_MS = 3_600_000;
/** Limit of all addresses together, against attackers with many addresses. */
const MOST_FAILURES = 60;
const WITHIN_MS = 60_000;
/** Addresses to remember; the one that failed longest ago goes first. */
const MOST_ADDRESSES = 1000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/** `now` is a clock that is never set. */
export function createLoginThrottle(now: () => number): LoginThrottle {
  const byAddress = new Map<string, Failures>();
  let recent: readonly number[] = [];
  const failuresOf = (address: string): Failures => {
    const known = byAddress.get(address);
    return known && now() - known.lastMs < FORGOTTEN_MS ? known : { count: 0, lastMs: 0 };
  };
  const common = (): number => {
    recent = recent.filter((timeMs) => now() - timeMs < WITHIN_MS);
    const [oldest = 0] = recent;
    return recent.length < MOST_FAILURES ? 0 : oldest + WITHIN_MS - now();
  };
  return {
    waitMs(address) {
      const { count, lastMs } = failuresOf(groupOf(address));
      const doubled = count - FREE_FAILURES;
      const waitMs =
        doubled < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(doubled, 16));
      return Math.max(0, lastMs + waitMs - now(), common());
    },
    failed(address) {
      const group = groupOf(address);
      const { count } = failuresOf(group);
      byAddress.delete(group); // the newest is the last
      byAddress.set(group, { count: count + 1, lastMs: now() });
      const [oldest] = byAddress.keys();
      if (oldest !== undefined && byAddress.size > MOST_ADDRESSES) byAddress.delete(oldest);
      recent = [...recent, now()];
    },
    passed: (address) => void byAddress.delete(groupOf(address)),
  };
}

/** A host with one IPv6 address usually has its whole /64. */
function groupOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const words = head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - words.length - rest.length) }, () => '0');
  return [...words, ...zeros, ...rest].slice(0, 4).join(':');
}
