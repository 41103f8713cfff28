// Where CloudEvents about guests are sent, as the command line names it.

/** Throws for what the API would refuse, before anything is started. */
export function sinkOf(text: string): string {
  const url = URL.parse(text);
  if (url?.host && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash) return url.href;
  throw new Error(
    `option --events is ${JSON.stringify(text)}: expected a URL that begins with http:// or https://, without a user`,
  );
}
