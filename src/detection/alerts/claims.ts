// Which channels each open alert of a stream holds, and what of a row's score belongs to none of them. Runs on each row
// while an alert is open: index arithmetic and reused buffers.
//
// A detector spreads a fault over channels that are well. So it is not enough that a channel is not held: it must have
// risen above what it contributed since the alerts opened.
//
// Notation   C channels; all arrays (C,), in units of the alert level
import type { Score } from '../../core/detector.ts';

/** Rows after the opening of an alert in which it takes the channels that rise: a fault spreads to others within seconds. */
const CLAIM_ROWS = 30;
/** An alert holds the channels that contribute at least this share of its greatest contribution. */
const HELD_SHARE = 0.5;
/**
 * How fast the usual contributions follow higher ones, and lower ones, share of the difference a row. Half of a fall is forgotten within 35
 * rows, so channels that have got well since the alert opened can open one again. Chosen with the selection series and three recordings of
 * disturbances on a machine: 0.05 differs little, and 0.0025 missed four of ten beside an alert that stayed open.
 */
const FOLLOW_UP = 0.01;
const FOLLOW_DOWN = 0.02;
/**
 * An anomaly of other channels is one when these reach the level by themselves, and have risen by this share of the level
 * since the last alert opened: a fault adds less to a score that is high already. Chosen with the selection series, in
 * which a channel was moved for the whole recording: 0.3 to 0.6 differ little.
 */
const RISE = 0.5;

/** A row's score over level, and the usual score over level that is in it. */
interface RowRatio {
  readonly ratio: number;
  readonly usual: number;
}

interface Rest {
  readonly score: Score;
  /** Score over level. */
  readonly ratio: number;
}

/** The channels of one open alert. */
export class Claim {
  /** Contributions before it opened. */
  readonly #before: Float64Array;
  /** Greatest contributions above `before` while it takes channels. */
  readonly #most: Float64Array;
  readonly #held: Uint8Array;
  #rowsLeft = CLAIM_ROWS;
  /** Sums over the rows in which its score over level was known: of the contributions, and of that. */
  readonly #parts: Float64Array;
  #ratios = 0;

  constructor(before: Float64Array) {
    this.#before = before.slice();
    this.#most = new Float64Array(before.length);
    this.#parts = new Float64Array(before.length);
    this.#held = new Uint8Array(before.length);
  }

  /** The alert still takes channels: until then no other one opens. */
  get isTaking(): boolean {
    return this.#rowsLeft > 0;
  }

  holds(c: number): boolean {
    return this.#held[c] === 1;
  }

  /** Takes channels, of those that no other alert holds. `parts` are the contributions of all channels. */
  take(parts: Float64Array, isFree: (c: number) => boolean): void {
    this.#rowsLeft -= 1;
    for (let c = 0; c < parts.length; c++) {
      if (isFree(c)) this.#most[c] = Math.max(this.#most[c] as number, this.partOf(parts, c));
    }
    this.#hold();
  }

  /** An alert that an earlier run left open contributes this much with each channel. */
  resume(contributions: ReadonlyMap<number, number>): void {
    for (const [c, part] of contributions) this.#most[c] = part;
    this.#hold();
  }

