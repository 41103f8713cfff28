// Our programs may do what they do and no more: held against all that they asked for since they were installed.
import { existsSync } from "node:fs";
import { namespaces } from "@knvirt/kubernetes";
import { type AuditedRequest, auditSince } from "../../support/audit.ts";
import { installNamespace } from "../../support/cluster-names.ts";
import { grantsOf, grantText, isUseOf } from "../../support/grants.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { attachCluster } from "../index.ts";
import { intruderAgent } from "./intruder.ts";

const host = sharedHost();
const { auditLog } = attachCluster();
const overlay = process.env.KNVIRT_TEST_OVERLAY ?? "knative";
const functions = overlay.startsWith("knative") ? "knvirt-lifecycle" : "knvirt-controller";
const users = `system:serviceaccount:${installNamespace}:`;

/** Asked of the authorizer by the API server itself, which the audit log does not tell. */
const unseen = /^update .*\/finalizers$/;

let requests: AuditedRequest[];

beforeAll(async () => {
  if (!existsSync(auditLog)) return;
  const installed = await host.client.find(namespaces, { name: installNamespace });
  const since = Date.parse(installed?.metadata.creationTimestamp ?? "");
  const all = await auditSince(auditLog, 0, users);
  requests = all.filter(({ user, userAgent, receivedAt }) => {
    const isOurs = user.startsWith(users) && !userAgent.startsWith(intruderAgent);
    return isOurs && receivedAt >= since;
  });
});

(existsSync(auditLog) ? describe : describe.skip)("since the installation", () => {
  it("nothing that was asked for was forbidden", () => {
    const refused = requests.filter(({ isForbidden }) => isForbidden);
    expect(refused.map(({ user, verb, path }) => `${user} ${verb} ${path}`)).toEqual([]);
  });

  it("every right of the functions was used", async () => {
    const own = requests.filter(({ user }) => user === `${users}${functions}`);
    const grants = await grantsOf(host.client, { namespace: installNamespace, name: functions });
    expect(grants).not.toEqual([]);
    const unused = grants.filter((grant) => !unseen.test(grantText(grant)) && !own.some(isUseOf(grant)));
    expect(unused.map(grantText)).toEqual([]);
  });
});
