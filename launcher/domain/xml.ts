// XML elements as values, and both ways between them and text.

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text?: string;
}
type AttributeValue = string | number | undefined;

/** An attribute that is undefined is left out. */
export function element(
  name: string,
  attributes: Record<string, AttributeValue> = {},
  ...children: XmlElement[]
): XmlElement {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, `${value}`]],
  );
  return { name, attributes: Object.fromEntries(given), children };
}

export const textElement = (
  name: string,
  text: string | number,
  attributes: Record<string, AttributeValue> = {},
): XmlElement => ({
  ...element(name, attributes),
  text: `${text}`,
});

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
  "\r": "&#13;",
};
const escapeXml = (text: string): string =>
  text.replace(/[&<>"\n\t\r]/g, (character) => entities[character] ?? character);

/** XML 1.0 has no way to write most control characters, nor half of a surrogate pair. */
const unwritable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
export const isWritable = (text: string): boolean => !unwritable.test(text);

export function serialize({ name, attributes, children, text = "" }: XmlElement, indent = ""): string {
  const opening = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeXml(value)}"`)].join(
    " ",
  );
  if (children.length > 0) {
    const inner = children.map((child) => serialize(child, `${indent}  `)).join("\n");
    return `${indent}<${opening}>\n${inner}\n${indent}</${name}>`;
  }
  return text ? `${indent}<${opening}>${escapeXml(text)}</${name}>` : `${indent}<${opening}/>`;
}

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(/&(#?\w+);/g, (whole, reference: string) => {
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(reference) ?? [];
    if (hex || decimal) return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
    return named[reference] ?? whole;
  });

/** Reads what libvirt writes: no document type, no CDATA. Text beside child elements is dropped. */
export function parseXml(xml: string): XmlElement {
  const root = element("");
  const open = [root];
  token.lastIndex = 0;
  for (let end = 0; end < xml.length; end = token.lastIndex) {
    const match = token.exec(xml);
    if (!match) throw new Error(`malformed XML at character ${end}`);
    place(match, open);
  }
  const [document] = root.children;
  if (!document || open.length > 1)
    throw new Error(`malformed XML: ${open.at(-1)?.name || "document"} is not complete`);
  return document;
}

function place([, closing, name, attributes = "", empty, text]: RegExpExecArray, open: XmlElement[]): void {
  const parent = open.at(-1) as XmlElement;
  if (text !== undefined) {
    if (parent.children.length === 0) parent.text = (parent.text ?? "") + unescapeXml(text);
    return;
  }
  if (name === undefined) return;
  if (closing) {
    if (parent.name !== name) throw new Error(`malformed XML: ${name} is closed within ${parent.name || "nothing"}`);
    open.pop();
    return;
  }
  const pairs = [...attributes.matchAll(attribute)].map(([, key, double, single]) => [
    key,
    unescapeXml(double ?? single ?? ""),
  ]);
  const child = element(name, Object.fromEntries(pairs));
  delete parent.text;
  parent.children.push(child);
  if (!empty) open.push(child);
}

/** The element at the end of the path, if there is one. */
export function findElement(from: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), from);
}
