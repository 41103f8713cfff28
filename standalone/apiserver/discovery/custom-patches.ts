// Custom kinds take no strategic merge patch; kubectl looks into OpenAPI for it before it decides how to patch.

const strategicType = "application/strategic-merge-patch+json";

interface PatchOperation {
  /** OpenAPI v2. */
  consumes?: string[];
  /** OpenAPI v3. */
  requestBody?: { content: Record<string, unknown> };
}

/** Leaves the document alone and answers one whose operations below the prefixes say so. */
export function withoutStrategicPatch<Document extends { paths: object }>(document: Document, prefixes: string[]) {
  const paths = Object.entries(document.paths).map(([path, item]: [string, { patch?: PatchOperation }]) =>
    item.patch && prefixes.some((prefix) => path.startsWith(prefix))
      ? [path, { ...item, patch: narrowed(item.patch) }]
      : [path, item],
  );
  return { ...document, paths: Object.fromEntries(paths) as Document["paths"] };
}

function narrowed({ consumes, requestBody, ...operation }: PatchOperation): PatchOperation {
  return {
    ...operation,
    ...(consumes && { consumes: consumes.filter((type) => type !== strategicType) }),
    ...(requestBody && {
      requestBody: {
        ...requestBody,
        content: Object.fromEntries(Object.entries(requestBody.content).filter(([type]) => type !== strategicType)),
      },
    }),
  };
}
