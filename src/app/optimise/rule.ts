// Rules that say which points may be evaluated, e.g. `layers * width <= 256`: arithmetic on variables, and one comparison.

/** The value of each variable by its name. */
export type Values = ReadonlyMap<string, number>;

export interface Rule {
  readonly text: string;
  keeps(values: Values): boolean;
  /** How far the sides are apart where the rule is broken, else 0. */
  missedBy(values: Values): number;
}

type Term = (values: Values) => number;

/** Throws `SyntaxError` that says what was found and expected; `names` are those that it may use. */
export function parseRule(text: string, names: ReadonlySet<string>): Rule {
  const reader = readerOf(tokensIn(text), names);
  const left = reader.sum();
  const comparison = reader.take('a comparison (<, <=, >, >=)', (token) => COMPARISONS.has(token));
  const right = reader.sum();
  reader.end();
  const rises = comparison.startsWith('>');
  const excess: Term = (values) =>
    rises ? right(values) - left(values) : left(values) - right(values);
  const isStrict = !comparison.endsWith('=');
  const keeps = (values: Values) => (isStrict ? excess(values) < 0 : excess(values) <= 0);
  return {
    text,
    keeps,
    missedBy(values) {
      if (keeps(values)) return 0;
      const miss = Math.abs(excess(values));
      return Number.isNaN(miss) ? Number.POSITIVE_INFINITY : miss; // 0 / 0
    },
  };
}

const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
const TOKEN =
  /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([a-z_]\w*)|(<=|>=|[-+*/()<>]))/iy;

function tokensIn(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[0].trim();
    if (token === undefined) {
      throw new SyntaxError(
        `found '${text.slice(from).trim()}', expected a number, a variable or an operator`,
      );
    }
    tokens.push(token);
  }
  return tokens;
}

/** Reads from left to right; * and / bind more than + and -. */
function readerOf(tokens: readonly string[], names: ReadonlySet<string>) {
  let at = 0;

  function take(expected: string, fits: (token: string) => boolean): string {
    const token = tokens[at];
    if (token === undefined || !fits(token)) {
      throw new SyntaxError(
        `found ${token === undefined ? 'the end' : `'${token}'`}, expected ${expected}`,
      );
    }
    at++;
    return token;
  }

  function chain(operators: string, part: () => Term): Term {
    let left = part();
    for (
      let token = tokens[at];
      token !== undefined && operators.includes(token);
      token = tokens[at]
    ) {
      at++;
      left = joined(token, left, part());
    }
    return left;
  }

  const sum = (): Term => chain('+-', () => chain('*/', factor));

  function factor(): Term {
    const token = take(
      'a number, a variable or (',
      (one) => one === '-' || one === '(' || /^[\w.]/.test(one),
    );
    if (token === '-') {
      const term = factor();
      return (values) => -term(values);
    }
    if (token === '(') {
      const inner = sum();
      take(')', (one) => one === ')');
      return inner;
    }
    return /^[\d.]/.test(token) ? () => Number(token) : variable(token);
  }

  function variable(name: string): Term {
    if (names.has(name)) return (values) => values.get(name) as number;
    throw new SyntaxError(`found '${name}', expected one of ${[...names].join(', ')}`);
  }

  return {
    sum,
    take,
    end() {
      if (at < tokens.length) throw new SyntaxError(`found '${tokens[at]}', expected the end`);
    },
  };
}

function joined(operator: string, left: Term, right: Term): Term {
  switch (operator) {
    case '+':
      return (values) => left(values) + right(values);
    case '-':
      return (values) => left(values) - right(values);
    case '*':
      return (values) => left(values) * right(values);
    default:
      return (values) => left(values) / right(values);
  }
}
