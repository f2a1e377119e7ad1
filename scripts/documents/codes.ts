import { errorGroups } from '../../src/core/error-codes/index.ts';

/** Every error code with its cause and remedy, a table for each group. */
export function codesTables(): string {
  return Object.entries(errorGroups)
    .map(([title, codes]) => {
      const rows = Object.entries(codes).map(
        ([code, { cause, remedy }]) => `| \`${code}\` | ${cause} | ${remedy} |`,
      );
      return [`### ${title}`, '', '| code | cause | remedy |', '|---|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}
