// Prometheus' text format, version 0.0.4. With a thousand guests a scrape has 50,000 series: hence plain text, and no
// object for each of them.

export type Labels = Readonly<Record<string, string>>;

export const contentType = "text/plain; version=0.0.4; charset=utf-8";

interface About {
  name: string;
  help: string;
  type: "gauge" | "counter";
}

export const headText = ({ name, help, type }: About): string =>
  `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}\n# TYPE ${name} ${type}\n`;

/** What stands between the braces. */
export const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");

const special = /[\\"\n]/g;
const escapes: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };
const escaped = (value: string): string => value.replace(special, (character) => escapes[character] ?? character);

/** `labels` as `labelText` makes them; a finite value is printed so that it reads as the same number. */
export const seriesText = (name: string, labels: string, value: number): string => `${name}{${labels}} ${value}\n`;
