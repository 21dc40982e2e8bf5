import { exitCodes } from '../command-line.ts';
import type { Phrase } from '../locales/phrase.ts';
import { plain } from '../locales/translator.ts';

/** Ends the program with a sentence on standard error. */
export class Failure extends Error {
  override name = 'Failure';
  readonly exitCode: number;

  constructor(sentence: Phrase | string, exitCode: number = exitCodes.crash) {
    super(typeof sentence === 'string' ? sentence : plain(sentence));
    this.exitCode = exitCode;
  }
}

/** The command line says something that cannot be done: exit code 2. */
export class UsageFailure extends Failure {
  override name = 'UsageFailure';

  constructor(sentence: Phrase) {
    super(sentence, exitCodes.settings);
  }
}
