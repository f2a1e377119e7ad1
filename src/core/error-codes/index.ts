// Every code of an error that a user can meet, with its cause and its remedy: docs/errors.md is made of it. A program
// that runs needs the names only, as types.
import { configCodes } from './config-codes.ts';
import { deviceCodes, pluginCodes, storeCodes, updateCodes } from './daemon-codes.ts';
import { modelCodes, sourceCodes } from './data-codes.ts';
import { searchCodes } from './search-codes.ts';
import { sinkCodes } from './sink-codes.ts';

/** In the order of the page, each group under its title. */
export const errorGroups = {
  'Configuration, command line and requests': configCodes,
  'Searches and profiles': searchCodes,
  'Sources, recordings and data sets': sourceCodes,
  'Sinks and the broker': sinkCodes,
  'State, backups and files': storeCodes,
  'Data and models': modelCodes,
  'The device': deviceCodes,
  'Plug-ins': pluginCodes,
  Updates: updateCodes,
} as const;

type Groups = typeof errorGroups;

export type ErrorCode = { [Title in keyof Groups]: keyof Groups[Title] }[keyof Groups];
