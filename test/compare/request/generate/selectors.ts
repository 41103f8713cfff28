// Which objects of a collection a request is for.
import fc from "fast-check";
import type { Kind } from "../kinds.ts";

export const selectors = (kind: Kind): Record<string, fc.Arbitrary<string>> => ({
  labelSelector: fc.constantFrom(
    ...["a=1", "a==1", "a=2", "a", "a!=1", "b", "!b", "a in (1,3)"],
    ...["a=1", "a==2", "a!=1", "a", "!a", "a in (1,2)", "a notin (1)", "a=1,b=x", "b", "a>0", "a<2"],
    ...["a=", "=a", "a in ()", "a in (1", "a b", "a=not valid!", ",", "a,,b"],
  ),
  fieldSelector: fc.constantFrom(
    ...["metadata.name=a", "metadata.name!=a", "metadata.namespace=compare", "unheard.of=1", "metadata.name", "=x"],
    ...kind.fields,
  ),
});

/** Cluster-wide kinds have objects of others too: of those only our own are looked at. */
export const ownOnly = (kind: Kind, query: Record<string, string>): Record<string, string> => {
  if (kind.namespaced) return query;
  return { ...query, fieldSelector: "metadata.name=compare-a" };
};
