// How far long work is: one line that is redrawn on a terminal, JSON lines or nothing elsewhere.

export interface Progress {
  /** `fraction` is 0 to 1. */
  update(fraction: number, text: string, fields?: Readonly<Record<string, unknown>>): void;
  /** A line of its own above the one that is redrawn; none between JSON lines. */
  say(line: string): void;
  /** Ends the line; what is printed next starts on a fresh one. */
  end(): void;
}

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Characters of the bar itself, where there is room. */
const BAR_WIDTH = 24;

/** A shorter one shows nothing. */
const LEAST_BAR = 6;

/** Redrawing more often only flickers. */
const REDRAW_MS = 80;

/** JSON lines come at each whole percent: enough for any plot. */
const JSON_STEPS = 100;

export function createProgress(terminal: Terminal, label: string, json: boolean): Progress {
  if (json) return jsonLines(terminal, label);
  if (terminal.isTTY) return bar(terminal, label);
  return { update() {}, say: (line) => void terminal.write(`${line}\n`), end() {} };
}

function jsonLines(terminal: Terminal, label: string): Progress {
  let said = -1;
  return {
    update(fraction, _text, fields = {}) {
      const step = Math.floor(fraction * JSON_STEPS);
      if (step === said) return;
      said = step;
      terminal.write(`${JSON.stringify({ progress: label, fraction, ...fields })}\n`);
    },
    say() {},
    end() {},
  };
}

function bar(terminal: Terminal, label: string): Progress {
  const startMs = performance.now();
  let drawnMs = Number.NEGATIVE_INFINITY;
  let drawn = false;
  return {
    update(fraction, text) {
      const nowMs = performance.now();
      if (nowMs - drawnMs < REDRAW_MS && fraction < 1) return;
      drawnMs = nowMs;
      drawn = true;
      const words = [percent(fraction), remaining(fraction, nowMs - startMs), text].join(' ');
      terminal.write(`\r\x1b[K${lineOf(label, fraction, words, (terminal.columns || 80) - 1)}`);
    },
    say(line) {
      terminal.write(`\r\x1b[K${line}\n`);
      drawnMs = Number.NEGATIVE_INFINITY;
    },
    end() {
      if (drawn) terminal.write('\n');
      drawn = false;
    },
  };
}

/** On a narrow terminal the bar gets shorter and goes, then the text is cut: the figures say more. */
function lineOf(label: string, fraction: number, words: string, width: number): string {
  const room = width - `${label} [] ${words}`.length;
  const bar = room < LEAST_BAR ? '' : `${blocks(fraction, Math.min(BAR_WIDTH, room))} `;
  const line = `${label} ${bar}${words}`;
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

function blocks(fraction: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `[${'█'.repeat(full)}${'░'.repeat(width - full)}]`;
}

function percent(fraction: number): string {
  return `${Math.floor(fraction * 100)}%`.padStart(4);
}

/** Below this the estimate would jump about. */
const ESTIMABLE = 0.03;

function remaining(fraction: number, elapsedMs: number): string {
  if (fraction >= 1) return `${(elapsedMs / 1000).toFixed(1)} s`;
  if (fraction < ESTIMABLE) return '';
  return `${Math.ceil((elapsedMs / fraction - elapsedMs) / 1000)} s left`;
}
