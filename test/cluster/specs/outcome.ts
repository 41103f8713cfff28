// Whether the API server lets a request through or refuses it, as rows of a table want it.
import type { ClusterAccess } from "@knvirt/kubernetes";
import { attempt, type Identity } from "../../support/impersonation.ts";

export interface Row {
  when: string;
  as?: () => Identity;
  /** Undefined when it is to be let through. */
  refused?: () => string;
}

export const expectOutcomeOn =
  (access: ClusterAccess) =>
  async ({ as, refused }: Row, what: Omit<Parameters<typeof attempt>[1], "as">) => {
    const { code, body } = await attempt(access, { ...what, as: as?.() });
    if (!refused) return expect({ code, message: body.message }).toMatchObject({ message: undefined });
    expect({ code, message: body.message }).toEqual({ code: 422, message: expect.stringContaining(refused()) });
  };
