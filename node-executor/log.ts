// What is logged, and who takes it: pino in the process.

export interface Log {
  /** A constant sentence, and what it is about this time. */
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
}
