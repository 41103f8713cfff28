// Images from a registry: skopeo against one that serves an OCI layout on the loopback address, with and without a
// password. https://github.com/opencontainers/distribution-spec/blob/main/spec.md
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { openImageStore } from "./store.ts";

interface Descriptor {
  digest: string;
  mediaType: string;
}

const password = "opensesame";
let workspace: string;
let registry: Server;
let host: string;
let isPrivate = false;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "knvirt-registry-"));
  const [layout, content] = [join(workspace, "layout"), join(workspace, "content")];
  await mkdir(content);
  await writeFile(join(content, "disk.img"), "a disk");
  await runTool("umoci", ["init", "--layout", layout]);
  await runTool("umoci", ["new", "--image", `${layout}:latest`]);
  await runTool("umoci", ["insert", "--image", `${layout}:latest`, content, "/disk"]);
  const index = JSON.parse(await readFile(join(layout, "index.json"), "utf8")) as { manifests: [Descriptor] };
  registry = serve(layout, index.manifests[0]).listen(0, "127.0.0.1");
  await once(registry, "listening");
  host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
});
afterAll(async () => {
  registry.close();
  registry.closeAllConnections();
  await rm(workspace, { recursive: true });
});

/** One image, `guests/tiny:latest`. */
function serve(layout: string, manifest: Descriptor): Server {
  const expected = `Basic ${Buffer.from(`ann:${password}`).toString("base64")}`;
  return createServer(async ({ url = "", headers }, answer) => {
    const isWelcome = !isPrivate || headers.authorization === expected;
    if (!isWelcome) return answer.writeHead(401, { "www-authenticate": 'Basic realm="registry"' }).end();
    if (url === "/v2/") return answer.end("{}");
    const found = contentAt(url, manifest);
    if (!found) return answer.writeHead(404).end(unknown);
    const content = await readFile(join(layout, "blobs", ...found.digest.split(":")));
    return answer.setHeader("content-type", found.mediaType).end(content);
  });
}

const unknown = '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}';

function contentAt(url: string, manifest: Descriptor): Descriptor | undefined {
  const [, kind, reference = ""] = /^\/v2\/guests\/tiny\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
  if (kind === "blobs") return { digest: reference, mediaType: "application/octet-stream" };
  return kind && ["latest", manifest.digest].includes(reference) ? manifest : undefined;
}

const newStore = async () => openImageStore(await mkdtemp(join(workspace, "store-")));

test("an image is pulled and unpacked", async () => {
  const { rootfs } = await (await newStore()).pull(`${host}/guests/tiny:latest`);
  expect(await readFile(join(rootfs, "disk", "disk.img"), "utf8")).toBe("a disk");
});

test("one that is not there is told by its reference", async () => {
  const pull = (await newStore()).pull(`${host}/guests/tiny:missing`);
  await expect(pull).rejects.toMatchObject({
    reason: "NotFound",
    message: expect.stringContaining(`${host}/guests/tiny:missing`),
  });
});

describe("a registry that asks for a password", () => {
  beforeAll(() => {
    isPrivate = true;
  });
  const config = (secret: string) =>
    JSON.stringify({ auths: { [host]: { auth: Buffer.from(`ann:${secret}`).toString("base64") } } });

  test("takes the one of the pull secret", async () => {
    const store = await newStore();
    const { rootfs } = await store.pull(`${host}/guests/tiny:latest`, { credentials: async () => config(password) });
    expect(await readFile(join(rootfs, "disk", "disk.img"), "utf8")).toBe("a disk");
  });

  test("refuses another one, and it is not in the message", async () => {
    const pull = (await newStore()).pull(`${host}/guests/tiny:latest`, {
      credentials: async () => config("wrong-one"),
    });
    const error = await pull.catch((reason: Error) => reason);
    expect(error).toMatchObject({ reason: "Unauthorized" });
    expect(String(error)).not.toContain("wrong-one");
  });
});
