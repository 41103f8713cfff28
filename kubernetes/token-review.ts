// Whose a bearer token is: the API server says.
import type { Transport } from "./transport.ts";

export interface TokenUser {
  username: string;
  groups?: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

interface TokenReview {
  status?: { authenticated?: boolean; audiences?: string[]; user?: TokenUser };
}

/**
 * Undefined when nobody's token is this, or when it is meant for none of the audiences; those of the API server itself
 * are taken when none are named. Throws when the API server cannot be asked.
 */
export async function reviewToken(
  { transport }: { transport: Transport },
  token: string,
  audiences: string[] = [],
): Promise<TokenUser | undefined> {
  const { status } = await transport.call<TokenReview>({
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/tokenreviews",
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token, ...(audiences.length > 0 && { audiences }) },
    },
  });
  if (!status?.authenticated) return undefined;
  // An authenticator that knows no audiences names none, and then has not checked them.
  if (audiences.length > 0 && !status.audiences?.some((one) => audiences.includes(one))) return undefined;
  return status.user;
}
