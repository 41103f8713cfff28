// What a line of the tables of procedures and events means.
import { type Domain, domain } from "./types.ts";
import { type Codec, type Fields, int32, type Of, struct } from "./xdr.ts";

export type StreamDirection = "read" | "write";

export interface Procedure<Args, Reply> {
  readonly name: string;
  readonly program: number;
  readonly number: number;
  readonly args: Codec<Args>;
  readonly reply: Codec<Reply>;
}

/** A procedure that opens a stream; the direction is seen from here. */
export interface StreamProcedure<Args, Reply> extends Procedure<Args, Reply> {
  readonly stream: StreamDirection;
}

type Unnamed<P> = Omit<P, "name" | "program">;
type Line = Unnamed<Procedure<unknown, unknown>>;
type Named<L> = L extends { args: Codec<infer Args>; reply: Codec<infer Reply> }
  ? L extends { stream: StreamDirection }
    ? StreamProcedure<Args, Reply>
    : Procedure<Args, Reply>
  : never;

export const call = <A extends Fields, R extends Fields>(
  number: number,
  args: A,
  reply: R,
): Unnamed<Procedure<Of<A>, Of<R>>> => ({ number, args: struct(args), reply: struct(reply) });

const streamCall =
  (stream: StreamDirection) =>
  <A extends Fields, R extends Fields>(
    number: number,
    args: A,
    reply: R,
  ): Unnamed<StreamProcedure<Of<A>, Of<R>>> => ({
    ...call(number, args, reply),
    stream,
  });
export const readStream = streamCall("read");
export const writeStream = streamCall("write");

/** Names every line after its key, for messages and for the test. */
export function program<L extends Record<string, Line>>(
  number: number,
  lines: L,
): { [Name in keyof L]: Named<L[Name]> } {
  const named = Object.entries(lines).map(([name, line]) => [name, { ...line, name, program: number }]);
  return Object.fromEntries(named) as { [Name in keyof L]: Named<L[Name]> };
}

/** What the daemon sends unasked. */
export interface Message<T> {
  readonly program: number;
  readonly number: number;
  readonly fields: Codec<T>;
}

export const message = <F extends Fields>(program: number, number: number, fields: F): Message<Of<F>> => ({
  program,
  number,
  fields: struct(fields),
});

export interface DomainEvent<T> extends Message<T & { callbackID: number; dom: Domain }> {
  readonly id: number;
}

export const event = <F extends Fields>(number: number, id: number, fields: F): DomainEvent<Of<F>> => ({
  ...(message(0x20008086, number, { callbackID: int32, dom: domain, ...fields }) as unknown as DomainEvent<Of<F>>),
  id,
});
