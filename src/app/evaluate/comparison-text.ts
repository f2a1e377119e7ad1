// A comparison in words.
import type { Comparison } from '../../lab/comparing/comparison.ts';
import type { ShapeBias } from '../../lab/comparing/shape-bias.ts';
import type { Divergence } from '../../lab/evaluation/consistency/divergence.ts';

/** What `sentigon compare` prints; `a` and `b` are the detectors' names. */
export function comparisonText(a: string, b: string, found: Comparison): string {
  const { n, nEffective, pA, pB, errorsA, errorsB, errorsShared, series, skipped } = found;
  return [
    `${n} trials of ${series.length} series, equal to ${nEffective.toFixed(0)} independent ones${skipped.length > 0 ? `; left out: ${skipped.join(', ')}` : ''}`,
    `right answers  ${a} ${share(pA)} (${errorsA} errors), ${b} ${share(pB)} (${errorsB} errors), ${errorsShared} shared`,
    ...kappaLines(found),
    `corrected      ${b} is right on ${share(found.bMendsA)} of the errors of ${a}, ${a} on ${share(found.aMendsB)} of those of ${b}`,
    `kinds          ${divergenceText(found.byKind)} (${found.kinds.join(', ')})`,
    `answers        ${divergenceText(found.byAnswer)}`,
    `shape bias     ${a} ${biasText(found.shapeBias.a)}; ${b} ${biasText(found.shapeBias.b)}`,
    '',
    verdict(a, b, found),
  ].join('\n');
}

function kappaLines({
  kappa,
  interval95,
  chance95,
  pValue,
  blockLength,
  least,
  greatest,
  balanced,
}: Comparison): string[] {
  return [
    `kappa          ${signed(kappa)}, 95 % ${range(interval95)}; by chance ${range(chance95)} (p ${pValue < 0.001 ? '< 0.001' : pValue.toFixed(3)}, blocks of ${blockLength})`,
    `possible       ${range([least, greatest])} at these error rates; balanced ${balanced === undefined ? '-' : signed(balanced)}`,
  ];
}

/** The decision this command is for. */
function verdict(
  a: string,
  b: string,
  { status, kappa, chance95, errorsA, errorsB, bMendsA }: Comparison,
): string {
  if (status === 'insufficient') {
    return `${Math.min(errorsA, errorsB)} errors are too few to say whether ${b} adds to ${a}.`;
  }
  const mends = `It is right on ${share(bMendsA)} of the errors of ${a}.`;
  if (kappa > chance95[1])
    return `${b} errs with ${a} more often than chance allows: it partly repeats it. ${mends}`;
  if (kappa < chance95[0]) return `${b} errs where ${a} does not: it adds information. ${mends}`;
  return `${b} errs independently of ${a}: it adds information. ${mends}`;
}

function divergenceText(found: Divergence | undefined): string {
  if (!found) return 'fewer than 100 errors on a side: not compared';
  return `JS distance ${found.distance.toFixed(3)}, ${signed(found.corrected)} beyond chance`;
}

function biasText(found: ShapeBias | undefined): string {
  if (!found) return 'no trials';
  const { bias, trials, valid, anomalousControls, normalControls } = found;
  const doubt = valid
    ? ''
    : `, not valid: controls ${share(anomalousControls)} and ${share(normalControls)}`;
  return `${share(bias)} of ${trials} trials${doubt}`;
}

function share(value: number | undefined): string {
  return value === undefined ? '-' : `${(100 * value).toFixed(1)} %`;
}

function signed(value: number): string {
  return value.toFixed(3);
}

function range([low, high]: readonly [number, number]): string {
  return `[${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
