// Lines of a file of any size, and what container runtimes made of them put together again.

/** A line that is longer than anything of ours is not kept. */
export const tooLong = Symbol("too long");
export type Line = string | typeof tooLong;

const newline = 0x0a;

export async function* linesOf(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
  };
  const finish = (): Line => {
    const line = length > longest ? tooLong : Buffer.concat(parts).toString("utf8");
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let begin = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, begin)) {
      take(chunk.subarray(begin, end));
      yield finish();
      begin = end + 1;
    }
    take(chunk.subarray(begin));
  }
  if (length > 0) yield finish();
}

/** Container runtimes cut long lines, and say of each part whether another follows: the log format of CRI. */
const criLine = /^\S+ (stdout|stderr) ([PF]) (.*)$/s;

export async function* rejoined(lines: AsyncIterable<Line>, longest: number): AsyncGenerator<Line> {
  const parts = new Map<string, string>();
  for await (const line of lines) {
    const whole = completed(parts, line);
    if (whole !== undefined) yield whole !== tooLong && whole.length > longest ? tooLong : whole;
  }
  yield* parts.values();
}

/** No line of ours has more characters. */
const mostJoined = 2 ** 23;

/** Undefined as long as parts of the line are to come. */
function completed(parts: Map<string, string>, line: Line): Line | undefined {
  const [, stream = "", tag, text = ""] = (line !== tooLong && criLine.exec(line)) || [];
  if (tag === undefined) return line;
  const whole = (parts.get(stream) ?? "") + text;
  parts.delete(stream);
  if (tag === "F" || whole.length > mostJoined) return whole;
  parts.set(stream, whole);
  return undefined;
}
