// The series that settings are chosen on; what is reported without them was never looked at before it was reported.

type Chosen = (series: string) => boolean;

/** By data set, in the order in which settings are judged. */
export const SELECTION: ReadonlyMap<string, Chosen> = new Map<string, Chosen>([
  ['ASD', (name) => /omi-[123]$/.test(name)],
  ['SMD', (name) => /machine-(1-6|2-8|3-4)$/.test(name)],
  ['JumpStarter', (name) => /service-(0|6|12)$/.test(name)],
  ['host-faults', () => true],
  ['NAB', (name) => name.startsWith('realAWSCloudwatch/')],
]);

export function isHeldOut({ dataset, series }: { dataset: string; series: string }): boolean {
  return !SELECTION.get(dataset)?.(series);
}
