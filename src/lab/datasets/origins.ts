/** Where a public data set comes from. None of them is part of this project. */
export interface Origin {
  readonly name: string;
  readonly url: string;
  readonly licence: string;
  /** On disk, as far as scripts/fetch-datasets fetches it: some series of each set, not all. */
  readonly sizeMb: number;
}

/** scripts/fetch-datasets downloads from these, at the commits it names. */
export const ORIGINS: readonly Origin[] = [
  {
    name: 'SMD',
    url: 'https://github.com/NetManAIOps/OmniAnomaly',
    licence: 'MIT',
    sizeMb: 40,
  },
  { name: 'ASD', url: 'https://github.com/zhhlee/InterFusion', licence: 'MIT', sizeMb: 7 },
  { name: 'SKAB', url: 'https://github.com/waico/SKAB', licence: 'GPL-3.0', sizeMb: 3 },
  { name: 'NAB', url: 'https://github.com/numenta/NAB', licence: 'MIT', sizeMb: 4 },
  {
    name: 'GON-official',
    url: 'https://github.com/imperial-qore/GON',
    licence: 'BSD-3-Clause; the data MIT (SMD) and Caltech (SMAP, MSL)',
    sizeMb: 7,
  },
  {
    name: 'TSB-AD-samples',
    url: 'https://github.com/TheDatumOrg/TSB-AD',
    licence: 'Apache-2.0; each series its own',
    sizeMb: 2,
  },
];

/** One line on how to get a set, or which ones can be got. */
export function whereToGet(name: string): string {
  const origin = ORIGINS.find((candidate) => candidate.name === name);
  if (!origin) {
    const names = ORIGINS.map((candidate) => candidate.name).join(', ');
    return `Name a folder, or one of ${names}; --data-root or SENTIGON_DATASETS gives their folder`;
  }
  const { url, licence, sizeMb } = origin;
  return `It comes from ${url} (${licence}, about ${sizeMb} MB): run node scripts/fetch-datasets/main.mjs ${name}, then name its folder with --data-root or SENTIGON_DATASETS`;
}