  /** What a channel contributes above what it did before the alert opened. */
  partOf(parts: Float64Array, c: number): number {
    return Math.max(0, (parts[c] as number) - (this.#before[c] as number));
  }

  /** What its channels contribute. */
  sum(parts: Float64Array): number {
    let sum = 0;
    for (let c = 0; c < parts.length; c++) if (this.#held[c] === 1) sum += this.partOf(parts, c);
    return sum;
  }

  /** A row whose score over level, as far as it is this alert's, is known. */
  learn(parts: Float64Array, ratio: number): void {
    for (let c = 0; c < parts.length; c++) {
      this.#parts[c] = (this.#parts[c] as number) + this.partOf(parts, c);
    }
    this.#ratios += ratio;
  }

  /** The score over level that the contributions of its channels alone would make; undefined = not known yet. */
  ratio(parts: Float64Array): number | undefined {
    let known = 0;
    for (let c = 0; c < parts.length; c++) {
      if (this.#held[c] === 1) known += this.#parts[c] as number;
    }
    return known > 0 ? (this.sum(parts) * this.#ratios) / known : undefined;
  }

  #hold(): void {
    const greatest = this.#most.reduce((a, b) => Math.max(a, b), 0);
    for (let c = 0; c < this.#held.length; c++) {
      const most = this.#most[c] as number;
      this.#held[c] = most > 0 && most >= HELD_SHARE * greatest ? 1 : 0;
    }
  }
}

/** The claims of the open alerts of a stream, and what the channels contribute while these are open. */
export class Claims {
  readonly #parts: Float64Array;
  readonly #usual: Float64Array;
  /** What free channels have risen in the row. */
  readonly #risen: Float64Array;
  #hasRest = false;
  /** Oldest first. */
  #claims: readonly Claim[] = [];

  constructor(width: number) {
    this.#parts = new Float64Array(width);
    this.#usual = new Float64Array(width);
    this.#risen = new Float64Array(width);
  }

  add(): Claim {
    if (this.#claims.length === 0) this.#usual.fill(0);
    const claim = new Claim(this.#usual);
    this.#claims = [...this.#claims, claim];
    return claim;
  }

  remove(claim: Claim): void {
    this.#claims = this.#claims.filter((one) => one !== claim);
  }

  /** Whether the row's score is that of one alert alone. */
  get isAlone(): boolean {
    return this.#claims.length === 1 && !this.#hasRest;
  }

  /**
   * Takes the score of the next row. Returns what of it is an anomaly of channels that no alert holds, with its score over
   * level.
   */
  read(score: Score, level: number, usual: number): Rest | undefined {
    for (let c = 0; c < this.#parts.length; c++) {
      const part = score.perChannel[c] as number;
      this.#parts[c] = part > 0 ? part / level : 0; // neither negative nor NaN
    }
    const newest = this.#claims.at(-1);
    if (newest?.isTaking) newest.take(this.#parts, (c) => !this.#isHeld(c, newest));
    const ratio = this.#sumOf((c) => !this.#isHeld(c)) - usual;
    const rise = this.#rise();
    this.#hasRest = !newest?.isTaking && ratio > 1 && rise > RISE;
    this.#follow(newest?.isTaking ? 1 : FOLLOW_UP);
    if (!this.#hasRest) return undefined;
    return { ratio, score: partial(score, (c) => (this.#risen[c] as number) * level) };
  }

  /** Score over level of one alert in the row. */
  ratioOf(claim: Claim, { ratio, usual }: RowRatio): number {
    if (this.isAlone) return this.#learnt(claim, ratio);
    if (claim.isTaking && claim === this.#claims.at(-1)) {
      return this.#learnt(claim, Math.max(0, this.#sumOf((c) => !this.#isHeld(c, claim)) - usual));
    }
    const all = this.#claims.reduce((sum, one) => sum + one.sum(this.#parts), 0);
    const share = all > 0 ? claim.sum(this.#parts) / all : 1;
    return claim.ratio(this.#parts) ?? share * ratio;
  }

  /** The part of the row's score that is one alert's. */
  scoreOf(claim: Claim, score: Score, level: number): Score {
    if (this.isAlone) return score;
    const partOf = (c: number): number =>
      this.#isHeld(c, claim) ? 0 : claim.partOf(this.#parts, c) - (this.#risen[c] as number);
    return partial(score, (c) => Math.max(0, partOf(c)) * level);
  }

  #learnt(claim: Claim, ratio: number): number {
    if (ratio >= 0) claim.learn(this.#parts, ratio); // not NaN
    return ratio;
  }

  #isHeld(c: number, except?: Claim): boolean {
    return this.#claims.some((claim) => claim !== except && claim.holds(c));
  }

  #sumOf(counts: (c: number) => boolean): number {
    let sum = 0;
    for (let c = 0; c < this.#parts.length; c++) if (counts(c)) sum += this.#parts[c] as number;
    return sum;
  }

  /** The sum of what free channels have risen. A fault that grows is spread in proportion, which is no rise. */
  #rise(): number {
    const growth = this.#growth();
    let rise = 0;
    for (let c = 0; c < this.#parts.length; c++) {
      const risen = (this.#parts[c] as number) - growth * (this.#usual[c] as number);
      this.#risen[c] = this.#isHeld(c) ? 0 : Math.max(0, risen);
      rise += this.#risen[c] as number;
    }
    return rise;
  }

  #growth(): number {
    let [held, usual] = [0, 0];
    for (let c = 0; c < this.#parts.length; c++) {
      if (!this.#isHeld(c)) continue;
      held += this.#parts[c] as number;
      usual += this.#usual[c] as number;
    }
    return usual > 0 ? Math.max(1, held / usual) : 1;
  }

  #follow(up: number): void {
    for (let c = 0; c < this.#parts.length; c++) {
      const usual = this.#usual[c] as number;
      const difference = (this.#parts[c] as number) - usual;
      this.#usual[c] = usual + (difference > 0 ? up : FOLLOW_DOWN) * difference;
    }
  }
}

function partial(score: Score, partOf: (c: number) => number): Score {
  const perChannel = Float32Array.from(score.perChannel, (_, c) => partOf(c));
  const value = perChannel.reduce((sum, part) => sum + part, 0);
  return { value, perChannel, ...(score.expected && { expected: score.expected }) };
}
