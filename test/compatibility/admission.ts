// The table of refusals as tests, for whichever API server answers.
import { randomUUID } from "node:crypto";
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { ApiError, type Client, type KubernetesObject, keyOf, pathOf, type Resource } from "@knvirt/kubernetes";
import { defaults } from "./defaults.ts";
import { specPath, withSpec } from "./manifests.ts";
import type { Wanted } from "./refusals/row.ts";
import { changeRefusals, manifestRefusals, specRefusals } from "./refusals.ts";

export interface Server {
  client: Client;
  namespace: string;
}

const kinds: Record<string, Resource> = {
  VirtualMachine: virtualMachines as Resource,
  VirtualMachineInstance: virtualMachineInstances as Resource,
};

function resourceOf({ kind = "" }: KubernetesObject): Resource {
  const of = kinds[kind];
  if (!of) throw new Error(`manifest is of no kind of ours: found ${kind}`);
  return of;
}

/** Nothing is stored, and fields that the schema has not are refused, as kubectl asks for. */
const query = { dryRun: "All", fieldValidation: "Strict" };

/** What is said of each field. */
async function refusal(call: Promise<unknown>): Promise<{ field: string; message: string }[]> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { causes = [] } = error.details;
    return causes.length > 0
      ? causes.map(({ field = "", message = "" }) => ({ field, message }))
      : [{ field: "", message: error.message }];
  }
  return [];
}

const placed = (manifest: object, namespace: string): KubernetesObject => {
  const object = manifest as KubernetesObject;
  return { ...object, metadata: { ...object.metadata, namespace } };
};

function made(server: Server, manifest: object): Promise<unknown> {
  const object = placed(manifest, server.namespace);
  const path = pathOf(resourceOf(object), { namespace: server.namespace });
  return server.client.transport.call({ method: "POST", path, query, body: object });
}

/** Runs on an object that is there meanwhile. Its name is its own: its finalizer may hold it for a while after that. */
async function existing<Answer>(
  { client, namespace }: Server,
  manifest: object,
  run: (path: string) => Promise<Answer>,
): Promise<Answer> {
  const { metadata, ...rest } = placed(manifest, namespace);
  const object = { ...rest, metadata: { ...metadata, name: `${metadata.name}-${randomUUID().slice(0, 8)}` } };
  const of = resourceOf(object);
  await client.create(of, object);
  try {
    return await run(pathOf(of, keyOf(object)));
  } finally {
    await client.delete(of, keyOf(object));
  }
}

const patched = ({ client }: Server, path: string, body: object): Promise<object> =>
  client.transport.call({ method: "PATCH", path, query, body, contentType: "application/merge-patch+json" });

const expectRefusal = async (call: Promise<unknown>, { field, message }: Pick<Wanted, "field" | "message">) =>
  expect(await refusal(call)).toContainEqual({ field, message: expect.stringContaining(message) });

/** Declares the tests; the server is asked for when they run. */
export function testAdmission(server: () => Server): void {
  for (const kind of ["VirtualMachine", "VirtualMachineInstance"] as const) {
    test(`a ${kind} in order is let through`, async () =>
      expect(await refusal(made(server(), withSpec(kind, {})))).toEqual([]));

    test.each(specRefusals)(`a ${kind} is refused with $when ($id)`, ({ spec, field, message }) =>
      expectRefusal(made(server(), withSpec(kind, spec)), { field: `${specPath[kind]}.${field}`, message }),
    );
  }

  test.each(manifestRefusals)("a manifest is refused with $when ($id)", ({ manifest, ...want }) =>
    expectRefusal(made(server(), manifest), want),
  );

  test.each(changeRefusals)("a change is refused of $when ($id)", ({ before, change, ...want }) =>
    expectRefusal(
      existing(server(), before, (path) => patched(server(), path, change)),
      want,
    ),
  );

  test.each(defaults)("$when ($id)", async ({ manifest, status, want }) => {
    const stored = await existing(server(), manifest, (path) =>
      status
        ? patched(server(), `${path}/status`, { status })
        : server().client.transport.call({ method: "GET", path }),
    );
    const { spec = {}, status: told } = stored as { spec?: object; status?: object };
    expect("spec" in want ? { spec } : { status: told }).toEqual(want);
  });
}
