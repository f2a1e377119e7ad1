/** 1.2.3, or 1.2.3-beta.4 which comes before it: the part of semver.org that releases use. */
export const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/** Below 0 when `a` is the older one. */
export function versionOrder(a: string, b: string): number {
  const [coreA = '', preA] = split(a);
  const [coreB = '', preB] = split(b);
  const byCore = partsOrder(coreA, coreB);
  if (byCore !== 0 || preA === preB) return byCore;
  if (preA === undefined) return 1;
  if (preB === undefined) return -1;
  return partsOrder(preA, preB);
}

function split(version: string): [string, string | undefined] {
  const at = version.indexOf('-');
  return at < 0 ? [version, undefined] : [version.slice(0, at), version.slice(at + 1)];
}

/** Numbers by their value and before words; of equal beginnings the shorter first. */
function partsOrder(a: string, b: string): number {
  const [partsA, partsB] = [a.split('.'), b.split('.')];
  for (const [index, partA] of partsA.entries()) {
    const partB = partsB[index];
    if (partB === undefined) return 1;
    const order = partOrder(partA, partB);
    if (order !== 0) return order;
  }
  return partsA.length - partsB.length;
}

function partOrder(a: string, b: string): number {
  const [numberA, numberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numberA && numberB) return Number(a) - Number(b);
  if (numberA !== numberB) return numberA ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
